//! `red-anchor report MONTH --out FILE`: the report stored when a month was locked, as a PDF to sign and file or as tables; of
//! a year, its locked months side by side. What the file is, its name says.

use super::context::Context;
use crate::domain::calendar::{Day, parse_month};
use crate::domain::lang::Lang;
use crate::domain::problem::{Problem, Refusal};
use crate::reports::month::{self, Printed};
use crate::reports::month_book::Tables;
use crate::reports::templates::Templates;
use crate::reports::{year, year_book};
use crate::services::{month_reports as standing, sharing};
use crate::store::{Session, month_reports};
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    /// YYYY-MM; YYYY for the locked months of a year.
    month: String,
    /// Where it is written; the name ends in .pdf, .xlsx or .csv.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// What it is, whatever the file is called.
    #[arg(long)]
    format: Option<Format>,
    /// The site's address, for the code that leads from paper to the month's page.
    #[arg(long, value_name = "URL", default_value = "")]
    site: String,
}

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Pdf,
    Xlsx,
    Csv,
}

impl Arguments {
    /// As asked for; else by the file's name, a PDF where that says nothing.
    fn format(&self) -> Format {
        let by_name = || {
            let end = self.out.extension().and_then(|end| end.to_str());
            end.and_then(|end| Format::from_str(end, true).ok()).unwrap_or(Format::Pdf)
        };
        self.format.unwrap_or_else(by_name)
    }
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let text = arguments.month.as_str();
    let year = text.parse::<i32>().ok().filter(|_| text.len() == 4);
    let month = parse_month(text);
    if year.is_none() && month.is_none() {
        return Err(Problem::BadMonth { text: text.to_owned() }.into());
    }
    let format = arguments.format();
    let templates = context.templates()?;
    let opened = context.open().await?;
    let mut session = opened.read().await?;
    let made = match (month, year) {
        (Some(month), _) => of_month(&mut session, month, arguments, context.lang, &templates).await?,
        (None, Some(year)) => of_year(&mut session, year, format, context.lang, &templates).await?,
        (None, None) => None,
    };
    drop(session);
    opened.store.close().await;
    let bytes = made.ok_or_else(|| Problem::Refused(Refusal::NoStoredReport { month: text.to_owned() }))?;
    let out = &arguments.out;
    std::fs::write(out, &bytes).with_context(|| format!("writing {}", out.display()))?;
    match context.lang {
        Lang::Zh => eprintln!("{text} 的报告写到 {}。", out.display()),
        Lang::En => eprintln!("The report of {text} is written to {}.", out.display()),
    }
    Ok(ExitCode::SUCCESS)
}

/// The latest report of a month; `None` where none is stored.
async fn of_month(
    session: &mut Session,
    month: Day,
    arguments: &Arguments,
    lang: Lang,
    templates: &Templates,
) -> anyhow::Result<Option<Vec<u8>>> {
    let Some(stored) = month_reports::list_of_month(session, month).await?.pop() else { return Ok(None) };
    let is_superseded = sharing::is_superseded(session, &stored).await?;
    let site = arguments.site.trim_end_matches('/');
    let address = if site.is_empty() { String::new() } else { format!("{site}/months/{}", arguments.month) };
    let (document, sha256) = (stored.document.as_str(), stored.head.sha256.as_str());
    let printed = Printed { document, sha256, address: &address, is_shared: false, is_superseded };
    let tables = || Tables::read(&printed, lang, templates);
    let bytes = match arguments.format() {
        Format::Pdf => month::paper(&printed, lang)?.pdf(templates)?,
        Format::Xlsx => tables()?.xlsx()?,
        Format::Csv => tables()?.csv()?,
    };
    Ok(Some(bytes))
}

/// A year's locked months; `None` where none is locked.
async fn of_year(
    session: &mut Session,
    year: i32,
    format: Format,
    lang: Lang,
    templates: &Templates,
) -> anyhow::Result<Option<Vec<u8>>> {
    let stored = standing::list_standing(session, year).await?.unwrap_or_default();
    if stored.is_empty() {
        return Ok(None);
    }
    let reports: Vec<year::Stored<'_>> =
        stored.iter().map(|s| year::Stored { document: &s.document, sha256: &s.head.sha256 }).collect();
    let bytes = match format {
        Format::Xlsx => year_book::book(year, &reports, lang, templates)?,
        Format::Csv => year_book::csv(year, &reports, lang, templates)?,
        Format::Pdf => year::paper(year, &reports, lang)?.pdf(templates)?,
    };
    Ok(Some(bytes))
}
