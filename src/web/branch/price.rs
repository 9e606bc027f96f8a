//! One entered price: what it says, what approving it would do to each open month, and the decision of a second person.

use crate::domain::audit::Noun;
use crate::domain::calendar::clock_text;
use crate::services::price_book::{self as service, Effect};
use crate::store::goods;
use crate::store::price_book::{self as stored, Entry};
use crate::web::AppState;
use crate::web::branch::prices::PATH;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::names::Names;
use crate::web::ui::form::{self, Field, Why};
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub entry: Entry,
    pub product: String,
    pub region: String,
    /// It waits, and the reader is one who may decide.
    pub open: bool,
    /// What approving it would change, once somebody asked: working it out takes the county's one writer for a while.
    pub effects: Option<Vec<Effect>>,
    /// The reader entered it.
    pub own: bool,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.price_book;
    let entry = &page.entry;
    let title = fill(p.one_title, &[&page.product]);
    let path = format!("{PATH}/{}", entry.entry_id);
    let days = [entry.valid_from.to_string(), entry.valid_to.to_string()];
    let amounts = [entry.low_fen_per_kg, entry.mid_fen_per_kg, entry.high_fen_per_kg].map(yuan);
    let body = html! {
        section.card {
            h1 { (title) }
            (super::audit::history(&[Noun::Baseline], &page.entry.entry_id.to_string(), ctx))
            p { (fill(p.one_place, &[&page.region, &days[0], &days[1]])) }
            p { strong { (fill(p.one_prices, &amounts.each_ref().map(String::as_str))) }
                @if let Some(salvage) = entry.salvage_fen_per_kg { " · " (p.col_salvage) " " (yuan(salvage)) } }
            p.quiet { (fill(p.waiting_by, &[&entry.entered_by, &clock_text(entry.entered_at), &entry.source])) }
            p { a href=(PATH) { (p.nav) } }
        }
        @if page.open {
            section.card {
                h2 { (p.effect_title) }
                @match &page.effects {
                    Some(effects) => {
                        p.quiet { (p.effect_note) }
                        (table(effects, ctx).render(ctx))
                    },
                    None => {
                        p.quiet { (p.effect_ask) }
                        form method="post" action={ (path) "/effect" } {
                            button.primary type="submit" { (p.effect_button) }
                        }
                    },
                }
            }
            section.card {
                h2 { (p.decide_title) }
                @if page.own {
                    p.quiet { (p.own) }
                    form method="post" action={ (path) "/turn-down" } { button type="submit" { (p.withdraw_button) } }
                } @else {
                    // approved by whoever saw what it changes
                    @if page.effects.is_some() {
                        form method="post" action={ (path) "/approve" } {
                            button.primary type="submit" { (p.approve_button) }
                        }
                    }
                    form.stacked method="post" action={ (path) "/turn-down" } {
                        (form::field(&Field::text("reason", p.reject_reason)))
                        button type="submit" { (p.reject_button) }
                    }
                }
            }
        }
    };
    shell::page(&title, Some(Section::Prices), &body, ctx)
}

fn table(effects: &[Effect], ctx: &Ctx) -> Table {
    let p = &ctx.words.price_book;
    let columns = [
        (p.col_month, Align::Whole),
        (p.col_uplift, Align::Number),
        (p.col_uplift_then, Align::Number),
        (p.col_provisional, Align::Number),
        (p.col_uplift_then, Align::Number),
        (p.col_unpriced, Align::Number),
        (p.col_uplift_then, Align::Number),
    ];
    let mut table = Table::new(p.effect_title, p.effect_none, &columns);
    for Effect { month, before, after } in effects {
        table.rows.push(vec![
            month.as_str().into(),
            yuan(before.uplift_fen).into(),
            yuan(after.uplift_fen).into(),
            yuan(before.uplift_provisional_fen).into(),
            yuan(after.uplift_provisional_fen).into(),
            grouped(before.lines_without_baseline).into(),
            grouped(after.lines_without_baseline).into(),
        ]);
    }
    table
}

/// `GET /branch/prices/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    Ok(render(&load(&app, &visit, id).await?, &visit.ctx))
}

/// `POST /branch/prices/{id}/effect`: the same page, with what approving it would change. Nothing is kept of it.
pub async fn effect(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let mut page = load(&app, &visit, id).await?;
    let actor = visit.actor()?;
    // worked out in a unit of work of its own, once the reading session is closed
    let desk = app.desk(&visit, &actor)?;
    match Box::pin(service::effects(&desk, id)).await {
        Ok(effects) => page.effects = Some(effects),
        Err(error) => return refused(error, &format!("{PATH}/{id}"), &visit.ctx),
    }
    Ok(render(&page, &visit.ctx).into_response())
}

async fn load(app: &AppState, visit: &Visit, id: i64) -> Result<Page, WebError> {
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    let ctx = &visit.ctx;
    let may_change = visit.reader()?.role.may_change();
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(entry) = stored::find(session, id).await? else { return anyhow::Ok(None) };
        let products = goods::list_products(session).await?;
        let product = products.into_iter().find(|p| p.product_id == entry.product_id);
        let product = product.map_or_else(String::new, |p| ctx.name(&p.name, &p.name_en).to_owned());
        let region = Names::of_regions(session).await?.of(&entry.region_code);
        let own = !service::may_decide(&entry, &actor)?;
        let open = may_change && entry.outcome == "waiting";
        Ok(Some(Page { entry, product, region, open, effects: None, own }))
    };
    load.await?.ok_or(WebError::NotFound)
}

/// `POST /branch/prices/{id}/approve`
pub async fn approve(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    done(Box::pin(service::approve(&desk, id)).await, id, &visit)
}

/// `POST /branch/prices/{id}/turn-down`: rejected by another person, or taken back by whoever entered it.
pub async fn turn_down(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(why): Form<Why>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    done(service::turn_down(&desk, id, &why.reason).await, id, &visit)
}

fn done(result: anyhow::Result<bool>, id: i64, visit: &Visit) -> Result<Response, WebError> {
    match result {
        Ok(true) => Ok(Redirect::to(PATH).into_response()),
        Ok(false) => Err(WebError::NotFound),
        Err(error) => refused(error, &format!("{PATH}/{id}"), &visit.ctx),
    }
}
