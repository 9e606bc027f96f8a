//! Signing in to a class by scanning: the code of a class, who came by it, and an anchor's own classes.

use super::training::Lesson;
use super::{Session, StoreError, Work, scope};
use crate::domain::calendar::{Day, Instant};
use crate::domain::training::Attendance;
use sqlx::{AssertSqlSafe, FromRow};

/// What a class can be signed in to with.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Code {
    pub code: String,
    pub opened_at: Instant,
}

/// Somebody who signed in by scanning.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Scan {
    pub anchor_id: i64,
    pub scanned_at: Instant,
}

/// A class somebody is to be in, and how that stands.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Planned {
    #[sqlx(flatten)]
    pub lesson: Lesson,
    pub module_name: String,
    pub module_name_en: String,
    pub attendance: String,
    /// `None`: not by scanning.
    pub scanned_at: Option<Instant>,
    /// Its code, where it has one.
    pub code: Option<String>,
    pub opened_at: Option<Instant>,
}

impl Planned {
    /// Whether somebody is signed in to it, by scanning or by hand.
    pub fn is_present(&self) -> bool {
        self.attendance == Attendance::Present.key()
    }
}

const PLANNED: &str = "select l.lesson_id, l.class_no, l.module_id, l.held_on, l.class_hours, l.teacher, l.place,
        l.called_off_on, l.called_off_reason, m.name as module_name, m.name_en as module_name_en, s.attendance,
        n.scanned_at, c.code, c.opened_at
     from lesson l join lesson_seat s on s.county_code = l.county_code and s.lesson_id = l.lesson_id
     join training_module m on m.county_code = l.county_code and m.module_id = l.module_id
     left join lesson_scan n on n.county_code = s.county_code and n.lesson_id = s.lesson_id
        and n.anchor_id = s.anchor_id
     left join lesson_code c on c.county_code = l.county_code and c.lesson_id = l.lesson_id";

/// Gives a class a code in place of the one it had.
pub async fn upsert_code(work: &mut Work, lesson_id: i64, row: &Code) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "insert into lesson_code (county_code, lesson_id, code, opened_at) values ($1, $2, $3, $4)
         on conflict (county_code, lesson_id) do update set code = excluded.code, opened_at = excluded.opened_at"
    ).bind(county).bind(lesson_id).bind(row.code.as_str()).bind(row.opened_at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Takes a class's code away.
pub async fn remove_code(work: &mut Work, lesson_id: i64) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("delete from lesson_code where county_code = $1 and lesson_id = $2")
        .bind(county).bind(lesson_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

pub async fn find_code(session: &mut Session, lesson_id: i64) -> Result<Option<Code>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Code>(
        "select code, opened_at from lesson_code where county_code = $1 and lesson_id = $2"
    ).bind(county).bind(lesson_id).fetch_optional(conn).await)?)
}

/// Writes that somebody on a class's list signed in by scanning; the first time stays.
pub async fn insert(work: &mut Work, lesson_id: i64, row: &Scan) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "insert into lesson_scan (county_code, lesson_id, anchor_id, scanned_at) values ($1, $2, $3, $4)
         on conflict (county_code, lesson_id, anchor_id) do nothing"
    ).bind(county).bind(lesson_id).bind(row.anchor_id).bind(row.scanned_at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Who signed in to a class by scanning, the first first.
pub async fn list(session: &mut Session, lesson_id: i64) -> Result<Vec<Scan>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Scan>(
        "select anchor_id, scanned_at from lesson_scan where county_code = $1 and lesson_id = $2"
    ).bind(county).bind(lesson_id).fetch_all(conn).await)?;
    rows.sort_by_key(|s| (s.scanned_at, s.anchor_id));
    Ok(rows)
}

/// A class that an anchor in scope is on the list of.
pub async fn find_planned(
    session: &mut Session,
    lesson_id: i64,
    anchor_id: i64,
) -> Result<Option<Planned>, StoreError> {
    let own = scope::of_anchors(session)?.replace("anchor_id", "s.anchor_id");
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Planned>(AssertSqlSafe(format!(
        "{PLANNED} where l.county_code = $1 and l.lesson_id = $2 and s.anchor_id = $3{own}"
    ))).bind(county).bind(lesson_id).bind(anchor_id).fetch_optional(conn).await)?)
}

/// The next classes from a day on that an anchor in scope is on the list of, but for those called off.
pub async fn list_planned(
    session: &mut Session,
    anchor_id: i64,
    from: Day,
    most: i64,
) -> Result<Vec<Planned>, StoreError> {
    let own = scope::of_anchors(session)?.replace("anchor_id", "s.anchor_id");
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Planned>(AssertSqlSafe(format!(
        "{PLANNED} where l.county_code = $1 and s.anchor_id = $2 and l.held_on >= $3 and l.called_off_on is null{own}
         order by l.held_on, l.lesson_id limit $4"
    ))).bind(county).bind(anchor_id).bind(from).bind(most).fetch_all(conn).await)?)
}
