//! An anchor's own page: the streams that come next with their run sheets, the next classes, what the last month sold, what
//! is still to learn, each stream.

use crate::domain::access::Scope;
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Day, Instant, clock_text};
use crate::store::contests::Contest;
use crate::store::plans::{self, Plan};
use crate::store::scans::{self, Planned};
use crate::web::AppState;
use crate::web::anchor::class;
use crate::web::branch::anchor_ladder::{self, Ladder};
use crate::web::branch::anchors::{self, RECENT_DAYS};
use crate::web::branch::contests;
use crate::web::branch::streams::{self, StreamRow};
use crate::web::branch::training::{self, Learner};
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::official::overview::as_of;
use crate::web::ui::amount;
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use axum::extract::State;
use chrono::TimeDelta;
use maud::{Markup, html};

/// How far ahead streams are shown.
const AHEAD_DAYS: i64 = 60;
/// Classes to come that the page names.
const NEXT_CLASSES: i64 = 3;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// Streams that are not over, the first first.
    pub next: Vec<StreamRow>,
    /// Theirs, as far as they were planned.
    pub plans: Vec<Plan>,
    pub learner: Learner,
    pub modules: Vec<String>,
    /// The next ones.
    pub classes: Vec<Planned>,
    pub today: Day,
    /// Of the last [`RECENT_DAYS`] days.
    pub streams: Vec<StreamRow>,
    pub as_of: Option<Instant>,
    pub ladder: Ladder,
    /// The published ones.
    pub contests: Vec<Contest>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (a, b) = (&ctx.words.anchor, &ctx.words.branch);
    let sold: Amounts = page.streams.iter().map(|s| s.sums).sum();
    let lines: i64 = page.streams.iter().map(|s| s.lines).sum();
    let note = fill(a.sold_note, &[&page.streams.len().to_string(), &lines.to_string(), &as_of(page.as_of, ctx)]);
    let body = html! {
        (next(page, ctx))
        (class::next(&page.classes, page.today, ctx))
        section.card {
            h2.label { (a.sold) }
            (amount::headline(sold[Col::Gmv], ctx))
            p.quiet { (note) }
        }
        section.card {
            h2 { (b.nav_training) }
            (anchors::progress(&page.learner, ctx))
            details {
                summary { (b.anchor_modules) }
                (anchors::modules(&page.learner, &page.modules, ctx).render(ctx))
            }
        }
        div.grid.even {
            section.card { (anchor_ladder::gate(&page.ladder, ctx)) }
            section.card {
                h2 { (ctx.words.training.ladder_title) }
                (anchor_ladder::stages(&page.ladder, ctx).render(ctx))
                h2 { (b.anchor_certificates) }
                (anchor_ladder::papers(&page.ladder, false, ctx).render(ctx))
            }
        }
        @if !page.contests.is_empty() { section.card {
            h2 { (ctx.words.scheme.contests) }
            (contests::table(&page.contests, "/anchor/contests", ctx).render(ctx))
        } }
        section.card {
            h2 { (a.streams) }
            (streams::table(&page.streams, "/anchor/streams", a.streams_none, ctx).render(ctx))
        }
    };
    shell::page(&fill(a.title, &[&page.learner.name]), Some(Section::Mine), &body, ctx)
}

/// The streams that come next: when, where, and what to open for each.
fn next(page: &Page, ctx: &Ctx) -> Markup {
    let (a, s) = (&ctx.words.anchor, &ctx.words.streams);
    html! {
        section.card {
            h1 { (a.next) }
            @if page.next.is_empty() { p.empty { (a.next_none) } }
            ul.todo { @for stream in &page.next {
                @let plan = page.plans.iter().find(|plan| plan.stream_id == stream.stream_id);
                @let path = format!("/anchor/streams/{}", stream.stream_id);
                li {
                    span {
                        @if let Some(plan) = plan { strong { (plan.title) } " " }
                        a href=(path) { (clock_text(stream.starts_at)) } " " (s.to) " " (clock_text(ends_at(stream)))
                        @if !stream.room.is_empty() { " · " (stream.room) }
                    }
                    a.button.primary href={ (path) "/run-sheet" } { (s.sheet_button) }
                }
            } }
        }
    }
}

fn ends_at(stream: &StreamRow) -> Instant {
    stream.starts_at + TimeDelta::minutes(stream.minutes)
}

/// `GET /anchor`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let Scope::Anchor { anchor_id, .. } = scope else { return Err(WebError::Forbidden) };
    let (now, today) = (app.clock.now(), app.clock.today());
    let (since, until) = (today - TimeDelta::days(RECENT_DAYS), today + TimeDelta::days(AHEAD_DAYS));
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let everyone = training::load(session, today, &visit.ctx).await?;
        let Some(learner) = everyone.people.into_iter().find(|p| p.anchor_id == anchor_id) else { return Ok(None) };
        let mut streams = streams::between(session, since, until).await?;
        let mut next: Vec<StreamRow> = streams.iter().filter(|stream| ends_at(stream) > now).cloned().collect();
        next.reverse();
        streams.retain(|stream| stream.starts_at <= now);
        let plans = if next.is_empty() {
            Vec::new()
        } else {
            plans::list_between(session, today - TimeDelta::days(1), until).await?
        };
        let as_of = crate::services::figures::as_of(session).await?;
        let ladder = anchor_ladder::load(session, anchor_id, now).await?;
        let contests = crate::store::contests::list(session).await?;
        let classes = scans::list_planned(session, anchor_id, today, NEXT_CLASSES).await?;
        let modules = everyone.modules;
        Ok::<_, anyhow::Error>(Some(Page {
            next,
            plans,
            learner,
            modules,
            classes,
            today,
            streams,
            as_of,
            ladder,
            contests,
        }))
    };
    load.await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}
