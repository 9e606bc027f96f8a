//! An anchor's own page: the next classes, what the last month sold, what is still to learn, each stream.

use crate::domain::access::Scope;
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Day, Instant};
use crate::store::contests::Contest;
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

/// Classes to come that the page names.
const NEXT_CLASSES: i64 = 3;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
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
        (class::next(&page.classes, page.today, ctx))
        section.card {
            h1.label { (a.sold) }
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

/// `GET /anchor`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let Scope::Anchor { anchor_id, .. } = scope else { return Err(WebError::Forbidden) };
    let today = app.clock.today();
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let everyone = training::load(session, today, &visit.ctx).await?;
        let Some(learner) = everyone.people.into_iter().find(|p| p.anchor_id == anchor_id) else { return Ok(None) };
        let streams = streams::between(session, today - TimeDelta::days(RECENT_DAYS), today).await?;
        let as_of = crate::services::figures::as_of(session).await?;
        let ladder = anchor_ladder::load(session, anchor_id, app.clock.now()).await?;
        let contests = crate::store::contests::list(session).await?;
        let classes = scans::list_planned(session, anchor_id, today, NEXT_CLASSES).await?;
        let modules = everyone.modules;
        Ok::<_, anyhow::Error>(Some(Page { learner, modules, classes, today, streams, as_of, ladder, contests }))
    };
    load.await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}
