//! Signing in to a class by scanning: the branch opens it in the class's room, anchors sign themselves in.
//!
//! Rules that must hold: a class has one code at a time, of the day it is held; only who is on its list signs in, for
//! themselves, and is then present for the whole class, as if it had been typed in; whoever would be on the list does
//! not open it; signing in twice is signing in once. A scan shows that somebody had the code, not that they were there:
//! the sheet stays the branch's to put right (`curriculum::sign_in`).

use super::codes;
use super::curriculum::write_hours;
use super::desk::Desk;
use super::own;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, day_of};
use crate::domain::problem::{Mistake, Problem, Teaching};
use crate::domain::scans::{Answer, Coming};
use crate::domain::training::Attendance;
use crate::store::scans::{self, Code, Planned, Scan};
use crate::store::training::{self, Seat};
use crate::store::whole_micros;

/// Opens a class's sign-in with a new code; an older one is worth nothing from then on. False where there is no such
/// class.
pub async fn open(desk: &Desk<'_>, lesson_id: i64) -> anyhow::Result<bool> {
    let own = own::anchors(desk).await?;
    let today = desk.clock.today();
    let mut work = desk.work("open sign-in").await?;
    let Some(lesson) = training::find_lesson(&mut work, lesson_id).await? else { return Ok(false) };
    if lesson.called_off_on.is_some() {
        return Err(Problem::from(Teaching::CalledOff).into());
    }
    if lesson.held_on > today {
        return Err(Problem::from(Mistake::NotYet { day: lesson.held_on }).into());
    }
    if lesson.held_on < today {
        return Err(Problem::from(Teaching::ClassOver { day: lesson.held_on }).into());
    }
    if training::list_seats(&mut work, lesson_id).await?.iter().any(|seat| own.contains(&seat.anchor_id)) {
        return Err(Problem::from(Teaching::OwnStep).into());
    }
    // by the clock: a batch's own time may be ahead of it
    let code = Code { code: codes::new_slip_code(), opened_at: whole_micros(desk.clock.now()) };
    scans::upsert_code(&mut work, lesson_id, &code).await?;
    work.commit(&said(lesson_id, lesson.held_on, "scan_opened")).await?;
    Ok(true)
}

/// Closes a class's sign-in; who is signed in stays so. False where there is no such class.
pub async fn close(desk: &Desk<'_>, lesson_id: i64) -> anyhow::Result<bool> {
    let mut work = desk.work("close sign-in").await?;
    let Some(lesson) = training::find_lesson(&mut work, lesson_id).await? else { return Ok(false) };
    if scans::find_code(&mut work, lesson_id).await?.is_some() {
        scans::remove_code(&mut work, lesson_id).await?;
        work.commit(&said(lesson_id, lesson.held_on, "scan_closed")).await?;
    }
    Ok(true)
}

/// Signs an anchor in to a class by its code and says what became of it: written is only [`Answer::Welcome`]. `None`
/// where there is no such class or the anchor is not on its list.
pub async fn sign_in(desk: &Desk<'_>, anchor_id: i64, lesson_id: i64, code: &str) -> anyhow::Result<Option<Answer>> {
    let mut work = desk.work("sign in by scan").await?;
    let Some(planned) = scans::find_planned(&mut work, lesson_id, anchor_id).await? else { return Ok(None) };
    let answer = answer(&planned, code, desk.clock.today())?;
    if answer != Answer::Welcome {
        return Ok(Some(answer));
    }
    let seat = Seat { lesson_id, anchor_id, attendance: Attendance::Present.key().to_owned() };
    let scan = Scan { anchor_id, scanned_at: whole_micros(desk.clock.now()) };
    training::upsert_seats(&mut work, std::slice::from_ref(&seat)).await?;
    scans::insert(&mut work, lesson_id, &scan).await?;
    write_hours(&mut work, &planned.lesson, &[seat]).await?;
    work.commit(&said(lesson_id, planned.lesson.held_on, "scan").after(Field::Anchor, anchor_id)).await?;
    Ok(Some(answer))
}

/// What becomes of somebody on a class's list who brings a code.
pub fn answer(planned: &Planned, code: &str, today: Day) -> anyhow::Result<Answer> {
    let attendance = Attendance::parse(&planned.attendance)
        .ok_or_else(|| anyhow::anyhow!("no attendance is called {}", planned.attendance))?;
    let coming = Coming {
        held_on: planned.lesson.held_on,
        is_called_off: planned.lesson.called_off_on.is_some(),
        attendance,
        open: planned.code.as_deref().zip(planned.opened_at.map(day_of)),
        code,
        today,
    };
    Ok(coming.answer())
}

fn said(lesson_id: i64, held_on: Day, way: &str) -> Change {
    Change::new(Verb::Change, Noun::Lesson, lesson_id.to_string()).after(Field::Day, held_on).after(Field::Way, way)
}
