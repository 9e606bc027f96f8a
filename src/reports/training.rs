//! The training of a year on paper: people by step of the ladder, hours against the reference, attendance, certificates, who
//! still streams after 90 days. It holds no amount: what an hour of one person sold is the goods of a few households.

use super::paper::Paper;
use crate::domain::calendar::{Day, start_of};
use crate::domain::disclosure::{LEAST_HOUSEHOLDS, is_small};
use crate::domain::lang::Lang;
use crate::domain::party::Stage;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What the summary is made from.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    pub county: String,
    pub demo: bool,
    pub on: Day,
    pub year: i32,
    /// 培训人次, 培训人数, 持证主播.
    pub counts: (i64, i64, i64),
    pub reference_hours: i64,
    pub modules: usize,
    /// Steps of the ladder by their keys, with the people on each.
    pub stages: Vec<(&'static str, i64)>,
    pub people: Vec<Person>,
    pub issued: Vec<Certificate>,
    pub expiring: Vec<Certificate>,
    pub expiry_days: i64,
    pub certified: Vec<Certified>,
    /// People by party stage; `None` where the module is off or the reader may not know.
    pub party: Option<Vec<(&'static str, i64)>>,
}

/// A person's training.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub stage: &'static str,
    pub hours: i64,
    pub passed: usize,
    /// Classes that are over, and those the person was in.
    pub planned: i64,
    pub present: i64,
    pub next: String,
    /// The next step waits for the branch.
    pub urgent: bool,
}

/// A certificate.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub name: String,
    pub kind: String,
    pub number: String,
    pub issued_on: Day,
    pub expires_on: Option<Day>,
}

/// What became of somebody certified.
#[derive(Debug, Clone)]
pub struct Certified {
    pub name: String,
    pub certified_on: Day,
    pub first_on: Option<Day>,
    /// `None` while 90 days are not over.
    pub still: Option<bool>,
}

/// The document.
pub fn paper(summary: &Summary, lang: Lang) -> Paper {
    let s = summary;
    let (times, trained, holders) = s.counts;
    let stage = |&(key, people): &(&str, i64)| json!({ "key": key, "people": people });
    let person = |of: &Person| {
        json!({
            "name": of.name, "stage": of.stage, "hours": of.hours, "passed": of.passed, "planned": of.planned,
            "present": of.present, "next": of.next, "urgent": of.urgent,
        })
    };
    let certificate = |of: &Certificate| {
        json!({
            "name": of.name, "kind": of.kind, "number": of.number, "issued_on": of.issued_on.to_string(),
            "expires_on": of.expires_on.map(|day| day.to_string()),
        })
    };
    let certified = |of: &Certified| {
        json!({
            "name": of.name, "certified_on": of.certified_on.to_string(),
            "first_on": of.first_on.map(|day| day.to_string()), "still": of.still,
        })
    };
    let party = |steps: &Vec<(&str, i64)>| {
        // the page counts the two stages of members together, so that a large one would tell the small one
        let is_member = |key: &str| [Stage::Probationary.key(), Stage::Full.key()].contains(&key);
        let few_members = steps.iter().any(|&(key, people)| is_member(key) && is_small(people));
        let shown = |key: &str, people: i64| people >= LEAST_HOUSEHOLDS && !(few_members && is_member(key));
        let large = steps.iter().filter(|&&(key, people)| shown(key, people));
        large.map(|(stage, people)| json!({ "stage": stage, "people": people })).collect::<Vec<Value>>()
    };
    let over: Vec<bool> = s.certified.iter().filter_map(|of| of.still).collect();
    let facts = json!({
        "county": s.county,
        "demo": s.demo,
        "on": s.on.to_string(),
        "year": s.year.to_string(),
        "times": times,
        "trained": trained,
        "holders": holders,
        "reference_hours": s.reference_hours,
        "modules": s.modules,
        "stages": s.stages.iter().map(stage).collect::<Vec<Value>>(),
        "people": s.people.iter().map(person).collect::<Vec<Value>>(),
        "issued": s.issued.iter().map(certificate).collect::<Vec<Value>>(),
        "expiring": s.expiring.iter().map(certificate).collect::<Vec<Value>>(),
        "expiry_days": s.expiry_days,
        "over": over.len(),
        "still": over.iter().filter(|still| **still).count(),
        "certified": s.certified.iter().map(certified).collect::<Vec<Value>>(),
        "party": s.party.as_ref().map(party),
    });
    Paper { template: "training.typ", lang, facts, pictures: BTreeMap::new(), made_at: start_of(s.on) }
}
