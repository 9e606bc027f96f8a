//! 怎么算的: one parcel from what the buyer paid down to what the household gets, and what a trader would have paid.

use super::{money, month_words, requests};
use crate::domain::access::Scope;
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Day, Instant, month_key, month_start};
use crate::domain::ledger::State;
use crate::domain::requests::About;
use crate::store::{households, lines, rows};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::farmer::month::as_of;
use crate::web::ui::number::{grouped, weight};
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
    /// False where the day had no farm-gate price.
    pub has_baseline: bool,
    pub as_of: Option<Instant>,
    pub line_id: i64,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (f, s) = (&ctx.words.farmer, &page.slice);
    let state = match page.state {
        State::Settled => f.parcel_settled,
        State::Refunded => f.parcel_refunded,
        State::Provisional | State::Unpaid => f.parcel_pending,
    };
    let gained = s[Col::Farmer] - s[Col::BaselineMid] - s[Col::ExtraCost];
    let month = month_start(page.paid_on);
    let body = html! {
        h1 { (f.parcel) }
        p { (page.listing) " · " (fill(f.pieces, &[&grouped(page.pieces)])) " · " (weight(s[Col::Goods], ctx.lang)) " · " (page.paid_on) }
        section.card {
            dl.sums {
                @for (label, fen) in steps(s, ctx) { dt { (label) } dd { (money(fen)) } }
                dt.result { (f.parcel_get) } dd.result { (money(s[Col::Farmer])) }
            }
            p.quiet { (state) }
        }
        section.card {
            @if page.has_baseline {
                dl.sums {
                    dt { (f.parcel_get) } dd { (money(s[Col::Farmer])) }
                    dt { (f.compare) } dd { (money(-s[Col::BaselineMid])) }
                    @if s[Col::ExtraCost] != 0 { dt { (f.extra) } dd { (money(-s[Col::ExtraCost])) } }
                    dt.result { (if gained >= 0 { f.gained } else { f.lost }) } dd.result { (money(gained.abs())) }
                }
            } @else { p { (f.no_price) } }
        }
        (requests::link(About::Line(page.line_id), ctx))
        a.button href={ "/farmer/months/" (month_key(month)) } { (fill(f.back, &[&month_words(month, ctx)])) }
        (as_of(page.as_of, ctx))
    };
    shell::phone(f.parcel, &body, ctx)
}

/// What comes in and what goes to others, with its sign; parts that are nothing are left out. They sum to the
/// household's part, because every slice balances.
fn steps(s: &Amounts, ctx: &Ctx) -> Vec<(&'static str, i64)> {
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
        let as_of = crate::services::figures::as_of(session).await?;
        Ok::<_, anyhow::Error>(Some(Page {
            listing: line.listing,
            pieces: line.pieces,
            paid_on,
            state: rows::known(&line.state, State::parse)?,
            slice,
            has_baseline: !line.without_baseline,
            as_of,
            line_id,
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
