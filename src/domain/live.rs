//! What is sold while a stream runs, as the cockpit and the big screen show it, and what of it a hall may see.
//!
//! Rules that must hold: whatever stands on the big screen, no amount of it stands for fewer than five households, nor
//! can such a one be had by subtracting what is shown ([`hall`]); pieces of goods with a known price are amounts too. What
//! is shown goes up by steps ([`Sums::coarse`]), since one order is the difference of two looks. The
//! cockpit is the branch's own and holds nothing back. Buyers are nowhere in here.
//!
//! Not here: reading it (`services::live`), handing it on to those who watch (`web::live`).

use super::attribution::TAIL_MINUTES;
use super::calendar::Instant;
use super::disclosure::{is_small, withhold_shared};
use chrono::TimeDelta;

/// Steps of what a hall is shown: of amounts 100 yuan, of households and pieces five.
const STEP_FEN: i64 = 10_000;
pub const STEP: i64 = 5;

/// Minutes of orders that are drawn.
pub const MINUTES: usize = 30;

/// What was sold, and how many households stand behind it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub orders: i64,
    pub gmv_fen: i64,
    pub refund_fen: i64,
    pub households: i64,
}

impl Sums {
    /// Amounts and households down to whole steps; orders are counted.
    #[must_use]
    pub const fn coarse(self) -> Self {
        Self {
            orders: self.orders,
            gmv_fen: down(self.gmv_fen, STEP_FEN),
            refund_fen: down(self.refund_fen, STEP_FEN),
            households: down(self.households, STEP),
        }
    }
}

/// A number down to a whole step.
pub const fn down(number: i64, step: i64) -> i64 {
    number - number.rem_euclid(step)
}

/// A listing, or a product, on a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    pub id: i64,
    pub name: String,
    /// 0: no number was promised.
    pub promised_pieces: i64,
    pub pieces: i64,
    /// Parcels there are now of a listing, on whatever shelf; `None` where nobody knows, of a product, and of a stream
    /// that is looked back at.
    pub in_stock: Option<i64>,
    pub sums: Sums,
}

/// A stream of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveStream {
    pub stream_id: i64,
    /// '' where none was planned.
    pub title: String,
    pub room: String,
    pub shop: String,
    pub anchor: String,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub sums: Sums,
    /// The shelf in its order, then what else was sold.
    pub goods: Vec<Goods>,
    /// The same by product: of a listing alone there are often few households.
    pub products: Vec<Goods>,
    /// Orders paid in each of the last minutes, the last one last.
    pub minutes: Vec<i64>,
}

impl LiveStream {
    /// On air, or so shortly over that buyers still pay.
    pub fn is_on(&self, now: Instant) -> bool {
        self.starts_at <= now && now <= self.ends_at + TimeDelta::minutes(TAIL_MINUTES)
    }
}

/// A county's streams of a day at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The county's last batch it knows of.
    pub mark: i64,
    pub at: Instant,
    /// Up to when every shop that is pulled is known.
    pub known_to: Option<Instant>,
    /// By start.
    pub streams: Vec<LiveStream>,
    /// All streams that began today together, a household once.
    pub day: Sums,
}

impl Snapshot {
    /// Those on air; where none is, the last that began today.
    pub fn in_view(&self) -> Vec<&LiveStream> {
        let on: Vec<&LiveStream> = self.streams.iter().filter(|s| s.is_on(self.at)).collect();
        if on.is_empty() { self.streams.iter().rfind(|s| s.starts_at <= self.at).into_iter().collect() } else { on }
    }

    /// A number that changes with what is shown.
    pub fn id(&self) -> String {
        format!("{}-{}", self.mark, self.at.timestamp())
    }
}

/// What of it a hall may see, in whole steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hall<'a> {
    pub streams: Vec<HallStream<'a>>,
    /// `None`: held back.
    pub day: Option<Sums>,
}

/// A stream in a hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallStream<'a> {
    pub stream: &'a LiveStream,
    /// `None`: held back.
    pub sums: Option<Sums>,
    /// Of the stream's products, in their order, whether their pieces and amounts may be shown.
    pub shown: Vec<bool>,
}

/// What may be shown of a snapshot. The day's whole is held back as soon as one of its streams is, since it would tell
/// that one by subtraction; of a stream's products a large one goes with the small ones.
pub fn hall(snapshot: &Snapshot) -> Hall<'_> {
    let small_one = snapshot.streams.iter().any(|s| is_small(s.sums.households));
    let day = (!small_one && !is_small(snapshot.day.households)).then(|| snapshot.day.coarse());
    Hall { streams: snapshot.in_view().into_iter().map(of_stream).collect(), day }
}

/// What of one stream may be shown to anybody, in a hall or on paper.
pub fn of_stream(stream: &LiveStream) -> HallStream<'_> {
    let households: Vec<i64> = stream.products.iter().map(|g| g.sums.households).collect();
    let withheld = withhold_shared(&households, stream.sums.households);
    let whole = !withheld.total;
    HallStream {
        stream,
        sums: whole.then(|| stream.sums.coarse()),
        shown: withheld.groups.into_iter().map(|held| whole && !held).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{parse_day, start_of};

    fn at(hour: i64) -> Instant {
        start_of(parse_day("2026-01-20").expect("a day")) + TimeDelta::hours(hour)
    }

    fn sums(households: i64) -> Sums {
        Sums { orders: households, gmv_fen: 100 * households, refund_fen: 0, households }
    }

    fn stream(stream_id: i64, from: i64, of_goods: &[i64], all: i64) -> LiveStream {
        let goods = |(id, &households): (i64, &i64)| Goods {
            id,
            name: String::new(),
            promised_pieces: 0,
            pieces: 1,
            in_stock: None,
            sums: sums(households),
        };
        LiveStream {
            stream_id,
            title: String::new(),
            room: String::new(),
            shop: String::new(),
            anchor: String::new(),
            starts_at: at(from),
            ends_at: at(from + 3),
            sums: sums(all),
            goods: Vec::new(),
            products: (1..).zip(of_goods).map(goods).collect(),
            minutes: Vec::new(),
        }
    }

    fn snapshot(hour: i64, streams: Vec<LiveStream>, day: i64) -> Snapshot {
        Snapshot { mark: 1, at: at(hour), known_to: None, streams, day: sums(day) }
    }

    #[test]
    fn in_view_is_what_is_on_air_or_the_last_that_was() {
        let streams = || vec![stream(1, 9, &[], 9), stream(2, 19, &[], 9), stream(3, 20, &[], 9)];
        let seen = |hour| snapshot(hour, streams(), 9).in_view().iter().map(|s| s.stream_id).collect::<Vec<_>>();
        assert_eq!(seen(8), Vec::<i64>::new());
        assert_eq!(seen(10), [1]);
        assert_eq!(seen(15), [1]);
        assert_eq!(seen(21), [2, 3]);
        assert_eq!(seen(24), [3]);
    }

    #[test]
    fn a_stream_of_few_households_shows_nothing_and_takes_the_day_with_it() {
        let snapshot = snapshot(20, vec![stream(1, 9, &[8], 8), stream(2, 19, &[4], 4)], 9);
        let hall = hall(&snapshot);
        assert_eq!((hall.day, hall.streams[0].sums, hall.streams[0].shown.as_slice()), (None, None, &[false][..]));
    }

    #[test]
    fn one_order_more_is_seldom_seen_on_the_screen() {
        let sums = Sums { orders: 20, gmv_fen: 123_456, refund_fen: 9_999, households: 14 };
        let coarse = Sums { orders: 20, gmv_fen: 120_000, refund_fen: 0, households: 10 };
        assert_eq!(sums.coarse(), coarse);
        assert_eq!(Sums { gmv_fen: 123_456 + 2_990, ..sums }.coarse(), coarse);
    }

    #[test]
    fn goods_of_few_households_take_others_with_them_so_that_nothing_follows() {
        let snapshot = snapshot(20, vec![stream(2, 19, &[9, 2, 7, 0], 12)], 12);
        let hall = hall(&snapshot);
        assert_eq!(hall.day, Some(Sums { orders: 12, gmv_fen: 0, refund_fen: 0, households: 10 }));
        assert_eq!(hall.streams[0].shown, [true, false, false, true]);
    }
}
