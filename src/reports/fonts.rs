//! The two fonts that documents and pictures in pixels are set in, inside the program: a bare machine has none, and another
//! font would be other bytes.

/// Noto Sans SC, cut down to the characters of the national standards.
pub const REGULAR: &[u8] = include_bytes!("../../reports/fonts/regular.otf");
pub const BOLD: &[u8] = include_bytes!("../../reports/fonts/bold.otf");

/// A picture's text with what these fonts lack written otherwise: they have no mathematical minus and no check mark.
pub fn writable(svg: &str) -> String {
    svg.replace('\u{2212}', "\u{2013}").replace('\u{2713}', "\u{221a}")
}

/// Both, in the order they are looked through.
pub const ALL: [&[u8]; 2] = [REGULAR, BOLD];
