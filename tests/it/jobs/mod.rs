//! Shops pulled by themselves: by one server and by two that share a database, through restarts, pauses and trouble.

#![allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]

mod command_line;
mod desk;
mod reconcile;
mod roundabout;

use crate::store::engines::fresh_postgres_url;
use chrono::TimeDelta;
use desk::{Desk, SHOPS, code, open};
use red_anchor::clock::Clock;
use red_anchor::domain::access::Actor;
use red_anchor::domain::calendar::{day_of, month_start, start_of};
use red_anchor::domain::problem::Problem;
use red_anchor::domain::pulling::{FIRST_PULL, LEASE};
use red_anchor::ingest::pull::{TurnLost, pull_all};
use red_anchor::jobs::turn::{self, Manner, Reach};
use red_anchor::platforms::AppKey;
use red_anchor::services::connection::Answer;
use red_anchor::services::desk::Desk as AtDesk;
use red_anchor::services::{lock, shops};
use red_anchor::store::evidence::{self, Kind};
use red_anchor::store::leases;
use red_anchor::store::schedules::{self, PullRow};
use roundabout::Way;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinSet;

fn file(dir: &TempDir) -> String {
    dir.path().join("county.db").to_str().unwrap().to_owned()
}

/// What one worker alone makes of the first day and everything before it.
async fn alone() -> [i64; 4] {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    desk.round().await;
    desk.wait(TimeDelta::hours(21));
    desk.round().await;
    desk.first_day().await
}

/// Two servers look for what is due at the same time, again and again.
async fn two_servers_share(url: &str) {
    let desk = open(url).await;
    let (first, second) = (desk.worker("first").await, desk.worker("second").await);
    let (a, b) = tokio::join!(first.step(), second.step());
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!((a.turns + b.turns, a.failed + b.failed), (SHOPS.len(), 0), "{a:?} {b:?}");
    for _ in 0..3 {
        desk.wait(TimeDelta::hours(7));
        let (a, b) = tokio::join!(first.step(), second.step());
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!((a.turns + b.turns, a.failed + b.failed), (SHOPS.len(), 0), "{a:?} {b:?}");
    }
    for key in SHOPS {
        desk.every_window_was_written_once(key).await;
    }
    let together = desk.first_day().await;
    assert!(together[0] > 20, "{together:?}");
    assert_eq!(together, Box::pin(alone()).await);
    desk.verifies().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_sqlite_file_write_every_window_once() {
    let dir = TempDir::new().unwrap();
    Box::pin(two_servers_share(&file(&dir))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_postgresql_write_every_window_once() {
    Box::pin(two_servers_share(&fresh_postgres_url().await)).await;
}

/// A worker reads, somebody takes its turn over meanwhile, and nothing of what it read is written.
async fn a_lost_turn_writes_nothing(desk: Desk) {
    let shop = desk.shop(SHOPS[1]).await;
    let take = async |holder: &str| {
        let mut session = desk.store.write(code()).await.unwrap();
        let now = desk.clock.now();
        let lease = leases::take(&mut session, shop.shop_id, holder, now, now + LEASE).await.unwrap().unwrap();
        session.commit().await.unwrap();
        lease
    };
    let stop = desk.stopping.subscribe();
    let slow = take("slow").await;
    // one that would keep its token and one that would only write what it read
    let keeping = desk.puller(&shop).await.in_turn(slow.clone(), stop.clone());
    let forgetting = desk.puller_without_keys(&shop).await.in_turn(slow, stop.clone());
    desk.wait(LEASE);
    let quick = take("quick").await;
    for puller in [keeping, forgetting] {
        let error = pull_all(&mut vec![puller], &desk.target(), None, desk.clock.now()).await.unwrap_err();
        assert!(error.is::<TurnLost>(), "{error:#}");
    }
    assert_eq!(desk.log(&shop.shop_key).await, []);
    assert_eq!(desk.first_day().await, [0; 4]);
    let tokens = red_anchor::store::secrets::list(&mut desk.read().await).await.unwrap();
    assert!(tokens.iter().all(|secret| secret.field != "token"));
    let mut session = desk.read().await;
    assert_eq!(evidence::find_checkpoint(&mut session, shop.shop_id, Kind::Order).await.unwrap(), None);
    drop(session);
    let mut pullers = vec![desk.puller(&shop).await.in_turn(quick, stop)];
    let pulled = pull_all(&mut pullers, &desk.target(), None, desk.clock.now()).await.unwrap();
    assert!(pulled.orders.new > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_loses_its_turn_writes_nothing() {
    let dir = TempDir::new().unwrap();
    Box::pin(a_lost_turn_writes_nothing(open(&file(&dir)).await)).await;
    Box::pin(a_lost_turn_writes_nothing(open(&fresh_postgres_url().await).await)).await;
}

/// A shop that was not pulled for longer than its interface reaches back goes on, and what is missing is told.
async fn a_long_pause_is_passed_over_and_told(desk: Desk) {
    let shop = desk.shop(SHOPS[0]).await;
    let (now, stopped) = (desk.clock.now(), desk.clock.now() - TimeDelta::days(120));
    let mut work = desk.store.work(code(), &Actor::job("test"), "pull", &desk.clock).await.unwrap();
    for kind in [Kind::Order, Kind::Refund, Kind::Settlement] {
        assert!(evidence::set_checkpoint(&mut work, shop.shop_id, kind, stopped, stopped).await.unwrap());
    }
    work.commit(&crate::audit::any_change()).await.unwrap();
    for _ in 0..2 {
        assert_eq!(desk.round().await.failed, 0);
        desk.wait(TimeDelta::hours(1));
    }
    let mut session = desk.read().await;
    let gaps = schedules::list_gaps(&mut session).await.unwrap();
    // waiting for a rate limit moves the world's clock a little
    let reach = now - FIRST_PULL..now - FIRST_PULL + TimeDelta::minutes(1);
    let [gap] = &gaps[..] else { panic!("told once: {gaps:?}") };
    assert_eq!((gap.shop_id, gap.from_at), (shop.shop_id, stopped));
    assert!(reach.contains(&gap.to_at), "{gap:?}");
    let (today, month) = (desk.clock.today(), month_start(day_of(gap.to_at)));
    let refused = lock::check(&mut session, today, month, "").await.unwrap_err();
    assert!(matches!(refused.downcast_ref(), Some(Problem::MonthHasGap { .. })), "{refused:#}");
    lock::check(&mut session, today, month, "filled from its export file").await.unwrap();
    let checkpoint = evidence::find_checkpoint(&mut session, shop.shop_id, Kind::Order).await.unwrap();
    assert!(checkpoint.unwrap() >= now, "{checkpoint:?}");
    drop(session);
    assert!(desk.first_day().await[0] > 0);
    desk.verifies().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_longer_than_the_interface_reaches_is_gone_on_from() {
    let dir = TempDir::new().unwrap();
    Box::pin(a_long_pause_is_passed_over_and_told(open(&file(&dir)).await)).await;
    Box::pin(a_long_pause_is_passed_over_and_told(open(&fresh_postgres_url().await).await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_dies_among_its_windows_is_gone_on_from() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    // batches follow one another also where a clock was ahead; turns go by the clock
    let ahead = Clock::world(desk.clock.now() + TimeDelta::hours(1));
    let work = desk.store.work(code(), &Actor::job("test"), "pull", &ahead).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    let mut dying = JoinSet::new();
    for key in SHOPS {
        let (puller, _) = desk.puller_on(&desk.shop(key).await, Way::SilentAfter(2)).await;
        let (target, stop) = (desk.target(), desk.stopping.subscribe());
        dying.spawn(async move {
            let manner = Manner { holder: "dying", stop: &stop, reach: Reach::Onward, when_due: true };
            turn::take(&target, puller, manner).await
        });
    }
    for key in SHOPS {
        while desk.log(key).await.len() < 2 {
            tokio::task::yield_now().await;
        }
    }
    dying.shutdown().await;
    assert_eq!(desk.worker("next").await.step().await.unwrap().turns, 0, "whose turn it is stands for a while");
    for key in SHOPS {
        assert_eq!(desk.log(key).await.len(), 2, "{key}: it died in the third window");
    }
    desk.wait(LEASE);
    let round = desk.worker("next").await.step().await.unwrap();
    assert_eq!((round.turns, round.failed), (SHOPS.len(), 0));
    for key in SHOPS {
        desk.every_window_was_written_once(key).await;
    }
    desk.verifies().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_told_to_stop_ends_after_the_windows_at_hand() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    for key in SHOPS {
        let way = Way::StopAt { stopping: desk.stopping.clone(), windows: 3 };
        let (puller, asked) = desk.puller_on(&desk.shop(key).await, way).await;
        let stop = desk.stopping.subscribe();
        let manner = Manner { holder: "stopped", stop: &stop, reach: Reach::Onward, when_due: true };
        let pulled = turn::take(&desk.target(), puller, manner).await.unwrap().unwrap();
        assert!(pulled.cut_short);
        let asked = asked.lock().unwrap().ends.len();
        assert_eq!((pulled.windows, asked, desk.log(key).await.len()), (3, 3, 3));
        assert_eq!(desk.find_schedule(key).await, None, "it is due as it was");
        desk.turn_is_free(key).await;
        desk.stopping.send_replace(false);
    }
    desk.wait(LEASE);
    let round = desk.round().await;
    assert_eq!((round.turns, round.failed), (SHOPS.len(), 0));
    for key in SHOPS {
        desk.every_window_was_written_once(key).await;
        assert!(desk.shop(key).await.known_to_at.unwrap() > desk.clock.now() - TimeDelta::hours(1), "to the end");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_shop_is_not_pulled_and_its_token_is_kept_alive() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    let (paused, other) = (desk.shop(SHOPS[0]).await, SHOPS[1]);
    let actor = Actor::command_line();
    let people = AtDesk { store: &desk.store, county: code(), actor: &actor, clock: &desk.clock };
    shops::pause(&people, &paused).await.unwrap();
    let stored = async || {
        let mut session = desk.read().await;
        let all = red_anchor::store::secrets::list(&mut session).await.unwrap();
        all.iter().filter(|s| s.shop_id == paused.shop_id && s.field == "token").map(|s| s.stored_at).next()
    };
    assert_eq!(stored().await, None);
    assert_eq!(desk.round().await.turns, 2, "its token is looked after although it was never pulled");
    assert_eq!(desk.log(&paused.shop_key).await, [], "nothing is asked of it");
    assert!(!desk.log(other).await.is_empty());
    assert_eq!(desk.round().await.turns, 0);
    let first = stored().await.unwrap();
    for _ in 0..8 {
        desk.wait(TimeDelta::days(1));
        desk.round().await;
    }
    assert!(stored().await.unwrap() > first, "a token ends after seven days");
    assert_eq!(desk.log(&paused.shop_key).await, []);
    shops::resume(&people, &paused).await.unwrap();
    assert_eq!(desk.round().await.turns, 1, "at once");
    assert!(!desk.log(&paused.shop_key).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_in_trouble_waits_longer_each_time_and_holds_up_no_other() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    let (troubled, other) = (SHOPS[0], SHOPS[1]);
    let right = desk.server.apps.iter().find(|app| app.shop_key == troubled && app.platform == "douyin").unwrap();
    desk.store_key(troubled, &AppKey::new(right.app_key.clone(), "wrong".into())).await;
    let round = desk.round().await;
    assert_eq!((round.turns, round.failed), (2, 1));
    assert!(round.pulled.orders.new > 0);
    let log = desk.log(troubled).await;
    assert_eq!(log.len(), 1);
    assert_eq!((log[0].trouble.as_str(), log[0].seen, log[0].complete), ("denied", 0, false));
    assert!(!log[0].said.is_empty() && !log[0].said.contains("wrong"), "{}", log[0].said);
    let waits = desk.schedule(troubled).await;
    assert!(waits.failures == 1 && waits.due_at >= desk.clock.now() + TimeDelta::minutes(59), "{waits:?}");
    desk.wait(TimeDelta::minutes(20));
    assert_eq!(desk.round().await.failed, 0, "it is not asked again yet");
    assert!(desk.log(other).await.len() > 1);
    desk.store_key(troubled, &AppKey::new(right.app_key.clone(), right.app_secret.clone())).await;
    let round = desk.round().await;
    assert_eq!((round.turns, round.failed), (1, 0), "whoever mends it need not wait");
    assert_eq!(desk.schedule(troubled).await.failures, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_that_answers_with_less_than_it_says_is_asked_less_and_less_often() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    let shop = desk.shop(SHOPS[1]).await;
    let stop = desk.stopping.subscribe();
    let reach = Reach::Since(desk.clock.now() - TimeDelta::hours(3));
    let manner = Manner { holder: "typed", stop: &stop, reach, when_due: false };
    for minutes in [15, 15, 15, 15, 16, 32, 60] {
        let (puller, _) = desk.puller_on(&shop, Way::Short).await;
        let pulled = turn::take(&desk.target(), puller, manner).await.unwrap().unwrap();
        assert!(pulled.incomplete > 0);
        let waits = desk.schedule(&shop.shop_key).await.due_at - desk.clock.now();
        assert_eq!(waits.num_minutes(), minutes, "{:?}", desk.schedule(&shop.shop_key).await);
    }
    let pulled = turn::take(&desk.target(), desk.puller(&shop).await, manner).await.unwrap().unwrap();
    assert_eq!(pulled.incomplete, 0);
    assert_eq!(desk.schedule(&shop.shop_key).await.failures, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_that_is_dropped_asks_nothing_any_more() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    let (puller, asked) = desk.puller_on(&desk.shop(SHOPS[1]).await, Way::SilentAfter(0)).await;
    let (target, stop) = (desk.target(), desk.stopping.subscribe());
    let working = tokio::spawn(async move {
        let manner = Manner { holder: "dropped", stop: &stop, reach: Reach::Onward, when_due: false };
        turn::take(&target, puller, manner).await
    });
    while asked.lock().unwrap().ends.is_empty() {
        tokio::task::yield_now().await;
    }
    working.abort();
    assert!(working.await.unwrap_err().is_cancelled());
    let gone = async {
        while Arc::strong_count(&asked) > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("the question is given up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_goes_on_pulling_until_it_is_told_to_stop() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    let begun_at = desk.clock.now();
    // on a world's clock a round takes no time of ours
    let running = tokio::spawn(desk.worker("running").await.run());
    let come_round = async || {
        for key in SHOPS {
            if !desk.log(key).await.iter().any(|row| row.from_at >= begun_at) {
                return false;
            }
        }
        true
    };
    let gone_on = async { while !come_round().await {} };
    tokio::time::timeout(Duration::from_mins(4), gone_on).await.expect("both are pulled a second time");
    desk.stopping.send_replace(true);
    tokio::time::timeout(Duration::from_mins(1), running).await.expect("it ends").unwrap();
    for key in SHOPS {
        assert!(desk.log(key).await.iter().all(|row| row.trouble.is_empty() && row.complete));
        desk.turn_is_free(key).await;
    }
    desk.verifies().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_forgets_what_is_long_past() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    let shop_id = desk.shop(SHOPS[1]).await.shop_id;
    let now = desk.clock.now();
    let tried = |days: i64| {
        let at = now - TimeDelta::days(days);
        PullRow {
            shop_id,
            from_at: at,
            to_at: at,
            started_at: at,
            took_ms: 1,
            seen: 0,
            added: 0,
            changed: 0,
            quarantined: 0,
            complete: false,
            trouble: "unreachable".to_owned(),
            said: format!("{days} days ago"),
        }
    };
    let mut session = desk.store.write(code()).await.unwrap();
    for days in [120, 91, 89] {
        schedules::insert_pull(&mut session, &tried(days)).await.unwrap();
    }
    session.commit().await.unwrap();
    desk.round().await;
    let log = desk.log(SHOPS[1]).await;
    assert_eq!(log.iter().find(|row| !row.said.is_empty()), Some(&tried(89)));
    assert!(log.len() > 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_weeks_are_asked_for_once_more_a_day_later_and_move_nothing_back() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    desk.round().await;
    let before = desk.log(SHOPS[1]).await;
    desk.wait(TimeDelta::hours(25));
    let round = desk.round().await;
    assert_eq!(round.failed, 0);
    let log = desk.log(SHOPS[1]).await;
    let again: Vec<_> = log[before.len()..].iter().filter(|row| row.from_at < before.last().unwrap().to_at).collect();
    assert!(again.len() >= 4, "thirty days in windows of seven: {again:?}");
    assert!(again.iter().all(|row| row.added == 0), "everything was known: {again:?}");
    let known_to = desk.shop(SHOPS[1]).await.known_to_at.unwrap();
    let now = desk.clock.now();
    assert!(known_to > start_of(red_anchor::domain::calendar::day_of(now)), "{known_to} of {now}");
    assert!(desk.schedule(SHOPS[1]).await.again_at > now);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_are_asked_for_again_only_where_some_may_have_appeared_late() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    let shop = desk.shop(SHOPS[1]).await;
    let now = desk.clock.now();
    let days = |n| now - TimeDelta::days(n);
    let (puller, asked) = desk.puller_on(&shop, Way::Plain).await;
    let mut pullers = vec![puller];
    let mut times_asked = async |since| {
        pull_all(&mut pullers, &desk.target(), Some(since), now).await.unwrap();
        let stated = std::mem::take(&mut asked.lock().unwrap().stated);
        // not within the hour that windows always reach back
        move |at| stated.iter().filter(|w| (w.from..w.to).contains(&(at - TimeDelta::hours(3)))).count()
    };
    let times = times_asked(days(30)).await;
    for n in 0..32 {
        assert_eq!(
            times(days(n)),
            1,
            "{n} days ago: each window was read more than two days after the one before ended"
        );
    }
    assert_eq!(times(days(33)), 0);
    let times = times_asked(days(8)).await;
    for (n, expected) in [(0, 1), (1, 2), (2, 2), (3, 1), (9, 1)] {
        assert_eq!(times(days(n)), expected, "{n} days ago: a window ended yesterday");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_lines_turn_is_a_turn_like_any_other() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    let shop = desk.shop(SHOPS[0]).await;
    let stop = desk.stopping.subscribe();
    let manner = Manner { holder: "typed", stop: &stop, reach: Reach::Onward, when_due: false };
    let now = desk.clock.now();
    let mut session = desk.store.write(code()).await.unwrap();
    leases::take(&mut session, shop.shop_id, "server", now, now + TimeDelta::days(400)).await.unwrap().unwrap();
    session.commit().await.unwrap();
    let refused = turn::take(&desk.target(), desk.puller(&shop).await, manner).await.unwrap();
    assert_eq!(refused, None, "a server has it");
    let other = desk.shop(SHOPS[1]).await;
    let pulled = turn::take(&desk.target(), desk.puller(&other).await, manner).await.unwrap().unwrap();
    assert!(pulled.orders.new > 0);
    desk.every_window_was_written_once(SHOPS[1]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_tried_in_a_turn_and_the_token_of_a_code_is_kept() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    let (shop, code_of_merchant) = desk.add_shop_with_code("kuaishou", SHOPS[0]).await;
    let mut session = desk.store.write(code()).await.unwrap();
    let now = desk.clock.now();
    let lease = leases::take(&mut session, shop.shop_id, "server", now, now + LEASE).await.unwrap().unwrap();
    session.commit().await.unwrap();
    let error = desk.try_connection(&shop, Some(&code_of_merchant)).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(Problem::ShopTaken { .. })), "{error:#}");
    let mut session = desk.store.write(code()).await.unwrap();
    leases::release(&mut session, &lease, now).await.unwrap();
    session.commit().await.unwrap();
    for given in [Some(code_of_merchant.as_str()), None] {
        let answer = desk.try_connection(&shop, given).await.unwrap();
        assert!(matches!(answer, Answer::Fine(_)), "{answer:?}");
    }
    let spent = desk.try_connection(&shop, Some(&code_of_merchant)).await.unwrap();
    assert!(matches!(spent, Answer::Refused(..)), "a code is good once: {spent:?}");
    desk.turn_is_free(&shop.shop_key).await;
}
