//! Order exports of each platform and what is treacherous about them.

use super::desk::{Desk, day};
use super::paper::{csv, gb18030, plain_csv, xlsx};
use red_anchor::store::orders;

fn douyin(rows: &str) -> Vec<u8> {
    csv(&format!(
        "主订单编号|子订单编号|选购商品|商品数量|商品ID|商家编码|商品单价|订单应付金额|运费|平台实际承担优惠金额|达人实际承担优惠金额|支付优惠|\
         订单提交时间|支付完成时间|订单完成时间|发货时间|订单状态|售后状态|达人ID\n{rows}"
    ))
}

#[tokio::test]
async fn douyin_has_a_row_for_each_sub_order_and_the_order_is_their_sum() {
    let desk = Desk::open("douyin").await;
    let report = desk
        .import(
            "1788235200_订单.csv",
            douyin(
                "101|201|金桔|1|p1|A|49.90|45.90|6|3|2|1|2026-09-01 12:00:00|2026-09-01 12:01:00|-|-|待发货|-|-\n\
                 101|202|茶|2|p2|B|100|200|0|0|0|0|2026-09-01 12:00:00|2026-09-01 12:01:00|-|-|待发货|-|-",
            ),
        )
        .await;
    assert_eq!((report.rows, report.taken.new), (2, 1));
    assert_eq!(report.known_at.timestamp(), 1_788_235_200);
    assert_eq!(desk.line_nos().await, ["201", "202"]);
    // 49.90 − shop 5 − platform 3 − anchor 2 − channel 1 = 38.90, freight 6, tea 200
    let figures = desk.figures().await;
    assert_eq!((figures.gmv_fen, figures.subsidy_fen, figures.orders_paid), (3_890 + 600 + 20_000, 600, 1));
    desk.is_sound().await;
}

#[tokio::test]
async fn a_sale_that_is_complete_and_refunded_is_a_sale_that_was_given_back() {
    let desk = Desk::open("douyin").await;
    let times = "2026-09-01 12:00:00|2026-09-01 12:01:00|2026-09-10 12:00:00|2026-09-02 12:00:00";
    desk.import(
        "a.csv",
        douyin(&format!(
            "1|11|金桔|1|p|A|40|40|0|0|0|0|{times}|已完成|退款成功|-\n2|21|金桔|1|p|A|40|40|0|0|0|0|{times}|已完成|-|-"
        )),
    )
    .await;
    assert_eq!(desk.money().await, (8_000, 4_000, 4_000));
    assert_eq!(desk.figures().await.orders_refunded, 1);
    desk.is_sound().await;
}

#[tokio::test]
async fn a_closed_order_that_was_paid_has_been_given_back_freight_and_all() {
    let desk = Desk::open("douyin").await;
    let row = |no: &str, paid: &str| {
        format!("{no}|{no}1|金桔|1|p|A|40|46|6|0|0|0|2026-09-01 12:00:00|{paid}|-|-|已关闭|-|-\n")
    };
    desk.import("a.csv", douyin(&(row("1", "2026-09-01 12:01:00") + &row("2", "-")))).await;
    // the second was closed before anybody paid
    assert_eq!(desk.money().await, (4_600, 4_600, 0));
    assert_eq!(desk.figures().await.orders_unpaid, 1);
    desk.is_sound().await;
}

#[tokio::test]
async fn an_unpaid_order_is_in_no_amount_whatever_its_times_say() {
    let desk = Desk::open("douyin").await;
    let row = "1|11|金桔|1|p|A|40|40|0|0|0|0|2026-09-01 12:00:00|2026-09-01 12:01:00|-|-|待支付|-|-";
    let report = desk.import("a.csv", douyin(row)).await;
    assert_eq!((report.sums.paid_fen, report.sums.unpaid_fen), (0, 4_000));
    assert_eq!(desk.money().await, (0, 0, 0));
    assert_eq!(desk.figures().await.orders_unpaid, 1);
}

#[tokio::test]
async fn a_word_nobody_knows_is_counted_and_pending_never_success() {
    let desk = Desk::open("douyin").await;
    let times = "2026-09-01 12:00:00|2026-09-01 12:01:00|2026-09-10 12:00:00|-";
    let report = desk
        .import(
            "a.csv",
            douyin(&format!(
                "1|11|金桔|1|p|A|40|40|0|0|0|0|{times}|冻结|-|-\n2|21|金桔|1|p|A|40|40|0|0|0|0|{times}|已完成|仲裁中|-"
            )),
        )
        .await;
    assert_eq!(report.unknown_words.keys().collect::<Vec<_>>(), ["仲裁中", "冻结"]);
    let order = desk.order("1").await;
    assert_eq!((order.status.as_str(), order.platform_status.as_str(), order.completed_on), ("unknown", "冻结", None));
    let refunds = orders::list_refunds(&mut desk.read().await, 1, &["21#total"]).await.unwrap();
    assert!(refunds[0].status == "pending" && refunds[0].status_unknown && refunds[0].refund_fen == 0);
    assert_eq!(desk.money().await.1, 0);
}

#[tokio::test]
async fn a_row_that_does_not_add_up_sets_its_whole_order_aside() {
    let desk = Desk::open("douyin").await;
    let times = "2026-09-01 12:00:00|2026-09-01 12:01:00|-|-";
    let report = desk
        .import(
            "a.csv",
            douyin(&format!(
                "1|11|金桔|1|p|A|40|40|0|0|0|0|{times}|待发货|-|-\n1|12|茶|1|p|B|10|40|0|0|0|0|{times}|待发货|-|-\n\
                 2|21|金桔|1|p|A|40|30%|0|0|0|0|{times}|待发货|-|-\n3|31|金桔|1|p|A|40|40|0|0|0|0|{times}|待发货|-|-"
            )),
        )
        .await;
    assert_eq!((report.taken.new, report.rejected_count, report.rows), (1, 3, 4));
    assert_eq!(desk.money().await.0, 4_000);
}

#[tokio::test]
async fn wechat_repeats_the_orders_money_on_each_row_and_it_counts_once() {
    let desk = Desk::open("wechat_channels").await;
    let table = "
订单号|订单下单时间|订单发货时间|订单确认收货时间|订单状态|订单实际支付金额|订单运费|支付时间|商品名称|商品编码(平台)|SKU编码(自定义)|商品价格(单件)|商品实际价格(总共)|商品数量|商品平台券优惠|商品已退款金额|收件人姓名|省
3700|2026-09-01 12:00:00|2026-09-02 12:00:00|2026-09-05 12:00:00|已完成|￥1,105.80|6|2026-09-01 12:00:30|金桔|p1|A|￥50.00|￥99.80|2|0|￥10.00|演示甲|江西省
3700|2026-09-01 12:00:00|2026-09-02 12:00:00|2026-09-05 12:00:00|已完成|￥1,105.80|6|2026-09-01 12:00:30|茶|p2|B|￥1,005.00|￥1,000.00|1|5|0|演示甲|江西省
3701|2026-09-02 12:00:00|-|-|待付款|￥50.00|0|-|金桔|p1|A|￥50.00|￥50.00|1|0|0|演示乙|江西省
";
    let report = desk.import("订单.xlsx", xlsx(&[("Sheet1", table)])).await;
    assert_eq!((report.taken.new, report.rejected_count), (2, 0), "{report:?}");
    let figures = desk.figures().await;
    assert_eq!((figures.gmv_fen, figures.subsidy_fen, figures.refund_fen), (110_580, 500, 1_000));
    assert_eq!(desk.line_nos().await, ["3700#A#order", "3700#B#order", "3701#A#order"]);
    assert!(!desk.evidence("3700").await.contains("演示甲"));
    desk.is_sound().await;
}

#[tokio::test]
async fn an_orders_money_on_its_first_row_only_counts_once_too() {
    let desk = Desk::open("wechat_channels").await;
    let table = "
订单号|订单下单时间|支付时间|订单状态|订单实际支付金额|订单运费|商品名称|商品价格(单件)|商品实际价格(总共)|商品数量
3700|2026-09-01 12:00:00|2026-09-01 12:00:30|待发货|36.00|6.00|金桔|10|10|1
3700|2026-09-01 12:00:00|2026-09-01 12:00:30|待发货|||茶|20|20|1
3701|2026-09-01 12:00:00|2026-09-01 12:00:30|待发货|28.00|0|金桔|10|10|1
3701|2026-09-01 12:00:00|2026-09-01 12:00:30|待发货|28.00|0|茶|20|20|1
";
    desk.import("订单.xlsx", xlsx(&[("Sheet1", table)])).await;
    // of the second order 2 yuan were a coupon known only for the whole of it
    assert_eq!(desk.money().await.0, 3_600 + 2_800);
    assert_eq!(desk.order("3701").await.shop_coupon_fen, 200);
}

#[tokio::test]
async fn kuaishou_sells_one_thing_an_order_and_words_its_way() {
    let desk = Desk::open("kuaishou").await;
    let table = "
订单号|订单创建时间|订单支付时间|订单状态|实付款|快递费|店铺优惠|平台补贴|主播补贴|支付优惠|成交数量|售后状态|商品名称|商品ID|SKU编码|商品单价|CPS达人ID|发货时间|收货人姓名|收货人电话
2401|2023/1/1 1:01:01|2023/1/1 1:01:31|交易成功|¥1,299.90|--|¥50.00|¥30.00|¥20.00|—|14|无售后|金桔|p1|k1|¥99.99285|/|2023/1/2 1:01:01|演示|13800000000
2402|2023/1/1 1:01:01|2023/1/1 1:01:31|交易成功|¥45.90|¥6.00|¥5.00|¥3.00|¥2.00|—|1|无售后|金桔|p1|k1|¥49.90|900|2023/1/2 1:01:01|演示|13800000000
2403|2023/1/2 1:01:01|--|待付款|¥49.90|--|--|--|--|--|1|--|金桔|p1|k1|¥49.90|--|--|演示|13800000000
";
    let report = desk.import("订单.xlsx", xlsx(&[("订单", table)])).await;
    // a price of more than two decimals is no price
    assert_eq!((report.taken.new, report.rejected_count), (2, 1));
    let figures = desk.figures().await;
    assert_eq!((figures.gmv_fen, figures.subsidy_fen, figures.orders_unpaid), (4_590, 500, 1));
    assert_eq!(desk.line_nos().await, ["2402#order", "2403#order"]);
    desk.is_sound().await;
}

#[tokio::test]
async fn pinduoduo_takes_the_day_from_the_order_number_where_the_time_is_blank() {
    let desk = Desk::open("pinduoduo").await;
    let table = "
商品|订单号|订单状态|商品总价(元)|邮费(元)|店铺优惠折扣(元)|平台优惠折扣(元)|多多支付立减金额(元)|用户实付金额(元)|商家实收金额(元)|商品数量(件)|发货时间|确认收货时间|商品id|样式ID|售后状态|支付时间|省
金桔|260901-111111111111111|已发货，待收货|49.90|0.00|5.00|3.00|1.00|40.90|44.90|1|||77|88|无售后或售后取消||****
金桔|260902-222222222222222|已收货|49.90|6.00|0.00|0.00|0.00|55.90|55.90|1|2026-09-03 10:00:00|2026-09-06 10:00:00|77|88|退款成功|2026-09-02 10:00:00|****
金桔|260903-333333333333333|待支付|49.90|0.00|0.00|0.00|0.00|49.90|49.90|1|||77|88|||****
";
    desk.import("orders_export.csv", gb18030(&plain_csv(table))).await;
    assert_eq!(desk.order("260901-111111111111111").await.paid_on, Some(day("2026-09-01")));
    assert_eq!(desk.order("260903-333333333333333").await.paid_on, None);
    let figures = desk.figures().await;
    // the freight of goods that had left stays paid
    assert_eq!((figures.gmv_fen, figures.subsidy_fen, figures.refund_fen), (4_090 + 5_590, 400, 4_990));
    assert_eq!((figures.orders_unpaid, figures.orders_refunded), (1, 1));
    desk.is_sound().await;
}

#[tokio::test]
async fn xiaohongshu_mixes_brackets_repeats_freight_and_gives_gifts() {
    let desk = Desk::open("xiaohongshu").await;
    let table = "
订单号|订单状态|售后状态|规格ID|SKU名称|SKU件数|是否为赠品|商品总价（元）|用户应付金额(元)|平台优惠(元)|店铺优惠(元)|商家应收金额(元)（支付金额）|支付时间|包裹总运费(元)|订单创建时间|订单发货时间|订单完成时间|达人ID|用户编号|省
P1|已完成|无售后|s1|金桔|1|否|49.90|44.90|3.00|2.00|47.90|2026-09-01 12:01:00|8|2026-09-01 12:00:00|2026-09-02 12:00:00|2026-09-07 12:00:00|-|u1|江西
P1|已完成|售后完成|s2|茶|1|否|100.00|100.00|0|0|100.00|2026-09-01 12:01:00|8|2026-09-01 12:00:00|2026-09-02 12:00:00|2026-09-07 12:00:00|-|u1|江西
P1|已完成|无售后|s3|小样|1|是|9.90|0|0|0|0|2026-09-01 12:01:00|8|2026-09-01 12:00:00|2026-09-02 12:00:00|2026-09-07 12:00:00|-|u1|江西
";
    let report = desk.import("订单.xlsx", xlsx(&[("a", table)])).await;
    assert_eq!(report.rejected_count, 0, "{report:?}");
    let figures = desk.figures().await;
    assert_eq!((figures.gmv_fen, figures.subsidy_fen, figures.refund_fen), (4_490 + 10_000 + 800, 300, 10_000));
    assert_eq!(figures.lines, 3);
    let kept = desk.evidence("P1").await;
    assert!(!kept.contains("u1"), "a buyer's number is hashed: {kept}");
    desk.is_sound().await;
}

const TAOBAO_LEGACY: &str = "
订单编号|买家会员名|买家应付货款|买家应付邮费|总金额|买家实际支付金额|订单状态|收货人姓名|收货地址 |联系手机|订单创建时间|订单付款时间 |宝贝标题|宝贝总数量|订单关闭原因
=\"1001\"|演示|120.00|8.00|128.00|128.00|交易成功|演示|江西省 吉安市 某路|'13800000000|2026-09-01 10:00:00|2026-09-01 10:05:00|金桔，茶|3|订单未关闭
=\"1002\"|演示|40.00|0.00|40.00|0.00|等待买家付款|演示|江西省 吉安市 某路|'13800000000|2026-09-01 11:00:00||金桔|1|null
";

const TAOBAO_LINES: &str = "
订单编号|标题|价格|购买数量|外部系统编号|商品属性|套餐信息|备注|订单状态|商家编码
=\"1001\"|金桔|35.00|2|A|5斤|||交易成功|A
=\"1001\"|茶|60.00|1|B|250克|||交易成功|B
=\"1009\"|茶|60.00|1|B|250克|||交易成功|B
";

#[tokio::test]
async fn taobao_old_reports_of_orders_and_of_goods_complete_one_another() {
    let desk = Desk::open("taobao").await;
    let report = desk.import("ExportOrderList.csv", gb18030(&plain_csv(TAOBAO_LEGACY))).await;
    assert_eq!((report.profile.name.as_str(), report.taken.new), ("taobao-orders-legacy", 2));
    assert_eq!((desk.money().await.0, desk.figures().await.orders_unpaid), (12_800, 1));
    let report = desk.import("ExportOrderDetailList.csv", gb18030(&plain_csv(TAOBAO_LINES))).await;
    // the report of goods has no time: an order nobody knows yet cannot be placed
    assert_eq!((report.taken.changed, report.rejected_count), (1, 1));
    assert!(report.rejected[0].reason.contains("订单报表"));
    assert_eq!(desk.line_nos().await, ["1001#A#order", "1001#B#order", "1002#order"]);
    // list prices of 130 for goods of 120: ten were a coupon of the order
    assert_eq!((desk.money().await.0, desk.order("1001").await.shop_coupon_fen), (12_800, 1_000));
    // the report of orders again, newer, changes nothing of it
    let newer = TAOBAO_LEGACY.replace("null", "订单未关闭").replace("2026-09-01 11", "2026-09-01 12");
    desk.import("ExportOrderList2.csv", gb18030(&plain_csv(&newer))).await;
    assert_eq!(desk.line_nos().await, ["1001#A#order", "1001#B#order", "1002#order"]);
    assert_eq!(desk.money().await.0, 12_800);
    desk.is_sound().await;
}

#[tokio::test]
async fn taobao_writes_words_where_an_amount_would_stand_and_commas_of_either_width() {
    let desk = Desk::open("taobao").await;
    let head = "子订单编号|主订单编号|商品标题|商品价格|购买数量|商品属性|商家编码|订单状态|商品ID|买家应付货款|买家实付金额|退款状态|退款金额|发货时间|订单创建时间|订单付款时间\n";
    let table = format!(
        "{head}21|1001|金桔|40.00|1|商品规格:5斤|A|买家已付款,等待卖家发货|p|40.00元|40.00|没有申请退款|无退款申请||2026-09-01 10:00:00|2026-09-01 10:05:00\n\
         22|1002|金桔|40.00|1|商品规格:5斤|A|买家已付款，等待卖家发货|p|40.00元|40.00|退款成功|15.00||2026-09-01 10:00:00|2026-09-01 10:05:00\n\
         23|1003|金桔|40.00|1|商品规格:5斤|A|卖家已发货, 等待买家确认|p|40.00元|40.00|退款成功|若干||2026-09-01 10:00:00|2026-09-01 10:05:00\n"
    );
    let report = desk.import("子订单.xlsx", xlsx(&[("a", &table)])).await;
    assert_eq!((report.taken.new, report.rejected_count, report.unknown_words.len()), (2, 1, 0));
    assert_eq!(desk.money().await, (8_000, 1_500, 6_500));
}

#[tokio::test]
async fn the_tmall_reports_paid_amount_is_net_of_refunds_which_are_taken_off_once() {
    let desk = Desk::open("taobao").await;
    let table = "
订单编号|总金额|买家实际支付金额|收货地址 |订单创建时间|订单付款时间 |退款金额
7|38.00|30.00|江西省|2020-02-01 10:00:00|2020-02-01 10:05:00|8.00
8|10|9||2020-02-01 10:00:00|2020-02-01 10:00:00|0
9|10|0||2020-02-01 10:00:00||0
10|10|0||2020-02-31 10:00:00||0
合计|68|39||||
";
    let report = desk.import("report.csv", csv(table)).await;
    // the three amounts of the second do not agree, the day of the last does not exist
    assert_eq!(
        (report.profile.name.as_str(), report.taken.new, report.rejected_count, report.rows),
        ("tmall", 2, 2, 4)
    );
    assert_eq!(desk.money().await, (3_800, 800, 3_000));
    let refunds = orders::list_refunds(&mut desk.read().await, 1, &["7#order#total"]).await.unwrap();
    assert!(refunds[0].day_inferred && refunds[0].refunded_on == Some(day("2020-02-01")));
    desk.is_sound().await;
}
