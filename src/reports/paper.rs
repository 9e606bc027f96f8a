//! A template with its facts, set into pages, and the pages as a PDF.
//!
//! What would differ from one making to the next is taken from the facts: the PDF's moment is the one they name, its
//! number is their hash. A fault of a template says which file and line, because a county may have written it.

use super::fonts;
use super::templates::Templates;
use super::value;
use super::world::Surroundings;
use crate::domain::calendar::Instant;
use crate::domain::canonical::canonical;
use crate::domain::lang::Lang;
use chrono::{Datelike, Timelike};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Datetime, Dict, Smart, Str, Value};
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

/// How many documents Typst remembers pieces of: a site sets the same few templates over and over.
const REMEMBERED: usize = 8;

/// What a document is made from.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The template's file.
    pub template: &'static str,
    pub lang: Lang,
    /// Texts, whole numbers, lists and maps.
    pub facts: Json,
    /// Pictures by name, as SVG.
    pub pictures: BTreeMap<&'static str, String>,
    /// The moment the PDF names as its own.
    pub made_at: Instant,
}

/// A template that cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct Fault {
    /// `month.typ:12`.
    pub place: String,
    pub message: String,
}

impl Paper {
    /// A hash of everything the document is made from but the templates.
    pub fn hash(&self) -> String {
        let whole = json!({
            "template": self.template, "lang": self.lang.key(), "facts": self.facts, "pictures": self.pictures,
            "made_at": self.made_at.timestamp(),
        });
        hex::encode(Sha256::digest(canonical(&whole).as_bytes()))
    }

    /// The pages.
    pub fn set(&self, templates: &Templates) -> anyhow::Result<PagedDocument> {
        let mut inputs = Dict::new();
        inputs.insert("facts".into(), value::of(&self.facts)?);
        inputs.insert("lang".into(), Value::Str(self.lang.key().into()));
        let svg = |svg: &String| Value::Bytes(Bytes::new(fonts::writable(svg).into_bytes()));
        let pictures: Dict = self.pictures.iter().map(|(&name, text)| (Str::from(name), svg(text))).collect();
        inputs.insert("pictures".into(), Value::Dict(pictures));
        let around = Surroundings::new(templates, self.template, inputs)?;
        let set = typst::compile::<PagedDocument>(&around).output;
        typst::comemo::evict(REMEMBERED);
        Ok(set.map_err(|faults| fault(&around, faults.first(), self.template))?)
    }

    /// The bytes of the PDF.
    pub fn pdf(&self, templates: &Templates) -> anyhow::Result<Vec<u8>> {
        let pages = self.set(templates)?;
        let options = PdfOptions {
            ident: Smart::Custom(self.hash()),
            creator: Smart::Custom(Some("Red Anchor".into())),
            timestamp: moment(self.made_at).map(Timestamp::new_utc),
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&pages, &options).map_err(|faults| {
            let message = faults.first().map(|fault| fault.message.to_string()).unwrap_or_default();
            Fault { place: self.template.to_owned(), message }.into()
        })
    }
}

fn moment(at: Instant) -> Option<Datetime> {
    let part = |n: u32| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        at.year(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}

/// The first thing that is wrong, with its file and line.
fn fault(around: &Surroundings<'_>, first: Option<&SourceDiagnostic>, template: &str) -> Fault {
    let Some(first) = first else {
        return Fault { place: template.to_owned(), message: "the template cannot be set".to_owned() };
    };
    let id = first.span.id();
    let name = id.map_or_else(|| template.to_owned(), |id| id.vpath().get_without_slash().to_owned());
    let line = || {
        let (source, range) = (around.source(id?).ok()?, around.range(first.span)?);
        source.lines().byte_to_line(range.start)
    };
    let place = line().map_or_else(|| name.clone(), |line| format!("{name}:{}", line + 1));
    Fault { place, message: first.message.to_string() }
}
