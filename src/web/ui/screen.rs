//! What stays on the screen of whoever is signed in: paper is handed on, so what may hold amounts of fewer than five
//! households is not printed, and the paper says where the tables to print are.

use crate::web::context::Ctx;
use maud::{Markup, html};

/// A part of a page that is not printed, and what the paper says in its place.
pub fn only(part: &Markup, ctx: &Ctx) -> Markup {
    html! {
        div.on-screen { (part) }
        p.on-paper { (ctx.words.official.not_printed) }
    }
}
