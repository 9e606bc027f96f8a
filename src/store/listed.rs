//! Every order line there is, for the command line: what programs outside read.
//!
//! Pages list lines a page at a time ([`super::lines`]); this is the whole, three statements joined in memory.

use super::{Session, StoreError};
use crate::domain::calendar::Day;
use rustc_hash::FxHashMap;

/// A line as `red-anchor lines` lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedLine {
    pub line_id: i64,
    pub order_no: String,
    pub line_no: String,
    pub paid_on: Option<Day>,
    pub gmv_fen: i64,
    pub refund_fen: i64,
    pub state: String,
    pub listing_id: i64,
    pub stream_id: i64,
}

/// Lines of a shop (or of all) with what the ledger says of them, by line id. `unmatched` keeps paid ones without a
/// listing or stream. Three statements over whole tables, joined here: it lists everything there is.
pub async fn list(session: &mut Session, shop_id: Option<i64>, unmatched: bool) -> Result<Vec<ListedLine>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let lines = on!(session, conn => sqlx::query_as::<_, (i64, String, String, Option<Day>)>(
        "select l.line_id, o.order_no, l.line_no, o.paid_on from order_line l
         join sales_order o on o.county_code = l.county_code and o.order_id = l.order_id
         where l.county_code = $1 and not l.replaced and ($2 = 0 or l.shop_id = $2)"
    ).bind(county).bind(shop_id.unwrap_or(0)).fetch_all(conn).await)?;
    let county = session.county_text();
    let states: FxHashMap<i64, (String, i64, i64)> = on!(session, conn => sqlx::query_as::<_, (i64, String, i64, i64)>(
        "select line_id, min(state), max(listing_id), max(stream_id) from line_slice where county_code = $1
         group by line_id"
    ).bind(county).fetch_all(conn).await)?
    .into_iter()
    .map(|(line_id, state, listing_id, stream_id)| (line_id, (state, listing_id, stream_id)))
    .collect();
    let county = session.county_text();
    let sums: FxHashMap<i64, (i64, i64)> = on!(session, conn => sqlx::query_as::<_, (i64, i64, i64)>(
        "select line_id, cast(sum(gmv_fen) as bigint), cast(sum(refund_fen) as bigint) from ledger_entry
         where county_code = $1 group by line_id"
    ).bind(county).fetch_all(conn).await)?
    .into_iter()
    .map(|(line_id, gmv_fen, refund_fen)| (line_id, (gmv_fen, refund_fen)))
    .collect();
    let mut listed = Vec::with_capacity(lines.len());
    for (line_id, order_no, line_no, paid_on) in lines {
        let Some((state, listing_id, stream_id)) = states.get(&line_id).cloned() else { continue };
        let matched = paid_on.is_none() || (listing_id != 0 && stream_id != 0);
        if unmatched && matched {
            continue;
        }
        let (gmv_fen, refund_fen) = sums.get(&line_id).copied().unwrap_or_default();
        listed.push(ListedLine {
            line_id,
            order_no,
            line_no,
            paid_on,
            gmv_fen,
            refund_fen,
            state,
            listing_id,
            stream_id,
        });
    }
    listed.sort_unstable_by_key(|r| r.line_id);
    Ok(listed)
}
