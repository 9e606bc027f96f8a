//! 期初数: figures that were published before this program was used. They stand beside what is counted here and are never
//! added to it. A figure that was entered wrongly is entered again; what was entered stays.

use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use sqlx::FromRow;

/// A figure somebody published.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Published {
    pub published_id: i64,
    pub amount_fen: i64,
    /// The day it was said of.
    pub on_day: Day,
    /// Where it was published.
    pub document: String,
    /// What it counted, in the words of whoever published it.
    pub stated_basis: String,
    pub entered_by: String,
    pub entered_at: Instant,
}

/// A figure to enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct New<'a> {
    pub amount_fen: i64,
    pub on_day: Day,
    pub document: &'a str,
    pub stated_basis: &'a str,
}

/// All of them, the newest said last.
pub async fn list(session: &mut Session) -> Result<Vec<Published>, StoreError> {
    session.hold_to_region()?;
    let county = session.county_text();
    let mut all: Vec<Published> = on!(session, conn => sqlx::query_as(
        "select published_id, amount_fen, on_day, document, stated_basis, entered_by, entered_at from published_figure
         where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    all.sort_unstable_by_key(|figure| (figure.on_day, figure.published_id));
    Ok(all)
}

/// Enters one in the name of the unit of work's actor.
pub async fn insert(work: &mut Work, new: New<'_>) -> Result<(), StoreError> {
    let published_id = super::take_ids(work, "published_figure", 1).await?;
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into published_figure (county_code, published_id, amount_fen, on_day, document, stated_basis, entered_by,
            entered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    ).bind(county).bind(published_id).bind(new.amount_fen).bind(new.on_day).bind(new.document).bind(new.stated_basis)
        .bind(by).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}
