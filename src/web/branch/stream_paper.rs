//! The review of a stream as a PDF, for the branch and for the anchor whose stream it was: what a hall may see of it, and no
//! more (`reports::stream`). Told in the audit trail and counted as every file that leaves.

use super::stream::per_minute;
use super::stream_after::final_on;
use crate::domain::access::{Role, Scope};
use crate::domain::audit::{Change, Noun, Verb};
use crate::domain::calendar::day_of;
use crate::domain::live::LiveStream;
use crate::reports::stream::{self, OnShelf, Review};
use crate::services::listings::list_on;
use crate::services::{exports, figures, live};
use crate::store::broadcasts::{self, Named};
use crate::store::plans::{self, Plan};
use crate::store::{Session, counties, streams};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::months::paper::pdf;
use axum::extract::{Path, State};
use axum::response::Response;

/// Where the review of a stream is.
pub fn address(base: &str, stream_id: i64, ctx: &Ctx) -> String {
    format!("{base}/streams/{stream_id}/review.pdf?lang={}", ctx.lang.key())
}

/// `GET /branch/streams/{id}/review.pdf` and `GET /anchor/streams/{id}/review.pdf`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(stream_id): Path<i64>) -> Result<Response, WebError> {
    let (scope, actor, lang) = (visit.scope()?, visit.actor()?, visit.ctx.lang);
    // whose stream it is, the reader's own scope says; what is on the paper anybody may see, and is read of the county
    let find = async { Ok::<_, anyhow::Error>(broadcasts::find(&mut app.store.read(scope).await?, stream_id).await?) };
    // of a stream that has not begun there is nothing to review
    let at = app.clock.now();
    let named = find.await?.filter(|named| named.starts_at <= at).ok_or(WebError::NotFound)?;
    let key = async {
        let session = &mut app.store.read(Scope::County(scope.county())).await?;
        Ok::<_, anyhow::Error>(streams::find(session, stream_id).await?.map(|stream| stream.stream_key))
    };
    // its history is read by its key
    let change = Change::new(Verb::Export, Noun::Stream, key.await?.ok_or(WebError::NotFound)?);
    if let Err(error) = exports::take_away(&app.store, scope.county(), &actor, &app.clock, &change).await {
        let back = if visit.ctx.role == Some(Role::Anchor) { "/anchor" } else { "/branch/streams" };
        return refused(error, back, &visit.ctx);
    }
    let load = async {
        let session = &mut app.store.read(Scope::County(scope.county())).await?;
        let plan = plans::find(session, stream_id).await?.filter(|plan| !plan.title.is_empty());
        let timeline = per_minute(&broadcasts::list_paid_at(session, stream_id).await?, &named);
        let (sold, shelf) = (live::of_stream(session, &named).await?, shelf(session, &named).await?);
        let county = counties::get(session).await?;
        let review = Review {
            county: &county.name,
            demo: app.demo,
            stream: &LiveStream { title: plan.as_ref().map_or_else(String::new, |plan| plan.title.clone()), ..sold },
            off: plan.as_ref().filter(|plan| plan.cancelled_at.is_some()).map(|plan| plan.cancelled_why.as_str()),
            planned: plan.as_ref().map(|plan: &Plan| (plan.planned_from, plan.planned_to)),
            started_on: named.started_on,
            final_on: final_on(&named),
            is_final: final_on(&named) < day_of(at),
            views: named.views,
            shelf: &shelf,
            timeline: &timeline,
            as_of: figures::as_of(session).await?,
            at,
        };
        Ok::<_, anyhow::Error>(stream::paper(&review, lang))
    };
    let paper = load.await?;
    Ok(pdf(&format!("red-anchor-stream-{stream_id}.pdf"), app.press.make(paper).await?))
}

/// The shelf as it was planned.
async fn shelf(session: &mut Session, named: &Named) -> anyhow::Result<Vec<OnShelf>> {
    let ids = [named.stream_id];
    let (offers, listings) = (plans::list_offers(session, &ids).await?, list_on(session, named.started_on).await?);
    let places = streams::list_shelves_of(session, &ids).await?.into_iter();
    let on_shelf = places.map(|place| {
        let offer = offers.iter().find(|offer| offer.listing_id == place.listing_id);
        let listing = listings.iter().find(|listing| listing.listing_id == place.listing_id);
        OnShelf {
            place: place.place,
            name: listing.map(|listing| listing.name.clone()).unwrap_or_default(),
            price_fen: offer.map_or(listing.map_or(0, |l| l.price_fen), |offer| offer.price_fen),
            promised: offer.map_or(0, |offer| offer.promised_pieces),
        }
    });
    Ok(on_shelf.collect())
}
