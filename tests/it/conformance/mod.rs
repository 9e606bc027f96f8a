//! The same stories against every platform that can be pulled from: the sandbox speaks each one's protocol over the same
//! world, and what is in the database afterwards is compared with the world itself, not with another platform.
//!
//! `cargo test --test it conformance -- --nocapture` prints the table. A platform that joins the list of interfaces is in
//! it from then on; a story is a function and a line in [`STORIES`].

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod shop;
mod stories;
mod truth;

use futures::future::BoxFuture;
use red_anchor::platforms::Platform;
use red_anchor::platforms::connector::INTERFACES;
use tokio::task::JoinSet;

/// A story is told to one platform at a time and panics where it does not hold.
type Story = fn(Platform) -> BoxFuture<'static, ()>;

const STORIES: [(&str, Story); 18] = [
    ("first pull", |p| Box::pin(stories::first_pull(p))),
    ("nothing new", |p| Box::pin(stories::nothing_new(p))),
    ("late update", |p| Box::pin(stories::late_update(p))),
    ("partial refunds on different days", |p| Box::pin(stories::partial_refunds(p))),
    ("whole refund", |p| Box::pin(stories::whole_refund(p))),
    ("cancel", |p| Box::pin(stories::cancel(p))),
    ("unknown status", |p| Box::pin(stories::unknown_status(p))),
    ("throttle", |p| Box::pin(stories::throttle(p))),
    ("token expiry in mid-window", |p| Box::pin(stories::token_expiry(p))),
    ("repeated and shuffled pages", |p| Box::pin(stories::moving_pages(p))),
    ("a page that fails and is retried", |p| Box::pin(stories::failing_pages(p))),
    ("settlement weeks later", |p| Box::pin(stories::late_settlement(p))),
    ("clock skew", |p| Box::pin(stories::clock_skew(p))),
    ("records that come torn", |p| Box::pin(stories::torn_records(p))),
    ("who sold it, told late", |p| Box::pin(stories::who_sold_it(p))),
    ("nothing of the buyer", |p| Box::pin(stories::nothing_of_the_buyer(p))),
    ("wrong secret", |p| Box::pin(stories::wrong_secret(p))),
    ("all faults at once", |p| Box::pin(stories::all_faults(p))),
];

/// What became of a story on a platform.
struct Told {
    story: usize,
    platform: usize,
    failure: Option<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_story_holds_on_every_platform() {
    let mut telling = JoinSet::new();
    for (story, (_, tell)) in STORIES.iter().enumerate() {
        for (platform, interface) in INTERFACES.iter().enumerate() {
            let told = tokio::spawn(tell(interface.platform));
            telling.spawn(async move {
                let failure = told.await.err().map(|error| words(error.into_panic().as_ref()));
                Told { story, platform, failure }
            });
        }
    }
    let told = telling.join_all().await;
    println!("{}", table(&told));
    let failures: Vec<String> = told
        .iter()
        .filter_map(|told| {
            let (name, platform) = (STORIES[told.story].0, INTERFACES[told.platform].platform.key());
            Some(format!("{platform}, {name}: {}", told.failure.as_ref()?))
        })
        .collect();
    assert!(failures.is_empty(), "{}\n{}", failures.len(), failures.join("\n"));
}

/// What a panic said.
fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

fn table(told: &[Told]) -> String {
    let row = |name: &str, cells: Vec<&str>| {
        let cells: Vec<String> = cells.into_iter().map(|cell| format!("{cell:<18}")).collect();
        format!("{name:<36}{}", cells.concat())
    };
    let mut lines = vec![row("story", INTERFACES.iter().map(|interface| interface.platform.key()).collect())];
    for (story, (name, _)) in STORIES.iter().enumerate() {
        let holds = |platform: usize| {
            let here = told.iter().find(|told| (told.story, told.platform) == (story, platform));
            if here.is_some_and(|told| told.failure.is_none()) { "holds" } else { "FAILS" }
        };
        lines.push(row(name, (0..INTERFACES.len()).map(holds).collect()));
    }
    lines.join("\n")
}
