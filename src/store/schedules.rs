//! When each shop is pulled, and what every try came to.

use super::{Session, StoreError, take_ids};
use crate::domain::calendar::{Day, Instant, next_month, start_of};
use crate::domain::pulling::{EVERY, Trouble};
use sqlx::FromRow;

/// When a shop is pulled.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Schedule {
    pub shop_id: i64,
    pub pull_every_minutes: i64,
    pub due_at: Instant,
    /// When its last weeks are asked for once more.
    pub again_at: Instant,
    /// Tries in a row that failed.
    pub failures: i64,
}

impl Schedule {
    /// Of a shop nobody has set anything for.
    pub fn ordinary(shop_id: i64, due_at: Instant, again_at: Instant) -> Self {
        let pull_every_minutes = EVERY.num_minutes();
        Self { shop_id, pull_every_minutes, due_at, again_at, failures: 0 }
    }
}

const COLUMNS: &str = "shop_id, pull_every_minutes, due_at, again_at, failures";

/// All shops that have one, by shop.
pub async fn list(session: &mut Session) -> Result<Vec<Schedule>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = format!("select {COLUMNS} from pull_schedule where county_code = $1");
    let mut rows: Vec<Schedule> =
        on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|row| row.shop_id);
    Ok(rows)
}

/// When a shop is pulled; `None` where nothing has been said yet.
pub async fn find(session: &mut Session, shop_id: i64) -> Result<Option<Schedule>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = format!("select {COLUMNS} from pull_schedule where county_code = $1 and shop_id = $2");
    Ok(on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(county).bind(shop_id)
        .fetch_optional(conn).await)?)
}

/// Says when a shop is next; how often it is pulled stays as it is.
pub async fn set_due(session: &mut Session, next: &Schedule) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "insert into pull_schedule (county_code, shop_id, pull_every_minutes, due_at, again_at, failures)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (county_code, shop_id) do update
            set due_at = excluded.due_at, again_at = excluded.again_at, failures = excluded.failures"
    ).bind(county).bind(next.shop_id).bind(next.pull_every_minutes).bind(next.due_at)
        .bind(next.again_at).bind(next.failures).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Says how often a shop is pulled; when it is next stays as it is.
pub async fn set_pace(session: &mut Session, pace: &Schedule) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "insert into pull_schedule (county_code, shop_id, pull_every_minutes, due_at, again_at, failures)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (county_code, shop_id) do update
            set pull_every_minutes = excluded.pull_every_minutes"
    ).bind(county).bind(pace.shop_id).bind(pace.pull_every_minutes).bind(pace.due_at)
        .bind(pace.again_at).bind(pace.failures).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Ends a wait: whoever mended something need not wait until the shop would have been tried again. Its failures count from
/// the beginning. A turn that is under way says itself when the next one is: what is mended meanwhile waits for that.
pub async fn due_now(session: &mut Session, shop_id: i64, now: Instant) -> Result<(), StoreError> {
    let county = session.county_text();
    // a token that could not be looked after waits for the same moment as the next pull; where both are due together for
    // another reason, the last weeks are asked for once more than needed
    on!(session, conn => sqlx::query(
        "update pull_schedule
         set due_at = $3, again_at = case when again_at = due_at then $3 else again_at end, failures = 0
         where county_code = $1 and shop_id = $2 and due_at > $3"
    ).bind(county).bind(shop_id).bind(now).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What a try came to.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PullRow {
    pub shop_id: i64,
    pub from_at: Instant,
    pub to_at: Instant,
    pub started_at: Instant,
    pub took_ms: i64,
    pub seen: i64,
    pub added: i64,
    pub changed: i64,
    pub quarantined: i64,
    pub complete: bool,
    /// '' where the window was written; else `Trouble::key`.
    pub trouble: String,
    pub said: String,
}

/// Writes a try down.
pub async fn insert_pull(session: &mut Session, row: &PullRow) -> Result<(), StoreError> {
    let id = take_ids(session, "pull_log", 1).await?;
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "insert into pull_log (county_code, pull_id, shop_id, from_at, to_at, started_at, took_ms, seen, added, changed,
            quarantined, complete, trouble, said)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    ).bind(county).bind(id).bind(row.shop_id).bind(row.from_at).bind(row.to_at).bind(row.started_at).bind(row.took_ms)
        .bind(row.seen).bind(row.added).bind(row.changed).bind(row.quarantined).bind(row.complete).bind(&row.trouble)
        .bind(&row.said).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Tries of a shop taken out of the log at once: far more than a turn adds.
const MOST_REMOVED: i64 = 500;

/// Takes a shop's oldest tries out of the log, those that began before a moment; what was passed over stays.
pub async fn remove_pulls(session: &mut Session, shop_id: i64, before: Instant) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "delete from pull_log where county_code = $1 and started_at < $3 and trouble <> 'out_of_reach' and pull_id in
            (select pull_id from pull_log where county_code = $1 and shop_id = $2 order by pull_id limit $4)"
    ).bind(county).bind(shop_id).bind(before).bind(MOST_REMOVED).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The newest tries of a shop, newest first.
pub async fn list_pulls(session: &mut Session, shop_id: i64, most: i64) -> Result<Vec<PullRow>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select shop_id, from_at, to_at, started_at, took_ms, seen, added, changed, quarantined, complete, trouble, said
         from pull_log where county_code = $1 and shop_id = $2 order by pull_id desc limit $3"
    ).bind(county).bind(shop_id).bind(most).fetch_all(conn).await)?)
}

/// The newest tries of all shops, newest first.
pub async fn list_latest_pulls(session: &mut Session, most: i64) -> Result<Vec<PullRow>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select shop_id, from_at, to_at, started_at, took_ms, seen, added, changed, quarantined, complete, trouble, said
         from pull_log where county_code = $1 order by pull_id desc limit $2"
    ).bind(county).bind(most).fetch_all(conn).await)?)
}

/// A span that was passed over because a shop's interface no longer showed it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Gap {
    pub shop_id: i64,
    pub shop_key: String,
    pub from_at: Instant,
    pub to_at: Instant,
}

impl Gap {
    /// Whether it holds part of a month.
    pub fn reaches(&self, month: Day) -> bool {
        self.from_at < start_of(next_month(month)) && self.to_at > start_of(month)
    }
}

/// The county's spans that were passed over, the last first. Rare: a shop has to rest longer than its interface reaches back.
pub async fn list_gaps(session: &mut Session) -> Result<Vec<Gap>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select p.shop_id, s.shop_key, p.from_at, p.to_at from pull_log p
         join shop s on s.county_code = p.county_code and s.shop_id = p.shop_id
         where p.county_code = $1 and p.trouble = $2 order by p.pull_id desc"
    ).bind(county).bind(Trouble::OutOfReach.key()).fetch_all(conn).await)?)
}
