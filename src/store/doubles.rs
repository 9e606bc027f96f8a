//! Records that are doubles of others, and what was put forward about them.
//!
//! Which numbers are one household's is the same for every reader and says nothing of anybody; who put what forward, and
//! why, is for the whole county only. Where to look: the statements that ask for a household's own rows ask for
//! [`records`].

use super::outcome::Outcome;
use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use crate::domain::doubles::Double;
use crate::domain::ledger::book::BatchId;
use sqlx::{AssertSqlSafe, FromRow};

/// The numbers of all records of the household of one of them, as SQL in parentheses; `$1` is the county. `farmer` is a
/// number or a placeholder.
pub fn records(farmer: &str) -> String {
    let standing = "d.county_code = $1 and d.parted_batch_id = 0";
    format!(
        "(select cast({farmer} as bigint)
          union all select d.double_id from farmer_double d where {standing} and d.into_id = {farmer}
          union all select d.into_id from farmer_double d where {standing} and d.double_id = {farmer}
          union all select o.double_id from farmer_double d join farmer_double o on o.county_code = d.county_code
             and o.into_id = d.into_id and o.parted_batch_id = 0 where {standing} and d.double_id = {farmer})"
    )
}

#[derive(FromRow)]
struct Row {
    entry_id: i64,
    double_id: i64,
    into_id: i64,
    batch_id: BatchId,
    merged_on: Day,
    counts_from: Day,
    parted_batch_id: BatchId,
}

/// Every double there was, those taken back too, in the order they were put forward.
pub async fn list(session: &mut Session) -> Result<Vec<Double>, StoreError> {
    let county = session.county_text();
    let rows: Vec<Row> = on!(session, conn => sqlx::query_as(
        "select entry_id, double_id, into_id, batch_id, merged_on, counts_from, parted_batch_id from farmer_double
         where county_code = $1 order by entry_id"
    ).bind(county).fetch_all(conn).await)?;
    Ok(rows
        .into_iter()
        .map(|r| Double {
            entry_id: r.entry_id,
            double_id: r.double_id,
            into_id: r.into_id,
            batch_id: r.batch_id,
            merged_on: r.merged_on,
            counts_from: r.counts_from,
            parted_batch_id: r.parted_batch_id,
        })
        .collect())
}

/// Writes a double that two people agreed on.
pub async fn insert(work: &mut Work, entry: &Entry, merged_on: Day, counts_from: Day) -> Result<(), StoreError> {
    let (county, batch_id) = (work.county_text(), work.batch_id);
    on!(work, conn => sqlx::query(
        "insert into farmer_double (county_code, entry_id, double_id, into_id, batch_id, merged_on, counts_from,
            parted_batch_id) values ($1, $2, $3, $4, $5, $6, $7, 0)"
    ).bind(county).bind(entry.entry_id).bind(entry.double_id).bind(entry.into_id).bind(batch_id).bind(merged_on)
        .bind(counts_from).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Says that a record is no double any more.
pub async fn part(work: &mut Work, double_id: i64) -> Result<(), StoreError> {
    let (county, batch_id) = (work.county_text(), work.batch_id);
    on!(work, conn => sqlx::query(
        "update farmer_double set parted_batch_id = $3 where county_code = $1 and double_id = $2 and parted_batch_id = 0"
    ).bind(county).bind(double_id).bind(batch_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What is put forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A record is another one's double.
    Merge,
    /// It is none after all.
    Part,
}

impl Act {
    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Part => "part",
        }
    }
}

/// Something put forward about two records.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Entry {
    pub entry_id: i64,
    act: String,
    pub double_id: i64,
    pub into_id: i64,
    pub reason: String,
    pub account_id: i64,
    pub entered_by: String,
    pub role: String,
    pub came_from: String,
    pub entered_at: Instant,
    pub outcome: String,
    /// '' while it waits.
    pub decided_by: String,
    pub decided_at: Option<Instant>,
    pub answer: String,
}

impl Entry {
    /// What was put forward.
    pub fn act(&self) -> Act {
        if self.act == Act::Part.key() { Act::Part } else { Act::Merge }
    }

    /// True until somebody decides.
    pub fn is_waiting(&self) -> bool {
        self.outcome == "waiting"
    }
}

const ENTRY: &str =
    "select entry_id, act, double_id, into_id, reason, account_id, entered_by, role, came_from, entered_at,
    outcome, decided_by, decided_at, answer from farmer_double_entry where county_code = $1";

/// Puts something forward in the name of the unit of work's actor. Returns its number.
pub async fn insert_entry(
    work: &mut Work,
    act: Act,
    (double_id, into_id): (i64, i64),
    reason: &str,
) -> Result<i64, StoreError> {
    let entry_id = super::take_ids(work, "farmer_double_entry", 1).await?;
    let (county, at, by) = (work.county_text(), work.at, work.actor.clone());
    on!(work, conn => sqlx::query(
        "insert into farmer_double_entry (county_code, entry_id, act, double_id, into_id, reason, account_id, entered_by,
            role, came_from, entered_at, outcome, decided_by, answer)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', '', '')"
    ).bind(county).bind(entry_id).bind(act.key()).bind(double_id).bind(into_id).bind(reason).bind(by.account_id)
        .bind(&by.name).bind(by.role.key()).bind(&by.from).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(entry_id)
}

/// Decides on one that waits, in the name of the unit of work's actor.
pub async fn decide(work: &mut Work, entry_id: i64, outcome: Outcome, answer: &str) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "update farmer_double_entry set outcome = $3, decided_by = $4, decided_at = $5, answer = $6
         where county_code = $1 and entry_id = $2 and outcome = 'waiting'"
    ).bind(county).bind(entry_id).bind(outcome.key()).bind(by).bind(at).bind(answer).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Something that was put forward.
pub async fn find_entry(session: &mut Session, entry_id: i64) -> Result<Option<Entry>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!("{ENTRY} and entry_id = $2")))
        .bind(county).bind(entry_id).fetch_optional(conn).await)?)
}

/// What waits for a second person, the oldest first.
pub async fn list_waiting(session: &mut Session) -> Result<Vec<Entry>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!("{ENTRY} and outcome = 'waiting' order by entry_id")))
        .bind(county).fetch_all(conn).await)?)
}

/// What was decided last, the newest first: so many of them.
pub async fn list_decided(session: &mut Session, most: i64) -> Result<Vec<Entry>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "{ENTRY} and outcome <> 'waiting' order by entry_id desc limit $2"
    ))).bind(county).bind(most).fetch_all(conn).await)?)
}

/// Everything two people agreed to, for checking it.
pub async fn list_approved(session: &mut Session) -> Result<Vec<Entry>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(
        on!(session, conn => sqlx::query_as(AssertSqlSafe(format!("{ENTRY} and outcome = 'approved' order by entry_id")))
        .bind(county).fetch_all(conn).await)?,
    )
}

/// Two records that look like one household's, and whether by their phone (else by name and village).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, FromRow)]
pub struct Likely {
    pub first_id: i64,
    pub second_id: i64,
    pub same_phone: bool,
}

/// Pairs of records with the same phone, or the same name in the same village, that are no doubles and of which nobody said
/// anything that stands: so many of each. Households whose name was taken away share one name and are left out.
pub async fn list_likely(session: &mut Session, most: i64) -> Result<Vec<Likely>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let nameless = "(select x.farmer_id from farmer_anonymised x where x.county_code = $1)";
    // before the limit, or what was said already would take the place of what nobody has looked at
    let open = "and not exists (select 1 from farmer_double d where d.county_code = $1 and d.parted_batch_id = 0
                and d.double_id in (a.farmer_id, b.farmer_id))
            and not exists (select 1 from farmer_double_entry e where e.county_code = $1 and e.act = 'merge'
                and e.outcome in ('waiting', 'rejected') and e.double_id in (a.farmer_id, b.farmer_id)
                and e.into_id in (a.farmer_id, b.farmer_id))";
    let mut pairs: Vec<Likely> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select * from (select a.farmer_id as first_id, b.farmer_id as second_id, 1 = 1 as same_phone
            from farmer_phone_mark a join farmer_phone_mark b on b.county_code = a.county_code and b.mark = a.mark
                and b.farmer_id > a.farmer_id
            where a.county_code = $1 {open} order by a.farmer_id limit $2) p
         union all
         select * from (select a.farmer_id as first_id, b.farmer_id as second_id, 1 = 0 as same_phone
            from farmer a join farmer b on b.county_code = a.county_code and b.village_code = a.village_code
                and b.name = a.name and b.farmer_id > a.farmer_id
            where a.county_code = $1 and a.farmer_id not in {nameless} {open} order by a.farmer_id limit $2) n"
    ))).bind(county).bind(most).fetch_all(conn).await)?;
    // of a pair that looks alike both ways the phone says more
    pairs.sort_unstable_by_key(|pair| (pair.first_id, pair.second_id, !pair.same_phone));
    pairs.dedup_by_key(|pair| (pair.first_id, pair.second_id));
    Ok(pairs)
}

/// True if two records have the same phone; `None` where of one of them no whole number is known.
pub async fn find_same_phone(session: &mut Session, first: i64, second: i64) -> Result<Option<bool>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select a.mark = b.mark from farmer_phone_mark a join farmer_phone_mark b on b.county_code = a.county_code
         where a.county_code = $1 and a.farmer_id = $2 and b.farmer_id = $3"
    ).bind(county).bind(first).bind(second).fetch_optional(conn).await)?)
}

/// The first payout on its way that pays or settles one of two records: put forward and neither taken back nor done.
pub async fn find_payout_under_way(session: &mut Session, records: (i64, i64)) -> Result<Option<i64>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let step = |step: &str| {
        format!(
            "exists (select 1 from payout_step s where s.county_code = p.county_code and s.payout_id = p.payout_id
                and s.step = '{step}')"
        )
    };
    let (approved, withdrawn, paid) = (step("approved"), step("withdrawn"), step("paid"));
    Ok(on!(session, conn => sqlx::query_scalar(AssertSqlSafe(format!(
        "select p.payout_id from payout_line l
         join payout p on p.county_code = l.county_code and p.payout_id = l.payout_id
         where l.county_code = $1 and l.farmer_id in ($2, $3) and not {withdrawn} and not {paid}
            and (p.kind in ('income', 'surplus') or not {approved})
         order by p.payout_id limit 1"
    ))).bind(county).bind(records.0).bind(records.1).fetch_optional(conn).await)?)
}

/// The first payout of one of two records that was put forward after a batch and not taken back.
pub async fn find_payout_since(
    session: &mut Session,
    records: (i64, i64),
    batch_id: BatchId,
) -> Result<Option<i64>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select p.payout_id from payout_line l
         join payout p on p.county_code = l.county_code and p.payout_id = l.payout_id
         where l.county_code = $1 and l.farmer_id in ($2, $3) and p.batch_id > $4 and not exists (select 1
            from payout_step s where s.county_code = p.county_code and s.payout_id = p.payout_id and s.step = 'withdrawn')
         order by p.payout_id limit 1"
    ).bind(county).bind(records.0).bind(records.1).bind(batch_id).fetch_optional(conn).await)?)
}
