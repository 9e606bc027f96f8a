//! One payout: household by household, who took which step, and what is next.

use super::payouts::{PATH, address};
use crate::domain::calendar::{Day, Instant, clock_text, day_of};
use crate::domain::cells::plain;
use crate::domain::payouts::State;
use crate::services::payouts::{self as paying, BankFile};
use crate::store::bank_accounts;
use crate::store::goods;
use crate::store::payouts::{self as stored, Line, Payout};
use crate::store::people::{self, Farmer};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused, went_on};
use crate::web::names::Names;
use crate::web::session::family_name;
use crate::web::spreadsheet::{Cell as Filled, Format, Sheet};
use crate::web::ui::form::{self, Field};
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Paging, Table, pager};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use maud::{Markup, html};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

/// Households of a page.
const PAGE: usize = 100;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub payout: Payout,
    pub operator: String,
    pub rows: Vec<Row>,
    pub paging: Paging,
    /// All households, for the choice of one whose money came back.
    pub all: Vec<(i64, String)>,
    /// Keys of households that are not in the bank's file.
    pub without_account: Vec<String>,
    pub may: May,
    pub today: Day,
}

/// What the reader may do, as far as the page can say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct May {
    pub change: bool,
    pub administer: bool,
    /// The reader put it forward.
    pub own: bool,
}

/// A household's part.
#[derive(Debug, Clone)]
pub struct Row {
    pub line: Line,
    pub label: String,
    pub key: String,
    pub village: String,
    pub confirmed_at: Option<Instant>,
    pub came_back: bool,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    let payout = &page.payout;
    let (kind, state) = (payout.kind, payout.state());
    let path = address(payout.payout_id);
    let title = fill(p.payout_title, &[&payout.payout_id.to_string()]);
    let facts = [p.kind(kind), &page.operator, &payout.up_to_on.to_string()];
    let sum = fill(p.payout_sum, &[&grouped(payout.households), &yuan(payout.amount_fen)]);
    let body = html! {
        section.card {
            h1 { (title) }
            p { (fill(p.payout_facts, &facts)) " " span.tag { (p.state(kind, state)) } }
            p.lead-text { strong { (sum) } }
            (reason(payout, ctx))
            (steps(payout, ctx))
            (next(page, &path, ctx))
            p { a href=(PATH) { (p.back) } }
        }
        @if kind.is_paid() && matches!(state, State::Approved | State::Paid) {
            div.grid.even {
                (bank_card(page, &path, ctx))
                @if state == State::Approved && page.may.change { (paid_card(page, &path, ctx)) }
                @if state == State::Paid && page.may.change { (back_card(page, &path, ctx)) }
            }
        }
        section.card {
            h2 { (p.lines_title) }
            (table(page, ctx).render(ctx))
            (pager(page.paging, ctx, |at| format!("{path}?page={at}")))
        }
    };
    shell::page(&title, Some(Section::Payouts), &body, ctx)
}

fn reason(payout: &Payout, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    html! {
        @if !payout.reason.is_empty() {
            @let template = if payout.kind.is_paid() { p.document } else { p.why };
            p { (fill(template, &[&payout.reason])) }
        }
        @if payout.of_payout_id != 0 {
            p { a href=(address(payout.of_payout_id)) { (fill(p.of_payout, &[&payout.of_payout_id.to_string()])) } }
        }
    }
}

fn steps(payout: &Payout, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    let step = |template, taken: &stored::Taken| fill(template, &[&taken.by, &clock_text(taken.at)]);
    html! {
        p.quiet { (fill(p.step_proposed, &[&payout.proposed_by, &clock_text(payout.proposed_at)])) }
        @if let Some(taken) = &payout.approved { p.quiet { (step(p.step_approved, taken)) } }
        @if let Some(taken) = &payout.withdrawn { p.quiet { (step(p.step_withdrawn, taken)) } }
        @if let (Some(taken), Some(day)) = (&payout.paid, payout.paid_on) {
            p.quiet { (fill(p.step_paid, &[&day.to_string(), &payout.reference, &taken.by])) }
        }
    }
}

/// What can be done with it now.
fn next(page: &Page, path: &str, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    let (kind, state, may) = (page.payout.kind, page.payout.state(), page.may);
    let waits = state == State::Proposed;
    let withdraws =
        (waits && (may.own || may.administer)) || (state == State::Approved && kind.is_paid() && may.administer);
    html! {
        @if waits && may.own { p.quiet { (p.approve_own) } }
        div.acts {
            @if waits && may.administer && !may.own {
                form method="post" action={ (path) "/approve" } { button.primary type="submit" { (p.approve_button) } }
            }
            @if withdraws && may.change {
                form method="post" action={ (path) "/withdraw" } { button type="submit" { (p.withdraw_button) } }
            }
        }
    }
}

fn bank_card(page: &Page, path: &str, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    html! {
        section.card {
            h2 { (p.bank_title) }
            p.quiet { (fill(p.bank_note, &[&page.without_account.len().to_string()])) }
            @if !page.without_account.is_empty() { p { (fill(p.bank_without, &[&page.without_account.join(" ")])) } }
            @if page.may.administer {
                div.acts { @for format in Format::ALL {
                    form method="post" action={ (path) "/bank-file" } {
                        input type="hidden" name="format" value=(format.key());
                        button type="submit" { (fill(p.bank_button, &[&format.key().to_uppercase()])) }
                    }
                } }
            } @else { p.quiet { (p.bank_only_admin) } }
            @if page.may.change { p { a.button href={ (path) "/slips" } { (p.slips_button) } } }
        }
    }
}

fn paid_card(page: &Page, path: &str, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    html! {
        section.card {
            h2 { (p.paid_title) }
            p.quiet { (p.paid_note) }
            form.stacked method="post" action={ (path) "/paid" } {
                (form::field(&Field::day("on", p.paid_on).value(&page.today.to_string())))
                (form::field(&Field::text("reference", p.reference)))
                button.primary type="submit" { (p.paid_button) }
            }
        }
    }
}

fn back_card(page: &Page, path: &str, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    let households: Vec<(String, &str)> = page.all.iter().map(|(id, label)| (id.to_string(), label.as_str())).collect();
    let options: Vec<(&str, &str)> = households.iter().map(|(id, label)| (id.as_str(), *label)).collect();
    html! {
        section.card {
            h2 { (p.back_title) }
            p.quiet { (p.back_note) }
            form.stacked method="post" action={ (path) "/returned" } {
                (form::select("farmer", p.household, &options))
                (form::field(&Field::day("on", p.back_on).value(&page.today.to_string())))
                (form::field(&Field::text("reason", p.reason)))
                button type="submit" { (p.back_button) }
            }
        }
    }
}

fn table(page: &Page, ctx: &Ctx) -> Table {
    let (p, a) = (&ctx.words.payouts, &ctx.words.access);
    let is_paid = page.payout.state() == State::Paid;
    let columns = [
        (a.col_household, Align::Whole),
        (a.col_key, Align::Whole),
        (p.col_amount, Align::Number),
        (p.col_confirmed, Align::Text),
        (p.col_carried, Align::Number),
        (a.col_village, Align::Text),
    ];
    let mut table = Table::new(p.lines_title, p.due_none, &columns);
    for row in &page.rows {
        let confirmed: Cell = match (row.came_back, row.confirmed_at) {
            (true, _) => Cell::Warn(p.came_back.into()),
            (_, Some(at)) => Cell::Tag(fill(p.confirmed, &[&day_of(at).to_string()])),
            _ if is_paid => p.not_confirmed.into(),
            _ => "–".into(),
        };
        table.rows.push(vec![
            row.label.as_str().into(),
            row.key.as_str().into(),
            yuan(row.line.amount_fen).into(),
            confirmed,
            yuan(row.line.carried_fen).into(),
            row.village.as_str().into(),
        ]);
    }
    table
}

/// Where in the list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
}

/// `GET /branch/payouts/{id}`
pub async fn show(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let at: i64 = asked.page.parse().unwrap_or(1).max(1);
    Ok(render(&load(&app, &visit, id, at).await?.ok_or(WebError::NotFound)?, &visit.ctx))
}

async fn load(app: &AppState, visit: &Visit, id: i64, at: i64) -> anyhow::Result<Option<Page>> {
    let session = &mut app.store.read(visit.scope()?).await?;
    let Some(payout) = stored::find(session, id).await? else { return Ok(None) };
    let lines = stored::list_lines(session, id).await?;
    let names = Names::of_regions(session).await?;
    let farmers: FxHashMap<i64, Farmer> =
        people::list_farmers(session).await?.into_iter().map(|f| (f.farmer_id, f)).collect();
    let confirmed: FxHashMap<i64, Instant> = stored::list_receipts(session, id).await?.into_iter().collect();
    let returned: FxHashSet<i64> = stored::list_returned(session, id).await?.into_iter().collect();
    let accounts: FxHashSet<i64> =
        bank_accounts::list_of_payout(session, id).await?.into_iter().map(|a| a.farmer_id).collect();
    let operators = goods::list_operators(session).await?;
    let reader = visit.reader()?;
    let operator = operators.into_iter().find(|o| o.operator_id == payout.operator_id);
    let label = |line: &Line| {
        let farmer = farmers.get(&line.farmer_id)?;
        let text = format!("{} {} {}", family_name(&farmer.name), farmer.farmer_key, yuan(line.amount_fen));
        (!returned.contains(&line.farmer_id)).then_some((line.farmer_id, text))
    };
    let row = |line: &Line| {
        let farmer = farmers.get(&line.farmer_id)?;
        Some(Row {
            line: *line,
            label: family_name(&farmer.name),
            key: farmer.farmer_key.clone(),
            village: names.of(&farmer.village_code),
            confirmed_at: confirmed.get(&line.farmer_id).copied(),
            came_back: returned.contains(&line.farmer_id),
        })
    };
    let skipped = usize::try_from(at - 1)?.saturating_mul(PAGE);
    Ok(Some(Page {
        operator: operator.map(|o| o.name).unwrap_or_default(),
        rows: lines.iter().skip(skipped).take(PAGE).filter_map(row).collect(),
        paging: Paging::of(at, i64::try_from(lines.len())?, i64::try_from(PAGE)?),
        all: lines.iter().filter_map(label).collect(),
        without_account: lines
            .iter()
            .filter(|line| !accounts.contains(&line.farmer_id))
            .filter_map(|line| farmers.get(&line.farmer_id).map(|farmer| farmer.farmer_key.clone()))
            .collect(),
        may: May {
            change: reader.role.may_change(),
            administer: reader.role == crate::domain::access::Role::BranchAdmin,
            own: !crate::domain::access::second_person(&paying::proposer(&payout)?, &visit.actor()?),
        },
        today: app.clock.today(),
        payout,
    }))
}

/// What is typed on the page's forms.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    on: String,
    reference: String,
    farmer: String,
    reason: String,
    format: String,
}

fn answered(done: anyhow::Result<i64>, back: i64, ctx: &Ctx) -> Result<Response, WebError> {
    went_on(done.map(address), &address(back), ctx)
}

/// Makes sure that there is such a payout in the reader's county.
async fn known(app: &AppState, visit: &Visit, id: i64) -> Result<(), WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let found = stored::find(session, id).await.map_err(anyhow::Error::from)?;
    found.map(|_| ()).ok_or(WebError::NotFound)
}

/// `POST /branch/payouts/{id}/approve`
pub async fn approve(Shared(app): Shared<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    answered(paying::approve(desk, id).await.map(|()| id), id, &visit.ctx)
}

/// `POST /branch/payouts/{id}/withdraw`
pub async fn withdraw(Shared(app): Shared<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    answered(paying::withdraw(desk, id).await.map(|()| id), id, &visit.ctx)
}

/// `POST /branch/payouts/{id}/paid`
pub async fn mark_paid(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let mark = async { paying::mark_paid(desk, id, form::typed_day(&typed.on)?, &typed.reference).await };
    answered(mark.await.map(|()| id), id, &visit.ctx)
}

/// `POST /branch/payouts/{id}/returned`
pub async fn give_back(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let farmer_id: i64 = typed.farmer.parse().map_err(|_| WebError::BadRequest)?;
    let back = async { paying::give_back(desk, id, farmer_id, form::typed_day(&typed.on)?, &typed.reason).await };
    answered(back.await, id, &visit.ctx)
}

/// `POST /branch/payouts/{id}/bank-file`: names, accounts and amounts, as the bank reads them.
pub async fn bank_file(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let format = Format::ALL.into_iter().find(|f| f.key() == typed.format).ok_or(WebError::BadRequest)?;
    let desk = app.desk(&visit, &actor)?;
    match paying::bank_file(desk, app.keyring.as_ref(), id).await {
        Ok(file) => {
            let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
            let farmers = people::list_farmers(session).await.map_err(anyhow::Error::from)?;
            let sheet = sheet(&file, &farmers, app.clock.now(), &visit.ctx);
            // nothing a person typed is in the name
            Ok(sheet.answer(&format!("payout-{id}"), format)?)
        }
        Err(error) => refused(error, &address(id), &visit.ctx),
    }
}

fn sheet(file: &BankFile, farmers: &[Farmer], at: Instant, ctx: &Ctx) -> Sheet {
    let (p, a) = (&ctx.words.payouts, &ctx.words.access);
    let farmers: FxHashMap<i64, &Farmer> = farmers.iter().map(|f| (f.farmer_id, f)).collect();
    let purpose = format!("{} {}", p.kind(file.payout.kind), file.payout.up_to_on);
    let rows = file.paid.iter().filter_map(|(line, account)| {
        let farmer = farmers.get(&line.farmer_id)?;
        Some(vec![
            Filled::Text(farmer.farmer_key.clone()),
            Filled::Text(farmer.name.clone()),
            Filled::Text(account.bank.clone()),
            Filled::Text(account.number().to_owned()),
            Filled::Yuan(line.amount_fen),
            Filled::Text(purpose.clone()),
        ])
    });
    let head = [a.col_key, p.file_name, p.account_bank, p.file_account, p.col_amount, p.file_use];
    Sheet {
        name: p.nav,
        head: head.map(|text| plain(text).into_owned()).into(),
        rows: rows.collect(),
        notes: ctx.demo.then(|| vec![ctx.words.frame.demo.to_owned()]).into_iter().collect(),
        at,
    }
}
