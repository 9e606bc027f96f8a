//! 用语检查: the phrases that may not be used on streams, trying a sentence, and the county's own changes to the list.

use super::plan::hit_list;
use crate::domain::access::Role;
use crate::domain::phrases::{Edit, Kind, Phrases};
use crate::services::phrases as service;
use crate::store::phrases;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

const PATH: &str = "/branch/streams/words";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub phrases: Phrases,
    pub edits: Vec<Edit>,
    /// A sentence to try.
    pub text: String,
    pub may_change: bool,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.streams;
    let body = html! {
        section.card {
            h1 { (s.words_title) }
            p.quiet { (s.words_note) }
            form.stacked method="get" action=(PATH) {
                label.field { span { (s.try_text) } input type="text" name="text" value=(page.text) maxlength="400"; }
                button type="submit" { (s.try_button) }
            }
            @if !page.text.is_empty() {
                @let hits = page.phrases.check(&page.text);
                @if hits.is_empty() { p.gain role="status" { (s.checked) } } @else { p { (hit_list(&hits, ctx)) } }
            }
        }
        @if page.may_change { (put(ctx)) }
        @let allowed: Vec<&Edit> = page.edits.iter().filter(|edit| !edit.barred).collect();
        section.card {
            h2 { (s.allowed_title) }
            @if allowed.is_empty() { p.empty { (s.allowed_none) } }
            ul.todo { @for edit in allowed { li { span { (edit.phrase) } (back(&edit.phrase, page.may_change, ctx)) } } }
            @let added: Vec<&Edit> = page.edits.iter().filter(|edit| edit.barred).collect();
            @if !added.is_empty() {
                h2 { (s.county_list) }
                ul.todo { @for edit in added { li { span { (edit.phrase) } (back(&edit.phrase, page.may_change, ctx)) } } }
            }
        }
        section.card { (table(page, ctx).render(ctx)) }
    };
    shell::page(s.words_title, Some(Section::Broadcasts), &body, ctx)
}

fn put(ctx: &Ctx) -> Markup {
    let s = &ctx.words.streams;
    let kinds: Vec<(&str, &str)> = Kind::ALL.into_iter().map(|kind| (kind.key(), s.kind(kind))).collect();
    html! {
        section.card {
            h2 { (s.words_put_title) }
            form.stacked method="post" action=(PATH) {
                (form::field(&Field::text("phrase", s.words_phrase)))
                (form::select("kind", s.words_kind, &kinds))
                (form::field(&Field::text("suggestion", s.col_instead).optional()))
                div.actions {
                    button type="submit" name="act" value="bar" { (s.words_bar) }
                    button type="submit" name="act" value="allow" { (s.words_allow) }
                }
            }
        }
    }
}

fn back(phrase: &str, may_change: bool, ctx: &Ctx) -> Markup {
    html! {
        @if may_change {
            form method="post" action=(PATH) {
                input type="hidden" name="phrase" value=(phrase);
                button.plain type="submit" name="act" value="back" { (ctx.words.streams.words_back) }
            }
        }
    }
}

fn table(page: &Page, ctx: &Ctx) -> Table {
    let s = &ctx.words.streams;
    let columns = [
        (s.col_phrase, Align::Whole),
        (s.col_why, Align::Text),
        (s.col_instead, Align::Text),
        (s.col_whose, Align::Whole),
    ];
    let mut table = Table::new(s.words_title, s.allowed_none, &columns);
    for phrase in page.phrases.all() {
        table.rows.push(vec![
            phrase.text.as_str().into(),
            s.kind(phrase.kind).into(),
            phrase.suggestion.as_str().into(),
            if phrase.added { Cell::Tag(s.county_list.into()) } else { s.own_list.into() },
        ]);
    }
    table
}

/// A sentence to try.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    text: String,
}

/// `GET /branch/streams/words?text=…`
pub async fn show(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let may_change = visit.reader()?.role == Role::BranchAdmin;
    let load = async {
        let edits = phrases::list(&mut app.store.read(scope).await?).await?;
        Ok::<_, anyhow::Error>(Page { phrases: Phrases::with(&edits), edits, text: asked.text, may_change })
    };
    Ok(render(&load.await?, &visit.ctx))
}

/// A change to the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    phrase: String,
    kind: String,
    suggestion: String,
    act: String,
}

/// `POST /branch/streams/words`: bars a phrase, allows it, or takes a change back.
pub async fn update(State(app): State<AppState>, visit: Visit, Form(typed): Form<Typed>) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = if typed.act == "back" {
        service::take_back(&desk, &typed.phrase).await
    } else {
        let kind = Kind::parse(&typed.kind).unwrap_or(Kind::Absolute);
        let barred = typed.act != "allow";
        service::put(&desk, Edit { phrase: typed.phrase, kind, suggestion: typed.suggestion, barred }).await
    };
    went_on(done.map(|()| PATH.to_owned()), PATH, &visit.ctx)
}
