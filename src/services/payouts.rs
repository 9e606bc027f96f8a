//! A household is paid: one person puts balances forward, another approves, the bank pays, somebody says when and by which
//! number; the household may say that it arrived.
//!
//! Rules that must hold: whoever approves is another person than whoever put it forward, in an account that person did not
//! have in hand, and pays no household of their own; the bank is told the accounts that were known at the approval; each
//! step is taken once, in its order, and none back once the bank's file was taken; what is put forward is off
//! what is due at once, so that two at a time never pay one balance twice (a county has one writer at a time). What was
//! wrong is put right by a further payout: money that came back, a balance written off.
//!
//! Not here: what is due (`store::payouts::due`, `domain::payouts`), accounts (`services::bank_accounts`).

use super::desk::Desk;
use super::exports;
use super::in_hand;
use crate::domain::access::{Actor, Role, second_person};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Day;
use crate::domain::doubles::Households;
use crate::domain::payouts::{BankAccount, Kind, State, Step};
use crate::domain::problem::{Paying, Problem};
use crate::domain::sealing::Keyring;
use crate::services::bank_accounts;
use crate::store::payouts::due::{self, Of};
use crate::store::payouts::{self, Line, NewPayout, Payout, own};
use crate::store::rows::known;
use crate::store::{Session, StoreError, Work, audit, doubles};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Puts forward every balance above zero that an operator has up to a day. Returns the payout's number.
pub async fn propose(desk: Desk<'_>, operator_id: i64, up_to: Day) -> anyhow::Result<i64> {
    if up_to >= desk.clock.today() {
        return Err(paying(Paying::DayNotOver { day: up_to }));
    }
    let mut work = desk.work("propose payout").await?;
    let lines: Vec<Line> = due::list(&mut work, Of::Operator(operator_id), up_to)
        .await?
        .into_iter()
        .filter(|due| due.balance.payable_fen() > 0)
        .map(|due| Line {
            farmer_id: due.farmer_id,
            amount_fen: due.balance.payable_fen(),
            carried_fen: due.carried_fen(),
        })
        .collect();
    if lines.is_empty() {
        return Err(paying(Paying::NothingDue { day: up_to }));
    }
    put_forward(work, of_kind(Kind::Income, operator_id, up_to, ""), &lines).await
}

/// Puts forward that an operator bears what a household was paid too much.
pub async fn write_off(desk: Desk<'_>, operator_id: i64, farmer_id: i64, reason: &str) -> anyhow::Result<i64> {
    let reason = needed(reason)?;
    let up_to = desk.clock.today();
    let mut work = desk.work("write off").await?;
    let found = due::list(&mut work, Of::Farmer(farmer_id), up_to).await?;
    let below = found.into_iter().find(|d| d.operator_id == operator_id && d.balance.due_fen() < 0);
    let below = below.ok_or_else(|| paying(Paying::NothingToWriteOff))?;
    if waits_for(&mut work, Kind::WriteOff, operator_id, below.farmer_id).await? {
        return Err(paying(Paying::MovedOn));
    }
    let line = Line { farmer_id: below.farmer_id, amount_fen: below.balance.due_fen(), carried_fen: 0 };
    put_forward(work, of_kind(Kind::WriteOff, operator_id, up_to, reason), &[line]).await
}

/// Puts forward that a household's money of a payout came back on a day.
pub async fn give_back(desk: Desk<'_>, payout_id: i64, farmer_id: i64, on: Day, reason: &str) -> anyhow::Result<i64> {
    let reason = needed(reason)?;
    let mut work = desk.work("returned payout").await?;
    let payout = standing(&mut work, payout_id).await?;
    let paid_on = payout.paid_on.filter(|_| payout.kind == Kind::Income).ok_or_else(|| paying(Paying::MovedOn))?;
    if on < paid_on || on > desk.clock.today() {
        return Err(paying(Paying::BadPayDay { day: on }));
    }
    let lines = payouts::list_lines(&mut work, payout_id).await?;
    let line = lines.into_iter().find(|line| line.farmer_id == farmer_id);
    let line = line.ok_or_else(|| paying(Paying::NotInPayout))?;
    if payouts::list_returned(&mut work, payout_id).await?.contains(&farmer_id) {
        return Err(paying(Paying::NotInPayout));
    }
    let new = NewPayout { of_payout_id: payout_id, ..of_kind(Kind::Returned, payout.operator_id, on, reason) };
    put_forward(work, new, &[Line { amount_fen: -line.amount_fen, carried_fen: 0, ..line }]).await
}

/// Puts forward a part of a co-operative's surplus, by its document: fen by household.
pub async fn share_surplus(
    desk: Desk<'_>,
    operator_id: i64,
    on: Day,
    document: &str,
    parts: &[(i64, i64)],
) -> anyhow::Result<i64> {
    let document = needed(document)?;
    if let Some((_, fen)) = parts.iter().find(|(_, fen)| *fen <= 0) {
        return Err(paying(Paying::BadSurplusLine { line: crate::domain::money::yuan(*fen) }));
    }
    if on > desk.clock.today() {
        return Err(paying(Paying::BadPayDay { day: on }));
    }
    let mut work = desk.work("share surplus").await?;
    if payouts::has_surplus(&mut work, operator_id, document).await? {
        return Err(paying(Paying::SurplusExists { document: document.to_owned() }));
    }
    let households = Households::now(&doubles::list(&mut work).await?);
    let mut by_household: BTreeMap<i64, i64> = BTreeMap::new();
    for &(farmer_id, fen) in parts {
        *by_household.entry(households.kept(farmer_id)).or_default() += fen;
    }
    let line = |(farmer_id, amount_fen)| Line { farmer_id, amount_fen, carried_fen: 0 };
    let lines: Vec<Line> = by_household.into_iter().map(line).collect();
    put_forward(work, of_kind(Kind::Surplus, operator_id, on, document), &lines).await
}

/// Approves what another person put forward.
pub async fn approve(desk: Desk<'_>, payout_id: i64) -> anyhow::Result<()> {
    let own_households = super::own::farmers(&desk).await?;
    let mut work = desk.work("approve payout").await?;
    let payout = ready(&mut work, payout_id, Step::Approved).await?;
    if !second_person(&proposer(&payout)?, desk.actor) {
        return Err(paying(Paying::OwnProposal));
    }
    if in_hand::had(&mut work, payout.account_id, payout.proposed_at, desk.actor).await? {
        return Err(paying(Paying::ProposerMade { by: payout.proposed_by, days: in_hand::DAYS }));
    }
    let lines = payouts::list_lines(&mut work, payout_id).await?;
    if lines.iter().any(|line| own_households.contains(&line.farmer_id)) {
        return Err(paying(Paying::OwnHousehold));
    }
    if payout.kind == Kind::WriteOff {
        // what was owed when it was put forward may have been offset since
        let owed =
            due::list(&mut work, Of::Operator(payout.operator_id), payout.up_to_on.max(desk.clock.today())).await?;
        let still =
            |line: &Line| owed.iter().any(|d| d.farmer_id == line.farmer_id && d.balance.due_fen() <= line.amount_fen);
        if !lines.iter().all(still) {
            return Err(paying(Paying::MovedOn));
        }
    }
    if payout.kind.covers_from() == Some(State::Approved) {
        payouts::cover(&mut work, payout.operator_id, &lines, 1).await?;
    }
    payouts::insert_step(&mut work, payout_id, Step::Approved, None).await?;
    let change = about(Verb::Approve, &payout).after(Field::FiledBy, &payout.proposed_by);
    Ok(work.commit(&change).await?)
}

/// Takes back what has not been paid: its proposer on second thoughts, or an administrator.
pub async fn withdraw(desk: Desk<'_>, payout_id: i64) -> anyhow::Result<()> {
    let mut work = desk.work("withdraw payout").await?;
    let payout = ready(&mut work, payout_id, Step::Withdrawn).await?;
    let administers = desk.actor.role == Role::BranchAdmin;
    let own = !second_person(&proposer(&payout)?, desk.actor) && payout.state() == State::Proposed;
    if !administers && !own {
        return Err(paying(Paying::NotTheirs));
    }
    let number = payout_id.to_string();
    if !audit::list_lately(&mut work, Verb::Export, Noun::Payout, &number, 1).await?.is_empty() {
        return Err(paying(Paying::FileTaken));
    }
    let covered = payout.kind.covers_from().is_some_and(|from| payout.state() >= from);
    if covered {
        let lines = payouts::list_lines(&mut work, payout_id).await?;
        payouts::cover(&mut work, payout.operator_id, &lines, -1).await?;
    }
    payouts::insert_step(&mut work, payout_id, Step::Withdrawn, None).await?;
    Ok(work.commit(&about(Verb::Withdraw, &payout).before(Field::FiledBy, &payout.proposed_by)).await?)
}

/// Records that an approved payout was paid, on the bank's day and by its number.
pub async fn mark_paid(desk: Desk<'_>, payout_id: i64, paid_on: Day, reference: &str) -> anyhow::Result<()> {
    let reference = reference.trim();
    if reference.is_empty() {
        return Err(paying(Paying::ReferenceMissing));
    }
    let mut work = desk.work("mark paid").await?;
    let payout = ready(&mut work, payout_id, Step::Paid).await?;
    if paid_on < payout.up_to_on || paid_on > desk.clock.today() {
        return Err(paying(Paying::BadPayDay { day: paid_on }));
    }
    payouts::insert_step(&mut work, payout_id, Step::Paid, Some((paid_on, reference))).await?;
    let change = about(Verb::Pay, &payout).after(Field::Day, paid_on).after(Field::Reference, reference);
    Ok(work.commit(&change).await?)
}

/// A household says that its money has arrived.
pub async fn confirm(desk: Desk<'_>, farmer_id: i64, payout_id: i64) -> anyhow::Result<()> {
    let mut work = desk.work("confirm payout").await?;
    let own = own::list(&mut work, farmer_id).await?;
    let is_asked = |p: &own::Own| p.payout_id == payout_id && p.kind.is_paid() && p.paid_on.is_some();
    // two records of one household may have been paid at once
    let found: Vec<own::Own> = own.into_iter().filter(is_asked).collect();
    if found.is_empty() {
        return Err(paying(Paying::MovedOn));
    }
    if found.iter().all(|own| own.confirmed_at.is_some()) {
        return Ok(());
    }
    for own in &found {
        payouts::insert_receipt(&mut work, payout_id, own.farmer_id).await?;
    }
    let change = Change::new(Verb::Confirm, Noun::Payout, payout_id.to_string())
        .after(Field::Key, farmer_id)
        .after(Field::AmountFen, found.iter().map(|own| own.amount_fen).sum::<i64>());
    Ok(work.commit(&change).await?)
}

/// What the bank is told: households with an account, and those without one.
#[derive(Debug, Clone)]
pub struct BankFile {
    pub payout: Payout,
    pub paid: Vec<(Line, BankAccount)>,
    pub without_account: usize,
}

/// Opens the accounts of an approved payout for the bank's file; counted and told in the trail as every table that leaves.
pub async fn bank_file(desk: Desk<'_>, keyring: Option<&Keyring>, payout_id: i64) -> anyhow::Result<BankFile> {
    let mut work = desk.work("bank file").await?;
    let payout = standing(&mut work, payout_id).await?;
    if !payout.kind.is_paid() || !matches!(payout.state(), State::Approved | State::Paid) {
        return Err(paying(Paying::MovedOn));
    }
    let approved_at = payout.approved.as_ref().map(|approved| approved.at);
    let changed = bank_accounts::count_changed_since(&mut work, payout_id, approved_at).await?;
    if changed > 0 {
        return Err(paying(Paying::AccountsChanged { households: changed }));
    }
    let accounts = bank_accounts::of_payout(&mut work, keyring, payout_id).await?;
    let mut accounts: FxHashMap<i64, BankAccount> = accounts.into_iter().collect();
    let lines = payouts::list_lines(&mut work, payout_id).await?;
    let all = lines.len();
    let paid: Vec<(Line, BankAccount)> =
        lines.into_iter().filter_map(|line| accounts.remove(&line.farmer_id).map(|account| (line, account))).collect();
    exports::count(&mut work, desk.actor, desk.clock.now()).await?;
    let change = about(Verb::Export, &payout).count(Field::RowsRead, i64::try_from(paid.len())?);
    work.commit(&change).await?;
    Ok(BankFile { payout, without_account: all - paid.len(), paid })
}

fn paying(problem: Paying) -> anyhow::Error {
    Problem::from(problem).into()
}

fn needed(text: &str) -> anyhow::Result<&str> {
    let text = text.trim();
    if text.is_empty() { Err(paying(Paying::ReasonMissing)) } else { Ok(text) }
}

fn of_kind(kind: Kind, operator_id: i64, up_to_on: Day, reason: &str) -> NewPayout {
    NewPayout { operator_id, kind, up_to_on, reason: reason.to_owned(), of_payout_id: 0 }
}

async fn put_forward(mut work: Work, new: NewPayout, lines: &[Line]) -> anyhow::Result<i64> {
    let payout_id = payouts::insert(&mut work, &new, lines).await?;
    if new.kind.covers_from() == Some(State::Proposed) {
        payouts::cover(&mut work, new.operator_id, lines, 1).await?;
    }
    let amount_fen: i64 = lines.iter().map(|line| line.amount_fen).sum();
    let change = Change::new(Verb::File, Noun::Payout, payout_id.to_string())
        .after(Field::Kind, new.kind.key())
        .after(Field::Operator, new.operator_id)
        .after(Field::To, new.up_to_on)
        .after(Field::AmountFen, amount_fen)
        .after(Field::Households, lines.len())
        .after(Field::Reason, &new.reason);
    work.commit(&change).await?;
    Ok(payout_id)
}

/// True if a payout of a kind waits that has a household's line.
async fn waits_for(session: &mut Session, kind: Kind, operator_id: i64, farmer_id: i64) -> Result<bool, StoreError> {
    for payout in payouts::list_open(session).await? {
        if payout.kind == kind
            && payout.operator_id == operator_id
            && payouts::list_lines(session, payout.payout_id).await?.iter().any(|line| line.farmer_id == farmer_id)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn standing(session: &mut Session, payout_id: i64) -> anyhow::Result<Payout> {
    payouts::find(session, payout_id).await?.ok_or_else(|| paying(Paying::MovedOn))
}

/// A payout that a step may follow.
async fn ready(session: &mut Session, payout_id: i64, step: Step) -> anyhow::Result<Payout> {
    let payout = standing(session, payout_id).await?;
    if step.may_follow(payout.state(), payout.kind) { Ok(payout) } else { Err(paying(Paying::MovedOn)) }
}

/// Who put a payout forward, as far as telling two people apart needs it.
pub fn proposer(payout: &Payout) -> Result<Actor, StoreError> {
    let role = known(&payout.role, Role::parse)?;
    Ok(Actor::account(payout.account_id, &payout.proposed_by, role, &payout.came_from))
}

fn about(verb: Verb, payout: &Payout) -> Change {
    Change::new(verb, Noun::Payout, payout.payout_id.to_string())
        .after(Field::Kind, payout.kind.key())
        .after(Field::AmountFen, payout.amount_fen)
        .after(Field::Households, payout.households)
}
