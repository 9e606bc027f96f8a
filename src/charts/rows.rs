//! Horizontal bars, one a row, named on the left and valued where they end: the form of three pictures.
//!
//! On the desktop a row is name, bar, value. On a phone the name and the value share a line above the bar, which
//! then has the whole width; no name is ever squeezed. Bars start at zero, or where the bar before ended
//! (`level_after`, a waterfall); a negative one lies left of the zero line.

use plotters::style::RGBColor;

use super::frame::{BODY, Body, Frame, SMALL, Sheet, Width};
use super::measure::{width_px, wrap};
use super::palette::{AXIS, INK, TROUGH};
use super::scale::Scale;

/// One bar.
pub struct Row {
    pub name: String,
    /// A small line under the name: on what basis, of what. May be empty.
    pub basis: String,
    /// Where the bar begins and ends, in fen.
    pub from: i128,
    pub to: i128,
    pub value: String,
    pub colour: RGBColor,
    /// Bold: the row the picture is about.
    pub strong: bool,
    /// A hairline at this level leads to the next row.
    pub level_after: Option<i128>,
}

const NAME_LEADING: i32 = 18;
const GAP: i32 = 12;

struct Laid<'a> {
    row: &'a Row,
    name: Vec<String>,
    basis: Vec<String>,
    height: i32,
}

/// Rows with their lines broken for one width.
pub struct Rows<'a> {
    laid: Vec<Laid<'a>>,
    width: Width,
    name_px: i32,
    value_px: i32,
}

impl<'a> Rows<'a> {
    /// Breaks names and bases into lines; the bars take what is left.
    pub fn lay(rows: &'a [Row], width: Width) -> Self {
        let room = Frame::room(width);
        let value_px = rows.iter().map(|r| width_px(&r.value, BODY.size_px)).max().unwrap_or(0);
        let widest = rows.iter().map(|r| width_px(&r.name, BODY.size_px).max(width_px(&r.basis, SMALL.size_px)));
        let name_px = match width {
            Width::Desktop => widest.max().unwrap_or(0).min(room / 3),
            Width::Phone => room - value_px - GAP,
        };
        let basis_px = width.pick(name_px, room);
        let laid = rows.iter().map(|row| {
            let name = wrap(&row.name, BODY.size_px, name_px, 2);
            let basis = wrap(&row.basis, SMALL.size_px, basis_px, 3);
            let text = NAME_LEADING * i32::try_from(name.len() + basis.len()).expect("a handful of lines");
            let height = width.pick((text + 10).max(32), text + 28);
            Laid { row, name, basis, height }
        });
        Self { laid: laid.collect(), width, name_px, value_px }
    }

    /// The height all rows take.
    pub fn height(&self) -> i32 {
        self.laid.iter().map(|l| l.height).sum()
    }

    /// Draws them from the top of the sheet's body.
    pub fn paint(&self, sheet: &Sheet<'_>) {
        let Body { left, top, right, .. } = sheet.body;
        let ends = self.laid.iter().flat_map(|l| [l.row.from, l.row.to]);
        let (low, high) = ends.fold((0, 0), |(low, high): (i128, i128), v| (low.min(v), high.max(v)));
        let place = match self.width {
            Width::Desktop => (left + self.name_px + GAP, right - self.value_px - GAP),
            Width::Phone => (left, right),
        };
        let scale = Scale::new((low, high.max(low + 1)), place);
        let mut y = top;
        for (at, laid) in self.laid.iter().enumerate() {
            let bar = self.paint_row(sheet, laid, &scale, y);
            y += laid.height;
            // On a phone the next row's name stands between the bars, where a connector would strike it through.
            if let (Width::Desktop, Some(level), Some(next)) = (self.width, laid.row.level_after, self.laid.get(at + 1))
            {
                let next = self.bar_of(next, y);
                sheet.pen.line((scale.px(level), bar.1), (scale.px(level), next.0), AXIS);
            }
        }
        if self.width == Width::Desktop {
            sheet.pen.line((scale.px(0), top), (scale.px(0), y), AXIS);
        }
    }

    /// Top and bottom of a row's bar when the row begins at `y`.
    fn bar_of(&self, laid: &Laid<'_>, y: i32) -> (i32, i32) {
        match self.width {
            Width::Desktop => {
                let middle = y + laid.height / 2;
                (middle - 9, middle + 9)
            }
            Width::Phone => (y + laid.height - 24, y + laid.height - 12),
        }
    }

    fn paint_row(&self, sheet: &Sheet<'_>, laid: &Laid<'_>, scale: &Scale, y: i32) -> (i32, i32) {
        let Body { left, right, .. } = sheet.body;
        let Laid { row, name, basis, height } = laid;
        let bar = self.bar_of(laid, y);
        let how = if row.strong { BODY.bold() } else { BODY };
        let text = NAME_LEADING * i32::try_from(name.len() + basis.len()).expect("a handful of lines");
        let mut line_y = self.width.pick(y + (height - text) / 2, y);
        for line in name {
            sheet.pen.text((left, line_y + 14), how, line);
            line_y += NAME_LEADING;
        }
        for line in basis {
            sheet.pen.text((left, line_y + 13), SMALL, line);
            line_y += NAME_LEADING;
        }
        let (from, to) = (scale.px(row.from.min(row.to)), scale.px(row.from.max(row.to)));
        if self.width == Width::Phone && row.level_after.is_none() {
            sheet.pen.block((left, bar.0), (right, bar.1), TROUGH);
        }
        // An amount that is there is seen, however small beside the others.
        let to = if row.from == row.to { to } else { to.max(from + 2).min(right.max(from + 1)) };
        sheet.pen.block((from, bar.0), (to, bar.1), row.colour);
        match self.width {
            Width::Desktop => sheet.pen.text((to + 8, y + height / 2 + 5), how.colour(INK), &row.value),
            Width::Phone => {
                sheet.pen.text((right, y + 14), how.end(), &row.value);
                sheet.pen.line((scale.px(0), bar.0 - 2), (scale.px(0), bar.1 + 2), AXIS);
            }
        }
        bar
    }
}
