//! Everything that must hold of a county document before a word of it is written. Pure: document and what the database
//! knows in, all faults out.
//!
//! Rule that must hold: a document without faults can be written whole, so the writing side never meets an unknown key,
//! word or region.

mod goods;
mod lots;
mod people;

use super::known::{Known, declared};
use crate::domain::calendar::Day;
use crate::domain::county::CountyDoc;
use crate::domain::money::BP;
use crate::domain::problem::Problem;
use crate::domain::problem::{Fault, Flaw, MOST_SHOWN};
use crate::domain::regions::RegionCode;
use crate::store::keys::Noun;
use chrono::Datelike;
use rustc_hash::FxHashSet;
use std::fmt;
use std::hash::Hash;

/// Amounts and weights above this are a slip of the finger: ten million yuan, a thousand tonnes.
const MOST_AMOUNT: i64 = 1_000_000_000;

/// Where in the document something stands; written out only when it is needed.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    within: Option<&'a Place<'a>>,
    part: &'static str,
    index: Option<usize>,
}

impl<'a> Place<'a> {
    const fn item(part: &'static str, index: usize) -> Self {
        Self { within: None, part, index: Some(index) }
    }

    const fn field(&'a self, part: &'static str) -> Self {
        Self { within: Some(self), part, index: None }
    }

    const fn at(&'a self, part: &'static str, index: usize) -> Self {
        Self { within: Some(self), part, index: Some(index) }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(within) = self.within {
            write!(f, "{within}.")?;
        }
        f.write_str(self.part)?;
        self.index.map_or(Ok(()), |index| write!(f, "[{index}]"))
    }
}

/// Checks a document; the error names every fault.
pub(super) fn check(doc: &CountyDoc, county: RegionCode, known: &Known) -> Result<(), Problem> {
    let mut check = Check::new(doc, county, known);
    if RegionCode::parse(&doc.county) != Some(county) {
        let place = Place { within: None, part: "county", index: None };
        check.fault(&place, Flaw::OtherCounty { own: county.to_string() });
    }
    check.operators(&doc.operators);
    check.shops(&doc.shops);
    check.farmers(&doc.farmers);
    check.products(&doc.products);
    check.listings(&doc.listings);
    check.mappings(&doc.mappings);
    check.rooms(&doc.rooms);
    check.modules(&doc.modules);
    check.anchors(&doc.anchors);
    check.streams(&doc.streams);
    check.baselines(&doc.baselines);
    check.lots(&doc.lots);
    check.faults.refuse()
}

/// What was found wrong with a document.
#[derive(Debug, Default)]
pub(super) struct Faults {
    shown: Vec<Fault>,
    found: usize,
}

impl Faults {
    pub(super) fn add(&mut self, place: String, flaw: Flaw) {
        self.found += 1;
        if self.shown.len() < MOST_SHOWN {
            self.shown.push(Fault { place, flaw });
        }
    }

    /// Refuses the document if anything was found.
    pub(super) fn refuse(self) -> Result<(), Problem> {
        if self.found == 0 {
            return Ok(());
        }
        Err(Problem::FaultyCounty { more: self.found - self.shown.len(), faults: self.shown })
    }
}

/// The checks of one document and what they found.
struct Check<'a> {
    county: RegionCode,
    known: &'a Known,
    declared: FxHashSet<(Noun, &'a str)>,
    faults: Faults,
}

impl<'a> Check<'a> {
    fn new(doc: &'a CountyDoc, county: RegionCode, known: &'a Known) -> Self {
        Self { county, known, declared: declared(doc).collect(), faults: Faults::default() }
    }

    fn fault(&mut self, place: &Place, flaw: Flaw) {
        self.faults.add(place.to_string(), flaw);
    }

    /// A key or number that must be there once.
    fn once<T: Eq + Hash>(&mut self, place: &Place, seen: &mut FxHashSet<T>, value: T, text: impl fmt::Display) {
        if !seen.insert(value) {
            self.fault(place, Flaw::Twice { text: text.to_string() });
        }
    }

    /// The name and key every thing has.
    fn named(&mut self, place: &Place<'_>, seen: &mut FxHashSet<&'a str>, key: &'a str, name: &str) {
        self.filled(&place.field("key"), key);
        self.once(&place.field("key"), seen, key, key);
        self.filled(&place.field("name"), name);
    }

    fn filled(&mut self, place: &Place, text: &str) {
        if text.trim().is_empty() {
            self.fault(place, Flaw::Empty);
        }
    }

    fn refers(&mut self, place: &Place, noun: Noun, key: &str) {
        if !self.declared.contains(&(noun, key)) && self.known.names.find(noun, key).is_none() {
            self.fault(place, Flaw::UnknownKey { noun: noun.word(), key: key.to_owned() });
        }
    }

    fn word(&mut self, place: &Place, text: &str, words: &[&str]) {
        if !words.contains(&text) {
            self.fault(place, Flaw::UnknownWord { text: text.to_owned(), known: words.join(" ") });
        }
    }

    fn between(&mut self, place: &Place, value: i64, least: i64, most: i64) {
        if !(least..=most).contains(&value) {
            self.fault(place, Flaw::OutOfRange { value, least, most });
        }
    }

    fn rate(&mut self, place: &Place, value: i64) {
        self.between(place, value, 0, BP);
    }

    fn amount(&mut self, place: &Place, value: i64) {
        self.between(place, value, 0, MOST_AMOUNT);
    }

    fn day(&mut self, place: &Place, day: Day) {
        if !(2000..2200).contains(&day.year()) {
            self.fault(place, Flaw::DayOutOfRange);
        }
    }

    fn span(&mut self, place: &Place<'_>, from: Day, to: Option<Day>) {
        self.day(&place.field("from"), from);
        if let Some(to) = to {
            self.day(&place.field("to"), to);
            if to < from {
                self.fault(&place.field("to"), Flaw::EndsBeforeStart);
            }
        }
    }

    fn village(&mut self, place: &Place, code: &str) {
        if !RegionCode::parse(code).is_some_and(|c| c.digits() == 12 && self.in_county(c)) {
            self.fault(place, Flaw::NotAVillage { code: code.to_owned() });
        }
    }

    fn region(&mut self, place: &Place, code: &str) {
        if !RegionCode::parse(code).is_some_and(|c| self.in_county(c)) {
            self.fault(place, Flaw::NotARegion { code: code.to_owned() });
        }
    }

    /// Only a county whose towns and villages are in the reference table can be held to them.
    fn in_county(&self, code: RegionCode) -> bool {
        let complete = self.known.regions.iter().any(|r| r.digits() == 12);
        code.within(self.county) && (!complete || self.known.regions.contains(&code))
    }
}
