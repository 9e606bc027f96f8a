//! A listing that a household proposes: what it said, and the branch's decision: a draft, or back with a reason.

use super::goods::PATH as GOODS;
use crate::domain::calendar::{clock_text, day_of};
use crate::domain::listings::{TypedListing, hundredths};
use crate::domain::photos::Shows;
use crate::services::proposals as service;
use crate::store::goods;
use crate::store::listings;
use crate::store::photos::{self, Photo};
use crate::store::proposals::{self, Proposal, Standing};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::farmer::goods::{goods_name, wish};
use crate::web::names::Names;
use crate::web::photos as pictures;
use crate::web::session::family_name;
use crate::web::ui::form::{self, Field, Why};
use crate::web::ui::number::{grouped, weight};
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

pub const PATH: &str = "/branch/goods/proposals";
/// Proposals in the list of goods.
const SHOWN: i64 = 50;

/// A proposal with what it takes to decide on it.
#[derive(Debug, Clone)]
pub struct Page {
    pub proposal: Proposal,
    pub village: String,
    /// Why the last draft of it was not approved.
    pub not_approved: String,
    pub photo: Option<Photo>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.proposals;
    let of = &page.proposal;
    let path = format!("{PATH}/{}", of.proposal_id);
    let title = fill(p.page_title, &[&of.proposal_id.to_string()]);
    let grams = |g: i64| fill(p.grams, &[&weight(g, ctx.lang), &grouped(g)]);
    let draft = format!("{GOODS}/drafts/{}", of.entry_id);
    let body = html! {
        section.card {
            h1 { (title) }
            p { (fill(p.by, &[&family_name(&of.household), &page.village, &clock_text(of.proposed_at)])) }
            dl.parties {
                dt { (p.dt_goods) } dd { (goods_name(of, ctx)) @if !of.product.is_empty() && !of.goods.is_empty() { " · " (of.goods) } }
                dt { (p.dt_pack) } dd { (grams(of.pack_g)) }
                dt { (p.dt_amount) } dd { (weight(of.amount_g, ctx.lang)) }
                dt { (p.dt_when) } dd { (fill(p.when, &[&of.ready_from.to_string(), &of.ready_to.to_string()])) }
                dt { (p.dt_wish) } dd { (wish(of, ctx)) }
            }
            @if !of.said.is_empty() { p { (fill(p.household_said, &[&of.said])) } }
            @if let Some(photo) = &page.photo {
                (pictures::thumb(photo, &fill(ctx.words.stock.photo_of, &[goods_name(of, ctx)]), ctx))
            }
            @match of.standing() {
                Standing::Returned => p.warn { (fill(p.returned, &[&of.decided_by, &of.reason])) },
                Standing::Drafted | Standing::Listed => p { a href=(draft) { (fill(p.drafted, &[&of.decided_by])) } },
                Standing::Waiting => @if !page.not_approved.is_empty() { p.warn { (fill(p.not_approved, &[&page.not_approved])) } },
            }
            p { a href=(GOODS) { (ctx.words.goods.nav) } }
        }
        @if of.standing() == Standing::Waiting && ctx.may_change() {
            section.card {
                h2 { (p.decide) }
                p.quiet { (p.decide_note) }
                @if of.product_id == 0 {
                    p.warn { (p.no_product) }
                    p { a.button href={ (GOODS) "/products/new" } { (ctx.words.goods.new_product) } }
                }
                p { a.button.primary href={ (GOODS) "/listings/new?proposal=" (of.proposal_id) } { (p.take) } }
                form.stacked method="post" action={ (path) "/return" } {
                    (form::field(&Field::text("reason", p.return_reason)))
                    button type="submit" { (p.return_button) }
                }
            }
        }
    };
    shell::page(&title, Some(Section::Goods), &body, ctx)
}

/// Those that wait, for the page of goods.
pub fn waiting(rows: &[Proposal], ctx: &Ctx) -> Markup {
    let p = &ctx.words.proposals;
    html! {
        @if !rows.is_empty() {
            section.card {
                h2 { (p.branch_title) }
                ul.todo { @for of in rows { li {
                    div {
                        strong { (fill(p.what, &[goods_name(of, ctx), &weight(of.pack_g, ctx.lang), &weight(of.amount_g, ctx.lang)])) }
                        p.quiet { (fill(p.branch_row, &[&family_name(&of.household), &day_of(of.proposed_at).to_string()])) }
                    }
                    a.button href={ (PATH) "/" (of.proposal_id) } { (p.branch_look) }
                } } }
            }
        }
    }
}

/// Those that wait.
pub async fn list_waiting(session: &mut crate::store::Session) -> anyhow::Result<Vec<Proposal>> {
    Ok(proposals::list_waiting(session, SHOWN).await?)
}

/// The form of a draft as a proposal fills it in: the rest is the branch's to say.
pub async fn prefilled(app: &AppState, visit: &Visit, proposal_id: i64) -> Result<TypedListing, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(of) = proposals::find(session, proposal_id).await? else { return anyhow::Ok(None) };
        let products = goods::list_products(session).await?;
        let product = products.into_iter().find(|p| p.product_id == of.product_id);
        Ok(Some(TypedListing {
            product: product.map(|p| p.product_key).unwrap_or_default(),
            name: if of.goods.is_empty() { of.product.clone() } else { of.goods.clone() },
            price: if of.price_fen == 0 { String::new() } else { hundredths(of.price_fen) },
            pack: of.pack_g.to_string(),
            from: app.clock.today().max(of.ready_from).to_string(),
            ..TypedListing::default()
        }))
    };
    load.await?.ok_or(WebError::NotFound)
}

/// `GET /branch/goods/proposals/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(proposal) = proposals::find(session, id).await? else { return anyhow::Ok(None) };
        let village = Names::of_regions(session).await?.of(&proposal.village_code);
        let entry = listings::find(session, proposal.entry_id).await?;
        let not_approved = entry.map(|entry| entry.reason).unwrap_or_default();
        let photo = photos::find(session, Shows::Proposal(id)).await?;
        Ok(Some(Page { proposal, village, not_approved, photo }))
    };
    load.await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

/// `POST /branch/goods/proposals/{id}/return`
pub async fn send_back(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(why): Form<Why>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    match service::send_back(&app.desk(&visit, &actor)?, id, &why.reason).await {
        Ok(true) => Ok(Redirect::to(GOODS).into_response()),
        Ok(false) => Err(WebError::NotFound),
        Err(error) => refused(error, &format!("{PATH}/{id}"), &visit.ctx),
    }
}
