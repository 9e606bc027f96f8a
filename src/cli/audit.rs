//! `red-anchor audit`: the audit trail, oldest first, as a table or JSON.

use super::context::Context;
use crate::domain::audit::{Noun, Row};
use crate::domain::calendar::{parse_day, rfc3339, start_of};
use crate::domain::problem::Problem;
use crate::store::audit::{self, Sought};
use chrono::TimeDelta;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    /// First day.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Last day.
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// Only what this person or job did.
    #[arg(long)]
    actor: Option<String>,
    /// Only changes of this: shop, orders, month, farmer …
    #[arg(long)]
    noun: Option<String>,
    #[arg(long, default_value = "table")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let sought = sought(arguments)?;
    let opened = context.open().await?;
    let mut session = opened.read().await?;
    let mut entries = Vec::new();
    audit::each(&mut session, &sought, |entry| entries.push(entry)).await?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match arguments.format {
        Format::Json => {
            let rows: Vec<Value> = entries.iter().map(row).collect();
            let head = audit::find_head(&mut session).await?;
            let head = head.map(|(audit_no, hash)| json!({"audit_no": audit_no, "hash": hash}));
            serde_json::to_writer(&mut out, &json!({"county": opened.county.county_code, "rows": rows, "head": head}))?;
            writeln!(out)?;
        }
        Format::Table => {
            writeln!(out, "no\tat\tactor\tfrom\tverb\tnoun\tsubject\tbefore\tafter")?;
            for e in &entries {
                let (at, place, what) = (rfc3339(e.at), &e.came_from, &e.subject);
                writeln!(
                    out,
                    "{}\t{at}\t{}\t{place}\t{}\t{}\t{what}\t{}\t{}",
                    e.audit_no, e.actor, e.verb, e.noun, e.before, e.after
                )?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn sought(arguments: &Arguments) -> Result<Sought, Problem> {
    let day = |text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => parse_day(text).map(Some).ok_or_else(|| Problem::BadDay { text: text.clone() }),
    };
    let (from, to) = (day(&arguments.from)?, day(&arguments.to)?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Problem::BackwardsRange);
    }
    if let Some(noun) = arguments.noun.as_deref().filter(|key| Noun::parse(key).is_none()) {
        return Err(Problem::BadOption { why: format!("--noun {noun}") });
    }
    Ok(Sought {
        from: from.map(start_of),
        before: to.map(|day| start_of(day) + TimeDelta::days(1)),
        actor: arguments.actor.clone(),
        noun: arguments.noun.clone(),
        subject: None,
    })
}

/// A row with every key of the chain, so that an outsider can compute its hash.
pub fn row(entry: &Row) -> Value {
    let facts = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
    json!({
        "audit_no": entry.audit_no,
        "at": rfc3339(entry.at),
        "at_micros": entry.at.timestamp_micros(),
        "actor": entry.actor,
        "account_id": entry.account_id,
        "role": entry.role,
        "from": entry.came_from,
        "verb": entry.verb,
        "noun": entry.noun,
        "subject": entry.subject,
        "before": facts(&entry.before),
        "after": facts(&entry.after),
        "batch_id": entry.batch_id,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    })
}
