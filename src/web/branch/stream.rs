//! One stream: who, where, when; what it sold by goods; its orders minute by minute.

use super::stream_after::{self, After};
use super::stream_paper;
use crate::charts::{self, Frame};
use crate::domain::access::Role;
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Instant, clock_text};
use crate::domain::figures::uplift_so_far_fen;
use crate::store::broadcasts::{self, Goods, Named};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::stream_label;
use crate::web::official::pictures::Screen;
use crate::web::ui::number;
use crate::web::ui::picture::{self, Picture};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use chrono::TimeDelta;
use maud::{Markup, html};

/// Minutes after a stream's end in which its orders are still paid, drawn with it.
const TAIL_MINUTES: i64 = crate::domain::attribution::TAIL_MINUTES;

/// Where the reader's streams are, and the section of the menu they lie in.
pub(super) fn place(ctx: &Ctx) -> (Section, &'static str) {
    match ctx.role {
        Some(Role::Anchor) => (Section::Mine, "/anchor"),
        _ => (Section::Broadcasts, "/branch"),
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub label: String,
    pub shop: String,
    pub minutes: i64,
    pub views: Option<i64>,
    pub goods: Vec<Goods>,
    pub timeline: Picture,
    /// The section of the reader's menu it lies in.
    pub section: Section,
    /// Where its review is, to print; `None` before it has begun.
    pub review: Option<String>,
    /// Where its run sheet is, for the anchor; the branch finds it among what it does with the stream.
    pub sheet: Option<String>,
    /// Its plan and earlier streams, for who may see the whole county.
    pub after: Option<After>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (b, c) = (&ctx.words.branch, &ctx.words.frame);
    let whole: Amounts = page.goods.iter().map(|g| g.position).sum();
    let views = page.views.map_or_else(|| c.none.to_owned(), number::grouped);
    let length = fill(b.minutes, &[&page.minutes.to_string()]);
    let body = html! {
        section.card {
            h1.label { (page.label) }
            (crate::web::ui::amount::headline(whole[Col::Gmv], ctx))
            p.quiet { (ctx.words.official.gmv) " · " (fill(b.stream_facts, &[&page.shop, &length, b.col_views])) " " (views) }
            @if let Some(after) = &page.after { (stream_after::head(after, ctx)) }
            @if page.review.is_some() || page.sheet.is_some() {
                div.actions {
                    @if let Some(sheet) = &page.sheet { a.button href=(sheet) { (ctx.words.streams.sheet_button) } }
                    @if let Some(review) = &page.review { a.button href=(review) download { (ctx.words.papers.stream_review) } }
                }
            }
        }
        section.card {
            h2 { (b.stream_goods) }
            p.quiet { (b.stream_goods_note) }
            (goods(&page.goods, ctx).render(ctx))
        }
        (picture::card(&page.timeline, ctx))
        @if let Some(after) = &page.after { (stream_after::render(after, ctx)) }
    };
    shell::page(&page.label, Some(page.section), &body, ctx)
}

fn goods(goods: &[Goods], ctx: &Ctx) -> Table {
    let (b, l) = (&ctx.words.branch, &ctx.words.ledger);
    let columns = [
        (b.col_goods, Align::Text),
        (b.col_orders, Align::Number),
        (b.col_gmv, Align::Number),
        (b.col_refund, Align::Number),
        (b.col_farmer, Align::Number),
        (b.col_uplift_so_far, Align::Number),
    ];
    let mut table = Table::new(b.stream_goods, b.stream_no_goods, &columns);
    for g in goods {
        let p = &g.position;
        let name = if g.product.is_empty() { l.no_listing } else { ctx.name(&g.product, &g.product_en) };
        table.rows.push(vec![
            name.into(),
            number::grouped(g.lines).into(),
            number::yuan(p[Col::Gmv]).into(),
            number::yuan(p[Col::Refund]).into(),
            number::yuan(p[Col::Farmer]).into(),
            number::yuan(uplift_so_far_fen(p, Col::BaselineMid)).into(),
        ]);
    }
    table
}

/// Orders of each minute from the start to the end and its tail; what was paid outside is not on it.
pub(super) fn per_minute(paid_at: &[Instant], stream: &Named) -> charts::timeline::Timeline {
    let minutes = (stream.ends_at - stream.starts_at).num_minutes() + TAIL_MINUTES;
    let mut orders = vec![0; usize::try_from(minutes).unwrap_or(0)];
    for at in paid_at {
        let minute = usize::try_from((*at - stream.starts_at).num_minutes()).ok();
        if let Some(count) = minute.and_then(|minute| orders.get_mut(minute)) {
            *count += 1;
        }
    }
    charts::timeline::Timeline { start_at: stream.starts_at, end_at: stream.ends_at, orders }
}

fn minutes_table(timeline: &charts::timeline::Timeline, ctx: &Ctx) -> Table {
    let b = &ctx.words.branch;
    let mut table =
        Table::new(b.timeline, b.stream_no_goods, &[(b.col_minute, Align::Whole), (b.col_count, Align::Number)]);
    let minutes = (0_i64..).zip(&timeline.orders).filter(|(_, count)| **count > 0);
    for (minute, &count) in minutes {
        let at = timeline.start_at + TimeDelta::minutes(minute);
        table.rows.push(vec![clock_text(at).into(), number::grouped(count.into()).into()]);
    }
    table
}

/// `GET /branch/streams/{id}` and `GET /anchor/streams/{id}`: the scope says whose.
pub async fn show(State(app): State<AppState>, visit: Visit, Path(stream_id): Path<i64>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let may_change = visit.reader()?.role.may_change();
    let (section, base) = place(&visit.ctx);
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(stream) = broadcasts::find(session, stream_id).await? else { return Ok(None) };
        let goods = broadcasts::sum_goods(session, stream_id).await?;
        let begun = stream.starts_at <= app.clock.now();
        let timeline = per_minute(&broadcasts::list_paid_at(session, stream_id).await?, &stream);
        Ok::<_, anyhow::Error>(Some(Page {
            label: stream_label(&stream),
            minutes: (stream.ends_at - stream.starts_at).num_minutes(),
            views: stream.views,
            shop: stream.shop.clone(),
            after: if scope.is_whole_county() {
                Some(stream_after::load(session, stream, app.clock.now(), may_change).await?)
            } else {
                None
            },
            goods,
            timeline: Picture {
                title: visit.ctx.words.branch.timeline.into(),
                href: format!("{base}/streams/{stream_id}/timeline.svg"),
                narrow: false,
                no_file: None,
                numbers: minutes_table(&timeline, &visit.ctx),
            },
            section,
            sheet: (!scope.is_whole_county()).then(|| format!("{base}/streams/{stream_id}/run-sheet")),
            review: begun.then(|| stream_paper::address(base, stream_id, &visit.ctx)),
        }))
    };
    load.await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

/// `GET …/streams/{id}/timeline.svg`
pub async fn timeline(
    State(app): State<AppState>,
    visit: Visit,
    Path(stream_id): Path<i64>,
    Query(screen): Query<Screen>,
) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(stream) = broadcasts::find(session, stream_id).await? else { return Ok(None) };
        let data = per_minute(&broadcasts::list_paid_at(session, stream_id).await?, &stream);
        let as_of = crate::services::figures::as_of(session).await?;
        let b = &visit.ctx.words.branch;
        let label = stream_label(&stream);
        let frame = Frame {
            title: b.timeline,
            note: &format!("{label} · {}", b.timeline_note),
            source: &stream.shop,
            as_of,
            demo: app.demo,
            lang: visit.ctx.lang,
        };
        Ok::<_, anyhow::Error>(Some(charts::timeline::svg(&data, &frame, screen.width())))
    };
    let drawn = load.await?.ok_or(WebError::NotFound)?;
    screen.answer(drawn, &format!("red-anchor-stream-{stream_id}")).await
}
