//! A shop order and its sku orders as an order and its lines.
//!
//! Each line's list price is taken apart by who bears what:
//!
//! ```text
//! sum_amount = (pay_amount − post_amount) − promotion_pay_amount   goods, paid by the buyer
//!            + promotion_platform_amount (+ red packets)           platform coupon
//!            + promotion_pay_amount                                platform coupon: somebody else pays it to the shop
//!            + promotion_talent_amount (+ red packets)             anchor coupon
//!            + what is left                                        the shop's own coupon, price changes by hand in it
//! ```
//!
//! Rule: the parent is never a line. Its one child often has the same number; only children are counted.
//! Rule: the lines' goods and the order's freight sum to what the order says was paid, or the order is rejected.
//! A gift is a line without money, whatever price it is stated at.
//!
//! A deposit presale is read like any order, with the amounts it states on the day.

use crate::domain::calendar::Instant;
use crate::domain::ledger::facts::Coupons;
use crate::domain::records::{LineRecord, OrderRecord, OrderStatus};
use crate::platforms::douyin::limits::REDPACK_STANDS_BESIDE;
use crate::platforms::douyin::wire::order::{Parcel, ShopOrder, SkuOrder};
use crate::platforms::fields::{Int, Text};
use crate::platforms::reading::{happened, id_of, moment};
use crate::platforms::why::{Why, beyond_list_price, missing, no_amount, paid_gift, why};

/// `theme_type` of a sale in a live room.
const THEME_LIVE: &str = "1";
/// `given_product_type` of a gift.
const GIVEN_FREE: &str = "FREE";
/// More lines than any cart takes.
const MAX_LINES: usize = 1_000;

/// Converts an order; the error says why it does not fit.
pub fn order(wire: &ShopOrder) -> Result<OrderRecord, Why> {
    let order_no = id_of(&wire.order_id, "order_id")?;
    let skus = wire.sku_order_list.get("sku_order_list")?.map_or(&[][..], Vec::as_slice);
    if skus.is_empty() || skus.len() > MAX_LINES {
        let lines = skus.len();
        return Err(why!("sku_order_list 里有 {lines} 行", "{lines} lines in sku_order_list"));
    }
    let mut lines: Vec<LineRecord> = Vec::with_capacity(skus.len());
    let mut goods_fen = 0;
    for sku in skus {
        let (line, line_goods_fen) = line(sku, &order_no)?;
        if lines.iter().any(|known| known.line_no == line.line_no) {
            let no = line.line_no;
            return Err(why!("同一订单里 {no} 出现两次", "line {no} twice in one order"));
        }
        goods_fen += line_goods_fen;
        lines.push(line);
    }
    let buyer_freight_fen = wire.post_amount.amount("post_amount")?;
    if let Some(paid_fen) = wire.pay_amount.get("pay_amount")?
        && paid_fen != goods_fen + buyer_freight_fen
    {
        return Err(why!(
            "pay_amount {paid_fen} 不等于各行货款 {goods_fen} 加运费 {buyer_freight_fen}",
            "pay_amount {paid_fen} is not the lines' goods {goods_fen} and the freight {buyer_freight_fen}"
        ));
    }
    let status = status(&wire.order_status)?;
    Ok(OrderRecord {
        order_no,
        updated_at: happened(moment(wire.update_time, "update_time")?, "update_time")?,
        created_at: happened(moment(wire.create_time, "create_time")?, "create_time")?,
        paid_at: moment(wire.pay_time, "pay_time")?,
        completed_at: match moment(wire.finish_time, "finish_time")? {
            Some(at) => Some(at),
            None => received_at(skus)?,
        },
        status,
        platform_status: words(&wire.order_status, &wire.order_status_desc),
        buyer_freight_fen,
        coupons: Coupons::default(),
        parcels: parcels(wire.logistics_info.ok().map_or(&[][..], Vec::as_slice), wire.order_status.or_empty()),
        province: province(wire),
        buyer_no: wire.doudian_open_id.id().or(wire.open_id.id()).map(str::to_owned),
        lines,
    })
}

/// One line, and what was paid for its goods before the payment channel's discount.
fn line(sku: &SkuOrder, order_no: &str) -> Result<(LineRecord, i64), Why> {
    let line_no = id_of(&sku.order_id, "order_id of a line")?;
    if sku.parent_order_id.id().is_some_and(|parent| parent != order_no) {
        return Err(why!("{line_no} 写的是另一张主订单", "line {line_no} names another order as its parent"));
    }
    let pieces = sku.item_num.amount("item_num")?;
    if pieces == 0 {
        return Err(why!("{line_no} 的件数是 0", "line {line_no} has no pieces"));
    }
    let (list_fen, coupons, goods_fen) =
        money(sku, pieces).map_err(|why| why.within(&why!("{line_no}", "line {line_no}")))?;
    let live = sku.theme_type.get() == Some(THEME_LIVE);
    let line = LineRecord {
        line_no,
        product_no: sku.product_id_str.id().or(sku.product_id.id()).unwrap_or_default().to_owned(),
        sku_no: sku.sku_id.id().unwrap_or_default().to_owned(),
        title: sku.product_name.or_empty().to_owned(),
        pieces,
        list_fen,
        coupons,
        live_room_no: sku.room_id_str.id().or(sku.room_id.id()).filter(|_| live).map(str::to_owned),
        author_no: sku.author_id.id().map(str::to_owned),
    };
    Ok((line, goods_fen))
}

/// List price, coupons by who bears them, and goods paid before the payment channel's discount.
fn money(sku: &SkuOrder, pieces: i64) -> Result<(i64, Coupons, i64), Why> {
    let goods_fen = sku.pay_amount.amount("pay_amount")? - sku.post_amount.amount("post_amount")?;
    if goods_fen < 0 {
        return Err(why!("post_amount 大于 pay_amount", "post_amount is more than pay_amount"));
    }
    if sku.given_product_type.get() == Some(GIVEN_FREE) {
        return if goods_fen == 0 { Ok((0, Coupons::default(), 0)) } else { Err(paid_gift(goods_fen)) };
    }
    let list_fen = match sku.sum_amount.get("sum_amount")? {
        Some(_) => sku.sum_amount.amount("sum_amount")?,
        None => sku
            .origin_amount
            .amount("origin_amount")?
            .checked_mul(pieces)
            .ok_or_else(|| no_amount("origin_amount × item_num"))?,
    };
    let channel_fen = sku.promotion_pay_amount.amount("promotion_pay_amount")?;
    if channel_fen > goods_fen {
        return Err(why!("promotion_pay_amount 大于货款", "promotion_pay_amount is more than was paid for the goods"));
    }
    let platform_fen = sku.promotion_platform_amount.amount("promotion_platform_amount")?
        + redpack(sku.promotion_redpack_platform_amount, "promotion_redpack_platform_amount")?;
    let anchor_fen = sku.promotion_talent_amount.amount("promotion_talent_amount")?
        + redpack(sku.promotion_redpack_talent_amount, "promotion_redpack_talent_amount")?;
    let shop_fen = list_fen - platform_fen - anchor_fen - goods_fen;
    if shop_fen < 0 {
        return Err(beyond_list_price(list_fen, goods_fen, platform_fen, anchor_fen));
    }
    Ok((list_fen, Coupons { shop_fen, platform_fen: platform_fen + channel_fen, anchor_fen }, goods_fen))
}

fn redpack(amount: Int, name: &str) -> Result<i64, Why> {
    Ok(if REDPACK_STANDS_BESIDE { amount.amount(name)? } else { 0 })
}

fn status(code: &Text) -> Result<OrderStatus, Why> {
    match code.get() {
        None => Err(missing("order_status")),
        Some("1") => Ok(OrderStatus::Unpaid),
        Some("105" | "2" | "101" | "3") => Ok(OrderStatus::Paid),
        Some("4") => Ok(OrderStatus::Cancelled),
        Some("5") => Ok(OrderStatus::Completed),
        Some(_) => Ok(OrderStatus::Unknown),
    }
}

/// The code with the platform's word for it.
fn words(code: &Text, description: &Text) -> String {
    format!("{} {}", code.or_empty(), description.or_empty()).trim_end().to_owned()
}

/// When the last line was received, once all that are not gifts have been.
fn received_at(skus: &[SkuOrder]) -> Result<Option<Instant>, Why> {
    let mut latest = None;
    for sku in skus.iter().filter(|sku| sku.given_product_type.get() != Some(GIVEN_FREE)) {
        let Some(at) = moment(sku.confirm_receipt_time, "confirm_receipt_time")? else { return Ok(None) };
        latest = latest.max(Some(at));
    }
    Ok(latest)
}

/// Distinct parcels, once no more will be shipped: before, the number is still growing.
fn parcels(shipments: &[Parcel], status: &str) -> Option<i64> {
    if !matches!(status, "3" | "4" | "5") || shipments.iter().any(|s| s.tracking_no.id().is_none()) {
        return None;
    }
    let mut numbers: Vec<&str> = shipments.iter().filter_map(|s| s.tracking_no.id()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    i64::try_from(numbers.len()).ok().filter(|n| *n > 0)
}

fn province(wire: &ShopOrder) -> Option<String> {
    wire.post_addr.ok()?.province.ok()?.name.get().map(str::to_owned)
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
