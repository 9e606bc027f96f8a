//! Households' slips, the devices they let in, the digits they ask for, and who agreed to be read by the village contact.
//!
//! A slip is found by the hash of its code before a scope can be named; everything else is asked by the branch of the
//! whole county. A slip that was revoked, or took five wrong digits, lets no new device in.

use super::{Session, Store, StoreError};
use crate::domain::calendar::Instant;
use crate::domain::guessing::SLIP_GUESSES;
use crate::domain::regions::RegionCode;
use sqlx::FromRow;

/// A slip as it is used.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Slip {
    pub county_code: String,
    pub slip_id: i64,
    pub farmer_id: i64,
    pub farmer_name: String,
    pub wrong_digits: i64,
    /// Of the household's phone; `None`: no phone is known, so no device can be let in.
    pub last4_hash: Option<String>,
}

/// A slip that still stands, blocked or not; asked before a scope can be named.
pub async fn find(store: &Store, token_hash: &str) -> Result<Option<Slip>, StoreError> {
    const SQL: &str =
        "select s.county_code, s.slip_id, s.farmer_id, f.name as farmer_name, s.wrong_digits, p.last4_hash
        from slip s join farmer f on f.county_code = s.county_code and f.farmer_id = s.farmer_id
        left join farmer_phone p on p.county_code = s.county_code and p.farmer_id = s.farmer_id
        where s.token_hash = $1 and s.revoked_at is null";
    Ok(door!(read store, pool => sqlx::query_as::<_, Slip>(SQL).bind(token_hash).fetch_optional(pool).await)?)
}

/// Takes one of a slip's guesses before the digits are looked at, so that guesses made at once are all counted; `None`
/// when none is left.
pub async fn take_guess(store: &Store, county: RegionCode, slip_id: i64) -> Result<Option<i64>, StoreError> {
    const SQL: &str = "update slip set wrong_digits = wrong_digits + 1
        where county_code = $1 and slip_id = $2 and revoked_at is null and wrong_digits < $3 returning wrong_digits";
    Ok(door!(write store, pool => sqlx::query_scalar(SQL).bind(county.to_string()).bind(slip_id).bind(SLIP_GUESSES)
        .fetch_optional(pool).await)?)
}

/// Forgets a slip's guesses: the last one was right.
pub async fn clear_guesses(session: &mut Session, slip_id: i64) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query("update slip set wrong_digits = 0 where county_code = $1 and slip_id = $2")
        .bind(county).bind(slip_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A slip to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSlip {
    pub slip_id: i64,
    pub farmer_id: i64,
    pub token_hash: String,
}

/// Issues slips; older ones of the same households are revoked.
pub async fn insert(
    session: &mut Session,
    slips: &[NewSlip],
    issued_by: &str,
    issued_at: Instant,
) -> Result<(), StoreError> {
    session.hold_to_county()?;
    for slip in slips {
        revoke(session, slip.farmer_id, issued_at).await?;
    }
    insert_rows!(
        session,
        "insert into slip (county_code, slip_id, farmer_id, token_hash, issued_at, issued_by, wrong_digits) ",
        slips,
        "",
        |b, r| {
            b.push_bind(r.slip_id)
                .push_bind(r.farmer_id)
                .push_bind(r.token_hash.as_str())
                .push_bind(issued_at)
                .push_bind(issued_by)
                .push_bind(0_i64);
        }
    );
    Ok(())
}

/// Revokes what slips a household has; devices they let in are out at their next request.
pub async fn revoke(session: &mut Session, farmer_id: i64, at: Instant) -> Result<(), StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "update slip set revoked_at = $3 where county_code = $1 and farmer_id = $2 and revoked_at is null"
    ).bind(county).bind(farmer_id).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A household with the slip it has, for the branch's list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Household {
    pub farmer_id: i64,
    pub farmer_key: String,
    pub name: String,
    pub village_code: String,
    /// A phone is known, so a slip can be used.
    pub has_phone: bool,
    pub issued_at: Option<Instant>,
    pub wrong_digits: i64,
    /// Devices the slip has let in.
    pub devices: i64,
}

/// The households of a region with their slips, by village and key.
pub async fn list_households(session: &mut Session, region: RegionCode) -> Result<Vec<Household>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let (from, to) = region.text_range();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Household>(
        "select f.farmer_id, f.farmer_key, f.name, f.village_code, p.farmer_id is not null as has_phone, s.issued_at,
            coalesce(s.wrong_digits, 0) as wrong_digits, coalesce(d.devices, 0) as devices
         from farmer f
         left join farmer_phone p on p.county_code = f.county_code and p.farmer_id = f.farmer_id
         left join slip s on s.county_code = f.county_code and s.farmer_id = f.farmer_id and s.revoked_at is null
         left join (select slip_id, count(*) as devices from session_slip where county_code = $1 group by slip_id) d
            on d.slip_id = s.slip_id
         where f.county_code = $1 and f.village_code >= $2 and f.village_code < $3
            and (s.slip_id is not null or not exists (select 1 from farmer_double n where n.county_code = f.county_code
                and n.double_id = f.farmer_id and n.parted_batch_id = 0))"
    ).bind(county).bind(from).bind(to).fetch_all(conn).await)?;
    rows.sort_by(|a, b| (&a.village_code, &a.farmer_key).cmp(&(&b.village_code, &b.farmer_key)));
    Ok(rows)
}

/// Adds a slip to a device.
pub async fn insert_device(session: &mut Session, session_id: &str, slip_id: i64) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "insert into session_slip (county_code, session_id, slip_id) values ($1, $2, $3) on conflict do nothing"
    ).bind(county).bind(session_id).bind(slip_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A household a device may read.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OnDevice {
    pub county_code: String,
    pub slip_id: i64,
    pub farmer_id: i64,
    pub name: String,
    pub village_code: String,
}

/// The households a device may read; the device's own, asked before one is chosen.
pub async fn list_on_device(store: &Store, session_id: &str) -> Result<Vec<OnDevice>, StoreError> {
    const SQL: &str = "select d.county_code, d.slip_id, f.farmer_id, f.name, f.village_code from session_slip d
        join slip s on s.county_code = d.county_code and s.slip_id = d.slip_id and s.revoked_at is null
        join farmer f on f.county_code = s.county_code and f.farmer_id = s.farmer_id
        where d.session_id = $1";
    let mut rows =
        door!(read store, pool => sqlx::query_as::<_, OnDevice>(SQL).bind(session_id).fetch_all(pool).await)?;
    rows.sort_by(|a, b| (&a.county_code, a.farmer_id).cmp(&(&b.county_code, b.farmer_id)));
    Ok(rows)
}

/// Takes a household off a device.
pub async fn remove_device(session: &mut Session, session_id: &str, slip_id: i64) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "delete from session_slip where county_code = $1 and session_id = $2 and slip_id = $3"
    ).bind(county).bind(session_id).bind(slip_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Hashes of the last four digits of phones: (farmer, hash).
pub async fn list_phones(session: &mut Session) -> Result<Vec<(i64, String)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<(i64, String)> = on!(session, conn => sqlx::query_as(
        "select farmer_id, last4_hash from farmer_phone where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable();
    Ok(rows)
}

/// Sets the hashes of the last four digits of phones: (farmer, hash).
pub async fn upsert_phones(session: &mut Session, rows: &[(i64, String)]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into farmer_phone (county_code, farmer_id, last4_hash) ",
        rows,
        " on conflict (county_code, farmer_id) do update set last4_hash = excluded.last4_hash",
        |b, r| {
            b.push_bind(r.0).push_bind(r.1.as_str());
        }
    );
    Ok(())
}
