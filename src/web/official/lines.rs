//! The order lines behind a number: of goods, a room, an anchor or a stream.

use super::group::Grouping;
use super::range::Range;
use crate::domain::calendar::Day;
use crate::domain::ledger::State;
use crate::web::context::Ctx;
use crate::web::ui::number;
use crate::web::ui::shell;
use crate::web::ui::table::{Align, Cell, Paging, Table, pager};
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use maud::{Markup, html};

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
    shell::page(&title, None, &body, ctx)
}

/// How many lines there are, and what to do with them.
pub fn note(total: i64, ctx: &Ctx) -> String {
    fill(ctx.words.official.lines_note, &[&number::grouped(total)])
}

/// A table of lines, each leading to its evidence.
pub fn table(lines: &[LineRow], ctx: &Ctx) -> Table {
    let (o, l, c) = (&ctx.words.official, &ctx.words.ledger, &ctx.words.common);
    let columns = [
        (o.col_paid_on, Align::Text),
        (o.col_line, Align::Text),
        (o.col_listing, Align::Text),
        (o.col_state, Align::Text),
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
                Cell::Tag(state(line.state, ctx).into()),
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
