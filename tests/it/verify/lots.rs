//! Goods from lots: two listings of a county that has sold by shares, one of them in a locked month, go over to lots; then
//! a draw, a ticket or a lot is changed behind verify's back.

use super::changed::Copies;
use crate::audit::any_change;
use crate::world::{self, County};
use red_anchor::domain::access::Actor;
use red_anchor::domain::problem::Problem;
use red_anchor::domain::weighing::Weighed;
use red_anchor::services::desk::Desk;
use red_anchor::services::lots::{self as service, NewLot};
use red_anchor::services::post;
use red_anchor::services::verify::verify;
use red_anchor::store::facts::{self, Of};
use red_anchor::store::figures::Range;
use red_anchor::store::goods::{self, SupplyRow};
use red_anchor::store::lots;
use red_anchor::store::take_ids;

/// Draws that some row was computed with.
const USED: &str = "line_id in (select line_id from ledger_entry where lot_ticket_id <> 0)";

/// The county with its kumquats (consignment) and ducks (purchase) from lots since the new year; the first lot is closed.
async fn from_lots() -> County {
    let county = County::made().await;
    let mut work = county.work("2026-03-21", 8).await;
    for noun in ["supply", "lot", "lot_ticket"] {
        take_ids(&mut work, noun, 100).await.expect("ids");
    }
    work.commit(&any_change()).await.expect("a commit");
    let actor = Actor::command_line();
    let desk = Desk { store: &county.store, county: world::code(), actor: &actor, clock: county.clock() };
    // January is locked, and a person is refused; a county whose first month was locked late has it all the same
    let since = world::day("2026-01-01");
    let refused = service::supply_from(&desk, 11, since).await.expect_err("a locked month");
    assert!(matches!(refused.downcast_ref(), Some(Problem::MonthLocked { .. })), "{refused}");
    let mut work = county.work("2026-03-21", 8).await;
    let supply = [(11, 101), (13, 102)].map(|(listing, version)| SupplyRow::from_lots(listing, version, since, None));
    goods::insert_supply(&mut work, &supply).await.expect("a supply");
    let (from, to) = Range { from: Some(since), to: None }.ends();
    facts::queue_slices(&mut work, Of::Listing, &[11, 13], from, to).await.expect("orders");
    post::post(&mut work).await.expect("entries");
    work.commit(&any_change()).await.expect("a commit");
    let lot = |product_id, weights: &[i64], agreed| NewLot {
        product_id,
        intake_on: world::day("2026-01-05"),
        certificate_no: String::new(),
        weighed: (1..)
            .zip(weights)
            .map(|(farmer_id, &weight_g)| Weighed {
                farmer_id,
                weight_g,
                grade: String::new(),
                agreed_fen_per_kg: agreed,
            })
            .collect(),
    };
    let first = service::take_in(&desk, &lot(1, &[3_100, 4_700, 2_000], 0)).await.expect("a lot");
    assert!(service::close(&desk, first, 0).await.expect("closed"));
    service::take_in(&desk, &lot(1, &[500_000, 900_000], 0)).await.expect("a lot");
    service::take_in(&desk, &lot(3, &[2_000, 300_000], 4_300)).await.expect("a lot");
    county
}

#[tokio::test]
async fn goods_that_go_over_to_lots_have_no_difference() {
    let county = Box::pin(from_lots()).await;
    let mut session = county.read().await;
    let report = verify(&mut session).await.expect("a report");
    assert_eq!(report.differences, [], "{report}");
    let tickets = lots::list_tickets(&mut session, &[101, 102, 103]).await.expect("tickets");
    assert!(tickets.iter().filter(|t| t.drawn_g > 0).count() >= 5, "{tickets:?}");
    assert_eq!(lots::list_shortages(&mut session).await.expect("shortages"), []);
}

#[tokio::test]
async fn a_draw_or_a_ticket_that_was_changed_is_found() {
    let copies = Copies::of(Box::pin(from_lots()).await).await;
    copies.each_row("draw", USED, |row| format!("delete from draw where rowid = {row}")).await;
    copies.each_column("draw", USED, &["drawn_g", "batch_id"]).await;
    for change in ["ticket_id = 999", "line_id = 999999"] {
        copies.each_row("draw", USED, |row| format!("update draw set {change} where rowid = {row}")).await;
    }
    copies.each_column("lot_ticket", "drawn_g > 0", &["drawn_g", "farmer_id", "agreed_fen_per_kg"]).await;
    copies
        .each_row("lot_ticket", "drawn_g > 0", |row| format!("update lot_ticket set weight_g = 1 where rowid = {row}"))
        .await;
    copies
        .each_row("lot", "closed_on is null", |row| {
            format!("update lot set closed_on = '2026-03-21' where rowid = {row}")
        })
        .await;
    copies.each_column("lot_ticket", "lot_id = 101", &["left_g", "lost_g", "weight_g"]).await;
    copies
        .each_row("lot", "closed_on is null", |row| {
            format!("update lot set intake_on = date(intake_on, '-9 days') where rowid = {row}")
        })
        .await;
    copies
        .each_row("lot", "closed_on is null", |row| format!("update lot set product_id = 2 where rowid = {row}"))
        .await;
    copies.all_found();
}
