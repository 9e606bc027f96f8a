//! What stands in place of a picture whose amounts would be those of fewer than five households: pictures travel without
//! their page, and whoever may see the amounts sees them there.

use super::frame::{Frame, Width};

/// The picture.
pub fn svg(frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    frame.draw_empty(width, words.too_few, words.too_few_do)
}
