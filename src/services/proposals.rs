//! 农户提商品: a household says what it would like to sell; the branch makes a draft of it, or sends it back and says why.
//!
//! Rules that must hold: a household proposes for itself alone; a proposal feeds nothing and is never published: what
//! is made of it is a draft like any other, which another person approves (`services::listings`); one that was sent back
//! stays as it was said, and a draft that was not approved leaves its proposal to be seen to again.
//!
//! Not here: what was typed (`domain::proposals`), rows (`store::proposals`).

use super::desk::Desk;
use super::listings;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::doubles::Households;
use crate::domain::listings::TypedListing;
use crate::domain::problem::{Mistake, Problem};
use crate::domain::proposals::{ProposalFault, TypedProposal, read};
use crate::store::proposals::{self, Proposal, Standing};
use crate::store::{Session, doubles, take_ids};

/// Proposals of a household that may wait for the branch at a time.
const MOST_WAITING: usize = 5;
/// Those looked at to tell.
const LOOKED_AT: i64 = 50;

fn fault(fault: ProposalFault) -> anyhow::Error {
    Problem::from(Mistake::ProposalTyped { fault }).into()
}

/// A household proposes. The proposal's number.
pub async fn propose(desk: &Desk<'_>, farmer_id: i64, typed: &TypedProposal) -> anyhow::Result<i64> {
    let new = read(typed, desk.clock.today()).map_err(fault)?;
    let mut work = desk.work("propose listing").await?;
    let goods = proposals::list_goods(&mut work).await?;
    if new.product_id != 0 && !goods.iter().any(|(id, ..)| *id == new.product_id) {
        return Err(fault(ProposalFault::Goods));
    }
    // whichever record's slip is in hand, what is new is the kept record's
    let farmer_id = Households::now(&doubles::list(&mut work).await?).kept(farmer_id);
    let known = proposals::list_of_farmer(&mut work, farmer_id, LOOKED_AT).await?;
    if known.iter().filter(|p| p.standing() == Standing::Waiting).count() >= MOST_WAITING {
        return Err(fault(ProposalFault::TooMany { most: MOST_WAITING }));
    }
    let proposal_id = take_ids(&mut work, "listing_proposal", 1).await?;
    proposals::insert(&mut work, proposal_id, farmer_id, &new).await?;
    let change = Change::new(Verb::Add, Noun::Proposal, proposal_id.to_string())
        .after(Field::WeightG, new.amount_g)
        .after(Field::PriceFen, new.price_fen)
        .after(Field::From, new.ready_from)
        .after(Field::To, new.ready_to);
    work.commit(&change).await?;
    Ok(proposal_id)
}

/// One that is still to be seen to; `None` where there is no such proposal.
async fn waiting(session: &mut Session, proposal_id: i64) -> anyhow::Result<Option<Proposal>> {
    match proposals::find(session, proposal_id).await? {
        Some(proposal) if proposal.standing() == Standing::Waiting => Ok(Some(proposal)),
        Some(_) => Err(fault(ProposalFault::Decided)),
        None => Ok(None),
    }
}

/// The branch drafts a listing of a proposal. The draft's number; `None` where there is no such proposal or product.
pub async fn take_over(desk: &Desk<'_>, proposal_id: i64, typed: &TypedListing) -> anyhow::Result<Option<i64>> {
    let mut work = desk.work("draft proposed listing").await?;
    if waiting(&mut work, proposal_id).await?.is_none() {
        return Ok(None);
    }
    let Some((entry_id, change)) = listings::enter(&mut work, 0, typed, desk.clock.today()).await? else {
        return Ok(None);
    };
    proposals::take(&mut work, proposal_id, entry_id).await?;
    work.commit(&change.after(Field::Reference, proposal_id)).await?;
    Ok(Some(entry_id))
}

/// The branch sends a proposal back. False where there is no such one.
pub async fn send_back(desk: &Desk<'_>, proposal_id: i64, reason: &str) -> anyhow::Result<bool> {
    let mut work = desk.work("send proposal back").await?;
    let Some(of) = waiting(&mut work, proposal_id).await? else { return Ok(false) };
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Problem::from(Mistake::ReasonMissing).into());
    }
    // the trail keeps the reason for good
    if reason.contains(&of.household) {
        return Err(Problem::ReasonNamesHousehold.into());
    }
    proposals::send_back(&mut work, proposal_id, reason).await?;
    let change = Change::new(Verb::Return, Noun::Proposal, proposal_id.to_string()).after(Field::Reason, reason);
    work.commit(&change).await?;
    Ok(true)
}
