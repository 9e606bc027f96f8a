//! Locking a month on the site takes two people.

use super::client::{Answer, enter_under, get, submit};
use super::seed::{county, grant, granted, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::calendar::{Day, parse_month};
use red_anchor::domain::problem::{Problem, Refusal};
use red_anchor::services::accounts;
use red_anchor::services::desk::Desk;
use red_anchor::services::{filings, lock};
use red_anchor::store::audit::{self, Sought};
use red_anchor::store::ledger;
use red_anchor::web::AppState;
use std::time::Duration;

const FEBRUARY: &str = "month=2026-02";
const WITH_REASON: &str = "month=2026-02&reason=%E7%BC%BA%E5%9F%BA%E5%87%86%E4%BB%B7";

async fn locked(app: &AppState) -> Vec<String> {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    ledger::list_locks(&mut session).await.unwrap().into_iter().map(|lock| lock.actor).collect()
}

/// What the trail says of months, oldest first.
async fn told(app: &AppState) -> Vec<(String, String)> {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let sought = Sought { noun: Some("month".into()), ..Sought::default() };
    let mut told = Vec::new();
    audit::each(&mut session, &sought, |row| told.push((row.verb.clone(), row.actor.clone()))).await.unwrap();
    told
}

fn is_back(answer: &Answer) -> bool {
    answer.header(header::LOCATION) == "/months"
}

#[tokio::test]
async fn one_person_puts_a_month_forward_and_another_one_locks_it() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    let early = submit(app, "/months/file", &staff, FEBRUARY).await;
    assert!(early.body.contains("还没有结束"), "the month is not over");
    app.clock.sleep(Duration::from_hours(24 * 9)).await;

    assert!(get(app, "/months", &staff).await.body.contains("action=\"/months/file\""));
    let reminded = async || get(app, "/branch", &staff).await.body.contains("2026-02 还没有提交锁账");
    assert!(!reminded().await, "the month's last days are not known yet");
    let mut work = app.store.work(county(), &Actor::command_line(), "pull", &app.clock).await.unwrap();
    red_anchor::store::goods::set_known_to(&mut work, 1, app.clock.now()).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    assert!(reminded().await);
    assert_eq!(submit(app, "/months/lock", &admin, FEBRUARY).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(submit(app, "/months/lock", &staff, FEBRUARY).await.status, StatusCode::FORBIDDEN);
    assert!(is_back(&submit(app, "/months/file", &admin, WITH_REASON).await));
    assert!(submit(app, "/months/file", &staff, WITH_REASON).await.body.contains("已经有人提交"));
    let own = submit(app, "/months/lock", &admin, FEBRUARY).await;
    assert!(own.status == StatusCode::UNPROCESSABLE_ENTITY && own.body.contains("您自己提交的"), "{}", own.body);
    assert!(!get(app, "/months", &admin).await.body.contains("action=\"/months/lock\""));
    assert!(locked(app).await.is_empty());

    assert!(is_back(&submit(app, "/months/withdraw", &admin, FEBRUARY).await));
    assert!(is_back(&submit(app, "/months/file", &staff, WITH_REASON).await));
    let official = enter_under(app, grant(Role::Official)).await;
    let today = get(app, "/branch", &staff).await.body;
    assert!(today.contains("等另一个人锁定") && !today.contains("还没有提交锁账"), "{today}");
    assert!(get(app, "/official", &official).await.body.contains("支部提交了 2026-02"));
    let page = get(app, "/months", &official).await.body;
    assert!(page.contains("action=\"/months/lock\"") && page.contains("缺基准价") && page.contains("link-branch"));
    let month = get(app, "/months/2026-02", &official).await.body;
    assert!(month.contains("<dt>农户</dt><dd>1</dd>") && month.contains("12.82 元"), "what locking sets down: {month}");
    assert!(is_back(&submit(app, "/months/lock", &official, FEBRUARY).await));
    assert_eq!(locked(app).await, ["link-official-360827"]);
    assert!(submit(app, "/months/lock", &official, FEBRUARY).await.body.contains("没有待锁定的提交"));
    let verbs: Vec<String> = told(app).await.into_iter().map(|(verb, _)| verb).collect();
    assert_eq!(verbs, ["file", "withdraw", "file", "lock"]);
    assert!(get(app, "/months", &staff).await.body.contains("过完的月份都锁了"));
}

/// An account on the site, made by somebody, and who acts in it.
async fn made_by(app: &AppState, maker: &Actor, name: &str, role: Role) -> Actor {
    let desk = Desk { store: &app.store, county: county(), actor: maker, clock: &app.clock };
    let issued = accounts::create(&desk, name, "", &grant(role)).await.unwrap();
    Actor::account(issued.account_id, name, role, "10.0.0.1")
}

async fn refusal(app: &AppState, locker: &Actor, month: Day) -> Option<Refusal> {
    let error = filings::lock(&app.store, county(), locker, &app.clock, month).await.err()?;
    match error.downcast::<Problem>().unwrap() {
        Problem::Refused(refusal) => Some(refusal),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nobody_locks_a_month_in_an_account_that_whoever_put_it_forward_had_in_hand() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let days = |n: u64| app.clock.sleep(Duration::from_hours(24 * n));
    let command_line = Actor::command_line();
    let chief = made_by(app, &command_line, "chief", Role::BranchAdmin).await;
    let other = made_by(app, &command_line, "other", Role::Official).await;
    let earlier = made_by(app, &chief, "earlier", Role::Official).await;
    days(8).await;
    let before = made_by(app, &chief, "before", Role::Official).await;
    days(5).await;
    let month = parse_month("2026-02").unwrap();
    filings::file(&app.store, county(), &chief, &app.clock, month, "缺基准价").await.unwrap();
    let after = made_by(app, &chief, "after", Role::Official).await;
    let made = Some(Refusal::SecondPersonMade { month: "2026-02".into(), filed_by: "chief".into(), days: 7 });
    assert_eq!(refusal(app, &before, month).await, made);
    assert_eq!(refusal(app, &after, month).await, made);
    let desk = Desk { store: &app.store, county: county(), actor: &chief, clock: &app.clock };
    accounts::reset(&desk, other.account_id).await.unwrap();
    assert_eq!(refusal(app, &other, month).await, made, "a password link was shown");
    days(30).await;
    assert_eq!(refusal(app, &other, month).await, made, "waiting does not end it");
    // put forward again, the reset lies further back than its link worked
    filings::withdraw(&app.store, county(), &chief, &app.clock, month).await.unwrap();
    filings::file(&app.store, county(), &chief, &app.clock, month, "缺基准价").await.unwrap();
    accounts::give_role(&desk, earlier.account_id, &grant(Role::Auditor)).await.unwrap();
    assert_eq!(refusal(app, &earlier, month).await, made, "a role was given");
    assert_eq!(refusal(app, &other, month).await, None);
    assert_eq!(locked(app).await, ["other"]);
}

#[tokio::test]
async fn a_month_is_taken_back_by_whoever_put_it_forward_or_may_lock_it() {
    let seeded = seeded().await;
    let app = &seeded.app;
    app.clock.sleep(Duration::from_hours(24 * 9)).await;
    let actor = Actor::command_line();
    let filer = made_by(app, &actor, "filer", Role::Branch).await;
    let month = parse_month("2026-02").unwrap();
    filings::file(&app.store, county(), &filer, &app.clock, month, "缺基准价").await.unwrap();
    let colleague = enter_under(app, grant(Role::Branch)).await;
    assert!(!get(app, "/months", &colleague).await.body.contains("/months/withdraw"));
    let refused = submit(app, "/months/withdraw", &colleague, FEBRUARY).await;
    assert!(refused.body.contains("是别人提交的"), "{}", refused.body);
    let official = enter_under(app, grant(Role::Official)).await;
    assert!(is_back(&submit(app, "/months/withdraw", &official, FEBRUARY).await));
    filings::file(&app.store, county(), &filer, &app.clock, month, "缺基准价").await.unwrap();
    filings::withdraw(&app.store, county(), &filer, &app.clock, month).await.unwrap();
}

#[tokio::test]
async fn nobody_locks_a_month_with_an_income_or_commission_of_their_own() {
    let seeded = seeded().await;
    let app = &seeded.app;
    app.clock.sleep(Duration::from_hours(24 * 9)).await;
    let staff = enter_under(app, grant(Role::Branch)).await;
    assert!(is_back(&submit(app, "/months/file", &staff, WITH_REASON).await));
    let official = enter_under(app, grant(Role::Official)).await;
    let actor = Actor::command_line();
    let desk = Desk { store: &app.store, county: county(), actor: &actor, clock: &app.clock };
    let id = red_anchor::store::accounts::find_by_login(&app.store, "link-official-360827").await.unwrap().unwrap();
    for (role, subject) in [(Role::Anchor, 1), (Role::Farmer, 1)] {
        let own = granted(role, "360827", subject);
        accounts::give_role(&desk, id.account_id, &own).await.unwrap();
        let refused = submit(app, "/months/lock", &official, FEBRUARY).await;
        assert!(refused.body.contains("您自己的佣金或货款"), "{role:?}");
        accounts::take_role(&desk, id.account_id, &own).await.unwrap();
    }
    // a household that sold nothing in the month is in nobody's way
    accounts::give_role(&desk, id.account_id, &granted(Role::Farmer, "360827", 2)).await.unwrap();
    assert!(is_back(&submit(app, "/months/lock", &official, FEBRUARY).await));
}

#[tokio::test]
async fn a_month_is_the_whole_countys_and_the_command_line_still_locks_it() {
    let seeded = seeded().await;
    let app = &seeded.app;
    app.clock.sleep(Duration::from_hours(24 * 9)).await;
    let staff = enter_under(app, grant(Role::Branch)).await;
    submit(app, "/months/file", &staff, WITH_REASON).await;
    let town = enter_under(app, granted(Role::Official, "360827101", 0)).await;
    let page = get(app, "/months", &town).await;
    assert!(page.status.is_success() && page.body.contains("锁账管的是全县") && !page.body.contains("2026-02"));
    assert_eq!(submit(app, "/months/lock", &town, FEBRUARY).await.status, StatusCode::NOT_FOUND);
    let month = parse_month("2026-02").unwrap();
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, month, "急用").await.unwrap();
    assert!(!get(app, "/months", &staff).await.body.contains("/months/withdraw"), "nothing waits any more");
}
