//! 助农增收月报 as tables: a workbook in which what adds up is a formula, and one long table for programs. Everything in
//! them is in the stored document; what it holds back is held back here, and no sum is made of what is not shown.

use super::book::{Cell, Sheet, Unit, xlsx};
use super::labels::Labels;
use super::month::{Printed, instant, repeated};
use super::templates::Templates;
use crate::domain::cells::plain;
use crate::domain::lang::Lang;
use crate::domain::month_report::{FIGURES, Group, Report};
use anyhow::Context;
use serde_json::json;

/// Of each group.
const OF_GROUPS: [&str; 12] = [
    "households",
    "gmv_fen",
    "refund_fen",
    "net_fen",
    "weight_g",
    "farmer_income_fen",
    "baseline_fen",
    "extra_cost_fen",
    "uplift_fen",
    "uplift_low_fen",
    "uplift_high_fen",
    "baseline_coverage_bp",
];

/// Groupings, each a sheet.
const GROUPINGS: [&str; 5] = ["town", "product", "room", "anchor", "class"];

/// What buyers and coupons brought, and who got it: with these the two sums are equal.
const PARTIES: [&str; 10] = [
    "platform_fen",
    "anchor_fen",
    "logistics_fen",
    "packaging_fen",
    "operator_fen",
    "village_fen",
    "loss_fen",
    "unassigned_fen",
    "farmer_income_provisional_fen",
    "farmer_income_fen",
];

/// Of what the farmer income is made.
const INCOME: [&str; 4] = ["farmer_income_without_baseline_fen", "baseline_fen", "extra_cost_fen", "uplift_fen"];

/// Tells a spreadsheet that a text is UTF-8.
pub(super) const MARK: &str = "\u{feff}";

/// A stored report with the words of its tables.
#[derive(Debug)]
pub struct Tables<'a> {
    report: Report,
    labels: Labels,
    printed: &'a Printed<'a>,
}

impl<'a> Tables<'a> {
    /// Reads the document.
    pub fn read(printed: &'a Printed<'a>, lang: Lang, templates: &Templates) -> anyhow::Result<Self> {
        let report = Report::parse(printed.document).context("the stored report is of another shape")?;
        let facts = json!({
            "county": report.county.name, "period": report.month, "report_no": report.report_no,
            "as_of": report.as_of, "demo": report.demo, "is_superseded": printed.is_superseded,
            "repeated": repeated(&report).into_iter().collect::<Vec<_>>(),
        });
        let labels = Labels::read(facts, lang, templates)?;
        Ok(Self { report, labels, printed })
    }

    /// The workbook.
    pub fn xlsx(&self) -> anyhow::Result<Vec<u8>> {
        let at = instant(&self.report.made_at).context("the stored report has no time")?;
        let mut sheets = vec![self.figures(), self.flow()];
        sheets.extend(GROUPINGS.map(|grouping| self.groups(grouping)));
        sheets.extend([self.adjustments(), self.method()]);
        xlsx(&sheets, at)
    }

    /// One row a figure of a group; what the report says of itself comes last.
    pub fn csv(&self) -> anyhow::Result<Vec<u8>> {
        let (l, figures) = (&self.labels, &self.report.figures);
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(MARK.as_bytes().to_vec());
        writer.write_record([&l.kind, &l.col_group, &l.col_figure, &l.value, &l.unit, &l.col_basis])?;
        let mut write = |table: &str, name: &str, group: &Group| -> anyhow::Result<()> {
            for key in FIGURES {
                let unit = Unit::of(key);
                let value = group.get(key).map_or_else(|| l.held.clone(), |value| unit.decimal(value).to_string());
                let words = [table, name, Labels::of(&l.figure, key), &value, Labels::of(&l.units, unit.key())];
                let words = words.into_iter().chain([self.basis(key)]).map(|text| match text {
                    number if number == value => number.to_owned(),
                    text => plain(text).into_owned(),
                });
                writer.write_record(words)?;
            }
            Ok(())
        };
        let whole = Labels::of(&l.sheets, "figures");
        write(whole, &l.col_headline, &figures.headline)?;
        write(whole, &l.col_total, &figures.total)?;
        for grouping in GROUPINGS {
            for group in self.listed(grouping) {
                write(Labels::of(&l.sheets, grouping), &self.name(grouping, group), group)?;
            }
        }
        for group in &figures.adjustments {
            write(Labels::of(&l.sheets, "adjustments"), group.key.as_deref().unwrap_or_default(), group)?;
        }
        let method = Labels::of(&l.sheets, "method");
        for about in &l.about {
            writer.write_record([method, "", "", plain(about).as_ref(), "", ""])?;
        }
        Ok(writer.into_inner()?)
    }

    fn sheet(&self, key: &str) -> Sheet {
        let l = &self.labels;
        Sheet {
            name: Labels::of(&l.sheets, key).to_owned(),
            above: [std::slice::from_ref(&l.title), &l.about].concat(),
            head: Vec::new(),
            rows: Vec::new(),
            notes: vec![l.sums.clone(), format!("{}: {}", l.proof, self.printed.sha256)],
        }
    }

    fn cell(&self, group: &Group, key: &str) -> Cell {
        group.get(key).map_or_else(|| Cell::Text(self.labels.held.clone()), |value| Cell::Number(Unit::of(key), value))
    }

    fn basis(&self, key: &str) -> &str {
        let settled = self.report.bases.get(key).is_some_and(|basis| basis.contains("settled"));
        if settled { &self.labels.basis_settled } else { &self.labels.basis_entries }
    }

    fn figure(&self, key: &str) -> Cell {
        Cell::Text(Labels::of(&self.labels.figure, key).to_owned())
    }

    fn figures(&self) -> Sheet {
        let (l, figures) = (&self.labels, &self.report.figures);
        let row = |key: &str| {
            let (red, all) = (self.cell(&figures.headline, key), self.cell(&figures.total, key));
            vec![self.figure(key), red, all, Cell::Text(self.basis(key).to_owned())]
        };
        let head = [&l.col_figure, &l.col_headline, &l.col_total, &l.col_basis].map(Clone::clone).to_vec();
        let mut notes = self.sheet("figures").notes;
        notes[0].clone_from(&l.formulas);
        Sheet { head, rows: FIGURES.map(row).to_vec(), notes, ..self.sheet("figures") }
    }

    /// Where each yuan went; a column of which any part is held back is held back as a whole, as the picture is.
    fn flow(&self) -> Sheet {
        let (l, figures) = (&self.labels, &self.report.figures);
        let of = [&figures.headline, &figures.total];
        let is_told = |group: &&Group| {
            ["gmv_fen", "subsidy_fen", "refund_fen"]
                .iter()
                .chain(&PARTIES)
                .chain(&INCOME)
                .all(|key| group.get(key).is_some())
        };
        let columns = of.map(|group| Some(group).filter(is_told));
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let number = |key: &str, sign: i64| {
            columns.map(|group| match group.and_then(|group| group.get(key)) {
                Some(fen) => Cell::Number(Unit::Fen, sign * fen),
                None => Cell::Text(l.held.clone()),
            })
        };
        let sum = |rows: &Vec<Vec<Cell>>, label: &str, from: usize| {
            let of = |column: usize| match columns[column - 1] {
                Some(_) => Sheet::sum(rows, column, Unit::Fen, (from, rows.len() - 1)),
                None => Cell::Blank,
            };
            vec![Cell::Text(label.to_owned()), of(1), of(2)]
        };
        let check = |rows: &Vec<Vec<Cell>>, [of, less]: [usize; 2]| {
            let value = |row: usize, column: usize| match rows[row][column] {
                Cell::Number(_, value) | Cell::Sum(_, _, value) => value,
                _ => 0,
            };
            let cell = |column: usize| match columns[column - 1] {
                Some(_) => Cell::Difference(Unit::Fen, [of, less], value(of, column) - value(less, column)),
                None => Cell::Blank,
            };
            vec![Cell::Text(l.check.clone()), cell(1), cell(2)]
        };
        for (key, sign) in [("gmv_fen", 1), ("subsidy_fen", 1), ("refund_fen", -1)] {
            let name = if sign < 0 { Cell::Text(l.less_refund.clone()) } else { self.figure(key) };
            rows.push([vec![name], number(key, sign).to_vec()].concat());
        }
        let brought = rows.len();
        rows.push(sum(&rows, &l.in_sum, 0));
        let first = rows.len();
        rows.extend(PARTIES.map(|key| [vec![self.figure(key)], number(key, 1).to_vec()].concat()));
        let income = rows.len() - 1;
        rows.push(sum(&rows, &l.out_sum, first));
        rows.push(check(&rows, [brought, income + 1]));
        let first = rows.len();
        rows.extend(INCOME.map(|key| [vec![self.figure(key)], number(key, 1).to_vec()].concat()));
        rows.push(sum(&rows, &l.income_sum, first));
        rows.push(check(&rows, [income, rows.len() - 1]));
        let head = [&l.step, &l.col_headline, &l.col_total].map(Clone::clone).to_vec();
        Sheet { head, rows, ..self.sheet("flow") }
    }

    /// The groups of a grouping; by class with the headline first, since the others stand beside it.
    fn listed(&self, grouping: &str) -> Vec<&Group> {
        let headline = (grouping == "class").then_some(&self.report.figures.headline);
        headline.into_iter().chain(self.report.figures.by.get(grouping).into_iter().flatten()).collect()
    }

    fn name(&self, grouping: &str, group: &Group) -> String {
        let l = &self.labels;
        match &group.key {
            None => l.nobody.clone(),
            Some(key) if grouping == "class" && key == "headline" => l.col_headline.clone(),
            Some(key) if grouping == "class" => Labels::of(&l.classes, key).to_owned(),
            Some(key) => self.report.name(grouping, key).to_owned(),
        }
    }

    fn groups(&self, grouping: &str) -> Sheet {
        let l = &self.labels;
        let named = |name: String, group: &Group| {
            let cells = OF_GROUPS.iter().map(|key| self.cell(group, key));
            std::iter::once(Cell::Text(name)).chain(cells).collect::<Vec<Cell>>()
        };
        let mut rows: Vec<Vec<Cell>> =
            self.listed(grouping).into_iter().map(|group| named(self.name(grouping, group), group)).collect();
        summed(&mut rows, &OF_GROUPS, &l.shown_sum);
        rows.push(named(l.all_row.clone(), &self.report.figures.total));
        let head =
            std::iter::once(l.col_group.clone()).chain(OF_GROUPS.map(|key| Labels::of(&l.figure, key).to_owned()));
        Sheet { head: head.collect(), rows, ..self.sheet(grouping) }
    }

    fn adjustments(&self) -> Sheet {
        const KEYS: [&str; 5] = ["gmv_fen", "refund_fen", "net_fen", "farmer_income_fen", "uplift_fen"];
        let l = &self.labels;
        let row = |group: &Group| {
            let month = Cell::Text(group.key.clone().unwrap_or_default());
            let entries = Cell::Number(Unit::Count, group.entries);
            [vec![month, entries], KEYS.map(|key| self.cell(group, key)).to_vec()].concat()
        };
        let mut rows: Vec<Vec<Cell>> = self.report.figures.adjustments.iter().map(row).collect();
        summed(&mut rows, &[&["entries"], KEYS.as_slice()].concat(), &l.shown_sum);
        let head = [&l.col_month, &l.col_entries].map(Clone::clone).into_iter();
        let head = head.chain(KEYS.map(|key| Labels::of(&l.figure, key).to_owned())).collect();
        let sheet = self.sheet("adjustments");
        let notes = [vec![l.adjustments.clone()], sheet.notes.clone()].concat();
        Sheet { head, rows, notes, ..sheet }
    }

    fn method(&self) -> Sheet {
        let l = &self.labels;
        let proof = vec![format!("{}: {}", l.proof, self.printed.sha256)];
        Sheet { notes: [l.method.clone(), proof].concat(), ..self.sheet("method") }
    }
}

/// Puts a row of sums under rows whose first column is a name and whose others are figures.
pub(super) fn summed(rows: &mut Vec<Vec<Cell>>, keys: &[&str], label: &str) {
    let Some(last) = rows.len().checked_sub(1) else { return };
    let of = |(key, column): (&&str, usize)| {
        let unit = Unit::of(key);
        if unit.adds_up() { Sheet::sum(rows, column, unit, (0, last)) } else { Cell::Blank }
    };
    let sums: Vec<Cell> = keys.iter().zip(1..).map(of).collect();
    rows.push(std::iter::once(Cell::Text(label.to_owned())).chain(sums).collect());
}
