//! What asks platforms, as people run it: several shops of which one fails, and a server that is ended.

use crate::program::Program;
use red_anchor::clock::Clock;
use red_anchor::domain::calendar::parse_day;
use red_anchor::sandbox::{Faults, SandboxConfig, serve};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const TODAY: &str = "2024-03-10";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_that_fails_is_named_and_holds_up_no_other() {
    let sandbox = serve(SandboxConfig {
        seed: 7,
        scale: "0.1".parse().unwrap(),
        clock: Clock::at_end_of(parse_day(TODAY).unwrap()),
        faults: Faults::none(),
        listen: "127.0.0.1:0".parse().unwrap(),
    })
    .await
    .unwrap();
    let program = Program::on(TODAY);
    program.must(&["init", "--county", "360827"], &[]);
    program.must(&["key", "new"], &[]);
    let store_keys = |shop: &str, key: &str, secret: &str| {
        let keys = [("RED_ANCHOR_APP_KEY", key), ("RED_ANCHOR_APP_SECRET", secret)];
        program.must(&["shop", "credentials", shop], &keys);
    };
    let apps: Vec<_> = sandbox.apps.iter().filter(|app| app.platform == "douyin").collect();
    let shops = ["first", "second"];
    for (shop, app) in shops.iter().zip(&apps) {
        let number = ["--platform-shop-id", &app.platform_shop_id];
        program.must(&[&["shop", "add", shop, "--platform", "douyin", "--name", "店"][..], &number].concat(), &[]);
        store_keys(shop, &app.app_key, &app.app_secret);
    }
    let pull = ["pull", "--endpoint", &sandbox.endpoint, "--since", "2024-03-04"];
    let reconcile = ["reconcile", "--json", "--endpoint", &sandbox.endpoint];
    program.must(&pull, &[]);
    store_keys(shops[0], &apps[0].app_key, "wrong");
    for call in [&pull[..], &reconcile] {
        let done = program.run(call, &[]);
        let failures: Vec<_> = done.err.lines().filter(|line| line.starts_with("red-anchor: ")).collect();
        assert_eq!(done.code, 2, "{call:?}: {failures:?}");
        assert_eq!(failures.len(), 1, "{call:?}: {failures:?}");
        assert!(failures[0].starts_with("red-anchor: first: "), "{call:?}: {failures:?}");
        if call[0] == "pull" {
            assert!(done.err.lines().any(|line| line.starts_with("second: ")), "it is pulled");
        } else {
            let said: serde_json::Value = serde_json::from_str(&done.out).unwrap();
            let compared: Vec<_> = said["shops"].as_array().unwrap().iter().map(|shop| &shop["shop"]).collect();
            assert_eq!(compared, ["second"]);
        }
    }
}

#[test]
fn a_server_told_to_end_ends_in_order() {
    let program = Program::on(TODAY);
    program.must(&["init", "--county", "360827"], &[]);
    let mut serving = Command::new(env!("CARGO_BIN_EXE_red-anchor"))
        .args(["--lang", "en", "--today", TODAY, "--database"])
        .arg(program.database())
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env_clear()
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(serving.stderr.take().unwrap()).lines();
    assert!(said.by_ref().map_while(Result::ok).any(|line| line.starts_with("The site is at ")));
    let told = Command::new("kill").args(["-TERM", &serving.id().to_string()]).status().unwrap();
    assert!(told.success());
    let status = serving.wait().unwrap();
    assert_eq!(status.code(), Some(0), "{status}");
}
