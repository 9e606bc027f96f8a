//! The demo county's training desk: who its people are, the last months' classes with their sign-in, quizzes, a step that
//! waits for a second person, papers with their codes, contests, party stages.
//!
//! Through the services the site's forms call, once, at the end of the history; a county that has classes is left as it is.
//! All of it is invented: names with 示, numbers that begin with DEMO.

use super::World;
use super::county::anchors::{self, Sitting};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::attribution::Stage;
use crate::domain::calendar::{Day, month_start};
use crate::domain::contests::Indicator;
use crate::domain::ladder::Rule;
use crate::domain::party::Stage as PartyStage;
use crate::domain::training::{AssessedBy, Attendance, Purpose};
use crate::services::anchors::Typed;
use crate::services::contests::NewContest;
use crate::services::curriculum::{self, NewAssessment, NewLesson, TypedModule};
use crate::services::desk::Desk;
use crate::services::{contests, ladder, party};
use crate::store::ladder::{self as stored, NewStep};
use crate::store::people::{self, Anchor, Module};
use crate::store::training::{self, Profile};
use chrono::TimeDelta;

/// Where the demo's people act from.
const DESK: &str = "demo";
/// Days of classes that are kept with their sign-in.
const DAYS: i64 = 90;
const TEACHER: &str = "演示讲师";
const PLACE: &str = "演示培训室";
const PASS_SCORE: i64 = 60;

/// Key, stage, days before the end of the history.
const PARTY: [(&str, PartyStage, i64); 6] = [
    ("anchor-1", PartyStage::Applicant, 1_300),
    ("anchor-1", PartyStage::Activist, 1_150),
    ("anchor-1", PartyStage::Candidate, 600),
    ("anchor-1", PartyStage::Probationary, 420),
    ("anchor-2", PartyStage::Applicant, 500),
    ("anchor-2", PartyStage::Activist, 400),
];

impl World<'_> {
    /// Keeps what the training desk keeps, up to the end of the history.
    pub(super) async fn keep_training(&self, today: Day) -> anyhow::Result<()> {
        let clerk = Actor::account(0, "演示培训员", Role::BranchAdmin, DESK);
        let desk = Desk { store: self.store, county: self.code, actor: &clerk, clock: &self.books };
        let mut session = self.store.read(Scope::County(self.code)).await?;
        let kept = training::list_lessons(&mut session, today - TimeDelta::days(DAYS), today).await?;
        let people = people::list_anchors(&mut session).await?;
        let modules = people::list_modules(&mut session).await?;
        let papers = stored::list_papers(&mut session).await?;
        let stages = people::list_stages(&mut session).await?;
        drop(session);
        if !kept.is_empty() || people.is_empty() {
            return Ok(());
        }
        describe(&desk, &people, &modules).await?;
        hold_classes(&desk, &people, &modules, today).await?;
        for paper in papers.iter().filter(|p| p.kind == "association") {
            ladder::give_code(&desk, paper.anchor_id, &paper.certificate_no).await?;
        }
        let id = |key: &str| people.iter().find(|a| a.anchor_key == key).map(|a| a.anchor_id);
        if let Some(anchor_id) = id("trainee-1")
            && ladder::stage_on(&stages, anchor_id, today) == Some(Stage::Supervised)
        {
            Box::pin(ladder::propose(&desk, &step(anchor_id, today), Stage::Certified)).await?;
        }
        party::switch(&desk, true).await?;
        for (key, stage, before) in PARTY {
            let on = today - TimeDelta::days(before);
            let Some(anchor_id) = id(key).filter(|_| on >= crate::sandbox::world::first_day()) else { continue };
            party::record(&desk, anchor_id, stage, on, &format!("DEMO-D-{before}")).await?;
        }
        compete(&desk, &people, today).await
    }
}

/// Last month's contest, published, and this month's, which runs.
async fn compete(desk: &Desk<'_>, people: &[Anchor], today: Day) -> anyhow::Result<()> {
    let month = month_start(today);
    let before = month_start(month - TimeDelta::days(1));
    let contest = |title: &str, from_on: Day, to_on: Day| NewContest {
        title: title.to_owned(),
        from_on,
        to_on,
        indicators: vec![Indicator::Net, Indicator::NetAnHour, Indicator::RefundRate, Indicator::Streams],
        entrants: people.iter().map(|a| a.anchor_id).collect(),
    };
    let last = contests::create(desk, &contest("演示岗位竞赛", before, month - TimeDelta::days(1))).await?;
    contests::publish(desk, last).await?;
    contests::create(desk, &contest("演示技能比武", month, today)).await?;
    Ok(())
}

/// Births, checks of identity and skills of people; what modules are for.
async fn describe(desk: &Desk<'_>, people: &[Anchor], modules: &[Module]) -> anyhow::Result<()> {
    let mentor = people.iter().find(|a| a.anchor_key == "anchor-1").map_or(0, |a| a.anchor_id);
    for person in people {
        let Some(about) = anchors::about(&person.anchor_key) else { continue };
        let profile = Profile {
            anchor_id: person.anchor_id,
            born_on: Some(about.born_on),
            guardian_consent_on: about.guardian_consent_on,
            identity_checked_on: Some(about.identity_checked_on),
            skills: about.skills.to_owned(),
            mentor_id: if person.anchor_id == mentor { 0 } else { mentor },
        };
        let typed = Typed { name: person.name.clone(), accounts: String::new(), profile };
        Box::pin(crate::services::anchors::save(desk, Some(person.anchor_id), &typed)).await?;
    }
    let taught = [
        ("rules", Purpose::Rules, AssessedBy::Quiz),
        ("product", Purpose::Product, AssessedBy::Quiz),
        ("practice", Purpose::None, AssessedBy::Practical),
    ];
    for (key, purpose, assessed_by) in taught {
        let Some(module) = modules.iter().find(|m| m.module_key == key) else { continue };
        let typed = TypedModule {
            name: module.name.clone(),
            name_en: module.name_en.clone(),
            class_hours: module.class_hours,
            purpose,
            assessed_by,
        };
        curriculum::save_module(desk, Some(module.module_id), &typed).await?;
    }
    Ok(())
}

/// The last months' classes: planned, signed in as the county document tells, and two that somebody missed.
async fn hold_classes(desk: &Desk<'_>, people: &[Anchor], modules: &[Module], today: Day) -> anyhow::Result<()> {
    let from = today - TimeDelta::days(DAYS);
    let sittings = anchors::sittings(from, today);
    let lesson = |sitting: &Sitting| {
        let module = modules.iter().find(|m| m.module_key == sitting.module)?;
        let there = people.iter().filter(|a| sitting.who.contains(&a.anchor_key.as_str()));
        let planned = there.map(|a| a.anchor_id).collect();
        Some(NewLesson {
            class_no: format!("DEMO-{}", sitting.on.format("%Y%m")),
            module_id: module.module_id,
            held_on: sitting.on,
            class_hours: sitting.class_hours,
            teacher: TEACHER.to_owned(),
            place: PLACE.to_owned(),
            planned,
        })
    };
    let lessons: Vec<(NewLesson, &Sitting)> = sittings.iter().filter_map(|s| Some((lesson(s)?, s))).collect();
    if lessons.is_empty() {
        return Ok(());
    }
    let planned: Vec<NewLesson> = lessons.iter().map(|(lesson, _)| lesson.clone()).collect();
    let first = curriculum::plan(desk, &planned).await?;
    let mut quizzes = Vec::new();
    for ((lesson, sitting), lesson_id) in lessons.iter().zip(first..) {
        if sitting.on > today {
            continue;
        }
        let attendance = if sitting.missed { Attendance::Absent } else { Attendance::Present };
        let marks: Vec<(i64, Attendance)> = lesson.planned.iter().map(|&id| (id, attendance)).collect();
        curriculum::sign_in(desk, lesson_id, &marks).await?;
        quizzes.extend(lesson.planned.iter().filter(|_| sitting.passed).map(|&anchor_id| NewAssessment {
            anchor_id,
            module_id: lesson.module_id,
            is_practical: false,
            taken_on: sitting.on,
            // 72 to 95, by whom and what: invented, but the same every time
            score: 72 + (anchor_id * 7 + lesson.module_id * 5) % 24,
            pass_score: PASS_SCORE,
            assessor: TEACHER.to_owned(),
        }));
    }
    if quizzes.is_empty() { Ok(()) } else { curriculum::assess(desk, &quizzes).await }
}

fn step(anchor_id: i64, today: Day) -> NewStep {
    NewStep {
        anchor_id,
        stage: Stage::Certified.key(),
        from_on: today,
        evidence: "DEMO-R-2026-11".to_owned(),
        class_no: "DEMO-202601".to_owned(),
        certificate_no: "DEMO-P-2026-005".to_owned(),
        expires_on: Rule::STANDARD.expires_on(today),
    }
}
