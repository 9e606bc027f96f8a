//! A town with its villages and households, or a village with its households.

use super::group::{self, Group, Grouping};
use super::overview::as_of;
use super::range::Range;
use crate::domain::calendar::Instant;
use crate::domain::figures::FigureRow;
use crate::web::context::Ctx;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Paging, pager};
use crate::web::ui::trail::{Step, trail};
use crate::web::ui::{amount, number};
use crate::web::wording::fill;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub code: String,
    pub name: String,
    pub trail: Vec<Step>,
    pub range: Range,
    pub as_of: Option<Instant>,
    /// All lines of the region's households, inside the headline or not.
    pub total: FigureRow,
    /// Empty for a village.
    pub villages: Vec<Group>,
    pub farmers: Vec<Group>,
    pub paging: Paging,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let path = format!("/official/regions/{}", page.code);
    let title = fill(o.region_title, &[&page.name]);
    let body = html! {
        (trail(&page.trail, &page.name, ctx))
        (page.range.form(&path, &page.name, o.basis_settled, ctx))
        (sums(&title, &page.total, page.as_of, ctx))
        @if !page.villages.is_empty() {
            section.card {
                h2 { (o.by_village) }
                (group::table(Grouping::Village, &page.villages, page.range, ctx).render(ctx))
            }
        }
        section.card {
            h2 { (o.by_farmer) }
            p.quiet { (o.by_note) }
            (group::table(Grouping::Farmer, &page.farmers, page.range, ctx).render(ctx))
            (pager(page.paging, ctx, |n| page.range.link(&format!("{path}?page={n}"))))
        }
    };
    shell::page(&title, Some(Section::Towns), &body, ctx)
}

/// The card that answers a page of the drill-down: uplift, and what it is made from.
pub fn sums(title: &str, total: &FigureRow, at: Option<Instant>, ctx: &Ctx) -> Markup {
    let (o, c) = (&ctx.words.official, &ctx.words.common);
    let range = fill(
        o.range_low_high,
        &[&number::short(total.uplift_low_fen, ctx.lang), &number::short(total.uplift_high_fen, ctx.lang)],
    );
    let short = |fen: i64| html! { (number::short(fen, ctx.lang)) };
    html! {
        section.card {
            h1.label { (title) }
            (amount::headline(total.uplift_fen, ctx))
            p.quiet {
                (fill(o.exact, &[&number::yuan(total.uplift_fen)])) " · " (range) " · "
                (fill(o.coverage, &[&number::percent_floor(total.baseline_coverage_bp)]))
            }
            p.quiet { (as_of(at, ctx)) " · " (o.basis_settled) }
            dl.facts {
                (amount::fact(o.gmv, &short(total.gmv_fen)))
                (amount::fact(o.net, &short(total.net_fen)))
                (amount::fact(o.income, &short(total.farmer_income_fen)))
                (amount::fact(o.provisional, &short(total.uplift_provisional_fen)))
                @if total.households > 0 {
                    (amount::fact(o.households, &html! { (number::grouped(total.households)) " " (c.households) }))
                }
            }
        }
    }
}
