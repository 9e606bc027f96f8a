//! Signing in by password: the link that sets it, guessing, the second step, roles, sessions, the administrator's desk.

use super::client::{Answer, enter, enter_as, get, submit};
use super::seed::{county, grant, granted, keyring, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Grant, Role, Scope};
use red_anchor::domain::problem::Problem;
use red_anchor::domain::regions::RegionCode;
use red_anchor::domain::sealing::{KEY_BYTES, SealingKey};
use red_anchor::services::accounts::{self, Issued};
use red_anchor::services::desk::Desk;
use red_anchor::services::secrets::{self, Vault};
use red_anchor::services::{second_factor, setup};
use red_anchor::store::accounts as stored;
use red_anchor::store::audit::{self, Sought};
use red_anchor::web::{App, AppState};
use std::time::Duration;

const PASSWORD: &str = "a-long-password";

async fn made(app: &AppState, name: &str, grant: Grant) -> Issued {
    let actor = Actor::command_line();
    let desk = Desk { store: &app.store, county: county(), actor: &actor, clock: &app.clock };
    accounts::create(&desk, name, "", &grant).await.unwrap()
}

/// An account whose owner has set the password.
async fn account(app: &AppState, name: &str, grant: Grant) -> i64 {
    let issued = made(app, name, grant).await;
    assert!(accounts::set_password(&app.store, &issued.secret, PASSWORD, "10.0.0.1", &app.clock).await.unwrap());
    issued.account_id
}

async fn sign_in(app: &AppState, name: &str, password: &str, rest: &str) -> Answer {
    submit(app, "/sign-in", "", &format!("name={name}&password={password}{rest}")).await
}

async fn signed_in(app: &AppState, name: &str) -> String {
    sign_in(app, name, PASSWORD, "").await.cookie("session=").expect("a session")
}

#[tokio::test]
async fn a_link_sets_a_password_once_and_the_password_lets_in() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let link = format!("/password/{}", made(app, "Chen", grant(Role::Official)).await.secret);
    assert!(get(app, &link, "").await.body.contains("chen"));
    let short = submit(app, &link, "", "password=short&again=short").await;
    assert!(short.status == StatusCode::UNPROCESSABLE_ENTITY && short.body.contains("至少要 10 个字符"));
    let differ = submit(app, &link, "", "password=a-long-password&again=a-long-passwort").await;
    assert!(differ.body.contains("两次输入的密码不一样"));
    let form = format!("password={PASSWORD}&again={PASSWORD}");
    assert_eq!(submit(app, &link, "", &form).await.status, StatusCode::OK);
    assert_eq!(submit(app, &link, "", &form).await.status, StatusCode::NOT_FOUND, "the link worked once");
    let answer = sign_in(app, "CHEN", PASSWORD, "&next=/official/by/town").await;
    assert_eq!(answer.header(header::LOCATION), "/official/by/town");
    assert!(answer.header(header::SET_COOKIE).contains("HttpOnly; SameSite=Lax"));
    let cookie = answer.cookie("session=").unwrap();
    assert_eq!(get(app, "/official", &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn next_leads_nowhere_else() {
    let seeded = seeded().await;
    account(&seeded.app, "chen", grant(Role::Official)).await;
    for next in ["https://evil.example", "//evil.example", "/%5Cevil.example", "/%09/evil.example"] {
        let answer = sign_in(&seeded.app, "chen", PASSWORD, &format!("&next={next}")).await;
        assert_eq!(answer.header(header::LOCATION), "/", "{next}");
    }
}

#[tokio::test]
async fn wrong_and_unknown_names_look_the_same_and_guessing_is_slowed() {
    let seeded = seeded().await;
    let app = &seeded.app;
    account(app, "chen", grant(Role::Official)).await;
    let page = |answer: &Answer| (answer.status, answer.body.replace("nobody", "chen"));
    let wrong = sign_in(app, "chen", "wrong-password", "").await;
    let unknown = sign_in(app, "nobody", "wrong-password", "").await;
    assert_eq!(page(&wrong), page(&unknown));
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        sign_in(app, "chen", "wrong-password", "").await;
    }
    let early = sign_in(app, "chen", PASSWORD, "").await;
    assert_eq!(early.status, StatusCode::TOO_MANY_REQUESTS, "even the right one has to wait");
    assert!(early.cookie("session=").is_none() && early.body.contains("请等 2 秒"));
    app.clock.sleep(Duration::from_secs(2)).await;
    assert!(sign_in(app, "chen", PASSWORD, "").await.cookie("session=").is_some());
}

#[tokio::test]
async fn strangers_cannot_keep_an_owner_out() {
    let folder = seeded().await;
    // behind a proxy, so that the test can come from several addresses
    let app = App::with_keys(folder.app.store.clone(), folder.app.clock.clone(), true, None).await.unwrap();
    account(&app, "chen", grant(Role::Official)).await;
    let from = |address: &'static str, password: &'static str| {
        let app = app.clone();
        async move {
            let headers = [
                ("origin", "https://county.example"),
                ("x-forwarded-for", address),
                ("content-type", "application/x-www-form-urlencoded"),
            ];
            super::client::send(
                &app,
                axum::http::Method::POST,
                "/sign-in",
                &headers,
                format!("name=chen&password={password}"),
            )
            .await
        }
    };
    let home = from("10.0.0.1", PASSWORD).await;
    assert!(home.header(header::SET_COOKIE).ends_with("; Secure"));
    assert!(home.header(header::STRICT_TRANSPORT_SECURITY).contains("max-age"));
    for _ in 0..200 {
        from("203.0.113.9", "guess-guess").await;
        app.clock.sleep(Duration::from_mins(1)).await;
    }
    assert_eq!(from("203.0.113.9", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(from("10.0.0.1", PASSWORD).await.cookie("session=").is_some(), "the usual address does not wait");
    app.clock.sleep(Duration::from_mins(1)).await;
    assert!(from("10.0.0.7", PASSWORD).await.cookie("session=").is_some(), "a new one waits a minute at most");
}

#[tokio::test]
async fn the_second_step_is_asked_for_and_each_code_works_once() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let id = account(app, "chen", grant(Role::Auditor)).await;
    let cookie = signed_in(app, "chen").await;
    let page = get(app, "/me/second-factor", &cookie).await.body;
    let typed = page.split("name=\"secret\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(page.contains("<svg class=\"qr\""));
    let secret = second_factor::read_typed(&typed).unwrap();
    let code = |app: &AppState| second_factor::code_at(&secret, app.clock.now()).unwrap();
    let wrong =
        submit(app, "/me/second-factor", &cookie, &format!("secret={typed}&code=000000&present={PASSWORD}")).await;
    assert!(wrong.body.contains("验证码不对"));
    let form = format!("secret={typed}&code={}&present={PASSWORD}", code(app));
    assert_eq!(submit(app, "/me/second-factor", &cookie, &form).await.header(header::LOCATION), "/me");
    assert!(get(app, "/me", &cookie).await.body.contains("已开通"));

    assert_eq!(sign_in(app, "chen", PASSWORD, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.clock.sleep(Duration::from_secs(30)).await;
    let with_code = format!("&code={}", code(app));
    assert!(sign_in(app, "chen", PASSWORD, &with_code).await.cookie("session=").is_some());
    app.clock.sleep(Duration::from_secs(1)).await;
    assert!(sign_in(app, "chen", PASSWORD, &with_code).await.cookie("session=").is_none(), "seen over a shoulder");

    // in the database it is sealed, opens with the keys at hand only, and moves to new ones
    let kept = stored::find_signed_in(&app.store, id).await.unwrap().unwrap();
    let sealed = kept.totp_secret.clone().unwrap();
    assert_eq!(kept.totp_key_id.as_deref(), Some(keyring().current().id()));
    for clear in [secret.as_slice(), typed.as_bytes()] {
        assert!(!sealed.windows(clear.len()).any(|window| window == clear), "the secret stands in clear");
    }
    let rotated = keyring().with_new(SealingKey::new([6; KEY_BYTES]));
    let actor = Actor::command_line();
    let vault = Vault { store: &app.store, county: county(), actor: &actor, clock: &app.clock, keyring: &rotated };
    assert_eq!(secrets::rotate(vault).await.unwrap(), 1);
    app.clock.sleep(Duration::from_mins(15)).await;
    let with_code = format!("&code={}", code(app));
    let lost = sign_in(app, "chen", PASSWORD, &with_code).await;
    assert!(lost.cookie("session=").is_none() && lost.body.contains("两步验证现在打不开"), "{}", lost.body);
    let only_new = Some(rotated.without_old());
    let later = App::with_keys(app.store.clone(), app.clock.clone(), false, only_new).await.unwrap();
    assert!(sign_in(&later, "chen", PASSWORD, &with_code).await.cookie("session=").is_some(), "sealed anew");

    let desk = Desk { store: &app.store, county: county(), actor: &actor, clock: &app.clock };
    let reset = accounts::reset(&desk, id).await.unwrap();
    accounts::set_password(&app.store, &reset.secret, "another-password", "10.0.0.1", &app.clock).await.unwrap();
    app.clock.sleep(Duration::from_mins(15)).await;
    assert!(sign_in(app, "chen", "another-password", "").await.cookie("session=").is_some(), "the phone was lost");
}

#[tokio::test]
async fn without_a_key_the_second_step_is_not_switched_on_and_the_page_says_what_to_do() {
    let seeded = seeded().await;
    let app = App::with_keys(seeded.app.store.clone(), seeded.app.clock.clone(), false, None).await.unwrap();
    account(&app, "chen", grant(Role::Branch)).await;
    let cookie = signed_in(&app, "chen").await;
    let page = get(&app, "/me/second-factor", &cookie).await;
    assert!(page.body.contains("red-anchor key new") && !page.body.contains("<svg"), "{}", page.body);
    let typed = second_factor::typed(&second_factor::new_secret());
    let form = format!("secret={typed}&code=000000&present={PASSWORD}");
    assert!(submit(&app, "/me/second-factor", &cookie, &form).await.body.contains("red-anchor key new"));
}

#[tokio::test]
async fn coming_in_and_signing_out_everywhere_are_told_and_what_was_typed_is_not() {
    let seeded = seeded().await;
    let app = &seeded.app;
    account(app, "chen", grant(Role::Official)).await;
    for _ in 0..2 {
        sign_in(app, "chen", "my-secret-typo", "").await;
    }
    let cookie = signed_in(app, "chen").await;
    submit(app, "/me/sessions/end-all", &cookie, "").await;
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let mut rows = Vec::new();
    audit::each(&mut session, &Sought::default(), |row| rows.push(row)).await.unwrap();
    let said =
        |verb: &str| rows.iter().filter(|r| r.verb == verb).map(|r| (r.actor.as_str(), r.after.as_str())).next_back();
    assert_eq!(said("sign_in"), Some(("chen", r#"{"way":"password","wrong_tries":"2"}"#)));
    assert_eq!(said("sign_out"), Some(("chen", r#"{"way":"everywhere"}"#)));
    assert!(rows.iter().all(|row| !format!("{row:?}").contains("typo")));
    assert_eq!((rows[0].verb.as_str(), rows[0].noun.as_str()), ("add", "county"), "setting the county up comes first");
}

#[tokio::test]
async fn a_role_is_switched_under_a_new_secret_and_ends_when_it_is_taken_away() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let id = account(app, "chen", grant(Role::Branch)).await;
    let actor = Actor::command_line();
    let desk = Desk { store: &app.store, county: county(), actor: &actor, clock: &app.clock };
    accounts::give_role(&desk, id, &grant(Role::Anchor)).await.unwrap();
    let staff = signed_in(app, "chen").await;
    assert_eq!(get(app, "/anchor", &staff).await.status, StatusCode::FORBIDDEN);
    let wanted = "role=anchor&region=360827&subject=1&county=360827";
    let anchor = submit(app, "/me/role", &staff, wanted).await.cookie("session=").unwrap();
    assert_ne!(staff, anchor);
    assert_eq!(get(app, "/anchor", &anchor).await.status, StatusCode::OK);
    assert_eq!(get(app, "/branch", &anchor).await.status, StatusCode::FORBIDDEN);
    assert_eq!(get(app, "/branch", &staff).await.status, StatusCode::SEE_OTHER, "the old secret is worth nothing");
    for foreign in
        ["role=official&region=360827&subject=0&county=360827", "role=anchor&region=360827&subject=2&county=360827"]
    {
        assert_eq!(submit(app, "/me/role", &anchor, foreign).await.status, StatusCode::NOT_FOUND);
    }
    accounts::take_role(&desk, id, &grant(Role::Anchor)).await.unwrap();
    assert_eq!(get(app, "/anchor", &anchor).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_official_of_the_prefecture_looks_at_one_county_at_a_time() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let other = RegionCode::parse("360828").unwrap();
    setup::init(&app.store, other, "seed", [8; 32], &app.clock).await.unwrap();
    account(app, "prefect", granted(Role::Official, "3608", 0)).await;
    let cookie = signed_in(app, "prefect").await;
    assert!(get(app, "/official", &cookie).await.body.contains("12.82 元"));
    let wanted = "role=official&region=3608&subject=0&county=360828";
    let there = submit(app, "/me/role", &cookie, wanted).await.cookie("session=").unwrap();
    let page = get(app, "/official", &there).await;
    assert!(page.status.is_success() && !page.body.contains("12.82 元"));
    let beyond = "role=official&region=3608&subject=0&county=360102";
    assert_eq!(submit(app, "/me/role", &there, beyond).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_everywhere() {
    let seeded = seeded().await;
    let app = &seeded.app;
    account(app, "chen", grant(Role::Official)).await;
    let (first, second) = (signed_in(app, "chen").await, signed_in(app, "chen").await);
    let page = get(app, "/me", &first).await.body;
    assert_eq!(page.matches("action=\"/me/sessions/end\"").count(), 1, "the other one can be ended");
    let session = page.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    submit(app, "/me/sessions/end", &first, &format!("session={session}")).await;
    assert_eq!(get(app, "/official", &second).await.status, StatusCode::SEE_OTHER);
    submit(app, "/me/sessions/end", &first, "session=anything+at+all").await;
    let mut reading = app.store.read(Scope::County(county())).await.unwrap();
    let ended = Sought { noun: Some("session".into()), subject: Some(session.into()), ..Sought::default() };
    assert_eq!(audit::count(&mut reading, &ended).await.unwrap(), 1);
    let nothing = Sought { subject: Some("anything at all".into()), ..Sought::default() };
    assert_eq!(audit::count(&mut reading, &nothing).await.unwrap(), 0, "the trail holds no text of a form's");
    let third = signed_in(app, "chen").await;
    let form = format!("present={PASSWORD}&password=another-password&again=another-password");
    assert_eq!(submit(app, "/me/password", &third, &form).await.status, StatusCode::OK);
    assert_eq!(get(app, "/official", &first).await.status, StatusCode::SEE_OTHER, "others end with the old password");
    assert_eq!(get(app, "/official", &third).await.status, StatusCode::OK);
    submit(app, "/me/sessions/end-all", &third, "").await;
    assert_eq!(get(app, "/official", &third).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_administrator_makes_resets_and_disables_accounts() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::BranchAdmin).await;
    let made =
        submit(app, "/branch/accounts", &cookie, "name=li&display=李&role=official&region=360827101&subject=").await;
    let link = made.body.split("http://county.example/password/").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let form = format!("password={PASSWORD}&again={PASSWORD}");
    submit(app, &format!("/password/{link}"), "", &form).await;
    let official = signed_in(app, "li").await;
    assert!(get(app, "/official", &official).await.body.contains("雩田镇"));
    assert!(get(app, "/branch/accounts", &cookie).await.body.contains("县级 · 雩田镇"));
    for (name, role, region, said) in [
        ("li", "branch", "", "已经有人用了"),
        ("x", "branch", "", "不能用"),
        ("wang", "village_contact", "360827101", "要说明范围"),
        ("wang", "official", "3608", "不在本县里"),
        ("wang", "official", "360828", "不在本县里"),
    ] {
        let form = format!("name={name}&role={role}&region={region}");
        let refused = submit(app, "/branch/accounts", &cookie, &form).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains(said), "{name} {said}");
    }
    let id = stored::find_by_login(&app.store, "li").await.unwrap().unwrap().account_id;
    let reset = submit(app, &format!("/branch/accounts/{id}/reset"), &cookie, "").await;
    assert!(reset.body.contains("/password/"));
    assert_eq!(get(app, "/official", &official).await.status, StatusCode::OK, "until it is used");
    submit(app, &format!("/branch/accounts/{id}/disable"), &cookie, "").await;
    assert_eq!(get(app, "/official", &official).await.status, StatusCode::SEE_OTHER);
    assert_eq!(sign_in(app, "li", PASSWORD, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_hostile_name_is_text_on_every_page_of_accounts() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::BranchAdmin).await;
    let form = "name=mallory&display=%3Cscript%3Ealert(1)%3C/script%3E&role=branch";
    assert_eq!(submit(app, "/branch/accounts", &cookie, form).await.status, StatusCode::OK);
    let id = stored::find_by_login(&app.store, "mallory").await.unwrap().unwrap().account_id;
    for path in ["/branch/accounts".to_owned(), format!("/branch/accounts/{id}")] {
        let page = get(app, &path, &cookie).await.body;
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"), "{path}");
    }
    let typed = sign_in(app, "%3Cscript%3E", "whatever", "&next=%22%3E%3Cscript%3E").await.body;
    assert!(!typed.contains("<script>"), "what was typed comes back as text");
}

#[tokio::test]
async fn a_county_keeps_an_administrator() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let only = account(app, "first", grant(Role::BranchAdmin)).await;
    let actor = Actor::command_line();
    let desk = Desk { store: &app.store, county: county(), actor: &actor, clock: &app.clock };
    let refused = |error: anyhow::Error| assert_eq!(error.downcast_ref(), Some(&Problem::LastAdministrator));
    refused(accounts::disable(&desk, only).await.unwrap_err());
    refused(accounts::take_role(&desk, only, &grant(Role::BranchAdmin)).await.unwrap_err());
    account(app, "second", grant(Role::BranchAdmin)).await;
    accounts::disable(&desk, only).await.unwrap();
}

#[tokio::test]
async fn an_auditor_is_given_no_unit_of_work() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let auditor = Actor::account(7, "auditor", Role::Auditor, "10.0.0.1");
    assert!(app.store.work(county(), &auditor, "anything", &app.clock).await.is_err());
    let cookie = enter_as(app, county(), grant(Role::Auditor)).await;
    for path in ["/official", "/branch", "/branch/training", "/branch/shops", "/me"] {
        assert_eq!(get(app, path, &cookie).await.status, StatusCode::OK, "{path}");
    }
}
