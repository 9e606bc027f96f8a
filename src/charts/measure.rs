//! How wide a text will be, well enough that nothing overlaps and nothing is cut.
//!
//! The reader's browser picks the font (`PingFang` here, `YaHei` there), so the exact widths of one font would be a
//! false precision, and embedding eight megabytes of it only to measure would be dear. What Chinese fonts agree on
//! is enough: a character of the script is one em, digits are a little over half. The Latin widths lie on the
//! wide side of the common fonts; an estimate may leave air, it must not run short.
//!
//! Lines break after any character of the script and at spaces; what does not fit at last ends in an ellipsis.

/// Hundredths of an em a character takes.
const fn hundredths(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 33,
        'f' | 'r' | 't' | 'I' | '(' | ')' | '[' | ']' | '/' | '-' | '·' => 42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 98,
        'A'..='Z' | '&' | '+' | '−' | '=' | '<' | '>' | '#' => 74,
        'a'..='z' => 58,
        '\u{0}'..='\u{2E7F}' => 62,
        _ => 100,
    }
}

/// Width in pixels, rounded up, of a text set in `size_px`.
pub fn width_px(text: &str, size_px: i32) -> i32 {
    let em_hundredths: i32 = text.chars().map(hundredths).fold(0, i32::saturating_add);
    em_hundredths.saturating_mul(size_px).saturating_add(99) / 100
}

/// The text, or as much of it as fits with an ellipsis.
pub fn fit(text: &str, size_px: i32, room_px: i32) -> String {
    wrap(text, size_px, room_px, 1).pop().unwrap_or_default()
}

/// The text broken into at most `most` lines of `room_px`; the last ends in an ellipsis if something is left over.
pub fn wrap(text: &str, size_px: i32, room_px: i32, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && lines.len() < most {
        let end = break_at(rest, size_px, room_px);
        if lines.len() + 1 == most && end < rest.len() {
            lines.push(shortened(rest, size_px, room_px));
            break;
        }
        // The dot between two notes is not needed where the line ends.
        let line = if end < rest.len() { rest[..end].trim_end_matches([' ', '·']) } else { rest };
        lines.push(line.to_owned());
        rest = rest[end..].trim_start();
    }
    lines
}

/// Where the first line of `text` ends, in bytes: all that fits, back to the last place where a line may break.
fn break_at(text: &str, size_px: i32, room_px: i32) -> usize {
    let (mut used, mut last_break) = (0, 0);
    let mut previous: Option<char> = None;
    for (at, c) in text.char_indices() {
        if at > 0 && previous.is_some_and(|p| may_break_between(p, c)) {
            last_break = at;
        }
        used += hundredths(c) * size_px;
        if used > room_px * 100 && at > 0 {
            // A word longer than the line is cut where the line ends.
            return if last_break > 0 { last_break } else { at };
        }
        previous = Some(c);
    }
    text.len()
}

/// A line may break after a space and around characters of the script, but does not begin with a closing mark.
fn may_break_between(before: char, after: char) -> bool {
    let closing = matches!(after, '，' | '。' | '、' | '；' | '：' | '）' | '”' | '》' | '·' | '…' | ',' | '.');
    !closing && (before == ' ' || hundredths(before) == 100 || hundredths(after) == 100)
}

fn shortened(text: &str, size_px: i32, room_px: i32) -> String {
    let room = room_px - width_px("…", size_px);
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += hundredths(c) * size_px;
        if used > room * 100 {
            break;
        }
        kept.push(c);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_breaks_anywhere_and_english_at_spaces() {
        assert_eq!(wrap("还差四个模块、两场带播", 10, 60, 3), ["还差四个模", "块、两场带播"]);
        assert_eq!(wrap("four modules left", 10, 60, 4), ["four", "modules", "left"]);
        assert_eq!(wrap("abcd · efgh", 10, 40, 4), ["abcd", "efgh"]);
        assert_eq!(wrap("  ", 10, 60, 4), Vec::<String>::new());
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis_and_fits() {
        let cut = fit("遂川县电子商务行业协会", 10, 60);
        assert_eq!(cut, "遂川县电子…");
        assert!(width_px(&cut, 10) <= 60);
        assert_eq!(fit("短", 10, 60), "短");
        assert_eq!(wrap("Incomprehensibilities", 10, 40, 2).len(), 2);
    }
}
