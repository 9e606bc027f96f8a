//! Tables: numbers right-aligned in tabular figures, the unit said once in the head, a designed state when empty. On a phone
//! one of few columns scrolls inside its own box; of one with many, each row is a card, so that no amount is out of sight.

use crate::web::context::Ctx;
use crate::web::wording::fill;
use maud::{Markup, html};

/// Columns a phone has room for.
const NARROW: usize = 4;

/// Which way a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Text,
    /// Days, numbers of records: not broken over lines.
    Whole,
    Number,
}

impl Align {
    const fn class(self) -> Option<&'static str> {
        match self {
            Self::Text => None,
            Self::Whole => Some("whole"),
            Self::Number => Some("number"),
        }
    }
}

/// A table ready to be shown.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Said to screen readers; the heading above says it to the rest.
    pub name: String,
    pub columns: Vec<(String, Align)>,
    pub rows: Vec<Vec<Cell>>,
    /// Said instead of the table when there are no rows.
    pub empty: String,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// A link onward: text and address.
    Link(String, String),
    /// A part of a small set, set as a label.
    Tag(String),
    /// Needs a person.
    Warn(String),
    /// Of less weight than the rest.
    Quiet(String),
    /// Change against a base, basis points.
    Change(Option<i64>),
}

impl Table {
    /// A table with heads for its columns.
    pub fn new(name: &str, empty: &str, columns: &[(&str, Align)]) -> Self {
        Self {
            name: name.into(),
            columns: columns.iter().map(|&(head, align)| (head.to_owned(), align)).collect(),
            rows: Vec::new(),
            empty: empty.into(),
        }
    }

    /// The table, or what to say when it is empty.
    pub fn render(&self, ctx: &Ctx) -> Markup {
        let is_wide = self.columns.len() > NARROW;
        html! {
            @if self.rows.is_empty() {
                p.empty { (self.empty) }
            } @else {
                div.scroll tabindex="0" role="region" aria-label=(self.name) {
                    table class=[is_wide.then_some("as-cards records")] {
                        thead { tr { @for (head, align) in &self.columns { th class=[align.class()] scope="col" { (head) } } } }
                        tbody {
                            @for row in &self.rows {
                                tr { @for (cell, (head, align)) in row.iter().zip(&self.columns) {
                                    td class=[align.class()] data-label=[is_wide.then_some(head)] { (cell.render(ctx)) }
                                } }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Cell {
    pub fn render(&self, ctx: &Ctx) -> Markup {
        html! {
            @match self {
                Self::Text(text) => (text),
                Self::Link(text, href) => a href=(href) { (text) },
                Self::Tag(text) => span.tag { (text) },
                Self::Warn(text) => span.warn { (text) },
                Self::Quiet(text) => span.quiet { (text) },
                Self::Change(bp) => (super::amount::change(*bp, ctx)),
            }
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// No list has more pages than this; a larger number is a mistake or an attack.
pub const MOST_PAGES: i64 = 1_000_000;

/// Which page of how many, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    pub page: i64,
    pub pages: i64,
}

impl Paging {
    /// The page that an address asks for; a number no list has is the nearest one that a list may have.
    pub fn asked(page: i64) -> i64 {
        page.clamp(1, MOST_PAGES)
    }

    /// A page of rows that are all in memory: those of the page, and where it stands.
    pub fn cut<T>(rows: Vec<T>, page: i64, size: i64) -> (Vec<T>, Self) {
        let paging = Self::of(page, i64::try_from(rows.len()).unwrap_or(i64::MAX), size);
        let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        (rows.into_iter().skip(count((page - 1) * size)).take(count(size)).collect(), paging)
    }

    /// Of `total` rows, `size` a page; there is always a first page.
    pub fn of(page: i64, total: i64, size: i64) -> Self {
        Self { page, pages: ((total + size - 1) / size).max(1) }
    }
}

/// Links to the page before and after; nothing for a single page. `address` gives a page's.
pub fn pager(paging: Paging, ctx: &Ctx, address: impl Fn(i64) -> String) -> Markup {
    let c = &ctx.words.frame;
    let here = fill(c.page_of, &[&paging.page.to_string(), &paging.pages.to_string()]);
    html! {
        @if paging.pages > 1 {
            nav.pager aria-label=(c.pages) {
                @if paging.page > 1 { a rel="prev" href=(address(paging.page - 1)) { (c.page_prev) } }
                span { (here) }
                @if paging.page < paging.pages { a rel="next" href=(address(paging.page + 1)) { (c.page_next) } }
            }
        }
    }
}
