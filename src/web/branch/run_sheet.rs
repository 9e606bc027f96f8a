//! 直播流程单: the shelf in order with price, stock, talking points and the papers of the goods, for A4 and for the phone
//! beside the camera. The branch opens any, an anchor those of the own streams.
//!
//! Rule that must hold: it names no household. Of a paper its kind and number stand here, not its holder, who may be one.

use super::stream::place;
use crate::domain::access::Scope;
use crate::domain::calendar::clock_text;
use crate::domain::shelf::Paper;
use crate::services::listings::list_on;
use crate::store::broadcasts::{self, Named};
use crate::store::goods::Listing;
use crate::store::photos::{self, Photo};
use crate::store::plans::{self, Offer, Plan};
use crate::store::streams::{self, ShelfPlace};
use crate::store::{goods_certificates, people};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::stream_label;
use crate::web::photos as pictures;
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell;
use crate::web::wording::fill;
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
    /// Those that are good on the day.
    pub papers: Vec<Paper>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (s, c) = (&ctx.words.streams, &ctx.words.frame);
    let (section, base) = place(ctx);
    let title = page.plan.as_ref().map_or("", |plan| plan.title.as_str());
    let label = stream_label(&page.stream);
    let body = html! {
        p.on-screen { (s.sheet_print) " " a href={ (base) "/streams/" (page.stream.stream_id) } { (label) } }
        section.sheet-list {
            h1 { (s.sheet_title) @if !title.is_empty() { " · " (title) } }
            @if let Some(plan) = page.plan.as_ref().filter(|plan| plan.cancelled_at.is_some()) {
                p.warn { (fill(s.off, &[&plan.cancelled_why])) }
            }
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
                            @for paper in listing.iter().flat_map(|l| papers(&page.papers, l)) {
                                span.quiet.hit { (paper.kind.name(ctx.lang)) " " (paper.number) }
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
    shell::page(s.sheet_title, Some(section), &body, ctx)
}

/// The papers of a listing: its own, and those of all its product.
fn papers<'a>(papers: &'a [Paper], of: &Listing) -> impl Iterator<Item = &'a Paper> {
    let (product_id, listing_id) = (of.product_id, of.listing_id);
    papers.iter().filter(move |p| p.product_id == product_id && [0, listing_id].contains(&p.listing_id))
}

/// `GET /branch/streams/{id}/run-sheet` and `GET /anchor/streams/{id}/run-sheet`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(stream_id): Path<i64>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        // whose stream it is and which photos may be seen, the reader's own scope says; what the branch planned of the
        // stream is read of the county
        let mut own = app.store.read(scope).await?;
        let Some(stream) = broadcasts::find(&mut own, stream_id).await? else { return Ok(None) };
        let photos = photos::list(&mut own, "listing", None).await?;
        drop(own);
        let session = &mut app.store.read(Scope::County(scope.county())).await?;
        let mut papers = goods_certificates::list_papers(session).await?;
        papers.retain(|paper| paper.is_good_on(stream.started_on));
        let assistants = plans::list_assistants(session, stream_id).await?;
        let anchors = people::list_anchors(session).await?;
        Ok::<_, anyhow::Error>(Some(Page {
            plan: plans::find(session, stream_id).await?,
            assistants: anchors.into_iter().filter(|a| assistants.contains(&a.anchor_id)).map(|a| a.name).collect(),
            shelf: streams::list_shelves_of(session, &[stream_id]).await?,
            offers: plans::list_offers(session, &[stream_id]).await?,
            listings: list_on(session, stream.started_on).await?,
            photos,
            papers,
            stream,
        }))
    };
    load.await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}
