//! What a scenario expects against what came out; every difference is named.

use super::book::{day, int};
use super::play::{Played, SHOP, county};
use red_anchor::domain::amounts::{Amounts, Col};
use red_anchor::domain::calendar::{Day, month_key};
use red_anchor::domain::counts::{Group, Key, Lens};
use red_anchor::domain::figures::{Counts, FigureRow};
use red_anchor::domain::ledger::Change;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Every key that differs, with both values; empty when all is as expected.
pub fn differing(expect: &Value, played: &Played) -> Vec<String> {
    let mut out = Vec::new();
    entries(&expect["entries"], played, &mut out);

    let months: BTreeSet<String> = played
        .ledger
        .iter()
        .map(|row| row.booking.booked_on)
        .chain(played.counts.iter().map(|c| c.on))
        .map(month_key)
        .collect();
    rows("by_month", &expect["by_month"], &months, &mut out, |month| {
        let of_month = |on: Day| month_key(on) == month;
        figures(played, |row| of_month(row.booking.booked_on), of_month)
    });
    row("total", &expect["total"], &figures(played, |_| true, |_| true), &mut out);

    let farmers = played.ledger.iter().map(|row| id_key(row.entry.dimensions.farmer_id)).collect();
    rows("by_farmer", &expect["by_farmer"], &farmers, &mut out, |farmer| {
        figures(played, |row| id_key(row.entry.dimensions.farmer_id) == farmer, |_| false)
    });
    for (on, expected) in expect["as_of"].as_object().into_iter().flatten() {
        let until = day(&Value::String(on.clone()));
        let found = figures(played, |row| row.booking.booked_on <= until, |_| false);
        row(&format!("as_of {on}"), expected, &found, &mut out);
    }
    if let Some(streams) = expect["by_stream"].as_object() {
        let found: BTreeSet<String> = played.ledger.iter().map(|row| stream_key(played, row)).collect();
        for stream in found.into_iter().chain(streams.keys().cloned()).collect::<BTreeSet<_>>() {
            let expected = streams.get(&stream).unwrap_or(&Value::Null);
            rows(&format!("by_stream {stream}"), expected, &months, &mut out, |month| {
                let belongs = |row: &Change| stream_key(played, row) == stream;
                figures(played, |row| belongs(row) && month_key(row.booking.booked_on) == month, |_| false)
            });
        }
    }
    out
}

fn id_key(id: i64) -> String {
    if id == 0 { "null".to_owned() } else { id.to_string() }
}

fn stream_key(played: &Played, row: &Change) -> String {
    match usize::try_from(row.entry.dimensions.stream_id).expect("ids are not negative") {
        0 => "null".to_owned(),
        id => played.streams[id - 1].clone(),
    }
}

/// Figures of the rows and counted days that are asked for.
fn figures(played: &Played, rows: impl Fn(&Change) -> bool, counted: impl Fn(Day) -> bool) -> FigureRow {
    let mut amounts = Amounts::ZERO;
    let mut settled_net: BTreeMap<i64, i64> = BTreeMap::new();
    for row in played.ledger.iter().filter(|row| rows(row)) {
        amounts += row.entry.amounts;
        *settled_net.entry(row.entry.dimensions.farmer_id).or_default() += row.entry.amounts[Col::SettledNet];
    }
    let households = settled_net.iter().filter(|&(&farmer, &net)| farmer != 0 && net > 0).count();
    let everything = Group { lens: Lens::Shop, key: Key::Id(SHOP), region: Some(county()) };
    let counts = played
        .counts
        .iter()
        .filter(|c| c.group == everything && counted(c.on))
        .fold(Counts::ZERO, |sum, c| sum + c.counts);
    FigureRow::from_sums(&amounts, counts, i64::try_from(households).expect("few households"))
}

/// Compares rows by key; a key that only one side has is compared with a row of nothing.
fn rows(
    what: &str,
    expected: &Value,
    found: &BTreeSet<String>,
    out: &mut Vec<String>,
    figures: impl Fn(&str) -> FigureRow,
) {
    let nothing = serde_json::json!({});
    let keys = expected.as_object().into_iter().flatten().map(|(key, _)| key.clone());
    for key in keys.chain(found.iter().cloned()).collect::<BTreeSet<_>>() {
        let figures = figures(&key);
        match expected.get(&key) {
            Some(expected) => row(&format!("{what} {key}"), expected, &figures, out),
            None if figures.is_empty() => {}
            None => {
                row(&format!("{what} {key} (unexpected)"), &nothing, &figures, out);
                out.push(format!("{what} {key} is not expected: {figures:?}"));
            }
        }
    }
}

/// Compares the keys a row names.
fn row(what: &str, expected: &Value, found: &FigureRow, out: &mut Vec<String>) {
    for (key, value) in expected.as_object().into_iter().flatten() {
        if found.get(key) != value.as_i64() {
            out.push(format!("{what} {key}: expected {value}, found {:?}", found.get(key)));
        }
    }
}

/// Where an entry stands: line, household, stream, event and its day, booked day, adjusted month.
type Place = (i64, String, String, i64, String, String, String, String);

/// Ledger sums by place; rows may be cut otherwise as long as these agree.
fn entries(expected: &Value, played: &Played, out: &mut Vec<String>) {
    let mut wanted: BTreeMap<Place, Amounts> = BTreeMap::new();
    for entry in expected.as_array().into_iter().flatten() {
        let text = |key: &str| match &entry[key] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let place = (
            int(entry, "line_id"),
            text("farmer_id"),
            text("stream_id"),
            int(entry, "event_id"),
            text("event_kind"),
            text("event_on"),
            text("booked_on"),
            text("adjusts_on"),
        );
        let sum = wanted.entry(place).or_insert(Amounts::ZERO);
        for column in Col::ALL {
            sum[column] += int(entry, column.name());
        }
    }
    let mut found: BTreeMap<Place, Amounts> = BTreeMap::new();
    for row in &played.ledger {
        let place = (
            row.entry.line_id,
            id_key(row.entry.dimensions.farmer_id),
            stream_key(played, row),
            row.entry.event_id,
            row.entry.event_kind.to_owned(),
            row.entry.event_on.to_string(),
            row.booking.booked_on.to_string(),
            row.booking.adjusts_on.map_or_else(|| "null".to_owned(), |on| on.to_string()),
        );
        *found.entry(place).or_insert(Amounts::ZERO) += row.entry.amounts;
    }
    let places: BTreeSet<&Place> = wanted.keys().chain(found.keys()).collect();
    for place in places {
        let (w, f) = (wanted.get(place).copied().unwrap_or_default(), found.get(place).copied().unwrap_or_default());
        for column in Col::ALL.into_iter().filter(|&column| w[column] != f[column]) {
            out.push(format!("entry {place:?} {}: expected {}, found {}", column.name(), w[column], f[column]));
        }
    }
}
