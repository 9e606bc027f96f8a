//! A household's figures and its order lines. The household is 陈* with its village, and the look is recorded.

use super::lines::{self, LineRow};
use super::range::Range;
use super::region::sums;
use crate::domain::calendar::Instant;
use crate::domain::figures::FigureRow;
use crate::web::context::Ctx;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Paging, pager};
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub farmer_id: i64,
    /// Family name only.
    pub label: String,
    pub village: String,
    pub trail: Vec<Step>,
    pub range: Range,
    pub as_of: Option<Instant>,
    pub total: FigureRow,
    pub lines: Vec<LineRow>,
    pub lines_total: i64,
    pub paging: Paging,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let path = format!("/official/farmers/{}", page.farmer_id);
    let title = fill(o.farmer_title, &[&page.label]);
    let body = html! {
        (trail(&page.trail, &title, ctx))
        (page.range.form(&path, &page.village, o.basis_settled, ctx))
        (sums(&title, &page.total, page.as_of, ctx))
        section.card {
            h2 { (o.lines_title) }
            p.quiet { (lines::note(page.lines_total, ctx)) }
            (lines::table(&page.lines, ctx).render(ctx))
            (pager(page.paging, ctx, |n| page.range.link(&format!("{path}?page={n}"))))
        }
        p.quiet { (o.looked) }
    };
    shell::page(&title, Some(Section::Towns), &body, ctx)
}
