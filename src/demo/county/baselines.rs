//! What goods are worth at the farm gate: kumquat by the week, tea by the flush, duck by the season.
//!
//! Kumquat opens a quarter above its plateau in October and has no price from June to September; over the years the
//! lines sold meet about 6.80 a kilogram, fresh leaf about 80, live duck 21.50. One town has a kumquat price of its
//! own. On two days of November 2024 nobody entered a price: their sales are counted and bring no uplift.

use super::COUNTY;
use super::goods::key;
use crate::domain::calendar::Day;
use crate::domain::county::BaselineDoc;
use crate::domain::money::at_rate;
use crate::sandbox::world::dice::mix;
use crate::sandbox::world::goods::Trade;
use crate::sandbox::world::season::kumquat_is_in_season;
use crate::sandbox::world::{first_day, week_index};
use chrono::{Datelike, NaiveDate, TimeDelta};

/// The town with its own kumquat price, a little above the county's.
const OWN_PRICE_TOWN: &str = "360827104";
const OWN_PRICE_BP: i64 = 10_400;
/// Kumquat between the rush of October and the last fruit of May.
const PLATEAU_FEN: i64 = 660;
/// What is left over goes to juice at this.
const KUMQUAT_SALVAGE_FEN: i64 = 220;

/// First month and day a price holds from, and the price of a kilogram; each holds until the next.
type Year = &'static [((u32, u32), i64)];
const LEAF: Year = &[((3, 16), 9_400), ((4, 21), 8_100), ((6, 16), 7_860), ((9, 1), 7_900), ((12, 1), 8_100)];
const LIVE_DUCK: Year = &[((2, 1), 2_160), ((6, 1), 2_108), ((10, 1), 2_260)];

/// The prices that begin to hold in the week.
pub fn of_week(seed: u64, monday: Day) -> Vec<BaselineDoc> {
    let mut docs = kumquat(seed, monday);
    for (trade, year) in [(Trade::Tea, LEAF), (Trade::Duck, LIVE_DUCK)] {
        docs.extend(beginning(year, monday).into_iter().map(|(from, to, fen)| {
            let swing_bp = 9_900 + wobble(seed, trade as u64, from) % 201;
            doc(trade, COUNTY, (from, to), at_rate(fen, swing_bp), None)
        }));
    }
    docs
}

fn kumquat(seed: u64, monday: Day) -> Vec<BaselineDoc> {
    let days = (0..7).map(|d| monday + TimeDelta::days(d)).filter(|d| kumquat_is_in_season(*d) && !nobody_entered(*d));
    let (Some(from), Some(to)) = (days.clone().min(), days.max()) else { return Vec::new() };
    let phase_bp = match from.month() {
        10 => 12_700,
        11 => 10_900,
        12 => 10_200,
        1 => 10_100,
        2 => 9_600,
        3 => 9_300,
        4 => 9_500,
        _ => 10_000,
    };
    let swing_bp = 9_700 + wobble(seed, 0, from) % 601;
    let mid = at_rate(at_rate(PLATEAU_FEN, phase_bp), swing_bp);
    let price = |region, mid| doc(Trade::Kumquat, region, (from, to), mid, Some(KUMQUAT_SALVAGE_FEN));
    vec![price(COUNTY, mid), price(OWN_PRICE_TOWN, at_rate(mid, OWN_PRICE_BP))]
}

/// The two days without a price.
fn nobody_entered(day: Day) -> bool {
    (day.year(), day.month()) == (2024, 11) && matches!(day.day(), 16 | 17)
}

/// The prices of a year's table that begin in the week; in the world's first week also the one that holds already.
fn beginning(year: Year, monday: Day) -> Vec<(Day, Day, i64)> {
    let mut starts: Vec<(Day, i64)> = Vec::new();
    for y in monday.year() - 1..=monday.year() + 1 {
        let date = |(m, d)| NaiveDate::from_ymd_opt(y, m, d).expect("a valid date");
        starts.extend(year.iter().map(|&(at, fen)| (date(at), fen)));
    }
    let last = monday + TimeDelta::days(6);
    let first_week = week_index(monday) == 0;
    starts
        .windows(2)
        .map(|pair| (pair[0].0, pair[1].0 - TimeDelta::days(1), pair[0].1))
        .filter(|&(from, to, _)| (monday..=last).contains(&from) || first_week && from < monday && monday <= to)
        .map(|(from, to, fen)| (from.max(first_day()), to, fen))
        .collect()
}

fn wobble(seed: u64, what: u64, from: Day) -> i64 {
    i64::try_from(mix(seed ^ (what << 32), u64::from(from.num_days_from_ce().unsigned_abs())) % 1_000_003)
        .expect("a small number")
}

fn doc(trade: Trade, region: &str, (from, to): (Day, Day), mid_fen: i64, salvage: Option<i64>) -> BaselineDoc {
    BaselineDoc {
        product: key(trade).to_owned(),
        region: region.to_owned(),
        from,
        to,
        low_fen_per_kg: at_rate(mid_fen, 9_000),
        mid_fen_per_kg: mid_fen,
        high_fen_per_kg: at_rate(mid_fen, 11_000),
        salvage_fen_per_kg: salvage,
        source: "演示数据：产地收购价登记（虚构）".to_owned(),
        entered_by: "演示录入员".to_owned(),
        approved_by: "演示复核员".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn priced(product: &str, region: &str) -> Vec<Day> {
        let weeks = (0..215).flat_map(|w| of_week(7, first_day() + TimeDelta::weeks(w)));
        let mut days: Vec<Day> = weeks
            .filter(|b| b.product == product && b.region == region)
            .flat_map(|b| b.from.iter_days().take_while(move |d| *d <= b.to))
            .collect();
        days.sort_unstable();
        days
    }

    #[test]
    fn tea_and_duck_have_one_price_every_day_and_kumquat_one_in_season_but_for_two_days() {
        let last = first_day() + TimeDelta::days(1_504);
        for product in ["tea", "duck"] {
            let days = priced(product, COUNTY);
            assert!(days.windows(2).all(|d| d[0].succ_opt() == Some(d[1])), "{product}");
            assert!(days[0] == first_day() && days[days.len() - 1] >= last, "{product}");
        }
        for region in [COUNTY, OWN_PRICE_TOWN] {
            let days = priced("kumquat", region);
            let season: Vec<Day> = first_day().iter_days().take(1_505).filter(|d| kumquat_is_in_season(*d)).collect();
            let without: Vec<&Day> = season.iter().filter(|d| !days.contains(d)).collect();
            assert_eq!((without.len(), days.len()), (2, season.len() - 2), "{without:?}");
        }
    }

    #[test]
    fn whoever_entered_a_price_did_not_approve_it() {
        assert!(
            of_week(7, first_day())
                .iter()
                .all(|b| b.entered_by != b.approved_by && b.low_fen_per_kg < b.mid_fen_per_kg)
        );
    }
}
