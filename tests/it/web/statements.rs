//! What a page asks of the database: a small number of statements, the same whatever the county has sold.
//!
//! Counted is what sessions run. What is asked before a scope can be named (`door!`: whose session it is) is not: each
//! of these is one statement, and finds one row.

use super::client::{enter, get};
use super::seed::{seeded, sell_more};
use super::walk::pages;
use axum::http::StatusCode;
use red_anchor::domain::access::Role;
use red_anchor::web::AppState;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// The most any page runs in its sessions: the branch's first, which asks for everything that waits for a person, and
/// an anchor's own, which has everything of one person.
const MOST: u64 = 25;

/// Adds up what sessions say of themselves when they end.
#[derive(Clone, Default)]
pub struct Statements(pub Arc<AtomicU64>);

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        event.record(&mut self.clone());
    }
}

impl Visit for Statements {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "statements" {
            self.0.fetch_add(value, Ordering::Relaxed);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// Statements of each page, by role and address.
async fn of_pages(app: &AppState, count: &Statements) -> BTreeMap<(&'static str, String), u64> {
    let mut found = BTreeMap::new();
    for role in Role::ALL {
        let cookie = enter(app, role).await;
        for (_, path) in pages() {
            count.0.store(0, Ordering::Relaxed);
            if get(app, &path, &cookie).await.status == StatusCode::OK {
                found.insert((role.key(), path), count.0.load(Ordering::Relaxed));
            }
        }
    }
    found
}

#[tokio::test]
async fn a_page_asks_as_little_of_a_county_that_has_sold_forty_times_as_much() {
    let count = Statements::default();
    // while there is but one, it is asked only on the thread that meets a place in the code first
    let _another = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(count.clone()));
    let seeded = seeded().await;
    let before = of_pages(&seeded.app, &count).await;
    sell_more(&seeded.app).await;
    let after = of_pages(&seeded.app, &count).await;
    assert!(before.len() > 60, "{} pages answered", before.len());
    for (page, statements) in after {
        let known = before[&page];
        assert!(statements <= known, "{page:?}: {known} statements, then {statements}");
    }
    let most = before.iter().max_by_key(|(_, statements)| **statements).unwrap();
    assert_eq!(*most.1, MOST, "{most:?}");
    assert!(before.values().sum::<u64>() > 300, "statements were counted: {}", before.values().sum::<u64>());
}
