//! Douyin's limits as numbers, and every point of the protocol that is not confirmed: one constant each.
//!
//! Rule: what was only remembered or inferred stands here (or as a named wire field) and in docs/PLATFORMS.md, so that
//! the first day at the real platform changes this file and not the code around it.

use chrono::TimeDelta;

/// Rows a page: the most that is allowed, everywhere.
pub const PAGE_SIZE: i64 = 100;
/// Rows that may be paged through in one window of orders or after-sale cases.
pub const MAX_ROWS: i64 = 50_000;
/// The longest window of orders or after-sale cases. The platform states none; this one holds what a pull asks at once,
/// its overlap included.
pub const LISTING_WINDOW: TimeDelta = TimeDelta::days(8);
/// The longest window of statements.
pub const SETTLEMENT_WINDOW: TimeDelta = TimeDelta::days(7);
/// How far back orders are shown, by the time they were made.
pub const ORDERS_REACH: TimeDelta = TimeDelta::days(90);
/// Statements of a day are there at three in the afternoon of the next.
pub const STATED_AFTER: TimeDelta = TimeDelta::hours(15);
/// A window of statements has no documented end of paging; this one keeps a broken cursor from going round for ever.
pub const MAX_SETTLEMENT_PAGES: i64 = 5_000;
/// How long a refresh token lives.
pub const REFRESH_TOKEN_LIFE: TimeDelta = TimeDelta::days(14);
/// An access token of seven days is renewed this long before it ends.
pub const RENEW_BEFORE: TimeDelta = TimeDelta::hours(1);

/// Unconfirmed: the real rate is set per app and interface in Douyin's console and not published.
pub const CALLS_PER_SECOND: i32 = 20;
/// Unconfirmed, as above.
pub const BURST: i32 = 20;
/// Details asked for at the same time, each at the rate limit.
pub const CALLS_AT_ONCE: usize = 4;
/// Unconfirmed: whether coupons of the red-packet kind stand beside the promotion amounts (so that both are taken off)
/// or are already inside them.
pub const REDPACK_STANDS_BESIDE: bool = true;
/// Unconfirmed: the sign of a statement's row after a refund. +1: such a row states its amounts as negative numbers,
/// like its settled amount. -1: it states sizes, and only the settled amount is negative.
pub const REVERSAL_SIGN: i64 = 1;
