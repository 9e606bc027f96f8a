//! Amounts with their colour and sign: one meaning a colour, and never colour alone.

use super::number;
use crate::web::context::Ctx;
use maud::{Markup, html};

/// A change with arrow, sign and the words for it; a dash where the base says nothing. Red is up, as the county reads it.
pub fn change(bp: Option<i64>, ctx: &Ctx) -> Markup {
    let c = &ctx.words.frame;
    html! {
        @match bp {
            None => span.quiet { (c.none) },
            Some(bp) if bp > 0 => span.up { span aria-label=(c.up) { "▲" } " " (number::percent_change(bp)) },
            Some(bp) if bp < 0 => span.down { span aria-label=(c.down) { "▼" } " " (number::percent_change(bp)) },
            Some(bp) => span.quiet { (number::percent_change(bp)) },
        }
    }
}

/// The page's one large number with its unit.
pub fn headline(fen: i64, ctx: &Ctx) -> Markup {
    let q = number::quantity(fen, ctx.lang);
    html! { p.headline { span.figure { (q.number) } " " span.unit { (q.unit) } } }
}

/// A label that leads to what it means, over a value, several in a row.
pub fn defined(label: &str, definition: &str, value: &Markup) -> Markup {
    html! { div.fact { dt { a href=(definition) { (label) } } dd { (value) } } }
}

/// A label over a value, several in a row.
pub fn fact(label: &str, value: &Markup) -> Markup {
    html! { div.fact { dt { (label) } dd { (value) } } }
}
