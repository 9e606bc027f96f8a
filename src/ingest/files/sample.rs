//! A look into a file that no profile knows: its headings and a few rows, for a person who says which column is which.
//!
//! Rule that must hold: nothing of the file is kept, and what looks like a person is not even shown: a column that speaks
//! of people by its heading, long numbers, addresses, what begins with a family name, and short names that differ from row
//! to row are masked. Another word that repeats is a status, and has to be read. A row that tells of a person is no row of
//! headings (they are kept in the profile), so a table without headings is refused.

use super::cells;
use super::heading::normalised;
use super::personal::{Number, is_chinese, is_no_heading, may_be_a_name, numbers, tells_of_a_person};
use super::profile::{Field, Kind, Profiles};
use super::reading::{Received, Table};
use crate::domain::problem::{Mistake, Problem};
use rustc_hash::FxHashSet;
use std::ops::ControlFlow;

/// Rows the headings may stand in, and rows looked at for words.
const HEADING_ROWS: usize = 20;
const ROWS: usize = 300;
/// Rows and characters shown.
const SHOWN: usize = 4;
const MOST_CHARS: usize = 24;
/// A column with no more different values than this holds words.
const MOST_WORDS: usize = 12;
/// Digits of a number that are shown.
const DIGITS_SHOWN: usize = 3;
/// What headings of people's columns hold.
const OF_PEOPLE: [&str; 27] = [
    "收件",
    "收货",
    "姓名",
    "电话",
    "手机",
    "地址",
    "买家",
    "客户",
    "昵称",
    "身份证",
    "会员",
    "联系",
    "留言",
    "备注",
    "微信",
    "旺旺",
    "账号",
    "邮箱",
    "name",
    "phone",
    "buyer",
    "address",
    "mobile",
    "tel",
    "email",
    "receiver",
    "consignee",
];

/// A table as a person may see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// Sheet or member; '' for the file itself.
    pub part: String,
    pub columns: Vec<Column>,
}

/// A column of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    pub heading: String,
    /// The first values, masked.
    pub values: Vec<String>,
    /// The different words it holds, where they are few and say nothing of a person.
    pub words: Vec<String>,
}

impl Sample {
    /// The heading a field most likely stands under: one that a known profile of the kind reads it from.
    pub fn likely(&self, kind: Kind, field: Field, profiles: &Profiles) -> Option<&str> {
        let names: FxHashSet<String> = profiles
            .all()
            .iter()
            .filter(|profile| profile.kind == kind)
            .filter_map(|profile| profile.columns.get(&field))
            .flat_map(|columns| columns.each().flatten().map(normalised).collect::<Vec<_>>())
            .collect();
        self.columns.iter().map(|c| c.heading.as_str()).find(|heading| names.contains(&normalised(heading)))
    }
}

/// Reads the first table that has rows.
pub fn read(received: &mut Received) -> Result<Sample, Problem> {
    let path = received.path.clone();
    let (mut found, mut failed) = (None, None);
    received.each_table(&mut |table| {
        match table {
            Err(problem) => failed = failed.take().or(Some(problem)),
            Ok(table) if found.is_none() => found = read_table(&path, table)?,
            Ok(_) => {}
        }
        Ok(())
    })?;
    found.ok_or_else(|| failed.unwrap_or(Problem::NoRows { path }))
}

fn read_table(path: &str, table: &mut dyn Table) -> Result<Option<Sample>, Problem> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    table.rows(&mut |_, cells| {
        rows.push(cells.iter().map(|cell| cells::clean(cell).to_owned()).collect());
        if rows.len() == ROWS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    let words = |row: &Vec<String>| {
        row.iter().filter(|c| !c.is_empty() && !c.starts_with(|x: char| x.is_ascii_digit())).count()
    };
    let personal = |row: &Vec<String>| row.iter().any(|cell| is_no_heading(cell));
    // of rows with as many words the first: headings come before what they head
    let may_head = |row: &&Vec<String>| !personal(row) && words(row) > 0;
    let most = rows.iter().take(HEADING_ROWS).filter(may_head).map(words).max();
    let at = most.and_then(|most| rows.iter().position(|row| may_head(&row) && words(row) == most));
    // several cells of which one tells of a person are data, and data follow the headings
    let is_data = |row: &Vec<String>| personal(row) && row.iter().filter(|cell| !cell.is_empty()).count() > 1;
    if rows.iter().take(at.unwrap_or(HEADING_ROWS)).any(is_data) {
        return Err(Mistake::NoHeadings { path: path.to_owned() }.into());
    }
    let Some(at) = at else { return Ok(None) };
    let headings = rows[at].clone();
    let data = &rows[at + 1..];
    let columns = headings
        .into_iter()
        .enumerate()
        // a profile writes `|` between names of one column
        .filter(|(_, heading)| !heading.is_empty() && !heading.contains('|'))
        .map(|(place, heading)| {
            let values: Vec<&str> =
                data.iter().filter_map(|row| row.get(place)).map(String::as_str).filter(|v| !v.is_empty()).collect();
            column(heading, &values)
        })
        .collect();
    Ok(Some(Sample { part: table.part().to_owned(), columns }))
}

fn column(heading: String, values: &[&str]) -> Column {
    let distinct: FxHashSet<&str> = values.iter().copied().collect();
    let plain = normalised(&heading);
    let personal = OF_PEOPLE.iter().any(|word| plain.contains(word)) || (differ(&distinct, values) && names(values));
    let mut words: Vec<String> = Vec::new();
    if !personal && distinct.len() <= MOST_WORDS && distinct.len() < values.len() {
        words = distinct.iter().filter(|v| is_word(v)).map(|v| (*v).to_owned()).collect();
        words.sort();
    }
    let shown = values.iter().take(SHOWN).map(|value| if personal { hidden(value) } else { masked(value) });
    Column { heading, values: shown.collect(), words }
}

/// True if hardly a value comes twice.
fn differ(distinct: &FxHashSet<&str>, values: &[&str]) -> bool {
    distinct.len() * 10 > values.len() * 8
}

/// True if most values could be a person's name: two to four Chinese characters.
fn names(values: &[&str]) -> bool {
    let like = |value: &&&str| (2..=4).contains(&value.chars().count()) && value.chars().all(is_chinese);
    values.iter().filter(like).count() * 2 > values.len()
}

/// True for a word of a platform's: no number, no time, not long.
fn is_word(value: &str) -> bool {
    value.chars().count() <= MOST_CHARS && !value.chars().any(|c| c.is_ascii_digit()) && masked(value) == value
}

/// Of somebody: the first character and no more.
fn hidden(value: &str) -> String {
    value.chars().next().map(|first| format!("{first}***")).unwrap_or_default()
}

/// Long numbers begin, what else tells of a person gives its first characters, a long text is cut.
fn masked(value: &str) -> String {
    let mut shown = String::new();
    let mut end = 0;
    let numbers = numbers(value);
    for number in numbers.iter().filter(|number| number.is_long()) {
        shown.push_str(&value[end..number.at.start]);
        shown.extend(value[number.at.clone()].chars().take(DIGITS_SHOWN));
        shown.push_str("***");
        end = number.at.end;
    }
    shown.push_str(&value[end..]);
    // who stands beside a number is called by it
    let beside = numbers.iter().any(Number::is_long) && value.chars().any(is_chinese);
    if beside || may_be_a_name(value) {
        return hidden(value);
    }
    if tells_of_a_person(&shown) {
        return value.chars().take(DIGITS_SHOWN).collect::<String>() + "***";
    }
    match shown.char_indices().nth(MOST_CHARS) {
        Some((cut, _)) => shown[..cut].to_owned() + "…",
        None => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    const FILE: &str = "合作社手工表\n单号,日期,实收,进度,谁,发往,客户电话,货\n\
        6917000000000000001,2026-09-01,38.00,已发,张三,江西省吉安市遂川县雩田镇雩田村1号,13800001234,金桔5斤\n\
        6917000000000000002,2026-09-02,39.00,已发,李四,江西省吉安市遂川县泉江镇东路2号,13800001235,金桔5斤\n\
        6917000000000000003,2026-09-03,40.00,未付,王小五,江西省吉安市遂川县大汾镇3号,13800001236,金桔10斤\n";

    #[test]
    fn columns_can_be_told_apart_and_nobody_is_recognised() {
        let mut received = Received::new("手工.csv", Cursor::new(FILE.as_bytes().to_vec()));
        let sample = read(&mut received).unwrap();
        let of = |heading: &str| sample.columns.iter().find(|c| c.heading == heading).unwrap();
        assert_eq!(of("单号").values[0], "691***");
        assert_eq!(of("日期").values[0], "2026-09-01");
        assert_eq!(of("实收").values, ["38.00", "39.00", "40.00"]);
        assert_eq!(of("进度").words, ["已发", "未付"]);
        assert_eq!(of("谁").values, ["张***", "李***", "王***"]);
        let shown = format!("{sample:?}");
        for personal in ["张三", "13800001234", "雩田村", "6917000000000000001", "王小五"] {
            assert!(!shown.contains(personal), "{personal}: {shown}");
        }
        let profiles = Profiles::shipped();
        assert_eq!(sample.likely(Kind::Orders, Field::OrderNo, &profiles), None);
    }

    #[test]
    fn what_platforms_call_their_columns_is_recognised() {
        let mut received = Received::new("a.csv", Cursor::new("订单号,实付款\n1,2.00\n3,4.00\n".as_bytes().to_vec()));
        let sample = read(&mut received).unwrap();
        assert_eq!(sample.likely(Kind::Orders, Field::OrderNo, &Profiles::shipped()), Some("订单号"));
    }

    #[test]
    fn phones_with_gaps_short_addresses_and_columns_of_people_are_masked() {
        let file = "单号,备用,去向,微信号,旺旺,Buyer,Ship Address,Mobile,Tel,Email,进度\n\
            A1,138 0013 8000,雩田镇雩田村1组,wx甲,旺甲,buyer1,addr1,mob1,tel1,mail1,已发\n\
            A2,138-0013-8001,泉江镇东路村2组,wx乙,旺乙,buyer2,addr2,mob2,tel2,mail2,已发\n\
            A3,0796-6321234,大汾镇街上村3组,wx丙,旺丙,buyer3,addr3,mob3,tel3,mail3,已发\n";
        let sample = read(&mut Received::new("手工.csv", Cursor::new(file.as_bytes().to_vec()))).unwrap();
        assert_eq!(sample.columns.len(), 11);
        let shown = format!("{sample:?}");
        for personal in ["0013", "6321234", "雩田村", "1组", "wx", "旺甲", "buyer1", "addr1", "mob1", "tel1", "mail1"]
        {
            assert!(!shown.contains(personal), "{personal}: {shown}");
        }
        assert_eq!(sample.columns[10].words, ["已发"]);
    }

    #[test]
    fn a_name_that_comes_again_and_again_is_no_word() {
        let rows = (0..20).map(|n| format!("A{n},{},已发", ["张三", "李四", "周五"][n % 3]));
        let file = format!("单号,谁要的,进度\n{}", rows.collect::<Vec<_>>().join("\n"));
        let sample = read(&mut Received::new("手工.csv", Cursor::new(file.into_bytes()))).unwrap();
        let shown = format!("{sample:?}");
        for name in ["张三", "李四", "周五"] {
            assert!(!shown.contains(name), "{shown}");
        }
        for beside in ["13800138000欧阳修", "欧阳修 138-0013-8000"] {
            assert!(!masked(beside).contains("阳修"), "{}", masked(beside));
        }
        assert_eq!(sample.columns[2].words, ["已发"]);
    }

    #[test]
    fn a_table_without_headings_is_refused_and_none_of_it_becomes_one() {
        let read = |text: &str| read(&mut Received::new("手工.csv", Cursor::new(text.as_bytes().to_vec())));
        for file in [
            "A1,张三,138-0013-8000,已发\nA2,李四,138 0013 8001,已发\n",
            "A1,张三,雩田镇雩田村1组,已发\nA2,李四,,已发\n",
            "6917000000000000001,张三,金桔\n6917000000000000002,李四,金桔\n",
            "A1,张三,金桔,已发\nA2,李四,金桔,已发\n",
        ] {
            let refused = read(file).unwrap_err();
            assert_eq!(refused, Mistake::NoHeadings { path: "手工.csv".into() }.into(), "{file}");
        }
        // a line above the table may say whom to call
        let above = read("客服电话 0796-6321234\n单号,实收,进度\nA1,38.00,已发\nA2,39.00,已发\n").unwrap();
        assert_eq!(above.columns.iter().map(|c| c.heading.as_str()).collect::<Vec<_>>(), ["单号", "实收", "进度"]);
    }
}
