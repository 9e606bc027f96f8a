//! The worked scenarios of the ledger's rules, played fact by fact.
//!
//! Each scenario of `tests/fixtures/money_vectors.json` is played in the order in which things became known; after
//! every step the entries are computed afresh and their differences posted into a ledger in memory, as the store does.
//! Then everything the scenario expects is compared: ledger sums by line, household, stream, event and booked day,
//! and figures by month, household, stream and as of days.
//!
//! `RED_ANCHOR_MONEY_VECTORS=FILE` reads another file of the same shape instead.

mod book;
mod compare;
mod play;

use serde_json::Value;
use std::path::PathBuf;

fn scenarios() -> Vec<Value> {
    let path = crate::environment::path("RED_ANCHOR_MONEY_VECTORS")
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/money_vectors.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file: Value = serde_json::from_str(&text).expect("the vectors are JSON");
    let scenarios = file["scenarios"].as_array().expect("`scenarios` is a list").clone();
    assert!(!scenarios.is_empty(), "a file without scenarios proves nothing");
    scenarios
}

#[test]
fn money_vectors_come_out_to_the_fen() {
    let scenarios = scenarios();
    let failing: Vec<String> = scenarios
        .iter()
        .filter_map(|scenario| {
            let differing = compare::differing(&scenario["expect"], &play::Played::new(scenario));
            (!differing.is_empty()).then(|| format!("{}:\n    {}", scenario["name"], differing.join("\n    ")))
        })
        .collect();
    assert!(failing.is_empty(), "{} of {} scenarios differ\n{}", failing.len(), scenarios.len(), failing.join("\n"));
}

#[test]
fn money_vectors_leave_nothing_to_post() {
    for scenario in scenarios() {
        let played = play::Played::new(&scenario);
        assert_eq!(played.left_to_post(), 0, "{}", scenario["name"]);
    }
}

#[test]
fn money_vectors_balance_in_every_row() {
    for scenario in scenarios() {
        for row in &play::Played::new(&scenario).ledger {
            assert!(row.entry.amounts.balances(), "{}: {row:?}", scenario["name"]);
        }
    }
}
