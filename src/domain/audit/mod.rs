//! The audit trail's values: what was done ([`Change`]) and a row of the chain ([`Row`]).
//!
//! Rules that must hold: a field that says something of a person is recorded as changed, never as its value
//! ([`Field::is_personal`]), so that taking a household's name away later breaks no chain and leaves no copy here; a
//! row's hash covers every column and the hash of the row before, in one order, lengths first, so that no two rows can
//! be written to the same bytes.
//!
//! Not here: appending and locking (`store::audit`), walking the chain (`services::verify`), words for people
//! (`web::wording::audit`).
//!
//! To record something new: a noun, verb or field here; its wording is asked for by the compiler.

mod words;

pub use words::{Field, Noun, Verb};

use super::access::Actor;
use super::calendar::Instant;
use super::ledger::book::BatchId;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Display;

/// What stands in place of a personal value.
pub const CHANGED: &str = "changed";
/// First words of the bytes that are hashed: another shape is another version.
const SHAPE: &str = "red-anchor audit 1";

/// What a unit of work did, in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub verb: Verb,
    pub noun: Noun,
    /// Which one, by its key or number.
    pub subject: String,
    before: Facts,
    after: Facts,
}

/// Texts by field, or by `item.field` where one change is about several things.
type Facts = BTreeMap<String, String>;

impl Change {
    pub fn new(verb: Verb, noun: Noun, subject: impl Into<String>) -> Self {
        Self { verb, noun, subject: subject.into(), before: Facts::new(), after: Facts::new() }
    }

    /// How something stood; an empty value is not written.
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "numbers and texts alike are handed in as they are")]
    pub fn before(mut self, field: Field, value: impl Display) -> Self {
        say(&mut self.before, field.key(), field, &value);
        self
    }

    /// How it stands now; an empty value is not written.
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "numbers and texts alike are handed in as they are")]
    pub fn after(mut self, field: Field, value: impl Display) -> Self {
        say(&mut self.after, field.key(), field, &value);
        self
    }

    /// How many there were of something; none is not written.
    #[must_use]
    pub fn count(self, field: Field, number: i64) -> Self {
        if number == 0 { self } else { self.after(field, number) }
    }

    /// How many of one of several things.
    pub fn count_item(&mut self, item: &str, field: Field, number: i64) {
        if number != 0 {
            say(&mut self.after, &format!("{item}.{}", field.key()), field, &number);
        }
    }

    /// How one of several things stood and how it stands now; nothing where it is the same.
    pub fn of_item(&mut self, item: &str, field: Field, before: &str, after: &str) {
        if before == after {
            return;
        }
        let key = format!("{item}.{}", field.key());
        say(&mut self.before, &key, field, &before);
        say(&mut self.after, &key, field, &after);
    }

    /// How it stood, as stored.
    pub fn before_text(&self) -> String {
        text(&self.before)
    }

    /// How it stands, as stored.
    pub fn after_text(&self) -> String {
        text(&self.after)
    }
}

fn say(facts: &mut Facts, key: &str, field: Field, value: &impl Display) {
    let value = value.to_string();
    if !value.is_empty() {
        facts.insert(key.to_owned(), if field.is_personal() { CHANGED.to_owned() } else { value });
    }
}

fn text(facts: &Facts) -> String {
    if facts.is_empty() { String::new() } else { serde_json::to_string(facts).expect("texts are JSON") }
}

/// A row of the chain, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub audit_no: i64,
    pub at: Instant,
    pub actor: String,
    pub account_id: i64,
    pub role: String,
    pub came_from: String,
    pub verb: String,
    pub noun: String,
    pub subject: String,
    pub before: String,
    pub after: String,
    /// 0: none.
    pub batch_id: BatchId,
    /// '' for the first.
    pub prev_hash: String,
    pub hash: String,
}

impl Row {
    /// The row that follows a head: its number and the hash before it are the head's to say.
    pub fn following(
        county: &str,
        (audit_no, prev_hash): (i64, String),
        by: &Actor,
        at: Instant,
        batch_id: BatchId,
        change: &Change,
    ) -> Self {
        let mut entry = Self {
            audit_no,
            at,
            actor: by.name.clone(),
            account_id: by.account_id,
            role: by.role.key().to_owned(),
            came_from: by.from.clone(),
            verb: change.verb.key().to_owned(),
            noun: change.noun.key().to_owned(),
            subject: change.subject.clone(),
            before: change.before_text(),
            after: change.after_text(),
            batch_id,
            prev_hash,
            hash: String::new(),
        };
        entry.hash = entry.computed_hash(county);
        entry
    }

    /// SHA-256 of the row in a county, in hexadecimal. Times count in microseconds, which both engines keep.
    pub fn computed_hash(&self, county: &str) -> String {
        let mut hasher = Sha256::new();
        let (audit_no, at) = (self.audit_no.to_string(), self.at.timestamp_micros().to_string());
        let (account_id, batch_id) = (self.account_id.to_string(), self.batch_id.to_string());
        for part in [
            SHAPE,
            county,
            &audit_no,
            &at,
            &self.actor,
            &account_id,
            &self.role,
            &self.came_from,
            &self.verb,
            &self.noun,
            &self.subject,
            &self.before,
            &self.after,
            &batch_id,
            &self.prev_hash,
        ] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        hex::encode(hasher.finalize())
    }

    /// How it stood, by field in the order people read them; what is not in the stored shape is shown as it is.
    pub fn facts_before(&self) -> Vec<(String, String)> {
        facts(&self.before)
    }

    /// How it stands now.
    pub fn facts_after(&self) -> Vec<(String, String)> {
        facts(&self.after)
    }
}

/// What a row says, field by field: of `before` or `after` as it is stored.
pub fn facts(text: &str) -> Vec<(String, String)> {
    if text.is_empty() {
        return Vec::new();
    }
    let Ok(facts) = serde_json::from_str::<Facts>(text) else { return vec![(String::new(), text.to_owned())] };
    let mut facts: Vec<(String, String)> = facts.into_iter().collect();
    facts.sort_by_key(|(key, _)| {
        let (item, field) = split(key);
        (item.to_owned(), Field::parse(field), field.to_owned())
    });
    facts
}

/// The item and the field of a fact's key; the item is empty where the whole change is meant.
pub fn split(key: &str) -> (&str, &str) {
    key.rsplit_once('.').unwrap_or(("", key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{parse_day, start_of};
    use chrono::TimeDelta;

    fn entry() -> Row {
        let at = start_of(parse_day("2026-01-31").expect("a day")) + TimeDelta::microseconds(7);
        let change = Change::new(Verb::Lock, Noun::Month, "2026-01").after(Field::Coverage, "94.10 %");
        Row::following("360827", (1, String::new()), &Actor::command_line(), at, 4, &change)
    }

    #[test]
    fn a_hash_is_the_same_for_ever() {
        assert_eq!(entry().hash, "eb4bed751bfd8759d6aa71a040e764a0c178368e8a4d76014c9877ee790b712d");
    }

    #[test]
    fn every_column_moves_the_hash() {
        let changes: [fn(&mut Row); 13] = [
            |e| e.audit_no += 1,
            |e| e.at += TimeDelta::microseconds(1),
            |e| e.actor.push('x'),
            |e| e.account_id += 1,
            |e| e.role.push('x'),
            |e| e.came_from.push('x'),
            |e| e.verb.push('x'),
            |e| e.noun.push('x'),
            |e| e.subject.push('x'),
            |e| e.before.push('x'),
            |e| e.after.push('x'),
            |e| e.batch_id += 1,
            |e| e.prev_hash.push('x'),
        ];
        for change in changes {
            let mut changed = entry();
            change(&mut changed);
            assert_ne!(changed.computed_hash("360827"), entry().hash, "{changed:?}");
        }
        assert_ne!(entry().computed_hash("360828"), entry().hash);
    }

    #[test]
    fn text_moved_from_one_column_to_the_next_is_another_row() {
        let mut moved = entry();
        moved.verb = "loc".into();
        moved.noun = "kmonth".into();
        assert_ne!(moved.computed_hash("360827"), entry().hash);
    }

    #[test]
    fn what_is_personal_is_recorded_as_changed() {
        let mut change = Change::new(Verb::Change, Noun::Farmer, "f1")
            .before(Field::PersonName, "陈某")
            .after(Field::Village, "360827101210");
        change.of_item("f2", Field::PersonName, "李某", "李二");
        change.of_item("f3", Field::Village, "360827101210", "360827101210");
        assert_eq!(change.before_text(), r#"{"f2.person_name":"changed","person_name":"changed"}"#);
        assert_eq!(change.after_text(), r#"{"f2.person_name":"changed","village":"360827101210"}"#);
    }

    #[test]
    fn facts_are_read_in_the_order_of_their_fields_and_strange_ones_are_shown() {
        let mut odd = entry();
        odd.after = r#"{"rows_new":"3","rows_read":"9","file":"a.csv"}"#.into();
        let keys: Vec<String> = odd.facts_after().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["file", "rows_read", "rows_new"]);
        odd.after = "not json".into();
        assert_eq!(odd.facts_after(), [(String::new(), "not json".to_owned())]);
        assert_eq!(split("a.b.village"), ("a.b", "village"));
    }
}
