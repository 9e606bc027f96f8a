//! What stands in place of a picture that may not travel without its page: its amounts would be those of fewer than five
//! households, no stored report holds them, or no month is locked yet. Whoever may see the amounts sees them on the page.

use super::frame::{Frame, Width};

/// The picture.
pub fn svg(frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    frame.draw_empty(width, words.too_few, words.too_few_do)
}

/// In place of one of which no month's report holds the figures.
pub fn on_page(frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    frame.draw_empty(width, words.on_page, words.on_page_do)
}

/// In place of one of months none of which is locked.
pub fn no_report(frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    frame.draw_empty(width, words.no_report, words.no_report_do)
}
