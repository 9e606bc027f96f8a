//! 基准价: a price is entered by one person and approved by another; until then it feeds no figure.
//!
//! Rules that must hold: nobody approves or rejects what they entered; an approved price is a new version beside the
//! old ones, and every sale it reaches is posted again in the same unit of work; what an approval would do is found out
//! by doing it and forgetting it, so what is shown is what would happen.
//!
//! Not here: reading what was typed (`domain::price_book`), the county document's own prices (`ingest::county`).

use super::desk::Desk;
use super::figures::{self, Request};
use super::in_hand;
use super::post;
use crate::domain::access::{Actor, Role, second_person};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::figures::FigureRow;
use crate::domain::price_book::{Nameable, NewPrice};
use crate::domain::problem::{Mistake, Problem, Refusal};
use crate::domain::regions::RegionCode;
use crate::store::facts::{self, Of};
use crate::store::figures::Grouping;
use crate::store::lots::draws;
use crate::store::price_book::{self, Entry, Outcome};
use crate::store::prices::{self, BaselineRow};
use crate::store::rows::known;
use crate::store::{Session, StoreError, Work, counties, goods, take_ids};

pub use crate::ingest::files::price_sheet::read as read_sheet;

/// Prices entered at once.
pub const MOST_ROWS: usize = 500;

/// What typed prices may name in this county.
pub async fn nameable(session: &mut Session) -> Result<Nameable, StoreError> {
    let mut products: Vec<(i64, String, String)> =
        goods::list_products(session).await?.into_iter().map(|p| (p.product_id, p.product_key, p.name)).collect();
    products.sort();
    let county = session.scope().county();
    let within = |code: &str| RegionCode::parse(code).is_some_and(|code| code.within(county));
    let regions = counties::region_names(session).await?.into_iter().filter(|(code, _)| within(code)).collect();
    Ok(Nameable { products, regions })
}

/// Enters prices, which then wait.
pub async fn enter(desk: &Desk<'_>, rows: &[NewPrice]) -> anyhow::Result<()> {
    let mut work = desk.work("enter prices").await?;
    let first = take_ids(&mut work, "baseline_entry", rows.len()).await?;
    price_book::insert(&mut work, first, rows).await?;
    let mut change = Change::new(Verb::File, Noun::Baseline, first.to_string());
    if let [one] = rows {
        change =
            change.after(Field::Region, one.region).after(Field::From, one.valid_from).after(Field::To, one.valid_to);
        change = change.after(Field::FenPerKg, one.mid);
    }
    work.commit(&change.count(Field::RowsNew, i64::try_from(rows.len())?)).await?;
    Ok(())
}

/// A price that waits; `None` where there is no such entry.
async fn waiting(session: &mut Session, entry_id: i64) -> anyhow::Result<Option<Entry>> {
    match price_book::find(session, entry_id).await? {
        Some(entry) if entry.outcome == "waiting" => Ok(Some(entry)),
        Some(_) => Err(Problem::from(Mistake::PriceDecided).into()),
        None => Ok(None),
    }
}

/// Who entered a price, as far as telling two people apart needs it.
fn enterer(entry: &Entry) -> Result<Actor, StoreError> {
    let role = known(&entry.role, Role::parse)?;
    Ok(Actor::account(entry.account_id, &entry.entered_by, role, &entry.came_from))
}

/// Whether an actor may decide on an entry.
pub fn may_decide(entry: &Entry, actor: &Actor) -> Result<bool, StoreError> {
    Ok(second_person(&enterer(entry)?, actor))
}

/// Approves a price that another person entered. False where there is no such entry.
pub async fn approve(desk: &Desk<'_>, entry_id: i64) -> anyhow::Result<bool> {
    let mut work = desk.work("approve price").await?;
    let Some(entry) = waiting(&mut work, entry_id).await? else { return Ok(false) };
    if !may_decide(&entry, desk.actor)? {
        return Err(Problem::Refused(Refusal::OtherApprover).into());
    }
    if in_hand::had(&mut work, entry.account_id, entry.entered_at, desk.actor).await? {
        return Err(Problem::Refused(Refusal::EntererMade { by: entry.entered_by, days: in_hand::DAYS }).into());
    }
    let (baseline_id, rows) = put_in(&mut work, &entry, &desk.actor.name).await?;
    price_book::decide(&mut work, entry_id, Outcome::Approved { baseline_id }, "").await?;
    let change = Change::new(Verb::Approve, Noun::Baseline, entry_id.to_string())
        .after(Field::Region, &entry.region_code)
        .after(Field::From, entry.valid_from)
        .after(Field::To, entry.valid_to)
        .after(Field::FenPerKg, entry.mid_fen_per_kg)
        .after(Field::FiledBy, &entry.entered_by)
        .count(Field::LedgerRows, i64::try_from(rows)?);
    work.commit(&change).await?;
    Ok(true)
}

/// Puts a price into the book and posts what it reaches; its number, and the ledger rows that came of it.
async fn put_in(work: &mut Work, entry: &Entry, approved_by: &str) -> anyhow::Result<(i64, u64)> {
    let baseline_id = take_ids(work, "baseline", 1).await?;
    let row = BaselineRow {
        baseline_id,
        batch_id: work.batch_id,
        product_id: entry.product_id,
        region_code: entry.region_code.clone(),
        valid_from: entry.valid_from,
        valid_to: entry.valid_to,
        low_fen_per_kg: entry.low_fen_per_kg,
        mid_fen_per_kg: entry.mid_fen_per_kg,
        high_fen_per_kg: entry.high_fen_per_kg,
        salvage_fen_per_kg: entry.salvage_fen_per_kg,
        source: entry.source.clone(),
        entered_by: entry.entered_by.clone(),
        approved_by: approved_by.to_owned(),
    };
    prices::insert_baselines(work, &[row]).await?;
    facts::queue_slices(work, Of::Product, &[entry.product_id], entry.valid_from, entry.valid_to).await?;
    draws::queue_taken_in(work, entry.product_id, entry.valid_from, entry.valid_to).await?;
    Ok((baseline_id, post::post(work).await?.rows))
}

/// A month's figures as they are and as they would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// `2026-02`
    pub month: String,
    pub before: FigureRow,
    pub after: FigureRow,
}

/// What approving an entry would do to the figures, month by month: it is approved, looked at and forgotten.
pub async fn effects(desk: &Desk<'_>, entry_id: i64) -> anyhow::Result<Vec<Effect>> {
    let mut work = desk.work("look at price").await?;
    let Some(entry) = waiting(&mut work, entry_id).await? else { return Ok(Vec::new()) };
    let before = months(&mut work).await?;
    put_in(&mut work, &entry, &desk.actor.name).await?;
    let after = months(&mut work).await?;
    drop(work);
    let of = |rows: &[(String, FigureRow)], month: &str| {
        rows.iter().find(|(key, _)| key == month).map(|(_, figures)| *figures).unwrap_or_default()
    };
    let mut keys: Vec<&String> = before.iter().chain(&after).map(|(key, _)| key).collect();
    keys.sort();
    keys.dedup();
    let effects = keys.into_iter().map(|month| Effect {
        month: month.clone(),
        before: of(&before, month),
        after: of(&after, month),
    });
    Ok(effects.filter(|e| e.before != e.after).collect())
}

async fn months(session: &mut Session) -> Result<Vec<(String, FigureRow)>, StoreError> {
    let county = session.scope().county();
    let request = Request { households: false, ..Request::all(county, Grouping::Month) };
    let rows = figures::rows(session, &request).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.key?, row.figures))).collect())
}

/// Rejects a price with a reason; whoever entered it takes it back instead. False where there is no such entry.
pub async fn turn_down(desk: &Desk<'_>, entry_id: i64, reason: &str) -> anyhow::Result<bool> {
    let mut work = desk.work("turn price down").await?;
    let Some(entry) = waiting(&mut work, entry_id).await? else { return Ok(false) };
    let own = !may_decide(&entry, desk.actor)?;
    let reason = reason.trim();
    if reason.is_empty() && !own {
        return Err(Problem::from(Mistake::ReasonMissing).into());
    }
    let (verb, outcome) = if own { (Verb::Withdraw, Outcome::Withdrawn) } else { (Verb::Reject, Outcome::Rejected) };
    price_book::decide(&mut work, entry_id, outcome, reason).await?;
    let change = Change::new(verb, Noun::Baseline, entry_id.to_string())
        .after(Field::Region, &entry.region_code)
        .after(Field::From, entry.valid_from)
        .after(Field::Reason, reason)
        .after(Field::FiledBy, &entry.entered_by);
    work.commit(&change).await?;
    Ok(true)
}

/// Says which product a market's name is. False where there is no such product.
pub async fn match_name(desk: &Desk<'_>, market: &str, name: &str, product_key: &str) -> anyhow::Result<bool> {
    let mut work = desk.work("match market name").await?;
    let products = goods::list_products(&mut work).await?;
    let Some(product) = products.into_iter().find(|p| p.product_key == product_key) else { return Ok(false) };
    let names = price_book::list_market_names(&mut work).await?;
    if !names.iter().any(|n| (n.market.as_str(), n.name.as_str()) == (market, name)) {
        return Ok(false);
    }
    price_book::match_name(&mut work, market, name, product.product_id).await?;
    let change = Change::new(Verb::Change, Noun::MarketName, format!("{market} {name}"))
        .after(Field::Product, product.product_key);
    work.commit(&change).await?;
    Ok(true)
}
