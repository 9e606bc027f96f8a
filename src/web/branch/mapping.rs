//! Confirming which listing a shop's SKU is: one from the list of unmatched lines, or many in a table.

use crate::domain::problem::{Mistake, Problem};
use crate::services::mapping::{self, Confirmed, FilledIn, MappingDoc};
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::ui::number::grouped;
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use crate::web::{App, AppState, upload};
use axum::Form;
use axum::extract::{Multipart, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

const BACK: &str = "/branch/unmatched";
/// Rows that could not be used, as far as they are named.
const NAMED: usize = 20;

/// One SKU and its listing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    shop: String,
    product_no: String,
    sku_no: String,
    listing: String,
}

/// `POST /branch/unmatched`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(chosen): Form<Chosen>,
) -> Result<Response, WebError> {
    let Chosen { shop, product_no, sku_no, listing } = chosen;
    if product_no.is_empty() {
        return Err(WebError::BadRequest);
    }
    match confirm(&app, &visit, vec![MappingDoc { shop, product_no, sku_no, listing }]).await? {
        Ok(_) => Ok(Redirect::to(BACK).into_response()),
        Err(error) => refused(error, BACK, &visit.ctx),
    }
}

async fn confirm(app: &App, visit: &Visit, mappings: Vec<MappingDoc>) -> Result<anyhow::Result<Confirmed>, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(visit, &actor)?;
    Ok(mapping::confirm(&desk, mappings).await)
}

/// `GET /branch/unmatched/sheet`: the table to be filled in.
pub async fn sheet(State(app): State<AppState>, visit: Visit) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    let load = async { mapping::table(&mut app.store.read(scope).await?).await };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"unmatched.csv\""),
    ];
    Ok((headers, load.await?).into_response())
}

/// `POST /branch/unmatched/sheet`: maps what a table says.
pub async fn create_many(State(app): State<AppState>, visit: Visit, form: Multipart) -> Result<Response, WebError> {
    let Some(mut sheet) = upload::only(form, "sheet").await? else {
        return refused(Problem::from(Mistake::NoFileChosen).into(), BACK, &visit.ctx);
    };
    let read = tokio::task::spawn_blocking(move || mapping::read(&mut sheet)).await.map_err(anyhow::Error::from)?;
    let mut filled_in = match read {
        Ok(filled_in) => filled_in,
        Err(problem) => return refused(problem.into(), BACK, &visit.ctx),
    };
    let mappings = std::mem::take(&mut filled_in.mappings);
    match confirm(&app, &visit, mappings).await? {
        Ok(confirmed) => Ok(render(confirmed, &filled_in, &visit.ctx).into_response()),
        Err(error) => refused(error, BACK, &visit.ctx),
    }
}

/// What a table did.
fn render(confirmed: Confirmed, filled_in: &FilledIn, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let orders = i64::try_from(confirmed.orders).unwrap_or(i64::MAX);
    let undecided = i64::try_from(filled_in.undecided).unwrap_or(i64::MAX);
    let numbers = [confirmed.new, confirmed.changed, confirmed.unchanged, undecided, orders].map(grouped);
    let body = html! {
        div.card.state {
            h1 { (s.mapped_title) }
            p { (fill(s.mapped, &numbers.each_ref().map(String::as_str))) }
            @for (row, why) in filled_in.rejected.iter().take(NAMED) {
                p.warn { (fill(s.mapped_rejected, &[&row.to_string(), ctx.lang.of_both(why)])) }
            }
            @let more = filled_in.rejected.len().saturating_sub(NAMED);
            @if more > 0 { p.warn { (fill(s.rejected_more, &[&more.to_string()])) } }
            p { a.button href=(BACK) { (s.mapped_back) } }
        }
    };
    shell::page(s.mapped_title, Some(Section::Unmatched), &body, ctx)
}
