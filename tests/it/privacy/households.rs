//! A household's own data: handed over whole, its name taken away while every figure stays, on both engines.

use crate::store::engines;
use crate::world::{County, code, day};
use red_anchor::domain::access::Actor;
use red_anchor::domain::figures::FigureRow;
use red_anchor::domain::problem::Problem;
use red_anchor::domain::proposals::TypedProposal;
use red_anchor::ingest;
use red_anchor::services::consents::{self as words, Word};
use red_anchor::services::desk::Desk;
use red_anchor::services::figures::{self, Request};
use red_anchor::services::{buyers, farmers, post, proposals, verify};
use red_anchor::store::figures::Grouping;
use red_anchor::store::{Store, audit, buyers as store_buyers, consents, people};
use serde_json::json;

async fn counties() -> Vec<County> {
    let dir = tempfile::tempdir().unwrap();
    vec![County::made().await, County::made_in(engines::postgres().await, dir).await]
}

async fn clean(county: &County) {
    let report = verify::verify(&mut county.read().await).await.unwrap();
    assert_eq!(report.differences, [], "{report}");
}

/// Figures by key; a household's label is its name, so labels are left out.
async fn sums(county: &County) -> Vec<(Option<String>, FigureRow)> {
    let mut session = county.read().await;
    let mut sums = Vec::new();
    for grouping in [Grouping::Total, Grouping::Village, Grouping::Farmer, Grouping::Month] {
        let rows = figures::rows(&mut session, &Request::all(code(), grouping)).await.unwrap();
        sums.extend(rows.into_iter().map(|row| (row.key, row.figures)));
    }
    sums
}

async fn export(store: &Store, county: &County) -> serde_json::Value {
    farmers::export(store, code(), &Actor::command_line(), county.clock(), "farmer-2").await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_household_is_handed_its_data_and_then_forgotten_while_the_sums_stay() {
    for county in counties().await {
        let (store, actor, clock) = (county.store.clone(), Actor::command_line(), county.clock());
        clean(&county).await;
        let before = sums(&county).await;
        let household = Actor::household(2, Actor::SLIP);
        let desk = Desk { store: &store, county: code(), actor: &household, clock };
        let typed = TypedProposal {
            goods: "笋干".into(),
            pack: "2".into(),
            amount: "100".into(),
            from: "2026-04-01".into(),
            to: "2026-04-15".into(),
            said: "我家后山的".into(),
            ..TypedProposal::default()
        };
        proposals::propose(&desk, 2, &typed).await.unwrap();
        let document = export(&store, &county).await;
        assert_eq!(document["proposals"][0]["said"], "我家后山的");
        assert_eq!(document["farmer"]["name"], "陈演示");
        assert_eq!(document["categories"][0]["category"], "lifted");
        let entries = document["entries"].as_array().unwrap();
        let income: i64 = entries.iter().filter_map(|e| e["amounts"]["farmer_fen"].as_i64()).sum();
        assert!(entries.len() > 5 && income > 0, "{} entries, {income} fen", entries.len());
        assert_eq!(document["audit"].as_array().unwrap().len(), 1, "that it was handed over is told");

        let anonymise =
            |reason: &'static str| farmers::anonymise(&county.store, code(), &actor, clock, "farmer-2", reason);
        let named = anonymise("陈演示要求").await.unwrap_err();
        assert_eq!(named.downcast_ref(), Some(&Problem::ReasonNamesHousehold));
        assert!(anonymise("本人书面申请").await.unwrap());
        assert!(!anonymise("again").await.unwrap(), "once is enough");

        clean(&county).await;
        assert_eq!(sums(&county).await, before);
        let document = export(&store, &county).await;
        assert_eq!(document["farmer"]["name"], farmers::ANONYMOUS);
        assert_eq!((&document["proposals"][0]["said"], &document["proposals"][0]["goods"]), (&json!(""), &json!("–")));
        assert!(!document.to_string().contains("陈演示"), "no copy of the name is left with the household");
        assert_eq!(document["entries"].as_array().unwrap().len(), entries.len());

        // a document that still names it does not bring the name back
        let doc = json!({"county": "360827", "farmers": [
            {"key": "farmer-2", "name": "陈演示", "village": "360827101210"},
        ]});
        let doc = ingest::county::parse("again.json", &doc.to_string()).unwrap();
        let mut work = county.work("2026-04-02", 9).await;
        let imported = ingest::county::import(&mut work, &doc).await.unwrap();
        post::post(&mut work).await.unwrap();
        work.commit(&imported.change()).await.unwrap();
        let known = people::list_farmers(&mut county.read().await).await.unwrap();
        let household = known.iter().find(|f| f.farmer_key == "farmer-2").unwrap();
        assert_eq!((household.name.as_str(), household.village_code.as_str()), (farmers::ANONYMOUS, "360827101210"));
        clean(&county).await;

        let mut trail = String::new();
        let all = audit::Sought::default();
        audit::each(&mut county.read().await, &all, |e| trail.extend([format!("{e:?}")])).await.unwrap();
        assert!(trail.contains("anonymise") && !trail.contains("陈演示"), "the trail never had the name");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_is_recorded_by_a_person_or_a_document_and_withdrawn() {
    for county in counties().await {
        let (actor, clock) = (Actor::command_line(), county.clock());
        let word = |kind: &'static str, withdrawn: Option<&str>| Word {
            farmer_key: "farmer-1",
            kind,
            given_on: day("2026-01-10"),
            withdrawn_on: withdrawn.map(day),
        };
        let record = |word| words::record(&county.store, code(), &actor, clock, word);
        record(word("contact", None)).await.unwrap();
        record(word("contact", Some("2026-03-01"))).await.unwrap();
        assert!(record(word("anything", None)).await.is_err());
        assert!(record(word("contact", Some("2025-03-01"))).await.is_err());
        let doc = json!({"county": "360827", "farmers": [{
            "key": "farmer-1", "name": "陈演示", "village": "360827101210",
            "consents": [{"kind": "records", "given_on": "2026-01-01"}],
        }]});
        for expected in [1, 0] {
            let doc = ingest::county::parse("consents.json", &doc.to_string()).unwrap();
            let mut work = county.work("2026-04-02", 9).await;
            let imported = ingest::county::import(&mut work, &doc).await.unwrap();
            assert_eq!(imported.of("consents").new, expected);
            post::post(&mut work).await.unwrap();
            work.commit(&imported.change()).await.unwrap();
        }
        let mut session = county.read().await;
        let kinds: Vec<(String, bool)> = consents::list_of(&mut session, &[1])
            .await
            .unwrap()
            .into_iter()
            .map(|c| (c.kind, c.withdrawn_on.is_some()))
            .collect();
        assert_eq!(kinds, [("contact".to_owned(), true), ("records".to_owned(), false)]);
        assert!(!consents::is_given(&mut session, 1, "contact", day("2026-03-01")).await.unwrap());
        drop(session);
        clean(&county).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buyer_hashes_go_when_their_days_are_over_and_no_figure_moves() {
    for county in counties().await {
        let (store, actor, clock) = (&county.store, Actor::job("test"), county.clock());
        let before = sums(&county).await;
        let with_hash = store_buyers::count_hashes(&mut county.read().await).await.unwrap();
        assert!(with_hash > 10, "{with_hash}");
        assert_eq!(buyers::expire(store, code(), &actor, clock).await.unwrap(), 0, "kept for two years");
        buyers::keep(store, code(), &actor, clock, clock.today(), 10).await.unwrap();
        assert_eq!(buyers::expire_daily(store, code(), &actor, clock).await.unwrap(), Some(with_hash));
        assert_eq!(buyers::expire_daily(store, code(), &actor, clock).await.unwrap(), None, "once a day");
        assert_eq!(store_buyers::count_hashes(&mut county.read().await).await.unwrap(), 0);
        assert_eq!(sums(&county).await, before);
        clean(&county).await;
    }
}
