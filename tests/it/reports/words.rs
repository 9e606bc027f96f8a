//! What set pages say, word by word as they stand.

use typst::layout::{Frame, FrameItem};
use typst_layout::PagedDocument;

/// All words of a document, page after page, pictures apart.
pub fn words(document: &PagedDocument) -> String {
    let mut said = String::new();
    for page in document.pages() {
        walk(&page.frame, &mut |text, _| said.push_str(text));
        said.push('\n');
    }
    said
}

/// Each run of words with its size in whole points.
pub fn sizes_pt(document: &PagedDocument) -> Vec<(String, i64)> {
    let mut sizes = Vec::new();
    for page in document.pages() {
        walk(&page.frame, &mut |text, size_pt| sizes.push((text.to_owned(), size_pt)));
    }
    sizes
}

#[allow(clippy::cast_possible_truncation, reason = "a type size has few points")]
fn walk(frame: &Frame, see: &mut impl FnMut(&str, i64)) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Text(text) => see(&text.text, text.size.to_pt() as i64),
            FrameItem::Group(group) => walk(&group.frame, see),
            _ => {}
        }
    }
}
