//! 农户花名册: households taken in from a list or a form, and one household corrected.
//!
//! Rules that must hold: one unit of work and one row of the trail for a list, and nothing personal in it; a row that looks
//! like a household that is there does what a person chose, and nothing where nobody chose; a row that is wrong is left out
//! and sinks no other; a household that asked to be forgotten is not brought back.
//!
//! Not here: reading rows (`domain::roll`), the file (`ingest::files::roll_sheet`), writing named things with their versions
//! (`ingest::county`, which a list of households is a part of).

use super::desk::Desk;
use super::post;
use crate::domain::audit::{Change, Field, Noun as About, Verb};
use crate::domain::calendar::Day;
use crate::domain::county::{CategoryDoc, ConsentDoc, CountyDoc, FarmerDoc};
use crate::domain::ledger::book::Category;
use crate::domain::problem::{Mistake, Paying, Problem};
use crate::domain::roll::{self, Choice, Household, Known, Nameable, Phone, RollFault, Standing, TypedHousehold};
use crate::ingest::county;
use crate::store::keys::list_by_keys;
use crate::store::people::{self, CategoryRow, Farmer};
use crate::store::roll::{self as stored, Membership};
use crate::store::{Session, StoreError, Work, consents, counties, farmers, goods, take_ids};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::Sha256;

pub use crate::ingest::files::roll_sheet::{MOST_ROWS, read as read_sheet};

/// What a household of a list agreed to by the day it states.
const CONSENT: &str = "records";
/// Tells marks of phones from other hashes under the county's key.
const PURPOSE: &[u8] = b"red-anchor phone of a household";

/// What a typed household may name in this county.
pub async fn nameable(session: &mut Session) -> Result<Nameable, StoreError> {
    let county = session.county_text();
    let regions = counties::region_names(session).await?;
    let regions = regions.into_iter().filter(|(code, _)| code.starts_with(&*county)).collect();
    let operators = goods::list_operators(session).await?;
    Ok(Nameable {
        regions,
        operators: operators.into_iter().map(|o| (o.operator_id, o.operator_key, o.name)).collect(),
    })
}

/// A list as it was read: each row with what it is.
#[derive(Debug, Clone, Default)]
pub struct Review {
    pub read: Vec<Result<Household, RollFault>>,
    pub standings: Vec<Standing>,
    /// The households that rows look like, by number.
    pub alike: FxHashMap<i64, Known>,
}

impl Review {
    /// How many rows are new, look like a household, are wrong.
    pub fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for standing in &self.standings {
            let place = match standing {
                Standing::New => 0,
                Standing::Alike(..) => 1,
                Standing::Wrong(_) => 2,
            };
            counts[place] += 1;
        }
        counts
    }
}

/// Reads typed households and says which are there already; writes nothing.
pub async fn review(session: &mut Session, today: Day, typed: &[TypedHousehold]) -> Result<Review, StoreError> {
    let nameable = nameable(session).await?;
    let key = counties::get(session).await?.buyer_key;
    let known = stored::list_known(session).await?;
    let read: Vec<_> = typed.iter().map(|row| roll::read(row, today, &nameable)).collect();
    let standings = roll::judge(&read, &known, |phone| mark(&key, phone));
    let wanted: FxHashSet<i64> =
        standings.iter().filter_map(|s| if let Standing::Alike(_, id) = s { Some(*id) } else { None }).collect();
    let alike = known.into_iter().filter(|k| wanted.contains(&k.farmer_id)).map(|k| (k.farmer_id, k)).collect();
    Ok(Review { read, standings, alike })
}

/// The same number has the same mark within a county; nobody finds the number from it without the county's key.
fn mark(key: &[u8], phone: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(PURPOSE);
    mac.update(phone.as_bytes());
    hex::encode(&mac.finalize().into_bytes()[..16])
}

/// What became of the rows of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    pub new: usize,
    /// Written to a household that was there; also those that say what was known.
    pub updated: usize,
    /// Left alone, as chosen or for want of a choice.
    pub skipped: usize,
    pub wrong: usize,
    /// The household of the last row that was written.
    pub last: i64,
}

/// The file a list came from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub file: &'a str,
    pub sha256: &'a str,
}

/// Takes typed households in, each as chosen where it looks like one that is there.
pub async fn take_in(
    desk: &Desk<'_>,
    rows: &[(TypedHousehold, Choice)],
    source: Option<Source<'_>>,
) -> anyhow::Result<Outcome> {
    let (mut work, change, outcome) = prepared(desk, rows).await?;
    let posted = post::post(&mut work).await?;
    let mut change = change.count(Field::LedgerRows, i64::try_from(posted.rows)?);
    if let Some(source) = source {
        change = change.after(Field::File, source.file).after(Field::FileSha256, source.sha256);
    }
    if outcome.new + outcome.updated > 0 {
        work.commit(&change).await?;
    }
    Ok(outcome)
}

/// What taking a list in would do: it is done and forgotten.
pub async fn try_out(desk: &Desk<'_>, rows: &[(TypedHousehold, Choice)]) -> anyhow::Result<Outcome> {
    Ok(prepared(desk, rows).await?.2)
}

async fn prepared(desk: &Desk<'_>, rows: &[(TypedHousehold, Choice)]) -> anyhow::Result<(Work, Change, Outcome)> {
    let mut work = desk.work("take in households").await?;
    let typed: Vec<TypedHousehold> = rows.iter().map(|(typed, _)| typed.clone()).collect();
    let review = review(&mut work, desk.clock.today(), &typed).await?;
    let forgotten: FxHashSet<i64> =
        farmers::list_anonymised(&mut work).await?.into_iter().map(|(farmer_id, _)| farmer_id).collect();
    let (mut wanted, mut outcome) = (Vec::new(), Outcome::default());
    let mut named_twice = FxHashSet::default();
    for ((read, standing), (_, choice)) in review.read.iter().zip(&review.standings).zip(rows) {
        match (read, standing) {
            (Ok(household), Standing::New) => wanted.push((household, None)),
            (Ok(household), Standing::Alike(_, id)) => match choice {
                Choice::New => wanted.push((household, None)),
                // of two rows for one household the first is written; a row above is no household yet
                Choice::Update if *id != 0 && !forgotten.contains(id) && named_twice.insert(*id) => {
                    wanted.push((household, review.alike.get(id)));
                }
                Choice::Update | Choice::Skip => outcome.skipped += 1,
            },
            _ => outcome.wrong += 1,
        }
    }
    outcome.updated = wanted.iter().filter(|(_, known)| known.is_some()).count();
    outcome.new = wanted.len() - outcome.updated;
    let (imported, last) = write(&mut work, desk.clock.today(), &wanted).await?;
    outcome.last = last;
    let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    let change = imported
        .change_of(About::Farmer)
        .count(Field::RowsRead, count(rows.len()))
        .count(Field::RowsRejected, count(outcome.wrong))
        .count(Field::RowsUnchanged, count(outcome.skipped));
    Ok((work, change, outcome))
}

/// Writes households, each to the one it is or as a new one; the number of the last.
async fn write(
    work: &mut Work,
    today: Day,
    wanted: &[(&Household, Option<&Known>)],
) -> anyhow::Result<(county::Imported, i64)> {
    let keys = keys(work, wanted).await?;
    let known: Vec<i64> = wanted.iter().filter_map(|(_, known)| known.map(|k| k.farmer_id)).collect();
    let categories = people::list_categories_of(work, &known).await?;
    let given = consents::list_of(work, &known).await?;
    let docs = wanted.iter().zip(&keys).map(|((household, known), key)| {
        let id = known.map_or(0, |k| k.farmer_id);
        let agreed = |on: Day| given.iter().any(|c| (c.farmer_id, c.kind.as_str(), c.given_on) == (id, CONSENT, on));
        let consent = household.consent_on.filter(|&on| !agreed(on));
        FarmerDoc {
            key: key.clone(),
            name: household.name.clone(),
            village: household.village.to_string(),
            phone_last4: household.phone.last4().map(str::to_owned),
            categories: household.category.map(|category| dated(category, id, &categories)).into_iter().collect(),
            consents: consent
                .map(|given_on| ConsentDoc { kind: CONSENT.into(), given_on, withdrawn_on: None })
                .into_iter()
                .collect(),
        }
    });
    let doc = CountyDoc { county: work.county_text().to_string(), farmers: docs.collect(), ..CountyDoc::default() };
    let imported = county::import(work, &doc).await?;
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let ids: FxHashMap<String, i64> =
        list_by_keys::<Farmer>(work, &keys).await?.into_iter().map(|f| (f.farmer_key, f.farmer_id)).collect();
    let id_of = |key: &str| ids.get(key).copied().unwrap_or_default();
    let county_key = counties::get(work).await?.buyer_key;
    let (mut marks, mut forgotten, mut members) = (Vec::new(), Vec::new(), Vec::new());
    for ((household, _), key) in wanted.iter().zip(&keys) {
        let farmer_id = id_of(key);
        match &household.phone {
            Phone::None => {}
            // whether it is the end of the number that is known, nobody can say
            Phone::Last4(_) => forgotten.push(farmer_id),
            Phone::Whole(digits) => marks.push((farmer_id, mark(&county_key, digits))),
        }
        members.extend(household.operator_id.map(|operator_id| (farmer_id, operator_id)));
    }
    stored::remove_marks(work, &forgotten).await?;
    stored::upsert_marks(work, &marks).await?;
    join(work, today, &members).await?;
    Ok((imported, keys.last().map_or(0, |key| id_of(key))))
}

/// Makes households members from today on, those that are not yet.
async fn join(work: &mut Work, today: Day, members: &[(i64, i64)]) -> Result<(), StoreError> {
    let farmer_ids: Vec<i64> = members.iter().map(|(farmer_id, _)| *farmer_id).collect();
    let known = stored::list_memberships(work, &farmer_ids).await?;
    let stands = |farmer_id: i64| known.iter().find(|m| m.farmer_id == farmer_id).map(|m| m.operator_id);
    let new: Vec<Membership> = members
        .iter()
        .filter(|(farmer_id, operator_id)| stands(*farmer_id) != Some(*operator_id))
        .map(|&(farmer_id, operator_id)| Membership { farmer_id, from_on: today, operator_id })
        .collect();
    stored::upsert_memberships(work, &new).await
}

/// A category from a day on: up to the day before the next one that is known, so that what came later stays.
fn dated((category, from): (Category, Day), farmer_id: i64, known: &[CategoryRow]) -> CategoryDoc {
    let later = known.iter().filter(|c| c.farmer_id == farmer_id && c.valid_from > from).map(|c| c.valid_from).min();
    CategoryDoc { from, to: later.map(|day| day - TimeDelta::days(1)), category: category.key().to_owned() }
}

/// The key of each household: its own, the one the list gives, or the next free number.
async fn keys(work: &mut Work, wanted: &[(&Household, Option<&Known>)]) -> Result<Vec<String>, StoreError> {
    let mut taken: FxHashSet<String> = stored::list_known(work).await?.into_iter().map(|k| k.key).collect();
    let mut keys = Vec::with_capacity(wanted.len());
    let mut numbers = 0_i64..0;
    for (index, (household, known)) in wanted.iter().enumerate() {
        if let Some(known) = known {
            keys.push(known.key.clone());
            continue;
        }
        let mut key = household.key.clone();
        while key.is_empty() || taken.contains(&key) {
            if numbers.is_empty() {
                // for all that are left in one block
                let without = wanted[index..].iter().filter(|(h, known)| known.is_none() && h.key.is_empty()).count();
                let count = without.max(1);
                let first = take_ids(work, "household_key", count).await?;
                numbers = first..first + i64::try_from(count).expect("a list fits");
            }
            key = numbers.next().map_or_else(String::new, |number| format!("h{number:04}"));
        }
        taken.insert(key.clone());
        keys.push(key);
    }
    Ok(keys)
}

/// Corrects one household by what was typed; what was left empty stays. Its key stays, and a consent is recorded elsewhere.
pub async fn correct(desk: &Desk<'_>, farmer_id: i64, typed: &TypedHousehold) -> anyhow::Result<()> {
    let mut work = desk.work("correct household").await?;
    let known = stored::list_known(&mut work).await?.into_iter().find(|k| k.farmer_id == farmer_id);
    let known = known.ok_or_else(|| Problem::UnknownFarmer { key: farmer_id.to_string() })?;
    if farmers::find_anonymised(&mut work, farmer_id).await?.is_some() {
        return Err(Problem::from(Paying::Anonymous).into());
    }
    let or_known = |typed: &str, known: &str| if typed.is_empty() { known.to_owned() } else { typed.to_owned() };
    let whole = TypedHousehold {
        key: known.key.clone(),
        consent_on: String::new(),
        name: or_known(&typed.name, &known.name),
        village: or_known(&typed.village, &known.village),
        ..typed.clone()
    };
    let nameable = nameable(&mut work).await?;
    let household = roll::read(&whole, desk.clock.today(), &nameable)
        .map_err(|fault| Problem::from(Mistake::HouseholdTyped { fault }))?;
    write(&mut work, desk.clock.today(), &[(&household, Some(&known))]).await?;
    let posted = post::post(&mut work).await?;
    let mut change = Change::new(Verb::Change, About::Farmer, farmer_id.to_string());
    if household.name != known.name {
        change = change.before(Field::PersonName, &known.name).after(Field::PersonName, &household.name);
    }
    if household.village.to_string() != known.village {
        change = change.before(Field::Village, &known.village).after(Field::Village, household.village);
    }
    if household.phone != Phone::None {
        change = change.after(Field::Phone, &typed.phone);
    }
    if let Some((category, from)) = household.category {
        change = change.after(Field::HouseholdCategory, category.key()).after(Field::From, from);
    }
    if let Some(operator_id) = household.operator_id {
        change = change.after(Field::Operator, operator_id);
    }
    work.commit(&change.count(Field::LedgerRows, i64::try_from(posted.rows)?)).await?;
    Ok(())
}
