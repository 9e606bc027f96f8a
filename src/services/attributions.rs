//! A person says which stream sold lines: those no rule could decide, and any other that was decided wrongly.
//!
//! Rules that must hold: a decision is a version of its own, with who and why, that no rule overrules again; the orders it
//! touches are posted in the same unit of work; the same decision again writes nothing; nobody decides over sales of a
//! stream of their own, whose commission they earn.

use super::assemble::latest;
use super::desk::Desk;
use super::{own, post};
use crate::domain::attribution::Rule;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::day_of;
use crate::domain::problem::{Mistake, Problem, Refusal};
use crate::ingest::attribute;
use crate::store::lines::Undecided;
use crate::store::orders::{AttributionRow, LineRow};
use crate::store::streams::Stream;
use crate::store::{Session, StoreError, facts, orders, streams};
use rustc_hash::FxHashSet;

/// Letters of the longest reason.
const LONGEST_REASON: usize = 200;

/// Which stream sold a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Stream(i64),
    /// The one it was given by rule: what was inferred is confirmed.
    AsItStands,
    /// 非直播
    None,
}

/// What a person says of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said<'a> {
    pub choice: Choice,
    /// 以购代捐; `None` leaves that as it is.
    pub bulk: Option<bool>,
    pub reason: &'a str,
}

/// What it did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decided {
    /// Lines that had said something else.
    pub lines: u64,
    pub ledger_rows: u64,
}

/// The streams on at the time of each line in its shop, the last to start first: what a person chooses from.
pub async fn may_be(session: &mut Session, lines: &[Undecided]) -> Result<Vec<Vec<i64>>, StoreError> {
    let days = || lines.iter().flat_map(|line| [Some(line.created_at), line.paid_at]).flatten().map(day_of);
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(Vec::new()) };
    let index = attribute::load_streams(session, first, last).await?;
    Ok(lines.iter().map(|line| index.in_time(line.shop_id, line.created_at, line.paid_at)).collect())
}

/// Writes a decision about lines of the county and posts their orders.
pub async fn decide(desk: &Desk<'_>, line_ids: &[i64], said: Said<'_>) -> anyhow::Result<Decided> {
    let reason = said.reason.trim();
    if line_ids.is_empty() {
        return Err(Problem::from(Mistake::NoLineChosen).into());
    }
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Problem::from(Mistake::DecisionWithoutReason { most: LONGEST_REASON }).into());
    }
    let own = own::anchors(desk).await?;
    let mut work = desk.work("attribute").await?;
    let lines = orders::list_lines_by_id(&mut work, line_ids).await?;
    let known = orders::list_attributions(&mut work, line_ids).await?;
    let mut rows = Vec::new();
    let mut order_ids = Vec::new();
    for line in &lines {
        let last = latest(&known, line.line_id);
        let stream_id = match said.choice {
            Choice::Stream(stream_id) => stream_id,
            Choice::AsItStands => last.map_or(0, |a| a.stream_id),
            Choice::None => 0,
        };
        let bulk = said.bulk.unwrap_or_else(|| last.is_some_and(|a| a.bulk));
        let is_news =
            |a: &AttributionRow| (a.stream_id, a.rule.as_str(), a.bulk) != (stream_id, Rule::Person.key(), bulk);
        if last.is_none_or(is_news) {
            order_ids.push(line.order_id);
            rows.push(AttributionRow {
                line_id: line.line_id,
                version_id: last.map_or(0, |a| a.version_id) + 1,
                batch_id: work.batch_id,
                stream_id,
                rule: Rule::Person.key().to_owned(),
                bulk,
                actor: work.actor.name.clone(),
                reason: reason.to_owned(),
            });
        }
    }
    let named: Vec<i64> = rows.iter().chain(&known).map(|row| row.stream_id).filter(|&id| id != 0).collect();
    let found = streams::list_of_ids(&mut work, &named).await?;
    hold(&lines, &rows, &found, &own)?;
    if rows.is_empty() {
        return Ok(Decided::default());
    }
    orders::insert_attributions(&mut work, &rows).await?;
    facts::queue(&mut work, &order_ids).await?;
    let posted = post::post(&mut work).await?;
    let subject = match lines.as_slice() {
        [one] => one.line_no.clone(),
        several => format!("{} lines", several.len()),
    };
    let key = |id: i64| found.iter().find(|s| s.stream_id == id).map_or("none", |s| s.stream_key.as_str());
    let mut keys: Vec<&str> = rows.iter().map(|row| key(row.stream_id)).collect();
    keys.sort_unstable();
    keys.dedup();
    let change = Change::new(Verb::Change, Noun::Attribution, subject)
        .after(Field::Key, keys.join(", "))
        .after(Field::Reason, reason)
        .count(Field::RowsChanged, i64::try_from(rows.len())?)
        .count(Field::LedgerRows, i64::try_from(posted.rows)?);
    work.commit(&change).await?;
    Ok(Decided { lines: rows.len() as u64, ledger_rows: posted.rows })
}

/// Refuses a stream that is not there or of another shop, and one of whoever decides.
fn hold(lines: &[LineRow], rows: &[AttributionRow], found: &[Stream], own: &FxHashSet<i64>) -> Result<(), Problem> {
    let of = |id: i64| found.iter().find(|stream| stream.stream_id == id);
    for row in rows.iter().filter(|row| row.stream_id != 0) {
        let line = lines.iter().find(|line| line.line_id == row.line_id);
        let (Some(stream), Some(line)) = (of(row.stream_id), line) else {
            return Err(Mistake::NoSuchStream.into());
        };
        if stream.shop_id != line.shop_id {
            return Err(Mistake::StreamOfAnotherShop { line: line.line_no.clone() }.into());
        }
    }
    if found.iter().any(|stream| own.contains(&stream.anchor_id)) {
        return Err(Problem::Refused(Refusal::StreamOfOwn));
    }
    Ok(())
}
