//! The Red Livestream Rooms: all of them, and one with its equipment, accounts and recent streams.

use super::anchors::RECENT_DAYS;
use super::streams::{self, StreamRow};
use crate::store::people::{self, Room};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::{Names, platform};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use axum::extract::{Path, State};
use chrono::TimeDelta;
use maud::{Markup, html};

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
}

/// All rooms.
pub fn render_list(rooms: &[RoomRow], ctx: &Ctx) -> Markup {
    let b = &ctx.words.branch;
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
    let body = html! { section.card { h1 { (b.rooms_title) } (table.render(ctx)) } };
    shell::page(b.rooms_title, Some(Section::Places), &body, ctx)
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
            p { (page.row.village) " · " (state(room, ctx)) }
            @if !room.equipment.is_empty() { h2 { (b.room_equipment) } p { (room.equipment) } }
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

/// `GET /branch/rooms`
pub async fn list(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    Ok(render_list(&load(&app, &visit).await?, &visit.ctx))
}

/// `GET /branch/rooms/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(room_id): Path<i64>) -> Result<Markup, WebError> {
    let rooms = load(&app, &visit).await?;
    let row = rooms.into_iter().find(|r| r.room.room_id == room_id).ok_or(WebError::NotFound)?;
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let today = app.clock.today();
    let streams = streams::between(session, today - TimeDelta::days(RECENT_DAYS), today).await;
    let streams = streams.map_err(anyhow::Error::from)?.into_iter().filter(|s| s.room_id == room_id).collect();
    Ok(render(&Page { row, streams }, &visit.ctx))
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
