//! A listing: where it stands and since when, its terms by date, what keeps it off the shelf; publishing and withdrawing.

use super::goods::{PATH, listing_address, product_address, state_word};
use super::stock;
use crate::domain::audit::Noun;
use crate::domain::calendar::{Day, clock_text};
use crate::domain::listings::hundredths;
use crate::domain::photos::Shows;
use crate::domain::shelf::{Hold, State as Standing};
use crate::domain::stock::Shelves;
use crate::services::listings::{self as service, in_force};
use crate::services::shelf_check::Shelf;
use crate::services::stock::on_shelves;
use crate::store::faces::{self, Face};
use crate::store::goods::{self, Listing, Product, TermsRow};
use crate::store::listings::{self, Entry, Step};
use crate::store::photos::{self, Photo};
use crate::store::stock::{self as counted, Count};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::photos as pictures;
use crate::web::ui::form::{self, Field, Why};
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// Counts on the page.
const MOST_COUNTS: i64 = 5;
/// Drafts on the page.
const MOST_DRAFTS: i64 = 20;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub today: Day,
    pub listing: Listing,
    pub product: Product,
    pub state: Standing,
    /// What would keep it off, were it published.
    pub holds: Vec<Hold>,
    pub terms: Vec<TermsRow>,
    pub steps: Vec<Step>,
    pub drafts: Vec<Entry>,
    /// Names and prices that begin later.
    pub faces: Vec<Face>,
    pub photo: Option<Photo>,
    /// What there is of it, and what shelves promise.
    pub shelves: Shelves,
    pub counts: Vec<Count>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let g = &ctx.words.goods;
    let path = listing_address(page.listing.listing_id);
    let may_change = ctx.may_change();
    let product = ctx.name(&page.product.name, &page.product.name_en);
    let body = html! {
        section.card {
            h1 { (page.listing.name) }
            (super::audit::history(&[Noun::Listing], &page.listing.listing_key, ctx))
            p { span.tag { (state_word(page.state, ctx)) } " " (page.listing.listing_key) " · " (yuan(page.listing.price_fen)) }
            p { a href=(product_address(page.product.product_id)) { (fill(g.of_goods, &[product])) } }
            p { a href=(PATH) { (g.nav) } }
        }
        section.card {
            h2 { (g.shelf_title) }
            @if page.holds.is_empty() { p { span.tag { (g.shelf_ready) } } } @else {
                p.warn role="alert" { strong { (g.shelf_held) } }
                ul { @for hold in &page.holds { li.warn { (hold.text(ctx.lang)) } } }
            }
            @if may_change {
                @if page.state != Standing::Published && page.holds.is_empty() {
                    form method="post" action={ (path) "/publish" } { button.primary type="submit" { (g.publish_button) } }
                }
                @if page.state != Standing::Withdrawn {
                    form.stacked method="post" action={ (path) "/withdraw" } {
                        (form::field(&Field::text("reason", g.unpublish_reason)))
                        button type="submit" { (g.unpublish_button) }
                    }
                }
            }
        }
        (stock::card(page.listing.listing_id, &page.shelves, &page.counts, page.today, ctx))
        (pictures::card(page.photo.as_ref(), (&format!("{path}/photo"), &page.listing.name), ctx))
        section.card {
            h2 { (g.terms_title) }
            @for face in &page.faces {
                p { strong { (fill(ctx.words.stock.face_row, &[&face.valid_from.to_string(), &face.name, &yuan(face.price_fen)])) } }
            }
            p.quiet { (g.terms_note) }
            (terms_table(page, ctx).render(ctx))
            @if may_change { p { a.button href={ (path) "/terms" } { (g.new_terms) } } }
        }
        section.card {
            h2 { (g.steps_title) }
            @if page.steps.is_empty() { p.quiet { (g.step_document) } }
            ul.todo { @for step in &page.steps { li { div {
                strong { (step.state().map_or("", |state| state_word(state, ctx))) }
                p.quiet {
                    (fill(g.step_row, &[&step.taken_by, &clock_text(step.at)]))
                    @if !step.reason.is_empty() { " · " (step.reason) }
                }
            } } } }
            @if !page.drafts.is_empty() { ul.todo { @for entry in &page.drafts { li {
                a href={ (PATH) "/drafts/" (entry.entry_id) } {
                    (fill(g.waiting_row, &[&entry.name, &yuan(entry.price_fen), &entry.valid_from.to_string()]))
                }
                span.quiet { (fill(g.waiting_by, &[&entry.entered_by, &clock_text(entry.entered_at)])) }
            } } } }
        }
    };
    shell::page(&page.listing.name, Some(Section::Goods), &body, ctx)
}

fn terms_table(page: &Page, ctx: &Ctx) -> Table {
    let g = &ctx.words.goods;
    let columns = [
        (g.terms_from, Align::Whole),
        (g.col_state, Align::Whole),
        (g.col_model, Align::Whole),
        (g.terms_platform, Align::Number),
        (g.terms_anchor, Align::Number),
        (g.terms_operator, Align::Number),
        (g.terms_share, Align::Number),
        (g.terms_purchase, Align::Number),
        (g.terms_village, Align::Number),
        (g.terms_freight, Align::Number),
        (g.terms_packaging, Align::Number),
        (g.terms_pack, Align::Number),
        (g.terms_shrink, Align::Number),
        (g.terms_volume, Align::Text),
    ];
    let mut table = Table::new(g.terms_title, "", &columns);
    let now = in_force(&page.terms, page.today).map(|t| t.version_id);
    for t in &page.terms {
        let standing = if Some(t.version_id) == now {
            Cell::Tag(g.terms_now.into())
        } else if t.valid_from > page.today {
            g.terms_future.into()
        } else {
            g.terms_past.into()
        };
        table.rows.push(vec![
            t.valid_from.to_string().into(),
            standing,
            g.model(&t.model).into(),
            hundredths(t.platform_bp).into(),
            hundredths(t.anchor_bp).into(),
            hundredths(t.operator_bp).into(),
            hundredths(t.share_bp).into(),
            yuan(t.purchase_fen_per_kg).into(),
            hundredths(t.village_bp).into(),
            yuan(t.freight_fen).into(),
            yuan(t.packaging_fen).into(),
            grouped(t.pack_g).into(),
            hundredths(t.shrink_bp).into(),
            if t.volume == "new" { g.volume_new } else { g.volume_moved }.into(),
        ]);
    }
    table
}

/// `GET /branch/goods/listings/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let (scope, today) = (visit.scope()?, app.clock.today());
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let listing = service::list_on(session, today).await?.into_iter().find(|l| l.listing_id == id);
        let Some(listing) = listing else { return anyhow::Ok(None) };
        let product = crate::services::goods::find(session, listing.product_id).await?;
        let Some(product) = product else { return Ok(None) };
        let mut terms = goods::list_terms_of(session, &[id]).await?;
        terms.sort_by_key(|t| std::cmp::Reverse((t.valid_from, t.batch_id, t.version_id)));
        let shelf = Shelf::load(session, today).await?;
        let mut faces = faces::list(session).await?;
        faces.retain(|face| face.listing_id == id && face.valid_from > today);
        Ok(Some(Page {
            today,
            faces,
            photo: photos::find(session, Shows::Listing(id)).await?,
            shelves: on_shelves(session, &shelf.sources, app.clock.now()).await?,
            counts: counted::list_counts(session, id, MOST_COUNTS).await?,
            product,
            state: shelf.state(id),
            holds: shelf.holds_as(id, Standing::Published),
            terms,
            steps: listings::list_steps(session, id).await?,
            drafts: listings::list_of(session, id, MOST_DRAFTS).await?,
            listing,
        }))
    };
    let page = load.await?.ok_or(WebError::NotFound)?;
    Ok(render(&page, &visit.ctx))
}

fn done(result: anyhow::Result<bool>, id: i64, visit: &Visit) -> Result<Response, WebError> {
    match result {
        Ok(true) => Ok(Redirect::to(&listing_address(id)).into_response()),
        Ok(false) => Err(WebError::NotFound),
        Err(error) => refused(error, &listing_address(id), &visit.ctx),
    }
}

/// `POST /branch/goods/listings/{id}/publish`
pub async fn publish(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    done(service::publish(&app.desk(&visit, &actor)?, id).await, id, &visit)
}

/// `POST /branch/goods/listings/{id}/withdraw`
pub async fn withdraw(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(why): Form<Why>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    done(service::withdraw(&app.desk(&visit, &actor)?, id, &why.reason).await, id, &visit)
}
