//! One anchor: training module by module, certificates, recent streams.

use super::streams::{self, StreamRow};
use super::training::{self, Learner, hours_bar, stage_words};
use crate::charts::progress::Mark;
use crate::store::people::{self, Certificate};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::amount;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use crate::web::ui::trail::{Step, trail};
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
    pub certificates: Vec<Certificate>,
    pub streams: Vec<StreamRow>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let b = &ctx.words.branch;
    let steps = [Step { label: b.nav_training.into(), href: "/branch/training".into() }];
    let body = html! {
        (trail(&steps, &page.learner.name, ctx))
        section.card { h1 { (page.learner.name) } (progress(&page.learner, ctx)) }
        div.grid.even {
            section.card { h2 { (b.anchor_modules) } (modules(&page.learner, &page.modules, ctx).render(ctx)) }
            section.card { h2 { (b.anchor_certificates) } (certificates(&page.certificates, ctx).render(ctx)) }
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
    let b = &ctx.words.branch;
    html! {
        dl.facts {
            (amount::fact(b.col_stage, &html! { (stage_words(learner.stage, ctx)) }))
            (amount::fact(b.col_hours, &html! { (learner.hours) " / " (training::REFERENCE_HOURS) }))
            (amount::fact(b.col_next, &html! { span.warn[learner.next.needs_branch()] { (learner.next.words(ctx)) } }))
        }
        (hours_bar(learner.hours))
        p.quiet { (b.training_note) }
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

fn certificates(certificates: &[Certificate], ctx: &Ctx) -> Table {
    let (b, c) = (&ctx.words.branch, &ctx.words.frame);
    let columns = [
        (b.col_certificate, Align::Text),
        (b.col_kind, Align::Text),
        (b.col_issued, Align::Whole),
        (b.col_expires, Align::Whole),
    ];
    let mut table = Table::new(b.anchor_certificates, b.anchor_no_certificates, &columns);
    for certificate in certificates {
        let kind = if certificate.kind == "national" { b.kind_national } else { b.kind_association };
        table.rows.push(vec![
            certificate.certificate_no.as_str().into(),
            kind.into(),
            certificate.issued_on.to_string().into(),
            certificate.expires_on.map_or_else(|| c.none.to_owned(), |day| day.to_string()).into(),
        ]);
    }
    table
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
    let certificates = people::list_certificates(session).await?;
    let streams = streams::between(session, today - TimeDelta::days(RECENT_DAYS), today).await?;
    Ok(Some(Page {
        modules: everyone.modules,
        certificates: certificates.into_iter().filter(|c| c.anchor_id == anchor_id).collect(),
        streams: streams.into_iter().filter(|s| s.anchor_id == anchor_id).collect(),
        learner,
    }))
}
