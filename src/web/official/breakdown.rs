//! One grouping in full: all towns, goods, rooms, anchors, months, or a page of streams.

use super::group::{self, Group, Grouping};
use super::overview::as_of;
use super::range::Range;
use crate::domain::calendar::Instant;
use crate::web::context::Ctx;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Paging, pager};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub place: String,
    pub range: Range,
    pub as_of: Option<Instant>,
    pub grouping: Grouping,
    pub groups: Vec<Group>,
    pub paging: Paging,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let path = format!("/official/by/{}", page.grouping.key());
    let title = page.grouping.title(ctx);
    let body = html! {
        (page.range.form(&path, &page.place, o.basis_settled, ctx))
        section.card {
            h1 { (title) }
            p.quiet { (o.by_note) " · " (as_of(page.as_of, ctx)) " · " (o.by_scope) }
            (group::table(page.grouping, &page.groups, page.range, ctx).render(ctx))
            (pager(page.paging, ctx, |n| page.range.link(&format!("{path}?page={n}"))))
        }
    };
    shell::page(title, section(page.grouping), &body, ctx)
}

const fn section(grouping: Grouping) -> Option<Section> {
    match grouping {
        Grouping::Town => Some(Section::Towns),
        Grouping::Product => Some(Section::Products),
        Grouping::Room => Some(Section::Rooms),
        Grouping::Anchor => Some(Section::Anchors),
        Grouping::Stream => Some(Section::Streams),
        Grouping::Month => Some(Section::Months),
        Grouping::Village | Grouping::Farmer => None,
    }
}
