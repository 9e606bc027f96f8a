//! 怎么算的: one parcel from what the buyer paid down to what the household gets, and what a trader would have paid.

use super::{day_words, listing, money, month_words, requests};
use crate::domain::access::Scope;
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Day, Instant, month_key, month_start};
use crate::domain::ledger::State;
use crate::domain::requests::About;
use crate::store::lots::{self, OwnDrawn};
use crate::store::{households, lines, rows};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::farmer::month::as_of;
use crate::web::ui::number::{grouped, per_weight_fen, weight};
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::extract::{Path, State as Shared};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub listing: String,
    pub pieces: i64,
    pub paid_on: Day,
    pub state: State,
    /// This household's slice of the line, as it now stands.
    pub slice: Amounts,
    /// Households the parcel's goods came from.
    pub households: i64,
    /// False where the day had no farm-gate price.
    pub has_baseline: bool,
    pub as_of: Option<Instant>,
    pub line_id: i64,
    /// 0 where none is known.
    pub listing_id: i64,
    /// The household's own weighings that the parcel took goods of; none where goods do not come from lots.
    pub goods: Vec<OwnDrawn>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (f, s) = (&ctx.words.farmer, &page.slice);
    let month = month_start(page.paid_on);
    let body = html! {
        h1 { (f.parcel) }
        p { (page.listing) " · " (fill(f.pieces, &[&grouped(page.pieces)])) " · " (weight(s[Col::Goods], ctx.lang)) " · " (page.paid_on) }
        section.card {
            @if page.households > 1 { p { (fill(f.parcel_shared, &[&page.households.to_string()])) } }
            @for own in &page.goods { p { (brought(own, ctx)) } }
            dl.sums {
                @for (label, fen) in steps(s, ctx) { dt { (label) } dd { (money(fen)) } }
                dt.result { (f.parcel_get) } dd.result { (money(s[Col::Farmer])) }
            }
            p.quiet { (state_words(page.state, ctx)) }
        }
        section.card {
            @if page.has_baseline { (listing::comparison(s[Col::Farmer], s, ctx)) } @else { p { (f.no_price) } }
        }
        (requests::link(About::Line(page.line_id), ctx))
        @if page.listing_id != 0 { a.button href=(listing::address(month, page.listing_id)) { (f.listing_back) } }
        a.button href={ "/farmer/months/" (month_key(month)) } { (fill(f.back, &[&month_words(month, ctx)])) }
        (as_of(page.as_of, ctx))
    };
    shell::phone(f.parcel, &body, ctx)
}

/// Where a parcel stands, in words.
pub(super) const fn state_words(state: State, ctx: &Ctx) -> &'static str {
    let f = &ctx.words.farmer;
    match state {
        State::Settled => f.parcel_settled,
        State::Refunded => f.parcel_refunded,
        State::Provisional | State::Unpaid => f.parcel_pending,
    }
}

/// Which of the household's goods went into the parcel, and for what price where one was agreed.
fn brought(own: &OwnDrawn, ctx: &Ctx) -> String {
    let f = &ctx.words.farmer;
    let (day, taken) = (day_words(own.intake_on, ctx), weight(own.drawn_g, ctx.lang));
    let price = if own.agreed_fen_per_kg > 0 { per_weight_fen(own.agreed_fen_per_kg, 1_000, ctx.lang) } else { None };
    match price {
        Some(price) => fill(f.parcel_goods_price, &[&day, &taken, &money(price)]),
        None => fill(f.parcel_goods, &[&day, &taken]),
    }
}

/// What comes in and what goes to others, with its sign; parts that are nothing are left out. They sum to the
/// household's part, because every slice balances.
pub(super) fn steps(s: &Amounts, ctx: &Ctx) -> Vec<(&'static str, i64)> {
    let f = &ctx.words.farmer;
    let operator = if s[Col::Operator] < 0 { f.operator_bears } else { f.operator };
    [
        (f.buyer, s[Col::Gmv]),
        (f.coupons, s[Col::Subsidy]),
        (f.refund, -s[Col::Refund]),
        (f.platform, -s[Col::Platform]),
        (f.anchor, -s[Col::Anchor]),
        (f.freight, -s[Col::Logistics]),
        (f.packaging, -s[Col::Packaging]),
        (operator, -s[Col::Operator]),
        (f.village, -s[Col::Village]),
        (f.loss, -s[Col::Loss]),
        (f.unassigned, -s[Col::Unassigned]),
    ]
    .into_iter()
    .filter(|&(_, fen)| fen != 0)
    .collect()
}

/// `GET /farmer/parcels/{id}`
pub async fn show(Shared(app): Shared<AppState>, visit: Visit, Path(line_id): Path<i64>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let Scope::Farmer { farmer_id, .. } = scope else { return Err(WebError::Forbidden) };
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(line) = lines::find(session, line_id).await? else { return Ok(None) };
        let Some(paid_on) = line.paid_on else { return Ok(None) };
        let slice = households::sum_slice(session, farmer_id, line_id).await?;
        let goods = lots::list_own_drawn(session, farmer_id, line_id).await?;
        let as_of = crate::services::figures::as_of(session).await?;
        Ok::<_, anyhow::Error>(Some(Page {
            listing: line.listing,
            pieces: line.pieces,
            paid_on,
            state: rows::known(&line.state, State::parse)?,
            slice,
            households: line.households,
            has_baseline: !line.without_baseline,
            as_of,
            line_id,
            listing_id: line.listing_id,
            goods,
        }))
    };
    load.await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;

    #[test]
    fn the_steps_sum_to_what_the_household_gets() {
        let mut slice = Amounts::ZERO;
        for (column, fen) in [
            (Col::Gmv, 3_990),
            (Col::Subsidy, 500),
            (Col::Platform, 90),
            (Col::Anchor, 449),
            (Col::Logistics, 550),
            (Col::Packaging, 250),
            (Col::Operator, 189),
            (Col::Farmer, 2_962),
        ] {
            slice[column] = fen;
        }
        assert!(slice.balances());
        let ctx = Ctx::new(Lang::Zh, "/", false);
        assert_eq!(steps(&slice, &ctx).iter().map(|s| s.1).sum::<i64>(), slice[Col::Farmer]);
    }
}
