//! Shops: added with their operator, keys sealed and never shown, a try of the connection, pause, what was set aside, goods
//! mapped one by one and in a table.

use super::client::{get, submit, upload};
use super::files::{Site, county};
use super::seed;
use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::calendar::{Instant, parse_day};
use red_anchor::domain::records::Rejected;
use red_anchor::domain::sealing::{Keyring, SealingKey};
use red_anchor::sandbox::{Faults, SandboxConfig, serve};
use red_anchor::store::evidence::{self, Kind, Source};
use red_anchor::store::schedules::{self, PullRow, Schedule};
use red_anchor::store::{audit, facts, goods, pauses, quarantine, secrets};
use red_anchor::web::App;

fn keyring() -> Keyring {
    Keyring::new(vec![SealingKey::new([3; 32])]).unwrap()
}

async fn shop(site: &Site, key: &str) -> goods::Shop {
    let mut session = site.app.store.read(Scope::County(county())).await.unwrap();
    goods::find_shop(&mut session, key).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_shop_is_added_with_a_new_operator_after_saying_what_its_platform_asks() {
    let site = Site::open().await;
    let cookie = site.enter(Role::BranchAdmin).await;
    let first = get(&site.app, "/branch/shops/new", &cookie).await.body;
    assert!(first.contains("白名单") && first.contains("授权码") && first.contains("导入文件就行"));
    let form = "platform=kuaishou&shop_key=ks1&shop_name=%E5%BF%AB%E6%89%8B&operator_name=%E7%94%B2%E7%A4%BE";
    let made = submit(&site.app, "/branch/shops", &cookie, form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let page = get(&site.app, made.header(header::LOCATION), &cookie).await.body;
    assert!(page.contains("甲社") && page.contains("快手"));
    assert_ne!(shop(&site, "ks1").await.operator_id, 0);
    for bad in [
        "platform=kuaishou&shop_key=ks1&shop_name=x",
        "platform=kuaishou&shop_key=a b&shop_name=x",
        "platform=x&shop_key=y&shop_name=z",
    ] {
        let refused = submit(&site.app, "/branch/shops", &cookie, bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let (known, days) = ("&operator=o1&operator_name=%E4%B9%99%E7%A4%BE", "&days=some");
    for (more, says) in [(known, "既选了经营主体，又填了新的名称"), (days, "“some”不是天数")] {
        let form = format!("platform=kuaishou&shop_key=ks2&shop_name=x{more}");
        let refused = submit(&site.app, "/branch/shops", &cookie, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(refused.body.contains(says), "{}", refused.body);
    }
}

#[tokio::test]
async fn keys_are_sealed_and_never_shown_again() {
    let site = Site::with(|app| App { keyring: Some(keyring()), ..app }).await;
    let cookie = site.enter(Role::BranchAdmin).await;
    let typed = "number=77&app_key=hush-key&app_secret=hush-secret";
    let stored = submit(&site.app, "/branch/shops/1/credentials", &cookie, typed).await;
    assert_eq!(stored.status, StatusCode::SEE_OTHER, "{}", stored.body);
    let page = get(&site.app, "/branch/shops/1", &cookie).await.body;
    assert!(page.contains("存过一组") && !page.contains("hush"));
    assert!(!get(&site.app, "/branch/audit", &cookie).await.body.contains("hush"));
    assert_eq!(shop(&site, "dy1").await.platform_shop_id, "77");
    let mut session = site.app.store.read(Scope::County(county())).await.unwrap();
    let rows = secrets::list(&mut session).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| !row.sealed.windows(4).any(|bytes| bytes == b"hush")));
}

#[tokio::test]
async fn without_a_sealing_key_nothing_is_stored_and_the_page_says_what_to_do() {
    let site = Site::open().await;
    let cookie = site.enter(Role::BranchAdmin).await;
    assert!(get(&site.app, "/branch/shops/1", &cookie).await.body.contains("red-anchor key new"));
    let refused = submit(&site.app, "/branch/shops/1/credentials", &cookie, "app_key=k&app_secret=s").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trying_the_connection_says_clearly_what_came_of_it() {
    let sandbox = serve(SandboxConfig {
        seed: 7,
        scale: "0.02".parse().unwrap(),
        clock: Clock::at_end_of(parse_day("2026-11-20").unwrap()),
        faults: Faults::none(),
        listen: "127.0.0.1:0".parse().unwrap(),
    })
    .await
    .unwrap();
    let endpoint = Some(sandbox.endpoint.clone());
    let site = Site::with(|app| App { keyring: Some(keyring()), endpoint, ..app }).await;
    let cookie = site.enter(Role::BranchAdmin).await;
    let nothing = submit(&site.app, "/branch/shops/1/test", &cookie, "merchant_code=").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "there are no keys yet");
    let of_douyin = sandbox.apps.iter().find(|app| app.platform == "douyin").unwrap();
    let typed = |secret: &str| {
        format!("number={}&app_key={}&app_secret={secret}", of_douyin.platform_shop_id, of_douyin.app_key)
    };
    submit(&site.app, "/branch/shops/1/credentials", &cookie, &typed("wrong")).await;
    let refused = submit(&site.app, "/branch/shops/1/test", &cookie, "").await;
    assert!(refused.body.contains("没连上") && refused.body.contains("核对密钥"), "{}", refused.body);
    submit(&site.app, "/branch/shops/1/credentials", &cookie, &typed(&of_douyin.app_secret)).await;
    let fine = submit(&site.app, "/branch/shops/1/test", &cookie, "").await;
    assert!(fine.body.contains("连上了"), "{}", fine.body);
    assert!(!fine.body.contains(&of_douyin.app_secret));
    let page = get(&site.app, "/branch/shops", &cookie).await.body;
    assert!(page.contains("令牌到"), "the token is kept");
}

#[tokio::test]
async fn a_pause_is_made_and_ended_by_the_administrator_alone() {
    let site = Site::open().await;
    let staff = site.enter(Role::Branch).await;
    assert_eq!(submit(&site.app, "/branch/shops/1/pause", &staff, "").await.status, StatusCode::FORBIDDEN);
    let cookie = site.enter(Role::BranchAdmin).await;
    submit(&site.app, "/branch/shops/1/pause", &cookie, "").await;
    assert!(get(&site.app, "/branch/shops", &cookie).await.body.contains("已暂停"));
    let paused = pauses::list(&mut site.app.store.read(Scope::County(county())).await.unwrap()).await.unwrap();
    assert_eq!(paused.iter().map(|pause| pause.shop_id).collect::<Vec<_>>(), [1]);
    submit(&site.app, "/branch/shops/1/resume", &cookie, "").await;
    assert!(!get(&site.app, "/branch/shops", &cookie).await.body.contains("已暂停"));
}

#[tokio::test]
async fn how_often_a_shop_is_pulled_is_set_within_bounds_by_the_administrator_and_told() {
    let site = Site::open().await;
    let path = "/branch/shops/1/pace";
    let staff = site.enter(Role::Branch).await;
    assert_eq!(submit(&site.app, path, &staff, "minutes=30").await.status, StatusCode::FORBIDDEN);
    let cookie = site.enter(Role::BranchAdmin).await;
    let of_shop =
        async || schedules::find(&mut site.app.store.read(Scope::County(county())).await.unwrap(), 1).await.unwrap();
    for bad in ["minutes=4", "minutes=1441", "minutes=often", ""] {
        let refused = submit(&site.app, path, &cookie, bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(refused.body.contains("5 到 1440"), "{}", refused.body);
        assert_eq!(of_shop().await, None, "{bad}");
    }
    assert_eq!(submit(&site.app, path, &cookie, "minutes=30").await.status, StatusCode::SEE_OTHER);
    assert_eq!(of_shop().await.unwrap().pull_every_minutes, 30);
    assert!(get(&site.app, "/branch/shops/1", &cookie).await.body.contains("value=\"30\""));
    assert!(get(&site.app, "/branch/audit", &cookie).await.body.contains("取数间隔（分钟）"));
}

#[tokio::test]
async fn a_shop_is_pulled_again_from_a_day_within_reach_and_shows_how_far_it_has_come() {
    let site = Site::with(|app| App { keyring: Some(keyring()), ..app }).await;
    let path = "/branch/shops/1/pull-from";
    let reached = red_anchor::domain::calendar::start_of(site.app.clock.today());
    let mut work = site.app.store.work(county(), &Actor::job("pull"), "pull", &site.app.clock).await.unwrap();
    evidence::set_checkpoint(&mut work, 1, Kind::Order, reached, reached).await.unwrap();
    schedules::set_due(&mut work, &Schedule::ordinary(1, reached + TimeDelta::days(9), reached)).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    let staff = site.enter(Role::Branch).await;
    let day = |ago: i64| (site.app.clock.today() - TimeDelta::days(ago)).to_string();
    assert_eq!(submit(&site.app, path, &staff, &format!("from={}", day(9))).await.status, StatusCode::FORBIDDEN);
    let cookie = site.enter(Role::BranchAdmin).await;
    for bad in [day(88), day(-1), "2026-02-30".into(), String::new()] {
        let refused = submit(&site.app, path, &cookie, &format!("from={bad}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(refused.body.contains(&day(87)) && refused.body.contains("订单导出文件"), "{}", refused.body);
    }
    let page = async || get(&site.app, "/branch/shops/1", &cookie).await.body;
    assert!(!page().await.contains("还在补取"));
    assert_eq!(submit(&site.app, path, &cookie, &format!("from={}", day(9))).await.status, StatusCode::SEE_OTHER);
    let shown = page().await;
    assert!(shown.contains("没有密钥，取不了"), "without keys nothing is pulled: {shown}");
    submit(&site.app, "/branch/shops/1/credentials", &cookie, "number=1&app_key=k&app_secret=s").await;
    let shown = page().await;
    assert!(shown.contains(&format!("已取 0 段，共 2 段；取到 {} 00:00", day(9))), "{shown}");
    let fresh = get(&site.app, "/branch/shops/1", &cookie).await;
    assert_eq!(fresh.header(header::REFRESH), "10", "it renews itself without a script");
    assert!(!fresh.body.contains("name=\"app_secret\""), "and so nothing is typed on it");
    let still = get(&site.app, "/branch/shops/1?still=1", &cookie).await.body;
    assert!(still.contains("最近 90 天") && still.contains("douyin-orders"), "{still}");
    window_of(&site, reached - TimeDelta::days(9), reached - TimeDelta::days(2), 41).await;
    let shown = page().await;
    assert!(shown.contains("已取 1 段，共 2 段") && shown.contains("读到 41 条"), "{shown}");
    window_of(&site, reached - TimeDelta::days(2), reached, 1).await;
    let shown = page().await;
    assert!(
        shown.contains("补取完成") && shown.contains("已取 2 段，共 2 段") && shown.contains("读到 42 条"),
        "{shown}"
    );
    assert!(shown.contains("马上"), "{shown}");
    assert!(get(&site.app, "/branch/audit", &cookie).await.body.contains(&day(9)));
}

/// A window that was pulled whole.
async fn window_of(site: &Site, from: Instant, to: Instant, seen: i64) {
    let mut work = site.app.store.work(county(), &Actor::job("pull"), "pull", &site.app.clock).await.unwrap();
    let row = PullRow {
        shop_id: 1,
        from_at: from,
        to_at: to,
        started_at: site.app.clock.now(),
        took_ms: 1,
        seen,
        added: seen,
        changed: 0,
        quarantined: 0,
        complete: true,
        trouble: String::new(),
        said: String::new(),
    };
    schedules::insert_pull(&mut work, &row).await.unwrap();
    assert!(evidence::set_checkpoint(&mut work, 1, Kind::Order, from, to).await.unwrap());
    work.commit(&crate::audit::any_change()).await.unwrap();
}

#[tokio::test]
async fn what_came_of_each_pull_is_shown_in_words() {
    let site = Site::open().await;
    let at = |text: &str| red_anchor::domain::calendar::start_of(parse_day(text).unwrap());
    let mut work = site.app.store.work(county(), &Actor::job("pull"), "pull", &site.app.clock).await.unwrap();
    let row = |started: &str, complete: bool, trouble: &str| PullRow {
        shop_id: 1,
        from_at: at("2026-11-18"),
        to_at: at("2026-11-19"),
        started_at: at(started),
        took_ms: 12_345,
        seen: 4_711,
        added: 3,
        changed: 2,
        quarantined: 1,
        complete,
        trouble: trouble.into(),
        said: "TOO MANY <b>CALLS</b>".into(),
    };
    for one in [row("2026-11-19", true, ""), row("2026-11-20", false, "throttled")] {
        schedules::insert_pull(&mut work, &one).await.unwrap();
    }
    let next = Schedule { failures: 1, ..Schedule::ordinary(1, at("2026-11-22"), at("2026-11-22")) };
    schedules::set_due(&mut work, &next).await.unwrap();
    let change = red_anchor::domain::audit::Change::new(
        red_anchor::domain::audit::Verb::Pull,
        red_anchor::domain::audit::Noun::Orders,
        "dy1",
    );
    work.commit(&change).await.unwrap();
    let cookie = site.enter(Role::Auditor).await;
    let page = get(&site.app, "/branch/shops/1", &cookie).await.body;
    for said in ["取全了", "问得太快", "12.3", "4,711", "2026-11-22 00:00", "1 次"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("throttled") && !page.contains("CALLS") && !page.contains("/pace"), "{page}");
}

#[tokio::test]
async fn a_record_set_aside_is_asked_for_again_from_where_its_window_began() {
    let site = Site::open().await;
    let day = |text: &str| red_anchor::domain::calendar::start_of(parse_day(text).unwrap());
    let mut work = site.app.store.work(county(), &Actor::job("pull"), "pull", &site.app.clock).await.unwrap();
    let reason = "<i>不懂</i> / <i>not known</i>";
    let set_aside = |no: &str| Rejected { record_no: no.into(), reason: reason.into(), evidence: "{}".into() };
    let source = Source { shop_id: 1, name: "order.searchList".into(), fetched_at: work.at, received_sha256: [0; 32] };
    evidence::quarantine(&mut work, &source, &[set_aside("n1"), set_aside("n2")]).await.unwrap();
    evidence::set_checkpoint(&mut work, 1, Kind::Order, day("2026-11-20"), day("2026-11-20")).await.unwrap();
    let change = red_anchor::domain::audit::Change::new(
        red_anchor::domain::audit::Verb::Pull,
        red_anchor::domain::audit::Noun::Orders,
        "dy1",
    )
    .after(red_anchor::domain::audit::Field::From, red_anchor::domain::calendar::rfc3339(day("2026-11-18")));
    work.commit(&change).await.unwrap();
    let cookie = site.enter(Role::Branch).await;
    let page = get(&site.app, "/branch/shops/1/set-aside", &cookie).await.body;
    assert!(page.contains("n1") && page.contains("&lt;i&gt;不懂") && !page.contains("<i>不懂"));
    let english = get(&site.app, "/branch/shops/1/set-aside?lang=en", &cookie).await.body;
    assert!(!page.contains("not known") && english.contains("&lt;i&gt;not known") && !english.contains("不懂"));
    let mut session = site.app.store.read(Scope::County(county())).await.unwrap();
    let listed = quarantine::list(&mut session, 1, 1).await.unwrap();
    drop(session);
    let form = format!("record={}", listed[0].quarantine_id);
    assert_eq!(submit(&site.app, "/branch/shops/1/set-aside", &cookie, &form).await.status, StatusCode::SEE_OTHER);
    let mut session = site.app.store.read(Scope::County(county())).await.unwrap();
    assert_eq!(quarantine::list(&mut session, 1, 1).await.unwrap().len(), 1);
    let moved = evidence::find_checkpoint(&mut session, 1, Kind::Order).await.unwrap();
    assert_eq!(moved, Some(day("2026-11-18")));
}

#[tokio::test]
async fn goods_are_mapped_one_by_one_and_their_orders_follow() {
    let seeded = seed::seeded().await;
    seed::past_the_seeds_numbers(&seeded.app).await;
    let cookie = super::client::enter(&seeded.app, Role::Branch).await;
    let before = get(&seeded.app, "/branch/unmatched", &cookie).await.body;
    assert!(before.contains("没对应的商品") && before.contains("name=\"listing\""));
    let form = "shop=s1&product_no=7002&sku_no=7002&listing=k5";
    assert_eq!(submit(&seeded.app, "/branch/unmatched", &cookie, form).await.status, StatusCode::SEE_OTHER);
    assert!(!get(&seeded.app, "/branch/unmatched", &cookie).await.body.contains("没对应的商品"));
    let mut session = seeded.app.store.read(Scope::County(seed::county())).await.unwrap();
    assert_eq!(facts::queued_days(&mut session).await.unwrap(), None, "they are posted again at once");
    drop(session);
    let told = async || {
        let mut session = seeded.app.store.read(Scope::County(seed::county())).await.unwrap();
        audit::count(&mut session, &audit::Sought::default()).await.unwrap()
    };
    let before = told().await;
    assert_eq!(submit(&seeded.app, "/branch/unmatched", &cookie, form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(told().await, before, "what is so already writes nothing");
    let unknown = "shop=s1&product_no=7002&sku_no=&listing=nothing";
    assert_eq!(
        submit(&seeded.app, "/branch/unmatched", &cookie, unknown).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn goods_are_mapped_in_a_table_that_is_downloaded_filled_in_and_sent_back() {
    let seeded = seed::seeded().await;
    seed::past_the_seeds_numbers(&seeded.app).await;
    let cookie = super::client::enter(&seeded.app, Role::Branch).await;
    let table = get(&seeded.app, "/branch/unmatched/sheet", &cookie).await;
    assert!(table.header(header::CONTENT_DISPOSITION).contains("attachment"));
    let lines: Vec<&str> = table.body.lines().collect();
    assert_eq!(lines.len(), 2, "{}", table.body);
    assert!(lines[1].starts_with("s1,\t7002,\t7002,,"), "{}", lines[1]);
    let open =
        upload(&seeded.app, "/branch/unmatched/sheet", &cookie, &[("sheet", Some("a.csv"), table.body.as_bytes())])
            .await;
    assert!(open.body.contains("没填的 1 个"), "{}", open.body);
    let filled_in = format!("{}\n{}\ns1,6.91E+18,,k5,,,,,\n", lines[0], lines[1].replacen(",,", ",k5,", 1));
    let done =
        upload(&seeded.app, "/branch/unmatched/sheet", &cookie, &[("sheet", Some("a.csv"), filled_in.as_bytes())])
            .await;
    assert!(done.body.contains("新对应 1 个") && done.body.contains("第 3 行没用上"), "{}", done.body);
    assert!(!get(&seeded.app, "/branch/unmatched", &cookie).await.body.contains("没对应的商品"));
    let other =
        upload(&seeded.app, "/branch/unmatched/sheet", &cookie, &[("sheet", Some("a.csv"), b"a,b\n1,2\n")]).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
}
