//! The streams of a week or a month as a calendar, of all rooms or of one: a day a cell, its streams in order.

use super::streams::{self, StreamRow};
use crate::domain::calendar::{Day, clock_text, day_of, month_key, month_start, next_month, parse_day};
use crate::domain::price_book::monday;
use crate::store::people;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use axum::extract::{Query, State};
use chrono::TimeDelta;
use maud::{Markup, html};
use serde::Deserialize;

const PATH: &str = "/branch/rooms/calendar";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub is_week: bool,
    /// First day shown of the week or month.
    pub first: Day,
    pub last: Day,
    pub today: Day,
    /// 0: all rooms.
    pub room_id: i64,
    pub rooms: Vec<(i64, String)>,
    /// By start.
    pub streams: Vec<StreamRow>,
}

fn address(is_week: bool, on: Day, room_id: i64) -> String {
    let view = if is_week { "week" } else { "month" };
    format!("{PATH}?view={view}&on={on}&room={room_id}")
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (b, s) = (&ctx.words.branch, &ctx.words.scheme);
    let steps = [Step { label: b.rooms_title.into(), href: "/branch/rooms".into() }];
    let title = if page.is_week { fill(s.week_of, &[&page.first.to_string()]) } else { month_key(page.first) };
    let before = page.first.pred_opt().unwrap_or(page.first);
    let before = if page.is_week { monday(before) } else { month_start(before) };
    let after = page.last.succ_opt().unwrap_or(page.last);
    let body = html! {
        (trail(&steps, s.calendar_title, ctx))
        section.card {
            h1 { (s.calendar_title) " · " (title) }
            p.filters {
                @for (is_week, name) in [(false, s.calendar_month), (true, s.calendar_week)] {
                    a.chip href=(address(is_week, page.first, page.room_id))
                        aria-current=[(is_week == page.is_week).then_some("page")] { (name) }
                }
                a.chip href=(address(page.is_week, page.first, 0)) aria-current=[(page.room_id == 0).then_some("page")] {
                    (b.rooms_title)
                }
                @for (id, name) in &page.rooms {
                    a.chip href=(address(page.is_week, page.first, *id))
                        aria-current=[(page.room_id == *id).then_some("page")] { (name) }
                }
            }
            nav.pager {
                a rel="prev" href=(address(page.is_week, before, page.room_id)) { (s.before) }
                span { (fill(b.week_count, &[&page.streams.len().to_string()])) }
                a rel="next" href=(address(page.is_week, after, page.room_id)) { (s.after) }
            }
            (grid(page, ctx))
        }
    };
    shell::page(s.calendar_title, Some(Section::Places), &body, ctx)
}

fn grid(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.scheme;
    let start = monday(page.first);
    let weeks = ((page.last - start).num_days() / 7 + 1).clamp(1, 6);
    let day = |week: i64, weekday: i64| start + TimeDelta::days(week * 7 + weekday);
    html! {
        div.scroll tabindex="0" role="region" aria-label=(s.calendar_title) { table.calendar {
            thead { tr { @for name in s.weekdays() { th scope="col" { (name) } } } }
            tbody { @for week in 0..weeks { tr { @for weekday in 0..7 {
                @let on = day(week, weekday);
                @if on < page.first || on > page.last { td.outside {} } @else {
                    td.today[on == page.today] {
                        p.quiet { (on.format("%-d")) }
                        @for stream in page.streams.iter().filter(|s| day_of(s.starts_at) == on) {
                            p { a href={ "/branch/streams/" (stream.stream_id) } { (clock(stream)) } " " (stream.anchor)
                                @if page.room_id == 0 && !stream.room.is_empty() { " · " (stream.room) } }
                        }
                    }
                }
            } } } }
        } }
    }
}

/// Hour and minute of the start.
fn clock(stream: &StreamRow) -> String {
    clock_text(stream.starts_at).chars().rev().take(5).collect::<Vec<_>>().into_iter().rev().collect()
}

/// Which days of which room.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    view: Option<String>,
    on: Option<String>,
    room: Option<i64>,
}

/// `GET /branch/rooms/calendar?view=month|week&on=…&room=…`
pub async fn show(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let today = app.clock.today();
    let on = match asked.on.as_deref() {
        None => today,
        Some(text) => parse_day(text).ok_or(WebError::BadRequest)?,
    };
    let is_week = asked.view.as_deref() == Some("week");
    let (first, last) = if is_week {
        (monday(on), monday(on) + TimeDelta::days(6))
    } else {
        (month_start(on), next_month(month_start(on)) - TimeDelta::days(1))
    };
    let room_id = asked.room.unwrap_or(0);
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let mut rooms: Vec<(i64, String)> =
            people::list_rooms(session).await?.into_iter().map(|r| (r.room_id, r.name)).collect();
        rooms.sort();
        let mut streams = streams::between(session, first, last).await?;
        streams.retain(|s| room_id == 0 || s.room_id == room_id);
        streams.sort_by_key(|s| (s.starts_at, s.stream_id));
        Ok::<_, anyhow::Error>(Page { is_week, first, last, today, room_id, rooms, streams })
    };
    Ok(render(&load.await?, &visit.ctx))
}
