//! 重复档案: two records of one household become one, as one person puts forward and another one approves.
//!
//! Rules that must hold: no row that names a record is moved, so ledger, draws, tickets, payouts and every locked figure
//! stay as they are; from the approval on everything new names the record that is kept, and what is due, the phone and the
//! branch's page are of both; nothing can be paid twice, because no payout of either may be on its way while they become
//! one account. Nobody puts forward or approves their own household's. A merge is taken back the same way, until a locked
//! month or a payout counted the two as one.
//!
//! Not here: what follows for figures (`store::figures`), accounts (`store::payouts::due`), who reads what
//! (`store::scope`).

use super::desk::Desk;
use super::{in_hand, own};
use crate::domain::access::{Actor, Role, second_person};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, month_key, month_start, next_month};
use crate::domain::doubles::{Double, Households, Supplied, supply_from};
use crate::domain::problem::{Doubling, Problem};
use crate::store::consents::{self, Consent};
use crate::store::doubles::{self, Act, Entry, Likely};
use crate::store::figures::Range;
use crate::store::goods::{self, SupplyRow};
use crate::store::keys::list_by_keys;
use crate::store::lots::{self, OwnLot};
use crate::store::outcome::Outcome;
use crate::store::payouts::due::{self, Of};
use crate::store::payouts::own::{self as own_payouts, Own};
use crate::store::people::{self, CategoryRow, Farmer};
use crate::store::rows::known;
use crate::store::{Session, StoreError, Work, bank_accounts, farmers, households, ledger, openings, take_ids};
use std::collections::BTreeMap;

/// Pairs that look alike on one page, of each kind.
pub const MOST_LIKELY: i64 = 50;
/// Lots of a record that are looked at.
const MOST_LOTS: i64 = 200;

/// Puts forward that a record is the double of the one with a key. Returns the number of what waits.
pub async fn propose(desk: &Desk<'_>, double_id: i64, kept_key: &str, reason: &str) -> anyhow::Result<i64> {
    let own_households = own::farmers(desk).await?;
    let mut work = desk.work("propose double").await?;
    let key = kept_key.trim();
    let kept = list_by_keys::<Farmer>(&mut work, &[key]).await?.into_iter().next();
    let kept = kept.ok_or_else(|| doubling(Doubling::Unknown { key: key.to_owned() }))?;
    let pair = (double_id, kept.farmer_id);
    if own_households.contains(&pair.0) || own_households.contains(&pair.1) {
        return Err(doubling(Doubling::OwnHousehold));
    }
    hold_to_free(&mut work, pair).await?;
    hold_to_one_at_a_time(&mut work, pair).await?;
    let reason = words(&mut work, pair, reason).await?;
    put_forward(work, Act::Merge, pair, &reason).await
}

/// Puts forward that a record is no double after all. Returns the number of what waits.
pub async fn propose_parting(desk: &Desk<'_>, double_id: i64, reason: &str) -> anyhow::Result<i64> {
    let own_households = own::farmers(desk).await?;
    let mut work = desk.work("propose to part double").await?;
    let double = standing(&mut work, double_id).await?;
    let pair = (double.double_id, double.into_id);
    if own_households.contains(&pair.0) {
        return Err(doubling(Doubling::OwnHousehold));
    }
    hold_to_untouched(&mut work, &double).await?;
    hold_to_one_at_a_time(&mut work, pair).await?;
    let reason = words(&mut work, pair, reason).await?;
    put_forward(work, Act::Part, pair, &reason).await
}

async fn put_forward(mut work: Work, act: Act, pair: (i64, i64), reason: &str) -> anyhow::Result<i64> {
    let entry_id = doubles::insert_entry(&mut work, act, pair, reason).await?;
    let change = Change::new(Verb::File, Noun::Double, pair.0.to_string())
        .after(Field::Kind, act.key())
        .after(Field::Key, pair.1)
        .after(Field::Reason, reason);
    work.commit(&change).await?;
    Ok(entry_id)
}

/// Approves what another person put forward.
pub async fn approve(desk: &Desk<'_>, entry_id: i64) -> anyhow::Result<()> {
    let own_households = own::farmers(desk).await?;
    let mut work = desk.work("approve double").await?;
    let entry = waiting(&mut work, entry_id).await?;
    let pair = (entry.double_id, entry.into_id);
    if !may_decide(&entry, desk.actor)? {
        return Err(doubling(Doubling::OwnProposal));
    }
    if in_hand::had(&mut work, entry.account_id, entry.entered_at, desk.actor).await? {
        return Err(doubling(Doubling::ProposerMade { by: entry.entered_by, days: in_hand::DAYS }));
    }
    if own_households.contains(&pair.0) || own_households.contains(&pair.1) {
        return Err(doubling(Doubling::OwnHousehold));
    }
    let change = Change::new(Verb::Approve, Noun::Double, pair.0.to_string())
        .after(Field::Kind, entry.act().key())
        .after(Field::Key, pair.1)
        .after(Field::Reason, &entry.reason)
        .after(Field::FiledBy, &entry.entered_by);
    let change = match entry.act() {
        Act::Merge => merge(&mut work, &entry, desk.clock.today(), change).await?,
        Act::Part => part(&mut work, pair.0, change).await?,
    };
    doubles::decide(&mut work, entry_id, Outcome::Approved, "").await?;
    Ok(work.commit(&change).await?)
}

async fn merge(work: &mut Work, entry: &Entry, today: Day, change: Change) -> anyhow::Result<Change> {
    let pair = (entry.double_id, entry.into_id);
    hold_to_free(work, pair).await?;
    let counts_from = match last_locked(work).await? {
        Some(month) => next_month(month),
        None => month_start(today),
    };
    doubles::insert(work, entry, today, counts_from).await?;
    let ended = end_one_sided_consents(work, pair, today).await?;
    let versions = hand_supply_over(work, pair, today).await?;
    Ok(change.after(Field::From, counts_from).count(Field::RowsChanged, ended).count(Field::RowsNew, versions))
}

async fn part(work: &mut Work, double_id: i64, change: Change) -> anyhow::Result<Change> {
    let double = standing(work, double_id).await?;
    hold_to_untouched(work, &double).await?;
    doubles::part(work, double_id).await?;
    Ok(change.before(Field::From, double.counts_from))
}

/// Does not approve it: whoever put it forward takes it back, anybody else says why not.
pub async fn turn_down(desk: &Desk<'_>, entry_id: i64, why: &str) -> anyhow::Result<()> {
    let mut work = desk.work("turn double down").await?;
    let entry = waiting(&mut work, entry_id).await?;
    let (verb, outcome) = if may_decide(&entry, desk.actor)? {
        (Verb::Reject, Outcome::Rejected)
    } else {
        (Verb::Withdraw, Outcome::Withdrawn)
    };
    let why = match verb {
        Verb::Reject => words(&mut work, (entry.double_id, entry.into_id), why).await?,
        _ => String::new(),
    };
    doubles::decide(&mut work, entry_id, outcome, &why).await?;
    let change = Change::new(verb, Noun::Double, entry.double_id.to_string())
        .after(Field::Kind, entry.act().key())
        .after(Field::Key, entry.into_id)
        .after(Field::Reason, why)
        .before(Field::FiledBy, &entry.entered_by);
    Ok(work.commit(&change).await?)
}

/// Whether an actor is another person than whoever put something forward.
pub fn may_decide(entry: &Entry, actor: &Actor) -> Result<bool, StoreError> {
    let role = known(&entry.role, Role::parse)?;
    Ok(second_person(&Actor::account(entry.account_id, &entry.entered_by, role, &entry.came_from), actor))
}

fn doubling(problem: Doubling) -> anyhow::Error {
    Problem::from(problem).into()
}

async fn waiting(session: &mut Session, entry_id: i64) -> anyhow::Result<Entry> {
    let entry = doubles::find_entry(session, entry_id).await?.filter(Entry::is_waiting);
    entry.ok_or_else(|| doubling(Doubling::MovedOn))
}

async fn standing(session: &mut Session, double_id: i64) -> anyhow::Result<Double> {
    let all = doubles::list(session).await?;
    let found = all.into_iter().find(|d| d.double_id == double_id && d.stands());
    found.ok_or_else(|| doubling(Doubling::NoDouble))
}

/// A reason in somebody's words; the trail keeps it for good, so it names neither household.
async fn words(session: &mut Session, (first, second): (i64, i64), reason: &str) -> anyhow::Result<String> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(doubling(Doubling::ReasonMissing));
    }
    for id in [first, second] {
        if farmers::find(session, id).await?.is_some_and(|farmer| reason.contains(&farmer.name)) {
            return Err(Problem::ReasonNamesHousehold.into());
        }
    }
    Ok(reason.to_owned())
}

/// Refuses two records that cannot become one: the same, nameless, one in a chain, in two villages, with an account that the
/// kept one lacks, or with money on its way.
async fn hold_to_free(session: &mut Session, (double_id, into_id): (i64, i64)) -> anyhow::Result<()> {
    if double_id == into_id {
        return Err(doubling(Doubling::Same));
    }
    for id in [double_id, into_id] {
        if farmers::find_anonymised(session, id).await?.is_some() {
            return Err(doubling(Doubling::Anonymous));
        }
    }
    let households = Households::now(&doubles::list(session).await?);
    for id in [double_id, into_id] {
        if households.is_double(id) {
            return Err(doubling(Doubling::IsDouble { key: key_of(session, id).await? }));
        }
    }
    if households.records(double_id).len() > 1 {
        return Err(doubling(Doubling::HasDoubles { key: key_of(session, double_id).await? }));
    }
    // a village reads its own households, and would read half of one
    let of_double = farmers::find(session, double_id).await?.map(|farmer| farmer.village_code);
    let of_kept = farmers::find(session, into_id).await?.map(|farmer| farmer.village_code);
    if of_double != of_kept {
        return Err(doubling(Doubling::VillagesDiffer));
    }
    // what is due to both is paid to the kept record, by its account
    let has_account = bank_accounts::find(session, double_id).await?.is_some();
    if has_account && bank_accounts::find(session, into_id).await?.is_none() {
        return Err(doubling(Doubling::AccountMissing));
    }
    if let Some(payout_id) = doubles::find_payout_under_way(session, (double_id, into_id)).await? {
        return Err(doubling(Doubling::PayoutUnderWay { payout_id }));
    }
    Ok(())
}

/// Refuses to take back what a locked month or a payout has counted as one household.
async fn hold_to_untouched(session: &mut Session, double: &Double) -> anyhow::Result<()> {
    if let Some(month) = last_locked(session).await?.filter(|month| *month >= double.counts_from) {
        return Err(doubling(Doubling::MonthLocked { month: month_key(month) }));
    }
    let pair = (double.double_id, double.into_id);
    if let Some(payout_id) = doubles::find_payout_since(session, pair, double.batch_id).await? {
        return Err(doubling(Doubling::PaidSince { payout_id }));
    }
    Ok(())
}

async fn hold_to_one_at_a_time(session: &mut Session, (double_id, into_id): (i64, i64)) -> anyhow::Result<()> {
    let concerns = |entry: &Entry| [entry.double_id, entry.into_id].iter().any(|id| *id == double_id || *id == into_id);
    if doubles::list_waiting(session).await?.iter().any(concerns) {
        return Err(doubling(Doubling::Waiting));
    }
    Ok(())
}

/// The last month that was ever locked, by its first day, opened again or not.
async fn last_locked(session: &mut Session) -> Result<Option<Day>, StoreError> {
    let locked = ledger::list_locked_months(session).await?;
    let opened = openings::list_opened_months(session).await?;
    Ok(locked.into_iter().chain(opened).max())
}

async fn key_of(session: &mut Session, farmer_id: i64) -> Result<String, StoreError> {
    Ok(farmers::find(session, farmer_id).await?.map(|farmer| farmer.farmer_key).unwrap_or_default())
}

/// Ends what only one of the two agreed to: as strict as the stricter of both, until the household is asked again. From
/// then on the kept record's word counts for both. Returns how many ended.
async fn end_one_sided_consents(
    work: &mut Work,
    (double_id, into_id): (i64, i64),
    today: Day,
) -> Result<i64, StoreError> {
    let all = consents::list_of(work, &[double_id, into_id]).await?;
    let agreed = |consent: &&Consent| consent.withdrawn_on.is_none();
    let of_double: Vec<&str> =
        all.iter().filter(agreed).filter(|c| c.farmer_id == double_id).map(|c| c.kind.as_str()).collect();
    let by = work.actor.name.clone();
    let ended: Vec<Consent> = all
        .iter()
        .filter(agreed)
        .filter(|c| c.farmer_id == into_id && !of_double.contains(&c.kind.as_str()))
        .map(|c| Consent { withdrawn_on: Some(today), recorded_by: by.clone(), ..c.clone() })
        .collect();
    consents::upsert(work, &ended).await?;
    Ok(i64::try_from(ended.len()).unwrap_or(i64::MAX))
}

/// From the next day on the kept record supplies what the double supplied by shares. Returns how many versions that took.
async fn hand_supply_over(work: &mut Work, (double_id, into_id): (i64, i64), today: Day) -> anyhow::Result<i64> {
    let from = today.succ_opt().unwrap_or(today);
    let (first, last) = Range { from: Some(from), to: None }.ends();
    let mut by_listing: BTreeMap<i64, Vec<Supplied>> = BTreeMap::new();
    for row in goods::list_supply(work, first, last).await? {
        by_listing.entry(row.listing_id).or_default().push(Supplied {
            version_id: row.version_id,
            farmer_id: row.farmer_id,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            share_bp: row.share_bp,
        });
    }
    let mut versions = 0;
    let mut rows = Vec::new();
    for (listing_id, supplied) in by_listing {
        for new in supply_from(from, &supplied, double_id, into_id) {
            let version_id = take_ids(work, "supply", 1).await?;
            versions += 1;
            rows.extend(new.shares.iter().map(|(&farmer_id, &share_bp)| SupplyRow {
                listing_id,
                version_id,
                farmer_id,
                batch_id: 0,
                valid_from: new.valid_from,
                valid_to: new.valid_to,
                share_bp,
            }));
        }
    }
    goods::insert_supply(work, &rows).await?;
    Ok(versions)
}

/// One of two records, as whoever decides looks at it.
#[derive(Debug, Clone)]
pub struct Side {
    pub farmer: Farmer,
    /// The newest first.
    pub categories: Vec<CategoryRow>,
    /// Kinds agreed to and not withdrawn.
    pub agreed: Vec<String>,
    pub lots: Vec<OwnLot>,
    /// The record's own, the newest first.
    pub payouts: Vec<Own>,
    /// What operators owe it, those that owe less than nothing too.
    pub due_fen: i64,
    /// Months it sold in, the newest first.
    pub months: Vec<String>,
}

/// Two records side by side.
#[derive(Debug, Clone)]
pub struct Pair {
    pub double: Side,
    pub kept: Side,
    /// `None` where of one of them no whole number is known.
    pub same_phone: Option<bool>,
}

/// Two records as they stand; `None` where one of them is not there.
pub async fn compare(
    session: &mut Session,
    (double_id, into_id): (i64, i64),
    today: Day,
) -> anyhow::Result<Option<Pair>> {
    let (Some(double), Some(kept)) = (side(session, double_id, today).await?, side(session, into_id, today).await?)
    else {
        return Ok(None);
    };
    Ok(Some(Pair { double, kept, same_phone: doubles::find_same_phone(session, double_id, into_id).await? }))
}

async fn side(session: &mut Session, farmer_id: i64, today: Day) -> anyhow::Result<Option<Side>> {
    let Some(farmer) = farmers::find(session, farmer_id).await? else { return Ok(None) };
    let mut categories = people::list_categories_of(session, &[farmer_id]).await?;
    categories.sort_by_key(|c| std::cmp::Reverse((c.valid_from, c.version_id)));
    let consents = consents::list_of(session, &[farmer_id]).await?;
    let mut payouts = own_payouts::list(session, farmer_id).await?;
    payouts.retain(|own| own.farmer_id == farmer_id);
    let due = due::list(session, Of::Farmer(farmer_id), today).await?;
    Ok(Some(Side {
        categories,
        agreed: consents.into_iter().filter(|c| c.withdrawn_on.is_none()).map(|c| c.kind).collect(),
        lots: lots::list_own(session, farmer_id, MOST_LOTS).await?,
        payouts,
        due_fen: due.iter().map(|d| d.balance.due_fen()).sum(),
        months: households::list_months(session, farmer_id).await?,
        farmer,
    }))
}

/// Pairs that look alike, about which nothing was said yet.
pub async fn likely(session: &mut Session) -> Result<Vec<Likely>, StoreError> {
    doubles::list_likely(session, MOST_LIKELY).await
}
