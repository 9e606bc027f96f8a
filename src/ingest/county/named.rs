//! Things with a key of the county's own choosing: found by it, corrected where they differ, added where they are new.

use super::known::Names;
use crate::ingest::Taken;
use crate::store::keys::{Keyed, list_by_keys};
use crate::store::{StoreError, Work, take_ids};
use rustc_hash::FxHashMap;

/// What is to be written of the named things of a document.
#[derive(Debug)]
pub(super) struct Settled<T> {
    /// New and changed rows, ids given.
    pub rows: Vec<T>,
    /// The changed ones as they were.
    pub before: Vec<T>,
    pub taken: Taken,
}

/// Gives every wanted row its id, from the database or a new block, and sorts out what differs. `keep` carries over from
/// the known row what the document leaves out.
pub(super) async fn settle<T: Keyed>(
    work: &mut Work,
    names: &mut Names,
    wanted: Vec<T>,
    keep: impl Fn(&mut T, &T),
) -> Result<Settled<T>, StoreError> {
    let keys: Vec<&str> = wanted.iter().map(Keyed::key).collect();
    let old: FxHashMap<String, T> =
        list_by_keys::<T>(work, &keys).await?.into_iter().map(|row| (row.key().to_owned(), row)).collect();
    let new = wanted.iter().filter(|row| !old.contains_key(row.key())).count();
    let mut next_id = if new == 0 { 0 } else { take_ids(work, T::NOUN.word(), new).await? };
    let mut settled = Settled { rows: Vec::new(), before: Vec::new(), taken: Taken::default() };
    for mut row in wanted {
        if let Some(before) = old.get(row.key()) {
            row.set_id(before.id());
            keep(&mut row, before);
            if row == *before {
                settled.taken.unchanged += 1;
                continue;
            }
            settled.taken.changed += 1;
            settled.before.push(before.clone());
        } else {
            row.set_id(next_id);
            next_id += 1;
            settled.taken.new += 1;
        }
        names.extend(T::NOUN, [(row.key().to_owned(), row.id())]);
        settled.rows.push(row);
    }
    Ok(settled)
}

/// What a document says, or what is known where it says nothing.
pub(super) fn or_known(said: &mut String, known: &str) {
    if said.is_empty() {
        known.clone_into(said);
    }
}
