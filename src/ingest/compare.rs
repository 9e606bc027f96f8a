//! The other side of a comparison (对账): what a platform's interface says now, or what a file says, by order and day.
//!
//! Nothing is written. An interface is asked for every change since the first day, so each order, refund and statement
//! row of those days is in the answer in its present state, whatever was stored of it before, also what changed while it
//! was being asked for. What a source does not know (a file of orders knows no statements) is not compared.
//!
//! A refund whose day is not stated stands on the pay day, as in the ledger; one dated before its order was paid, too.

use super::files::read::{Batch, Part, read};
use super::files::{Received, Wanted};
use super::pull::windows::{halved, windows};
use super::pull::{Haul, Puller, Stop, Target};
use crate::domain::access::Scope;
use crate::domain::calendar::{Day, Instant, day_of, start_of};
use crate::domain::problem::Problem;
use crate::domain::reconcile::{Amount, Measure};
use crate::domain::records::{OrderRecord, RefundRecord, RefundStatus, SettlementRecord};
use crate::platforms::{PlatformError, Window};
use rustc_hash::FxHashMap;
use std::ops::ControlFlow;

/// Times what changed while it was being read is asked for: in a shop that sells on, something always moves.
const MOST_LOOKS: usize = 4;
/// The name of an interface as the other side.
pub const INTERFACE: &str = "interface";

/// What the other side says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherSide {
    /// [`INTERFACE`], or a file's name.
    pub name: String,
    /// The measures it knows, each with its amounts.
    pub measures: Vec<(Measure, Vec<Amount>)>,
}

/// Records seen so far: of each the newest state.
#[derive(Debug, Default)]
struct Seen {
    orders: FxHashMap<String, Order>,
    refunds: FxHashMap<String, Refund>,
    statements: FxHashMap<String, Amount>,
}

#[derive(Debug)]
struct Order {
    updated_at: Instant,
    paid_at: Option<Instant>,
    paid_fen: i64,
}

#[derive(Debug)]
struct Refund {
    updated_at: Instant,
    order_no: String,
    refunded_at: Option<Instant>,
    fen: i64,
}

/// Asks a platform for everything that changed from a day on; not kept, and without passing over what is known.
pub async fn ask(puller: &mut Puller, target: &Target, from: Day, stop: &Stop) -> anyhow::Result<OtherSide> {
    let mut until = target.clock.now();
    let mut session = target.store.read(Scope::County(target.county)).await?;
    puller.load_token(&mut session, until).await?;
    drop(session);
    let mut seen = Seen::default();
    read_windows(puller, target, windows(start_of(from), until), stop, &mut seen).await?;
    // what changed meanwhile has left its window, perhaps before that was read, for a time after all of them
    for look in 1..=MOST_LOOKS {
        let from = std::mem::replace(&mut until, target.clock.now());
        if !read_windows(puller, target, windows(from, until), stop, &mut seen).await? {
            break;
        }
        if look == MOST_LOOKS {
            tracing::info!(shop = puller.shop.shop_key, "compared while orders were still changing");
        }
    }
    Ok(OtherSide { name: INTERFACE.to_owned(), measures: seen.measures(&Measure::ALL) })
}

/// Reads windows, each reaching a little back over the one before. Says whether anything in them had not been seen as it
/// is now.
async fn read_windows(
    puller: &mut Puller,
    target: &Target,
    mut waiting: Vec<Window>,
    stop: &Stop,
    seen: &mut Seen,
) -> anyhow::Result<bool> {
    waiting.reverse();
    let mut moved = false;
    while let Some(window) = waiting.pop() {
        anyhow::ensure!(!*stop.borrow(), "stopped");
        let fetched = puller.fetch(target, window, &FxHashMap::default()).await;
        puller.keep_token(target).await?;
        match fetched {
            Ok(haul) if !haul.is_complete() => {
                let context = "a window held less than the platform said: nothing was compared".to_owned();
                return Err(PlatformError::Unreachable { context }.into());
            }
            Ok(haul) => moved |= seen.take_haul(haul),
            Err(PlatformError::WindowTooWide { rows, context }) => {
                let too_wide = || PlatformError::WindowTooWide { rows, context };
                let [first, second] = halved(window).ok_or_else(too_wide)?;
                waiting.extend([second, first]);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(moved)
}

/// Reads a file for comparing.
pub fn read_file(received: &mut Received, wanted: &Wanted, now: Instant) -> Result<OtherSide, Problem> {
    let name = received.name().to_owned();
    let mut seen = Seen::default();
    let mut known = Vec::new();
    read(received, wanted, now, &mut |part| {
        if let Part::Batch(batch) = part {
            note_known(&mut known, &batch);
            seen.take_batch(batch);
        }
        ControlFlow::Continue(())
    })?;
    known.sort_unstable();
    Ok(OtherSide { name, measures: seen.measures(&known) })
}

/// A file knows what it has at least one of: one of orders may or may not state refunds.
fn note_known(known: &mut Vec<Measure>, batch: &Batch) {
    for (measure, any) in [
        (Measure::Sales, !batch.orders.is_empty()),
        (Measure::Refunds, !batch.refunds.is_empty()),
        (Measure::Settled, !batch.settlements.is_empty()),
    ] {
        if any && !known.contains(&measure) {
            known.push(measure);
        }
    }
}

impl Seen {
    /// Says whether anything had not been seen as it is now.
    fn take_haul(&mut self, haul: Haul) -> bool {
        let mut moved = false;
        haul.orders.records.into_iter().for_each(|r| moved |= self.order(&r.record));
        haul.refunds.records.into_iter().for_each(|r| moved |= self.refund(r.record));
        haul.settlements.records.into_iter().for_each(|r| moved |= self.statement(r.record));
        moved
    }

    fn take_batch(&mut self, batch: Batch) {
        for r in batch.orders {
            self.order(&r.record);
        }
        for r in batch.refunds {
            self.refund(r.record);
        }
        for r in batch.settlements {
            self.statement(r.record);
        }
    }

    /// The newest state stands; of two with one time the one that came last. True for an order that had not changed at this
    /// time before.
    fn order(&mut self, order: &OrderRecord) -> bool {
        let known = self.orders.get(&order.order_no).map(|known| known.updated_at);
        if known <= Some(order.updated_at) {
            let OrderRecord { updated_at, paid_at, .. } = *order;
            self.orders.insert(order.order_no.clone(), Order { updated_at, paid_at, paid_fen: order.paid_fen() });
        }
        known < Some(order.updated_at)
    }

    fn refund(&mut self, refund: RefundRecord) -> bool {
        let known = self.refunds.get(&refund.refund_no).map(|known| known.updated_at);
        let newer = known < Some(refund.updated_at);
        if known <= Some(refund.updated_at) {
            let succeeded = refund.status == RefundStatus::Succeeded;
            let fen = if succeeded { refund.refund_fen } else { 0 };
            let RefundRecord { refund_no, order_no, updated_at, refunded_at, .. } = refund;
            self.refunds.insert(refund_no, Refund { updated_at, order_no, refunded_at, fen });
        }
        newer
    }

    fn statement(&mut self, row: SettlementRecord) -> bool {
        let (on, fen) = (day_of(row.settled_at), row.moved_fen());
        self.statements.insert(row.statement_no, Amount { order_no: row.order_no, on, fen }).is_none()
    }

    fn measures(self, known: &[Measure]) -> Vec<(Measure, Vec<Amount>)> {
        let Self { orders, refunds, statements } = self;
        let paid_at = |order_no: &str| orders.get(order_no).and_then(|order| order.paid_at);
        let refunds = refunds
            .into_values()
            .map(|r| {
                let paid = paid_at(&r.order_no);
                let at = r.refunded_at.max(paid).unwrap_or(r.updated_at);
                Amount { order_no: r.order_no, on: day_of(at), fen: r.fen }
            })
            .collect();
        let statements = statements.into_values().collect();
        let sales = orders
            .into_iter()
            .filter_map(|(order_no, order)| Some(Amount { order_no, on: day_of(order.paid_at?), fen: order.paid_fen }));
        let mut all = [(Measure::Sales, sales.collect()), (Measure::Refunds, refunds), (Measure::Settled, statements)]
            .into_iter()
            .collect::<Vec<(Measure, Vec<Amount>)>>();
        all.retain(|(measure, _)| known.contains(measure));
        all
    }
}
