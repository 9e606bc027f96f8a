//! The order lines behind a number: of goods, a room, an anchor or a stream.

use super::group::Grouping;
use super::load;
use super::range::{Asked, Range};
use crate::domain::amounts::Col;
use crate::domain::calendar::Day;
use crate::domain::figures::uplift_so_far_fen;
use crate::domain::ledger::State;
use crate::store::lines::{self as store_lines, Chosen, Lens, ListedLine, PAGE};
use crate::store::{StoreError, figures, rows};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::number;
use crate::web::ui::table::{Align, Cell, Paging, Table, pager};
use crate::web::ui::trail::{Step, trail};
use crate::web::ui::{screen, shell};
use crate::web::wording::fill;
use axum::extract::{Query, State as Shared};
use maud::{Markup, html};
use serde::Deserialize;

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    pub line_id: i64,
    pub line_no: String,
    pub paid_on: Option<Day>,
    /// Empty where no listing is known.
    pub listing: String,
    pub state: State,
    pub gmv_fen: i64,
    /// Present position, settled or not.
    pub farmer_fen: i64,
    pub uplift_fen: i64,
}

impl LineRow {
    /// From the store's row: the position's own uplift, settled or not.
    pub fn of(line: ListedLine) -> Result<Self, StoreError> {
        let p = &line.position;
        Ok(Self {
            line_id: line.line_id,
            line_no: line.line_no,
            paid_on: line.paid_on,
            listing: line.listing,
            state: rows::known(&line.state, State::parse)?,
            gmv_fen: p[Col::Gmv],
            farmer_fen: p[Col::Farmer],
            uplift_fen: uplift_so_far_fen(p, Col::BaselineMid),
        })
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub grouping: Grouping,
    pub key: String,
    pub name: String,
    pub trail: Vec<Step>,
    pub range: Range,
    pub lines: Vec<LineRow>,
    pub lines_total: i64,
    pub paging: Paging,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let title = fill(o.lines_of, &[&page.name]);
    let path = format!("/official/lines?by={}&key={}", page.grouping.key(), page.key);
    let body = html! {
        (trail(&page.trail, &page.name, ctx))
        section.card {
            h1 { (title) }
            p.quiet { (note(page.lines_total, ctx)) }
            (table(&page.lines, ctx).render(ctx))
            (pager(page.paging, ctx, |n| page.range.link(&format!("{path}&page={n}"))))
        }
    };
    shell::page(&title, None, &screen::only(&body, ctx), ctx)
}

/// How many lines there are, and what to do with them.
pub fn note(total: i64, ctx: &Ctx) -> String {
    fill(ctx.words.official.lines_note, &[&number::grouped(total)])
}

/// A table of lines, each leading to its evidence.
pub fn table(lines: &[LineRow], ctx: &Ctx) -> Table {
    let (o, l, c) = (&ctx.words.official, &ctx.words.ledger, &ctx.words.frame);
    let columns = [
        (o.col_paid_on, Align::Whole),
        (o.col_line, Align::Text),
        (o.col_listing, Align::Text),
        (o.col_state, Align::Whole),
        (o.col_gmv, Align::Number),
        (o.col_farmer_fen, Align::Number),
        (o.col_uplift_fen, Align::Number),
    ];
    let mut table = Table::new(o.lines_title, o.no_sales, &columns);
    table.rows = lines
        .iter()
        .map(|line| {
            let listing = if line.listing.is_empty() { l.no_listing } else { &line.listing };
            vec![
                line.paid_on.map_or_else(|| c.none.to_owned(), |day| day.to_string()).into(),
                Cell::Link(line.line_no.clone(), format!("/official/lines/{}", line.line_id)),
                listing.into(),
                state_cell(line.state, ctx),
                number::yuan(line.gmv_fen).into(),
                number::yuan(line.farmer_fen).into(),
                number::yuan(line.uplift_fen).into(),
            ]
        })
        .collect();
    table
}

/// A line's state in words.
pub const fn state(state: State, ctx: &Ctx) -> &'static str {
    let l = &ctx.words.ledger;
    match state {
        State::Unpaid => l.state_unpaid,
        State::Provisional => l.state_provisional,
        State::Settled => l.state_settled,
        State::Refunded => l.state_refunded,
    }
}

/// A line's state in a table: what may still move stands out from what is settled.
pub fn state_cell(of: State, ctx: &Ctx) -> Cell {
    let said = state(of, ctx).to_owned();
    match of {
        State::Settled => Cell::Tag(said),
        State::Provisional => Cell::Warn(said),
        State::Unpaid | State::Refunded => Cell::Quiet(said),
    }
}

/// Which lines, as it stands in the address.
#[derive(Debug, Clone, Deserialize)]
pub struct Of {
    by: String,
    key: String,
}

/// `GET /official/lines?by=…&key=…`
pub async fn show(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Query(of): Query<Of>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let (grouping, lens) = match Grouping::parse(&of.by) {
        Some(g @ Grouping::Product) => (g, Lens::Product),
        Some(g @ Grouping::Room) => (g, Lens::Room),
        Some(g @ Grouping::Anchor) => (g, Lens::Anchor),
        Some(g @ Grouping::Stream) => (g, Lens::Stream),
        _ => return Err(WebError::NotFound),
    };
    let id: i64 = of.key.parse().map_err(|_| WebError::BadRequest)?;
    let range = Range::parse(&asked)?;
    let (from, to) = figures::Range { from: range.from, to: range.to }.ends();
    let page = load(&app, &visit, grouping, Chosen { lens, id, from, to }, range, asked.page()?).await?;
    Ok(render(&page, &visit.ctx))
}

async fn load(
    app: &AppState,
    visit: &Visit,
    grouping: Grouping,
    chosen: Chosen,
    range: Range,
    page: i64,
) -> Result<Page, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let name = load::name_of(session, grouping, chosen.id, &visit.ctx).await?;
        let lines_total = store_lines::count_chosen(session, &chosen).await?;
        let lines = store_lines::list_chosen(session, &chosen, page).await?;
        let lines = lines.into_iter().map(LineRow::of).collect::<Result<_, _>>()?;
        let steps = [
            Step { label: visit.ctx.words.official.nav_overview.into(), href: range.link("/official") },
            Step {
                label: grouping.title(&visit.ctx).into(),
                href: range.link(&format!("/official/by/{}", grouping.key())),
            },
        ];
        Ok::<_, anyhow::Error>(Page {
            grouping,
            key: chosen.id.to_string(),
            name,
            trail: steps.into(),
            range,
            lines,
            lines_total,
            paging: Paging::of(page, lines_total, PAGE),
        })
    };
    Ok(load.await?)
}
