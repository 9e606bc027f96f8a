//! Signing in to a class by the code on its room's screen: the branch opens it, anchors come on their phones.

use super::client::{Answer, enter, enter_under, get, submit};
use super::seed::{Seeded, TODAY, county, day, granted, link_of, seeded};
use axum::http::{StatusCode, header};
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::regions::RegionCode;
use red_anchor::services::curriculum::{self, NewLesson};
use red_anchor::services::desk::Desk;
use red_anchor::services::{accounts, setup, verify};
use red_anchor::store::{people, scans};
use std::time::Duration;

/// The class of today; the seed has one of a week ago.
const CLASS: &str = "/branch/training/lessons/2";
const SCAN: &str = "/branch/training/lessons/2/scan";
const MINE: &str = "/anchor/classes/2";

struct Room {
    seeded: Seeded,
    staff: String,
    anchor: String,
}

impl Room {
    /// A class of today for the first two of three anchors, with its sign-in open.
    async fn open() -> Self {
        let seeded = seeded().await;
        let app = &seeded.app;
        let mut session = app.store.write(county()).await.unwrap();
        let anchors = [(2, "主播乙"), (3, "主播丙")].map(|(anchor_id, name)| people::Anchor {
            anchor_id,
            anchor_key: format!("a{anchor_id}"),
            name: name.into(),
        });
        people::upsert_anchors(&mut session, &anchors).await.unwrap();
        session.commit().await.unwrap();
        let actor = Actor::command_line();
        // what was written last may be of a clock that is ahead of this one's
        let ahead = Clock::at_end_of(day("2026-03-01"));
        let desk = Desk { store: &app.store, county: county(), actor: &actor, clock: &ahead };
        let class = NewLesson {
            class_no: "示范-001".into(),
            module_id: 1,
            held_on: day(TODAY),
            class_hours: 4,
            teacher: "录入员".into(),
            place: "雩田镇".into(),
            planned: vec![1, 2],
        };
        assert_eq!(curriculum::plan(&desk, &[class]).await.unwrap(), 2);
        let room = Self { staff: enter(app, Role::Branch).await, anchor: enter(app, Role::Anchor).await, seeded };
        room.post(&room.staff, SCAN, "").await;
        room
    }

    /// The code that stands, as the screen's drawing holds it: read from where it is kept.
    async fn code(&self) -> String {
        let mut session = self.seeded.app.store.read(Scope::County(county())).await.unwrap();
        scans::find_code(&mut session, 2).await.unwrap().map(|row| row.code).unwrap_or_default()
    }

    async fn get(&self, who: &str, path: &str) -> Answer {
        get(&self.seeded.app, path, who).await
    }

    async fn post(&self, who: &str, path: &str, form: &str) -> Answer {
        submit(&self.seeded.app, path, who, if form.is_empty() { "x=1" } else { form }).await
    }

    async fn scan(&self, who: &str, code: &str) -> Answer {
        self.post(who, MINE, &format!("code={code}")).await
    }

    /// Class hours of today, by anchor.
    async fn hours(&self) -> Vec<(i64, i64)> {
        let mut session = self.seeded.app.store.read(Scope::County(county())).await.unwrap();
        let records = people::list_training(&mut session).await.unwrap();
        records.iter().filter(|t| t.attended_on == day(TODAY)).map(|t| (t.anchor_id, t.class_hours)).collect()
    }
}

#[tokio::test]
async fn an_anchor_signs_in_by_the_code_on_the_screen_once() {
    let room = Room::open().await;
    let code = room.code().await;
    assert_eq!(code.len(), 20);
    let shown = room.get(&room.staff, CLASS).await.body;
    assert!(shown.contains("<svg class=\"qr\"") && shown.contains("已签到 0 / 2") && !shown.contains("打开扫码签到"));
    let page = room.get(&room.anchor, &format!("{MINE}?code={code}")).await;
    for part in ["规则", TODAY, "雩田镇", "课时：4", "录入员", "计 4 课时", ">签到</button>"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert_eq!(room.hours().await, [], "looking signs nobody in");

    let done = room.scan(&room.anchor, &code).await;
    assert_eq!((done.status, done.header(header::LOCATION)), (StatusCode::SEE_OTHER, MINE), "{}", done.body);
    let page = room.get(&room.anchor, MINE).await.body;
    assert!(page.contains("已签到，23:59") && !page.contains("<form method=\"post\" action=\"/anchor"), "{page}");
    assert_eq!(room.hours().await, [(1, 4)]);
    let again = room.scan(&room.anchor, &code).await;
    assert_eq!(again.header(header::LOCATION), MINE, "twice is once");

    let sheet = room.get(&room.staff, CLASS).await.body;
    assert!(sheet.contains("已签到 1 / 2") && sheet.contains("扫码 23:59"), "{sheet}");
    let screen = room.get(&room.staff, SCAN).await;
    assert_eq!(screen.header(header::REFRESH), "15");
    assert!(screen.body.contains("<svg class=\"qr\"") && screen.body.contains("主播甲"), "{}", screen.body);
    let trail = room.get(&room.staff, "/branch/audit?noun=lesson&subject=2").await.body;
    assert_eq!(trail.matches("扫码签到</dd>").count(), 2, "opened, and one scan: {trail}");
    let home = room.get(&room.anchor, "/anchor").await.body;
    assert!(home.contains("今天 · 规则 · 雩田镇 · 4 课时") && home.contains("已签到"), "{home}");
    let mut session = room.seeded.app.store.read(Scope::County(county())).await.unwrap();
    assert!(verify::verify(&mut session).await.unwrap().is_clean());
}

#[tokio::test]
async fn an_old_a_wrong_and_a_closed_code_sign_nobody_in() {
    let room = Room::open().await;
    let old = room.code().await;
    room.post(&room.staff, SCAN, "").await;
    let new = room.code().await;
    assert_ne!(old, new);
    for wrong in [old.as_str(), "wrong"] {
        let refused = room.scan(&room.anchor, wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("请扫现在屏幕上的码") && refused.body.contains("规则"), "{}", refused.body);
        let english = format!("{}; lang=en", room.anchor);
        assert!(room.scan(&english, wrong).await.body.contains("Scan the one on the screen now"));
    }
    assert!(room.get(&room.anchor, MINE).await.body.contains("请用手机扫教室屏幕上的码"));
    let closed = room.post(&room.staff, &format!("{SCAN}/close"), "").await;
    assert_eq!(closed.header(header::LOCATION), CLASS);
    let refused = room.scan(&room.anchor, &new).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("签到没有打开"));
    let screen = room.get(&room.staff, SCAN).await;
    assert!(screen.body.contains("签到没有打开") && screen.header(header::REFRESH).is_empty());
    assert!(room.get(&room.staff, CLASS).await.body.contains("打开扫码签到"));
    assert_eq!(room.hours().await, []);
}

#[tokio::test]
async fn a_code_is_worth_nothing_when_its_day_is_over_or_its_class_called_off() {
    let room = Room::open().await;
    let code = room.code().await;
    let early = room.post(&room.staff, &format!("{CLASS}/change"), &changed("2026-02-26")).await;
    assert_eq!(early.header(header::LOCATION), CLASS, "{}", early.body);
    assert!(room.scan(&room.anchor, &code).await.body.contains("还没到上课日"));
    assert!(room.post(&room.staff, SCAN, "").await.body.contains("2026-02-26 还没到"));
    room.seeded.app.clock.sleep(Duration::from_hours(24)).await;
    let stale = room.scan(&room.anchor, &code).await;
    assert!(stale.body.contains("签到没有打开"), "yesterday's code on the class's new day: {}", stale.body);
    assert!(!room.get(&room.staff, CLASS).await.body.contains("<svg class=\"qr\""));
    room.seeded.app.clock.sleep(Duration::from_hours(24)).await;
    assert!(room.scan(&room.anchor, &code).await.body.contains("上课日已经过了"));
    assert!(room.post(&room.staff, SCAN, "").await.body.contains("这次课是 2026-02-26，已经过了"));
    room.post(&room.staff, &format!("{CLASS}/call-off"), "reason=x").await;
    assert!(room.scan(&room.anchor, &code).await.body.contains("已经取消"));
    assert!(room.post(&room.staff, SCAN, "").await.body.contains("这次课已经取消"));
    let mut session = room.seeded.app.store.read(Scope::County(county())).await.unwrap();
    assert_eq!(scans::list(&mut session, 2).await.unwrap(), []);
}

fn changed(on: &str) -> String {
    format!("class_no=1&held_on={on}&class_hours=4&teacher=x&place=x&reason=x")
}

#[tokio::test]
async fn only_who_is_on_the_list_signs_in_and_for_themselves_alone() {
    let room = Room::open().await;
    let app = &room.seeded.app;
    let code = room.code().await;
    let unlisted = enter_under(app, granted(Role::Anchor, "360827", 3)).await;
    let other = RegionCode::parse("360828").unwrap();
    setup::init(&app.store, other, "seed", [8; 32], &app.clock).await.unwrap();
    let path = format!("/enter/{}", link_of(app, other, granted(Role::Anchor, "360828", 1)).await);
    let foreign = submit(app, &path, "", "x=1").await.cookie("session=").unwrap();
    for stranger in [&unlisted, &foreign] {
        for answer in [room.get(stranger, &format!("{MINE}?code={code}")).await, room.scan(stranger, &code).await] {
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            assert!(answer.body.contains("名单上没有您") && !answer.body.contains("雩田镇"), "{}", answer.body);
        }
    }
    assert_eq!(room.scan(&room.staff, &code).await.status, StatusCode::FORBIDDEN, "not under another role");
    assert_eq!(room.hours().await, []);
    let second = enter_under(app, granted(Role::Anchor, "360827", 2)).await;
    room.scan(&second, &code).await;
    assert_eq!(room.hours().await, [(2, 4)]);
    assert!(room.get(&room.anchor, &format!("{MINE}?code={code}")).await.body.contains(">签到</button>"));

    let form = "added=3&was1=planned&seat1=planned&was2=present&seat2=present";
    assert_eq!(room.post(&room.staff, CLASS, form).await.header(header::LOCATION), CLASS);
    assert_eq!(room.hours().await, [(2, 4), (3, 4)], "the teacher adds who came without being on the list");
    assert!(room.get(&unlisted, MINE).await.body.contains("已签到，老师填的"));
}

#[tokio::test]
async fn the_sheet_puts_a_scan_right_and_overwrites_none_it_has_not_seen() {
    let room = Room::open().await;
    let code = room.code().await;
    let seen_before = "was1=planned&seat1=planned&was2=planned&seat2=absent";
    room.scan(&room.anchor, &code).await;
    room.post(&room.staff, CLASS, seen_before).await;
    assert_eq!(room.hours().await, [(1, 4)], "who scanned while the sheet was open stays");
    let second = enter_under(&room.seeded.app, granted(Role::Anchor, "360827", 2)).await;
    let refused = room.scan(&second, &code).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("老师已把您记为“缺”"));
    room.post(&room.staff, CLASS, "was1=present&seat1=absent").await;
    assert_eq!(room.hours().await, []);
    let sheet = room.get(&room.staff, CLASS).await.body;
    assert!(sheet.contains("扫码 23:59，后来改过") && sheet.contains("手工填写"), "{sheet}");
}

#[tokio::test]
async fn whoever_is_on_the_list_does_not_open_it() {
    let room = Room::open().await;
    let app = &room.seeded.app;
    let actor = Actor::command_line();
    let desk = Desk { store: &app.store, county: county(), actor: &actor, clock: &app.clock };
    let made = accounts::create(&desk, "both", "", &granted(Role::Branch, "360827", 0)).await.unwrap();
    accounts::give_role(&desk, made.account_id, &granted(Role::Anchor, "360827", 1)).await.unwrap();
    let password = "password=a-long-password&again=a-long-password";
    submit(app, &format!("/password/{}", made.secret), "", password).await;
    let both = submit(app, "/sign-in", "", "name=both&password=a-long-password").await.cookie("session=").unwrap();
    let (before, refused) = (room.code().await, room.post(&both, SCAN, "").await);
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("关系到您自己"));
    assert_eq!(room.code().await, before);
}

#[tokio::test]
async fn signed_out_the_code_leads_through_the_door_and_back() {
    let room = Room::open().await;
    let app = &room.seeded.app;
    let actor = Actor::command_line();
    let desk = Desk { store: &app.store, county: county(), actor: &actor, clock: &app.clock };
    let made = accounts::create(&desk, "yi", "", &granted(Role::Anchor, "360827", 2)).await.unwrap();
    let password = "password=a-long-password&again=a-long-password";
    submit(app, &format!("/password/{}", made.secret), "", password).await;
    let asked = format!("{MINE}?code={}", room.code().await);
    let door = room.get("", &asked).await;
    let door = door.header(header::LOCATION);
    assert!(door.starts_with("/sign-in?next=/anchor/classes/2%3Fcode%3D"), "{door}");
    assert!(room.get("", door).await.body.contains(&format!("name=\"next\" value=\"{asked}\"")));
    let form = format!("name=yi&password=a-long-password&next={}", asked.replace('?', "%3F").replace('=', "%3D"));
    let answer = room.post("", "/sign-in", &form).await;
    assert_eq!(answer.header(header::LOCATION), asked, "{}", answer.body);
    let cookie = answer.cookie("session=").unwrap();
    assert!(room.get(&cookie, &asked).await.body.contains(">签到</button>"));
}
