//! The training of this year as a PDF. Told in the audit trail and counted as every file that leaves; party stages are on it
//! for branch roles alone, as counts.

use super::measures::{self, Measure};
use super::training::{self, EXPIRY_DAYS, Learner};
use crate::charts::progress::Mark;
use crate::domain::access::Role;
use crate::domain::attribution::Stage;
use crate::domain::audit::{Change, Noun, Verb};
use crate::domain::calendar::{Day, year_start};
use crate::domain::ladder::{Standing, standing};
use crate::reports::training::{Certificate, Certified, Person, Summary, paper};
use crate::services::exports;
use crate::store::ladder::{self, Paper};
use crate::store::party as stored;
use crate::store::{Session, StoreError, counties, training as store_training};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::months::paper::pdf;
use axum::extract::State;
use axum::response::Response;
use chrono::{Datelike, TimeDelta};

/// Where the summary is.
pub fn address(ctx: &Ctx) -> String {
    format!("/branch/training/summary.pdf?lang={}", ctx.lang.key())
}

/// `GET /branch/training/summary.pdf`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Response, WebError> {
    let (scope, actor, today) = (visit.scope()?, visit.actor()?, app.clock.today());
    let change = Change::new(Verb::Export, Noun::Curriculum, today.year().to_string());
    if let Err(error) = exports::take_away(&app.store, scope.county(), &actor, &app.clock, &change).await {
        return refused(error, "/branch/training", &visit.ctx);
    }
    let load = async {
        let session = &mut app.store.read(scope).await?;
        Ok::<_, anyhow::Error>(Summary { demo: app.demo, ..summary(session, today, &visit.ctx).await? })
    };
    let paper = paper(&load.await?, visit.ctx.lang);
    Ok(pdf(&format!("red-anchor-training-{}.pdf", today.year()), app.press.make(paper).await?))
}

async fn summary(session: &mut Session, today: Day, ctx: &Ctx) -> Result<Summary, StoreError> {
    let page = training::load(session, today, ctx).await?;
    let (times, trained) = store_training::count_trained(session, year_start(today), today).await?;
    let papers = ladder::list_papers(session).await?;
    let is_valid = |of: &&Paper| standing(of.issued_on, of.expires_on, of.revoked_on, today) == Standing::Valid;
    let mut holders: Vec<i64> =
        papers.iter().filter(is_valid).filter(|of| of.kind == "national").map(|of| of.anchor_id).collect();
    holders.sort_unstable();
    holders.dedup();
    let of_branch = matches!(ctx.role, Some(Role::BranchAdmin | Role::Branch));
    let party = if of_branch && stored::find_switch(session).await?.is_some() {
        let counts = training::party_counts(&stored::list(session).await?);
        Some(counts.map(|(stage, people)| (stage.key(), people)).to_vec())
    } else {
        None
    };
    let certificate = |of: &Paper| Certificate {
        name: page.people.iter().find(|p| p.anchor_id == of.anchor_id).map(|p| p.name.clone()).unwrap_or_default(),
        kind: of.kind.clone(),
        number: of.certificate_no.clone(),
        issued_on: of.issued_on,
        expires_on: of.expires_on,
    };
    let ends_soon =
        |of: &&Paper| of.expires_on.is_some_and(|day| day >= today && day <= today + TimeDelta::days(EXPIRY_DAYS));
    let issued = |of: &&Paper| of.issued_on >= year_start(today) && of.issued_on <= today;
    let stages = [None, Some(Stage::Trainee), Some(Stage::Supervised), Some(Stage::Certified), Some(Stage::Mentor)];
    let on = |stage: &Option<Stage>| page.people.iter().filter(|p| p.stage == *stage).count();
    Ok(Summary {
        county: counties::get(session).await?.name,
        demo: false,
        on: today,
        year: today.year(),
        counts: (times, trained, i64::try_from(holders.len()).unwrap_or(i64::MAX)),
        reference_hours: page.reference_hours,
        modules: page.modules.len(),
        stages: stages.iter().map(|stage| (key(*stage), i64::try_from(on(stage)).unwrap_or(i64::MAX))).collect(),
        people: page.people.iter().map(|learner| person(learner, ctx)).collect(),
        issued: papers.iter().filter(issued).map(certificate).collect(),
        expiring: papers.iter().filter(is_valid).filter(ends_soon).map(certificate).collect(),
        expiry_days: EXPIRY_DAYS,
        certified: measures::load(session, today).await?.0.into_iter().map(certified).collect(),
        party,
    })
}

/// A step of the ladder by its key.
fn key(stage: Option<Stage>) -> &'static str {
    stage.map_or("none", Stage::key)
}

fn person(learner: &Learner, ctx: &Ctx) -> Person {
    Person {
        name: learner.name.clone(),
        stage: key(learner.stage),
        hours: learner.hours,
        passed: learner.marks.iter().filter(|&&mark| mark == Mark::Passed).count(),
        planned: learner.attended.planned,
        present: learner.attended.present,
        next: learner.next.words(ctx),
        urgent: learner.next.needs_branch(),
    }
}

fn certified(of: Measure) -> Certified {
    Certified { name: of.name, certified_on: of.certified_on, first_on: of.first_stream_on, still: of.still_streaming }
}
