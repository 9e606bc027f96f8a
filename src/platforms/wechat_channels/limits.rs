//! WeChat's limits as numbers, and every point of the protocol that is not confirmed: one constant each.
//!
//! Rule: what was only remembered or inferred stands here (or as a named wire field) and in docs/PLATFORMS.md, so that
//! the first day at the real platform changes this file and not the code around it.

use chrono::TimeDelta;

/// Numbers a page. An older page of the documentation says 50; a page of more than was asked for is refused.
pub const PAGE_SIZE: i64 = 100;
/// After-sale cases a page: the platform decides and does not say; more than these would not be an answer.
pub const MOST_CASES: i64 = 1_000;
/// The longest window of orders.
pub const ORDER_WINDOW: TimeDelta = TimeDelta::days(7);
/// The longest window of after-sale cases.
pub const AFTER_SALE_WINDOW: TimeDelta = TimeDelta::hours(24);
/// How long a token lives at most.
pub const TOKEN_LIFE: TimeDelta = TimeDelta::seconds(7_200);
/// In the last minutes of a stable token the platform hands out the next one, and both are good.
pub const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(5);
/// An order says itself that it was settled, at once: a day is told when it is over.
pub const STATED_AFTER: TimeDelta = TimeDelta::zero();
/// Details asked for at the same time.
pub const CALLS_AT_ONCE: usize = 4;

/// Unconfirmed: no rate is published; elsewhere 500 calls in 30 seconds were spoken of.
pub const CALLS_PER_SECOND: i32 = 15;
/// Unconfirmed, as above.
pub const BURST: i32 = 15;
/// Unconfirmed: this number means that the token is not one, like the two that are documented.
pub const TOKEN_INVALID: i64 = 40_014;
/// Unconfirmed: these mean that the secret is wrong, and that the address is not on the list.
pub const SECRET_WRONG: i64 = 40_125;
pub const ADDRESS_UNLISTED: i64 = 40_164;
/// Unconfirmed: the scenes of a sale in a live room.
pub const LIVE_SCENES: [&str; 1] = ["2"];
/// Unconfirmed: the part of the service fee that comes back as cards for views is charged beside the fee, not inside it.
pub const CARD_FEE_STANDS_BESIDE: bool = true;
/// Unconfirmed: platform and talent coupons are paid out to the shop when the order settles.
pub const COUPONS_ARE_PAID_OUT: bool = true;
