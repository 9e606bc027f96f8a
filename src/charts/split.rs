//! How one order's money was divided: a bar in parts, each part named with its yuan to the fen.
//!
//! Rule that must hold: the parts add up to what the buyer paid plus coupons less refunds, and the line above the
//! bar writes that sum out. A part below zero (an operator who paid for lost goods) lies left of zero.
//!
//! Names never overlap and are never cut, however thin the parts: a part wide enough carries its name inside, every
//! other one gets a line of its own below, joined to its part by a leader. Leaders run down in the order of the
//! parts, so names on their left do not meet the ones that go further down.

use plotters::style::RGBColor;

use super::frame::{BODY, Body, Frame, Sheet, Width};
use super::measure::width_px;
use super::numbers::exact;
use super::palette::{AXIS, INK, PAPER, SAND, TEA};
use super::scale::Scale;
use super::wording::Words;

/// Who receives a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    Farmer,
    Anchor,
    Platform,
    Logistics,
    Packaging,
    Operator,
    Village,
    Loss,
    Unassigned,
}

/// One party's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub party: Party,
    pub fen: i64,
}

/// An order line's money.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Split {
    pub paid_fen: i64,
    pub subsidy_fen: i64,
    pub refund_fen: i64,
    /// In the order they are to be drawn; parts of zero are left out.
    pub parts: Vec<Part>,
}

const BAR_HEIGHT: i32 = 40;
const LINE: i32 = 22;

impl Party {
    fn name(self, words: &Words) -> &'static str {
        match self {
            Self::Farmer => words.farmer,
            Self::Anchor => words.anchor,
            Self::Platform => words.platform,
            Self::Logistics => words.logistics,
            Self::Packaging => words.packaging,
            Self::Operator => words.operator,
            Self::Village => words.village,
            Self::Loss => words.loss,
            Self::Unassigned => words.unassigned,
        }
    }

    /// Neighbours in the usual order differ in lightness; a gap parts them besides.
    fn colour(self) -> RGBColor {
        match self {
            Self::Farmer => TEA,
            Self::Anchor | Self::Loss => SAND[0],
            Self::Platform | Self::Operator => SAND[3],
            Self::Logistics | Self::Unassigned => SAND[1],
            Self::Packaging => SAND[2],
            Self::Village => SAND[4],
        }
    }
}

/// A part with its place: left and right edge.
struct Placed {
    text: String,
    colour: RGBColor,
    left: i32,
    right: i32,
    strong: bool,
    above_zero: bool,
}

impl Placed {
    fn middle(&self) -> i32 {
        i32::midpoint(self.left, self.right)
    }
    fn fits_inside(&self) -> bool {
        width_px(&self.text, BODY.size_px) + 20 <= self.right - self.left
    }
}

/// The picture.
pub fn svg(data: &Split, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    if data.paid_fen == 0 && data.parts.iter().all(|p| p.fen == 0) {
        return frame.draw_empty(width, words.nothing_sold, words.nothing_sold_do);
    }
    let placed = place(&data.parts, words, width);
    let below = placed.iter().filter(|p| !p.fits_inside()).count();
    let below = i32::try_from(below).expect("a party has one part");
    frame.draw(width, &heading(data, words), BAR_HEIGHT + 12 + below * LINE, |sheet| paint(sheet, &placed))
}

/// `元 · 买家付 39.90 + 券补 5.00 = 分给各方 44.90`.
fn heading(data: &Split, words: &Words) -> String {
    let mut text = format!("{} · {}{}", words.yuan, words.split_paid, exact(data.paid_fen.into()));
    for (sign, name, fen) in
        [(" + ", words.split_subsidy, data.subsidy_fen), (" − ", words.split_refund, data.refund_fen)]
    {
        if fen != 0 {
            text.extend([sign, name, &exact(fen.into())]);
        }
    }
    let sum: i128 = data.parts.iter().map(|p| i128::from(p.fen)).sum();
    text.extend([" = ", words.split_sum, &exact(sum)]);
    text
}

/// Parts above zero go right from it, parts below zero go left.
fn place(parts: &[Part], words: &Words, width: Width) -> Vec<Placed> {
    let sum_of = |sign: i64| parts.iter().filter(|p| p.fen.signum() == sign).map(|p| i128::from(p.fen)).sum::<i128>();
    let left = (width.px() - Frame::room(width)) / 2;
    let scale = Scale::new((sum_of(-1), sum_of(1).max(sum_of(-1) + 1)), (left, left + Frame::room(width)));
    let (mut up, mut down) = (0_i128, 0_i128);
    let mut placed: Vec<Placed> = parts
        .iter()
        .filter(|p| p.fen != 0)
        .map(|part| {
            let level = if part.fen > 0 { &mut up } else { &mut down };
            let before = *level;
            *level += i128::from(part.fen);
            let (from, to) = (scale.px(before.min(*level)), scale.px(before.max(*level)));
            let text = format!("{} {}", part.party.name(words), exact(part.fen.into()));
            // Two pixels of air between parts, but a part is never thinner than one.
            let right = (to - 2).max(from + 1);
            Placed {
                text,
                colour: part.party.colour(),
                left: from,
                right,
                strong: part.party == Party::Farmer,
                above_zero: part.fen > 0,
            }
        })
        .collect();
    placed.sort_by_key(|p| p.left);
    placed
}

fn paint(sheet: &Sheet<'_>, placed: &[Placed]) {
    let Body { left, top, .. } = sheet.body;
    let bottom = top + BAR_HEIGHT;
    let mut y = bottom + 12;
    let mut lines = Vec::new();
    for part in placed {
        sheet.pen.block((part.left, top), (part.right, bottom), part.colour);
        if part.fits_inside() {
            let colour = if part.strong { PAPER } else { INK };
            let how = if part.strong { BODY.bold() } else { BODY };
            sheet.pen.text((part.left + 10, top + 25), how.colour(colour), &part.text);
        } else {
            sheet.pen.line((part.middle(), bottom + 3), (part.middle(), y + LINE / 2), AXIS);
            lines.push((part, y));
            y += LINE;
        }
    }
    if let [first, .., _] = placed
        && let Some(zero) = placed.iter().find(|p| p.above_zero)
        && !first.above_zero
    {
        sheet.pen.block((zero.left - 2, top - 5), (zero.left, bottom + 5), INK);
    }
    // Texts last, on paper, so that a leader passing behind one does not strike it through.
    for (part, y) in lines {
        let (x, text_px) = (part.middle(), width_px(&part.text, BODY.size_px));
        let on_left = x - 10 - text_px >= left;
        let (tick, start) = if on_left { (x - 6, x - 10 - text_px) } else { (x + 6, x + 10) };
        sheet.pen.line((x, y + LINE / 2), (tick, y + LINE / 2), AXIS);
        sheet.pen.block((start - 2, y), (start + text_px + 2, y + LINE), PAPER);
        let how = if part.strong { BODY.bold() } else { BODY };
        let (at, how) = if on_left { (x - 10, how.end()) } else { (x + 10, how) };
        sheet.pen.text((at, y + LINE / 2 + 5), how, &part.text);
    }
}
