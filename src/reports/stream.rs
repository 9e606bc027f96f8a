//! The review of a stream on paper: what was planned beside what happened, sales and refunds, goods, minutes, audience.
//!
//! A paper goes on to people nobody knows, so it says what a hall may see (`domain::live`): amounts in whole steps, none of
//! fewer than five households and none that follows; where they are held back so are its orders, which with the prices of
//! the shelf are an amount. Farmer income and uplift of a stream are not on it.

use super::paper::Paper;
use crate::charts::timeline::{self, Timeline};
use crate::charts::{Frame, Width};
use crate::domain::calendar::{Day, Instant, clock_text, until_text};
use crate::domain::lang::Lang;
use crate::domain::live::{LiveStream, STEP, Sums, down, of_stream};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A stream that is reviewed.
#[derive(Debug, Clone)]
pub struct Review<'a> {
    pub county: &'a str,
    pub demo: bool,
    pub stream: &'a LiveStream,
    /// When it was planned to be; `None` where nobody planned it.
    pub planned: Option<(Instant, Instant)>,
    /// Why it was called off, where it was: it was planned and never held.
    pub off: Option<&'a str>,
    /// The day it belongs to.
    pub started_on: Day,
    /// The day on which the platform's window ends.
    pub final_on: Day,
    pub is_final: bool,
    pub views: Option<i64>,
    pub shelf: &'a [OnShelf],
    pub timeline: &'a Timeline,
    pub as_of: Option<Instant>,
    /// When it was asked for.
    pub at: Instant,
}

/// A place of the shelf as it was planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnShelf {
    pub place: i64,
    pub name: String,
    pub price_fen: i64,
    /// 0: no number was promised.
    pub promised: i64,
}

/// The document.
pub fn paper(review: &Review<'_>, lang: Lang) -> Paper {
    let (r, stream) = (review, review.stream);
    let seen = of_stream(stream);
    let span = |from: Instant, to: Instant| {
        json!([clock_text(from), clock_text(to), (to - from).num_minutes().max(0).to_string()])
    };
    let sums = |sums: Sums| {
        json!({
            "orders": sums.orders, "gmv_fen": sums.gmv_fen, "refund_fen": sums.refund_fen, "households": sums.households,
        })
    };
    let products = stream.products.iter().zip(&seen.shown).map(|(goods, shown)| {
        json!({
            "name": goods.name,
            "promised": goods.promised_pieces,
            "pieces": shown.then(|| down(goods.pieces, STEP)),
            "sums": shown.then(|| sums(goods.sums.coarse())),
        })
    });
    let shelf = r
        .shelf
        .iter()
        .map(|of| json!({ "place": of.place, "name": of.name, "price_fen": of.price_fen, "promised": of.promised }));
    let facts = json!({
        "county": r.county,
        "demo": r.demo,
        "title": stream.title,
        "day": r.started_on.to_string(),
        "anchor": stream.anchor,
        "room": stream.room,
        "shop": stream.shop,
        "planned": r.planned.map_or_else(|| json!([null, null, null]), |(from, to)| span(from, to)),
        "off": r.off,
        "held": if r.off.is_some() { json!([null, null, null]) } else { span(stream.starts_at, stream.ends_at) },
        "final_on": r.final_on.to_string(),
        "is_final": r.is_final,
        "sums": seen.sums.map(sums),
        "views": r.views,
        "products": products.collect::<Vec<Value>>(),
        "shelf": shelf.collect::<Vec<Value>>(),
        "as_of": r.as_of.map(until_text),
        "at": clock_text(r.at),
    });
    let (title, note) = match lang {
        Lang::Zh => ("每分钟的订单", "按付款时间；下播以后的尾单也算这场"),
        Lang::En => ("Orders by minute", "by time of payment; what was paid shortly after the end counts too"),
    };
    let frame = Frame { title, note, source: &stream.shop, as_of: r.as_of, demo: r.demo, lang };
    let minutes = if seen.sums.is_some() {
        timeline::svg(r.timeline, &frame, Width::Desktop)
    } else {
        crate::charts::withheld::svg(&frame, Width::Desktop)
    };
    let pictures = BTreeMap::from([("minutes", minutes)]);
    Paper { template: "stream.typ", lang, facts, pictures, made_at: r.at }
}
