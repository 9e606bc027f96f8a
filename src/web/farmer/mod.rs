//! 农户: a phone in `WeChat`, often an elderly reader. One column, large type, plain words, no script.
//!
//! The month answers, in this order: what arrived, what is due and when, what is not settled, how much was sold and
//! what it brought against the farm-gate price, what came back and why, day by day; then each listing of the month and one
//! parcel worked out line by line. Rule: a page never shows a zero for something nobody has recorded: until the first payout of the county is
//! recorded, the page says so in place of what arrived.

pub mod day;
pub mod device;
pub mod goods;
pub mod listing;
pub mod lots;
pub mod month;
pub mod paper;
pub mod parcel;
pub mod payouts;
pub mod requests;

use crate::domain::calendar::Day;
use crate::web::context::Ctx;
use crate::web::ui::number;
use crate::web::wording::fill;
use chrono::Datelike;

/// An amount as farmers see it on money: `¥ 2,316.40`; the minus stands before the sign.
pub fn money(fen: i64) -> String {
    let text = number::yuan(fen);
    text.strip_prefix('\u{2212}').map_or_else(|| format!("¥ {text}"), |amount| format!("\u{2212}¥ {amount}"))
}

/// A day of a month that is named beside it, in words.
fn day_words(day: Day, ctx: &Ctx) -> String {
    fill(ctx.words.farmer.day_zh, &[&day.month().to_string(), &day.day().to_string()])
}

/// A month in words.
fn month_words(month: Day, ctx: &Ctx) -> String {
    fill(ctx.words.farmer.month_zh, &[&month.year().to_string(), &month.month().to_string()])
}
