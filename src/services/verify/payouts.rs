//! Is what households were paid what two people agreed to, and never more than was due when it was put forward?
//!
//! Payouts are lived through once more in the order of their steps: what covers an account is added up anew, and what was
//! earned is summed from the ledger itself, up to the payout's day and of the batches before it, which is what was known.
//! A shop's operator is the one it has now.

use super::Report;
use crate::domain::access::{Actor, Role, second_person};
use crate::domain::amounts::Col;
use crate::domain::calendar::{Day, Instant};
use crate::domain::doubles::Households;
use crate::domain::ledger::book::BatchId;
use crate::domain::payouts::{Kind, State};
use crate::services::payouts::proposer;
use crate::store::ledger::LedgerRow;
use crate::store::payouts::due::{self, Bought};
use crate::store::payouts::{self, Payout};
use crate::store::{Session, StoreError, doubles, goods};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

const TABLE: &str = "payout";

/// A household with an operator.
type Account = (i64, i64);

/// Settled income as it was learnt, by account, day and batch.
pub(super) struct Earned {
    operators: FxHashMap<i64, i64>,
    bought: Vec<Bought>,
    /// Tickets whose goods are due by weight: what is settled of them is not due again.
    tickets: FxHashSet<i64>,
    settled: FxHashMap<Account, BTreeMap<(Day, BatchId), i64>>,
}

impl Earned {
    /// Whose shops there are and what was bought by weight.
    pub(super) async fn load(session: &mut Session) -> Result<Self, StoreError> {
        let shops = goods::list_shops(session).await?;
        let bought = due::list_bought(session).await?;
        Ok(Self {
            operators: shops.into_iter().map(|shop| (shop.shop_id, shop.operator_id)).collect(),
            tickets: bought.iter().map(|ticket| ticket.ticket_id).collect(),
            bought,
            settled: FxHashMap::default(),
        })
    }

    /// Adds a run of the ledger.
    pub(super) fn add_run(&mut self, rows: &[LedgerRow]) {
        for row in rows {
            let (of, fen) = (&row.posted.dimensions, row.posted.amounts[Col::SettledFarmer]);
            if fen == 0 || of.farmer_id == 0 || self.tickets.contains(&of.lot_ticket_id) {
                continue;
            }
            let Some(&operator_id) = self.operators.get(&row.shop_id) else { continue };
            let days = self.settled.entry((operator_id, of.farmer_id)).or_default();
            *days.entry((row.booked_on, row.batch_id)).or_default() += fen;
        }
    }

    /// What was earned up to a day, as it was known before a batch.
    fn up_to(&self, account: Account, day: Day, before: BatchId) -> i64 {
        let settled = self.settled.get(&account).into_iter().flatten();
        let settled: i64 = settled
            .take_while(|((on, _), _)| *on <= day)
            .filter(|((_, batch), _)| *batch < before)
            .map(|(_, f)| f)
            .sum();
        let bought = self.bought.iter().filter(|t| (t.operator_id, t.farmer_id) == account && t.intake_on <= day);
        settled + bought.map(|ticket| ticket.fen).sum::<i64>()
    }
}

/// A payout with its lines, and what happens to what is covered when.
struct Told<'a> {
    payout: &'a Payout,
    lines: Vec<(i64, i64)>,
}

/// Reports every payout that is not what it should be, and every balance that is not its sum.
pub(super) async fn check(session: &mut Session, earned: &Earned, report: &mut Report) -> Result<(), StoreError> {
    let all = payouts::list_all(session).await?;
    let mut told: BTreeMap<i64, Told<'_>> =
        all.iter().map(|payout| (payout.payout_id, Told { payout, lines: Vec::new() })).collect();
    for (payout_id, farmer_id, fen) in payouts::list_all_lines(session).await? {
        match told.get_mut(&payout_id) {
            Some(told) => told.lines.push((farmer_id, fen)),
            None => report.add("payout_line", format!("payout {payout_id}"), "is of no payout"),
        }
    }
    let mut steps: Vec<(Instant, State, i64)> = Vec::new();
    for payout in &all {
        steps.push((payout.proposed_at, State::Proposed, payout.payout_id));
        steps.extend(payout.approved.iter().map(|taken| (taken.at, State::Approved, payout.payout_id)));
        steps.extend(payout.withdrawn.iter().map(|taken| (taken.at, State::Withdrawn, payout.payout_id)));
    }
    steps.sort_unstable();
    let doubles = doubles::list(session).await?;
    let mut covered: FxHashMap<Account, i64> = FxHashMap::default();
    for (_, state, payout_id) in steps {
        let of = &told[&payout_id];
        if state == State::Proposed {
            alone(of, &told, report)?;
            within_due(of, earned, &covered, &Households::in_batch(&doubles, of.payout.batch_id), report);
        }
        let held = of.payout.kind.covers_from();
        let times = match state {
            State::Withdrawn if held == Some(State::Proposed) || (held.is_some() && of.payout.approved.is_some()) => -1,
            State::Withdrawn | State::Paid => 0,
            state => i64::from(held == Some(state)),
        };
        for &(farmer_id, fen) in &of.lines {
            *covered.entry((of.payout.operator_id, farmer_id)).or_default() += times * fen;
        }
    }
    for (operator_id, farmer_id, fen) in payouts::list_balances(session).await? {
        let sum = covered.remove(&(operator_id, farmer_id)).unwrap_or_default();
        if sum != fen {
            let row = format!("operator {operator_id}, household {farmer_id}");
            report.add("payout_balance", row, format!("is {fen}, its lines are {sum}"));
        }
    }
    for ((operator_id, farmer_id), fen) in covered.into_iter().filter(|(_, fen)| *fen != 0) {
        report.add("payout_balance", format!("operator {operator_id}, household {farmer_id}"), format!("misses {fen}"));
    }
    Ok(())
}

/// What a payout says of itself, and who agreed to it.
fn alone(of: &Told<'_>, all: &BTreeMap<i64, Told<'_>>, report: &mut Report) -> Result<(), StoreError> {
    let payout = of.payout;
    let row = format!("payout {}", payout.payout_id);
    let mut wrong = |text: &str| report.add(TABLE, row.clone(), text);
    let sum: i64 = of.lines.iter().map(|(_, fen)| fen).sum();
    if sum != payout.amount_fen || i64::try_from(of.lines.len()) != Ok(payout.households) {
        wrong("is not the sum of its lines");
    }
    let first = proposer(payout)?;
    let another = |taken: &payouts::Taken| {
        second_person(&first, &Actor::account(taken.account_id, &taken.by, Role::BranchAdmin, ""))
    };
    if payout.approved.as_ref().is_some_and(|taken| !another(taken)) {
        wrong("was approved by whoever put it forward");
    }
    if payout.paid.is_some() && (payout.approved.is_none() || payout.withdrawn.is_some() || !payout.kind.is_paid()) {
        wrong("was paid and not agreed to");
    }
    if payout.paid.is_some() && payout.paid_on.is_none_or(|on| on < payout.up_to_on) {
        wrong("was paid before the day it is up to");
    }
    if payout.kind == Kind::Returned {
        let line = |id: i64| all.get(&id).filter(|t| t.payout.paid.is_some()).map(|t| &t.lines);
        let paid = line(payout.of_payout_id);
        if !of.lines.iter().all(|&(id, fen)| paid.is_some_and(|paid| paid.contains(&(id, -fen)))) {
            wrong("gives back what was not paid");
        }
    }
    Ok(())
}

/// No line is above what was due, or below what was paid too much, to all records the household had then.
fn within_due(
    of: &Told<'_>,
    earned: &Earned,
    covered: &FxHashMap<Account, i64>,
    households: &Households,
    report: &mut Report,
) {
    let payout = of.payout;
    for &(farmer_id, fen) in &of.lines {
        // one that came back names whom it was paid to, a double of today too
        if payout.kind != Kind::Returned && households.is_double(farmer_id) {
            let row = format!("payout {}", payout.payout_id);
            report.add("payout_line", row, "pays a double instead of the record that is kept");
        }
        let of_record = |record: i64| {
            let account = (payout.operator_id, record);
            let before = covered.get(&account).copied().unwrap_or_default();
            earned.up_to(account, payout.up_to_on, payout.batch_id) - before
        };
        let due: i64 = households.records(farmer_id).into_iter().map(of_record).sum();
        let fits = match payout.kind {
            Kind::Income => (1..=due).contains(&fen),
            Kind::WriteOff => (due..=-1).contains(&fen),
            Kind::Surplus => fen > 0,
            Kind::Returned => fen < 0,
        };
        if !fits {
            let row = format!("payout {}, household {farmer_id}", payout.payout_id);
            report.add("payout_line", row, format!("is {fen}, and {due} was due"));
        }
    }
}
