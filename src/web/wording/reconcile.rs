//! Words of comparing with the platform, on pages and on the command line.

use crate::domain::reconcile::{Measure, Reason};
use crate::domain::statements::Waits;

words! {
    /// Days, measures, reasons.
    Reconcile {
        nav: "对账" | "Reconcile",
        title: "我们的账和平台的账" | "Our books beside the platform's",
        note: "按天比：每一笔差异都能点开看原因。比对时间见每一天。" | "Day by day; every difference opens to its reason. Each day says when it was compared.",
        none: "这些天还没有对过账。" | "Nothing was compared on these days.",
        none_do: "换一段时间看看；要对别的日子，请告诉管服务器的人。" | "Choose other days; to have more compared, tell whoever looks after the server.",
        none_county: "对账按整个店铺比，只给管全县的人看。" | "Whole shops are compared, which only readers of the whole county see.",
        all_agree: "比过的 {0} 个店日（一个店一天算一个）都对得上。" | "All {0} shop-days compared agree (one shop on one day is one).",
        some_differ: "比过的 {0} 个店日（一个店一天算一个）里有 {1} 个对不上，共 {2} 处差异。" | "{1} of {0} shop-days compared (one shop on one day is one) differ, with {2} differences.",
        col_day: "日期" | "Day",
        col_shop: "店铺" | "Shop",
        col_result: "结果" | "Result",
        ours: "{0}·我方（元）" | "{0}, ours (yuan)",
        theirs: "{0}·对方（元）" | "{0}, theirs (yuan)",
        agrees: "一致" | "agrees",
        differs: "{0} 处差异" | "{0} differences",
        day_title: "{0} · {1}" | "{0} · {1}",
        back: "回到对账" | "Back to all days",
        beside: "对方：{0} · 比对于 {1}" | "The other side: {0} · compared {1}",
        by_interface: "平台接口" | "the platform's interface",
        by_file: "文件 {0}" | "file {0}",
        sums: "我方 {0} 单 {1} 元，对方 {2} 单 {3} 元，相差 {4} 元" | "ours {0} orders, {1} yuan; theirs {2} orders, {3} yuan; {4} yuan apart",
        none_differ: "没有差异。" | "No differences.",
        first_shown: "只列前 {0} 处，共 {1} 处。" | "The first {0} of {1}.",
        col_order: "订单号" | "Order",
        col_reason: "原因" | "Reason",
        col_our_day: "我方日期" | "Our day",
        col_our_amount: "我方（元）" | "Ours (yuan)",
        col_their_day: "对方日期" | "Their day",
        col_their_amount: "对方（元）" | "Theirs (yuan)",
        col_apart: "相差（元）" | "Apart (yuan)",
        sales: "成交额" | "GMV",
        refunds: "退款" | "Refunds",
        settled: "结算款" | "Settled",
        waits_short: "结算单未到" | "statement awaited",
        not_due: "当天的结算单平台还没有出，到时候再比，不算差异。" | "The platform has not stated this day yet; it is compared when it has, and is no difference.",
        not_asked: "平台已经出了当天的结算单，但这个店还没有再取过数；取了以后还没有才算少。" | "The platform has stated this day and the shop was not pulled since; only what is still lacking after that is missing.",
        missing: "我方没有" | "missing here",
        extra: "对方没有" | "only here",
        amount: "金额不同" | "amount differs",
        day: "日期口径不同" | "dated otherwise",
        amount_and_day: "金额和日期都不同" | "amount and day differ",
    }
}

impl Reconcile {
    pub const fn of_waits(&self, waits: Waits) -> &'static str {
        match waits {
            Waits::NotDue => self.not_due,
            Waits::NotAsked => self.not_asked,
        }
    }

    pub const fn of_measure(&self, measure: Measure) -> &'static str {
        match measure {
            Measure::Sales => self.sales,
            Measure::Refunds => self.refunds,
            Measure::Settled => self.settled,
        }
    }

    pub const fn of_reason(&self, reason: Reason) -> &'static str {
        match reason {
            Reason::Missing => self.missing,
            Reason::Extra => self.extra,
            Reason::Amount => self.amount,
            Reason::Day => self.day,
            Reason::AmountAndDay => self.amount_and_day,
        }
    }
}
