//! A person's details: added and edited by form.

use crate::services::anchors::{self as service, Typed};
use crate::store::people::{self, Account};
use crate::store::training::{self, Profile};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::ui::fields::Fields;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::trail::{Step, trail};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// `None`: a new person.
    pub anchor_id: Option<i64>,
    pub name: String,
    pub profile: Profile,
    pub accounts: Vec<Account>,
    /// Who may be the mentor: number and name.
    pub others: Vec<(i64, String)>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (b, t) = (&ctx.words.branch, &ctx.words.training);
    let title = if page.anchor_id.is_some() { t.edit } else { t.add_person };
    let action = page.anchor_id.map_or_else(|| "/branch/anchors".to_owned(), |id| format!("/branch/anchors/{id}"));
    let day = |day: Option<crate::domain::calendar::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let (born, guardian, identity) =
        (day(page.profile.born_on), day(page.profile.guardian_consent_on), day(page.profile.identity_checked_on));
    let accounts: Vec<String> = page.accounts.iter().map(|a| format!("{} {}", a.platform, a.author_no)).collect();
    let steps = [Step { label: b.nav_training.into(), href: "/branch/training".into() }];
    let body = html! {
        (trail(&steps, if page.name.is_empty() { title } else { &page.name }, ctx))
        section.card {
            h1 { (title) }
            form.stacked method="post" action=(action) {
                (form::field(&Field::text("name", t.name).value(&page.name)))
                (form::field(&Field::day("born_on", t.born).value(&born).note(t.born_note).optional()))
                (form::field(&Field::day("guardian_consent_on", t.guardian).value(&guardian).optional()))
                (form::field(&Field::day("identity_checked_on", t.identity).value(&identity).optional()))
                (form::field(&Field::text("skills", t.skills).value(&page.profile.skills).optional()))
                label.field { span { (t.mentor) } select name="mentor" {
                    option value="0" { (t.mentor_none) }
                    @for (id, name) in &page.others {
                        option value=(id) selected[*id == page.profile.mentor_id] { (name) }
                    }
                } }
                label.field { span { (t.accounts) }
                    textarea name="accounts" rows="3" { (accounts.join("\n")) }
                    span.quiet { (t.accounts_note) }
                }
                p.quiet { (t.account_link) }
                button.primary type="submit" { (t.save) }
            }
        }
    };
    shell::page(title, Some(Section::Training), &body, ctx)
}

async fn load(app: &AppState, visit: &Visit, anchor_id: Option<i64>) -> Result<Option<Page>, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let mut anchors = people::list_anchors(session).await?;
        anchors.sort_by_key(|a| a.anchor_id);
        let name = match anchor_id {
            None => String::new(),
            Some(id) => match anchors.iter().find(|a| a.anchor_id == id) {
                Some(anchor) => anchor.name.clone(),
                None => return Ok(None),
            },
        };
        let id = anchor_id.unwrap_or(0);
        let profiles = training::list_profiles(session).await?;
        let accounts = people::list_anchor_accounts(session).await?;
        let others = anchors.into_iter().filter(|a| a.anchor_id != id).map(|a| (a.anchor_id, a.name)).collect();
        Ok::<_, anyhow::Error>(Some(Page {
            anchor_id,
            name,
            profile: profiles.into_iter().find(|p| p.anchor_id == id).unwrap_or_default(),
            accounts: accounts.into_iter().filter(|a| a.owner_id == id).collect(),
            others,
        }))
    };
    Ok(load.await?)
}

/// `GET /branch/anchors/new`
pub async fn new(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    load(&app, &visit, None).await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

/// `GET /branch/anchors/{id}/edit`
pub async fn edit(State(app): State<AppState>, visit: Visit, Path(anchor_id): Path<i64>) -> Result<Markup, WebError> {
    load(&app, &visit, Some(anchor_id)).await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

fn typed(fields: &Fields) -> anyhow::Result<Typed> {
    Ok(Typed {
        name: fields.text("name").to_owned(),
        accounts: fields.text("accounts").to_owned(),
        profile: Profile {
            anchor_id: 0,
            born_on: fields.optional_day("born_on")?,
            guardian_consent_on: fields.optional_day("guardian_consent_on")?,
            identity_checked_on: fields.optional_day("identity_checked_on")?,
            skills: fields.text("skills").to_owned(),
            mentor_id: fields.id("mentor"),
        },
    })
}

async fn save(app: &AppState, visit: &Visit, anchor_id: Option<i64>, fields: &Fields) -> Result<Response, WebError> {
    let back = anchor_id.map_or_else(|| "/branch/anchors/new".to_owned(), |id| format!("/branch/anchors/{id}/edit"));
    let actor = visit.actor()?;
    let desk = app.desk(visit, &actor)?;
    let saved = match typed(fields) {
        Ok(typed) => Box::pin(service::save(&desk, anchor_id, &typed)).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(Some(id)) => Ok(Redirect::to(&format!("/branch/anchors/{id}")).into_response()),
        Ok(None) => Err(WebError::NotFound),
        Err(error) => refused(error, &back, &visit.ctx),
    }
}

/// `POST /branch/anchors`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    save(&app, &visit, None, &fields).await
}

/// `POST /branch/anchors/{id}`
pub async fn update(
    State(app): State<AppState>,
    visit: Visit,
    Path(anchor_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    if load(&app, &visit, Some(anchor_id)).await?.is_none() {
        return Err(WebError::NotFound);
    }
    save(&app, &visit, Some(anchor_id), &fields).await
}
