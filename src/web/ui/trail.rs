//! The way from the headline to here, each step with its number, so that one can walk back up.

use crate::web::context::Ctx;
use maud::{Markup, html};

/// A step: what it is (with its number) and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub label: String,
    pub href: String,
}

/// The steps, and the name of this page last.
pub fn trail(steps: &[Step], here: &str, ctx: &Ctx) -> Markup {
    html! {
        nav.trail aria-label=(ctx.words.frame.trail) {
            @for step in steps { a href=(step.href) { (step.label) } span.sep aria-hidden="true" { "›" } }
            span aria-current="page" { (here) }
        }
    }
}
