//! Platform keys and tokens: stored sealed, used again, changed to another key, and never seen anywhere.

#![allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]

use crate::program::{Program, holds};
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Grant, Role, Scope};
use red_anchor::domain::calendar::parse_day;
use red_anchor::domain::regions::RegionCode;
use red_anchor::domain::sealing::Keyring;
use red_anchor::sandbox::{Faults, Running, SandboxConfig, serve};
use red_anchor::services::accounts::{self, Enrolment};
use red_anchor::services::desk::Desk;
use red_anchor::services::sessions::{self, Client};
use red_anchor::services::sign_in::{self, Attempt};
use red_anchor::services::{second_factor, secrets, setup};
use red_anchor::store::{Missing, Store, audit};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::os::unix::fs::PermissionsExt;

const TODAY: &str = "2024-03-10";

async fn sandbox() -> Running {
    let config = SandboxConfig {
        seed: 7,
        scale: "0.02".parse().unwrap(),
        clock: Clock::at_end_of(parse_day(TODAY).unwrap()),
        faults: Faults::none(),
        listen: "127.0.0.1:0".parse().unwrap(),
    };
    serve(config).await.unwrap()
}

/// How often the trail says that a token was kept.
async fn renewals(program: &Program) -> i64 {
    let store = Store::open(program.database().to_str().unwrap(), Missing::Refuse).await.unwrap();
    let mut session = store.read(Scope::County(RegionCode::parse("360827").unwrap())).await.unwrap();
    let sought = audit::Sought { noun: Some("token".into()), ..audit::Sought::default() };
    let count = audit::count(&mut session, &sought).await.unwrap();
    drop(session);
    store.close().await;
    count
}

/// The stored token's two secrets and the keys of the file.
async fn kept(program: &Program, app_key: &str) -> Vec<String> {
    let text = std::fs::read_to_string(program.file("county.db.key")).unwrap();
    let keyring = Keyring::parse(&text).unwrap();
    let store = Store::open(program.database().to_str().unwrap(), Missing::Refuse).await.unwrap();
    let mut session = store.read(Scope::County(RegionCode::parse("360827").unwrap())).await.unwrap();
    let shop = setup::shop(&mut session, "s1").await.unwrap();
    let now = Clock::at_end_of(parse_day(TODAY).unwrap()).now();
    let token = secrets::find_token(&mut session, &keyring, &shop, app_key, now).await.unwrap().unwrap();
    drop(session);
    store.close().await;
    let mut kept = vec![token.access_token.clone(), token.refresh_token.clone()];
    kept.extend(text.split_whitespace().map(str::to_owned));
    kept
}

/// An account with a second step, switched on as its owner does; the secret as it is typed, and its bytes.
async fn second_step(program: &Program) -> (String, Vec<u8>) {
    const PASSWORD: &str = "a-long-password";
    let keyring = Keyring::parse(&std::fs::read_to_string(program.file("county.db.key")).unwrap()).unwrap();
    let store = Store::open(program.database().to_str().unwrap(), Missing::Refuse).await.unwrap();
    let (county, actor) = (RegionCode::parse("360827").unwrap(), Actor::command_line());
    let clock = Clock::at_end_of(parse_day(TODAY).unwrap());
    let desk = Desk { store: &store, county, actor: &actor, clock: &clock };
    let grant = Grant::new(Role::Branch, county, 0).unwrap();
    let made = accounts::create(&desk, "chen", "", &grant).await.unwrap();
    accounts::set_password(&store, &made.secret, PASSWORD, "10.0.0.1", &clock).await.unwrap();
    let attempt =
        Attempt { login_name: "chen", password: PASSWORD, code: "", client: Client { address: "10.0.0.1", agent: "" } };
    let sign_in::Outcome::In(session) = sign_in::by_password(&store, &attempt, None, &clock).await.unwrap() else {
        panic!("the password lets in")
    };
    let login = sessions::find(&store, &session, &clock).await.unwrap().unwrap();
    let secret = second_factor::new_secret();
    let code = second_factor::code_at(&secret, clock.now()).unwrap();
    let shown = Enrolment { secret: &secret, code: &code };
    accounts::enrol_second_factor(&store, &login, PASSWORD, shown, Some(&keyring), "10.0.0.1", &clock).await.unwrap();
    store.close().await;
    (second_factor::typed(&secret), secret)
}

async fn tamper(program: &Program, change: &str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(program.database());
    let mut db = options.connect().await.unwrap();
    sqlx::query(AssertSqlSafe(change.to_owned())).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
}

fn set_mode(program: &Program, mode: u32) {
    let file = program.file("county.db.key");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_and_tokens_are_stored_used_again_and_seen_nowhere() {
    let sandbox = sandbox().await;
    let app = sandbox.apps[0].clone();
    let program = Program::on(TODAY);
    let pull = ["pull", "--endpoint", &sandbox.endpoint, "--since", "2024-03-08"];
    program.must(&["init", "--county", "360827"], &[]);
    let number = ["--platform-shop-id", &app.platform_shop_id];
    program.must(&[&["shop", "add", "s1", "--platform", "douyin", "--name", "示范店"][..], &number].concat(), &[]);
    assert_eq!(program.run(&pull, &[]).code, 2, "no keys anywhere");

    let keys = [("RED_ANCHOR_APP_KEY", app.app_key.as_str()), ("RED_ANCHOR_APP_SECRET", app.app_secret.as_str())];
    let refused = program.run(&["shop", "credentials", "s1"], &keys);
    assert!(refused.code == 2 && refused.err.contains("red-anchor key new"), "{}", refused.err);
    program.must(&["key", "new"], &[]);
    assert_eq!(std::fs::metadata(program.file("county.db.key")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(program.run(&["key", "new"], &[]).code, 2, "a key is never written over");
    program.must(&["shop", "credentials", "s1"], &keys);

    set_mode(&program, 0o640);
    let open = program.run(&["doctor"], &[]);
    assert!(open.code == 2 && open.err.contains("chmod 600"), "{}", open.err);
    set_mode(&program, 0o600);

    // the stored keys are used, and the token of the first run by the second
    program.must(&pull, &[]);
    assert_eq!(renewals(&program).await, 1);
    program.must(&pull, &[]);
    assert_eq!(renewals(&program).await, 1, "the token is used again");

    let (typed, step) = second_step(&program).await;
    let mut hidden = kept(&program, &app.app_key).await;
    hidden.push(typed);
    program.must(&["key", "rotate"], &[]);
    hidden.extend(kept(&program, &app.app_key).await);
    let doctor = program.must(&["doctor"], &[]).out;
    assert_eq!(doctor.matches(": opens").count(), 4, "{doctor}");
    assert!(doctor.contains("chen second step, sealed with key "), "{doctor}");
    assert!(doctor.contains("county.db.key; 1 older"), "{doctor}");
    program.must(&["key", "drop"], &[]);
    assert!(program.must(&["doctor"], &[]).out.contains("; 0 older"));
    program.must(&pull, &[]);
    assert_eq!(program.run(&["verify"], &[]).code, 0);

    hidden.push(app.app_secret.clone());
    hidden.sort();
    hidden.dedup();
    assert_eq!(hidden.len(), 6, "app secret, two halves of a token, two keys, a second step");
    let said = program.said();
    assert!(said.contains("TRACE"), "logs are complete");
    for secret in &hidden {
        assert!(!said.contains(secret.as_str()), "a secret is printed: {}", &secret[..4]);
        for file in program.files().iter().filter(|f| !f.ends_with("county.db.key")) {
            assert!(!holds(&std::fs::read(file).unwrap(), secret), "{} holds a secret", file.display());
        }
    }
    let database = std::fs::read(program.database()).unwrap();
    assert!(!database.windows(step.len()).any(|window| window == step), "a second step stands in clear");
    // the search finds what is there
    assert!(program.files().iter().any(|f| holds(&std::fs::read(f).unwrap(), "示范店")));

    // a blob moved to another row does not open
    tamper(
        &program,
        "update secret set sealed = (select sealed from secret where field = 'app_key') where field = 'app_secret'",
    )
    .await;
    let moved = program.run(&["doctor"], &[]);
    assert!(
        moved.code == 1 && moved.out.contains("app_secret") && moved.out.contains("DOES NOT OPEN"),
        "{}",
        moved.out
    );
    let refused = program.run(&pull, &[]);
    assert!(refused.code == 2 && refused.err.contains("does not open"), "{}", refused.err);
}
