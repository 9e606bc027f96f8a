//! Tables of people and places: training, classes, assessments, certificates, rooms, contests, households.
//!
//! Households are 陈*, as on every shared screen, and have no amounts.

use super::{Columns, READ, day, text};
use crate::charts::progress::Mark;
use crate::domain::calendar::{Day, day_of};
use crate::domain::ladder::standing;
use crate::domain::training::Attendance;
use crate::store::{Session, contests as stored_contests, ladder, people, slips, training};
use crate::web::branch::training::{self as page, stage_words};
use crate::web::context::Ctx;
use crate::web::names::{Names, platform};
use crate::web::session::family_name;
use crate::web::spreadsheet::Cell;
use rustc_hash::FxHashMap;

/// Who is where on the ladder.
pub(super) async fn progress(session: &mut Session, today: Day, ctx: &Ctx) -> anyhow::Result<Columns> {
    let (b, t) = (&ctx.words.branch, &ctx.words.tables);
    let head = [b.col_name, b.col_stage, b.col_passed, b.col_hours, t.col_attended, t.col_planned, b.col_next];
    let all = page::load(session, today, ctx).await?;
    let rows = all.people.into_iter().map(|p| {
        let passed = p.marks.iter().filter(|&&mark| mark == Mark::Passed).count();
        [
            text(p.name),
            text(stage_words(p.stage, ctx)),
            Cell::Count(i64::try_from(passed).unwrap_or(i64::MAX)),
            Cell::Count(p.hours),
            Cell::Count(p.attended.present),
            Cell::Count(p.attended.planned),
            text(p.next.words(ctx)),
        ]
    });
    Ok(Columns::new(head, rows))
}

/// The names that rows of training refer to: people and modules by their numbers.
struct Called {
    people: FxHashMap<i64, String>,
    modules: FxHashMap<i64, String>,
}

impl Called {
    async fn load(session: &mut Session, ctx: &Ctx) -> anyhow::Result<Self> {
        let people = people::list_anchors(session).await?.into_iter().map(|a| (a.anchor_id, a.name)).collect();
        let modules = people::list_modules(session).await?.into_iter();
        let modules = modules.map(|m| (m.module_id, ctx.name(&m.name, &m.name_en).to_owned())).collect();
        Ok(Self { people, modules })
    }

    fn person(&self, anchor_id: i64) -> Cell {
        self.people.get(&anchor_id).map_or(Cell::Blank, |name| text(name.as_str()))
    }

    fn module(&self, module_id: i64) -> Cell {
        self.modules.get(&module_id).map_or(Cell::Blank, |name| text(name.as_str()))
    }
}

/// Before any class there can be.
const FIRST_DAY: Day = Day::from_ymd_opt(2000, 1, 1).expect("a day");

/// A row a seat: who was to be in which class, and was.
pub(super) async fn attendance(
    session: &mut Session,
    today: Day,
    asked: &super::super::curriculum::Asked,
    ctx: &Ctx,
) -> anyhow::Result<Columns> {
    let (b, t) = (&ctx.words.branch, &ctx.words.training);
    let head = [
        t.lesson_day,
        t.module,
        t.lesson_class,
        t.lesson_hours,
        t.lesson_teacher,
        t.lesson_place,
        b.col_name,
        t.sign_title,
    ];
    let called = Called::load(session, ctx).await?;
    let modules = people::list_modules(session).await?;
    let (module_id, year) = asked.module_and_year(&modules, today, ctx);
    let (from, to) = year.unwrap_or((FIRST_DAY, today));
    let seats = training::list_taken_seats(session, (from, to.min(today)), module_id, READ).await?;
    let rows = seats.into_iter().map(|(lesson, seat)| {
        let was = Attendance::parse(&seat.attendance).map_or("", |attendance| t.attendance_name(attendance));
        [
            day(Some(lesson.held_on)),
            called.module(lesson.module_id),
            text(lesson.class_no),
            Cell::Count(lesson.class_hours),
            text(lesson.teacher),
            text(lesson.place),
            called.person(seat.anchor_id),
            text(was),
        ]
    });
    Ok(Columns::new(head, rows))
}

/// Quizzes and practical assessments, the last first.
pub(super) async fn assessments(session: &mut Session, ctx: &Ctx) -> anyhow::Result<Columns> {
    let (b, t) = (&ctx.words.branch, &ctx.words.training);
    let head = [b.col_name, t.taken_on, t.module, t.kind, t.score, t.pass_score, t.col_standing, t.assessor];
    let called = Called::load(session, ctx).await?;
    let rows = training::list_latest_assessments(session, READ).await?.into_iter().map(|row| {
        let passed = row.is_passed();
        [
            called.person(row.anchor_id),
            day(Some(row.taken_on)),
            called.module(row.module_id),
            text(if row.kind == "practical" { t.practical } else { t.quiz }),
            Cell::Count(row.score),
            Cell::Count(row.pass_score),
            text(if passed { t.passed } else { t.failed }),
            text(row.assessor),
        ]
    });
    Ok(Columns::new(head, rows))
}

/// Certificates issued: the association's and, apart, national ones; no code that opens a check.
pub(super) async fn certificates(session: &mut Session, today: Day, ctx: &Ctx) -> anyhow::Result<Columns> {
    let (b, t) = (&ctx.words.branch, &ctx.words.training);
    let head = [b.col_name, b.col_kind, b.col_certificate, t.step_class, b.col_issued, b.col_expires, t.col_standing];
    let called = Called::load(session, ctx).await?;
    let rows = ladder::list_papers(session).await?.into_iter().map(|paper| {
        let stands = standing(paper.issued_on, paper.expires_on, paper.revoked_on, today);
        [
            called.person(paper.anchor_id),
            text(if paper.kind == "national" { b.kind_national } else { b.kind_association }),
            text(paper.certificate_no),
            text(paper.class_no),
            day(Some(paper.issued_on)),
            day(paper.expires_on),
            text(t.standing(stands)),
        ]
    });
    Ok(Columns::new(head, rows))
}

/// Rooms with their accounts on platforms.
pub(super) async fn rooms(session: &mut Session, ctx: &Ctx) -> anyhow::Result<Columns> {
    let (b, s) = (&ctx.words.branch, &ctx.words.scheme);
    let head = [b.col_room, b.col_village, s.room_opened, s.room_closed, b.room_equipment, b.col_accounts];
    let names = Names::of_regions(session).await?;
    let accounts = people::list_room_accounts(session).await?;
    let mut rooms = people::list_rooms(session).await?;
    rooms.sort_by(|a, b| a.room_key.cmp(&b.room_key));
    let rows = rooms.into_iter().map(|room| {
        let own = accounts.iter().filter(|account| account.owner_id == room.room_id);
        let own: Vec<String> =
            own.map(|account| format!("{} {}", platform(&account.platform, ctx), account.author_no)).collect();
        [
            text(room.name),
            text(names.of(&room.village_code)),
            day(Some(room.opened_on)),
            day(room.closed_on),
            text(room.equipment),
            text(own.join(", ")),
        ]
    });
    Ok(Columns::new(head, rows))
}

/// The places of contests that were published. What somebody sold is an amount of a stream and stays behind.
pub(super) async fn contests(session: &mut Session, ctx: &Ctx) -> anyhow::Result<Columns> {
    let s = &ctx.words.scheme;
    let head = [s.contest_name, s.contest_from, s.contest_to, s.col_place, s.col_name];
    let contests = stored_contests::list(session).await?;
    let rows = stored_contests::list_all_results(session, READ).await?.into_iter().filter_map(|(contest_id, row)| {
        let contest = contests.iter().find(|contest| contest.contest_id == contest_id)?;
        Some([
            text(contest.title.as_str()),
            day(Some(contest.from_on)),
            day(Some(contest.to_on)),
            Cell::Count(row.place),
            text(row.name),
        ])
    });
    Ok(Columns::new(head, rows))
}

/// Households as those who hand out slips see them.
pub(super) async fn households(
    session: &mut Session,
    asked: &super::super::slips::Asked,
    ctx: &Ctx,
) -> anyhow::Result<Columns> {
    let a = &ctx.words.access;
    let head = [a.col_key, a.col_household, a.col_village, a.col_slip, a.col_devices];
    let names = Names::of_regions(session).await?;
    let county = session.scope().county();
    let all = slips::list_households(session, county).await?;
    let chosen = asked.chosen(&super::super::slips::towns_of(&all, &names), ctx);
    let rows = super::super::slips::choose(all, &chosen)?.into_iter().map(|h| {
        [
            text(h.farmer_key),
            text(family_name(&h.name)),
            text(names.of(&h.village_code)),
            day(h.issued_at.map(day_of)),
            Cell::Count(h.devices),
        ]
    });
    Ok(Columns::new(head, rows))
}
