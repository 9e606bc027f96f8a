//! Households' slips: who has one, printing them (A4, eight to a page), revoking them.
//!
//! A sheet is the answer to the post that issues its slips: their codes are known then and never again. The screen and
//! the paper show 陈*, village and key: slips are handed out in company.

use super::household;
use super::tables::{self, Kind};
use crate::domain::calendar::day_of;
use crate::domain::guessing::SLIP_GUESSES;
use crate::domain::regions::RegionCode;
use crate::services::slips::{self, Issued};
use crate::store::households;
use crate::store::slips::{self as stored, Household};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::Names;
use crate::web::security::site;
use crate::web::session::family_name;
use crate::web::ui::qr;
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use anyhow::Context;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use rustc_hash::FxHashSet;
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// Towns with households: code and name.
    pub towns: Vec<(String, String)>,
    /// The town shown, '' for none yet.
    pub town: String,
    pub town_name: String,
    /// Each with its village's name.
    pub households: Vec<(Household, String)>,
}

/// A slip on paper.
#[derive(Debug, Clone)]
pub struct Slip {
    /// Family name only.
    pub label: String,
    pub village: String,
    pub key: String,
    pub address: String,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    let body = html! {
        section.card {
            h1 { (a.slips) }
            p.quiet { (a.slips_note) }
            p { a.button href="/branch/households/new" { (ctx.words.roll.add_link) }
                " " a.button href=(super::double::PATH) { (ctx.words.doubles.title) } }
            (tables::links(&[Kind::Households], ctx))
            h2 { (a.slips_choose) }
            nav.filters { @for (code, name) in &page.towns {
                a.chip href={ "/branch/slips?town=" (code) } aria-current=[(*code == page.town).then_some("page")] { (name) }
            } }
        }
        @if !page.town.is_empty() { (household_table(page, ctx)) }
    };
    shell::page(a.slips, Some(Section::Slips), &body, ctx)
}

fn household_table(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    html! {
        section.card {
            h2 { (fill(a.slips_of, &[&page.town_name])) }
            @if page.households.is_empty() { p.empty { (a.slips_none) } } @else {
                form #print method="post" action="/branch/slips" {
                    input type="hidden" name="town" value=(page.town);
                    p.actions {
                        button.primary type="submit" { (a.slips_print) }
                        button type="submit" name="all" value="yes" { (a.slips_all) }
                    }
                }
                div.scroll tabindex="0" role="region" aria-label=(a.slips) { table {
                    thead { tr {
                        th scope="col" { (a.slips_pick) } th scope="col" { (a.col_household) }
                        th scope="col" { (a.col_slip) } th {} th scope="col" { (a.col_key) }
                        th scope="col" { (a.col_village) } th.number scope="col" { (a.col_devices) }
                    } }
                    tbody { @for (h, village) in &page.households { tr {
                        @let label = family_name(&h.name);
                        td.whole { label.tick { input type="checkbox" form="print" name=(format!("f{}", h.farmer_id)) value="yes"
                            aria-label={ (label) " " (h.farmer_key) }; } }
                        td.whole { a href=(household::address(h.farmer_id)) { (label) } }
                        td { (state(h, ctx)) }
                        td.whole { @if h.issued_at.is_some() {
                            form method="post" action={ "/branch/slips/" (h.farmer_id) "/revoke" } {
                                input type="hidden" name="town" value=(page.town);
                                button.plain type="submit" { (a.revoke) }
                            }
                        } }
                        td.whole { (h.farmer_key) }
                        td { (village) }
                        td.number { (h.devices) }
                    } } }
                } }
            }
        }
    }
}

fn state(h: &Household, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    html! {
        @match h.issued_at {
            None => span.quiet { (a.slip_none) },
            Some(_) if h.wrong_digits >= SLIP_GUESSES => span.warn { (a.slip_blocked) },
            Some(at) => { (fill(a.slip_since, &[&day_of(at).to_string()])) },
        }
        @if !h.has_phone { " " span.warn { (a.slip_no_phone) } }
    }
}

/// The sheet to print.
pub fn sheet(slips: &[Slip], ctx: &Ctx) -> anyhow::Result<Markup> {
    let a = &ctx.words.access;
    let mut drawn = Vec::with_capacity(slips.len());
    for slip in slips {
        drawn.push((slip, qr::code(&slip.address, &fill(a.slip_qr, &[&slip.label]))?));
    }
    let body = html! {
        section.card.on-screen {
            h1 { (a.sheet_title) }
            @if slips.is_empty() { p { (a.sheet_none) } } @else { p { (fill(a.sheet_text, &[&slips.len().to_string()])) } }
            p { a.button href="/branch/slips" { (a.slips) } }
        }
        div.sheet { @for (slip, code) in &drawn {
            div.slip {
                (code)
                div {
                    p.slip-name { (fill(a.slip_of, &[&slip.label, &slip.village])) }
                    p { (a.slip_how) }
                    p.slip-link { (slip.address) }
                    p.slip-foot { (fill(a.slip_key, &[&slip.key])) " · " (a.slip_lost) }
                    @if ctx.demo { p.slip-foot { (ctx.words.frame.demo) } }
                }
            }
        } }
    };
    Ok(shell::page(a.sheet_title, Some(Section::Slips), &body, ctx))
}

/// Which town.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    town: Option<String>,
}

/// `GET /branch/slips?town=…`
pub async fn list(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let town = match &asked.town {
        None => None,
        Some(code) => Some(town_of(&visit, code)?),
    };
    Ok(render(&load(&app, &visit, town).await?, &visit.ctx))
}

fn town_of(visit: &Visit, code: &str) -> Result<RegionCode, WebError> {
    let county = visit.scope()?.county();
    RegionCode::parse(code).filter(|town| town.within(county)).ok_or(WebError::NotFound)
}

async fn load(app: &AppState, visit: &Visit, town: Option<RegionCode>) -> Result<Page, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let names = Names::of_regions(session).await?;
        let all = stored::list_households(session, scope.county()).await?;
        let mut towns: Vec<String> =
            all.iter().filter_map(|h| Some(RegionCode::parse(&h.village_code)?.town()?.to_string())).collect();
        towns.dedup();
        let inside = |code: &str| town.is_some_and(|town| RegionCode::parse(code).is_some_and(|c| c.within(town)));
        let households = all.into_iter().filter(|h| inside(&h.village_code));
        let town = town.map(|town| town.to_string()).unwrap_or_default();
        Ok::<_, anyhow::Error>(Page {
            towns: towns.into_iter().map(|code| (code.clone(), names.of(&code))).collect(),
            town_name: names.of(&town),
            town,
            households: households.map(|h| (h.clone(), names.of(&h.village_code))).collect(),
        })
    };
    Ok(load.await?)
}

/// Which households: `town`, and `all` or one field a household, `f12`.
type Picked = Vec<(String, String)>;

fn value<'a>(picked: &'a Picked, name: &str) -> Option<&'a str> {
    picked.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// `POST /branch/slips`: issues slips and answers with the sheet.
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Form(picked): Form<Picked>,
) -> Result<Response, WebError> {
    let town = town_of(&visit, value(&picked, "town").unwrap_or_default())?;
    let page = load(&app, &visit, Some(town)).await?;
    let chosen: FxHashSet<i64> = picked.iter().filter_map(|(key, _)| key.strip_prefix('f')?.parse().ok()).collect();
    let all = value(&picked, "all").is_some();
    // a slip without a phone would let nobody in
    let wanted: Vec<&(Household, String)> =
        page.households.iter().filter(|(h, _)| h.has_phone && (all || chosen.contains(&h.farmer_id))).collect();
    let ids: Vec<i64> = wanted.iter().map(|(h, _)| h.farmer_id).collect();
    let issued = if ids.is_empty() {
        Vec::new()
    } else {
        let actor = visit.actor()?;
        slips::issue(&app.store, visit.scope()?.county(), &actor, &app.clock, &ids).await.context("issuing slips")?
    };
    let site = site(&app, &headers);
    let printed: Vec<Slip> =
        wanted.iter().zip(&issued).map(|(household, issued)| on_paper(household, issued, &site)).collect();
    Ok(sheet(&printed, &visit.ctx)?.into_response())
}

fn on_paper((household, village): &(Household, String), issued: &Issued, site: &str) -> Slip {
    Slip {
        label: family_name(&household.name),
        village: village.clone(),
        key: household.farmer_key.clone(),
        address: format!("{site}/s/{}", issued.code),
    }
}

/// `POST /branch/slips/{id}/revoke`: the household's.
pub async fn revoke(
    State(app): State<AppState>,
    visit: Visit,
    Path(farmer_id): Path<i64>,
    Form(picked): Form<Picked>,
) -> Result<Redirect, WebError> {
    let actor = visit.actor()?;
    let county = visit.scope()?.county();
    let mut session = app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    households::find(&mut session, farmer_id).await.map_err(anyhow::Error::from)?.ok_or(WebError::NotFound)?;
    drop(session);
    slips::revoke(&app.store, county, &actor, &app.clock, farmer_id).await.context("revoking a slip")?;
    let town = value(&picked, "town").and_then(RegionCode::parse);
    Ok(Redirect::to(&town.map_or_else(|| "/branch/slips".into(), |town| format!("/branch/slips?town={town}"))))
}
