//! Households' slips: printing them, letting a device in by one, choosing among a device's households.
//!
//! A slip alone lets nobody in: at first use on a device it asks for the last four digits of the household's phone, and
//! five wrong ones end it until the branch prints another. Devices it has let in stay in meanwhile, so that whoever
//! finds a slip cannot throw the household out; revoking ends them too.

use super::sessions::{self, Choice, Client, Way};
use super::{codes, passwords};
use crate::clock::Clock;
use crate::domain::access::{Actor, Grant, Role};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::guessing::SLIP_GUESSES;
use crate::domain::regions::RegionCode;
use crate::store::sessions::Login;
use crate::store::slips::{self, NewSlip, OnDevice, Slip};
use crate::store::{Store, rows, sessions as stored, take_ids};

/// A slip to print: its code is known now and never again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    pub farmer_id: i64,
    pub code: String,
}

/// Issues slips to households; those they had are revoked.
pub async fn issue(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    farmer_ids: &[i64],
) -> anyhow::Result<Vec<Issued>> {
    let mut work = store.work(county, actor, "slips issued", clock).await?;
    let first = take_ids(&mut work, "slip", farmer_ids.len()).await?;
    let issued: Vec<Issued> =
        farmer_ids.iter().map(|&farmer_id| Issued { farmer_id, code: codes::new_slip_code() }).collect();
    let rows: Vec<NewSlip> = (first..)
        .zip(&issued)
        .map(|(slip_id, i)| NewSlip { slip_id, farmer_id: i.farmer_id, token_hash: codes::hash(&i.code) })
        .collect();
    let now = work.at;
    slips::insert(&mut work, &rows, &actor.name, now).await?;
    let change = Change::new(Verb::Issue, Noun::Slip, "").count(Field::Number, i64::try_from(issued.len())?);
    work.commit(&change).await?;
    Ok(issued)
}

/// Revokes a household's slip and ends what it let in.
pub async fn revoke(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    farmer_id: i64,
) -> anyhow::Result<()> {
    let mut work = store.work(county, actor, "slip revoked", clock).await?;
    let now = work.at;
    slips::revoke(&mut work, farmer_id, now).await?;
    Ok(work.commit(&Change::new(Verb::Remove, Noun::Slip, farmer_id.to_string())).await?)
}

/// The slip of a code, while it stands.
pub async fn find(store: &Store, code: &str) -> anyhow::Result<Option<Slip>> {
    Ok(slips::find(store, &codes::hash(code)).await?)
}

/// What came of using a slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The session's secret.
    In(String),
    /// Guesses left.
    Wrong(i64),
    /// Five were wrong: the branch has to print another.
    Blocked,
    /// The household's phone is not known yet.
    NoPhone,
    /// No such slip, or it was revoked.
    Unknown,
}

/// Lets a device in by a slip. `device` is the session the device already has, if it is a household's; one that holds
/// the slip is not asked for digits again.
pub async fn admit(
    store: &Store,
    code: &str,
    digits: &str,
    device: Option<&Login>,
    client: Client<'_>,
    clock: &Clock,
) -> anyhow::Result<Outcome> {
    let Some(slip) = find(store, code).await? else { return Ok(Outcome::Unknown) };
    let county = rows::region(&slip.county_code)?;
    let device = device.filter(|login| login.account_id == 0);
    let held = match device {
        Some(login) => slips::list_on_device(store, &login.session_id).await?,
        None => Vec::new(),
    };
    let holds = held.iter().any(|h| h.county_code == slip.county_code && h.slip_id == slip.slip_id);
    let mut wrong_digits = 0;
    if !holds {
        let Some(hash) = &slip.last4_hash else { return Ok(Outcome::NoPhone) };
        let Some(taken) = slips::take_guess(store, county, slip.slip_id).await? else { return Ok(Outcome::Blocked) };
        wrong_digits = taken - 1;
        if !passwords::digits_fit(digits.trim(), hash) {
            return Ok(if taken < SLIP_GUESSES { Outcome::Wrong(SLIP_GUESSES - taken) } else { Outcome::Blocked });
        }
    }
    let now = clock.now();
    let mut session = store.write(county).await?;
    if !holds {
        slips::clear_guesses(&mut session, slip.slip_id).await?;
    }
    let (secret, session_id) = if let Some(login) = device {
        let secret = codes::new();
        let chosen = on_household(login, county, slip.farmer_id);
        stored::rotate(&mut session, &codes::hash(&secret), &Login { seen_at: now, ..chosen }).await?;
        (secret, login.session_id.clone())
    } else {
        let grant = Grant { role: Role::Farmer, region: county, subject_id: slip.farmer_id };
        let (secret, login) = sessions::start(&mut session, 0, &Choice { grant, county }, client, now).await?;
        (secret, login.session_id)
    };
    slips::insert_device(&mut session, &session_id, slip.slip_id).await?;
    if !holds {
        let actor = Actor::household(slip.farmer_id, Actor::SLIP);
        sessions::note_sign_in(&mut session, &actor, Way::Slip, wrong_digits, now).await?;
    }
    session.commit().await?;
    Ok(Outcome::In(secret))
}

/// The households on a device; none for a session that is no household's device.
pub async fn households(store: &Store, login: &Login) -> anyhow::Result<Vec<OnDevice>> {
    if login.account_id != 0 {
        return Ok(Vec::new());
    }
    Ok(slips::list_on_device(store, &login.session_id).await?)
}

/// Turns a device to another of its households, under a new secret; `None` when it holds no such slip.
pub async fn turn_to(
    store: &Store,
    login: &Login,
    county_code: &str,
    slip_id: i64,
    clock: &Clock,
) -> anyhow::Result<Option<String>> {
    let held = households(store, login).await?;
    let Some(wanted) = held.into_iter().find(|h| h.county_code == county_code && h.slip_id == slip_id) else {
        return Ok(None);
    };
    let county = rows::region(&wanted.county_code)?;
    let secret = codes::new();
    let chosen = Login { seen_at: clock.now(), ..on_household(login, county, wanted.farmer_id) };
    let mut session = store.write(county).await?;
    stored::rotate(&mut session, &codes::hash(&secret), &chosen).await?;
    session.commit().await?;
    Ok(Some(secret))
}

/// Takes a household off a device.
pub async fn forget(store: &Store, login: &Login, county_code: &str, slip_id: i64) -> anyhow::Result<()> {
    let mut session = store.write(rows::region(county_code)?).await?;
    slips::remove_device(&mut session, &login.session_id, slip_id).await?;
    Ok(session.commit().await?)
}

fn on_household(login: &Login, county: RegionCode, farmer_id: i64) -> Login {
    Login {
        county_code: county.to_string(),
        role: Role::Farmer.key().to_owned(),
        region_code: county.to_string(),
        subject_id: farmer_id,
        ..login.clone()
    }
}
