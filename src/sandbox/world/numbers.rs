//! The platform's numbers: nineteen digits, above 2^53, and readable only to this world.
//!
//! An order's number is `69`, the shop's digit, four digits of birth day, six of sequence, five that depend on the
//! seed, and a last digit: 0 for the order, 1 to 9 for the lines of an order with several. An order with one line
//! gives the line its own number, as the platform does. So the day an order has to be made afresh from can be read off
//! any number that comes in.

use super::dice::mix;
use super::shops::Shop;
use super::{day_index, first_day};
use crate::domain::calendar::Day;
use chrono::TimeDelta;

const ORDER: u64 = 6_900_000_000_000_000_000;
const AFTER_SALE: u64 = 1_400_000_000_000_000_000;
const STATEMENT: u64 = 3_000_000_000_000_000_000;
const REVERSAL: u64 = 3_100_000_000_000_000_000;
const ROOM: u64 = 7_300_000_000_000_000_000;
const SPAN: u64 = 100_000_000_000_000_000;

/// Number of an order by its birth.
pub fn order_no(seed: u64, shop: Shop, day: Day, sequence: u64) -> u64 {
    let day = u64::try_from(day_index(day)).expect("no orders before the world begins");
    let place = (shop.digit() * 10_000 + day) * 1_000_000 + sequence;
    ORDER + (place * 100_000 + mix(seed, place) % 100_000) * 10
}

/// Number of the `n`-th of an order's `count` lines, from 0.
pub fn line_no(order_no: u64, n: usize, count: usize) -> u64 {
    if count == 1 { order_no } else { order_no + 1 + n as u64 }
}

/// Number of the after-sale case of a line.
pub fn after_sale_no(line_no: u64) -> u64 {
    line_no - ORDER + AFTER_SALE
}

/// Number of the statement row of a line.
pub fn statement_no(line_no: u64, reversal: bool) -> u64 {
    line_no - ORDER + if reversal { REVERSAL } else { STATEMENT }
}

/// The platform's live-room number of the `n`-th stream of a week.
pub fn room_no(seed: u64, week: u64, n: u64) -> u64 {
    ROOM + (week * 100 + n) * 1_000_000_000 + mix(seed, week * 100 + n) % 1_000_000_000
}

/// The line an after-sale number was made from.
pub fn line_of_after_sale(after_sale_no: u64) -> Option<u64> {
    (AFTER_SALE..AFTER_SALE + SPAN).contains(&after_sale_no).then(|| after_sale_no - AFTER_SALE + ORDER)
}

/// The order a line number belongs to, with the shop and day it was born.
pub fn birth(line_or_order_no: u64) -> Option<(u64, Shop, Day)> {
    let order = line_or_order_no - line_or_order_no % 10;
    let place = (ORDER..ORDER + SPAN).contains(&order).then(|| (order - ORDER) / 1_000_000_000_000)?;
    let shop = Shop::ALL.into_iter().find(|s| s.digit() == place / 10_000)?;
    let days = i64::try_from(place % 10_000).expect("four digits");
    Some((order, shop, first_day() + TimeDelta::days(days)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_leads_back_to_the_day_it_was_born() {
        let day = first_day() + TimeDelta::days(1_234);
        for shop in Shop::ALL {
            let order = order_no(7, shop, day, 654_321);
            let line = line_no(order, 1, 2);
            assert_eq!(birth(line), Some((order, shop, day)));
            assert_eq!(line_of_after_sale(after_sale_no(line)), Some(line));
            assert_eq!(order.to_string().len(), 19);
        }
        assert_eq!(birth(42), None);
    }
}
