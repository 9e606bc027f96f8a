//! Town sheet, review of a stream, training summary: the numbers of their facts, nothing of few households, both languages.

use super::words::words;
use super::{booked, keep, report};
use red_anchor::charts::timeline::Timeline;
use red_anchor::domain::calendar::{Instant, local, parse_day};
use red_anchor::domain::lang::Lang;
use red_anchor::domain::live::{Goods, LiveStream, Sums};
use red_anchor::domain::month_report::{Report, figures};
use red_anchor::reports::certificate;
use red_anchor::reports::paper::Paper;
use red_anchor::reports::stream::{self, OnShelf, Review};
use red_anchor::reports::templates::Templates;
use red_anchor::reports::town::{self, TownSheet};
use red_anchor::reports::training::{self, Certificate, Certified, Person, Summary};

fn at(day: &str, hour: u32, minute: u32) -> Instant {
    local(parse_day(day).unwrap().and_hms_opt(hour, minute, 0).unwrap())
}

/// Sets a paper, holds that two makings are the same bytes, and hands on what it says.
fn said(name: &str, paper: &Paper) -> String {
    let bytes = paper.pdf(&Templates::default()).unwrap();
    keep(&format!("{name}-{}.pdf", paper.lang.key()), &bytes);
    assert!(bytes == paper.pdf(&Templates::default()).unwrap(), "two makings differ");
    words(&paper.set(&Templates::default()).unwrap())
}

fn chinese(text: &str) -> String {
    text.chars().filter(|c| ('\u{2E80}'..'\u{FF00}').contains(c)).collect()
}

#[test]
fn a_town_reads_its_own_months_from_the_countys_reports() {
    let march = Report { month: "2026-03".into(), report_no: 4, ..report(true) };
    let elsewhere: Vec<_> = (1..=7).map(|n| booked(n, "360827101", 1)).collect();
    let april = Report { month: "2026-04".into(), report_no: 5, figures: figures(&elsewhere), ..report(true) };
    let stored = [report(true).document(), march.document(), april.document()];
    let categories = [("general".to_owned(), None), ("lifted".to_owned(), Some(5)), ("all".to_owned(), Some(7))];
    let sheet = TownSheet {
        code: "360827100",
        name: "泉江镇",
        stored: &stored,
        open: &["2026-01".to_owned()],
        households: Some(7),
        categories: &categories,
    };
    for lang in [Lang::Zh, Lang::En] {
        let text = said("town", &town::paper(&sheet, lang).unwrap());
        // seven households, twice 7 × (6,500 − 4,000), and nothing in April
        for wanted in ["35,000.00", "17,500.00", "2026-01", &stored[0].1, "2026-02", "2026-04"] {
            assert!(text.contains(wanted), "{lang:?}: {wanted} missing in {text}");
        }
        let low = if lang == Lang::Zh { "2.8 万元" } else { "28,000.00 yuan" };
        assert!(text.contains(low) && !text.contains("15,000.00"), "the low end, and no other town's: {text}");
        if lang == Lang::En {
            assert_eq!(chinese(&text.replace("泉江镇", "").replace("遂川县", "")), "");
        }
    }
    // the town whose amounts the county holds back has none here either
    let held = TownSheet { code: "360827102", name: "碧洲镇", stored: &stored[..2], households: None, ..sheet };
    let text = said("town-held", &town::paper(&held, Lang::Zh).unwrap());
    assert!(text.contains("不列") && text.contains("不足五户") && !text.contains("7,500.00"), "{text}");
    assert!(town::paper(&TownSheet { stored: &[], ..held }, Lang::Zh).is_err());
}

fn goods(id: i64, name: &str, pieces: i64, gmv_fen: i64, households: i64) -> Goods {
    let sums = Sums { orders: pieces, gmv_fen, refund_fen: 12_345, households };
    Goods { id, name: name.into(), promised_pieces: 100, pieces, in_stock: None, sums }
}

#[test]
fn a_review_of_a_stream_says_what_a_hall_may_see_and_until_when_it_is_provisional() {
    let products = vec![
        goods(1, "金桔", 87, 1_234_567, 9),
        goods(2, "狗牯脑茶", 13, 765_432, 2),
        goods(3, "板鸭", 21, 543_210, 6),
        goods(4, "竹笋", 33, 333_333, 8),
    ];
    let stream = LiveStream {
        stream_id: 7,
        title: "春茶第一场".into(),
        room: "一号直播间".into(),
        shop: "县供销社".into(),
        anchor: "主播甲".into(),
        starts_at: at("2026-02-10", 19, 58),
        ends_at: at("2026-02-10", 22, 31),
        sums: Sums { orders: 154, gmv_fen: 2_876_542, refund_fen: 49_380, households: 23 },
        goods: Vec::new(),
        products,
        minutes: Vec::new(),
    };
    let minutes = Timeline { start_at: stream.starts_at, end_at: stream.ends_at, orders: vec![1; 154] };
    let shelf = [OnShelf { place: 1, name: "金桔 5 斤装".into(), price_fen: 3_990, promised: 100 }];
    let review = Review {
        county: "遂川县",
        demo: true,
        stream: &stream,
        planned: Some((at("2026-02-10", 20, 0), at("2026-02-10", 22, 0))),
        off: None,
        started_on: parse_day("2026-02-10").unwrap(),
        final_on: parse_day("2026-03-12").unwrap(),
        is_final: false,
        views: Some(12_843),
        shelf: &shelf,
        timeline: &minutes,
        as_of: Some(at("2026-02-11", 0, 0)),
        at: at("2026-02-11", 9, 30),
    };
    for lang in [Lang::Zh, Lang::En] {
        let text = said("stream", &stream::paper(&review, lang));
        for wanted in
            ["154", "28,700.00", "400.00", "12,843", "12,300.00", "85", "3,300.00", "153", "2026-02-10 22:31", "39.90"]
        {
            assert!(text.contains(wanted), "{lang:?}: {wanted} missing in {text}");
        }
        // two households' tea takes the duck with it, and nothing is to the fen
        for kept in ["7,600.00", "7,654.32", "5,400.00", "12,345.67", "28,765.42"] {
            assert!(!text.contains(kept), "{lang:?}: {kept} in {text}");
        }
        let until = match lang {
            Lang::Zh => "暂计：平台在 2026-03-12 以前",
            Lang::En => "Provisional: until 2026-03-12",
        };
        assert!(text.contains(until), "{text}");
    }
    let few = LiveStream { sums: Sums { households: 4, ..stream.sums }, ..stream.clone() };
    let over = Review { stream: &few, is_final: true, planned: None, views: None, ..review };
    let text = said("stream-few", &stream::paper(&over, Lang::Zh));
    assert!(text.contains("已满") && text.contains("平台没有给"), "{text}");
    // the orders with the price of the shelf would say it
    for kept in ["154", "28,700.00", "12,300.00", "3,300.00"] {
        assert!(!text.contains(kept), "{kept} in {text}");
    }
    let off = Review { off: Some("示范-004"), planned: review.planned, ..over };
    let text = said("stream-off", &stream::paper(&off, Lang::Zh));
    assert!(text.contains("这场取消了：示范-004") && text.contains("2026-02-10 20:00"), "{text}");
    assert!(!text.contains("2026-02-10 22:31"), "it was not held: {text}");
}

fn summary() -> Summary {
    let day = |text: &str| parse_day(text).unwrap();
    let person = |name: &str, stage, hours, next: &str, urgent| Person {
        name: name.into(),
        stage,
        hours,
        passed: 6,
        planned: 20,
        present: 17,
        next: next.into(),
        urgent,
    };
    let certificate = |name: &str, number: &str, expires_on| Certificate {
        name: name.into(),
        kind: "national".into(),
        number: number.into(),
        issued_on: day("2026-03-02"),
        expires_on,
    };
    let certified = |name: &str, still| Certified {
        name: name.into(),
        certified_on: day("2026-03-02"),
        first_on: Some(day("2026-03-09")),
        still,
    };
    Summary {
        county: "遂川县".into(),
        demo: true,
        on: day("2026-09-01"),
        year: 2026,
        counts: (312, 41, 12),
        reference_hours: 120,
        modules: 8,
        stages: vec![("none", 0), ("trainee", 9), ("supervised", 4), ("certified", 11), ("mentor", 2)],
        people: vec![
            person("郭金玉", "mentor", 132, "8/8", false),
            person("罗小红", "certified", 96, "13/9", true),
            person("康林", "trainee", 40, "—", false),
        ],
        issued: vec![certificate("郭金玉", "N-0031", None)],
        expiring: vec![Certificate {
            kind: "association".into(),
            ..certificate("罗小红", "N-0017", Some(day("2026-10-20")))
        }],
        expiry_days: 60,
        certified: vec![certified("郭金玉", Some(true)), certified("罗小红", Some(false)), certified("康林", None)],
        party: Some(vec![("applicant", 6), ("activist", 4), ("candidate", 0), ("probationary", 1), ("full", 9)]),
    }
}

#[test]
fn the_training_of_a_year_is_told_without_amounts_and_party_stages_without_few() {
    for lang in [Lang::Zh, Lang::En] {
        let text = said("training", &training::paper(&summary(), lang));
        for wanted in ["312", "41", "N-0031", "N-0017", "2026-10-20", "17 / 20", "6 / 8", "51"] {
            assert!(text.contains(wanted), "{lang:?}: {wanted} missing in {text}");
        }
        let (shown, hidden, after) = match lang {
            Lang::Zh => (
                ["入党申请人", "红色主播证"],
                ["入党积极分子", "预备党员", "正式党员"],
                "满 90 天的 2 人，第 60 至 120 天里还开过播的 1 人",
            ),
            Lang::En => (
                ["Applicant", "National"],
                ["Activist", "Probationary", "Full member"],
                "2 people are past 90 days; 1 of them",
            ),
        };
        assert!(shown.iter().all(|word| text.contains(word)) && text.contains(after), "{text}");
        assert!(hidden.iter().all(|word| !text.contains(word)), "{text}");
        if lang == Lang::En {
            let names = ["遂川县", "郭金玉", "罗小红", "康林"].iter().fold(text, |text, name| text.replace(name, ""));
            assert_eq!(chinese(&names), "");
        }
    }
    let off = said("training-off", &training::paper(&Summary { party: None, ..summary() }, Lang::Zh));
    assert!(!off.contains("党员"), "{off}");
    let empty = said("training-empty", &training::paper(&Summary::default(), Lang::Zh));
    assert!(empty.contains("还没有人满 90 天"), "{empty}");
}

#[test]
fn a_certificate_is_one_page_that_says_what_its_page_says() {
    let lines = ["编号 聘-2026-0003".to_owned(), "遂川县 · 2026-11-24 发".to_owned()];
    let of = certificate::Certificate {
        county: "遂川县",
        demo: true,
        title: "聘书",
        text: "兹聘请 郭金玉 为本协会红色主播，聘期自 2026.11.24 至 2028.11.24。",
        lines: &lines,
        sign: "签发人",
        scan: "扫码查验真伪",
        address: "https://example.org/check/abc",
        issued_on: parse_day("2026-11-24").unwrap(),
    };
    let paper = certificate::paper(&of, Lang::Zh).unwrap();
    assert_eq!(paper.set(&Templates::default()).unwrap().pages().len(), 1);
    let text = said("certificate", &paper);
    for wanted in ["聘书", "郭金玉", "聘-2026-0003", "/check/abc", "演示"] {
        assert!(text.contains(wanted), "{wanted} missing in {text}");
    }
    let no_code = certificate::paper(&certificate::Certificate { address: "", ..of }, Lang::Zh).unwrap();
    assert!(no_code.pictures.is_empty() && !said("certificate-no-code", &no_code).contains("扫码"));
}
