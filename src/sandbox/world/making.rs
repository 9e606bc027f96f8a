//! How the orders of a day come about: what each stream sells, what sells beside it, who never pays.
//!
//! Draws happen in a fixed order from the day's own generator, so the day is the same however often it is made.
//! Beside the streams a few lines come from goods cards, from other sellers' rooms, and from viewers whose order
//! carries the anchor's account but no room.

use super::aftermath::{Sale, case_of};
use super::dice::Dice;
use super::goods::{SKUS, TASTING, Trade, UNMAPPED, make_ups};
use super::orders::{AfterSale, Line, Order, Source, Statement};
use super::people::STRANGERS;
use super::shops::Shop;
use super::streams::Stream;
use super::{DAY_SECONDS, World, numbers, season};
use crate::domain::calendar::{Day, start_of};
use crate::domain::money::{at_fraction, at_rate, split};

/// Provinces goods go to, with the platform's code, and how often.
pub const PROVINCES: [(&str, &str, u32); 14] = [
    ("广东省", "440000", 22),
    ("浙江省", "330000", 13),
    ("江苏省", "320000", 12),
    ("江西省", "360000", 11),
    ("上海市", "310000", 8),
    ("福建省", "350000", 7),
    ("湖南省", "430000", 6),
    ("湖北省", "420000", 5),
    ("北京市", "110000", 5),
    ("山东省", "370000", 4),
    ("四川省", "510000", 3),
    ("辽宁省", "210000", 2),
    ("新疆维吾尔自治区", "650000", 1),
    ("西藏自治区", "540000", 1),
];
/// From here on freight is the buyer's.
const FAR: usize = 12;
const FAR_FREIGHT_FEN: i64 = 1_000;

/// Orders that are made and never paid close after this long.
const PAY_WITHIN_SECONDS: i64 = 1_800;
const UNPAID_BP: u32 = 800;
const TWO_LINES_BP: u32 = 600;
const TWO_PIECES_BP: u32 = 120;
const GIFT_BP: u32 = 40;
const UNMAPPED_BP: u32 = 40;
const NO_ROOM_BP: u32 = 300;
/// A stream in which a work unit orders in bulk.
const BULK_BP: u32 = 150;
/// Lines sold outside every stream, and by other sellers, per ten thousand of the streams'.
const NOT_LIVE_PER_10K: i64 = 150;
const STRANGER_PER_10K: i64 = 60;
/// A statement row whose fee is not exactly the rate.
const ODD_FEE_BP: u32 = 500;
const LATE_SETTLEMENT_BP: u32 = 3_333;

struct Maker<'a> {
    world: &'a World,
    shop: Shop,
    day: Day,
    dice: Dice,
    orders: Vec<Order>,
}

/// See [`World::day`].
pub fn orders_of_day(world: &World, shop: Shop, day: Day) -> Vec<Order> {
    let dice = Dice::new(world.seed, b"orders__", shop.digit(), super::day_index(day));
    let mut maker = Maker { world, shop, day, dice, orders: Vec::new() };
    let streams = world.streams_on(shop, day);
    for stream in &streams {
        maker.sell_in(stream);
    }
    let live_lines: i64 = streams.iter().map(|s| s.lines).sum();
    maker.sell_beside(live_lines * NOT_LIVE_PER_10K, &[Source::NOT_LIVE]);
    let strangers =
        STRANGERS.map(|(author_no, author_name)| Source { live_room_no: author_no + 5, author_no, author_name });
    maker.sell_beside(live_lines * STRANGER_PER_10K, &strangers);
    maker.orders
}

impl Maker<'_> {
    fn sell_in(&mut self, stream: &Stream) {
        let wanted = usize::try_from(self.world.scale.of(stream.lines).max(1)).expect("a count");
        let start = stream.starts_at.timestamp();
        let room = Source {
            live_room_no: stream.live_room_no,
            author_no: stream.author_no,
            author_name: if stream.anchor.author_no.is_some() { stream.anchor.name } else { "演示红播官方号" },
        };
        let bulk = self.dice.chance(BULK_BP);
        let mut sold = 0;
        while sold < wanted {
            let at = start + self.minute_of_a_stream();
            let source = if self.dice.chance(NO_ROOM_BP) { Source { live_room_no: 0, ..room } } else { room };
            // A bulk order would drown a small world's figures, so only worlds of half size and more have any.
            let pieces = if bulk && sold == 0 && self.world.scale.of(1) > 0 { self.dice.between(20, 60) } else { 1 };
            sold += self.order(at, source, pieces);
        }
    }

    /// Orders come in bursts when the anchor counts down to a link, every half hour, and thinly in between.
    fn minute_of_a_stream(&mut self) -> i64 {
        if self.dice.chance(4_500) {
            self.dice.between(0, 5) * 1_800 + 300 + self.dice.between(0, 360)
        } else {
            self.dice.between(20, 10_800)
        }
    }

    fn sell_beside(&mut self, lines_times_10k: i64, sources: &[Source]) {
        // The remainder is a chance, so that small worlds have such lines too, now and then.
        let wanted_ppm = i128::from(lines_times_10k) * i128::from(self.world.scale.of(1_000_000)) / 10_000;
        let (whole, rest) = (wanted_ppm / 1_000_000, wanted_ppm % 1_000_000);
        let one_more = i128::from(self.dice.between(0, 999_999)) < rest;
        for _ in 0..whole + i128::from(one_more) {
            let at = start_of(self.day).timestamp() + self.dice.between(7 * 3_600, DAY_SECONDS - 60);
            let source = *self.dice.pick(sources);
            self.order(at, source, 1);
        }
    }

    /// One order; says how many paid lines it brought.
    fn order(&mut self, created_at: i64, source: Source, pieces: i64) -> usize {
        let order_no = numbers::order_no(self.world.seed, self.shop, self.day, self.orders.len() as u64);
        let skus = self.basket();
        let province = self.dice.weighted(&PROVINCES.map(|p| p.2));
        let freight_fen = if province >= FAR { FAR_FREIGHT_FEN } else { 0 };
        let count = skus.len();
        let mut lines: Vec<Line> = skus
            .into_iter()
            .enumerate()
            .map(|(n, sku)| self.line(numbers::line_no(order_no, n, count), sku, pieces, source))
            .collect();
        let weights: Vec<i64> = lines.iter().map(|l| l.list_fen).collect();
        for (line, part) in lines.iter_mut().zip(split(freight_fen, &weights, 0)) {
            line.freight_fen = part;
        }
        let mut order = Order {
            order_no,
            shop: self.shop,
            created_at,
            paid_at: 0,
            closed_at: 0,
            shipped_at: 0,
            received_at: 0,
            completed_at: 0,
            freight_fen,
            pay_type: if self.dice.chance(6_500) { 1 } else { 2 },
            buyer: super::dice::mix(self.world.seed, order_no) % 900_000_000,
            province,
            lines,
        };
        let paid = !self.dice.chance(UNPAID_BP);
        if paid {
            self.fulfil(&mut order);
        } else {
            order.closed_at = created_at + PAY_WITHIN_SECONDS;
        }
        self.orders.push(order);
        if paid { count } else { 0 }
    }

    fn basket(&mut self) -> Vec<usize> {
        let mut skus = vec![self.sku()];
        if self.dice.chance(TWO_LINES_BP) {
            let second = self.sku();
            if second != skus[0] {
                skus.push(second);
            }
        }
        if season::kumquat_is_in_season(self.day) && self.dice.chance(GIFT_BP) {
            skus.push(TASTING);
        }
        skus
    }

    fn sku(&mut self) -> usize {
        if self.dice.chance(UNMAPPED_BP) {
            return UNMAPPED;
        }
        let trade = [Trade::Kumquat, Trade::Tea, Trade::Duck][self.dice.weighted(&season::mix(self.day))];
        let [first, second] = make_ups(trade);
        if self.shop == Shop::Association && self.dice.chance(5_500) { first } else { second }
    }

    fn line(&mut self, line_no: u64, sku: usize, pieces: i64, source: Source) -> Line {
        let goods = &SKUS[sku];
        let gift = sku == TASTING;
        let pieces = if pieces == 1 && !gift && self.dice.chance(TWO_PIECES_BP) { 2 } else { pieces };
        let coupon = |fen: i64, granted: bool| if granted { fen } else { 0 };
        Line {
            line_no,
            sku,
            pieces: if gift { 1 } else { pieces },
            list_fen: goods.list_fen * pieces,
            shop_coupon_fen: goods.shop_coupon_fen * pieces,
            platform_coupon_fen: coupon(goods.platform_coupon_fen, self.dice.chance(800)),
            anchor_coupon_fen: coupon(goods.anchor_coupon_fen, self.dice.chance(500)),
            freight_fen: 0,
            gift,
            source,
            after_sale: None,
            statement: None,
            reversal: None,
        }
    }

    /// From payment to the last statement row.
    fn fulfil(&mut self, order: &mut Order) {
        order.paid_at = order.created_at + self.dice.between(8, 600);
        let ships_at = order.paid_at + self.dice.between(5 * 3_600, 40 * 3_600);
        for line in order.lines.iter_mut().filter(|l| !l.gift) {
            let sale = Sale {
                line_no: line.line_no,
                trade: line.sku().trade,
                pieces: line.pieces,
                goods_fen: line.goods_fen(),
                freight_fen: line.freight_fen,
                paid_at: order.paid_at,
                shipped_at: ships_at,
            };
            line.after_sale = case_of(&mut self.dice, sale, self.world.quirks).map(Box::new);
        }
        let cases = || order.lines.iter().filter_map(|l| l.after_sale.as_deref());
        let money_lines = || order.lines.iter().filter(|l| !l.gift);
        let never_ships = money_lines().all(|l| l.after_sale.as_ref().is_some_and(|a| a.applied_at() < ships_at));
        let wholly_refunded = money_lines().all(Line::refunded_wholly);
        let usual_completion = order.paid_at + self.dice.between(7 * DAY_SECONDS, 12 * DAY_SECONDS);
        let open_case_ends = cases().filter(|a| a.applied_at() <= usual_completion).map(AfterSale::ended_at).max();
        let last_case_ends = cases().map(AfterSale::ended_at).max();
        let completes_at = usual_completion.max(open_case_ends.map_or(0, |at| at + 3_600));
        if !never_ships {
            order.shipped_at = ships_at;
            order.received_at = (ships_at + self.dice.between(40 * 3_600, 110 * 3_600)).min(completes_at - 60);
        }
        match last_case_ends {
            Some(ended) if wholly_refunded && ended <= completes_at => order.closed_at = ended,
            _ => order.completed_at = completes_at,
        }
        self.settle(order, completes_at);
    }

    /// Statement rows: one a line two to three weeks after payment, another when a refund comes after it.
    fn settle(&mut self, order: &mut Order, completes_at: i64) {
        for line in order.lines.iter_mut().filter(|l| !l.gift) {
            let usual = order.paid_at + self.dice.between(14 * DAY_SECONDS, 24 * DAY_SECONDS);
            let mut settled_at = usual.max(completes_at + DAY_SECONDS);
            if self.world.quirks.late_settlement && self.dice.chance(LATE_SETTLEMENT_BP) {
                settled_at += self.dice.between(21 * DAY_SECONDS, 34 * DAY_SECONDS);
            }
            let odd_fen = if self.dice.chance(ODD_FEE_BP) { self.dice.between(-8, 12) } else { 0 };
            let reversed_after = self.dice.between(DAY_SECONDS, 4 * DAY_SECONDS);
            let refund = line.after_sale.as_ref().filter(|a| a.succeeds);
            let before = refund.filter(|a| a.ended_at() <= settled_at);
            if before.is_some() && line.refunded_wholly() {
                continue;
            }
            let refunded_fen = before.map_or(0, |a| a.refund_fen - a.refund_freight_fen);
            let value = line.goods_fen() - refunded_fen + line.subsidy_fen();
            let row = Statement {
                settled_at,
                goods_fen: line.goods_fen(),
                freight_fen: line.freight_fen,
                refund_fen: refunded_fen,
                platform_coupon_fen: line.platform_coupon_fen,
                anchor_coupon_fen: line.anchor_coupon_fen,
                platform_fee_fen: at_rate(value, line.sku().platform_bp) + odd_fen,
                commission_fen: at_rate(value, line.sku().anchor_bp),
            };
            line.reversal = refund
                .filter(|a| a.ended_at() > settled_at)
                .map(|a| reversal(line, row, a, a.ended_at() + reversed_after));
            line.statement = Some(row);
        }
    }
}

/// What a refund after the statement takes back: the goods money, fees in proportion, coupons when all went back.
fn reversal(line: &Line, row: Statement, refund: &AfterSale, settled_at: i64) -> Statement {
    let goods_fen = refund.refund_fen - refund.refund_freight_fen;
    let whole = goods_fen >= line.goods_fen();
    let value = line.goods_fen() + line.subsidy_fen();
    let back = if whole { value } else { goods_fen };
    Statement {
        settled_at,
        goods_fen: -goods_fen,
        freight_fen: -refund.refund_freight_fen,
        refund_fen: 0,
        platform_coupon_fen: if whole { -row.platform_coupon_fen } else { 0 },
        anchor_coupon_fen: if whole { -row.anchor_coupon_fen } else { 0 },
        platform_fee_fen: -at_fraction(row.platform_fee_fen, back, value),
        commission_fen: -at_fraction(row.commission_fen, back, value),
    }
}
