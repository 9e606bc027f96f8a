//! What was received: scrubbed records in compressed blobs, which record each says something about, what was set aside,
//! and which files were imported.

use super::{Session, StoreError, Work, take_ids};
use crate::domain::calendar::Instant;
use crate::domain::records::Rejected;
use sqlx::FromRow;
use std::io;
use std::sync::Arc;
use tokio::task::{JoinHandle, spawn_blocking};

/// zstd level: evidence is written once and seldom read.
const ZSTD_LEVEL: i32 = 3;

/// A kind of record evidence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Order,
    Refund,
    Settlement,
}

impl Kind {
    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Refund => "refund",
            Self::Settlement => "settlement",
        }
    }
}

/// One record's evidence, to be kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    pub record_id: i64,
    /// Of its text.
    pub sha256: [u8; 32],
}

/// Texts of records on their way into one blob, packed while the database writes what they say.
#[derive(Debug)]
pub struct Packing(JoinHandle<io::Result<Vec<u8>>>);

impl Packing {
    /// Starts to pack the evidence of records, in this order.
    pub fn of(texts: impl Iterator<Item = Arc<str>>) -> Self {
        let texts: Vec<Arc<str>> = texts.collect();
        Self(spawn_blocking(move || pack(&texts)))
    }

    async fn packed(self) -> Result<Vec<u8>, StoreError> {
        let packed = self.0.await.unwrap_or_else(|stopped| std::panic::resume_unwind(stopped.into_panic()));
        packed.map_err(|e| StoreError::UnknownValue(format!("evidence cannot be compressed: {e}")))
    }
}

/// Texts line by line, packed.
fn pack(texts: &[Arc<str>]) -> io::Result<Vec<u8>> {
    zstd::bulk::compress(texts.join("\n").as_bytes(), ZSTD_LEVEL)
}

/// Where records came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub shop_id: i64,
    /// The interface's method or the file's profile.
    pub name: String,
    pub fetched_at: Instant,
    /// Of the bytes as received.
    pub received_sha256: [u8; 32],
}

/// Keeps records of one answer or file, whose texts are packed in the same order: one blob, one row a record.
pub async fn insert(
    work: &mut Work,
    source: &Source,
    kind: Kind,
    records: &[Kept],
    packing: Packing,
) -> Result<(), StoreError> {
    if records.is_empty() {
        return Ok(());
    }
    let blob_id = take_ids(work, "evidence_blob", 1).await?;
    let rows: Vec<_> = records.iter().zip(0_i64..).collect();
    insert_rows!(
        work,
        "insert into evidence (county_code, kind, blob_id, record_id, place, sha256) ",
        rows,
        "",
        |b| {
            b.push_bind(kind.key()).push_bind(blob_id);
        },
        |b, row| {
            let (record, place) = *row;
            b.push_bind(record.record_id).push_bind(place).push_bind(record.sha256.to_vec());
        }
    );
    let content = packing.packed().await?;
    let (county, batch_id) = (work.county_text(), work.batch_id);
    on!(work, conn => sqlx::query(
        "insert into evidence_blob (county_code, blob_id, batch_id, shop_id, source, fetched_at, received_sha256, content)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    ).bind(county).bind(blob_id).bind(batch_id).bind(source.shop_id).bind(&source.name).bind(source.fetched_at)
        .bind(&source.received_sha256[..]).bind(&content[..]).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A piece of evidence as found again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub kind: String,
    pub record_id: i64,
    pub source: String,
    pub fetched_at: Instant,
    pub sha256: Vec<u8>,
    pub received_sha256: Vec<u8>,
    /// The scrubbed record.
    pub text: String,
}

#[derive(FromRow)]
struct FoundRow {
    kind: String,
    record_id: i64,
    place: i64,
    sha256: Vec<u8>,
    source: String,
    fetched_at: Instant,
    received_sha256: Vec<u8>,
    content: Vec<u8>,
}

/// Everything received about an order, its refunds and statement rows, oldest first.
pub async fn list_of_order(session: &mut Session, order_id: i64) -> Result<Vec<Found>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, FoundRow>(
        "select e.kind, e.record_id, e.place, e.sha256, b.source, b.fetched_at, b.received_sha256, b.content
         from evidence e join evidence_blob b on b.county_code = e.county_code and b.blob_id = e.blob_id
         where e.county_code = $1 and ((e.kind = 'order' and e.record_id = $2)
            or (e.kind = 'refund' and e.record_id in
                (select r.refund_id from refund r where r.county_code = $1 and r.order_id = $2))
            or (e.kind = 'settlement' and e.record_id in
                (select s.settlement_id from settlement s where s.county_code = $1 and s.order_id = $2))
            or (e.kind = 'settlement' and e.record_id in
                (select c.compensation_id from compensation c where c.county_code = $1 and c.order_id = $2)))"
    ).bind(county).bind(order_id).fetch_all(conn).await)?;
    rows.sort_by(|a, b| (a.fetched_at, &a.kind, a.record_id).cmp(&(b.fetched_at, &b.kind, b.record_id)));
    rows.into_iter().map(found).collect()
}

fn found(row: FoundRow) -> Result<Found, StoreError> {
    let bad = || StoreError::UnknownValue(format!("evidence of {} {}", row.kind, row.record_id));
    let bytes = zstd::decode_all(&row.content[..]).map_err(|_| bad())?;
    let text = String::from_utf8(bytes).map_err(|_| bad())?;
    let place = usize::try_from(row.place).map_err(|_| bad())?;
    let text = text.split('\n').nth(place).ok_or_else(bad)?.to_owned();
    Ok(Found {
        kind: row.kind,
        record_id: row.record_id,
        source: row.source,
        fetched_at: row.fetched_at,
        sha256: row.sha256,
        received_sha256: row.received_sha256,
        text,
    })
}

/// Sets records aside; one already set aside is replaced by what is now said of it.
pub async fn quarantine(work: &mut Work, source: &Source, rejected: &[Rejected]) -> Result<(), StoreError> {
    if rejected.is_empty() {
        return Ok(());
    }
    let first = take_ids(work, "quarantine", rejected.len()).await?;
    let batch_id = work.batch_id;
    let rows: Vec<_> = rejected.iter().zip(first..).collect();
    // one at a time in a statement, since one file may name the same record twice
    for chunk in rows.chunks(1) {
        insert_rows!(
            work,
            "insert into quarantine (county_code, quarantine_id, batch_id, shop_id, source, record_no, reason, evidence) ",
            chunk,
            " on conflict (county_code, shop_id, source, record_no) do update set reason = excluded.reason,
              evidence = excluded.evidence, batch_id = excluded.batch_id",
            |b, row| {
                let (r, id) = *row;
                b.push_bind(id)
                    .push_bind(batch_id)
                    .push_bind(source.shop_id)
                    .push_bind(source.name.as_str())
                    .push_bind(r.record_no.as_str())
                    .push_bind(r.reason.as_str())
                    .push_bind(r.evidence.as_str());
            }
        );
    }
    Ok(())
}

/// Records set aside in the county.
pub async fn count_quarantined(session: &mut Session) -> Result<i64, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar::<_, i64>(
        "select cast(count(*) as bigint) from quarantine where county_code = $1"
    ).bind(county).fetch_one(conn).await)?)
}

/// One line of the import log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Import {
    pub kind: String,
    pub file_name: String,
    pub file_sha256: String,
    pub rows_read: i64,
    pub rows_new: i64,
    pub rows_changed: i64,
    pub rows_unchanged: i64,
    pub rows_rejected: i64,
}

/// Writes down that a file was imported.
pub async fn insert_import(work: &mut Work, import: &Import) -> Result<(), StoreError> {
    let id = take_ids(work, "import_log", 1).await?;
    let (county, at, actor) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into import_log (county_code, import_id, at, actor, kind, file_name, file_sha256, rows_read, rows_new,
            rows_changed, rows_unchanged, rows_rejected) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    ).bind(county).bind(id).bind(at).bind(actor).bind(&import.kind).bind(&import.file_name).bind(&import.file_sha256)
        .bind(import.rows_read).bind(import.rows_new).bind(import.rows_changed).bind(import.rows_unchanged)
        .bind(import.rows_rejected).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Where pulling one kind of record of a shop stands.
pub async fn find_checkpoint(session: &mut Session, shop_id: i64, kind: Kind) -> Result<Option<Instant>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select done_to_at from pull_checkpoint where county_code = $1 and shop_id = $2 and kind = $3"
    ).bind(county).bind(shop_id).bind(kind.key()).fetch_optional(conn).await)?)
}

/// Moves those of a shop that stand later back to an instant: what came since is asked for again.
pub async fn set_checkpoints_back(work: &mut Work, shop_id: i64, to: Instant) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "update pull_checkpoint set done_to_at = $3 where county_code = $1 and shop_id = $2 and done_to_at > $3"
    ).bind(county).bind(shop_id).bind(to).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Moves those of a shop that stand earlier on to an instant: nothing before it can be asked for any more.
pub async fn set_checkpoints_on(work: &mut Work, shop_id: i64, to: Instant) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "update pull_checkpoint set done_to_at = $3 where county_code = $1 and shop_id = $2 and done_to_at < $3"
    ).bind(county).bind(shop_id).bind(to).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Moves it over a window, in the transaction of the data: forward only, and only where the window begins no later than
/// it stands, so that nothing between is left out. Says whether it moved.
pub async fn set_checkpoint(
    work: &mut Work,
    shop_id: i64,
    kind: Kind,
    from: Instant,
    to: Instant,
) -> Result<bool, StoreError> {
    let county = work.county_text();
    let moved = on!(work, conn => sqlx::query(
        "insert into pull_checkpoint (county_code, shop_id, kind, done_to_at) values ($1, $2, $3, $4)
         on conflict (county_code, shop_id, kind) do update set done_to_at = excluded.done_to_at
            where pull_checkpoint.done_to_at >= $5 and pull_checkpoint.done_to_at < excluded.done_to_at"
    ).bind(county).bind(shop_id).bind(kind.key()).bind(to).bind(from).execute(conn).await.map(|d| d.rows_affected()))?;
    Ok(moved == 1)
}
