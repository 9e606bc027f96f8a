//! What a file says of persons and must not leave a trace: whatever stands in a column where it does not belong. A row whose
//! columns slipped puts a phone or a street where an amount should be; its reason and its evidence are kept, so neither
//! may repeat it. Nor may what stands where a heading should ([`tells_of_a_person`]).

use crate::domain::lang::in_both;
use std::ops::Range;

/// Longest run of digits that is shown: a mobile number has eleven, an identity card eighteen.
const MOST_DIGITS: usize = 10;

/// Longest number that is shown where nothing says what it is.
const PLAIN_DIGITS: usize = 6;
/// What people put between the groups of a number.
const WITHIN_NUMBERS: [char; 8] = [' ', '-', '.', '(', ')', '·', '—', '\u{a0}'];
/// Signs of an address, and how many of them make one: fewer beside a number.
const OF_PLACES: [char; 20] = [
    '省', '市', '区', '县', '镇', '乡', '村', '组', '路', '街', '道', '巷', '弄', '号', '栋', '幢', '楼', '室', '屯',
    '寨',
];
const SIGNS_OF_A_PLACE: usize = 3;
/// Family names that hardly a word of a table begins with, and those that some do (周期, 余额, 马上).
const FAMILY_NAMES: &str = "王李张刘陈杨黄赵吴徐朱胡郭罗郑梁谢宋唐许韩冯邓曹彭肖董袁潘蒋蔡杜苏魏吕丁沈姚卢姜崔谭汪范廖贾韦邹邱尹薛侯陶黎贺郝龚邵";
const FAMILY_NAMES_AND_WORDS: &str = "周马高林何孙余田孔顾秦史夏毛钟陆曾叶傅欧";
/// Ends of headings that begin like a name: 张数, 许可号.
const ENDS_OF_HEADINGS: &str = "数号额期价量款间费率码";
/// Characters of a name.
const NAME: std::ops::RangeInclusive<usize> = 2..=3;

/// A number in a text: where it stands, and how many digits it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    pub at: Range<usize>,
    pub digits: usize,
}

impl Number {
    /// True if it may be called, or is an identity card's.
    pub const fn is_long(&self) -> bool {
        self.digits > PLAIN_DIGITS
    }
}

/// The numbers of a text. Groups of digits with a space, a hyphen or the like between are one, as people write phones;
/// those of a day and of an amount are not. Digits of full width are digits.
pub fn numbers(text: &str) -> Vec<Number> {
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let mut groups: Vec<(Range<usize>, String)> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_digit(*c)) {
        let digit =
            if c.is_ascii() { c } else { char::from(b'0' + u8::try_from(c as u32 - '０' as u32).unwrap_or(0)) };
        match groups.last_mut() {
            Some((range, digits)) if range.end == at => {
                range.end = at + c.len_utf8();
                digits.push(digit);
            }
            _ => groups.push((at..at + c.len_utf8(), digit.to_string())),
        }
    }
    let mut found = Vec::new();
    let mut rest = groups.as_slice();
    while let Some(((first, digits), _)) = rest.split_first() {
        let alone = |(range, digits): &(Range<usize>, String)| Number { at: range.clone(), digits: digits.len() };
        let chained = 1 + rest.windows(2).take_while(|pair| is_within(&text[pair[0].0.end..pair[1].0.start])).count();
        let chain = &rest[..chained];
        let taken = if is_day(chain) {
            3
        } else if is_amount(text, chain) {
            2
        } else {
            let last = chain.last().map_or(first.end, |(range, _)| range.end);
            let all = chain.iter().map(|(_, digits)| digits.len()).sum::<usize>().max(digits.len());
            found.push(Number { at: first.start..last, digits: all });
            rest = &rest[chained..];
            continue;
        };
        found.extend(rest[..taken].iter().map(alone));
        rest = &rest[taken..];
    }
    found
}

fn is_within(gap: &str) -> bool {
    gap.chars().count() <= 2 && gap.chars().all(|c| WITHIN_NUMBERS.contains(&c))
}

/// Begins with year, month and day.
fn is_day(chain: &[(Range<usize>, String)]) -> bool {
    let [(_, year), (_, month), (_, day), ..] = chain else { return false };
    let upto =
        |digits: &str, most: u32| digits.len() <= 2 && digits.parse().is_ok_and(|n: u32| (1..=most).contains(&n));
    year.len() == 4 && (year.starts_with("19") || year.starts_with("20")) && upto(month, 12) && upto(day, 31)
}

/// Two groups with a point between, the second of cents.
fn is_amount(text: &str, chain: &[(Range<usize>, String)]) -> bool {
    let [(whole, _), (part, cents)] = chain else { return false };
    cents.len() <= 2 && &text[whole.end..part.start] == "."
}

/// True for what looks like somebody's name, as a value: of two or three characters, the first a family name. Some words
/// do as well, and are taken for one.
pub fn may_be_a_name(text: &str) -> bool {
    text.chars().next().is_some_and(|first| FAMILY_NAMES_AND_WORDS.contains(first) && is_of_a_name(text))
        || is_a_name(text)
}

/// True for what stands where a heading should and is none, because it is about somebody: the one rule for headings that
/// are recognised, shown, or kept in a profile.
pub fn is_no_heading(text: &str) -> bool {
    tells_of_a_person(text) || is_a_name(text)
}

/// The same of what stands where a heading should, where a word taken for a name costs more.
fn is_a_name(text: &str) -> bool {
    let ends = text.chars().next_back().is_some_and(|last| ENDS_OF_HEADINGS.contains(last));
    !ends && is_of_a_name(text) && text.chars().next().is_some_and(|first| FAMILY_NAMES.contains(first))
}

fn is_of_a_name(text: &str) -> bool {
    NAME.contains(&text.chars().count()) && text.chars().all(is_chinese)
}

pub fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// A word of a platform's as it may be shown and kept: where columns slipped, something of a person stands there.
pub fn told(word: &str) -> &str {
    if tells_of_a_person(word) || may_be_a_name(word) { "***" } else { word }
}

/// True for what somebody could be called, visited or known by: a number that is long, an address, a mailbox. A bare name
/// is told by [`may_be_a_name`] and [`is_a_name`].
pub fn tells_of_a_person(text: &str) -> bool {
    let numbers = numbers(text);
    // 省市区 and the like say what a column holds and are one sign
    let place = |c: char| OF_PLACES.contains(&c);
    let mut before = None;
    let mut signs = 0;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        signs += usize::from(place(c) && before.is_some_and(|b: char| b.is_alphanumeric() && !place(b)));
        before = Some(c);
    }
    let is_place = signs >= SIGNS_OF_A_PLACE || (signs + 1 == SIGNS_OF_A_PLACE && !numbers.is_empty());
    is_place || numbers.iter().any(Number::is_long) || text.split_once('@').is_some_and(|(_, host)| host.contains('.'))
}

/// True for what cannot be about a person: digits and signs of amounts and times, no number long enough to call.
pub fn is_plain(cell: &str) -> bool {
    let longest = numbers(cell).into_iter().map(|number| number.digits).max().unwrap_or(0);
    longest <= MOST_DIGITS && cell.chars().all(|c| c.is_ascii_digit() || " .,:/+-¥￥TEe".contains(c))
}

/// What is wrong with a cell, in both languages; the cell is quoted where it cannot be about a person.
pub fn refused(cell: &str, zh: &str, en: &str) -> String {
    if is_plain(cell) {
        in_both(&format!("“{cell}”{zh}"), &format!("“{cell}” {en}"))
    } else {
        in_both(&format!("（内容不显示）{zh}"), &format!("(not shown) {en}"))
    }
}

/// A cell as the evidence of a row that was set aside may keep it.
pub fn kept(cell: &str) -> &str {
    if is_plain(cell) { cell } else { "" }
}

/// True for what a platform could have numbered an order by: letters, digits and hyphens, and no mobile number.
pub fn is_number_of_a_record(cell: &str) -> bool {
    let plain: Vec<u8> = cell.bytes().filter(|b| !b"-_".contains(b)).collect();
    let is_mobile = plain.len() == 11 && plain.starts_with(b"1") && plain.iter().all(u8::is_ascii_digit);
    !is_mobile && cell.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_times_are_shown_and_people_are_not() {
        for plain in ["", "38.00", "-1,024.50", "2020-02-31 10:00:00", "6.91E+18", "¥ 12"] {
            assert!(is_plain(plain), "{plain}");
        }
        for personal in
            ["13800001234", "138-0000-1234", "138 0000 1234", "张三", "ten", "360827199001011234", "门口 3 号"]
        {
            assert!(!is_plain(personal), "{personal}");
            assert!(!refused(personal, "", "").contains(personal) && kept(personal).is_empty());
        }
    }

    #[test]
    fn phones_addresses_and_mailboxes_tell_of_a_person_however_they_are_written() {
        for personal in [
            "13800138000",
            "138 0013 8000",
            "138-0013-8000",
            "138.0013.8000",
            "+86 138 0013 8000",
            "(0796) 632-1234",
            "１３８００１３８０００",
            "雩田镇雩田村1组",
            "江西省吉安市遂川县",
            "东路2号",
            "a.b@example.com",
            "2026-09-01 13800138000",
        ] {
            assert!(tells_of_a_person(personal), "{personal}");
        }
        for plain in [
            "订单号",
            "收货地址(省/市/区)",
            "省市区县",
            "2026-09-01 12:00:00",
            "2026.9.1",
            "1,024.50",
            "38.00",
            "5斤 2号果",
            "已发货",
            "2026年9月1日",
            "近30天 7-15斤",
        ] {
            assert!(!tells_of_a_person(plain), "{plain}");
        }
        for name in ["张三", "李小龙", "王五"] {
            assert!(is_a_name(name) && may_be_a_name(name) && told(name) == "***", "{name}");
        }
        assert!(may_be_a_name("周杰") && !is_a_name("周期"), "where headings stand some family names are words");
        for word in ["订单号", "张数", "状态", "已发货", "支出", "金额", "方向", "付款时间", "交易成功", "张三丰的店"]
        {
            assert!(!is_a_name(word) && !may_be_a_name(word) && told(word) == word, "{word}");
        }
        assert_eq!(numbers("订单 138 0013 8000 好"), [Number { at: 7..20, digits: 11 }]);
    }

    #[test]
    fn an_order_is_not_numbered_by_a_phone() {
        assert!(
            is_number_of_a_record("6917000000000000001") && is_number_of_a_record("1") && is_number_of_a_record("A-7")
        );
        assert!(!is_number_of_a_record("138-0000-1234"));
        assert!(!is_number_of_a_record("13800001234") && !is_number_of_a_record("张三"));
    }
}
