//! Pictures: data in, SVG text out, one picture a file.
//!
//! A picture is a struct of exactly what it shows and a pure function `svg(&data, &frame, width) -> String`.
//! It reads no store, no clock and no file, so the same data gives the same bytes.
//!
//! Rules that must hold in every picture:
//! - title, unit, source and 截至 are inside it, because pictures travel without their page; so is the mark that
//!   the data is a demonstration's;
//! - nothing is told by colour alone: each mark has its words or its number beside it, so there is no legend;
//! - bars start at zero, negative amounts are drawn below or left of it;
//! - amounts stay integers up to the pixel ([`scale`]) and the printed digit ([`numbers`]);
//! - no `style` attribute and no style sheet in the SVG: the site's Content-Security-Policy forbids both.
//!
//! Where to look: [`frame`] draws what surrounds a picture, [`pen`] is the only file that knows plotters,
//! [`palette`] gives colours their meaning, [`wording`] holds the fixed words in both languages.
//! A new picture: a file with its data struct and `svg`, its words in [`wording`], a golden file in its test.

pub mod ageing;
pub mod before_after;
pub mod cumulative;
pub mod distribution;
pub mod flow;
pub mod frame;
mod measure;
pub mod months;
mod numbers;
mod palette;
mod pen;
pub mod progress;
pub mod qr;
pub mod ranked;
pub mod readings;
mod rows;
mod scale;
pub mod season;
pub mod split;
pub mod tiles;
pub mod timeline;
pub mod withheld;
mod wording;
mod years;

pub use frame::{Frame, Width};
