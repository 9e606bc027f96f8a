//! The words of the tables for spreadsheets, read from the same templates as those on paper: a county that says something
//! otherwise says it in its files too.

use super::paper::Paper;
use super::templates::Templates;
use crate::domain::calendar::Instant;
use crate::domain::lang::Lang;
use anyhow::Context;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use typst::foundations::NativeElement;
use typst::introspection::{Introspector, MetadataElem};

/// Words by the key of what they name.
pub type Named = BTreeMap<String, String>;

/// All of them.
#[derive(Debug, Clone, Deserialize)]
pub struct Labels {
    pub title: String,
    /// Number, basis, how far it is known; the mark of invented data, and that a later report stands.
    pub about: Vec<String>,
    pub method: Vec<String>,
    pub adjustments: String,
    pub held: String,
    pub nobody: String,
    pub figure: Named,
    pub classes: Named,
    pub sheets: Named,
    pub units: Named,
    pub col_figure: String,
    pub col_headline: String,
    pub col_total: String,
    pub col_basis: String,
    pub col_group: String,
    pub col_month: String,
    pub col_entries: String,
    pub basis_settled: String,
    pub basis_entries: String,
    pub year_note: String,
    pub step: String,
    pub in_sum: String,
    pub out_sum: String,
    pub income_sum: String,
    pub check: String,
    pub less_refund: String,
    pub shown_sum: String,
    pub all_row: String,
    pub sums: String,
    pub formulas: String,
    pub proof: String,
    pub kind: String,
    pub value: String,
    pub unit: String,
}

impl Labels {
    /// As the templates say them of some facts.
    pub fn read(facts: Json, lang: Lang, templates: &Templates) -> anyhow::Result<Self> {
        let (template, pictures, made_at) = ("sheets.typ", BTreeMap::new(), Instant::UNIX_EPOCH);
        let set = Paper { template, lang, facts, pictures, made_at }.set(templates)?;
        let found = set.introspector().query_first(&MetadataElem::ELEM.select());
        let words = found.as_ref().and_then(|content| content.to_packed::<MetadataElem>());
        let words = words.context("sheets.typ holds no words")?;
        serde_json::from_value(serde_json::to_value(&words.value)?).context("sheets.typ lacks words")
    }

    /// A name by its key; the key itself where there is none.
    pub fn of<'a>(named: &'a Named, key: &'a str) -> &'a str {
        named.get(key).map_or(key, String::as_str)
    }
}
