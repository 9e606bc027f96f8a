//! What really happened in the world, reckoned plainly: the answers the stories are held to.

use chrono::TimeDelta;
use red_anchor::domain::calendar::{Day, Instant, local, parse_day};
use red_anchor::platforms::Platform;
use red_anchor::sandbox::world::dice::mix;
use red_anchor::sandbox::world::goods::sku_no;
use red_anchor::sandbox::world::orders::{AfterSale, Line, Order};
use red_anchor::sandbox::world::shops::Shop;
use red_anchor::sandbox::world::{World, first_day};

/// The association's shop, as it sells on one platform.
pub struct Truth {
    pub world: World,
    pub platform: Platform,
    /// One order in twenty shows its changes half an hour late.
    pub late_updates: bool,
}

/// Sums over everything that had happened at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub paid: i64,
    pub unpaid: i64,
    pub refunded: i64,
    pub gmv_fen: i64,
    pub subsidy_fen: i64,
    pub refund_fen: i64,
}

pub fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

/// An hour of a day in Asia/Shanghai.
pub fn at(text: &str, hour: u32) -> Instant {
    local(day(text).and_hms_opt(hour, 0, 0).unwrap())
}

impl Truth {
    /// All orders made up to a moment.
    pub fn orders(&self, now: i64) -> Vec<Order> {
        let last = red_anchor::domain::calendar::day_of(chrono::DateTime::from_timestamp(now, 0).unwrap());
        let mut on = first_day();
        let mut orders = Vec::new();
        while on <= last {
            orders.extend(self.world.day(Shop::Association, on));
            on += TimeDelta::days(1);
        }
        orders.retain(|order| order.created_at <= self.seen(order, now));
        orders
    }

    /// Up to when an order's changes are shown.
    fn seen(&self, order: &Order, now: i64) -> i64 {
        if self.late_updates && mix(1, order.order_no).is_multiple_of(20) { now - 1_800 } else { now }
    }

    /// The platform's order numbers of an order: on one of them each line is an order.
    pub fn order_nos(&self, order: &Order) -> Vec<String> {
        match self.platform {
            Platform::Kuaishou => order.lines.iter().map(|line| line.line_no.to_string()).collect(),
            _ => vec![order.order_no.to_string()],
        }
    }

    /// The number of a line.
    pub fn line_no(&self, order: &Order, line: &Line) -> String {
        match self.platform {
            Platform::WechatChannels => format!("{}:{}", order.order_no, sku_no(order.shop, line.sku)),
            _ => line.line_no.to_string(),
        }
    }

    pub fn sums(&self, now: i64) -> Sums {
        let mut sums = Sums::default();
        for order in self.orders(now) {
            let seen = self.seen(&order, now);
            let groups: Vec<Vec<&Line>> = match self.platform {
                Platform::Kuaishou => order.lines.iter().map(|line| vec![line]).collect(),
                _ => vec![order.lines.iter().collect()],
            };
            let paid = order.paid_at != 0 && order.paid_at <= seen;
            for lines in groups {
                if !paid {
                    sums.unpaid += 1;
                    continue;
                }
                sums.paid += 1;
                sums.gmv_fen += lines.iter().map(|line| line.goods_fen() + line.freight_fen).sum::<i64>();
                let back: i64 = lines.iter().filter_map(|line| refund(line, now)).map(|case| case.refund_fen).sum();
                sums.refund_fen += back;
                sums.refunded += i64::from(back > 0);
                for line in lines {
                    let whole = line.refunded_wholly() && refund(line, now).is_some();
                    sums.subsidy_fen += if whole { 0 } else { line.subsidy_fen() };
                }
            }
        }
        sums
    }
}

/// The case of a line whose money was back at a moment.
pub fn refund(line: &Line, now: i64) -> Option<&AfterSale> {
    line.after_sale.as_deref().filter(|case| case.has_succeeded(now))
}
