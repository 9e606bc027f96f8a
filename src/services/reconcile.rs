//! 对账: a shop's days beside the other side's, compared and kept for the pages.
//!
//! Only whole days are compared, up to the last that the shop is completely known of; the newest comparison of a day
//! replaces the one before. Settled money of a day whose statements nobody can have read yet is waited for and is no
//! difference (`domain::statements`). Not here: the comparison itself (`domain::reconcile`), the other side (`ingest::compare`).

use super::desk::Desk;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, day_of};
use crate::domain::reconcile::{Amount, Compared, Difference, Measure, compare};
use crate::domain::statements::Watermark;
use crate::ingest::compare::OtherSide;

pub use crate::ingest::compare::INTERFACE;
use crate::platforms::Platform;
use crate::store::evidence::{self, Kind};
use crate::store::goods::Shop;
use crate::store::reconciled::{self, DayRow, DifferenceRow};
use crate::store::{Session, StoreError, Work};
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// Days compared where none are named.
pub const ORDINARY_DAYS: i64 = 7;
/// How much further our side reaches on both ends: an order dated just outside is then not taken for missing.
const MARGIN: TimeDelta = TimeDelta::days(31);
/// Differences kept of a day and measure; all are counted.
pub const MOST_KEPT: usize = 500;

/// Days from–to, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    pub from: Day,
    pub to: Day,
}

impl Days {
    /// The days asked for, cut to what the shop is completely known of; `None` where nothing is left.
    pub fn of(shop: &Shop, from: Option<Day>, to: Option<Day>) -> Option<Self> {
        let last = day_of(shop.known_to_at?).pred_opt()?;
        let to = to.map_or(last, |to| to.min(last));
        let from = from.unwrap_or(to - TimeDelta::days(ORDINARY_DAYS - 1));
        (from <= to).then_some(Self { from, to })
    }
}

/// What comparing a shop came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub shop: Shop,
    pub days: Days,
    pub other_side: String,
    pub measures: Vec<(Measure, Compared)>,
}

impl Report {
    /// Differences of all measures.
    pub fn differences(&self) -> usize {
        self.measures.iter().map(|(_, compared)| compared.differences.len()).sum()
    }
}

/// Compares a shop's days with the other side and keeps what it came to.
pub async fn reconcile(desk: Desk<'_>, shop: &Shop, theirs: &OtherSide, days: Days) -> anyhow::Result<Report> {
    let mut work = desk.store.work(desk.county, desk.actor, "reconcile", desk.clock).await?;
    let mut measures = Vec::new();
    let watermark = watermark(&mut work, shop).await?;
    for (measure, amounts) in &theirs.measures {
        let mut compared = compared(&mut work, shop, *measure, amounts, days).await?;
        if let (Measure::Settled, Some(watermark)) = (measure, &watermark) {
            compared.hold_back(|on| watermark.waits(on));
        }
        reconciled::remove(&mut work, shop.shop_id, *measure, days.from, days.to).await?;
        let differences = by_day(&compared, days);
        let kept: Vec<DayRow> = compared
            .days
            .iter()
            .map(|(&on_day, sums)| DayRow {
                shop_id: shop.shop_id,
                on_day,
                measure: measure.key().to_owned(),
                other_side: theirs.name.clone(),
                compared_at: work.at,
                our_orders: sums.our_orders,
                our_fen: sums.our_fen,
                their_orders: sums.their_orders,
                their_fen: sums.their_fen,
                differences: differences.get(&on_day).map_or(0, |of_day| count(of_day.len())),
                waits: compared.waits.get(&on_day).map_or_else(String::new, |waits| waits.key().to_owned()),
            })
            .collect();
        let rows: Vec<DifferenceRow> =
            differences.iter().flat_map(|(&on_day, of_day)| rows(on_day, *measure, of_day)).collect();
        reconciled::insert(&mut work, shop.shop_id, &kept, &rows).await?;
        measures.push((*measure, compared));
    }
    let change = Change::new(Verb::Reconcile, Noun::Orders, &shop.shop_key)
        .after(Field::From, days.from)
        .after(Field::To, days.to)
        .after(Field::File, if theirs.name == INTERFACE { "" } else { &theirs.name });
    work.commit(&change).await?;
    Ok(Report { shop: shop.clone(), days, other_side: theirs.name.clone(), measures })
}

/// How far the shop's statements were read. `None` where nobody asks for any: what a file of them states that is not here
/// is missing.
async fn watermark(work: &mut Work, shop: &Shop) -> Result<Option<Watermark>, StoreError> {
    let interface = Platform::parse(&shop.platform).and_then(Platform::interface);
    let read_to = evidence::find_checkpoint(work, shop.shop_id, Kind::Settlement).await?;
    let stated_after = interface.filter(|_| read_to.is_some()).map(|interface| interface.stated_after);
    Ok(stated_after.map(|stated_after| Watermark { read_to, stated_after, now: work.at }))
}

async fn compared(
    session: &mut Session,
    shop: &Shop,
    measure: Measure,
    theirs: &[Amount],
    days: Days,
) -> Result<Compared, StoreError> {
    let (from, to) = (days.from - MARGIN, days.to + MARGIN);
    let ours = reconciled::list_amounts(session, shop.shop_id, measure, from, to).await?;
    Ok(compare(&ours, theirs, days.from, days.to))
}

/// Differences under each day they move, within the days compared.
fn by_day(compared: &Compared, days: Days) -> BTreeMap<Day, Vec<&Difference>> {
    let mut by_day: BTreeMap<Day, Vec<&Difference>> = BTreeMap::new();
    for difference in &compared.differences {
        for on in difference.days().filter(|on| (days.from..=days.to).contains(on)) {
            by_day.entry(on).or_default().push(difference);
        }
    }
    by_day
}

fn rows<'a>(
    on_day: Day,
    measure: Measure,
    of_day: &'a [&'a Difference],
) -> impl Iterator<Item = DifferenceRow> + use<'a> {
    of_day.iter().take(MOST_KEPT).enumerate().map(move |(place, difference)| DifferenceRow {
        on_day,
        measure: measure.key().to_owned(),
        place: count(place),
        order_no: difference.order_no.clone(),
        reason: difference.reason.key().to_owned(),
        our_on: difference.ours.map(|(on, _)| on),
        our_fen: difference.ours.map(|(_, fen)| fen),
        their_on: difference.theirs.map(|(on, _)| on),
        their_fen: difference.theirs.map(|(_, fen)| fen),
    })
}

fn count(n: usize) -> i64 {
    i64::try_from(n).expect("a day is bounded")
}
