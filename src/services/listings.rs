//! 商品上架: a listing is drafted by one person and made by another; put on the shelf, and taken off it.
//!
//! Rules that must hold: a draft feeds no figure until a second person approves it, under the rules of the price book; its
//! terms begin on a day that has not passed when they are drafted, and never in a locked month; terms that begin later stay
//! as they are; terms that have not begun leave name and price as they are until their day (`store::faces`); a listing that lacks what its goods
//! need is not published.
//!
//! Not here: reading what was typed (`domain::listings`), what keeps a listing off the shelf (`services::shelf_check`).

use super::desk::Desk;
use super::in_hand;
use super::post;
use super::shelf_check::Shelf;
use crate::domain::access::{Actor, Role, second_person};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, month_key, month_start};
use crate::domain::county::{CountyDoc, ListingDoc, TermsDoc};
use crate::domain::listings::{TypedListing, read};
use crate::domain::problem::{Mistake, Problem, Refusal};
use crate::domain::shelf::State;
use crate::ingest::county;
use crate::store::faces::Face;
use crate::store::goods::{self, Listing, TermsRow};
use crate::store::listings::{self, Entry};
use crate::store::outcome::Outcome;
use crate::store::rows::known;
use crate::store::{Session, StoreError, Work, faces, ledger, photos, take_ids};
use chrono::TimeDelta;

/// The listing of a number.
pub async fn find(session: &mut Session, listing_id: i64) -> Result<Option<Listing>, StoreError> {
    Ok(goods::list_listings(session).await?.into_iter().find(|l| l.listing_id == listing_id))
}

/// All listings with the names and prices they have on a day.
pub async fn list_on(session: &mut Session, on: Day) -> Result<Vec<Listing>, StoreError> {
    let mut listings = goods::list_listings(session).await?;
    faces::apply(&mut listings, &faces::list(session).await?, on);
    Ok(listings)
}

/// The terms in force on a day, of a listing's versions: the newest known, as the ledger picks them.
pub fn in_force(versions: &[TermsRow], on: Day) -> Option<&TermsRow> {
    let holds = |row: &&TermsRow| row.valid_from <= on && row.valid_to.is_none_or(|to| on <= to);
    versions.iter().filter(holds).max_by_key(|row| (row.batch_id, row.version_id))
}

/// Terms as stored, as a county document has them.
pub fn terms_doc(row: &TermsRow) -> TermsDoc {
    TermsDoc {
        from: row.valid_from,
        to: row.valid_to,
        model: row.model.clone(),
        platform_bp: row.platform_bp,
        anchor_bp: row.anchor_bp,
        operator_bp: row.operator_bp,
        village_bp: row.village_bp,
        share_bp: row.share_bp,
        purchase_fen_per_kg: row.purchase_fen_per_kg,
        freight_fen: row.freight_fen,
        packaging_fen: row.packaging_fen,
        pack_g: row.pack_g,
        shrink_bp: row.shrink_bp,
        conversion_bp: row.conversion_bp,
        extra_cost_fen_per_kg: row.extra_cost_fen_per_kg,
        loss_borne_by: row.loss_borne_by.clone(),
        volume: row.volume.clone(),
    }
}

/// Drafts a listing, or new terms of one (`listing_id` not 0), which then waits. Its number; `None` where there is no such
/// listing or product.
pub async fn draft(desk: &Desk<'_>, listing_id: i64, typed: &TypedListing) -> anyhow::Result<Option<i64>> {
    let mut work = desk.work("draft listing").await?;
    let Some((entry_id, change)) = enter(&mut work, listing_id, typed, desk.clock.today()).await? else {
        return Ok(None);
    };
    work.commit(&change).await?;
    Ok(Some(entry_id))
}

/// The same within a unit of work that does more; what it did stands beside the draft's number.
pub(super) async fn enter(
    work: &mut Work,
    listing_id: i64,
    typed: &TypedListing,
    today: Day,
) -> anyhow::Result<Option<(i64, Change)>> {
    let listings = goods::list_listings(work).await?;
    let of = listings.iter().find(|l| l.listing_id == listing_id);
    if listing_id != 0 && of.is_none() {
        return Ok(None);
    }
    let products = goods::list_products(work).await?;
    let product_id = match of {
        Some(listing) => Some(listing.product_id),
        None => products.iter().find(|p| p.product_key == typed.product).map(|p| p.product_id),
    };
    let Some(product_id) = product_id else { return Ok(None) };
    let key = of.map_or_else(|| typed.key.clone(), |listing| listing.listing_key.clone());
    let draft = read(&TypedListing { key: key.clone(), ..typed.clone() }, today)
        .map_err(|fault| Problem::from(Mistake::TermsTyped { fault }))?;
    let waiting = listings::list_waiting(work).await?;
    let is_taken =
        listings.iter().any(|l| l.listing_key == draft.key) || waiting.iter().any(|e| e.listing_key == draft.key);
    if listing_id == 0 && is_taken {
        return Err(Problem::from(Mistake::ListingExists { key: draft.key }).into());
    }
    refuse_locked(work, draft.terms.from).await?;
    let entry_id = take_ids(work, "listing_entry", 1).await?;
    listings::insert(work, entry_id, (listing_id, product_id), &draft).await?;
    let change = Change::new(Verb::File, Noun::Listing, draft.key)
        .after(Field::Title, draft.name)
        .after(Field::PriceFen, draft.price_fen)
        .after(Field::Kind, draft.terms.model)
        .after(Field::From, draft.terms.from)
        .after(Field::WeightG, draft.terms.pack_g);
    Ok(Some((entry_id, change)))
}

/// Terms begin in no month that is locked, nor before one.
async fn refuse_locked(session: &mut Session, from: Day) -> anyhow::Result<()> {
    let locked = ledger::list_locked_months(session).await?;
    match locked.into_iter().filter(|&month| month_start(from) <= month).max() {
        Some(month) => Err(Problem::MonthLocked { month: month_key(month) }.into()),
        None => Ok(()),
    }
}

/// A draft that waits; `None` where there is no such one.
async fn waiting(session: &mut Session, entry_id: i64) -> anyhow::Result<Option<Entry>> {
    match listings::find(session, entry_id).await? {
        Some(entry) if entry.is_waiting() => Ok(Some(entry)),
        Some(_) => Err(Problem::from(Mistake::DraftDecided).into()),
        None => Ok(None),
    }
}

/// Whether an actor may decide on a draft: whoever entered it may not.
pub fn may_decide(entry: &Entry, actor: &Actor) -> Result<bool, StoreError> {
    let enterer =
        Actor::account(entry.account_id, &entry.entered_by, known(&entry.role, Role::parse)?, &entry.came_from);
    Ok(second_person(&enterer, actor))
}

/// Approves a draft that another person entered. The listing; `None` where there is no such draft.
pub async fn approve(desk: &Desk<'_>, entry_id: i64) -> anyhow::Result<Option<i64>> {
    let mut work = desk.work("approve listing").await?;
    let Some(mut entry) = waiting(&mut work, entry_id).await? else { return Ok(None) };
    if !may_decide(&entry, desk.actor)? {
        return Err(Problem::Refused(Refusal::OtherApprover).into());
    }
    if in_hand::had(&mut work, entry.account_id, entry.entered_at, desk.actor).await? {
        return Err(Problem::Refused(Refusal::EntererMade { by: entry.entered_by, days: in_hand::DAYS }).into());
    }
    refuse_locked(&mut work, entry.valid_from).await?;
    faces::take_effect(&mut work).await?;
    let (name, price_fen) = (entry.name.clone(), entry.price_fen);
    let (today, valid_from) = (desk.clock.today(), entry.valid_from);
    let overtaken = |terms: &TermsRow| terms.valid_from > valid_from && terms.valid_from <= today;
    let is_overtaken = goods::list_terms_of(&mut work, &[entry.listing_id]).await?.iter().any(overtaken);
    let now = find(&mut work, entry.listing_id).await?.filter(|_| valid_from > today || is_overtaken);
    if let Some(listing) = &now {
        // until terms begin, and once later ones have begun, what is sold keeps its name and price
        (entry.name, entry.price_fen) = (listing.name.clone(), listing.price_fen);
    }
    let listing_id = put_in(&mut work, &entry).await?;
    if now.is_some() && valid_from > today {
        faces::insert(&mut work, &Face { listing_id, entry_id, valid_from, name: name.clone(), price_fen }).await?;
    }
    listings::decide(&mut work, entry_id, listing_id, Outcome::Approved, "").await?;
    if entry.listing_id == 0 {
        listings::take_step(&mut work, listing_id, State::Approved, "").await?;
        photos::hand_on(&mut work, entry_id, listing_id).await?;
    }
    let posted = post::post(&mut work).await?;
    let change = Change::new(Verb::Approve, Noun::Listing, entry.listing_key)
        .after(Field::Title, name)
        .after(Field::PriceFen, price_fen)
        .after(Field::From, entry.valid_from)
        .after(Field::FiledBy, entry.entered_by)
        .count(Field::LedgerRows, i64::try_from(posted.rows)?);
    work.commit(&change).await?;
    Ok(Some(listing_id))
}

/// Makes the listing, or its new terms, as a county document would; the listing's number.
async fn put_in(work: &mut Work, entry: &Entry) -> anyhow::Result<i64> {
    let products = goods::list_products(work).await?;
    let product = products.into_iter().find(|p| p.product_id == entry.product_id).map(|p| p.product_key);
    let mut terms = entry.terms();
    if entry.listing_id != 0 {
        let later = goods::list_terms_of(work, &[entry.listing_id]).await?;
        let next = later.iter().map(|t| t.valid_from).filter(|&from| from > terms.from).min();
        terms.to = next.map(|day| day - TimeDelta::days(1));
    }
    let listing = ListingDoc {
        key: entry.listing_key.clone(),
        product: product.unwrap_or_default(),
        name: entry.name.clone(),
        price_fen: entry.price_fen,
        terms: vec![terms],
        supply: Vec::new(),
    };
    let doc = CountyDoc { county: work.county_text().to_string(), listings: vec![listing], ..CountyDoc::default() };
    county::import(work, &doc).await?;
    let listing = goods::list_listings(work).await?.into_iter().find(|l| l.listing_key == entry.listing_key);
    Ok(listing.map_or(0, |l| l.listing_id))
}

/// Rejects a draft with a reason; whoever entered it takes it back instead. False where there is no such draft.
pub async fn turn_down(desk: &Desk<'_>, entry_id: i64, reason: &str) -> anyhow::Result<bool> {
    let mut work = desk.work("turn listing down").await?;
    let Some(entry) = waiting(&mut work, entry_id).await? else { return Ok(false) };
    let own = !may_decide(&entry, desk.actor)?;
    let reason = reason.trim();
    if reason.is_empty() && !own {
        return Err(Problem::from(Mistake::ReasonMissing).into());
    }
    let (verb, outcome) = if own { (Verb::Withdraw, Outcome::Withdrawn) } else { (Verb::Reject, Outcome::Rejected) };
    listings::decide(&mut work, entry_id, entry.listing_id, outcome, reason).await?;
    let change = Change::new(verb, Noun::Listing, entry.listing_key)
        .after(Field::From, entry.valid_from)
        .after(Field::Reason, reason)
        .after(Field::FiledBy, entry.entered_by);
    work.commit(&change).await?;
    Ok(true)
}

/// Puts a listing on the shelf, if nothing keeps it off. False where there is no such listing.
pub async fn publish(desk: &Desk<'_>, listing_id: i64) -> anyhow::Result<bool> {
    let mut work = desk.work("publish listing").await?;
    let Some(listing) = find(&mut work, listing_id).await? else { return Ok(false) };
    let shelf = Shelf::load(&mut work, desk.clock.today()).await?;
    if shelf.state(listing_id) == State::Published {
        return Ok(true);
    }
    let holds = shelf.holds_as(listing_id, State::Published);
    if !holds.is_empty() {
        return Err(Problem::from(Mistake::OffShelf { holds }).into());
    }
    listings::take_step(&mut work, listing_id, State::Published, "").await?;
    work.commit(&Change::new(Verb::Publish, Noun::Listing, listing.listing_key)).await?;
    Ok(true)
}

/// Takes a listing off the shelf, and says why. False where there is no such listing.
pub async fn withdraw(desk: &Desk<'_>, listing_id: i64, reason: &str) -> anyhow::Result<bool> {
    let mut work = desk.work("withdraw listing").await?;
    let Some(listing) = find(&mut work, listing_id).await? else { return Ok(false) };
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Problem::from(Mistake::ReasonMissing).into());
    }
    listings::take_step(&mut work, listing_id, State::Withdrawn, reason).await?;
    let change = Change::new(Verb::Withdraw, Noun::Listing, listing.listing_key).after(Field::Reason, reason);
    work.commit(&change).await?;
    Ok(true)
}
