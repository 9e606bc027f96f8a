//! What goods are beside their name: grades, how they are sold, when they are harvested.

use super::{Session, StoreError, Work};
use sqlx::FromRow;

/// Of one product.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Details {
    pub product_id: i64,
    /// One a line.
    pub grades: String,
    /// `kg`, `jin`, `piece`; '' where nobody said.
    pub sold_by: String,
    /// Month and day, `10-15`; '' where there is no window.
    pub harvest_from: String,
    pub harvest_to: String,
}

/// Of all products, by number.
pub async fn list(session: &mut Session) -> Result<Vec<Details>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<Details> = on!(session, conn => sqlx::query_as(
        "select product_id, grades, sold_by, harvest_from, harvest_to from product where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|d| d.product_id);
    Ok(rows)
}

/// Writes what is said of a product that is there.
pub async fn update(work: &mut Work, details: &Details) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "update product set grades = $3, sold_by = $4, harvest_from = $5, harvest_to = $6
         where county_code = $1 and product_id = $2"
    ).bind(county).bind(details.product_id).bind(details.grades.as_str()).bind(details.sold_by.as_str())
        .bind(details.harvest_from.as_str()).bind(details.harvest_to.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}
