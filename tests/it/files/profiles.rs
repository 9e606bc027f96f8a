//! Profiles as data: those that come along are sound, and people's own read files nobody had seen.

use super::desk::{Desk, county};
use super::paper::csv;
use red_anchor::clock::Clock;
use red_anchor::domain::access::Actor;
use red_anchor::domain::lang::Lang;
use red_anchor::domain::problem::{Mistake, Problem};
use red_anchor::ingest::files::{Kind, Profile, Profiles};
use red_anchor::services::columns;
use red_anchor::services::import::{Choice, Mode, Namesake, list_profiles, save_profile};
use red_anchor::web::wording::words;

const OWN: &str = r#"{
  "name": "coop-desk",
  "title": "合作社手工表",
  "kind": "orders",
  "rows": "order",
  "columns": { "order_no": "单号", "paid": "实收", "created_at": "日期", "paid_at": "日期", "title": "品名", "status": "进度" },
  "required": ["order_no", "paid", "paid_at"],
  "statuses": { "已发": "shipped", "未付": "unpaid" }
}"#;

const TABLE: &str = "
日期|单号|品名|实收|进度
2026.09.01|A-1|金桔|45.00|已发
2026年9月2日|A-2|茶|168|未付
";

#[test]
fn every_shipped_profile_reads_and_is_written_back_as_it_was() {
    let profiles = Profiles::shipped();
    for profile in profiles.all() {
        assert_eq!(**profile, Profile::parse("again", &profile.json()).unwrap(), "{}", profile.name);
        assert!(profile.platform.is_some() && !profile.title.is_empty());
    }
    let of = |kind: Kind| profiles.all().iter().filter(|p| p.kind == kind).count();
    assert!(of(Kind::Orders) >= 10 && of(Kind::Settlements) >= 7 && of(Kind::AfterSales) >= 6 && of(Kind::Live) >= 3);
}

#[tokio::test]
async fn a_file_nobody_has_seen_is_read_by_a_profile_of_ones_own_and_by_name_once_it_is_saved() {
    let desk = Desk::open("douyin").await;
    assert!(matches!(desk.refused("手工.csv", csv(TABLE)).await, Problem::UnknownFile { .. }));
    let own = Profile::parse("own.json", OWN).unwrap();
    let choice = Choice { unsaved: Some(own.clone()), ..Choice::default() };
    let report = desk.try_import("手工.csv", &csv(TABLE), &choice, Mode::Preview).await.unwrap();
    assert_eq!((report.taken().new, report.tables[0].sums.paid_fen), (2, 4_500));
    let clock = Clock::at_end_of(super::desk::day("2026-11-20"));
    save_profile(&desk.store, county(), &Actor::command_line(), &clock, &own, Namesake::Stays).await.unwrap();
    assert_eq!(*list_profiles(&mut desk.read().await).await.unwrap().named("coop-desk").unwrap(), own);
    desk.import("手工.csv", csv(TABLE)).await;
    assert_eq!(desk.money().await.0, 4_500);
}

#[tokio::test]
async fn a_profile_that_comes_along_is_not_overwritten() {
    let desk = Desk::open("douyin").await;
    let own = Profile::parse("own.json", &OWN.replace("coop-desk", "tmall")).unwrap();
    let clock = Clock::at_end_of(super::desk::day("2026-11-20"));
    let error =
        save_profile(&desk.store, county(), &Actor::command_line(), &clock, &own, Namesake::Stays).await.unwrap_err();
    assert!(matches!(error.downcast::<Problem>().unwrap(), Problem::ShippedProfile { .. }));
}

#[tokio::test]
async fn a_name_that_is_taken_keeps_its_profile() {
    let desk = Desk::open("douyin").await;
    let clock = Clock::at_end_of(super::desk::day("2026-11-20"));
    let actor = Actor::command_line();
    let own = Profile::parse("own.json", OWN).unwrap();
    let other = Profile::parse("own.json", &OWN.replace("\"未付\": \"unpaid\"", "\"未付\": \"cancelled\"")).unwrap();
    assert_ne!(own, other);
    save_profile(&desk.store, county(), &actor, &clock, &own, Namesake::Stays).await.unwrap();
    let saved = async || list_profiles(&mut desk.read().await).await.unwrap().named("coop-desk").unwrap();
    let error = save_profile(&desk.store, county(), &actor, &clock, &other, Namesake::Stays).await.unwrap_err();
    let taken = Mistake::ProfileExists { name: "coop-desk".into() };
    assert_eq!(error.downcast::<Problem>().unwrap(), taken.into());
    assert_eq!(*saved().await, own);
    save_profile(&desk.store, county(), &actor, &clock, &own, Namesake::Stays)
        .await
        .expect("the same once more is no clash");
    save_profile(&desk.store, county(), &actor, &clock, &other, Namesake::GivesWay).await.unwrap();
    assert_eq!(*saved().await, other);
}

#[test]
fn a_profile_with_a_mistake_names_it() {
    let why = |json: &str| match Profile::parse("own.json", json).unwrap_err() {
        Problem::BadProfile { why, .. } => why,
        other => panic!("{other}"),
    };
    assert!(why(&OWN.replace("\"paid\": \"实收\", ", "")).contains("Paid"));
    assert!(why(&OWN.replace("order_no\": \"单号", "order_nr\": \"单号")).contains("order_nr"));
    assert!(why(&OWN.replace("\"rows\": \"order\"", "\"rows\": \"line\"")).contains("line_no"));
    assert!(why(&OWN.replace("\"rows\": \"order\",", "")).contains("rows"));
    assert!(why(&OWN.replace("coop-desk", "Coop Desk")).contains("name"));
    for marked in ["13800001234", "张三", "雩田镇雩田村1组"] {
        let why = why(&OWN.replace("\"实收\"", &format!("\"{marked}\"")));
        assert!(why.contains("Paid") && !why.contains(marked), "{why}");
    }
    let statement = r#"{ "name": "coop-bank", "title": "合作社流水", "kind": "settlements",
      "columns": { "order_no": "单号", "settled_at": "日期", "net": "金额", "direction": "方向" },
      "required": ["order_no", "settled_at", "net"], "outgoing": [] }"#;
    assert!(why(statement).contains("outgoing"), "money going out would count as coming in");
    Profile::parse("own.json", &statement.replace("\"outgoing\": []", "\"outgoing\": [\"出\"]")).unwrap();
}

#[tokio::test]
async fn a_file_that_fits_two_profiles_asks_which() {
    let desk = Desk::open("douyin").await;
    let clock = Clock::at_end_of(super::desk::day("2026-11-20"));
    for name in ["coop-desk", "other-desk"] {
        let own = Profile::parse("own.json", &OWN.replace("coop-desk", name)).unwrap();
        save_profile(&desk.store, county(), &Actor::command_line(), &clock, &own, Namesake::Stays).await.unwrap();
    }
    let problem = desk.refused("手工.csv", csv(TABLE)).await;
    assert!(matches!(problem, Problem::AmbiguousFile { profiles, .. } if profiles == "coop-desk, other-desk"));
    let choice = Choice { profile: Some("other-desk".into()), ..Choice::default() };
    desk.try_import("手工.csv", &csv(TABLE), &choice, Mode::Commit).await.unwrap();
    assert_eq!(desk.money().await.0, 4_500);
}

#[test]
fn what_a_profile_needs_is_said_by_the_names_it_is_asked_by() {
    for kind in Kind::ALL {
        for lang in [Lang::Zh, Lang::En] {
            let said = Problem::from(Mistake::ProfileNeeds { kind: kind.key() }).text(lang).to_lowercase();
            for field in columns::asked(kind).0 {
                let name = words(lang).sources.of_field(&columns::key(*field)).to_lowercase();
                assert!(said.contains(&name), "{name}: {said}");
            }
        }
    }
}
