//! What importing a file did, or would do, on standard error.

use crate::domain::calendar::clock_text;
use crate::domain::lang::Lang;
use crate::domain::money::yuan;
use crate::ingest::files::{FileReport, TableReport};
use crate::services::import::Mode;

/// Prints a report: a line a table, its money, its rows set aside, words nobody has described, parts not read.
pub fn print(report: &FileReport, mode: Mode, lang: Lang) {
    for table in &report.tables {
        let place =
            if table.part.is_empty() { report.path.clone() } else { format!("{} › {}", report.path, table.part) };
        eprintln!("{place}: {}", headline(table, mode, lang));
        if let Some(money) = money(table, lang) {
            eprintln!("  {money}");
        }
        for rejected in &table.rejected {
            eprintln!("  {}: {}", lang.of_both(&rejected.record_no), lang.of_both(&rejected.reason));
        }
        let more = table.rejected_count - table.rejected.len();
        if more > 0 {
            match lang {
                Lang::Zh => eprintln!("  ……另有 {more} 行搁置"),
                Lang::En => eprintln!("  … and {more} more rows set aside"),
            }
        }
        for (word, times) in &table.unknown_words {
            match lang {
                Lang::Zh => eprintln!("  不认识的状态“{word}” {times} 次，按未完成处理"),
                Lang::En => eprintln!("  unknown word \"{word}\" {times} times, counted as pending"),
            }
        }
    }
    for problem in &report.skipped {
        match lang {
            Lang::Zh => eprintln!("  跳过：{}", problem.text(lang)),
            Lang::En => eprintln!("  skipped: {}", problem.text(lang)),
        }
    }
    if mode == Mode::Preview {
        match lang {
            Lang::Zh => eprintln!("  试运行，没有写入。"),
            Lang::En => eprintln!("  Dry run: nothing was written."),
        }
    }
}

fn headline(table: &TableReport, mode: Mode, lang: Lang) -> String {
    let TableReport { rows, taken, rejected_count: rejected, no_sale, profile, known_at, .. } = table;
    let known_at = clock_text(*known_at);
    match (lang, mode) {
        (Lang::Zh, mode) => {
            let will = if mode == Mode::Preview { "将" } else { "" };
            let apart = if *no_sale > 0 { format!("，非交易 {no_sale} 行") } else { String::new() };
            format!(
                "{}（{}，截至 {known_at}）：共 {rows} 行，{will}新增 {}，{will}变更 {}，未变 {}，搁置 {rejected}{apart}。",
                profile.title, profile.name, taken.new, taken.changed, taken.unchanged
            )
        }
        (Lang::En, mode) => {
            let will = if mode == Mode::Preview { " would be" } else { "" };
            let apart = if *no_sale > 0 { format!(", {no_sale} no sale") } else { String::new() };
            format!(
                "{} ({}, as of {known_at}): {rows} rows, {}{will} new, {}{will} changed, {} unchanged, {rejected} set aside{apart}.",
                profile.name, profile.title, taken.new, taken.changed, taken.unchanged
            )
        }
    }
}

/// The amounts the table states, those that are not 0.
fn money(table: &TableReport, lang: Lang) -> Option<String> {
    let sums = &table.sums;
    let named = [
        (sums.paid_fen, "已付", "paid"),
        (sums.unpaid_fen, "未付", "unpaid"),
        (sums.refunded_fen, "退款", "refunded"),
        (sums.settled_fen, "结算", "settled"),
        (sums.compensated_fen, "赔付", "compensated"),
    ];
    let shown: Vec<String> = named
        .into_iter()
        .filter(|(fen, ..)| *fen != 0)
        .map(|(fen, zh, en)| match lang {
            Lang::Zh => format!("{zh} {} 元", yuan(fen)),
            Lang::En => format!("{en} {} yuan", yuan(fen)),
        })
        .collect();
    (!shown.is_empty()).then(|| shown.join(if lang == Lang::Zh { "，" } else { ", " }))
}
