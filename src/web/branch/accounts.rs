//! Accounts: who may sign in and what they may see; adding one. Changing one is on its own page.

use super::account;
use crate::domain::access::{Grant, Role};
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::services::accounts;
use crate::store::Session;
use crate::store::accounts::{self as stored, Account};
use crate::store::keys::{self, Noun};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::names::{Places, role_name};
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::Cell;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub accounts: Vec<(Account, Vec<Grant>)>,
    pub places: Places,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    let body = html! {
        section.card {
            h1 { (a.accounts) }
            p.quiet { (a.accounts_note) }
            @if page.accounts.is_empty() { p.empty { (a.accounts_none) } }
            ul.todo { @for (account, grants) in &page.accounts { (row(account, grants, &page.places, ctx)) } }
        }
        section.card {
            h2 { (a.add_account) }
            form.stacked method="post" action="/branch/accounts" {
                (form::field(&Field::text("name", a.login_name)))
                (form::field(&Field::text("display", a.display_name).optional()))
                (grant_fields(ctx))
                button.primary type="submit" { (a.add_button) }
            }
        }
    };
    shell::page(a.accounts, Some(Section::Accounts), &body, ctx)
}

fn row(account: &Account, grants: &[Grant], places: &Places, ctx: &Ctx) -> Markup {
    html! {
        li {
            div {
                p {
                    a href={ "/branch/accounts/" (account.account_id) } { (account.login_name) }
                    @if account.display_name != account.login_name { " · " (account.display_name) }
                }
                @for grant in grants { p.quiet { (places.grant(grant, ctx)) } }
            }
            span { (state(account, ctx).render(ctx)) }
        }
    }
}

/// Accounts that only links sign in under: made by the program, not by a person.
fn is_of_links(account: &Account) -> bool {
    account.login_name.starts_with("link-")
}

/// Whether an account can sign in.
pub fn state(account: &Account, ctx: &Ctx) -> Cell {
    let a = &ctx.words.access;
    match (account.disabled_at, &account.password_hash) {
        (Some(_), _) => Cell::Warn(a.disabled.into()),
        (None, Some(_)) => Cell::Tag(a.active.into()),
        (None, None) if is_of_links(account) => a.by_link.into(),
        (None, None) => Cell::Warn(a.no_password.into()),
    }
}

/// The fields a role is chosen by.
pub fn grant_fields(ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    let mut roles: Vec<(&str, &str)> = Role::ALL.iter().map(|&role| (role.key(), role_name(role, ctx))).collect();
    // whoever chooses nothing does not make an administrator
    roles.sort_by_key(|(key, _)| *key == Role::BranchAdmin.key());
    html! {
        (form::select("role", a.role, &roles))
        (form::field(&Field::text("region", a.region).note(a.region_note).optional()))
        (form::field(&Field::text("subject", a.subject).note(a.subject_note).optional()))
    }
}

/// A role as the form names it.
#[derive(Deserialize)]
pub struct Chosen {
    role: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    subject: String,
}

impl Chosen {
    /// The grant meant, in the session's county.
    pub async fn read(&self, session: &mut Session) -> anyhow::Result<Grant> {
        let county = session.scope().county();
        let role = Role::parse(&self.role).ok_or_else(|| Problem::UnknownRole { name: self.role.clone() })?;
        let needs = || Problem::RoleNeeds { role: self.role.clone() };
        let region = match self.region.trim() {
            "" => county,
            text => RegionCode::parse(text).ok_or_else(|| Problem::UnknownRegion { code: text.to_owned() })?,
        };
        let grant = match role {
            Role::BranchAdmin | Role::Branch => Grant::new(role, county, 0),
            Role::Official | Role::Auditor | Role::VillageContact => Grant::new(role, region, 0),
            Role::Anchor | Role::Farmer => {
                let noun = if role == Role::Anchor { Noun::Anchor } else { Noun::Farmer };
                let key = self.subject.trim();
                let ids = keys::ids_of_keys(session, noun, &[key]).await?;
                ids.get(key).and_then(|&id| Grant::new(role, county, id))
            }
        };
        Ok(grant.ok_or_else(needs)?)
    }
}

/// `GET /branch/accounts`
pub async fn list(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let grants = stored::list_all_grants(session).await?;
        let all: Vec<Grant> = grants.iter().map(|(_, grant)| *grant).collect();
        let places = Places::of_grants(session, &all).await?;
        let accounts = stored::list(session).await?.into_iter().map(|account| {
            let held = grants.iter().filter(|(id, _)| *id == account.account_id).map(|(_, grant)| *grant).collect();
            (account, held)
        });
        let mut accounts: Vec<(Account, Vec<Grant>)> = accounts.collect();
        accounts.sort_by_key(|(account, _)| is_of_links(account));
        Ok::<_, anyhow::Error>(Page { accounts, places })
    };
    Ok(render(&load.await?, &visit.ctx))
}

/// A new account.
#[derive(Deserialize)]
pub struct New {
    name: String,
    #[serde(default)]
    display: String,
    #[serde(flatten)]
    chosen: Chosen,
}

/// `POST /branch/accounts`: makes it and shows the link by which its owner sets a password, this once.
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Form(new): Form<New>,
) -> Result<Response, WebError> {
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    let make = async {
        let grant = new.chosen.read(&mut app.store.read(scope).await?).await?;
        let desk = app.desk(&visit, &actor)?;
        accounts::create(&desk, &new.name, &new.display, &grant).await
    };
    match make.await {
        Ok(issued) => Ok(account::link_page(&app, &headers, &new.name, &issued, &visit.ctx).into_response()),
        Err(error) => refused(error, "/branch/accounts", &visit.ctx),
    }
}
