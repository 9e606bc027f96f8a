//! A link to one stored report: how long it opens, and when it does not any more.

use super::calendar::Day;

/// Days after which a link may end; the longest is a year and a day, so that a yearly review finds last year's.
pub const DAYS: [i64; 4] = [7, 30, 90, 366];

/// Whether a link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Open,
    /// Its last day is over.
    Expired,
    /// Somebody ended it.
    Revoked,
}

/// How a link stands on a day; one that was revoked is revoked, whatever its day.
pub fn standing(expires_on: Day, is_revoked: bool, today: Day) -> Standing {
    match (is_revoked, today > expires_on) {
        (true, _) => Standing::Revoked,
        (false, true) => Standing::Expired,
        (false, false) => Standing::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_day;

    #[test]
    fn a_link_opens_through_its_last_day_and_never_after_it_was_revoked() {
        let day = |text: &str| parse_day(text).expect("a day");
        assert_eq!(standing(day("2026-03-31"), false, day("2026-03-31")), Standing::Open);
        assert_eq!(standing(day("2026-03-31"), false, day("2026-04-01")), Standing::Expired);
        assert_eq!(standing(day("2026-03-31"), true, day("2026-03-01")), Standing::Revoked);
    }
}
