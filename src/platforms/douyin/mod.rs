//! 抖店, the shops of Douyin: orders, after-sale cases and statements over its open platform.
//!
//! A call goes: parameters → [`canonical`](super::canonical) → [`sign`] → one POST → [`wire::envelope`] → [`errors`] or
//! data; then each record alone: [`wire`] → [`convert`] → a record with its evidence, or a rejection with its reason.
//! [`client`] does this a page at a time and holds the rate limit and the retries; it knows nothing of what was fetched
//! before.
//!
//! Rule: money that does not add up is not guessed at. An order whose lines do not sum to what was paid, and a
//! statement row whose parts do not sum to what was settled, are rejected aloud.
//!
//! Ask by update time, ascending: the platform's own order is newest first, and rows move between pages while one
//! reads. What it says of itself, limits and unconfirmed points, is in [`limits`] and docs/PLATFORMS.md.

pub mod client;
pub mod convert;
pub mod errors;
pub mod limits;
pub mod sign;
pub mod wire;

pub use client::Douyin;

use super::Platform;
use super::connector::{Interface, Needs, Question};

/// 抖店 as a pull knows it.
pub static INTERFACE: Interface = Interface {
    platform: Platform::Douyin,
    endpoint: "https://openapi-fxg.jinritemai.com",
    orders: Question { method: client::ORDERS, longest: limits::LISTING_WINDOW, reaches: Some(limits::ORDERS_REACH) },
    refunds: Question { method: client::AFTER_SALES, longest: limits::LISTING_WINDOW, reaches: None },
    settlements: Question { method: client::SETTLEMENTS, longest: limits::SETTLEMENT_WINDOW, reaches: None },
    stated_after: limits::STATED_AFTER,
    renew_before: limits::RENEW_BEFORE,
    needs: Needs { sign_secret: false, merchant_code: false, listed_address: false },
    connect: |link| Box::new(Douyin::new(link)),
};
