//! What a file is, whatever it is called: encodings, workbooks, archives, and those that are refused.

use super::desk::Desk;
use super::paper::{csv, gb18030, plain_csv, xlsx, zip};
use red_anchor::domain::problem::Problem;
use red_anchor::services::import::{Choice, Mode};
use rust_xlsxwriter::{Format, Workbook};
use std::fmt::Write;

const ORDERS: &str = "
主订单编号|子订单编号|选购商品|商品规格|商品数量|商品ID|商家编码|商品单价|订单应付金额|运费|平台优惠|达人优惠|收件人|收件人手机号|省|详细地址|订单提交时间|支付完成时间|订单完成时间|订单状态|达人ID|售后状态
\t6917490000000000011|\t6917490000000000021|遂川金桔|5斤|1|\t3660|JJ5|¥49.90|44.90|0|-|-|演示甲|13800000000|江西省|某路 1 号|2026-09-01 12:00:00|2026-09-01 12:01:00|-|待发货|\t0|-
\t6917490000000000012|\t6917490000000000022|遂川金桔|5斤|2|\t3660|JJ5|¥49.90|99.80|0|-|-|演示乙|13800000001|广东省|某路 2 号|2026/9/2 8:00|2026/9/2 8:01|-|已发货|\t71|-
";

#[tokio::test]
async fn the_same_table_is_read_from_every_shape_whatever_the_suffix_says() {
    let text = plain_csv(ORDERS);
    let shapes: [(&str, Vec<u8>); 9] = [
        ("utf8-with-mark.csv", csv(ORDERS)),
        ("utf8.csv", text.clone().into_bytes()),
        ("gb18030.csv", gb18030(&text)),
        ("tabs.xls", text.replace('\t', "").replace(',', "\t").into_bytes()),
        ("semicolons.txt", text.replace(',', ";").into_bytes()),
        ("workbook.xlsx", xlsx(&[("说明", "导出说明\n无"), ("订单", ORDERS)])),
        ("workbook.csv", xlsx(&[("订单", ORDERS)])),
        // BIFF8, which nothing here writes: the same table, saved once by another program
        ("workbook.xls", include_bytes!("../../fixtures/files/orders.xls").to_vec()),
        ("packed.zip", zip(&[("__MACOSX/x", b"x".to_vec()), ("订单/1.csv", gb18030(&text))])),
    ];
    for (name, bytes) in shapes {
        let desk = Desk::open("douyin").await;
        let report = desk.try_import(name, &bytes, &Choice::default(), Mode::Commit).await.unwrap();
        assert_eq!((report.tables.len(), report.tables[0].rows, report.taken().new), (1, 2, 2), "{name}");
        assert_eq!(desk.money().await, (14_470, 0, 14_470), "{name}");
    }
}

#[tokio::test]
async fn an_archive_of_several_half_months_is_one_import_and_a_bad_member_is_named() {
    let desk = Desk::open("douyin").await;
    let second = ORDERS.replace("00000000001", "00000000003").replace("00000000002", "00000000004");
    let bytes = zip(&[("1.csv", csv(ORDERS)), ("2.xlsx", xlsx(&[("a", &second)])), ("说明.pdf", b"%PDF\0\0".to_vec())]);
    let report = desk.try_import("半月.zip", &bytes, &Choice::default(), Mode::Commit).await.unwrap();
    assert_eq!((report.tables.len(), report.taken().new, report.skipped.len()), (2, 4, 1));
    assert!(matches!(&report.skipped[0], Problem::NotText { path } if path.contains("说明.pdf")));
}

#[tokio::test]
async fn the_headings_may_stand_under_notes_and_over_a_template_row_and_totals() {
    let desk = Desk::open("pinduoduo").await;
    let table = "
导出说明：仅供参考
商品|订单号|订单状态|商品总价(元)|邮费(元)|店铺优惠折扣(元)|平台优惠折扣(元)|多多支付立减金额(元)|用户实付金额(元)|商品数量(件)|商品id|样式ID|售后状态|订单成交时间
示例商品|示例|文字|数字|数字|数字|数字|数字|数字|数字|数字|数字|文字|时间
金桔|260901-000000000000011|待发货|49.90|0.00|0.00|0.00|0.00|49.90|1|77|88|无售后或售后取消|2026-09-01 10:00:00
合计||||||||49.90|1||||
";
    let report = desk.import("orders_export.xlsx", xlsx(&[("a", table)])).await;
    assert_eq!((report.rows, report.taken.new, report.rejected_count), (1, 1, 0));
    assert_eq!(desk.money().await.0, 4_990);
}

#[tokio::test]
async fn a_number_that_a_spreadsheet_ruined_sets_its_row_aside_and_no_other() {
    let desk = Desk::open("douyin").await;
    let bytes = csv(&ORDERS.replace("\t6917490000000000011|", "6.91749E+18|"));
    let report = desk.import("a.csv", bytes).await;
    assert_eq!((report.taken.new, report.rejected_count, report.rows), (1, 1, 2));
    assert!(report.rejected[0].reason.contains("6.91749E+18") && report.rejected[0].record_no.contains("第 2 行"));
    // rounded to fifteen digits in a workbook's text
    let report = desk.import("b.csv", csv(&ORDERS.replace("6917490000000000011", "6917490000000010000"))).await;
    assert_eq!((report.taken.new, report.rejected_count), (0, 1));
}

#[tokio::test]
async fn a_numeric_id_of_a_workbook_has_lost_its_digits_and_dates_are_dates() {
    let desk = Desk::open("taobao").await;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let headings = ["订单编号", "总金额", "买家实际支付金额", "收货地址", "订单创建时间", "订单付款时间", "退款金额"];
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string(0, column, heading).unwrap();
    }
    let dated = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (row, id) in [(1, 6_917_490_000_000_000_000.0), (2, 123_456.0)] {
        sheet.write_number(row, 0, id).unwrap();
        sheet.write_number(row, 1, 38.1).unwrap();
        sheet.write_number(row, 2, 30.1).unwrap();
        sheet.write_string(row, 3, "江西省吉安市某路").unwrap();
        sheet.write_number_with_format(row, 4, 46_266.5, &dated).unwrap();
        sheet.write_number(row, 5, 46_266.5).unwrap();
        sheet.write_number(row, 6, 8).unwrap();
    }
    let report = desk.import("a.xlsx", workbook.save_to_buffer().unwrap()).await;
    assert_eq!((report.taken.new, report.rejected_count), (1, 1), "{report:?}");
    assert_eq!(desk.figures_on("2026-09-01").await.gmv_fen, 3_810);
    assert_eq!(desk.money().await, (3_810, 800, 3_010));
    assert!(desk.evidence("123456").await.contains("江西省") && !desk.evidence("123456").await.contains("某路"));
}

#[tokio::test]
async fn what_cannot_be_read_says_what_to_do() {
    let desk = Desk::open("douyin").await;
    let packed = zip(&[("1.csv", csv(ORDERS))]);
    let cut = &packed[..packed.len() / 2];
    assert!(matches!(desk.refused("cut.zip", cut).await, Problem::BrokenFile { .. }));
    let nested = zip(&[("inner.zip", packed)]);
    assert!(matches!(desk.refused("nested.zip", nested).await, Problem::ArchiveInArchive { .. }));
    let page = b"<html><table><tr><td>1</td></tr></table></html>";
    assert!(matches!(desk.refused("page.xls", page).await, Problem::WebPageFile { .. }));
    assert!(matches!(desk.refused("picture.csv", b"GIF89a\0\0\0").await, Problem::NotText { .. }));
    assert!(matches!(desk.refused("empty.csv", b"").await, Problem::NoRows { .. }));
    let headings: String = ORDERS.lines().take(2).collect();
    assert!(matches!(desk.refused("headings.csv", csv(&headings)).await, Problem::NoRows { .. }));
}

/// An old-style container whose directory names the stream an encrypted workbook has.
#[tokio::test]
async fn a_workbook_or_an_archive_under_a_password_is_said_to_be_locked() {
    let desk = Desk::open("douyin").await;
    let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    locked.resize(1_024, 0);
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(matches!(desk.refused("订单.xlsx", locked).await, Problem::LockedFile { .. }));
    let mut packed = zip(&[("1.csv", csv(ORDERS))]);
    // the flag that says a member is encrypted, in its own header and in the directory
    let directory = packed.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    packed[6] |= 1;
    packed[directory + 8] |= 1;
    assert!(matches!(desk.refused("订单.zip", packed).await, Problem::LockedFile { .. }));
}

#[tokio::test]
async fn a_file_whose_headings_nobody_knows_names_what_was_seen_and_what_comes_nearest() {
    let desk = Desk::open("douyin").await;
    let unknown = csv("主订单编号|子订单编号|应付|状态\n1|2|3|4");
    let Problem::UnknownFile { seen, nearest, .. } = desk.refused("x.csv", unknown).await else { panic!("unknown") };
    assert!(
        seen.contains("应付") && nearest.contains("douyin-orders") && nearest.contains("订单应付金额"),
        "{nearest}"
    );
    // of another platform than the shop's
    let desk = Desk::open("kuaishou").await;
    assert!(matches!(desk.refused("x.csv", csv(ORDERS)).await, Problem::OtherPlatformFile { .. }));
}

#[tokio::test]
async fn a_file_of_another_kind_than_asked_for_says_which_command_takes_it() {
    let desk = Desk::open("douyin").await;
    let choice = Choice { kind: Some(red_anchor::ingest::files::Kind::Settlements), ..Choice::default() };
    let error = desk.try_import("x.csv", &csv(ORDERS), &choice, Mode::Commit).await.unwrap_err();
    let problem = error.downcast::<Problem>().unwrap();
    assert!(matches!(problem, Problem::OtherKindFile { command, .. } if command == "orders"));
}

#[tokio::test]
async fn a_preview_says_what_would_change_and_changes_nothing() {
    let desk = Desk::open("douyin").await;
    let report = desk.try_import("a.csv", &csv(ORDERS), &Choice::default(), Mode::Preview).await.unwrap();
    assert_eq!((report.taken().new, report.tables[0].sums.paid_fen), (2, 14_470));
    assert_eq!(desk.figures().await.gmv_fen, 0);
    desk.import("a.csv", csv(ORDERS)).await;
    let again = desk.try_import("a.csv", &csv(ORDERS), &Choice::default(), Mode::Preview).await.unwrap();
    assert_eq!((again.taken().new, again.taken().changed, again.taken().unchanged), (0, 0, 2));
}

#[tokio::test]
async fn nothing_of_a_buyer_but_the_province_is_kept() {
    let desk = Desk::open("douyin").await;
    desk.import("a.csv", csv(ORDERS)).await;
    let kept = desk.evidence("6917490000000000011").await;
    assert!(kept.contains("江西省") && kept.contains("¥49.90"));
    for personal in ["演示甲", "13800000000", "某路"] {
        assert!(!kept.contains(personal), "{personal}");
    }
}

/// More than one batch, with an order whose rows stand far apart.
#[tokio::test]
async fn rows_of_one_order_that_do_not_stand_together_are_one_order() {
    let desk = Desk::open("wechat_channels").await;
    let mut text = String::from(
        "订单号,订单状态,订单下单时间,支付时间,商品名称,SKU编码(自定义),商品数量,商品价格(单件),商品实际价格(总共),订单实际支付金额,订单运费\n",
    );
    text.push_str("900,待发货,2026-09-01 10:00:00,2026-09-01 10:00:00,金桔,A,1,10,10,36,6\n");
    for n in 0..2_500 {
        writeln!(text, "{n},待发货,2026-09-01 09:00:00,2026-09-01 09:00:00,金桔,A,1,10,10,10,0").unwrap();
    }
    let text = text.replacen("\n900,待发货,2026-09-01 09", "\n900000,待发货,2026-09-01 09", 1);
    let text = format!("{text}900,待发货,2026-09-01 10:00:00,2026-09-01 10:00:00,茶,B,1,20,20,36,6\n");
    let report = desk.import("a.csv", text.as_bytes()).await;
    assert_eq!((report.rows, report.taken.new), (2_502, 2_501));
    assert_eq!(desk.money().await.0, 2_500 * 1_000 + 3_600);
    let again = desk.import("a.csv", text.as_bytes()).await;
    assert_eq!((again.taken.new, again.taken.changed, again.taken.unchanged), (0, 0, 2_501));
    desk.is_sound().await;
}
