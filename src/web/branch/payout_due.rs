//! What an operator owes its households up to a day: putting it forward, writing off what was paid too much, sharing a
//! surplus.

use super::payouts::{PATH, address, last_month_end};
use super::{household, payouts};
use crate::domain::calendar::{Day, parse_day};
use crate::domain::money::parse_fen;
use crate::domain::problem::{Paying, Problem};
use crate::services::payouts as paying;
use crate::store::goods::{self, Operator};
use crate::store::keys::list_by_keys;
use crate::store::payouts::due::{self, Due, Of};
use crate::store::people::{self, Farmer};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::names::Names;
use crate::web::session::family_name;
use crate::web::ui::form::{self, Field};
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Paging, Table, pager};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// Households of a page.
const PAGE: i64 = 100;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub operator: Operator,
    pub up_to: Day,
    /// Everything that can be put forward.
    pub payable: payouts::Sum,
    pub rows: Vec<Row>,
    pub paging: Paging,
    /// Households that were paid too much: number, label.
    pub below: Vec<(i64, String)>,
    /// The day is not over yet, so that nothing can be put forward up to it.
    pub is_open: bool,
    pub may_change: bool,
}

/// A household's account.
#[derive(Debug, Clone)]
pub struct Row {
    pub farmer_id: i64,
    pub label: String,
    pub key: String,
    pub village: String,
    pub carried_fen: i64,
    pub due_fen: i64,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    let path = format!("{PATH}/due/{}", page.operator.operator_id);
    let up_to = page.up_to.to_string();
    let (count, sum) = (grouped(page.payable.households), yuan(page.payable.fen));
    let title = fill(p.due_title, &[&page.operator.name]);
    let body = html! {
        section.card {
            h1 { (title) }
            p.quiet { (p.due_note) }
            form.filters method="get" action=(path) {
                (form::field(&Field::day("to", p.due_to).value(&up_to)))
                button type="submit" { (p.due_show) }
            }
            @if page.may_change && page.is_open { p.quiet { (p.propose_open) } }
            @else if page.may_change && page.payable.households > 0 {
                form.stacked method="post" action=(path) {
                    input type="hidden" name="to" value=(up_to);
                    button.primary type="submit" { (fill(p.propose_button, &[&count, &sum])) }
                    p.quiet { (p.propose_wait) }
                }
            }
            p { a href=(PATH) { (p.back) } }
        }
        section.card {
            h2 { (fill(p.owed_title, &[&up_to])) }
            p.quiet { (fill(p.due_count, &[&count, &sum])) }
            (table(page, ctx).render(ctx))
            (pager(page.paging, ctx, |at| format!("{path}?to={up_to}&page={at}")))
        }
        @if page.may_change {
            @if !page.below.is_empty() { (write_off_card(page, &path, ctx)) }
            (surplus_card(&path, ctx))
        }
    };
    shell::page(&title, Some(Section::Payouts), &body, ctx)
}

fn table(page: &Page, ctx: &Ctx) -> Table {
    let (p, a) = (&ctx.words.payouts, &ctx.words.access);
    let columns = [
        (a.col_household, Align::Whole),
        (a.col_key, Align::Whole),
        (a.col_village, Align::Text),
        (p.col_carried, Align::Number),
        (p.col_month, Align::Number),
        (p.col_due, Align::Number),
        (p.col_below, Align::Number),
    ];
    let mut table = Table::new(p.nav, p.due_none, &columns);
    for row in &page.rows {
        // an auditor reads here and opens no household's page
        let name = if page.may_change {
            Cell::Link(row.label.clone(), household::address(row.farmer_id))
        } else {
            row.label.as_str().into()
        };
        table.rows.push(vec![
            name,
            row.key.as_str().into(),
            row.village.as_str().into(),
            yuan(row.carried_fen).into(),
            yuan(row.due_fen - row.carried_fen).into(),
            yuan(row.due_fen.max(0)).into(),
            if row.due_fen < 0 { Cell::Warn(yuan(-row.due_fen)) } else { "".into() },
        ]);
    }
    table
}

fn write_off_card(page: &Page, path: &str, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    let households: Vec<(String, &str)> =
        page.below.iter().map(|(id, label)| (id.to_string(), label.as_str())).collect();
    let options: Vec<(&str, &str)> = households.iter().map(|(id, label)| (id.as_str(), *label)).collect();
    html! {
        section.card {
            h2 { (p.write_off_title) }
            p.quiet { (p.write_off_note) }
            form.stacked method="post" action={ (path) "/write-off" } {
                (form::select("farmer", p.household, &options))
                (form::field(&Field::text("reason", p.reason)))
                button type="submit" { (p.write_off_button) }
            }
        }
    }
}

fn surplus_card(path: &str, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    html! {
        section.card {
            h2 { (p.surplus_title) }
            p.quiet { (p.surplus_note) }
            form.stacked method="post" action={ (path) "/surplus" } {
                (form::field(&Field::day("on", p.surplus_on)))
                (form::field(&Field::text("document", p.surplus_document)))
                label.field { span { (p.surplus_lines) } textarea name="lines" rows="5" required {} }
                button type="submit" { (p.surplus_button) }
            }
        }
    }
}

/// Up to which day, and where in the list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    to: String,
    page: String,
}

/// `GET /branch/payouts/due/{id}?to=…`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(operator_id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let today = app.clock.today();
    let up_to = if asked.to.is_empty() {
        last_month_end(today)
    } else {
        parse_day(&asked.to).filter(|&day| day <= today).ok_or(WebError::BadRequest)?
    };
    let at = Paging::asked(asked.page.parse().unwrap_or(1));
    let page = load(&app, &visit, operator_id, up_to, at).await?.ok_or(WebError::NotFound)?;
    Ok(render(&page, &visit.ctx))
}

async fn load(app: &AppState, visit: &Visit, operator_id: i64, up_to: Day, at: i64) -> anyhow::Result<Option<Page>> {
    let session = &mut app.store.read(visit.scope()?).await?;
    let operators = goods::list_operators(session).await?;
    let Some(operator) = operators.into_iter().find(|o| o.operator_id == operator_id) else { return Ok(None) };
    let mut owed = due::list(session, Of::Operator(operator_id), up_to).await?;
    owed.retain(|due| due.balance.due_fen() != 0);
    let names = Names::of_regions(session).await?;
    let farmers = people::list_farmers(session).await?;
    let farmers: FxHashMap<i64, Farmer> = farmers.into_iter().map(|f| (f.farmer_id, f)).collect();
    let paging = Paging::of(at, i64::try_from(owed.len())?, PAGE);
    let mut payable = payouts::Sum::default();
    for fen in owed.iter().map(|o| o.balance.payable_fen()).filter(|&fen| fen > 0) {
        payable.households += 1;
        payable.fen += fen;
    }
    let row = |o: &Due| {
        let farmer = farmers.get(&o.farmer_id)?;
        Some(Row {
            farmer_id: o.farmer_id,
            label: family_name(&farmer.name),
            key: farmer.farmer_key.clone(),
            village: names.of(&farmer.village_code),
            carried_fen: o.carried_fen(),
            due_fen: o.balance.due_fen(),
        })
    };
    let below = owed.iter().filter(|o| o.balance.due_fen() < 0).filter_map(row);
    let label = |row: Row| (row.farmer_id, format!("{} {} {}", row.label, row.key, yuan(row.due_fen)));
    let (skipped, shown) = (usize::try_from((at - 1) * PAGE)?, usize::try_from(PAGE)?);
    Ok(Some(Page {
        below: below.map(label).collect(),
        rows: owed.iter().skip(skipped).take(shown).filter_map(row).collect(),
        operator,
        up_to,
        payable,
        paging,
        is_open: up_to >= app.clock.today(),
        may_change: visit.reader()?.role.may_change(),
    }))
}

/// What is typed on the page's forms.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    to: String,
    farmer: String,
    reason: String,
    on: String,
    document: String,
    lines: String,
}

/// The payout that was put forward, or why it was not.
fn answered(done: anyhow::Result<i64>, operator_id: i64, ctx: &Ctx) -> Result<Response, WebError> {
    went_on(done.map(address), &format!("{PATH}/due/{operator_id}"), ctx)
}

async fn known(app: &AppState, visit: &Visit, operator_id: i64) -> Result<(), WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let operators = goods::list_operators(session).await.map_err(anyhow::Error::from)?;
    operators.iter().any(|o| o.operator_id == operator_id).then_some(()).ok_or(WebError::NotFound)
}

/// `POST /branch/payouts/due/{id}`: puts every balance above zero forward.
pub async fn propose(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let put = async { paying::propose(desk, id, form::typed_day(&typed.to)?).await };
    answered(put.await, id, &visit.ctx)
}

/// `POST /branch/payouts/due/{id}/write-off`
pub async fn write_off(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let farmer_id: i64 = typed.farmer.parse().map_err(|_| WebError::BadRequest)?;
    answered(paying::write_off(desk, id, farmer_id, &typed.reason).await, id, &visit.ctx)
}

/// `POST /branch/payouts/due/{id}/surplus`
pub async fn share_surplus(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let put = async {
        let parts = parts(&app, &visit, &typed.lines).await?;
        paying::share_surplus(desk, id, form::typed_day(&typed.on)?, &typed.document, &parts).await
    };
    answered(put.await, id, &visit.ctx)
}

/// Lines of a surplus: each household once, by its key, with an amount above zero.
async fn parts(app: &AppState, visit: &Visit, text: &str) -> anyhow::Result<Vec<(i64, i64)>> {
    let bad = |line: &str| Problem::from(Paying::BadSurplusLine { line: line.to_owned() });
    let mut typed: Vec<(&str, i64)> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (key, amount) = line.split_once(char::is_whitespace).ok_or_else(|| bad(line))?;
        let fen = parse_fen(amount.trim()).filter(|&fen| fen > 0).ok_or_else(|| bad(line))?;
        if typed.iter().any(|(known, _)| *known == key) {
            return Err(bad(line).into());
        }
        typed.push((key, fen));
    }
    if typed.is_empty() {
        return Err(bad("").into());
    }
    let keys: Vec<&str> = typed.iter().map(|(key, _)| *key).collect();
    let session = &mut app.store.read(visit.scope()?).await?;
    let found = list_by_keys::<Farmer>(session, &keys).await?;
    typed
        .into_iter()
        .map(|(key, fen)| {
            let farmer = found.iter().find(|farmer| farmer.farmer_key == key);
            let farmer = farmer.ok_or_else(|| Problem::UnknownFarmer { key: key.to_owned() })?;
            Ok((farmer.farmer_id, fen))
        })
        .collect()
}
