//! An order and its lines. A line is a SKU of the order; it has no number of its own everywhere, so its number here is
//! that of the order with that of the SKU, which an after-sale case states too.
//!
//! ```text
//! list price = sale_price × sku_cnt
//! goods paid = real_price                                   where there is none and one line only: what the order says
//! platform   = cash_coupon_discounted_price + national_subsidy_discounted_price (+ points)
//! anchor     = finder_discounted_price
//! shop       = what is left of the list price: its own coupons, price changes by hand in it
//! ```
//!
//! Rule: the lines' goods and the freight sum to what the buyer paid (`order_price`), or the order is rejected. Points
//! the buyer used may be inside the lines' amounts: then they are taken off and are the platform's.
//! Rule: who sold it may come later than the order. Blank is not "nobody": the line waits, and the next reading of the
//! order fills it in.
//!
//! A gift is a line without money, whatever price it is stated at.

use crate::domain::ledger::facts::Coupons;
use crate::domain::records::{LineRecord, OrderRecord, OrderStatus};
use crate::platforms::fields::Text;
use crate::platforms::reading::{happened, id_of, moment};
use crate::platforms::wechat_channels::limits::LIVE_SCENES;
use crate::platforms::wechat_channels::wire::order::{Order, OrderDetail, Price, Product, Shipment};
use crate::platforms::why::{Why, beyond_list_price, missing, no_amount, paid_gift, why};

/// `is_free_gift` of a gift.
const GIFT: &str = "1";
/// `type` of a commission that is a talent's.
pub const TALENT: &str = "0";
/// Kinds of account that broadcast: a Channels account, a talent.
const BROADCASTING: [&str; 2] = ["1", "5"];
/// More lines than any cart takes.
const MAX_LINES: usize = 1_000;

/// Converts an order; the error says why it does not fit.
pub fn order(wire: &Order) -> Result<OrderRecord, Why> {
    let order_no = id_of(&wire.order_id, "order_id")?;
    let detail = wire.order_detail.get("order_detail")?.ok_or_else(|| missing("order_detail"))?;
    let price = detail.price_info.get("price_info")?.ok_or_else(|| missing("price_info"))?;
    let updated_at = happened(moment(wire.update_time, "update_time")?, "update_time")?;
    let status = status(&wire.status)?;
    let received_at = match detail.ext_info.get("ext_info")? {
        Some(ext) => moment(ext.confirm_receipt_time, "confirm_receipt_time")?,
        None => None,
    };
    Ok(OrderRecord {
        updated_at,
        created_at: happened(moment(wire.create_time, "create_time")?, "create_time")?,
        paid_at: match detail.pay_info.get("pay_info")? {
            Some(pay) => moment(pay.pay_time, "pay_time")?,
            None => None,
        },
        // a completed order whose receipt nobody confirmed is dated by its last change
        completed_at: received_at.or((status == OrderStatus::Completed).then_some(updated_at)),
        status,
        platform_status: wire.status.or_empty().to_owned(),
        buyer_freight_fen: price.freight.amount("freight")?,
        coupons: Coupons::default(),
        parcels: parcels(detail, wire.status.or_empty()),
        province: province(detail),
        buyer_no: wire.openid.id().map(str::to_owned),
        lines: lines(detail, price, &order_no)?,
        order_no,
    })
}

/// The number of a line, from those of its order and its SKU.
pub fn line_no(order_no: &str, sku_no: &str) -> String {
    format!("{order_no}:{sku_no}")
}

fn lines(detail: &OrderDetail, price: &Price, order_no: &str) -> Result<Vec<LineRecord>, Why> {
    let products = detail.product_infos.get("product_infos")?.map_or(&[][..], Vec::as_slice);
    if products.is_empty() || products.len() > MAX_LINES {
        let lines = products.len();
        return Err(why!("product_infos 里有 {lines} 行", "{lines} lines in product_infos"));
    }
    let paid_fen = goods_of_order(price)?;
    let goods = goods(products, paid_fen)?;
    let mut lines: Vec<LineRecord> = Vec::with_capacity(products.len());
    for (product, goods) in products.iter().zip(goods) {
        let mut line = line(detail, product, goods, order_no)?;
        let same = lines.iter().filter(|known| known.sku_no == line.sku_no).count();
        if same > 0 {
            line.line_no = format!("{}#{}", line.line_no, same + 1);
        }
        lines.push(line);
    }
    Ok(lines)
}

/// What the buyer paid for an order's goods, where the order says.
fn goods_of_order(price: &Price) -> Result<Option<i64>, Why> {
    let freight_fen = price.freight.amount("freight")?;
    let Some(_) = price.order_price.get("order_price")? else { return Ok(None) };
    let order_fen = price.order_price.amount("order_price")?;
    if order_fen < freight_fen {
        return Err(why!(
            "order_price {order_fen} 小于 freight {freight_fen}",
            "order_price {order_fen} is less than freight {freight_fen}"
        ));
    }
    Ok(Some(order_fen - freight_fen))
}

/// What was paid for a line's goods, and by points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Goods {
    paid_fen: i64,
    points_fen: i64,
}

/// What was paid for each line, held to what was paid for the order.
fn goods(products: &[Product], order_fen: Option<i64>) -> Result<Vec<Goods>, Why> {
    let mut goods = Vec::with_capacity(products.len());
    for product in products {
        let stated = [(product.real_price, "real_price"), (product.estimate_price, "estimate_price")];
        let mut paid_fen = None;
        for (amount, name) in stated {
            if paid_fen.is_none() && amount.get(name)?.is_some() {
                paid_fen = Some(amount.amount(name)?);
            }
        }
        let paid_fen = match (paid_fen, order_fen) {
            (Some(fen), _) => fen,
            (None, _) if is_gift(product) => 0,
            (None, Some(fen)) if products.len() == 1 => fen,
            (None, _) => return Err(missing("real_price")),
        };
        goods.push(Goods { paid_fen, points_fen: 0 });
    }
    let Some(order_fen) = order_fen else { return Err(missing("order_price")) };
    let sum_fen: i64 = goods.iter().map(|g| g.paid_fen).sum();
    if sum_fen == order_fen {
        return Ok(goods);
    }
    for (goods, product) in goods.iter_mut().zip(products) {
        goods.points_fen = product.deduction_price.amount("deduction_price")?;
        goods.paid_fen -= goods.points_fen;
    }
    let after_points_fen: i64 = goods.iter().map(|g| g.paid_fen).sum();
    if after_points_fen == order_fen && goods.iter().all(|g| g.paid_fen >= 0) {
        return Ok(goods);
    }
    Err(why!(
        "order_price 减运费是 {order_fen}，各行货款合计是 {sum_fen}",
        "order_price less freight is {order_fen}, and the lines' goods are {sum_fen}"
    ))
}

fn line(detail: &OrderDetail, product: &Product, goods: Goods, order_no: &str) -> Result<LineRecord, Why> {
    let sku_no = id_of(&product.sku_id, "sku_id")?;
    let pieces = product.sku_cnt.amount("sku_cnt")?;
    if pieces == 0 {
        return Err(why!("SKU {sku_no} 的件数是 0", "line {sku_no} has no pieces"));
    }
    let (list_fen, coupons) =
        money(product, goods, pieces).map_err(|why| why.within(&why!("SKU {sku_no}", "line {sku_no}")))?;
    let ext = detail.ext_info.ok();
    let live = ext.is_some_and(|ext| LIVE_SCENES.contains(&ext.order_scene.or_empty()));
    Ok(LineRecord {
        line_no: line_no(order_no, &sku_no),
        product_no: product.product_id.id().unwrap_or_default().to_owned(),
        title: product.title.or_empty().to_owned(),
        pieces,
        list_fen,
        coupons,
        live_room_no: ext.and_then(|ext| ext.live_id.id()).filter(|_| live).map(str::to_owned),
        author_no: author(detail, &sku_no),
        sku_no,
    })
}

fn money(product: &Product, goods: Goods, pieces: i64) -> Result<(i64, Coupons), Why> {
    let Goods { paid_fen, points_fen } = goods;
    if is_gift(product) {
        return if paid_fen == 0 { Ok((0, Coupons::default())) } else { Err(paid_gift(paid_fen)) };
    }
    let list_fen = product
        .sale_price
        .amount("sale_price")?
        .checked_mul(pieces)
        .ok_or_else(|| no_amount("sale_price × sku_cnt"))?;
    let platform_fen = product.cash_coupon_discounted_price.amount("cash_coupon_discounted_price")?
        + product.national_subsidy_discounted_price.amount("national_subsidy_discounted_price")?
        + points_fen;
    let anchor_fen = product.finder_discounted_price.amount("finder_discounted_price")?;
    let shop_fen = list_fen - paid_fen - platform_fen - anchor_fen;
    if shop_fen < 0 {
        return Err(beyond_list_price(list_fen, paid_fen, platform_fen, anchor_fen));
    }
    Ok((list_fen, Coupons { shop_fen, platform_fen, anchor_fen }))
}

/// Who sold a SKU: the order's own account, else the SKU's, else the talent who earns from it.
fn author(detail: &OrderDetail, sku_no: &str) -> Option<String> {
    let of_order = detail.ext_info.ok().and_then(|ext| ext.finder_id.id());
    let of_sku = || {
        let mut sources = detail.source_infos.ok().into_iter().flatten();
        sources
            .find(|s| s.sku_id.get() == Some(sku_no) && BROADCASTING.contains(&s.account_type.or_empty()))
            .and_then(|source| source.account_id.id())
    };
    let earning = || {
        let mut commissions = detail.commission_infos.ok().into_iter().flatten();
        commissions
            .find(|c| c.sku_id.get() == Some(sku_no) && c.r#type.get() == Some(TALENT))
            .and_then(|commission| commission.finder_id.id())
    };
    of_order.or_else(of_sku).or_else(earning).map(str::to_owned)
}

fn is_gift(product: &Product) -> bool {
    product.is_free_gift.get() == Some(GIFT)
}

fn status(code: &Text) -> Result<OrderStatus, Why> {
    match code.get() {
        None => Err(missing("status")),
        Some("10") => Ok(OrderStatus::Unpaid),
        // a gift to be accepted, a group still filling, to be sent, partly sent, on its way
        Some("12" | "13" | "20" | "21" | "30") => Ok(OrderStatus::Paid),
        Some("100") => Ok(OrderStatus::Completed),
        Some("190" | "200" | "250") => Ok(OrderStatus::Cancelled),
        Some(_) => Ok(OrderStatus::Unknown),
    }
}

fn shipments(detail: &OrderDetail) -> &[Shipment] {
    let delivery = detail.delivery_info.ok();
    delivery.and_then(|delivery| delivery.delivery_product_info.ok()).map_or(&[][..], Vec::as_slice)
}

/// Distinct parcels, once no more will be sent: before, the number is still growing.
fn parcels(detail: &OrderDetail, status: &str) -> Option<i64> {
    let shipments = shipments(detail);
    if !matches!(status, "30" | "100" | "200") || shipments.iter().any(|s| s.waybill_id.id().is_none()) {
        return None;
    }
    let mut numbers: Vec<&str> = shipments.iter().filter_map(|s| s.waybill_id.id()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    i64::try_from(numbers.len()).ok().filter(|n| *n > 0)
}

fn province(detail: &OrderDetail) -> Option<String> {
    detail.delivery_info.ok()?.address_info.ok()?.province_name.get().map(str::to_owned)
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
