//! What a platform's words can mean. A word a profile does not list is never guessed: it is pending, and counted.

use serde::{Deserialize, Serialize};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Orders,
    AfterSales,
    /// Statement rows 动账明细.
    Settlements,
    /// Broadcasts 场次.
    Live,
}

impl Kind {
    /// All of them, in the order people are asked.
    pub const ALL: [Self; 4] = [Self::Orders, Self::AfterSales, Self::Settlements, Self::Live];

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// As in a profile and in the import log.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::AfterSales => "after_sales",
            Self::Settlements => "settlements",
            Self::Live => "live",
        }
    }
}

/// What one row of an order file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// A line with the platform's number.
    Line,
    /// A piece of goods of an order, without a number of its own.
    Item,
    /// A whole order.
    Order,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusWord {
    Unpaid,
    /// Paid and not sent.
    Paid,
    Shipped,
    Completed,
    Cancelled,
}

/// Where the after-sale of a row or a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterSaleWord {
    None,
    Pending,
    /// The money went back.
    Refunded,
    /// Refused or withdrawn.
    Closed,
}

/// What a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseWord {
    /// Goods come back, money goes back.
    Return,
    /// Money goes back, goods stay.
    RefundOnly,
    /// Money goes back, goods were never sent.
    Unshipped,
    /// 价保: the price fell.
    PriceProtection,
    /// Goods are sent once more, or exchanged.
    Resend,
    /// No money and no goods.
    Repair,
}

/// What a statement row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scene {
    /// A sale or its reversal, its parts in columns of their own.
    Parts,
    /// The whole amount is one part of a sale.
    Goods,
    Freight,
    Subsidy,
    Refund,
    PlatformFee,
    AnchorFee,
    /// Paid to a buyer outside sales and refunds (消费者赔付, 小额打款).
    Compensation,
    /// No sale at all: 提现, 充值, 保证金.
    NoSale,
}
