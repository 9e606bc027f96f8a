//! A household's month as a document: what it sold and what it gets, in large type, for the household itself or the village
//! contact who brings it round. It holds that one household's own lines and nobody else's.
//!
//! The amounts are those of the household's page (`web::farmer::month`); adding up or rounding happens nowhere here.

use super::paper::Paper;
use crate::domain::calendar::{Day, Instant, month_key, until_text};
use crate::domain::lang::Lang;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A household's month.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Family name only.
    pub household: String,
    /// Tells 陈* from 陈*; '' where the household itself asks.
    pub key: String,
    pub village: String,
    pub county: String,
    pub month: Day,
    /// What arrived; `None` where nobody records payouts.
    pub arrived_fen: Option<i64>,
    /// Since when payouts are recorded, where that was after the month.
    pub recorded_since: Option<Day>,
    /// Earned and not paid at the month's end; `None` likewise.
    pub outstanding_fen: Option<i64>,
    /// Settled in the month.
    pub due_fen: i64,
    pub due_on: Option<Day>,
    pub pending_fen: i64,
    pub sold: Vec<Sold>,
    /// Orders that came back, by what became of the goods (`domain::ledger::facts::Outcome`).
    pub returned: Vec<(&'static str, i64)>,
    pub days: Vec<DaySold>,
    pub phone: String,
    pub as_of: Option<Instant>,
    pub demo: bool,
    /// When it was asked for.
    pub made_at: Instant,
}

/// Goods of one kind sold in the month, by pay day, as they now stand.
#[derive(Debug, Clone)]
pub struct Sold {
    pub listing: String,
    /// Its number, by which a page leads to it; 0 where none is known.
    pub listing_id: i64,
    pub orders: i64,
    pub goods_g: i64,
    pub farmer_fen: i64,
    /// What the same goods fetch at the farm gate; `None` where a day had no price.
    pub baseline_fen: Option<i64>,
}

/// A day's sales.
#[derive(Debug, Clone)]
pub struct DaySold {
    pub day: Day,
    pub orders: i64,
    pub farmer_fen: i64,
}

/// The document.
pub fn paper(statement: &Statement, lang: Lang) -> Paper {
    let s = statement;
    let sold = |sold: &Sold| {
        json!({
            "listing": sold.listing, "orders": sold.orders, "goods_g": sold.goods_g,
            "farmer_fen": sold.farmer_fen, "baseline_fen": sold.baseline_fen,
        })
    };
    let day = |d: &DaySold| json!({ "day": d.day.to_string(), "orders": d.orders, "farmer_fen": d.farmer_fen });
    let returned = |(outcome, orders): &(&str, i64)| json!({ "outcome": outcome, "orders": orders });
    let facts = json!({
        "household": s.household,
        "key": s.key,
        "village": s.village,
        "county": s.county,
        "month": month_key(s.month),
        "arrived_fen": s.arrived_fen,
        "recorded_since": s.recorded_since.map(|day| day.to_string()),
        "outstanding_fen": s.outstanding_fen,
        "due_fen": s.due_fen,
        "due_on": s.due_on.map(|day| day.to_string()),
        "pending_fen": s.pending_fen,
        "sold": s.sold.iter().map(sold).collect::<Vec<Value>>(),
        "returned": s.returned.iter().map(returned).collect::<Vec<Value>>(),
        "days": s.days.iter().map(day).collect::<Vec<Value>>(),
        "phone": s.phone,
        "as_of": s.as_of.map(until_text),
        "demo": s.demo,
    });
    Paper { template: "statement.typ", lang, facts, pictures: BTreeMap::new(), made_at: s.made_at }
}
