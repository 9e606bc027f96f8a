//! Each payment of a household, in plain words, and the button that says it arrived. Nobody has to press it.

use super::{money, requests};
use crate::domain::access::Scope;
use crate::domain::calendar::Day;
use crate::domain::payouts::Kind;
use crate::domain::requests::About;
use crate::services::payouts as paying;
use crate::store::payouts::own::{self, Own};
use crate::web::AppState;
use crate::web::branch::payout_slips::carried;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use maud::{Markup, html};

const PATH: &str = "/farmer/payouts";
/// Payments on the page: two years of a month each from one payer.
const SHOWN: usize = 24;
/// Days in which a payment can be confirmed or asked about here; older ones are for reading.
const FRESH: TimeDelta = TimeDelta::days(90);

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// The newest first.
    pub payouts: Vec<Own>,
    pub today: Day,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (p, a) = (&ctx.words.payouts, &ctx.words.access);
    let body = html! {
        h1 { (p.mine_title) }
        @if page.payouts.is_empty() { section.card { p { (p.mine_none) } } }
        @for own in &page.payouts { (card(own, page.today, ctx)) }
        a.button href="/farmer" { (a.device_back) }
    };
    shell::phone(p.mine_title, &body, ctx)
}

fn card(own: &Own, today: Day, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    html! {
        section.card data-say {
            @if own.kind.is_paid() {
                p.pair { strong { (p.kind(own.kind)) } strong { (money(own.amount_fen)) } }
                @match (own.paid_on, own.approved) {
                    (Some(day), _) => p { (fill(p.mine_paid, &[&day.to_string()])) },
                    (None, true) => p { (p.mine_approved) },
                    (None, false) => p { (p.mine_proposed) },
                }
            }
            (why(own, ctx))
            p.quiet { (fill(p.mine_from, &[&own.operator])) }
            @if !own.reference.is_empty() { p.quiet { (fill(p.mine_reference, &[&own.reference])) } }
            @let is_fresh = own.moved_on().unwrap_or(own.up_to_on) + FRESH >= today;
            @if own.kind.is_paid() && own.paid_on.is_some() { (receipt(own, is_fresh, ctx)) }
            @if is_fresh { (requests::link(About::Payout(own.payout_id), ctx)) }
        }
    }
}

fn receipt(own: &Own, is_fresh: bool, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    html! {
        @if own.confirmed_at.is_some() { p.gain { "✓ " (p.mine_confirmed) } } @else if is_fresh {
            form method="post" action={ (PATH) "/" (own.payout_id) "/received" } {
                button type="submit" { (p.mine_button) }
            }
            p.quiet { (p.mine_optional) }
        }
    }
}

/// What an amount is for, what stands in it from before, what became of it.
fn why(own: &Own, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    html! {
        @match own.kind {
            Kind::Income => {
                p { (fill(p.mine_up_to, &[p.kind_income, &own.up_to_on.to_string()])) }
                @if let Some(text) = carried(own.kind, own.carried_fen, ctx) { p { (text) } }
            },
            Kind::Surplus => p { (fill(p.document, &[&own.reason])) },
            Kind::WriteOff => p { (fill(p.mine_written_off, &[&money(-own.amount_fen)])) },
            Kind::Returned => p { (fill(p.mine_returned, &[&money(-own.amount_fen)])) },
        }
    }
}

/// One payment among a month's, as the month's page and the printed statement say it.
pub fn said(own: &Own, ctx: &Ctx) -> Markup {
    html! {
        div.quiet {
            p.pair {
                span { (own.moved_on().map(|day| day.to_string()).unwrap_or_default()) }
                span { (money(own.amount_fen)) }
            }
            (why(own, ctx))
        }
    }
}

/// `GET /farmer/payouts`
pub async fn list(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let Scope::Farmer { farmer_id, .. } = visit.scope()? else { return Err(WebError::Forbidden) };
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let mut payouts = own::list(session, farmer_id).await.map_err(anyhow::Error::from)?;
    // what one person put forward and nobody approved is none of the household's business yet where it moves no money
    payouts.retain(|own| own.kind.is_paid() || own.approved);
    payouts.truncate(SHOWN);
    Ok(render(&Page { payouts, today: app.clock.today() }, &visit.ctx))
}

/// Makes sure that a payout is the household's.
async fn known(app: &AppState, visit: &Visit, farmer_id: i64, id: i64) -> Result<(), WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let own = own::list(session, farmer_id).await.map_err(anyhow::Error::from)?;
    own.iter().find(|own| own.payout_id == id).map(|_| ()).ok_or(WebError::NotFound)
}

/// `POST /farmer/payouts/{id}/received`
pub async fn confirm(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let Scope::Farmer { farmer_id, .. } = visit.scope()? else { return Err(WebError::Forbidden) };
    known(&app, &visit, farmer_id, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    match paying::confirm(desk, farmer_id, id).await {
        Ok(()) => Ok(Redirect::to(PATH).into_response()),
        Err(error) => refused(error, PATH, &visit.ctx),
    }
}
