//! 直播驾驶舱: one stream while it runs, for the branch: orders, GMV, what is left of what was promised and of what there
//! is, refunds.
//!
//! It holds nothing back: who opens it may open every line. Not here: the big screen, which may not.

use super::events::{self, Look};
use super::screen::{address, bars};
use crate::clock::Clock;
use crate::domain::calendar::{clock_text, until_text};
use crate::domain::live::{LiveStream, Snapshot};
use crate::services::live;
use crate::store::broadcasts;
use crate::web::branch::stock::parcels;
use crate::web::branch::stream_after::left;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::stream_label;
use crate::web::ui::amount::fact;
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use crate::web::wording::fill;
use crate::web::{AppState, assets};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};

/// The page around the moving part.
pub fn render(label: &str, stream_id: i64, part: &Markup, moves: bool, ctx: &Ctx) -> Markup {
    let l = &ctx.words.live;
    let base = format!("/branch/streams/{stream_id}");
    let events = address(&format!("{base}/live/events"), ctx.lang);
    let body = html! {
        section.card {
            h1 { (l.cockpit_title) }
            p { (label) }
            p #lost.warn hidden { (l.lost) }
            div.actions {
                a.button href=(base) { (l.to_stream) }
                a.button href="/screen" { (ctx.words.streams.screen_button) }
                a.button href={ (base) "/run-sheet" } { (ctx.words.streams.sheet_button) }
            }
            noscript { p.quiet { (l.no_script) " " a href={ (base) "/live" } { (l.refresh) } } }
        }
        div #live.stack data-events=[moves.then_some(events)] { (part) }
        @if moves { script src=(assets::live_href()) defer {} }
    };
    shell::page(l.cockpit_title, Some(Section::Broadcasts), &body, ctx)
}

/// The part that moves.
pub fn part(snapshot: &Snapshot, stream_id: i64, ctx: &Ctx) -> Markup {
    let l = &ctx.words.live;
    let as_of = snapshot.known_to.map_or_else(|| ctx.words.frame.none.to_owned(), until_text);
    html! {
        @match snapshot.streams.iter().find(|s| s.stream_id == stream_id) {
            None => section.card { p { (l.over) } },
            Some(s) if s.starts_at > snapshot.at => section.card { p { (fill(l.not_begun, &[&clock_text(s.starts_at)])) } },
            Some(s) => {
                section.card {
                    p.label { (l.gmv) }
                    (crate::web::ui::amount::headline(s.sums.gmv_fen, ctx))
                    p.quiet { (yuan(s.sums.gmv_fen)) " · " (l.gmv_note) }
                    dl.facts {
                        (fact(l.orders, &html! { (grouped(s.sums.orders)) }))
                        (fact(l.households, &html! { (grouped(s.sums.households)) }))
                        (fact(l.refund, &html! { (yuan(s.sums.refund_fen)) }))
                    }
                    p.quiet { (fill(l.as_of, &[&as_of])) }
                }
                section.card { h2 { (l.goods) } (goods(s, ctx).render(ctx)) }
                section.card { h2 { (l.minutes) } (bars(&s.minutes, ctx)) }
            }
        }
    }
}

fn goods(stream: &LiveStream, ctx: &Ctx) -> Table {
    let l = &ctx.words.live;
    let columns = [
        (l.col_goods, Align::Text),
        (l.col_sold, Align::Number),
        (l.col_left, Align::Number),
        (ctx.words.stock.col_stock, Align::Number),
        (l.col_gmv, Align::Number),
        (l.col_refund, Align::Number),
    ];
    let mut table = Table::new(l.goods, l.no_goods, &columns);
    for goods in &stream.goods {
        let name = if goods.name.is_empty() { ctx.words.ledger.no_listing } else { &goods.name };
        table.rows.push(vec![
            name.into(),
            grouped(goods.pieces).into(),
            left(goods.promised_pieces, goods.pieces, ctx),
            parcels(goods.in_stock, ctx),
            yuan(goods.sums.gmv_fen).into(),
            yuan(goods.sums.refund_fen).into(),
        ]);
    }
    table
}

/// `GET /branch/streams/{id}/live`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(stream_id): Path<i64>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let read = async {
        let session = &mut app.store.read(scope).await?;
        let Some(stream) = broadcasts::find(session, stream_id).await? else { return Ok(None) };
        let snapshot = live::snapshot(session, app.clock.now()).await?;
        Ok::<_, anyhow::Error>(Some((stream_label(&stream), snapshot)))
    };
    let (label, snapshot) = read.await?.ok_or(WebError::NotFound)?;
    let part = part(&snapshot, stream_id, &visit.ctx);
    Ok(render(&label, stream_id, &part, matches!(app.clock, Clock::System), &visit.ctx))
}

/// `GET /branch/streams/{id}/live/events`
pub async fn follow(
    State(app): State<AppState>,
    visit: Visit,
    Path(stream_id): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    let find = async { Ok::<_, anyhow::Error>(broadcasts::find(&mut app.store.read(scope).await?, stream_id).await?) };
    if find.await?.is_none() {
        return Err(WebError::NotFound);
    }
    let ctx = visit.ctx.clone();
    let look: Look = Box::new(move |snapshot| part(snapshot, stream_id, &ctx));
    events::answer(&app, &visit, &headers, look).await
}
