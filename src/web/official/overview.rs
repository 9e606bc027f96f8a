//! 总览: how much livestream sales added to farmers' income, in one number and one sentence.
//!
//! The headline counts settled lines of Red streams only; beside it always stand what is provisional, how much of the
//! income has a baseline, the range, 截至, and the readings usually published of the same orders. What is left out is
//! listed with its amount, never silently.

use super::group::{self, Group, Grouping};
use super::range::Range;
use crate::domain::calendar::{Instant, clock_text};
use crate::web::context::Ctx;
use crate::web::ui::bars::{self, Tone};
use crate::web::ui::picture::{self, Picture};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use crate::web::ui::{amount, number};
use crate::web::wording::fill;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub place: String,
    pub range: Range,
    pub as_of: Option<Instant>,
    pub headline: Headline,
    pub month: Option<Month>,
    pub cumulative: Picture,
    pub months: Picture,
    pub waterfall: Picture,
    /// The first groups of each grouping, and how many there are.
    pub breakdowns: Vec<Breakdown>,
    pub left_out: Vec<LeftOut>,
}

/// The settled sums of what the headline counts, and the same orders as usually reported.
#[derive(Debug, Clone, Default)]
pub struct Headline {
    pub uplift_fen: i64,
    pub low_fen: i64,
    pub high_fen: i64,
    pub provisional_fen: i64,
    pub coverage_bp: i64,
    pub households: i64,
    /// Half of the households have more, and how many have a loss.
    pub median_fen: Option<i64>,
    pub households_with_loss: i64,
    pub supervised_fen: i64,
    pub gmv_fen: i64,
    pub income_fen: i64,
}

/// The last month of the range, and how it changed on the same month a year before. January and February are compared
/// together, because Spring Festival moves between them.
#[derive(Debug, Clone)]
pub struct Month {
    pub label: String,
    pub uplift_fen: i64,
    pub change_bp: Option<i64>,
}

/// The beginning of a grouping's table.
#[derive(Debug, Clone)]
pub struct Breakdown {
    pub grouping: Grouping,
    pub groups: Vec<Group>,
    pub total: usize,
}

/// Why something is not in the headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    NoBaseline,
    NoListing,
    Inferred,
    Bulk,
    Other,
    Unpaid,
}

/// Something not counted, with its size.
#[derive(Debug, Clone)]
pub struct LeftOut {
    pub why: Why,
    /// Order lines, or orders for [`Why::Unpaid`].
    pub count: i64,
    /// `None` where no amount is known.
    pub amount_fen: Option<i64>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let body = html! {
        (page.range.form("/official", &page.place, o.basis_settled, ctx))
        div.grid.lead { (headline(page, ctx)) (readings(page, ctx)) }
        div.grid.lead { (picture::card(&page.cumulative, ctx)) (picture::card(&page.waterfall, ctx)) }
        (picture::card(&page.months, ctx))
        p.quiet { (o.by_scope) }
        div.grid.lead {
            div.stack { @for breakdown in &page.breakdowns { (section(breakdown, page.range, ctx)) } }
            (left_out(&page.left_out, ctx))
        }
    };
    shell::page(o.nav_overview, Some(Section::Overview), &body, ctx)
}

fn headline(page: &Page, ctx: &Ctx) -> Markup {
    let (o, c, h) = (&ctx.words.official, &ctx.words.common, &page.headline);
    let title = if page.range.is_whole() { o.uplift_total } else { o.uplift_range };
    let exact = fill(o.exact, &[&number::yuan(h.uplift_fen)]);
    let range = fill(o.range_low_high, &[&number::short(h.low_fen, ctx.lang), &number::short(h.high_fen, ctx.lang)]);
    let coverage = fill(o.coverage, &[&number::percent_floor(h.coverage_bp)]);
    let mean = number::mean_fen(h.uplift_fen, h.households);
    let yuan = |fen: i64| html! { (number::whole_yuan(fen)) " " (c.yuan) };
    html! {
        section.card {
            h1.label { (title) }
            (amount::headline(h.uplift_fen, ctx))
            p.quiet { a href=(page.range.link("/official/by/town")) { (exact) } " · " (range) " · " (coverage) }
            p.quiet { (as_of(page.as_of, ctx)) " · " (o.basis_settled) }
            dl.facts {
                @if let Some(month) = &page.month {
                    (amount::fact(&fill(o.this_month, &[&month.label]), &html! {
                        (number::short(month.uplift_fen, ctx.lang)) " "
                        span.beside { (amount::change(month.change_bp, ctx)) " " (o.on_year) }
                    }))
                }
                (amount::fact(o.provisional, &html! { (number::short(h.provisional_fen, ctx.lang)) }))
                (amount::fact(o.households, &html! { (number::grouped(h.households)) " " (c.households) }))
                (amount::fact(o.per_household, &html! { @match mean { Some(fen) => (yuan(fen)), None => (c.none) } }))
                @if let Some(median) = h.median_fen { (amount::fact(o.median, &yuan(median))) }
                (amount::fact(o.with_loss, &html! { (number::grouped(h.households_with_loss)) " " (c.households) }))
                (amount::fact(o.supervised, &html! { (number::short(h.supervised_fen, ctx.lang)) }))
            }
        }
    }
}

fn readings(page: &Page, ctx: &Ctx) -> Markup {
    let (o, h) = (&ctx.words.official, &page.headline);
    let rows = [(o.gmv, h.gmv_fen, Tone::Gmv), (o.income, h.income_fen, Tone::Farmer), (o.uplift, h.uplift_fen, Tone::Uplift)];
    html! {
        section.card {
            h2 { (o.readings) }
            p.quiet { (o.readings_note) " " a href="/method" { (o.readings_why) } }
            dl.bars {
                @for (label, fen, tone) in rows {
                    dt { (label) }
                    dd { (bars::bar(fen, h.gmv_fen, tone)) span.number { (number::short(fen, ctx.lang)) } }
                }
            }
            p.quiet { (as_of(page.as_of, ctx)) }
        }
    }
}

fn section(breakdown: &Breakdown, range: Range, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let more = breakdown.total > breakdown.groups.len();
    html! {
        section.card {
            h2 { (breakdown.grouping.title(ctx)) }
            p.quiet { (o.by_note) }
            (group::table(breakdown.grouping, &breakdown.groups, range, ctx).render(ctx))
            @if more {
                p { a href=(range.link(&format!("/official/by/{}", breakdown.grouping.key()))) {
                    (fill(o.by_all, &[&breakdown.total.to_string()]))
                } }
            }
        }
    }
}

fn left_out(rows: &[LeftOut], ctx: &Ctx) -> Markup {
    let (o, c) = (&ctx.words.official, &ctx.words.common);
    let columns = [(o.col_reason, Align::Text), (o.col_lines, Align::Number), (o.col_amount, Align::Number)];
    let mut table = Table::new(o.left_out, c.empty, &columns);
    for row in rows {
        let reason = match row.why {
            Why::NoBaseline => o.out_no_baseline,
            Why::NoListing => o.out_no_listing,
            Why::Inferred => o.out_inferred,
            Why::Bulk => o.out_bulk,
            Why::Other => o.out_other,
            Why::Unpaid => o.out_unpaid,
        };
        let amount = row.amount_fen.map_or_else(|| c.none.to_owned(), number::yuan);
        table.rows.push(vec![reason.into(), number::grouped(row.count).into(), amount.into()]);
    }
    html! { section.card { h2 { (o.left_out) } p.quiet { (o.left_out_note) } (table.render(ctx)) } }
}

/// 截至, in words.
pub fn as_of(at: Option<Instant>, ctx: &Ctx) -> String {
    let c = &ctx.words.common;
    at.map_or_else(|| c.as_of_none.to_owned(), |at| fill(c.as_of, &[&clock_text(at)]))
}
