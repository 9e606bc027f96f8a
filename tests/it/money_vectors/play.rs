//! A scenario played into a ledger in memory, as the store would: every step recomputes and posts the difference.

use super::book::{ListingOf, add_baseline, day, int};
use red_anchor::domain::calendar::{Day, parse_month};
use red_anchor::domain::counts::{Contribution, CountedOrder, contributions};
use red_anchor::domain::ledger::facts::{Attribution, Class, Coupons, Outcome};
use red_anchor::domain::ledger::{
    Book, Change, Entry, Event, EventKind, LineFacts, OrderFacts, PostedSum, differences, entries,
};
use red_anchor::domain::regions::RegionCode;
use serde_json::Value;
use std::collections::BTreeMap;

/// The one shop that sells.
pub const SHOP: i64 = 1;

/// The county all scenarios lie in.
pub fn county() -> RegionCode {
    RegionCode::parse("360827").expect("a county")
}

/// A scenario after its last step.
pub struct Played {
    pub ledger: Vec<Change>,
    /// Names of streams, by the ids they were given here.
    pub streams: Vec<String>,
    pub counts: Vec<Contribution>,
    facts: OrderFacts,
    book: Book,
    listings: Vec<ListingOf>,
    /// The day an event's entry was first booked on, by event.
    counted_on: BTreeMap<i64, Day>,
    batch_id: i64,
}

impl Played {
    pub fn new(scenario: &Value) -> Self {
        let order = &scenario["order"];
        let lines = order["lines"].as_array().expect("an order has lines");
        let mut played = Self {
            ledger: Vec::new(),
            streams: Vec::new(),
            counts: Vec::new(),
            facts: read_order(order),
            book: Book { county: Some(county()), ..Book::default() },
            listings: lines.iter().map(ListingOf::line).collect(),
            counted_on: BTreeMap::new(),
            batch_id: 1,
        };
        for terms in scenario["terms"].as_array().into_iter().flatten() {
            played.add_terms(terms);
        }
        for price in scenario["baseline"].as_array().into_iter().flatten() {
            add_baseline(&mut played.book, price, played.batch_id);
        }
        for step in scenario["events"].as_array().expect("a scenario has events") {
            played.batch_id += 1;
            played.step(step);
            played.post();
        }
        played.count();
        played
    }

    /// Rows that posting once more would append.
    pub fn left_to_post(&self) -> usize {
        differences(&entries(&self.facts, &self.book).entries, &self.posted(), &self.book).len()
    }

    fn add_terms(&mut self, stated: &Value) {
        let mut seen = Vec::new();
        for listing in &self.listings {
            if !seen.contains(&listing.listing.listing_id) {
                listing.add_terms(&mut self.book, stated, self.batch_id, self.batch_id);
                seen.push(listing.listing.listing_id);
            }
        }
    }

    fn step(&mut self, step: &Value) {
        match step["kind"].as_str().expect("a step has a kind") {
            "lock" => {
                let month = step["month"].as_str().and_then(parse_month).expect("a lock names its month");
                self.book.locks.insert(month, self.batch_id);
            }
            "baseline_change" => add_baseline(&mut self.book, &step["baseline"], self.batch_id),
            "terms_change" => self.add_terms(&step["terms"]),
            "attribution" => {
                let attribution = self.attribution(&step["stream"]);
                self.line(step).attribution = attribution;
            }
            "mapped" => {
                let line_id = int(step, "line_id");
                let at = self.facts.lines.iter().position(|l| l.line_id == line_id).expect("a line of the order");
                self.facts.lines[at].listing = Some(self.listings[at].listing);
            }
            _ => self.facts.events.push(read_event(step)),
        }
    }

    fn line(&mut self, step: &Value) -> &mut LineFacts {
        let line_id = int(step, "line_id");
        self.facts.lines.iter_mut().find(|l| l.line_id == line_id).expect("a line of the order")
    }

    fn attribution(&mut self, stream: &Value) -> Attribution {
        let Some(name) = stream.as_str() else {
            return Attribution::NONE;
        };
        let at = self.streams.iter().position(|known| known == name).unwrap_or_else(|| {
            self.streams.push(name.to_owned());
            self.streams.len() - 1
        });
        Attribution { stream_id: i64::try_from(at + 1).expect("few streams"), class: Class::Red, ..Attribution::NONE }
    }

    /// What the ledger holds, by event, line and dimensions, as the store reads it.
    fn posted(&self) -> Vec<PostedSum> {
        let mut sums: Vec<PostedSum> = Vec::new();
        for Entry { line_id, event_id, event_kind, event_on, dimensions, baseline_id, amounts } in
            self.ledger.iter().map(|row| row.entry)
        {
            let same = |s: &&mut PostedSum| (s.event_id, s.line_id, s.dimensions) == (event_id, line_id, dimensions);
            match sums.iter_mut().find(same) {
                Some(sum) => sum.amounts += amounts,
                None => {
                    sums.push(PostedSum { line_id, event_id, event_kind, event_on, dimensions, baseline_id, amounts });
                }
            }
        }
        sums
    }

    fn post(&mut self) {
        let target = entries(&self.facts, &self.book);
        let changes = differences(&target.entries, &self.posted(), &self.book);
        for change in &changes {
            self.counted_on.entry(change.entry.event_id).or_insert(change.booking.booked_on);
        }
        self.ledger.extend(changes);
    }

    fn count(&mut self) {
        let first = |is: fn(&EventKind) -> bool| {
            let event = self.facts.events.iter().filter(|e| is(&e.kind)).min_by_key(|e| (e.on, e.second, e.id))?;
            self.counted_on.get(&event.id).copied()
        };
        let refunded_fen: i64 = self.facts.events.iter().map(|e| refund_fen(&e.kind)).sum();
        let state = entries(&self.facts, &self.book);
        self.counts = contributions(
            &CountedOrder {
                shop_id: self.facts.shop_id,
                created_on: self.facts.events.first().expect("a scenario has events").on,
                paid_counted_on: first(|kind| *kind == EventKind::Paid),
                refund_counted_on: first(|kind| refund_fen(kind) != 0).filter(|_| refunded_fen > 0),
                lines: &state.lines,
            },
            county(),
        );
    }
}

fn refund_fen(kind: &EventKind) -> i64 {
    match kind {
        EventKind::Refund { refund_fen, .. } => *refund_fen,
        _ => 0,
    }
}

fn coupons(stated: &Value) -> Coupons {
    Coupons {
        shop_fen: int(stated, "shop_coupon_fen"),
        platform_fen: int(stated, "platform_coupon_fen"),
        anchor_fen: int(stated, "anchor_coupon_fen"),
    }
}

fn read_order(order: &Value) -> OrderFacts {
    let mut lines: Vec<LineFacts> = order["lines"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|line| LineFacts {
            line_id: int(line, "line_id"),
            pieces: int(line, "qty"),
            list_fen: int(line, "list_fen"),
            coupons: coupons(line),
            listing: (line["listing"] != false).then(|| ListingOf::line(line).listing),
            attribution: Attribution::NONE,
            intake_on: line.get("intake_on").map(day),
            draws: Vec::new(),
        })
        .collect();
    lines.sort_by_key(|line| line.line_id);
    OrderFacts {
        order_id: 1,
        shop_id: SHOP,
        lines,
        order_coupons: coupons(order),
        buyer_freight_fen: int(order, "buyer_freight_fen"),
        events: Vec::new(),
    }
}

fn read_event(step: &Value) -> Event {
    let line_id = step["line_id"].as_i64();
    let kind = match step["kind"].as_str().expect("a step has a kind") {
        "paid" => EventKind::Paid,
        "refund" => EventKind::Refund {
            line_id,
            refund_fen: int(step, "refund_fen"),
            freight_fen: step["freight_fen"].as_i64(),
            subsidy_back_fen: int(step, "subsidy_back_fen"),
            outcome: step["goods"].as_str().and_then(Outcome::parse).expect("a refund says what became of the goods"),
            pieces: int(step, "units"),
        },
        "settled" => EventKind::Settled {
            line_id,
            goods_fen: int(step, "goods_fen"),
            freight_fen: int(step, "freight_fen"),
            subsidy_fen: int(step, "subsidy_fen"),
            refund_fen: int(step, "refund_fen"),
            platform_fen: int(step, "platform_fen"),
            anchor_fen: int(step, "anchor_fen"),
        },
        "inferred" => EventKind::Inferred,
        "parcels" => EventKind::Parcels { parcels: int(step, "parcels") },
        "resend" => EventKind::Resend { line_id: int(step, "line_id"), pieces: int(step, "units") },
        "offplatform_compensation" => EventKind::Compensation { line_id: int(step, "line_id"), fen: int(step, "fen") },
        unknown => panic!("a step this test does not know: {unknown}"),
    };
    Event { id: int(step, "id"), on: day(&step["on"]), second: 0, kind }
}
