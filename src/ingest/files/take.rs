//! Taking a file in: its batches are compared with what is known and written as they are read, in one unit of work.
//! Dropped, that work leaves nothing, which is what a preview is; committed, it is the import.
//!
//! Reading goes on beside writing, a few batches ahead: neither waits for the other, and memory does not grow with the
//! file.

use super::complete::complete;
use super::profile::{Kind, Profile};
use super::read::{Batch, Head, Part, read};
use super::reading::Received;
use super::recognise::Wanted;
use super::streams;
use crate::domain::calendar::Instant;
use crate::domain::lang::{Lang, in_both};
use crate::domain::problem::Problem;
use crate::domain::records::{CUMULATIVE, Evidenced, RefundRecord, RefundStatus, Rejected};
use crate::ingest::{Taken, compensations, orders, refunds, settlements};
use crate::store::evidence::{self, Import, Source};
use crate::store::goods::Shop;
use crate::store::{StoreError, Work, goods, known, orders as order_rows};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Batches read ahead.
const AHEAD: usize = 3;
/// Rows set aside that a report names; the others are counted.
const NAMED: usize = 20;

/// Amounts a table states, fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Of paid orders: goods and freight.
    pub paid_fen: i64,
    /// Of orders not paid.
    pub unpaid_fen: i64,
    pub refunded_fen: i64,
    /// What statement rows moved.
    pub settled_fen: i64,
    pub compensated_fen: i64,
}

/// What a table would change, or has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableReport {
    pub part: String,
    pub profile: Arc<Profile>,
    /// As of when the file knows.
    pub known_at: Instant,
    /// Rows of data; an order may have several.
    pub rows: usize,
    /// Orders, cases, statement rows or broadcasts.
    pub taken: Taken,
    /// Refunds an order file states.
    pub refunds: Taken,
    /// The first rows set aside, and how many in all.
    pub rejected: Vec<Rejected>,
    pub rejected_count: usize,
    /// Rows that are no sale.
    pub no_sale: usize,
    /// Words nobody has described, counting as pending.
    pub unknown_words: BTreeMap<String, usize>,
    pub sums: Sums,
}

/// What a file would change, or has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    pub path: String,
    /// Its line in the import log.
    pub import: Import,
    pub tables: Vec<TableReport>,
    /// Parts that could not be read.
    pub skipped: Vec<Problem>,
}

impl FileReport {
    /// Records of all tables.
    pub fn taken(&self) -> Taken {
        self.tables.iter().fold(Taken::default(), |mut sum, table| {
            sum += table.taken;
            sum
        })
    }
}

#[derive(Debug)]
enum Message {
    Received([u8; 32]),
    Part(Box<Part>),
}

/// A file being read: hashed, its first table recognised, some batches ahead.
#[derive(Debug)]
pub struct Begun {
    path: String,
    name: String,
    sha256: [u8; 32],
    first: Box<Part>,
    rest: mpsc::Receiver<Message>,
    reading: JoinHandle<Result<(), Problem>>,
}

/// Begins to read a file, up to its first table: what cannot be read at all, or is of no known kind, ends here. Nothing is
/// held meanwhile that anybody waits for.
pub async fn begin(received: Received, wanted: Wanted, now: Instant) -> anyhow::Result<Begun> {
    let (path, name) = (received.path.clone(), received.name().to_owned());
    let (sender, mut rest) = mpsc::channel(AHEAD);
    let reading = tokio::task::spawn_blocking(move || reading(received, &wanted, now, &sender));
    let mut sha256 = [0; 32];
    loop {
        match rest.recv().await {
            Some(Message::Received(of_bytes)) => sha256 = of_bytes,
            Some(Message::Part(first)) => return Ok(Begun { path, name, sha256, first, rest, reading }),
            None => {
                reading.await??;
                return Err(Problem::NoRows { path }.into());
            }
        }
    }
}

/// Takes a file in and writes its line in the import log. An error leaves nothing, if the work is dropped.
pub async fn take(work: &mut Work, shop: &Shop, buyer_key: &[u8], begun: Begun) -> anyhow::Result<FileReport> {
    let Begun { path, name, sha256, first, mut rest, reading } = begun;
    let mut report =
        FileReport { path: path.clone(), import: Import::default(), tables: Vec::new(), skipped: Vec::new() };
    let mut taking = None;
    let mut next = Some(first);
    while let Some(part) = next {
        match *part {
            Part::Table(head) => {
                let table = Table::new(work, shop, head, sha256, &mut report).await?;
                taking = Some(table);
            }
            Part::Batch(batch) => {
                if let (Some(table), Some(to)) = (&taking, report.tables.last_mut()) {
                    table.take(work, shop, buyer_key, batch, to).await?;
                }
            }
            Part::Skipped(problem) => report.skipped.push(problem),
        }
        next = match rest.recv().await {
            Some(Message::Part(part)) => Some(part),
            Some(Message::Received(_)) | None => None,
        };
    }
    reading.await??;
    check(&path, &report)?;
    report.import = log_line(&name, sha256, &report)?;
    evidence::insert_import(work, &report.import).await?;
    Ok(report)
}

/// The reading side: the hash of all bytes first, then what is in them.
fn reading(
    mut received: Received,
    wanted: &Wanted,
    now: Instant,
    sender: &mpsc::Sender<Message>,
) -> Result<(), Problem> {
    let sha256 = received.sha256()?;
    let send = |message: Message| match sender.blocking_send(message) {
        Ok(()) => ControlFlow::Continue(()),
        // the writing side has failed and says why itself
        Err(_) => ControlFlow::Break(()),
    };
    if send(Message::Received(sha256)).is_break() {
        return Ok(());
    }
    read(&mut received, wanted, now, &mut |part| send(Message::Part(Box::new(part))))
}

/// A file of which nothing can be used is a mistake, and says what the first one is.
fn check(path: &str, report: &FileReport) -> Result<(), Problem> {
    let rows: usize = report.tables.iter().map(|t| t.rows).sum();
    let rejected: usize = report.tables.iter().map(|t| t.rejected_count).sum();
    let first = report.tables.iter().find_map(|t| t.rejected.first());
    match first {
        _ if rows == 0 => Err(Problem::NoRows { path: path.to_owned() }),
        Some(first) if rejected == rows => {
            let said = |lang: Lang| [&first.record_no, &first.reason].map(|text| lang.of_both(text)).join(": ");
            let first = in_both(&said(Lang::Zh), &said(Lang::En));
            Err(Problem::AllRowsBad { path: path.to_owned(), first })
        }
        _ => Ok(()),
    }
}

/// The file's line in the import log.
fn log_line(name: &str, sha256: [u8; 32], report: &FileReport) -> anyhow::Result<Import> {
    let mut kinds: Vec<String> =
        report.tables.iter().map(|t| format!("{}:{}", t.profile.kind.key(), t.profile.name)).collect();
    kinds.dedup();
    let taken = report.taken();
    Ok(Import {
        kind: kinds.join(" "),
        file_name: name.to_owned(),
        file_sha256: hex::encode(sha256),
        rows_read: i64::try_from(report.tables.iter().map(|t| t.rows).sum::<usize>())?,
        rows_new: taken.new,
        rows_changed: taken.changed,
        rows_unchanged: taken.unchanged,
        rows_rejected: i64::try_from(report.tables.iter().map(|t| t.rejected_count).sum::<usize>())?,
    })
}

/// A table being taken in.
struct Table {
    head: Head,
    source: Source,
    /// Sums of refunds that have not ended: only these are told that they have.
    pending: FxHashSet<String>,
}

impl Table {
    async fn new(
        work: &mut Work,
        shop: &Shop,
        head: Head,
        sha256: [u8; 32],
        report: &mut FileReport,
    ) -> Result<Self, StoreError> {
        report.tables.push(TableReport {
            part: head.part.clone(),
            profile: head.profile.clone(),
            known_at: head.known_at,
            rows: 0,
            taken: Taken::default(),
            refunds: Taken::default(),
            rejected: Vec::new(),
            rejected_count: 0,
            no_sale: 0,
            unknown_words: BTreeMap::new(),
            sums: Sums::default(),
        });
        let source = Source {
            shop_id: shop.shop_id,
            name: format!("file:{}", head.profile.name),
            fetched_at: work.at,
            received_sha256: sha256,
        };
        if head.profile.kind == Kind::Orders && head.dated && head.knows.standing {
            goods::set_known_to(work, shop.shop_id, head.known_at).await?;
        }
        let pending = known::list_pending_totals(work, shop.shop_id).await?.into_iter().collect();
        Ok(Self { head, source, pending })
    }

    async fn take(
        &self,
        work: &mut Work,
        shop: &Shop,
        buyer_key: &[u8],
        mut batch: Batch,
        report: &mut TableReport,
    ) -> anyhow::Result<()> {
        let (source, knows) = (&self.source, self.head.knows);
        if !knows.standing {
            complete(work, shop.shop_id, knows, &mut batch).await?;
        }
        report.sums += sums(&batch);
        self.drop_idle_totals(work, &mut batch.refunds).await?;
        let mut of_orders = orders::arrivals(shop.shop_id, buyer_key, std::mem::take(&mut batch.orders));
        let of_orders = orders::take(work, source, knows, &mut of_orders).await?;
        let of_refunds = refunds::take(work, source, &batch.refunds).await?;
        if self.head.profile.kind == Kind::AfterSales {
            report.taken += of_refunds;
        } else {
            report.refunds += of_refunds;
        }
        report.taken += of_orders;
        let mut statements = settlements::arrivals(shop.shop_id, std::mem::take(&mut batch.settlements));
        report.taken += settlements::take(work, source, &mut statements).await?;
        report.taken += compensations::take(work, source, &batch.compensations).await?;
        report.taken += streams::take(work, shop, &mut batch).await?;
        evidence::quarantine(work, source, &batch.rejected).await?;
        report.rows += batch.rows;
        report.no_sale += batch.no_sale;
        for (word, times) in batch.unknown_words {
            *report.unknown_words.entry(word).or_default() += times;
        }
        report.rejected_count += batch.rejected.len();
        let room = NAMED.saturating_sub(report.rejected.len());
        report.rejected.extend(batch.rejected.into_iter().take(room));
        Ok(())
    }

    /// Sums of refunds that say nothing: ended ones nobody had heard of, and ones in progress beside money that has
    /// already gone back.
    async fn drop_idle_totals(
        &self,
        work: &mut Work,
        refunds: &mut Vec<Evidenced<RefundRecord>>,
    ) -> Result<(), StoreError> {
        let is_total = |r: &RefundRecord| r.refund_no.ends_with(CUMULATIVE);
        refunds.retain(|r| {
            !is_total(&r.record)
                || r.record.status != RefundStatus::Closed
                || self.pending.contains(&r.record.refund_no)
        });
        let in_progress: Vec<&str> = refunds
            .iter()
            .filter(|r| is_total(&r.record) && r.record.status == RefundStatus::Pending)
            .map(|r| r.record.refund_no.as_str())
            .collect();
        let known = order_rows::list_refunds(work, self.source.shop_id, &in_progress).await?;
        let gone_back: FxHashSet<String> =
            known.into_iter().filter(|r| r.status == RefundStatus::Succeeded.key()).map(|r| r.refund_no).collect();
        refunds.retain(|r| r.record.status != RefundStatus::Pending || !gone_back.contains(&r.record.refund_no));
        Ok(())
    }
}

/// What a batch states.
fn sums(batch: &Batch) -> Sums {
    let mut sums = Sums::default();
    for order in &batch.orders {
        let fen = order.record.paid_fen();
        if order.record.paid_at.is_some() {
            sums.paid_fen += fen;
        } else {
            sums.unpaid_fen += fen;
        }
    }
    sums.refunded_fen = batch.refunds.iter().map(|r| r.record.refund_fen).sum();
    sums.settled_fen = batch.settlements.iter().map(|s| s.record.moved_fen()).sum();
    sums.compensated_fen = batch.compensations.iter().map(|c| c.record.paid_fen).sum();
    sums
}

impl std::ops::AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.paid_fen += other.paid_fen;
        self.unpaid_fen += other.unpaid_fen;
        self.refunded_fen += other.refunded_fen;
        self.settled_fen += other.settled_fen;
        self.compensated_fen += other.compensated_fen;
    }
}
