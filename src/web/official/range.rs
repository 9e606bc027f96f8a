//! The days a page is about, kept in its address so that a page can be shared and walked down from.

use crate::domain::calendar::{Day, month_start, next_month, parse_day};
use crate::web::context::Ctx;
use crate::web::error::WebError;
use crate::web::ui::table::MOST_PAGES;
use maud::{Markup, html};
use serde::Deserialize;

/// As it stands in the address; an empty box of the form is the same as no box.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    from: Option<String>,
    to: Option<String>,
    page: Option<i64>,
}

impl Asked {
    /// The page of a list, from 1.
    pub fn page(&self) -> Result<i64, WebError> {
        let page = self.page.unwrap_or(1);
        if (1..=MOST_PAGES).contains(&page) { Ok(page) } else { Err(WebError::BadRequest) }
    }
}

/// Days from–to, inclusive; open where not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    pub from: Option<Day>,
    pub to: Option<Day>,
}

impl Range {
    /// Reads the address; an impossible day is the reader's error. Two days are a range in either order.
    pub fn parse(asked: &Asked) -> Result<Self, WebError> {
        let day = |text: &Option<String>| match text.as_deref() {
            None | Some("") => Ok(None),
            Some(text) => parse_day(text).map(Some).ok_or(WebError::BadRequest),
        };
        let range = Self { from: day(&asked.from)?, to: day(&asked.to)? };
        match (range.from, range.to) {
            (Some(from), Some(to)) if from > to => Ok(Self { from: range.to, to: range.from }),
            _ => Ok(range),
        }
    }

    /// True if nothing was asked: everything so far.
    pub const fn is_whole(self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// The months of these that it touches, each by its first day.
    pub fn touched(self, months: &[Day]) -> Vec<Day> {
        let (from, to) = (self.from.map(month_start), self.to);
        let touched = |month: &&Day| from.is_none_or(|from| from <= **month) && to.is_none_or(|to| **month <= to);
        months.iter().filter(touched).copied().collect()
    }

    /// The whole months it touches; open where it is open.
    #[must_use]
    pub fn whole_months(self) -> Self {
        let end = |day: Day| next_month(month_start(day)).pred_opt();
        Self { from: self.from.map(month_start), to: self.to.and_then(end) }
    }

    /// An address below with this range in it.
    pub fn link(self, path: &str) -> String {
        let part = |name: &str, day: Option<Day>| day.map(|day| format!("{name}={day}"));
        let query: Vec<String> = [part("from", self.from), part("to", self.to)].into_iter().flatten().collect();
        if query.is_empty() {
            return path.to_owned();
        }
        let join = if path.contains('?') { '&' } else { '?' };
        format!("{path}{join}{}", query.join("&"))
    }

    /// The boxes to choose another range, for a page at `path`.
    pub fn form(self, path: &str, place: &str, basis: &str, ctx: &Ctx) -> Markup {
        let o = &ctx.words.official;
        let text = |day: Option<Day>| day.map(|d| d.to_string());
        html! {
            form.filters method="get" action=(path) {
                span.chip { span.quiet { (o.filter_place) } " " (place) }
                label.chip { span.quiet { (o.filter_from) } " " input type="date" name="from" value=[text(self.from)]; }
                label.chip { span.quiet { (o.filter_to) } " " input type="date" name="to" value=[text(self.to)]; }
                button type="submit" { (o.filter_apply) }
                @if !self.is_whole() { a href=(path) { (o.filter_all) } }
                span.chip { span.quiet { (o.filter_basis) } " " (basis) }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]
mod tests {
    use super::*;

    fn asked(from: &str, to: &str) -> Asked {
        Asked { from: Some(from.into()), to: Some(to.into()), page: None }
    }

    #[test]
    fn a_range_travels_down_the_links() {
        let range = Range::parse(&asked("2026-01-01", "")).unwrap();
        assert_eq!(range.link("/official"), "/official?from=2026-01-01");
        assert_eq!(range.link("/official/by/stream?page=2"), "/official/by/stream?page=2&from=2026-01-01");
        assert_eq!(Range::default().link("/official"), "/official");
    }

    #[test]
    fn a_range_touches_whole_months() {
        let months = ["2025-11-01", "2025-12-01", "2026-02-01"].map(|day| parse_day(day).unwrap());
        let touched = |from: &str, to: &str| Range::parse(&asked(from, to)).unwrap().touched(&months);
        assert_eq!(touched("", ""), months);
        assert_eq!(touched("2025-12-10", "2025-12-10"), months[1..2]);
        assert_eq!(touched("2025-12-31", "2026-02-01"), months[1..]);
        assert_eq!(touched("2026-01-01", "2026-01-31"), []);
        let whole = Range::parse(&asked("2025-12-10", "2026-02-01")).unwrap().whole_months();
        assert_eq!(whole.link(""), "?from=2025-12-01&to=2026-02-28");
        assert!(Range::default().whole_months().is_whole());
    }

    #[test]
    fn an_impossible_day_is_the_readers_error_and_two_days_are_a_range_in_either_order() {
        assert!(Range::parse(&asked("2026-02-30", "")).is_err());
        let turned = Range::parse(&asked("2026-02-02", "2026-02-01")).unwrap();
        assert_eq!(turned, Range::parse(&asked("2026-02-01", "2026-02-02")).unwrap());
        assert!(Range::parse(&asked("", "")).unwrap().is_whole());
    }
}
