//! The parcels of one day, each leading to how it is worked out: what the day brought in all, and a page of them.

use super::{day_words, money, month_words};
use crate::domain::access::Scope;
use crate::domain::amounts::Col;
use crate::domain::calendar::{Day, Instant, month_key, month_start, parse_day};
use crate::store::households::{self, By};
use crate::store::lines::{self, Chosen, Lens, PAGE};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::farmer::month::as_of;
use crate::web::official::range::Asked;
use crate::web::ui::number::grouped;
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub day: Day,
    /// A page of the parcels, the last paid first.
    pub parcels: Vec<Parcel>,
    /// Which page, from 1.
    pub page: i64,
    /// How many parcels the day has, and what all of them bring the household.
    pub of_day: (i64, i64),
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
    let here = format!("/farmer/days/{}", page.day);
    let (all, fen) = page.of_day;
    let first = (page.page - 1) * PAGE + 1;
    let shown = [first, (first + PAGE - 1).min(all), all].map(grouped);
    let body = html! {
        h1 { (title) }
        @if page.parcels.is_empty() { p.empty { (ctx.words.frame.empty) } } @else {
            p { (fill(f.day_sum, &[&grouped(all), &money(fen)])) }
            @if all > PAGE { p.quiet { (fill(f.day_part, &[&shown[0], &shown[1], &shown[2]])) } }
        }
        nav.taps { @for parcel in &page.parcels {
            a href={ "/farmer/parcels/" (parcel.line_id) } {
                span { (parcel.listing) } span { (fill(f.parcel_sold, &[&grouped(parcel.pieces), &money(parcel.farmer_fen)])) }
            }
        } }
        @if page.page > 1 { a.button href={ (here) "?page=" (page.page - 1) } { (f.listing_newer) } }
        @if page.page * PAGE < all { a.button href={ (here) "?page=" (page.page + 1) } { (f.listing_older) } }
        a.button href={ "/farmer/months/" (month_key(month)) } { (fill(f.back, &[&month_words(month, ctx)])) }
        (as_of(page.as_of, ctx))
    };
    shell::phone(&title, &body, ctx)
}

/// `GET /farmer/days/{day}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(day): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let day = parse_day(&day).ok_or(WebError::BadRequest)?;
    let page = asked.page()?;
    let scope = visit.scope()?;
    let Scope::Farmer { farmer_id, .. } = scope else { return Err(WebError::Forbidden) };
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let chosen = Chosen { lens: Lens::Farmer, id: farmer_id, from: day, to: day };
        let parcels = lines::list_chosen(session, &chosen, page).await?;
        let of_day = households::sum_sales(session, farmer_id, By::Day, day, day).await?;
        let of_day = of_day.first().map_or((0, 0), |sales| (sales.lines, sales.position[Col::Farmer]));
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
        Ok::<_, anyhow::Error>(Page { day, parcels, page, of_day, as_of })
    };
    Ok(render(&load.await?, &visit.ctx))
}
