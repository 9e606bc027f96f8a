//! People and their classes from a table: shown before anything of it is entered, entered whole or not at all.
//!
//! Rules that must hold: the same table once more changes nothing, since a class is one row by person, module and day, and a
//! row without a pass takes none back; nobody enters a pass or a birth date of their own.

use super::desk::Desk;
use super::own;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Day;
use crate::domain::problem::{Problem, Teaching};
use crate::domain::training_sheet::{Nameable, NewRow};
use crate::store::people::{self, Anchor, Training};
use crate::store::training::{self, Profile};
use crate::store::{Session, StoreError, keys, take_ids};
use std::collections::BTreeMap;

pub use crate::ingest::files::training_sheet::{MOST_ROWS, read as read_sheet};

/// What rows may name in this county.
pub async fn nameable(session: &mut Session) -> Result<Nameable, StoreError> {
    let people = people::list_anchors(session).await?.into_iter().map(|a| (a.anchor_id, a.name)).collect();
    let modules = people::list_modules(session).await?.into_iter();
    let modules = modules.map(|m| (m.module_id, vec![m.module_key, m.name, m.name_en])).collect();
    Ok(Nameable { people, modules })
}

/// Enters rows; how many people were new.
pub async fn enter(desk: &Desk<'_>, rows: &[NewRow]) -> anyhow::Result<usize> {
    let own = own::anchors(desk).await?;
    let is_own = |row: &NewRow| row.anchor_id.is_some_and(|id| own.contains(&id));
    let says = |row: &NewRow| row.born_on.is_some() || row.sat.is_some_and(|sat| sat.passed_on.is_some());
    if rows.iter().any(|row| is_own(row) && says(row)) {
        return Err(Problem::from(Teaching::OwnStep).into());
    }
    let mut work = desk.work("enter training").await?;
    let mut names: Vec<&str> = rows.iter().filter(|r| r.anchor_id.is_none()).map(|r| r.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let first = if names.is_empty() { 0 } else { take_ids(&mut work, keys::Noun::Anchor.word(), names.len()).await? };
    let new: Vec<Anchor> = names
        .iter()
        .zip(first..)
        .map(|(name, id)| Anchor { anchor_id: id, anchor_key: format!("p{id}"), name: (*name).to_owned() })
        .collect();
    people::upsert_anchors(&mut work, &new).await?;
    let id = |row: &NewRow| row.anchor_id.or_else(|| new.iter().find(|a| a.name == row.name).map(|a| a.anchor_id));
    let known = training::list_profiles(&mut work).await?;
    let with_birth = rows.iter().filter(|row| row.born_on.is_some()).filter_map(|row| {
        let anchor_id = id(row)?;
        let known = known.iter().find(|p| p.anchor_id == anchor_id).cloned().unwrap_or_default();
        // a row for the same person further down is the newer word
        Some((anchor_id, Profile { anchor_id, born_on: row.born_on, ..known }))
    });
    let profiles: BTreeMap<i64, Profile> = with_birth.collect();
    training::update_profiles(&mut work, &profiles.into_values().collect::<Vec<_>>()).await?;
    let key = |t: &Training| (t.anchor_id, t.module_id, t.attended_on);
    let known: BTreeMap<(i64, i64, Day), Option<Day>> =
        people::list_training(&mut work).await?.iter().map(|t| (key(t), t.passed_on)).collect();
    let mut records: BTreeMap<(i64, i64, Day), Training> = BTreeMap::new();
    for row in rows {
        let (Some(anchor_id), Some(sat)) = (id(row), row.sat) else { continue };
        let (module_id, attended_on) = (sat.module_id, sat.attended_on);
        let passed_on = sat.passed_on.or_else(|| known.get(&(anchor_id, module_id, attended_on)).copied().flatten());
        let record = Training { anchor_id, module_id, attended_on, class_hours: sat.class_hours, passed_on };
        // a row for the same class further down is the newer word
        records.insert(key(&record), record);
    }
    let records: Vec<Training> = records.into_values().collect();
    people::upsert_training(&mut work, &records).await?;
    let change = Change::new(Verb::Import, Noun::Lesson, "")
        .count(Field::RowsRead, i64::try_from(rows.len())?)
        .count(Field::RowsNew, i64::try_from(new.len())?)
        .count(Field::RowsChanged, i64::try_from(records.len())?);
    work.commit(&change).await?;
    Ok(new.len())
}
