//! Kuaishou's limits as numbers, and every point of the protocol that is not confirmed: one constant each.
//!
//! Rule: what was only remembered or inferred stands here (or as a named wire field) and in docs/PLATFORMS.md, so that
//! the first day at the real platform changes this file and not the code around it.

use chrono::TimeDelta;

/// Orders a page.
pub const ORDER_PAGE: i64 = 50;
/// After-sale cases a page.
pub const AFTER_SALE_PAGE: i64 = 100;
/// The longest window of orders.
pub const ORDER_WINDOW: TimeDelta = TimeDelta::days(7);
/// The longest window of after-sale cases. The platform shortens it in busy weeks and says so with an error, upon which
/// the window is halved.
pub const AFTER_SALE_WINDOW: TimeDelta = TimeDelta::days(1);
/// How far back orders and after-sale cases are shown.
pub const REACH: TimeDelta = TimeDelta::days(90);
/// How long an access token lives; a longer life in an answer is not one.
pub const ACCESS_TOKEN_LIFE: TimeDelta = TimeDelta::hours(48);
/// How long a merchant's leave lasts, however often it is renewed.
pub const REFRESH_TOKEN_LIFE: TimeDelta = TimeDelta::days(180);
/// An access token of two days is renewed this long before it ends.
pub const RENEW_BEFORE: TimeDelta = TimeDelta::hours(1);
/// Calls a second for orders, for an app and a shop alike; all together kept well under it, since the platform also has
/// a limit over everything that it does not publish.
pub const CALLS_PER_SECOND: i32 = 100;
pub const BURST: i32 = 50;
/// Details asked for at the same time.
pub const CALLS_AT_ONCE: usize = 4;

/// Unconfirmed: bills a page; a public program asks for as many.
pub const BILL_PAGE: i64 = 100;
/// Unconfirmed: the longest window of bills; none is documented.
pub const SETTLEMENT_WINDOW: TimeDelta = TimeDelta::days(7);
/// Unconfirmed: when the bills of a day are all there; of another list the platform says that it ends with yesterday.
pub const STATED_AFTER: TimeDelta = TimeDelta::hours(15);
/// Unconfirmed: the number by which an ended token is told; its text is told too.
pub const TOKEN_ENDED: i64 = 28;
/// Unconfirmed: both spellings of the end of a list are known, each from another interface; either ends any of them.
pub const ENDS: [&str; 2] = ["nomore", "no_more"];
/// Unconfirmed: the carriers of a sale in a live room. A replay (7) is not one: nobody is on air.
pub const LIVE_CARRIERS: [&str; 1] = ["2"];
/// Unconfirmed: whether what the buyer paid is stated with the anchor's coupon taken off. False: it is not, and the
/// coupon is taken off it here.
pub const PAID_IS_AFTER_ANCHOR_COUPON: bool = true;
/// Unconfirmed: the unit of a bill's amounts. They are text, in public samples yuan and fen both. True: a bill in which
/// some amount has a decimal point is in yuan throughout, one without any is in fen.
pub const BILL_WITHOUT_POINT_IS_FEN: bool = true;
