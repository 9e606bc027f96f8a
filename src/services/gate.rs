//! The gate before going live: what is known of somebody on a day, what of it is missing, and leave in spite of that.
//!
//! Rules that must hold: somebody who plans a stream, somebody who puts a step forward and the person's own page are told
//! the same; a stream that is only planned, or was called off, counts for nothing; nobody closes a violation or gives leave
//! of their own; no leave opens the gate against the age or while something against the rules is open.
//!
//! Not here: the pure rule (`domain::ladder`), rows (`store::ladder`), steps and papers ([`super::ladder`]).

use super::desk::Desk;
use super::ladder::stage_on;
use super::own;
use super::typed::{LONGEST_TEXT, text};
use crate::domain::attribution::Stage;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, Instant, start_of};
use crate::domain::ladder::{self, Missing, Readiness};
use crate::domain::problem::{Mistake, Problem, Teaching};
use crate::domain::training::Purpose;
use crate::store::ladder::{self as stored, Violation, Waiver};
use crate::store::people::{self, Stage as StageRow};
use crate::store::training::Profile;
use crate::store::{Session, StoreError, take_ids, training};
use chrono::TimeDelta;

/// Days the longest waiver holds.
pub const LONGEST_WAIVER: i64 = 31;

/// What the gate says of somebody on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    pub missing: Vec<Missing>,
    /// Somebody's leave in spite of what is missing.
    pub waiver: Option<Waiver>,
}

impl Gate {
    /// May go live alone.
    pub fn is_open(&self) -> bool {
        self.missing.is_empty() || (self.waiver.is_some() && self.missing.iter().all(Missing::may_be_waived))
    }

    /// May go live beside a mentor: that is how supervised streams come about.
    pub fn is_open_accompanied(&self) -> bool {
        self.is_open() || self.missing.iter().all(|m| matches!(m, Missing::Supervised { .. }))
    }
}

/// The gate of an anchor on a day, as it is known now. Asks within the session, whoever's it is: an anchor asks for itself.
pub async fn may_go_live(session: &mut Session, anchor_id: i64, on: Day, now: Instant) -> Result<Gate, StoreError> {
    let known = readiness(session, anchor_id, on, now).await?;
    gate_of(session, anchor_id, &known, on).await
}

/// The gate of an anchor of whom a session has read what is known.
pub async fn gate_of(session: &mut Session, anchor_id: i64, known: &Readiness, on: Day) -> Result<Gate, StoreError> {
    let rule = training::rule_on(session, on).await?;
    let missing = ladder::missing(known, &rule, on);
    let waiver = if missing.is_empty() { None } else { stored::find_waiver(session, anchor_id, on).await? };
    Ok(Gate { missing, waiver })
}

/// What is known now of somebody on a day.
pub async fn readiness(session: &mut Session, anchor_id: i64, on: Day, now: Instant) -> Result<Readiness, StoreError> {
    let profiles = training::list_profiles(session).await?;
    let nobody = Profile { anchor_id, ..Profile::default() };
    let profile = profiles.into_iter().find(|p| p.anchor_id == anchor_id).unwrap_or(nobody);
    let stages = people::list_stages(session).await?;
    let violations = stored::list_violations(session, anchor_id).await?;
    readiness_of(session, &profile, &stages, &violations, on, now).await
}

/// What is known now on a day of somebody whose profile, stages and violations a session has read: of a day to come, no
/// stream that is only planned.
pub async fn readiness_of(
    session: &mut Session,
    profile: &Profile,
    stages: &[StageRow],
    violations: &[Violation],
    on: Day,
    now: Instant,
) -> Result<Readiness, StoreError> {
    let anchor_id = profile.anchor_id;
    let teaching = training::list_teaching(session).await?;
    let records = people::list_training(session).await?;
    let own: Vec<_> = records.iter().filter(|t| t.anchor_id == anchor_id && t.attended_on <= on).collect();
    let passed = |module_id: i64| {
        own.iter().filter(|t| t.module_id == module_id).filter_map(|t| t.passed_on).filter(|&day| day <= on).min()
    };
    let passed_for = |purpose: Purpose| {
        teaching.iter().filter(|m| m.purpose == purpose.key()).filter_map(|m| passed(m.module_id)).min()
    };
    let (rules_passed_on, product_passed_on) = (passed_for(Purpose::Rules), passed_for(Purpose::Product));
    let lacking = teaching.iter().filter(|m| passed(m.module_id).is_none()).count();
    let class_hours = own.iter().map(|t| t.class_hours).sum();
    let supervised_from = stages
        .iter()
        .filter(|s| s.anchor_id == anchor_id && s.stage == Stage::Supervised.key() && s.from_on <= on)
        .map(|s| s.from_on)
        .min();
    let supervised_done = match supervised_from {
        None => 0,
        Some(from) => stored::count_streams(session, anchor_id, (from, on), true, end_of(on).min(now)).await?,
    };
    let open = violations.iter().filter(|v| v.happened_on <= on && v.closed_on.is_none_or(|day| day > on)).count();
    Ok(Readiness {
        born_on: profile.born_on,
        guardian_consent_on: profile.guardian_consent_on,
        identity_checked_on: profile.identity_checked_on,
        rules_passed_on,
        product_passed_on,
        supervised_done,
        open_violations: i64::try_from(open).unwrap_or(i64::MAX),
        certified: stage_on(stages, anchor_id, on) >= Some(Stage::Certified),
        class_hours,
        modules_lacking: i64::try_from(lacking).unwrap_or(i64::MAX),
    })
}

/// The first moment after a day.
pub(super) fn end_of(on: Day) -> Instant {
    start_of(on) + TimeDelta::days(1)
}

/// Records something against the rules; it is open until it is closed.
pub async fn record_violation(desk: &Desk<'_>, anchor_id: i64, on: Day, what: &str) -> anyhow::Result<()> {
    let what = text(what, LONGEST_TEXT)?;
    if on > desk.clock.today() {
        return Err(Problem::from(Mistake::NotYet { day: on }).into());
    }
    let mut work = desk.work("record violation").await?;
    let id = take_ids(&mut work, "violation", 1).await?;
    stored::insert_violation(&mut work, id, anchor_id, on, &what).await?;
    let change = Change::new(Verb::Add, Noun::Violation, id.to_string())
        .after(Field::Anchor, anchor_id)
        .after(Field::Day, on)
        .after(Field::Reason, what);
    work.commit(&change).await?;
    Ok(())
}

/// Closes a violation. False where none such is open.
pub async fn close_violation(desk: &Desk<'_>, anchor_id: i64, violation_id: i64) -> anyhow::Result<bool> {
    own::hold_off_anchors(desk, &[anchor_id]).await?;
    let mut work = desk.work("close violation").await?;
    if !stored::close_violation(&mut work, anchor_id, violation_id, desk.clock.today()).await? {
        return Ok(false);
    }
    let change = Change::new(Verb::Close, Noun::Violation, violation_id.to_string()).after(Field::Anchor, anchor_id);
    work.commit(&change).await?;
    Ok(true)
}

/// Lets somebody go live in spite of what is missing, for some days, in one's own name. Neither age nor an open violation is
/// ever waived.
pub async fn waive(desk: &Desk<'_>, anchor_id: i64, from: Day, to: Day, reason: &str) -> anyhow::Result<()> {
    own::hold_off_anchors(desk, &[anchor_id]).await?;
    let reason = text(reason, LONGEST_TEXT).map_err(|_| Problem::from(Mistake::ReasonMissing))?;
    if to < from || to - from > TimeDelta::days(LONGEST_WAIVER) {
        return Err(Problem::from(Teaching::Backwards).into());
    }
    let mut work = desk.work("waive the gate").await?;
    let now = work.at;
    let known = readiness(&mut work, anchor_id, from, now).await?;
    let rule = training::rule_on(&mut work, from).await?;
    let missing: Vec<Missing> = ladder::missing(&known, &rule, from);
    let never: Vec<Missing> = missing.iter().copied().filter(|m| !m.may_be_waived()).collect();
    if !never.is_empty() {
        return Err(Problem::from(Teaching::Lacks { missing: never }).into());
    }
    let waiver_id = take_ids(&mut work, "go_live_waiver", 1).await?;
    let given_by = desk.actor.name.clone();
    let row = Waiver { waiver_id, anchor_id, from_on: from, to_on: to, reason: reason.clone(), given_by };
    stored::insert_waiver(&mut work, &row).await?;
    let change = Change::new(Verb::Approve, Noun::Waiver, waiver_id.to_string())
        .after(Field::Anchor, anchor_id)
        .after(Field::From, from)
        .after(Field::To, to)
        .after(Field::Reason, reason)
        .count(Field::RowsRead, i64::try_from(missing.len())?);
    work.commit(&change).await?;
    Ok(())
}
