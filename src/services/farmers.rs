//! What a household may ask of those who keep its data: all of it, and to be named no longer.
//!
//! Rule that must hold: taking the name away moves no figure. Ledger and rollups know the household by its number, its
//! village and its category on the day of sale, which they keep; a document that still names it does not bring the name
//! back. In the audit trail a household is its number, so nothing of it has to be taken from there.

use crate::clock::Clock;
use crate::domain::access::Actor;
use crate::domain::amounts::Col;
use crate::domain::audit::{Change, Field, Noun, Row, Verb};
use crate::domain::calendar::rfc3339;
use crate::domain::doubles::Households;
use crate::domain::problem::{Mistake, Problem};
use crate::domain::regions::RegionCode;
use crate::store::audit::{self, Sought};
use crate::store::farmers::{self, HeldEntry};
use crate::store::keys::list_by_keys;
use crate::store::payouts::own;
use crate::store::people::{self, Farmer};
use crate::store::{Session, Store, StoreError, bank_accounts, consents, doubles, goods, proposals, requests, roll};
use serde_json::{Map, Value, json};

/// What stands in place of a name that was taken away.
pub const ANONYMOUS: &str = "匿名户";

/// The household of a key.
pub async fn find(session: &mut Session, key: &str) -> anyhow::Result<Farmer> {
    let found = list_by_keys::<Farmer>(session, &[key]).await?;
    found.into_iter().next().ok_or_else(|| Problem::UnknownFarmer { key: key.to_owned() }.into())
}

/// Takes a household's name away. Returns false if that was done before.
pub async fn anonymise(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    key: &str,
    reason: &str,
) -> anyhow::Result<bool> {
    if reason.trim().is_empty() {
        return Err(Problem::from(Mistake::ReasonMissing).into());
    }
    let mut work = store.work(county, actor, "anonymise farmer", clock).await?;
    let farmer = find(&mut work, key).await?;
    // the trail keeps the reason for good
    if reason.contains(&farmer.name) {
        return Err(Problem::ReasonNamesHousehold.into());
    }
    if farmers::find_anonymised(&mut work, farmer.farmer_id).await?.is_some() {
        return Ok(false);
    }
    // a household's other records name it too
    let records = Households::now(&doubles::list(&mut work).await?).records(farmer.farmer_id);
    for &record in &records {
        farmers::anonymise(&mut work, record, ANONYMOUS).await?;
    }
    let numbers: Vec<String> = records.iter().map(i64::to_string).collect();
    let change = Change::new(Verb::Anonymise, Noun::Farmer, farmer.farmer_id.to_string())
        .before(Field::PersonName, &farmer.name)
        .after(Field::PersonName, ANONYMOUS)
        .after(Field::Key, numbers.join(", "))
        .after(Field::Reason, reason.trim());
    work.commit(&change).await?;
    Ok(true)
}

/// All that is kept on a household, as one JSON document; that it was handed over is told in the trail.
pub async fn export(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    key: &str,
) -> anyhow::Result<Value> {
    let mut session = store.write(county).await?;
    let farmer = find(&mut session, key).await?;
    let at = clock.now();
    let change = Change::new(Verb::Export, Noun::Farmer, farmer.farmer_id.to_string());
    audit::append(&mut session, actor, at, 0, &change).await?;
    let mut document = document(&mut session, &farmer).await?;
    let households = Households::now(&doubles::list(&mut session).await?);
    let mut others = Vec::new();
    for record in households.records(farmer.farmer_id).into_iter().filter(|id| *id != farmer.farmer_id) {
        if let Some(other) = farmers::find(&mut session, record).await? {
            others.push(self::document(&mut session, &other).await?);
        }
    }
    document["other_records"] = Value::Array(others);
    session.commit().await?;
    Ok(document)
}

async fn document(session: &mut Session, farmer: &Farmer) -> Result<Value, StoreError> {
    let id = farmer.farmer_id;
    let anonymised_at = farmers::find_anonymised(session, id).await?;
    let categories = people::list_categories_of(session, &[id]).await?;
    let consents = consents::list_of(session, &[id]).await?;
    let shares = farmers::list_shares(session, id).await?;
    let tickets = farmers::list_tickets(session, id).await?;
    // both ask for the household; the document of each record has its own
    let mut payouts = own::list(session, id).await?;
    payouts.retain(|payout| payout.farmer_id == id);
    let account = bank_accounts::find(session, id).await?;
    let mut requests = requests::list_of_farmer(session, id, i64::MAX).await?;
    requests.retain(|request| request.farmer_id == id);
    let mut proposals = proposals::list_of_farmer(session, id, i64::MAX).await?;
    proposals.retain(|proposal| proposal.farmer_id == id);
    let steps = requests::list_steps_of_farmer(session, id, i64::MAX).await?;
    let memberships = roll::list_memberships(session, &[id]).await?;
    let operators = goods::list_operators(session).await?;
    let operator = |id: i64| operators.iter().find(|o| o.operator_id == id).map(|o| o.operator_key.as_str());
    let entries = farmers::list_entries(session, id).await?;
    let access = farmers::list_access(session, id).await?;
    let looks = farmers::list_looks(session, id).await?;
    let mut trail = Vec::new();
    for noun in [Noun::Farmer, Noun::Consent, Noun::BankAccount, Noun::Double] {
        let sought = Sought { noun: Some(noun.key().into()), subject: Some(id.to_string()), ..Sought::default() };
        audit::each(session, &sought, |entry| trail.push(told(&entry))).await?;
    }
    let of = |values: Vec<Value>| Value::Array(values);
    Ok(json!({
        "county": session.county_text(),
        "farmer": {
            "key": farmer.farmer_key,
            "number": id,
            "name": farmer.name,
            "village": farmer.village_code,
            "anonymised_at": anonymised_at.map(rfc3339),
        },
        "categories": of(categories.iter().map(|c| json!({
            "from": c.valid_from, "to": c.valid_to, "category": c.category, "batch": c.batch_id,
        })).collect()),
        "memberships": of(memberships.iter().map(|m| json!({
            "of": operator(m.operator_id), "from": m.from_on,
        })).collect()),
        "consents": of(consents.iter().map(|c| json!({
            "kind": c.kind, "given_on": c.given_on, "withdrawn_on": c.withdrawn_on, "recorded_by": c.recorded_by,
        })).collect()),
        "supply": of(shares.iter().map(|s| json!({
            "listing": s.listing_key, "from": s.valid_from, "to": s.valid_to, "share_bp": s.share_bp,
        })).collect()),
        "weighings": of(tickets.iter().map(|t| json!({
            "ticket": t.ticket_id, "on": t.intake_on, "weight_g": t.weight_g,
            "agreed_fen_per_kg": t.agreed_fen_per_kg, "grade": t.grade,
        })).collect()),
        "payouts": of(payouts.iter().map(|p| json!({
            "payout": p.payout_id, "by": p.operator, "kind": p.kind.key(), "up_to": p.up_to_on, "amount_fen": p.amount_fen,
            "carried_fen": p.carried_fen, "paid_on": p.paid_on, "reference": p.reference,
            "confirmed_at": p.confirmed_at.map(rfc3339),
        })).collect()),
        "requests": of(requests.iter().map(|r| json!({
            "request": r.request_id, "about": r.about.kind(), "which": r.about.which(), "said": r.said,
            "asked_at": rfc3339(r.asked_at), "state": r.state.key(),
            "steps": steps.iter().filter(|(request_id, _)| *request_id == r.request_id).map(|(_, s)| json!({
                "step": s.step.key(), "at": rfc3339(s.at), "by": s.actor, "said": s.said, "due_on": s.due_on,
                "rating": s.rating,
            })).collect::<Vec<_>>(),
        })).collect()),
        "proposals": of(proposals.iter().map(|p| json!({
            "proposal": p.proposal_id, "product": p.product, "goods": p.goods, "pack_g": p.pack_g, "amount_g": p.amount_g,
            "ready_from": p.ready_from, "ready_to": p.ready_to, "price_fen": p.price_fen, "said": p.said,
            "proposed_at": rfc3339(p.proposed_at), "state": p.state, "decided_at": p.decided_at.map(rfc3339),
            "reason": p.reason, "listing": p.listing_id,
        })).collect()),
        "bank_account_stored_at": account.map(|account| rfc3339(account.stored_at)),
        "entries": of(entries.iter().map(entry).collect()),
        "access": of(access.iter().map(|a| json!({
            "kind": a.kind, "created_at": rfc3339(a.created_at), "expires_at": a.expires_at.map(rfc3339),
        })).collect()),
        "looks": of(looks.iter().map(|l| json!({"at": rfc3339(l.at), "by": l.role, "line": l.line_no})).collect()),
        "audit": trail,
    }))
}

/// A ledger row: what it is about and every amount that is not nothing.
fn entry(e: &HeldEntry) -> Value {
    let amounts: Map<String, Value> = Col::ALL
        .into_iter()
        .filter(|&col| e.amounts[col] != 0)
        .map(|col| (col.name().to_owned(), e.amounts[col].into()))
        .collect();
    json!({
        "shop": e.shop_key, "line": e.line_no, "listing": e.listing, "state": e.state, "event": e.event_kind,
        "event_on": e.event_on, "booked_on": e.booked_on, "adjusts_on": e.adjusts_on, "amounts": amounts,
    })
}

/// A row of the trail about the household.
fn told(entry: &Row) -> Value {
    json!({
        "audit_no": entry.audit_no, "at": rfc3339(entry.at), "by": entry.actor, "verb": entry.verb,
        "noun": entry.noun, "before": entry.before, "after": entry.after,
    })
}
