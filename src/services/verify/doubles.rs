//! Did two people agree that two records are one household, and does it count from a month that was not locked before?
//!
//! What follows for accounts and figures is asked where those are ([`super::payouts`], [`super::reports`]).

use super::Report;
use crate::domain::doubles::Double;
use crate::store::doubles::{self, Act};
use crate::store::{Session, StoreError, ledger};

const TABLE: &str = "farmer_double";

/// Reports every double that nobody agreed to, and every one that reaches into what was locked.
pub(super) async fn check(session: &mut Session, report: &mut Report) -> Result<(), StoreError> {
    let all = doubles::list(session).await?;
    if all.is_empty() {
        return Ok(());
    }
    let locks = ledger::list_locks(session).await?;
    let approved = doubles::list_approved(session).await?;
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
