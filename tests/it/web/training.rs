//! People and their training: sign-in, assessments, the ladder with two people, the gate, papers; rooms, contests, party
//! stages.

use super::client::{enter, enter_under, get, submit, upload};
use super::seed::{Seeded, VILLAGE, county, day, grant, seeded};
use axum::http::{StatusCode, header};
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::attribution::Stage;
use red_anchor::domain::contests::Indicator;
use red_anchor::domain::training::{AssessedBy, Purpose};
use red_anchor::services::curriculum::{self, NewLesson, TypedModule};
use red_anchor::services::desk::Desk;
use red_anchor::services::figures::{self, Request};
use red_anchor::services::{contests, ladder, lock, verify};
use red_anchor::store::figures::Grouping;
use red_anchor::store::ladder::{self as stored, NewStep};
use red_anchor::store::{Store, people, take_ids};
use red_anchor::web::AppState;

const ANCHOR: &str = "/branch/anchors/1";

/// A class, a step that waits, a contest: so that every page of training has something to show.
pub async fn train(store: &Store, clock: &Clock) {
    let mut session = store.write(county()).await.unwrap();
    // the seed has numbered these by hand
    for noun in ["anchor", "module", "room"] {
        take_ids(&mut session, noun, 100).await.unwrap();
    }
    session.commit().await.unwrap();
    let actor = Actor::command_line();
    let desk = Desk { store, county: county(), actor: &actor, clock };
    let module = TypedModule {
        name: "规则".into(),
        name_en: "Rules".into(),
        class_hours: 12,
        purpose: Purpose::Rules,
        assessed_by: AssessedBy::Quiz,
    };
    assert!(curriculum::save_module(&desk, Some(1), &module).await.unwrap());
    let lesson = NewLesson {
        class_no: "示范-001".into(),
        module_id: 1,
        held_on: day("2026-02-18"),
        class_hours: 4,
        teacher: "录入员".into(),
        place: "雩田镇".into(),
        planned: vec![1],
    };
    curriculum::plan(&desk, &[lesson]).await.unwrap();
    let step = NewStep {
        anchor_id: 1,
        stage: Stage::Certified.key(),
        from_on: day("2026-02-24"),
        evidence: "示范-002".into(),
        class_no: "示范-001".into(),
        certificate_no: "示范-003".into(),
        expires_on: Some(day("2028-02-23")),
    };
    Box::pin(ladder::propose(&desk, &step, Stage::Certified)).await.unwrap();
    let contest = contests::NewContest {
        title: "示范-001".into(),
        from_on: day("2026-02-01"),
        to_on: day("2026-02-20"),
        indicators: vec![Indicator::Net, Indicator::RefundRate, Indicator::ClassHours],
        entrants: vec![1],
    };
    let contest_id = contests::create(&desk, &contest).await.unwrap();
    assert!(contests::publish(&desk, contest_id).await.unwrap());
}

async fn headline(app: &AppState) -> (i64, i64) {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let rows = figures::rows(&mut session, &Request::all(county(), Grouping::Class)).await.unwrap();
    let of = |class: &str| rows.iter().filter(|r| r.key.as_deref() == Some(class)).map(|r| r.figures.uplift_fen).sum();
    (of("red"), of("red_supervised"))
}

async fn is_clean(app: &AppState) {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let report = verify::verify(&mut session).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences);
}

async fn hours(app: &AppState) -> Vec<(String, i64)> {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let records = people::list_training(&mut session).await.unwrap();
    records.iter().map(|t| (t.attended_on.to_string(), t.class_hours)).collect()
}

#[tokio::test]
async fn a_sign_in_typed_in_writes_the_hours_and_may_be_put_right() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    assert!(get(app, "/branch/training/curriculum", &staff).await.body.contains("签到没填"));
    let sign = async |mark: &str| {
        let form = format!("seat1={mark}");
        let answer = submit(app, "/branch/training/lessons/1", &staff, &form).await;
        assert_eq!(answer.header(header::LOCATION), "/branch/training/lessons/1", "{}", answer.body);
    };
    let before = hours(app).await;
    sign("present").await;
    let after = [before.clone(), vec![("2026-02-18".to_owned(), 4)]].concat();
    assert_eq!(hours(app).await, after);
    sign("present").await;
    assert_eq!(hours(app).await, after, "the same again changes nothing");
    assert!(get(app, ANCHOR, &staff).await.body.contains("1 / 1"));
    sign("excused").await;
    assert_eq!(hours(app).await, before, "an excused class has no hours");
    assert!(get(app, ANCHOR, &staff).await.body.contains("0 / 1"), "and counts in the whole");
}

#[tokio::test]
async fn a_person_is_added_trained_assessed_and_climbs_a_step_at_a_time() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let answer = submit(app, "/branch/anchors", &staff, "name=%E5%AD%A6%E5%91%98&born_on=2009-01-01&mentor=1").await;
    let page = answer.header(header::LOCATION).to_owned();
    assert!(page.starts_with("/branch/anchors/"), "{}", answer.body);
    let to = |part: &str| format!("{page}/{part}");
    let body = get(app, &page, &staff).await.body;
    for missing in ["没有监护人同意", "身份没有核验", "规则考核没有通过", "产品知识没有通过", "见习场次 0 / 3"]
    {
        assert!(body.contains(missing), "{missing}: {body}");
    }
    let step = "stage=supervised&from=2026-02-20&evidence=1";
    assert!(submit(app, &to("steps"), &staff, step).await.body.contains("一级一级来"));
    let trainee = submit(app, &to("steps"), &staff, "stage=trainee&from=2026-02-10&evidence=1").await;
    assert_eq!(trainee.header(header::LOCATION), page);
    assert!(submit(app, &to("steps"), &staff, step).await.body.contains("身份没有核验"), "what is lacking is said");
    let details =
        "name=%E5%AD%A6%E5%91%98&born_on=2009-01-01&guardian_consent_on=2026-02-01&identity_checked_on=2026-02-01";
    assert_eq!(submit(app, &page, &staff, details).await.header(header::LOCATION), page);
    let quiz = "module=1&kind=quiz&taken_on=2026-02-15&score=59&pass_score=60&assessor=x";
    submit(app, &to("assessments"), &staff, quiz).await;
    assert!(submit(app, &to("steps"), &staff, step).await.body.contains("规则考核没有通过"));
    submit(app, &to("assessments"), &staff, &quiz.replace("59", "60")).await;
    assert_eq!(submit(app, &to("steps"), &staff, step).await.header(header::LOCATION), page);
    let certify = "stage=certified&from=2026-02-21&evidence=1&certificate_no=9&expires_on=2027-01-01";
    let waits = submit(app, &to("steps"), &staff, certify).await;
    assert!(waits.header(header::LOCATION).starts_with("/branch/training/steps/"));
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    let refused = submit(app, &format!("{}/approve", waits.header(header::LOCATION)), &admin, "x=1").await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("见习场次 0 / 3"));
}

#[tokio::test]
async fn a_module_of_two_assessments_is_passed_on_the_later_whichever_is_typed_first() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let module = "name=%E4%BA%A7%E5%93%81&class_hours=4&purpose=product&assessed_by=both";
    submit(app, "/branch/training/curriculum/modules", &staff, module).await;
    for (kind, on) in [("practical", "2026-02-10"), ("quiz", "2026-02-05")] {
        let form = format!("module=101&kind={kind}&taken_on={on}&score=90&pass_score=60&assessor=x");
        submit(app, &format!("{ANCHOR}/assessments"), &staff, &form).await;
    }
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let records = people::list_training(&mut session).await.unwrap();
    let passed: Vec<_> = records.iter().filter(|t| t.module_id == 101).map(|t| t.passed_on).collect();
    assert_eq!(passed, [Some(day("2026-02-10"))]);
}

/// The seeded anchor with everything the ladder asks for.
async fn complete(app: &AppState, staff: &str) {
    let details = "name=%E4%B8%BB%E6%92%AD%E7%94%B2&born_on=1990-01-01&identity_checked_on=2025-01-01";
    assert_eq!(submit(app, ANCHOR, staff, details).await.header(header::LOCATION), ANCHOR);
    let product = "name=%E4%BA%A7%E5%93%81&class_hours=4&purpose=product&assessed_by=quiz";
    submit(app, "/branch/training/curriculum/modules", staff, product).await;
    let quiz = "module=101&kind=quiz&taken_on=2026-02-01&score=90&pass_score=60&assessor=x";
    submit(app, &format!("{ANCHOR}/assessments"), staff, quiz).await;
}

/// Turns the step that waits down and puts a renewal forward in its place; its page.
async fn renew(app: &AppState, staff: &str, admin: &str) -> String {
    complete(app, staff).await;
    submit(app, "/branch/training/steps/1/turn-down", admin, "reason=x").await;
    let form = "stage=certified&from=2026-02-24&evidence=1&certificate_no=R-9&expires_on=2028-02-23";
    submit(app, &format!("{ANCHOR}/steps"), staff, form).await.header(header::LOCATION).to_owned()
}

#[tokio::test]
async fn a_certificate_takes_two_people_and_its_end_ends_the_headline() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    let page = renew(app, &staff, &admin).await;
    assert!(get(app, "/branch/training", &staff).await.body.contains("等另一个人批准"));
    let done = submit(app, &format!("{page}/approve"), &admin, "x=1").await;
    assert_eq!(done.header(header::LOCATION), page, "{}", done.body);
    let again = submit(app, &format!("{page}/approve"), &admin, "x=1").await;
    assert!(again.body.contains("已经有人办过"));
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let stages = people::list_stages(&mut session).await.unwrap();
    let last = stages.last().unwrap();
    assert_eq!((last.from_on, last.stage.as_str()), (day("2028-02-24"), "supervised"), "the day after its last");
    let code = stored::list_papers(&mut session).await.unwrap().remove(0).check_code;
    drop(session);
    let check = get(app, &format!("/check/{code}"), "").await.body;
    assert!(check.contains("有效") && check.contains("主播甲") && check.contains("R-9"), "{check}");
    assert!(!check.contains("1990"), "name and number only");
    let revoke = "number=R-9&on=2026-02-25&reason=x";
    let done = submit(app, &format!("{ANCHOR}/revoke"), &admin, revoke).await;
    assert_eq!(done.header(header::LOCATION), ANCHOR, "{}", done.body);
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let stages = people::list_stages(&mut session).await.unwrap();
    drop(session);
    let last = stages.last().unwrap();
    assert_eq!(
        (last.from_on, last.stage.as_str()),
        (day("2026-03-02"), "supervised"),
        "after the paper that still holds"
    );
    is_clean(app).await;
}

#[tokio::test]
async fn nobody_approves_what_they_put_forward_nor_a_step_of_their_own() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    let waits = renew(app, &staff, &admin).await;
    let own = submit(app, &format!("{waits}/approve"), &staff, "x=1").await;
    assert!(own.status == StatusCode::UNPROCESSABLE_ENTITY && own.body.contains("您自己提出的"), "{}", own.body);
    assert!(get(app, &waits, &staff).await.body.contains("您可以撤回"));
    let barred = "stage=certified&from=2026-02-25&evidence=1&certificate_no=%E5%9B%BD%E5%AE%B69&expires_on=2027-01-01";
    submit(app, &format!("{waits}/turn-down"), &staff, "").await;
    let refused = submit(app, &format!("{ANCHOR}/steps"), &staff, barred).await;
    assert!(refused.body.contains("不能写“国家”"), "{}", refused.body);
}

#[tokio::test]
async fn a_revoked_certificate_leaves_the_headline_from_its_day_on() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    assert_eq!(headline(app).await, (1_282, 0));
    let form = "number=%E7%A4%BA%E8%8C%83-001&on=2026-02-20&reason=x";
    let done = submit(app, &format!("{ANCHOR}/revoke"), &admin, form).await;
    assert_eq!(done.header(header::LOCATION), ANCHOR, "{}", done.body);
    assert_eq!(headline(app).await, (0, 1_282), "in a room and no longer certified");
    assert!(submit(app, &format!("{ANCHOR}/revoke"), &admin, form).await.body.contains("已经撤销"));
    is_clean(app).await;
}

#[tokio::test]
async fn a_locked_month_keeps_whose_streams_it_held() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    app.clock.sleep(std::time::Duration::from_hours(24 * 9)).await;
    let february = day("2026-02-01");
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, february, "x").await.unwrap();
    let before = headline(app).await;
    let form = |on: &str| format!("number=%E7%A4%BA%E8%8C%83-001&on={on}&reason=x");
    let refused = submit(app, &format!("{ANCHOR}/revoke"), &admin, &form("2026-02-20")).await;
    assert!(refused.body.contains("请从 2026-03-01 起算"), "{}", refused.body);
    assert_eq!(
        submit(app, &format!("{ANCHOR}/revoke"), &admin, &form("2026-03-01")).await.header(header::LOCATION),
        ANCHOR
    );
    assert_eq!(headline(app).await, before, "nothing of February moved");
    is_clean(app).await;
}

#[tokio::test]
async fn the_gate_opens_by_what_is_met_or_in_somebodys_name() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    let waiver = "from=2026-02-25&to=2026-03-01&reason=%E5%B1%95%E4%BC%9A";
    let refused = submit(app, &format!("{ANCHOR}/waivers"), &admin, waiver).await;
    assert!(refused.body.contains("没有出生日期"), "age is never waived: {}", refused.body);
    complete(app, &admin).await;
    assert!(get(app, ANCHOR, &admin).await.body.contains("可以上播"));
    submit(app, &format!("{ANCHOR}/violations"), &admin, "on=2026-02-24&what=x").await;
    let body = get(app, ANCHOR, &admin).await.body;
    assert!(body.contains("1 件违规没有处理完") && body.contains("还不能上播"), "{body}");
    let auditor = enter(app, Role::Auditor).await;
    let read = get(app, ANCHOR, &auditor).await.body;
    assert!(read.contains("还不能上播") && !read.contains("件违规没有处理完"), "who only reads: {read}");
    let refused = submit(app, &format!("{ANCHOR}/waivers"), &admin, waiver).await;
    assert!(refused.body.contains("1 件违规没有处理完"), "nor an open violation: {}", refused.body);
    submit(app, &format!("{ANCHOR}/violations/close"), &admin, "violation=1").await;
    assert!(!get(app, ANCHOR, &admin).await.body.contains("件违规没有处理完"));
    submit(app, ANCHOR, &admin, "name=%E4%B8%BB%E6%92%AD%E7%94%B2&born_on=1990-01-01").await;
    let body = get(app, ANCHOR, &admin).await.body;
    assert!(body.contains("身份没有核验") && body.contains("还不能上播"), "{body}");
    submit(app, &format!("{ANCHOR}/waivers"), &admin, waiver).await;
    let body = get(app, ANCHOR, &admin).await.body;
    assert!(body.contains("放行到 2026-03-01：展会") && !body.contains("还不能上播"), "{body}");
    let trail = get(app, "/branch/audit", &admin).await.body;
    assert!(trail.contains("放行") && trail.contains("展会"), "it stands in the trail");
    let of_one = |key: &str| format!("/branch/audit?noun=anchor&subject={key}");
    let history = get(app, &of_one("a1"), &admin).await.body;
    for said in ["连同这位主播的阶段", "展会", "<strong>添加 违规</strong> 1", "<strong>结清 违规</strong> 1"]
    {
        assert!(history.contains(said), "{said} in {history}");
    }
    assert!(get(app, "/branch/anchors/1", &admin).await.body.contains("noun=anchor&amp;subject=a1"));
    assert!(!get(app, &of_one("a2"), &admin).await.body.contains("展会"), "of nobody else");
    for stranger in [Role::Anchor, Role::Official] {
        let cookie = enter(app, stranger).await;
        assert_eq!(get(app, &of_one("a1"), &cookie).await.status, StatusCode::FORBIDDEN, "{stranger:?}");
    }
    let own = enter(app, Role::Anchor).await;
    assert!(get(app, "/anchor", &own).await.body.contains("身份没有核验"), "the anchor reads it too");
    submit(app, &format!("{ANCHOR}/violations"), &admin, "on=2026-02-24&what=x").await;
    assert!(get(app, ANCHOR, &admin).await.body.contains("还不能上播"), "a violation closes what was waived");
}

#[tokio::test]
async fn a_national_certificate_is_counted_as_a_holder_and_moves_no_stage() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    assert!(get(app, "/branch/training", &staff).await.body.contains("持证主播（职业技能等级）0 人"));
    let form = "number=G1&level=5&issued_on=2026-01-05";
    assert_eq!(submit(app, &format!("{ANCHOR}/national"), &staff, form).await.header(header::LOCATION), ANCHOR);
    assert!(get(app, "/branch/training", &staff).await.body.contains("持证主播（职业技能等级）1 人"));
    assert!(submit(app, &format!("{ANCHOR}/national"), &staff, form).await.body.contains("已经用过"));
    assert_eq!(headline(app).await, (1_282, 0));
}

#[tokio::test]
async fn a_paper_gets_its_code_once_and_is_checked_by_anybody() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let page = format!("{ANCHOR}/paper?no=%E7%A4%BA%E8%8C%83-001");
    assert!(!get(app, &page, &staff).await.body.contains("/check/"));
    let form = "number=%E7%A4%BA%E8%8C%83-001";
    submit(app, &format!("{ANCHOR}/paper"), &staff, form).await;
    let sheet = get(app, &page, &staff).await.body;
    let code = sheet.split("/check/").nth(1).unwrap().split('<').next().unwrap().to_owned();
    submit(app, &format!("{ANCHOR}/paper"), &staff, form).await;
    assert!(get(app, &page, &staff).await.body.contains(&code), "the printed code stays");
    for barred in ladder::BARRED {
        assert!(!sheet.contains(barred), "{barred}");
    }
    let paper = get(app, &page.replace("/paper?", "/paper.pdf?"), &staff).await;
    assert!(paper.status == StatusCode::OK && paper.bytes.starts_with(b"%PDF-"), "{}", paper.body);
    let none = get(app, &format!("{ANCHOR}/paper.pdf?no=none"), &staff).await;
    assert_eq!(none.header(header::LOCATION), format!("{ANCHOR}/paper"), "the page says that there is none");
    let record = get(app, &format!("{page}&kind=record"), &staff).await.body;
    let of_record = record.split("/check/").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let bare = code.split('?').next().unwrap().to_owned();
    for (code, says, not) in [
        (&code, "<h2>聘书</h2>", "培训证明"),
        (&of_record, "<h2>培训证明</h2>", "聘书"),
        (&bare, "聘书或培训证明", "<h2>聘书</h2>"),
    ] {
        let check = get(app, &format!("/check/{code}"), "").await.body;
        assert!(check.contains("有效") && check.contains("主播甲") && check.contains("示范-001"), "{check}");
        assert!(check.contains("遂川县的电子商务行业协会，2025-03-01"), "who issued it: {check}");
        assert!(check.contains(says) && !check.contains(not), "{code}: {check}");
    }
    assert!(get(app, &format!("/check/{code}"), "lang=en").await.body.contains("Letter of appointment"));
    assert!(get(app, "/check/nothing", "").await.body.contains("查无此证"));
}

#[tokio::test]
async fn rooms_are_edited_and_compared_by_the_hour() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let form = format!("name=%E4%BA%8C%E5%8F%B7&village={VILLAGE}&opened_on=2026-01-01&equipment=x&accounts=douyin+77");
    let page = submit(app, "/branch/rooms", &staff, &form).await.header(header::LOCATION).to_owned();
    let body = get(app, &page, &staff).await.body;
    assert!(body.contains("二号") && body.contains("77"), "{page}: {body}");
    assert!(submit(app, "/branch/rooms", &staff, &form.replace(VILLAGE, "360828100201")).await.body.contains("没有村"));
    assert!(submit(app, &page, &staff, &format!("{form}&closed_on=2025-01-01")).await.body.contains("早于"));
    let taken = submit(app, "/branch/anchors", &staff, "name=x&mentor=0&accounts=douyin+77").await;
    assert!(taken.body.contains("“douyin 77”已经是"), "an account is one owner's: {}", taken.body);
    // two streams of three hours: 89.80 less 6.00 in six hours
    let body = get(app, "/branch/rooms?month=2026-02", &staff).await.body;
    assert!(body.contains("6:00") && body.contains("每小时净销售额"), "{body}");
    let calendar = get(app, "/branch/rooms/calendar?view=week&on=2026-02-20&room=1", &staff).await.body;
    assert!(calendar.contains("19:00") && calendar.contains("/branch/streams/1"), "{calendar}");
}

#[tokio::test]
async fn a_published_contest_stands_and_anchors_read_it() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let form = "title=x&from=2026-02-01&to=2026-02-28&counts=net&counts=streams&who=1";
    let page = submit(app, "/branch/contests", &staff, form).await.header(header::LOCATION).to_owned();
    assert_eq!(page, "/branch/contests/2");
    assert!(get(app, &page, &staff).await.body.contains("还会变"));
    assert!(submit(app, &format!("{page}/publish"), &staff, "x=1").await.body.contains("2026-02-28 才结束"));
    let own = enter(app, Role::Anchor).await;
    assert_eq!(get(app, "/anchor/contests/2", &own).await.status, StatusCode::NOT_FOUND);
    assert!(get(app, "/anchor/contests/1", &own).await.body.contains("主播甲"));
    assert!(
        submit(app, "/branch/contests", &staff, "title=x&from=2026-02-01&to=2026-02-28&who=1")
            .await
            .body
            .contains("至少选一项")
    );
}

#[tokio::test]
async fn party_stages_are_off_until_switched_on_and_hold_their_times() {
    let Seeded { app, .. } = &seeded().await;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    let apply = "who=1&stage=applicant&on=2024-01-10&document=1";
    assert!(submit(app, "/branch/party", &admin, apply).await.body.contains("没有开启"));
    submit(app, "/branch/party/switch", &admin, "on=1").await;
    assert!(submit(app, "/branch/party", &admin, apply).await.body.contains("填出生日期"));
    complete(app, &admin).await;
    let ok = async |form: &str| {
        let answer = submit(app, "/branch/party", &admin, form).await;
        assert_eq!(answer.header(header::LOCATION), "/branch/party", "{}", answer.body);
    };
    ok(apply).await;
    ok("who=1&stage=activist&on=2025-02-26&document=DOC-778").await;
    let early = submit(app, "/branch/party", &admin, "who=1&stage=candidate&on=2026-02-25&document=3").await;
    assert!(early.body.contains("最早 2026-02-26"), "{}", early.body);
    let page = get(app, "/branch/party", &admin).await.body;
    assert!(page.contains("发展对象，最早 2026-02-26") && page.contains("入党积极分子"), "{page}");
    let auditor = enter(app, Role::Auditor).await;
    assert_eq!(get(app, "/branch/party", &auditor).await.status, StatusCode::FORBIDDEN);
    let trail = get(app, "/branch/audit", &auditor).await.body;
    assert!(!trail.contains("activist") && !trail.contains("积极分子"), "the trail says neither whose nor which");
    assert!(!trail.contains("DOC-778"), "nor by what document");
}

#[tokio::test]
async fn a_table_of_classes_is_shown_before_it_is_entered_and_twice_changes_nothing() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let blank = get(app, "/branch/training/sheet", &staff).await.body;
    let send = async |rows: &str| {
        let text = format!("{blank}{rows}");
        upload(app, "/branch/training/sheet/preview", &staff, &[("sheet", Some("t.csv"), text.as_bytes())]).await.body
    };
    let before = hours(app).await;
    let page = send("主播甲,,规则,2026/2/3,4,\n新人,2000-01-02,rules,2026-02-03,4,2026-02-04\n").await;
    assert!(page.contains("新的人") && page.contains("value=\"2026-02-03\""), "{page}");
    assert!(send("主播甲,,别的,2026/2/3,4,\n").await.contains("没有这个模块"));
    assert_eq!(hours(app).await, before, "looking entered nothing");
    let form = "name=%E4%B8%BB%E6%92%AD%E7%94%B2&born=&module=rules&attended=2026-02-03&hours=4&passed=\
        &name=%E6%96%B0%E4%BA%BA&born=2000-01-02&module=rules&attended=2026-02-03&hours=4&passed=2026-02-04";
    for _ in 0..2 {
        assert_eq!(
            submit(app, "/branch/training/sheet", &staff, form).await.header(header::LOCATION),
            "/branch/training"
        );
        assert_eq!(hours(app).await.len(), before.len() + 2);
    }
    submit(app, "/branch/training/sheet", &staff, &form.replace("passed=2026-02-04", "passed=")).await;
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let records = people::list_training(&mut session).await.unwrap();
    drop(session);
    assert!(records.iter().any(|t| t.passed_on == Some(day("2026-02-04"))), "a row without a pass takes none back");
    assert!(get(app, "/branch/training", &staff).await.body.contains("新人"));
}

/// The seeded class: of 2026-02-18, four hours, the first anchor planned.
const LESSON: &str = "/branch/training/lessons/1";

async fn hours_by_day(app: &AppState) -> Vec<(String, i64)> {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let own = people::list_training(&mut session).await.unwrap().into_iter().filter(|t| t.anchor_id == 1);
    let mut all: Vec<_> =
        own.filter(|t| t.class_hours > 0).map(|t| (t.attended_on.to_string(), t.class_hours)).collect();
    all.sort();
    all
}

#[tokio::test]
async fn hours_follow_a_class_that_moves_and_are_gone_with_one_that_is_called_off() {
    let Seeded { app, .. } = &seeded().await;
    let admin = enter(app, Role::BranchAdmin).await;
    let before = hours_by_day(app).await;
    submit(app, LESSON, &admin, "seat1=present").await;
    let signed = hours_by_day(app).await;
    assert!(signed.contains(&("2026-02-18".into(), 4)), "{signed:?}");
    let form = |on: &str, hours: i64, reason: &str| {
        format!("class_no=x&held_on={on}&class_hours={hours}&teacher=x&place=x&reason={reason}")
    };
    let change = format!("{LESSON}/change");
    assert_eq!(submit(app, &change, &admin, &form("2026-02-17", 6, "")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        submit(app, &change, &admin, &form("2027-01-01", 6, "r")).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(hours_by_day(app).await, signed, "refused whole");
    submit(app, &change, &admin, &form("2026-02-17", 6, "r")).await;
    let moved = hours_by_day(app).await;
    assert!(moved.contains(&("2026-02-17".into(), 6)) && !moved.contains(&("2026-02-18".into(), 4)), "{moved:?}");
    let off = format!("{LESSON}/call-off");
    let refused = submit(app, &off, &admin, "reason=rain").await;
    assert!(refused.body.contains("已经填了 1 个人的签到"), "{}", refused.body);
    assert_eq!(submit(app, &off, &admin, "void=yes").await.status, StatusCode::UNPROCESSABLE_ENTITY, "no reason");
    submit(app, &off, &admin, "void=yes&reason=rain").await;
    assert_eq!(hours_by_day(app).await, before);
    let page = get(app, LESSON, &admin).await.body;
    assert!(page.contains("取消：rain") && !page.contains("call-off"), "{page}");
    let again = submit(app, LESSON, &admin, "seat1=present").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody is signed in to it");
    let told = get(app, "/branch/audit?noun=lesson&subject=1", &admin).await.body;
    assert!(told.contains("rain") && told.contains("2026-02-17"), "{told}");
    assert!(told.contains("示范-001") && told.contains("雩田镇"), "its number and its place before: {told}");
    assert!(!told.contains("录入员"), "that somebody else teaches, and not who: {told}");
    let own = enter_under(app, grant(Role::Anchor)).await;
    assert_eq!(submit(app, &off, &own, "void=yes&reason=x").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn auditors_read_violations_and_nobody_outside_the_branch_else() {
    let Seeded { app, .. } = &seeded().await;
    let admin = enter(app, Role::BranchAdmin).await;
    submit(app, &format!("{ANCHOR}/violations"), &admin, "on=2026-02-24&what=overheard").await;
    let auditor = enter(app, Role::Auditor).await;
    let page = get(app, ANCHOR, &auditor).await.body;
    assert!(page.contains("overheard") && !page.contains("/violations"), "read and not touched: {page}");
    for role in [Role::Official, Role::Farmer, Role::VillageContact, Role::Anchor] {
        let answer = get(app, ANCHOR, &enter(app, role).await).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role:?}");
        assert!(!answer.body.contains("overheard"));
    }
}

#[tokio::test]
async fn party_members_are_counted_for_the_branch_alone_and_not_under_five() {
    let Seeded { app, .. } = &seeded().await;
    let admin = enter(app, Role::BranchAdmin).await;
    let page = async |cookie: &str| get(app, "/branch/training", cookie).await.body;
    assert!(!page(&admin).await.contains("党员主播"), "the module is off");
    submit(app, "/branch/party/switch", &admin, "on=1").await;
    assert!(page(&admin).await.contains("党员主播 少于 5，入党积极分子 少于 5"));
    let auditor = enter(app, Role::Auditor).await;
    assert!(!page(&auditor).await.contains("党员主播"));
}
