//! 直播流程单: the shelf in order with price, stock and talking points, for A4 and for the phone beside the camera.

use crate::domain::calendar::clock_text;
use crate::services::listings::list_on;
use crate::store::broadcasts::{self, Named};
use crate::store::goods::Listing;
use crate::store::people;
use crate::store::photos::{self, Photo};
use crate::store::plans::{self, Offer, Plan};
use crate::store::streams::{self, ShelfPlace};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::stream_label;
use crate::web::photos as pictures;
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use axum::extract::{Path, State};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub stream: Named,
    pub plan: Option<Plan>,
    pub assistants: Vec<String>,
    pub shelf: Vec<ShelfPlace>,
    pub offers: Vec<Offer>,
    pub listings: Vec<Listing>,
    pub photos: Vec<Photo>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (s, c) = (&ctx.words.streams, &ctx.words.frame);
    let title = page.plan.as_ref().map_or("", |plan| plan.title.as_str());
    let label = stream_label(&page.stream);
    let body = html! {
        p.on-screen { (s.sheet_print) " " a href={ "/branch/streams/" (page.stream.stream_id) } { (label) } }
        section.sheet-list {
            h1 { (s.sheet_title) @if !title.is_empty() { " · " (title) } }
            p { (label) " · " (s.to) " " (clock_text(page.stream.ends_at)) " · " (page.stream.shop)
                @if let Some(plan) = page.plan.as_ref().filter(|plan| !plan.author_no.is_empty()) { " · " (s.account) " " (plan.author_no) }
                @if !page.assistants.is_empty() { " · " (s.assistants) " " (page.assistants.join(" / ")) }
            }
            table.run-sheet {
                thead { tr {
                    @for head in [s.sheet_no, s.col_listing, s.col_price, s.col_pieces, s.col_points, s.sheet_done] {
                        th scope="col" { (head) }
                    }
                } }
                tbody { @for place in &page.shelf {
                    @let offer = page.offers.iter().find(|o| o.listing_id == place.listing_id);
                    @let listing = page.listings.iter().find(|l| l.listing_id == place.listing_id);
                    tr {
                        td.number { (place.place) }
                        td {
                            strong { (listing.map_or("", |l| l.name.as_str())) }
                            @if let Some(photo) = page.photos.iter().find(|f| f.of_id == place.listing_id) {
                                (pictures::thumb(photo, listing.map_or("", |l| l.name.as_str()), ctx))
                            }
                        }
                        td.number data-label=(s.col_price) { (yuan(offer.map_or(listing.map_or(0, |l| l.price_fen), |o| o.price_fen))) }
                        td.number data-label=(s.col_pieces) { @match offer.map(|o| o.promised_pieces) { Some(n) if n > 0 => (grouped(n)), _ => (c.none) } }
                        td data-label=(s.col_points) { (offer.map_or("", |o| o.points.as_str())) }
                        td.box {}
                    }
                } }
            }
            p.quiet { (s.sheet_foot) }
        }
    };
    shell::page(s.sheet_title, Some(Section::Broadcasts), &body, ctx)
}

/// `GET /branch/streams/{id}/run-sheet`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(stream_id): Path<i64>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(stream) = broadcasts::find(session, stream_id).await? else { return Ok(None) };
        let assistants = plans::list_assistants(session, stream_id).await?;
        let anchors = people::list_anchors(session).await?;
        Ok::<_, anyhow::Error>(Some(Page {
            plan: plans::find(session, stream_id).await?,
            assistants: anchors.into_iter().filter(|a| assistants.contains(&a.anchor_id)).map(|a| a.name).collect(),
            shelf: streams::list_shelves_of(session, &[stream_id]).await?,
            offers: plans::list_offers(session, &[stream_id]).await?,
            listings: list_on(session, stream.started_on).await?,
            photos: photos::list(session, "listing", None).await?,
            stream,
        }))
    };
    load.await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}
