//! Reports of lines without any time (淘宝 子订单 reports): their orders are known from another file, and complete them.
//!
//! Where such a report does not say what was paid either, the difference between its list prices and what the order is
//! known to have cost is a coupon of the order.

use super::read::Batch;
use crate::domain::lang::in_both;
use crate::domain::records::{OrderRecord, Rejected};
use crate::ingest::stated::{Knows, closeness};
use crate::store::orders::{self, LineRow, OrderRow};
use crate::store::{StoreError, Work};
use rustc_hash::FxHashMap;

/// Gives the orders of a batch the times and amounts they are known with; those nobody knows yet are set aside.
pub async fn complete(work: &mut Work, shop_id: i64, knows: Knows, batch: &mut Batch) -> Result<(), StoreError> {
    let order_nos: Vec<&str> = batch.orders.iter().map(|o| o.record.order_no.as_str()).collect();
    let known: FxHashMap<String, OrderRow> =
        orders::list_orders(work, shop_id, &order_nos).await?.into_iter().map(|o| (o.order_no.clone(), o)).collect();
    let ids: Vec<i64> = known.values().map(|o| o.order_id).collect();
    let lines = orders::list_lines_of_orders(work, &ids).await?;
    for mut order in std::mem::take(&mut batch.orders) {
        let completed = match known.get(&order.record.order_no) {
            None => Err("没有时间，先导入带下单时间的订单报表 / no time: import the report of orders first".to_owned()),
            Some(row) => {
                let start = lines.partition_point(|l| l.order_id < row.order_id);
                let of_order: Vec<&LineRow> =
                    lines[start..].iter().take_while(|l| l.order_id == row.order_id).collect();
                from_known(&mut order.record, row, &of_order, knows)
            }
        };
        match completed {
            Ok(()) => batch.orders.push(order),
            Err(reason) => {
                batch.refunds.retain(|r| r.record.order_no != order.record.order_no);
                batch.rejected.push(Rejected {
                    record_no: order.record.order_no,
                    reason,
                    evidence: order.evidence.to_string(),
                });
            }
        }
    }
    Ok(())
}

fn from_known(record: &mut OrderRecord, row: &OrderRow, lines: &[&LineRow], knows: Knows) -> Result<(), String> {
    record.updated_at = row.updated_at;
    (record.created_at, record.paid_at, record.completed_at) = (row.created_at, row.paid_at, row.completed_at);
    if knows.amounts {
        return Ok(());
    }
    record.buyer_freight_fen = row.buyer_freight_fen;
    let come = record.lines.iter().map(|l| closeness(&l.line_no, &record.order_no)).max();
    let is_closer = lines.iter().all(|l| Some(closeness(&l.line_no, &record.order_no)) < come);
    if is_closer {
        let paid: i64 = lines
            .iter()
            .filter(|l| !l.replaced)
            .map(|l| l.list_fen - l.shop_coupon_fen - l.platform_coupon_fen - l.anchor_coupon_fen)
            .sum::<i64>()
            - row.shop_coupon_fen
            - row.platform_coupon_fen
            - row.anchor_coupon_fen;
        let listed: i64 = record.lines.iter().map(|l| l.list_fen).sum();
        if listed < paid {
            return Err(in_both(
                &format!("各行原价合计 {listed} 分少于订单货款 {paid} 分"),
                &format!("the lines' list prices are {listed} fen in all, and {paid} was paid"),
            ));
        }
        record.coupons.shop_fen = listed - paid;
    }
    Ok(())
}
