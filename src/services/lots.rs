//! Lots: weighing one in, closing it, correcting a weighing, and from which day a listing's goods come from lots.
//!
//! Rules that must hold: lines that wait for goods of a product are posted again when a lot of it is weighed in, in the
//! same unit of work; a closed lot gives nothing any more, and each of its tickets has weight = drawn + left + lost; a
//! weighing is never corrected below what was drawn from it; only goods that are bought have an agreed price, and those
//! that are only bought always have one.
//!
//! Not here: reading a typed list (`domain::weighing`), drawing (`services::draws`).

use super::buying::Buying;
use super::desk::Desk;
use super::post;
use super::shelf_check::certified_on;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::buying;
use crate::domain::calendar::{Day, month_key, next_month};
use crate::domain::doubles::Households;
use crate::domain::draws::shared_loss;
use crate::domain::payouts::Kind;
use crate::domain::problem::{Mistake, Paying, Problem};
use crate::domain::weighing::Weighed;
use crate::store::facts::{self, Of};
use crate::store::figures::Range;
use crate::store::goods::{self, SupplyRow};
use crate::store::lots::{self, Lot, Ticket, draws};
use crate::store::payouts::own::{self, Own};
use crate::store::{Session, StoreError, doubles, ledger, take_ids};

/// Numbers tried for a lot of one day.
const MOST_A_DAY: i64 = 1_000;

/// A lot to be weighed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLot {
    pub product_id: i64,
    pub intake_on: Day,
    pub certificate_no: String,
    /// The weighing list, in its order; never empty.
    pub weighed: Vec<Weighed>,
}

/// Weighs a lot in; returns its number.
pub async fn take_in(desk: &Desk<'_>, lot: &NewLot) -> anyhow::Result<i64> {
    if lot.intake_on > desk.clock.today() {
        return Err(Problem::from(Mistake::NotYet { day: lot.intake_on }).into());
    }
    let mut work = desk.work("weigh in").await?;
    let certificate_no = lot.certificate_no.trim().to_owned();
    if certificate_no.is_empty() && certified_on(&mut work, lot.intake_on).await?.contains(&lot.product_id) {
        return Err(Problem::from(Mistake::CertificateMissing).into());
    }
    let ways = Buying::load(&mut work, &[lot.product_id]).await?.ways(lot.product_id, lot.intake_on);
    let agreed = lot.weighed.iter().map(|weighed| buying::agreed(weighed.agreed_fen_per_kg, &ways));
    let agreed: Vec<i64> = agreed.collect::<Result<_, _>>().map_err(Problem::from)?;
    let lot_key = free_key(&mut work, lot.intake_on).await?;
    let households = Households::supplying(&doubles::list(&mut work).await?, lot.intake_on);
    let lot_id = take_ids(&mut work, "lot", 1).await?;
    let first = take_ids(&mut work, "lot_ticket", lot.weighed.len()).await?;
    let row = Lot {
        lot_id,
        lot_key: lot_key.clone(),
        product_id: lot.product_id,
        intake_on: lot.intake_on,
        closed_on: None,
        certificate_no: certificate_no.clone(),
    };
    let tickets: Vec<Ticket> = lot
        .weighed
        .iter()
        .zip(first..)
        .zip(1..)
        .zip(agreed)
        .map(|(((weighed, ticket_id), ticket_no), agreed_fen_per_kg)| Ticket {
            ticket_id,
            lot_id,
            farmer_id: households.kept(weighed.farmer_id),
            ticket_no,
            weight_g: weighed.weight_g,
            agreed_fen_per_kg,
            // the form takes a price only where the goods are bought
            bought: agreed_fen_per_kg > 0,
            grade: weighed.grade.clone(),
            drawn_g: 0,
            left_g: 0,
            lost_g: 0,
        })
        .collect();
    lots::insert(&mut work, &[row]).await?;
    lots::insert_tickets(&mut work, &tickets).await?;
    draws::queue_short(&mut work, lot.product_id).await?;
    let posted = post::post(&mut work).await?;
    let change = Change::new(Verb::Add, Noun::Lot, lot_key)
        .after(Field::Product, product_key(&mut work, lot.product_id).await?)
        .after(Field::Day, lot.intake_on)
        .after(Field::CertificateNo, certificate_no)
        .count(Field::RowsNew, i64::try_from(tickets.len())?)
        .count(Field::WeightG, tickets.iter().map(|t| t.weight_g).sum())
        .count(Field::LedgerRows, i64::try_from(posted.rows)?);
    work.commit(&change).await?;
    Ok(lot_id)
}

/// `20260110-2`: the day and which lot of it.
async fn free_key(session: &mut Session, on: Day) -> anyhow::Result<String> {
    let before = lots::count_on(session, on).await?;
    for number in before + 1..before + MOST_A_DAY {
        let key = format!("{}-{number}", on.format("%Y%m%d"));
        if lots::list_of_keys(session, &[&key]).await?.is_empty() {
            return Ok(key);
        }
    }
    anyhow::bail!("no lot of {on} is free to be named")
}

async fn product_key(session: &mut Session, product_id: i64) -> Result<String, StoreError> {
    let products = goods::list_products(session).await?;
    Ok(products.into_iter().find(|p| p.product_id == product_id).map(|p| p.product_key).unwrap_or_default())
}

/// An open lot with its weighings; `None` where there is no such lot.
async fn open_lot(session: &mut Session, lot_id: i64) -> anyhow::Result<Option<(Lot, Vec<Ticket>)>> {
    let Some(lot) = lots::find(session, lot_id).await? else { return Ok(None) };
    if lot.closed_on.is_some() {
        return Err(Problem::from(Mistake::LotClosed).into());
    }
    let tickets = lots::list_tickets(session, &[lot_id]).await?;
    Ok(Some((lot, tickets)))
}

/// Closes a lot: of what nobody bought so much was lost, shared by what each household has left; the rest is left over.
/// False where there is no such lot.
pub async fn close(desk: &Desk<'_>, lot_id: i64, lost_g: i64) -> anyhow::Result<bool> {
    let mut work = desk.work("close lot").await?;
    let Some((lot, tickets)) = open_lot(&mut work, lot_id).await? else { return Ok(false) };
    let open: Vec<i64> = tickets.iter().map(Ticket::open_g).collect();
    let left_g: i64 = open.iter().sum();
    let Some(lost) = shared_loss(lost_g, &open, lot_id) else {
        return Err(Problem::from(Mistake::LostTooMuch { left_g }).into());
    };
    let shares: Vec<(i64, i64, i64)> =
        tickets.iter().zip(&open).zip(&lost).map(|((t, open), lost)| (t.ticket_id, open - lost, *lost)).collect();
    lots::close(&mut work, lot_id, desk.clock.today(), &shares).await?;
    let change = Change::new(Verb::Close, Noun::Lot, lot.lot_key)
        .count(Field::LostG, lost_g)
        .count(Field::WeightG, left_g - lost_g);
    work.commit(&change).await?;
    Ok(true)
}

/// Corrects a weighing of an open lot and posts what was drawn from it. False where there is no such ticket.
pub async fn correct(
    desk: &Desk<'_>,
    lot_id: i64,
    ticket_no: i64,
    weight_g: i64,
    typed_fen_per_kg: i64,
) -> anyhow::Result<bool> {
    let mut work = desk.work("correct weighing").await?;
    let Some((lot, tickets)) = open_lot(&mut work, lot_id).await? else { return Ok(false) };
    let Some(ticket) = tickets.iter().find(|t| t.ticket_no == ticket_no) else { return Ok(false) };
    if weight_g < ticket.drawn_g {
        return Err(Problem::from(Mistake::BelowSold { sold_g: ticket.drawn_g }).into());
    }
    // what was bought stays so, whatever terms came later
    let stands = ticket.bought && typed_fen_per_kg == ticket.agreed_fen_per_kg;
    let agreed_fen_per_kg = if stands {
        typed_fen_per_kg
    } else {
        let ways = Buying::load(&mut work, &[lot.product_id]).await?.ways(lot.product_id, lot.intake_on);
        buying::agreed(typed_fen_per_kg, &ways).map_err(Problem::from)?
    };
    if (weight_g, agreed_fen_per_kg) == (ticket.weight_g, ticket.agreed_fen_per_kg) {
        return Ok(true);
    }
    // what a payout counted is put right by a further payout, never under it
    let counted = |own: &Own| own.kind == Kind::Income && own.up_to_on >= lot.intake_on;
    if own::list(&mut work, ticket.farmer_id).await?.iter().any(counted) {
        return Err(Problem::from(Paying::TicketPaid).into());
    }
    lots::correct_ticket(&mut work, ticket.ticket_id, weight_g, agreed_fen_per_kg).await?;
    draws::queue_ticket(&mut work, ticket.ticket_id).await?;
    if weight_g > ticket.weight_g {
        draws::queue_short(&mut work, lot.product_id).await?;
    }
    let posted = post::post(&mut work).await?;
    let change = Change::new(Verb::Change, Noun::Lot, format!("{}/{ticket_no}", lot.lot_key))
        .before(Field::WeightG, ticket.weight_g)
        .after(Field::WeightG, weight_g)
        .before(Field::FenPerKg, ticket.agreed_fen_per_kg)
        .after(Field::FenPerKg, agreed_fen_per_kg)
        .count(Field::LedgerRows, i64::try_from(posted.rows)?);
    work.commit(&change).await?;
    Ok(true)
}

/// From a day on, a listing's goods come from lots. False where there is no such listing.
pub async fn supply_from(desk: &Desk<'_>, listing_id: i64, from: Day) -> anyhow::Result<bool> {
    let mut work = desk.work("supply from lots").await?;
    let listings = goods::list_listings(&mut work).await?;
    let Some(listing) = listings.into_iter().find(|l| l.listing_id == listing_id) else { return Ok(false) };
    // what was sold in a locked month keeps its shares: goods drawn for it would be paid twice
    let locked = ledger::list_locked_months(&mut work).await?.into_iter().rev().find(|&month| from < next_month(month));
    if let Some(month) = locked {
        return Err(Problem::MonthLocked { month: month_key(month) }.into());
    }
    let version_id = take_ids(&mut work, "supply", 1).await?;
    goods::insert_supply(&mut work, &[SupplyRow::from_lots(listing_id, version_id, from, None)]).await?;
    let (from_day, to) = Range { from: Some(from), to: None }.ends();
    facts::queue_slices(&mut work, Of::Listing, &[listing_id], from_day, to).await?;
    let posted = post::post(&mut work).await?;
    let change = Change::new(Verb::Change, Noun::Supply, listing.listing_key)
        .after(Field::From, from)
        .count(Field::LedgerRows, i64::try_from(posted.rows)?);
    work.commit(&change).await?;
    Ok(true)
}
