//! Documents: the same bytes from the same facts, the numbers and words of their facts and no others, and a template's fault
//! by file and line.

#![allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]

mod papers;
mod tables;
mod words;

use crate::program::Program;
use red_anchor::charts::{Frame, Width, ranked};
use red_anchor::domain::amounts::{Amounts, Col};
use red_anchor::domain::calendar::{local, parse_day};
use red_anchor::domain::lang::Lang;
use red_anchor::domain::ledger::facts::Class;
use red_anchor::domain::month_report::{BASIS, Booked, Lock, Place, Report, Shape, bases, figures};
use red_anchor::domain::regions::RegionCode;
use red_anchor::reports::month::{self, Printed};
use red_anchor::reports::paper::{Fault, Paper};
use red_anchor::reports::pixels;
use red_anchor::reports::statement::{self, DaySold, Sold, Statement};
use red_anchor::reports::templates::Templates;
use red_anchor::reports::year;
use std::collections::BTreeMap;
use tempfile::TempDir;
use words::words;

/// What a household sold and got, in fen; what is not settled has no settled part.
fn booked(farmer_id: i64, town: &str, product_id: i64) -> Booked {
    let mut amounts = Amounts::ZERO;
    for (column, fen) in [
        (Col::Gmv, 1_234_567),
        (Col::Refund, 34_567),
        (Col::Farmer, 700_000),
        (Col::Operator, 380_000),
        (Col::Platform, 60_000),
        (Col::Logistics, 60_000),
        (Col::Goods, 210_500),
        (Col::SettledNet, 1_000_000),
        (Col::SettledFarmer, 650_000),
        (Col::BaselineLow, 300_000),
        (Col::BaselineMid, 400_000),
        (Col::BaselineHigh, 450_000),
        (Col::SettledBaselineLow, 300_000),
        (Col::SettledBaselineMid, 400_000),
        (Col::SettledBaselineHigh, 450_000),
    ] {
        amounts[column] = fen;
    }
    Booked {
        product_id,
        room_id: 1,
        anchor_id: 1,
        class: Class::Red,
        farmer_id,
        village: RegionCode::parse(&format!("{town}201")).unwrap(),
        adjusts_on: None,
        entries: 2,
        amounts,
    }
}

fn named(names: &[(&str, &str)]) -> BTreeMap<String, String> {
    names.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect()
}

/// Seven households of one town, six of another and three of a third, which is held back with the second.
fn report(demo: bool) -> Report {
    let mut rows: Vec<Booked> = (1..=7).map(|n| booked(n, "360827100", 1)).collect();
    rows.extend((8..=13).map(|n| booked(n, "360827101", 2)));
    rows.extend((14..=16).map(|n| booked(n, "360827102", 2)));
    Report {
        schema: Shape::NEWEST.schema().into(),
        county: Place { code: "360827".into(), name: "遂川县".into() },
        demo,
        month: "2026-02".into(),
        report_no: 3,
        previous_sha256: "ab".repeat(32),
        made_at: "2026-03-06T09:30:00+08:00".into(),
        as_of: Some("2026-03-05T23:59:00+08:00".into()),
        lock: Lock {
            batch: 41,
            at: "2026-03-06T09:30:00+08:00".into(),
            by: "县农业农村局 刘".into(),
            reason: String::new(),
            coverage_bp: 10_000,
            filed_by: "支部 王".into(),
            filed_at: Some("2026-03-05T17:00:00+08:00".into()),
        },
        basis: BASIS.into(),
        bases: bases(),
        names: BTreeMap::from([
            ("town".into(), named(&[("360827100", "泉江镇"), ("360827101", "雩田镇"), ("360827102", "碧洲镇")])),
            ("product".into(), named(&[("1", "金桔"), ("2", "狗牯脑茶")])),
            ("room".into(), named(&[("1", "一号直播间")])),
            ("anchor".into(), named(&[("1", "主播甲")])),
        ]),
        figures: figures(&rows),
    }
}

fn paper(report: &Report, address: &str, lang: Lang) -> Paper {
    let (document, sha256) = report.document();
    let (is_shared, is_superseded) = (false, false);
    let printed = Printed { document: &document, sha256: &sha256, address, is_shared, is_superseded };
    month::paper(&printed, lang).unwrap()
}

/// Writes a PDF where somebody wants to look at it.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = crate::environment::path("RED_ANCHOR_PICTURES") {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

#[test]
fn the_same_report_is_the_same_bytes_and_another_address_is_not() {
    let report = report(true);
    let made = |address: &str| paper(&report, address, Lang::Zh).pdf(&Templates::default()).unwrap();
    let first = made("https://county.example/months/2026-02");
    keep("month-zh.pdf", &first);
    assert!(first.starts_with(b"%PDF-"));
    assert!(first == made("https://county.example/months/2026-02"), "two makings differ");
    assert!(first != made("https://county.example/shared/x"));
}

#[test]
fn a_months_document_says_the_stored_figures_and_holds_back_what_they_hold_back() {
    for lang in [Lang::Zh, Lang::En] {
        let report = report(true);
        let (_, sha256) = report.document();
        let set = paper(&report, "https://county.example/months/2026-02", lang);
        keep(&format!("month-{}.pdf", lang.key()), &set.pdf(&Templates::default()).unwrap());
        let said = words(&set.set(&Templates::default()).unwrap());
        // 16 households: 16 × (6,500 − 4,000) uplift, 16 × 12,345.67 GMV, to the fen
        for wanted in ["40,000.00", "197,530.72", "32,000.00", "56,000.00", "100.0%", &sha256, "2026-03-05 23:59"] {
            assert!(said.contains(wanted), "{lang:?}: {wanted} missing in {said}");
        }
        assert!(said.contains("17,500.00"), "the town of seven households: {said}");
        assert!(!said.contains("15,000.00"), "held back in the document: {said}");
        let (demo, held) = match lang {
            Lang::Zh => ("演示数据", "不足五户"),
            Lang::En => ("Demonstration data", "under five"),
        };
        assert!(said.contains(demo) && said.contains(held), "{said}");
    }
}

#[test]
fn real_data_bears_no_mark_and_an_old_report_says_that_it_is_old() {
    let report = report(false);
    let said = words(&paper(&report, "", Lang::Zh).set(&Templates::default()).unwrap());
    assert!(!said.contains("演示") && !said.contains("扫码"), "{said}");
    let (document, sha256) = report.document();
    let printed = Printed { document: &document, sha256: &sha256, address: "", is_shared: false, is_superseded: true };
    let old = month::paper(&printed, Lang::Zh).unwrap();
    assert!(words(&old.set(&Templates::default()).unwrap()).contains("重开过"));
    let other = document.replace(Shape::NEWEST.schema(), "red-anchor month report 0");
    assert!(month::paper(&Printed { document: &other, ..printed }, Lang::Zh).is_err());
}

#[test]
fn an_english_report_holds_chinese_only_where_the_data_does() {
    let set = paper(&report(true), "", Lang::En);
    let mut said = words(&set.set(&Templates::default()).unwrap());
    for name in [
        "遂川县",
        "县农业农村局 刘",
        "支部 王",
        "泉江镇",
        "雩田镇",
        "碧洲镇",
        "金桔",
        "狗牯脑茶",
        "一号直播间",
        "主播甲",
    ] {
        said = said.replace(name, "");
    }
    let chinese: String = said.chars().filter(|c| ('\u{2E80}'..'\u{FF00}').contains(c)).collect();
    assert_eq!(chinese, "");
}

#[test]
fn a_year_adds_what_its_months_say_and_counts_those_that_hold_back() {
    let february = report(true);
    // a month of four households says no amount of theirs
    let few: Vec<Booked> = (1..=4).map(|n| booked(n, "360827100", 1)).collect();
    let january = Report { month: "2026-01".into(), report_no: 2, figures: figures(&few), ..report(true) };
    let march = Report { month: "2026-03".into(), report_no: 4, ..report(true) };
    let documents = [january.document(), february.document(), march.document()];
    let stored = documents.each_ref().map(|(document, sha256)| year::Stored { document, sha256 });
    for lang in [Lang::Zh, Lang::En] {
        let paper = year::paper(2026, &stored, lang).unwrap();
        let bytes = paper.pdf(&Templates::default()).unwrap();
        keep(&format!("year-{}.pdf", lang.key()), &bytes);
        assert!(bytes == paper.pdf(&Templates::default()).unwrap());
        let said = words(&paper.set(&Templates::default()).unwrap());
        for wanted in ["80,000.00", "395,061.44", "40,000.00", &documents[0].1, &documents[2].1] {
            assert!(said.contains(wanted), "{lang:?}: {wanted} missing in {said}");
        }
        let (without, demo) = match lang {
            Lang::Zh => ("不含 1 个不足五户的月份", "演示数据"),
            Lang::En => ("without 1 months of fewer than five households", "Demonstration data"),
        };
        assert!(said.contains(without) && said.contains(demo) && !said.contains("10,000.00"), "{said}");
    }
    assert!(year::paper(2026, &[], Lang::Zh).is_err());
}

fn statement() -> Statement {
    let day = |text: &str| parse_day(text).unwrap();
    Statement {
        household: "陈*".into(),
        key: "H0017".into(),
        village: "雩田镇 下坪村".into(),
        county: "遂川县".into(),
        month: day("2026-02-01"),
        arrived_fen: Some(123_456),
        recorded_since: None,
        outstanding_fen: Some(65_400),
        due_fen: 188_856,
        due_on: Some(day("2026-03-15")),
        pending_fen: 9_900,
        sold: vec![Sold {
            listing: "金桔 5 斤装".into(),
            listing_id: 7,
            orders: 42,
            goods_g: 105_000,
            farmer_fen: 118_440,
            baseline_fen: Some(67_200),
        }],
        returned: vec![("kept", 2)],
        days: vec![DaySold { day: day("2026-02-03"), orders: 12, farmer_fen: 33_840 }],
        phone: "0796-6322000".into(),
        as_of: Some(local(day("2026-03-01").and_hms_opt(0, 0, 0).unwrap())),
        demo: true,
        made_at: local(day("2026-03-02").and_hms_opt(8, 0, 0).unwrap()),
    }
}

#[test]
fn a_household_reads_its_month_in_plain_words_and_large_type() {
    for lang in [Lang::Zh, Lang::En] {
        let paper = statement::paper(&statement(), lang);
        keep(&format!("statement-{}.pdf", lang.key()), &paper.pdf(&Templates::default()).unwrap());
        let pages = paper.set(&Templates::default()).unwrap();
        let said = words(&pages);
        for wanted in ["陈*", "H0017", "¥ 1,234.56", "¥ 654.00", "¥ 1,888.56", "¥ 99.00", "0796-6322000"] {
            assert!(said.contains(wanted), "{lang:?}: {wanted} missing in {said}");
        }
        let (per_weight, more) = match lang {
            Lang::Zh => ("210 斤，到手每斤 ¥ 5.64", "比地头价 ¥ 3.20 多 ¥ 2.44"),
            Lang::En => ("105 kg, ¥ 11.28 per kg for you", "¥ 4.88 more than the farm-gate price of ¥ 6.40"),
        };
        assert!(said.contains(per_weight) && said.contains(more), "{said}");
        let small = words::sizes_pt(&pages).into_iter().filter(|&(_, size_pt)| size_pt < 8).collect::<Vec<_>>();
        assert!(small.is_empty(), "{small:?}");
    }
}

#[test]
fn a_household_without_recorded_payments_is_not_told_of_zero() {
    let statement = Statement { arrived_fen: None, outstanding_fen: None, due_on: None, ..statement() };
    let said = words(&statement::paper(&statement, Lang::Zh).set(&Templates::default()).unwrap());
    assert!(said.contains("到账还没登记") && said.contains("哪天给，请打电话问") && !said.contains("¥ 0.00"), "{said}");
    let later = Statement { recorded_since: parse_day("2026-11-27"), ..statement };
    let said = words(&statement::paper(&later, Lang::Zh).set(&Templates::default()).unwrap());
    assert!(said.contains("2026年11月27日起才登记在这里") && !said.contains("哪天给"), "{said}");
}

/// A folder of templates with one file.
fn folder(name: &str, text: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    folder
}

#[test]
fn a_county_replaces_the_words_and_leaves_the_rest() {
    let own =
        include_str!("../../../reports/words.typ").replace("program: \"红播助农\"", "program: \"某县农业农村局\"");
    let folder = folder("words.typ", &own);
    let templates = Templates::with_folder(folder.path()).unwrap();
    let said = words(&paper(&report(true), "", Lang::Zh).set(&templates).unwrap());
    assert!(said.contains("某县农业农村局") && said.contains("40,000.00"));
}

#[test]
fn a_template_with_a_fault_is_named_with_its_line() {
    let fault = |text: &str| {
        let folder = folder("month.typ", text);
        let templates = Templates::with_folder(folder.path()).unwrap();
        let error = paper(&report(true), "", Lang::Zh).pdf(&templates).unwrap_err();
        error.downcast::<Fault>().unwrap().to_string()
    };
    assert!(fault("= 月报\n\n#nothing-like-it").starts_with("month.typ:3: unknown variable"), "{}", fault("#x"));
    assert!(fault("#import \"numbers.typ\": grouped\n#grouped(\"1\")").starts_with("numbers.typ:"));
    for reach in
        ["#read(\"/etc/passwd\")", "#read(\"../Cargo.toml\")", "#import \"@preview/x:1.0.0\"", "#datetime.today()"]
    {
        assert!(fault(reach).starts_with("month.typ:1: "), "{reach}: {}", fault(reach));
    }
}

#[test]
fn a_picture_in_pixels_is_twice_as_fine_and_says_its_words() {
    let frame = Frame { title: "各乡镇", note: "", source: "账本", as_of: None, demo: true, lang: Lang::Zh };
    let data = ranked::Ranked {
        figure: ranked::Figure::Uplift,
        entries: vec![ranked::Entry { name: "泉江镇".into(), fen: 4_000_000 }],
    };
    let svg = ranked::svg(&data, &frame, Width::Desktop);
    let png = pixels::png(&svg).unwrap();
    keep("ranked.png", &png);
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    let height: u32 = svg.split("viewBox=\"0 0 720 ").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    assert_eq!((side(16), side(20)), (1_440, 2 * height));
    // without its words the picture has less in it: they are drawn, in fonts that a bare machine lacks
    let (first, rest) = svg.split_once("<text").unwrap();
    let kept = rest.split("<text").map(|part| part.split_once("</text>").map_or(part, |(_, after)| after));
    let wordless = first.to_owned() + &kept.collect::<String>();
    assert!(2 * pixels::png(&wordless).unwrap().len() < png.len(), "words are drawn");
    assert!(pixels::png("<svg").is_err());
}

#[test]
fn the_command_line_refuses_a_month_without_a_report_and_writes_nothing() {
    let program = Program::on("2026-03-10");
    program.must(&["init", "--county", "360827"], &[]);
    let out = program.file("report.pdf");
    for (month, why) in [("2026-02", "No report of 2026-02 is stored"), ("2026-13", "is not a month")] {
        let done = program.run(&["report", month, "--out", out.to_str().unwrap()], &[]);
        assert!(done.code == 2 && done.err.contains(why), "{}", done.err);
    }
    let done = program.run(&["report", "2026-02", "--out", "x.pdf", "--templates", "nowhere"], &[]);
    assert!(done.code == 2 && done.err.contains("nowhere"), "{}", done.err);
    assert!(!out.exists());
}
