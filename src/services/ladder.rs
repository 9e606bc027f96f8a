//! The ladder 学员 → 见习 → 认证红色主播 → 导师, step by step, and the papers that come with it.
//!
//! Rules that must hold: nobody puts forward or decides a step about themself; certification and mentorship take two
//! people, under the rules of [`super::in_hand`]; whoever is certified has met everything on that day, and what was met is
//! kept with the step. A stage is a row of `anchor_stage`, from which the class of a sale is computed: so a step queues
//! and posts what it reaches in its own unit of work. A certificate's end is written beforehand as the stage that begins
//! on the day after ("lapse"), so that the headline counts nobody as certified whose paper has run out; it follows the last
//! of the papers that are not revoked.
//!
//! Locked months: class is attribution and is not frozen, so a stage dated back would move sales of a locked month by
//! mirror pairs. That is right where a wrong attribution is put right, and wrong for a form: a step that would reach a
//! stream of a locked month is refused and begins on the first open day.
//!
//! Not here: what is known of somebody and whether they may go live ([`super::gate`]), pure rules (`domain::ladder`), rows
//! (`store::ladder`), stages that come by a county document, which keep the document's word and have no lapse.

use super::desk::Desk;
use super::gate::{end_of, readiness};
use super::typed::{LONGEST_NAME, LONGEST_TEXT, text};
use super::{codes, in_hand, own, post};
use crate::domain::access::{Actor, Role, second_person};
use crate::domain::attribution::Stage;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, next_month};
use crate::domain::ladder;
use crate::domain::problem::{Mistake, Problem, Teaching};
use crate::store::facts::{self, Of};
use crate::store::figures::Range;
use crate::store::ladder::{self as stored, NewStep, Outcome, Paper, Step};
use crate::store::people::{self, Stage as StageRow};
use crate::store::rows::known;
use crate::store::{Session, StoreError, Work, ledger, take_ids, training};
use chrono::TimeDelta;

/// Words an association's paper never bears.
pub const BARRED: [&str; 3] = ["国家", "全国", "职业资格"];

/// The stage of an anchor on a day.
pub fn stage_on(stages: &[StageRow], anchor_id: i64, on: Day) -> Option<Stage> {
    let row = stages.iter().filter(|s| s.anchor_id == anchor_id && s.from_on <= on).max_by_key(|s| s.from_on)?;
    Stage::parse(&row.stage)
}

/// Refuses a day from which a stage would reach streams of a locked month.
async fn hold_to_open(session: &mut Session, anchor_id: i64, from_on: Day) -> anyhow::Result<()> {
    let locked = ledger::list_locked_months(session).await?;
    let Some(last) = locked.into_iter().map(next_month).max().filter(|&first_open| from_on < first_open) else {
        return Ok(());
    };
    let until = last - TimeDelta::days(1);
    if stored::count_streams(session, anchor_id, (from_on, until), false, end_of(until) + TimeDelta::days(1)).await? > 0
    {
        return Err(Problem::from(Teaching::Locked { first_open: last }).into());
    }
    Ok(())
}

/// Checks what is typed of a step and puts it in order.
fn checked(new: &NewStep, stage: Stage) -> anyhow::Result<NewStep> {
    let (class_no, certificate_no) = (new.class_no.trim().to_owned(), new.certificate_no.trim().to_owned());
    let with_paper = ladder::needs_second_person(stage);
    if with_paper && (certificate_no.is_empty() || new.expires_on.is_none()) {
        return Err(Problem::from(Teaching::NumberNeeded).into());
    }
    if new.expires_on.is_some_and(|day| day < new.from_on) {
        return Err(Problem::from(Teaching::Backwards).into());
    }
    if class_no.chars().count() > LONGEST_NAME || certificate_no.chars().count() > LONGEST_NAME {
        return Err(Problem::from(Teaching::TextMissing).into());
    }
    let barred = BARRED.into_iter().find(|word| class_no.contains(word) || certificate_no.contains(word));
    if let Some(word) = barred {
        return Err(Problem::from(Teaching::BarredWord { word }).into());
    }
    let evidence = text(&new.evidence, LONGEST_TEXT)?;
    let expires_on = new.expires_on.filter(|_| with_paper);
    Ok(NewStep { evidence, class_no, certificate_no, expires_on, stage: stage.key(), ..new.clone() })
}

/// Puts a step forward: a trainee or supervised one is taken at once, another waits for a second person.
pub async fn propose(desk: &Desk<'_>, new: &NewStep, stage: Stage) -> anyhow::Result<i64> {
    own::hold_off_anchors(desk, &[new.anchor_id]).await?;
    let new = checked(new, stage)?;
    if new.from_on > desk.clock.today() {
        return Err(Problem::from(Mistake::NotYet { day: new.from_on }).into());
    }
    let mut work = desk.work("put a step forward").await?;
    let stages = people::list_stages(&mut work).await?;
    let own = || stages.iter().filter(|s| s.anchor_id == new.anchor_id);
    // what lies ahead is a lapse, which a renewal takes back
    let last = own().filter(|s| s.from_on <= desk.clock.today()).map(|s| s.from_on).max();
    if let Some(last) = last.filter(|&last| new.from_on <= last) {
        return Err(Problem::from(Teaching::NotLater { last }).into());
    }
    if !ladder::may_follow(stage_on(&stages, new.anchor_id, new.from_on), stage) {
        return Err(Problem::from(Teaching::NotNext).into());
    }
    if stored::list_waiting(&mut work).await?.iter().any(|s| s.anchor_id == new.anchor_id) {
        return Err(Problem::from(Teaching::StepWaits).into());
    }
    let papers = stored::list_papers(&mut work).await?;
    if !new.certificate_no.is_empty() && papers.iter().any(|p| p.certificate_no == new.certificate_no) {
        return Err(Problem::from(Teaching::NumberTaken { number: new.certificate_no }).into());
    }
    hold_to_open(&mut work, new.anchor_id, new.from_on).await?;
    let step_id = take_ids(&mut work, "ladder_step", 1).await?;
    stored::insert_step(&mut work, step_id, &new).await?;
    let mut change = Change::new(Verb::File, Noun::LadderStep, step_id.to_string());
    if !ladder::needs_second_person(stage) {
        let rows = take(&mut work, step_id, &new, stage).await?;
        change = Change::new(Verb::Add, Noun::LadderStep, step_id.to_string()).count(Field::LedgerRows, rows);
    }
    let change = change
        .after(Field::Anchor, new.anchor_id)
        .after(Field::Stage, new.stage)
        .after(Field::From, new.from_on)
        .after(Field::Evidence, &new.evidence)
        .after(Field::CertificateNo, &new.certificate_no);
    work.commit(&change).await?;
    Ok(step_id)
}

/// Takes a step: what it lacks is refused, what was met is kept, the stage is written and what it reaches posted.
async fn take(work: &mut Work, step_id: i64, new: &NewStep, stage: Stage) -> anyhow::Result<i64> {
    let now = work.at;
    let known = readiness(work, new.anchor_id, new.from_on, now).await?;
    let rule = training::rule_on(work, new.from_on).await?;
    let missing = ladder::lacks(stage, &known, &rule, new.from_on);
    if !missing.is_empty() {
        return Err(Problem::from(Teaching::Lacks { missing }).into());
    }
    let met = serde_json::to_string(&known)?;
    stored::decide_step(work, step_id, Outcome::Taken, &met, "").await?;
    stored::remove_lapses(work, new.anchor_id, new.from_on).await?;
    people::upsert_stages(work, &[stage_row(new.anchor_id, new.from_on, stage, &new.evidence)]).await?;
    if ladder::needs_second_person(stage) {
        let paper = Paper {
            anchor_id: new.anchor_id,
            certificate_no: new.certificate_no.clone(),
            kind: "association".to_owned(),
            issued_on: new.from_on,
            expires_on: new.expires_on,
            class_no: new.class_no.clone(),
            level: 0,
            check_code: codes::new_slip_code(),
            revoked_on: None,
            revoked_reason: String::new(),
        };
        stored::upsert_papers(work, &[paper]).await?;
    }
    write_lapse(work, new.anchor_id, new.from_on).await?;
    posted(work, new.anchor_id, new.from_on).await
}

fn stage_row(anchor_id: i64, from_on: Day, stage: Stage, evidence: &str) -> StageRow {
    StageRow { anchor_id, from_on, stage: stage.key().to_owned(), evidence: evidence.to_owned() }
}

/// Writes beforehand, in place of the lapses after a day, the one that follows the last day of all papers of the
/// association that are not revoked; none where nobody is certified on that last day.
async fn write_lapse(work: &mut Work, anchor_id: i64, after: Day) -> anyhow::Result<()> {
    let Some(next) = after.succ_opt() else { return Ok(()) };
    stored::remove_lapses(work, anchor_id, next).await?;
    let papers = stored::list_papers(work).await?;
    let own = papers.iter().filter(|p| p.anchor_id == anchor_id && p.kind == "association" && p.revoked_on.is_none());
    let last = own.filter_map(|p| Some((p.expires_on?, &p.certificate_no))).max();
    let Some((last, number)) = last else { return Ok(()) };
    let Some(end) = last.succ_opt().filter(|&end| end >= next) else { return Ok(()) };
    let stages = people::list_stages(work).await?;
    let begins = stages.iter().any(|s| s.anchor_id == anchor_id && s.from_on == end);
    if begins || stage_on(&stages, anchor_id, last) < Some(Stage::Certified) {
        return Ok(());
    }
    people::upsert_stages(work, &[stage_row(anchor_id, end, Stage::Supervised, number)]).await?;
    stored::mark_lapse(work, anchor_id, end).await?;
    Ok(())
}

/// The first day from which one person's stages are others than they were.
fn first_changed(before: &[StageRow], now: &[StageRow], anchor_id: i64) -> Option<Day> {
    let of = |rows: &[StageRow]| rows.iter().filter(|s| s.anchor_id == anchor_id).cloned().collect::<Vec<_>>();
    let (before, now) = (of(before), of(now));
    let gone = before.iter().filter(|s| !now.contains(s));
    gone.chain(now.iter().filter(|s| !before.contains(s))).map(|s| s.from_on).min()
}

/// Posts what a stage from a day on reaches; how many ledger rows that were.
async fn posted(work: &mut Work, anchor_id: i64, from_on: Day) -> anyhow::Result<i64> {
    let (from, to) = Range { from: Some(from_on), to: None }.ends();
    facts::queue_slices(work, Of::Anchor, &[anchor_id], from, to).await?;
    Ok(i64::try_from(post::post(work).await?.rows)?)
}

/// A step that waits; `None` where there is no such step.
async fn waiting(session: &mut Session, step_id: i64) -> anyhow::Result<Option<Step>> {
    match stored::find_step(session, step_id).await? {
        Some(step) if step.outcome == "waiting" => Ok(Some(step)),
        Some(_) => Err(Problem::from(Teaching::StepDecided).into()),
        None => Ok(None),
    }
}

/// Whether an actor is another person than whoever put a step forward.
pub fn may_decide(step: &Step, actor: &Actor) -> Result<bool, StoreError> {
    let role = known(&step.role, Role::parse)?;
    let first = Actor::account(step.account_id, &step.proposed_by, role, &step.came_from);
    Ok(second_person(&first, actor))
}

/// Approves a step another person put forward. False where there is no such step.
pub async fn approve(desk: &Desk<'_>, step_id: i64) -> anyhow::Result<bool> {
    let Some(anchor_id) = anchor_of(desk, step_id).await? else { return Ok(false) };
    own::hold_off_anchors(desk, &[anchor_id]).await?;
    let mut work = desk.work("approve a step").await?;
    let Some(step) = waiting(&mut work, step_id).await? else { return Ok(false) };
    if !may_decide(&step, desk.actor)? {
        return Err(Problem::from(Teaching::OtherApprover).into());
    }
    if in_hand::had(&mut work, step.account_id, step.proposed_at, desk.actor).await? {
        let (by, days) = (step.proposed_by, in_hand::DAYS);
        return Err(Problem::from(Teaching::ProposerMade { by, days }).into());
    }
    // a month may have been locked while it waited
    hold_to_open(&mut work, step.anchor_id, step.from_on).await?;
    let stage = known(&step.stage, Stage::parse)?;
    let stages = people::list_stages(&mut work).await?;
    if !ladder::may_follow(stage_on(&stages, step.anchor_id, step.from_on), stage) {
        return Err(Problem::from(Teaching::NotNext).into());
    }
    let new = NewStep {
        anchor_id: step.anchor_id,
        stage: stage.key(),
        from_on: step.from_on,
        evidence: step.evidence,
        class_no: step.class_no,
        certificate_no: step.certificate_no,
        expires_on: step.expires_on,
    };
    let rows = take(&mut work, step_id, &new, stage).await?;
    let change = Change::new(Verb::Approve, Noun::LadderStep, step_id.to_string())
        .after(Field::Anchor, new.anchor_id)
        .after(Field::Stage, new.stage)
        .after(Field::From, new.from_on)
        .after(Field::CertificateNo, &new.certificate_no)
        .after(Field::FiledBy, &step.proposed_by)
        .count(Field::LedgerRows, rows);
    work.commit(&change).await?;
    Ok(true)
}

async fn anchor_of(desk: &Desk<'_>, step_id: i64) -> anyhow::Result<Option<i64>> {
    let session = &mut desk.store.read(crate::domain::access::Scope::County(desk.county)).await?;
    Ok(stored::find_step(session, step_id).await?.map(|step| step.anchor_id))
}

/// Turns a step down with a reason; whoever put it forward takes it back. False where there is no such step.
pub async fn turn_down(desk: &Desk<'_>, step_id: i64, reason: &str) -> anyhow::Result<bool> {
    let mut work = desk.work("turn a step down").await?;
    let Some(step) = waiting(&mut work, step_id).await? else { return Ok(false) };
    let own = !may_decide(&step, desk.actor)?;
    let reason = reason.trim();
    if !own && (reason.is_empty() || reason.chars().count() > LONGEST_TEXT) {
        return Err(Problem::from(Mistake::ReasonMissing).into());
    }
    let (verb, outcome) = if own { (Verb::Withdraw, Outcome::Withdrawn) } else { (Verb::Reject, Outcome::Rejected) };
    stored::decide_step(&mut work, step_id, outcome, "", reason).await?;
    let change = Change::new(verb, Noun::LadderStep, step_id.to_string())
        .after(Field::Anchor, step.anchor_id)
        .after(Field::Stage, &step.stage)
        .after(Field::Reason, reason)
        .after(Field::FiledBy, &step.proposed_by);
    work.commit(&change).await?;
    Ok(true)
}

/// Revokes an association's certificate from a day on: unless another one holds, the anchor is supervised again.
pub async fn revoke(desk: &Desk<'_>, anchor_id: i64, number: &str, on: Day, reason: &str) -> anyhow::Result<()> {
    own::hold_off_anchors(desk, &[anchor_id]).await?;
    let reason = text(reason, LONGEST_TEXT).map_err(|_| Problem::from(Mistake::ReasonMissing))?;
    if on > desk.clock.today() {
        return Err(Problem::from(Mistake::NotYet { day: on }).into());
    }
    let mut work = desk.work("revoke certificate").await?;
    let papers = stored::list_papers(&mut work).await?;
    let own = |p: &&Paper| p.anchor_id == anchor_id && p.kind == "association";
    let Some(paper) = papers.iter().filter(own).find(|p| p.certificate_no == number) else {
        return Err(Problem::from(Teaching::NotCertificate).into());
    };
    if paper.revoked_on.is_some() || on < paper.issued_on {
        return Err(Problem::from(Teaching::AlreadyRevoked).into());
    }
    let revoked = Paper { revoked_on: Some(on), revoked_reason: reason.clone(), ..paper.clone() };
    stored::upsert_papers(&mut work, &[revoked]).await?;
    let another = papers
        .iter()
        .filter(own)
        .filter(|p| p.certificate_no != number)
        .any(|p| ladder::standing(p.issued_on, p.expires_on, p.revoked_on, on) == ladder::Standing::Valid);
    let stages = people::list_stages(&mut work).await?;
    if !another && stage_on(&stages, anchor_id, on) >= Some(Stage::Certified) {
        people::upsert_stages(&mut work, &[stage_row(anchor_id, on, Stage::Supervised, &reason)]).await?;
    }
    write_lapse(&mut work, anchor_id, on).await?;
    let now = people::list_stages(&mut work).await?;
    let mut rows = 0;
    if let Some(first) = first_changed(&stages, &now, anchor_id) {
        hold_to_open(&mut work, anchor_id, first).await?;
        rows = posted(&mut work, anchor_id, first).await?;
    }
    let change = Change::new(Verb::Remove, Noun::Certificate, number)
        .after(Field::Anchor, anchor_id)
        .after(Field::From, on)
        .after(Field::Reason, reason)
        .count(Field::LedgerRows, rows);
    work.commit(&change).await?;
    Ok(())
}

/// Records a national certificate of vocational skill level (职业技能等级): it is counted as 持证 and moves no stage.
pub async fn record_national(
    desk: &Desk<'_>,
    anchor_id: i64,
    number: &str,
    level: i64,
    issued_on: Day,
) -> anyhow::Result<()> {
    own::hold_off_anchors(desk, &[anchor_id]).await?;
    let certificate_no = text(number, LONGEST_NAME)?;
    if issued_on > desk.clock.today() {
        return Err(Problem::from(Mistake::NotYet { day: issued_on }).into());
    }
    let mut work = desk.work("record national certificate").await?;
    if stored::list_papers(&mut work).await?.iter().any(|p| p.certificate_no == certificate_no) {
        return Err(Problem::from(Teaching::NumberTaken { number: certificate_no }).into());
    }
    let paper = Paper {
        anchor_id,
        certificate_no: certificate_no.clone(),
        kind: "national".to_owned(),
        issued_on,
        expires_on: None,
        class_no: String::new(),
        level,
        check_code: String::new(),
        revoked_on: None,
        revoked_reason: String::new(),
    };
    stored::upsert_papers(&mut work, &[paper]).await?;
    let change = Change::new(Verb::Add, Noun::Certificate, certificate_no)
        .after(Field::Anchor, anchor_id)
        .after(Field::Kind, "national")
        .after(Field::Day, issued_on);
    work.commit(&change).await?;
    Ok(())
}

/// Gives an association's certificate the code that its printed page carries, where it has none. False where there is no
/// such certificate.
pub async fn give_code(desk: &Desk<'_>, anchor_id: i64, number: &str) -> anyhow::Result<bool> {
    let mut work = desk.work("give a paper its code").await?;
    let papers = stored::list_papers(&mut work).await?;
    let own = |p: &&Paper| p.anchor_id == anchor_id && p.kind == "association" && p.certificate_no == number;
    let Some(paper) = papers.iter().find(own) else { return Ok(false) };
    if !paper.check_code.is_empty() {
        return Ok(true);
    }
    let coded = Paper { check_code: codes::new_slip_code(), ..paper.clone() };
    stored::upsert_papers(&mut work, &[coded]).await?;
    work.commit(&Change::new(Verb::Issue, Noun::Certificate, number).after(Field::Anchor, anchor_id)).await?;
    Ok(true)
}
