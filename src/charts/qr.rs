//! A QR code as one path of dark squares: sharp at any size, without style.

use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Modules of white around a code, as the standard asks.
const QUIET: usize = 4;

/// A code to be drawn on a square of `side` units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    pub side: usize,
    pub path: String,
}

/// The code of a text; one too long for a code is refused.
pub fn draw(text: &str) -> Result<Drawn, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let width = code.width();
    let mut path = String::new();
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (place % width + QUIET, place / width + QUIET);
            write!(path, "M{x} {y}h1v1h-1z").expect("writing to a string cannot fail");
        }
    }
    Ok(Drawn { side: width + 2 * QUIET, path })
}

/// The code as a picture of its own.
pub fn svg(text: &str) -> Result<String, QrError> {
    let Drawn { side, path } = draw(text)?;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#ffffff\"/><path d=\"{path}\" fill=\"#000000\"/></svg>\n"
    ))
}
