//! Broadcasts of an export laid beside those of the county: how often one was viewed, and when it really began and ended.
//!
//! A broadcast is found by its live room, or by its author and the time it began. One that the county has not planned is
//! set aside: who sold in which room is the branch's to say. Lines are attributed again where a window moved.

use super::layout::Row;
use super::profile::Field;
use super::read::Batch;
use crate::domain::calendar::day_of;
use crate::domain::records::{Rejected, StreamRecord, row_no};
use crate::ingest::Taken;
use crate::ingest::county::Touched;
use crate::store::goods::Shop;
use crate::store::people::{self, Account};
use crate::store::streams::{self, Stream};
use crate::store::{StoreError, Work};
use chrono::TimeDelta;

/// How far a broadcast may begin from the time it was planned for.
const TOLERANCE: TimeDelta = TimeDelta::minutes(60);

/// Reads a row of a broadcast export.
pub fn stream(row: &Row<'_>) -> Result<StreamRecord, String> {
    let starts_at =
        row.instant(Field::StartsAt)?.ok_or_else(|| row.wrong(Field::StartsAt, "没有开播时间 / no start"))?;
    let ends_at = match row.instant(Field::EndsAt)? {
        Some(at) => Some(at),
        None => row.count(Field::Minutes)?.map(|minutes| starts_at + TimeDelta::minutes(minutes)),
    };
    if ends_at.is_some_and(|at| at <= starts_at) {
        return Err(row.wrong(Field::EndsAt, "下播不晚于开播 / ends before it starts"));
    }
    Ok(StreamRecord {
        live_room_no: row.id(Field::LiveRoomNo)?.unwrap_or_default().to_owned(),
        author_no: row.id(Field::AuthorNo)?.unwrap_or_default().to_owned(),
        starts_at,
        ends_at,
        views: row.count(Field::Views)?,
    })
}

/// Writes what is new of the batch's broadcasts; those not found are set aside.
pub async fn take(work: &mut Work, shop: &Shop, batch: &mut Batch) -> Result<Taken, StoreError> {
    let mut taken = Taken::default();
    let days = || batch.streams.iter().map(|(_, s)| day_of(s.starts_at));
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(taken) };
    let known = streams::list_between(work, first - TimeDelta::days(1), last + TimeDelta::days(1)).await?;
    let of_platform = |accounts: Vec<Account>| accounts.into_iter().filter(|a| a.platform == shop.platform).collect();
    let accounts = Accounts {
        of_anchors: of_platform(people::list_anchor_accounts(work).await?),
        of_rooms: of_platform(people::list_room_accounts(work).await?),
    };
    let mut changed = Vec::new();
    let mut touched = Touched::default();
    for (row, record) in std::mem::take(&mut batch.streams) {
        let found: Vec<&Stream> =
            known.iter().filter(|s| s.shop_id == shop.shop_id && is_of(s, &record, &accounts)).collect();
        let [stream] = found[..] else {
            batch.rejected.push(unplanned(row, &record, found.len()));
            continue;
        };
        let new = Stream {
            starts_at: record.starts_at,
            started_on: day_of(record.starts_at),
            ends_at: record.ends_at.unwrap_or(stream.ends_at).max(record.starts_at),
            views: record.views.or(stream.views),
            live_room_no: if stream.live_room_no.is_empty() {
                record.live_room_no
            } else {
                stream.live_room_no.clone()
            },
            ..stream.clone()
        };
        if new == *stream {
            taken.unchanged += 1;
            continue;
        }
        taken.changed += 1;
        let told = |s: &Stream| (s.starts_at, s.ends_at, s.live_room_no.clone());
        if told(&new) != told(stream) {
            touched.streams.extend([stream.clone(), new.clone()]);
        }
        changed.push(new);
    }
    streams::upsert(work, &changed).await?;
    touched.follow(work).await?;
    Ok(taken)
}

/// Accounts of the shop's platform that broadcast.
struct Accounts {
    of_anchors: Vec<Account>,
    of_rooms: Vec<Account>,
}

impl Accounts {
    fn know(&self, author_no: &str) -> bool {
        self.of_anchors.iter().chain(&self.of_rooms).any(|a| a.author_no == author_no)
    }

    fn of(&self, stream: &Stream, author_no: &str) -> bool {
        let has = |accounts: &[Account], owner_id: i64| {
            accounts.iter().any(|a| a.owner_id == owner_id && a.author_no == author_no)
        };
        has(&self.of_anchors, stream.anchor_id) || has(&self.of_rooms, stream.room_id)
    }
}

/// True if a record may be of a planned stream.
fn is_of(stream: &Stream, record: &StreamRecord, accounts: &Accounts) -> bool {
    if !record.live_room_no.is_empty() && !stream.live_room_no.is_empty() {
        return record.live_room_no == stream.live_room_no;
    }
    let near = (stream.starts_at - record.starts_at).abs() <= TOLERANCE;
    // a name for people (抖音号) is not the number accounts are known by: then the hour alone decides
    near && (!accounts.know(&record.author_no) || accounts.of(stream, &record.author_no))
}

fn unplanned(row: usize, record: &StreamRecord, found: usize) -> Rejected {
    let reason = if found == 0 {
        "没有这一场直播，先在“场次”页计划这一场，或在县域文件里登记 / no such stream: plan it under Streams or name it in the county document first"
    } else {
        "同时有几场直播，分不清是哪一场 / several streams could be meant"
    };
    Rejected {
        record_no: row_no(row),
        reason: reason.to_owned(),
        evidence: serde_json::json!({ "live_room_no": record.live_room_no }).to_string(),
    }
}
