//! From a file to batches of records: each table is recognised, looked through once, and then read.
//!
//! The first look finds as of when the file knows (the newest time in it, where its name does not say), which orders have
//! rows that do not stand together, and whether a spreadsheet has rounded its numbers. The second hands over whole
//! orders, a bounded number at a time, so that a file of any length is read in the same memory.
//!
//! Rule that must hold: a row that cannot be read is set aside with its number and reason, and with it the other rows of
//! its order; nothing else is.

use super::cells;
use super::layout::{Layout, Row};
use super::orders::FileOrder;
use super::profile::{Field, Kind, Profile, Rows};
use super::reading::{Received, Table};
use super::recognise::{Wanted, recognise};
use super::settlements::Read;
use super::{after_sales, orders, settlements, streams};
use crate::domain::calendar::Instant;
use crate::domain::lang::in_both;
use crate::domain::problem::Problem;
use crate::domain::records::{
    CompensationRecord, Evidenced, FILE_STATEMENT, OrderRecord, RefundRecord, Rejected, SettlementRecord, StreamRecord,
};
use crate::ingest::stated::Knows;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;
use std::sync::Arc;

/// Orders or rows handed over at once.
const BATCH: usize = 2_000;
/// Times that may be the newest in a file.
const TIMES: [Field; 7] = [
    Field::CreatedAt,
    Field::PaidAt,
    Field::ShippedAt,
    Field::CompletedAt,
    Field::UpdatedAt,
    Field::RefundedAt,
    Field::SettledAt,
];
/// Of long numbers that end in zeros, one in so many is chance; more is a spreadsheet's rounding.
const CHANCE: usize = 100;

/// What reading hands over.
#[derive(Debug)]
pub enum Part {
    /// A table was recognised; the batches that follow are its.
    Table(Head),
    Batch(Batch),
    /// A part of the file that is no table, or of none that is known.
    Skipped(Problem),
}

/// A recognised table.
#[derive(Debug, Clone)]
pub struct Head {
    /// Member of an archive, sheet of a workbook; '' for the file itself.
    pub part: String,
    pub profile: Arc<Profile>,
    /// As of when the file knows.
    pub known_at: Instant,
    /// The file says so itself, by its name or the times in it.
    pub dated: bool,
    pub knows: Knows,
}

/// Records of one table.
#[derive(Debug, Default)]
pub struct Batch {
    pub orders: Vec<Evidenced<OrderRecord>>,
    pub refunds: Vec<Evidenced<RefundRecord>>,
    pub settlements: Vec<Evidenced<SettlementRecord>>,
    pub compensations: Vec<Evidenced<CompensationRecord>>,
    /// Row and what it says.
    pub streams: Vec<(usize, StreamRecord)>,
    pub rejected: Vec<Rejected>,
    /// Rows of data.
    pub rows: usize,
    /// Rows that are no sale (提现).
    pub no_sale: usize,
    /// Words nobody has described, with how often.
    pub unknown_words: BTreeMap<String, usize>,
}

/// What is done with each part; breaking off ends the reading.
pub type Sink<'a> = dyn FnMut(Part) -> ControlFlow<()> + 'a;

/// Reads a file. It is an error if nothing in it could be recognised; then nothing was handed over.
pub fn read(received: &mut Received, wanted: &Wanted, now: Instant, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let (path, name) = (received.path.clone(), received.name().to_owned());
    let mut any = false;
    let mut skipped: Vec<Problem> = Vec::new();
    received.each_table(&mut |table| {
        let table = match table {
            Ok(table) => table,
            Err(problem) => {
                skipped.push(problem);
                return Ok(());
            }
        };
        let part = table.part().to_owned();
        let shown = if part.is_empty() { path.clone() } else { format!("{path} › {part}") };
        if is_empty(table)? {
            return Ok(());
        }
        match recognise(&shown, table, wanted) {
            Err(problem) => skipped.push(problem),
            Ok(layout) => {
                any = true;
                let dated_by_name =
                    cells::exported_at(part.rsplit('/').next().unwrap_or("")).or(cells::exported_at(&name));
                let survey = Survey::of(table, &layout)?;
                let known_at = dated_by_name.or(survey.newest);
                let head = Head {
                    part,
                    profile: layout.profile.clone(),
                    known_at: known_at.unwrap_or(now),
                    dated: known_at.is_some(),
                    knows: knows(&layout),
                };
                let file = if head.part.is_empty() { name.clone() } else { format!("{name} › {}", head.part) };
                let mut reader = Reader {
                    file: &file,
                    layout: &layout,
                    survey: &survey,
                    head: &head,
                    batch: Batch::default(),
                    sink,
                };
                if (reader.sink)(Part::Table(head.clone())).is_continue() {
                    reader.run(table)?;
                }
            }
        }
        Ok(())
    })?;
    if !any {
        return Err(skipped.into_iter().next().unwrap_or(Problem::NoRows { path }));
    }
    for problem in skipped {
        if sink(Part::Skipped(problem)).is_break() {
            break;
        }
    }
    Ok(())
}

fn is_empty(table: &mut dyn Table) -> Result<bool, Problem> {
    let mut empty = true;
    table.rows(&mut |_, _| {
        empty = false;
        ControlFlow::Break(())
    })?;
    Ok(empty)
}

/// What a table of orders states.
fn knows(layout: &Layout) -> Knows {
    let any = |fields: &[Field]| fields.iter().any(|field| layout.has(*field));
    let whole_orders = layout.profile.rows == Some(Rows::Order) && !any(&[Field::ProductNo, Field::Title]);
    Knows {
        standing: any(&[Field::CreatedAt, Field::PaidAt]) || layout.profile.day_in_order_no,
        created: layout.has(Field::CreatedAt),
        amounts: layout.has(Field::Paid),
        freight: any(&[Field::Freight, Field::OrderFreight]),
        coupons: !whole_orders
            && any(&[Field::List, Field::UnitPrice])
            && any(&[Field::PlatformCoupon, Field::AnchorCoupon, Field::ChannelCoupon]),
        origin: any(&[Field::LiveRoomNo, Field::AuthorNo]),
        skus: layout.has(Field::SkuNo),
    }
}

/// What the first look finds.
#[derive(Debug, Default)]
struct Survey {
    newest: Option<Instant>,
    /// Orders whose rows do not stand together.
    scattered: FxHashSet<u64>,
    /// Numbers that end in zeros where a spreadsheet rounds are refused.
    refuse_rounded: bool,
}

impl Survey {
    fn of(table: &mut dyn Table, layout: &Layout) -> Result<Self, Problem> {
        let mut survey = Self::default();
        let mut seen: FxHashSet<u64> = FxHashSet::default();
        let mut last = None;
        let (mut long, mut rounded) = (0_usize, 0_usize);
        table.rows(&mut |number, cells| {
            let Some(row) = layout.row(number, cells) else { return ControlFlow::Continue(()) };
            for field in TIMES {
                // what is not a time is set aside with its row later
                survey.newest = survey.newest.max(row.instant(field).unwrap_or(None));
            }
            let order_no = row.text(Field::OrderNo);
            for tail in [order_no, row.text(Field::LineNo)].into_iter().filter_map(cells::rounded_tail) {
                long += 1;
                rounded += usize::from(tail);
            }
            let order = hash_of(order_no);
            if last != Some(order) && !seen.insert(order) {
                survey.scattered.insert(order);
            }
            last = Some(order);
            ControlFlow::Continue(())
        })?;
        survey.refuse_rounded = rounded * CHANCE > long;
        Ok(survey)
    }
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Reads one table.
struct Reader<'a, 's> {
    file: &'a str,
    layout: &'a Layout,
    survey: &'a Survey,
    head: &'a Head,
    batch: Batch,
    sink: &'a mut Sink<'s>,
}

impl<'a> Reader<'a, '_> {
    fn run(&mut self, table: &mut dyn Table) -> Result<(), Problem> {
        match self.layout.profile.kind {
            Kind::Orders => self.orders(table)?,
            Kind::AfterSales => self.each(table, Self::after_sale)?,
            Kind::Settlements => {
                let mut alike: FxHashMap<u64, u32> = FxHashMap::default();
                self.each(table, |reader, row| reader.settlement(row, &mut alike))?;
            }
            Kind::Live => self.each(table, |reader, row| {
                let stream = streams::stream(row)?;
                reader.batch.streams.push((row.number, stream));
                Ok(())
            })?,
        }
        let _ = self.flush();
        Ok(())
    }

    fn each(
        &mut self,
        table: &mut dyn Table,
        mut read: impl FnMut(&mut Self, &Row<'a>) -> Result<(), String>,
    ) -> Result<(), Problem> {
        let layout = self.layout;
        table.rows(&mut |number, cells| {
            let Some(row) = layout.row(number, cells) else { return ControlFlow::Continue(()) };
            self.batch.rows += 1;
            if let Err(reason) = self.check(&row).and_then(|()| read(self, &row)) {
                self.reject(&row, &reason);
            }
            if self.batch.rows >= BATCH { self.flush() } else { ControlFlow::Continue(()) }
        })
    }

    /// Whole orders: rows that stand together as they come, the others at the end.
    fn orders(&mut self, table: &mut dyn Table) -> Result<(), Problem> {
        let layout = self.layout;
        let mut held: BTreeMap<String, Vec<Row<'a>>> = BTreeMap::new();
        let mut together: Vec<Row<'a>> = Vec::new();
        table.rows(&mut |number, cells| {
            let Some(row) = layout.row(number, cells) else { return ControlFlow::Continue(()) };
            self.batch.rows += 1;
            if self.survey.scattered.contains(&hash_of(row.text(Field::OrderNo))) {
                held.entry(row.text(Field::OrderNo).to_owned()).or_default().push(row);
                return ControlFlow::Continue(());
            }
            let same = together.first().is_some_and(|first| first.text(Field::OrderNo) == row.text(Field::OrderNo));
            if !same {
                self.order(&std::mem::take(&mut together));
            }
            together.push(row);
            if self.batch.orders.len() >= BATCH { self.flush() } else { ControlFlow::Continue(()) }
        })?;
        self.order(&together);
        for rows in held.into_values() {
            self.order(&rows);
            if self.batch.orders.len() >= BATCH && self.flush().is_break() {
                break;
            }
        }
        Ok(())
    }

    fn order(&mut self, rows: &[Row<'_>]) {
        if rows.is_empty() {
            return;
        }
        let of_rows = self.layout.profile.rows.unwrap_or(Rows::Order);
        let read = rows
            .iter()
            .try_for_each(|row| self.check(row))
            .and_then(|()| orders::order(rows, of_rows, self.head.known_at));
        match read {
            Ok(FileOrder { order, refunds, unknown_words }) => {
                for word in unknown_words {
                    *self.batch.unknown_words.entry(word).or_default() += 1;
                }
                self.batch.orders.push(order);
                self.batch.refunds.extend(refunds);
            }
            Err(reason) => {
                for row in rows {
                    self.reject(row, &reason);
                }
            }
        }
    }

    fn after_sale(&mut self, row: &Row<'a>) -> Result<(), String> {
        let (refund, unknown_words) = after_sales::refund(row, self.head.known_at)?;
        for word in unknown_words {
            *self.batch.unknown_words.entry(word).or_default() += 1;
        }
        self.batch.refunds.push(refund);
        Ok(())
    }

    fn settlement(&mut self, row: &Row<'a>, alike: &mut FxHashMap<u64, u32>) -> Result<(), String> {
        let statement_no = self.statement_no(row, alike)?;
        match settlements::settlement(row, statement_no)? {
            Read::Settled(record) => self.batch.settlements.push(record),
            Read::Compensated(record) => self.batch.compensations.push(record),
            Read::NoSale => self.batch.no_sale += 1,
        }
        Ok(())
    }

    /// What tells a statement row from the others; of rows alike in it the second is `#2`, and so on.
    fn statement_no(&self, row: &Row<'_>, alike: &mut FxHashMap<u64, u32>) -> Result<String, String> {
        let identity = &self.layout.profile.identity;
        let no = if identity.is_empty() {
            row.needed_id(Field::StatementNo)?.to_owned()
        } else {
            identity.iter().map(|field| row.text(*field)).collect::<Vec<_>>().join(":")
        };
        if no.contains(char::is_control) {
            return Err("流水号里有控制字符 / the number holds control characters".to_owned());
        }
        let times = alike.entry(hash_of(&no)).or_default();
        *times += 1;
        Ok(if *times == 1 { format!("{FILE_STATEMENT}{no}") } else { format!("{FILE_STATEMENT}{no}#{times}") })
    }

    /// Refuses a row whose numbers a spreadsheet has rounded.
    fn check(&self, row: &Row<'_>) -> Result<(), String> {
        let rounded = |field: Field| cells::rounded_tail(row.text(field)) == Some(true);
        if self.survey.refuse_rounded && (rounded(Field::OrderNo) || rounded(Field::LineNo)) {
            let number = row.text(Field::OrderNo);
            return Err(in_both(
                &format!("编号 {number} 的末尾被电子表格改成了零，请重新导出"),
                &format!("a spreadsheet has rounded the number {number}, export the file again"),
            ));
        }
        Ok(())
    }

    fn reject(&mut self, row: &Row<'_>, reason: &str) {
        self.batch.rejected.push(Rejected {
            record_no: in_both(&format!("{} 第 {} 行", self.file, row.number), &format!("row {}", row.number)),
            reason: reason.to_owned(),
            evidence: serde_json::to_string(&row.evidence_set_aside()).expect("text is valid JSON"),
        });
    }

    fn flush(&mut self) -> ControlFlow<()> {
        let batch = std::mem::take(&mut self.batch);
        if batch.rows == 0 && batch.orders.is_empty() && batch.rejected.is_empty() {
            return ControlFlow::Continue(());
        }
        (self.sink)(Part::Batch(batch))
    }
}
