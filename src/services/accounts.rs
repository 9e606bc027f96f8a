//! Accounts: making one, giving and taking roles, passwords, second factor, disabling. Each change is one function here,
//! by somebody, so that each can be put on record in one place.
//!
//! Rules: a branch gives roles inside its own county only (a prefecture's official is made on the command line); the
//! last administrator of a county can neither be disabled nor lose the role; a password is only ever set by its owner,
//! through a one-time link or knowing the old one; setting it by a link takes the second factor off, since the link is
//! what a person who lost the telephone is given.

use super::desk::Desk;
use super::sign_in::LINK_DAYS;
use super::{codes, passwords, second_factor, secrets};
use crate::clock::Clock;
use crate::domain::access::{Actor, Grant, Role};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::problem::Problem;
use crate::domain::sealing::Keyring;
use crate::store::accounts::{self, Account};
use crate::store::links::{self, Holder, Kind};
use crate::store::sessions::Login;
use crate::store::{Session, Store, StoreError, Work, audit, rows, sessions};
use chrono::TimeDelta;

/// Characters of a login name.
const NAME_CHARACTERS: std::ops::RangeInclusive<usize> = 2..=40;

impl Desk<'_> {
    /// Whether the actor may give or take a grant here.
    fn reaches(&self, grant: &Grant) -> Result<(), Problem> {
        let inside = grant.region.within(self.county);
        let above = self.county.within(grant.region) && self.actor.from == Actor::COMMAND_LINE;
        if inside || above { Ok(()) } else { Err(Problem::RoleElsewhere { region: grant.region.to_string() }) }
    }
}

/// An account that was made or reset, and the secret of the link by which its owner sets a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    pub account_id: i64,
    pub secret: String,
}

/// A login name as it is stored: what people type in either case is one name.
pub fn folded(login_name: &str) -> String {
    login_name.trim().to_lowercase()
}

/// Makes an account with a first role.
pub async fn create(desk: &Desk<'_>, login_name: &str, display_name: &str, grant: &Grant) -> anyhow::Result<Issued> {
    let login_name = folded(login_name);
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    if !NAME_CHARACTERS.contains(&login_name.chars().count()) || !login_name.chars().all(allowed) {
        return Err(Problem::BadLoginName { name: login_name }.into());
    }
    desk.reaches(grant)?;
    if accounts::find_by_login(desk.store, &login_name).await?.is_some() {
        return Err(Problem::LoginNameTaken { name: login_name }.into());
    }
    let display_name = if display_name.trim().is_empty() { &login_name } else { display_name.trim() };
    let mut work = desk.work("account made").await?;
    let now = work.at;
    let account_id = accounts::insert(&mut work, &login_name, display_name, now).await?;
    accounts::insert_grant(&mut work, account_id, grant, now).await?;
    let secret = password_link(&mut work, account_id).await?;
    work.commit(&of_account(Verb::Add, account_id, Some(grant))).await?;
    Ok(Issued { account_id, secret })
}

/// Gives an account another role.
pub async fn give_role(desk: &Desk<'_>, account_id: i64, grant: &Grant) -> anyhow::Result<()> {
    desk.reaches(grant)?;
    let mut work = desk.work("role given").await?;
    known(&mut work, account_id).await?;
    let now = work.at;
    accounts::insert_grant(&mut work, account_id, grant, now).await?;
    Ok(work.commit(&of_account(Verb::Change, account_id, Some(grant))).await?)
}

/// Takes a role away; sessions in it are over at their next request.
pub async fn take_role(desk: &Desk<'_>, account_id: i64, grant: &Grant) -> anyhow::Result<()> {
    desk.reaches(grant)?;
    let mut work = desk.work("role taken").await?;
    known(&mut work, account_id).await?;
    if grant.role == Role::BranchAdmin {
        keep_an_administrator(&mut work, account_id).await?;
    }
    accounts::remove_grant(&mut work, account_id, grant).await?;
    Ok(work.commit(&taken(account_id, grant)).await?)
}

/// Gives a link by which the owner sets a new password; links given before stop working.
pub async fn reset(desk: &Desk<'_>, account_id: i64) -> anyhow::Result<Issued> {
    let mut work = desk.work("password reset").await?;
    known(&mut work, account_id).await?;
    let secret = password_link(&mut work, account_id).await?;
    work.commit(&of_account(Verb::Renew, account_id, None)).await?;
    Ok(Issued { account_id, secret })
}

/// Lets an account in no more, and ends its sessions.
pub async fn disable(desk: &Desk<'_>, account_id: i64) -> anyhow::Result<()> {
    let mut work = desk.work("account disabled").await?;
    known(&mut work, account_id).await?;
    keep_an_administrator(&mut work, account_id).await?;
    let now = work.at;
    accounts::set_disabled(&mut work, account_id, Some(now)).await?;
    links::expire_password_links(&mut work, account_id, now).await?;
    sessions::remove_of_account(&mut work, account_id, "").await?;
    Ok(work.commit(&of_account(Verb::Remove, account_id, None)).await?)
}

/// Lets a disabled account in again.
pub async fn enable(desk: &Desk<'_>, account_id: i64) -> anyhow::Result<()> {
    let mut work = desk.work("account enabled").await?;
    known(&mut work, account_id).await?;
    accounts::set_disabled(&mut work, account_id, None).await?;
    Ok(work.commit(&of_account(Verb::Change, account_id, None).after(Field::Reason, "enabled")).await?)
}

/// Whose a link for a password is; `None` for one that does not work.
pub async fn find_by_link(store: &Store, secret: &str, clock: &Clock) -> anyhow::Result<Option<Account>> {
    match links::find(store, Kind::Password, &codes::hash(secret), clock.now()).await? {
        Some(holder) => Ok(accounts::find_signed_in(store, holder.account_id).await?),
        None => Ok(None),
    }
}

/// Sets the password by a one-time link, takes the second factor off and ends all sessions. `false`: the link does not
/// work.
pub async fn set_password(
    store: &Store,
    secret: &str,
    password: &str,
    from: &str,
    clock: &Clock,
) -> anyhow::Result<bool> {
    let Some(account) = find_by_link(store, secret, clock).await? else { return Ok(false) };
    passwords::check(password, &account.login_name)?;
    let hash = passwords::hash(password).await?;
    let mut session = store.write(rows::region(&account.county_code)?).await?;
    if !links::redeem(&mut session, Kind::Password, &codes::hash(secret), clock.now()).await? {
        return Ok(false);
    }
    accounts::set_password(&mut session, account.account_id, &hash).await?;
    accounts::set_totp(&mut session, account.account_id, None).await?;
    sessions::remove_of_account(&mut session, account.account_id, "").await?;
    note(&mut session, &account, "password set by a link", from, clock).await?;
    session.commit().await?;
    Ok(true)
}

/// Changes the own password, knowing the present one; the account's other sessions end.
pub async fn change_password(
    store: &Store,
    login: &Login,
    present: &str,
    password: &str,
    from: &str,
    clock: &Clock,
) -> anyhow::Result<()> {
    let account = own(store, login, present).await?;
    passwords::check(password, &account.login_name)?;
    let hash = passwords::hash(password).await?;
    let mut session = store.write(rows::region(&account.county_code)?).await?;
    accounts::set_password(&mut session, account.account_id, &hash).await?;
    sessions::remove_of_account(&mut session, account.account_id, &login.session_id).await?;
    note(&mut session, &account, "password changed", from, clock).await?;
    session.commit().await?;
    Ok(())
}

/// What the owner's authenticator app has, and the code that shows it.
#[derive(Clone, Copy)]
pub struct Enrolment<'a> {
    pub secret: &'a [u8],
    pub code: &'a str,
}

/// Switches the own second factor on: the code shows that the app has the secret. Refused where there is no key to seal
/// the secret with.
pub async fn enrol_second_factor(
    store: &Store,
    login: &Login,
    present: &str,
    Enrolment { secret, code }: Enrolment<'_>,
    keyring: Option<&Keyring>,
    from: &str,
    clock: &Clock,
) -> anyhow::Result<()> {
    let keyring = keyring.ok_or(Problem::NoSealingKey)?;
    let account = own(store, login, present).await?;
    let step = second_factor::step_of(secret, code, clock.now())?.ok_or(Problem::CodeWrong)?;
    let mut session = store.write(rows::region(&account.county_code)?).await?;
    secrets::store_second_step(&mut session, keyring, &account, secret).await?;
    accounts::take_totp_step(&mut session, account.account_id, step).await?;
    note(&mut session, &account, "second factor switched on", from, clock).await?;
    session.commit().await?;
    Ok(())
}

/// Switches the own second factor off.
pub async fn drop_second_factor(
    store: &Store,
    login: &Login,
    present: &str,
    from: &str,
    clock: &Clock,
) -> anyhow::Result<()> {
    let account = own(store, login, present).await?;
    let mut session = store.write(rows::region(&account.county_code)?).await?;
    accounts::set_totp(&mut session, account.account_id, None).await?;
    note(&mut session, &account, "second factor switched off", from, clock).await?;
    session.commit().await?;
    Ok(())
}

/// What was done to an account, and which role it was about.
fn of_account(verb: Verb, account_id: i64, grant: Option<&Grant>) -> Change {
    let change = Change::new(verb, Noun::Account, account_id.to_string());
    match grant {
        Some(grant) => change.after(Field::Role, grant.role.key()),
        None => change,
    }
}

fn taken(account_id: i64, grant: &Grant) -> Change {
    Change::new(Verb::Change, Noun::Account, account_id.to_string()).before(Field::Role, grant.role.key())
}

/// Tells the audit trail what owners change at their own account. Last before the commit: it holds the trail's head.
async fn note(
    session: &mut Session,
    account: &Account,
    what: &str,
    from: &str,
    clock: &Clock,
) -> Result<(), StoreError> {
    let held = accounts::list_all_grants(session).await?;
    let own = held.iter().find(|(holder, _)| *holder == account.account_id);
    let role = own.map_or(Role::Branch, |(_, grant)| grant.role);
    let actor = Actor::account(account.account_id, &account.login_name, role, from);
    let change = of_account(Verb::Change, account.account_id, None).after(Field::Reason, what);
    audit::append(session, &actor, clock.now(), 0, &change).await
}

/// The account of a session, if whoever sits there knows its password.
async fn own(store: &Store, login: &Login, present: &str) -> anyhow::Result<Account> {
    let account = accounts::find_signed_in(store, login.account_id).await?;
    let hash = account.as_ref().and_then(|a| a.password_hash.as_deref());
    let fits = passwords::fits(present, hash).await?;
    Ok(account.filter(|_| fits).ok_or(Problem::PasswordWrong)?)
}

async fn known(session: &mut Session, account_id: i64) -> anyhow::Result<Account> {
    Ok(accounts::find(session, account_id).await?.ok_or(Problem::UnknownAccount)?)
}

/// Refuses what would leave the county without an administrator who can sign in.
async fn keep_an_administrator(session: &mut Session, but: i64) -> anyhow::Result<()> {
    let alive: Vec<i64> = accounts::list(session)
        .await?
        .into_iter()
        .filter(|a| a.disabled_at.is_none() && a.password_hash.is_some())
        .map(|a| a.account_id)
        .collect();
    let grants = accounts::list_all_grants(session).await?;
    let administers = |id: i64| grants.iter().any(|(holder, g)| *holder == id && g.role == Role::BranchAdmin);
    if administers(but) && !alive.iter().any(|&id| id != but && administers(id)) {
        return Err(Problem::LastAdministrator.into());
    }
    Ok(())
}

async fn password_link(work: &mut Work, account_id: i64) -> anyhow::Result<String> {
    let now = work.at;
    links::expire_password_links(work, account_id, now).await?;
    let secret = codes::new();
    let holder = Holder {
        account_id,
        county_code: work.county_text().to_string(),
        role: String::new(),
        region_code: String::new(),
        subject_id: 0,
    };
    let expires_at = now + TimeDelta::days(LINK_DAYS);
    links::insert(work, Kind::Password, &codes::hash(&secret), &holder, now, expires_at).await?;
    Ok(secret)
}
