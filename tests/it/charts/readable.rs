//! Whether the texts of a picture can be read: large enough, inside the paper, none over another.
//!
//! Widths are taken as a common font has them, apart from the estimates of the code under test.

use super::xml::{Element, elements};

/// Twelve pixels, in the tenths pictures are drawn in.
const SMALLEST: i64 = 120;

struct Ink<'a> {
    left: i64,
    right: i64,
    top: i64,
    bottom: i64,
    text: &'a str,
}

pub fn assert_readable(name: &str, svg: &str) {
    let all = elements(svg);
    let paper: Vec<i64> = all[0].get("viewBox").unwrap().split(' ').map(|n| n.parse::<i64>().unwrap() * 10).collect();
    let texts: Vec<Ink> = all.iter().filter(|e| e.name == "text").map(ink).collect();
    for (at, a) in texts.iter().enumerate() {
        assert!(a.left >= 0 && a.right <= paper[2], "{name}: {} is cut", a.text);
        assert!(a.top >= 0 && a.bottom <= paper[3], "{name}: {} is cut", a.text);
        for b in &texts[at + 1..] {
            let apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
            assert!(apart, "{name}: {} over {}", a.text, b.text);
        }
    }
}

fn ink(text: &Element) -> Ink<'_> {
    let size = text.number("font-size");
    assert!(size >= SMALLEST, "{} is too small", text.text);
    let long = text.text.chars().map(em_hundredths).sum::<i64>() * size / 100;
    let (x, top) = (text.number("x"), text.number("y"));
    let left = match text.get("text-anchor").unwrap() {
        "start" => x,
        "end" => x - long,
        _ => x - long / 2,
    };
    Ink { left, right: left + long, top, bottom: top + size * 9 / 10, text: &text.text }
}

fn em_hundredths(c: char) -> i64 {
    match c {
        ' ' | '.' | ',' | ':' | 'i' | 'l' => 28,
        'f' | 'r' | 't' => 38,
        c if c < '\u{2E80}' => 56,
        _ => 100,
    }
}
