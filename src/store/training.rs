//! The curriculum and its classes: modules as they are taught, lessons with their seats, assessments, dated rules; and
//! what is known of a person beside the name.
//!
//! Hours and passes themselves are `store::people`'s training records; lessons and assessments say how they came about.

use super::bulk::{Bulk, listed};
use super::rows::known;
use super::{Session, StoreError, Work, scope};
use crate::domain::access::Scope;
use crate::domain::calendar::Day;
use crate::domain::ladder::Rule;
use crate::domain::training::{AssessedBy, Purpose};
use sqlx::{AssertSqlSafe, FromRow};

/// What is known of an anchor for its training.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Profile {
    pub anchor_id: i64,
    pub born_on: Option<Day>,
    pub guardian_consent_on: Option<Day>,
    pub identity_checked_on: Option<Day>,
    pub skills: String,
    /// 0: nobody.
    pub mentor_id: i64,
}

/// The profiles in scope.
pub async fn list_profiles(session: &mut Session) -> Result<Vec<Profile>, StoreError> {
    let own = scope::of_anchors(session)?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Profile>(AssertSqlSafe(format!(
        "select anchor_id, born_on, guardian_consent_on, identity_checked_on, skills, mentor_id from anchor
         where county_code = $1{own}"
    ))).bind(county).fetch_all(conn).await)?)
}

/// Writes a profile over the one there is.
pub async fn update_profiles(work: &mut Work, rows: &[Profile]) -> Result<(), StoreError> {
    let head =
        "update anchor set born_on = v.column3, guardian_consent_on = v.column4, identity_checked_on = v.column5,
        skills = v.column6, mentor_id = v.column7 from (";
    let tail = ") as v where anchor.county_code = v.column1 and anchor.anchor_id = v.column2";
    insert_rows!(work, head, rows, tail, |b, r| {
        b.push_bind(r.anchor_id)
            .push_bind(r.born_on)
            .push_bind(r.guardian_consent_on)
            .push_bind(r.identity_checked_on)
            .push_bind(r.skills.as_str())
            .push_bind(r.mentor_id);
    });
    Ok(())
}

/// How a module is assessed and what the gate asks it for.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Teaching {
    pub module_id: i64,
    pub purpose: String,
    pub assessed_by: String,
}

impl Teaching {
    /// What the gate asks it for.
    pub fn purpose(&self) -> Result<Purpose, StoreError> {
        known(&self.purpose, Purpose::parse)
    }

    /// How it is assessed.
    pub fn assessed_by(&self) -> Result<AssessedBy, StoreError> {
        known(&self.assessed_by, AssessedBy::parse)
    }
}

pub async fn list_teaching(session: &mut Session) -> Result<Vec<Teaching>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Teaching>(
        "select module_id, purpose, assessed_by from training_module where county_code = $1"
    ).bind(county).fetch_all(conn).await)?)
}

pub async fn update_teaching(work: &mut Work, row: &Teaching) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "update training_module set purpose = $3, assessed_by = $4 where county_code = $1 and module_id = $2"
    ).bind(county).bind(row.module_id).bind(row.purpose.as_str()).bind(row.assessed_by.as_str())
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A planned class.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Lesson {
    pub lesson_id: i64,
    pub class_no: String,
    pub module_id: i64,
    pub held_on: Day,
    pub class_hours: i64,
    pub teacher: String,
    pub place: String,
    /// It does not take place: since when, and why; '' while it does.
    pub called_off_on: Option<Day>,
    pub called_off_reason: String,
}

/// Who was to be in a class, and was.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Seat {
    pub lesson_id: i64,
    pub anchor_id: i64,
    pub attendance: String,
}

/// A class somebody was to be in.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Sat {
    pub anchor_id: i64,
    pub held_on: Day,
    pub attendance: String,
}

pub async fn insert_lessons(work: &mut Work, rows: &[Lesson]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into lesson (county_code, lesson_id, class_no, module_id, held_on, class_hours, teacher, place) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.lesson_id)
                .push_bind(r.class_no.as_str())
                .push_bind(r.module_id)
                .push_bind(r.held_on)
                .push_bind(r.class_hours)
                .push_bind(r.teacher.as_str())
                .push_bind(r.place.as_str());
        }
    );
    Ok(())
}

pub async fn upsert_seats(work: &mut Work, rows: &[Seat]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into lesson_seat (county_code, lesson_id, anchor_id, attendance) ",
        rows,
        " on conflict (county_code, lesson_id, anchor_id) do update set attendance = excluded.attendance",
        |b, r| {
            b.push_bind(r.lesson_id).push_bind(r.anchor_id).push_bind(r.attendance.as_str());
        }
    );
    Ok(())
}

const LESSON: &str = "lesson_id, class_no, module_id, held_on, class_hours, teacher, place, called_off_on,
    called_off_reason";

/// Writes a class over; its seats stay.
pub async fn update_lesson(work: &mut Work, row: &Lesson) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "update lesson set class_no = $3, held_on = $4, class_hours = $5, teacher = $6, place = $7, called_off_on = $8,
            called_off_reason = $9
         where county_code = $1 and lesson_id = $2"
    ).bind(county).bind(row.lesson_id).bind(row.class_no.as_str()).bind(row.held_on).bind(row.class_hours)
        .bind(row.teacher.as_str()).bind(row.place.as_str()).bind(row.called_off_on)
        .bind(row.called_off_reason.as_str()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

pub async fn find_lesson(session: &mut Session, lesson_id: i64) -> Result<Option<Lesson>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Lesson>(AssertSqlSafe(format!(
        "select {LESSON} from lesson where county_code = $1 and lesson_id = $2"
    ))).bind(county).bind(lesson_id).fetch_optional(conn).await)?)
}

/// Classes held in a span, the last first.
pub async fn list_lessons(session: &mut Session, from: Day, to: Day) -> Result<Vec<Lesson>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Lesson>(AssertSqlSafe(format!(
        "select {LESSON} from lesson where county_code = $1 and held_on >= $2 and held_on <= $3"
    ))).bind(county).bind(from).bind(to).fetch_all(conn).await)?;
    rows.sort_by_key(|l| std::cmp::Reverse((l.held_on, l.lesson_id)));
    Ok(rows)
}

/// The classes that are over and whose sign-in nobody has typed in, the oldest first.
pub async fn list_unsigned(session: &mut Session, until: Day) -> Result<Vec<Lesson>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Lesson>(AssertSqlSafe(format!(
        "select {LESSON} from lesson l where l.county_code = $1 and l.held_on <= $2 and l.called_off_on is null and exists (select 1 from lesson_seat s
           where s.county_code = l.county_code and s.lesson_id = l.lesson_id and s.attendance = 'planned')"
    ))).bind(county).bind(until).fetch_all(conn).await)?;
    rows.sort_by_key(|l| (l.held_on, l.lesson_id));
    Ok(rows)
}

/// The seats of a class, by person.
pub async fn list_seats(session: &mut Session, lesson_id: i64) -> Result<Vec<Seat>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Seat>(
        "select lesson_id, anchor_id, attendance from lesson_seat where county_code = $1 and lesson_id = $2"
    ).bind(county).bind(lesson_id).fetch_all(conn).await)?;
    rows.sort_by_key(|s| s.anchor_id);
    Ok(rows)
}

/// Seats of the classes up to a day, each with its class, the last class first.
pub async fn list_taken_seats(
    session: &mut Session,
    (from, until): (Day, Day),
    module_id: i64,
    most: i64,
) -> Result<Vec<(Lesson, Seat)>, StoreError> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        lesson: Lesson,
        anchor_id: i64,
        attendance: String,
    }
    session.hold_to_county()?;
    let county = session.county_text();
    let rows: Vec<Row> = on!(session, conn => sqlx::query_as(
        "select l.lesson_id, l.class_no, l.module_id, l.held_on, l.class_hours, l.teacher, l.place,
            l.called_off_on, l.called_off_reason, s.anchor_id, s.attendance
         from lesson l join lesson_seat s on s.county_code = l.county_code and s.lesson_id = l.lesson_id
         where l.county_code = $1 and l.held_on >= $2 and l.held_on <= $3 and l.called_off_on is null
            and ($4 = 0 or l.module_id = $4)
         order by l.held_on desc, l.lesson_id desc, s.anchor_id limit $5"
    ).bind(county).bind(from).bind(until).bind(module_id).bind(most).fetch_all(conn).await)?;
    let seat = |row: Row| {
        let Row { lesson, anchor_id, attendance } = row;
        let seat = Seat { lesson_id: lesson.lesson_id, anchor_id, attendance };
        (lesson, seat)
    };
    Ok(rows.into_iter().map(seat).collect())
}

/// Everybody's classes up to a day, in order of their days.
pub async fn list_sat(session: &mut Session, until: Day) -> Result<Vec<Sat>, StoreError> {
    let own = scope::of_anchors(session)?.replace("anchor_id", "s.anchor_id");
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Sat>(AssertSqlSafe(format!(
        "select s.anchor_id, l.held_on, s.attendance from lesson l
         join lesson_seat s on s.county_code = l.county_code and s.lesson_id = l.lesson_id
         where l.county_code = $1 and l.held_on <= $2 and l.called_off_on is null{own}"
    ))).bind(county).bind(until).fetch_all(conn).await)?;
    rows.sort_by_key(|s| (s.anchor_id, s.held_on));
    Ok(rows)
}

/// Class hours that people were present for in a module on a day, in classes that were not called off; of whom nothing is
/// typed in yet, nothing is said.
pub async fn sum_present(session: &mut Session, module_id: i64, held_on: Day) -> Result<Vec<(i64, i64)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, (i64, i64)>(
        "select s.anchor_id, cast(sum(case when s.attendance = 'present' then l.class_hours else 0 end) as bigint)
         from lesson l join lesson_seat s on s.county_code = l.county_code and s.lesson_id = l.lesson_id
         where l.county_code = $1 and l.module_id = $2 and l.held_on = $3 and l.called_off_on is null group by s.anchor_id
         having sum(case when s.attendance <> 'planned' then 1 else 0 end) > 0"
    ).bind(county).bind(module_id).bind(held_on).fetch_all(conn).await)?)
}

/// Takes a training record away that says neither hours nor a pass any more.
pub async fn remove_empty_records(work: &mut Work, module_id: i64, on_day: Day) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "delete from training_record where county_code = $1 and module_id = $2 and attended_on = $3
         and class_hours = 0 and passed_on is null"
    ).bind(county).bind(module_id).bind(on_day).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A quiz or a practical assessment.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Assessment {
    pub assessment_id: i64,
    pub anchor_id: i64,
    pub module_id: i64,
    pub kind: String,
    pub taken_on: Day,
    pub score: i64,
    pub pass_score: i64,
    pub assessor: String,
}

impl Assessment {
    pub const fn is_passed(&self) -> bool {
        self.score >= self.pass_score
    }
}

pub async fn insert_assessments(work: &mut Work, rows: &[Assessment]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into assessment (county_code, assessment_id, anchor_id, module_id, kind, taken_on, score, pass_score,
         assessor) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.assessment_id)
                .push_bind(r.anchor_id)
                .push_bind(r.module_id)
                .push_bind(r.kind.as_str())
                .push_bind(r.taken_on)
                .push_bind(r.score)
                .push_bind(r.pass_score)
                .push_bind(r.assessor.as_str());
        }
    );
    Ok(())
}

/// Assessments of people in scope, the last first.
pub async fn list_assessments(session: &mut Session, anchor_ids: &[i64]) -> Result<Vec<Assessment>, StoreError> {
    let own = scope::of_anchors(session)?;
    let county = session.county_text();
    let mut rows: Vec<Assessment> = Vec::new();
    for chunk in listed(anchor_ids) {
        rows.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(
                "select assessment_id, anchor_id, module_id, kind, taken_on, score, pass_score, assessor from assessment
                 where county_code = "
            );
            builder.push_bind(county.clone()).push(&own).push(" and anchor_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<Assessment>().fetch_all(conn).await
        })?);
    }
    rows.sort_by_key(|a| std::cmp::Reverse((a.taken_on, a.assessment_id)));
    Ok(rows)
}

/// The newest assessments of everybody, the last first.
pub async fn list_latest_assessments(session: &mut Session, most: i64) -> Result<Vec<Assessment>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select assessment_id, anchor_id, module_id, kind, taken_on, score, pass_score, assessor from assessment
         where county_code = $1 order by taken_on desc, assessment_id desc limit $2"
    ).bind(county).bind(most).fetch_all(conn).await)?)
}

/// Mean score of each person in a span, as sum and count.
pub async fn sum_scores(session: &mut Session, from: Day, to: Day) -> Result<Vec<(i64, i64, i64)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, (i64, i64, i64)>(
        "select anchor_id, cast(sum(score) as bigint), count(*) from assessment
         where county_code = $1 and taken_on >= $2 and taken_on <= $3 group by anchor_id"
    ).bind(county).bind(from).bind(to).fetch_all(conn).await)?)
}

#[derive(FromRow)]
struct RuleRow {
    level_5_hours: i64,
    level_4_hours: i64,
    level_3_hours: i64,
    level_2_hours: i64,
    level_1_hours: i64,
    supervised_streams: i64,
    certificate_months: i64,
    retrain_hours: i64,
}

/// What holds on a day: the newest entered of those that have begun, else the standard.
pub async fn rule_on(session: &mut Session, on_day: Day) -> Result<Rule, StoreError> {
    let county = session.county_text();
    let row: Option<RuleRow> = on!(session, conn => sqlx::query_as(
        "select level_5_hours, level_4_hours, level_3_hours, level_2_hours, level_1_hours, supervised_streams,
         certificate_months, retrain_hours from training_rule where county_code = $1 and valid_from <= $2
         order by valid_from desc, rule_id desc limit 1"
    ).bind(county).bind(on_day).fetch_optional(conn).await)?;
    Ok(row.map_or(Rule::STANDARD, |r| Rule {
        reference_hours: [r.level_5_hours, r.level_4_hours, r.level_3_hours, r.level_2_hours, r.level_1_hours],
        supervised_streams: r.supervised_streams,
        certificate_months: r.certificate_months,
        retrain_hours: r.retrain_hours,
    }))
}

pub async fn insert_rule(work: &mut Work, rule_id: i64, valid_from: Day, rule: &Rule) -> Result<(), StoreError> {
    let (county, by) = (work.county_text(), work.actor.name.clone());
    let hours = rule.reference_hours;
    on!(work, conn => sqlx::query(
        "insert into training_rule (county_code, rule_id, valid_from, level_5_hours, level_4_hours, level_3_hours,
         level_2_hours, level_1_hours, supervised_streams, certificate_months, retrain_hours, entered_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    ).bind(county).bind(rule_id).bind(valid_from).bind(hours[0]).bind(hours[1]).bind(hours[2]).bind(hours[3])
        .bind(hours[4]).bind(rule.supervised_streams).bind(rule.certificate_months).bind(rule.retrain_hours).bind(by)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// How often people sat in classes and how many people they were, in a span (培训人次, 培训人数).
pub async fn count_trained(session: &mut Session, from: Day, to: Day) -> Result<(i64, i64), StoreError> {
    if !matches!(session.scope(), Scope::County(_) | Scope::Region(_)) {
        return Err(StoreError::OutOfScope);
    }
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, (i64, i64)>(
        "select count(*), count(distinct anchor_id) from training_record
         where county_code = $1 and attended_on >= $2 and attended_on <= $3 and class_hours > 0"
    ).bind(county).bind(from).bind(to).fetch_one(conn).await)?)
}
