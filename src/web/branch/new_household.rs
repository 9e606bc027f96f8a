//! Adding households: one in a form, or a list that is shown before anything of it is taken in.
//!
//! Rules that must hold: what is wrong is said beside its row with the row's number, and sinks no other row; a row that
//! looks like a household already here does what a person chose; the file is read and forgotten, so the rows travel in the
//! form that confirms them.
//!
//! Not here: correcting one ([`super::household_change`]), what is written (`services::roll`).

use crate::domain::ledger::book::Category;
use crate::domain::problem::{Mistake, Problem};
use crate::domain::roll::{Alike, Choice, EXAMPLE, FIELDS, Nameable, Standing, TypedHousehold};
use crate::services::roll::{self as service, MOST_ROWS, Outcome, Review};
use crate::web::branch::household::address;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::session::family_name;
use crate::web::spreadsheet::{Cell, Format, Sheet};
use crate::web::ui::amount::fact;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use crate::web::{AppState, upload};
use axum::Form;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// Where households are taken in.
pub const PATH: &str = "/branch/households";
/// The list that was shown is sent back from here.
const NEW: &str = "/branch/households/new";

/// The page of the form and of the file.
pub fn render(typed: &TypedHousehold, fault: Option<&str>, nameable: &Nameable, ctx: &Ctx) -> Markup {
    let r = &ctx.words.roll;
    let body = html! {
        section.card {
            h1 { (r.new_title) }
            h2 { (r.one_title) }
            @if let Some(fault) = fault { p.warn role="alert" { (fault) } }
            form.stacked method="post" action=(PATH) {
                input type="hidden" name="row" value="1";
                (form::field(&Field::text("name", r.name).value(&typed.name).note(r.name_note)))
                (form::field(&Field::text("phone", r.phone).value(&typed.phone).note(r.phone_note).optional()))
                (form::field(&Field::text("village", r.village).value(&typed.village)))
                (form::field(&Field::text("town", r.town).value(&typed.town).optional()))
                (category_field(&typed.category, ctx))
                (form::field(&Field::day("category_from", r.category_from).value(&typed.category_from).optional()))
                (form::field(&Field::day("consent_on", r.consent_on).value(&typed.consent_on).optional()))
                (operator_field(&typed.operator, nameable, ctx))
                (form::field(&Field::text("key", r.key).value(&typed.key).optional()))
                button.primary type="submit" { (r.save_button) }
            }
        }
        section.card {
            h2 { (r.list_title) }
            p.quiet { (r.list_note) }
            p { a href={ (PATH) "/blank" } { (r.list_download) } }
            form.stacked method="post" action={ (PATH) "/list" } enctype="multipart/form-data" {
                label.field { span { (r.list_file) } input type="file" name="list" accept=".csv,.xlsx,.xls" required; }
                button type="submit" { (r.list_button) }
            }
        }
    };
    shell::page(r.new_title, Some(Section::Households), &body, ctx)
}

/// The choice of a category; the first is none.
pub fn category_field(chosen: &str, ctx: &Ctx) -> Markup {
    let r = &ctx.words.roll;
    html! {
        label.field { span { (r.category) } select name="category" {
            option value="" { (r.category_none) }
            @for key in Category::ALL.into_iter().filter(|c| *c != Category::None).map(Category::key) {
                option value=(key) selected[key == chosen] { (r.category_of(key)) }
            }
        } }
    }
}

/// The choice of a co-operative; the first is none.
pub fn operator_field(chosen: &str, nameable: &Nameable, ctx: &Ctx) -> Markup {
    let r = &ctx.words.roll;
    html! {
        label.field { span { (r.operator) } select name="operator" {
            option value="" { (r.operator_none) }
            @for (_, key, name) in &nameable.operators { option value=(key) selected[key == chosen] { (name) } }
        } }
    }
}

/// The rows of a list: what each is, and what is to become of it.
fn preview(rows: &[Row], review: &Review, ctx: &Ctx) -> Markup {
    let r = &ctx.words.roll;
    let [new, alike, wrong] = review.counts();
    let counts = [rows.len(), new, alike, wrong].map(|n| n.to_string());
    let heads = [
        r.col_row,
        r.col_name,
        r.col_phone,
        r.col_village,
        r.col_category,
        r.col_consent,
        r.col_operator,
        r.col_standing,
    ];
    let body = html! {
        section.card {
            h1 { (r.preview_title) }
            p { (fill(r.preview_counts, &counts.each_ref().map(String::as_str))) }
            @if alike > 0 { p.warn { (r.preview_alike) } }
            @if wrong > 0 { p.warn { (r.preview_wrong) } }
            form method="post" action=(PATH) {
                input type="hidden" name="list" value="1";
                div.scroll tabindex="0" role="region" aria-label=(r.preview_title) { table.as-cards {
                    thead { tr { @for head in heads { th scope="col" { (head) } } } }
                    tbody { @for (row, standing) in rows.iter().zip(&review.standings) { (preview_row(row, standing, review, ctx)) } }
                } }
                @if new + alike > 0 { p { button.primary type="submit" { (r.import_button) } } }
            }
            p { a href=(NEW) { (r.new_title) } }
        }
    };
    shell::page(r.preview_title, Some(Section::Households), &body, ctx)
}

fn preview_row(row: &Row, standing: &Standing, review: &Review, ctx: &Ctx) -> Markup {
    let r = &ctx.words.roll;
    let t = &row.typed;
    let category = match (t.category.as_str(), t.category_from.as_str()) {
        ("", _) | (_, "") => t.category.clone(),
        (category, from) => fill(r.since, &[category, from]),
    };
    let place = [t.town.as_str(), t.village.as_str()].join(" ");
    html! { tr {
        td.whole {
            (row.number)
            input type="hidden" name="row" value=(row.number);
            @for ((name, _), value) in FIELDS.iter().zip(t.values()).filter(|(_, value)| !value.is_empty()) {
                input type="hidden" name=(name) value=(value);
            }
        }
        td.whole data-label=(r.col_name) { (t.name) }
        td.whole data-label=(r.col_phone) { (t.phone) }
        td data-label=(r.col_village) { (place) }
        td data-label=(r.col_category) { (category) }
        td.whole data-label=(r.col_consent) { (t.consent_on) }
        td data-label=(r.col_operator) { (t.operator) }
        td data-label=(r.col_standing) { @match standing {
            Standing::New => span.tag { (r.standing_new) },
            Standing::Wrong(fault) => span.warn { (fault.text(ctx.lang)) },
            Standing::Alike(why, id) => {
                @let known = review.alike.get(id);
                @let label = known.map_or_else(String::new, |k| format!("{} {}", family_name(&k.name), k.key));
                @let is_row = *why == Alike::Row;
                p.warn {
                    (fill(r.alike(*why), &[&label]))
                    @if !is_row { " " a href=(address(*id)) { (ctx.words.access.col_household) } }
                }
                select name="choice" aria-label=(r.col_standing) { @for choice in Choice::ALL.into_iter().filter(|c| !is_row || *c != Choice::Update) {
                    option value=(choice.key()) selected[choice == row.choice] { (choice_word(choice, ctx)) }
                } }
            },
        } }
    } }
}

const fn choice_word(choice: Choice, ctx: &Ctx) -> &'static str {
    let r = &ctx.words.roll;
    match choice {
        Choice::Skip => r.choice_skip,
        Choice::Update => r.choice_update,
        Choice::New => r.choice_new,
    }
}

/// What became of a list.
fn done(outcome: &Outcome, ctx: &Ctx) -> Markup {
    let r = &ctx.words.roll;
    let counts = [
        (r.done_new, outcome.new),
        (r.done_updated, outcome.updated),
        (r.done_skipped, outcome.skipped),
        (r.done_wrong, outcome.wrong),
    ];
    let body = html! {
        section.card {
            h1 { (r.done_title) }
            dl.facts { @for (label, count) in counts { (fact(label, &html! { (count) })) } }
            p.actions {
                a.button href="/branch/slips" { (r.done_next) }
                a.button href=(NEW) { (r.done_again) }
            }
        }
    };
    shell::page(r.done_title, Some(Section::Households), &body, ctx)
}

/// A row of a list with its number in the file.
#[derive(Debug, Clone, Default)]
struct Row {
    number: usize,
    typed: TypedHousehold,
    choice: Choice,
}

/// Rows of a form: each begins with its number.
fn typed(fields: Vec<(String, String)>) -> (bool, Vec<Row>) {
    let (mut is_list, mut rows) = (false, Vec::<Row>::new());
    for (name, value) in fields {
        match (name.as_str(), rows.last_mut()) {
            ("list", _) => is_list = true,
            ("row", _) => rows.push(Row { number: value.parse().unwrap_or_default(), ..Row::default() }),
            ("choice", Some(row)) => row.choice = Choice::parse(&value).unwrap_or_default(),
            (_, Some(row)) => row.typed.set(&name, &value),
            (_, None) => {}
        }
    }
    rows.truncate(MOST_ROWS);
    (is_list, rows)
}

/// `GET /branch/households/new`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let nameable = nameable(&app, &visit).await?;
    Ok(render(&TypedHousehold::default(), None, &nameable, &visit.ctx))
}

async fn nameable(app: &AppState, visit: &Visit) -> Result<Nameable, WebError> {
    let scope = visit.scope()?;
    let load = async { anyhow::Ok(service::nameable(&mut app.store.read(scope).await?).await?) };
    Ok(load.await?)
}

async fn review(app: &AppState, visit: &Visit, rows: &[Row]) -> Result<Review, WebError> {
    let (scope, today) = (visit.scope()?, app.clock.today());
    let typed: Vec<TypedHousehold> = rows.iter().map(|row| row.typed.clone()).collect();
    let load = async { anyhow::Ok(service::review(&mut app.store.read(scope).await?, today, &typed).await?) };
    Ok(load.await?)
}

/// `POST /branch/households`: takes in one household, or the list that was shown.
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let (is_list, rows) = typed(fields);
    let ctx = &visit.ctx;
    if !is_list {
        return create_one(&app, &visit, rows.into_iter().next().unwrap_or_default()).await;
    }
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let wanted: Vec<(TypedHousehold, Choice)> = rows.into_iter().map(|row| (row.typed, row.choice)).collect();
    match Box::pin(service::take_in(&desk, &wanted, None)).await {
        Ok(outcome) => Ok(done(&outcome, ctx).into_response()),
        Err(error) => refused(error, NEW, ctx),
    }
}

/// One that looks like another is shown as a list of one is, to be chosen.
async fn create_one(app: &AppState, visit: &Visit, row: Row) -> Result<Response, WebError> {
    let ctx = &visit.ctx;
    let rows = [row];
    let judged = review(app, visit, &rows).await?;
    let [row] = rows;
    match judged.standings.first() {
        Some(Standing::New) => {}
        Some(Standing::Alike(..)) => return Ok(preview(&[row], &judged, ctx).into_response()),
        Some(Standing::Wrong(fault)) => {
            let nameable = nameable(app, visit).await?;
            return Ok(render(&row.typed, Some(fault.text(ctx.lang)), &nameable, ctx).into_response());
        }
        None => return Ok(Redirect::to(NEW).into_response()),
    }
    let actor = visit.actor()?;
    let desk = app.desk(visit, &actor)?;
    match Box::pin(service::take_in(&desk, &[(row.typed, Choice::New)], None)).await {
        Ok(outcome) => Ok(Redirect::to(&address(outcome.last)).into_response()),
        Err(error) => refused(error, NEW, ctx),
    }
}

/// `POST /branch/households/list`: shows the households of a list; nothing is taken in.
pub async fn preview_list(State(app): State<AppState>, visit: Visit, form: Multipart) -> Result<Response, WebError> {
    let ctx = &visit.ctx;
    let Some(mut list) = upload::only(form, "list").await? else {
        return refused(Problem::from(Mistake::NoFileChosen).into(), NEW, ctx);
    };
    let read =
        tokio::task::spawn_blocking(move || service::read_sheet(&mut list)).await.map_err(anyhow::Error::from)?;
    match read {
        Ok(read) => {
            let row = |(number, typed)| Row { number, typed, choice: Choice::default() };
            let rows: Vec<Row> = read.into_iter().map(row).collect();
            let judged = review(&app, &visit, &rows).await?;
            Ok(preview(&rows, &judged, ctx).into_response())
        }
        Err(problem) => refused(problem.into(), NEW, ctx),
    }
}

/// `GET /branch/households/blank`: the blank list with one row that explains itself.
pub async fn blank(State(app): State<AppState>) -> Result<Response, WebError> {
    let example = [
        "可不填，自动编号",
        "（这一行读的时候会跳过，可以删）",
        "13800000000，或只填后 4 位 0000",
        "村名重复时填",
        "村名或 12 位代码",
        "一般户、脱贫户、脱贫不稳定户、边缘易致贫户、突发严重困难户",
        "2021-01-01",
        "2026-01-05",
        "系统里合作社的名称，没有就空着",
    ];
    let cell = |(index, text): (usize, &str)| {
        Cell::Text(if index == 1 { format!("{EXAMPLE}{text}") } else { text.to_owned() })
    };
    let sheet = Sheet {
        name: "花名册",
        head: FIELDS.iter().map(|(_, headings)| headings[0].to_owned()).collect(),
        rows: vec![example.into_iter().enumerate().map(cell).collect()],
        notes: Vec::new(),
        at: app.clock.now(),
    };
    Ok(sheet.answer("households", Format::Xlsx)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_begins_a_row_of_the_form() {
        let fields =
            [("list", "1"), ("row", "2"), ("name", " 甲 "), ("row", "5"), ("name", "乙"), ("choice", "update")];
        let (is_list, rows) = typed(fields.map(|(n, v)| (n.to_owned(), v.to_owned())).into());
        assert_eq!((is_list, rows.len(), rows[1].number, rows[1].choice), (true, 2, 5, Choice::Update));
        assert_eq!((rows[0].typed.name.as_str(), rows[0].choice), ("甲", Choice::Skip));
    }
}
