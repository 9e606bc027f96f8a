//! The households on this phone: turning to another, taking one off. 陈* and the village: a phone is shown around.

use crate::services::slips;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::Names;
use crate::web::session::{self, family_name};
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub households: Vec<Household>,
}

/// A household on the phone.
#[derive(Debug, Clone)]
pub struct Household {
    pub county_code: String,
    pub slip_id: i64,
    /// Family name only.
    pub label: String,
    pub village: String,
    pub shown: bool,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (a, f) = (&ctx.words.access, &ctx.words.farmer);
    let body = html! {
        h1 { (a.device) }
        @if page.households.is_empty() { p.empty { (ctx.words.frame.empty) } }
        @for household in &page.households {
            section.card {
                p.pair { strong { (fill(f.home_of, &[&household.label, &household.village])) }
                    @if household.shown { span.tag { (a.now) } } }
                @if !household.shown { (act("/farmer/device/turn", household, a.device_turn, "primary")) }
                (act("/farmer/device/forget", household, a.device_forget, ""))
            }
        }
        p { (a.device_add) }
        a.button href="/farmer" { (a.device_back) }
    };
    shell::phone(a.device, &body, ctx)
}

fn act(action: &str, household: &Household, label: &str, class: &str) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name="county" value=(household.county_code);
            input type="hidden" name="slip" value=(household.slip_id);
            button class=(class) type="submit" { (label) }
        }
    }
}

/// `GET /farmer/device`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    Ok(render(&load(&app, &visit).await?, &visit.ctx))
}

async fn load(app: &AppState, visit: &Visit) -> Result<Page, WebError> {
    let reader = visit.reader()?;
    let load = async {
        let held = slips::households(&app.store, &reader.login).await?;
        let names = Names::of_regions(&mut app.store.read(reader.scope).await?).await?;
        let shown =
            |county: &str, farmer_id: i64| county == reader.login.county_code && farmer_id == reader.login.subject_id;
        let households = held.into_iter().map(|h| Household {
            shown: shown(&h.county_code, h.farmer_id),
            label: family_name(&h.name),
            village: names.of(&h.village_code),
            county_code: h.county_code,
            slip_id: h.slip_id,
        });
        Ok::<_, anyhow::Error>(Page { households: households.collect() })
    };
    Ok(load.await?)
}

/// Which household.
#[derive(Deserialize)]
pub struct Which {
    county: String,
    slip: i64,
}

/// `POST /farmer/device/turn`
pub async fn turn(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Form(which): Form<Which>,
) -> Result<Response, WebError> {
    let login = &visit.reader()?.login;
    let turned = slips::turn_to(&app.store, login, &which.county, which.slip, &app.clock).await?;
    let secret = turned.ok_or(WebError::NotFound)?;
    Ok(([(header::SET_COOKIE, session::starting(&app, &secret, &headers))], Redirect::to("/farmer")).into_response())
}

/// `POST /farmer/device/forget`: the household shown goes last, and with it the session.
pub async fn forget(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Form(which): Form<Which>,
) -> Result<Response, WebError> {
    let login = &visit.reader()?.login;
    let held = slips::households(&app.store, login).await?;
    let gone = held.iter().find(|h| h.county_code == which.county && h.slip_id == which.slip);
    let gone = gone.ok_or(WebError::NotFound)?;
    let shown = gone.farmer_id == login.subject_id && gone.county_code == login.county_code;
    let next = held.iter().find(|h| h.slip_id != gone.slip_id || h.county_code != gone.county_code);
    let mut response = Redirect::to("/farmer/device").into_response();
    if shown {
        let cookie = if let Some(next) = next {
            let turned = slips::turn_to(&app.store, login, &next.county_code, next.slip_id, &app.clock).await?;
            session::starting(&app, &turned.ok_or(WebError::NotFound)?, &headers)
        } else {
            response = Redirect::to("/").into_response();
            session::ending(&app, &headers)
        };
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    slips::forget(&app.store, login, &which.county, which.slip).await?;
    Ok(response)
}
