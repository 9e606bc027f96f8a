//! Statements: what is a sale, what is none, signs, and rows that come before their order.

use super::desk::{Desk, day};
use super::paper::{csv, xlsx};
use red_anchor::domain::problem::Problem;
use red_anchor::store::orders;

const DOUYIN_ORDER: &str = "
主订单编号|子订单编号|选购商品|商品数量|商品ID|商品单价|订单应付金额|运费|订单提交时间|支付完成时间|订单状态|售后状态
501|601|金桔|1|p|28.90|28.90|0|2026-09-01 12:00:00|2026-09-01 12:01:00|已完成|-
";

/// A real export's shape: a template row under the headings, ids behind an apostrophe, two rows for an order, a
/// withdrawal, a compensation.
const DOUYIN: &str = "
动账时间|动帐流水号|动账方向|动账金额|动账场景|子订单号|订单号|订单实付应结|运费实付|实际平台补贴|政府补贴平台垫资|订单退款|平台服务费|佣金|招商服务费
 | | |收入+支出| | | |实付|运费|补贴|补贴|退款|费用|费用|费用
2026-09-20 03:00:00|'1|入账|27.62|货款结算入账|'601|'501|28.90|0.00|0.81|1.00|0.00|-0.09|-2.00|-1.00
2026-09-22 03:00:00|'2|出账|-26.78|结算后退款-非原路退回|'601|'501|0.00|0.00|0.00|-1.00|-27.78|0.00|2.00|0.00
2026-09-23 03:00:00|'3|出账|-500.00|提现|-|-|0|0|0|0|0|0|0|0
2026-09-24 03:00:00|'4|出账|3.00|消费者赔付|'601|'501|0|0|0|0|0|0|0|0
2026-09-24 04:00:00|'5|入账|9.00|天降之财|'601|'501|0|0|0|0|0|0|0|0
";

#[tokio::test]
async fn douyin_statements_settle_reverse_compensate_and_withdraw() {
    let desk = Desk::open("douyin").await;
    desk.import("o.csv", csv(DOUYIN_ORDER)).await;
    let report = desk.import("动账.csv", csv(DOUYIN)).await;
    assert_eq!((report.rows, report.taken.new, report.no_sale, report.rejected_count), (5, 3, 1, 1));
    assert!(report.rejected[0].reason.contains("天降之财"));
    let rows = orders::list_settlements(&mut desk.read().await, 1, &["file:1", "file:2"]).await.unwrap();
    let parts = |no: &str| {
        let row = rows.iter().find(|r| r.statement_no == no).unwrap();
        (row.goods_fen, row.subsidy_fen, row.refund_fen, row.platform_fen, row.anchor_fen)
    };
    // fees are written negative; the government's money is in no figure
    assert_eq!(parts("file:1"), (2_890, 81, 0, 109, 200));
    assert_eq!(parts("file:2"), (0, 0, 2_778, 0, -200));
    let figures = desk.figures().await;
    assert_eq!((figures.anchor_fen, figures.loss_fen), (0, 300));
    assert_eq!(desk.figures_on("2026-09-24").await.loss_fen, 300);
    let again = desk.import("动账.csv", csv(DOUYIN)).await;
    assert_eq!((again.taken.new, again.taken.changed, again.taken.unchanged), (0, 0, 3));
    assert!(desk.evidence("501").await.contains("消费者赔付"));
    desk.is_sound().await;
}

#[tokio::test]
async fn a_statement_loaded_before_its_orders_waits_for_them_compensation_too() {
    let desk = Desk::open("douyin").await;
    desk.import("动账.csv", csv(DOUYIN)).await;
    assert_eq!(desk.figures().await.loss_fen, 0);
    desk.import("o.csv", csv(DOUYIN_ORDER)).await;
    let figures = desk.figures().await;
    assert_eq!((figures.loss_fen, figures.anchor_fen), (300, 0));
    desk.is_sound().await;
}

#[tokio::test]
async fn a_row_whose_parts_do_not_add_up_is_set_aside() {
    let desk = Desk::open("douyin").await;
    desk.import("o.csv", csv(DOUYIN_ORDER)).await;
    let report = desk.import("动账.csv", csv(&DOUYIN.replace("27.62", "27.63"))).await;
    assert_eq!((report.taken.new, report.rejected_count), (2, 2));
    assert!(report.rejected[0].reason.contains("27.63 元"));
}

#[tokio::test]
async fn fees_may_be_stated_positive_and_a_statement_may_know_only_the_order() {
    let desk = Desk::open("kuaishou").await;
    let orders = "
订单号|订单创建时间|订单支付时间|订单状态|实付款|快递费|平台补贴|主播补贴|成交数量|商品名称|商品ID|商品单价
K1|2026-09-01 12:00:00|2026-09-01 12:01:00|交易成功|¥44.90|0|¥3.00|¥2.00|1|金桔|p|¥49.90
";
    desk.import("订单.xlsx", xlsx(&[("a", orders)])).await;
    let statement = "
商家ID|订单号|商品ID|订单实付(元)|平台补贴|达人补贴|合计收入(元)|订单退款(元)|技术服务费(元)|达人佣金(元)|合计支出(元)|实际结算金额(元)|实际结算时间
9|K1|p|44.90|3.00|2.00|49.90|0.00|0.90|4.49|5.39|44.51|2026-09-20 10:00:00
";
    let report = desk.import("结算.xlsx", xlsx(&[("GMV", statement)])).await;
    assert_eq!((report.taken.new, report.sums.settled_fen), (1, 4_451));
    let figures = desk.figures().await;
    assert_eq!((figures.settled_fen, figures.platform_fen, figures.anchor_fen), (4_490, 90, 449));
    assert_eq!(desk.figures_on("2026-09-20").await.settled_fen, 4_490);
    desk.is_sound().await;
}

#[tokio::test]
async fn pinduoduo_bills_name_their_parts_by_code_and_words_and_rows_alike_are_two() {
    let desk = Desk::open("pinduoduo").await;
    let orders = "
商品|订单号|订单状态|商品总价(元)|邮费(元)|用户实付金额(元)|商品数量(件)|商品id|样式ID|售后状态|支付时间
金桔|260901-1|已收货|49.90|0|49.90|1|7|8|无售后或售后取消|2026-09-01 10:00:00
";
    desk.import("orders_export.csv", csv(orders)).await;
    let bill = "
商户订单号|发生时间|收入金额（+元）|支出金额（-元）|账务类型|备注|业务描述
260901-1|2026-09-10 10:00:00|49.90|0.00|交易收入|-|0010002|交易收入-订单收入
260901-1|2026-09-10 10:00:00|0.00|-0.30|技术服务费|-|0030002|技术服务费-基础技术服务费
260901-1|2026-09-10 10:00:00|0.00|-2.00|其他|-|0060001|营销费用-多多进宝
260901-1|2026-09-12 10:00:00|0.00|-1.50|其他|-|0080001|小额打款
260901-1|2026-09-12 10:00:00|0.00|-1.50|其他|-|0080001|小额打款
|2026-09-13 10:00:00|0.00|-100.00|提现|-|0090001|提现
";
    // the description has a bar of its own
    let quoted = bill
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.splitn(7, '|').collect();
            cells.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(",")
        })
        .filter(|line| line.len() > 4)
        .collect::<Vec<_>>()
        .join("\n");
    let report = desk.import("账务明细.csv", &quoted).await;
    assert_eq!((report.taken.new, report.no_sale, report.rejected_count), (5, 1, 0), "{report:?}");
    let figures = desk.figures().await;
    assert_eq!((figures.platform_fen, figures.anchor_fen, figures.loss_fen), (30, 200, 300));
    assert_eq!(figures.settled_fen, 4_990);
    let again = desk.import("账务明细.csv", &quoted).await;
    assert_eq!((again.taken.new, again.taken.unchanged), (0, 5));
    desk.is_sound().await;
}

#[tokio::test]
async fn xiaohongshu_settles_a_sale_and_its_return_and_small_payments_are_losses() {
    let desk = Desk::open("xiaohongshu").await;
    let orders = "
订单号|订单状态|售后状态|规格ID|SKU名称|SKU件数|商品总价(元)|用户应付金额(元)|平台优惠(元)|店铺优惠(元)|支付时间|订单创建时间
P1|已完成|无售后|s1|金桔|1|49.90|49.90|0|0|2026-09-01 12:01:00|2026-09-01 12:00:00
";
    desk.import("订单.xlsx", xlsx(&[("a", orders)])).await;
    let settled = "
订单号|售后单号|下单时间|结算时间|交易类型|动账金额|计佣基数|商品实付/实退|运费实付/实退|平台优惠补贴|佣金|分销佣金|备注
P1||2026-09-01 12:00:00|2026-09-15 12:00:00|结算入账|42.41|49.90|49.90|0|0|-2.50|-4.99|
P1|R1|2026-09-01 12:00:00|2026-09-18 12:00:00|退款|-9.00|-10|-10.00|0|0|0.00|1.00|
";
    let others = "
业务款项|订单号|业务单据号|结算时间|结算账户|交易类型|动账金额|备注
小额打款|P1|D1|2026-09-19 12:00:00|余额|支出|-2.00|
";
    let report = desk
        .try_import(
            "结算.xlsx",
            &xlsx(&[("货款", settled), ("其他", others)]),
            &red_anchor::services::import::Choice::default(),
            red_anchor::services::import::Mode::Commit,
        )
        .await
        .unwrap();
    assert_eq!((report.tables.len(), report.taken().new, report.skipped.len()), (2, 3, 0));
    let figures = desk.figures().await;
    assert_eq!((figures.loss_fen, figures.anchor_fen, figures.platform_fen), (200, 399, 250));
    desk.is_sound().await;
}

#[tokio::test]
async fn after_sales_state_what_went_back_and_when() {
    let desk = Desk::open("douyin").await;
    desk.import("o.csv", csv(DOUYIN_ORDER)).await;
    let table = "
售后单号|订单号|商品单号|售后类型|售后状态|退款金额(元)|申请时间|退款成功时间|售后原因
901|501|601|仅退款|退款成功|8.00|2026-09-03 10:00:00|2026-09-04 10:00:00|坏果
902|501|601|仅退款|待商家处理|20.00|2026-09-05 10:00:00|-|坏果
903|501|601|仅退款|飞走了|1.00|2026-09-05 10:00:00|-|坏果
";
    let report = desk.import("售后.csv", csv(table)).await;
    assert_eq!((report.profile.name.as_str(), report.taken.new), ("douyin-after-sales", 3));
    assert_eq!(report.unknown_words.keys().collect::<Vec<_>>(), ["飞走了"]);
    assert_eq!(desk.money().await, (2_890, 800, 2_090));
    assert_eq!(desk.figures_on("2026-09-04").await.refund_fen, 800);
    let refunds = orders::list_refunds(&mut desk.read().await, 1, &["901"]).await.unwrap();
    assert_eq!((refunds[0].refunded_on, refunds[0].day_inferred), (Some(day("2026-09-04")), false));
    desk.is_sound().await;
}

#[tokio::test]
async fn a_statement_without_a_usable_row_is_refused() {
    let desk = Desk::open("douyin").await;
    let only: String = DOUYIN
        .lines()
        .filter(|l| !l.contains("'1") && !l.contains("'2") && !l.contains("'3") && !l.contains("'4"))
        .fold(String::new(), |all, line| all + line + "\n");
    assert!(
        matches!(desk.refused("动账.csv", csv(&only)).await, Problem::AllRowsBad { first, .. } if first.contains("天降之财"))
    );
}
