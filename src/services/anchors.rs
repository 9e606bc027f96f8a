//! People who stand in front of the camera: added and edited by form, beside those a county document names.
//!
//! Rules that must hold: what is said of a person is told to the trail as changed, never as its value; an account of a
//! platform that somebody is given reaches the sales of its streams in the same unit of work; neither people nor accounts
//! are taken away, for streams and figures of the past name them; no form gives away an account that somebody has; nobody edits
//! what is said of themself.
//!
//! Locked months: an account that is given now decides nothing anew for streams that started in one, as no form reaches
//! into a locked month. Whoever must have it otherwise has the month opened again first.

use super::desk::Desk;
use super::typed::{LONGEST_NAME, LONGEST_TEXT, text};
use super::{own, post};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::month_start;
use crate::domain::problem::{Problem, Teaching};
use crate::ingest::county::attribute_streams;
use crate::platforms::Platform;
use crate::store::people::{self, Account, Anchor};
use crate::store::streams::{self, Stream};
use crate::store::training::{self, Profile};
use crate::store::{Session, StoreError, keys, ledger, take_ids};

/// What is typed of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub name: String,
    /// One account a line: platform, a space, the author's number.
    pub accounts: String,
    /// Its `anchor_id` is not read.
    pub profile: Profile,
}

/// Accounts as they are typed, one a line.
pub fn accounts(typed: &str, owner_id: i64) -> Result<Vec<Account>, Problem> {
    let read = |line: &str| {
        let (platform, author_no) = line.split_once(char::is_whitespace)?;
        let platform = Platform::ALL.into_iter().find(|p| p.key() == platform)?;
        let author_no = author_no.trim();
        (!author_no.is_empty() && author_no.len() <= LONGEST_TEXT).then(|| Account {
            owner_id,
            platform: platform.key().to_owned(),
            author_no: author_no.to_owned(),
        })
    };
    let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| read(line).ok_or_else(|| Teaching::UnknownPlatform { line: line.to_owned() }.into())).collect()
}

/// Refuses an account that another person or room has; `held` are theirs.
pub(super) fn hold_free(wanted: &[Account], held: &[Account]) -> Result<(), Problem> {
    let same = |a: &Account, b: &Account| (&a.platform, &a.author_no) == (&b.platform, &b.author_no);
    match wanted.iter().find(|account| held.iter().any(|other| same(account, other))) {
        Some(taken) => {
            Err(Teaching::AccountTaken { account: format!("{} {}", taken.platform, taken.author_no) }.into())
        }
        None => Ok(()),
    }
}

/// Of some streams, those that started in months that are not locked.
pub(super) async fn keep_open(session: &mut Session, mut held: Vec<Stream>) -> Result<Vec<Stream>, StoreError> {
    let locked = ledger::list_locked_months(session).await?;
    held.retain(|stream| !locked.contains(&month_start(stream.started_on)));
    Ok(held)
}

/// Adds a person, or changes one; returns the number, `None` where there is no such person.
pub async fn save(desk: &Desk<'_>, anchor_id: Option<i64>, typed: &Typed) -> anyhow::Result<Option<i64>> {
    let name = text(&typed.name, LONGEST_NAME)?;
    if typed.profile.skills.chars().count() > LONGEST_TEXT {
        return Err(Problem::from(Teaching::TextMissing).into());
    }
    if let Some(id) = anchor_id {
        own::hold_off_anchors(desk, &[id]).await?;
    }
    let mut work = desk.work("save anchor").await?;
    let known = people::list_anchors(&mut work).await?;
    let before = anchor_id.and_then(|id| known.iter().find(|a| a.anchor_id == id).cloned());
    let (anchor, verb) = match (anchor_id, before) {
        (Some(_), None) => return Ok(None),
        (Some(_), Some(before)) => (Anchor { name, ..before }, Verb::Change),
        (None, _) => {
            let anchor_id = take_ids(&mut work, keys::Noun::Anchor.word(), 1).await?;
            // a document may have used the same key: the number tells them apart
            let taken = |key: &str| known.iter().any(|a| a.anchor_key == key);
            let anchor_key = (0..).map(|n| if n == 0 { format!("p{anchor_id}") } else { format!("p{anchor_id}-{n}") });
            let anchor_key = anchor_key.take(1_000).find(|key| !taken(key)).unwrap_or_default();
            (Anchor { anchor_id, anchor_key, name }, Verb::Add)
        }
    };
    let id = anchor.anchor_id;
    let wanted = accounts(&typed.accounts, id)?;
    let others = |mentor: i64| mentor == 0 || (mentor != id && known.iter().any(|a| a.anchor_id == mentor));
    let mentor_id = Some(typed.profile.mentor_id).filter(|&mentor| others(mentor)).unwrap_or(0);
    let profile = Profile { anchor_id: id, mentor_id, skills: typed.profile.skills.trim().to_owned(), ..typed.profile };
    people::upsert_anchors(&mut work, std::slice::from_ref(&anchor)).await?;
    training::update_profiles(&mut work, std::slice::from_ref(&profile)).await?;
    let (had, others): (Vec<Account>, Vec<Account>) =
        people::list_anchor_accounts(&mut work).await?.into_iter().partition(|account| account.owner_id == id);
    // what a document gave two of them stays until it says otherwise
    let new: Vec<Account> = wanted.into_iter().filter(|account| !had.contains(account)).collect();
    hold_free(&new, &others)?;
    hold_free(&new, &people::list_room_accounts(&mut work).await?)?;
    people::insert_anchor_accounts(&mut work, &new).await?;
    let mut rows = 0;
    if !new.is_empty() {
        let held = streams::list_held_by(&mut work, &[id], &[]).await?;
        let held = keep_open(&mut work, held).await?;
        attribute_streams(&mut work, held).await?;
        rows = post::post(&mut work).await?.rows;
    }
    let change = Change::new(verb, Noun::Anchor, anchor.anchor_key)
        .after(Field::PersonName, anchor.name)
        .count(Field::RowsNew, i64::try_from(new.len())?)
        .count(Field::LedgerRows, i64::try_from(rows)?);
    work.commit(&change).await?;
    Ok(Some(id))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    #[test]
    fn accounts_are_read_a_line_each() {
        let read = accounts(" douyin 123 \n\nkuaishou\t9", 7).unwrap();
        assert_eq!(read.iter().map(|a| a.author_no.as_str()).collect::<Vec<_>>(), ["123", "9"]);
        assert_eq!(read[1].platform, "kuaishou");
        assert!(accounts("nowhere 1", 7).is_err() && accounts("douyin", 7).is_err());
    }

    #[test]
    fn an_account_is_one_owners() {
        let (mine, theirs) = (accounts("douyin 1\ndouyin 2", 7).unwrap(), accounts("kuaishou 1", 8).unwrap());
        assert_eq!(hold_free(&mine, &theirs), Ok(()));
        let taken = Teaching::AccountTaken { account: "douyin 2".into() };
        assert_eq!(hold_free(&mine, &accounts("douyin 2", 8).unwrap()), Err(taken.into()));
    }
}
