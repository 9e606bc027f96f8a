//! What a household may ask of the branch: what it is paid ([`super::household_money`]), what it agreed to, all that is
//! kept on it, to be named no longer; and what the branch may correct ([`super::household_change`]).
//!
//! The screen shows 陈* and the village, as everywhere in the branch. The file holds the name: handing it over is told in
//! the audit trail, and only an administrator does it.

use super::double::{self, Card};
use super::household_change::{self, Standing};
use super::household_money::{self, Money};
use crate::domain::access::Role;
use crate::domain::audit::Noun;
use crate::domain::calendar::{Day, day_of};
use crate::domain::county::CONSENT_KINDS;
use crate::domain::problem::Problem;
use crate::services::consents::{self, Word};
use crate::services::farmers as asked_for;
use crate::store::consents::{self as stored, Consent};
use crate::store::people::Farmer;
use crate::store::{Session, farmers};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::names::Names;
use crate::web::session::family_name;
use crate::web::ui::form::{self, Field, Why};
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub farmer: Farmer,
    pub village: String,
    pub consents: Vec<Consent>,
    pub anonymous_since: Option<Day>,
    pub money: Money,
    pub standing: Standing,
    pub doubles: Card,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    let label = family_name(&page.farmer.name);
    let path = address(page.farmer.farmer_id);
    let body = html! {
        section.card {
            h1 { (label) }
            (super::audit::history(&[Noun::Farmer, Noun::Consent, Noun::BankAccount, Noun::Double], &page.farmer.farmer_id.to_string(), ctx))
            p.quiet { (page.village) " · " (fill(a.slip_key, &[&page.farmer.farmer_key])) }
            @if let Some(day) = page.anonymous_since { p { (fill(a.anonymous_since, &[&day.to_string()])) } }
            p { a href="/branch/slips" { (a.slips) } }
        }
        (household_money::paid_card(&page.money, ctx))
        @if page.anonymous_since.is_none() { (double::card(&page.doubles, page.farmer.farmer_id, ctx)) }
        (household_money::account_card(&page.money, &path, ctx))
        @if page.anonymous_since.is_none() { (household_change::cards(&page.standing, &path, ctx)) }
        section.card {
            h2 { (a.consents) }
            p.quiet { (a.consents_note) }
            (consents_given(page, ctx))
            form.stacked method="post" action={ (path) "/consents" } {
                @let kinds = CONSENT_KINDS.map(|kind| (kind, a.consent(kind)));
                (form::select("kind", a.consent_kind, &kinds))
                (form::field(&Field::day("given_on", a.consent_given)))
                button type="submit" { (a.consent_button) }
            }
        }
        @if ctx.role == Some(Role::BranchAdmin) {
            section.card {
                h2 { (a.export_title) }
                p { (a.export_text) }
                form method="post" action={ (path) "/export" } { button type="submit" { (a.export_button) } }
            }
            @if page.anonymous_since.is_none() { section.card {
                h2 { (a.anonymise_title) }
                p { (a.anonymise_text) }
                form.stacked method="post" action={ (path) "/anonymise" } {
                    (form::field(&Field::text("reason", a.anonymise_reason).note(a.anonymise_reason_note)))
                    button type="submit" { (a.anonymise_button) }
                }
            } }
        }
    };
    shell::page(&label, Some(Section::Households), &body, ctx)
}

/// Each with its days; one in force can be withdrawn.
fn consents_given(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    html! {
        @if page.consents.is_empty() { p.empty { (a.consents_none) } }
        ul.todo { @for consent in &page.consents { li {
            @let (given_on, by) = (consent.given_on.to_string(), consent.recorded_by.as_str());
            div {
                strong { (a.consent(&consent.kind)) }
                // who recorded a withdrawal stands where the one who recorded the consent stood
                p.quiet { @match consent.withdrawn_on {
                    Some(day) => (fill(a.consent_ended, &[&given_on, &day.to_string(), by])),
                    None => (fill(a.consent_since, &[&given_on, by])),
                } }
            }
            @if consent.withdrawn_on.is_none() {
                form.filters method="post" action={ (address(page.farmer.farmer_id)) "/consents" } {
                    input type="hidden" name="kind" value=(consent.kind);
                    input type="hidden" name="given_on" value=(consent.given_on);
                    (form::field(&Field::day("withdrawn_on", a.consent_withdrawn)))
                    button type="submit" { (a.consent_withdraw_button) }
                }
            }
        } } }
    }
}

/// Where a household's page is.
pub fn address(farmer_id: i64) -> String {
    format!("/branch/households/{farmer_id}")
}

async fn find(session: &mut Session, id: i64) -> Result<Farmer, WebError> {
    farmers::find(session, id).await.map_err(anyhow::Error::from)?.ok_or(WebError::NotFound)
}

/// `GET /branch/households/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let farmer = find(session, id).await?;
    let load = async {
        let names = Names::of_regions(session).await?;
        Ok::<_, anyhow::Error>(Page {
            village: names.of(&farmer.village_code),
            consents: stored::list_of(session, &[id]).await?,
            anonymous_since: farmers::find_anonymised(session, id).await?.map(day_of),
            money: household_money::load(session, app.keyring.as_ref(), id, app.clock.today()).await?,
            standing: household_change::load(session, id).await?,
            doubles: double::load_card(session, id).await?,
            farmer,
        })
    };
    Ok(render(&load.await?, &visit.ctx))
}

/// A consent as it is typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    kind: String,
    given_on: String,
    withdrawn_on: String,
}

impl Typed {
    fn word<'a>(&'a self, farmer_key: &'a str) -> Result<Word<'a>, Problem> {
        let withdrawn_on = Some(self.withdrawn_on.trim()).filter(|text| !text.is_empty());
        let withdrawn_on = withdrawn_on.map(form::typed_day).transpose()?;
        Ok(Word { farmer_key, kind: &self.kind, given_on: form::typed_day(&self.given_on)?, withdrawn_on })
    }
}

/// `POST /branch/households/{id}/consents`
pub async fn record_consent(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let (farmer, actor) = (known(&app, &visit, id).await?, visit.actor()?);
    let record = async {
        let word = typed.word(&farmer.farmer_key)?;
        consents::record(&app.store, visit.scope()?.county(), &actor, &app.clock, word).await
    };
    match record.await {
        Ok(()) => Ok(Redirect::to(&address(id)).into_response()),
        Err(error) => refused(error, &address(id), &visit.ctx),
    }
}

/// `POST /branch/households/{id}/export`: all that is kept on it, as a file.
pub async fn export(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let (farmer, actor) = (known(&app, &visit, id).await?, visit.actor()?);
    let county = visit.scope()?.county();
    let document = asked_for::export(&app.store, county, &actor, &app.clock, &farmer.farmer_key).await?;
    let text = serde_json::to_string_pretty(&document).map_err(anyhow::Error::from)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        // nothing a person typed is in the name
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"household-{id}-{}.json\"", app.clock.today())),
    ];
    Ok((headers, text).into_response())
}

/// `POST /branch/households/{id}/anonymise`
pub async fn anonymise(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(why): Form<Why>,
) -> Result<Response, WebError> {
    let (farmer, actor) = (known(&app, &visit, id).await?, visit.actor()?);
    let county = visit.scope()?.county();
    match asked_for::anonymise(&app.store, county, &actor, &app.clock, &farmer.farmer_key, &why.reason).await {
        Ok(_) => Ok(Redirect::to(&address(id)).into_response()),
        Err(error) => refused(error, &address(id), &visit.ctx),
    }
}

/// The household, after making sure that there is one.
pub(super) async fn known(app: &AppState, visit: &Visit, id: i64) -> Result<Farmer, WebError> {
    find(&mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?, id).await
}
