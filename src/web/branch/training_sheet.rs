//! People and their classes from a table: a blank one to fill in, and what a filled-in one would enter.

use crate::domain::problem::{Mistake, Problem};
use crate::domain::training_sheet::{FIELDS, NewRow, RowFault, TypedRow, read};
use crate::services::training_sheet::{self as service, MOST_ROWS};
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use crate::web::{AppState, upload};
use axum::Form;
use axum::extract::{Multipart, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

pub const PATH: &str = "/branch/training/sheet";
/// Where the table is sent from.
const BACK: &str = "/branch/training";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub typed: Vec<TypedRow>,
    /// What became of each.
    pub read: Vec<Result<NewRow, RowFault>>,
}

/// The form that sends a table.
pub fn upload_form(ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    html! {
        details { summary { (t.sheet_title) }
            p.quiet { (t.sheet_note) }
            p { a href=(PATH) { (t.sheet_download) } }
            form.stacked method="post" action={ (PATH) "/preview" } enctype="multipart/form-data" {
                label.field { span { (t.sheet_file) } input type="file" name="sheet" accept=".csv,.xlsx,.xls" required; }
                button type="submit" { (t.sheet_button) }
            }
        }
    }
}

/// The rows with what is wrong, and the button that enters them all.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let wrong = page.read.iter().filter(|row| row.is_err()).count();
    let body = html! {
        section.card {
            h1 { (t.sheet_title) }
            p { (fill(t.sheet_preview, &[&page.typed.len().to_string()])) }
            @if wrong > 0 { p.warn role="alert" { (fill(t.sheet_faults, &[&wrong.to_string()])) } }
            form method="post" action=(PATH) {
                div.scroll tabindex="0" role="region" aria-label=(t.sheet_title) { table {
                    thead { tr {
                        @for (_, heading) in FIELDS { th scope="col" { (head(heading, ctx)) } }
                        th scope="col" {}
                    } }
                    tbody { @for (row, outcome) in page.typed.iter().zip(&page.read) { tr {
                        @for ((name, _), value) in FIELDS.iter().zip(row.values()) {
                            td { (value) input type="hidden" name=(name) value=(value); }
                        }
                        td.whole { @match outcome {
                            Ok(new) if new.anchor_id.is_none() => span.tag { (t.sheet_new) },
                            Ok(_) => span.tag { (t.sheet_ok) },
                            Err(fault) => span.warn { (t.row_fault(*fault)) },
                        } }
                    } } }
                } }
                @if wrong == 0 { p { button.primary type="submit" { (t.sheet_enter) } } }
            }
            p { a href=(BACK) { (ctx.words.branch.nav_training) } }
        }
    };
    shell::page(t.sheet_title, Some(Section::Training), &body, ctx)
}

/// A heading's half in the reader's language.
fn head<'h>(heading: &'h str, ctx: &Ctx) -> &'h str {
    heading.split_once(' ').map_or(heading, |(zh, en)| ctx.name(zh, en))
}

async fn judged(app: &AppState, visit: &Visit, typed: Vec<TypedRow>) -> Result<Page, WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let nameable = service::nameable(session).await.map_err(anyhow::Error::from)?;
    let today = app.clock.today();
    let read = typed.iter().map(|row| read(row, &nameable, today)).collect();
    Ok(Page { typed, read })
}

/// `GET /branch/training/sheet`: the blank table.
pub async fn blank() -> Response {
    let text = format!("\u{feff}{}\n", FIELDS.map(|(_, heading)| heading).join(","));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"training.csv\""),
    ];
    (headers, text).into_response()
}

/// `POST /branch/training/sheet/preview`: shows a table; nothing is entered.
pub async fn preview(State(app): State<AppState>, visit: Visit, form: Multipart) -> Result<Response, WebError> {
    let Some(mut sheet) = upload::only(form, "sheet").await? else {
        return refused(Problem::from(Mistake::NoFileChosen).into(), BACK, &visit.ctx);
    };
    let read = tokio::task::spawn_blocking(move || service::read_sheet(&mut sheet)).await;
    match read.map_err(anyhow::Error::from)? {
        Ok(typed) => Ok(render(&judged(&app, &visit, typed).await?, &visit.ctx).into_response()),
        Err(problem) => refused(problem.into(), BACK, &visit.ctx),
    }
}

/// Rows of the form: each begins with its name; no more than a table may have.
fn typed(fields: Vec<(String, String)>) -> Vec<TypedRow> {
    let mut rows: Vec<TypedRow> = Vec::new();
    for (name, value) in fields {
        if name == "name" {
            rows.push(TypedRow { name: value, ..TypedRow::default() });
            continue;
        }
        let Some(row) = rows.last_mut() else { continue };
        match name.as_str() {
            "born" => row.born = value,
            "module" => row.module = value,
            "attended" => row.attended = value,
            "hours" => row.hours = value,
            "passed" => row.passed = value,
            _ => {}
        }
    }
    rows.truncate(MOST_ROWS);
    rows
}

/// `POST /branch/training/sheet`: enters the rows that were shown, whole or not at all.
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let page = judged(&app, &visit, typed(fields)).await?;
    let rows: Vec<NewRow> = page.read.iter().filter_map(|row| row.clone().ok()).collect();
    if rows.is_empty() || rows.len() < page.read.len() {
        return Ok(render(&page, &visit.ctx).into_response());
    }
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    match service::enter(&desk, &rows).await {
        Ok(_) => Ok(Redirect::to(BACK).into_response()),
        Err(error) => refused(error, BACK, &visit.ctx),
    }
}
