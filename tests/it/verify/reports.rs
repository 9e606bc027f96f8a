//! Stored reports: each change is named, whoever wrote the hashes anew.

use super::changed::Copies;
use crate::world::County;
use red_anchor::domain::month_report::{Report, sha256};
use red_anchor::store::month_reports;

async fn copies() -> (Copies, Vec<month_reports::Stored>) {
    let county = County::made().await;
    let mut session = county.read().await;
    let mut stored = Vec::new();
    for head in month_reports::list_heads(&mut session).await.expect("heads") {
        stored.push(month_reports::find(&mut session, head.report_no).await.expect("a read").expect("a report"));
    }
    drop(session);
    (Copies::of(county).await, stored)
}

#[tokio::test]
async fn a_report_that_was_changed_is_missing_or_cut_off_is_found() {
    let (copies, stored) = copies().await;
    assert_eq!(stored.len(), 2);
    copies.each_row("month_report", "1 = 1", |row| format!("delete from month_report where rowid = {row}")).await;
    for change in [
        "document = replace(document, '\"entries\":', '\"entries\":1')",
        "document = ''",
        "sha256 = upper(sha256)",
        "month = date(month, '-1 month')",
        "lock_batch_id = lock_batch_id - 1",
        "made_at = '2026-01-01T00:00:00+00:00'",
        "report_no = report_no + 5",
    ] {
        copies
            .each_row("month_report", "1 = 1", |row| format!("update month_report set {change} where rowid = {row}"))
            .await;
    }
    copies.all_found();
}

#[tokio::test]
async fn a_report_that_was_written_anew_with_its_hash_is_found() {
    let (copies, stored) = copies().await;
    for one in &stored {
        let honest = Report::parse(&one.document).expect("a report");
        let mut raised = honest.clone();
        raised.figures.headline.figures.insert("uplift_fen".into(), Some(9_999_999));
        let mut renamed = honest.clone();
        renamed.county.name = "别的县".into();
        let mut other_lock = honest.clone();
        other_lock.lock.by = "somebody".into();
        for forged in [raised, renamed, other_lock] {
            let (document, hash) = forged.document();
            assert_eq!(sha256(&document), hash);
            let no = one.head.report_no;
            copies
                .after(&format!(
                    "update month_report set document = '{document}', sha256 = '{hash}' where report_no = {no}"
                ))
                .await;
        }
    }
    copies.all_found();
}

#[tokio::test]
async fn a_ledger_row_moved_into_a_locked_month_is_not_what_its_report_says() {
    let (copies, _) = copies().await;
    copies
        .each_row("ledger_entry", "booked_on >= '2026-03-01'", |row| {
            format!("update ledger_entry set booked_on = '2026-02-01' where rowid = {row}")
        })
        .await;
    copies.all_found();
}
