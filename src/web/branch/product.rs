//! Goods: their name, grades and harvest window, which papers they need by which rule, and the papers there are.

use super::goods::{PATH, listing_address, paper_state, product_address, season};
use crate::domain::audit::Noun;
use crate::domain::calendar::Day;
use crate::domain::photos::Shows;
use crate::domain::problem::{Mistake, Problem};
use crate::domain::shelf::{Need, Paper, PaperKind, Rule};
use crate::services::goods::{self as service, SOLD_BY, TypedProduct};
use crate::services::listings::list_on;
use crate::store::goods::{Listing, Product};
use crate::store::goods_certificates;
use crate::store::photos::{self, Photo};
use crate::store::product_details::{self, Details};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused, went_on};
use crate::web::photos as pictures;
use crate::web::ui::form::{self, Field, typed_day};
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub today: Day,
    pub product: Product,
    pub details: Details,
    pub listings: Vec<Listing>,
    pub rules: Vec<Rule>,
    pub papers: Vec<Paper>,
    pub photo: Option<Photo>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let g = &ctx.words.goods;
    let title = ctx.name(&page.product.name, &page.product.name_en);
    let path = product_address(page.product.product_id);
    let may_change = ctx.may_change();
    let (details, when) = (&page.details, season(&page.details, page.today, ctx));
    let body = html! {
        section.card {
            h1 { (title) }
            (super::audit::history(&[Noun::Product], &page.product.product_key, ctx))
            p.quiet { (page.product.product_key) @if !details.sold_by.is_empty() { " · " (g.product_sold_by) " " (g.sold_by(&details.sold_by)) } }
            @if !details.grades.is_empty() { p { (g.col_grades) " " @for grade in details.grades.lines() { span.tag { (grade) } " " } } }
            @if !when.is_empty() { p { (g.col_season) " " (when) } }
            @if !page.listings.is_empty() { p.actions { @for listing in &page.listings {
                a.chip href=(listing_address(listing.listing_id)) { (listing.name) }
            } } }
            p { a href=(PATH) { (g.nav) } }
            @if may_change { details {
                summary { (g.edit_product) }
                form.stacked method="post" action=(path) {
                    (fields(&typed(page), ctx))
                    button.primary type="submit" { (g.save_button) }
                }
            } }
        }
        (pictures::card(page.photo.as_ref(), (&format!("{path}/photo"), title), ctx))
        (rules(page, &path, may_change, ctx))
        (papers(page, &path, may_change, ctx))
    };
    shell::page(title, Some(Section::Goods), &body, ctx)
}

fn typed(page: &Page) -> TypedProduct {
    TypedProduct {
        key: page.product.product_key.clone(),
        name: page.product.name.clone(),
        name_en: page.product.name_en.clone(),
        grades: page.details.grades.clone(),
        sold_by: page.details.sold_by.clone(),
        harvest_from: page.details.harvest_from.clone(),
        harvest_to: page.details.harvest_to.clone(),
    }
}

fn fields(typed: &TypedProduct, ctx: &Ctx) -> Markup {
    let g = &ctx.words.goods;
    html! {
        (form::field(&Field::text("name", g.product_name).value(&typed.name)))
        (form::field(&Field::text("name_en", g.product_name_en).value(&typed.name_en).optional()))
        label.field { span { (g.product_grades) } textarea name="grades" rows="3" { (typed.grades) } }
        label.field { span { (g.product_sold_by) } select name="sold_by" {
            option value="" { (g.sold_none) }
            @for key in SOLD_BY { option value=(key) selected[key == typed.sold_by] { (g.sold_by(key)) } }
        } }
        (form::field(&Field::text("harvest_from", g.harvest_from).value(&typed.harvest_from).optional()))
        (form::field(&Field::text("harvest_to", g.harvest_to).value(&typed.harvest_to).optional()))
    }
}

fn rules(page: &Page, path: &str, may_change: bool, ctx: &Ctx) -> Markup {
    let g = &ctx.words.goods;
    html! {
        section.card {
            h2 { (g.rules_title) }
            p.quiet { (g.rules_note) }
            @if page.rules.is_empty() { p.empty { (g.rules_none) } }
            ul.todo { @for rule in &page.rules { li {
                div {
                    strong { (fill(g.rule_row, &[&rule.valid_from.to_string(), rule.need.name(ctx.lang)])) }
                    @if let Some(to) = rule.valid_to { " " (fill(g.rule_until, &[&to.to_string()])) }
                    p.quiet { (fill(g.rule_source, &[&rule.source, &rule.entered_by])) }
                }
                @if may_change && rule.valid_to.is_none() {
                    form.filters method="post" action={ (PATH) "/rules/" (rule.rule_id) "/end" } {
                        (form::field(&Field::day("to", g.rule_last)))
                        button type="submit" { (g.rule_end_button) }
                    }
                }
            } } }
            @if may_change { details {
                summary { (g.rule_button) }
                form.stacked method="post" action={ (path) "/rules" } {
                    (form::select("need", g.rule_need, &Need::ALL.map(|need| (need.key(), need.name(ctx.lang)))))
                    (form::field(&Field::day("from", g.rule_from).value(&page.today.to_string())))
                    (form::field(&Field::day("to", g.rule_to).optional()))
                    (form::field(&Field::text("source", g.rule_why)))
                    button type="submit" { (g.rule_button) }
                }
            } }
        }
    }
}

fn papers(page: &Page, path: &str, may_change: bool, ctx: &Ctx) -> Markup {
    let g = &ctx.words.goods;
    let of = |id: i64| {
        page.listings.iter().find(|l| l.listing_id == id).map_or(g.paper_of_all, |listing| listing.name.as_str())
    };
    html! {
        section.card {
            h2 { (g.papers_title) }
            @if page.papers.is_empty() { p.empty { (g.papers_none) } }
            ul.todo { @for paper in &page.papers { li {
                div {
                    strong { (paper.kind.name(ctx.lang)) " " (paper.number) } " " (paper_state(paper, page.today, ctx).render(ctx))
                    p.quiet {
                        (of(paper.listing_id)) " · " (g.col_issued) " " (paper.issued_on) " · " (g.col_ends) " "
                        @match paper.ends() { Some(end) => (end), None => (g.no_end) }
                        @if !paper.holder.is_empty() { " · " (paper.holder) }
                    }
                }
                @if may_change && paper.revoked_on.is_none() { details {
                    summary { (g.paper_revoke_button) }
                    form.stacked method="post" action={ (PATH) "/papers/" (paper.certificate_id) "/revoke" } {
                        (form::field(&Field::day("from", g.paper_revoke_from).value(&page.today.to_string())))
                        (form::field(&Field::text("reason", g.paper_revoke_why)))
                        button type="submit" { (g.paper_revoke_button) }
                    }
                } }
            } } }
            @if may_change { details open[page.papers.is_empty()] {
                summary { (g.paper_button) }
                form.stacked method="post" action={ (path) "/papers" } {
                    (form::select("kind", g.paper_kind, &PaperKind::ALL.map(|kind| (kind.key(), kind.name(ctx.lang)))))
                    label.field { span { (g.paper_listing) } select name="listing" {
                        option value="0" { (g.paper_of_all) }
                        @for listing in &page.listings { option value=(listing.listing_id) { (listing.name) } }
                    } }
                    (form::field(&Field::text("number", g.paper_number)))
                    (form::field(&Field::text("holder", g.paper_holder).optional()))
                    (form::field(&Field::day("issued", g.paper_issued)))
                    (form::field(&Field::day("expires", g.paper_expires).optional()))
                    button type="submit" { (g.paper_button) }
                }
            } }
        }
    }
}

/// `GET /branch/goods/products/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let (scope, today) = (visit.scope()?, app.clock.today());
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(product) = service::find(session, id).await? else { return anyhow::Ok(None) };
        let details = product_details::list(session).await?.into_iter().find(|d| d.product_id == id);
        let photo = photos::find(session, Shows::Product(id)).await?;
        let mut listings = list_on(session, today).await?;
        listings.retain(|l| l.product_id == id);
        let mut rules = goods_certificates::list_rules(session).await?;
        rules.retain(|r| r.product_id == id);
        let mut papers = goods_certificates::list_papers(session).await?;
        papers.retain(|p| p.product_id == id);
        papers.reverse();
        Ok(Some(Page { today, product, details: details.unwrap_or_default(), listings, rules, papers, photo }))
    };
    let page = load.await?.ok_or(WebError::NotFound)?;
    Ok(render(&page, &visit.ctx))
}

/// `GET /branch/goods/products/new`
pub async fn new(visit: Visit) -> Markup {
    let ctx = &visit.ctx;
    let g = &ctx.words.goods;
    let body = html! {
        section.card {
            h1 { (g.new_product) }
            form.stacked method="post" action={ (PATH) "/products" } {
                (form::field(&Field::text("key", g.product_key)))
                (fields(&TypedProduct::default(), ctx))
                button.primary type="submit" { (g.save_button) }
            }
            p { a href=(PATH) { (g.nav) } }
        }
    };
    shell::page(g.new_product, Some(Section::Goods), &body, ctx)
}

/// `POST /branch/goods/products`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(typed): Form<TypedProduct>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let done = Box::pin(service::add(&app.desk(&visit, &actor)?, &typed)).await;
    went_on(done.map(product_address), &format!("{PATH}/products/new"), &visit.ctx)
}

/// `POST /branch/goods/products/{id}`
pub async fn update(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<TypedProduct>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let done = Box::pin(service::change(&app.desk(&visit, &actor)?, id, &typed)).await;
    found(done.map(|is_there| is_there.then_some(id)), id, &visit)
}

/// What something is typed about.
#[derive(Debug, Clone, Copy)]
enum About {
    Product(i64),
    Rule(i64),
    Paper(i64),
}

/// Nothing is read of what is typed about another county's.
async fn hold(app: &AppState, visit: &Visit, about: About) -> Result<(), WebError> {
    let scope = visit.scope()?;
    let is_there = async {
        let session = &mut app.store.read(scope).await?;
        anyhow::Ok(match about {
            About::Product(id) => service::find(session, id).await?.is_some(),
            About::Rule(id) => goods_certificates::list_rules(session).await?.iter().any(|r| r.rule_id == id),
            About::Paper(id) => goods_certificates::list_papers(session).await?.iter().any(|p| p.certificate_id == id),
        })
    };
    if is_there.await? { Ok(()) } else { Err(WebError::NotFound) }
}

/// On to the product, or back to it with why not.
fn found(done: anyhow::Result<Option<i64>>, back: i64, visit: &Visit) -> Result<Response, WebError> {
    match done {
        Ok(Some(id)) => Ok(Redirect::to(&product_address(id)).into_response()),
        Ok(None) => Err(WebError::NotFound),
        Err(error) if back == 0 => refused(error, PATH, &visit.ctx),
        Err(error) => refused(error, &product_address(back), &visit.ctx),
    }
}

/// A day that may be left empty.
fn optional_day(text: &str) -> Result<Option<Day>, Problem> {
    if text.trim().is_empty() { Ok(None) } else { typed_day(text).map(Some) }
}

/// The number of a listing, 0 where none is chosen.
fn listing_of(text: &str) -> Result<i64, Problem> {
    if text.is_empty() { Ok(0) } else { text.parse().map_err(|_| Mistake::BadCertificate.into()) }
}

/// A rule as it is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TypedRule {
    need: String,
    from: String,
    to: String,
    source: String,
}

/// `POST /branch/goods/products/{id}/rules`
pub async fn add_rule(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<TypedRule>,
) -> Result<Response, WebError> {
    hold(&app, &visit, About::Product(id)).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let enter = async {
        let rule = Rule {
            rule_id: 0,
            product_id: id,
            need: Need::parse(&typed.need).ok_or_else(|| Problem::from(Mistake::BadRule))?,
            valid_from: typed_day(&typed.from)?,
            valid_to: optional_day(&typed.to)?,
            source: typed.source,
            entered_by: String::new(),
        };
        service::add_rule(&desk, &rule).await
    };
    found(enter.await.map(|is_there| is_there.then_some(id)), id, &visit)
}

/// The last day of a rule.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LastDay {
    to: String,
}

/// `POST /branch/goods/rules/{id}/end`
pub async fn end_rule(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(last): Form<LastDay>,
) -> Result<Response, WebError> {
    hold(&app, &visit, About::Rule(id)).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let end = async { service::end_rule(&desk, id, typed_day(&last.to)?).await };
    found(end.await, 0, &visit)
}

/// A paper as it is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TypedPaper {
    kind: String,
    listing: String,
    number: String,
    holder: String,
    issued: String,
    expires: String,
}

/// `POST /branch/goods/products/{id}/papers`
pub async fn add_paper(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<TypedPaper>,
) -> Result<Response, WebError> {
    hold(&app, &visit, About::Product(id)).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let enter = async {
        let paper = Paper {
            certificate_id: 0,
            product_id: id,
            listing_id: listing_of(&typed.listing)?,
            kind: PaperKind::parse(&typed.kind).ok_or_else(|| Problem::from(Mistake::BadCertificate))?,
            number: typed.number,
            holder: typed.holder,
            issued_on: typed_day(&typed.issued)?,
            expires_on: optional_day(&typed.expires)?,
            revoked_on: None,
            entered_by: String::new(),
        };
        service::add_paper(&desk, &paper).await
    };
    found(enter.await.map(|is_there| is_there.then_some(id)), id, &visit)
}

/// From which day a paper is good no longer, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Revoked {
    from: String,
    reason: String,
}

/// `POST /branch/goods/papers/{id}/revoke`
pub async fn revoke_paper(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(revoked): Form<Revoked>,
) -> Result<Response, WebError> {
    hold(&app, &visit, About::Paper(id)).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let revoke = async { service::revoke_paper(&desk, id, typed_day(&revoked.from)?, &revoked.reason).await };
    found(revoke.await, 0, &visit)
}
