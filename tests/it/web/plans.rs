//! Streams planned, checked, held and called off, through the pages.

use super::client::{enter, enter_under, get, submit, upload};
use super::seed::{STREAM, at, county, day, granted, line, order, past_the_seeds_numbers, photo, seeded};
use super::stock::image_on;
use crate::audit::any_change;
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::calendar::{clock_text, parse_month};
use red_anchor::ingest::county as document;
use red_anchor::services::desk::Desk;
use red_anchor::services::{accounts as roles, lock, post, verify};
use red_anchor::store::plans::Plan;
use red_anchor::store::streams::{self, Stream};
use red_anchor::store::{Session, accounts, facts, orders, people, plans};
use red_anchor::web::AppState;

async fn read(app: &AppState) -> Session {
    app.store.read(Scope::County(county())).await.unwrap()
}

async fn streams_of(app: &AppState, on: &str) -> Vec<Stream> {
    streams::list_between(&mut read(app).await, day(on), day(on)).await.unwrap()
}

async fn plan_of(app: &AppState, stream_id: i64) -> Option<Plan> {
    plans::find(&mut read(app).await, stream_id).await.unwrap()
}

async fn is_sound(app: &AppState) {
    let report = verify::verify(&mut read(app).await).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences);
}

/// The seeded anchor passes the gate: details, and the quiz on goods.
async fn may_go_live(app: &AppState) {
    let staff = enter(app, Role::Branch).await;
    let anchor = "/branch/anchors/1";
    let details = "name=%E4%B8%BB%E6%92%AD%E7%94%B2&born_on=1990-01-01&identity_checked_on=2025-01-01";
    assert_eq!(submit(app, anchor, &staff, details).await.header(header::LOCATION), anchor);
    let product = "name=%E4%BA%A7%E5%93%81&class_hours=4&purpose=product&assessed_by=quiz";
    submit(app, "/branch/training/curriculum/modules", &staff, product).await;
    let quiz = "module=101&kind=quiz&taken_on=2026-02-01&score=90&pass_score=60&assessor=x";
    submit(app, &format!("{anchor}/assessments"), &staff, quiz).await;
}

fn form(title: &str, on: &str, from: &str, to: &str, points: &str, rest: &str) -> String {
    format!(
        "title={title}&shop=1&room=1&anchor=1&account=&day={on}&from={from}&to={to}&listing=1&price=29.90&pieces=200\
         &points={points}&act=save{rest}"
    )
}

#[tokio::test]
async fn a_plan_is_checked_printed_and_becomes_the_stream_a_document_names() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    let staff = enter(app, Role::Branch).await;
    let path = "/branch/streams/new";
    let barred = submit(app, path, &staff, &form("全国最甜金桔", "2026-02-27", "19:00", "22:00", "降血糖", "")).await;
    assert_eq!(barred.status, StatusCode::OK);
    assert!(
        barred.body.contains("“最”不能用：绝对化用语") && barred.body.contains("食品不能说功效"),
        "{}",
        barred.body
    );
    assert!(barred.body.contains("全国最甜金桔"), "nothing typed is lost");
    let early = submit(app, path, &staff, &form("金桔专场", "2026-02-27", "19:00", "22:00", "当天采", "")).await;
    assert!(early.body.contains("主播或助播那天还不能上播") && early.body.contains("身份没有核验"), "{}", early.body);
    assert_eq!(streams_of(app, "2026-02-27").await, [], "and nothing is written");

    may_go_live(app).await;
    let saved = submit(app, path, &staff, &form("金桔专场", "2026-02-27", "19:00", "22:00", "当天采", "")).await;
    let page = saved.header(header::LOCATION).to_owned();
    let [planned] = &streams_of(app, "2026-02-27").await[..] else { panic!("one stream is planned: {}", saved.body) };
    assert_eq!(page, format!("/branch/streams/{}", planned.stream_id));
    let shown = get(app, &page, &staff).await.body;
    assert!(
        shown.contains("金桔专场")
            && shown.contains("计划 2026-02-27 19:00 至 2026-02-27 22:00")
            && shown.contains("200")
    );
    let sheet = get(app, &format!("{page}/run-sheet"), &staff).await.body;
    assert!(sheet.contains("当天采") && sheet.contains("29.90") && sheet.contains("不说绝对化用语"));
    assert!(get(app, "/branch/streams?month=2026-02&state=planned", &staff).await.body.contains("2026-02-27 19:00"));

    // the anchor and the room are taken at that time
    let busy = submit(app, path, &staff, &form("板鸭专场", "2026-02-27", "21:00", "23:00", "", "")).await;
    assert!(busy.body.contains("时间重叠"), "{}", busy.body);

    // the document calls it by a key of its own and begins half an hour later
    let doc = document::parse(
        "test",
        r#"{"county":"360827","streams":[{"key":"官方-27","shop":"s1","anchor":"a1","live_room_no":"7327",
            "starts_at":"2026-02-27T19:30:00+08:00","ends_at":"2026-02-27T22:10:00+08:00","views":88}]}"#,
    )
    .unwrap();
    for _ in 0..2 {
        let mut work = app.store.work(county(), &Actor::command_line(), "import county", &app.clock).await.unwrap();
        document::import(&mut work, &doc).await.unwrap();
        post::post(&mut work).await.unwrap();
        work.commit(&any_change()).await.unwrap();
    }
    let [held] = &streams_of(app, "2026-02-27").await[..] else { panic!("still one stream") };
    assert_eq!((held.stream_id, held.stream_key.as_str()), (planned.stream_id, "官方-27"));
    assert_eq!((held.live_room_no.as_str(), held.views), ("7327", Some(88)));
    assert_eq!(held.room_id, 1, "the document names no room: it is where it was planned");
    let plan = plan_of(app, held.stream_id).await.unwrap();
    assert_eq!((plan.title.as_str(), clock_text(plan.planned_from)), ("金桔专场", "2026-02-27 19:00".to_owned()));
    is_sound(app).await;
}

/// A stream planned for a morning in which an order was paid; its page.
async fn planned_over_an_order(app: &AppState, staff: &str) -> String {
    past_the_seeds_numbers(app).await;
    let mut work = app.store.work(county(), &Actor::command_line(), "pull", &app.clock).await.unwrap();
    orders::upsert_orders(&mut work, &[order(50, at("2026-02-25", 10, 0))]).await.unwrap();
    orders::upsert_lines(&mut work, &[line(50, 1)]).await.unwrap();
    facts::queue(&mut work, &[50]).await.unwrap();
    post::post(&mut work).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    let form = form("早场", "2026-02-25", "09:00", "11:00", "", "");
    submit(app, "/branch/streams/new", staff, &form).await.header(header::LOCATION).to_owned()
}

/// Whose that order now is, and by which rule.
async fn of_the_order(app: &AppState) -> Option<(i64, String)> {
    let choices = orders::list_attributions(&mut read(app).await, &[50]).await.unwrap();
    choices.last().map(|a| (a.stream_id, a.rule.clone()))
}

#[tokio::test]
async fn calling_off_moves_no_sale_of_a_locked_month() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let page = planned_over_an_order(app, &staff).await;
    let before = of_the_order(app).await;
    assert_eq!(before.as_ref().map(|(_, rule)| rule.as_str()), Some("shelf"));
    app.clock.sleep(std::time::Duration::from_hours(24 * 9)).await;
    let month = parse_month("2026-02").unwrap();
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, month, "缺基准价").await.unwrap();
    let refused = submit(app, &format!("{page}/call-off"), &staff, "reason=下雨").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("这个月已经锁账"), "{}", refused.body);
    assert_eq!(of_the_order(app).await, before);
    is_sound(app).await;
}

#[tokio::test]
async fn nobody_says_afterwards_when_a_stream_of_their_own_was() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    let staff = enter(app, Role::Branch).await;
    may_go_live(app).await;
    let path = "/branch/streams/new";
    let evening = form("后天", "2026-02-27", "19:00", "22:00", "", "");
    let page = submit(app, path, &staff, &evening).await.header(header::LOCATION).to_owned();
    let past = form("早场", "2026-02-25", "09:00", "11:00", "", "");
    let moved = submit(app, &format!("{page}/plan"), &staff, &past).await;
    assert!(moved.body.contains("已经开播"), "what has not begun is not moved to where it would have: {}", moved.body);

    let actor = Actor::command_line();
    let desk = Desk { store: &app.store, county: county(), actor: &actor, clock: &app.clock };
    let account = accounts::find_by_login(&app.store, "link-branch-360827").await.unwrap().unwrap();
    roles::give_role(&desk, account.account_id, &granted(Role::Anchor, "360827", 1)).await.unwrap();
    for path in [path, &format!("/branch/streams/{STREAM}/plan")] {
        let own = submit(app, path, &staff, &past).await;
        assert!(own.body.contains("您自己的场次"), "{path}: {}", own.body);
    }
    assert_eq!(streams_of(app, "2026-02-25").await, []);
    let later = submit(app, &format!("{page}/plan"), &staff, &evening.replace("19:00", "20:00")).await;
    assert_eq!(later.status, StatusCode::SEE_OTHER, "one's own to come may be planned: {}", later.body);
}

#[tokio::test]
async fn who_stands_beside_is_of_age_too() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    let mut work = app.store.work(county(), &Actor::command_line(), "import", &app.clock).await.unwrap();
    let second = people::Anchor { anchor_id: 2, anchor_key: "a2".into(), name: "主播乙".into() };
    people::upsert_anchors(&mut work, &[second]).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    may_go_live(app).await;
    let staff = enter(app, Role::Branch).await;
    let form = form("两个人", "2026-02-27", "19:00", "22:00", "", "&assistant=2");
    let refused = submit(app, "/branch/streams/new", &staff, &form).await;
    assert!(refused.body.contains("主播或助播那天还不能上播"), "{}", refused.body);
    assert_eq!(streams_of(app, "2026-02-27").await, []);
}

#[tokio::test]
async fn talking_points_of_a_begun_stream_are_written_though_it_began_between_minutes_and_its_room_was_closed() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let began = at("2026-02-20", 19, 0) + chrono::TimeDelta::seconds(30);
    let mut work = app.store.work(county(), &Actor::command_line(), "import", &app.clock).await.unwrap();
    let stream = streams::find(&mut work, STREAM).await.unwrap().unwrap();
    streams::upsert(&mut work, &[Stream { starts_at: began, ..stream }]).await.unwrap();
    let mut rooms = people::list_rooms(&mut work).await.unwrap();
    for room in &mut rooms {
        room.closed_on = Some(day("2026-02-21"));
    }
    people::upsert_rooms(&mut work, &rooms).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    let staff = enter(app, Role::Branch).await;
    let path = format!("/branch/streams/{STREAM}/plan");
    let own_room = format!("selected>{}</option>", rooms[0].name);
    assert!(get(app, &path, &staff).await.body.contains(&own_room), "its own room is there to choose");
    let saved = submit(app, &path, &staff, &form("补要点", "2026-02-20", "19:00", "22:00", "现摘", "")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let kept = streams::find(&mut read(app).await, STREAM).await.unwrap().unwrap();
    assert_eq!((kept.starts_at, kept.room_id), (began, 1));
    assert_eq!(plans::list_offers(&mut read(app).await, &[STREAM]).await.unwrap()[0].points, "现摘");
}

#[tokio::test]
async fn an_order_finds_the_plan_by_its_shelf_and_leaves_it_when_it_is_called_off() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let page = planned_over_an_order(app, &staff).await;
    let stream_id = streams_of(app, "2026-02-25").await[0].stream_id;
    let belongs = async || of_the_order(app).await;
    assert_eq!(belongs().await, Some((stream_id, "shelf".to_owned())));
    let shown = get(app, &page, &staff).await.body;
    assert!(shown.contains("归属观察期到 2026-03-27") && shown.contains("199"), "one of 200 is sold");
    is_sound(app).await;

    assert_eq!(
        submit(app, &format!("{page}/call-off"), &staff, "reason=").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    submit(app, &format!("{page}/call-off"), &staff, "reason=下雨").await;
    assert_eq!(belongs().await, Some((0, "none".to_owned())));
    assert_eq!(streams_of(app, "2026-02-25").await, []);
    assert!(get(app, &page, &staff).await.body.contains("已取消"));
    is_sound(app).await;
}

#[tokio::test]
async fn times_are_noted_and_a_locked_month_moves_only_when_that_is_meant() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let path = format!("/branch/streams/{STREAM}/times");
    let times = "day=2026-02-20&from=18:40&to=21:30";
    let noted = submit(app, &path, &staff, times).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.body);
    let of = async || streams::find(&mut read(app).await, STREAM).await.unwrap().unwrap();
    assert_eq!(of().await.starts_at, at("2026-02-20", 18, 40));
    assert!(!plan_of(app, STREAM).await.unwrap().times_by.is_empty());
    let shown = get(app, &format!("/branch/streams/{STREAM}"), &staff).await.body;
    assert!(shown.contains("时间由") && !shown.contains("取消这一场"), "it was never planned: {shown}");
    let future = submit(app, &path, &staff, "day=2026-02-26&from=18:40&to=21:30").await;
    assert!(future.body.contains("还没开播"));

    app.clock.sleep(std::time::Duration::from_hours(24 * 9)).await;
    let month = parse_month("2026-02").unwrap();
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, month, "缺基准价").await.unwrap();
    let earlier = "day=2026-02-20&from=19:10&to=21:30";
    let refused = submit(app, &path, &staff, earlier).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("已经锁账"), "{}", refused.body);
    assert_eq!(of().await.starts_at, at("2026-02-20", 18, 40), "nothing moved");
    let meant = submit(app, &path, &staff, &format!("{earlier}&confirmed=yes&reason=平台回执")).await;
    assert_eq!(meant.status, StatusCode::SEE_OTHER, "{}", meant.body);
    assert_eq!(of().await.starts_at, at("2026-02-20", 19, 10));
    let told = get(app, "/branch/audit?noun=stream", &staff).await.body;
    assert!(told.contains("平台回执"), "the trail says why");
    is_sound(app).await;
}

#[tokio::test]
async fn the_administrator_bars_and_allows_phrases() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (admin, staff) = (enter(app, Role::BranchAdmin).await, enter(app, Role::Branch).await);
    let path = "/branch/streams/words";
    let bar = "phrase=秒杀全网&kind=absolute&suggestion=今天有优惠&act=bar";
    assert_eq!(submit(app, path, &staff, bar).await.status, StatusCode::FORBIDDEN);
    submit(app, path, &admin, bar).await;
    let tried = get(app, "/branch/streams/words?text=秒杀全网", &staff).await.body;
    assert!(tried.contains("今天有优惠"), "{tried}");
    submit(app, path, &admin, "phrase=杀菌&kind=health&suggestion=&act=allow").await;
    assert!(get(app, "/branch/streams/words?text=巴氏杀菌", &staff).await.body.contains("没有不能用的说法"));
    submit(app, path, &admin, "phrase=杀菌&act=back").await;
    assert!(get(app, "/branch/streams/words?text=巴氏杀菌", &staff).await.body.contains("食品不能说功效"));
    assert_eq!(submit(app, path, &admin, "phrase=&act=bar").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_day_begins_with_what_is_on_air() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    let staff = enter(app, Role::Branch).await;
    // it is the last second of the 25th
    let form = form("夜场", "2026-02-25", "23:00", "01:30", "", "");
    let page = submit(app, "/branch/streams/new", &staff, &form).await.header(header::LOCATION).to_owned();
    let home = get(app, "/branch", &staff).await.body;
    let first = home.find("正在直播").expect("what is on air is said");
    assert!(first < home.find("没有提交锁账").unwrap_or(home.len()) && home.contains(&format!("{page}/live")));
}

#[tokio::test]
async fn everything_is_found_from_one_input_by_who_may_open_it() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (staff, auditor) = (enter(app, Role::Branch).await, enter(app, Role::Auditor).await);
    assert!(get(app, "/branch", &staff).await.body.contains("role=\"search\""));
    let found = get(app, "/branch/search?q=陈", &staff).await.body;
    assert!(found.contains("陈* · f1") && found.contains("/branch/households/1") && !found.contains("陈示范"));
    assert!(!get(app, "/branch/search?q=陈", &auditor).await.body.contains("/branch/households/"));
    assert!(get(app, "/branch/search?q=主播", &auditor).await.body.contains("/branch/anchors/1"));
    let by_number = get(app, "/branch/search?q=6900000000000000001", &staff).await.body;
    assert!(by_number.contains("6910000000000000001") && by_number.contains("/branch/streams/1"));
    assert!(get(app, "/branch/search?q=%25", &staff).await.body.contains("没有找到"));
    assert!(!get(app, "/official", &enter(app, Role::Official).await).await.body.contains("role=\"search\""));
}

#[tokio::test]
async fn the_streams_of_a_month_are_chosen_sorted_and_taken_away() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let address = "/branch/streams?month=2026-02&anchor=1&sort=gmv&state=held";
    let page = get(app, address, &staff).await.body;
    let (first, second) = (page.find("2026-02-20 19:00").unwrap(), page.find("2026-02-24 19:00").unwrap());
    assert!(first < second, "the one that sold comes first");
    assert!(page.contains("month=2026-01&amp;anchor=1&amp;state=held&amp;sort=gmv"), "the choice goes along");
    assert!(!get(app, "/branch/streams?month=2026-02&anchor=9", &staff).await.body.contains("2026-02-20 19:00"));
    let file = get(app, "/branch/streams/table?month=2026-02&format=csv", &staff).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.body.contains("2026-02-20 19:00") && file.body.contains("场次表里没有金额"), "{}", file.body);
    assert!(!file.body.contains("79.80"), "no amount leaves");
    let trail = get(app, "/branch/audit?noun=figures", &staff).await.body;
    assert!(trail.contains("streams 360827"), "{trail}");
}

#[tokio::test]
async fn an_anchor_opens_the_run_sheets_and_photos_of_the_own_streams_alone() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    may_go_live(app).await;
    let (staff, own) = (enter(app, Role::Branch).await, enter(app, Role::Anchor).await);
    let another = people::Anchor { anchor_id: 2, anchor_key: "a2".into(), name: "主播乙".into() };
    let mut session = app.store.write(county()).await.unwrap();
    people::upsert_anchors(&mut session, &[another]).await.unwrap();
    session.commit().await.unwrap();
    let other = enter_under(app, granted(Role::Anchor, "360827", 2)).await;
    let form = form("金桔专场", "2026-02-27", "19:00", "22:00", "当天采", "");
    let planned = submit(app, "/branch/streams/new", &staff, &form).await.header(header::LOCATION).to_owned();
    let page = planned.replace("/branch", "/anchor");
    for of in ["listings", "products"] {
        let at = format!("/branch/goods/{of}/1/photo");
        assert!(upload(app, &at, &staff, &[("photo", Some("a.png"), &photo())]).await.status.is_redirection());
    }
    let paper = "kind=sc&listing=0&number=SC-10036&holder=%E9%99%88%E7%A4%BA%E8%8C%83&issued=2026-02-01&expires=";
    submit(app, "/branch/goods/products/1/papers", &staff, paper).await;

    let home = get(app, "/anchor", &own).await.body;
    let (next, past) = home.split_once("最近 30 天卖出").expect("what comes stands before what was");
    assert!(next.contains("金桔专场") && next.contains("2026-02-27 22:00 · 一号直播间"), "{next}");
    assert!(next.contains(&format!("{page}/run-sheet")) && past.contains("2026-02-24 19:00"), "{home}");
    assert!(!next.contains("2026-02-24"), "what is over does not come");
    assert!(get(app, &page, &own).await.body.contains(&format!("{page}/run-sheet")));

    let sheet = get(app, &format!("{page}/run-sheet"), &own).await;
    for said in ["金桔专场", "一号直播间", "2026-02-27 22:00", "29.90", "200", "当天采", "SC-10036"] {
        assert!(sheet.body.contains(said), "{said}: {}", sheet.body);
    }
    assert!(!sheet.body.contains("陈示范") && !sheet.body.contains("/branch"), "{}", sheet.body);
    let image = image_on(&sheet.body);
    assert!(image.starts_with("/anchor/goods/photos/"), "{image}");
    assert!(get(app, &image, &own).await.bytes.starts_with(&[0xff, 0xd8]));
    let of_product = image_on(&get(app, "/branch/goods/products/1", &staff).await.body).replace("/branch", "/anchor");
    for outside in [of_product.as_str(), "/anchor/goods/photos/1"] {
        assert_eq!(get(app, outside, &own).await.status, StatusCode::NOT_FOUND, "{outside}");
    }
    for path in [format!("{page}/run-sheet"), image] {
        assert_eq!(get(app, &path, &other).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(get(app, &path, &staff).await.status, StatusCode::FORBIDDEN, "{path}");
        assert!(get(app, &path, "").await.header(header::LOCATION).starts_with("/sign-in"), "{path}");
    }
    assert!(!get(app, "/anchor", &other).await.body.contains("run-sheet"));

    submit(app, &format!("{planned}/call-off"), &staff, "reason=%E4%B8%8B%E9%9B%A8").await;
    assert!(get(app, &format!("{page}/run-sheet"), &own).await.body.contains("已取消：下雨"));
    assert!(!get(app, "/anchor", &own).await.body.contains("金桔专场"), "what is called off does not come");
}
