//! The answers, from the sums that stand: nothing here reads a line.

use super::{Answered, Ask, Changed, Compared, Page, Part, StreamLoss, Unpaid, Without};
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Day, month_key, month_start, next_month, parse_month};
use crate::domain::change::{Parts, Sold};
use crate::domain::figures::{Counts, FigureRow};
use crate::domain::regions::RegionCode;
use crate::services::volume;
use crate::store::figures::{self, Sums};
use crate::store::late::Late;
use crate::store::payouts::due::{self, Of};
use crate::store::{Session, broadcasts, goods, late, ledger, month_reports, people};
use crate::web::context::Ctx;
use crate::web::names::{Names, stream_label};
use crate::web::official::load::{self, Counted};
use crate::web::official::range::Range;
use crate::web::session::family_name;
use chrono::Months;
use rustc_hash::{FxHashMap, FxHashSet};

/// Rows of each list.
const MOST: usize = 15;

pub(super) async fn page(session: &mut Session, ask: Ask, range: Range, today: Day, ctx: &Ctx) -> anyhow::Result<Page> {
    let region = session.scope().region();
    let county_wide = session.scope().is_whole_county();
    let answer = match ask {
        Ask::Without => Answered::Without(without(session, range, region).await?),
        Ask::Price => {
            let parts = if county_wide { Some(volume::of_uplift(session, range.from, range.to).await?) } else { None };
            Answered::Price(parts, compared(session, region, today, ctx).await?)
        }
        Ask::Streams => Answered::Streams(streams(session, range, region).await?),
        Ask::Unpaid => Answered::Unpaid(unpaid(session, range, region, today).await?),
        Ask::Changed => Answered::Changed(if county_wide { changed(session, region).await? } else { None }),
    };
    Ok(Page { range, as_of: crate::services::figures::as_of(session).await?, county_wide, answer })
}

/// What is settled, what is not yet, and what operators owe households up to today and have not put forward, in all; who
/// was paid too much owes nothing back.
async fn unpaid(session: &mut Session, range: Range, region: RegionCode, today: Day) -> anyhow::Result<Unpaid> {
    let total = load::question(figures::Grouping::Total, range, region, Counted::Everything);
    let total = load::total(session, &total.without_households().without_counts()).await?;
    let left_fen = if session.scope().is_whole_county() {
        Some(due::list(session, Of::All, today).await?.iter().map(|due| due.balance.payable_fen()).sum())
    } else {
        None
    };
    let (income_fen, provisional_fen) = (total.farmer_income_fen, total.farmer_income_provisional_fen);
    Ok(Unpaid { income_fen, provisional_fen, left_fen })
}

/// Towns and households that did not benefit.
async fn without(session: &mut Session, range: Range, region: RegionCode) -> anyhow::Result<Without> {
    let names = Names::of_regions(session).await?;
    let is_town = |code: &&String| RegionCode::parse(code).is_some_and(|c| c.digits() == 9 && c.within(region));
    let mut towns: Vec<String> = names.0.keys().filter(is_town).cloned().collect();
    towns.sort_unstable();
    let question =
        |grouping| load::question(grouping, range, region, Counted::Everything).without_counts().without_households();
    let by_town = figures::sums(session, &question(figures::Grouping::Town)).await?;
    let by_farmer = figures::sums(session, &question(figures::Grouping::Farmer)).await?;
    let settled = |s: &Sums| (s.amounts[Col::SettledNet] > 0).then(|| load::row(s).uplift_fen);
    let by_town: FxHashMap<&str, i64> = by_town.iter().filter_map(|s| Some((s.key.as_str(), settled(s)?))).collect();
    let towns_without = towns.iter().filter_map(|code| {
        let uplift_fen = by_town.get(code.as_str()).copied();
        (uplift_fen <= Some(0)).then(|| (code.clone(), names.of(code), uplift_fen))
    });
    let towns_without: Vec<_> = towns_without.collect();
    let farmers = people::list_farmers(session).await?;
    let farmers: Vec<_> = farmers
        .into_iter()
        .filter(|f| RegionCode::parse(&f.village_code).is_some_and(|village| village.within(region)))
        .collect();
    let by_farmer: FxHashMap<i64, i64> =
        by_farmer.iter().filter_map(|s| Some((s.key.parse().ok()?, settled(s)?))).collect();
    let name = |f: &people::Farmer| (f.farmer_id, family_name(&f.name), names.of(&f.village_code));
    let mut losses: Vec<_> = farmers
        .iter()
        .filter_map(|f| Some((name(f), *by_farmer.get(&f.farmer_id)?)))
        .filter(|(_, fen)| *fen <= 0)
        .collect();
    losses.sort_by_key(|((farmer_id, ..), fen)| (*fen, *farmer_id));
    let unsold: Vec<_> = farmers.iter().filter(|f| !by_farmer.contains_key(&f.farmer_id)).map(name).collect();
    Ok(Without {
        towns: towns.len(),
        towns_without,
        households: farmers.len(),
        households_unsold: unsold.len(),
        households_loss: losses.len(),
        losses: losses.into_iter().take(MOST).collect(),
        unsold: unsold.into_iter().take(MOST).collect(),
    })
}

/// The last twelve whole months beside the twelve before them, goods by goods.
async fn compared(session: &mut Session, region: RegionCode, today: Day, ctx: &Ctx) -> anyhow::Result<Compared> {
    let end = month_start(today);
    let year = Months::new(12);
    let (from, before) = (end - year, end - year - year);
    let days = |from: Day, end: Day| Range { from: Some(from), to: end.pred_opt() };
    let mut sums = [FxHashMap::default(), FxHashMap::default()];
    for (place, range) in [days(before, from), days(from, end)].into_iter().enumerate() {
        let question = load::question(figures::Grouping::Product, range, region, Counted::Headline);
        let found = figures::sums(session, &question.without_households().without_counts()).await?;
        sums[place] = found.iter().map(|s| (s.key.clone(), sold(s))).collect();
    }
    let [before_sums, after_sums]: [FxHashMap<String, Sold>; 2] = sums;
    let names: FxHashMap<String, String> = goods::list_products(session)
        .await?
        .iter()
        .map(|p| (p.product_id.to_string(), ctx.name(&p.name, &p.name_en).to_owned()))
        .collect();
    let mut keys: Vec<&String> =
        before_sums.keys().chain(after_sums.keys()).collect::<FxHashSet<_>>().into_iter().collect();
    keys.sort_unstable_by_key(|key| (key.len(), key.as_str()));
    let parts = keys
        .into_iter()
        .map(|key| {
            let of = |sums: &FxHashMap<String, Sold>| sums.get(key).copied().unwrap_or_default();
            let (before, after) = (of(&before_sums), of(&after_sums));
            Part { name: names.get(key).cloned(), before, after, parts: Parts::of(before, after) }
        })
        .filter(|part| part.before != Sold::default() || part.after != Sold::default())
        .collect();
    Ok(Compared { from, to: end.pred_opt().unwrap_or(end), parts })
}

/// Income with what is provisional, and the goods it was for.
fn sold(sums: &Sums) -> Sold {
    let row = load::row(sums);
    Sold { income_fen: row.farmer_income_fen + row.farmer_income_provisional_fen, weight_g: row.weight_g }
}

/// Streams whose settled uplift is below zero, the lowest first.
async fn streams(session: &mut Session, range: Range, region: RegionCode) -> anyhow::Result<StreamLoss> {
    let question = load::question(figures::Grouping::Stream, range, region, Counted::Everything);
    let sums = figures::sums(session, &question.without_households().without_counts()).await?;
    let mut losing: Vec<(i64, i64)> = sums
        .iter()
        .filter_map(|s| Some((s.key.parse().ok()?, load::row(s).uplift_fen)))
        .filter(|(_, fen)| *fen < 0)
        .collect();
    losing.sort_unstable_by_key(|&(id, fen)| (fen, id));
    let (count, sum_fen) = (losing.len(), losing.iter().map(|(_, fen)| fen).sum());
    losing.truncate(MOST);
    let ids: Vec<i64> = losing.iter().map(|(id, _)| *id).collect();
    let names: FxHashMap<i64, String> =
        broadcasts::list_named(session, &ids).await?.iter().map(|s| (s.stream_id, stream_label(s))).collect();
    let lowest = losing
        .into_iter()
        .map(|(id, fen)| (id, names.get(&id).cloned().unwrap_or_else(|| id.to_string()), fen))
        .collect();
    Ok(StreamLoss { count, sum_fen, lowest })
}

/// The headline as it stood when the last report was made, now, and what lies between.
///
/// Reported months that are open again, and months before the reported one that were never locked, go on taking entries:
/// what the last report did not know of them is told apart by its unit of work, not by the month.
async fn changed(session: &mut Session, region: RegionCode) -> anyhow::Result<Option<Changed>> {
    let heads = month_reports::list_heads(session).await?;
    let reported = heads.iter().map(|head| head.month).max();
    let made = heads.iter().map(|head| head.lock_batch_id).max();
    let (Some(last), Some(made)) = (reported, made) else { return Ok(None) };
    let headline = |grouping, range| {
        load::question(grouping, range, region, Counted::Headline).without_households().without_counts()
    };
    let next = next_month(last);
    let up_to = Range { from: None, to: next.pred_opt() };
    let until = load::total(session, &headline(figures::Grouping::Total, up_to)).await?;
    let now = load::total(session, &headline(figures::Grouping::Total, Range::default())).await?;
    let late = late::list_booked_from(session, next).await?;
    let locked = ledger::list_locked_months(session).await?;
    let held = figures::sums(session, &headline(figures::Grouping::Month, up_to)).await?;
    let held = held.iter().filter_map(|sums| parse_month(&sums.key));
    let first_open = held.chain(heads.iter().map(|head| head.month)).filter(|month| !locked.contains(month)).min();
    let open = match first_open {
        Some(first) => late::list_learnt(session, (first, next), made).await?,
        None => Vec::new(),
    };
    let mut reopened: Vec<Day> = heads.iter().map(|head| head.month).filter(|month| !locked.contains(month)).collect();
    reopened.sort_unstable();
    reopened.dedup();
    let uplift = |of: &[Late]| {
        let sum: Amounts = of.iter().map(|l| l.amounts).sum();
        FigureRow::from_sums(&sum, Counts::ZERO, 0).uplift_fen
    };
    let open_fen = uplift(&open);
    Ok(Some(Changed {
        month: last,
        then_fen: until.uplift_fen - open_fen,
        now_fen: now.uplift_fen,
        late_fen: uplift(&late),
        late,
        reopened: reopened.into_iter().map(month_key).collect(),
        open_fen,
        open,
    }))
}
