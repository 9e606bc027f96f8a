//! 聘书 and 培训证明 as a PDF: one A4 page with a code that anybody can check. What it says comes from the page beside it,
//! so that paper and screen say the same; how it is laid out stands in the template.

use super::paper::Paper;
use crate::charts::qr;
use crate::domain::calendar::{Day, start_of};
use crate::domain::lang::Lang;
use anyhow::Context;
use serde_json::json;
use std::collections::BTreeMap;

/// What is printed.
#[derive(Debug, Clone, Copy)]
pub struct Certificate<'a> {
    pub county: &'a str,
    pub demo: bool,
    pub title: &'a str,
    /// The sentence it is made for.
    pub text: &'a str,
    /// Number, class, day of issue: a line each.
    pub lines: &'a [String],
    pub sign: &'a str,
    pub scan: &'a str,
    /// Where it is checked; '' before it has a code.
    pub address: &'a str,
    pub issued_on: Day,
}

/// The document. An address too long for a code is refused.
pub fn paper(of: &Certificate<'_>, lang: Lang) -> anyhow::Result<Paper> {
    let mut pictures = BTreeMap::new();
    if !of.address.is_empty() {
        pictures.insert("qr", qr::svg(of.address).context("the address is too long for a QR code")?);
    }
    let facts = json!({
        "county": of.county,
        "demo": of.demo,
        "title": of.title,
        "text": of.text,
        "lines": of.lines,
        "sign": of.sign,
        "scan": of.scan,
        "address": of.address,
    });
    Ok(Paper { template: "certificate.typ", lang, facts, pictures, made_at: start_of(of.issued_on) })
}
