//! 列对应: a file nobody has seen before. A person sends a sample, says which column is which, and saves that as a profile.
//!
//! Rule that must hold: the sample is not kept. The page that answers it holds headings, masked values and words; what is
//! sent back from there is headings and words alone: of these the page is made again where a profile is refused.

use super::files::{ENDINGS, kind as kind_name};
use crate::domain::problem::{Mistake, Problem};
use crate::services::columns::{self, Column, Draft, Field, Kind, OUTGOING, Sample};
use crate::services::connection;
use crate::services::import::{self, Namesake, Profiles, Received};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused, refused_on};
use crate::web::names::platform;
use crate::web::ui::fields::Fields;
use crate::web::ui::form::{self, Field as Input};
use crate::web::ui::shell::{self, Section};
use crate::web::upload;
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

const PATH: &str = "/branch/files/columns";
const PROFILES: &str = "/branch/files/profiles";
/// Characters of a profile's title.
const MOST_TITLE: usize = 60;

/// What the second page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub kind: Kind,
    pub sample: Sample,
    /// Known ones, for suggestions.
    pub profiles: Profiles,
}

/// The first page: which file, and what it holds.
fn ask(ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let body = html! {
        section.card {
            h1 { (s.columns_title) }
            p { (s.columns_note) }
            form.stacked method="post" action=(PATH) enctype="multipart/form-data" {
                label.field {
                    span { (s.columns_kind) }
                    select name="kind" { @for kind in Kind::ALL { option value=(kind.key()) { (kind_name(kind, ctx)) } } }
                }
                label.field.drop {
                    span { (s.columns_sample) }
                    input type="file" name="sample" required accept=(ENDINGS);
                    span.quiet { (s.columns_privacy) }
                }
                button.primary type="submit" { (s.columns_look) }
            }
            p { a href="/branch/files/profiles" { (s.profiles_title) } }
        }
    };
    shell::page(s.columns_title, Some(Section::Files), &body, ctx)
}

/// The second page: sample rows beside the fields.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let (needed, others) = columns::asked(page.kind);
    let body = html! {
        section.card {
            h1 { (s.columns_title) }
            @if page.sample.columns.iter().any(|column| !column.values.is_empty()) {
                p.quiet { (s.columns_masked) }
                (sample(&page.sample, ctx))
            } @else { p.quiet { (s.columns_again) } }
        }
        form.stack method="post" action=(PROFILES) {
            input type="hidden" name="kind" value=(page.kind.key());
            @for column in &page.sample.columns {
                input type="hidden" name="heading" value=(column.heading);
                @for word in &column.words { input type="hidden" name="word" value=(word); }
            }
            section.card {
                h2 { (fill(s.columns_needed, &[kind_name(page.kind, ctx)])) }
                div.pairs { @for &field in needed { (choice(field, page, true, ctx)) } }
            }
            section.card {
                h2 { (s.columns_others) }
                p.quiet { (s.columns_others_note) }
                div.pairs { @for &field in others { (choice(field, page, false, ctx)) } }
            }
            (words(page, ctx))
            section.card {
                h2 { (s.profile_save_title) }
                div.stacked {
                    @if page.kind == Kind::Orders {
                        (form::select("rows", s.profile_rows, &[
                            ("order", s.rows_order), ("item", s.rows_item), ("line", s.rows_line),
                        ]))
                        (form::select("paid_with_freight", s.profile_freight, &[("", s.freight_apart), ("yes", s.freight_in)]))
                    }
                    label.field {
                        span { (s.profile_platform) }
                        select name="platform" {
                            option value="" { (s.profile_any_platform) }
                            @for offered in connection::offered() {
                                option value=(offered.key) { (platform(offered.key, ctx)) }
                            }
                        }
                    }
                    (form::field(&Input::text("name", s.profile_name).note(s.profile_name_note).pattern("[a-z0-9\\-]+")))
                    (form::field(&Input::text("title", s.profile_shown_as)))
                    button.primary type="submit" { (s.profile_save) }
                }
            }
        }
    };
    shell::page(s.columns_title, Some(Section::Files), &body, ctx)
}

fn sample(sample: &Sample, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let rows = sample.columns.iter().map(|c| c.values.len()).max().unwrap_or(0);
    html! {
        @if !sample.part.is_empty() { p { strong { (sample.part) } } }
        div.scroll tabindex="0" role="region" aria-label=(s.columns_sample) { table {
            thead { tr { @for column in &sample.columns { th scope="col" { (column.heading) } } } }
            tbody { @for row in 0..rows { tr {
                @for column in &sample.columns { td.whole { (column.values.get(row).map_or("", String::as_str)) } }
            } } }
        } }
    }
}

fn choice(field: Field, page: &Page, needed: bool, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let key = columns::key(field);
    let likely = page.sample.likely(page.kind, field, &page.profiles);
    html! {
        label.field {
            span { (s.of_field(&key)) @if needed { " *" } }
            select name={ "f." (key) } required[needed] {
                option value="" { (if needed { s.column_choose } else { s.column_none }) }
                @for Column { heading, values, .. } in &page.sample.columns {
                    option value=(heading) selected[likely == Some(heading.as_str())] {
                        (heading)
                        @if let Some(first) = values.first() { (fill(s.column_such_as, &[first])) }
                    }
                }
            }
        }
    }
}

fn words(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let groups = columns::word_groups(page.kind);
    let seen: Vec<&Column> = page.sample.columns.iter().filter(|c| !c.words.is_empty()).collect();
    html! {
        @if !groups.is_empty() {
            section.card {
                h2 { (s.words_title) }
                p.quiet { (s.words_note) }
                @for column in &seen { p { (column.heading) ": " @for word in &column.words { span.tag { (word) } " " } } }
                @for (group, meanings) in groups {
                    @let of = columns::field_of(page.kind, group).map(columns::key);
                    p { strong { (of.as_deref().map_or(*group, |key| s.of_field(key))) } }
                    @if *group == OUTGOING { p.quiet { (s.outgoing_note) } }
                    div.pairs { @for meaning in *meanings {
                        (form::field(&Input::text(&format!("w.{group}.{meaning}"), s.of_meaning(meaning)).optional()))
                    } }
                }
            }
        }
    }
}

/// `GET /branch/files/columns`
pub async fn show(visit: Visit) -> Markup {
    ask(&visit.ctx)
}

/// `POST /branch/files/columns`: looks into a sample and forgets it.
pub async fn look(State(app): State<AppState>, visit: Visit, mut form: Multipart) -> Result<Response, WebError> {
    let (mut kind, mut received): (Option<Kind>, Option<Received>) = (None, None);
    while let Some(field) = form.next_field().await.map_err(upload::unreadable)? {
        match field.name() {
            Some("kind") => kind = Kind::parse(&upload::text(field).await?),
            Some("sample") => {
                let name = upload::name(&field);
                if !name.is_empty() {
                    received = Some(upload::received(field, &name).await?);
                }
            }
            _ => {}
        }
    }
    let kind = kind.ok_or(WebError::BadRequest)?;
    let Some(mut received) = received else {
        return refused(Problem::from(Mistake::NoFileChosen).into(), PATH, &visit.ctx);
    };
    let read = tokio::task::spawn_blocking(move || columns::read(&mut received)).await.map_err(anyhow::Error::from)?;
    let sample = match read {
        Ok(sample) => sample,
        Err(problem) => return refused(problem.into(), PATH, &visit.ctx),
    };
    let scope = visit.scope()?;
    let load = async { import::list_profiles(&mut app.store.read(scope).await?).await };
    Ok(render(&Page { kind, sample, profiles: load.await? }, &visit.ctx).into_response())
}

/// The sample's headings and words, as its page hands them on.
fn handed_on(said: &Fields) -> Sample {
    let mut columns: Vec<Column> = Vec::new();
    for (name, text) in said.pairs() {
        match (name, columns.last_mut()) {
            ("heading", _) => columns.push(Column { heading: text.to_owned(), ..Column::default() }),
            ("word", Some(column)) => column.words.push(text.to_owned()),
            _ => {}
        }
    }
    Sample { columns, ..Sample::default() }
}

/// What was said: `f.order_no`, `w.statuses.paid` and the rest.
fn draft(kind: Kind, said: &Fields) -> Draft {
    let (needed, others) = columns::asked(kind);
    let columns =
        needed.iter().chain(others).map(|&field| (field, said.text(&format!("f.{}", columns::key(field))).to_owned()));
    let words = said.pairs().filter_map(|(key, value)| {
        let (group, meaning) = key.strip_prefix("w.")?.split_once('.')?;
        Some((group.to_owned(), meaning.to_owned(), value.to_owned()))
    });
    let name = said.text("name").to_lowercase();
    Draft {
        title: Some(said.text("title")).filter(|t| !t.is_empty()).unwrap_or(&name).chars().take(MOST_TITLE).collect(),
        name,
        kind,
        rows: said.text("rows").to_owned(),
        platform: said.text("platform").to_owned(),
        paid_with_freight: said.text("paid_with_freight") == "yes",
        columns: columns.filter(|(_, heading)| !heading.is_empty()).collect(),
        words: words.collect(),
    }
}

/// `POST /branch/files/profiles`: saves what was said as a profile.
pub async fn create(State(app): State<AppState>, visit: Visit, Form(said): Form<Fields>) -> Result<Response, WebError> {
    let kind = Kind::parse(said.text("kind")).ok_or(WebError::BadRequest)?;
    let draft = draft(kind, &said);
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    let save = async {
        if app.demo {
            return Err(Problem::RealOnDemo.into());
        }
        let profile = columns::profile(&draft)?;
        import::save_profile(&app.store, scope.county(), &actor, &app.clock, &profile, Namesake::Stays).await
    };
    match save.await {
        Ok(()) => Ok(Redirect::to(PROFILES).into_response()),
        Err(error) => {
            let load = async { import::list_profiles(&mut app.store.read(scope).await?).await };
            let page = Page { kind, sample: handed_on(&said), profiles: load.await? };
            refused_on(&render(&page, &visit.ctx), (PROFILES, &said), error, &visit.ctx)
        }
    }
}
