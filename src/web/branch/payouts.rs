//! 打款: what each operator owes, what waits to be approved or paid, what was paid lately.
//!
//! Who may do what is the router's table's and `services::payouts`' business; [`super::payout_due`] is an operator's list,
//! [`super::payout`] one payout.

use super::tables::{self, Kind};
use crate::domain::calendar::{Day, month_start};
use crate::domain::payouts::{Kind as PaidFor, State, owed_until};
use crate::store::goods::{self, Operator};
use crate::store::payouts::due::{self, Due, Of};
use crate::store::payouts::{self as stored, Payout};
use crate::store::{Session, StoreError};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::chosen::{Choice, Chosen};
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Paging, Table, pager};
use crate::web::wording::fill;
use axum::extract::{Query, State as Shared};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;

pub const PATH: &str = "/branch/payouts";
/// Payouts of a page, beside those that wait.
const SIZE: i64 = 24;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// The last day of the last month that is over.
    pub up_to: Day,
    pub operators: Vec<Owing>,
    pub open: Vec<Payout>,
    /// Of the page, the last first.
    pub recent: Vec<Payout>,
    pub chosen: Chosen,
    pub paging: Paging,
}

/// What an operator owes.
#[derive(Debug, Clone)]
pub struct Owing {
    pub operator: Operator,
    pub payable: Sum,
    /// Due since its pay day.
    pub overdue: Sum,
    /// Paid more than was earned.
    pub below: Sum,
}

/// So much of so many households.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    pub households: i64,
    pub fen: i64,
}

impl Sum {
    fn add(&mut self, fen: i64) {
        self.households += 1;
        self.fen += fen;
    }
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    let body = html! {
        section.card {
            h1 { (p.title) }
            p.quiet { (p.note) }
        }
        section.card {
            h2 { (fill(p.owed_title, &[&page.up_to.to_string()])) }
            (owing(page, ctx).render(ctx))
        }
        section.card {
            h2 { (p.open_title) }
            (table(&page.open, &page.operators, p.open_title, p.open_none, ctx).render(ctx))
        }
        section.card {
            h2 { (p.recent_title) }
            (page.chosen.render(ctx))
            @let none = if page.chosen.is_whole() { p.recent_none } else { ctx.words.lists.none_do };
            (table(&page.recent, &page.operators, p.recent_title, none, ctx).render(ctx))
            (pager(page.paging, ctx, |number| page.chosen.address(number)))
            (tables::links_to(&[Kind::Payouts], &page.chosen.query(), ctx))
        }
    };
    shell::page(p.nav, Some(Section::Payouts), &body, ctx)
}

fn owing(page: &Page, ctx: &Ctx) -> Table {
    let p = &ctx.words.payouts;
    let columns = [
        (p.col_operator, Align::Text),
        (p.col_day, Align::Whole),
        (p.col_households, Align::Number),
        (p.col_payable, Align::Number),
        (p.col_overdue, Align::Number),
        (p.col_below, Align::Number),
    ];
    let mut table = Table::new(p.nav, p.owed_none, &columns);
    for row in &page.operators {
        let pays_on = match row.operator.pays_on_day {
            0 => p.no_day.to_owned(),
            day => fill(p.every_month, &[&day.to_string()]),
        };
        let said = |template, sum: Sum| fill(template, &[&grouped(sum.households), &yuan(sum.fen)]);
        table.rows.push(vec![
            Cell::Link(row.operator.name.clone(), format!("{PATH}/due/{}", row.operator.operator_id)),
            pays_on.into(),
            grouped(row.payable.households).into(),
            yuan(row.payable.fen).into(),
            if row.overdue.households > 0 { Cell::Warn(said(p.overdue, row.overdue)) } else { p.overdue_none.into() },
            if row.below.households > 0 { said(p.below, row.below).into() } else { p.overdue_none.into() },
        ]);
    }
    table
}

/// Payouts, each with the way to it.
fn table(payouts: &[Payout], operators: &[Owing], name: &str, empty: &str, ctx: &Ctx) -> Table {
    let p = &ctx.words.payouts;
    let columns = [
        (p.col_payout, Align::Whole),
        (p.col_amount, Align::Number),
        (p.col_state, Align::Whole),
        (p.col_operator, Align::Text),
        (p.col_up_to, Align::Whole),
        (p.col_households, Align::Number),
        (p.col_paid_on, Align::Whole),
        (p.col_by, Align::Text),
    ];
    let mut table = Table::new(name, empty, &columns);
    for payout in payouts {
        let operator = operators.iter().find(|row| row.operator.operator_id == payout.operator_id);
        let label = format!("{} {}", fill(p.number, &[&payout.payout_id.to_string()]), p.kind(payout.kind));
        let said = p.state(payout.kind, payout.state());
        table.rows.push(vec![
            Cell::Link(label, address(payout.payout_id)),
            yuan(payout.amount_fen).into(),
            if payout.state() == State::Proposed { Cell::Warn(said.into()) } else { Cell::Tag(said.into()) },
            operator.map_or("", |row| &row.operator.name).into(),
            payout.up_to_on.to_string().into(),
            grouped(payout.households).into(),
            payout.paid_on.map_or_else(|| "–".to_owned(), |day| day.to_string()).into(),
            payout.proposed_by.as_str().into(),
        ]);
    }
    table
}

/// Where a payout's page is.
pub fn address(payout_id: i64) -> String {
    format!("{PATH}/{payout_id}")
}

/// The last day of the last month that is over.
pub fn last_month_end(today: Day) -> Day {
    month_start(today).pred_opt().unwrap_or(today)
}

/// What of the list, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    operator: String,
    kind: String,
    page: i64,
}

impl Asked {
    pub fn chosen(&self, operators: &[Operator], ctx: &Ctx) -> Chosen {
        let p = &ctx.words.payouts;
        let named = |row: &Operator| (row.operator_id.to_string(), row.name.clone());
        let kinds = PaidFor::ALL.map(|kind| (kind.key().to_owned(), p.kind(kind).to_owned()));
        let choices = vec![
            Choice::new("operator", p.col_operator, operators.iter().map(named).collect(), &self.operator),
            Choice::new("kind", p.col_payout, kinds.into(), &self.kind),
        ];
        Chosen { path: PATH, choices }
    }
}

/// `GET /branch/payouts`
pub async fn list(Shared(app): Shared<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let today = app.clock.today();
    let load = async {
        let session = &mut app.store.read(visit.scope()?).await?;
        let up_to = last_month_end(today);
        let operators = owing_of(session, up_to, today).await?;
        let known: Vec<Operator> = operators.iter().map(|row| row.operator.clone()).collect();
        let (chosen, page) = (asked.chosen(&known, &visit.ctx), Paging::asked(asked.page));
        let [operator, kind] = chosen.choices.as_slice() else { anyhow::bail!("two choices") };
        let sought = (operator.id(), kind.value());
        let recent = stored::list_page(session, sought, page, SIZE).await?;
        let total = stored::count(session, sought).await?;
        Ok::<_, anyhow::Error>(Page {
            up_to,
            operators,
            open: stored::list_open(session).await?,
            recent,
            chosen,
            paging: Paging::of(page, total, SIZE),
        })
    };
    Ok(render(&load.await?, &visit.ctx))
}

/// Every operator with what it owes up to a day, and what it ought to have paid by now: a statement for each of the days
/// that pay days point to, and those are two at most.
async fn owing_of(session: &mut Session, up_to: Day, today: Day) -> Result<Vec<Owing>, StoreError> {
    let operators = goods::list_operators(session).await?;
    let mut accounts: BTreeMap<Day, Vec<Due>> = BTreeMap::new();
    let wanted = operators.iter().filter_map(|operator| owed_until(operator.pays_on_day, today));
    for day in wanted.chain([up_to]).collect::<std::collections::BTreeSet<Day>>() {
        accounts.insert(day, due::list(session, Of::All, day).await?);
    }
    let of = |operator_id: i64, day: Option<Day>| {
        let all = day.and_then(|day| accounts.get(&day)).map_or(&[][..], Vec::as_slice);
        all.iter().filter(move |due| due.operator_id == operator_id).map(|due| due.balance.due_fen())
    };
    Ok(operators
        .into_iter()
        .map(|operator| {
            let (mut payable, mut below, mut overdue) = (Sum::default(), Sum::default(), Sum::default());
            for fen in of(operator.operator_id, Some(up_to)) {
                match fen {
                    1.. => payable.add(fen),
                    ..0 => below.add(-fen),
                    0 => {}
                }
            }
            let late = of(operator.operator_id, owed_until(operator.pays_on_day, today));
            late.filter(|&fen| fen > 0).for_each(|fen| overdue.add(fen));
            Owing { operator, payable, overdue, below }
        })
        .collect())
}
