//! A QR code as a drawing in the page: one path, no style, sharp at any size.

use crate::charts::qr::{Drawn, draw};
use anyhow::Context;
use maud::{Markup, html};

/// The code of a text; `label` says what it is to those who cannot see it.
pub fn code(text: &str, label: &str) -> anyhow::Result<Markup> {
    let Drawn { side, path } = draw(text).context("the text is too long for a QR code")?;
    Ok(html! {
        svg.qr viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#ffffff" {}
            path d=(path) fill="#000000" {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_path_and_white_around_it() {
        let drawn = code("https://county.example/s/abcdefghjkmnpqrstuvw", "QR").expect("short enough").into_string();
        assert!(drawn.contains("viewBox=\"0 0 41 41\"") && drawn.contains("M4 4h1v1h-1z"));
        assert!(!drawn.contains("style"));
        assert!(code(&"x".repeat(5_000), "QR").is_err());
    }
}
