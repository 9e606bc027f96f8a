//! The streams of a month, with what each sold: chosen and sorted by the address, and as a file.

use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Day, Instant, clock_text, month_key, month_start, next_month, parse_month};
use crate::domain::figures::uplift_so_far_fen;
use crate::services::exports::{self, MOST_AN_HOUR, Taken};
use crate::store::broadcasts::{self, Named};
use crate::store::{Session, StoreError};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::spreadsheet::{self as sheets, Format, Sheet};
use crate::web::ui::number;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Paging, Table, pager};
use crate::web::wording::fill;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::TimeDelta;
use maud::{Markup, html};
use serde::Deserialize;

const PATH: &str = "/branch/streams";
/// Streams of a page.
const SIZE: i64 = 40;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub asked: Asked,
    /// First day of the month.
    pub month: Day,
    /// Those chosen, of all pages.
    pub count: usize,
    pub streams: Vec<StreamRow>,
    pub paging: Paging,
    /// Number and name of the anchors and rooms of the month.
    pub anchors: Vec<(i64, String)>,
    pub rooms: Vec<(i64, String)>,
    pub may_change: bool,
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
    let (b, w) = (&ctx.words.branch, &ctx.words.streams);
    let before = page.month.pred_opt().map(month_start);
    let link = |month: Day| page.asked.address(PATH, Some(month), 1);
    let body = html! {
        section.card {
            h1 { (fill(b.streams_month, &[&month_key(page.month)])) }
            div.actions {
                @if page.may_change { a.button.primary href="/branch/streams/new" { (w.plan_button) } }
                a.button href="/screen" { (w.screen_button) }
                a.button href="/branch/streams/words" { (w.words_button) }
            }
            nav.pager {
                @if let Some(before) = before { a href=(link(before)) { (b.month_before) } }
                span { (fill(b.week_count, &[&page.count.to_string()])) }
                a href=(link(next_month(page.month))) { (b.month_after) }
            }
            (filters(page, ctx))
            (table(&page.streams, PATH, b.streams_none, ctx).render(ctx))
            (pager(page.paging, ctx, |number| page.asked.address(PATH, Some(page.month), number)))
            p.quiet {
                (w.download) " "
                @for format in Format::ALL {
                    a href={ (page.asked.address("/branch/streams/table", Some(page.month), 1)) "&format=" (format.key()) } download {
                        (format.key().to_uppercase())
                    } " · "
                }
                (fill(w.download_note, &[&MOST_AN_HOUR.to_string()]))
            }
        }
    };
    shell::page(b.streams_title, Some(Section::Broadcasts), &body, ctx)
}

fn filters(page: &Page, ctx: &Ctx) -> Markup {
    let (w, asked) = (&ctx.words.streams, &page.asked);
    let states = [("", w.state_all), ("planned", w.state_planned), ("held", w.state_held)];
    let sorts = [("", w.sort_start), ("gmv", w.sort_gmv), ("refund", w.sort_refund)];
    html! {
        form.filters method="get" action=(PATH) {
            label.chip { (w.month) " " input type="month" name="month" value=(month_key(page.month)); }
            label.chip { (w.filter_anchor) " " select name="anchor" {
                option value="0" { (w.anyone) }
                @for (id, name) in &page.anchors { option value=(id) selected[*id == asked.anchor] { (name) } }
            } }
            label.chip { (w.filter_room) " " select name="room" {
                option value="0" { (w.anyone) }
                @for (id, name) in &page.rooms { option value=(id) selected[*id == asked.room] { (name) } }
            } }
            label.chip { (w.filter_state) " " select name="state" {
                @for (key, label) in states { option value=(key) selected[key == asked.state] { (label) } }
            } }
            label.chip { (w.sort) " " select name="sort" {
                @for (key, label) in sorts { option value=(key) selected[key == asked.sort] { (label) } }
            } }
            button type="submit" { (w.filter_button) }
        }
    }
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
                number::yuan(uplift_so_far_fen(&s.sums, Col::BaselineMid)).into(),
            ]
        })
        .collect();
    table
}

/// Which streams, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    month: Option<String>,
    /// 0: all.
    anchor: i64,
    room: i64,
    /// `planned`, `held`; empty: all.
    state: String,
    /// `gmv`, `refund`; empty: by start.
    sort: String,
    page: i64,
    /// Of a table that is taken away.
    format: String,
}

impl Asked {
    /// An address that asks the same of another month or page.
    fn address(&self, path: &str, month: Option<Day>, page: i64) -> String {
        let mut asked = vec![("month", month.map(month_key).unwrap_or_default())];
        let ids = [("anchor", self.anchor), ("room", self.room)].into_iter().filter(|(_, id)| *id != 0);
        asked.extend(ids.map(|(name, id)| (name, id.to_string())));
        // what was typed into the address is not repeated unless it is one of the few it may be
        for (name, value, known) in
            [("state", &self.state, ["planned", "held"]), ("sort", &self.sort, ["gmv", "refund"])]
        {
            if known.contains(&value.as_str()) {
                asked.push((name, value.clone()));
            }
        }
        asked.extend((page > 1).then(|| ("page", page.to_string())));
        let pairs: Vec<String> = asked.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{path}?{}", pairs.join("&"))
    }

    fn month(&self, today: Day) -> Result<Day, WebError> {
        match self.month.as_deref().filter(|text| !text.is_empty()) {
            None => Ok(month_start(today)),
            Some(text) => parse_month(text).ok_or(WebError::BadRequest),
        }
    }

    /// The chosen streams in their order.
    fn choose(&self, mut streams: Vec<StreamRow>, now: Instant) -> Vec<StreamRow> {
        streams.retain(|s| {
            (self.anchor == 0 || s.anchor_id == self.anchor)
                && (self.room == 0 || s.room_id == self.room)
                && match self.state.as_str() {
                    "planned" => s.starts_at > now,
                    "held" => s.starts_at <= now,
                    _ => true,
                }
        });
        match self.sort.as_str() {
            "gmv" => streams.sort_by_key(|s| std::cmp::Reverse(s.sums[Col::Gmv])),
            "refund" => streams.sort_by_key(|s| std::cmp::Reverse(s.sums[Col::Refund])),
            _ => {}
        }
        streams
    }
}

/// `GET /branch/streams?month=…`
pub async fn show(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let month = asked.month(app.clock.today())?;
    let scope = visit.scope()?;
    let may_change = visit.reader()?.role.may_change();
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let all = of_month(session, month).await?;
        let named = |mut of: Vec<(i64, String)>| {
            of.retain(|(id, _)| *id != 0);
            of.sort();
            of.dedup();
            of
        };
        let anchors = named(all.iter().map(|s| (s.anchor_id, s.anchor.clone())).collect());
        let rooms = named(all.iter().map(|s| (s.room_id, s.room.clone())).collect());
        let chosen = asked.choose(all, app.clock.now());
        let paging = Paging::of(Paging::asked(asked.page), i64::try_from(chosen.len())?, SIZE);
        let skipped = usize::try_from((paging.page - 1) * SIZE)?;
        Ok::<_, anyhow::Error>(Page {
            count: chosen.len(),
            streams: chosen.into_iter().skip(skipped).take(usize::try_from(SIZE)?).collect(),
            asked,
            month,
            paging,
            anchors,
            rooms,
            may_change,
        })
    };
    Ok(render(&load.await?, &visit.ctx))
}

async fn of_month(session: &mut Session, month: Day) -> Result<Vec<StreamRow>, StoreError> {
    between(session, month, next_month(month).pred_opt().unwrap_or(month)).await
}

/// `GET /branch/streams/table?month=…&format=…`: the chosen streams as a file, by start. It is handed on, and streams lie
/// within an anchor and a room, whose amounts stand in other files: so it holds none, nor their order.
pub async fn table_file(
    State(app): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let month = asked.month(app.clock.today())?;
    let format = Format::ALL.into_iter().find(|f| f.key() == asked.format).unwrap_or(Format::Xlsx);
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    let taken =
        Taken { grouping: "streams", region: scope.region(), from: Some(month), to: next_month(month).pred_opt() };
    if let Err(error) = exports::take(&app.store, scope.county(), &actor, &app.clock, taken).await {
        return refused(error, &asked.address(PATH, Some(month), 1), &visit.ctx);
    }
    let load = async {
        let session = &mut app.store.read(scope).await?;
        Ok::<_, anyhow::Error>(of_month(session, month).await?)
    };
    let by_start = Asked { sort: String::new(), ..asked };
    let rows = by_start.choose(load.await?, app.clock.now());
    let name = format!("red-anchor-streams-{}", month_key(month));
    Ok(sheet(&rows, app.clock.now(), &visit.ctx).answer(&name, format)?)
}

fn sheet(rows: &[StreamRow], at: Instant, ctx: &Ctx) -> Sheet {
    let (b, w) = (&ctx.words.branch, &ctx.words.streams);
    let head = [b.col_start, w.to, b.col_anchor, b.col_room, b.col_views, b.col_orders];
    let rows = rows.iter().map(|s| {
        vec![
            sheets::Cell::Text(clock_text(s.starts_at)),
            sheets::Cell::Text(clock_text(s.starts_at + TimeDelta::minutes(s.minutes))),
            sheets::Cell::Text(s.anchor.clone()),
            sheets::Cell::Text(s.room.clone()),
            s.views.map_or(sheets::Cell::Blank, sheets::Cell::Count),
            sheets::Cell::Count(s.lines),
        ]
    });
    let mut notes = vec![vec![w.table_note.to_owned()]];
    notes.extend(ctx.demo.then(|| vec![ctx.words.frame.demo.to_owned()]));
    Sheet { name: b.streams_title, head: head.map(str::to_owned).into(), rows: rows.collect(), notes, at }
}

/// The streams in the reader's scope that started in a span, with what each sold.
pub async fn between(session: &mut Session, from: Day, to: Day) -> Result<Vec<StreamRow>, StoreError> {
    let streams = broadcasts::list_between(session, from, to).await?;
    with_sales(session, streams).await
}

/// Streams with what each sold.
pub async fn with_sales(session: &mut Session, streams: Vec<Named>) -> Result<Vec<StreamRow>, StoreError> {
    let ids: Vec<i64> = streams.iter().map(|s| s.stream_id).collect();
    let sold = broadcasts::sum_sold(session, &ids).await?;
    let lines = broadcasts::count_lines(session, &ids).await?;
    let with_sales = |stream: Named| {
        let found = sold.iter().find(|s| s.stream_id == stream.stream_id);
        let lines = lines.get(&stream.stream_id).copied().unwrap_or(0);
        row(stream, lines, found.map_or(Amounts::ZERO, |s| s.position))
    };
    Ok(streams.into_iter().map(with_sales).collect())
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
