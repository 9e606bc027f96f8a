//! All that is kept on one household, for handing it over; and taking its name away.
//!
//! A household is named in one row, its own: ledger, slices and figures have its number only, so that they stay as they
//! are when the name goes.

use super::people::Farmer;
use super::rows::{amount_list, amounts};
use super::{Session, StoreError, Work, bank_accounts, proposals, roll, slips};
use crate::domain::amounts::Amounts;
use crate::domain::calendar::{Day, Instant};
use sqlx::{AssertSqlSafe, FromRow, Row};

/// A ledger row of a household with the line it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldEntry {
    pub shop_key: String,
    pub line_no: String,
    pub listing: String,
    pub state: String,
    pub event_kind: String,
    pub event_on: Day,
    pub booked_on: Day,
    pub adjusts_on: Option<Day>,
    pub amounts: Amounts,
}

impl<'r, R> FromRow<'r, R> for HeldEntry
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'a> i64: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> String: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> Day: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> Option<Day>: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            shop_key: row.try_get(0)?,
            line_no: row.try_get(1)?,
            listing: row.try_get(2)?,
            state: row.try_get(3)?,
            event_kind: row.try_get(4)?,
            event_on: row.try_get(5)?,
            booked_on: row.try_get(6)?,
            adjusts_on: row.try_get(7)?,
            amounts: amounts(row, 8)?,
        })
    }
}

/// The household of a number.
pub async fn find(session: &mut Session, farmer_id: i64) -> Result<Option<Farmer>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select farmer_id, farmer_key, name, village_code from farmer where county_code = $1 and farmer_id = $2"
    ).bind(county).bind(farmer_id).fetch_optional(conn).await)?)
}

/// Every ledger row of a household, line by line in the order they were posted.
pub async fn list_entries(session: &mut Session, farmer_id: i64) -> Result<Vec<HeldEntry>, StoreError> {
    let county = session.county_text();
    let sql = format!(
        "select h.shop_key, l.line_no, coalesce(i.name, ''), s.state, e.event_kind, e.event_on, e.booked_on, e.adjusts_on, {}
         from line_slice s
         join ledger_entry e on e.county_code = s.county_code and e.line_id = s.line_id and e.slice_no = s.farmer_id
         join order_line l on l.county_code = s.county_code and l.line_id = s.line_id
         join shop h on h.county_code = s.county_code and h.shop_id = s.shop_id
         left join listing i on i.county_code = s.county_code and i.listing_id = s.listing_id
         where s.county_code = $1 and s.farmer_id = $2 order by s.line_id, e.entry_no",
        amount_list("e.")
    );
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(sql)).bind(county).bind(farmer_id).fetch_all(conn).await)?)
}

/// A share of a listing's supply.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct HeldShare {
    pub listing_key: String,
    pub valid_from: Day,
    pub valid_to: Option<Day>,
    pub share_bp: i64,
}

/// The household's shares, all versions.
pub async fn list_shares(session: &mut Session, farmer_id: i64) -> Result<Vec<HeldShare>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select i.listing_key, s.valid_from, s.valid_to, s.share_bp from listing_supply s
         join listing i on i.county_code = s.county_code and i.listing_id = s.listing_id
         where s.county_code = $1 and s.farmer_id = $2 order by s.version_id, s.listing_id"
    ).bind(county).bind(farmer_id).fetch_all(conn).await)?)
}

/// A weighing.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct HeldTicket {
    pub ticket_id: i64,
    pub intake_on: Day,
    pub weight_g: i64,
    pub agreed_fen_per_kg: i64,
    pub grade: String,
}

/// The household's weighings.
pub async fn list_tickets(session: &mut Session, farmer_id: i64) -> Result<Vec<HeldTicket>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select t.ticket_id, l.intake_on, t.weight_g, t.agreed_fen_per_kg, t.grade from lot_ticket t
         join lot l on l.county_code = t.county_code and l.lot_id = t.lot_id
         where t.county_code = $1 and t.farmer_id = $2 order by t.ticket_id"
    ).bind(county).bind(farmer_id).fetch_all(conn).await)?)
}

/// Somebody's look at a line of the household, or at its own page.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct HeldLook {
    pub at: Instant,
    pub role: String,
    /// Empty for its own page.
    pub line_no: String,
}

/// Looks at the household's lines and page.
pub async fn list_looks(session: &mut Session, farmer_id: i64) -> Result<Vec<HeldLook>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select k.at, k.role, coalesce(l.line_no, '') as line_no from look k
         left join line_slice s on s.county_code = k.county_code and s.line_id = k.line_id and s.farmer_id = $2
         left join order_line l on l.county_code = k.county_code and l.line_id = k.line_id
         where k.county_code = $1 and (k.farmer_id = $2 or s.farmer_id = $2) order by k.look_id"
    ).bind(county).bind(farmer_id).fetch_all(conn).await)?)
}

/// A way to sign in as the household, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct HeldAccess {
    pub kind: String,
    pub created_at: Instant,
    /// Absent for a slip that still stands.
    pub expires_at: Option<Instant>,
}

/// The household's links, sessions and slips.
pub async fn list_access(session: &mut Session, farmer_id: i64) -> Result<Vec<HeldAccess>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select 'link' as kind, created_at, expires_at from sign_in_link
         where county_code = $1 and role = 'farmer' and subject_id = $2
         union all
         select 'session' as kind, created_at, expires_at from session
         where county_code = $1 and role = 'farmer' and subject_id = $2
         union all
         select 'slip' as kind, issued_at, revoked_at from slip where county_code = $1 and farmer_id = $2
         order by 1, 2"
    ).bind(county).bind(farmer_id).fetch_all(conn).await)?)
}

/// Takes a household's name away, with what is kept of its phone and bank account and every way to sign in as it.
pub async fn anonymise(work: &mut Work, farmer_id: i64, name: &str) -> Result<(), StoreError> {
    let (county, at) = (work.county_text(), work.at);
    on!(work, conn => sqlx::query("update farmer set name = $3 where county_code = $1 and farmer_id = $2")
        .bind(&county).bind(farmer_id).bind(name).execute(conn).await.map(|_| ()))?;
    on!(work, conn => sqlx::query(
        "insert into farmer_anonymised (county_code, farmer_id, anonymised_at) values ($1, $2, $3)
         on conflict (county_code, farmer_id) do nothing"
    ).bind(&county).bind(farmer_id).bind(at).execute(conn).await.map(|_| ()))?;
    slips::revoke(work, farmer_id, at).await?;
    on!(work, conn => sqlx::query("delete from farmer_phone where county_code = $1 and farmer_id = $2")
        .bind(&county).bind(farmer_id).execute(conn).await.map(|_| ()))?;
    roll::remove_marks(work, &[farmer_id]).await?;
    bank_accounts::remove(work, farmer_id).await?;
    proposals::forget_words(work, farmer_id).await?;
    for table in ["sign_in_link", "session"] {
        on!(work, conn => sqlx::query(AssertSqlSafe(format!(
            "delete from {table} where county_code = $1 and role = 'farmer' and subject_id = $2"
        ))).bind(&county).bind(farmer_id).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// When a household's name was taken away.
pub async fn find_anonymised(session: &mut Session, farmer_id: i64) -> Result<Option<Instant>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select anonymised_at from farmer_anonymised where county_code = $1 and farmer_id = $2"
    ).bind(county).bind(farmer_id).fetch_optional(conn).await)?)
}

/// The households whose names were taken away, and when.
pub async fn list_anonymised(session: &mut Session) -> Result<Vec<(i64, Instant)>, StoreError> {
    let county = session.county_text();
    let mut rows: Vec<(i64, Instant)> = on!(session, conn => sqlx::query_as(
        "select farmer_id, anonymised_at from farmer_anonymised where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable();
    Ok(rows)
}
