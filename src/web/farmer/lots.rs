//! 我送的货: the lots a household brought goods to, each with its own weights and nobody else's.

use crate::domain::access::Scope;
use crate::store::lots::{self, OwnLot};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::farmer::day_words;
use crate::web::ui::number::weight;
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::extract::State;
use maud::{Markup, html};

/// Lots shown: two seasons of a household that comes every week.
const MOST: i64 = 60;

/// The page.
pub fn render(own: &[OwnLot], ctx: &Ctx) -> Markup {
    let l = &ctx.words.lots;
    let body = html! {
        h1 { (l.own_title) }
        @if own.is_empty() { section.card { p { (l.own_none) } } }
        @for lot in own { (card(lot, ctx)) }
        a.button href="/farmer" { (l.own_back) }
    };
    shell::phone(l.own_title, &body, ctx)
}

fn card(lot: &OwnLot, ctx: &Ctx) -> Markup {
    let l = &ctx.words.lots;
    let pair = |what: &str, grams: i64| html! { p.pair { span { (what) } strong { (weight(grams, ctx.lang)) } } };
    html! {
        section.card {
            h2 { (ctx.name(&lot.product, &lot.product_en)) }
            p.quiet { (fill(l.own_day, &[&day_words(lot.intake_on, ctx)])) }
            (pair(l.own_in, lot.weight_g))
            (pair(l.own_sold, lot.drawn_g))
            @if lot.closed_on.is_some() {
                (pair(l.own_left_over, lot.left_g))
                (pair(l.own_lost, lot.lost_g))
                p.quiet { (l.own_closed) }
            } @else {
                (pair(l.own_left, lot.weight_g - lot.drawn_g))
            }
        }
    }
}

/// `GET /farmer/lots`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let Scope::Farmer { farmer_id, .. } = scope else { return Err(WebError::Forbidden) };
    let load = async { lots::list_own(&mut app.store.read(scope).await?, farmer_id, MOST).await };
    Ok(render(&load.await.map_err(anyhow::Error::from)?, &visit.ctx))
}
