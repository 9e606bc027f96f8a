//! A month of one household.

use super::{money, month_words};
use crate::domain::calendar::{Day, Instant, clock_text, month_key};
use crate::domain::ledger::facts::Outcome;
use crate::web::context::Ctx;
use crate::web::ui::number::{grouped, per_weight_fen, weight};
use crate::web::ui::shell;
use crate::web::wording::fill;
use chrono::Datelike;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// Family name only: a phone is shown around.
    pub household: String,
    pub village: String,
    /// First day of the month.
    pub month: Day,
    /// Settled income of the month.
    pub due_fen: i64,
    /// By when it is to be paid, where whoever pays has named a day.
    pub due_on: Option<Day>,
    /// Everything not settled up to the end of the month.
    pub pending_fen: i64,
    pub sold: Vec<Sold>,
    pub returned: Vec<Returned>,
    /// Newest first.
    pub days: Vec<DaySold>,
    /// A parcel to work out: the last one sold.
    pub parcel: Option<i64>,
    /// Other months with sales, newest first.
    pub months: Vec<Day>,
    pub phone: Option<String>,
    pub as_of: Option<Instant>,
}

/// Goods of one kind sold in the month, by pay day, as they now stand.
#[derive(Debug, Clone)]
pub struct Sold {
    pub listing: String,
    pub pieces: i64,
    pub goods_g: i64,
    pub farmer_fen: i64,
    /// Farm-gate value of the same goods; `None` where a day had no price.
    pub baseline_fen: Option<i64>,
}

/// What came back, by what became of it.
#[derive(Debug, Clone)]
pub struct Returned {
    pub outcome: Outcome,
    pub pieces: i64,
}

/// A day's sales.
#[derive(Debug, Clone)]
pub struct DaySold {
    pub day: Day,
    pub pieces: i64,
    pub farmer_fen: i64,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    let body = html! {
        header.phone-head {
            span { (fill(f.home_of, &[&page.household, &page.village])) }
            span { (month_words(page.month, ctx)) }
        }
        (money_card(page, ctx))
        @if page.sold.is_empty() && page.days.is_empty() {
            section.card { h2 { (f.nothing) } p { (f.nothing_why) } }
        } @else {
            h2 { (f.sold) }
            @for sold in &page.sold { (sold_card(sold, ctx)) }
            (returned_card(&page.returned, ctx))
        }
        @if let Some(line_id) = page.parcel { a.button.primary href={ "/farmer/parcels/" (line_id) } { (f.how) } }
        @if let Some(phone) = &page.phone { a.button href={ "tel:" (phone) } { (f.call) " " (phone) } }
        (days(&page.days, ctx))
        @if !page.months.is_empty() {
            h2 { (f.other_months) }
            nav.taps { @for &month in &page.months {
                a href={ "/farmer/months/" (month_key(month)) } { (month_words(month, ctx)) }
            } }
        }
        (as_of(page.as_of, ctx))
    };
    shell::phone(f.title, &body, ctx)
}

/// What the foot of every page of the phone says.
pub fn as_of(at: Option<Instant>, ctx: &Ctx) -> Markup {
    let text = at.map_or_else(
        || ctx.words.common.as_of_none.to_owned(),
        |at| fill(ctx.words.farmer.as_of, &[&clock_text(at)]),
    );
    html! { p.quiet { (text) } }
}

fn money_card(page: &Page, ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    let due_on = page.due_on.map_or_else(
        || f.due_unknown.to_owned(),
        |day| fill(f.due_on, &[&day.month().to_string(), &day.day().to_string()]),
    );
    html! {
        section.card {
            h1.label { (f.arrived) }
            p.unrecorded { (f.arrived_unknown) }
            p.quiet { (f.arrived_why) }
            div.tiles {
                div.tile { p { (f.due) } p.sum { (money(page.due_fen)) } p { (due_on) } }
                div.tile { p { (f.pending) } p.sum { (money(page.pending_fen)) } p { (f.pending_why) } }
            }
        }
    }
}

fn sold_card(sold: &Sold, ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    let mine = per_weight_fen(sold.farmer_fen, sold.goods_g, ctx.lang);
    let gate = sold.baseline_fen.and_then(|fen| per_weight_fen(fen, sold.goods_g, ctx.lang));
    html! {
        section.card.sold {
            p.pair { strong { (sold.listing) } strong { (fill(f.pieces, &[&grouped(sold.pieces)])) } }
            @if let Some(mine) = mine {
                p { (fill(f.per_weight, &[&weight(sold.goods_g, ctx.lang), &money(mine)])) }
                @match gate {
                    Some(gate) => p.gain {
                        (fill(if mine >= gate { f.more } else { f.less }, &[&money(gate), &money((mine - gate).abs())]))
                    },
                    None => p.quiet { (f.no_price) },
                }
            }
        }
    }
}

fn returned_card(returned: &[Returned], ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    let all: i64 = returned.iter().map(|r| r.pieces).sum();
    html! {
        section.card {
            p.pair { strong { (f.returned) } strong { (fill(f.pieces, &[&grouped(all)])) } }
            @if returned.is_empty() { p.quiet { (f.returned_none) } }
            @for row in returned { p { (fill(f.reason_pieces, &[why(row.outcome, ctx), &grouped(row.pieces)])) } }
        }
    }
}

const fn why(outcome: Outcome, ctx: &Ctx) -> &'static str {
    let f = &ctx.words.farmer;
    match outcome {
        Outcome::Kept => f.why_kept,
        Outcome::Returned => f.why_returned,
        Outcome::Lost => f.why_lost,
        Outcome::NeverLeft => f.why_never_left,
    }
}

fn days(days: &[DaySold], ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    html! {
        @if !days.is_empty() {
            h2 { (f.days) }
            nav.taps { @for row in days {
                a href={ "/farmer/days/" (row.day) } {
                    span { (row.day) } span { (fill(f.day_sold, &[&grouped(row.pieces), &money(row.farmer_fen)])) }
                }
            } }
        }
    }
}
