//! The streams of a month, with what each sold.

use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Day, Instant, clock_text, month_key, month_start, next_month, parse_month};
use crate::store::broadcasts::{self, Named};
use crate::store::{Session, StoreError};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::number;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// First day of the month.
    pub month: Day,
    pub streams: Vec<StreamRow>,
}

/// A stream and what it sold, as it now stands.
#[derive(Debug, Clone)]
pub struct StreamRow {
    pub stream_id: i64,
    pub starts_at: Instant,
    pub minutes: i64,
    pub anchor_id: i64,
    pub anchor: String,
    /// 0 outside every Red Livestream Room.
    pub room_id: i64,
    /// Empty outside every Red Livestream Room.
    pub room: String,
    pub views: Option<i64>,
    pub lines: i64,
    pub sums: Amounts,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let b = &ctx.words.branch;
    let before = page.month.pred_opt().map(month_start);
    let link = |month: Day| format!("/branch/streams?month={}", month_key(month));
    let body = html! {
        section.card {
            h1 { (fill(b.streams_month, &[&month_key(page.month)])) }
            nav.pager {
                @if let Some(before) = before { a href=(link(before)) { (b.month_before) } }
                span { (fill(b.week_count, &[&page.streams.len().to_string()])) }
                a href=(link(next_month(page.month))) { (b.month_after) }
            }
            (table(&page.streams, "/branch/streams", b.streams_none, ctx).render(ctx))
        }
    };
    shell::page(b.streams_title, Some(Section::Broadcasts), &body, ctx)
}

/// A table of streams whose starts lead to their pages under `path`.
pub fn table(streams: &[StreamRow], path: &str, empty: &str, ctx: &Ctx) -> Table {
    let (b, c) = (&ctx.words.branch, &ctx.words.frame);
    let columns = [
        (b.col_start, Align::Whole),
        (b.col_length, Align::Number),
        (b.col_anchor, Align::Text),
        (b.col_room, Align::Text),
        (b.col_views, Align::Number),
        (b.col_orders, Align::Number),
        (b.col_gmv, Align::Number),
        (b.col_refund, Align::Number),
        (b.col_uplift_so_far, Align::Number),
    ];
    let mut table = Table::new(b.streams_title, empty, &columns);
    table.rows = streams
        .iter()
        .map(|s| {
            vec![
                Cell::Link(clock_text(s.starts_at), format!("{path}/{}", s.stream_id)),
                fill(b.minutes, &[&s.minutes.to_string()]).into(),
                s.anchor.as_str().into(),
                if s.room.is_empty() { Cell::Text(b.no_room.into()) } else { s.room.as_str().into() },
                s.views.map_or_else(|| c.none.to_owned(), number::grouped).into(),
                number::grouped(s.lines).into(),
                number::yuan(s.sums[Col::Gmv]).into(),
                number::yuan(s.sums[Col::Refund]).into(),
                number::yuan(uplift_so_far_fen(&s.sums)).into(),
            ]
        })
        .collect();
    table
}

/// Uplift with what is still provisional: a stream of this week has nothing settled yet, and 0.00 beside its sales
/// would say it brought nothing.
pub fn uplift_so_far_fen(sums: &Amounts) -> i64 {
    sums[Col::Farmer] - sums[Col::WithoutBaseline] - sums[Col::BaselineMid] - sums[Col::ExtraCost]
}

/// Which month, as it stands in the address.
#[derive(Debug, Clone, Deserialize)]
pub struct Asked {
    month: Option<String>,
}

/// `GET /branch/streams?month=…`
pub async fn show(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let month = match asked.month.as_deref() {
        None => month_start(app.clock.today()),
        Some(text) => parse_month(text).ok_or(WebError::BadRequest)?,
    };
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let last = next_month(month).pred_opt().unwrap_or(month);
        Ok::<_, anyhow::Error>(Page { month, streams: between(session, month, last).await? })
    };
    Ok(render(&load.await?, &visit.ctx))
}

/// The streams in the reader's scope that started in a span, with what each sold.
pub async fn between(session: &mut Session, from: Day, to: Day) -> Result<Vec<StreamRow>, StoreError> {
    let streams = broadcasts::list_between(session, from, to).await?;
    let ids: Vec<i64> = streams.iter().map(|s| s.stream_id).collect();
    let sold = broadcasts::sum_sold(session, &ids).await?;
    Ok(streams
        .into_iter()
        .map(|stream| {
            let found = sold.iter().find(|s| s.stream_id == stream.stream_id);
            row(stream, found.map_or(0, |s| s.lines), found.map_or(Amounts::ZERO, |s| s.position))
        })
        .collect())
}

fn row(stream: Named, lines: i64, sums: Amounts) -> StreamRow {
    StreamRow {
        stream_id: stream.stream_id,
        starts_at: stream.starts_at,
        minutes: (stream.ends_at - stream.starts_at).num_minutes(),
        anchor_id: stream.anchor_id,
        anchor: stream.anchor,
        room_id: stream.room_id,
        room: stream.room,
        views: stream.views,
        lines,
        sums,
    }
}
