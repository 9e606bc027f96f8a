//! How many households stand behind the amounts of a group: what is handed on of them asks this first
//! (`domain::disclosure`).

use super::ask::{HOUSEHOLDS, Question, household_rows_sql, households_of};
use crate::store::{Session, StoreError};
use sqlx::{AssertSqlSafe, FromRow};

/// How many households stand behind a group's amounts, kind by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Behind {
    pub key: String,
    /// Those a page counts: settled net above zero.
    pub households: i64,
    /// Behind what was sold.
    pub sold: i64,
    /// Behind what was settled of it.
    pub settled: i64,
    /// Behind the part of the settled income that has a baseline: uplift and range.
    pub valued: i64,
    /// Behind the part that has none: coverage.
    pub unvalued: i64,
    /// Behind what is provisional.
    pub waiting: i64,
}

impl Behind {
    /// Behind what is said of settled sales by amount: income and uplift. Coverage, a share of the income, tells of the part
    /// that has no baseline too.
    pub const SETTLED: [fn(&Self) -> i64; 2] = [|b| b.settled, |b| b.valued];
}

/// The households behind every group's amounts. One whose sales cancelled out stands behind none; unlike those a page
/// counts, one whose settled net is below zero does.
pub async fn behind(session: &mut Session, question: &Question) -> Result<Vec<Behind>, StoreError> {
    const COLUMNS: [&str; 7] = [
        "gmv_fen",
        "refund_fen",
        "farmer_fen",
        "settled_net_fen",
        "settled_farmer_fen",
        "settled_without_baseline_fen",
        "settled_baseline_mid_fen",
    ];
    question.hold_to(session.scope())?;
    let county = session.county_text();
    let (from, to) = question.region.text_range();
    let households = households_of(session, question).await?;
    let rows = household_rows_sql(question, session.scope(), &households, &COLUMNS);
    let sums = COLUMNS.map(|c| format!("cast(sum({c}) as bigint) as {c}")).join(", ");
    let counted = |name: &str, any: &str| format!("cast(sum(case when {any} then 1 else 0 end) as bigint) as {name}");
    let counts = [
        counted("sold", "gmv_fen <> 0 or refund_fen <> 0 or farmer_fen <> 0"),
        counted("settled", "settled_net_fen <> 0 or settled_farmer_fen <> 0"),
        counted("valued", "settled_farmer_fen <> settled_without_baseline_fen or settled_baseline_mid_fen <> 0"),
        counted("unvalued", "settled_without_baseline_fen <> 0"),
        counted("waiting", "farmer_fen <> settled_farmer_fen"),
    ];
    let sql = format!(
        "select g as key, {HOUSEHOLDS} as households, {} from (select g, farmer_id, {sums} from ({rows}) kept
            where farmer_id <> 0 group by g, farmer_id) per_farmer group by g",
        counts.join(", "),
    );
    Ok(on!(session, conn => sqlx::query_as::<_, Behind>(AssertSqlSafe(sql)).bind(county).bind(question.basis.key())
        .bind(question.grouping.lens().key()).bind(from).bind(to).fetch_all(conn).await)?)
}
