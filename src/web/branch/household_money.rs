//! A household's money on its own page: what is due, what was paid, where it goes.

use super::payouts::address as payout_address;
use crate::domain::calendar::{Day, day_of};
use crate::domain::payouts::State;
use crate::domain::sealing::Keyring;
use crate::services::bank_accounts::{self, Shown};
use crate::store::Session;
use crate::store::goods;
use crate::store::payouts::due::{self, Of};
use crate::store::payouts::own::{self, Own};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::ui::form::{self, Field};
use crate::web::ui::number::yuan;
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// Payouts on the page.
const SHOWN: usize = 24;

/// What the cards show.
#[derive(Debug, Clone)]
pub struct Money {
    /// By operator: name, fen; those that are even left out.
    pub due: Vec<(String, i64)>,
    /// The newest first.
    pub payouts: Vec<Own>,
    pub account: Shown,
    /// Accounts can be stored on this server.
    pub has_keyring: bool,
}

/// What is known of a household's money today.
pub async fn load(
    session: &mut Session,
    keyring: Option<&Keyring>,
    farmer_id: i64,
    today: Day,
) -> anyhow::Result<Money> {
    let operators = goods::list_operators(session).await?;
    let name = |id: i64| operators.iter().find(|o| o.operator_id == id).map(|o| o.name.clone()).unwrap_or_default();
    let due = due::list(session, Of::Farmer(farmer_id), today).await?;
    let mut payouts = own::list(session, farmer_id).await?;
    payouts.truncate(SHOWN);
    Ok(Money {
        due: due.iter().map(|d| (name(d.operator_id), d.balance.due_fen())).filter(|(_, fen)| *fen != 0).collect(),
        payouts,
        account: bank_accounts::find_shown(session, keyring, farmer_id).await?,
        has_keyring: keyring.is_some(),
    })
}

/// What is due and was paid.
pub fn paid_card(money: &Money, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    html! {
        section.card {
            h2 { (p.money_title) }
            @if money.due.is_empty() { p { (p.money_even) } }
            @for (operator, fen) in &money.due {
                @let template = if *fen > 0 { p.money_due } else { p.money_below };
                p { (fill(template, &[operator, &yuan(fen.abs())])) }
            }
            (table(&money.payouts, ctx).render(ctx))
        }
    }
}

fn table(payouts: &[Own], ctx: &Ctx) -> Table {
    let p = &ctx.words.payouts;
    let columns = [
        (p.col_payout, Align::Whole),
        (p.col_up_to, Align::Whole),
        (p.col_amount, Align::Number),
        (p.col_state, Align::Whole),
        (p.col_paid_on, Align::Whole),
        (p.col_confirmed, Align::Whole),
    ];
    let mut table = Table::new(p.money_title, p.money_none, &columns);
    for own in payouts {
        let label = format!("{} {}", fill(p.number, &[&own.payout_id.to_string()]), p.kind(own.kind));
        table.rows.push(vec![
            Cell::Link(label, payout_address(own.payout_id)),
            own.up_to_on.to_string().into(),
            yuan(own.amount_fen).into(),
            p.state(own.kind, state(own)).into(),
            own.paid_on.map_or_else(|| "–".to_owned(), |day| day.to_string()).into(),
            own.confirmed_at.map_or_else(|| "–".to_owned(), |at| day_of(at).to_string()).into(),
        ]);
    }
    table
}

const fn state(own: &Own) -> State {
    match (own.paid_on, own.approved) {
        (Some(_), _) => State::Paid,
        (None, true) => State::Approved,
        (None, false) => State::Proposed,
    }
}

/// Where its money goes.
pub fn account_card(money: &Money, path: &str, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    html! {
        section.card {
            h2 { (p.account_title) }
            p.quiet { (p.account_note) }
            @match &money.account {
                Shown::None => p { (p.account_none) },
                Shown::Masked(text) => p { strong { (text) } },
                Shown::Closed => p.warn { (p.account_closed) },
            }
            @if money.has_keyring {
                form.stacked method="post" action={ (path) "/bank-account" } {
                    (form::field(&Field::text("bank", p.account_bank)))
                    (form::field(&Field::digits("number", p.account_number, 40)))
                    button type="submit" { (p.account_button) }
                }
            } @else { p.warn { (p.account_no_key) } }
        }
    }
}

/// An account as it is typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    bank: String,
    number: String,
}

/// `POST /branch/households/{id}/bank-account`
pub async fn store(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    super::household::known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let back = super::household::address(id);
    match bank_accounts::store_typed(desk, app.keyring.as_ref(), id, &typed.bank, &typed.number).await {
        Ok(()) => Ok(Redirect::to(&back).into_response()),
        Err(error) => refused(error, &back, &visit.ctx),
    }
}
