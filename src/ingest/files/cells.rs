//! Single cells as back offices and spreadsheets really write them: wrapped ids, amounts, days, nothing.
//!
//! Rule that must hold: digits that a spreadsheet has thrown away are never guessed: such an id is refused, and its row
//! set aside with it.

use super::personal::{self, refused};
use crate::domain::calendar::{Instant, local, start_of};
use crate::domain::lang::in_both;
use crate::domain::money::parse_fen;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Digits a spreadsheet keeps of a number; those behind them become zeros.
const DIGITS_KEPT: usize = 15;
/// Serial days that may stand for a date (2009 to 2064); others are numbers.
const SERIAL_DAYS: std::ops::Range<i64> = 40_000..60_000;

/// Takes off what exports put around a cell (white space, a tab, an apostrophe, `="…"`); the signs for nothing are ''.
pub fn clean(cell: &str) -> &str {
    let cell = cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}'));
    let cell = cell.strip_prefix("=\"").and_then(|c| c.strip_suffix('"')).unwrap_or(cell);
    let cell = cell.trim_start_matches(['\'', '\t']).trim();
    match cell {
        "-" | "--" | "—" | "——" | "/" | "null" | "NULL" | "#N/A" => "",
        other => other,
    }
}

/// An id, unless a spreadsheet has turned it into a number and its digits are lost.
pub fn id(cell: &str) -> Result<&str, String> {
    if cell.is_empty() {
        return Err("编号为空 / no number".into());
    }
    if is_scientific(cell) {
        return Err(in_both(
            &format!("编号 {cell} 已被电子表格改成科学计数，位数丢失，请重新导出"),
            &format!("a spreadsheet has ruined the number {cell}, export the file again"),
        ));
    }
    if !personal::is_number_of_a_record(cell) {
        return Err(
            "编号不像平台的编号，可能是列错位了 / not a number of the platform's, the columns may have slipped".into(),
        );
    }
    Ok(cell)
}

/// `6.91E+18` and its like: digits, perhaps a point, an exponent.
fn is_scientific(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    cell.split_once(['E', 'e']).is_some_and(|(mantissa, exponent)| {
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        digits(whole) && digits(part) && digits(exponent.trim_start_matches(['+', '-']))
    })
}

/// How an id of more digits than a spreadsheet keeps ends: `Some(true)` in zeros from there on, as a ruined one would.
pub fn rounded_tail(id: &str) -> Option<bool> {
    let long = id.len() > DIGITS_KEPT && id.bytes().all(|b| b.is_ascii_digit());
    long.then(|| id.bytes().skip(DIGITS_KEPT).all(|b| b == b'0'))
}

/// An amount in yuan as fen; nothing is `None`. `(1.23)` is negative; a percentage is not an amount.
pub fn money(cell: &str) -> Result<Option<i64>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let bad = || refused(cell, "不是有效金额", "is not an amount");
    let plain: String = cell
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '¥' | '￥' | ',' | '，' | '元' | '\''))
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            '−' | '－' => '-',
            other => other,
        })
        .collect();
    let (negative, digits) = match plain.strip_prefix('(').and_then(|p| p.strip_suffix(')')) {
        Some(inner) => (true, inner),
        None => (false, plain.as_str()),
    };
    let fen = parse_fen(digits).filter(|_| digits.bytes().any(|b| b.is_ascii_digit())).ok_or_else(bad)?;
    Ok(Some(if negative { -fen } else { fen }))
}

/// A whole number, `1`, `1.0` or `1件`; nothing is `None`.
pub fn count(cell: &str) -> Result<Option<i64>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let digits: String = cell.chars().filter(|c| !matches!(c, ',' | '，' | ' ' | '件' | '人' | '次')).collect();
    let number = digits.parse::<Decimal>().ok().filter(|n| n.normalize().scale() == 0).and_then(|n| n.to_i64());
    number.filter(|n| *n >= 0).map(Some).ok_or_else(|| refused(cell, "不是整数", "is not a whole number"))
}

/// A date and time as exports write them (`2026-09-01 12:00:00`, `2026/9/1 8:00`, `2026.09.01`, `2026年09月01日 12:00:00`,
/// ISO, a spreadsheet's serial day), Beijing time; nothing is `None`.
pub fn instant(cell: &str) -> Result<Option<Instant>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    plain(cell)
        .or_else(|| zoned(cell))
        .or_else(|| serial(cell))
        .map(Some)
        .ok_or_else(|| refused(cell, "不是有效时间", "is not a date and time"))
}

fn plain(cell: &str) -> Option<Instant> {
    let split = cell.find(['T', ' ', '\u{3000}']).or_else(|| cell.find('日').map(|at| at + '日'.len_utf8()));
    let (day, time) = split.map_or((cell, ""), |at| cell.split_at(at));
    let day = day.trim_end_matches('日').replace(['/', '.', '年', '月'], "-");
    let day = NaiveDate::parse_from_str(&day, "%Y-%m-%d").ok()?;
    let time = time.trim_start_matches(['T', ' ', '\u{3000}', '日']);
    if time.is_empty() {
        return Some(start_of(day));
    }
    let time = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(time, format).ok())?;
    Some(local(NaiveDateTime::new(day, time)))
}

fn zoned(cell: &str) -> Option<Instant> {
    DateTime::parse_from_rfc3339(cell).ok().map(|at| at.to_utc())
}

/// Days since the last of 1899, with the time as their fraction.
fn serial(cell: &str) -> Option<Instant> {
    let days: Decimal = cell.parse().ok()?;
    let whole = days.trunc().to_i64().filter(|whole| SERIAL_DAYS.contains(whole))?;
    let seconds = (days.fract() * Decimal::from(86_400)).round().to_i64()?;
    let midnight = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)?;
    Some(local(midnight + TimeDelta::days(whole) + TimeDelta::seconds(seconds)))
}

/// The export's own instant, where its file name begins with the epoch second.
pub fn exported_at(name: &str) -> Option<Instant> {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    let seconds: i64 = match digits.len() {
        10 => digits.parse().ok()?,
        13 => digits[..10].parse().ok()?,
        _ => return None,
    };
    DateTime::from_timestamp(seconds, 0)
}

/// Provinces, as addresses begin; the short form is enough to be one.
const PROVINCES: [(&str, &str); 34] = [
    ("北京", "北京市"),
    ("天津", "天津市"),
    ("河北", "河北省"),
    ("山西", "山西省"),
    ("内蒙古", "内蒙古自治区"),
    ("辽宁", "辽宁省"),
    ("吉林", "吉林省"),
    ("黑龙江", "黑龙江省"),
    ("上海", "上海市"),
    ("江苏", "江苏省"),
    ("浙江", "浙江省"),
    ("安徽", "安徽省"),
    ("福建", "福建省"),
    ("江西", "江西省"),
    ("山东", "山东省"),
    ("河南", "河南省"),
    ("湖北", "湖北省"),
    ("湖南", "湖南省"),
    ("广东", "广东省"),
    ("广西", "广西壮族自治区"),
    ("海南", "海南省"),
    ("重庆", "重庆市"),
    ("四川", "四川省"),
    ("贵州", "贵州省"),
    ("云南", "云南省"),
    ("西藏", "西藏自治区"),
    ("陕西", "陕西省"),
    ("甘肃", "甘肃省"),
    ("青海", "青海省"),
    ("宁夏", "宁夏回族自治区"),
    ("新疆", "新疆维吾尔自治区"),
    ("台湾", "台湾省"),
    ("香港", "香港特别行政区"),
    ("澳门", "澳门特别行政区"),
];

/// The province an address begins with, and nothing else of it.
pub fn province(cell: &str) -> Option<&'static str> {
    PROVINCES.into_iter().find(|(short, _)| cell.starts_with(short)).map(|(_, full)| full)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    #[test]
    fn wrapped_ids_are_unwrapped() {
        for wrapped in [
            "\t6917490000000000001",
            "'6917490000000000001",
            "=\"6917490000000000001\"",
            " 6917490000000000001\u{3000}",
        ] {
            assert_eq!(clean(wrapped), "6917490000000000001");
        }
    }

    #[test]
    fn the_signs_for_nothing_are_nothing() {
        for nothing in ["-", "--", "—", "/", "null", " ", "\t-", "'"] {
            assert_eq!(clean(nothing), "", "{nothing:?}");
        }
    }

    #[test]
    fn a_ruined_id_is_refused() {
        assert!(id("6.91749E+18").is_err() && id("7e18").is_err() && id("").is_err());
        assert_eq!(id("E2026-17"), Ok("E2026-17"));
        assert_eq!(rounded_tail("6917490000000010000"), Some(true));
        assert_eq!(rounded_tail("6917490000000000001"), Some(false));
        assert_eq!((rounded_tail("260901-1000000000000000"), rounded_tail("1000")), (None, None));
    }

    #[test]
    fn amounts_are_read_as_exports_write_them() {
        for (cell, fen) in [
            ("¥1,299.90", 129_990),
            ("￥12", 1_200),
            ("598.00元", 59_800),
            ("(1.23)", -123),
            ("（1.23）", -123),
            ("-¥3.10", -310),
            ("0.00", 0),
            ("+2.5", 250),
        ] {
            assert_eq!(money(cell), Ok(Some(fen)), "{cell}");
        }
        assert_eq!(money(""), Ok(None));
        for odd in ["30.0%", "无退款申请", "1.005", "()"] {
            assert!(money(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn dates_are_read_as_exports_write_them() {
        let noon = instant("2026-09-01 12:00:00").unwrap();
        for same in [
            "2026/9/1 12:00",
            "2026.09.01 12:00:00",
            "2026年09月01日 12:00:00",
            "2026年9月1日12:00:00",
            "2026-09-01T12:00:00",
            "46266.5",
            "2026-09-01T04:00:00Z",
        ] {
            assert_eq!(instant(same).unwrap(), noon, "{same}");
        }
        assert_eq!(instant("2026.09.01").unwrap(), instant("2026-09-01 00:00:00").unwrap());
        assert_eq!(instant("").unwrap(), None);
        assert!(instant("2026-02-30").is_err() && instant("12.50").is_err() && instant("soon").is_err());
    }

    #[test]
    fn a_file_name_may_begin_with_the_second_of_its_export() {
        assert_eq!(exported_at("1600000000_x.csv").unwrap().timestamp(), 1_600_000_000);
        assert_eq!(exported_at("1600000000123订单.csv").unwrap().timestamp(), 1_600_000_000);
        assert_eq!(exported_at("2020-02.csv"), None);
    }

    #[test]
    fn of_an_address_the_province_is_left() {
        assert_eq!(province("江西省吉安市遂川县某路 1 号"), Some("江西省"));
        assert_eq!(province("广西"), Some("广西壮族自治区"));
        assert_eq!((province("****"), province("某路 1 号")), (None, None));
    }
}
