//! Whatever order files and answers arrive in, the same is known at the end, and an order counts once.

use super::desk::Desk;
use super::paper::csv;
use red_anchor::domain::ledger::facts::Outcome;
use red_anchor::domain::records::{Evidenced, OrderRecord, RefundRecord, RefundStatus, SettlementRecord};
use red_anchor::platforms::douyin::convert::order::order;
use red_anchor::platforms::douyin::wire::order::ShopOrder;
use red_anchor::platforms::reading::evidence;
use red_anchor::store::{known, orders};
use serde_json::json;

const ORDER_NO: &str = "6930000000000000011";
const LINE_NO: &str = "6930000000000000012";

/// The order as Douyin's interface states it: list 49.90, shop coupon 5, platform 3, anchor 2, freight 6, sold live.
fn by_interface(status: i64, updated: &str) -> Evidenced<OrderRecord> {
    let second = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp();
    let wire: ShopOrder = serde_json::from_str(
        &json!({
            "order_id": ORDER_NO, "order_status": status, "order_status_desc": "", "update_time": second(updated),
            "create_time": second("2026-09-01T12:00:00+08:00"), "pay_time": second("2026-09-01T12:01:00+08:00"),
            "pay_amount": 4_590, "post_amount": 600, "doudian_open_id": "buyer-7",
            "post_addr": {"province": {"name": "江西省"}},
            "sku_order_list": [{
                "order_id": LINE_NO, "parent_order_id": ORDER_NO, "product_id_str": "3660", "sku_id": 9, "item_num": 1,
                "origin_amount": 4_990, "sum_amount": 4_990, "pay_amount": 4_590, "post_amount": 600,
                "promotion_platform_amount": 300, "promotion_talent_amount": 200, "theme_type": "1",
                "room_id_str": "7300", "author_id": 71
            }]
        })
        .to_string(),
    )
    .unwrap();
    Evidenced::new(order(&wire).unwrap(), evidence(&wire))
}

/// The same order as Douyin's export states it.
fn by_file(status: &str, after_sale: &str) -> Vec<u8> {
    csv(&format!(
        "主订单编号|子订单编号|选购商品|商品数量|商品ID|商家编码|商品单价|订单应付金额|运费|平台优惠|达人优惠|省|订单提交时间|支付完成时间|\
         订单完成时间|订单状态|售后状态\n\
         \t{ORDER_NO}|\t{LINE_NO}|金桔|1|\t3660|JJ5|49.90|45.90|6.00|3.00|2.00|江西省|2026-09-01 12:00:00|\
         2026-09-01 12:01:00|-|{status}|{after_sale}"
    ))
}

/// Epoch second of an hour of 5 September, for the names of exports.
fn named(hour: u32) -> String {
    format!("{}_订单.csv", 1_788_537_600 + i64::from(hour) * 3_600)
}

/// What must be the same whatever arrived first.
async fn known_of(desk: &Desk) -> (i64, i64, i64, String, Vec<String>, String, String, i64) {
    let figures = desk.figures().await;
    let order = desk.order(ORDER_NO).await;
    let lines = orders::list_lines(&mut desk.read().await, 1, &[LINE_NO]).await.unwrap();
    let line = &lines[0];
    let coupons = line.platform_coupon_fen * 10_000 + line.anchor_coupon_fen;
    let origin = format!("{} {}", line.live_room_no, line.author_no);
    (
        figures.gmv_fen,
        figures.subsidy_fen,
        figures.lines,
        order.status,
        desk.line_nos().await,
        origin,
        order.buyer_hash,
        coupons,
    )
}

#[tokio::test]
async fn the_same_order_by_interface_and_by_file_counts_once_in_either_order_of_arrival() {
    let interface = by_interface(3, "2026-09-04T12:00:00+08:00");
    let first = Desk::open("douyin").await;
    first.interface(std::slice::from_ref(&interface), &[], &[]).await;
    first.import(&named(6), by_file("已完成", "-")).await;
    let second = Desk::open("douyin").await;
    second.import(&named(6), by_file("已完成", "-")).await;
    second.interface(std::slice::from_ref(&interface), &[], &[]).await;
    let known = known_of(&first).await;
    assert_eq!((known.0, known.1, known.2, known.3.as_str()), (4_590, 500, 1, "completed"));
    // the room is known by the interface alone, which is older: its group is the newest there is
    assert_eq!((known.5.as_str(), known.6.is_empty()), ("7300 71", false));
    assert_eq!(known, known_of(&second).await);
    for desk in [first, second] {
        desk.interface(std::slice::from_ref(&interface), &[], &[]).await;
        let again = desk.import(&named(6), by_file("已完成", "-")).await;
        assert_eq!((again.taken.new, again.taken.changed), (0, 0));
        assert_eq!(known_of(&desk).await, known);
        desk.is_sound().await;
    }
}

/// The export as it was before it said who bore the coupons.
fn by_plain_file(status: &str) -> Vec<u8> {
    let text = String::from_utf8(by_file(status, "-")).unwrap();
    let (head, row) = text.split_once('\n').unwrap();
    let head = head.replace("平台优惠", "其他一").replace("达人优惠", "其他二");
    format!("{head}\n{row}").into_bytes()
}

/// A later answer of the interface: the platform bore 4 yuan and not 3, the shop 4 and not 5.
fn corrected() -> Evidenced<OrderRecord> {
    let mut answer = by_interface(3, "2026-09-05T03:00:00+08:00");
    let coupons = &mut answer.record.lines[0].coupons;
    (coupons.shop_fen, coupons.platform_fen) = (400, 400);
    answer.evidence = format!("{} ", answer.evidence).into();
    answer
}

#[tokio::test]
async fn three_sources_of_different_knowledge_come_to_the_same_in_every_order_of_arrival() {
    let mut first = None;
    for arrival in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let desk = Desk::open("douyin").await;
        for source in arrival {
            match source {
                0 => desk.interface(&[by_interface(3, "2026-09-04T12:00:00+08:00")], &[], &[]).await,
                1 => desk.interface(&[corrected()], &[], &[]).await,
                _ => assert_eq!(desk.import(&named(6), by_plain_file("已完成")).await.rejected_count, 0),
            }
        }
        let known = known_of(&desk).await;
        // the newest of each group: the file's status, the later answer's coupons
        assert_eq!((known.0, known.1, known.3.as_str()), (4_590, 600, "completed"), "{arrival:?}");
        assert_eq!(known, *first.get_or_insert_with(|| known.clone()), "{arrival:?}");
        desk.is_sound().await;
    }
}

#[tokio::test]
async fn an_older_export_loaded_after_a_newer_one_does_not_push_a_status_back() {
    let desk = Desk::open("douyin").await;
    desk.import(&named(9), by_file("已完成", "-")).await;
    let older = desk.import(&named(3), by_file("已发货", "-")).await;
    assert_eq!((older.taken.changed, older.taken.unchanged), (0, 1));
    assert_eq!(desk.order(ORDER_NO).await.status, "completed");
    let newer = desk.import(&named(12), by_file("已完成", "退款成功")).await;
    assert_eq!(newer.taken.changed, 1);
    assert_eq!(desk.money().await.1, 3_990);
}

#[tokio::test]
async fn of_two_exports_with_the_same_newest_time_the_further_status_stays() {
    let desk = Desk::open("douyin").await;
    desk.import("a.csv", by_file("已完成", "-")).await;
    desk.import("b.csv", by_file("已发货", "-")).await;
    assert_eq!(desk.order(ORDER_NO).await.status, "completed");
}

#[tokio::test]
async fn half_month_files_that_overlap_count_each_row_once() {
    let desk = Desk::open("douyin").await;
    let one = String::from_utf8(by_file("已发货", "-")).unwrap();
    let (head, row) = one.split_once('\n').unwrap();
    let other = row.replace("000000001", "000000002");
    let third = row.replace("000000001", "000000003");
    desk.import("1-15.csv", format!("{head}\n{row}{other}")).await;
    let report = desk.import("15-31.csv", format!("{head}\n{other}{third}")).await;
    assert_eq!((report.taken.new, report.taken.unchanged), (1, 1));
    assert_eq!((desk.money().await.0, desk.figures().await.orders_paid), (3 * 4_590, 3));
}

#[tokio::test]
async fn two_exports_put_together_in_one_file_count_each_row_once() {
    let desk = Desk::open("douyin").await;
    let one = String::from_utf8(by_file("已发货", "-")).unwrap();
    let (head, row) = one.split_once('\n').unwrap();
    let later = row.replace("已发货", "已完成");
    let other = row.replace("000000001", "000000002");
    let report = desk.import("all.csv", format!("{head}\n{row}{other}{later}")).await;
    assert_eq!((report.rows, report.taken.new), (3, 2));
    assert_eq!((desk.money().await.0, desk.order(ORDER_NO).await.status.as_str()), (2 * 4_590, "completed"));
}

/// The same order known as a whole, 40.90 with its freight.
fn as_a_whole(paid: i64) -> Evidenced<OrderRecord> {
    let mut record = by_interface(3, "2026-09-03T12:00:00+08:00").record;
    let line = &mut record.lines[0];
    line.line_no = format!("{ORDER_NO}#order");
    (line.list_fen, line.coupons) = (paid, red_anchor::domain::ledger::facts::Coupons::default());
    (line.live_room_no, line.author_no) = (None, None);
    let evidence = format!("{record:?}");
    Evidenced::new(record, evidence)
}

#[tokio::test]
async fn an_order_known_as_a_whole_gives_way_to_its_lines_and_never_comes_back() {
    let desk = Desk::open("douyin").await;
    desk.interface(&[as_a_whole(3_990)], &[], &[]).await;
    assert_eq!((desk.money().await.0, desk.line_nos().await), (4_590, vec![format!("{ORDER_NO}#order")]));
    desk.import(&named(6), by_file("已发货", "-")).await;
    assert_eq!((desk.money().await.0, desk.line_nos().await), (4_590, vec![LINE_NO.to_owned()]));
    let mut newer = as_a_whole(3_990);
    newer.record.updated_at = "2026-09-09T12:00:00+08:00".parse().unwrap();
    newer.evidence = format!("{} ", newer.evidence).into();
    desk.interface(&[newer], &[], &[]).await;
    assert_eq!((desk.money().await.0, desk.line_nos().await), (4_590, vec![LINE_NO.to_owned()]));
    desk.is_sound().await;
}

/// A refund stated by itself.
fn itemised(fen: i64) -> Evidenced<RefundRecord> {
    let at = "2026-09-06T12:00:00+08:00".parse().unwrap();
    let record = RefundRecord {
        refund_no: "r1".into(),
        order_no: ORDER_NO.into(),
        line_no: Some(LINE_NO.into()),
        updated_at: at,
        status: RefundStatus::Succeeded,
        platform_status: "3".into(),
        status_unknown: false,
        refund_fen: fen,
        freight_fen: None,
        subsidy_back_fen: 0,
        refunded_at: Some(at),
        outcome: Outcome::Kept,
        pieces: 0,
        resent_pieces: 0,
        reason: "坏果".into(),
    };
    let evidence = format!("{record:?}");
    Evidenced::new(record, evidence)
}

#[tokio::test]
async fn a_refund_known_by_a_word_yields_to_the_one_stated_by_itself_in_either_order_of_arrival() {
    let first = Desk::open("douyin").await;
    first.import(&named(12), by_file("已完成", "退款成功")).await;
    assert_eq!(first.money().await.1, 3_990);
    first.interface(&[], &[itemised(600)], &[]).await;
    let second = Desk::open("douyin").await;
    second.interface(&[by_interface(5, "2026-09-04T12:00:00+08:00")], &[itemised(600)], &[]).await;
    second.import(&named(12), by_file("已完成", "退款成功")).await;
    // before its order, too
    let third = Desk::open("douyin").await;
    third.interface(&[], &[itemised(600)], &[]).await;
    third.import(&named(12), by_file("已完成", "退款成功")).await;
    for desk in [first, second, third] {
        assert_eq!(desk.money().await, (4_590, 600, 3_990));
        desk.import(&named(12), by_file("已完成", "退款成功")).await;
        assert_eq!(desk.money().await.1, 600);
        desk.is_sound().await;
    }
}

#[tokio::test]
async fn an_after_sale_in_progress_ends_when_a_newer_export_says_so() {
    let desk = Desk::open("douyin").await;
    desk.import(&named(1), by_file("已发货", "退款中")).await;
    assert_eq!(known::list_pending_totals(&mut desk.read().await, 1).await.unwrap(), [format!("{LINE_NO}#total")]);
    desk.import(&named(2), by_file("已完成", "-")).await;
    assert!(known::list_pending_totals(&mut desk.read().await, 1).await.unwrap().is_empty());
    assert_eq!(desk.money().await.1, 0);
}

fn statement_by_interface() -> Evidenced<SettlementRecord> {
    let record = SettlementRecord {
        statement_no: "q1:line:0".into(),
        order_no: ORDER_NO.into(),
        line_no: Some(LINE_NO.into()),
        settled_at: "2026-09-20T03:00:00+08:00".parse().unwrap(),
        goods_fen: 3_990,
        freight_fen: 600,
        subsidy_fen: 500,
        refund_fen: 0,
        platform_fen: 100,
        anchor_fen: 449,
    };
    let evidence = format!("{record:?}");
    Evidenced::new(record, evidence)
}

#[tokio::test]
async fn the_same_statement_row_by_interface_and_by_file_settles_once() {
    let file = csv(&format!(
        "动账时间|动帐流水号|动账方向|动账金额|动账场景|子订单号|订单号|订单实付应结|运费实付|实际平台补贴|实际达人补贴|订单退款|平台服务费|佣金\n\
         2026-09-20 03:00:00|'88001|入账|45.41|订单结算|'{LINE_NO}|'{ORDER_NO}|39.90|6.00|3.00|2.00|0.00|-1.00|-4.49"
    ));
    let order = by_interface(5, "2026-09-10T12:00:00+08:00");
    for file_first in [true, false] {
        let desk = Desk::open("douyin").await;
        desk.interface(std::slice::from_ref(&order), &[], &[]).await;
        if file_first {
            assert_eq!(desk.import("动账.csv", &file).await.taken.new, 1);
        }
        desk.interface(&[], &[], &[statement_by_interface()]).await;
        if !file_first {
            assert_eq!(desk.import("动账.csv", &file).await.taken.unchanged, 1);
        }
        let figures = desk.figures().await;
        assert_eq!((figures.settled_fen, figures.platform_fen, figures.anchor_fen), (4_590, 100, 449));
        desk.is_sound().await;
    }
}
