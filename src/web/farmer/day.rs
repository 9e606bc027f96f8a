//! The parcels of one day, each leading to how it is worked out.

use super::{money, month_words};
use crate::domain::calendar::{Day, Instant, month_key, month_start};
use crate::web::context::Ctx;
use crate::web::farmer::month::as_of;
use crate::web::ui::number::grouped;
use crate::web::ui::shell;
use crate::web::wording::fill;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub day: Day,
    pub parcels: Vec<Parcel>,
    pub as_of: Option<Instant>,
}

/// One line sold that day.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub line_id: i64,
    pub listing: String,
    pub pieces: i64,
    pub farmer_fen: i64,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    let title = fill(f.day_title, &[&page.day.to_string()]);
    let month = month_start(page.day);
    let body = html! {
        h1 { (title) }
        @if page.parcels.is_empty() { p.empty { (ctx.words.common.empty) } }
        nav.taps { @for parcel in &page.parcels {
            a href={ "/farmer/parcels/" (parcel.line_id) } {
                span { (parcel.listing) } span { (fill(f.day_sold, &[&grouped(parcel.pieces), &money(parcel.farmer_fen)])) }
            }
        } }
        a.button href={ "/farmer/months/" (month_key(month)) } { (fill(f.back, &[&month_words(month, ctx)])) }
        (as_of(page.as_of, ctx))
    };
    shell::phone(&title, &body, ctx)
}
