//! Lines whose stream no rule could decide: a person says which it was, for one line or many.

use crate::domain::attribution::Rule;
use crate::domain::calendar::clock_text;
use crate::services::attributions::{self, Choice, Said};
use crate::store::lines::Undecided;
use crate::store::{Session, broadcasts};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::names::stream_label;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rustc_hash::FxHashMap;

/// Where the lines are.
pub const BACK: &str = "/branch/unmatched";
/// In the form, where a stream's number would stand.
const NO_STREAM: &str = "none";
const INFERRED: &str = "inferred";

/// Lines that wait, and the streams they may belong to.
#[derive(Debug, Clone, Default)]
pub struct Queue {
    pub lines: Vec<Undecided>,
    /// There are more.
    pub cut: bool,
    /// Of each line, in the lines' order; the last to start first.
    pub may_be: Vec<Vec<i64>>,
    /// What they are called.
    pub names: FxHashMap<i64, String>,
}

impl Queue {
    /// The streams on at the time of each line, in the same shop.
    pub async fn load(session: &mut Session, (lines, cut): (Vec<Undecided>, bool)) -> anyhow::Result<Self> {
        let may_be = attributions::may_be(session, &lines).await?;
        let mut ids: Vec<i64> = may_be.iter().flatten().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let named = broadcasts::list_named(session, &ids).await?;
        let names = named.iter().map(|stream| (stream.stream_id, stream_label(stream))).collect();
        Ok(Self { lines, cut, may_be, names })
    }

    fn name(&self, stream_id: i64) -> &str {
        self.names.get(&stream_id).map_or("", String::as_str)
    }
}

/// The lines of a cause; `may_change` says whether the reader decides.
pub fn form(queue: &Queue, cause: &str, may_change: bool, ctx: &Ctx) -> Markup {
    let table = table(queue, cause, may_change, ctx);
    if !may_change {
        return table;
    }
    let b = &ctx.words.branch;
    let inferred = queue.lines.iter().any(|line| line.rule == Rule::Shelf.key());
    let mut streams: Vec<(&str, i64)> = queue.names.iter().map(|(id, name)| (name.as_str(), *id)).collect();
    streams.sort_unstable_by(|a, b| b.cmp(a));
    html! {
        form.stacked.choosing method="post" action="/branch/unmatched/streams" {
            (table)
            label.field { span { (b.settle_lines) } select name="stream" required {
                @if inferred { option value=(INFERRED) selected { (b.settle_inferred) } } @else { option value="" {} }
                @for (name, id) in &streams { option value=(id) { (name) } }
                option value=(NO_STREAM) { (b.settle_none) }
            } }
            label.field { span { (b.settle_bulk) } select name="bulk" {
                option value="" { (b.settle_bulk_kept) }
                option value="yes" { (b.settle_bulk_yes) }
                option value="no" { (b.settle_bulk_no) }
            } }
            label.field { span { (b.settle_reason) } input type="text" name="reason" required maxlength="200"; }
            button type="submit" { (b.settle_button) }
        }
    }
}

fn table(queue: &Queue, cause: &str, may_change: bool, ctx: &Ctx) -> Markup {
    let (b, c) = (&ctx.words.branch, &ctx.words.frame);
    html! {
        div.scroll tabindex="0" role="region" aria-label=(cause) { table {
            thead { tr {
                @if may_change { th scope="col" { (b.col_chosen) } }
                th scope="col" { (b.col_line) } th scope="col" { (b.col_paid_at) } th scope="col" { (b.col_title) }
                th scope="col" { (b.col_may_be) }
            } }
            tbody { @for (line, may_be) in queue.lines.iter().zip(&queue.may_be) { tr {
                @if may_change {
                    td.whole { input type="checkbox" name="line" value=(line.line_id) aria-label=(line.line_no); }
                }
                td { (line.line_no) }
                td.whole { (line.paid_at.map_or_else(|| c.none.to_owned(), clock_text)) }
                td { (line.title) }
                td {
                    @if may_be.is_empty() { (c.none) }
                    @for stream_id in may_be { div { (queue.name(*stream_id)) } }
                }
            } } }
        } }
    }
}

/// One field a line, `line`, and `stream`, `bulk`, `reason`.
type Typed = Vec<(String, String)>;

/// `POST /branch/unmatched/streams`
pub async fn create(State(app): State<AppState>, visit: Visit, Form(typed): Form<Typed>) -> Result<Response, WebError> {
    let value = |name: &str| typed.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let choice = match value("stream") {
        NO_STREAM => Choice::None,
        INFERRED => Choice::AsItStands,
        id => Choice::Stream(id.parse().map_err(|_| WebError::BadRequest)?),
    };
    let lines: Result<Vec<i64>, _> = typed.iter().filter(|(key, _)| key == "line").map(|(_, id)| id.parse()).collect();
    let bulk = match value("bulk") {
        "" => None,
        "yes" => Some(true),
        "no" => Some(false),
        _ => return Err(WebError::BadRequest),
    };
    let said = Said { choice, bulk, reason: value("reason") };
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = attributions::decide(&desk, &lines.map_err(|_| WebError::BadRequest)?, said).await;
    went_on(done.map(|_| BACK.to_owned()), BACK, &visit.ctx)
}
