//! 大屏: 1920×1080, dark, three columns, legible at five metres; for the room or the county's hall.
//!
//! Nothing personal and no emblem stands on it; no amount stands for fewer than five households, and what is shown goes
//! up by steps (`domain::live::hall`);
//! GMV is called GMV, and it says up to when its data are known. On a demo it says so.

use super::events::{self, Look};
use crate::clock::Clock;
use crate::domain::calendar::{clock_text, day_of, until_text};
use crate::domain::lang::Lang;
use crate::domain::live::{Hall, HallStream, STEP, Snapshot, down, hall};
use crate::domain::money::at_fraction;
use crate::services::live;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::bars::{Tone, bar};
use crate::web::ui::number::{grouped, whole_yuan};
use crate::web::ui::shell;
use crate::web::wording::fill;
use crate::web::{AppState, assets};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};

/// Streams at once, and goods, that have room.
const MOST_STREAMS: usize = 2;
const MOST_GOODS: usize = 9;

/// The page around the moving part; `part` is `None` for who may not see the whole county.
pub fn render(part: Option<&Markup>, moves: bool, ctx: &Ctx) -> Markup {
    let l = &ctx.words.live;
    let body = html! {
        main #main.hall-page {
            header.hall-head {
                h1 { (l.screen_title) }
                span { (ctx.reader) }
                p #lost.warn hidden { (l.lost) }
            }
            @match part {
                None => p.hall-none { (l.elsewhere) },
                Some(part) => div #live data-events=[moves.then(|| address("/screen/events", ctx.lang))] { (part) },
            }
            noscript { p { (l.no_script) " " a href="/screen" { (l.refresh) } } }
        }
        @if moves { script src=(assets::live_href()) defer {} }
    };
    shell::bare(l.screen_title, "screen", &body, ctx)
}

/// Where events are, in the page's language.
pub fn address(path: &str, lang: Lang) -> String {
    format!("{path}?lang={}", lang.key())
}

/// The part that moves.
pub fn part(snapshot: &Snapshot, ctx: &Ctx) -> Markup {
    let l = &ctx.words.live;
    let seen = hall(snapshot);
    let streams: Vec<&HallStream> = seen.streams.iter().take(MOST_STREAMS).collect();
    let today = day_of(snapshot.at);
    let begun = snapshot.streams.iter().filter(|s| s.starts_at <= snapshot.at && day_of(s.starts_at) == today).count();
    html! {
        div.hall {
            section.hall-column {
                @if streams.is_empty() { p.hall-none { (l.none) } }
                @for of in &streams { (stream(of, snapshot, ctx)) }
            }
            section.hall-column {
                h2 { (l.goods) }
                (goods(&streams, ctx))
            }
            section.hall-column {
                h2 { (l.minutes) }
                (minutes(&streams, ctx))
                (day(&seen, begun, ctx))
                p.hall-quiet { (l.coarse) }
                p.hall-quiet { (fill(l.as_of, &[&snapshot.known_to.map_or_else(|| ctx.words.frame.none.to_owned(), until_text)])) }
            }
        }
    }
}

fn stream(of: &HallStream<'_>, snapshot: &Snapshot, ctx: &Ctx) -> Markup {
    let l = &ctx.words.live;
    let s = of.stream;
    let state = if s.is_on(snapshot.at) { l.on_air } else { l.last };
    let place = if s.room.is_empty() { &s.shop } else { &s.room };
    html! {
        article.hall-stream {
            p.hall-state { (state) " · " (place) }
            h2 { @if s.title.is_empty() { (place) } @else { (s.title) } }
            p.hall-quiet { (fill(l.since, &[&clock_text(s.starts_at)])) }
            @match of.sums {
                Some(sums) => {
                    p.hall-label { (l.gmv) }
                    p.hall-figure { (whole_yuan(sums.gmv_fen)) }
                    p.hall-quiet { (l.gmv_note) }
                    dl.hall-facts {
                        div { dt { (l.orders) } dd { (grouped(sums.orders)) } }
                        div { dt { (l.households) } dd { (fill(l.at_least, &[&grouped(sums.households)])) } }
                        div { dt { (l.refund) } dd { (whole_yuan(sums.refund_fen)) } }
                    }
                }
                None => p.hall-held { (l.held) },
            }
        }
    }
}

fn goods(streams: &[&HallStream<'_>], ctx: &Ctx) -> Markup {
    let l = &ctx.words.live;
    let mut rows: Vec<_> = streams.iter().flat_map(|of| of.stream.products.iter().zip(&of.shown)).collect();
    // what sells, in the order of the shelf
    rows.retain(|(goods, _)| goods.pieces > 0 || goods.promised_pieces > 0);
    let more = rows.len().saturating_sub(MOST_GOODS);
    let most = rows.iter().filter(|(_, shown)| **shown).map(|(goods, _)| down(goods.pieces, STEP)).max().unwrap_or(0);
    html! {
        @if rows.is_empty() { p.hall-none { (l.no_goods) } } @else {
            table.hall-goods {
                thead { tr { th scope="col" { (l.col_goods) } th.number scope="col" { (l.col_sold) } th.number scope="col" { (l.col_left) } } }
                tbody { @for (goods, shown) in rows.iter().take(MOST_GOODS) { tr {
                    td { (goods.name) (bar(if **shown { down(goods.pieces, STEP) } else { 0 }, most, Tone::Gmv)) }
                    @if !**shown { td.number colspan="2" { "*" } } @else {
                        @let sold = down(goods.pieces, STEP);
                        td.number { (fill(l.at_least, &[&grouped(sold)])) }
                        td.number { @if goods.promised_pieces > 0 { (fill(l.at_most, &[&grouped((goods.promised_pieces - sold).max(0))])) } @else { (ctx.words.frame.none) } }
                    }
                } } }
            }
            @if rows.iter().any(|(_, shown)| !**shown) { p.hall-quiet { "* " (l.held) } }
            @if more > 0 { p.hall-quiet { (fill(l.more_goods, &[&more.to_string()])) } }
        }
    }
}

/// Orders minute by minute as bars; only of streams whose sums are shown.
fn minutes(streams: &[&HallStream<'_>], ctx: &Ctx) -> Markup {
    let shown: Vec<&Vec<i64>> = streams.iter().filter(|of| of.sums.is_some()).map(|of| &of.stream.minutes).collect();
    let count = shown.iter().map(|minutes| minutes.len()).max().unwrap_or(0);
    let sums: Vec<i64> = (0..count).map(|i| shown.iter().filter_map(|m| m.get(i)).sum()).collect();
    bars(&sums, ctx)
}

/// Bars of orders a minute, the last minute last, with their sum in words.
pub fn bars(minutes: &[i64], ctx: &Ctx) -> Markup {
    let l = &ctx.words.live;
    let most = minutes.iter().copied().max().unwrap_or(0).max(1);
    let height = |count: i64| at_fraction(100, count, most);
    html! {
        svg.minutes viewBox="0 0 300 100" preserveAspectRatio="none" role="img" aria-label=(l.minutes) {
            @for (index, count) in minutes.iter().enumerate() {
                rect x=(index * 10) y=(100 - height(*count)) width="8" height=(height(*count)) {}
            }
        }
        p.quiet { (fill(l.minutes_sum, &[&grouped(minutes.iter().sum())])) }
    }
}

fn day(seen: &Hall<'_>, begun: usize, ctx: &Ctx) -> Markup {
    let l = &ctx.words.live;
    html! {
        h2 { (l.day) }
        @match seen.day {
            Some(sums) => {
                p.hall-label { (l.gmv) }
                p.hall-figure.small { (whole_yuan(sums.gmv_fen)) }
                p.hall-quiet { (fill(l.day_orders, &[&grouped(sums.orders), &begun.to_string()])) }
            }
            None => p.hall-held { (l.held) },
        }
    }
}

/// `GET /screen`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    if !scope.is_whole_county() {
        return Ok(render(None, false, &visit.ctx));
    }
    let read = async { live::snapshot(&mut app.store.read(scope).await?, app.clock.now()).await };
    let part = part(&read.await?, &visit.ctx);
    Ok(render(Some(&part), matches!(app.clock, Clock::System), &visit.ctx))
}

/// `GET /screen/events`
pub async fn follow(State(app): State<AppState>, visit: Visit, headers: HeaderMap) -> Result<Response, WebError> {
    let ctx = visit.ctx.clone();
    let look: Look = Box::new(move |snapshot| part(snapshot, &ctx));
    events::answer(&app, &visit, &headers, look).await
}
