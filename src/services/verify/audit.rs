//! The audit trail, walked from its first row to its head: a row that is missing, altered, put in or moved shows as a
//! number, a hash or an end that does not fit; a unit of work without a row shows by its batch.
//!
//! What it cannot show is a trail rewritten whole, every hash and the head computed anew, by somebody who may write the
//! database. `red-anchor doctor` prints the head: written down elsewhere, it shows that too.

use super::Report;
use super::history::History;
use crate::domain::audit::Row;
use crate::domain::ledger::book::BatchId;
use crate::store::audit::{self, Sought};
use crate::store::{Session, StoreError};
use rustc_hash::FxHashSet;

/// Walks the chain.
pub(super) async fn check(session: &mut Session, history: &History, report: &mut Report) -> Result<(), StoreError> {
    let county = session.county_text();
    let mut walk = Walk::new(&county, report);
    audit::each(session, &Sought::default(), |entry| walk.step(&entry)).await?;
    let head = audit::find_head(session).await?;
    walk.finish(head, history.ids());
    Ok(())
}

/// Where the walk stands.
struct Walk<'a> {
    county: &'a str,
    report: &'a mut Report,
    /// Number and hash of the row before; 0 and '' at the start.
    before: (i64, String),
    batches: FxHashSet<BatchId>,
    first_batch: Option<BatchId>,
}

impl<'a> Walk<'a> {
    fn new(county: &'a str, report: &'a mut Report) -> Self {
        Self { county, report, before: (0, String::new()), batches: FxHashSet::default(), first_batch: None }
    }

    fn wrong(&mut self, audit_no: i64, wrong: &str) {
        self.report.add("audit", format!("row {audit_no}"), wrong);
    }

    fn step(&mut self, entry: &Row) {
        self.report.audit_rows += 1;
        let (number, hash) = &self.before;
        let (follows, continues) = (entry.audit_no == number + 1, entry.prev_hash == *hash);
        if !follows {
            self.wrong(entry.audit_no, "the row before it is missing");
        }
        if !continues {
            self.wrong(entry.audit_no, "does not continue the row before it");
        }
        if entry.hash != entry.computed_hash(self.county) {
            self.wrong(entry.audit_no, "is not what was written: its hash differs");
        }
        if entry.batch_id != 0 {
            self.first_batch.get_or_insert(entry.batch_id);
            if !self.batches.insert(entry.batch_id) {
                self.wrong(entry.audit_no, "tells of a unit of work that another row tells of");
            }
        }
        self.before = (entry.audit_no, entry.hash.clone());
    }

    fn finish(mut self, head: Option<(i64, String)>, known: impl Iterator<Item = BatchId>) {
        let end = (self.before.0 > 0).then(|| self.before.clone());
        if head != end {
            let says = head.map_or_else(|| "no row".to_owned(), |(number, hash)| format!("row {number} with {hash}"));
            self.report.add("audit_head", "head".to_owned(), format!("the trail should end at {says}"));
        }
        // a database older than its trail has units of work from before it
        let first = self.first_batch.unwrap_or(BatchId::MAX);
        let mut untold = Vec::new();
        for batch_id in known {
            if !self.batches.remove(&batch_id) && batch_id >= first {
                untold.push(batch_id);
            }
        }
        untold.sort_unstable();
        for batch_id in untold {
            self.report.add("batch", format!("batch {batch_id}"), "has no row in the audit trail");
        }
        let mut unknown: Vec<BatchId> = self.batches.into_iter().collect();
        unknown.sort_unstable();
        for batch_id in unknown {
            self.report.add("audit", format!("batch {batch_id}"), "there is no such unit of work");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Actor;
    use crate::domain::audit::{Change, Noun, Verb};
    use crate::domain::calendar::{parse_day, start_of};

    const COUNTY: &str = "360827";

    fn chain(length: i64) -> Vec<Row> {
        let at = start_of(parse_day("2026-01-31").expect("a day"));
        let mut chain: Vec<Row> = Vec::new();
        for number in 1..=length {
            let before = chain.last().map(|e| e.hash.clone()).unwrap_or_default();
            let change = Change::new(Verb::Pull, Noun::Orders, format!("s{number}"));
            chain.push(Row::following(COUNTY, (number, before), &Actor::job("pull"), at, number, &change));
        }
        chain
    }

    fn walked(chain: &[Row], head: &Row) -> Vec<String> {
        let mut report = Report::default();
        let mut walk = Walk::new(COUNTY, &mut report);
        for entry in chain {
            walk.step(entry);
        }
        walk.finish(Some((head.audit_no, head.hash.clone())), 1..=head.batch_id);
        report.differences.iter().map(|d| format!("{} {}", d.table, d.row)).collect()
    }

    #[test]
    fn a_whole_chain_is_clean() {
        let whole = chain(4);
        assert_eq!(walked(&whole, &whole[3]), Vec::<String>::new());
    }

    #[test]
    fn a_row_cut_from_the_end_is_missed_by_the_head_and_by_its_batch() {
        let whole = chain(4);
        assert_eq!(walked(&whole[..3], &whole[3]), ["audit_head head", "batch batch 4"]);
        assert_eq!(walked(&[], &whole[3]), ["audit_head head"]);
    }

    #[test]
    fn a_row_put_in_with_a_hash_of_its_own_does_not_fit() {
        let whole = chain(4);
        let mut put_in = whole.clone();
        let mut forged = put_in[1].clone();
        forged.subject = "forged".into();
        forged.hash = forged.computed_hash(COUNTY);
        put_in[1] = forged;
        assert_eq!(walked(&put_in, &whole[3]), ["audit row 3"]);
    }
}
