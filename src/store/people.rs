//! Households, rooms, anchors and their training.

use super::keys::keyed;
use super::packed::{Packed, Unpacked, packed, read_packed, read_packed_in};
use super::rows::region;
use super::{Session, StoreError, Work, scope};
use crate::domain::access::Scope;
use crate::domain::calendar::Day;
use crate::domain::regions::RegionCode;
use sqlx::{AssertSqlSafe, FromRow};

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Farmer {
    pub farmer_id: i64,
    pub farmer_key: String,
    pub name: String,
    pub village_code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CategoryRow {
    pub farmer_id: i64,
    pub version_id: i64,
    pub batch_id: i64,
    pub valid_from: Day,
    pub valid_to: Option<Day>,
    pub category: String,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Room {
    pub room_id: i64,
    pub room_key: String,
    pub name: String,
    pub village_code: String,
    pub opened_on: Day,
    pub closed_on: Option<Day>,
    pub equipment: String,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Anchor {
    pub anchor_id: i64,
    pub anchor_key: String,
    pub name: String,
}

/// A platform account of a room or an anchor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, FromRow)]
pub struct Account {
    /// Room or anchor.
    pub owner_id: i64,
    pub platform: String,
    pub author_no: String,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Stage {
    pub anchor_id: i64,
    pub from_on: Day,
    pub stage: String,
    pub evidence: String,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Module {
    pub module_id: i64,
    pub module_key: String,
    pub name: String,
    pub name_en: String,
    pub class_hours: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Training {
    pub anchor_id: i64,
    pub module_id: i64,
    pub attended_on: Day,
    pub class_hours: i64,
    pub passed_on: Option<Day>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Certificate {
    pub anchor_id: i64,
    pub certificate_no: String,
    pub kind: String,
    pub issued_on: Day,
    pub expires_on: Option<Day>,
}

keyed!(Farmer, Farmer, farmer_id, farmer_key, "farmer_id, farmer_key, name, village_code");
keyed!(Room, Room, room_id, room_key, "room_id, room_key, name, village_code, opened_on, closed_on, equipment");
keyed!(Anchor, Anchor, anchor_id, anchor_key, "anchor_id, anchor_key, name");
keyed!(Module, Module, module_id, module_key, "module_id, module_key, name, name_en, class_hours");

pub async fn upsert_farmers(session: &mut Session, rows: &[Farmer]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into farmer (county_code, farmer_id, farmer_key, name, village_code) ",
        rows,
        " on conflict (county_code, farmer_id) do update set name = excluded.name, village_code = excluded.village_code",
        |b, r| {
            b.push_bind(r.farmer_id)
                .push_bind(r.farmer_key.as_str())
                .push_bind(r.name.as_str())
                .push_bind(r.village_code.as_str());
        }
    );
    Ok(())
}

/// The households in scope.
pub async fn list_farmers(session: &mut Session) -> Result<Vec<Farmer>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::households(session.scope(), "f"));
    Ok(on!(session, conn => sqlx::query_as::<_, Farmer>(AssertSqlSafe(format!(
        "select f.farmer_id, f.farmer_key, f.name, f.village_code from farmer f where f.county_code = $1{in_scope}"
    ))).bind(county).fetch_all(conn).await)?)
}

/// A household's village.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Home {
    pub farmer_id: i64,
    pub village_code: RegionCode,
}

impl Packed for Home {
    fn columns() -> String {
        packed!("f.farmer_id", "f.village_code";).to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self { farmer_id: of.number()?, village_code: region(of.text()?)? })
    }
}

/// Where the county's households live.
pub async fn list_homes(session: &mut Session) -> Result<Vec<Home>, StoreError> {
    session.hold_to_county()?;
    read_packed!(session, Home, "from farmer f where f.county_code = $1")
}

pub async fn insert_categories(work: &mut Work, rows: &[CategoryRow]) -> Result<(), StoreError> {
    let batch_id = work.batch_id;
    insert_rows!(
        work,
        "insert into farmer_category (county_code, farmer_id, version_id, batch_id, valid_from, valid_to, category) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.farmer_id)
                .push_bind(r.version_id)
                .push_bind(batch_id)
                .push_bind(r.valid_from)
                .push_bind(r.valid_to)
                .push_bind(r.category.as_str());
        }
    );
    Ok(())
}

impl Packed for CategoryRow {
    fn columns() -> String {
        packed!("c.farmer_id", "c.version_id", "c.batch_id", "c.valid_from", "c.category"; "c.valid_to").to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            farmer_id: of.number()?,
            version_id: of.number()?,
            batch_id: of.number()?,
            valid_from: of.day()?,
            category: of.text()?.to_owned(),
            valid_to: of.optional_day()?,
        })
    }
}

pub async fn list_categories(session: &mut Session) -> Result<Vec<CategoryRow>, StoreError> {
    session.hold_to_county()?;
    read_packed!(session, CategoryRow, "from farmer_category c where c.county_code = $1")
}

/// All versions of the categories of some households.
pub async fn list_categories_of(session: &mut Session, farmer_ids: &[i64]) -> Result<Vec<CategoryRow>, StoreError> {
    session.hold_to_county()?;
    Ok(read_packed_in!(session, CategoryRow, "farmer_category c", "c", [], "farmer_id", farmer_ids))
}

pub async fn upsert_rooms(session: &mut Session, rows: &[Room]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into room (county_code, room_id, room_key, name, village_code, opened_on, closed_on, equipment) ",
        rows,
        " on conflict (county_code, room_id) do update set name = excluded.name, village_code = excluded.village_code,
          opened_on = excluded.opened_on, closed_on = excluded.closed_on, equipment = excluded.equipment",
        |b, r| {
            b.push_bind(r.room_id)
                .push_bind(r.room_key.as_str())
                .push_bind(r.name.as_str())
                .push_bind(r.village_code.as_str())
                .push_bind(r.opened_on)
                .push_bind(r.closed_on)
                .push_bind(r.equipment.as_str());
        }
    );
    Ok(())
}

pub async fn list_rooms(session: &mut Session) -> Result<Vec<Room>, StoreError> {
    session.hold_to_region()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Room>(
        "select room_id, room_key, name, village_code, opened_on, closed_on, equipment from room where county_code = $1"
    ).bind(county).fetch_all(conn).await)?)
}

pub async fn insert_room_accounts(session: &mut Session, rows: &[Account]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into room_account (county_code, room_id, platform, author_no) ",
        rows,
        " on conflict do nothing",
        |b, r| {
            b.push_bind(r.owner_id).push_bind(r.platform.as_str()).push_bind(r.author_no.as_str());
        }
    );
    Ok(())
}

pub async fn list_room_accounts(session: &mut Session) -> Result<Vec<Account>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Account>(
        "select room_id as owner_id, platform, author_no from room_account where county_code = $1"
    ).bind(county).fetch_all(conn).await)?)
}

pub async fn upsert_anchors(session: &mut Session, rows: &[Anchor]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into anchor (county_code, anchor_id, anchor_key, name) ",
        rows,
        " on conflict (county_code, anchor_id) do update set name = excluded.name",
        |b, r| {
            b.push_bind(r.anchor_id).push_bind(r.anchor_key.as_str()).push_bind(r.name.as_str());
        }
    );
    Ok(())
}

/// The anchors in scope: an anchor knows itself here, an official everybody who stands in front of the camera.
pub async fn list_anchors(session: &mut Session) -> Result<Vec<Anchor>, StoreError> {
    let own = match session.scope() {
        Scope::Anchor { anchor_id, .. } => format!(" and anchor_id = {anchor_id}"),
        _ => session.hold_to_region().map(|()| String::new())?,
    };
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Anchor>(AssertSqlSafe(format!(
        "select anchor_id, anchor_key, name from anchor where county_code = $1{own}"
    ))).bind(county).fetch_all(conn).await)?)
}

pub async fn insert_anchor_accounts(session: &mut Session, rows: &[Account]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into anchor_account (county_code, anchor_id, platform, author_no) ",
        rows,
        " on conflict do nothing",
        |b, r| {
            b.push_bind(r.owner_id).push_bind(r.platform.as_str()).push_bind(r.author_no.as_str());
        }
    );
    Ok(())
}

pub async fn list_anchor_accounts(session: &mut Session) -> Result<Vec<Account>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Account>(
        "select anchor_id as owner_id, platform, author_no from anchor_account where county_code = $1"
    ).bind(county).fetch_all(conn).await)?)
}

pub async fn upsert_stages(session: &mut Session, rows: &[Stage]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into anchor_stage (county_code, anchor_id, from_on, stage, evidence) ",
        rows,
        " on conflict (county_code, anchor_id, from_on) do update set stage = excluded.stage, evidence = excluded.evidence",
        |b, r| {
            b.push_bind(r.anchor_id).push_bind(r.from_on).push_bind(r.stage.as_str()).push_bind(r.evidence.as_str());
        }
    );
    Ok(())
}

/// All stages, by anchor and day.
pub async fn list_stages(session: &mut Session) -> Result<Vec<Stage>, StoreError> {
    let own = scope::of_anchors(session)?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Stage>(AssertSqlSafe(format!(
        "select anchor_id, from_on, stage, evidence from anchor_stage where county_code = $1{own}"
    ))).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|r| (r.anchor_id, r.from_on));
    Ok(rows)
}

pub async fn upsert_modules(session: &mut Session, rows: &[Module]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into training_module (county_code, module_id, module_key, name, name_en, class_hours) ",
        rows,
        " on conflict (county_code, module_id) do update set name = excluded.name, name_en = excluded.name_en,
          class_hours = excluded.class_hours",
        |b, r| {
            b.push_bind(r.module_id)
                .push_bind(r.module_key.as_str())
                .push_bind(r.name.as_str())
                .push_bind(r.name_en.as_str())
                .push_bind(r.class_hours);
        }
    );
    Ok(())
}

/// All modules, in the order they were set up.
pub async fn list_modules(session: &mut Session) -> Result<Vec<Module>, StoreError> {
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Module>(
        "select module_id, module_key, name, name_en, class_hours from training_module where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|r| r.module_id);
    Ok(rows)
}

pub async fn upsert_training(session: &mut Session, rows: &[Training]) -> Result<(), StoreError> {
    insert_rows!(session,
        "insert into training_record (county_code, anchor_id, module_id, attended_on, class_hours, passed_on) ", rows,
        " on conflict (county_code, anchor_id, module_id, attended_on) do update set class_hours = excluded.class_hours,
          passed_on = excluded.passed_on", |b, r| {
            b.push_bind(r.anchor_id).push_bind(r.module_id).push_bind(r.attended_on)
                .push_bind(r.class_hours).push_bind(r.passed_on);
        });
    Ok(())
}

pub async fn list_training(session: &mut Session) -> Result<Vec<Training>, StoreError> {
    let own = scope::of_anchors(session)?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Training>(AssertSqlSafe(format!(
        "select anchor_id, module_id, attended_on, class_hours, passed_on from training_record where county_code = $1{own}"
    ))).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|r| (r.anchor_id, r.module_id, r.attended_on));
    Ok(rows)
}

pub async fn upsert_certificates(session: &mut Session, rows: &[Certificate]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into certificate (county_code, anchor_id, certificate_no, kind, issued_on, expires_on) ",
        rows,
        " on conflict (county_code, anchor_id, certificate_no) do update set kind = excluded.kind,
          issued_on = excluded.issued_on, expires_on = excluded.expires_on",
        |b, r| {
            b.push_bind(r.anchor_id)
                .push_bind(r.certificate_no.as_str())
                .push_bind(r.kind.as_str())
                .push_bind(r.issued_on)
                .push_bind(r.expires_on);
        }
    );
    Ok(())
}

pub async fn list_certificates(session: &mut Session) -> Result<Vec<Certificate>, StoreError> {
    let own = scope::of_anchors(session)?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Certificate>(AssertSqlSafe(format!(
        "select anchor_id, certificate_no, kind, issued_on, expires_on from certificate where county_code = $1{own}"
    ))).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|r| (r.anchor_id, r.issued_on));
    Ok(rows)
}
