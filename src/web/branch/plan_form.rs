//! A stream's plan as it is typed, and reading it: times of a day, a shelf in order, prices in yuan.
//!
//! Rule that must hold: nothing that was typed is lost, and what cannot be read is named at its place; an empty row is
//! no row; an end before the start lies on the next day.

use crate::domain::calendar::{Day, Instant, local, parse_day, shanghai};
use crate::domain::money::parse_fen;
use crate::services::plans::{MOST_OFFERS, MOST_POINTS, MOST_TITLE, NewOffer, NewPlan};
use chrono::{NaiveTime, TimeDelta};

/// Rows of a new plan's shelf, and rows added at once.
pub const ROWS: usize = 8;

/// A place on the shelf as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedOffer {
    /// The listing's number; empty for none.
    pub listing: String,
    pub price: String,
    pub pieces: String,
    pub points: String,
}

/// A plan as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub title: String,
    pub shop: String,
    pub room: String,
    pub anchor: String,
    pub assistants: Vec<String>,
    pub account: String,
    pub day: String,
    pub from: String,
    pub to: String,
    pub offers: Vec<TypedOffer>,
    /// That a locked month may be moved, and why.
    pub confirmed: bool,
    pub reason: String,
    /// Which button was pressed.
    pub act: String,
}

/// What cannot be read of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Title,
    Place,
    Times,
    /// No listing, a price or a number that is none, or too long a text: the row, from 0.
    Row(usize),
    /// The same listing twice: the second row, from 0.
    Twice(usize),
}

impl Typed {
    /// From a form's fields in their order: a listing begins a row.
    pub fn read(fields: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "title" => typed.title = value,
                "shop" => typed.shop = value,
                "room" => typed.room = value,
                "anchor" => typed.anchor = value,
                "assistant" => typed.assistants.push(value),
                "account" => typed.account = value,
                "day" => typed.day = value,
                "from" => typed.from = value,
                "to" => typed.to = value,
                "confirmed" => typed.confirmed = true,
                "reason" => typed.reason = value,
                "act" => typed.act = value,
                "listing" => typed.offers.push(TypedOffer { listing: value, ..TypedOffer::default() }),
                _ => {
                    let Some(row) = typed.offers.last_mut() else { continue };
                    match name.as_str() {
                        "price" => row.price = value,
                        "pieces" => row.pieces = value,
                        "points" => row.points = value,
                        _ => {}
                    }
                }
            }
        }
        typed.offers.truncate(MOST_OFFERS);
        typed
    }

    /// What its rows promise of which listing, as far as it can be read.
    pub fn promises(&self) -> Vec<(i64, i64)> {
        let number = |text: &str| text.trim().parse::<i64>().ok();
        self.offers.iter().filter_map(|row| number(&row.listing).zip(number(&row.pieces))).collect()
    }

    /// The plan, or everything that is wrong with what was typed. A price left empty is the listing's own.
    pub fn plan(&self, own_price_fen: impl Fn(i64) -> i64) -> Result<NewPlan, Vec<Fault>> {
        let mut faults = Vec::new();
        let title = self.title.trim();
        if title.is_empty() || title.chars().count() > MOST_TITLE {
            faults.push(Fault::Title);
        }
        let number = |text: &str| text.trim().parse::<i64>().ok();
        let place = (number(&self.shop), number(&self.anchor));
        let (Some(shop_id), Some(anchor_id)) = place else {
            faults.push(Fault::Place);
            return Err(faults);
        };
        let window = window(&self.day, &self.from, &self.to);
        if window.is_none() {
            faults.push(Fault::Times);
        }
        let mut offers: Vec<NewOffer> = Vec::new();
        for (index, row) in self.offers.iter().enumerate() {
            match row.read(&own_price_fen) {
                Ok(None) => {}
                Ok(Some(offer)) if offers.iter().any(|o| o.listing_id == offer.listing_id) => {
                    faults.push(Fault::Twice(index));
                }
                Ok(Some(offer)) => offers.push(offer),
                Err(()) => faults.push(Fault::Row(index)),
            }
        }
        let Some((starts_at, ends_at)) = window.filter(|_| faults.is_empty()) else { return Err(faults) };
        let mut assistants: Vec<i64> = self.assistants.iter().filter_map(|id| number(id)).collect();
        assistants.retain(|id| *id != anchor_id);
        assistants.sort_unstable();
        assistants.dedup();
        Ok(NewPlan {
            shop_id,
            anchor_id,
            room_id: number(&self.room).unwrap_or(0),
            assistants,
            author_no: self.account.clone(),
            title: title.to_owned(),
            starts_at,
            ends_at,
            offers,
        })
    }
}

impl TypedOffer {
    fn read(&self, own_price_fen: impl Fn(i64) -> i64) -> Result<Option<NewOffer>, ()> {
        let is_empty = |text: &str| text.trim().is_empty();
        if is_empty(&self.listing) {
            let rest = [&self.price, &self.pieces, &self.points];
            return if rest.into_iter().all(|text| is_empty(text)) { Ok(None) } else { Err(()) };
        }
        let listing_id: i64 = self.listing.trim().parse().map_err(|_| ())?;
        let price_fen = if is_empty(&self.price) {
            own_price_fen(listing_id)
        } else {
            parse_fen(self.price.trim()).filter(|fen| *fen > 0).ok_or(())?
        };
        let promised_pieces = if is_empty(&self.pieces) {
            0
        } else {
            self.pieces.trim().parse().ok().filter(|n| (0..=1_000_000).contains(n)).ok_or(())?
        };
        if self.points.chars().count() > MOST_POINTS {
            return Err(());
        }
        Ok(Some(NewOffer { listing_id, price_fen, promised_pieces, points: self.points.trim().to_owned() }))
    }
}

/// A day and two times of it; an end that is not after the start lies on the next day.
pub fn window(day: &str, from: &str, to: &str) -> Option<(Instant, Instant)> {
    let day: Day = parse_day(day.trim())?;
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    let (from, to) = (time(from)?, time(to)?);
    let last = if to > from { day } else { day + TimeDelta::days(1) };
    Some((local(day.and_time(from)), local(last.and_time(to))))
}

/// Day, start and end as a form shows them.
pub fn window_text(starts_at: Instant, ends_at: Instant) -> (String, String, String) {
    let text = |at: Instant, format: &str| at.with_timezone(&shanghai()).format(format).to_string();
    (text(starts_at, "%Y-%m-%d"), text(starts_at, "%H:%M"), text(ends_at, "%H:%M"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    fn typed(rows: &[(&str, &str, &str, &str)]) -> Typed {
        let mut fields: Vec<(String, String)> = [
            ("title", " 金桔专场 "),
            ("shop", "1"),
            ("room", ""),
            ("anchor", "2"),
            ("assistant", "2"),
            ("assistant", "3"),
            ("day", "2026-02-27"),
            ("from", "22:00"),
            ("to", "01:00"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for (listing, price, pieces, points) in rows {
            let row = [("listing", listing), ("price", price), ("pieces", pieces), ("points", points)];
            fields.extend(row.map(|(name, value)| (name.to_owned(), (*value).to_owned())));
        }
        Typed::read(fields)
    }

    #[test]
    fn a_plan_is_read_with_its_shelf_in_order_and_past_midnight() {
        let plan =
            typed(&[("7", "", "", ""), ("", "", "", ""), ("3", "29.9", "200", "当天采")]).plan(|_| 4_990).unwrap();
        assert_eq!((plan.title.as_str(), plan.room_id, plan.assistants.as_slice()), ("金桔专场", 0, &[3][..]));
        assert_eq!((plan.ends_at - plan.starts_at).num_hours(), 3);
        let offers: Vec<(i64, i64, i64)> =
            plan.offers.iter().map(|o| (o.listing_id, o.price_fen, o.promised_pieces)).collect();
        assert_eq!(offers, [(7, 4_990, 0), (3, 2_990, 200)]);
    }

    #[test]
    fn what_cannot_be_read_is_named_at_its_row() {
        let faults =
            typed(&[("7", "x", "", ""), ("", "9", "", ""), ("3", "", "-1", ""), ("8", "", "", ""), ("8", "", "", "")])
                .plan(|_| 1)
                .unwrap_err();
        assert_eq!(faults, [Fault::Row(0), Fault::Row(1), Fault::Row(2), Fault::Twice(4)]);
        assert_eq!(Typed::default().plan(|_| 1).unwrap_err(), [Fault::Title, Fault::Place]);
    }
}
