//! The golden file of each picture, and what every picture must hold in both languages and widths.

use std::path::Path;

use red_anchor::charts::Width;
use red_anchor::domain::lang::Lang;

use super::readable::assert_readable;
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
        if crate::environment::path("RED_ANCHOR_BLESS").is_some() {
            std::fs::write(&file, &svg).unwrap();
        }
        let golden = std::fs::read_to_string(&file).unwrap();
        assert!(svg == golden, "{name} differs from its golden file; RED_ANCHOR_BLESS=1 renews it");
    }
}

#[test]
fn the_same_data_gives_the_same_bytes_in_every_language_and_width() {
    let folder = crate::environment::path("RED_ANCHOR_PICTURES");
    for lang in [Lang::Zh, Lang::En] {
        for width in [Width::Desktop, Width::Phone] {
            for ((name, svg), (_, again)) in sample::all(lang, width).into_iter().zip(sample::all(lang, width)) {
                assert_eq!(svg, again);
                if let Some(folder) = &folder {
                    std::fs::write(folder.join(format!("{name}-{}-{}.svg", lang.key(), width.px())), svg).unwrap();
                }
            }
        }
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
                    (Lang::Zh, "distribution") => ("户数", "截至 2026-11-22 23:59", "演示数据"),
                    (Lang::En, "distribution") => ("Households", "2026-11-22 23:59", "Demonstration data"),
                    (Lang::Zh, "timeline") => ("成交单数", "截至 2026-11-22 23:59", "演示数据"),
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
fn every_text_is_large_enough_whole_and_apart_from_the_others() {
    for lang in [Lang::Zh, Lang::En] {
        for width in [Width::Desktop, Width::Phone] {
            for (name, svg) in sample::all(lang, width) {
                assert_readable(&format!("{name} {lang:?} {width:?}"), &svg);
            }
        }
    }
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
