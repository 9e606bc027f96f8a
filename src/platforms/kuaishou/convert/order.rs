//! An order, which is one SKU line, with its fees.
//!
//! ```text
//! list price = price × num
//! goods paid = buyerPay − expressFee
//! platform   = platformBearAmount
//! anchor     = what bearer 3 bears
//! shop       = what is left of the list price: its own coupons, price changes by hand in it
//! ```
//!
//! Rule: a paid order without its fees is rejected: the list and the detail say what it cost, not who bore which part.
//! Rule: `buyerPay = totalFee + expressFee − platformBearAmount` and `sellerRecv = totalFee + expressFee` are the
//! platform's own definitions, and an order that does not keep them is rejected.
//!
//! A gift is an order of its own (activity 19): a line without money, whatever price it is stated at. A deposit presale
//! is read like any order.

use crate::domain::ledger::facts::Coupons;
use crate::domain::records::{LineRecord, OrderRecord, OrderStatus};
use crate::platforms::fields::{Part, Text};
use crate::platforms::kuaishou::limits::{LIVE_CARRIERS, PAID_IS_AFTER_ANCHOR_COUPON};
use crate::platforms::kuaishou::wire::order::{Base, Fee, Item, Order, Parcel};
use crate::platforms::reading::{happened, id_of, moment_ms};
use crate::platforms::why::{Why, beyond_list_price, missing, no_amount, paid_gift, why};

/// Who bears a reduction.
const ANCHOR: &str = "3";
/// An order given away with another.
const GIFT: &str = "19";

/// What was paid for an order, and by whom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Paid {
    /// By the buyer, for the goods.
    pub goods_fen: i64,
    pub freight_fen: i64,
    pub platform_fen: i64,
    pub anchor_fen: i64,
}

/// True for an order whose fees have to be asked for.
pub fn is_paid(order: &Order) -> bool {
    order.order_base_info.ok().is_some_and(|base| matches!(moment_ms(base.pay_time, "payTime"), Ok(Some(_))))
}

/// Converts an order; the error says why it does not fit.
pub fn order(wire: &Order, fee: Option<&Fee>) -> Result<OrderRecord, Why> {
    let base = wire.order_base_info.get("orderBaseInfo")?.ok_or_else(|| missing("orderBaseInfo"))?;
    let item = wire.order_item_info.get("orderItemInfo")?.ok_or_else(|| missing("orderItemInfo"))?;
    let order_no = id_of(&base.oid, "oid")?;
    let paid_at = moment_ms(base.pay_time, "payTime")?;
    let paid = match (paid_at, fee) {
        (Some(_), None) => return Err(why!("付过款的订单缺少费用明细", "the fees of a paid order are missing")),
        (Some(_), Some(fee)) => Some(paid(fee)?),
        (None, _) => None,
    };
    let updated_at = happened(moment_ms(base.update_time, "updateTime")?, "updateTime")?;
    let status = status(&base.status)?;
    let received_at = moment_ms(base.recv_time, "recvTime")?;
    Ok(OrderRecord {
        updated_at,
        created_at: happened(moment_ms(base.create_time, "createTime")?, "createTime")?,
        paid_at,
        // the platform states no day of completion; a completed order that nobody signed for is dated by its last change
        completed_at: received_at.or((status == OrderStatus::Completed).then_some(updated_at)),
        status,
        platform_status: base.status.or_empty().to_owned(),
        buyer_freight_fen: paid.map_or(0, |paid| paid.freight_fen),
        coupons: Coupons::default(),
        parcels: parcels(wire.order_logistics_info.ok().map_or(&[][..], Vec::as_slice), base.status.or_empty()),
        province: wire.order_address.ok().and_then(|address| address.province.get()).map(str::to_owned),
        buyer_no: base.buyer_open_id.id().map(str::to_owned),
        lines: vec![line(wire, base, item, &order_no, paid)?],
        order_no,
    })
}

fn line(wire: &Order, base: &Base, item: &Item, order_no: &str, paid: Option<Paid>) -> Result<LineRecord, Why> {
    let pieces = item.num.amount("num")?;
    if pieces == 0 {
        return Err(why!("订单的件数是 0", "an order of no pieces"));
    }
    let stated_fen = item.price.amount("price")?.checked_mul(pieces).ok_or_else(|| no_amount("price × num"))?;
    let (list_fen, coupons) = match paid {
        None => (stated_fen, Coupons::default()),
        Some(paid) if is_gift(base) && paid.goods_fen == 0 => (0, Coupons::default()),
        Some(paid) if is_gift(base) => return Err(paid_gift(paid.goods_fen)),
        Some(paid) => (stated_fen, coupons(stated_fen, paid)?),
    };
    let live = LIVE_CARRIERS.contains(&base.carrier_type.or_empty());
    let seller = base.order_seller_role_info.ok().and_then(|seller| seller.role_id.id());
    let distributor = wire.order_cps_info.ok().and_then(|cps| cps.distributor_id.id());
    Ok(LineRecord {
        line_no: order_no.to_owned(),
        product_no: item.item_id.id().unwrap_or_default().to_owned(),
        sku_no: item.sku_id.id().unwrap_or_default().to_owned(),
        title: item.item_title.or_empty().to_owned(),
        pieces,
        list_fen,
        coupons,
        live_room_no: base.carrier_id.id().filter(|_| live).map(str::to_owned),
        author_no: seller.or(distributor).map(str::to_owned),
    })
}

fn coupons(list_fen: i64, paid: Paid) -> Result<Coupons, Why> {
    let Paid { goods_fen, platform_fen, anchor_fen, .. } = paid;
    let shop_fen = list_fen - goods_fen - platform_fen - anchor_fen;
    if shop_fen < 0 {
        return Err(beyond_list_price(list_fen, goods_fen, platform_fen, anchor_fen));
    }
    Ok(Coupons { shop_fen, platform_fen, anchor_fen })
}

/// Reads a fee breakdown and holds it to the platform's own definitions.
pub fn paid(fee: &Fee) -> Result<Paid, Why> {
    let stated_fen = fee.buyer_pay.amount("buyerPay")?;
    if fee.buyer_pay.get("buyerPay")?.is_none() {
        return Err(missing("buyerPay"));
    }
    let (total_fen, freight_fen) = (fee.total_fee.amount("totalFee")?, fee.express_fee.amount("expressFee")?);
    let platform_fen = fee.platform_bear_amount.amount("platformBearAmount")?;
    if fee.seller_recv.get("sellerRecv")?.is_some_and(|fen| fen != total_fen + freight_fen) {
        return Err(why!(
            "sellerRecv 不等于 totalFee {total_fen} 加 expressFee {freight_fen}",
            "sellerRecv is not totalFee {total_fen} and expressFee {freight_fen}"
        ));
    }
    let mut anchor_fen = 0;
    for bear in bearers(&fee.marketing_info_outers)? {
        if bear.0 == ANCHOR {
            anchor_fen += bear.1;
        }
    }
    let defined_fen = total_fen + freight_fen - platform_fen;
    if stated_fen != defined_fen && stated_fen != defined_fen - anchor_fen {
        return Err(why!(
            "buyerPay {stated_fen} 不等于 totalFee {total_fen} 加 expressFee {freight_fen} 减 platformBearAmount \
             {platform_fen}",
            "buyerPay {stated_fen} is not totalFee {total_fen} and expressFee {freight_fen} less platformBearAmount \
             {platform_fen}"
        ));
    }
    let goods_fen = stated_fen - freight_fen - if PAID_IS_AFTER_ANCHOR_COUPON { 0 } else { anchor_fen };
    if goods_fen < 0 {
        return Err(why!(
            "buyerPay {stated_fen} 小于 expressFee {freight_fen}",
            "buyerPay {stated_fen} is less than expressFee {freight_fen}"
        ));
    }
    Ok(Paid { goods_fen, freight_fen, platform_fen, anchor_fen })
}

type Reductions = Part<Vec<crate::platforms::kuaishou::wire::order::Marketing>>;

/// Who bears how much, over all reductions.
fn bearers(reductions: &Reductions) -> Result<Vec<(&str, i64)>, Why> {
    let mut bearers = Vec::new();
    for reduction in reductions.get("marketingInfoOuters")?.into_iter().flatten() {
        for bear in reduction.bear_info_list.get("bearInfoList")?.into_iter().flatten() {
            bearers.push((bear.bearer.or_empty(), bear.bear_amount.amount("bearAmount")?));
        }
    }
    Ok(bearers)
}

fn is_gift(base: &Base) -> bool {
    let listed = base.all_activity_type.ok().into_iter().flatten();
    listed.chain([&base.activity_type]).any(|activity| activity.get() == Some(GIFT))
}

fn status(code: &Text) -> Result<OrderStatus, Why> {
    match code.get() {
        None => Err(missing("status")),
        Some("10") => Ok(OrderStatus::Unpaid),
        // paid, sent, signed for
        Some("30" | "40" | "50") => Ok(OrderStatus::Paid),
        Some("70") => Ok(OrderStatus::Completed),
        Some("80") => Ok(OrderStatus::Cancelled),
        Some(_) => Ok(OrderStatus::Unknown),
    }
}

/// Distinct parcels, once no more will be sent: before, the number is still growing.
fn parcels(shipments: &[Parcel], status: &str) -> Option<i64> {
    if !matches!(status, "40" | "50" | "70" | "80") || shipments.iter().any(|s| s.express_no.id().is_none()) {
        return None;
    }
    let mut numbers: Vec<&str> = shipments.iter().filter_map(|s| s.express_no.id()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    i64::try_from(numbers.len()).ok().filter(|n| *n > 0)
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
