//! One account: its roles, a reset of its password, letting it in no more.

use super::accounts::{Chosen, grant_fields, state};
use crate::domain::access::{Grant, Role};
use crate::domain::regions::RegionCode;
use crate::services::accounts::{self, Issued};
use crate::store::accounts::{self as stored, Account};
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::names::Places;
use crate::web::security::site;
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use crate::web::{App, AppState};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub account: Account,
    pub grants: Vec<Grant>,
    pub places: Places,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    let account = &page.account;
    let path = format!("/branch/accounts/{}", account.account_id);
    let title = fill(a.account_title, &[&account.login_name]);
    let body = html! {
        section.card {
            h1 { (title) }
            p { (account.display_name) " · " (state(account, ctx).render(ctx)) }
            ul.todo { @for grant in &page.grants {
                li {
                    span { (page.places.grant(grant, ctx)) @if grant.subject_id != 0 { " #" (grant.subject_id) } }
                    form method="post" action={ (path) "/roles/take" } {
                        input type="hidden" name="role" value=(grant.role.key());
                        input type="hidden" name="region" value=(grant.region);
                        input type="hidden" name="subject" value=(grant.subject_id);
                        button type="submit" { (a.take) }
                    }
                }
            } }
        }
        section.card {
            h2 { (a.give) }
            form.stacked method="post" action={ (path) "/roles" } {
                (grant_fields(ctx))
                button type="submit" { (a.give_button) }
            }
        }
        section.card {
            h2 { (a.reset_title) }
            p { (a.reset_text) }
            form method="post" action={ (path) "/reset" } { button type="submit" { (a.reset_button) } }
        }
        section.card {
            h2 { (a.disable_title) }
            p { (a.disable_text) }
            @if account.disabled_at.is_some() {
                form method="post" action={ (path) "/enable" } { button type="submit" { (a.enable_button) } }
            } @else {
                form method="post" action={ (path) "/disable" } { button type="submit" { (a.disable_button) } }
            }
        }
        p { a href="/branch/accounts" { (a.back_accounts) } }
    };
    shell::page(&title, Some(Section::Accounts), &body, ctx)
}

/// The link by which an account's owner sets a password; shown this once.
pub fn link_page(app: &App, headers: &HeaderMap, login_name: &str, issued: &Issued, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    let address = format!("{}/password/{}", site(app, headers), issued.secret);
    let title = fill(a.link_title, &[&accounts::folded(login_name)]);
    let body = html! {
        div.card.state {
            h1 { (title) }
            p { (a.link_text) }
            p.once { code { (address) } }
            p { a.button href={ "/branch/accounts/" (issued.account_id) } { (a.back_accounts) } }
        }
    };
    shell::page(&title, Some(Section::Accounts), &body, ctx)
}

/// `GET /branch/accounts/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(account) = stored::find(session, id).await? else { return Ok(None) };
        let grants = stored::list_all_grants(session).await?;
        let grants: Vec<Grant> = grants.into_iter().filter(|(holder, _)| *holder == id).map(|(_, g)| g).collect();
        let places = Places::of_grants(session, &grants).await?;
        Ok::<_, anyhow::Error>(Some(Page { account, grants, places }))
    };
    load.await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

/// What to do at an account.
enum Act {
    Give(Grant),
    Take(Grant),
    Disable,
    Enable,
}

/// Does it, and shows the account again; an account of another county is not found.
async fn act(app: &AppState, visit: &Visit, id: i64, act: Act) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    known(app, visit, id).await?;
    let desk = app.desk(visit, &actor)?;
    let done = match act {
        Act::Give(grant) => accounts::give_role(&desk, id, &grant).await,
        Act::Take(grant) => accounts::take_role(&desk, id, &grant).await,
        Act::Disable => accounts::disable(&desk, id).await,
        Act::Enable => accounts::enable(&desk, id).await,
    };
    let path = format!("/branch/accounts/{id}");
    match done {
        Ok(()) => Ok(Redirect::to(&path).into_response()),
        Err(error) => refused(error, &path, &visit.ctx),
    }
}

async fn known(app: &AppState, visit: &Visit, id: i64) -> Result<Account, WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    stored::find(session, id).await.map_err(anyhow::Error::from)?.ok_or(WebError::NotFound)
}

/// `POST /branch/accounts/{id}/roles`
pub async fn give_role(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, WebError> {
    let mut session = app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let read = chosen.read(&mut session).await;
    drop(session);
    match read {
        Ok(grant) => act(&app, &visit, id, Act::Give(grant)).await,
        Err(error) => refused(error, &format!("/branch/accounts/{id}"), &visit.ctx),
    }
}

/// A role that is held, by its row.
#[derive(Deserialize)]
pub struct Held {
    role: String,
    region: String,
    subject: i64,
}

/// `POST /branch/accounts/{id}/roles/take`
pub async fn take_role(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(held): Form<Held>,
) -> Result<Response, WebError> {
    let grant = Role::parse(&held.role)
        .zip(RegionCode::parse(&held.region))
        .and_then(|(role, region)| Grant::new(role, region, held.subject));
    act(&app, &visit, id, Act::Take(grant.ok_or(WebError::BadRequest)?)).await
}

/// `POST /branch/accounts/{id}/reset`: shows the link, this once.
pub async fn reset(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let account = known(&app, &visit, id).await?;
    let desk = app.desk(&visit, &actor)?;
    match accounts::reset(&desk, id).await {
        Ok(issued) => Ok(link_page(&app, &headers, &account.login_name, &issued, &visit.ctx).into_response()),
        Err(error) => refused(error, &format!("/branch/accounts/{id}"), &visit.ctx),
    }
}

/// `POST /branch/accounts/{id}/disable`
pub async fn disable(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    act(&app, &visit, id, Act::Disable).await
}

/// `POST /branch/accounts/{id}/enable`
pub async fn enable(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    act(&app, &visit, id, Act::Enable).await
}
