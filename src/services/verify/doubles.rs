//! Did two people agree that two records are one household, and does it count from a month that was not locked before?
//!
//! What follows for accounts and figures is asked where those are ([`super::payouts`], [`super::reports`]).

use super::Report;
use crate::domain::calendar::month_start;
use crate::domain::doubles::Double;
use crate::store::doubles::{self, Act};
use crate::store::{Session, StoreError, ledger};

const TABLE: &str = "farmer_double";

/// Reports every double that nobody agreed to, every one agreed to that is not there, and every one that counts from another
/// month than it may.
pub(super) async fn check(session: &mut Session, report: &mut Report) -> Result<(), StoreError> {
    let all = doubles::list(session).await?;
    let locks = ledger::list_locks(session).await?;
    let approved = doubles::list_approved(session).await?;
    for entry in &approved {
        let follows = |d: &Double| match entry.act() {
            Act::Merge => d.entry_id == entry.entry_id,
            Act::Part => {
                let is_earlier = d.entry_id < entry.entry_id;
                is_earlier && !d.stands() && (d.double_id, d.into_id) == (entry.double_id, entry.into_id)
            }
        };
        if !all.iter().any(follows) {
            report.add(TABLE, format!("entry {}", entry.entry_id), "was agreed to and is not there");
        }
    }
    for double in &all {
        let row = format!("entry {}", double.entry_id);
        let of_pair = |act: Act| {
            approved
                .iter()
                .filter(move |e| e.act() == act && (e.double_id, e.into_id) == (double.double_id, double.into_id))
        };
        if !of_pair(Act::Merge).any(|e| e.entry_id == double.entry_id) {
            report.add(TABLE, row.clone(), "was agreed to by nobody");
        }
        if !double.stands() && !of_pair(Act::Part).any(|e| e.entry_id > double.entry_id) {
            report.add(TABLE, row.clone(), "was taken back by nobody");
        }
        if of_pair(Act::Merge).chain(of_pair(Act::Part)).any(|e| e.decided_by == e.entered_by) {
            report.add(TABLE, row.clone(), "was agreed to by whoever put it forward");
        }
        if locks.iter().any(|lock| lock.month >= double.counts_from && lock.batch_id < double.batch_id) {
            report.add(TABLE, row.clone(), "counts in a month that was locked before");
        }
        if double.counts_from > month_start(double.merged_on) {
            report.add(TABLE, row.clone(), "counts from a month after the merge");
        }
        if all.iter().any(|other| is_chained(double, other)) {
            report.add(TABLE, row, "is one of a chain");
        }
    }
    Ok(())
}

/// True if a double is kept by another record that is a double too.
fn is_chained(double: &Double, other: &Double) -> bool {
    double.stands() && other.stands() && double.into_id == other.double_id
}
