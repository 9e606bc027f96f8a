//! Lots of a document: what their goods are bought at, and what becomes of goods that were bought and those that were not
//! once they are sold under other terms. On both engines.

use super::desk::{Desk, example};
use red_anchor::domain::calendar::parse_day;
use red_anchor::domain::lang::Lang;
use red_anchor::domain::problem::Problem;
use red_anchor::services::verify::verify;
use red_anchor::store::lots::{self, Ticket};
use red_anchor::store::payouts::due::{self, Of};
use serde_json::{Value, json};

/// The example's kumquats from lots: the listing that is sold, and another one of the same goods, by their models. The two
/// weighings are of the example's household; the price of the second is left out.
fn from_lots(sold: &str, other: &str, terms_price: i64, first_price: i64) -> Value {
    let mut doc = example();
    let listing = &mut doc["listings"][0];
    listing["supply"] = json!([{ "from": "2025-10-01", "lots": true }]);
    let mut beside = listing.clone();
    beside["key"] = json!("kumquat-beside");
    for (listing, model) in [(listing, sold), (&mut beside, other)] {
        listing["terms"][0]["model"] = json!(model);
        listing["terms"][0]["purchase_fen_per_kg"] = json!(terms_price);
    }
    doc["listings"].as_array_mut().unwrap().push(beside);
    let ticket = |weight_g: i64| json!({ "farmer": "farmer-1", "weight_g": weight_g });
    doc["lots"] = json!([{ "key": "L1", "product": "kumquat", "intake_on": "2026-01-08",
        "tickets": [ticket(10_000), ticket(5_000)] }]);
    if first_price > 0 {
        doc["lots"][0]["tickets"][0]["agreed_fen_per_kg"] = json!(first_price);
    }
    doc
}

async fn tickets(desk: &Desk) -> Vec<Ticket> {
    let mut session = desk.read().await;
    let lots = lots::list_of_keys(&mut session, &["L1"]).await.unwrap();
    lots::list_tickets(&mut session, &lots.iter().map(|lot| lot.lot_id).collect::<Vec<_>>()).await.unwrap()
}

/// What the household is owed: for settled income and for what was bought.
async fn due(desk: &Desk) -> (i64, i64) {
    let up_to = parse_day("2026-02-20").unwrap();
    let all = due::list(&mut desk.read().await, Of::All, up_to).await.unwrap();
    (all.iter().map(|d| d.balance.settled_fen).sum(), all.iter().map(|d| d.balance.bought_fen).sum())
}

async fn is_sound(desk: &Desk) {
    let report = verify(&mut desk.read().await).await.unwrap();
    assert!(report.is_clean(), "{report}");
}

async fn a_price_left_out_is_that_of_the_terms_or_is_asked_for(desk: &Desk) {
    // nothing fixes a price: said at its place, with what to do, and nothing is written
    let refused = desk.import(&from_lots("purchase", "purchase", 0, 800)).await.unwrap_err();
    let problem = refused.downcast_ref::<Problem>().unwrap();
    let Problem::FaultyCounty { faults, more: 0 } = problem else { panic!("{problem:?}") };
    assert_eq!(faults.iter().map(|f| f.place.as_str()).collect::<Vec<_>>(), ["lots[0].tickets[1].agreed_fen_per_kg"]);
    assert!(
        problem.text(Lang::Zh).contains("请在这里写上议定单价") && problem.text(Lang::En).contains("write the agreed")
    );
    assert_eq!(tickets(desk).await, []);

    let doc = from_lots("purchase", "purchase", 740, 800);
    desk.import(&doc).await.unwrap();
    let prices =
        async |desk: &Desk| tickets(desk).await.iter().map(|t| (t.agreed_fen_per_kg, t.bought)).collect::<Vec<_>>();
    assert_eq!(prices(desk).await, [(800, true), (740, true)]);
    assert_eq!(due(desk).await, (0, 8_000 + 3_700));
    // the same document again, the price still left out
    let again = desk.import(&doc).await.unwrap();
    assert_eq!((again.of("lots").new, again.of("lots").changed, again.of("lots").unchanged), (0, 0, 1));
    assert_eq!(prices(desk).await, [(800, true), (740, true)]);
    // a third weighing may follow, and its price is asked for like any other
    let mut more = from_lots("purchase", "purchase", 0, 800);
    more["lots"][0]["tickets"].as_array_mut().unwrap().push(json!({ "farmer": "farmer-1", "weight_g": 1_000 }));
    let refused = desk.import(&more).await.unwrap_err();
    assert!(refused.to_string().contains("lots[0].tickets[2].agreed_fen_per_kg"), "{refused}");
    desk.order(None).await;
    desk.statement().await;
    assert_eq!(due(desk).await, (0, 11_700), "sold and settled, it is owed no second time");
    is_sound(desk).await;
}

async fn goods_bought_and_sold_on_commission_bring_their_price_once(desk: &Desk) {
    desk.import(&from_lots("consignment", "purchase", 740, 800)).await.unwrap();
    assert_eq!(tickets(desk).await.iter().map(|t| t.bought).collect::<Vec<_>>(), [true, false]);
    assert_eq!(due(desk).await, (0, 8_000));
    desk.order(None).await;
    // 2.625 kg of the first ticket at 8.00; of 31.51 that are left the operator has the rest
    let figures = desk.figures().await;
    assert_eq!((figures.farmer_income_provisional_fen, figures.operator_fen), (2_100, 1_051));
    desk.statement().await;
    let figures = desk.figures().await;
    assert_eq!((figures.farmer_income_fen, figures.uplift_fen), (2_100, 420));
    assert_eq!(due(desk).await, (0, 8_000), "never twice");
    is_sound(desk).await;
}

async fn goods_not_bought_are_paid_as_they_are_sold_by_terms_that_buy(desk: &Desk) {
    desk.import(&from_lots("purchase", "consignment", 740, 0)).await.unwrap();
    assert_eq!(
        tickets(desk).await.iter().map(|t| (t.agreed_fen_per_kg, t.bought)).collect::<Vec<_>>(),
        [(0, false); 2]
    );
    desk.order(None).await;
    assert_eq!((desk.figures().await.farmer_income_provisional_fen, due(desk).await), (1_943, (0, 0)));
    desk.statement().await;
    assert_eq!((desk.figures().await.farmer_income_fen, due(desk).await), (1_943, (1_943, 0)), "never lost");
    is_sound(desk).await;
}

/// Runs a case on SQLite and once more on PostgreSQL.
macro_rules! on_both_engines {
    ($($case:ident => $on_postgresql:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$case(&super::Desk::open().await).await;
                }
            )+
        }
        $(
            #[tokio::test]
            async fn $on_postgresql() {
                $case(&Desk::open_on_postgresql().await).await;
            }
        )+
    };
}

on_both_engines!(
    a_price_left_out_is_that_of_the_terms_or_is_asked_for => prices_on_postgresql,
    goods_bought_and_sold_on_commission_bring_their_price_once => bought_goods_on_postgresql,
    goods_not_bought_are_paid_as_they_are_sold_by_terms_that_buy => goods_not_bought_on_postgresql,
);
