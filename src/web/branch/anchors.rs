//! One anchor: training module by module, certificates, recent streams.

use super::anchor_ladder::{self, Ladder};
use super::streams::{self, StreamRow};
use super::training::{self, Learner, hours_bar, stage_words};
use crate::charts::progress::Mark;
use crate::domain::audit::Noun;
use crate::store::broadcasts;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use crate::web::ui::trail::{Step, trail};
use crate::web::ui::{amount, number};
use crate::web::wording::fill;
use axum::extract::{Path, State};
use chrono::TimeDelta;
use maud::{Markup, html};

/// Days of streams shown.
pub const RECENT_DAYS: i64 = 30;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub learner: Learner,
    pub modules: Vec<String>,
    pub ladder: Ladder,
    pub may_change: bool,
    pub streams: Vec<StreamRow>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let b = &ctx.words.branch;
    let steps = [Step { label: b.nav_training.into(), href: "/branch/training".into() }];
    let body = html! {
        (trail(&steps, &page.learner.name, ctx))
        section.card {
            h1 { (page.learner.name) }
            (super::audit::history(&[Noun::Anchor], &page.learner.anchor_key, ctx))
            (progress(&page.learner, ctx))
            (person(page, ctx))
        }
        (anchor_ladder::workbench(&page.ladder, page.may_change, ctx))
        div.grid.even {
            section.card { h2 { (b.anchor_modules) } (modules(&page.learner, &page.modules, ctx).render(ctx)) }
            section.card {
                h2 { (b.anchor_certificates) }
                (anchor_ladder::papers(&page.ladder, page.may_change, ctx).render(ctx))
                @if page.may_change { (anchor_ladder::paper_forms(&page.ladder, ctx)) }
            }
        }
        section.card {
            h2 { (b.anchor_results) }
            (streams::table(&page.streams, "/branch/streams", b.streams_none, ctx).render(ctx))
        }
    };
    shell::page(&page.learner.name, Some(Section::Training), &body, ctx)
}

/// Stage, hours and next step.
pub fn progress(learner: &Learner, ctx: &Ctx) -> Markup {
    let (b, t) = (&ctx.words.branch, &ctx.words.training);
    html! {
        dl.facts {
            (amount::fact(b.col_stage, &html! { (stage_words(learner.stage, ctx)) }))
            (amount::fact(b.col_hours, &html! { (learner.hours) " / " (learner.reference_hours) }))
            @if let Some(bp) = learner.attended.rate_bp() {
                @let (present, planned) = (learner.attended.present.to_string(), learner.attended.planned.to_string());
                (amount::fact(t.attendance, &html! { (fill(t.attendance_of, &[&present, &planned, &number::percent_floor(bp)])) }))
            }
            (amount::fact(b.col_next, &html! { span.warn[learner.next.needs_branch()] { (learner.next.words(ctx)) } }))
        }
        (hours_bar(learner.hours, learner.reference_hours))
        p.quiet { (fill(b.training_note, &[&learner.reference_hours.to_string()])) }
    }
}

/// Each module and how far the person is.
pub fn modules(learner: &Learner, names: &[String], ctx: &Ctx) -> Table {
    let b = &ctx.words.branch;
    let mut table =
        Table::new(b.anchor_modules, ctx.words.frame.empty, &[(b.col_module, Align::Text), (b.col_stage, Align::Text)]);
    for (name, mark) in names.iter().zip(&learner.marks) {
        let words = match mark {
            Mark::Passed => b.mark_passed,
            Mark::Attended => b.mark_attended,
            Mark::NotYet => b.mark_not_yet,
        };
        table.rows.push(vec![name.as_str().into(), words.into()]);
    }
    table
}

/// What is known of the person, and where it is edited.
fn person(page: &Page, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let known = &page.ladder.profile;
    let none = ctx.words.frame.none;
    html! {
        @if page.may_change {
            dl.facts {
                (amount::fact(ctx.words.access.col_key, &html! { (page.learner.anchor_key) }))
                (amount::fact(t.born, &html! { (known.born_on.map_or_else(|| none.to_owned(), |day| day.to_string())) }))
                @if !known.skills.is_empty() { (amount::fact(t.skills, &html! { (known.skills) })) }
                @if !page.ladder.mentor.is_empty() { (amount::fact(t.mentor, &html! { (page.ladder.mentor) })) }
            }
            p { a.button href={ "/branch/anchors/" (page.learner.anchor_id) "/edit" } { (t.edit) } }
        }
    }
}

/// `GET /branch/anchors/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(anchor_id): Path<i64>) -> Result<Markup, WebError> {
    let page = load(&app, &visit, anchor_id).await?;
    page.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

async fn load(app: &AppState, visit: &Visit, anchor_id: i64) -> anyhow::Result<Option<Page>> {
    let Ok(scope) = visit.scope() else { return Ok(None) };
    let session = &mut app.store.read(scope).await?;
    let today = app.clock.today();
    let everyone = training::load(session, today, &visit.ctx).await?;
    let Some(learner) = everyone.people.into_iter().find(|p| p.anchor_id == anchor_id) else { return Ok(None) };
    let ladder = anchor_ladder::load(session, anchor_id, app.clock.now()).await?;
    let mut recent = broadcasts::list_between(session, today - TimeDelta::days(RECENT_DAYS), today).await?;
    recent.retain(|stream| stream.anchor_id == anchor_id);
    Ok(Some(Page {
        modules: everyone.modules,
        ladder,
        may_change: visit.ctx.may_change(),
        streams: streams::with_sales(session, recent).await?,
        learner,
    }))
}
