//! Who has learnt what: anchors and trainees by module, their class hours against the reference, their next step.
//!
//! It shows progress towards the hours of the national standard, not just "trained". A cell says its state three
//! ways, by colour, by mark (✓ passed, · attended, – not yet) and in the key above, so it can be read in grey and
//! aloud. What needs a person (missed classes, a certificate running out) is in amber words. Nobody is ranked: the
//! caller's order stands.
//!
//! On a phone each person is a block of their own, and every cell carries the name of its module.

use super::frame::{BODY, Body, Frame, SMALL, Sheet, Width};
use super::measure::{fit, width_px, wrap};
use super::numbers::count;
use super::palette::{AMBER_INK, GRID, INK, KUMQUAT, MUTED, RANGE, TEA, TROUGH};
use super::scale::Scale;

/// How far somebody is with a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Passed,
    /// Attended, examination outstanding.
    Attended,
    NotYet,
}

/// An anchor or trainee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    /// 学员, 见习, 红色主播 …, in words.
    pub stage: String,
    /// One for each module, in their order; missing ones count as not yet.
    pub marks: Vec<Mark>,
    /// Class hours attended.
    pub hours: u32,
    pub next_step: String,
    /// The next step waits for a person of the branch.
    pub needs_attention: bool,
}

/// The training of everyone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    pub modules: Vec<String>,
    pub people: Vec<Person>,
    /// Class hours of the reference line.
    pub reference_hours: u32,
}

/// Columns on the desktop, from the left: name and stage, cells, hours, next step.
const NAME_WIDTH: i32 = 96;
const HOURS_WIDTH: i32 = 96;
const NEXT_WIDTH: i32 = 132;
const GAP: i32 = 14;
const ROW: i32 = 46;
const HEAD: i32 = 40;
const CELL_GAP: i32 = 4;
/// Height of the key.
const KEY: i32 = 28;
/// A person's block on a phone.
const BLOCK: i32 = 146;

/// The picture.
pub fn svg(data: &Progress, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    let people = i32::try_from(data.people.len()).unwrap_or(i32::MAX).min(500);
    if people == 0 {
        return frame.draw_empty(width, words.nobody_training, words.nobody_training_do);
    }
    let heading = format!("{}{}{}", words.reference, count(data.reference_hours.into()), words.hours);
    let height = KEY + width.pick(HEAD + people * ROW, people * BLOCK);
    frame.draw(width, &heading, height, |sheet| {
        paint_key(sheet);
        match width {
            Width::Desktop => paint_table(sheet, data, sheet.body.top + KEY),
            Width::Phone => paint_blocks(sheet, data, sheet.body.top + KEY),
        }
    })
}

/// The three states as they look, with their words.
fn paint_key(sheet: &Sheet<'_>) {
    let Body { left, top, .. } = sheet.body;
    let states = [
        (Mark::Passed, sheet.words.passed),
        (Mark::Attended, sheet.words.attended),
        (Mark::NotYet, sheet.words.not_yet),
    ];
    let mut x = left;
    for (mark, name) in states {
        paint_cell(sheet, (x, top), (x + 20, top + 20), mark);
        sheet.pen.text((x + 26, top + 15), SMALL, name);
        x += 26 + width_px(name, SMALL.size_px) + 16;
    }
}

fn paint_table(sheet: &Sheet<'_>, data: &Progress, top: i32) {
    let Body { left, right, .. } = sheet.body;
    let cells = left + NAME_WIDTH;
    let next = right - NEXT_WIDTH;
    let hours = next - GAP - HOURS_WIDTH;
    let cell = cell_width(data, hours - GAP - cells);
    for (at, module) in (0..).zip(&data.modules) {
        let middle = cells + at * cell + (cell - CELL_GAP) / 2;
        for (line, y) in wrap(module, SMALL.size_px, cell - 2, 2).iter().rev().zip([31, 15]) {
            sheet.pen.text((middle, top + y), SMALL.middle(), line);
        }
    }
    sheet.pen.text((hours, top + 31), SMALL, sheet.words.hours_head);
    sheet.pen.text((next, top + 31), SMALL, sheet.words.next_step);
    let mut y = top + HEAD;
    for person in &data.people {
        sheet.pen.text((left, y + 17), BODY, &fit(&person.name, BODY.size_px, NAME_WIDTH - 8));
        sheet.pen.text((left, y + 35), SMALL, &fit(&person.stage, SMALL.size_px, NAME_WIDTH - 8));
        for (at, mark) in (0..).zip(marks(data, person)) {
            let x = cells + at * cell;
            paint_cell(sheet, (x, y + 2), (x + cell - CELL_GAP, y + ROW - 6), mark);
        }
        paint_hours(sheet, data, person, (hours, y + 22), HOURS_WIDTH);
        let how = SMALL.colour(INK);
        sheet.pen.text((hours, y + 16), how, &hours_text(sheet, person));
        paint_next(sheet, person, (next, y), NEXT_WIDTH);
        y += ROW;
    }
}

fn paint_blocks(sheet: &Sheet<'_>, data: &Progress, top: i32) {
    let Body { left, right, .. } = sheet.body;
    let cell = cell_width(data, right - left + CELL_GAP);
    let mut y = top;
    for person in &data.people {
        sheet.pen.line((left, y), (right, y), GRID);
        let hours = hours_text(sheet, person);
        let room = right - left - width_px(&hours, BODY.size_px) - GAP;
        let name = fit(&person.name, BODY.size_px, room);
        sheet.pen.text((left, y + 22), BODY.bold(), &name);
        let stage_x = left + width_px(&name, BODY.size_px) + 10;
        sheet.pen.text((stage_x, y + 22), SMALL, &fit(&person.stage, SMALL.size_px, left + room - stage_x));
        sheet.pen.text((right, y + 22), BODY.end(), &hours);
        paint_hours(sheet, data, person, (left, y + 32), right - left);
        for ((at, mark), module) in (0..).zip(marks(data, person)).zip(&data.modules) {
            let x = left + at * cell;
            paint_cell(sheet, (x, y + 54), (x + cell - CELL_GAP, y + 84), mark);
            let name = fit(module, SMALL.size_px, cell);
            sheet.pen.text((x + (cell - CELL_GAP) / 2, y + 100), SMALL.middle(), &name);
        }
        paint_next(sheet, person, (left, y + 100), right - left);
        y += BLOCK;
    }
}

/// The marks of all modules, whatever the length of the person's list.
fn marks<'a>(data: &'a Progress, person: &'a Person) -> impl Iterator<Item = Mark> + 'a {
    person.marks.iter().copied().chain(std::iter::repeat(Mark::NotYet)).take(data.modules.len())
}

/// Width of a cell with its gap.
fn cell_width(data: &Progress, room: i32) -> i32 {
    let modules = i32::try_from(data.modules.len().max(1)).unwrap_or(i32::MAX);
    (room / modules).clamp(12, 64)
}

fn paint_cell(sheet: &Sheet<'_>, from: (i32, i32), to: (i32, i32), mark: Mark) {
    let (colour, ink, sign) = match mark {
        Mark::Passed => (KUMQUAT, INK, "✓"),
        Mark::Attended => (RANGE, INK, "·"),
        Mark::NotYet => (TROUGH, MUTED, "–"),
    };
    sheet.pen.block(from, to, colour);
    let middle = (i32::midpoint(from.0, to.0), i32::midpoint(from.1, to.1) + 5);
    sheet.pen.text(middle, BODY.bold().middle().colour(ink), sign);
}

/// A bar of hours; the reference stands at five sixths, so that those beyond it are seen to be.
fn paint_hours(sheet: &Sheet<'_>, data: &Progress, person: &Person, (x, y): (i32, i32), width: i32) {
    let reference = i128::from(data.reference_hours.max(1));
    let full = reference * 6 / 5 + 1;
    let scale = Scale::new((0, full), (x, x + width));
    sheet.pen.block((x, y), (x + width, y + 12), TROUGH);
    sheet.pen.block((x, y), (scale.px(i128::from(person.hours).min(full)), y + 12), TEA);
    sheet.pen.dashes(scale.px(reference), y - 3, y + 16, INK);
}

fn hours_text(sheet: &Sheet<'_>, person: &Person) -> String {
    format!("{}{}", count(person.hours.into()), sheet.words.hours)
}

fn paint_next(sheet: &Sheet<'_>, person: &Person, (x, y): (i32, i32), room: i32) {
    let how = if person.needs_attention { SMALL.colour(AMBER_INK).bold() } else { SMALL };
    // bold Latin letters run a little wider than they are measured
    let room = if person.needs_attention { room - room / 20 } else { room };
    let lines = wrap(&person.next_step, SMALL.size_px, room, 3);
    let (first, leading) = match lines.len() {
        1 => (26, 0),
        2 => (17, 18),
        // the day in it must not be cut: English takes a line more
        _ => (13, 15),
    };
    for (line, at) in lines.iter().zip(0..) {
        sheet.pen.text((x, y + first + at * leading), how, line);
    }
}
