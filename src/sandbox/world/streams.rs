//! The broadcasting plan of a week: which room, who, when, for which shop.
//!
//! Two rooms with three slots a day; evenings fill first. Nobody is in two rooms at once. About one stream in seven is
//! the co-operative's, and one in ten is held by a certified anchor outside the rooms (at the orchard). Every fourth
//! Friday night runs past midnight: its orders belong to the day it started.
//!
//! Rule: a week is a function of (seed, Monday); scale does not change the plan, only how much is sold.

use super::dice::Dice;
use super::goods::{SKUS, TASTING, UNMAPPED, make_ups};
use super::people::{BROADCASTERS, Broadcaster, ROOMS, Room};
use super::shops::Shop;
use super::{World, monday_of, numbers, season, week_index};
use crate::domain::calendar::{Day, Instant, start_of};
use chrono::TimeDelta;

/// A stream is planned for three hours.
const HOURS: i64 = 3;
/// First week the co-operative's shop is open.
const COOPERATIVE_FROM_WEEK: i64 = 34;

/// A broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    pub shop: Shop,
    /// `None`: outside the rooms.
    pub room: Option<Room>,
    pub anchor: Broadcaster,
    /// The account it ran on.
    pub author_no: u64,
    /// The platform's number of this broadcast's live room.
    pub live_room_no: u64,
    pub starts_at: Instant,
    pub ends_at: Instant,
    /// The day it belongs to.
    pub on: Day,
    /// Paid lines it sells at scale 1.
    pub lines: i64,
    /// 观看人次.
    pub views: i64,
}

impl Stream {
    /// The SKUs on its shelf: what its shop sells in that season.
    pub fn shelf(&self) -> Vec<usize> {
        (0..SKUS.len())
            .filter(|&sku| sku != TASTING && sku != UNMAPPED)
            .filter(|&sku| self.shop == Shop::Association || make_ups(SKUS[sku].trade)[1] == sku)
            .filter(|&sku| SKUS[sku].trade != super::goods::Trade::Kumquat || season::kumquat_is_in_season(self.on))
            .collect()
    }
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    day: i64,
    hour: i64,
    room: usize,
    wish: i64,
}

impl World {
    /// The streams of the week that begins on a Monday, in order of start.
    pub fn week(&self, monday: Day) -> Vec<Stream> {
        let week = week_index(monday);
        let pace = season::pace(monday);
        let mut dice = Dice::new(self.seed, b"streams_", 0, week);
        let mut plan: Vec<Stream> = Vec::new();
        for (n, slot) in slots(&mut dice, pace.streams).into_iter().enumerate() {
            let on = monday + TimeDelta::days(slot.day);
            let runs_past_midnight = slot.day == 4 && slot.hour == 20 && week % 4 == 0;
            let starts_at = start_of(on) + TimeDelta::hours(if runs_past_midnight { 22 } else { slot.hour });
            let ends_at = starts_at + TimeDelta::hours(HOURS);
            let on_air: Vec<&str> =
                plan.iter().filter(|s| s.starts_at < ends_at && starts_at < s.ends_at).map(|s| s.anchor.key).collect();
            let anchor = anchor_for(&mut dice, on, &on_air);
            let outside = anchor.author_no.is_some() && dice.chance(1_000);
            let shop =
                if week >= COOPERATIVE_FROM_WEEK && dice.chance(1_400) { Shop::Cooperative } else { Shop::Association };
            let room = ROOMS[slot.room];
            let percent = dice.between(70, 130) * if slot.hour == 20 { 112 } else { 88 } / 100;
            let lines = pace.lines_per_stream * percent / 100;
            plan.push(Stream {
                shop,
                room: (!outside).then_some(room),
                anchor,
                author_no: anchor.author_no.unwrap_or(room.author_no),
                live_room_no: numbers::room_no(self.seed, week.unsigned_abs(), n as u64),
                starts_at,
                ends_at,
                on,
                lines,
                views: lines * dice.between(70, 150),
            });
        }
        plan.sort_by_key(|s| (s.starts_at, s.live_room_no));
        plan
    }

    /// A shop's streams that start on a day.
    pub fn streams_on(&self, shop: Shop, day: Day) -> Vec<Stream> {
        let mut week = self.week(monday_of(day));
        week.retain(|s| s.on == day && s.shop == shop);
        week
    }
}

/// The most wished-for slots of a week, as many as there are streams.
fn slots(dice: &mut Dice, count: i64) -> Vec<Slot> {
    let mut all = Vec::with_capacity(42);
    for day in 0..7 {
        for (hour, pull) in [(9, 0), (14, 30), (20, 90)] {
            for room in 0..ROOMS.len() {
                all.push(Slot { day, hour, room, wish: pull + dice.between(0, 100) });
            }
        }
    }
    all.sort_by_key(|s| (-s.wish, s.day, s.hour, s.room));
    all.truncate(usize::try_from(count).unwrap_or(0));
    all
}

/// Somebody who is not on air: two rooms, and never fewer than two anchors.
fn anchor_for(dice: &mut Dice, on: Day, on_air: &[&str]) -> Broadcaster {
    let free: Vec<Broadcaster> =
        BROADCASTERS.into_iter().filter(|b| b.since() <= on && !on_air.contains(&b.key)).collect();
    let weights: Vec<u32> = free.iter().map(|b| b.weight).collect();
    free[dice.weighted(&weights)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::world::{Scale, first_day};

    #[test]
    fn nobody_broadcasts_in_two_rooms_at_once_and_every_broadcast_has_its_own_number() {
        let world = World::new(7, Scale::FULL);
        let mut streams: Vec<Stream> = (0..215).flat_map(|w| world.week(first_day() + TimeDelta::weeks(w))).collect();
        streams.sort_by_key(|s| (s.anchor.key, s.starts_at));
        for pair in streams.windows(2) {
            assert!(pair[0].anchor.key != pair[1].anchor.key || pair[0].ends_at <= pair[1].starts_at, "{pair:?}");
        }
        let numbers: std::collections::BTreeSet<u64> = streams.iter().map(|s| s.live_room_no).collect();
        assert_eq!(numbers.len(), streams.len());
        assert!((3_100..3_400).contains(&streams.len()), "{} streams", streams.len());
    }
}
