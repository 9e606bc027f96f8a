//! What has been learnt of a locked month since: entries booked in later months that belong to it, by month booked and
//! kind of event, and the order lines behind each.

use super::{PATH, asked};
use crate::domain::access::Role;
use crate::domain::amounts::Amounts;
use crate::domain::calendar::{Day, month_key, parse_month};
use crate::domain::figures::{Counts, FigureRow};
use crate::store::late::{self, Late, LateLine, PAGE};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::official::line::event_kind;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Paging, Table, pager};
use crate::web::ui::trail::{Step, trail};
use crate::web::ui::{number, screen};
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// The card of a month: what it held at its lock, and what came later by cause.
pub fn card(month: Day, late: &[Late], booked_uplift_fen: i64, ctx: &Ctx) -> Markup {
    let r = &ctx.words.review;
    let total: Amounts = late.iter().map(|l| l.amounts).sum();
    let since = row(&total);
    let facts = [booked_uplift_fen, since.uplift_fen, booked_uplift_fen + since.uplift_fen];
    let facts = facts.map(|fen| number::short(fen, ctx.lang));
    html! {
        section.card {
            h2 { (r.since) }
            p.quiet { (r.since_note) }
            @if !late.is_empty() { p { (fill(r.since_sum, &[&facts[0], &facts[1], &facts[2]])) } }
            (table(month, late, &since, ctx).render(ctx))
        }
    }
}

fn row(amounts: &Amounts) -> FigureRow {
    FigureRow::from_sums(amounts, Counts::ZERO, 0)
}

fn table(month: Day, late: &[Late], total: &FigureRow, ctx: &Ctx) -> Table {
    let (r, o, c) = (&ctx.words.review, &ctx.words.official, &ctx.words.frame);
    let columns = [
        (r.col_booked, Align::Whole),
        (r.col_event, Align::Text),
        (r.col_cause, Align::Text),
        (r.col_entries, Align::Number),
        (o.col_gmv_yuan, Align::Number),
        (r.col_refund_yuan, Align::Number),
        (o.col_income_yuan, Align::Number),
        (r.col_uplift_yuan, Align::Number),
        (r.col_provisional_yuan, Align::Number),
    ];
    let mut table = Table::new(r.since, r.since_none, &columns);
    let may_look = matches!(ctx.role, Some(Role::Official | Role::Auditor));
    for part in late {
        let event = event_kind(&part.event_kind, ctx).to_owned();
        let booked = month_key(part.month);
        let event = if may_look {
            let address = format!("{PATH}/{}/since?booked={booked}&event={}", month_key(month), part.event_kind);
            Cell::Link(event, address)
        } else {
            event.into()
        };
        let mut cells = vec![booked.into(), event, r.cause(&part.cause).to_owned().into()];
        cells.push(number::grouped(part.entries).into());
        cells.extend(amounts(&row(&part.amounts)));
        table.rows.push(cells);
    }
    if !late.is_empty() {
        let entries: i64 = late.iter().map(|l| l.entries).sum();
        let mut cells = vec![c.total.into(), "".into(), "".into(), number::grouped(entries).into()];
        cells.extend(amounts(total));
        table.rows.push(cells);
    }
    table
}

fn amounts(row: &FigureRow) -> [Cell; 5] {
    [row.gmv_fen, row.refund_fen, row.farmer_income_fen, row.uplift_fen, row.uplift_provisional_fen]
        .map(|fen| number::yuan(fen).into())
}

/// The lines behind a part of it.
#[derive(Debug, Clone)]
struct Page {
    month: Day,
    booked_on: Day,
    event: String,
    lines: Vec<LateLine>,
    total: i64,
    paging: Paging,
}

fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (r, o) = (&ctx.words.review, &ctx.words.official);
    let (key, booked) = (month_key(page.month), month_key(page.booked_on));
    let steps = [
        Step { label: ctx.words.months.nav.to_owned(), href: PATH.to_owned() },
        Step { label: fill(r.title, &[&key]), href: format!("{PATH}/{key}") },
    ];
    let title = fill(r.since_lines, &[&key, &booked]);
    let columns = [
        (r.col_event_day, Align::Whole),
        (o.col_line, Align::Text),
        (r.col_entries, Align::Number),
        (o.col_gmv_yuan, Align::Number),
        (r.col_refund_yuan, Align::Number),
        (o.col_income_yuan, Align::Number),
        (r.col_uplift_yuan, Align::Number),
        (r.col_provisional_yuan, Align::Number),
    ];
    let mut table = Table::new(&title, r.since_none, &columns);
    for line in &page.lines {
        let mut cells = vec![
            line.event_on.to_string().into(),
            Cell::Link(line.line_no.clone(), format!("/official/lines/{}", line.line_id)),
            number::grouped(line.entries).into(),
        ];
        cells.extend(amounts(&row(&line.amounts)));
        table.rows.push(cells);
    }
    let address = |n: i64| format!("{PATH}/{key}/since?booked={booked}&event={}&page={n}", page.event);
    let body = html! {
        (trail(&steps, event_kind(&page.event, ctx), ctx))
        section.card {
            h1 { (title) }
            p.quiet { (event_kind(&page.event, ctx)) " · " (fill(o.lines_note, &[&number::grouped(page.total)])) }
            (table.render(ctx))
            (pager(page.paging, ctx, address))
        }
    };
    shell::page(&title, Some(Section::Locks), &screen::only(&body, ctx), ctx)
}

/// Which part, as it stands in the address; left out, the month's own page says which there are.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct Part {
    booked: String,
    event: String,
    page: i64,
}

impl Default for Part {
    fn default() -> Self {
        Self { booked: String::new(), event: String::new(), page: 1 }
    }
}

/// `GET /months/{month}/since?booked=…&event=…`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(key): Path<String>,
    Query(part): Query<Part>,
) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    let (Some(month), Some(booked_on)) = (asked(scope, &key)?, parse_month(&part.booked)) else {
        return Ok(Redirect::to(&format!("{PATH}/{key}")).into_response());
    };
    let page = Paging::asked(part.page);
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let total = late::count_lines(session, month, booked_on, &part.event).await?;
        let lines = late::list_lines(session, month, booked_on, &part.event, page).await?;
        let paging = Paging::of(page, total, PAGE);
        Ok::<_, anyhow::Error>(Page { month, booked_on, event: part.event.clone(), lines, total, paging })
    };
    let page = load.await?;
    if page.total == 0 {
        return Err(WebError::NotFound);
    }
    Ok(render(&page, &visit.ctx).into_response())
}
