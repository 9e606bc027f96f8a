//! The part of an anchor's page that the branch works with: the gate, the ladder, assessments, violations, certificates,
//! and the forms that change them.

use crate::domain::access::Role;
use crate::domain::attribution::Stage;
use crate::domain::calendar::{Day, Instant, day_of};
use crate::domain::ladder::{Standing, standing};
use crate::domain::problem::missing_words;
use crate::services::curriculum::{self, NewAssessment};
use crate::services::gate::{self as gates, Gate};
use crate::services::ladder as service;
use crate::store::ladder::{self as stored, NewStep, Paper, Violation};
use crate::store::people::{self, Module, Stage as StageRow};
use crate::store::training::{self, Assessment, Profile};
use crate::store::{Session, StoreError};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::ui::fields::Fields;
use crate::web::ui::form::{self, Field};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

/// What is shown of a person beside training.
#[derive(Debug, Clone)]
pub struct Ladder {
    pub anchor_id: i64,
    pub gate: Gate,
    /// By day.
    pub stages: Vec<StageRow>,
    pub papers: Vec<Paper>,
    pub assessments: Vec<Assessment>,
    pub violations: Vec<Violation>,
    pub modules: Vec<Module>,
    pub profile: Profile,
    /// The mentor's name; '' where there is none.
    pub mentor: String,
    pub today: Day,
}

/// Reads it, in the session of the branch or of the anchor itself.
pub async fn load(session: &mut Session, anchor_id: i64, now: Instant) -> Result<Ladder, StoreError> {
    let today = day_of(now);
    let mut stages = people::list_stages(session).await?;
    stages.retain(|s| s.anchor_id == anchor_id);
    let mut papers = stored::list_papers(session).await?;
    papers.retain(|p| p.anchor_id == anchor_id);
    let profiles = training::list_profiles(session).await?;
    let nobody = Profile { anchor_id, ..Profile::default() };
    let profile = profiles.into_iter().find(|p| p.anchor_id == anchor_id).unwrap_or(nobody);
    let anchors = people::list_anchors(session).await?;
    let mentor = anchors.into_iter().find(|a| a.anchor_id == profile.mentor_id).map(|a| a.name);
    let violations = stored::list_violations(session, anchor_id).await?;
    let known = gates::readiness_of(session, &profile, &stages, &violations, today, now).await?;
    Ok(Ladder {
        anchor_id,
        gate: gates::gate_of(session, anchor_id, &known, today).await?,
        stages,
        papers,
        assessments: training::list_assessments(session, &[anchor_id]).await?,
        violations,
        modules: people::list_modules(session).await?,
        profile,
        mentor: mentor.unwrap_or_default(),
        today,
    })
}

fn path(anchor_id: i64) -> String {
    format!("/branch/anchors/{anchor_id}")
}

/// Whether somebody may go live, and everything that is missing; who only reads is told neither that nor who gave leave.
pub fn gate(ladder: &Ladder, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let gate = &ladder.gate;
    html! {
        h2 { (t.gate_title) }
        p {
            @if gate.is_open() { span.tag { (t.gate_open) } }
            @else if gate.is_open_accompanied() { span.warn { (t.gate_accompanied) } }
            @else { span.warn { (t.gate_closed) } }
        }
        @if ctx.may_change() && !gate.missing.is_empty() {
            ul.lacking { @for missing in &gate.missing { li { (missing_words(missing, ctx.lang)) } } }
        }
        @if let Some(waiver) = gate.waiver.as_ref().filter(|_| ctx.may_change() && gate.is_open()) {
            p { (fill(t.gate_waived, &[&waiver.given_by, &waiver.to_on.to_string(), &waiver.reason])) }
        }
        p.quiet { (t.gate_note) }
    }
}

/// The stages so far, with what they rest on.
pub fn stages(ladder: &Ladder, ctx: &Ctx) -> Table {
    let t = &ctx.words.training;
    let columns = [(t.col_since, Align::Whole), (t.step_stage, Align::Text), (t.col_evidence, Align::Text)];
    let mut table = Table::new(t.ladder_title, t.ladder_none, &columns);
    for row in &ladder.stages {
        let stage = Stage::parse(&row.stage).map_or("", |stage| t.stage(stage));
        let ahead = row.from_on > ladder.today;
        table.rows.push(vec![
            row.from_on.to_string().into(),
            stage.into(),
            if ahead {
                Cell::Warn(format!("{} · {}", t.ladder_lapse, row.evidence))
            } else {
                row.evidence.as_str().into()
            },
        ]);
    }
    table
}

/// Papers with how they stand; the printing of the association's.
pub fn papers(ladder: &Ladder, may_change: bool, ctx: &Ctx) -> Table {
    let (b, t) = (&ctx.words.branch, &ctx.words.training);
    let columns = [
        (b.col_certificate, Align::Text),
        (b.col_kind, Align::Text),
        (b.col_issued, Align::Whole),
        (b.col_expires, Align::Whole),
        (t.col_standing, Align::Text),
        (t.paper_print, Align::Text),
    ];
    let mut table = Table::new(b.anchor_certificates, b.anchor_no_certificates, &columns);
    let none = ctx.words.frame.none;
    for paper in &ladder.papers {
        let national = paper.kind == "national";
        let mut kind = if national { b.kind_national.to_owned() } else { b.kind_association.to_owned() };
        if paper.level > 0 {
            kind = format!("{kind} · {}", fill(t.level, &[&paper.level.to_string()]));
        }
        let stands = standing(paper.issued_on, paper.expires_on, paper.revoked_on, ladder.today);
        let said = t.standing(stands);
        table.rows.push(vec![
            paper.certificate_no.as_str().into(),
            kind.into(),
            paper.issued_on.to_string().into(),
            paper.expires_on.map_or_else(|| none.to_owned(), |day| day.to_string()).into(),
            if stands == Standing::Valid { Cell::Tag(said.into()) } else { Cell::Warn(said.into()) },
            if national || !may_change {
                none.into()
            } else {
                let number = crate::web::ui::form::in_address(&paper.certificate_no);
                Cell::Link(t.paper_print.into(), format!("{}/paper?no={number}", path(ladder.anchor_id)))
            },
        ]);
    }
    table
}

fn assessments(ladder: &Ladder, ctx: &Ctx) -> Table {
    let t = &ctx.words.training;
    let columns = [
        (t.taken_on, Align::Whole),
        (t.module, Align::Text),
        (t.kind, Align::Text),
        (t.score, Align::Number),
        (t.assessor, Align::Text),
    ];
    let mut table = Table::new(t.assess_list, t.assess_none, &columns);
    for row in &ladder.assessments {
        let module = ladder.modules.iter().find(|m| m.module_id == row.module_id);
        let passed = if row.is_passed() { t.passed } else { t.failed };
        table.rows.push(vec![
            row.taken_on.to_string().into(),
            module.map_or("", |m| ctx.name(&m.name, &m.name_en)).into(),
            if row.kind == "practical" { t.practical } else { t.quiz }.into(),
            format!("{} / {} {passed}", row.score, row.pass_score).into(),
            row.assessor.as_str().into(),
        ]);
    }
    table
}

/// What the branch sees and does beside training.
pub fn workbench(ladder: &Ladder, may_change: bool, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    html! {
        div.grid.even {
            section.card { (gate(ladder, ctx)) @if may_change { (waive_form(ladder, ctx)) } }
            section.card {
                h2 { (t.ladder_title) }
                (stages(ladder, ctx).render(ctx))
                @if may_change { details { summary { (t.step_title) } (step_form(ladder, ctx)) } }
            }
        }
        div.grid.even {
            section.card {
                h2 { (t.assess_list) }
                (assessments(ladder, ctx).render(ctx))
                @if may_change && !ladder.modules.is_empty() {
                    details { summary { (t.assess_title) } (assess_form(ladder, ctx)) }
                }
            }
            section.card { (violations(ladder, may_change, ctx)) }
        }
    }
}

fn violations(ladder: &Ladder, may_change: bool, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let today = ladder.today.to_string();
    html! {
        h2 { (t.violation_title) }
        @if ladder.violations.is_empty() { p.empty { (t.violation_none) } }
        ul.todo { @for violation in &ladder.violations { li {
            span { (violation.happened_on) " · " (violation.what) }
            @match violation.closed_on {
                Some(day) => span.quiet { (fill(t.violation_closed, &[&day.to_string(), &violation.closed_by])) },
                None if may_change => form method="post" action={ (path(ladder.anchor_id)) "/violations/close" } {
                    input type="hidden" name="violation" value=(violation.violation_id);
                    button type="submit" { (t.violation_close) }
                },
                None => span.warn { (t.violation_open) },
            }
        } } }
        @if may_change { details { summary { (t.violation_button) }
            form.stacked method="post" action={ (path(ladder.anchor_id)) "/violations" } {
                (form::field(&Field::day("on", t.violation_day).value(&today)))
                (form::field(&Field::text("what", t.violation_what)))
                button type="submit" { (t.violation_button) }
            }
        } }
    }
}

fn waive_form(ladder: &Ladder, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let today = ladder.today.to_string();
    html! {
        @if !ladder.gate.is_open() && ctx.role == Some(Role::BranchAdmin) { details { summary { (t.waive_title) }
            p.quiet { (t.waive_note) }
            form.stacked method="post" action={ (path(ladder.anchor_id)) "/waivers" } {
                (form::field(&Field::day("from", t.from).value(&today)))
                (form::field(&Field::day("to", t.to).value(&today)))
                (form::field(&Field::text("reason", t.reason)))
                button type="submit" { (t.waive_button) }
            }
        } }
    }
}

fn step_form(ladder: &Ladder, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let today = ladder.today.to_string();
    let stages = Stage::ALL.map(|stage| (stage.key(), t.stage(stage)));
    html! {
        p.quiet { (t.step_note) }
        form.stacked method="post" action={ (path(ladder.anchor_id)) "/steps" } {
            (form::select("stage", t.step_stage, &stages))
            (form::field(&Field::day("from", t.from).value(&today)))
            (form::field(&Field::text("evidence", t.step_evidence)))
            (form::field(&Field::text("class_no", t.step_class).optional()))
            (form::field(&Field::text("certificate_no", t.step_certificate).optional()))
            (form::field(&Field::day("expires_on", t.step_expires).optional()))
            button.primary type="submit" { (t.step_button) }
        }
    }
}

fn assess_form(ladder: &Ladder, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let today = ladder.today.to_string();
    html! {
        form.stacked method="post" action={ (path(ladder.anchor_id)) "/assessments" } {
            label.field { span { (t.module) } select name="module" { @for module in &ladder.modules {
                option value=(module.module_id) { (ctx.name(&module.name, &module.name_en)) }
            } } }
            (form::select("kind", t.kind, &[("quiz", t.quiz), ("practical", t.practical)]))
            (form::field(&Field::day("taken_on", t.taken_on).value(&today)))
            (form::field(&Field::digits("score", t.score, 4)))
            (form::field(&Field::digits("pass_score", t.pass_score, 4).value("60")))
            (form::field(&Field::text("assessor", t.assessor)))
            button type="submit" { (t.save) }
        }
    }
}

/// Forms about papers: a national certificate, revoking the association's.
pub fn paper_forms(ladder: &Ladder, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let today = ladder.today.to_string();
    let levels = ["5", "4", "3", "2", "1"].map(|level| (level, level));
    let revocable: Vec<(&str, &str)> = ladder
        .papers
        .iter()
        .filter(|p| p.kind == "association" && p.revoked_on.is_none())
        .map(|p| (p.certificate_no.as_str(), p.certificate_no.as_str()))
        .collect();
    html! {
        details { summary { (t.national_title) }
            p.quiet { (t.national_note) }
            form.stacked method="post" action={ (path(ladder.anchor_id)) "/national" } {
                (form::field(&Field::text("number", t.national_number)))
                (form::select("level", t.national_level, &levels))
                (form::field(&Field::day("issued_on", t.issued).value(&today)))
                button type="submit" { (t.save) }
            }
        }
        @if !revocable.is_empty() && ctx.role == Some(Role::BranchAdmin) { details { summary { (t.revoke_title) }
            form.stacked method="post" action={ (path(ladder.anchor_id)) "/revoke" } {
                (form::select("number", ctx.words.branch.col_certificate, &revocable))
                (form::field(&Field::day("on", t.from).value(&today)))
                (form::field(&Field::text("reason", t.reason)))
                button type="submit" { (t.revoke_button) }
            }
        } }
    }
}

/// Whether the county has such an anchor; its page's address.
async fn there(app: &AppState, visit: &Visit, anchor_id: i64) -> Result<String, WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let anchors = people::list_anchors(session).await.map_err(anyhow::Error::from)?;
    anchors.iter().find(|a| a.anchor_id == anchor_id).ok_or(WebError::NotFound)?;
    Ok(path(anchor_id))
}

/// `POST /branch/anchors/{id}/steps`
pub async fn step(
    State(app): State<AppState>,
    visit: Visit,
    Path(anchor_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let here = there(&app, &visit, anchor_id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = async {
        let stage = fields.choice("stage", Stage::parse)?;
        let new = NewStep {
            anchor_id,
            stage: stage.key(),
            from_on: fields.day("from")?,
            evidence: fields.text("evidence").to_owned(),
            class_no: fields.text("class_no").to_owned(),
            certificate_no: fields.text("certificate_no").to_owned(),
            expires_on: fields.optional_day("expires_on")?,
        };
        let step_id = Box::pin(service::propose(&desk, &new, stage)).await?;
        let waits = crate::domain::ladder::needs_second_person(stage);
        anyhow::Ok(if waits { format!("/branch/training/steps/{step_id}") } else { here.clone() })
    };
    went_on(done.await, &here, &visit.ctx)
}

/// `POST /branch/anchors/{id}/assessments`
pub async fn assess(
    State(app): State<AppState>,
    visit: Visit,
    Path(anchor_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let here = there(&app, &visit, anchor_id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = async {
        let new = NewAssessment {
            anchor_id,
            module_id: fields.id("module"),
            is_practical: fields.text("kind") == "practical",
            taken_on: fields.day("taken_on")?,
            score: fields.number("score", 0, 1_000)?,
            pass_score: fields.number("pass_score", 1, 1_000)?,
            assessor: fields.text("assessor").to_owned(),
        };
        curriculum::assess(&desk, &[new]).await?;
        anyhow::Ok(here.clone())
    };
    went_on(done.await, &here, &visit.ctx)
}

/// `POST /branch/anchors/{id}/violations`
pub async fn violation(
    State(app): State<AppState>,
    visit: Visit,
    Path(anchor_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let here = there(&app, &visit, anchor_id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = async {
        gates::record_violation(&desk, anchor_id, fields.day("on")?, fields.text("what")).await?;
        anyhow::Ok(here.clone())
    };
    went_on(done.await, &here, &visit.ctx)
}

/// `POST /branch/anchors/{id}/violations/close`
pub async fn close_violation(
    State(app): State<AppState>,
    visit: Visit,
    Path(anchor_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let here = there(&app, &visit, anchor_id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    match gates::close_violation(&desk, anchor_id, fields.id("violation")).await {
        Ok(false) => Err(WebError::NotFound),
        done => went_on(done.map(|_| here.clone()), &here, &visit.ctx),
    }
}

/// `POST /branch/anchors/{id}/waivers`
pub async fn waive(
    State(app): State<AppState>,
    visit: Visit,
    Path(anchor_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let here = there(&app, &visit, anchor_id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = async {
        gates::waive(&desk, anchor_id, fields.day("from")?, fields.day("to")?, fields.text("reason")).await?;
        anyhow::Ok(here.clone())
    };
    went_on(done.await, &here, &visit.ctx)
}

/// `POST /branch/anchors/{id}/national`
pub async fn national(
    State(app): State<AppState>,
    visit: Visit,
    Path(anchor_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let here = there(&app, &visit, anchor_id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = async {
        let (level, issued_on) = (fields.number("level", 1, 5)?, fields.day("issued_on")?);
        service::record_national(&desk, anchor_id, fields.text("number"), level, issued_on).await?;
        anyhow::Ok(here.clone())
    };
    went_on(done.await, &here, &visit.ctx)
}

/// `POST /branch/anchors/{id}/revoke`
pub async fn revoke(
    State(app): State<AppState>,
    visit: Visit,
    Path(anchor_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let here = there(&app, &visit, anchor_id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = async {
        let (number, on, reason) = (fields.text("number"), fields.day("on")?, fields.text("reason"));
        Box::pin(service::revoke(&desk, anchor_id, number, on, reason)).await?;
        anyhow::Ok(here.clone())
    };
    went_on(done.await, &here, &visit.ctx)
}
