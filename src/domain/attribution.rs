//! Which stream sold a line. One line belongs to at most one stream.
//!
//! The rules, first match wins:
//! 1. the line's own live-room number is a stream's;
//! 2. its author number belongs to the anchor (or room) of a stream of the shop, and the order was created or paid in
//!    that stream's window (with a tail: buyers pay after the lights go out);
//! 3. its listing is on the shelf of a stream of the shop in the window: 推定, waits for a person;
//! 4. none: 非直播.
//!
//! Rule that must hold: two streams matching rule 2 or 3 leave the line unmatched; the first is never taken.
//!
//! Not here: a person's overruling (a version of its own that these rules never touch), the class a stream gives
//! ([`class_of`] says what it depends on).

use super::calendar::Instant;
use super::ledger::facts::Class;
use chrono::TimeDelta;
use rustc_hash::FxHashMap;

/// Minutes after a stream's end in which a sale still counts as its own.
pub const TAIL_MINUTES: i64 = 30;
/// No stream is longer.
const LONGEST_STREAM: TimeDelta = TimeDelta::days(2);

/// A stream as attribution sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamWindow {
    pub stream_id: i64,
    pub shop_id: i64,
    /// '' where unknown.
    pub live_room_no: String,
    pub starts_at: Instant,
    pub ends_at: Instant,
    /// Author numbers of its anchor and room on the shop's platform.
    pub author_nos: Vec<String>,
    /// Listings on its shelf.
    pub shelf: Vec<i64>,
}

impl StreamWindow {
    fn holds(&self, at: Instant) -> bool {
        self.starts_at <= at && at <= self.ends_at + TimeDelta::minutes(TAIL_MINUTES)
    }
}

/// A line as attribution sees it.
#[derive(Debug, Clone, Copy)]
pub struct Sale<'a> {
    pub shop_id: i64,
    pub created_at: Instant,
    pub paid_at: Option<Instant>,
    /// '' where the source names none.
    pub live_room_no: &'a str,
    pub author_no: &'a str,
    pub listing_id: Option<i64>,
}

/// By which rule a line was given to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    LiveRoom,
    AuthorWindow,
    /// 推定
    Shelf,
    /// A person decided.
    Person,
    /// 非直播
    None,
    /// Two streams fit: unmatched until a person decides.
    Ambiguous,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 6] =
        [Self::LiveRoom, Self::AuthorWindow, Self::Shelf, Self::Person, Self::None, Self::Ambiguous];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::LiveRoom => "live_room",
            Self::AuthorWindow => "author_window",
            Self::Shelf => "shelf",
            Self::Person => "person",
            Self::None => "none",
            Self::Ambiguous => "ambiguous",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.key() == key)
    }
}

/// What attribution says of a line; stream 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    pub stream_id: i64,
    pub rule: Rule,
}

/// The streams a set of sales may belong to, indexed.
#[derive(Debug, Default)]
pub struct StreamIndex {
    windows: Vec<StreamWindow>,
    by_live_room: FxHashMap<String, usize>,
}

impl StreamIndex {
    /// Indexes streams; they are few per day, so windows are kept by start and scanned from the one that may fit.
    pub fn new(mut windows: Vec<StreamWindow>) -> Self {
        windows.sort_by_key(|w| (w.starts_at, w.stream_id));
        let by_live_room = windows
            .iter()
            .enumerate()
            .filter(|(_, w)| !w.live_room_no.is_empty())
            .map(|(place, w)| (w.live_room_no.clone(), place))
            .collect();
        Self { windows, by_live_room }
    }

    /// Decides for one line.
    pub fn decide(&self, sale: &Sale) -> Decision {
        if !sale.live_room_no.is_empty()
            && let Some(&place) = self.by_live_room.get(sale.live_room_no)
            && self.windows[place].shop_id == sale.shop_id
        {
            return Decision { stream_id: self.windows[place].stream_id, rule: Rule::LiveRoom };
        }
        if !sale.author_no.is_empty() {
            let own = |w: &StreamWindow| w.author_nos.iter().any(|no| no == sale.author_no);
            if let Some(decision) = self.only(sale, Rule::AuthorWindow, own) {
                return decision;
            }
            // a named author who streams for nobody here is another seller, not a stream to be guessed
            return Decision { stream_id: 0, rule: Rule::None };
        }
        if let Some(listing_id) = sale.listing_id
            && sale.live_room_no.is_empty()
            && let Some(decision) = self.only(sale, Rule::Shelf, |w| w.shelf.contains(&listing_id))
        {
            return decision;
        }
        Decision { stream_id: 0, rule: Rule::None }
    }

    /// The streams of a shop on which something made and paid at these times may have been sold: what a person chooses
    /// from. The last to start first.
    pub fn in_time(&self, shop_id: i64, created_at: Instant, paid_at: Option<Instant>) -> Vec<i64> {
        let latest = paid_at.unwrap_or(created_at).max(created_at);
        let end = self.windows.partition_point(|w| w.starts_at <= latest);
        let windows = self.windows[..end].iter().rev();
        let near = windows.take_while(|w| w.starts_at + LONGEST_STREAM >= created_at);
        let fits =
            |w: &&StreamWindow| w.shop_id == shop_id && (w.holds(created_at) || paid_at.is_some_and(|at| w.holds(at)));
        near.filter(fits).map(|w| w.stream_id).collect()
    }

    /// The one stream of the shop in whose window the sale lies and that fits; ambiguous when there are two.
    fn only(&self, sale: &Sale, rule: Rule, fits: impl Fn(&StreamWindow) -> bool) -> Option<Decision> {
        let latest = sale.paid_at.unwrap_or(sale.created_at).max(sale.created_at);
        let end = self.windows.partition_point(|w| w.starts_at <= latest);
        let mut found = None;
        for window in self.windows[..end].iter().rev() {
            if window.starts_at + LONGEST_STREAM < sale.created_at {
                break;
            }
            let in_time = window.holds(sale.created_at) || sale.paid_at.is_some_and(|at| window.holds(at));
            if window.shop_id == sale.shop_id && in_time && fits(window) {
                if found.is_some() {
                    return Some(Decision { stream_id: 0, rule: Rule::Ambiguous });
                }
                found = Some(Decision { stream_id: window.stream_id, rule });
            }
        }
        found
    }
}

/// Stage of an anchor on the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Trainee,
    Supervised,
    Certified,
    Mentor,
}

impl Stage {
    /// All stages, upwards.
    pub const ALL: [Self; 4] = [Self::Trainee, Self::Supervised, Self::Certified, Self::Mentor];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Trainee => "trainee",
            Self::Supervised => "supervised",
            Self::Certified => "certified",
            Self::Mentor => "mentor",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// The class of a line: inside the headline when its stream was held in a Red Livestream Room or by an anchor certified
/// on that day; a trainee's stream in a room is counted apart; a guess or bulk buying stands beside.
pub fn class_of(rule: Rule, bulk: bool, in_room: bool, stage: Option<Stage>) -> Class {
    let certified = stage >= Some(Stage::Certified);
    match rule {
        Rule::None | Rule::Ambiguous if bulk => Class::Bulk,
        Rule::None | Rule::Ambiguous => Class::Other,
        _ if bulk => Class::Bulk,
        Rule::Shelf => Class::Inferred,
        _ if certified => Class::Red,
        _ if in_room && stage.is_some() => Class::RedSupervised,
        _ if in_room => Class::Red,
        _ => Class::Other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::{parse_day, start_of};

    fn at(hour: i64) -> Instant {
        start_of(parse_day("2026-01-20").unwrap()) + TimeDelta::hours(hour)
    }

    fn stream(stream_id: i64, from: i64, to: i64, author: &str, room: &str) -> StreamWindow {
        StreamWindow {
            stream_id,
            shop_id: 1,
            live_room_no: room.into(),
            starts_at: at(from),
            ends_at: at(to),
            author_nos: vec![author.into()],
            shelf: vec![7],
        }
    }

    fn sale(hour: i64) -> Sale<'static> {
        Sale {
            shop_id: 1,
            created_at: at(hour),
            paid_at: Some(at(hour)),
            live_room_no: "",
            author_no: "",
            listing_id: None,
        }
    }

    #[test]
    fn the_own_live_room_number_decides_first() {
        let index = StreamIndex::new(vec![stream(1, 8, 11, "a", "r1"), stream(2, 8, 11, "a", "r2")]);
        let decision = index.decide(&Sale { live_room_no: "r2", author_no: "a", ..sale(9) });
        assert_eq!(decision, Decision { stream_id: 2, rule: Rule::LiveRoom });
    }

    #[test]
    fn the_author_needs_the_window_and_has_a_tail() {
        let index = StreamIndex::new(vec![stream(1, 8, 11, "a", "")]);
        assert_eq!(index.decide(&Sale { author_no: "a", ..sale(11) }).stream_id, 1);
        assert_eq!(index.decide(&Sale { author_no: "a", ..sale(13) }).rule, Rule::None);
        assert_eq!(index.decide(&Sale { author_no: "b", listing_id: Some(7), ..sale(9) }).rule, Rule::None);
    }

    #[test]
    fn two_streams_that_fit_leave_the_line_unmatched() {
        let index = StreamIndex::new(vec![stream(1, 8, 11, "a", ""), stream(2, 9, 12, "a", "")]);
        assert_eq!(
            index.decide(&Sale { author_no: "a", ..sale(10) }),
            Decision { stream_id: 0, rule: Rule::Ambiguous }
        );
        assert_eq!(index.decide(&Sale { listing_id: Some(7), ..sale(10) }).rule, Rule::Ambiguous);
        assert_eq!(
            index.decide(&Sale { listing_id: Some(7), ..sale(8) }),
            Decision { stream_id: 1, rule: Rule::Shelf }
        );
    }

    #[test]
    fn a_person_chooses_from_the_streams_of_that_time_in_the_shop() {
        let elsewhere = StreamWindow { shop_id: 2, ..stream(3, 8, 11, "c", "") };
        let index = StreamIndex::new(vec![stream(1, 8, 11, "a", ""), stream(2, 9, 12, "b", ""), elsewhere]);
        assert_eq!(index.in_time(1, at(10), Some(at(10))), [2, 1]);
        assert_eq!(index.in_time(1, at(8), Some(at(13))), [1], "made on the first, paid after both");
        assert_eq!(index.in_time(1, at(13), None), [0_i64; 0]);
    }

    #[test]
    fn a_stream_past_midnight_still_holds_its_sales() {
        let index = StreamIndex::new(vec![stream(1, 22, 26, "a", "")]);
        assert_eq!(index.decide(&Sale { author_no: "a", ..sale(25) }).stream_id, 1);
    }

    #[test]
    fn the_class_says_whether_the_headline_counts_it() {
        use Stage::{Certified, Supervised};
        assert_eq!(class_of(Rule::LiveRoom, false, true, Some(Supervised)), Class::RedSupervised);
        assert_eq!(class_of(Rule::LiveRoom, false, false, Some(Certified)), Class::Red);
        assert_eq!(class_of(Rule::LiveRoom, false, false, Some(Supervised)), Class::Other);
        assert_eq!(class_of(Rule::Shelf, false, true, Some(Certified)), Class::Inferred);
        assert_eq!(class_of(Rule::Person, true, true, Some(Certified)), Class::Bulk);
        assert_eq!(class_of(Rule::None, false, false, None), Class::Other);
    }
}
