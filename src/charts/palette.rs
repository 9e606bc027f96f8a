//! Colours by meaning. The same three carry the same meaning on every page: slate is buyers' money, tea green the
//! farmer's, kumquat orange the uplift. Everyone else is a grey of sand.
//!
//! Rule that must hold: text reaches a contrast of 4.5:1 on what it stands on. Kumquat itself does not on paper,
//! so words about the uplift use [`KUMQUAT_INK`]. Orange also differs in lightness from the other two, for readers who do
//! not see hues apart; and every mark has its words beside it anyway.

use plotters::style::RGBColor;

/// The ground, so that a downloaded picture is readable on a dark screen too.
pub const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
/// Titles and values.
pub const INK: RGBColor = RGBColor(0x26, 0x24, 0x1F);
/// Units, sources, names on axes.
pub const MUTED: RGBColor = RGBColor(0x6B, 0x66, 0x5C);
/// Grid lines.
pub const GRID: RGBColor = RGBColor(0xE8, 0xE4, 0xDC);
/// Zero lines and connectors.
pub const AXIS: RGBColor = RGBColor(0xA8, 0xA0, 0x92);
/// Buyers' money.
pub const SLATE: RGBColor = RGBColor(0x4A, 0x5A, 0x6A);
/// Net sales: buyers' money too, lighter.
pub const SLATE_LIGHT: RGBColor = RGBColor(0x8A, 0x99, 0xA8);
/// What the farmer gets.
pub const TEA: RGBColor = RGBColor(0x2F, 0x6B, 0x4F);
/// The uplift.
pub const KUMQUAT: RGBColor = RGBColor(0xD9, 0x73, 0x0D);
/// Words about the uplift.
pub const KUMQUAT_INK: RGBColor = RGBColor(0x8F, 0x4A, 0x06);
/// The range of the uplift, and what is half done.
pub const RANGE: RGBColor = RGBColor(0xF6, 0xE0, 0xC5);
/// The uplift by size, palest first: one hue, told apart by lightness.
pub const UPLIFT: [RGBColor; 5] =
    [RGBColor(0xFD, 0xF4, 0xE8), RANGE, RGBColor(0xF0, 0xC4, 0x8F), RGBColor(0xE7, 0xA2, 0x55), KUMQUAT];
/// Empty cells and the troughs of bars.
pub const TROUGH: RGBColor = RGBColor(0xF0, 0xEC, 0xE4);
/// Words that ask for a person, and the demonstration mark.
pub const AMBER_INK: RGBColor = RGBColor(0x8A, 0x52, 0x00);
/// The ground of the demonstration mark.
pub const AMBER_PAPER: RGBColor = RGBColor(0xFF, 0xF3, 0xDF);
/// Other parties, darkest first.
pub const SAND: [RGBColor; 5] = [
    RGBColor(0x98, 0x8F, 0x82),
    RGBColor(0xB0, 0xA6, 0x95),
    RGBColor(0xC6, 0xBC, 0xAE),
    RGBColor(0xD8, 0xCF, 0xC2),
    RGBColor(0xE4, 0xDD, 0xD2),
];

#[cfg(test)]
#[allow(clippy::float_arithmetic, reason = "the contrast of the accessibility guidelines is defined with powers")]
mod tests {
    use super::*;

    /// Relative luminance as the Web Content Accessibility Guidelines define it.
    fn luminance(colour: RGBColor) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
    }

    fn contrast(a: RGBColor, b: RGBColor) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_has_enough_contrast_on_what_it_stands_on() {
        let on_paper = [INK, MUTED, KUMQUAT_INK, AMBER_INK].map(|ink| (ink, PAPER));
        let on_sand = SAND.map(|sand| (INK, sand));
        let others = [(AMBER_INK, AMBER_PAPER), (PAPER, TEA), (INK, KUMQUAT), (INK, RANGE), (MUTED, TROUGH)];
        let on_uplift = UPLIFT.map(|shade| (INK, shade));
        for (ink, ground) in on_paper.into_iter().chain(on_sand).chain(on_uplift).chain(others) {
            assert!(contrast(ink, ground) >= 4.5, "{ink:?} on {ground:?}: {}", contrast(ink, ground));
        }
    }

    #[test]
    fn the_three_meanings_stand_out_from_paper_and_differ_in_lightness() {
        for colour in [SLATE, TEA, KUMQUAT] {
            assert!(contrast(colour, PAPER) >= 3.0, "{colour:?}");
        }
        assert!(contrast(KUMQUAT, TEA) > 1.5 && contrast(KUMQUAT, SLATE) > 1.5);
    }
}
