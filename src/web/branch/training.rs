//! Who is where on the ladder: modules attended and passed, class hours against the reference, the next step.
//!
//! 培训人次 alone is vanity; the page answers what each person still lacks. The next step is computed from the records,
//! in this order: an expired or expiring certificate, missing modules and hours, then the next stage.

use crate::charts::progress::{Mark, Person, Progress};
use crate::charts::{self, Frame};
use crate::domain::attribution::Stage;
use crate::domain::calendar::Day;
use crate::store::people::{self, Certificate, Training};
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

/// Reference class hours of 直播销售员 level 5 (国家职业技能标准 4-01-02-07).
pub const REFERENCE_HOURS: i64 = 120;
/// A certificate that ends within these days needs re-training planned.
pub const EXPIRY_DAYS: i64 = 60;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub modules: Vec<String>,
    pub people: Vec<Learner>,
}

/// A person on the ladder.
#[derive(Debug, Clone)]
pub struct Learner {
    pub anchor_id: i64,
    pub name: String,
    pub stage: Option<Stage>,
    /// One a module.
    pub marks: Vec<Mark>,
    pub hours: i64,
    pub next: Next,
}

/// What a person lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Expired,
    Retrain { expires_on: Day },
    Lacks { modules: usize, hours: i64 },
    Certify,
    Mentor,
    Complete,
}

/// The next step of a person.
pub fn next_step(stage: Option<Stage>, lacking: usize, hours: i64, expires_on: Option<Day>, today: Day) -> Next {
    match expires_on {
        Some(day) if day < today => return Next::Expired,
        Some(day) if day <= today + TimeDelta::days(EXPIRY_DAYS) => return Next::Retrain { expires_on: day },
        _ => {}
    }
    let hours = (REFERENCE_HOURS - hours).max(0);
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
        matches!(self, Self::Expired | Self::Retrain { .. })
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
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let b = &ctx.words.branch;
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
    let (title, href) = (b.training_title.into(), "/branch/training.svg".into());
    let picture = Picture { title, href, narrow: false, numbers: table };
    let body = html! {
        h1.visually-hidden { (b.training_title) }
        @if page.people.is_empty() {
            section.card { p.empty { (b.training_none) } }
        } @else {
            (picture::card(&picture, ctx))
        }
    };
    shell::page(b.nav_training, Some(Section::Training), &body, ctx)
}

/// Class hours as a bar with the reference marked.
pub fn hours_bar(hours: i64) -> Markup {
    bars::against(hours, REFERENCE_HOURS, REFERENCE_HOURS.max(hours) * 5 / 4)
}

/// Everyone's training as of a day.
pub async fn load(session: &mut Session, today: Day, ctx: &Ctx) -> Result<Page, StoreError> {
    let modules = people::list_modules(session).await?;
    let anchors = people::list_anchors(session).await?;
    let stages = people::list_stages(session).await?;
    let training = people::list_training(session).await?;
    let certificates = people::list_certificates(session).await?;
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
            let expires_on = last_expiry(&certificates, anchor.anchor_id);
            let next = next_step(stage, lacking, hours, expires_on, today);
            Learner { anchor_id: anchor.anchor_id, name: anchor.name, stage, marks, hours, next }
        })
        .collect();
    learners.sort_by(|a, b| (b.stage, b.hours, &a.name).cmp(&(a.stage, a.hours, &b.name)));
    let modules = modules.iter().map(|m| ctx.name(&m.name, &m.name_en).to_owned()).collect();
    Ok(Page { modules, people: learners })
}

/// The day the newest of a person's expiring certificates ends; `None` when one never does or there is none.
pub fn last_expiry(certificates: &[Certificate], anchor_id: i64) -> Option<Day> {
    let own = || certificates.iter().filter(|c| c.anchor_id == anchor_id);
    if own().any(|c| c.expires_on.is_none()) { None } else { own().filter_map(|c| c.expires_on).max() }
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
    let page = load(session, app.clock.today(), &visit.ctx).await.map_err(anyhow::Error::from)?;
    Ok(render(&page, &visit.ctx))
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
    let people = page.people.into_iter().map(|p| Person {
        name: p.name,
        stage: stage_words(p.stage, ctx).into(),
        marks: p.marks,
        hours: hours(p.hours),
        next_step: p.next.words(ctx),
        needs_attention: p.next.needs_branch(),
    });
    let data = Progress { modules: page.modules, people: people.collect(), reference_hours: hours(REFERENCE_HOURS) };
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
        assert_eq!(next_step(Some(Stage::Certified), 0, 130, day("2026-11-22"), today), Next::Expired);
        let soon = parse_day("2026-12-20").unwrap();
        assert_eq!(next_step(Some(Stage::Certified), 0, 130, Some(soon), today), Next::Retrain { expires_on: soon });
        assert_eq!(next_step(Some(Stage::Trainee), 3, 100, None, today), Next::Lacks { modules: 3, hours: 20 });
        assert_eq!(next_step(Some(Stage::Supervised), 0, 120, None, today), Next::Certify);
        assert_eq!(next_step(Some(Stage::Mentor), 0, 120, day("2028-01-01"), today), Next::Complete);
    }
}
