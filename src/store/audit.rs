//! The audit trail: appended to, read, never changed; one chain a county.
//!
//! Rule that must hold: two writers never fork the chain. SQLite has one writer; on PostgreSQL the head's row is taken
//! before anything is read of it and held until the commit.
//!
//! Not here: what a row says and its hash (`domain::audit`); checking the chain (`services::verify`).

use super::session::whole_micros;
use super::{Session, StoreError};
use crate::domain::access::Actor;
use crate::domain::audit::{Change, Noun, Row, Verb};
use crate::domain::calendar::Instant;
use crate::domain::ledger::book::BatchId;
use futures::TryStreamExt;
use sqlx::FromRow;

/// Rows of a page of the trail.
pub const PAGE: i64 = 50;

/// Appends what was done. A unit of work does this when it is committed ([`super::Work::commit`]); a writing session
/// without a batch calls it itself, with 0.
pub async fn append(
    session: &mut Session,
    by: &Actor,
    at: Instant,
    batch_id: BatchId,
    change: &Change,
) -> Result<(), StoreError> {
    let county = session.county_text();
    let head: (i64, String) = on!(session, conn => sqlx::query_as(
        "insert into audit_head (county_code, audit_no, hash) values ($1, 1, '')
         on conflict (county_code) do update set audit_no = audit_head.audit_no + 1
         returning audit_no, hash"
    ).bind(&county).fetch_one(conn).await)?;
    let e = Row::following(&county, head, by, whole_micros(at), batch_id, change);
    on!(session, conn => sqlx::query(
        "insert into audit (county_code, audit_no, at, actor, account_id, role, came_from, verb, noun, subject, before,
            after, batch_id, prev_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    ).bind(&county).bind(e.audit_no).bind(e.at).bind(&e.actor).bind(e.account_id).bind(&e.role).bind(&e.came_from)
        .bind(&e.verb).bind(&e.noun).bind(&e.subject).bind(&e.before).bind(&e.after).bind(e.batch_id)
        .bind(&e.prev_hash).bind(&e.hash).execute(conn).await.map(|_| ()))?;
    on!(session, conn => sqlx::query("update audit_head set hash = $2 where county_code = $1")
        .bind(&county).bind(&e.hash).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Where the chain ends: how many rows it has and the last one's hash; `None` before the first.
pub async fn find_head(session: &mut Session) -> Result<Option<(i64, String)>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as("select audit_no, hash from audit_head where county_code = $1")
        .bind(county).fetch_optional(conn).await)?)
}

/// A question to the trail; what is left out matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// From this instant on.
    pub from: Option<Instant>,
    /// Before this one.
    pub before: Option<Instant>,
    pub actor: Option<String>,
    pub noun: Option<String>,
    /// Only about this one and its parts, which are written `one/part`. Of an anchor the ladder's steps, assessments,
    /// certificates, violations and leaves to go live too: they are told under numbers of their own.
    pub subject: Option<String>,
}

/// The conditions of a [`Sought`], `$1` being the county and `$2`–`$6` its parts.
macro_rules! where_sought {
    () => {
        " from audit where county_code = $1 and ($2 is null or at >= $2) and ($3 is null or at < $3)
          and ($4 is null or actor = $4)
          and (($5 is null or noun = $5) and ($6 is null or subject = $6 or substr(subject, 1, length($6) + 1) = $6 || '/')
            or $5 = 'anchor' and (noun, subject) in (select o.noun, o.subject from anchor a join (
                select county_code, anchor_id, 'ladder_step' as noun, cast(step_id as text) as subject from ladder_step
                union all select county_code, anchor_id, 'assessment', cast(assessment_id as text) from assessment
                union all select county_code, anchor_id, 'certificate', certificate_no from certificate
                union all select county_code, anchor_id, 'violation', cast(violation_id as text) from violation
                union all select county_code, anchor_id, 'waiver', cast(waiver_id as text) from go_live_waiver
                ) o on o.county_code = a.county_code and o.anchor_id = a.anchor_id
                where a.county_code = $1 and a.anchor_key = $6))"
    };
}

/// How many rows answer a question.
pub async fn count(session: &mut Session, sought: &Sought) -> Result<i64, StoreError> {
    let county = session.county_text();
    let s = sought;
    Ok(on!(session, conn => sqlx::query_scalar(concat!("select count(*)", where_sought!()))
        .bind(county).bind(s.from).bind(s.before).bind(&s.actor).bind(&s.noun).bind(&s.subject)
        .fetch_one(conn).await)?)
}

/// The rows that answer a question, newest first; `page` counts from 1.
pub async fn list(session: &mut Session, sought: &Sought, page: i64) -> Result<Vec<Row>, StoreError> {
    let county = session.county_text();
    let s = sought;
    let rows: Vec<Raw> = on!(session, conn => sqlx::query_as(concat!(
        "select audit_no, at, actor, account_id, role, came_from, verb, noun, subject, before, after, batch_id, prev_hash,
            hash", where_sought!(), " order by audit_no desc limit $7 offset $8"
    )).bind(county).bind(s.from).bind(s.before).bind(&s.actor).bind(&s.noun).bind(&s.subject)
        .bind(PAGE).bind((page - 1) * PAGE).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// The last rows that answer a question, newest first.
pub async fn list_last(session: &mut Session, sought: &Sought, most: i64) -> Result<Vec<Row>, StoreError> {
    let county = session.county_text();
    let s = sought;
    let rows: Vec<Raw> = on!(session, conn => sqlx::query_as(concat!(
        "select audit_no, at, actor, account_id, role, came_from, verb, noun, subject, before, after, batch_id, prev_hash,
            hash", where_sought!(), " order by audit_no desc limit $7"
    )).bind(county).bind(s.from).bind(s.before).bind(&s.actor).bind(&s.noun).bind(&s.subject).bind(most)
        .fetch_all(conn).await)?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// Rows about one thing that a look back goes through.
const LOOK_BACK: i64 = 2_000;

/// The newest rows of one verb about one thing, newest first: of its last [`LOOK_BACK`] rows, so that it costs the same
/// however long the trail is.
pub async fn list_lately(
    session: &mut Session,
    verb: Verb,
    noun: Noun,
    subject: &str,
    most: i64,
) -> Result<Vec<Row>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows: Vec<Raw> = on!(session, conn => sqlx::query_as(
        "select audit_no, at, actor, account_id, role, came_from, verb, noun, subject, before, after, batch_id, prev_hash,
            hash
         from (select * from audit where county_code = $1 and noun = $2 and subject = $3
            order by audit_no desc limit $4) of_it
         where verb = $5 order by audit_no desc limit $6"
    ).bind(county).bind(noun.key()).bind(subject).bind(LOOK_BACK).bind(verb.key()).bind(most).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// Hands over every row that answers a question, oldest first.
pub async fn each(session: &mut Session, sought: &Sought, mut take: impl FnMut(Row) + Send) -> Result<(), StoreError> {
    let county = session.county_text();
    let s = sought;
    on!(session, conn => {
        let mut rows = sqlx::query_as::<_, Raw>(concat!(
            "select audit_no, at, actor, account_id, role, came_from, verb, noun, subject, before, after, batch_id,
                prev_hash, hash", where_sought!(), " order by audit_no"
        )).bind(county).bind(s.from).bind(s.before).bind(&s.actor).bind(&s.noun).bind(&s.subject).fetch(conn);
        while let Some(row) = rows.try_next().await? {
            take(row.into());
        }
        Ok(())
    })
}

/// How many rows about one thing an account has left since an instant.
pub async fn count_about(
    session: &mut Session,
    (noun, subject): (Noun, &str),
    account_id: i64,
    from: Instant,
) -> Result<i64, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select count(*) from audit where county_code = $1 and noun = $2 and subject = $3 and account_id = $4 and at >= $5"
    ).bind(county).bind(noun.key()).bind(subject).bind(account_id).bind(from).fetch_one(conn).await)?)
}

/// Who has rows in the trail, sorted.
pub async fn list_actors(session: &mut Session) -> Result<Vec<String>, StoreError> {
    let county = session.county_text();
    let mut actors: Vec<String> = on!(session, conn => sqlx::query_scalar(
        "select distinct actor from audit where county_code = $1 and role <> 'farmer'"
    ).bind(county).fetch_all(conn).await)?;
    actors.sort();
    Ok(actors)
}

#[derive(FromRow)]
struct Raw {
    audit_no: i64,
    at: Instant,
    actor: String,
    account_id: i64,
    role: String,
    came_from: String,
    verb: String,
    noun: String,
    subject: String,
    before: String,
    after: String,
    batch_id: BatchId,
    prev_hash: String,
    hash: String,
}

impl From<Raw> for Row {
    fn from(row: Raw) -> Self {
        Self {
            audit_no: row.audit_no,
            at: row.at,
            actor: row.actor,
            account_id: row.account_id,
            role: row.role,
            came_from: row.came_from,
            verb: row.verb,
            noun: row.noun,
            subject: row.subject,
            before: row.before,
            after: row.after,
            batch_id: row.batch_id,
            prev_hash: row.prev_hash,
            hash: row.hash,
        }
    }
}
