//! What came into a shop lately: tries to pull it, each with what came of it, and files.

use crate::domain::audit::{Field as Fact, Row as Told};
use crate::domain::calendar::clock_text;
use crate::store::schedules::PullRow;
use crate::web::context::Ctx;
use crate::web::ui::number::grouped;
use crate::web::ui::table::{Align, Cell, Table};

/// Tries to pull it.
pub fn pulls(rows: &[PullRow], ctx: &Ctx) -> Table {
    let s = &ctx.words.sources;
    let columns = [
        (s.col_when, Align::Whole),
        (s.col_complete, Align::Text),
        (s.col_seen, Align::Number),
        (s.new, Align::Number),
        (s.changed, Align::Number),
        (s.rejected, Align::Number),
        (s.col_seconds, Align::Number),
        (s.col_window, Align::Whole),
    ];
    let mut table = Table::new(s.pulls, s.pulls_none, &columns);
    for row in rows {
        let outcome = match (row.trouble.as_str(), row.complete) {
            ("", true) => s.pull_complete.into(),
            ("", false) => Cell::Warn(s.pull_incomplete.into()),
            (trouble, _) => Cell::Warn(s.of_trouble(trouble).into()),
        };
        table.rows.push(vec![
            clock_text(row.started_at).into(),
            outcome,
            grouped(row.seen).into(),
            grouped(row.added).into(),
            grouped(row.changed).into(),
            grouped(row.quarantined).into(),
            format!("{}.{}", grouped(row.took_ms / 1_000), row.took_ms % 1_000 / 100).into(),
            format!("{} – {}", clock_text(row.from_at), clock_text(row.to_at)).into(),
        ]);
    }
    table
}

/// Files that were imported, as the audit trail tells them.
pub fn files(told: &[Told], ctx: &Ctx) -> Table {
    let s = &ctx.words.sources;
    let columns = [
        (s.col_when, Align::Whole),
        (s.col_file, Align::Text),
        (s.new, Align::Number),
        (s.changed, Align::Number),
        (s.rejected, Align::Number),
    ];
    let mut table = Table::new(s.files_lately, s.files_lately_none, &columns);
    for row in told {
        let facts = row.facts_after();
        let text =
            |field: Fact| facts.iter().find(|(key, _)| key == field.key()).map_or("", |(_, value)| value.as_str());
        let number = |field: Fact| grouped(text(field).parse::<i64>().unwrap_or(0));
        table.rows.push(vec![
            clock_text(row.at).into(),
            text(Fact::File).into(),
            number(Fact::RowsNew).into(),
            number(Fact::RowsChanged).into(),
            number(Fact::RowsRejected).into(),
        ]);
    }
    table
}
