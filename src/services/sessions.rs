//! Sessions: starting one, whose it is, choosing among an account's roles, ending them.
//!
//! Every sign-in and every change of role gives the session a new secret, so that a secret seen before is worth nothing
//! after. A session lives thirty days, a household's device half a year, because farmers come back once a month.

use super::codes;
use crate::clock::Clock;
use crate::domain::access::{Actor, Grant, Role, Scope};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Instant;
use crate::domain::regions::RegionCode;
use crate::store::sessions::{self, Login};
use crate::store::{Session, Store, StoreError, accounts, audit, counties};
use chrono::TimeDelta;

/// Days a session lives.
pub const SESSION_DAYS: i64 = 30;
/// Days a household's device stays in.
pub const DEVICE_DAYS: i64 = 180;
/// Minutes between two notes that a session was used.
const TOUCH_MINUTES: i64 = 10;
/// Characters kept of what a browser calls itself.
const AGENT_CHARACTERS: usize = 120;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client<'a> {
    pub address: &'a str,
    /// What the browser calls itself.
    pub agent: &'a str,
}

/// Under which role somebody signs in, and for which county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub grant: Grant,
    pub county: RegionCode,
}

impl Choice {
    /// Which rows it opens.
    pub fn scope(&self) -> Option<Scope> {
        self.grant.scope(self.county)
    }
}

/// Starts a session within a unit of the store; its secret.
pub async fn start(
    session: &mut Session,
    account_id: i64,
    choice: &Choice,
    client: Client<'_>,
    now: Instant,
) -> Result<(String, Login), StoreError> {
    let secret = codes::new();
    let days = if account_id == 0 { DEVICE_DAYS } else { SESSION_DAYS };
    let login = Login {
        session_id: codes::new_id(),
        account_id,
        login_name: String::new(),
        display_name: String::new(),
        county_code: choice.county.to_string(),
        role: choice.grant.role.key().to_owned(),
        region_code: choice.grant.region.to_string(),
        subject_id: choice.grant.subject_id,
        started_from: client.address.to_owned(),
        agent: client.agent.chars().take(AGENT_CHARACTERS).collect(),
        created_at: now,
        seen_at: now,
        expires_at: now + TimeDelta::days(days),
    };
    sessions::remove_expired(session, now).await?;
    sessions::insert(session, &codes::hash(&secret), &login).await?;
    Ok((secret, login))
}

/// Whose session a secret is.
pub async fn find(store: &Store, secret: &str, clock: &Clock) -> Result<Option<Login>, StoreError> {
    let now = clock.now();
    let found = sessions::find(store, &codes::hash(secret), now).await?;
    if let Some(login) = &found
        && now - login.seen_at > TimeDelta::minutes(TOUCH_MINUTES)
    {
        // a page does not wait for whoever is writing just now
        let (store, session_id) = (store.clone(), login.session_id.clone());
        tokio::spawn(async move {
            if let Err(error) = sessions::touch(&store, &session_id, now).await {
                tracing::warn!(%error, "a session's use was not noted");
            }
        });
    }
    Ok(found)
}

/// What a session is in; `None` when what is stored is not what its role needs.
pub fn choice_of(login: &Login) -> Option<Choice> {
    let role = Role::parse(&login.role)?;
    let grant = Grant::new(role, RegionCode::parse(&login.region_code)?, login.subject_id)?;
    Some(Choice { grant, county: RegionCode::parse(&login.county_code)? })
}

/// Who acts in a session.
pub fn actor_of(login: &Login, role: Role, from: &str) -> Actor {
    match login.account_id {
        0 => Actor::household(login.subject_id, from),
        id => Actor::account(id, &login.login_name, role, from),
    }
}

/// Everything an account may sign in as: each grant for each county of the database that it reaches.
pub async fn choices(store: &Store, account_id: i64) -> Result<Vec<Choice>, StoreError> {
    let counties: Vec<RegionCode> =
        counties::list(store).await?.iter().filter_map(|c| RegionCode::parse(&c.county_code)).collect();
    let grants = accounts::list_grants(store, account_id).await?;
    let reached = grants.into_iter().flat_map(|grant| counties.iter().map(move |&county| Choice { grant, county }));
    Ok(reached.filter(|choice| choice.scope().is_some()).collect())
}

/// Puts a session into another of its account's roles, under a new secret; `None` when the account has no such role.
pub async fn switch(
    store: &Store,
    login: &Login,
    wanted: &Choice,
    clock: &Clock,
) -> Result<Option<String>, StoreError> {
    if login.account_id == 0 || !choices(store, login.account_id).await?.contains(wanted) {
        return Ok(None);
    }
    let secret = codes::new();
    let changed = Login {
        county_code: wanted.county.to_string(),
        role: wanted.grant.role.key().to_owned(),
        region_code: wanted.grant.region.to_string(),
        subject_id: wanted.grant.subject_id,
        seen_at: clock.now(),
        ..login.clone()
    };
    let mut session = store.write(wanted.county).await?;
    sessions::rotate(&mut session, &codes::hash(&secret), &changed).await?;
    session.commit().await?;
    Ok(Some(secret))
}

/// Ends the session of a secret.
pub async fn end(store: &Store, county: RegionCode, secret: &str) -> Result<(), StoreError> {
    let mut session = store.write(county).await?;
    sessions::remove(&mut session, &codes::hash(secret)).await?;
    session.commit().await
}

/// Ends one of the actor's account's sessions. Only one that was there is told: what a form says otherwise is anything.
pub async fn end_one(
    store: &Store,
    actor: &Actor,
    county: RegionCode,
    session_id: &str,
    clock: &Clock,
) -> Result<(), StoreError> {
    let mut session = store.write(county).await?;
    if sessions::remove_one(&mut session, actor.account_id, session_id).await? {
        let change = Change::new(Verb::SignOut, Noun::Session, session_id);
        audit::append(&mut session, actor, clock.now(), 0, &change).await?;
    }
    session.commit().await
}

/// Signs the actor's account out everywhere; the session it acts in too.
pub async fn end_everywhere(store: &Store, actor: &Actor, county: RegionCode, clock: &Clock) -> Result<(), StoreError> {
    let mut session = store.write(county).await?;
    sessions::remove_of_account(&mut session, actor.account_id, "").await?;
    let change = Change::new(Verb::SignOut, Noun::Session, "").after(Field::Way, "everywhere");
    audit::append(&mut session, actor, clock.now(), 0, &change).await?;
    session.commit().await
}

/// By what somebody came in, as the trail says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Password,
    Link,
    Slip,
}

/// Tells the trail that somebody came in. `wrong_tries` were counted since the last success; what was typed in them is
/// kept nowhere. Last before the commit: it holds the trail's head.
pub async fn note_sign_in(
    session: &mut Session,
    actor: &Actor,
    way: Way,
    wrong_tries: i64,
    now: Instant,
) -> Result<(), StoreError> {
    let way = match way {
        Way::Password => "password",
        Way::Link => "link",
        Way::Slip => "slip",
    };
    let change =
        Change::new(Verb::SignIn, Noun::Session, "").after(Field::Way, way).count(Field::WrongTries, wrong_tries);
    audit::append(session, actor, now, 0, &change).await
}
