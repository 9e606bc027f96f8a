//! What goes wrong after a sale: refunds before shipping, returns, lost goods, bad fruit paid for in part.
//!
//! Fresh fruit has no return without reason, so its cases are bad fruit (money for a part, the goods kept) and parcels
//! that never arrive; tea is returned whole more often than anything; a few cases are refused, re-sent or price
//! protection. About one case in thirty comes weeks later, after the statement, and gives the statement a reversal row.

use super::dice::Dice;
use super::goods::Trade;
use super::orders::{AfterSale, AfterSaleKind};
use super::{DAY_SECONDS, Quirks, numbers};

const HOUR: i64 = 3_600;

/// The platform's words for where a case stands.
pub mod status {
    pub const WAITING_FOR_SELLER: u8 = 6;
    pub const WAITING_FOR_RETURN: u8 = 7;
    pub const RETURN_ON_ITS_WAY: u8 = 11;
    pub const SUCCEEDED: u8 = 12;
    pub const RESENT: u8 = 14;
    pub const CLOSED: u8 = 28;
}

/// How often a trade's lines end how, in basis points of lines.
struct Odds {
    before_shipping: u32,
    returned: u32,
    lost: u32,
    partial: u32,
}

fn odds(trade: Trade, quirks: Quirks) -> Odds {
    let usual = match trade {
        Trade::Kumquat => Odds { before_shipping: 340, returned: 210, lost: 150, partial: 1_200 },
        Trade::Tea => Odds { before_shipping: 480, returned: 950, lost: 70, partial: 100 },
        Trade::Duck => Odds { before_shipping: 300, returned: 310, lost: 90, partial: 200 },
    };
    if quirks.partial_refunds { Odds { partial: 4_500, ..usual } } else { usual }
}

/// Closed cases, re-sent parcels and price protection, of every trade.
const REFUSED_BP: u32 = 80;
const RESENT_BP: u32 = 30;
const PRICE_PROTECTED_BP: u32 = 30;

/// What a case is about.
#[derive(Debug, Clone, Copy)]
pub struct Sale {
    pub line_no: u64,
    pub trade: Trade,
    pub pieces: i64,
    pub goods_fen: i64,
    pub freight_fen: i64,
    pub paid_at: i64,
    pub shipped_at: i64,
}

/// The case a paid line gets, if any.
pub fn case_of(dice: &mut Dice, sale: Sale, quirks: Quirks) -> Option<AfterSale> {
    let odds = odds(sale.trade, quirks);
    let weights =
        [odds.before_shipping, odds.returned, odds.lost, odds.partial, REFUSED_BP, RESENT_BP, PRICE_PROTECTED_BP];
    let rest = 10_000 - weights.iter().sum::<u32>();
    let weights = [&weights[..], &[rest]].concat();
    Some(match dice.weighted(&weights) {
        0 => before_shipping(dice, sale),
        1 => returned(dice, sale),
        2 => lost(dice, sale),
        3 => partial(dice, sale),
        4 => refused(dice, sale),
        5 => resent(dice, sale),
        6 => price_protected(dice, sale),
        _ => return None,
    })
}

/// Days after payment until a buyer complains: within the first ten, or weeks later now and then.
fn complaint_at(dice: &mut Dice, sale: Sale, from_day: i64, to_day: i64) -> i64 {
    let days = if dice.chance(300) { (28, 38) } else { (from_day, to_day) };
    let at = sale.paid_at + dice.between(days.0 * DAY_SECONDS, days.1 * DAY_SECONDS);
    at.max(sale.shipped_at + 12 * HOUR)
}

fn case(sale: Sale, kind: AfterSaleKind, stages: Vec<(i64, u8)>, refund_fen: i64, reason: &'static str) -> AfterSale {
    let succeeds = refund_fen > 0 && stages.last().is_some_and(|s| s.1 == status::SUCCEEDED);
    AfterSale {
        no: numbers::after_sale_no(sale.line_no),
        kind,
        stages,
        refund_fen,
        refund_freight_fen: (refund_fen - sale.goods_fen).max(0),
        pieces: sale.pieces,
        reason,
        succeeds,
    }
}

fn before_shipping(dice: &mut Dice, sale: Sale) -> AfterSale {
    let applied = dice.between(sale.paid_at + 300, sale.shipped_at - HOUR);
    let stages =
        vec![(applied, status::WAITING_FOR_SELLER), (applied + dice.between(120, 6 * HOUR), status::SUCCEEDED)];
    let all = sale.goods_fen + sale.freight_fen;
    case(sale, AfterSaleKind::RefundBeforeShipping, stages, all, "不想要了")
}

fn returned(dice: &mut Dice, sale: Sale) -> AfterSale {
    let applied = complaint_at(dice, sale, 4, 9);
    let agreed = applied + dice.between(HOUR, 20 * HOUR);
    let posted = agreed + dice.between(6 * HOUR, 40 * HOUR);
    let stages = vec![
        (applied, status::WAITING_FOR_SELLER),
        (agreed, status::WAITING_FOR_RETURN),
        (posted, status::RETURN_ON_ITS_WAY),
        (posted + dice.between(30 * HOUR, 90 * HOUR), status::SUCCEEDED),
    ];
    let reason = dice.pick(&["七天无理由", "与描述不符", "口味不合"]);
    case(sale, AfterSaleKind::ReturnAndRefund, stages, sale.goods_fen, reason)
}

fn lost(dice: &mut Dice, sale: Sale) -> AfterSale {
    let applied = complaint_at(dice, sale, 4, 9);
    let stages =
        vec![(applied, status::WAITING_FOR_SELLER), (applied + dice.between(8 * HOUR, 70 * HOUR), status::SUCCEEDED)];
    let all = sale.goods_fen + sale.freight_fen;
    case(sale, AfterSaleKind::RefundAfterShipping, stages, all, "快递一直未送达")
}

fn partial(dice: &mut Dice, sale: Sale) -> AfterSale {
    let applied = complaint_at(dice, sale, 3, 8);
    let stages =
        vec![(applied, status::WAITING_FOR_SELLER), (applied + dice.between(HOUR, 50 * HOUR), status::SUCCEEDED)];
    let percent = dice.between(10, 30);
    let reason = if sale.trade == Trade::Kumquat { "坏果包赔" } else { "包装破损" };
    case(sale, AfterSaleKind::RefundAfterShipping, stages, (sale.goods_fen * percent / 100).max(1), reason)
}

fn refused(dice: &mut Dice, sale: Sale) -> AfterSale {
    let applied = complaint_at(dice, sale, 4, 9);
    let stages =
        vec![(applied, status::WAITING_FOR_SELLER), (applied + dice.between(8 * HOUR, 70 * HOUR), status::CLOSED)];
    case(sale, AfterSaleKind::RefundAfterShipping, stages, sale.goods_fen, "其他")
}

fn resent(dice: &mut Dice, sale: Sale) -> AfterSale {
    let applied = complaint_at(dice, sale, 4, 9);
    let stages =
        vec![(applied, status::WAITING_FOR_SELLER), (applied + dice.between(20 * HOUR, 90 * HOUR), status::RESENT)];
    case(sale, AfterSaleKind::Resend, stages, 0, "少发漏发")
}

fn price_protected(dice: &mut Dice, sale: Sale) -> AfterSale {
    let applied = complaint_at(dice, sale, 2, 6);
    let stages = vec![(applied, status::WAITING_FOR_SELLER), (applied + dice.between(60, HOUR), status::SUCCEEDED)];
    let refund = (sale.goods_fen / 20).clamp(1, 300);
    case(sale, AfterSaleKind::PriceProtection, stages, refund, "价保")
}
