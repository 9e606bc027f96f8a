//! Drafting a listing, or new terms of one, and another person's decision on it.
//!
//! Rules that must hold: what is wrong is said beside the form and nothing typed is lost; the one who decides sees each term
//! as it is and as it would be.

use super::goods::{PATH, listing_address};
use super::proposal;
use crate::domain::calendar::clock_text;
use crate::domain::county::TermsDoc;
use crate::domain::listings::{TypedListing, hundredths, read, typed};
use crate::domain::problem::Problem;
use crate::services::listings::{self as service, in_force, terms_doc};
use crate::services::proposals;
use crate::store::goods::{self, Listing, Product};
use crate::store::listings::{self, Entry};
use crate::store::proposals::{self as proposed, Proposal};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::session::family_name;
use crate::web::ui::form::{self, Field, Why};
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the form shows.
#[derive(Debug, Clone)]
pub struct FormPage {
    /// `None` for a listing that is not there yet.
    pub listing: Option<Listing>,
    pub products: Vec<Product>,
    pub typed: TypedListing,
    /// The proposal it is made of; 0 for none.
    pub proposal_id: i64,
    /// What is wrong with what was typed.
    pub fault: String,
}

/// The form.
pub fn render_form(page: &FormPage, ctx: &Ctx) -> Markup {
    let g = &ctx.words.goods;
    let t = &page.typed;
    let title = if page.listing.is_some() { g.new_terms } else { g.new_listing };
    let action = page
        .listing
        .as_ref()
        .map_or_else(|| format!("{PATH}/listings"), |listing| format!("{}/terms", listing_address(listing.listing_id)));
    let body = html! {
        section.card {
            h1 { (title) }
            @if !page.fault.is_empty() { p.warn role="alert" { (page.fault) } }
            form.stacked method="post" action=(action) {
                @if page.proposal_id != 0 {
                    input type="hidden" name="proposal" value=(page.proposal_id);
                    p { a href={ (proposal::PATH) "/" (page.proposal_id) } {
                        (fill(ctx.words.proposals.from_proposal, &[&page.proposal_id.to_string()]))
                    } }
                }
                @match &page.listing {
                    Some(listing) => p { strong { (listing.listing_key) } },
                    None => {
                        (form::field(&Field::text("key", g.listing_key).value(&t.key)))
                        label.field { span { (g.listing_product) } select name="product" { @for p in &page.products {
                            option value=(p.product_key) selected[p.product_key == t.product] { (ctx.name(&p.name, &p.name_en)) }
                        } } }
                    },
                }
                (form::field(&Field::text("name", g.listing_name).value(&t.name)))
                (form::field(&Field::text("price", g.listing_price).value(&t.price)))
                (form::field(&Field::text("pack", g.terms_pack).value(&t.pack)))
                (form::field(&Field::day("from", g.terms_from).value(&t.from).note(g.terms_from_note)))
                (choice("model", g.terms_model, &t.model, &["consignment", "share", "purchase"].map(|m| (m, g.model(m)))))
                (form::field(&Field::text("operator", g.terms_operator).value(&t.operator).optional()))
                (form::field(&Field::text("share", g.terms_share).value(&t.share).optional()))
                (form::field(&Field::text("purchase", g.terms_purchase).value(&t.purchase).optional()))
                (form::field(&Field::text("platform", g.terms_platform).value(&t.platform)))
                (form::field(&Field::text("anchor", g.terms_anchor).value(&t.anchor)))
                (form::field(&Field::text("village", g.terms_village).value(&t.village).optional()))
                (form::field(&Field::text("freight", g.terms_freight).value(&t.freight)))
                (form::field(&Field::text("packaging", g.terms_packaging).value(&t.packaging)))
                (form::field(&Field::text("shrink", g.terms_shrink).value(&t.shrink).optional()))
                (form::field(&Field::text("conversion", g.terms_conversion).value(&t.conversion).optional()))
                (form::field(&Field::text("extra_cost", g.terms_extra).value(&t.extra_cost).optional()))
                (choice("loss_borne_by", g.terms_loss, &t.loss_borne_by, &[("operator", g.loss_operator), ("farmer", g.loss_farmer)]))
                (choice("volume", g.terms_volume, &t.volume, &[("moved", g.volume_moved), ("new", g.volume_new)]))
                button.primary type="submit" { (g.draft_button) }
            }
            p { a href=(PATH) { (g.nav) } }
        }
    };
    shell::page(title, Some(Section::Goods), &body, ctx)
}

fn choice(name: &str, label: &str, chosen: &str, options: &[(&str, &str)]) -> Markup {
    html! {
        label.field { span { (label) } select name=(name) { @for (value, label) in options {
            option value=(value) selected[*value == chosen] { (label) }
        } } }
    }
}

/// What the page of a draft shows.
#[derive(Debug, Clone)]
pub struct Look {
    pub entry: Entry,
    pub product: String,
    /// Price and terms that the draft would follow.
    pub now: Option<(i64, TermsDoc)>,
    /// The reader drafted it.
    pub own: bool,
    /// The proposal of a household it is made of.
    pub proposal: Option<Proposal>,
}

/// The page of a draft.
pub fn render(look: &Look, ctx: &Ctx) -> Markup {
    let g = &ctx.words.goods;
    let entry = &look.entry;
    let title = fill(g.entry_title, &[&entry.name]);
    let path = format!("{PATH}/drafts/{}", entry.entry_id);
    let decided = entry.decided_at.map(clock_text).unwrap_or_default();
    let body = html! {
        section.card {
            h1 { (title) }
            p { @if entry.listing_id == 0 { (fill(g.entry_new, &[&look.product, &entry.listing_key])) }
                @else { (fill(g.entry_terms, &[&entry.listing_key])) } }
            p.quiet { (fill(g.waiting_by, &[&entry.entered_by, &clock_text(entry.entered_at)])) }
            @match entry.outcome.as_str() {
                "approved" => p { span.tag { (fill(g.decided_approved, &[&entry.decided_by, &decided])) } },
                "rejected" => p.warn { (fill(g.decided_rejected, &[&entry.decided_by, &decided, &entry.reason])) },
                "withdrawn" => p.warn { (fill(g.decided_withdrawn, &[&entry.decided_by, &decided])) },
                _ => {}
            }
            @if let Some(of) = &look.proposal {
                p { a href={ (proposal::PATH) "/" (of.proposal_id) } {
                    (fill(ctx.words.proposals.from_proposal, &[&of.proposal_id.to_string()])) " · " (family_name(&of.household))
                } }
            }
            @if entry.listing_id != 0 { p { a href=(listing_address(entry.listing_id)) { (g.col_listing) } } }
            p { a href=(PATH) { (g.nav) } }
        }
        section.card {
            p.quiet { (g.entry_note) }
            (table(look, ctx).render(ctx))
        }
        @if entry.is_waiting() && ctx.may_change() {
            section.card {
                h2 { (g.decide_title) }
                @if look.own {
                    p.quiet { (g.own) }
                    form method="post" action={ (path) "/turn-down" } { button type="submit" { (g.withdraw_draft) } }
                } @else {
                    form method="post" action={ (path) "/approve" } { button.primary type="submit" { (g.approve_button) } }
                    form.stacked method="post" action={ (path) "/turn-down" } {
                        (form::field(&Field::text("reason", g.reject_reason)))
                        button type="submit" { (g.reject_button) }
                    }
                }
            }
        }
    };
    shell::page(&title, Some(Section::Goods), &body, ctx)
}

/// Each term as people read it.
fn said(price_fen: i64, t: &TermsDoc, ctx: &Ctx) -> Vec<(&'static str, String)> {
    let g = &ctx.words.goods;
    let loss = if t.loss_borne_by == "farmer" { g.loss_farmer } else { g.loss_operator };
    let volume = if t.volume == "new" { g.volume_new } else { g.volume_moved };
    let conversion = typed("", "", "", 0, t).conversion;
    vec![
        (g.terms_from, t.from.to_string()),
        (g.listing_price, yuan(price_fen)),
        (g.terms_pack, grouped(t.pack_g)),
        (g.terms_model, g.model(&t.model).to_owned()),
        (g.terms_operator, hundredths(t.operator_bp)),
        (g.terms_share, hundredths(t.share_bp)),
        (g.terms_purchase, yuan(t.purchase_fen_per_kg)),
        (g.terms_platform, hundredths(t.platform_bp)),
        (g.terms_anchor, hundredths(t.anchor_bp)),
        (g.terms_village, hundredths(t.village_bp)),
        (g.terms_freight, yuan(t.freight_fen)),
        (g.terms_packaging, yuan(t.packaging_fen)),
        (g.terms_shrink, hundredths(t.shrink_bp)),
        (g.terms_conversion, conversion),
        (g.terms_extra, yuan(t.extra_cost_fen_per_kg)),
        (g.terms_loss, loss.to_owned()),
        (g.terms_volume, volume.to_owned()),
    ]
}

fn table(look: &Look, ctx: &Ctx) -> Table {
    let g = &ctx.words.goods;
    let columns = [(g.col_term, Align::Text), (g.col_now, Align::Text), (g.col_then, Align::Text)];
    let mut table = Table::new(g.terms_title, "", &columns);
    let then = said(look.entry.price_fen, &look.entry.terms(), ctx);
    let now = look.now.as_ref().map(|(price, terms)| said(*price, terms, ctx));
    for (index, (label, value)) in then.into_iter().enumerate() {
        let before = now.as_ref().map_or_else(|| "—".to_owned(), |now| now[index].1.clone());
        let after = if now.is_some() && before != value { Cell::Warn(value) } else { value.into() };
        table.rows.push(vec![label.into(), before.into(), after]);
    }
    table
}

async fn products(app: &AppState, visit: &Visit) -> Result<Vec<Product>, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let mut products = goods::list_products(&mut app.store.read(scope).await?).await?;
        products.sort_by(|a, b| a.product_key.cmp(&b.product_key));
        anyhow::Ok(products)
    };
    Ok(load.await?)
}

/// Which proposal a draft is made of, as an address or a form says it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Of {
    proposal: String,
}

impl Of {
    /// Its number; 0 for none.
    fn number(&self) -> Result<i64, WebError> {
        if self.proposal.is_empty() { Ok(0) } else { self.proposal.parse().map_err(|_| WebError::BadRequest) }
    }
}

/// `GET /branch/goods/listings/new?proposal=…`
pub async fn new(State(app): State<AppState>, visit: Visit, Query(of): Query<Of>) -> Result<Markup, WebError> {
    let products = products(&app, &visit).await?;
    let proposal_id = of.number()?;
    let typed = match proposal_id {
        0 => TypedListing { from: app.clock.today().to_string(), ..TypedListing::default() },
        id => proposal::prefilled(&app, &visit, id).await?,
    };
    Ok(render_form(&FormPage { listing: None, products, typed, proposal_id, fault: String::new() }, &visit.ctx))
}

/// A listing with the terms it has, as they would be typed.
async fn standing(app: &AppState, visit: &Visit, id: i64) -> Result<(Listing, TypedListing), WebError> {
    let (scope, today) = (visit.scope()?, app.clock.today());
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let listing = service::list_on(session, today).await?.into_iter().find(|l| l.listing_id == id);
        let Some(listing) = listing else { return anyhow::Ok(None) };
        let versions = goods::list_terms_of(session, &[id]).await?;
        let now = in_force(&versions, today).or_else(|| versions.iter().max_by_key(|t| t.version_id)).map(terms_doc);
        let from = today.succ_opt().unwrap_or(today).to_string();
        let form = match now {
            Some(terms) => {
                let form = typed(&listing.listing_key, "", &listing.name, listing.price_fen, &terms);
                TypedListing { from, ..form }
            }
            None => TypedListing {
                name: listing.name.clone(),
                price: hundredths(listing.price_fen),
                from,
                ..TypedListing::default()
            },
        };
        Ok(Some((listing, form)))
    };
    load.await?.ok_or(WebError::NotFound)
}

/// `GET /branch/goods/listings/{id}/terms`
pub async fn new_terms(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let (listing, typed) = standing(&app, &visit, id).await?;
    let page = FormPage { listing: Some(listing), products: Vec::new(), typed, proposal_id: 0, fault: String::new() };
    Ok(render_form(&page, &visit.ctx))
}

/// A new listing as it is typed, and the proposal it is made of.
#[derive(Debug, Default, Deserialize)]
pub struct Posted {
    #[serde(flatten)]
    typed: TypedListing,
    #[serde(flatten)]
    of: Of,
}

/// `POST /branch/goods/listings`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(posted): Form<Posted>,
) -> Result<Response, WebError> {
    let of = posted.of.number()?;
    Box::pin(draft(&app, &visit, (None, of), posted.typed)).await
}

/// `POST /branch/goods/listings/{id}/terms`
pub async fn create_terms(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<TypedListing>,
) -> Result<Response, WebError> {
    let (listing, _) = standing(&app, &visit, id).await?;
    Box::pin(draft(&app, &visit, (Some(listing), 0), typed)).await
}

async fn draft(
    app: &AppState,
    visit: &Visit,
    (listing, proposal_id): (Option<Listing>, i64),
    typed: TypedListing,
) -> Result<Response, WebError> {
    let ctx = &visit.ctx;
    let key = listing.as_ref().map_or_else(|| typed.key.clone(), |l| l.listing_key.clone());
    let typed = TypedListing { key, ..typed };
    let listing_id = listing.as_ref().map_or(0, |l| l.listing_id);
    let fault = match read(&typed, app.clock.today()) {
        Ok(_) => {
            let actor = visit.actor()?;
            let desk = app.desk(visit, &actor)?;
            let drafted = match proposal_id {
                0 => service::draft(&desk, listing_id, &typed).await,
                id => proposals::take_over(&desk, id, &typed).await,
            };
            match drafted {
                Ok(Some(entry_id)) => return Ok(Redirect::to(&format!("{PATH}/drafts/{entry_id}")).into_response()),
                Ok(None) => return Err(WebError::NotFound),
                Err(error) => match error.downcast_ref::<Problem>() {
                    Some(problem) => problem.text(ctx.lang),
                    None => return Err(error.into()),
                },
            }
        }
        Err(fault) => fault.text(ctx.lang).to_owned(),
    };
    let products = products(app, visit).await?;
    Ok(render_form(&FormPage { listing, products, typed, proposal_id, fault }, ctx).into_response())
}

/// `GET /branch/goods/drafts/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    let ctx = &visit.ctx;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(entry) = listings::find(session, id).await? else { return anyhow::Ok(None) };
        let product = crate::services::goods::find(session, entry.product_id).await?;
        let product = product.map_or_else(String::new, |p| ctx.name(&p.name, &p.name_en).to_owned());
        let then = service::list_on(session, entry.valid_from).await?;
        let now = match then.into_iter().find(|l| l.listing_id == entry.listing_id) {
            // what an approved one followed is in the listing's own table of terms
            Some(listing) if entry.is_waiting() => {
                let versions = goods::list_terms_of(session, &[entry.listing_id]).await?;
                in_force(&versions, entry.valid_from).map(|row| (listing.price_fen, terms_doc(row)))
            }
            _ => None,
        };
        let own = !service::may_decide(&entry, &actor)?;
        let proposal = proposed::find_of_entry(session, id).await?;
        Ok(Some(Look { entry, product, now, own, proposal }))
    };
    let look = load.await?.ok_or(WebError::NotFound)?;
    Ok(render(&look, ctx))
}

/// `POST /branch/goods/drafts/{id}/approve`
pub async fn approve(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    match Box::pin(service::approve(&app.desk(&visit, &actor)?, id)).await {
        Ok(Some(listing_id)) => Ok(Redirect::to(&listing_address(listing_id)).into_response()),
        Ok(None) => Err(WebError::NotFound),
        Err(error) => refused(error, &format!("{PATH}/drafts/{id}"), &visit.ctx),
    }
}

/// `POST /branch/goods/drafts/{id}/turn-down`: rejected by another person, or taken back by whoever drafted it.
pub async fn turn_down(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(why): Form<Why>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    match service::turn_down(&app.desk(&visit, &actor)?, id, &why.reason).await {
        Ok(true) => Ok(Redirect::to(PATH).into_response()),
        Ok(false) => Err(WebError::NotFound),
        Err(error) => refused(error, &format!("{PATH}/drafts/{id}"), &visit.ctx),
    }
}
