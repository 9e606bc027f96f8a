//! The golden file of each picture, and what every picture must hold in both languages and widths.

use std::path::Path;

use red_anchor::charts::Width;
use red_anchor::domain::lang::Lang;

use super::sample;
use super::xml::{Element, elements};

fn texts(elements: &[Element]) -> Vec<&str> {
    elements.iter().filter(|e| e.name == "text").map(|e| e.text.as_str()).collect()
}

#[test]
fn every_picture_equals_its_golden_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/charts");
    for (name, svg) in sample::all(Lang::Zh, Width::Desktop) {
        let file = folder.join(format!("{name}.svg"));
        if std::env::var_os("RED_ANCHOR_BLESS").is_some() {
            std::fs::write(&file, &svg).unwrap();
        }
        let golden = std::fs::read_to_string(&file).unwrap();
        assert!(svg == golden, "{name} differs from its golden file; RED_ANCHOR_BLESS=1 renews it");
    }
}

#[test]
fn every_picture_says_what_it_is_where_it_is_from_and_until_when() {
    for lang in [Lang::Zh, Lang::En] {
        for width in [Width::Desktop, Width::Phone] {
            for (name, svg) in sample::all(lang, width) {
                let all = elements(&svg);
                let text = texts(&all).join(" ");
                let (unit, as_of, demo) = match (lang, name) {
                    (Lang::Zh, "progress") => ("课时", "截至 2026-11-22 23:59", "演示数据"),
                    (Lang::Zh, "timeline") => ("单／", "截至 2026-11-22 23:59", "演示数据"),
                    (Lang::Zh, _) => ("元", "截至 2026-11-22 23:59", "演示数据"),
                    (Lang::En, "progress") => ("class hours", "2026-11-22 23:59", "Demonstration data"),
                    (Lang::En, "timeline") => ("orders per", "2026-11-22 23:59", "Demonstration data"),
                    (Lang::En, _) => ("yuan", "2026-11-22 23:59", "Demonstration data"),
                };
                for wanted in [unit, as_of, demo] {
                    assert!(text.contains(wanted), "{name} {lang:?} {width:?}: {wanted} missing in {text}");
                }
                assert_eq!(all[0].get("role"), Some("img"));
                assert_eq!(all[1].name, "title");
            }
        }
    }
}

#[test]
fn every_picture_obeys_the_sites_content_policy_and_scales_with_the_page() {
    for width in [Width::Desktop, Width::Phone] {
        for (name, svg) in sample::all(Lang::Zh, width) {
            let all = elements(&svg);
            for element in &all {
                assert!(!["style", "script", "foreignObject", "image"].contains(&element.name.as_str()), "{name}");
                for (attribute, value) in &element.attributes {
                    let refused = attribute == "style" || attribute.starts_with("on") || attribute.ends_with("href");
                    assert!(!refused, "{name}: {attribute} on {}", element.name);
                    assert!(!value.contains("NaN") && !value.contains("inf"), "{name}: {attribute}={value}");
                }
            }
            assert_eq!((all[0].get("width"), all[0].get("height")), (None, None), "{name}");
            assert!(all[0].get("viewBox").unwrap().starts_with(&format!("0 0 {} ", width.px())), "{name}");
        }
    }
}

#[test]
fn text_is_large_enough_for_a_phone_and_lies_on_the_paper() {
    for lang in [Lang::Zh, Lang::En] {
        for width in [Width::Desktop, Width::Phone] {
            for (name, svg) in sample::all(lang, width) {
                let all = elements(&svg);
                let paper: Vec<i64> =
                    all[0].get("viewBox").unwrap().split(' ').map(|n| n.parse::<i64>().unwrap() * 10).collect();
                for text in all.iter().filter(|e| e.name == "text") {
                    let size = text.number("font-size");
                    assert!(size >= 120, "{name}: {size}");
                    let ems: i64 = text.text.chars().map(|c| if c > '\u{2E7F}' { 100 } else { 56 }).sum();
                    let (x, y, long) = (text.number("x"), text.number("y"), ems * size / 100);
                    let (from, to) = match text.get("text-anchor").unwrap() {
                        "start" => (x, x + long),
                        "end" => (x - long, x),
                        _ => (x - long / 2, x + long / 2),
                    };
                    assert!(from >= 0 && to <= paper[2], "{name} {lang:?} {width:?}: {} is cut", text.text);
                    assert!(y >= 0 && y + size <= paper[3], "{name} {lang:?} {width:?}: {} is cut", text.text);
                }
            }
        }
    }
}

#[test]
fn no_two_texts_of_a_picture_overlap() {
    for lang in [Lang::Zh, Lang::En] {
        for width in [Width::Desktop, Width::Phone] {
            for (name, svg) in sample::all(lang, width) {
                let all = elements(&svg);
                let boxes: Vec<_> = all.iter().filter(|e| e.name == "text").map(ink_box).collect();
                for (at, a) in boxes.iter().enumerate() {
                    for b in &boxes[at + 1..] {
                        let apart = a.1 <= b.0 || b.1 <= a.0 || a.3 <= b.2 || b.3 <= a.2;
                        assert!(apart, "{name} {lang:?} {width:?}: {} over {}", a.4, b.4);
                    }
                }
            }
        }
    }
}

/// Left, right, top, bottom of a text's ink, and the text.
fn ink_box(text: &Element) -> (i64, i64, i64, i64, &str) {
    let size = text.number("font-size");
    let ems: i64 = text.text.chars().map(|c| if c > '\u{2E7F}' { 100 } else { 52 }).sum();
    let (x, y, long) = (text.number("x"), text.number("y"), ems * size / 100);
    let (from, to) = match text.get("text-anchor").unwrap() {
        "start" => (x, x + long),
        "end" => (x - long, x),
        _ => (x - long / 2, x + long / 2),
    };
    (from, to, y, y + size * 9 / 10, &text.text)
}

#[test]
fn english_pictures_hold_chinese_only_where_the_data_does() {
    for (name, svg) in sample::all(Lang::En, Width::Phone) {
        if name == "ranked" {
            continue; // the names of towns are data
        }
        for text in texts(&elements(&svg)) {
            assert!(!text.chars().any(|c| ('\u{2E80}'..'\u{FF00}').contains(&c)), "{name}: {text}");
        }
    }
}
