//! Days and months as the county counts them: Asia/Shanghai, everywhere.
//!
//! Instants (`_at`) are UTC inside the program; a business day (`_on`) is computed from them once, on arrival,
//! with [`day_of`]. China has had one zone and no summer time since 1991, so the zone is a constant.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Utc};

/// A business day in Asia/Shanghai.
pub type Day = NaiveDate;
/// A moment in time.
pub type Instant = DateTime<Utc>;

/// Seconds Asia/Shanghai is ahead of UTC.
const SHANGHAI_SECONDS: i32 = 8 * 3600;

/// Asia/Shanghai.
pub fn shanghai() -> FixedOffset {
    FixedOffset::east_opt(SHANGHAI_SECONDS).expect("a valid offset")
}

/// The business day an instant belongs to.
pub fn day_of(at: Instant) -> Day {
    at.with_timezone(&shanghai()).date_naive()
}

/// The instant of a local date and time in Asia/Shanghai.
pub fn local(at: NaiveDateTime) -> Instant {
    shanghai().from_local_datetime(&at).single().expect("no gaps in Asia/Shanghai").with_timezone(&Utc)
}

/// Midnight at the start of a day.
pub fn start_of(day: Day) -> Instant {
    local(day.and_hms_opt(0, 0, 0).expect("midnight exists"))
}

/// RFC 3339 with +08:00, as the contract prints instants.
pub fn rfc3339(at: Instant) -> String {
    at.with_timezone(&shanghai()).to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
}

/// `YYYY-MM-DD HH:MM` in Asia/Shanghai, for people.
pub fn clock_text(at: Instant) -> String {
    at.with_timezone(&shanghai()).format("%Y-%m-%d %H:%M").to_string()
}

/// `HH:MM` in Asia/Shanghai of something that happened on a day, with its own day where that is another one.
pub fn time_text(at: Instant, on: Day) -> String {
    if day_of(at) == on { at.with_timezone(&shanghai()).format("%H:%M").to_string() } else { clock_text(at) }
}

/// Up to when something is known, for people: midnight ends the day before it, `2026-11-22 24:00`.
pub fn until_text(at: Instant) -> String {
    let local = at.with_timezone(&shanghai());
    match local.date_naive().pred_opt() {
        Some(ended) if local.time() == chrono::NaiveTime::MIN => format!("{ended} 24:00"),
        _ => clock_text(at),
    }
}

/// First day of the month a day lies in; also how a month is written as a key.
pub fn month_start(day: Day) -> Day {
    day.with_day(1).expect("every month has a first day")
}

/// First day of the year a day lies in.
pub fn year_start(day: Day) -> Day {
    NaiveDate::from_ymd_opt(day.year(), 1, 1).expect("every year has a first day")
}

/// First day of the next month.
pub fn next_month(month: Day) -> Day {
    let (y, m) = if month.month() == 12 { (month.year() + 1, 1) } else { (month.year(), month.month() + 1) };
    NaiveDate::from_ymd_opt(y, m, 1).expect("every month has a first day")
}

/// Reads `YYYY-MM-DD` strictly; an impossible date is `None`.
pub fn parse_day(text: &str) -> Option<Day> {
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// Reads `YYYY-MM` strictly, as the month's first day.
pub fn parse_month(text: &str) -> Option<Day> {
    (text.len() == 7).then(|| parse_day(&format!("{text}-01"))).flatten()
}

/// `YYYY-MM` of a day.
pub fn month_key(day: Day) -> String {
    day.format("%Y-%m").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_past_midnight_in_china_is_still_the_day_before_in_utc() {
        let at = local(NaiveDate::from_ymd_opt(2026, 2, 1).unwrap().and_hms_opt(0, 30, 0).unwrap());
        assert_eq!(at.date_naive(), parse_day("2026-01-31").unwrap());
        assert_eq!(day_of(at), parse_day("2026-02-01").unwrap());
        assert_eq!(rfc3339(at), "2026-02-01T00:30:00+08:00");
    }

    #[test]
    fn what_is_known_up_to_midnight_is_known_to_the_end_of_the_day_before() {
        let midnight = start_of(parse_day("2026-11-23").unwrap());
        assert_eq!(until_text(midnight), "2026-11-22 24:00");
        assert_eq!(until_text(midnight + chrono::TimeDelta::minutes(1)), "2026-11-23 00:01");
    }

    #[test]
    fn impossible_days_are_refused() {
        assert_eq!(parse_day("2026-02-30"), None);
        assert_eq!(parse_day("2026-2-3"), None);
        assert_eq!(parse_month("2026-13"), None);
    }
}
