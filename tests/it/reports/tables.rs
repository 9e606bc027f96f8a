//! A report as tables: every sum is a formula over cells that are shown, comes to what stands beside it, and to what the
//! document says.

use super::{booked, keep, report};
use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use red_anchor::domain::lang::Lang;
use red_anchor::domain::month_report::{Report, figures};
use red_anchor::reports::month::Printed;
use red_anchor::reports::month_book::Tables;
use red_anchor::reports::templates::Templates;
use red_anchor::reports::{year, year_book};
use std::io::Cursor;

type Book = Xlsx<Cursor<Vec<u8>>>;

fn open(bytes: &[u8]) -> Book {
    open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap()
}

fn tables<T>(report: &Report, lang: Lang, of: impl FnOnce(&Tables<'_>) -> T) -> T {
    let (document, sha256) = report.document();
    let (is_shared, is_superseded) = (false, false);
    let printed = Printed { document: &document, sha256: &sha256, address: "", is_shared, is_superseded };
    of(&Tables::read(&printed, lang, &Templates::default()).unwrap())
}

fn workbook(report: &Report, lang: Lang) -> Vec<u8> {
    tables(report, lang, |tables| tables.xlsx().unwrap())
}

/// `B12` as row and column from 0.
fn place(cell: &str) -> (u32, u32) {
    let (letter, row) = cell.split_at(1);
    (row.parse::<u32>().unwrap() - 1, u32::from(letter.as_bytes()[0] - b'A'))
}

/// A number in thousandths, as a spreadsheet would round it; text counts for nothing.
fn thousandths(value: Option<&Data>) -> i64 {
    match value {
        Some(Data::Float(number)) => format!("{number:.3}").replace('.', "").parse().unwrap(),
        _ => 0,
    }
}

/// What a formula comes to, computed here.
fn computed(formula: &str, values: &Range<Data>) -> i64 {
    if let Some(range) = formula.strip_prefix("SUM(").and_then(|rest| rest.strip_suffix(')')) {
        let (first, last) = range.split_once(':').unwrap();
        let ((from, column), (to, _)) = (place(first), place(last));
        return (from..=to).map(|row| thousandths(values.get_value((row, column)))).sum();
    }
    let (of, less) = formula.strip_prefix("ROUND(").unwrap().strip_suffix(",2)").unwrap().split_once('-').unwrap();
    thousandths(values.get_value(place(of))) - thousandths(values.get_value(place(less)))
}

/// Holds every formula of a book to what stands beside it, and counts them.
fn hold(book: &mut Book) -> usize {
    let mut held = 0;
    for name in book.sheet_names() {
        let (values, formulas) = (book.worksheet_range(&name).unwrap(), book.worksheet_formula(&name).unwrap());
        let (row0, column0) = formulas.start().unwrap_or_default();
        for (row, column, formula) in formulas.used_cells().filter(|(_, _, formula)| !formula.is_empty()) {
            let at = (row0 + u32::try_from(row).unwrap(), column0 + u32::try_from(column).unwrap());
            let shown = thousandths(values.get_value(at));
            assert_eq!(computed(formula, &values), shown, "{name} {at:?} {formula}");
            held += 1;
        }
    }
    held
}

/// The cells of the row that begins with a name.
fn row(book: &mut Book, sheet: &str, name: &str) -> Vec<Data> {
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().find(|row| row[0] == Data::String(name.into())).unwrap_or_else(|| panic!("{name} in {sheet}")).to_vec()
}

/// Fen as a cell holds them.
fn yuan(cell: &Data) -> i64 {
    thousandths(Some(cell)) / 10
}

#[test]
fn sums_are_formulas_that_come_to_what_the_report_says() {
    let rows: Vec<_> = (1..=12).map(|n| booked(n, if n > 6 { "360827101" } else { "360827100" }, 1)).collect();
    let whole = Report { figures: figures(&rows), ..report(true) };
    for lang in [Lang::Zh, Lang::En] {
        let bytes = workbook(&whole, lang);
        keep(&format!("month-{}.xlsx", lang.key()), &bytes);
        assert!(bytes == workbook(&whole, lang), "two makings differ");
        let mut book = open(&bytes);
        // two columns of three sums and two checks, ten sums in each of the five groupings
        assert_eq!(hold(&mut book), 2 * 5 + 5 * 10, "{lang:?}");
    }
    let mut book = open(&workbook(&whole, Lang::Zh));
    let total = |key: &str| whole.figures.total.get(key).unwrap();
    for grouping in ["分乡镇", "分货品", "分直播间", "分主播", "分类别"] {
        let sum = row(&mut book, grouping, "合计：上面列出的");
        assert_eq!(yuan(&sum[2]), total("gmv_fen"), "{grouping}");
        assert_eq!(yuan(&sum[9]), total("uplift_fen"), "{grouping}");
        assert_eq!(sum[1], Data::Empty, "households are not added up");
        assert_eq!(row(&mut book, grouping, "全部订单（月报的数）")[1], Data::Float(12.0));
    }
    assert_eq!(yuan(&row(&mut book, "每一元去了哪里", "合计：等于农户实收")[1]), total("farmer_income_fen"));
    let checks = book.worksheet_range("每一元去了哪里").unwrap();
    let checks: Vec<_> = checks.rows().filter(|row| row[0] == Data::String("核对：应为 0".into())).collect();
    assert!(checks.len() == 2 && checks.iter().all(|row| row[1] == Data::Float(0.0)), "{checks:?}");
}

#[test]
fn what_the_report_holds_back_is_in_no_cell_and_in_no_sum() {
    let held = report(false);
    let mut book = open(&workbook(&held, Lang::Zh));
    assert!(hold(&mut book) > 20);
    // one town of seven households is shown, and the sum is of that one
    assert_eq!(row(&mut book, "分乡镇", "碧洲镇")[9], Data::String("不足五户".into()));
    assert_eq!(yuan(&row(&mut book, "分乡镇", "合计：上面列出的")[9]), 7 * 250_000);
    let few: Vec<_> = (1..=4).map(|n| booked(n, "360827100", 1)).collect();
    let mut book = open(&workbook(&Report { figures: figures(&few), ..report(false) }, Lang::Zh));
    hold(&mut book);
    for name in book.sheet_names() {
        for cell in book.worksheet_range(&name).unwrap().used_cells() {
            assert!(!matches!(cell.2, Data::Float(value) if value.abs() > 0.0), "{name} {cell:?}");
        }
    }
}

#[test]
fn text_in_tables_is_never_a_formula() {
    let mut named = report(false);
    named.names.get_mut("product").unwrap().insert("1".into(), "=HYPERLINK(\"x\")".into());
    let mut book = open(&workbook(&named, Lang::Zh));
    assert_eq!(row(&mut book, "分货品", "=HYPERLINK(\"x\")")[0], Data::String("=HYPERLINK(\"x\")".into()));
    let formulas = book.worksheet_formula("分货品").unwrap();
    assert!(formulas.start().is_some_and(|(_, column)| column > 0), "no formula among the names");
    let text = String::from_utf8(tables(&named, Lang::Zh, |tables| tables.csv().unwrap())).unwrap();
    assert!(text.contains("\"'=HYPERLINK(\"\"x\"\")\"") && !text.contains("\n=") && !text.contains(",="), "{text}");
}

#[test]
fn the_long_table_says_every_figure_once_with_unit_and_basis() {
    let text = String::from_utf8(tables(&report(false), Lang::Zh, |tables| tables.csv().unwrap())).unwrap();
    for wanted in [
        "各项指标,红色直播,助农增收（元）,40000.00,元,已结算部分",
        "各项指标,全部订单,成交额（元）,197530.72,元,全部入账",
        "分乡镇,泉江镇,助农增收（元）,17500.00,元,已结算部分",
        "分乡镇,碧洲镇,助农增收（元）,不足五户,元,已结算部分",
        "各项指标,红色直播,基准价覆盖,1.0000,比例,已结算部分",
    ] {
        assert!(text.contains(wanted), "{wanted} missing in {text}");
    }
}

#[test]
fn a_year_adds_up_its_months_by_formula_and_leaves_out_what_they_hold_back() {
    let few: Vec<_> = (1..=4).map(|n| booked(n, "360827100", 1)).collect();
    let january = Report { month: "2026-01".into(), report_no: 2, figures: figures(&few), ..report(true) };
    let march = Report { month: "2026-03".into(), report_no: 4, ..report(true) };
    let documents = [january.document(), report(true).document(), march.document()];
    let stored = documents.each_ref().map(|(document, sha256)| year::Stored { document, sha256 });
    for (lang, sheet, sum) in
        [(Lang::Zh, "逐月", "合计：上面列出的"), (Lang::En, "Month by month", "Sum of the rows above")]
    {
        let bytes = year_book::book(2026, &stored, lang, &Templates::default()).unwrap();
        keep(&format!("year-{}.xlsx", lang.key()), &bytes);
        let mut book = open(&bytes);
        assert_eq!(hold(&mut book), 10);
        let sum = row(&mut book, sheet, sum);
        assert_eq!((yuan(&sum[1]), yuan(&sum[8])), (2 * 19_753_072, 2 * 4_000_000));
        assert!(row(&mut book, sheet, "2026-01")[1] != Data::Float(0.0), "held back is not nothing");
    }
    let text = String::from_utf8(year_book::csv(2026, &stored, Lang::Zh, &Templates::default()).unwrap()).unwrap();
    for wanted in ["2026-02,红色直播,助农增收（元）,40000.00,元,", "2026-01,红色直播,助农增收（元）,不足五户,元,"]
    {
        assert!(text.contains(wanted), "{wanted} missing in {text}");
    }
    assert!(year_book::csv(2026, &[], Lang::Zh, &Templates::default()).is_err());
    assert!(year_book::book(2026, &[], Lang::Zh, &Templates::default()).is_err());
}
