//! 库存 of a listing on its page: how much there is and how that is known, and a form to count where no lot tells.

use super::goods::listing_address;
use crate::domain::calendar::{Day, clock_text};
use crate::domain::problem::{Mistake, Problem};
use crate::domain::stock::{Shelves, Stock};
use crate::services::stock::{self as service, NewCount};
use crate::store::stock::Count;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::ui::form::{self, Field, typed_day};
use crate::web::ui::number::{grouped, weight};
use crate::web::ui::table::Cell;
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// The card of a listing.
pub fn card(listing_id: i64, shelves: &Shelves, counts: &[Count], today: Day, ctx: &Ctx) -> Markup {
    let s = &ctx.words.stock;
    let (stock, promised) = (shelves.stock(listing_id), shelves.promised(listing_id));
    html! {
        section.card {
            h2 { (s.title) }
            @match stock {
                Stock::Unknown => p.empty { (s.unknown) },
                Stock::Lots { parcels, open_g } => {
                    p { strong { (fill(s.of_lots, &[&grouped(parcels)])) } }
                    p.quiet { (fill(s.of_lots_why, &[&weight(open_g, ctx.lang)])) }
                },
                Stock::Counted { parcels, counted, counted_on, sold } => {
                    p.warn[parcels < 0] { strong { (fill(s.of_count, &[&grouped(parcels)])) } }
                    p.quiet { (fill(s.of_count_why, &[&counted_on.to_string(), &grouped(counted), &grouped(sold)])) }
                },
            }
            @if promised > 0 { p { (fill(s.promised, &[&grouped(promised)])) " " (over(shelves, listing_id, ctx)) } }
            @if ctx.may_change() && !matches!(stock, Stock::Lots { .. }) {
                details {
                    summary { (s.count_title) }
                    form.stacked method="post" action={ (listing_address(listing_id)) "/count" } {
                        (form::field(&Field::day("on", s.counted_on).value(&today.to_string())))
                        (form::field(&Field::digits("parcels", s.parcels, 8)))
                        (form::select("when", s.when, &[("before", s.when_before), ("after", s.when_after)]))
                        button type="submit" { (s.count_button) }
                    }
                }
            }
            @if !counts.is_empty() { ul.todo { @for count in counts { li { span.quiet {
                (fill(s.count_row, &[
                    &count.counted_on.to_string(), &grouped(count.parcels), &count.counted_by, &clock_text(count.counted_at),
                ]))
            } } } } }
        }
    }
}

/// Parcels there are, in a table; a warning where more was sold than there was.
pub fn parcels(known: Option<i64>, ctx: &Ctx) -> Cell {
    match known {
        None => ctx.words.stock.unknown_short.into(),
        Some(parcels) if parcels < 0 => Cell::Warn(grouped(parcels)),
        Some(parcels) => grouped(parcels).into(),
    }
}

/// The same of a listing; a warning, too, where shelves promise more.
pub fn cell(shelves: &Shelves, listing_id: i64, ctx: &Ctx) -> Cell {
    match shelves.there_is(listing_id) {
        Some(there_is) if shelves.is_short(listing_id) => {
            Cell::Warn(fill(ctx.words.stock.short, &[&grouped(there_is), &grouped(shelves.promised(listing_id))]))
        }
        _ => parcels(shelves.stock(listing_id).parcels(), ctx),
    }
}

/// What all shelves promise of a listing against what there is; nothing where enough is, or nobody knows.
pub fn over(shelves: &Shelves, listing_id: i64, ctx: &Ctx) -> Markup {
    let there_is = shelves.there_is(listing_id).filter(|_| shelves.is_short(listing_id));
    html! { @if let Some(there_is) = there_is {
        span.warn.hit role="alert" {
            (fill(ctx.words.stock.promised_over, &[&grouped(shelves.promised(listing_id)), &grouped(there_is)]))
        }
    } }
}

/// A count as it is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    on: String,
    parcels: String,
    when: String,
}

fn read(typed: &Typed) -> Result<NewCount, Problem> {
    Ok(NewCount {
        counted_on: typed_day(&typed.on)?,
        parcels: typed.parcels.trim().parse().map_err(|_| Problem::from(Mistake::BadCount))?,
        before_sales: typed.when != "after",
    })
}

/// `POST /branch/goods/listings/{id}/count`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    // nothing is read of what is typed about another county's
    let known = async {
        let session = &mut app.store.read(scope).await?;
        anyhow::Ok(crate::services::listings::find(session, id).await?.is_some())
    };
    if !known.await? {
        return Err(WebError::NotFound);
    }
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let counted = async { service::count(&desk, id, read(&typed)?).await };
    match counted.await {
        Ok(true) => Ok(Redirect::to(&listing_address(id)).into_response()),
        Ok(false) => Err(WebError::NotFound),
        Err(error) => refused(error, &listing_address(id), &visit.ctx),
    }
}
