//! What data does that is not typical: none, one month, losses, amounts at the end of the integers, hostile names.

use red_anchor::charts::ageing::Ageing;
use red_anchor::charts::cumulative::Cumulative;
use red_anchor::charts::distribution::Distribution;
use red_anchor::charts::flow::Flow;
use red_anchor::charts::months::Months;
use red_anchor::charts::progress::Progress;
use red_anchor::charts::ranked::{Entry, Figure, Ranked};
use red_anchor::charts::readings::Readings;
use red_anchor::charts::season::{self, Season};
use red_anchor::charts::split::{Part, Party, Split};
use red_anchor::charts::tiles::{Shown, Tile, Tiles};
use red_anchor::charts::{
    Width, ageing, cumulative, distribution, flow, months, progress, ranked, readings, split, tiles, timeline,
};
use red_anchor::domain::lang::Lang;

use super::readable::assert_readable;
use super::sample::{self, frame};
use super::xml::{Element, elements};

const SLATE: &str = "#4A5A6A";
const TEA: &str = "#2F6B4F";
const KUMQUAT: &str = "#D9730D";

fn rectangles(svg: &str, colour: &str) -> Vec<Element> {
    elements(svg).into_iter().filter(|e| e.name == "rect" && e.get("fill") == Some(colour)).collect()
}

fn has(svg: &str, wanted: &str) -> bool {
    elements(svg).iter().any(|e| e.name == "text" && e.text == wanted)
}

fn both_widths() -> [Width; 2] {
    [Width::Desktop, Width::Phone]
}

#[test]
fn without_data_a_picture_says_what_is_missing_and_what_brings_it() {
    for width in both_widths() {
        let f = frame("空", Lang::Zh);
        let mut stream = sample::timeline(10);
        stream.orders.fill(0);
        let empty = [
            (cumulative::svg(&Cumulative::default(), &f, width), "还没有结算的销售"),
            (months::svg(&Months::default(), &f, width), "还没有成交"),
            (flow::svg(&Flow::default(), &f, width), "还没有成交"),
            (readings::svg(&Readings::default(), &f, width), "还没有成交"),
            (timeline::svg(&stream, &f, width), "还没有成交"),
            (progress::svg(&Progress::default(), &f, width), "还没有人在学"),
            (split::svg(&Split::default(), &f, width), "还没有成交"),
            (tiles::svg(&Tiles::default(), &f, width), "还没有结算的销售"),
            (ageing::svg(&Ageing::default(), &f, width), "还没有成交"),
            (distribution::svg(&Distribution::default(), &f, width), "户数太少，不画成图"),
            (season::svg(&Season::default(), &f, width), "户数太少，不画成图"),
            (ranked::svg(&Ranked { figure: Figure::Uplift, entries: Vec::new() }, &f, width), "还没有结算的销售"),
        ];
        for (svg, missing) in empty {
            assert_readable(missing, &svg);
            assert!(has(&svg, missing), "{missing} in {svg}");
        }
    }
}

#[test]
fn towns_held_back_have_no_number_and_a_county_of_nothing_else_has_no_picture() {
    let f = frame("各乡镇", Lang::Zh);
    let tile = |name: &str, shown| Tile { name: name.into(), place: None, shown };
    let some = Tiles {
        tiles: vec![tile("甲镇", Shown::Fen(600)), tile("乙镇", Shown::Held), tile("丙镇", Shown::Nobody)],
    };
    let desk = tiles::svg(&some, &f, Width::Desktop);
    assert!(has(&desk, "甲镇") && has(&desk, "乙镇") && has(&desk, "不足五户"), "{desk}");
    assert!(!has(&desk, "丙镇"), "it has no household and no place");
    let phone = tiles::svg(&some, &f, Width::Phone);
    assert!(has(&phone, "甲镇") && !has(&phone, "乙镇"), "{phone}");
    let none = Tiles { tiles: vec![tile("乙镇", Shown::Held)] };
    for width in both_widths() {
        assert!(has(&tiles::svg(&none, &f, width), "户数太少，不画成图"));
    }
}

#[test]
fn the_median_is_one_households_own_amount_and_only_its_row_is_told() {
    for width in both_widths() {
        let svg = distribution::svg(&sample::distribution(), &frame("各户", Lang::Zh), width);
        assert!(has(&svg, "中位的一户在这里") && has(&svg, "20,000 – 50,000 元"), "{svg}");
        assert!(!svg.contains("24,000"), "{svg}");
    }
}

#[test]
fn a_gap_in_the_season_is_not_drawn_over() {
    let f = frame("金桔", Lang::Zh);
    let lines = |season: &Season| {
        let drawn = elements(&season::svg(season, &f, Width::Desktop));
        drawn.iter().filter(|e| e.name == "polyline" && e.get("stroke") == Some(TEA)).count()
    };
    let whole = sample::season();
    assert_eq!(lines(&whole), 2, "before and after the summer");
    let without = Season { points: whole.points[..8].to_vec() };
    assert_eq!(lines(&without), 1);
    let single = Season { points: whole.points[..1].to_vec() };
    assert_readable("one month", &season::svg(&single, &f, Width::Phone));
}

#[test]
fn a_month_that_was_given_back_has_no_bar_and_says_so() {
    let f = frame("结算", Lang::Zh);
    let mut data = sample::ageing();
    data.cohorts.truncate(2);
    data.cohorts[0].settled_fen = -500;
    data.cohorts[0].waiting_fen = 0;
    for width in both_widths() {
        let svg = ageing::svg(&data, &f, width);
        assert!(has(&svg, "都退了，没有剩下的") && svg.contains("已结 100.0%"), "{svg}");
    }
}

#[test]
fn a_picture_of_real_data_does_not_carry_the_demonstration_mark() {
    let mut f = frame("三种说法", Lang::Zh);
    f.demo = false;
    f.as_of = None;
    let svg = readings::svg(&sample::readings(), &f, Width::Desktop);
    assert!(!svg.contains("演示数据") && !svg.contains("截至"));
}

#[test]
fn hostile_names_appear_as_text() {
    let hostile = "<script>alert('x')</script> \"&amp; style=\"a\" \u{0} 甲&乙";
    let mut f = frame(hostile, Lang::Zh);
    f.note = hostile;
    f.source = hostile;
    let entries = vec![Entry { name: hostile.to_owned(), fen: 100_000_000 }];
    for width in both_widths() {
        let svg = ranked::svg(&Ranked { figure: Figure::Gmv, entries: entries.clone() }, &f, width);
        let all = elements(&svg);
        assert_readable("hostile", &svg);
        assert!(!svg.contains("<script") && !svg.contains('\u{0}'));
        assert!(all.iter().all(|e| e.name != "script" && e.get("style").is_none()));
        assert_eq!(all[1].text, hostile.replace('\u{0}', " "));
        let shown: String = all.iter().filter(|e| e.name == "text").map(|e| e.text.as_str()).collect();
        assert!(shown.contains("<script>alert('x')</script>"), "{shown}");
    }
}

#[test]
fn one_month_is_a_point_and_not_a_line() {
    for width in both_widths() {
        let svg = cumulative::svg(
            &Cumulative { points: sample::cumulative(2).points.split_off(1) },
            &frame("一个月", Lang::Zh),
            width,
        );
        let all = elements(&svg);
        assert_eq!(all.iter().filter(|e| e.name == "circle").count(), 1);
        assert_eq!(all.iter().filter(|e| e.name == "polygon").count(), 0);
        assert!(has(&svg, "2022-11"));
        assert_readable("one month", &svg);
        let svg = months::svg(&sample::months(1), &frame("一个月", Lang::Zh), width);
        // The panel's swatch and the month's bar.
        assert_eq!(rectangles(&svg, SLATE).len(), 2);
        assert_readable("one month in panels", &svg);
    }
}

#[test]
fn every_month_has_a_bar_in_every_panel() {
    let svg = months::svg(&sample::months(50), &frame("逐月", Lang::Zh), Width::Desktop);
    assert_eq!(rectangles(&svg, SLATE).len(), 51);
    assert_eq!(rectangles(&svg, KUMQUAT).len(), 51);
    assert!(has(&svg, "助农增收") && has(&svg, "2026-11"));
}

#[test]
fn losses_hang_below_zero() {
    let mut data = sample::months(12);
    for month in &mut data.months {
        for fen in [&mut month.gmv_fen, &mut month.net_fen, &mut month.income_fen, &mut month.uplift_fen] {
            *fen = -fen.abs() - 5_000_000;
        }
    }
    for width in both_widths() {
        let svg = months::svg(&data, &frame("全是亏", Lang::Zh), width);
        assert_readable("losses", &svg);
        let bars = rectangles(&svg, KUMQUAT);
        let tops: Vec<i64> = bars[1..].iter().map(|b| b.number("y")).collect();
        assert!(tops.windows(2).all(|w| w[0] == w[1]), "all hang from one zero line: {tops:?}");
        let readings = Readings { gmv_fen: 1_000_000, income_fen: 400_000, uplift_fen: -300_000 };
        let svg = readings::svg(&readings, &frame("亏", Lang::Zh), width);
        let (gain, loss) = (&rectangles(&svg, TEA)[0], &rectangles(&svg, KUMQUAT)[0]);
        assert_eq!(loss.number("x") + loss.number("width"), gain.number("x"));
        assert!(has(&svg, "−0.3"));
    }
}

#[test]
fn the_largest_integers_stay_on_the_paper() {
    for width in both_widths() {
        let f = frame("极大", Lang::Zh);
        let readings = Readings { gmv_fen: i64::MAX, income_fen: i64::MIN, uplift_fen: 1 };
        let flow = Flow { buyers_paid_fen: i64::MAX, refund_fen: i64::MAX, subsidy_fen: i64::MAX, ..Flow::default() };
        let entries = (0..30).map(|n| Entry { name: format!("货品{n}"), fen: i64::MAX }).collect();
        let mut points = sample::cumulative(30);
        points.points[29].high_fen = i64::MAX;
        points.points[29].low_fen = i64::MIN;
        for svg in [
            readings::svg(&readings, &f, width),
            flow::svg(&flow, &f, width),
            ranked::svg(&Ranked { figure: Figure::Income, entries }, &f, width),
            cumulative::svg(&points, &f, width),
        ] {
            for shape in elements(&svg).iter().filter(|e| e.name == "rect") {
                assert!(shape.number("x") >= 0 && shape.number("width") >= 0);
                assert!(shape.number("x") + shape.number("width") <= i64::from(width.px()) * 10);
            }
            assert!(svg.contains("亿元"));
            assert_readable("huge", &svg);
        }
    }
}

#[test]
fn a_ranking_sums_what_it_does_not_show() {
    let mut data = sample::ranked(23);
    data.entries.reverse();
    let svg = ranked::svg(&data, &frame("分乡镇", Lang::Zh), Width::Desktop);
    assert_eq!(rectangles(&svg, KUMQUAT).len(), 20);
    assert!(has(&svg, "其余 3 项合计"));
    let first = elements(&svg).iter().position(|e| e.text == "雩田镇").unwrap();
    let second = elements(&svg).iter().position(|e| e.text == "堆子前镇").unwrap();
    assert!(first < second);
}

#[test]
fn the_waterfall_leads_from_what_buyers_paid_to_the_uplift() {
    let data = sample::flow();
    let svg = flow::svg(&data, &frame("去哪了", Lang::Zh), Width::Desktop);
    for wanted in ["6,873.0", "−742.0", "131.0", "4,100.0", "1,123.4"] {
        assert!(has(&svg, wanted), "{wanted}");
    }
    assert!(!svg.contains("账不平"));
    let broken = Flow { refund_fen: data.refund_fen + 1_000_000, ..data };
    assert!(flow::svg(&broken, &frame("去哪了", Lang::Zh), Width::Phone).contains("账不平"));
    let rare = Flow { subsidy_fen: 0, unassigned_fen: 0, ..data };
    assert!(!flow::svg(&rare, &frame("去哪了", Lang::Zh), Width::Desktop).contains("未关联货品"));
}

#[test]
fn a_streams_minutes_are_bars_and_its_ends_are_on_the_axis() {
    let data = sample::timeline(180);
    let svg = timeline::svg(&data, &frame("晚场", Lang::Zh), Width::Desktop);
    assert_eq!(rectangles(&svg, SLATE).len(), data.orders.iter().filter(|&&n| n > 0).count());
    assert!(has(&svg, "21:10 开播") && has(&svg, "00:10 下播") && has(&svg, "23:00"));
    let phone = timeline::svg(&data, &frame("晚场", Lang::Zh), Width::Phone);
    assert!(phone.contains("每 2 分钟成交单数"));
}

#[test]
fn training_is_told_by_marks_not_by_colour_alone() {
    let data = sample::progress(Lang::Zh);
    for width in both_widths() {
        let svg = progress::svg(&data, &frame("谁学到哪", Lang::Zh), width);
        let all = elements(&svg);
        let marks = |sign: &str| all.iter().filter(|e| e.name == "text" && e.text == sign).count();
        // One more of each in the key.
        assert_eq!((marks("✓"), marks("·"), marks("–")), (27, 10, 14));
        assert!(has(&svg, "132 课时") && svg.contains("虚线：参考 120 课时"));
    }
}

#[test]
fn the_day_a_certificate_ends_and_what_to_do_are_not_cut() {
    let data = sample::progress(Lang::En);
    for width in both_widths() {
        let svg = progress::svg(&data, &frame("Who is where", Lang::En), width);
        assert_readable("progress", &svg);
        let all = elements(&svg);
        let said: Vec<&str> = all.iter().filter(|e| e.name == "text").map(|e| e.text.as_str()).collect();
        let said = said.join(" ");
        assert!(said.contains("Certificate ends 2026-12-20; plan re-training"), "{said}");
    }
}

#[test]
fn the_parts_of_an_order_are_all_named_even_when_thin_or_negative() {
    let lost = Split {
        paid_fen: 4_490,
        subsidy_fen: 0,
        refund_fen: 4_490,
        parts: [(Party::Farmer, 1_943), (Party::Logistics, 470), (Party::Packaging, 250), (Party::Operator, -2_663)]
            .map(|(party, fen)| Part { party, fen })
            .to_vec(),
    };
    for width in both_widths() {
        let svg = split::svg(&sample::split(), &frame("39.90 元怎么分的", Lang::Zh), width);
        for name in ["农户 29.62", "达人 4.49", "物流 5.50", "平台 0.90", "包装 2.50", "经营主体 1.89"] {
            assert!(has(&svg, name), "{name}");
        }
        assert!(!svg.contains("村集体"));
        let svg = split::svg(&lost, &frame("退款不退货", Lang::Zh), width);
        assert_readable("lost goods", &svg);
        assert!(has(&svg, "经营主体 −26.63") && svg.contains("= 分给各方 0.00"));
    }
}

#[test]
fn months_of_any_number_are_readable() {
    for n in [1, 2, 5, 12, 18, 19, 24, 36, 50, 120] {
        for width in both_widths() {
            for lang in [Lang::Zh, Lang::En] {
                let f = frame("月", lang);
                assert_readable(&format!("{n} months"), &months::svg(&sample::months(n), &f, width));
                assert_readable(&format!("{n} points"), &cumulative::svg(&sample::cumulative(n), &f, width));
            }
        }
    }
}

#[test]
fn streams_of_any_length_are_readable() {
    for minutes in [1, 7, 45, 181, 600, 1_500, 2_880] {
        for width in both_widths() {
            let svg = timeline::svg(&sample::timeline(minutes), &frame("场次", Lang::Zh), width);
            assert_readable(&format!("{minutes} minutes"), &svg);
        }
    }
}

#[test]
fn an_order_divided_any_way_is_readable() {
    use Party::{Anchor, Farmer, Logistics, Loss, Operator, Packaging, Platform, Unassigned, Village};
    let parties = [Farmer, Anchor, Logistics, Platform, Packaging, Operator, Village, Loss, Unassigned];
    for thin in 0..parties.len() {
        let parts = parties.iter().enumerate().map(|(at, &party)| Part { party, fen: if at < thin { 3 } else { 900 } });
        let data = Split { paid_fen: 5_000, subsidy_fen: 10, refund_fen: 20, parts: parts.collect() };
        for width in both_widths() {
            assert_readable(&format!("{thin} thin parts"), &split::svg(&data, &frame("怎么分的", Lang::En), width));
        }
    }
}
