//! The pen: the only file that knows plotters, and what an SVG of ours looks like as text.
//!
//! Shapes are drawn with plotters' elements on its SVG backend; its chart builder is not used, because axes,
//! labels and marks here are laid out by hand in integers and labelled directly.
//!
//! The backend writes whole pixels. We draw ten times as large inside one group scaled by a tenth, so that curves
//! are smooth and the view box still counts pixels. Text stands on its baseline by a fixed share of the em, so a
//! line of mixed Chinese and Latin sits at the same height in every browser's font.
//!
//! The finished text is then put in order ([`finish`]): no fixed size, a `<title>` for screen readers, the font
//! named once on the group.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};

use super::scale::{TENTHS, Tenth};

/// Fonts a reader in China has, then whatever is there.
const FONTS: &str = "PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, Noto Sans SC, Noto Sans CJK SC, sans-serif";
/// The name plotters writes on every text, replaced by [`FONTS`] on the group.
const PLACEHOLDER: &str = "sans-serif";
/// The backend puts the baseline this many hundredths of an em below the point it is given.
const TOP_TO_BASELINE_HUNDREDTHS: i32 = 76;

/// Which part of a text stands at the point it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Start,
    Middle,
    End,
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    pub size_px: i32,
    pub bold: bool,
    pub colour: RGBColor,
    pub side: Side,
}

impl Type {
    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
    pub const fn colour(self, colour: RGBColor) -> Self {
        Self { colour, ..self }
    }
    pub const fn middle(self) -> Self {
        Self { side: Side::Middle, ..self }
    }
    pub const fn end(self) -> Self {
        Self { side: Side::End, ..self }
    }
}

/// Draws on one picture. Coordinates are pixels unless a method says tenths.
pub struct Pen<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

impl Pen<'_> {
    fn draw<E>(&self, element: &E)
    where
        for<'b> &'b E: PointCollection<'b, (i32, i32)>,
        E: for<'b> Drawable<SVGBackend<'b>>,
    {
        self.area.draw(element).expect("writing into a string does not fail");
    }

    /// A filled rectangle between two corners.
    pub fn block(&self, (x0, y0): (i32, i32), (x1, y1): (i32, i32), colour: RGBColor) {
        self.block_tenths((x0 * TENTHS, y0 * TENTHS), (x1 * TENTHS, y1 * TENTHS), colour);
    }

    /// A filled rectangle between two corners, in tenths, in any order.
    pub fn block_tenths(&self, a: (Tenth, Tenth), b: (Tenth, Tenth), colour: RGBColor) {
        let corners = [(a.0.min(b.0), a.1.min(b.1)), (a.0.max(b.0), a.1.max(b.1))];
        self.draw(&Rectangle::new(corners, colour.filled()));
    }

    /// A hairline.
    pub fn line(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
        let points = [from, to].map(|(x, y)| (x * TENTHS, y * TENTHS));
        self.curve_tenths(points.to_vec(), 1, colour);
    }

    /// A dashed upright line, for references that are not data.
    pub fn dashes(&self, x: i32, top: i32, bottom: i32, colour: RGBColor) {
        let mut y = top;
        while y < bottom {
            self.line((x, y), (x, (y + 4).min(bottom)), colour);
            y += 7;
        }
    }

    /// A line through points in tenths.
    pub fn curve_tenths(&self, points: Vec<(Tenth, Tenth)>, width_px: u32, colour: RGBColor) {
        self.draw(&PathElement::new(points, ShapeStyle::from(colour).stroke_width(width_px * TENTHS.unsigned_abs())));
    }

    /// A filled outline through points in tenths.
    pub fn outline_tenths(&self, points: Vec<(Tenth, Tenth)>, colour: RGBColor) {
        self.draw(&Polygon::new(points, colour.filled()));
    }

    /// A dot, its centre in tenths.
    pub fn dot_tenths(&self, centre: (Tenth, Tenth), radius_px: i32, colour: RGBColor) {
        self.draw(&Circle::new(centre, radius_px * TENTHS, colour.filled()));
    }

    /// A line of text on the baseline `y`. What XML cannot carry (control characters) becomes a space.
    pub fn text(&self, (x, y): (i32, i32), how: Type, text: &str) {
        let printable: String = text.chars().map(|c| if in_xml(c) { c } else { ' ' }).collect();
        let h_pos = match how.side {
            Side::Start => HPos::Left,
            Side::Middle => HPos::Center,
            Side::End => HPos::Right,
        };
        let style = if how.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::Name(PLACEHOLDER), backend_size(how.size_px), style);
        let set = TextStyle::from(font).color(&how.colour).pos(Pos::new(h_pos, VPos::Top));
        let top = y * TENTHS - how.size_px * TENTHS * TOP_TO_BASELINE_HUNDREDTHS / 100;
        self.draw(&Text::new(printable, (x * TENTHS, top), set));
    }
}

/// plotters counts a font's height with its line gap and divides by 1.24 on writing; this undoes it.
#[allow(clippy::float_arithmetic, reason = "a type size on its way into plotters, which takes floats; no amount")]
fn backend_size(size_px: i32) -> f64 {
    f64::from(size_px * TENTHS) * 1.24
}

/// Whether XML 1.0 can carry a character on one line.
fn in_xml(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// Draws a picture of `width_px` × `height_px` and returns it as a finished SVG document.
pub fn picture(title: &str, (width_px, height_px): (i32, i32), paint: impl FnOnce(Pen<'_>)) -> String {
    let size = ((width_px * TENTHS).unsigned_abs(), (height_px * TENTHS).unsigned_abs());
    let mut drawn = String::new();
    // The backend closes its document when the pen is put down.
    paint(Pen { area: SVGBackend::with_string(&mut drawn, size).into_drawing_area() });
    finish(title, (width_px, height_px), &drawn)
}

/// Replaces the backend's opening tag by ours and takes out what it repeats on every shape.
///
/// A quotation mark of the data is written `&quot;`, so the attributes removed here can only be the backend's own.
fn finish(title: &str, (width_px, height_px): (i32, i32), drawn: &str) -> String {
    let shapes = drawn.split_once(">\n").map_or("", |(_opening, shapes)| shapes);
    let shapes = shapes.strip_suffix("</svg>\n").unwrap_or(shapes);
    let shapes = shapes.replace(&format!(" font-family=\"{PLACEHOLDER}\""), "").replace(" opacity=\"1\"", "");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width_px} {height_px}\" role=\"img\">\n\
         <title>{}</title>\n<g transform=\"scale(0.1)\" font-family=\"{FONTS}\">\n{shapes}</g>\n</svg>\n",
        escaped(title)
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if in_xml(c) => out.push(c),
            _ => out.push(' '),
        }
    }
    out
}
