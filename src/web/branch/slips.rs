//! Households and their slips: who has one, printing them (A4, eight to a page), revoking them.
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
use crate::web::ui::chosen::{Choice, Chosen};
use crate::web::ui::qr;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Paging, pager};
use crate::web::wording::fill;
use anyhow::Context;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use rustc_hash::FxHashSet;
use serde::Deserialize;

const PATH: &str = "/branch/slips";
/// Households of a page.
const SIZE: i64 = 50;
/// How a slip stands, as an address chooses it.
const NO_SLIP: &str = "none";
const BLOCKED: &str = "blocked";
const NO_PHONE: &str = "no-phone";
const HAS: &str = "has";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub chosen: Chosen,
    pub paging: Paging,
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
        }
        (household_table(page, ctx))
    };
    shell::page(a.slips, Some(Section::Households), &body, ctx)
}

fn household_table(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    html! {
        section.card {
            h2 { (ctx.words.search.households) }
            (page.chosen.render(ctx))
            @if page.households.is_empty() {
                p.empty { @if page.chosen.is_whole() { (a.slips_none) } @else { (ctx.words.lists.none_do) } }
            } @else {
                form #print method="post" action=(PATH) {
                    (page.chosen.hidden(page.paging.page))
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
                                (page.chosen.hidden(page.paging.page))
                                button.plain type="submit" { (a.revoke) }
                            }
                        } }
                        td.whole { (h.farmer_key) }
                        td { (village) }
                        td.number { (h.devices) }
                    } } }
                } }
                (pager(page.paging, ctx, |number| page.chosen.address(number)))
            }
            (tables::links_to(&[Kind::Households], &page.chosen.query(), ctx))
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
    Ok(shell::page(a.sheet_title, Some(Section::Households), &body, ctx))
}

/// Which households, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    town: String,
    slip: String,
    sort: String,
    page: i64,
}

impl Asked {
    /// The same from a form's fields.
    fn of_form(picked: &Picked) -> Self {
        let of = |name: &str| value(picked, name).unwrap_or_default().to_owned();
        Self { town: of("town"), slip: of("slip"), sort: of("sort"), page: of("page").parse().unwrap_or(1) }
    }

    /// The choices; `towns` are those with households, code and name.
    pub fn chosen(&self, towns: &[(String, String)], ctx: &Ctx) -> Chosen {
        let (a, k) = (&ctx.words.access, &ctx.words.lists);
        let slips = [(NO_SLIP, a.slip_none), (BLOCKED, a.slip_blocked), (NO_PHONE, a.slip_no_phone), (HAS, k.has_slip)];
        let orders = [("name", k.by_name), ("newest", k.newest_slip)];
        let owned = |(key, words): (&str, &str)| (key.to_owned(), words.to_owned());
        let choices = vec![
            Choice::new("town", k.town, towns.to_vec(), &self.town),
            Choice::new("slip", a.col_slip, slips.map(owned).into(), &self.slip),
            Choice::new("sort", k.order, orders.map(owned).into(), &self.sort),
        ];
        Chosen { path: PATH, choices }
    }
}

/// Towns with households, code and name, in the order of the list.
pub fn towns_of(all: &[Household], names: &Names) -> Vec<(String, String)> {
    let mut towns: Vec<String> =
        all.iter().filter_map(|h| Some(RegionCode::parse(&h.village_code)?.town()?.to_string())).collect();
    towns.dedup();
    towns.into_iter().map(|code| (code.clone(), names.of(&code))).collect()
}

/// The households that are chosen, in the order that is; by village and key where none is.
pub fn choose(mut all: Vec<Household>, chosen: &Chosen) -> anyhow::Result<Vec<Household>> {
    let [town, slip, sort] = chosen.choices.as_slice() else { anyhow::bail!("three choices") };
    let town = RegionCode::parse(town.value());
    all.retain(|h| {
        let is_inside =
            town.is_none_or(|town| RegionCode::parse(&h.village_code).is_some_and(|code| code.within(town)));
        is_inside
            && match slip.value() {
                NO_SLIP => h.issued_at.is_none(),
                BLOCKED => h.issued_at.is_some() && h.wrong_digits >= SLIP_GUESSES,
                NO_PHONE => !h.has_phone,
                HAS => h.issued_at.is_some(),
                _ => true,
            }
    });
    match sort.value() {
        "name" => all.sort_by(|a, b| a.name.cmp(&b.name)),
        "newest" => all.sort_by_key(|h| std::cmp::Reverse(h.issued_at)),
        _ => {}
    }
    Ok(all)
}

/// `GET /branch/slips?town=…`
pub async fn list(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    Ok(render(&load(&app, &visit, &asked).await?, &visit.ctx))
}

async fn load(app: &AppState, visit: &Visit, asked: &Asked) -> Result<Page, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let names = Names::of_regions(session).await?;
        let all = stored::list_households(session, scope.county()).await?;
        let chosen = asked.chosen(&towns_of(&all, &names), &visit.ctx);
        let (households, paging) = Paging::cut(choose(all, &chosen)?, Paging::asked(asked.page), SIZE);
        let named = |h: Household| {
            let village = names.of(&h.village_code);
            (h, village)
        };
        Ok::<_, anyhow::Error>(Page { chosen, paging, households: households.into_iter().map(named).collect() })
    };
    Ok(load.await?)
}

/// Which households: what the list's address chose, and `all` of that page or one field a household, `f12`.
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
    let page = load(&app, &visit, &Asked::of_form(&picked)).await?;
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
    let page = load(&app, &visit, &Asked::of_form(&picked)).await?;
    Ok(Redirect::to(&page.chosen.address(page.paging.page)))
}
