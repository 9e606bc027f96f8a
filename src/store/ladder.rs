//! Steps of the ladder on their way, papers with their checks, violations and waivers.
//!
//! The stages themselves are rows of `anchor_stage` (`store::people`), which the ledger's classes are computed from; a
//! step that is taken writes one. Nothing here is deleted but a lapse that a renewal has made void.

use super::bulk::placed;
use super::streams::TAKES_PLACE;
use super::{Session, Store, StoreError, Work, scope};
use crate::domain::calendar::{Day, Instant};
use sqlx::{AssertSqlSafe, FromRow};

/// A step somebody put forward.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Step {
    pub step_id: i64,
    pub anchor_id: i64,
    pub stage: String,
    pub from_on: Day,
    pub evidence: String,
    /// What was met, as JSON; '' until it is decided.
    pub met: String,
    pub class_no: String,
    pub certificate_no: String,
    pub expires_on: Option<Day>,
    pub account_id: i64,
    pub proposed_by: String,
    pub role: String,
    pub came_from: String,
    pub proposed_at: Instant,
    pub outcome: String,
    pub decided_by: String,
    pub decided_at: Option<Instant>,
    pub reason: String,
}

/// What is put forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep {
    pub anchor_id: i64,
    pub stage: &'static str,
    pub from_on: Day,
    pub evidence: String,
    pub class_no: String,
    pub certificate_no: String,
    pub expires_on: Option<Day>,
}

/// How a step ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Taken,
    Rejected,
    Withdrawn,
}

impl Outcome {
    const fn key(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

const STEP: &str =
    "step_id, anchor_id, stage, from_on, evidence, met, class_no, certificate_no, expires_on, account_id,
    proposed_by, role, came_from, proposed_at, outcome, decided_by, decided_at, reason";

/// Puts a step forward in the name of the unit of work's actor.
pub async fn insert_step(work: &mut Work, step_id: i64, new: &NewStep) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.clone());
    on!(work, conn => sqlx::query(
        "insert into ladder_step (county_code, step_id, anchor_id, stage, from_on, evidence, met, class_no,
         certificate_no, expires_on, account_id, proposed_by, role, came_from, proposed_at, outcome, decided_by, reason)
         values ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, $10, $11, $12, $13, $14, 'waiting', '', '')"
    ).bind(county).bind(step_id).bind(new.anchor_id).bind(new.stage).bind(new.from_on).bind(new.evidence.as_str())
        .bind(new.class_no.as_str()).bind(new.certificate_no.as_str()).bind(new.expires_on).bind(by.account_id)
        .bind(by.name).bind(by.role.key()).bind(by.from).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Says how a step ended.
pub async fn decide_step(
    work: &mut Work,
    step_id: i64,
    outcome: Outcome,
    met: &str,
    reason: &str,
) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "update ladder_step set outcome = $3, met = $4, reason = $5, decided_by = $6, decided_at = $7
         where county_code = $1 and step_id = $2 and outcome = 'waiting'"
    ).bind(county).bind(step_id).bind(outcome.key()).bind(met).bind(reason).bind(by).bind(at)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

pub async fn find_step(session: &mut Session, step_id: i64) -> Result<Option<Step>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Step>(AssertSqlSafe(format!(
        "select {STEP} from ladder_step where county_code = $1 and step_id = $2"
    ))).bind(county).bind(step_id).fetch_optional(conn).await)?)
}

/// The steps that wait for another person.
pub async fn list_waiting(session: &mut Session) -> Result<Vec<Step>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Step>(AssertSqlSafe(format!(
        "select {STEP} from ladder_step where county_code = $1 and outcome = 'waiting'"
    ))).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|s| s.step_id);
    Ok(rows)
}

/// All steps of one person, the last first.
pub async fn list_steps(session: &mut Session, anchor_id: i64) -> Result<Vec<Step>, StoreError> {
    let own = scope::of_anchors(session)?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Step>(AssertSqlSafe(format!(
        "select {STEP} from ladder_step where county_code = $1 and anchor_id = $2{own}"
    ))).bind(county).bind(anchor_id).fetch_all(conn).await)?;
    rows.sort_by_key(|s| std::cmp::Reverse(s.step_id));
    Ok(rows)
}

/// Marks the stage that begins where a certificate ends.
pub async fn mark_lapse(work: &mut Work, anchor_id: i64, from_on: Day) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "update anchor_stage set lapse = $4 where county_code = $1 and anchor_id = $2 and from_on = $3"
    ).bind(county).bind(anchor_id).bind(from_on).bind(true).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Takes back the lapses that would begin on a day or later: the certificate was renewed before, or revoked.
pub async fn remove_lapses(work: &mut Work, anchor_id: i64, from: Day) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "delete from anchor_stage where county_code = $1 and anchor_id = $2 and from_on >= $3 and lapse = $4"
    ).bind(county).bind(anchor_id).bind(from).bind(true).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What a certificate says beside its number and days.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Paper {
    pub anchor_id: i64,
    pub certificate_no: String,
    pub kind: String,
    pub issued_on: Day,
    pub expires_on: Option<Day>,
    pub class_no: String,
    pub level: i64,
    pub check_code: String,
    pub revoked_on: Option<Day>,
    pub revoked_reason: String,
}

const PAPER: &str = "anchor_id, certificate_no, kind, issued_on, expires_on, class_no, level, check_code, revoked_on,
    revoked_reason";

/// The papers in scope, the last issued first.
pub async fn list_papers(session: &mut Session) -> Result<Vec<Paper>, StoreError> {
    let own = scope::of_anchors(session)?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Paper>(AssertSqlSafe(format!(
        "select {PAPER} from certificate where county_code = $1{own}"
    ))).bind(county).fetch_all(conn).await)?;
    rows.sort_by(|a, b| (b.issued_on, &b.certificate_no).cmp(&(a.issued_on, &a.certificate_no)));
    Ok(rows)
}

/// Writes papers; what is known of one by its person and number is written over.
pub async fn upsert_papers(work: &mut Work, rows: &[Paper]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into certificate (county_code, anchor_id, certificate_no, kind, issued_on, expires_on, class_no, level,
         check_code, revoked_on, revoked_reason) ",
        rows,
        " on conflict (county_code, anchor_id, certificate_no) do update set class_no = excluded.class_no,
          level = excluded.level, check_code = excluded.check_code, revoked_on = excluded.revoked_on,
          revoked_reason = excluded.revoked_reason",
        |b, r| {
            b.push_bind(r.anchor_id)
                .push_bind(r.certificate_no.as_str())
                .push_bind(r.kind.as_str())
                .push_bind(r.issued_on)
                .push_bind(r.expires_on)
                .push_bind(r.class_no.as_str())
                .push_bind(r.level)
                .push_bind(r.check_code.as_str())
                .push_bind(r.revoked_on)
                .push_bind(r.revoked_reason.as_str());
        }
    );
    Ok(())
}

/// What anybody may know of a paper whose code they hold: before a scope can be named, so it says nothing else.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Checked {
    pub name: String,
    /// Whose association issued it.
    pub county: String,
    pub certificate_no: String,
    pub issued_on: Day,
    pub expires_on: Option<Day>,
    pub revoked_on: Option<Day>,
}

pub async fn check(store: &Store, code: &str) -> Result<Option<Checked>, StoreError> {
    const SQL: &str = "select a.name, y.name as county, c.certificate_no, c.issued_on, c.expires_on, c.revoked_on
        from certificate c join anchor a on a.county_code = c.county_code and a.anchor_id = c.anchor_id
        join county y on y.county_code = c.county_code
        where c.check_code = $1 and c.check_code <> '' and c.kind = 'association'";
    Ok(door!(read store, pool => sqlx::query_as::<_, Checked>(SQL).bind(code).fetch_optional(pool).await)?)
}

/// Something against the rules.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Violation {
    pub violation_id: i64,
    pub anchor_id: i64,
    pub happened_on: Day,
    pub what: String,
    pub recorded_by: String,
    pub closed_on: Option<Day>,
    pub closed_by: String,
}

pub async fn insert_violation(
    work: &mut Work,
    id: i64,
    anchor_id: i64,
    on_day: Day,
    what: &str,
) -> Result<(), StoreError> {
    let (county, by) = (work.county_text(), work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into violation (county_code, violation_id, anchor_id, happened_on, what, recorded_by, closed_by)
         values ($1, $2, $3, $4, $5, $6, '')"
    ).bind(county).bind(id).bind(anchor_id).bind(on_day).bind(what).bind(by).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Closes a violation; false where it is not open.
pub async fn close_violation(work: &mut Work, anchor_id: i64, id: i64, on_day: Day) -> Result<bool, StoreError> {
    let (county, by) = (work.county_text(), work.actor.name.clone());
    let rows = on!(work, conn => sqlx::query(
        "update violation set closed_on = $4, closed_by = $5
         where county_code = $1 and anchor_id = $2 and violation_id = $3 and closed_on is null"
    ).bind(county).bind(anchor_id).bind(id).bind(on_day).bind(by).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// One person's violations, the last first.
pub async fn list_violations(session: &mut Session, anchor_id: i64) -> Result<Vec<Violation>, StoreError> {
    let own = scope::of_anchors(session)?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Violation>(AssertSqlSafe(format!(
        "select violation_id, anchor_id, happened_on, what, recorded_by, closed_on, closed_by from violation
         where county_code = $1 and anchor_id = $2{own}"
    ))).bind(county).bind(anchor_id).fetch_all(conn).await)?;
    rows.sort_by_key(|v| std::cmp::Reverse((v.happened_on, v.violation_id)));
    Ok(rows)
}

/// Somebody's leave to go live in spite of what is missing.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Waiver {
    pub waiver_id: i64,
    pub anchor_id: i64,
    pub from_on: Day,
    pub to_on: Day,
    pub reason: String,
    pub given_by: String,
}

pub async fn insert_waiver(work: &mut Work, row: &Waiver) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "insert into go_live_waiver (county_code, waiver_id, anchor_id, from_on, to_on, reason, given_by)
         values ($1, $2, $3, $4, $5, $6, $7)"
    ).bind(county).bind(row.waiver_id).bind(row.anchor_id).bind(row.from_on).bind(row.to_on)
        .bind(row.reason.as_str()).bind(row.given_by.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The last waiver given to somebody for a day.
pub async fn find_waiver(session: &mut Session, anchor_id: i64, on_day: Day) -> Result<Option<Waiver>, StoreError> {
    let own = scope::of_anchors(session)?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Waiver>(AssertSqlSafe(format!(
        "select waiver_id, anchor_id, from_on, to_on, reason, given_by from go_live_waiver
         where county_code = $1 and anchor_id = $2 and from_on <= $3 and to_on >= $3{own}
         order by waiver_id desc limit 1"
    ))).bind(county).bind(anchor_id).bind(on_day).fetch_optional(conn).await)?)
}

/// Streams somebody held that started in a span and were over by then: in a Red Livestream Room, or anywhere. What was
/// called off was not held.
pub async fn count_streams(
    session: &mut Session,
    anchor_id: i64,
    (from, to): (Day, Day),
    in_room_only: bool,
    over_by: Instant,
) -> Result<i64, StoreError> {
    let own = scope::of_anchors(session)?;
    let room = if in_room_only { " and s.room_id <> 0" } else { "" };
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(AssertSqlSafe(format!(
        "select count(*) from stream s where s.county_code = $1 and s.anchor_id = $2 and s.started_on >= $3
         and s.started_on <= $4 and s.ends_at <= $5{room}{own}{TAKES_PLACE}"
    ))).bind(county).bind(anchor_id).bind(from).bind(to).bind(over_by).fetch_one(conn).await)?)
}

/// A stream as measures of people need it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Held {
    pub stream_id: i64,
    pub anchor_id: i64,
    pub started_on: Day,
    pub starts_at: Instant,
    pub ends_at: Instant,
}

/// The streams each of these people held within days of their own, (anchor, from, to), and that were over by then.
pub async fn list_held(
    session: &mut Session,
    spans: &[(i64, Day, Day)],
    over_by: Instant,
) -> Result<Vec<Held>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut found = Vec::new();
    for chunk in placed(spans) {
        found.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(
                "select s.stream_id, s.anchor_id, s.started_on, s.starts_at, s.ends_at from stream s
                 where s.county_code = ");
            builder.push_bind(county.clone()).push(" and s.ends_at <= ").push_bind(over_by);
            builder.push(TAKES_PLACE).push(" and (");
            for (place, (anchor_id, from, to)) in chunk.iter().enumerate() {
                builder.push(if place == 0 { "(s.anchor_id = " } else { " or (s.anchor_id = " }).push_bind(*anchor_id);
                builder.push(" and s.started_on >= ").push_bind(*from);
                builder.push(" and s.started_on <= ").push_bind(*to).push(")");
            }
            builder.push(")");
            builder.build_query_as::<Held>().fetch_all(conn).await
        })?);
    }
    found.sort_by_key(|h| (h.anchor_id, h.starts_at, h.stream_id));
    Ok(found)
}

/// The first day each person held a stream that was over by then.
pub async fn first_streams(session: &mut Session, over_by: Instant) -> Result<Vec<(i64, Day)>, StoreError> {
    let own = scope::of_anchors(session)?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, (i64, Day)>(AssertSqlSafe(format!(
        "select s.anchor_id, min(s.started_on) from stream s where s.county_code = $1 and s.ends_at <= $2{own}{TAKES_PLACE}
         group by s.anchor_id"
    ))).bind(county).bind(over_by).fetch_all(conn).await)?)
}
