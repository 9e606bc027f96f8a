//! The cells of figures that leave a page: a group's amounts in one locked month, the same for whoever asks and whenever.
//!
//! Whatever days are asked for choose among these cells, and a month that is locked and was never opened again does not
//! change, so two files subtracted from each other give nothing that neither says. A cell of fewer than five households is held back, and so is what would give
//! it away by subtraction: within its month, and over time, where a small month is one with the next in every file, as it
//! is in the pictures (`domain::disclosure`). What was sold, what was settled and its coverage are held back apart, since
//! different households stand behind them.
//!
//! Not here: streams. They lie within their anchor and room, and cells of them would give small ones away beside those.

use super::group::{Group, Grouping};
use super::load::{self, Counted};
use super::range::Range as Asked;
use crate::domain::calendar::{Day, month_key, next_month};
use crate::domain::disclosure::{Withheld, withhold, withhold_in_order, withhold_shared};
use crate::store::figures::{self, Behind, Question, Range};
use crate::store::{Session, StoreError};
use crate::web::context::Ctx;
use rustc_hash::FxHashMap;

/// A group in a month, or the whole of the month.
#[derive(Debug, Clone)]
pub struct Published {
    pub month: Day,
    pub group: Group,
    pub whole: bool,
    pub held: Held,
}

/// What of a row is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Amounts of what was sold.
    pub sold: bool,
    /// Amounts of what was settled.
    pub settled: bool,
    /// The share of them that has a baseline.
    pub covered: bool,
}

impl Held {
    pub const fn any(self) -> bool {
        self.sold || self.settled || self.covered
    }
}

/// The households behind each kind of amount a row holds.
const KINDS: [fn(&Behind) -> i64; 4] = [|b| b.sold, |b| b.settled, |b| b.valued, |b| b.unvalued];

/// The cells of some of the months that are published, `all` those that were ever locked: by month, the groups by their
/// keys and the whole last. By month alone there are no groups.
pub async fn published(
    session: &mut Session,
    grouping: Grouping,
    (all, months): (&[Day], &[Day]),
    ctx: &Ctx,
) -> Result<Vec<Published>, StoreError> {
    let region = session.scope().region();
    let question = |grouping, months: &[Day]| {
        let range = Range { from: months.first().copied(), to: months.last().and_then(|m| next_month(*m).pred_opt()) };
        let asked = load::question(grouping, Asked::default(), region, Counted::Everything);
        Question { range, ..asked.without_households().without_counts() }
    };
    // over all of them, so that it does not depend on which are asked for
    let behind_wholes = load::by_key(figures::behind(session, &question(figures::Grouping::Month, all)).await?);
    let together = KINDS.map(|of| {
        let households: Vec<i64> =
            all.iter().map(|month| behind_wholes.get(&month_key(*month)).map_or(0, of)).collect();
        withhold_in_order(&households, households.iter().copied().max().unwrap_or(0)).groups
    });
    let wholes = figures::sums(session, &question(figures::Grouping::Month, months)).await?;
    let wholes: FxHashMap<&str, Group> =
        wholes.iter().map(|s| (s.key.as_str(), load::group("", &load::row(s)))).collect();
    let (mut groups, behind) = if grouping == Grouping::Month {
        (FxHashMap::default(), FxHashMap::default())
    } else {
        let by_month = question(grouping.stored(), months).by_month();
        let behind = load::by_key(figures::behind(session, &by_month).await?);
        (groups_by_month(session, grouping, &by_month, ctx).await?, behind)
    };
    let nobody = Behind::default();
    let mut cells = Vec::new();
    for &month in months {
        let key = month_key(month);
        let place = all.partition_point(|&before| before < month);
        let of = |behind: &'_ FxHashMap<String, Behind>, key: &str| behind.get(key).unwrap_or(&nobody).clone();
        let mut groups: Vec<(Group, Behind)> = groups
            .remove(&key)
            .unwrap_or_default()
            .into_iter()
            .map(|group| {
                let behind = of(&behind, &format!("{key}{}", group.stored_key()));
                (Group { households: behind.households, ..group }, behind)
            })
            .filter(|(group, _)| !group.is_empty())
            .collect();
        groups.sort_by_key(|(group, _)| group.place());
        let behind_whole = of(&behind_wholes, &key);
        let whole = wholes.get(key.as_str()).cloned().unwrap_or_default();
        let whole = (Group { households: behind_whole.households, ..whole }, behind_whole);
        let together = [0, 1, 2, 3].map(|kind| together[kind][place]);
        cells.extend(of_month(grouping, month, groups, whole, together));
    }
    Ok(cells)
}

/// The named groups of each month, by month.
async fn groups_by_month(
    session: &mut Session,
    grouping: Grouping,
    by_month: &Question,
    ctx: &Ctx,
) -> Result<FxHashMap<String, Vec<Group>>, StoreError> {
    let sums = figures::sums(session, by_month).await?;
    let (months, groups): (Vec<&str>, Vec<Group>) = sums
        .iter()
        .map(|s| {
            let (month, key) = s.key.split_at("YYYY-MM".len());
            (month, load::group(key, &load::row(s)))
        })
        .unzip();
    let mut found: FxHashMap<String, Vec<Group>> = FxHashMap::default();
    for (month, group) in months.into_iter().zip(load::name(session, grouping, groups, ctx).await?) {
        found.entry(month.to_owned()).or_default().push(group);
    }
    Ok(found)
}

/// The cells of a month. `together`: by kind, whether the month is one with others.
fn of_month(
    grouping: Grouping,
    month: Day,
    groups: Vec<(Group, Behind)>,
    (whole, behind_whole): (Group, Behind),
    together: [bool; 4],
) -> Vec<Published> {
    let [sold, settled, valued, unvalued] = [0, 1, 2, 3].map(|kind| {
        if together[kind] {
            return Withheld { groups: vec![true; groups.len()], total: true };
        }
        let households: Vec<i64> = groups.iter().map(|(_, behind)| KINDS[kind](behind)).collect();
        match grouping {
            Grouping::Town => withhold(&households, KINDS[kind](&behind_whole)),
            _ => withhold_shared(&households, KINDS[kind](&behind_whole)),
        }
    });
    let settled = settled.or(&valued);
    let covered = settled.or(&unvalued);
    let held = |place: usize| Held {
        sold: sold.groups[place],
        settled: settled.groups[place],
        covered: covered.groups[place],
    };
    let last = Held { sold: sold.total, settled: settled.total, covered: covered.total };
    let groups = groups.into_iter().enumerate();
    let mut cells: Vec<Published> =
        groups.map(|(place, (group, _))| Published { month, group, whole: false, held: held(place) }).collect();
    cells.push(Published { month, group: whole, whole: true, held: last });
    cells
}
