//! Receipt slips of a payout on paper: A4, eight to a page. They are handed out in company, so they show 陈*.

use super::payouts::address;
use crate::domain::payouts::Kind;
use crate::store::payouts::{self as stored, Line, Payout};
use crate::store::people::{self, Farmer};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::farmer::money;
use crate::web::names::Names;
use crate::web::session::family_name;
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use axum::extract::{Path, State};
use maud::{Markup, html};
use rustc_hash::FxHashMap;

/// What the sheet shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub payout: Payout,
    pub slips: Vec<Slip>,
}

/// A household's slip.
#[derive(Debug, Clone)]
pub struct Slip {
    pub label: String,
    pub key: String,
    pub village: String,
    pub line: Line,
}

/// The sheet.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    let payout = &page.payout;
    let of = fill(p.slip_up_to, &[p.kind(payout.kind), &payout.up_to_on.to_string()]);
    let reference = if payout.reference.is_empty() { p.slip_none } else { &payout.reference };
    let body = html! {
        section.card.on-screen {
            h1 { (p.slip_title) }
            p { (fill(p.slip_text, &[&grouped(payout.households)])) }
            p { a.button href=(address(payout.payout_id)) { (fill(p.payout_title, &[&payout.payout_id.to_string()])) } }
        }
        div.sheet { @for slip in &page.slips {
            div.slip.receipt { div {
                p.slip-name { (fill(p.slip_of, &[&slip.label, &slip.village])) }
                p.slip-name { (fill(p.slip_amount, &[&yuan(slip.line.amount_fen)])) }
                p { (of) }
                @if let Some(text) = carried(payout.kind, slip.line.carried_fen, ctx) { p { (text) } }
                p { (p.slip_sign) }
                p.slip-foot { (fill(p.slip_foot, &[&slip.key, &payout.payout_id.to_string(), reference])) }
                @if ctx.demo { p.slip-foot { (ctx.words.frame.demo) } }
            } }
        } }
    };
    shell::page(p.slip_title, Some(Section::Payouts), &body, ctx)
}

/// What of an amount stands from before, in plain words.
pub fn carried(kind: Kind, carried_fen: i64, ctx: &Ctx) -> Option<String> {
    let p = &ctx.words.payouts;
    if kind != Kind::Income || carried_fen == 0 {
        return None;
    }
    let template = if carried_fen < 0 { p.mine_offset } else { p.mine_before };
    Some(fill(template, &[&money(carried_fen.abs())]))
}

/// `GET /branch/payouts/{id}/slips`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let page = load(&app, &visit, id).await?.ok_or(WebError::NotFound)?;
    Ok(render(&page, &visit.ctx))
}

async fn load(app: &AppState, visit: &Visit, id: i64) -> anyhow::Result<Option<Page>> {
    let session = &mut app.store.read(visit.scope()?).await?;
    let Some(payout) = stored::find(session, id).await?.filter(|p| p.kind.is_paid()) else { return Ok(None) };
    let names = Names::of_regions(session).await?;
    let farmers: FxHashMap<i64, Farmer> =
        people::list_farmers(session).await?.into_iter().map(|f| (f.farmer_id, f)).collect();
    let slip = |line: Line| {
        let farmer = farmers.get(&line.farmer_id)?;
        Some(Slip {
            label: family_name(&farmer.name),
            key: farmer.farmer_key.clone(),
            village: names.of(&farmer.village_code),
            line,
        })
    };
    let slips = stored::list_lines(session, id).await?.into_iter().filter_map(slip).collect();
    Ok(Some(Page { payout, slips }))
}
