//! Data such as the county makes it: fifty months with a kumquat season, a busy evening, a class of trainees.

use chrono::{Datelike, Duration};
use red_anchor::charts::ageing::{Ageing, Cohort};
use red_anchor::charts::before_after::{self, BeforeAfter};
use red_anchor::charts::cumulative::{Cumulative, Point};
use red_anchor::charts::distribution::Distribution;
use red_anchor::charts::flow::Flow;
use red_anchor::charts::months::{Month, Months};
use red_anchor::charts::progress::{Mark, Person, Progress};
use red_anchor::charts::ranked::{Entry, Figure, Ranked};
use red_anchor::charts::readings::Readings;
use red_anchor::charts::season::{self, Season};
use red_anchor::charts::split::{Part, Party, Split};
use red_anchor::charts::tiles::{Shown, Tile, Tiles};
use red_anchor::charts::timeline::Timeline;
use red_anchor::charts::{
    Frame, Width, ageing, cumulative, distribution, flow, months, progress, ranked, readings, split, tiles, timeline,
};
use red_anchor::domain::calendar::{Day, Instant, local, next_month, parse_day, parse_month};
use red_anchor::domain::distribution::buckets;
use red_anchor::domain::lang::Lang;
use red_anchor::domain::regions::RegionCode;
use red_anchor::domain::tiles::layout;

pub fn at(day: &str, hour: u32, minute: u32) -> Instant {
    local(parse_day(day).unwrap().and_hms_opt(hour, minute, 0).unwrap())
}

pub fn frame(title: &str, lang: Lang) -> Frame<'_> {
    let (note, source) = match lang {
        Lang::Zh => ("2022-10 至 2026-11-22", "平台订单、结算单、县基准价台账"),
        Lang::En => ("2022-10 to 2026-11-22", "platform orders, settlements, the county's baseline prices"),
    };
    Frame { title, note, source, as_of: Some(at("2026-11-22", 23, 59)), demo: true, lang }
}

fn month_list(n: usize) -> impl Iterator<Item = Day> {
    std::iter::successors(parse_month("2022-10"), |m| Some(next_month(*m))).take(n)
}

/// Sales of a month in yuan: strong from November to February, rising over the years.
fn season_yuan(at: usize, month: Day) -> i64 {
    let season = [310, 240, 90, 60, 70, 55, 45, 40, 60, 80, 190, 330][month.month0() as usize];
    let ramp = i64::try_from(at).unwrap().min(30) + 6;
    season * ramp * 260
}

pub fn months(n: usize) -> Months {
    let months = month_list(n).enumerate().map(|(at, month)| {
        let gmv_fen = season_yuan(at, month) * 100;
        let settled_fen = if at == 0 { 0 } else { season_yuan(at - 1, month.pred_opt().unwrap()) * 100 };
        Month {
            month,
            gmv_fen,
            net_fen: gmv_fen * 89 / 100,
            income_fen: settled_fen * 60 / 100,
            uplift_fen: if month.month() == 8 { -settled_fen * 4 / 100 } else { settled_fen * 17 / 100 },
        }
    });
    Months { months: months.collect() }
}

pub fn cumulative(n: usize) -> Cumulative {
    let mut sum = 0;
    let points = months(n).months.into_iter().map(|m| {
        sum += m.uplift_fen;
        Point { month: m.month, low_fen: sum * 73 / 100, uplift_fen: sum, high_fen: sum * 127 / 100 }
    });
    Cumulative { points: points.collect() }
}

pub fn flow() -> Flow {
    Flow {
        buyers_paid_fen: 6_873_000_000,
        subsidy_fen: 131_000_000,
        refund_fen: 742_000_000,
        platform_anchor_fen: 812_000_000,
        logistics_packaging_fen: 978_000_000,
        operator_village_loss_fen: 241_000_000,
        unassigned_fen: 4_000_000,
        provisional_fen: 127_000_000,
        farmer_income_fen: 4_100_000_000,
        without_baseline_fen: 5_831_040,
        baseline_joined: false,
        baseline_fen: 2_963_762_208,
        extra_cost_fen: 7_000_000,
        uplift_fen: 1_123_406_752,
    }
}

pub fn readings() -> Readings {
    Readings { gmv_fen: 6_873_000_000, income_fen: 4_100_000_000, uplift_fen: 1_123_406_752 }
}

pub fn timeline(minutes: usize) -> Timeline {
    let orders = (0..minutes + 12).map(|m| {
        let wave = [1, 2, 4, 3, 5, 9, 6, 3, 2, 1, 0, 1][m / 4 % 12];
        let push = if m % 37 < 3 { 7 } else { 0 };
        u32::try_from(if m > minutes { usize::from(m % 3 == 0) } else { wave + push + m % 3 }).unwrap()
    });
    let start_at = at("2026-11-22", 21, 10);
    Timeline {
        start_at,
        end_at: start_at + Duration::minutes(i64::try_from(minutes).unwrap()),
        orders: orders.collect(),
    }
}

pub fn progress(lang: Lang) -> Progress {
    use Mark::{Attended as A, NotYet as N, Passed as P};
    let zh = lang == Lang::Zh;
    let pick = |zh_text: &str, en_text: &str| if zh { zh_text.to_owned() } else { en_text.to_owned() };
    let person = |name: String, stage: String, marks: [Mark; 8], hours, next_step: String, needs_attention| Person {
        name,
        stage,
        marks: marks.to_vec(),
        hours,
        next_step,
        needs_attention,
    };
    let modules = if zh {
        ["规则", "产品", "话术", "短视频", "选品", "售后", "法规", "实操"]
    } else {
        ["Rules", "Goods", "Talk", "Video", "Range", "After", "Law", "Live"]
    };
    Progress {
        modules: modules.map(str::to_owned).to_vec(),
        reference_hours: 120,
        people: vec![
            person(
                pick("主播 甲", "Anchor A"),
                pick("红色主播", "Red Anchor"),
                [P; 8],
                132,
                pick("导师申请可办", "may apply as mentor"),
                false,
            ),
            person(
                pick("主播 乙", "Anchor B"),
                pick("红色主播", "Red Anchor"),
                [P, P, P, P, P, P, P, A],
                121,
                pick("实操考核 1 次", "one practical test"),
                false,
            ),
            person(
                pick("主播 丙", "Anchor C"),
                pick("红色主播", "Red Anchor"),
                [P, P, P, A, P, P, P, P],
                124,
                pick("短视频复训 12月到期", "Certificate ends 2026-12-20; plan re-training"),
                true,
            ),
            person(
                pick("学员 丁", "Trainee D"),
                pick("见习", "supervised"),
                [P, P, A, A, N, P, A, N],
                66,
                pick("还差 4 个模块、2 场带播", "four modules, two supervised streams"),
                false,
            ),
            person(
                pick("学员 戊", "Trainee E"),
                pick("学员", "trainee"),
                [P, A, A, N, N, A, N, N],
                38,
                pick("连续两次缺课", "missed two classes running"),
                true,
            ),
            person(
                pick("学员 己", "Trainee F"),
                pick("学员", "trainee"),
                [A, N, N, N, N, N, N, N],
                12,
                pick("刚入班", "has just joined"),
                false,
            ),
        ],
    }
}

pub fn split() -> Split {
    let parts = [
        (Party::Farmer, 2_962),
        (Party::Anchor, 449),
        (Party::Logistics, 550),
        (Party::Platform, 90),
        (Party::Packaging, 250),
        (Party::Operator, 189),
        (Party::Village, 0),
    ];
    Split {
        paid_fen: 3_990,
        subsidy_fen: 500,
        refund_fen: 0,
        parts: parts.map(|(party, fen)| Part { party, fen }).to_vec(),
    }
}

/// Somebody better, somebody worse, somebody who never streamed before, somebody not since.
pub fn before_after(lang: Lang) -> BeforeAfter {
    let names = match lang {
        Lang::Zh => ["主播甲", "主播乙", "主播丙", "主播丁"],
        Lang::En => ["Anchor A", "Anchor B", "Anchor C", "Anchor D"],
    };
    let an_hour =
        [(Some(61_250), Some(118_400)), (Some(83_300), Some(79_910)), (None, Some(40_275)), (Some(22_000), None)];
    let people = names.into_iter().zip(an_hour).map(|(name, (before_fen, after_fen))| before_after::Person {
        name: name.into(),
        before_fen,
        after_fen,
    });
    BeforeAfter { people: people.collect() }
}

pub fn ranked(n: usize) -> Ranked {
    let towns = ["雩田镇", "堆子前镇", "汤湖镇", "泉江镇", "草林镇", "枚江镇", "大坑乡", "衙前镇"];
    let entries = (0..n).map(|at| Entry {
        name: towns.get(at).map_or_else(|| format!("第{}乡镇", at + 1), ToString::to_string),
        fen: 214_600_000 - i64::try_from(at * at).unwrap() * 4_200_000,
    });
    Ranked { figure: Figure::Uplift, entries: entries.collect() }
}

/// A county's towns, one of them held back, one without households, one whose place nobody wrote down.
pub fn tiles(lang: Lang) -> Tiles {
    let towns = layout(RegionCode::parse("360827").unwrap());
    let tiles = towns.iter().enumerate().map(|(at, &(_, place))| {
        let shown = match at {
            3 => Shown::Held,
            9 => Shown::Nobody,
            _ => Shown::Fen(9_876_543 * i64::try_from(at * at).unwrap() - 3_000_000),
        };
        let name = if lang == Lang::Zh { format!("第{}乡镇", at + 1) } else { format!("Town {}", at + 1) };
        Tile { name, place: Some(place), shown }
    });
    let stray = if lang == Lang::Zh { "县工业园区" } else { "Industrial park" };
    let stray = Tile { name: stray.into(), place: None, shown: Shown::Fen(1_234_500) };
    Tiles { tiles: tiles.chain([stray]).collect() }
}

pub fn distribution() -> Distribution {
    let uplifts: Vec<i64> = (0..240).map(|n: i64| n * n * 170 - 40_000).collect();
    Distribution { buckets: buckets(&uplifts), median_fen: Some(2_400_000) }
}

pub fn ageing() -> Ageing {
    let cohorts = month_list(14).enumerate().map(|(at, month)| {
        let whole = season_yuan(at, month) * 60;
        let waiting_fen = whole * i64::try_from(at.saturating_sub(9)).unwrap() / 6;
        Cohort { month, settled_fen: whole - waiting_fen, waiting_fen }
    });
    Ageing { cohorts: cohorts.collect() }
}

/// Two years with a summer without sales and a month without prices.
pub fn season() -> Season {
    let points = month_list(24).enumerate().filter(|(at, _)| !(8..11).contains(at)).map(|(at, month)| {
        let wave = [0, 12, 40, 55, 30, 5, -10, -22][at % 8];
        season::Point {
            month,
            farmer_fen: 960 + wave * 3,
            baseline_fen: (at != 15).then_some((520 + wave, 690 + 2 * wave)),
        }
    });
    Season { points: points.collect() }
}

/// Every picture of this page with its name, in one language and width.
pub fn all(lang: Lang, width: Width) -> Vec<(&'static str, String)> {
    let zh = lang == Lang::Zh;
    let f = |zh_title: &'static str, en_title: &'static str| frame(if zh { zh_title } else { en_title }, lang);
    vec![
        ("cumulative", cumulative::svg(&cumulative(50), &f("累计助农增收", "Cumulative uplift"), width)),
        ("months", months::svg(&months(50), &f("四个数，逐月看", "Four figures, month by month"), width)),
        ("flow", flow::svg(&flow(), &f("每一元去了哪里", "Where each yuan went"), width)),
        ("readings", readings::svg(&readings(), &f("同一批订单，三种说法", "The same orders, three readings"), width)),
        (
            "timeline",
            timeline::svg(
                &timeline(180),
                &Frame {
                    note: if zh { "一号直播间" } else { "room one" },
                    ..f("11月22日晚场，每分钟成交", "Evening of 22 November, minute by minute")
                },
                width,
            ),
        ),
        ("progress", progress::svg(&progress(lang), &f("谁学到哪一步", "Who is where in training"), width)),
        (
            "before_after",
            before_after::svg(&before_after(lang), &f("培训以后怎样", "What came of the training"), width),
        ),
        ("split", split::svg(&split(), &f("39.90 元怎么分的", "How 39.90 yuan was divided"), width)),
        ("ranked", ranked::svg(&ranked(8), &f("分乡镇助农增收", "Uplift by town"), width)),
        ("tiles", tiles::svg(&tiles(lang), &f("各乡镇的助农增收", "Uplift by town"), width)),
        (
            "distribution",
            distribution::svg(&distribution(), &f("各户增收有多少", "How much uplift households have"), width),
        ),
        ("ageing", ageing::svg(&ageing(), &f("暂计什么时候变成已结算", "When provisional income settles"), width)),
        ("season", season::svg(&season(), &f("金桔：农户到手和基准价", "Kumquat: farmers and the baseline"), width)),
    ]
}
