//! Empty and failed states: what is missing, why, what to do next.

use maud::{Markup, html};

/// Nothing to show: what, why, and what to do.
pub fn empty(what: &str, why: &str) -> Markup {
    html! { div.card.state { h2 { (what) } p { (why) } } }
}

/// An error with one place to go.
pub fn failure(status: u16, what: &str, todo: &str, href: &str, link: &str) -> Markup {
    html! {
        div.card.state {
            p.quiet { (status) }
            h1 { (what) }
            p { (todo) }
            p { a.button href=(href) { (link) } }
        }
    }
}
