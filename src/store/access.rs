//! The log of looks, and the names of those who read.
//!
//! Not here: accounts (`store::accounts`), links (`store::links`), sessions (`store::sessions`), slips (`store::slips`).

use super::{Session, StoreError};
use crate::domain::calendar::Instant;

/// Somebody's look at a line of somebody's household, or at the household's own page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look<'a> {
    pub account_id: i64,
    pub role: &'a str,
    /// The region, anchor or household the reader's role is over.
    pub subject: &'a str,
    pub seen: Seen,
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Line(i64),
    Farmer(i64),
}

/// Records a look.
pub async fn insert_look(session: &mut Session, look: Look<'_>, at: Instant) -> Result<(), StoreError> {
    let look_id = super::take_ids(session, "look", 1).await?;
    let county = session.county_text();
    let (line_id, farmer_id) = match look.seen {
        Seen::Line(id) => (id, 0),
        Seen::Farmer(id) => (0, id),
    };
    on!(session, conn => sqlx::query(
        "insert into look (county_code, look_id, at, role, subject, line_id, account_id, farmer_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    ).bind(county).bind(look_id).bind(at).bind(look.role).bind(look.subject).bind(line_id).bind(look.account_id)
        .bind(farmer_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The name of a household, an anchor or a region, for the page's corner; `None` when there is none.
pub async fn find_name(session: &mut Session, noun: Noun, id: &str) -> Result<Option<String>, StoreError> {
    let county = session.county_text();
    let number: i64 = id.parse().unwrap_or(0);
    Ok(match noun {
        Noun::Region => on!(session, conn => sqlx::query_scalar("select name from region where code = $1")
            .bind(id).fetch_optional(conn).await)?,
        Noun::Farmer => on!(session, conn => sqlx::query_scalar(
            "select name from farmer where county_code = $1 and farmer_id = $2"
        ).bind(county).bind(number).fetch_optional(conn).await)?,
        Noun::Anchor => on!(session, conn => sqlx::query_scalar(
            "select name from anchor where county_code = $1 and anchor_id = $2"
        ).bind(county).bind(number).fetch_optional(conn).await)?,
    })
}

/// What [`find_name`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Region,
    Farmer,
    Anchor,
}
