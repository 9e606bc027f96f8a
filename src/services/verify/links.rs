//! Rows that name other rows: what foreign keys would hold if the big tables had any.

use super::Report;
use crate::store::verify::{LINKS, list_broken};
use crate::store::{Session, StoreError};

/// Reports every row that points to nothing.
pub(super) async fn check(session: &mut Session, report: &mut Report) -> Result<(), StoreError> {
    for link in &LINKS {
        for id in list_broken(session, link).await? {
            report.add(link.table, format!("{} {id}", link.id), link.wrong);
        }
    }
    Ok(())
}
