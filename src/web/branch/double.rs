//! Whether two records are one household: the card on a household's page, the two side by side, putting a merge forward.
//!
//! Names are 陈* here as everywhere; a phone is never shown, only whether it is the same.

use super::household::{self, address};
use crate::domain::calendar::Day;
use crate::domain::doubles::{Double, Households};
use crate::services::doubles::{self as service, Pair, Side};
use crate::store::people::{self, Farmer};
use crate::store::{Session, StoreError, doubles, farmers};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::names::Names;
use crate::web::session::family_name;
use crate::web::ui::form::{self, Field};
use crate::web::ui::number::yuan;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

/// Where what was put forward about doubles is decided.
pub const PATH: &str = "/branch/doubles";
/// Records found by a name.
const MOST_FOUND: usize = 20;

/// What the card of a household's page shows: merges that stand, with the other record.
#[derive(Debug, Clone, Default)]
pub struct Card {
    pub merged: Vec<(Double, Farmer)>,
    /// Something that waits for a second person.
    pub waiting: Option<i64>,
}

/// What stands of a record.
pub async fn load_card(session: &mut Session, farmer_id: i64) -> Result<Card, StoreError> {
    let mut card = Card::default();
    for double in doubles::list(session).await?.into_iter().filter(Double::stands) {
        let other = match farmer_id {
            id if id == double.double_id => double.into_id,
            id if id == double.into_id => double.double_id,
            _ => continue,
        };
        if let Some(other) = farmers::find(session, other).await? {
            card.merged.push((double, other));
        }
    }
    let waiting = doubles::list_waiting(session).await?;
    let concerns = |e: &&doubles::Entry| e.double_id == farmer_id || e.into_id == farmer_id;
    card.waiting = waiting.iter().find(concerns).map(|e| e.entry_id);
    Ok(card)
}

/// The card.
pub fn card(card: &Card, farmer_id: i64, ctx: &Ctx) -> Markup {
    let d = &ctx.words.doubles;
    let path = address(farmer_id);
    let is_double = card.merged.iter().any(|(double, _)| double.double_id == farmer_id);
    html! {
        section.card {
            h2 { (d.title) }
            @for (double, other) in &card.merged {
                @let template = if is_double { d.card_double } else { d.card_kept };
                p { (fill(template, &[&double.merged_on.to_string(), &label(other)])) " "
                    a href=(address(other.farmer_id)) { (d.open) } }
                p.quiet { (fill(d.card_counts, &[&double.counts_from.to_string()])) }
            }
            @if let Some(entry_id) = card.waiting {
                p.warn { (d.card_waiting) " " a href={ (PATH) "/" (entry_id) } { (d.open) } }
            } @else if is_double {
                details {
                    summary { (d.part_title) }
                    p.quiet { (d.part_note) }
                    form.stacked method="post" action={ (path) "/part" } {
                        (form::field(&Field::text("reason", ctx.words.payouts.reason).note(d.reason_note)))
                        button type="submit" { (d.part_button) }
                    }
                }
            } @else {
                p { (d.card_none) }
                p { a.button href={ (path) "/double" } { (d.card_button) } }
            }
        }
    }
}

/// A record as lists name it: 陈* and its number.
pub fn label(farmer: &Farmer) -> String {
    format!("{} {}", family_name(&farmer.name), farmer.farmer_key)
}

/// What the comparison shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub farmer: Farmer,
    /// What was searched for.
    pub text: String,
    /// Records it found, each with its village.
    pub found: Vec<(Farmer, String)>,
    /// The two, once the other is chosen, with the names of their villages.
    pub pair: Option<(Pair, [String; 2])>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let d = &ctx.words.doubles;
    let path = format!("{}/double", address(page.farmer.farmer_id));
    let body = html! {
        section.card {
            h1 { (d.compare_title) }
            p { a href=(address(page.farmer.farmer_id)) { (label(&page.farmer)) } }
            p.quiet { (d.note) }
            form.filters method="get" action=(path) {
                (form::field(&Field::text("q", d.compare_find).value(&page.text)))
                button type="submit" { (d.compare_find_button) }
            }
            @if page.pair.is_none() && !page.text.is_empty() {
                @if page.found.is_empty() { p.empty { (d.compare_none) } } @else {
                    h2 { (d.compare_choose) }
                    ul.todo { @for (farmer, village) in &page.found { li {
                        div { strong { (label(farmer)) } p.quiet { (village) } }
                        a.button href={ (path) "?kept=" (form::in_address(&farmer.farmer_key)) } { (d.card_button) }
                    } } }
                }
            }
        }
        @if let Some((pair, villages)) = &page.pair {
            (side_by_side(pair, villages, ctx))
            section.card {
                h2 { (d.propose_button) }
                form.stacked method="post" action=(path) {
                    input type="hidden" name="kept" value=(pair.kept.farmer.farmer_key);
                    (form::field(&Field::text("reason", d.reason).note(d.reason_note)))
                    button.primary type="submit" { (d.propose_button) }
                }
                p { a href={ (address(pair.kept.farmer.farmer_id)) "/double?kept="
                    (form::in_address(&pair.double.farmer.farmer_key)) } { (d.compare_swap) } }
            }
        }
    };
    shell::page(d.compare_title, Some(Section::Households), &body, ctx)
}

/// Two records side by side, and what would follow.
pub fn side_by_side(pair: &Pair, villages: &[String; 2], ctx: &Ctx) -> Markup {
    let d = &ctx.words.doubles;
    let columns = [("", Align::Whole), (d.side_double, Align::Whole), (d.side_kept, Align::Whole)];
    let mut table = Table::new(d.compare_title, "", &columns);
    let sides = [&pair.double, &pair.kept];
    let mut row = |name: &str, of: &dyn Fn(&Side) -> String| {
        table.rows.push(vec![name.to_owned().into(), of(sides[0]).into(), of(sides[1]).into()]);
    };
    row(d.row_name, &|s| family_name(&s.farmer.name));
    row(d.row_key, &|s| s.farmer.farmer_key.clone());
    row(d.row_village, &|s| villages[usize::from(s.farmer.farmer_id == pair.kept.farmer.farmer_id)].clone());
    row(d.row_categories, &|s| categories(s, ctx));
    row(d.row_consents, &|s| listed(s.agreed.iter().map(|kind| ctx.words.access.consent(kind).to_owned()), ctx));
    row(d.row_lots, &|s| fill(d.lots_count, &[&s.lots.len().to_string()]));
    row(d.row_months, &|s| months(s, ctx));
    row(d.row_paid, &|s| yuan(paid_fen(s)));
    row(d.row_due, &|s| yuan(s.due_fen));
    let phone = match pair.same_phone {
        Some(true) => d.phone_same,
        Some(false) => d.phone_other,
        None => d.phone_unknown,
    };
    html! {
        section.card {
            (table.render(ctx))
            p { strong { (phone) } }
            @if pair.double.farmer.village_code != pair.kept.farmer.village_code { p.warn { (d.villages_differ) } }
            @if pair.double.agreed != pair.kept.agreed { p.warn { (d.consents_end) } }
            p { (fill(d.together, &[&yuan(pair.double.due_fen + pair.kept.due_fen)])) }
        }
    }
}

/// What reached a record, less what left it again.
fn paid_fen(side: &Side) -> i64 {
    side.payouts.iter().filter(|own| own.moved_on().is_some()).map(|own| own.amount_fen).sum()
}

fn categories(side: &Side, ctx: &Ctx) -> String {
    let one = |c: &people::CategoryRow| {
        fill(ctx.words.doubles.category_since, &[ctx.words.roll.category_of(&c.category), &c.valid_from.to_string()])
    };
    listed(side.categories.iter().map(one), ctx)
}

fn months(side: &Side, ctx: &Ctx) -> String {
    let d = &ctx.words.doubles;
    match (side.months.last(), side.months.first()) {
        (Some(first), Some(last)) => fill(d.months_span, &[&side.months.len().to_string(), first, last]),
        _ => d.nothing.to_owned(),
    }
}

fn listed(parts: impl Iterator<Item = String>, ctx: &Ctx) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { ctx.words.doubles.nothing.to_owned() } else { parts.join(" · ") }
}

/// Two records with their villages' names.
pub async fn load_pair(
    session: &mut Session,
    ids: (i64, i64),
    names: &Names,
    today: Day,
) -> anyhow::Result<Option<(Pair, [String; 2])>> {
    let pair = service::compare(session, ids, today).await?;
    Ok(pair.map(|pair| {
        let villages = [&pair.double, &pair.kept].map(|side| names.of(&side.farmer.village_code));
        (pair, villages)
    }))
}

/// What is searched for, or the record that was chosen.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    kept: String,
}

/// `GET /branch/households/{id}/double`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let farmer = household::known(&app, &visit, id).await?;
    let load = async {
        let session = &mut app.store.read(visit.scope()?).await?;
        let names = Names::of_regions(session).await?;
        let households = Households::now(&doubles::list(session).await?);
        let mut others = people::list_farmers(session).await?;
        others.retain(|other| other.farmer_id != id && !households.is_double(other.farmer_id));
        let chosen = others.iter().find(|other| other.farmer_key == asked.kept.trim()).map(|other| other.farmer_id);
        let pair = match chosen {
            Some(kept) => load_pair(session, (id, kept), &names, app.clock.today()).await?,
            None => None,
        };
        let text = asked.q.trim().to_owned();
        let fits = |other: &Farmer| !text.is_empty() && (other.farmer_key == text || other.name.contains(&text));
        let mut found: Vec<(Farmer, String)> =
            others.into_iter().filter(fits).map(|other| (other.clone(), names.of(&other.village_code))).collect();
        // the same village first, which is where a double is likely
        found.sort_by(|(a, _), (b, _)| {
            let elsewhere = |f: &Farmer| f.village_code != farmer.village_code;
            (elsewhere(a), &a.farmer_key).cmp(&(elsewhere(b), &b.farmer_key))
        });
        found.truncate(MOST_FOUND);
        Ok::<_, anyhow::Error>(Page { farmer, text, found, pair })
    };
    Ok(render(&load.await?, &visit.ctx))
}

/// The other record, and why.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    kept: String,
    reason: String,
}

/// `POST /branch/households/{id}/double`
pub async fn propose(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    household::known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = Box::pin(service::propose(&desk, id, &typed.kept, &typed.reason)).await;
    let back = format!("{}/double?kept={}", address(id), form::in_address(typed.kept.trim()));
    went_on(done.map(|entry_id| format!("{PATH}/{entry_id}")), &back, &visit.ctx)
}

/// `POST /branch/households/{id}/part`
pub async fn propose_parting(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    household::known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = Box::pin(service::propose_parting(&desk, id, &typed.reason)).await;
    went_on(done.map(|entry_id| format!("{PATH}/{entry_id}")), &address(id), &visit.ctx)
}
