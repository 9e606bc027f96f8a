//! Files that people download from a platform's back office, read by a profile of its columns.
//!
//! Rules that must hold: the whole file is understood before anything is written; a bad row is set aside with its reason
//! and never sinks the file; a file of another kind is refused whole; reading a file again changes nothing but the
//! import log; ids are text and a spreadsheet that ruined them (`6.91E+18`) is caught.
//!
//! To add a profile: its headings in [`tmall`]'s manner, a function from a row to a record, a name in
//! [`Profile::ALL`].

pub mod market;
pub mod personal;
pub mod table;
pub mod tmall;

use super::{Taken, orders, refunds};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Instant;
use crate::domain::problem::Problem;
use crate::domain::records::{Evidenced, OrderRecord, RefundRecord, Rejected};
use crate::store::evidence::{self, Import, Source};
use crate::store::goods::Shop;
use crate::store::{Work, goods};

pub use table::sha256;

/// A known kind of order file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// 天猫订单报表: one row an order, refunds as a sum, no goods.
    Tmall,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 1] = [Self::Tmall];

    /// As typed.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Tmall => "tmall",
        }
    }

    /// Reads a name, or says which there are.
    pub fn parse(name: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|p| p.key() == name).ok_or_else(|| Problem::UnknownProfile {
            name: name.to_owned(),
            known: Self::ALL.map(Self::key).join(", "),
        })
    }
}

/// What a file of orders says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OrderFile {
    pub orders: Vec<Evidenced<OrderRecord>>,
    pub refunds: Vec<Evidenced<RefundRecord>>,
    pub rejected: Vec<Rejected>,
    /// Rows of data, totals apart.
    pub rows: usize,
    /// Up to when the file knows.
    pub exported_at: Option<Instant>,
}

/// A file as received.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// As the person named it.
    pub path: &'a str,
    pub bytes: &'a [u8],
}

impl File<'_> {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        name_of(self.path)
    }
}

/// The last part of a path, whichever system wrote it.
pub fn name_of(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Reads a file by a profile; nothing is written.
pub fn read(file: File<'_>, profile: Profile) -> Result<OrderFile, Problem> {
    let read = match profile {
        Profile::Tmall => tmall::read(file)?,
    };
    match (read.orders.is_empty(), read.rejected.first()) {
        (true, Some(first)) => Err(Problem::AllRowsBad {
            path: file.path.to_owned(),
            first: format!("{}: {}", first.record_no, first.reason),
        }),
        (true, None) => Err(Problem::NoRows { path: file.path.to_owned() }),
        (false, _) => Ok(read),
    }
}

/// What importing a file did, for the audit trail.
pub fn change(noun: Noun, subject: &str, import: &Import) -> Change {
    Change::new(Verb::Import, noun, subject)
        .after(Field::File, &import.file_name)
        .after(Field::FileSha256, &import.file_sha256)
        .count(Field::RowsRead, import.rows_read)
        .count(Field::RowsNew, import.rows_new)
        .count(Field::RowsChanged, import.rows_changed)
        .count(Field::RowsUnchanged, import.rows_unchanged)
        .count(Field::RowsRejected, import.rows_rejected)
}

/// Takes a file of orders in and writes its line in the import log.
pub async fn take(
    work: &mut Work,
    shop: &Shop,
    buyer_key: &[u8],
    file: File<'_>,
    profile: Profile,
    read: &OrderFile,
) -> anyhow::Result<Import> {
    let sha256: [u8; 32] = table::sha256(file.bytes);
    let source = Source {
        shop_id: shop.shop_id,
        name: format!("file:{}", profile.key()),
        fetched_at: work.at,
        received_sha256: sha256,
    };
    let mut taken: Taken = orders::take(work, &source, buyer_key, &read.orders).await?;
    let of_refunds = refunds::take(work, &source, &read.refunds).await?;
    // a row is an order with its refund: a row whose order stands but whose refund is new has changed
    let moved = (of_refunds.new + of_refunds.changed).min(taken.unchanged);
    if taken.new == 0 {
        taken.changed += moved;
        taken.unchanged -= moved;
    }
    evidence::quarantine(work, &source, &read.rejected).await?;
    if let Some(at) = read.exported_at {
        goods::set_known_to(work, shop.shop_id, at).await?;
    }
    let import = Import {
        kind: format!("orders:{}", profile.key()),
        file_name: file.name().to_owned(),
        file_sha256: hex::encode(sha256),
        rows_read: i64::try_from(read.rows)?,
        rows_new: taken.new,
        rows_changed: taken.changed,
        rows_unchanged: taken.unchanged,
        rows_rejected: i64::try_from(read.rejected.len())?,
    };
    evidence::insert_import(work, &import).await?;
    Ok(import)
}
