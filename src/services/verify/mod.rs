//! Verify: does everything that is shown still follow from what was received?
//!
//! Seven questions, each asked without trusting the answer to another:
//! - does every ledger row follow from the facts, on the right day ([`ledger`]), and does every row that names another
//!   find it ([`links`])?
//! - are the rollups the sums of the ledger and of the slices ([`rollups`])?
//! - do plain sums over orders and refunds, which share no code with posting, give the ledger's ([`sums`])?
//! - was what households were paid due, and agreed to by two people ([`payouts`])?
//! - did two people agree to which records are one household's ([`doubles`])?
//! - is the audit trail the one that was written ([`audit`])?
//! - does what people did about months stand as the trail was told of it ([`reviews`])?
//! - are the stored reports of locked months those that were stored, and can each be made again ([`reports`])?
//!
//! Rule that must hold: one fen or one row changed in a table that feeds a figure is at least one difference. Nothing is
//! repaired here. Orders are read in runs and rollups row by row, so memory does not grow with the county.

mod audit;
mod doubles;
mod fingerprint;
mod history;
mod ledger;
mod links;
mod payouts;
mod reports;
mod reviews;
mod rollups;
mod sums;

use super::{assemble, post};
use crate::store::facts::{self, Selection};
use crate::store::{Session, StoreError, ledger as ledger_rows};
use std::fmt;

/// Differences that are described; the others are only counted.
const MOST_DESCRIBED: usize = 1_000;

/// Orders checked at a time: bounds memory, and what is known is loaded once for all of them.
const RUN_ORDERS: i64 = 4_000;

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub table: &'static str,
    /// Which row, by its numbers.
    pub row: String,
    /// What is wrong with it.
    pub wrong: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {}", self.table, self.row, self.wrong)
    }
}

/// What verify looked at and what it found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub orders: u64,
    pub lines: u64,
    pub ledger_rows: u64,
    /// Rows of `figure`.
    pub figures: u64,
    /// Rows of `figure_order`.
    pub counts: u64,
    pub audit_rows: u64,
    /// Stored reports of months.
    pub reports: u64,
    /// The first 1,000 differences.
    pub differences: Vec<Difference>,
    /// All of them.
    pub total: u64,
}

impl Report {
    /// True when nothing differs.
    pub fn is_clean(&self) -> bool {
        self.total == 0
    }

    fn add(&mut self, table: &'static str, row: String, wrong: impl Into<String>) {
        self.total += 1;
        if self.differences.len() < MOST_DESCRIBED {
            self.differences.push(Difference { table, row, wrong: wrong.into() });
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { orders, lines, ledger_rows, figures, counts, audit_rows, reports, total, .. } = self;
        write!(f, "{orders} orders, {lines} lines, {ledger_rows} ledger rows, {figures} figures, {counts} counts, ")?;
        write!(f, "{audit_rows} audit rows, {reports} reports: ")?;
        match total {
            0 => f.write_str("no difference"),
            1 => f.write_str("1 difference"),
            _ => write!(f, "{total} differences"),
        }
    }
}

/// Checks everything a session may see.
pub async fn verify(session: &mut Session) -> Result<Report, StoreError> {
    let mut report = Report::default();
    links::check(session, &mut report).await?;
    let history = history::History::load(session, &mut report).await?;
    let mut rollups = rollups::Rollups::default();
    let mut earned = payouts::Earned::load(session).await?;
    let county = session.scope().county();
    let mut after = 0;
    while let Some(last) = facts::next_run(session, Selection::All, after, RUN_ORDERS).await? {
        let chunk = facts::list_chunk(session, Selection::All, after + 1, last).await?;
        let knowledge = post::load_knowledge(session, &chunk).await?;
        let rows = ledger_rows::list_rows(session, Selection::All, after + 1, last).await?;
        let stored_slices = ledger_rows::list_slices(session, Selection::All, after + 1, last).await?;
        let mut slices = &stored_slices[..];
        for order in assemble::orders(&chunk) {
            let posted = post::posted_of(&order, &rows);
            let stored = assemble::take(&mut slices, order.order.order_id, |s| s.order_id);
            ledger::check(&order, &knowledge, &posted, stored, &history, &mut report)?;
        }
        rollups.add_run(&rows, &stored_slices, county)?;
        earned.add_run(&rows);
        report.orders += chunk.orders.len() as u64;
        report.lines += chunk.lines.len() as u64;
        report.ledger_rows += rows.len() as u64;
        after = last;
    }
    rollups.check(session, &mut report).await?;
    sums::check(session, &mut report).await?;
    payouts::check(session, &earned, &mut report).await?;
    doubles::check(session, &mut report).await?;
    audit::check(session, &history, &mut report).await?;
    reviews::check(session, &mut report).await?;
    reports::check(session, &mut report).await?;
    Ok(report)
}
