//! The parcels of one day, each leading to how it is worked out.

use super::{day_words, money, month_words};
use crate::domain::access::Scope;
use crate::domain::amounts::Col;
use crate::domain::calendar::{Day, Instant, month_key, month_start, parse_day};
use crate::store::lines::{self, Chosen, Lens};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::farmer::month::as_of;
use crate::web::ui::number::grouped;
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::extract::{Path, State};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub day: Day,
    pub parcels: Vec<Parcel>,
    pub as_of: Option<Instant>,
}

/// One line sold that day.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub line_id: i64,
    pub listing: String,
    pub pieces: i64,
    pub farmer_fen: i64,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    let title = fill(f.day_title, &[&day_words(page.day, ctx)]);
    let month = month_start(page.day);
    let body = html! {
        h1 { (title) }
        @if page.parcels.is_empty() { p.empty { (ctx.words.frame.empty) } }
        nav.taps { @for parcel in &page.parcels {
            a href={ "/farmer/parcels/" (parcel.line_id) } {
                span { (parcel.listing) } span { (fill(f.parcel_sold, &[&grouped(parcel.pieces), &money(parcel.farmer_fen)])) }
            }
        } }
        a.button href={ "/farmer/months/" (month_key(month)) } { (fill(f.back, &[&month_words(month, ctx)])) }
        (as_of(page.as_of, ctx))
    };
    shell::phone(&title, &body, ctx)
}

/// `GET /farmer/days/{day}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(day): Path<String>) -> Result<Markup, WebError> {
    let day = parse_day(&day).ok_or(WebError::BadRequest)?;
    let scope = visit.scope()?;
    let Scope::Farmer { farmer_id, .. } = scope else { return Err(WebError::Forbidden) };
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let chosen = Chosen { lens: Lens::Farmer, id: farmer_id, from: day, to: day };
        let parcels = lines::list_chosen(session, &chosen, 1).await?;
        let as_of = crate::services::figures::as_of(session).await?;
        let parcels = parcels
            .into_iter()
            .map(|l| Parcel {
                line_id: l.line_id,
                listing: l.listing,
                pieces: l.pieces,
                farmer_fen: l.position[Col::Farmer],
            })
            .collect();
        Ok::<_, anyhow::Error>(Page { day, parcels, as_of })
    };
    Ok(render(&load.await?, &visit.ctx))
}
