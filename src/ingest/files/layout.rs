//! Where a profile's columns stand in one table, and a row read through it.

use super::cells;
use super::heading::normalised;
use super::personal::{self, refused};
use super::profile::{Field, Profile};
use crate::domain::calendar::Instant;
use crate::domain::lang::{Lang, in_both};
use csv::StringRecord;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// First words of rows that sum the others.
const TOTALS: [&str; 4] = ["合计", "总计", "汇总", "小计"];

/// A profile laid over the headings of a table. Columns it does not name are never looked at.
#[derive(Debug, Clone)]
pub struct Layout {
    pub profile: Arc<Profile>,
    /// Row of the headings.
    pub heading_row: usize,
    /// Where the columns read stand in the table, and their headings; places of fields count in this list.
    columns: Vec<(usize, String)>,
    places: FxHashMap<Field, Vec<usize>>,
}

/// How well headings fit a profile.
#[derive(Debug)]
pub struct Fit {
    pub layout: Layout,
    /// Headings that a column was found for.
    pub found: usize,
    /// First names of the required columns that are not there.
    pub missing: Vec<String>,
}

impl Layout {
    /// Lays a profile over the headings of a row.
    pub fn fit(profile: &Arc<Profile>, heading_row: usize, headings: &[&str]) -> Fit {
        let plain: Vec<String> = headings.iter().map(|h| normalised(h)).collect();
        let mut columns: Vec<(usize, String)> = Vec::new();
        let mut places: FxHashMap<Field, Vec<usize>> = FxHashMap::default();
        let mut missing = Vec::new();
        for (field, of_field) in &profile.columns {
            for mut names in of_field.each() {
                let found = names.find_map(|name| {
                    let name = normalised(name);
                    plain.iter().position(|heading| *heading == name)
                });
                let Some(place) = found else { continue };
                let known = columns.iter().position(|(at, _)| *at == place).unwrap_or_else(|| {
                    columns.push((place, headings[place].trim().to_owned()));
                    columns.len() - 1
                });
                places.entry(*field).or_default().push(known);
            }
            if profile.required.contains(field) && !places.contains_key(field) {
                missing.extend(of_field.each().next().and_then(|mut names| names.next()).map(str::to_owned));
            }
        }
        let found = columns.len();
        Fit { layout: Self { profile: profile.clone(), heading_row, columns, places }, found, missing }
    }

    /// True if the table has a column for a field.
    pub fn has(&self, field: Field) -> bool {
        self.places.contains_key(&field)
    }

    /// The columns read, cleaned; `None` for a row that is none: the headings and what is above, a template row under
    /// them, totals.
    pub fn row(&self, number: usize, cells: &[&str]) -> Option<Row<'_>> {
        if number <= self.heading_row {
            return None;
        }
        let first = cells.iter().map(|c| cells::clean(c)).find(|c| !c.is_empty())?;
        if TOTALS.iter().any(|total| first.starts_with(total)) {
            return None;
        }
        let record: StringRecord =
            self.columns.iter().map(|(place, _)| cells::clean(cells.get(*place).copied().unwrap_or(""))).collect();
        let row = Row { layout: self, number, record };
        // a row of explanations under the headings has no number in it, where every export's rows have theirs
        let explains = number == self.heading_row + 1 && !row.has_number();
        (!explains).then_some(row)
    }
}

/// One row of data, its cells cleaned.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    layout: &'a Layout,
    /// As a spreadsheet counts.
    pub number: usize,
    record: StringRecord,
}

impl Row<'_> {
    pub fn profile(&self) -> &Profile {
        &self.layout.profile
    }

    pub fn layout(&self) -> &Layout {
        self.layout
    }

    fn cells(&self, field: Field) -> impl Iterator<Item = &str> {
        let places = self.layout.places.get(&field).map_or(&[][..], Vec::as_slice);
        places.iter().map(|&place| &self.record[place])
    }

    /// True if any of the numbers a row is known by is one.
    fn has_number(&self) -> bool {
        let mut numbers =
            [Field::OrderNo, Field::LineNo, Field::RefundNo, Field::StatementNo, Field::StartsAt].into_iter();
        numbers.any(|field| self.text(field).bytes().any(|b| b.is_ascii_digit()))
    }

    /// The first cell of a field that is not empty.
    pub fn text(&self, field: Field) -> &str {
        self.cells(field).find(|c| !c.is_empty()).unwrap_or("")
    }

    /// An id; `None` where there is none, and for `0`, which is how exports say so.
    pub fn id(&self, field: Field) -> Result<Option<&str>, String> {
        match self.text(field) {
            "" | "0" => Ok(None),
            text => cells::id(text).map(Some),
        }
    }

    /// An id a row cannot be without.
    pub fn needed_id(&self, field: Field) -> Result<&str, String> {
        cells::id(self.text(field)).map_err(|why| self.wrong(field, &why))
    }

    /// The amounts of a field's columns, added up; `None` if all are empty.
    pub fn money(&self, field: Field) -> Result<Option<i64>, String> {
        let mut sum = None;
        for cell in self.cells(field) {
            if self.layout.profile.no_amount.iter().any(|none| none == cell) {
                continue;
            }
            let fen = cells::money(cell).map_err(|why| self.wrong(field, &why))?;
            sum = match (sum, fen) {
                (Some(sum), Some(fen)) => Some(sum + fen),
                (sum, fen) => sum.or(fen),
            };
        }
        Ok(sum)
    }

    /// An amount that is not below zero, nothing being 0.
    pub fn amount(&self, field: Field) -> Result<i64, String> {
        match self.money(field)?.unwrap_or(0) {
            fen if fen < 0 => Err(self.wrong(field, &refused(self.text(field), "是负数", "is negative"))),
            fen => Ok(fen),
        }
    }

    /// A discount: exports state it with either sign.
    pub fn discount(&self, field: Field) -> Result<i64, String> {
        Ok(self.money(field)?.unwrap_or(0).abs())
    }

    pub fn count(&self, field: Field) -> Result<Option<i64>, String> {
        cells::count(self.text(field)).map_err(|why| self.wrong(field, &why))
    }

    /// A day and time; a field of two columns has the day in one and the time in the other.
    pub fn instant(&self, field: Field) -> Result<Option<Instant>, String> {
        let mut filled = self.cells(field).filter(|c| !c.is_empty());
        let read = match (filled.next(), filled.next()) {
            (Some(day), Some(time)) => cells::instant(&format!("{day} {time}")).or_else(|_| cells::instant(day)),
            (first, _) => cells::instant(first.unwrap_or("")),
        };
        read.map_err(|why| self.wrong(field, &why))
    }

    /// What is wrong with a field, in both languages, under its heading in this file.
    pub fn wrong(&self, field: Field, why: &str) -> String {
        let said = |lang: Lang| format!("{}: {}", self.heading(field), lang.of_both(why));
        in_both(&said(Lang::Zh), &said(Lang::En))
    }

    /// A field's heading in this file, for messages.
    pub fn heading(&self, field: Field) -> &str {
        let place = self.layout.places.get(&field).and_then(|places| places.first());
        place.map_or("?", |&place| &self.layout.columns[place].1)
    }

    /// What is kept of the row: the columns read, but who bought it, and of an address the province.
    pub fn evidence(&self) -> BTreeMap<&str, &str> {
        let is = |place: usize, field: Field| self.layout.places.get(&field).is_some_and(|p| p.contains(&place));
        let mut kept = BTreeMap::new();
        for (place, (_, heading)) in self.layout.columns.iter().enumerate() {
            let cell = &self.record[place];
            let cell = if is(place, Field::Province) { cells::province(cell).unwrap_or("") } else { cell };
            if !cell.is_empty() && !is(place, Field::BuyerNo) {
                kept.insert(heading.as_str(), cell);
            }
        }
        kept
    }

    /// What is kept of a row that was set aside: nothing that could be about a person, since its columns may have slipped.
    pub fn evidence_set_aside(&self) -> BTreeMap<&str, &str> {
        let mut kept = self.evidence();
        kept.retain(|_, cell| !personal::kept(cell).is_empty());
        kept
    }
}
