//! The demo county pays its households: each operator once a month, after its pay day, the month before; one invented
//! person puts it forward and records the payment, another approves it.
//!
//! Through the same service as the site's, and from what the county knew then; a month that was paid is not paid again.

use super::World;
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::calendar::{Day, month_key, month_start};
use crate::domain::payouts::{owed_until, pay_day};
use crate::domain::problem::{Paying, Problem};
use crate::services::desk::Desk;
use crate::services::payouts;
use crate::store::goods;
use crate::store::payouts as stored;

/// Where the demo's people act from.
const DESK: &str = "demo";

impl World<'_> {
    /// Pays what ought to have been paid by a day, and was not.
    pub(super) async fn pay_month_before(&self, today: Day) -> anyhow::Result<()> {
        let cashier = Actor::account(0, "演示出纳", Role::Branch, DESK);
        let chair = Actor::account(0, "演示理事长", Role::BranchAdmin, DESK);
        let desk = |actor| Desk { store: self.store, county: self.code, actor, clock: &self.books };
        for (operator_id, up_to, paid_on) in self.to_pay(today).await? {
            let payout_id = match payouts::propose(desk(&cashier), operator_id, up_to).await {
                Err(error) if is_nothing_due(&error) => continue,
                other => other?,
            };
            payouts::approve(desk(&chair), payout_id).await?;
            let reference = format!("演示回单 {} {operator_id}", month_key(up_to));
            payouts::mark_paid(desk(&cashier), payout_id, paid_on, &reference).await?;
        }
        Ok(())
    }

    /// Operators with a pay day that is over and a month that nobody put forward: up to when, paid on which day.
    async fn to_pay(&self, today: Day) -> anyhow::Result<Vec<(i64, Day, Day)>> {
        let session = &mut self.store.read(Scope::County(self.code)).await?;
        let mut to_pay = Vec::new();
        for operator in goods::list_operators(session).await? {
            let Some(up_to) = owed_until(operator.pays_on_day, today) else { continue };
            let done = stored::find_last_up_to(session, operator.operator_id).await?;
            let paid_on =
                pay_day(operator.pays_on_day, month_start(up_to)).filter(|_| done.is_none_or(|day| day < up_to));
            to_pay.extend(paid_on.map(|paid_on| (operator.operator_id, up_to, paid_on)));
        }
        Ok(to_pay)
    }
}

fn is_nothing_due(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Problem::Paying(Paying::NothingDue { .. })))
}
