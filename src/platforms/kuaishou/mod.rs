//! 快手小店, the shops of Kuaishou: orders, after-sale cases and settled bills over its open platform.
//!
//! A call goes: parameters → [`sign`] → one GET → [`wire::envelope`] → [`errors`] or data; then each record alone:
//! [`wire`] → [`convert`] → a record with its evidence, or a rejection with its reason.
//!
//! What is unlike elsewhere, each held by a test of that name:
//!
//! - one order number is one SKU line; there is no parent, so every order has one line with the order's own number;
//! - the list of orders names neither the live room nor who bears which coupon: each order costs a call for its detail
//!   and, once paid, one for its fees;
//! - the place to go on from is `cursor` for orders and bills and `pcursor` for after-sale cases, and the end is
//!   `nomore`, or `no_more` for bills;
//! - times are milliseconds, the newest come first unless asked otherwise, orders are asked for seven days at once and
//!   cases for one;
//! - the signature is base64 and its key is a secret of its own, not the app's.
//!
//! What it says of itself, limits and unconfirmed points, is in [`limits`] and docs/PLATFORMS.md.

pub mod client;
pub mod convert;
pub mod errors;
pub mod limits;
pub mod push;
pub mod sign;
pub mod wire;

pub use client::Kuaishou;

use super::Platform;
use super::connector::{Interface, Needs, Question};

/// 快手小店 as a pull knows it.
pub static INTERFACE: Interface = Interface {
    platform: Platform::Kuaishou,
    endpoint: "https://openapi.kwaixiaodian.com",
    orders: Question { method: client::ORDERS, longest: limits::ORDER_WINDOW, reaches: Some(limits::REACH) },
    refunds: Question { method: client::AFTER_SALES, longest: limits::AFTER_SALE_WINDOW, reaches: Some(limits::REACH) },
    settlements: Question { method: client::SETTLEMENTS, longest: limits::SETTLEMENT_WINDOW, reaches: None },
    stated_after: limits::STATED_AFTER,
    renew_before: limits::RENEW_BEFORE,
    needs: Needs { sign_secret: true, merchant_code: true, listed_address: false },
    connect: |link| Box::new(Kuaishou::new(link)),
};
