//! The curriculum: modules and their dated rules, planned classes, sign-in typed in from paper, assessments.
//!
//! Rules that must hold: hours and passes are training records and nothing else: a sign-in writes the hours of the
//! people who were there over that module and day, an assessment that is passed writes the day the module was passed;
//! the same sign-in typed again changes nothing; a class is signed in once its day has come; nobody types a presence or
//! an assessment of their own; a module that both kinds assess is passed on the later of their first passed days,
//! whichever is typed first.

use super::desk::Desk;
use super::own;
use super::typed::{LONGEST_NAME, LONGEST_TEXT, text};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Day;
use crate::domain::ladder::Rule;
use crate::domain::problem::{Mistake, Problem, Teaching};
use crate::domain::training::{AssessedBy, Attendance, Purpose};
use crate::store::people::{self, Module, Training};
use crate::store::training::{self, Assessment, Lesson, Seat};
use crate::store::{Work, keys, take_ids};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Class hours of the longest class and module.
pub const MOST_HOURS: i64 = 500;

/// A module as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedModule {
    pub name: String,
    /// '' where there is none.
    pub name_en: String,
    pub class_hours: i64,
    pub purpose: Purpose,
    pub assessed_by: AssessedBy,
}

/// Adds a module or changes one. False where there is no such module.
pub async fn save_module(desk: &Desk<'_>, module_id: Option<i64>, typed: &TypedModule) -> anyhow::Result<bool> {
    let name = text(&typed.name, LONGEST_NAME)?;
    let mut work = desk.work("save module").await?;
    let known = people::list_modules(&mut work).await?;
    let before = module_id.and_then(|id| known.iter().find(|m| m.module_id == id).cloned());
    let (module_id, module_key, verb) = match (module_id, &before) {
        (Some(_), None) => return Ok(false),
        (Some(id), Some(before)) => (id, before.module_key.clone(), Verb::Change),
        (None, _) => {
            let id = take_ids(&mut work, keys::Noun::Module.word(), 1).await?;
            (id, format!("m{id}"), Verb::Add)
        }
    };
    if known.iter().any(|m| m.module_key == module_key && m.module_id != module_id) {
        return Err(Problem::from(Teaching::NumberTaken { number: module_key }).into());
    }
    let name_en = typed.name_en.trim().to_owned();
    let module = Module { module_id, module_key, name, name_en, class_hours: typed.class_hours };
    people::upsert_modules(&mut work, std::slice::from_ref(&module)).await?;
    let teaching = training::Teaching {
        module_id,
        purpose: typed.purpose.key().to_owned(),
        assessed_by: typed.assessed_by.key().to_owned(),
    };
    training::update_teaching(&mut work, &teaching).await?;
    let mut change = Change::new(verb, Noun::Curriculum, module.module_key).after(Field::Title, module.name);
    if let Some(before) = before {
        change = change.before(Field::ClassHours, before.class_hours);
    }
    work.commit(&change.after(Field::ClassHours, module.class_hours)).await?;
    Ok(true)
}

/// Enters what the ladder asks for from a day on.
pub async fn set_rule(desk: &Desk<'_>, valid_from: Day, rule: &Rule) -> anyhow::Result<()> {
    let mut work = desk.work("set training rule").await?;
    let rule_id = take_ids(&mut work, "training_rule", 1).await?;
    training::insert_rule(&mut work, rule_id, valid_from, rule).await?;
    let change = Change::new(Verb::Add, Noun::Curriculum, rule_id.to_string())
        .after(Field::From, valid_from)
        .after(Field::ClassHours, rule.first_level_hours());
    work.commit(&change).await?;
    Ok(())
}

/// A class to be held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLesson {
    pub class_no: String,
    pub module_id: i64,
    pub held_on: Day,
    pub class_hours: i64,
    pub teacher: String,
    pub place: String,
    pub planned: Vec<i64>,
}

/// Plans classes, each with whoever is to be there; returns the number of the first.
pub async fn plan(desk: &Desk<'_>, lessons: &[NewLesson]) -> anyhow::Result<i64> {
    let mut work = desk.work("plan classes").await?;
    let modules: FxHashSet<i64> = people::list_modules(&mut work).await?.into_iter().map(|m| m.module_id).collect();
    let anchors: FxHashSet<i64> = people::list_anchors(&mut work).await?.into_iter().map(|a| a.anchor_id).collect();
    let first = take_ids(&mut work, "lesson", lessons.len()).await?;
    let (mut rows, mut seats) = (Vec::new(), Vec::new());
    for (lesson, lesson_id) in lessons.iter().zip(first..) {
        let planned: FxHashSet<i64> = lesson.planned.iter().copied().filter(|id| anchors.contains(id)).collect();
        if planned.is_empty() {
            return Err(Problem::from(Teaching::NobodyChosen).into());
        }
        if !modules.contains(&lesson.module_id) {
            return Err(Problem::from(Teaching::UnknownModule).into());
        }
        seats.extend(planned.into_iter().map(|anchor_id| Seat {
            lesson_id,
            anchor_id,
            attendance: Attendance::Planned.key().to_owned(),
        }));
        rows.push(Lesson {
            lesson_id,
            class_no: text(&lesson.class_no, LONGEST_NAME)?,
            module_id: lesson.module_id,
            held_on: lesson.held_on,
            class_hours: lesson.class_hours,
            teacher: text(&lesson.teacher, LONGEST_NAME)?,
            place: text(&lesson.place, LONGEST_TEXT)?,
            called_off_on: None,
            called_off_reason: String::new(),
        });
    }
    training::insert_lessons(&mut work, &rows).await?;
    training::upsert_seats(&mut work, &seats).await?;
    let mut change = Change::new(Verb::Add, Noun::Lesson, first.to_string());
    if let [one] = rows.as_slice() {
        change = change.after(Field::Day, one.held_on).after(Field::ClassHours, one.class_hours);
    } else {
        for one in &rows {
            let number = one.lesson_id.to_string();
            change.of_item(&number, Field::Day, "", &one.held_on.to_string());
            change.count_item(&number, Field::ClassHours, one.class_hours);
        }
    }
    work.commit(&change.count(Field::RowsNew, i64::try_from(seats.len())?)).await?;
    Ok(first)
}

/// Types the sign-in of a class in; whoever is named and was not planned is added. False where there is no such class.
pub async fn sign_in(desk: &Desk<'_>, lesson_id: i64, marks: &[(i64, Attendance)]) -> anyhow::Result<bool> {
    let own = own::anchors(desk).await?;
    let mut work = desk.work("type sign-in").await?;
    let Some(lesson) = training::find_lesson(&mut work, lesson_id).await? else { return Ok(false) };
    if lesson.called_off_on.is_some() {
        return Err(Problem::from(Teaching::CalledOff).into());
    }
    if lesson.held_on > desk.clock.today() {
        return Err(Problem::from(Mistake::NotYet { day: lesson.held_on }).into());
    }
    let anchors: FxHashSet<i64> = people::list_anchors(&mut work).await?.into_iter().map(|a| a.anchor_id).collect();
    let known = training::list_seats(&mut work, lesson_id).await?;
    let seat = |&(anchor_id, attendance): &(i64, Attendance)| Seat {
        lesson_id,
        anchor_id,
        attendance: attendance.key().to_owned(),
    };
    let named = marks.iter().filter(|(anchor_id, _)| anchors.contains(anchor_id));
    let rows: Vec<Seat> = named.map(seat).filter(|seat| !known.contains(seat)).collect();
    if rows.is_empty() {
        return Ok(true);
    }
    if rows.iter().any(|seat| own.contains(&seat.anchor_id)) {
        return Err(Problem::from(Teaching::OwnStep).into());
    }
    training::upsert_seats(&mut work, &rows).await?;
    let present = i64::try_from(marks.iter().filter(|(_, a)| *a == Attendance::Present).count())?;
    write_hours(&mut work, &lesson, &rows).await?;
    let change = Change::new(Verb::Change, Noun::Lesson, lesson_id.to_string())
        .after(Field::Day, lesson.held_on)
        .count(Field::RowsRead, i64::try_from(marks.len())?)
        .count(Field::RowsChanged, present);
    work.commit(&change).await?;
    Ok(true)
}

/// A class as it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLesson {
    pub class_no: String,
    pub held_on: Day,
    pub class_hours: i64,
    pub teacher: String,
    pub place: String,
    pub reason: String,
}

/// A class with those who are signed in to it, for somebody who is none of them. `None` where there is no such class.
async fn open_class(
    work: &mut Work,
    own: &FxHashSet<i64>,
    lesson_id: i64,
) -> anyhow::Result<Option<(Lesson, Vec<Seat>)>> {
    let Some(lesson) = training::find_lesson(work, lesson_id).await? else { return Ok(None) };
    if lesson.called_off_on.is_some() {
        return Err(Problem::from(Teaching::CalledOff).into());
    }
    let mut seats = training::list_seats(work, lesson_id).await?;
    seats.retain(|seat| seat.attendance != Attendance::Planned.key());
    // what becomes of one's own hours is for somebody else to say
    if seats.iter().any(|seat| own.contains(&seat.anchor_id)) {
        return Err(Problem::from(Teaching::OwnStep).into());
    }
    Ok(Some((lesson, seats)))
}

/// Changes a class: what people were present for follows it to its day and its hours. One with a sign-in goes to no day
/// that has not come. False where there is no such class.
pub async fn change_lesson(desk: &Desk<'_>, lesson_id: i64, new: &ChangedLesson) -> anyhow::Result<bool> {
    let (own, reason) = (own::anchors(desk).await?, text(&new.reason, LONGEST_TEXT)?);
    let mut work = desk.work("change class").await?;
    let Some((before, signed)) = open_class(&mut work, &own, lesson_id).await? else { return Ok(false) };
    if !signed.is_empty() && new.held_on > desk.clock.today() {
        return Err(Problem::from(Mistake::NotYet { day: new.held_on }).into());
    }
    let after = Lesson {
        class_no: text(&new.class_no, LONGEST_NAME)?,
        held_on: new.held_on,
        class_hours: new.class_hours,
        teacher: text(&new.teacher, LONGEST_NAME)?,
        place: text(&new.place, LONGEST_TEXT)?,
        ..before.clone()
    };
    training::update_lesson(&mut work, &after).await?;
    for lesson in [&before, &after] {
        write_hours(&mut work, lesson, &signed).await?;
    }
    let mut change = Change::new(Verb::Change, Noun::Lesson, lesson_id.to_string())
        .before(Field::Key, &before.class_no)
        .after(Field::Key, &after.class_no)
        .before(Field::Day, before.held_on)
        .after(Field::Day, after.held_on)
        .before(Field::ClassHours, before.class_hours)
        .after(Field::ClassHours, after.class_hours)
        .before(Field::Place, &before.place)
        .after(Field::Place, &after.place)
        .after(Field::Reason, reason);
    // who teaches is a person: that it changed is told, and not to whom
    if before.teacher != after.teacher {
        change = change.before(Field::PersonName, &before.teacher).after(Field::PersonName, &after.teacher);
    }
    work.commit(&change).await?;
    Ok(true)
}

/// Calls a class off. The sign-in of one that has it is void with it, where that is said. False where there is no such
/// class.
pub async fn call_off(desk: &Desk<'_>, lesson_id: i64, reason: &str, void: bool) -> anyhow::Result<bool> {
    let (own, reason) = (own::anchors(desk).await?, text(reason, LONGEST_TEXT)?);
    let mut work = desk.work("call class off").await?;
    let Some((before, signed)) = open_class(&mut work, &own, lesson_id).await? else { return Ok(false) };
    if !signed.is_empty() && !void {
        return Err(Problem::from(Teaching::SignedIn { people: signed.len() }).into());
    }
    let off = Lesson { called_off_on: Some(desk.clock.today()), called_off_reason: reason.clone(), ..before };
    training::update_lesson(&mut work, &off).await?;
    write_hours(&mut work, &off, &signed).await?;
    let change = Change::new(Verb::Withdraw, Noun::Lesson, lesson_id.to_string())
        .before(Field::Day, off.held_on)
        .after(Field::Reason, reason)
        .count(Field::RowsChanged, i64::try_from(signed.len())?);
    work.commit(&change).await?;
    Ok(true)
}

/// Writes what people were present for in a class's module on its day over their training records: of those whose sign-in
/// is typed in, and of those for whom it was changed just now.
pub(super) async fn write_hours(work: &mut Work, lesson: &Lesson, changed: &[Seat]) -> anyhow::Result<()> {
    let mut hours: BTreeMap<i64, i64> = changed.iter().map(|seat| (seat.anchor_id, 0)).collect();
    hours.extend(training::sum_present(work, lesson.module_id, lesson.held_on).await?);
    let known = people::list_training(work).await?;
    let rows: Vec<Training> = hours
        .into_iter()
        .map(|(anchor_id, class_hours)| {
            let here = |t: &&Training| {
                (t.anchor_id, t.module_id, t.attended_on) == (anchor_id, lesson.module_id, lesson.held_on)
            };
            let passed_on = known.iter().find(here).and_then(|t| t.passed_on);
            let (module_id, attended_on) = (lesson.module_id, lesson.held_on);
            Training { anchor_id, module_id, attended_on, class_hours, passed_on }
        })
        .collect();
    people::upsert_training(work, &rows).await?;
    training::remove_empty_records(work, lesson.module_id, lesson.held_on).await?;
    Ok(())
}

/// What somebody did in a quiz or a practical assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssessment {
    pub anchor_id: i64,
    pub module_id: i64,
    pub is_practical: bool,
    pub taken_on: Day,
    pub score: i64,
    pub pass_score: i64,
    pub assessor: String,
}

/// Records assessments; where one passes a module, the day the module was passed is written.
pub async fn assess(desk: &Desk<'_>, new: &[NewAssessment]) -> anyhow::Result<()> {
    let today = desk.clock.today();
    if let Some(one) = new.iter().find(|one| one.taken_on > today) {
        return Err(Problem::from(Mistake::NotYet { day: one.taken_on }).into());
    }
    let anchor_ids: Vec<i64> = new.iter().map(|one| one.anchor_id).collect();
    own::hold_off_anchors(desk, &anchor_ids).await?;
    let mut work = desk.work("assess").await?;
    let modules = training::list_teaching(&mut work).await?;
    let records = people::list_training(&mut work).await?;
    let before = training::list_assessments(&mut work, &anchor_ids).await?;
    let first = take_ids(&mut work, "assessment", new.len()).await?;
    let (mut rows, mut passed) = (Vec::<Assessment>::new(), BTreeMap::new());
    for (one, assessment_id) in new.iter().zip(first..) {
        let Some(module) = modules.iter().find(|m| m.module_id == one.module_id) else {
            return Err(Problem::from(Teaching::UnknownModule).into());
        };
        let kind = if one.is_practical { AssessedBy::Practical } else { AssessedBy::Quiz };
        let row = Assessment {
            assessment_id,
            anchor_id: one.anchor_id,
            module_id: one.module_id,
            kind: kind.key().to_owned(),
            taken_on: one.taken_on,
            score: one.score,
            pass_score: one.pass_score,
            assessor: text(&one.assessor, LONGEST_NAME)?,
        };
        let first_passed = |wanted: AssessedBy| {
            let good = |a: &&Assessment| {
                (a.module_id, a.anchor_id) == (one.module_id, one.anchor_id) && a.kind == wanted.key() && a.is_passed()
            };
            before.iter().chain(&rows).chain([&row]).filter(good).map(|a| a.taken_on).min()
        };
        let by = module.assessed_by()?;
        let (quiz, practical) = (first_passed(AssessedBy::Quiz), first_passed(AssessedBy::Practical));
        let on = match by {
            AssessedBy::Quiz => quiz,
            AssessedBy::Practical => practical,
            AssessedBy::Both => quiz.max(practical),
        };
        if row.is_passed()
            && by.passed(quiz.is_some(), practical.is_some())
            && let Some(on) = on
        {
            let record = pass(&records, one, on);
            passed.insert((record.anchor_id, record.module_id, record.attended_on), record);
        }
        rows.push(row);
    }
    training::insert_assessments(&mut work, &rows).await?;
    people::upsert_training(&mut work, &passed.into_values().collect::<Vec<_>>()).await?;
    let mut change = Change::new(Verb::Add, Noun::Assessment, first.to_string());
    if let [one] = rows.as_slice() {
        change = change.after(Field::Day, one.taken_on).after(Field::Kind, &one.kind);
    }
    work.commit(&change.count(Field::RowsNew, i64::try_from(rows.len())?)).await?;
    Ok(())
}

/// The training record that says on which day a module was passed: the last one attended by then, else one without hours.
fn pass(records: &[Training], new: &NewAssessment, on: Day) -> Training {
    let own = |t: &&Training| (t.anchor_id, t.module_id) == (new.anchor_id, new.module_id) && t.attended_on <= on;
    let attended = records.iter().filter(own).max_by_key(|t| t.attended_on).cloned();
    let record = attended.unwrap_or(Training {
        anchor_id: new.anchor_id,
        module_id: new.module_id,
        attended_on: on,
        class_hours: 0,
        passed_on: None,
    });
    Training { passed_on: Some(record.passed_on.map_or(on, |known| known.min(on))), ..record }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::parse_day;

    #[test]
    fn a_pass_is_written_to_the_last_class_attended_and_the_first_pass_stays() {
        let day = |text: &str| parse_day(text).unwrap();
        let record = |on: &str, passed: Option<&str>| Training {
            anchor_id: 1,
            module_id: 2,
            attended_on: day(on),
            class_hours: 4,
            passed_on: passed.map(day),
        };
        let new = NewAssessment {
            anchor_id: 1,
            module_id: 2,
            is_practical: false,
            taken_on: day("2026-03-05"),
            score: 80,
            pass_score: 60,
            assessor: "x".into(),
        };
        let records = [record("2026-03-01", None), record("2026-03-04", None), record("2026-03-09", None)];
        let passed = pass(&records, &new, new.taken_on);
        assert_eq!((passed.attended_on, passed.passed_on), (day("2026-03-04"), Some(day("2026-03-05"))));
        let earlier = [record("2026-03-01", Some("2026-03-02"))];
        assert_eq!(pass(&earlier, &new, new.taken_on).passed_on, Some(day("2026-03-02")));
        let later = [record("2026-03-01", Some("2026-03-09"))];
        assert_eq!(pass(&later, &new, new.taken_on).passed_on, Some(day("2026-03-05")), "typed late");
        assert_eq!(pass(&[], &new, new.taken_on).class_hours, 0);
    }
}
