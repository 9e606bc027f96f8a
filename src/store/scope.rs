//! What of a table lies in a session's scope, as SQL over values this program wrote itself; `$1` is the county.
//!
//! Every read either names one of these filters, or refuses every scope that is not the whole county
//! ([`Session::hold_to_county`]), or tells what is the same for every reader (months that are locked, how far shops are
//! known, what grows here).

use super::doubles::records;
use super::{Session, StoreError};
use crate::domain::access::Scope;
use crate::domain::regions::RegionCode;

/// The households of a county that agreed to be read by their village contact. A double agreed to what the record that
/// is kept agreed to, and to nothing by itself.
const CONSENTING: &str = "select coalesce(d.double_id, c.farmer_id) from consent c
    left join (select c.into_id as into_id, c.into_id as double_id from farmer_double c
        where c.county_code = $1 and c.parted_batch_id = 0
        union select c.into_id, c.double_id from farmer_double c
        where c.county_code = $1 and c.parted_batch_id = 0) d on d.into_id = c.farmer_id
    where c.county_code = $1 and c.kind = 'contact' and c.withdrawn_on is null and not exists (select 1 from farmer_double n
        where n.county_code = c.county_code and n.double_id = c.farmer_id and n.parted_batch_id = 0)";

fn in_region(alias: &str, code: RegionCode) -> String {
    let (from, to) = code.text_range();
    format!(" and {alias}.village_code >= '{from}' and {alias}.village_code < '{to}'")
}

/// Rows with a household and its village that are in scope; an anchor sees no households.
pub fn households(scope: Scope, alias: &str) -> String {
    match scope {
        Scope::County(_) => String::new(),
        Scope::Region(code) => in_region(alias, code),
        Scope::Village(code) => in_region(alias, code) + &agreed(scope, &format!("{alias}.farmer_id")),
        Scope::Farmer { farmer_id, .. } => format!(" and {alias}.farmer_id in {}", records(&farmer_id.to_string())),
        Scope::Anchor { .. } => " and 1 = 0".into(),
    }
}

/// What a village contact may have of rows that name a household by a column.
pub fn agreed(scope: Scope, farmer_column: &str) -> String {
    match scope {
        Scope::Village(_) => format!(" and {farmer_column} in ({CONSENTING})"),
        _ => String::new(),
    }
}

/// Slices or ledger rows that are in scope: a household's, and for an anchor those of the own streams.
pub fn slices(scope: Scope, alias: &str) -> String {
    match scope {
        Scope::Anchor { anchor_id, .. } => format!(" and {alias}.anchor_id = {anchor_id}"),
        other => households(other, alias),
    }
}

/// Streams that are in scope: an anchor's own, and for everybody below the county those that sold goods in scope.
pub fn streams(scope: Scope, alias: &str) -> String {
    match scope {
        scope if scope.is_whole_county() => String::new(),
        Scope::Anchor { anchor_id, .. } => format!(" and {alias}.anchor_id = {anchor_id}"),
        other => format!(
            " and exists (select 1 from line_slice x where x.county_code = $1 and x.stream_id = {alias}.stream_id{})",
            slices(other, "x")
        ),
    }
}

/// What is between an anchor and the branch, training and what a stream sold in all: all of it in a whole county, an
/// anchor's own; nobody else's business.
pub fn of_anchors(session: &Session) -> Result<String, StoreError> {
    match session.scope() {
        scope if scope.is_whole_county() => Ok(String::new()),
        Scope::Anchor { anchor_id, .. } => Ok(format!(" and anchor_id = {anchor_id}")),
        _ => Err(StoreError::OutOfScope),
    }
}
