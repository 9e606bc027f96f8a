//! Who is where on the ladder: modules attended and passed, class hours against the reference, the next step.
//!
//! 培训人次 alone is vanity; the page answers what each person still lacks. The next step is computed from the records,
//! in this order: an expired or expiring certificate, missing modules and hours, then the next stage.

use super::measures::{self, Measures};
use super::tables::{self, Kind};
use crate::charts::progress::{Mark, Person, Progress};
use crate::charts::{self, Frame};
use crate::domain::attribution::Stage;
use crate::domain::calendar::{Day, year_start};
use crate::domain::disclosure::LEAST_HOUSEHOLDS;
use crate::domain::ladder::{Retraining, Standing, retraining, standing};
use crate::domain::party::Stage as PartyStage;
use crate::domain::training::{Attendance, Attended};
use crate::store::ladder::{self, Step};
use crate::store::party;
use crate::store::people::{self, Training};
use crate::store::training as store_training;
use crate::store::{Session, StoreError};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::official::pictures::Screen;
use crate::web::ui::bars;
use crate::web::ui::picture::{self, Picture};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::TimeDelta;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// A certificate that ends within these days needs re-training planned.
pub const EXPIRY_DAYS: i64 = 60;

/// Missed classes in a row that somebody is asked about.
const MISSED_IN_A_ROW: i64 = 2;
/// Basis points of all planned classes under which somebody falls behind.
const LEAST_ATTENDANCE_BP: i64 = 8_000;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub modules: Vec<String>,
    pub people: Vec<Learner>,
    /// Class hours of the first level of the national standard, as they hold today.
    pub reference_hours: i64,
}

/// What the branch's page shows beside.
#[derive(Debug, Clone)]
pub struct Beside {
    pub measures: Measures,
    /// Steps that wait, each with the person's name.
    pub waiting: Vec<(Step, String)>,
    /// 培训人次, 培训人数, 持证主播 of this year and today.
    pub counts: (i64, i64, i64),
    /// 党员主播, 入党积极分子; `None` where the module is off, and to a reader who is not of the branch.
    pub party: Option<(i64, i64)>,
    pub may_change: bool,
}

/// A person on the ladder.
#[derive(Debug, Clone)]
pub struct Learner {
    pub anchor_id: i64,
    pub anchor_key: String,
    pub name: String,
    pub stage: Option<Stage>,
    /// One a module.
    pub marks: Vec<Mark>,
    pub hours: i64,
    pub reference_hours: i64,
    pub attended: Attended,
    pub next: Next,
}

impl Learner {
    /// In what the person falls behind, in words; `None` where in nothing.
    fn behind(&self, ctx: &Ctx) -> Option<String> {
        let t = &ctx.words.training;
        if self.next == Next::Expired {
            return Some(t.behind_expired.into());
        }
        if self.attended.missed_last >= MISSED_IN_A_ROW {
            return Some(fill(t.behind_missed, &[&self.attended.missed_last.to_string()]));
        }
        let seldom = self.attended.rate_bp().is_some_and(|bp| bp < LEAST_ATTENDANCE_BP);
        let (present, planned) = (self.attended.present.to_string(), self.attended.planned.to_string());
        seldom.then(|| fill(t.behind_rate, &[&present, &planned]))
    }
}

/// What a person lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Expired,
    Retrain {
        expires_on: Day,
    },
    /// Of the yearly re-training.
    Yearly(Retraining),
    Lacks {
        modules: usize,
        hours: i64,
    },
    Certify,
    Mentor,
    Complete,
}

/// The next step of a person.
pub fn next_step(
    stage: Option<Stage>,
    lacking: usize,
    (hours, reference_hours): (i64, i64),
    expires_on: Option<Day>,
    yearly: Option<Retraining>,
    today: Day,
) -> Next {
    match expires_on {
        Some(day) if day < today => return Next::Expired,
        Some(day) if day <= today + TimeDelta::days(EXPIRY_DAYS) => return Next::Retrain { expires_on: day },
        _ => {}
    }
    if let Some(yearly) = yearly {
        return Next::Yearly(yearly);
    }
    let hours = (reference_hours - hours).max(0);
    if lacking > 0 || hours > 0 {
        return Next::Lacks { modules: lacking, hours };
    }
    match stage {
        Some(Stage::Mentor) => Next::Complete,
        Some(Stage::Certified) => Next::Mentor,
        Some(Stage::Trainee | Stage::Supervised) | None => Next::Certify,
    }
}

impl Next {
    /// In words.
    pub fn words(self, ctx: &Ctx) -> String {
        let b = &ctx.words.branch;
        match self {
            Self::Expired => b.next_expired.into(),
            Self::Retrain { expires_on } => fill(b.next_retrain, &[&expires_on.to_string()]),
            Self::Yearly(Retraining { by, hours, late }) => {
                let c = &ctx.words.classes;
                fill(if late { c.retrain_over } else { c.retrain_due }, &[&by.to_string(), &hours.to_string()])
            }
            Self::Lacks { modules, hours: 0 } => fill(b.next_modules, &[&modules.to_string()]),
            Self::Lacks { modules: 0, hours } => fill(b.next_hours, &[&hours.to_string()]),
            Self::Lacks { modules, hours } => fill(b.next_modules_hours, &[&modules.to_string(), &hours.to_string()]),
            Self::Certify => b.next_certify.into(),
            Self::Mentor => b.next_mentor.into(),
            Self::Complete => b.next_none.into(),
        }
    }

    /// Waits for the branch rather than for the person.
    pub const fn needs_branch(self) -> bool {
        matches!(self, Self::Expired | Self::Retrain { .. } | Self::Yearly(_))
    }
}

/// A stage in words.
pub const fn stage_words(stage: Option<Stage>, ctx: &Ctx) -> &'static str {
    let b = &ctx.words.branch;
    match stage {
        None => b.stage_none,
        Some(Stage::Trainee) => b.stage_trainee,
        Some(Stage::Supervised) => b.stage_supervised,
        Some(Stage::Certified) => b.stage_certified,
        Some(Stage::Mentor) => b.stage_mentor,
    }
}

/// The page.
pub fn render(page: &Page, beside: &Beside, ctx: &Ctx) -> Markup {
    let (b, t) = (&ctx.words.branch, &ctx.words.training);
    let columns = [
        (b.col_name, Align::Text),
        (b.col_stage, Align::Text),
        (b.col_passed, Align::Number),
        (b.col_hours, Align::Number),
        (b.col_next, Align::Text),
    ];
    let mut table = Table::new(b.training_title, b.training_none, &columns);
    for p in &page.people {
        let passed = p.marks.iter().filter(|&&m| m == Mark::Passed).count();
        let next = p.next.words(ctx);
        table.rows.push(vec![
            Cell::Link(p.name.clone(), format!("/branch/anchors/{}", p.anchor_id)),
            stage_words(p.stage, ctx).into(),
            format!("{passed} / {}", page.modules.len()).into(),
            p.hours.to_string().into(),
            if p.next.needs_branch() { Cell::Warn(next) } else { next.into() },
        ]);
    }
    let (times, people, holders) = beside.counts;
    let (title, href) = (b.training_title.into(), "/branch/training.svg".into());
    let picture = Picture { title, href, narrow: false, no_file: None, numbers: table };
    let body = html! {
        h1.visually-hidden { (b.training_title) }
        @if page.people.is_empty() {
            section.card { p.empty { (b.training_none) } }
        } @else {
            (picture::card(&picture, ctx))
        }
        section.card {
            p { (fill(t.counts, &[&times.to_string(), &people.to_string(), &holders.to_string()])) }
            @if let Some((members, activists)) = beside.party {
                @let count = |count: i64| if count < LEAST_HOUSEHOLDS { ctx.words.classes.few.to_owned() } else { count.to_string() };
                p { (fill(ctx.words.classes.party_members, &[&count(members), &count(activists)])) }
            }
            p.actions {
                @if beside.may_change { a.button href="/branch/anchors/new" { (t.add_person) } }
                a.button href=(super::curriculum::PATH) { (t.curriculum_link) }
                a.button href=(super::training_paper::address(ctx)) download { (ctx.words.papers.training_summary) }
                a.button href=(super::contests::PATH) { (ctx.words.scheme.contests) }
                @if beside.may_change { a.button href="/branch/party" { (ctx.words.scheme.party) } }
            }
            (tables::links(&[Kind::Progress, Kind::Certificates], ctx))
            @if beside.may_change { (super::training_sheet::upload_form(ctx)) }
        }
        @if !beside.waiting.is_empty() { section.card {
            h2 { (t.waiting_title) }
            ul.todo { @for (step, name) in &beside.waiting { li {
                span { (waiting_words(step, name, ctx)) }
                a.button href=(super::ladder_step::address(step.step_id)) { (b.today_do) }
            } } }
        } }
        section.card {
            h2 { (t.behind_title) }
            @let behind: Vec<(&Learner, String)> = page.people.iter().filter_map(|p| Some((p, p.behind(ctx)?))).collect();
            @if behind.is_empty() { p.empty { (t.behind_none) } }
            ul.todo { @for (person, why) in behind { li {
                a href={ "/branch/anchors/" (person.anchor_id) } { (person.name) }
                span.warn { (why) }
            } } }
        }
        (measures::card(&beside.measures, ctx))
    };
    shell::page(b.nav_training, Some(Section::Training), &body, ctx)
}

fn waiting_words(step: &Step, name: &str, ctx: &Ctx) -> String {
    let t = &ctx.words.training;
    let stage = Stage::parse(&step.stage).map_or("", |stage| t.stage(stage));
    fill(t.waiting_row, &[name, stage, &step.from_on.to_string(), &step.proposed_by])
}

/// Class hours as a bar with the reference marked.
pub fn hours_bar(hours: i64, reference_hours: i64) -> Markup {
    bars::against(hours, reference_hours, reference_hours.max(hours) * 5 / 4)
}

/// Everyone's training as of a day.
pub async fn load(session: &mut Session, today: Day, ctx: &Ctx) -> Result<Page, StoreError> {
    let modules = people::list_modules(session).await?;
    let anchors = people::list_anchors(session).await?;
    let stages = people::list_stages(session).await?;
    let training = people::list_training(session).await?;
    let papers = ladder::list_papers(session).await?;
    let rule = store_training::rule_on(session, today).await?;
    let reference_hours = rule.first_level_hours();
    let sat = store_training::list_sat(session, today).await?;
    let mut learners: Vec<Learner> = anchors
        .into_iter()
        .map(|anchor| {
            let own: Vec<&Training> =
                training.iter().filter(|t| t.anchor_id == anchor.anchor_id && t.attended_on <= today).collect();
            let marks: Vec<Mark> = modules.iter().map(|m| mark(&own, m.module_id, today)).collect();
            let hours = own.iter().map(|t| t.class_hours).sum();
            let stage = stages
                .iter()
                .filter(|s| s.anchor_id == anchor.anchor_id && s.from_on <= today)
                .max_by_key(|s| s.from_on)
                .and_then(|s| Stage::parse(&s.stage));
            let lacking = marks.iter().filter(|&&m| m != Mark::Passed).count();
            let expires_on = last_expiry(&papers, anchor.anchor_id);
            let attended = own.iter().map(|t| (t.attended_on, t.class_hours));
            let yearly =
                certified_on(&papers, anchor.anchor_id, today).and_then(|on| retraining(on, attended, &rule, today));
            let next = next_step(stage, lacking, (hours, reference_hours), expires_on, yearly, today);
            let classes = sat.iter().filter(|s| s.anchor_id == anchor.anchor_id);
            let attended = Attended::of(classes.filter_map(|s| Attendance::parse(&s.attendance)));
            let (anchor_id, anchor_key, name) = (anchor.anchor_id, anchor.anchor_key, anchor.name);
            Learner { anchor_id, anchor_key, name, stage, marks, hours, reference_hours, attended, next }
        })
        .collect();
    learners.sort_by(|a, b| (b.stage, b.hours, &a.name).cmp(&(a.stage, a.hours, &b.name)));
    let modules = modules.iter().map(|m| ctx.name(&m.name, &m.name_en).to_owned()).collect();
    Ok(Page { modules, people: learners, reference_hours })
}

/// What the branch's page shows beside.
async fn load_beside(session: &mut Session, page: &Page, today: Day, may_change: bool) -> Result<Beside, StoreError> {
    let (times, trained) = store_training::count_trained(session, year_start(today), today).await?;
    let papers = ladder::list_papers(session).await?;
    let holds = |p: &&ladder::Paper| {
        p.kind == "national" && standing(p.issued_on, p.expires_on, p.revoked_on, today) == Standing::Valid
    };
    let mut holders: Vec<i64> = papers.iter().filter(holds).map(|p| p.anchor_id).collect();
    holders.sort_unstable();
    holders.dedup();
    let named = |step: Step| {
        let name = page.people.iter().find(|p| p.anchor_id == step.anchor_id).map(|p| p.name.clone());
        (step, name.unwrap_or_default())
    };
    Ok(Beside {
        measures: measures::load(session, today).await?,
        waiting: ladder::list_waiting(session).await?.into_iter().map(named).collect(),
        counts: (times, trained, i64::try_from(holders.len()).unwrap_or(i64::MAX)),
        party: if may_change { count_party(session).await? } else { None },
        may_change,
    })
}

/// Whose yearly re-training is due or late, the first day first: number, name, what is missing.
pub async fn list_retraining(
    session: &mut Session,
    (anchors, papers): (&[people::Anchor], &[ladder::Paper]),
    today: Day,
) -> Result<Vec<(i64, String, Retraining)>, StoreError> {
    let rule = store_training::rule_on(session, today).await?;
    let records = people::list_training(session).await?;
    let due = |anchor: &people::Anchor| {
        let own = records.iter().filter(|t| t.anchor_id == anchor.anchor_id);
        let on = certified_on(papers, anchor.anchor_id, today)?;
        let due = retraining(on, own.map(|t| (t.attended_on, t.class_hours)), &rule, today)?;
        Some((anchor.anchor_id, anchor.name.clone(), due))
    };
    let mut found: Vec<_> = anchors.iter().filter_map(due).collect();
    found.sort_by(|a, b| (a.2.by, &a.1).cmp(&(b.2.by, &b.1)));
    Ok(found)
}

/// Party members and activists among the anchors, while the module is on.
async fn count_party(session: &mut Session) -> Result<Option<(i64, i64)>, StoreError> {
    if party::find_switch(session).await?.is_none() {
        return Ok(None);
    }
    let counts = party_counts(&party::list(session).await?);
    let count = |stages: &[PartyStage]| counts.iter().filter(|of| stages.contains(&of.0)).map(|of| of.1).sum::<i64>();
    let members = count(&[PartyStage::Probationary, PartyStage::Full]);
    Ok(Some((members, count(&[PartyStage::Activist]))))
}

/// People by the party stage they stand at.
pub(super) fn party_counts(steps: &[party::Step]) -> [(PartyStage, i64); 5] {
    // by person and day: the last one stands
    let last: BTreeMap<i64, &str> = steps.iter().map(|step| (step.anchor_id, step.stage.as_str())).collect();
    let count = |stage: PartyStage| last.values().filter(|key| **key == stage.key()).count();
    PartyStage::ALL.map(|stage| (stage, i64::try_from(count(stage)).unwrap_or(i64::MAX)))
}

/// The day a person's newest certificate of the association that stands was issued.
fn certified_on(papers: &[ladder::Paper], anchor_id: i64, today: Day) -> Option<Day> {
    let stands = |p: &&ladder::Paper| {
        let of_association = p.anchor_id == anchor_id && p.kind == "association";
        of_association && standing(p.issued_on, p.expires_on, p.revoked_on, today) == Standing::Valid
    };
    papers.iter().filter(stands).map(|p| p.issued_on).max()
}

/// The day the newest of a person's expiring certificates ends; `None` when one never does or there is none.
pub fn last_expiry(papers: &[ladder::Paper], anchor_id: i64) -> Option<Day> {
    let own = || papers.iter().filter(|p| p.anchor_id == anchor_id);
    if own().any(|p| p.expires_on.is_none()) { None } else { own().filter_map(|p| p.expires_on).max() }
}

fn mark(own: &[&Training], module_id: i64, today: Day) -> Mark {
    let attended: Vec<_> = own.iter().filter(|t| t.module_id == module_id).collect();
    if attended.iter().any(|t| t.passed_on.is_some_and(|day| day <= today)) {
        Mark::Passed
    } else if attended.is_empty() {
        Mark::NotYet
    } else {
        Mark::Attended
    }
}

/// `GET /branch/training`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let today = app.clock.today();
    let page = load(session, today, &visit.ctx).await.map_err(anyhow::Error::from)?;
    let may_change = visit.ctx.may_change();
    let beside = load_beside(session, &page, today, may_change).await.map_err(anyhow::Error::from)?;
    Ok(render(&page, &beside, &visit.ctx))
}

/// `GET /branch/training.svg`
pub async fn picture(
    State(app): State<AppState>,
    visit: Visit,
    Query(screen): Query<Screen>,
) -> Result<Response, WebError> {
    let (ctx, b) = (&visit.ctx, &visit.ctx.words.branch);
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let page = load(session, app.clock.today(), ctx).await.map_err(anyhow::Error::from)?;
    let hours = |hours: i64| u32::try_from(hours).unwrap_or(0);
    let reference_hours = page.reference_hours;
    let people = page.people.into_iter().map(|p| Person {
        name: p.name,
        stage: stage_words(p.stage, ctx).into(),
        marks: p.marks,
        hours: hours(p.hours),
        next_step: p.next.words(ctx),
        needs_attention: p.next.needs_branch(),
    });
    let data = Progress { modules: page.modules, people: people.collect(), reference_hours: hours(reference_hours) };
    let frame = Frame {
        title: b.training_title,
        note: "",
        source: b.training_source,
        as_of: Some(app.clock.now()),
        demo: app.demo,
        lang: ctx.lang,
    };
    let drawn = charts::progress::svg(&data, &frame, screen.width());
    screen.answer(drawn, "red-anchor-training").await
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_day;

    #[test]
    fn the_next_step_names_the_most_urgent_lack() {
        let today = parse_day("2026-11-23").unwrap();
        let day = |text| parse_day(text);
        assert_eq!(next_step(Some(Stage::Certified), 0, (130, 120), day("2026-11-22"), None, today), Next::Expired);
        let soon = parse_day("2026-12-20").unwrap();
        assert_eq!(
            next_step(Some(Stage::Certified), 0, (130, 120), Some(soon), None, today),
            Next::Retrain { expires_on: soon }
        );
        assert_eq!(
            next_step(Some(Stage::Trainee), 3, (100, 120), None, None, today),
            Next::Lacks { modules: 3, hours: 20 }
        );
        assert_eq!(next_step(Some(Stage::Supervised), 0, (120, 120), None, None, today), Next::Certify);
        assert_eq!(next_step(Some(Stage::Mentor), 0, (120, 120), day("2028-01-01"), None, today), Next::Complete);
        let yearly = Retraining { by: today, hours: 4, late: false };
        let step = next_step(Some(Stage::Certified), 0, (130, 120), day("2028-01-01"), Some(yearly), today);
        assert_eq!(step, Next::Yearly(yearly));
    }
}
