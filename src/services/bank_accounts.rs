//! Where households' money goes: kept sealed, shown by its last four digits, opened whole only for the bank's file.
//!
//! Rules that must hold: nothing is stored in clear and nothing without a key; the trail says that an account changed and
//! never what it is; what does not open is said with its household, never its content.
//!
//! Not here: the cipher (`domain::sealing`), changing keys (`services::secrets`), the bank's file (`services::payouts`).

use super::desk::Desk;
use super::secrets::{Keeper, Standing, nonce};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Instant;
use crate::domain::payouts::BankAccount;
use crate::domain::problem::{Paying, Problem};
use crate::domain::regions::RegionCode;
use crate::domain::sealing::{Keyring, Place, open, seal};
use crate::store::bank_accounts::{self, SealedAccount};
use crate::store::{Session, Work, farmers};
use std::collections::BTreeSet;

/// What `doctor` calls a household's account.
const FIELD: &str = "bank account";

/// How a household's account can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    None,
    /// The bank and the last four digits.
    Masked(String),
    /// Stored, and nothing at hand opens it.
    Closed,
}

/// Stores an account that a person typed.
pub async fn store_typed(
    desk: Desk<'_>,
    keyring: Option<&Keyring>,
    farmer_id: i64,
    bank: &str,
    number: &str,
) -> anyhow::Result<()> {
    let keyring = keyring.ok_or(Problem::NoSealingKey)?;
    let account = BankAccount::typed(bank, number).ok_or_else(|| Problem::from(Paying::BadAccount))?;
    let mut work = desk.work("store bank account").await?;
    if farmers::find_anonymised(&mut work, farmer_id).await?.is_some() {
        return Err(Problem::from(Paying::Anonymous).into());
    }
    let known = bank_accounts::find(&mut work, farmer_id).await?;
    let row = sealed(keyring, desk.county, farmer_id, &account, &work);
    bank_accounts::upsert(&mut work, &[row]).await?;
    let verb = if known.is_some() { Verb::Change } else { Verb::Add };
    // recorded as changed: a field of a person never has its value in the trail
    let change = Change::new(verb, Noun::BankAccount, farmer_id.to_string())
        .before(Field::BankAccount, if known.is_some() { FIELD } else { "" })
        .after(Field::BankAccount, FIELD)
        .after(Field::KeyId, keyring.current().id());
    Ok(work.commit(&change).await?)
}

/// A household's account as the branch sees it.
pub async fn find_shown(session: &mut Session, keyring: Option<&Keyring>, farmer_id: i64) -> anyhow::Result<Shown> {
    let Some(row) = bank_accounts::find(session, farmer_id).await? else { return Ok(Shown::None) };
    let opened = keyring.and_then(|keyring| opened(keyring, session.scope().county(), &row).ok());
    Ok(opened.map_or(Shown::Closed, |account| Shown::Masked(account.masked())))
}

/// The accounts of a payout's households, by household; one that does not open stops it.
pub async fn of_payout(
    session: &mut Session,
    keyring: Option<&Keyring>,
    payout_id: i64,
) -> anyhow::Result<Vec<(i64, BankAccount)>> {
    let county = session.scope().county();
    let rows = bank_accounts::list_of_payout(session, payout_id).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let keyring = keyring.ok_or(Problem::NoSealingKey)?;
    rows.iter().map(|row| Ok((row.farmer_id, opened(keyring, county, row)?))).collect()
}

/// How many of a payout's accounts were typed after a moment: after its approval nobody has agreed to them.
pub async fn count_changed_since(
    session: &mut Session,
    payout_id: i64,
    since: Option<Instant>,
) -> anyhow::Result<usize> {
    let rows = bank_accounts::list_of_payout(session, payout_id).await?;
    Ok(rows.iter().filter(|row| since.is_some_and(|since| row.stored_at > since)).count())
}

/// Seals every account anew with the ring's first key, and adds the keys they were sealed with.
pub(super) async fn reseal(work: &mut Work, keyring: &Keyring, before: &mut BTreeSet<String>) -> anyhow::Result<usize> {
    let county = work.scope().county();
    let mut rows = Vec::new();
    for row in bank_accounts::list(work).await? {
        let account = opened(keyring, county, &row)?;
        rows.push(SealedAccount { stored_at: row.stored_at, ..sealed(keyring, county, row.farmer_id, &account, work) });
        before.insert(row.key_id);
    }
    bank_accounts::upsert(work, &rows).await?;
    Ok(rows.len())
}

/// Every stored account and whether it opens.
pub(super) async fn standings(session: &mut Session, keyring: Option<&Keyring>) -> anyhow::Result<Vec<Standing>> {
    let county = session.scope().county();
    let standing = |row: SealedAccount| Standing {
        opens: keyring.is_some_and(|keyring| opened(keyring, county, &row).is_ok()),
        keeper: Keeper::Household(row.farmer_id),
        field: FIELD.into(),
        key_id: row.key_id,
    };
    Ok(bank_accounts::list(session).await?.into_iter().map(standing).collect())
}

fn sealed(keyring: &Keyring, county: RegionCode, farmer_id: i64, account: &BankAccount, work: &Work) -> SealedAccount {
    let (county, key) = (county.to_string(), keyring.current());
    let blob = seal(key, Place::BankAccount { county: &county, farmer_id }, nonce(), &account.text());
    SealedAccount { farmer_id, key_id: key.id().to_owned(), sealed: blob, stored_at: work.at }
}

fn opened(keyring: &Keyring, county: RegionCode, row: &SealedAccount) -> Result<BankAccount, Problem> {
    let county = county.to_string();
    let key = keyring.find(&row.key_id).ok_or_else(|| Problem::SealingKeyMissing { key_id: row.key_id.clone() })?;
    let unreadable =
        || Problem::SecretUnreadable { shop: format!("household {}", row.farmer_id), field: FIELD.to_owned() };
    let text =
        open(key, Place::BankAccount { county: &county, farmer_id: row.farmer_id }, &row.sealed).map_err(|why| {
            tracing::error!(farmer_id = row.farmer_id, %why, "a bank account does not open");
            unreadable()
        })?;
    BankAccount::read(&text).ok_or_else(unreadable)
}
