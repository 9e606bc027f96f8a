//! The Red Livestream Rooms: all of them side by side by what a month's streams brought, and one with its equipment,
//! accounts and recent streams.
//!
//! Sums are of streams that are over, over sums of hours: never a mean of means. A stream outside every room is in no row.

use super::anchors::RECENT_DAYS;
use super::streams::{self, StreamRow};
use super::tables::{self, Kind};
use crate::domain::amounts::Col;
use crate::domain::audit::Noun;
use crate::domain::calendar::{Day, month_key, month_start, next_month, parse_month};
use crate::domain::figures::uplift_so_far_fen;
use crate::domain::money::at_fraction;
use crate::store::people::{self, Room};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::{Names, platform};
use crate::web::ui::bars::{self, Tone};
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use chrono::TimeDelta;
use maud::{Markup, html};
use serde::Deserialize;

const MINUTES: i64 = 60;

/// A room with what is named about it.
#[derive(Debug, Clone)]
pub struct RoomRow {
    pub room: Room,
    pub village: String,
    /// Platform and author number.
    pub accounts: Vec<String>,
}

/// What a room's page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub row: RoomRow,
    pub streams: Vec<StreamRow>,
    pub may_change: bool,
}

/// What a room's streams of a month brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Brought {
    pub streams: i64,
    pub minutes: i64,
    pub net_fen: i64,
    pub uplift_fen: i64,
}

impl Brought {
    /// Adds up streams.
    pub fn of<'s>(streams: impl IntoIterator<Item = &'s StreamRow>) -> Self {
        streams.into_iter().fold(Self::default(), |sum, stream| Self {
            streams: sum.streams + 1,
            minutes: sum.minutes + stream.minutes,
            net_fen: sum.net_fen + stream.sums[Col::Gmv] - stream.sums[Col::Refund],
            uplift_fen: sum.uplift_fen + uplift_so_far_fen(&stream.sums, Col::BaselineMid),
        })
    }

    fn a_stream(self, fen: i64) -> Option<i64> {
        (self.streams > 0).then(|| at_fraction(fen, 1, self.streams))
    }

    fn an_hour(self, fen: i64) -> Option<i64> {
        (self.minutes > 0).then(|| at_fraction(fen, MINUTES, self.minutes))
    }
}

/// All rooms.
pub fn render_list(rooms: &[RoomRow], compared: &Compared, ctx: &Ctx) -> Markup {
    let (b, s) = (&ctx.words.branch, &ctx.words.scheme);
    let columns = [
        (b.col_room, Align::Text),
        (b.col_village, Align::Text),
        (b.col_opened, Align::Whole),
        (b.col_accounts, Align::Text),
    ];
    let mut table = Table::new(b.rooms_title, b.rooms_none, &columns);
    for row in rooms {
        table.rows.push(vec![
            Cell::Link(row.room.name.clone(), format!("/branch/rooms/{}", row.room.room_id)),
            row.village.as_str().into(),
            state(&row.room, ctx).into(),
            row.accounts.join(", ").into(),
        ]);
    }
    let link = |month: Day| format!("/branch/rooms?month={}", month_key(month));
    let body = html! {
        section.card {
            h1 { (b.rooms_title) }
            (table.render(ctx))
            (tables::links(&[Kind::Rooms], ctx))
            p.actions {
                @if compared.may_change { a.button href="/branch/rooms/new" { (s.room_add) } }
                a.button href="/branch/rooms/calendar" { (s.calendar_title) }
            }
        }
        @if !rooms.is_empty() { section.card {
            h2 { (s.compare_title) }
            p.quiet { (fill(s.compare_note, &[&month_key(compared.month)])) }
            nav.pager {
                @if let Some(before) = compared.month.pred_opt().map(month_start) { a href=(link(before)) { (b.month_before) } }
                span { (month_key(compared.month)) }
                a href=(link(next_month(compared.month))) { (b.month_after) }
            }
            (compare(rooms, compared, ctx).render(ctx))
            (bars_of(rooms, compared, ctx))
        } }
    };
    shell::page(b.rooms_title, Some(Section::Places), &body, ctx)
}

/// A month's streams of the rooms that are over.
#[derive(Debug, Clone)]
pub struct Compared {
    /// First day of the month.
    pub month: Day,
    pub streams: Vec<StreamRow>,
    pub may_change: bool,
}

impl Compared {
    fn of(&self, room: &Room) -> Brought {
        Brought::of(self.streams.iter().filter(|stream| stream.room_id == room.room_id))
    }
}

fn compare(rooms: &[RoomRow], compared: &Compared, ctx: &Ctx) -> Table {
    let (b, s) = (&ctx.words.branch, &ctx.words.scheme);
    let columns = [
        (b.col_room, Align::Text),
        (s.col_streams, Align::Number),
        (s.col_hours, Align::Number),
        (s.col_net, Align::Number),
        (s.col_net_stream, Align::Number),
        (s.col_net_hour, Align::Number),
        (s.col_uplift, Align::Number),
        (s.col_uplift_hour, Align::Number),
    ];
    let mut table = Table::new(s.compare_title, b.streams_none, &columns);
    let amount = |fen: Option<i64>| fen.map_or_else(|| ctx.words.frame.none.to_owned(), yuan);
    for row in rooms {
        let sum = compared.of(&row.room);
        table.rows.push(vec![
            Cell::Link(row.room.name.clone(), format!("/branch/rooms/{}", row.room.room_id)),
            grouped(sum.streams).into(),
            format!("{}:{:02}", sum.minutes / MINUTES, sum.minutes % MINUTES).into(),
            yuan(sum.net_fen).into(),
            amount(sum.a_stream(sum.net_fen)).into(),
            amount(sum.an_hour(sum.net_fen)).into(),
            yuan(sum.uplift_fen).into(),
            amount(sum.an_hour(sum.uplift_fen)).into(),
        ]);
    }
    table
}

/// Net sales an hour of each room, to one scale.
fn bars_of(rooms: &[RoomRow], compared: &Compared, ctx: &Ctx) -> Markup {
    let s = &ctx.words.scheme;
    let hours: Vec<(&str, i64)> = rooms
        .iter()
        .filter_map(|row| {
            let sum = compared.of(&row.room);
            Some((row.room.name.as_str(), sum.an_hour(sum.net_fen)?))
        })
        .collect();
    let longest = hours.iter().map(|(_, fen)| *fen).max().unwrap_or(0);
    html! {
        @if longest > 0 {
            p.quiet { (s.col_net_hour) }
            dl.bars { @for (name, fen) in hours {
                dt { (name) }
                dd { (bars::bar(fen, longest, Tone::Gmv)) span { (yuan(fen)) } }
            } }
        }
    }
}

/// One room.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let b = &ctx.words.branch;
    let room = &page.row.room;
    let steps = [Step { label: b.rooms_title.into(), href: "/branch/rooms".into() }];
    let body = html! {
        (trail(&steps, &room.name, ctx))
        section.card {
            h1 { (room.name) }
            (super::audit::history(&[Noun::Room], &room.room_key, ctx))
            p { (page.row.village) " · " (state(room, ctx)) }
            @if !room.equipment.is_empty() { h2 { (b.room_equipment) } p { (room.equipment) } }
            p.actions {
                @if page.may_change { a.button href={ "/branch/rooms/" (room.room_id) "/edit" } { (ctx.words.scheme.room_edit) } }
                a.button href={ "/branch/rooms/calendar?room=" (room.room_id) } { (ctx.words.scheme.calendar_title) }
            }
            @if !page.row.accounts.is_empty() { h2 { (b.col_accounts) } p { (page.row.accounts.join(", ")) } }
        }
        section.card {
            h2 { (b.room_streams) }
            (streams::table(&page.streams, "/branch/streams", b.streams_none, ctx).render(ctx))
        }
    };
    shell::page(&room.name, Some(Section::Places), &body, ctx)
}

fn state(room: &Room, ctx: &Ctx) -> String {
    let b = &ctx.words.branch;
    match room.closed_on {
        Some(day) => fill(b.room_closed, &[&day.to_string()]),
        None => fill(b.room_open_since, &[&room.opened_on.to_string()]),
    }
}

/// Which month is compared.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    month: Option<String>,
}

/// `GET /branch/rooms?month=…`
pub async fn list(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let month = match asked.month.as_deref() {
        None => month_start(app.clock.today()),
        Some(text) => parse_month(text).ok_or(WebError::BadRequest)?,
    };
    let rooms = load(&app, &visit).await?;
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let last = next_month(month) - TimeDelta::days(1);
    let mut streams = streams::between(session, month, last).await.map_err(anyhow::Error::from)?;
    let now = app.clock.now();
    streams.retain(|stream| stream.starts_at + TimeDelta::minutes(stream.minutes) <= now);
    let may_change = visit.ctx.may_change();
    Ok(render_list(&rooms, &Compared { month, streams, may_change }, &visit.ctx))
}

/// `GET /branch/rooms/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(room_id): Path<i64>) -> Result<Markup, WebError> {
    let rooms = load(&app, &visit).await?;
    let row = rooms.into_iter().find(|r| r.room.room_id == room_id).ok_or(WebError::NotFound)?;
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let today = app.clock.today();
    let streams = streams::between(session, today - TimeDelta::days(RECENT_DAYS), today).await;
    let streams = streams.map_err(anyhow::Error::from)?.into_iter().filter(|s| s.room_id == room_id).collect();
    let may_change = visit.ctx.may_change();
    Ok(render(&Page { row, streams, may_change }, &visit.ctx))
}

async fn load(app: &AppState, visit: &Visit) -> Result<Vec<RoomRow>, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let names = Names::of_regions(session).await?;
        let accounts = people::list_room_accounts(session).await?;
        let mut rooms = people::list_rooms(session).await?;
        rooms.sort_by(|a, b| a.room_key.cmp(&b.room_key));
        let rows = rooms.into_iter().map(|room| RoomRow {
            village: names.of(&room.village_code),
            accounts: accounts
                .iter()
                .filter(|account| account.owner_id == room.room_id)
                .map(|account| format!("{} {}", platform(&account.platform, &visit.ctx), account.author_no))
                .collect(),
            room,
        });
        Ok::<_, anyhow::Error>(rows.collect())
    };
    Ok(load.await?)
}
