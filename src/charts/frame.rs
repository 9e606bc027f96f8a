//! What stands around every picture: title, unit and note above; source, 截至 and the demonstration mark below.
//!
//! A picture is copied into slides and chat groups without its page, so what makes a number trustworthy is inside
//! it. The unit comes from the picture, which prints the numbers, and not from the caller, who could get it wrong.
//!
//! Texts wrap instead of running out; the height of a picture follows from them. A picture without data keeps its
//! frame and says what is missing and what brings it.

use super::measure::{width_px, wrap};
use super::palette::{AMBER_INK, AMBER_PAPER, INK, MUTED, PAPER, TROUGH};
use super::pen::{Pen, Side, Type, picture};
use super::wording::{Words, words};
use crate::domain::calendar::{Instant, until_text};
use crate::domain::lang::Lang;

/// What the caller knows about a picture beside its data.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// What is shown.
    pub title: &'a str,
    /// Printed after the unit: range of days, scope. May be empty.
    pub note: &'a str,
    /// Where the data comes from.
    pub source: &'a str,
    /// The data is complete up to here; `None` while nothing has been pulled or imported.
    pub as_of: Option<Instant>,
    /// The data is a demonstration's, and the picture says so.
    pub demo: bool,
    /// The language of the picture's own words.
    pub lang: Lang,
}

/// For which screen a picture is laid out; it then scales with the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 720 pixels.
    Desktop,
    /// 360 pixels, one column, labels above bars.
    Phone,
}

impl Width {
    /// Width of the view box.
    pub const fn px(self) -> i32 {
        match self {
            Self::Desktop => 720,
            Self::Phone => 360,
        }
    }

    /// The desktop's number or the phone's.
    pub const fn pick(self, desktop: i32, phone: i32) -> i32 {
        match self {
            Self::Desktop => desktop,
            Self::Phone => phone,
        }
    }
}

/// Text, drawn in [`Sheet::body`]; 13 px is the smallest there is.
pub const SMALL: Type = Type { size_px: 13, bold: false, colour: MUTED, side: Side::Start };
pub const BODY: Type = Type { size_px: 14, bold: false, colour: INK, side: Side::Start };
const TITLE: Type = Type { size_px: 18, bold: true, colour: INK, side: Side::Start };

const MARGIN: i32 = 16;
const TITLE_LEADING: i32 = 24;
const SMALL_LEADING: i32 = 19;
const MARK_PAD: i32 = 8;

/// The part of the paper that belongs to the picture itself, in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Body {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

/// What a picture draws on.
pub struct Sheet<'a> {
    pub pen: Pen<'a>,
    pub body: Body,
    pub words: &'static Words,
}

impl Frame<'_> {
    /// The fixed words in the picture's language.
    pub fn words(&self) -> &'static Words {
        words(self.lang)
    }

    /// Width between the margins.
    pub const fn room(width: Width) -> i32 {
        width.px() - 2 * MARGIN
    }

    /// Draws the frame with `unit` under its title, and lets `paint` fill a body of `height` pixels.
    pub fn draw(&self, width: Width, unit: &str, height: i32, paint: impl FnOnce(&Sheet<'_>)) -> String {
        let words = self.words();
        let room = Self::room(width);
        let title = wrap(self.title, TITLE.size_px, room, 3);
        let subtitle = notes(&[unit, self.note], room);
        let as_of = self.as_of.map(|at| format!("{}{}", words.as_of, until_text(at))).unwrap_or_default();
        let source = if self.source.is_empty() { String::new() } else { format!("{}{}", words.source, self.source) };
        let foot = notes(&[&source, &as_of], room);
        let mark = if self.demo { wrap(words.demo_mark, SMALL.size_px, room, 2) } else { Vec::new() };

        let top = MARGIN + lines(&title) * TITLE_LEADING + lines(&subtitle) * SMALL_LEADING + 12;
        let bottom = top + height;
        let foot_bottom = bottom + 10 + lines(&foot) * SMALL_LEADING;
        let mark_height = if mark.is_empty() { 0 } else { lines(&mark) * SMALL_LEADING + MARK_PAD };
        let full = foot_bottom + 10 + mark_height;
        picture(self.title, (width.px(), full), |pen| {
            let sheet = Sheet { pen, body: Body { left: MARGIN, top, right: MARGIN + room, bottom }, words };
            let pen = &sheet.pen;
            pen.block((0, 0), (width.px(), full), PAPER);
            let mut y = MARGIN;
            for line in &title {
                pen.text((MARGIN, y + 18), TITLE, line);
                y += TITLE_LEADING;
            }
            for line in &subtitle {
                pen.text((MARGIN, y + 14), SMALL, line);
                y += SMALL_LEADING;
            }
            paint(&sheet);
            y = bottom + 10;
            for line in &foot {
                pen.text((MARGIN, y + 14), SMALL, line);
                y += SMALL_LEADING;
            }
            if !mark.is_empty() {
                pen.block((0, full - mark_height), (width.px(), full), AMBER_PAPER);
                y = full - mark_height + MARK_PAD / 2;
                for line in &mark {
                    pen.text((MARGIN, y + 14), SMALL.colour(AMBER_INK), line);
                    y += SMALL_LEADING;
                }
            }
        })
    }

    /// The picture while there is nothing to draw: what is missing, and what brings it.
    pub fn draw_empty(&self, width: Width, missing: &str, what_to_do: &str) -> String {
        let room = Self::room(width) - 32;
        let (first, second) = (wrap(missing, BODY.size_px, room, 2), wrap(what_to_do, SMALL.size_px, room, 4));
        let height = 48 + lines(&first) * 22 + lines(&second) * SMALL_LEADING;
        self.draw(width, "", height, |sheet| {
            let Body { left, top, right, bottom } = sheet.body;
            sheet.pen.block((left, top), (right, bottom), TROUGH);
            let middle = i32::midpoint(left, right);
            let mut y = top + 24;
            for line in &first {
                sheet.pen.text((middle, y + 14), BODY.bold().middle(), line);
                y += 22;
            }
            for line in &second {
                sheet.pen.text((middle, y + 15), SMALL.middle(), line);
                y += SMALL_LEADING;
            }
        })
    }
}

fn lines(of: &[String]) -> i32 {
    i32::try_from(of.len()).expect("a handful of lines")
}

/// Small notes with a dot between them; one that does not fit on the line any more begins the next.
fn notes(parts: &[&str], room: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts.iter().filter(|p| !p.is_empty()) {
        if let Some(line) = lines.last_mut() {
            let longer = format!("{line} · {part}");
            if width_px(&longer, SMALL.size_px) <= room {
                *line = longer;
                continue;
            }
        }
        lines.extend(wrap(part, SMALL.size_px, room, 3));
    }
    lines
}
