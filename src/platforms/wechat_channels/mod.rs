//! 微信视频号小店, the shops of WeChat Channels: orders, after-sale cases and settlements over WeChat's open interface.
//!
//! A call goes: parameters → one POST → [`wire::envelope`] → [`errors`] or data; then each record alone: [`wire`] →
//! [`convert`] → a record with its evidence, or a rejection with its reason.
//!
//! What is unlike elsewhere, each held by a test of that name:
//!
//! - requests are not signed: the caller's address must be on the shop's list, and the token is the app's secret made
//!   good for two hours; the stable token, which does not end the one another program holds;
//! - a list gives numbers only, a hundred at most, and each record costs a call of its own;
//! - orders are asked for seven days at once, after-sale cases for a day;
//! - a number may come as a JSON number above 2^53 or as text, and is text here;
//! - who sold an order and for what commission is known some time after it was paid, sometimes without its update time
//!   moving: it is read again whenever the order is, and is never taken for absent for good;
//! - there is no statement: what was settled stands in the order, with the cases that were over by then.
//!
//! What it says of itself, limits and unconfirmed points, is in [`limits`] and docs/PLATFORMS.md.

pub mod client;
pub mod convert;
pub mod errors;
pub mod limits;
pub mod push;
pub mod sign;
pub mod wire;

pub use client::WechatChannels;

use super::Platform;
use super::connector::{Interface, Needs, Question};

/// 视频号小店 as a pull knows it.
pub static INTERFACE: Interface = Interface {
    platform: Platform::WechatChannels,
    endpoint: "https://api.weixin.qq.com",
    orders: Question { method: client::ORDERS, longest: limits::ORDER_WINDOW, reaches: None },
    refunds: Question { method: client::AFTER_SALES, longest: limits::AFTER_SALE_WINDOW, reaches: None },
    settlements: Question { method: client::SETTLEMENTS, longest: limits::ORDER_WINDOW, reaches: None },
    stated_after: limits::STATED_AFTER,
    renew_before: limits::RENEW_BEFORE,
    needs: Needs { sign_secret: false, merchant_code: false, listed_address: true },
    connect: |link| Box::new(WechatChannels::new(link)),
};
