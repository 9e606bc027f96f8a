//! What of a list is looked at, as it stands in the address: the form that asks for it, and the addresses of its pages.
//!
//! Rule that must hold: what was typed into the address is repeated only where it is one of the choices; anything else is
//! as if nothing had been chosen, so that no page says what somebody else wrote. Works without JavaScript.

use crate::web::context::Ctx;
use maud::{Markup, html};
use std::fmt::Write;

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// In the address.
    name: &'static str,
    label: &'static str,
    /// As they stand in the address, each with its words.
    options: Vec<(String, String)>,
    /// '' for all of them.
    chosen: String,
}

impl Choice {
    /// A choice of which an address asks for one.
    pub fn new(name: &'static str, label: &'static str, options: Vec<(String, String)>, asked: &str) -> Self {
        let known = options.iter().any(|(value, _)| value == asked);
        Self { name, label, options, chosen: if known { asked.to_owned() } else { String::new() } }
    }

    /// An order leaves nothing out, so that having chosen none is not "all".
    fn is_order(&self) -> bool {
        self.name == "sort"
    }

    /// What is chosen; '' for everything.
    pub fn value(&self) -> &str {
        &self.chosen
    }

    /// A number that is chosen; 0 for everything.
    pub fn id(&self) -> i64 {
        self.chosen.parse().unwrap_or(0)
    }
}

/// The choices of a list at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub path: &'static str,
    pub choices: Vec<Choice>,
}

impl Chosen {
    /// What is chosen as it stands behind an address, `a=b&c=d`; '' for everything.
    pub fn query(&self) -> String {
        let mut query = String::new();
        for choice in self.choices.iter().filter(|choice| !choice.chosen.is_empty()) {
            let join = if query.is_empty() { "" } else { "&" };
            let _ = write!(query, "{join}{}={}", choice.name, super::form::in_address(&choice.chosen));
        }
        query
    }

    /// The address of a page of what is chosen.
    pub fn address(&self, page: i64) -> String {
        let mut address = self.path.to_owned();
        let query = self.query();
        let mut join = '?';
        if !query.is_empty() {
            let _ = write!(address, "{join}{query}");
            join = '&';
        }
        if page > 1 {
            let _ = write!(address, "{join}page={page}");
        }
        address
    }

    /// The same fields hidden in another form, so that its answer comes back to what was looked at.
    pub fn hidden(&self, page: i64) -> Markup {
        html! {
            @for choice in self.choices.iter().filter(|choice| !choice.chosen.is_empty()) {
                input type="hidden" name=(choice.name) value=(choice.chosen);
            }
            @if page > 1 { input type="hidden" name="page" value=(page); }
        }
    }

    /// True while nothing is chosen.
    pub fn is_whole(&self) -> bool {
        self.choices.iter().all(|choice| choice.chosen.is_empty())
    }

    /// The form that asks.
    pub fn render(&self, ctx: &Ctx) -> Markup {
        let (s, a, l) = (&ctx.words.streams, &ctx.words.audit, &ctx.words.lists);
        html! {
            form.filters method="get" action=(self.path) {
                @for choice in &self.choices { label.chip { (choice.label) " " select name=(choice.name) {
                    option value="" { (if choice.is_order() { l.usual } else { s.state_all }) }
                    @for (value, words) in &choice.options {
                        option value=(value) selected[*value == choice.chosen] { (words) }
                    }
                } } }
                button type="submit" { (s.filter_button) }
                @if !self.is_whole() { a href=(self.path) { (a.clear) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_repeats_what_can_be_chosen_and_nothing_else() {
        let choice = |asked: &str| Choice::new("kind", "", vec![("a b".into(), String::new())], asked);
        let chosen = |asked: &str| Chosen { path: "/x", choices: vec![choice(asked)] };
        assert_eq!(chosen("a b").address(1), "/x?kind=a%20b");
        assert_eq!(chosen("a b").address(3), "/x?kind=a%20b&page=3");
        assert_eq!(chosen("\"><script>").address(2), "/x?page=2");
        assert!(chosen("c").is_whole() && !chosen("a b").is_whole());
    }
}
