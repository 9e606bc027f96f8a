//! Entering prices: one in a form, or a table that is shown before anything of it is entered.
//!
//! Rules that must hold: what is wrong is said beside it and nothing typed is lost; a table is entered whole or not at
//! all; what is entered waits for another person.

use crate::domain::cells::plain;
use crate::domain::price_book::{FIELDS, Nameable, NewPrice, PriceFault, TypedPrice, monday, read};
use crate::domain::problem::{Mistake, Problem};
use crate::domain::weighing::Unit;
use crate::services::import::Received;
use crate::services::price_book as service;
use crate::web::branch::prices::PATH;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use crate::web::{AppState, upload};
use axum::Form;
use axum::extract::{Multipart, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub typed: Vec<TypedPrice>,
    pub unit: Unit,
    pub nameable: Nameable,
    /// What became of each; empty before anything was sent.
    pub read: Vec<Result<NewPrice, PriceFault>>,
    /// The rows of a table, shown before they are entered.
    pub is_table: bool,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.price_book;
    let body = html! {
        @if page.is_table { (preview(page, ctx)) } @else {
            section.card {
                h1 { (p.new_title) }
                @for fault in page.read.iter().filter_map(|row| row.as_ref().err()) {
                    p.warn role="alert" { (p.fault(*fault)) }
                }
                (one(page, ctx))
            }
            section.card {
                h2 { (p.sheet_title) }
                p.quiet { (p.sheet_note) }
                p { a href={ (PATH) "/sheet" } { (p.sheet_download) } }
                form.stacked method="post" action={ (PATH) "/sheet" } enctype="multipart/form-data" {
                    (form::select("unit", p.unit, &units(Unit::default(), ctx)))
                    label.field { span { (p.sheet_file) } input type="file" name="sheet" accept=".csv,.xlsx,.xls" required; }
                    button type="submit" { (p.sheet_button) }
                }
            }
        }
    };
    shell::page(p.new_title, Some(Section::Prices), &body, ctx)
}

/// Units to choose from, the one that stands chosen first.
fn units(chosen: Unit, ctx: &Ctx) -> Vec<(&'static str, &'static str)> {
    let p = &ctx.words.price_book;
    let mut units = vec![(Unit::Jin.key(), p.unit_jin), (Unit::Kilogram.key(), p.unit_kg)];
    if chosen == Unit::Kilogram {
        units.reverse();
    }
    units
}

fn one(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.price_book;
    let typed = page.typed.first().cloned().unwrap_or_default();
    html! {
        form.stacked method="post" action=(PATH) {
            (form::select("unit", p.unit, &units(page.unit, ctx)))
            label.field { span { (p.product) } select name="product" { @for (_, key, name) in &page.nameable.products {
                option value=(key) selected[*key == typed.product] { (name) }
            } } }
            (form::field(&Field::text("region", p.region).value(&typed.region).note(p.region_note)))
            (form::field(&Field::day("from", p.from).value(&typed.from)))
            (form::field(&Field::day("to", p.to).value(&typed.to)))
            (form::field(&Field::text("low", p.low).value(&typed.low)))
            (form::field(&Field::text("mid", p.mid).value(&typed.mid)))
            (form::field(&Field::text("high", p.high).value(&typed.high)))
            (form::field(&Field::text("salvage", p.salvage).value(&typed.salvage).optional()))
            (form::field(&Field::text("source", p.source).value(&typed.source)))
            button.primary type="submit" { (p.enter_button) }
        }
    }
}

/// The rows of a table with what is wrong, and the button that enters them all.
fn preview(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.price_book;
    let wrong = page.read.iter().filter(|row| row.is_err()).count();
    html! {
        section.card {
            h1 { (p.preview_title) }
            p { (fill(p.preview_note, &[&page.typed.len().to_string()])) }
            @if wrong > 0 { p.warn role="alert" { (fill(p.preview_faults, &[&wrong.to_string()])) } }
            form method="post" action=(PATH) {
                input type="hidden" name="unit" value=(page.unit.key());
                input type="hidden" name="table" value="1";
                div.scroll tabindex="0" role="region" aria-label=(p.preview_title) { table {
                    thead { tr {
                        @for head in heads(ctx) { th scope="col" { (head) } }
                        th scope="col" {}
                    } }
                    tbody { @for (row, outcome) in page.typed.iter().zip(&page.read) { tr {
                        @for ((name, _), value) in FIELDS.iter().zip(row.values()) {
                            td { (value) input type="hidden" name=(name) value=(value); }
                        }
                        td.whole { @match outcome {
                            Ok(_) => span.tag { (p.preview_ok) },
                            Err(fault) => span.warn { (p.fault(*fault)) },
                        } }
                    } } }
                } }
                @if wrong == 0 { p { button.primary type="submit" { (p.enter_button) } } }
            }
            p { a href={ (PATH) "/new" } { (p.new_title) } }
        }
    }
}

const fn heads(ctx: &Ctx) -> [&'static str; 9] {
    let p = &ctx.words.price_book;
    [p.product, p.col_region, p.col_from, p.col_to, p.col_low, p.col_mid, p.col_high, p.col_salvage, p.col_source]
}

/// `GET /branch/prices/new`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async { anyhow::Ok(service::nameable(&mut app.store.read(scope).await?).await?) };
    let nameable = load.await?;
    let page = Page { typed: Vec::new(), unit: Unit::default(), nameable, read: Vec::new(), is_table: false };
    Ok(render(&page, &visit.ctx))
}

/// Rows of a form: each begins with its product.
fn typed(fields: Vec<(String, String)>) -> (Unit, bool, Vec<TypedPrice>) {
    let (mut unit, mut is_table, mut rows) = (Unit::default(), false, Vec::<TypedPrice>::new());
    for (name, value) in fields {
        let value = value.trim().to_owned();
        match name.as_str() {
            "unit" => unit = Unit::parse(&value).unwrap_or_default(),
            "table" => is_table = true,
            "product" => rows.push(TypedPrice { product: value, ..TypedPrice::default() }),
            _ => {
                let Some(row) = rows.last_mut() else { continue };
                match name.as_str() {
                    "region" => row.region = value,
                    "from" => row.from = value,
                    "to" => row.to = value,
                    "low" => row.low = value,
                    "mid" => row.mid = value,
                    "high" => row.high = value,
                    "salvage" => row.salvage = value,
                    "source" => row.source = value,
                    _ => {}
                }
            }
        }
    }
    rows.truncate(service::MOST_ROWS);
    (unit, is_table, rows)
}

/// `POST /branch/prices`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let (unit, is_table, typed) = typed(fields);
    let page = judged(&app, &visit, typed, unit, is_table).await?;
    let rows: Vec<NewPrice> = page.read.iter().filter_map(|row| row.clone().ok()).collect();
    if rows.is_empty() || rows.len() < page.read.len() {
        return Ok(render(&page, &visit.ctx).into_response());
    }
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    match service::enter(&desk, &rows).await {
        Ok(()) => Ok(Redirect::to(PATH).into_response()),
        Err(error) => refused(error, PATH, &visit.ctx),
    }
}

/// What was typed, each row read.
async fn judged(
    app: &AppState,
    visit: &Visit,
    typed: Vec<TypedPrice>,
    unit: Unit,
    is_table: bool,
) -> Result<Page, WebError> {
    let scope = visit.scope()?;
    let load = async { anyhow::Ok(service::nameable(&mut app.store.read(scope).await?).await?) };
    let nameable = load.await?;
    let read = typed.iter().map(|row| read(row, unit, &nameable)).collect();
    Ok(Page { typed, unit, nameable, read, is_table })
}

/// `POST /branch/prices/sheet`: shows the prices of a table; nothing is entered.
pub async fn preview_sheet(
    State(app): State<AppState>,
    visit: Visit,
    mut form: Multipart,
) -> Result<Response, WebError> {
    let (mut sheet, mut unit): (Option<Received>, Unit) = (None, Unit::default());
    while let Some(field) = form.next_field().await.map_err(upload::unreadable)? {
        let name = upload::name(&field);
        match field.name() {
            Some("sheet") if !name.is_empty() => sheet = Some(upload::received(field, &name).await?),
            Some("unit") => unit = Unit::parse(&upload::text(field).await?).unwrap_or_default(),
            _ => {}
        }
    }
    let back = format!("{PATH}/new");
    let Some(mut sheet) = sheet else { return refused(Problem::from(Mistake::NoFileChosen).into(), &back, &visit.ctx) };
    let read =
        tokio::task::spawn_blocking(move || service::read_sheet(&mut sheet)).await.map_err(anyhow::Error::from)?;
    match read {
        Ok(typed) => {
            let page = judged(&app, &visit, typed, unit, true).await?;
            Ok(render(&page, &visit.ctx).into_response())
        }
        Err(problem) => refused(problem.into(), &back, &visit.ctx),
    }
}

/// `GET /branch/prices/sheet`: the blank table, next week's row of each product ready.
pub async fn sheet(State(app): State<AppState>, visit: Visit) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    let load = async { anyhow::Ok(service::nameable(&mut app.store.read(scope).await?).await?) };
    let nameable = load.await?;
    let next = monday(app.clock.today()) + TimeDelta::weeks(1);
    let (from, to) = (next.to_string(), (next + TimeDelta::days(6)).to_string());
    let county = scope.county().to_string();
    let mut text = String::from("\u{feff}");
    text.push_str(&FIELDS.map(|(_, heading)| heading).join(","));
    text.push('\n');
    for (_, key, _) in &nameable.products {
        text.push_str(&[plain(key).as_ref(), &county, &from, &to, "", "", "", "", ""].join(","));
        text.push('\n');
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"prices.csv\""),
    ];
    Ok((headers, text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_product_begins_a_row_of_the_form() {
        let fields =
            [("unit", "kg"), ("product", "a"), ("low", " 1 "), ("product", "b"), ("source", "x"), ("table", "1")];
        let (unit, is_table, rows) = typed(fields.map(|(n, v)| (n.to_owned(), v.to_owned())).into());
        assert_eq!((unit, is_table, rows.len()), (Unit::Kilogram, true, 2));
        assert_eq!((rows[0].low.as_str(), rows[1].source.as_str()), ("1", "x"));
    }
}
