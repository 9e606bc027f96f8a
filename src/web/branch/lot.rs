//! One lot: what each household brought, what of it is sold, came back, is left, was lost; the lines that took it;
//! correcting a row and closing the lot.
//!
//! Rule: weight in = sold + returned + left + lost, for each household. What came back is the ledger's, turned into the
//! weight that was drawn; sold is the rest of what was drawn.

use crate::domain::audit::Noun;
use crate::domain::calendar::Day;
use crate::domain::ledger;
use crate::domain::money::at_fraction;
use crate::domain::problem::{Mistake, Problem};
use crate::domain::weighing::Unit;
use crate::services::lots as service;
use crate::store::goods;
use crate::store::lots::{self, Lot, LotLine, Ticket, TicketSold};
use crate::store::{Session, households};
use crate::web::AppState;
use crate::web::assets;
use crate::web::branch::household;
use crate::web::branch::lots::state;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::official::lines::state_cell;
use crate::web::session::family_name;
use crate::web::ui::form::{self, Field};
use crate::web::ui::number::{kilograms, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// Lines on the page.
const LINES: i64 = 50;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub lot: Lot,
    pub product: String,
    pub product_en: String,
    pub rows: Vec<Row>,
    pub lines: Vec<Line>,
    pub may_change: bool,
    /// It was saved just now: the draft that is kept on the device under this key is done with.
    pub saved: Option<String>,
}

/// One household's weighing and what became of it, in grams.
#[derive(Debug, Clone)]
pub struct Row {
    pub ticket_no: i64,
    pub farmer_id: i64,
    pub household: String,
    pub grade: String,
    pub agreed_fen_per_kg: i64,
    pub weight_g: i64,
    pub sold_g: i64,
    pub back_g: i64,
    pub left_g: i64,
    pub lost_g: i64,
    pub income_fen: i64,
}

/// A line that took goods.
#[derive(Debug, Clone)]
pub struct Line {
    pub line_no: String,
    pub ticket_no: i64,
    pub household: String,
    pub drawn_g: i64,
    pub paid_on: Option<Day>,
    pub state: String,
}

impl Row {
    fn of(ticket: &Ticket, sold: Option<&TicketSold>, household: String) -> Self {
        let back_g = sold.map_or(0, |s| returned_g(ticket.drawn_g, s));
        Self {
            ticket_no: ticket.ticket_no,
            farmer_id: ticket.farmer_id,
            household,
            grade: ticket.grade.clone(),
            agreed_fen_per_kg: ticket.agreed_fen_per_kg,
            weight_g: ticket.weight_g,
            sold_g: ticket.drawn_g - back_g,
            back_g,
            left_g: ticket.left_g + ticket.open_g(),
            lost_g: ticket.lost_g,
            income_fen: sold.map_or(0, |s| s.farmer_fen),
        }
    }
}

/// What came back of what was drawn: the ledger's part of it.
fn returned_g(drawn_g: i64, sold: &TicketSold) -> i64 {
    if sold.sold_g <= 0 {
        return 0;
    }
    at_fraction(drawn_g, sold.back_g.clamp(0, sold.sold_g), sold.sold_g)
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let l = &ctx.words.lots;
    let lot = &page.lot;
    let path = format!("/branch/lots/{}", lot.lot_id);
    let title = fill(l.lot_title, &[&lot.lot_key]);
    let certificate = if lot.certificate_no.is_empty() {
        l.lot_no_certificate.to_owned()
    } else {
        fill(l.lot_certificate, &[&lot.certificate_no])
    };
    let open_g: i64 = page.rows.iter().map(|row| row.left_g).sum();
    let can_change = page.may_change && lot.closed_on.is_none();
    let body = html! {
        section.card {
            h1 { (title) }
            (super::audit::history(&[Noun::Lot], &lot.lot_key, ctx))
            p { (ctx.name(&page.product, &page.product_en)) " · " (lot.intake_on) " · " (certificate) " · " (state(lot.closed_on, ctx)) }
            p { a href="/branch/lots" { (l.title) } }
        }
        section.card {
            h2 { (l.tickets_title) }
            p.quiet { (l.tickets_note) }
            (tickets(&page.rows, page.may_change, ctx).render(ctx))
        }
        @if can_change {
            div.grid.even {
                section.card {
                    h2 { (l.correct_title) }
                    p.quiet { (l.correct_note) }
                    form.stacked method="post" action={ (path) "/correct" } {
                        (form::field(&Field::digits("ticket_no", l.correct_no, 4)))
                        (form::field(&Field::text("weight", l.correct_weight)))
                        (form::field(&Field::text("price", l.correct_price).optional().note(l.row_price_note)))
                        button type="submit" { (l.correct_button) }
                    }
                }
                section.card {
                    h2 { (l.close_title) }
                    p.quiet { (fill(l.close_note, &[&kilograms(open_g)])) }
                    form.stacked method="post" action={ (path) "/close" } {
                        (form::field(&Field::text("lost", l.close_lost).value("0")))
                        button type="submit" { (l.close_button) }
                    }
                }
            }
        }
        section.card {
            h2 { (l.lines_title) }
            p.quiet { (fill(l.lines_note, &[&LINES.to_string()])) }
            (lines(&page.lines, ctx).render(ctx))
        }
        @if let Some(draft) = &page.saved { script #saved data-draft=(draft) src=(assets::weighing_href()) defer {} }
    };
    shell::page(&title, Some(Section::Lots), &body, ctx)
}

/// The weighings; `may_open` says whether the reader opens a household's page.
fn tickets(rows: &[Row], may_open: bool, ctx: &Ctx) -> Table {
    let l = &ctx.words.lots;
    let columns = [
        (l.col_no, Align::Number),
        (l.col_household, Align::Text),
        (l.col_weight, Align::Number),
        (l.col_sold, Align::Number),
        (l.col_back, Align::Number),
        (l.col_left, Align::Number),
        (l.col_lost, Align::Number),
        (l.col_income, Align::Number),
        (l.col_price, Align::Number),
        (l.col_grade, Align::Whole),
    ];
    let mut table = Table::new(l.tickets_title, l.none, &columns);
    for row in rows {
        let price = if row.agreed_fen_per_kg == 0 { l.by_terms.to_owned() } else { yuan(row.agreed_fen_per_kg) };
        // 陈* alone tells no two households apart: the link does
        let household = if may_open {
            Cell::Link(row.household.clone(), household::address(row.farmer_id))
        } else {
            row.household.as_str().into()
        };
        let mut cells: Vec<Cell> = vec![row.ticket_no.to_string().into(), household];
        cells.extend([row.weight_g, row.sold_g, row.back_g, row.left_g, row.lost_g].map(|g| kilograms(g).into()));
        cells.extend([yuan(row.income_fen).into(), price.into(), row.grade.as_str().into()]);
        table.rows.push(cells);
    }
    let sum = |of: fn(&Row) -> i64| rows.iter().map(of).sum::<i64>();
    let sums = [sum(|r| r.weight_g), sum(|r| r.sold_g), sum(|r| r.back_g), sum(|r| r.left_g), sum(|r| r.lost_g)];
    let mut all: Vec<Cell> = vec!["".into(), l.sum_row.into()];
    all.extend(sums.map(|g| kilograms(g).into()));
    all.extend([yuan(sum(|r| r.income_fen)).into(), "".into(), "".into()]);
    table.rows.push(all);
    table
}

fn lines(lines: &[Line], ctx: &Ctx) -> Table {
    let l = &ctx.words.lots;
    let columns = [
        (l.col_line, Align::Whole),
        (l.col_ticket, Align::Number),
        (l.col_household, Align::Text),
        (l.col_drawn, Align::Number),
        (l.col_paid, Align::Whole),
        (l.col_state, Align::Whole),
    ];
    let mut table = Table::new(l.lines_title, l.lines_none, &columns);
    for line in lines {
        table.rows.push(vec![
            line.line_no.as_str().into(),
            line.ticket_no.to_string().into(),
            line.household.as_str().into(),
            kilograms(line.drawn_g).into(),
            line.paid_on.map_or_else(String::new, |on| on.to_string()).into(),
            ledger::State::parse(&line.state).map_or_else(|| "".into(), |state| state_cell(state, ctx)),
        ]);
    }
    table
}

/// How the page was come to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    saved: String,
}

/// `GET /branch/lots/{id}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async { load(&mut app.store.read(scope).await?, id).await };
    let Some(mut page) = load.await? else { return Err(WebError::NotFound) };
    page.may_change = visit.reader()?.role.may_change();
    page.saved = if asked.saved.is_empty() { None } else { Some(visit.reader()?.draft()) };
    Ok(render(&page, &visit.ctx))
}

async fn load(session: &mut Session, lot_id: i64) -> anyhow::Result<Option<Page>> {
    let Some(lot) = lots::find(session, lot_id).await? else { return Ok(None) };
    let tickets = lots::list_tickets(session, &[lot_id]).await?;
    let sold: FxHashMap<i64, TicketSold> =
        lots::list_sold(session, lot_id).await?.into_iter().map(|s| (s.ticket_id, s)).collect();
    let mut farmer_ids: Vec<i64> = tickets.iter().map(|t| t.farmer_id).collect();
    farmer_ids.sort_unstable();
    farmer_ids.dedup();
    let named = households::list_names(session, &farmer_ids).await?;
    let name = |id: i64| named.iter().find(|n| n.farmer_id == id).map_or_else(String::new, |n| family_name(&n.name));
    let lines = lots::list_lines(session, lot_id, LINES).await?;
    let product = goods::list_products(session).await?.into_iter().find(|p| p.product_id == lot.product_id);
    let (product, product_en) = product.map(|p| (p.name, p.name_en)).unwrap_or_default();
    Ok(Some(Page {
        rows: tickets.iter().map(|t| Row::of(t, sold.get(&t.ticket_id), name(t.farmer_id))).collect(),
        lines: lines.into_iter().map(|line| line_of(line, name)).collect(),
        lot,
        product,
        product_en,
        may_change: false,
        saved: None,
    }))
}

fn line_of(line: LotLine, name: impl Fn(i64) -> String) -> Line {
    Line {
        household: name(line.farmer_id),
        line_no: line.line_no,
        ticket_no: line.ticket_no,
        drawn_g: line.drawn_g,
        paid_on: line.paid_on,
        state: line.state,
    }
}

/// A row corrected, in kilograms.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Corrected {
    ticket_no: String,
    weight: String,
    price: String,
}

/// `POST /branch/lots/{id}/correct`
pub async fn correct(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Corrected>,
) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let work = async {
        let bad = |text: &str| Problem::from(Mistake::BadWeight { text: text.to_owned() });
        let ticket_no = typed.ticket_no.trim().parse().map_err(|_| bad(&typed.ticket_no))?;
        let weight_g = Unit::Kilogram.weight_g(&typed.weight).ok_or_else(|| bad(&typed.weight))?;
        let price = Unit::Kilogram.fen_per_kg(&typed.price).ok_or_else(|| bad(&typed.price))?;
        service::correct(&desk, id, ticket_no, weight_g, price).await
    };
    done(id, Box::pin(work).await, &visit)
}

/// What was lost, in kilograms.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Closed {
    lost: String,
}

/// `POST /branch/lots/{id}/close`
pub async fn close(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Closed>,
) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let work = async {
        let text = typed.lost.trim();
        let nothing = text.is_empty() || text == "0";
        let lost_g = if nothing { Some(0) } else { Unit::Kilogram.weight_g(text) };
        let lost_g = lost_g.ok_or_else(|| Problem::from(Mistake::BadWeight { text: text.to_owned() }))?;
        service::close(&desk, id, lost_g).await
    };
    done(id, Box::pin(work).await, &visit)
}

/// Makes sure that there is such a lot, before anything is said of what was typed.
async fn known(app: &AppState, visit: &Visit, lot_id: i64) -> Result<(), WebError> {
    let scope = visit.scope()?;
    let find = async { Ok::<_, anyhow::Error>(lots::find(&mut app.store.read(scope).await?, lot_id).await?) };
    find.await?.map(|_| ()).ok_or(WebError::NotFound)
}

/// Back to the lot, or what stands in the way.
fn done(lot_id: i64, result: anyhow::Result<bool>, visit: &Visit) -> Result<Response, WebError> {
    let path = format!("/branch/lots/{lot_id}");
    match result {
        Ok(true) => Ok(Redirect::to(&path).into_response()),
        Ok(false) => Err(WebError::NotFound),
        Err(error) => refused(error, &path, &visit.ctx),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_back_is_a_part_of_what_was_drawn() {
        let sold = |sold_g, back_g| TicketSold { ticket_id: 1, sold_g, back_g, farmer_fen: 0, settled_fen: 0 };
        assert_eq!(returned_g(11_250, &sold(2_500, 500)), 2_250);
        assert_eq!(returned_g(2_625, &sold(2_625, 2_625)), 2_625);
        assert_eq!(returned_g(2_625, &sold(0, 0)), 0);
    }
}
