//! The demo county pays its households: each operator once a month, on its pay day, the month before. One invented person
//! puts it forward in the week of that day and records the payment once the day is over, another approves it.
//!
//! Through the same service as the site's, and from what the county knew then; a month that was put forward is not put
//! forward again.

use super::World;
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::calendar::{Day, day_of, month_key, month_start};
use crate::domain::payouts::{Kind, State, pay_day};
use crate::domain::problem::{Paying, Problem};
use crate::services::desk::Desk;
use crate::services::payouts;
use crate::store::goods::{self, Operator};
use crate::store::payouts as stored;
use chrono::TimeDelta;

/// Where the demo's people act from.
const DESK: &str = "demo";
/// How long before its pay day a month is put forward at most: the county lives a week at a time.
const AHEAD: TimeDelta = TimeDelta::days(7);

impl World<'_> {
    /// Records what was paid on pay days that are over, and puts forward what is to be paid in the week that begins.
    pub(super) async fn pay_households(&self, today: Day) -> anyhow::Result<()> {
        let cashier = Actor::account(0, "演示出纳", Role::Branch, DESK);
        let chair = Actor::account(0, "演示理事长", Role::BranchAdmin, DESK);
        let desk = |actor| Desk { store: self.store, county: self.code, actor, clock: &self.books };
        let session = &mut self.store.read(Scope::County(self.code)).await?;
        let operators = goods::list_operators(session).await?;
        let open = stored::list_open(session).await?;
        for payout in open.iter().filter(|payout| (payout.kind, payout.state()) == (Kind::Income, State::Approved)) {
            let operator = operators.iter().find(|operator| operator.operator_id == payout.operator_id);
            let pay_day = operator.and_then(|operator| pay_day(operator.pays_on_day, month_start(payout.up_to_on)));
            let approved_on = payout.approved.as_ref().map(|step| day_of(step.at));
            let Some(paid_on) = pay_day.max(approved_on).filter(|&day| day < today) else { continue };
            let reference = format!("演示回单 {} {}", month_key(payout.up_to_on), payout.operator_id);
            payouts::mark_paid(desk(&cashier), payout.payout_id, paid_on, &reference).await?;
        }
        for operator in operators {
            let Some(up_to) = falls_due(&operator, today) else { continue };
            if stored::find_last_up_to(session, operator.operator_id).await?.is_some_and(|day| day >= up_to) {
                continue;
            }
            match payouts::propose(desk(&cashier), operator.operator_id, up_to).await {
                Err(error) if is_nothing_due(&error) => {}
                proposed => payouts::approve(desk(&chair), proposed?).await?,
            }
        }
        Ok(())
    }
}

/// The end of the newest month whose pay day lies in the week that begins, or before it.
fn falls_due(operator: &Operator, today: Day) -> Option<Day> {
    let last = month_start(today).pred_opt()?;
    let before = month_start(last).pred_opt()?;
    let is_due =
        |&up_to: &Day| pay_day(operator.pays_on_day, month_start(up_to)).is_some_and(|day| day < today + AHEAD);
    [last, before].into_iter().find(is_due)
}

fn is_nothing_due(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Problem::Paying(Paying::NothingDue { .. })))
}
