//! Plain bars drawn as SVG: lengths to scale, one colour a meaning, the value written beside.
//!
//! Lengths are per mille of the longest, in integers. Pictures with axes are `charts`'.

use maud::{Markup, html};

/// Length of the longest bar, in the drawing's own units.
const FULL: i64 = 1_000;

/// What a bar stands for; the style sheet knows its colour, the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Buyers' money.
    Gmv,
    /// What the farmer gets.
    Farmer,
    /// The uplift.
    Uplift,
    /// What the platform keeps.
    Platform,
    /// Other parties, darker to lighter sand.
    Sand(u8),
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Gmv => "tone-gmv",
            Self::Farmer => "tone-farmer",
            Self::Uplift => "tone-uplift",
            Self::Platform => "tone-platform",
            Self::Sand(0) => "tone-sand-0",
            Self::Sand(1) => "tone-sand-1",
            Self::Sand(2) => "tone-sand-2",
            Self::Sand(_) => "tone-sand-3",
        }
    }
}

/// One bar; `value` of `longest`. Negative values draw nothing: their number is written beside.
pub fn bar(value: i64, longest: i64, tone: Tone) -> Markup {
    let length = per_mille(value, longest);
    html! {
        svg.bar viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
            rect.track x="0" y="0" width="1000" height="10" {}
            rect class=(tone.class()) x="0" y="0" width=(length) height="10" {}
        }
    }
}

/// One bar cut into parts of a whole, in order; parts that are not positive are left out.
pub fn divided(parts: &[(i64, Tone)]) -> Markup {
    let whole: i64 = parts.iter().map(|p| p.0.max(0)).sum();
    let mut before = 0;
    let cuts: Vec<(i64, i64, Tone)> = parts
        .iter()
        .filter(|p| p.0 > 0)
        .map(|&(value, tone)| {
            let from = per_mille(before, whole);
            before += value;
            (from, per_mille(before, whole) - from, tone)
        })
        .collect();
    html! {
        svg.divided viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
            @for (from, length, tone) in cuts {
                rect class=(tone.class()) x=(from) y="0" width=(length) height="10" {}
            }
        }
    }
}

/// A small square of a tone, before the name of what the tone stands for.
pub fn swatch(tone: Tone) -> Markup {
    html! { svg.swatch viewBox="0 0 10 10" aria-hidden="true" { rect class=(tone.class()) width="10" height="10" {} } }
}

/// Class hours against the reference: a bar with a mark where the reference lies.
pub fn against(value: i64, reference: i64, full: i64) -> Markup {
    let mark = per_mille(reference, full);
    html! {
        svg.bar viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
            rect.track x="0" y="0" width="1000" height="10" {}
            rect.tone-farmer x="0" y="0" width=(per_mille(value, full)) height="10" {}
            rect.mark x=(mark) y="0" width="5" height="10" {}
        }
    }
}

fn per_mille(value: i64, longest: i64) -> i64 {
    if value <= 0 || longest <= 0 {
        return 0;
    }
    crate::domain::money::at_fraction(FULL, value, longest).min(FULL)
}
