//! Households of a region by category, each counted once over some months: for a sheet that adds nothing up.

use super::{Basis, Grain, Lens};
use crate::domain::calendar::{Day, next_month};
use crate::domain::doubles::Households;
use crate::domain::regions::RegionCode;
use crate::store::{Session, StoreError, doubles};
use std::collections::BTreeMap;

/// How many households had settled net sales above zero in these months together, by their category on the day of the
/// latest sale. Reads what the region's households sold in the span, by household and month.
pub async fn count_by_category(
    session: &mut Session,
    region: RegionCode,
    months: &[Day],
) -> Result<Vec<(String, i64)>, StoreError> {
    session.hold_to_county()?;
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Ok(Vec::new()) };
    let (county, (from, to)) = (session.county_text(), region.text_range());
    let rows: Vec<(i64, Day, String, i64)> = on!(session, conn => sqlx::query_as(
        "select farmer_id, start_on, household_category, cast(sum(settled_net_fen) as bigint) from figure
         where county_code = $1 and basis = $2 and lens = $3 and grain = $4 and start_on >= $5 and start_on <= $6
           and village_code >= $7 and village_code < $8 and farmer_id <> 0
         group by farmer_id, start_on, household_category"
    ).bind(county).bind(Basis::Event.key()).bind(Lens::Shop.key()).bind(Grain::Month.key()).bind(first).bind(last)
        .bind(from).bind(to).fetch_all(conn).await)?;
    let records = Households::up_to(&doubles::list(session).await?, next_month(*last).pred_opt());
    // by household: what it settled, and its category of the latest month
    let mut households: BTreeMap<i64, (i64, Day, String)> = BTreeMap::new();
    for (farmer_id, month, category, fen) in rows {
        if !months.contains(&month) {
            continue;
        }
        let of = households.entry(records.kept(farmer_id)).or_insert_with(|| (0, month, category.clone()));
        of.0 += fen;
        // of two categories in a month the one that sorts last, so that the answer does not depend on the engine
        if (month, &category) > (of.1, &of.2) {
            (of.1, of.2) = (month, category);
        }
    }
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for (_, _, category) in households.into_values().filter(|(fen, ..)| *fen > 0) {
        *counts.entry(category).or_default() += 1;
    }
    Ok(counts.into_iter().collect())
}
