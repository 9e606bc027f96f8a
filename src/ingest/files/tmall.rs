//! 天猫订单报表: one row an order, the sum of its refunds, the province; no goods, no status, no refund day.
//!
//! The column 买家实际支付金额 is already net of refunds on paid rows (it equals 总金额 − 退款金额), so GMV is 总金额 and
//! refunds are taken off once. A row where the three do not agree is set aside. Each order gets one stand-in line; its
//! refund is a cumulative one, dated to the pay day when it is stored and marked so.

use super::table::{self, Row};
use super::{File, OrderFile, personal};
use crate::domain::calendar::Instant;
use crate::domain::ledger::facts::{Coupons, Outcome};
use crate::domain::money::parse_fen;
use crate::domain::problem::Problem;
use crate::domain::records::{Evidenced, LineRecord, OrderRecord, OrderStatus, RefundRecord, RefundStatus, Rejected};
use crate::ingest::orders::STAND_IN;
use serde::Serialize;

/// Headings read; everything else in the file is never looked at.
const COLUMNS: [&str; 7] =
    ["订单编号", "总金额", "买家实际支付金额", "收货地址", "订单创建时间", "订单付款时间", "退款金额"];
/// Ending of the number of a refund known only as a sum.
const CUMULATIVE: &str = "#total";
/// First cells of rows that sum the others.
const TOTALS: [&str; 3] = ["合计", "总计", "汇总"];

/// A row understood.
struct Sale<'a> {
    order_no: &'a str,
    total_fen: i64,
    refund_fen: i64,
    province: &'a str,
    created_at: Instant,
    paid_at: Option<Instant>,
}

/// The evidence of a row: the columns read, as they stood.
#[derive(Serialize)]
struct Evidence<'a> {
    #[serde(rename = "买家实际支付金额")]
    paid: &'a str,
    #[serde(rename = "总金额")]
    total: &'a str,
    #[serde(rename = "收货地址")]
    province: &'a str,
    #[serde(rename = "订单付款时间")]
    paid_at: &'a str,
    #[serde(rename = "订单创建时间")]
    created_at: &'a str,
    #[serde(rename = "订单编号")]
    order_no: &'a str,
    #[serde(rename = "退款金额")]
    refund: &'a str,
}

/// Reads a report.
pub fn read(file: File<'_>) -> Result<OrderFile, Problem> {
    let table = table::read(file, "tmall", &COLUMNS)?;
    let mut out = OrderFile::default();
    let mut sales = Vec::new();
    for row in table.rows.iter().filter(|r| !TOTALS.contains(&r.cells[0].as_str())) {
        out.rows += 1;
        match sale(row) {
            Ok(sale) => sales.push((sale, evidence(row))),
            Err(reason) => out.rejected.push(Rejected {
                record_no: format!("第 {} 行 / row {}", row.number, row.number),
                reason,
                evidence: evidence(row),
            }),
        }
    }
    let newest = sales.iter().flat_map(|(s, _)| [Some(s.created_at), s.paid_at]).flatten().max();
    out.exported_at = table::exported_at(file.name()).or(newest);
    // without update times a record has its export's
    let Some(updated_at) = out.exported_at else { return Ok(out) };
    for (sale, evidence) in sales {
        out.refunds.extend(refund(&sale, updated_at, &evidence));
        out.orders.push(Evidenced { record: order(&sale, updated_at), evidence });
    }
    Ok(out)
}

fn evidence(row: &Row) -> String {
    let [order_no, total, paid, province, created_at, paid_at, refund] = COLUMNS.map(|_| "");
    let mut cells = [order_no, total, paid, province, created_at, paid_at, refund];
    for (cell, value) in cells.iter_mut().zip(&row.cells) {
        *cell = value;
    }
    // of an address the province, of a cell that is not what its column says nothing
    let [order_no, total, paid, address, created_at, paid_at, refund] = cells;
    let order_no = if personal::is_number_of_a_record(order_no) { order_no } else { personal::kept(order_no) };
    let [total, paid, created_at, paid_at, refund] = [total, paid, created_at, paid_at, refund].map(personal::kept);
    let province = personal::province(address);
    serde_json::to_string(&Evidence { paid, total, province, paid_at, created_at, order_no, refund })
        .expect("text is valid JSON")
}

fn sale(row: &Row) -> Result<Sale<'_>, String> {
    let [order_no, total, paid, address, created_at, paid_at, refund] =
        <&[String; 7]>::try_from(row.cells.as_slice()).map_err(|_| "列数不对 / wrong number of columns".to_owned())?;
    let amount = |name: &str, cell: &str| {
        let wrong = || format!("{name} {} 不是有效金额 / not an amount", personal::quoted(cell));
        parse_fen(cell).filter(|&fen| fen >= 0).ok_or_else(wrong)
    };
    let total_fen = amount("总金额", total)?;
    let paid_fen = amount("买家实际支付金额", paid)?;
    let refund_fen = amount("退款金额", if refund.is_empty() { "0" } else { refund })?;
    let paid_at = table::instant(paid_at)?;
    let created_at = table::instant(created_at)?.ok_or("没有订单创建时间 / no creation time")?;
    if paid_at.is_some() && total_fen - refund_fen != paid_fen {
        return Err(format!(
            "总金额 − 退款金额 ≠ 买家实际支付金额（{} − {} ≠ {}）/ the three amounts do not agree",
            personal::quoted(total),
            personal::quoted(refund),
            personal::quoted(paid)
        ));
    }
    if paid_at.is_none() && refund_fen != 0 {
        return Err("未付款订单却有退款 / a refund on an unpaid order".into());
    }
    let province = personal::province(address);
    Ok(Sale { order_no: table::id(order_no)?, total_fen, refund_fen, province, created_at, paid_at })
}

fn line_no(order_no: &str) -> String {
    format!("{order_no}{STAND_IN}")
}

fn order(sale: &Sale, updated_at: Instant) -> OrderRecord {
    OrderRecord {
        order_no: sale.order_no.to_owned(),
        updated_at,
        created_at: sale.created_at,
        paid_at: sale.paid_at,
        completed_at: None,
        status: if sale.paid_at.is_some() { OrderStatus::Paid } else { OrderStatus::Unpaid },
        platform_status: String::new(),
        buyer_freight_fen: 0,
        coupons: Coupons::default(),
        parcels: None,
        province: (!sale.province.is_empty()).then(|| sale.province.to_owned()),
        buyer_no: None,
        lines: vec![LineRecord {
            line_no: line_no(sale.order_no),
            product_no: String::new(),
            sku_no: String::new(),
            title: String::new(),
            pieces: 1,
            list_fen: sale.total_fen,
            coupons: Coupons::default(),
            live_room_no: None,
            author_no: None,
        }],
    }
}

fn refund(sale: &Sale, updated_at: Instant, evidence: &str) -> Option<Evidenced<RefundRecord>> {
    (sale.refund_fen > 0).then(|| Evidenced {
        record: RefundRecord {
            refund_no: format!("{}{CUMULATIVE}", line_no(sale.order_no)),
            order_no: sale.order_no.to_owned(),
            line_no: Some(line_no(sale.order_no)),
            updated_at,
            status: RefundStatus::Succeeded,
            platform_status: String::new(),
            status_unknown: false,
            refund_fen: sale.refund_fen,
            freight_fen: None,
            subsidy_back_fen: 0,
            refunded_at: None,
            // the report does not say what became of the goods; money is all it knows
            outcome: Outcome::Kept,
            pieces: 0,
            resent_pieces: 0,
            reason: String::new(),
        },
        evidence: evidence.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    const HEAD: &str = "订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额\n";

    fn read_rows(rows: &str) -> OrderFile {
        read(File { path: "report.csv", bytes: format!("{HEAD}{rows}").as_bytes() }).unwrap()
    }

    #[test]
    fn gmv_is_the_total_and_the_refund_is_taken_off_once() {
        let file = read_rows("7,38.00,30.00,江西省,2020-02-01 10:00:00,2020-02-01 10:05:00,8.00\n");
        assert_eq!(file.orders[0].record.lines[0].list_fen, 3_800);
        assert_eq!(file.orders[0].record.lines[0].line_no, "7#order");
        assert_eq!(
            (file.refunds[0].record.refund_fen, file.refunds[0].record.refund_no.as_str()),
            (800, "7#order#total")
        );
        assert_eq!(file.refunds[0].record.refunded_at, None);
    }

    #[test]
    fn a_bad_row_is_set_aside_with_its_number_and_the_others_stand() {
        let file = read_rows(
            "1,10,10,,2020-02-01 10:00:00,2020-02-01 10:00:00,0\n\
             6.91E+18,10,10,,2020-02-01 10:00:00,2020-02-01 10:00:00,0\n\
             3,ten,10,,2020-02-01 10:00:00,,0\n\
             4,10,9,,2020-02-01 10:00:00,2020-02-01 10:00:00,0\n\
             5,10,0,,2020-02-31 10:00:00,,0\n\
             合计,40,29,,,,0\n",
        );
        assert_eq!((file.orders.len(), file.rejected.len(), file.rows), (1, 4, 5));
        assert!(file.rejected[0].record_no.contains('3') && file.rejected[0].reason.contains("6.91E+18"));
    }

    #[test]
    fn an_unpaid_order_has_no_pay_time() {
        let file = read_rows("1,10,0,,2020-02-01 10:00:00,,0\n");
        assert_eq!(file.orders[0].record.paid_at, None);
        assert_eq!(file.orders[0].record.status, OrderStatus::Unpaid);
    }
}
