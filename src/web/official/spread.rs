//! What the pictures of spread and season draw: towns in their places, households by uplift, months by how much of them has
//! settled, a product's price against its baseline. Each with the same numbers as a table.
//!
//! All of it is decided as what leaves a page is (`domain::disclosure`), the tables too, since they stand beside pictures
//! that do; the drill-down has everything for the one who is signed in.

use super::load::{self, Counted};
use super::range::Range;
use crate::charts::ageing::{Ageing, Cohort};
use crate::charts::distribution::Distribution;
use crate::charts::season::{Point, Season};
use crate::charts::tiles::{Shown, Tile, Tiles};
use crate::domain::amounts::Col;
use crate::domain::calendar::{Day, month_key, parse_month};
use crate::domain::disclosure::{LEAST_HOUSEHOLDS, Withheld, withhold, withhold_in_order};
use crate::domain::distribution::{buckets, median_fen};
use crate::domain::money::at_fraction;
use crate::domain::regions::RegionCode;
use crate::domain::tiles::{Place, layout};
use crate::store::figures::{self, Basis, Behind, Sums};
use crate::store::{Session, StoreError, counties, goods};
use crate::web::context::Ctx;
use crate::web::ui::number;
use crate::web::ui::table::{Align, Table};
use chrono::Months;
use rustc_hash::FxHashMap;

/// Months of the pictures over time, and from the first of so many to the last.
const MOST_MONTHS: usize = 24;
const MOST_MONTHS_APART: Months = Months::new(23);
const GRAMS_A_KILOGRAM: i64 = 1_000;

/// A town and where it stands among the others.
#[derive(Debug, Clone)]
pub struct Town {
    pub code: RegionCode,
    name: String,
    place: Option<Place>,
}

impl Town {
    /// Its square.
    pub fn tile(self, shown: Shown) -> Tile {
        Tile { name: self.name, place: self.place, shown }
    }
}

/// The county's towns, where its layout is known; `None` where it is not, or the reader has a part of the county.
pub async fn places(session: &mut Session, region: RegionCode) -> Result<Option<Vec<Town>>, StoreError> {
    let places: FxHashMap<RegionCode, Place> = layout(region).into_iter().collect();
    if region.digits() != 6 || places.is_empty() {
        return Ok(None);
    }
    let named = counties::region_names(session).await?.into_iter();
    let towns = named.filter_map(|(code, name)| {
        let code = RegionCode::parse(&code).filter(|code| code.digits() == 9 && code.within(region))?;
        Some(Town { code, name, place: places.get(&code).copied() })
    });
    Ok(Some(towns.collect()))
}

/// Their uplift; `whole` is who stands behind all of it.
pub async fn towns(
    session: &mut Session,
    range: Range,
    region: RegionCode,
    whole: &Behind,
) -> Result<Option<Tiles>, StoreError> {
    let Some(known) = places(session, region).await? else { return Ok(None) };
    let question = load::question(figures::Grouping::Town, range, region, Counted::Headline);
    let sums = figures::sums(session, &question.without_households().without_counts()).await?;
    let behind = load::by_key(figures::behind(session, &question).await?);
    let keys: Vec<String> = known.iter().map(|town| town.code.to_string()).collect();
    let held = held_of(&keys, &behind, whole, withhold);
    let tiles = known.into_iter().zip(&keys).zip(held.groups).map(|((town, key), held)| {
        let has_any = behind.get(key).is_some_and(|b| Behind::SETTLED.iter().any(|of| of(b) > 0));
        let fen = sums.iter().find(|s| s.key == *key).map_or(0, |s| load::row(s).uplift_fen);
        town.tile(match (has_any, held) {
            (false, _) => Shown::Nobody,
            (true, true) => Shown::Held,
            (true, false) => Shown::Fen(fen),
        })
    });
    Ok(Some(Tiles { tiles: tiles.collect() }))
}

/// Decides over groups by what was settled of them, kind by kind.
fn held_of(
    keys: &[String],
    behind: &FxHashMap<String, Behind>,
    whole: &Behind,
    decide: fn(&[i64], i64) -> Withheld,
) -> Withheld {
    let of = |households: fn(&Behind) -> i64| {
        let groups: Vec<i64> = keys.iter().map(|key| behind.get(key).map_or(0, households)).collect();
        decide(&groups, households(whole))
    };
    let [settled, valued] = Behind::SETTLED;
    of(settled).or(&of(valued))
}

/// The towns as a table, the largest first.
pub fn towns_table(data: &Tiles, ctx: &Ctx) -> Table {
    let o = &ctx.words.official;
    let columns = [(o.col_town, Align::Text), (ctx.words.review.col_uplift_yuan, Align::Number)];
    let mut table = Table::new(ctx.words.sharing.towns_title, o.no_sales, &columns);
    let mut tiles: Vec<&Tile> = data.tiles.iter().filter(|tile| tile.shown != Shown::Nobody).collect();
    tiles.sort_by_key(|tile| {
        (matches!(tile.shown, Shown::Held), if let Shown::Fen(fen) = tile.shown { -fen } else { 0 })
    });
    for tile in tiles {
        let value = if let Shown::Fen(fen) = tile.shown { number::yuan(fen) } else { ctx.words.review.held.to_owned() };
        table.rows.push(vec![tile.name.as_str().into(), value.into()]);
    }
    table
}

/// Households by their uplift.
pub async fn distribution(session: &mut Session, range: Range, region: RegionCode) -> Result<Distribution, StoreError> {
    let question = load::question(figures::Grouping::Farmer, range, region, Counted::Headline).without_counts();
    let farmers = figures::sums(session, &question).await?;
    let uplifts: Vec<i64> = farmers.iter().filter(|s| s.households > 0).map(|s| load::row(s).uplift_fen).collect();
    let buckets = buckets(&uplifts);
    let median_fen = if buckets.is_empty() { None } else { median_fen(&uplifts) };
    Ok(Distribution { buckets, median_fen })
}

/// The buckets as a table.
pub fn distribution_table(data: &Distribution, ctx: &Ctx) -> Table {
    let (o, s) = (&ctx.words.official, &ctx.words.sharing);
    let columns = [(s.col_span, Align::Text), (o.col_households, Align::Number)];
    let mut table = Table::new(s.distribution_title, ctx.words.review.held, &columns);
    for bucket in &data.buckets {
        let name = crate::charts::distribution::span(bucket, ctx.lang);
        table.rows.push(vec![name.into(), number::grouped(bucket.households).into()]);
    }
    table
}

/// The question by pay day.
fn of_cohorts(question: figures::Question) -> figures::Question {
    figures::Question { basis: Basis::Pay, ..question }
}

/// The same question since a month: who stands behind what is not drawn need not be counted.
fn since(question: figures::Question, month: Day) -> figures::Question {
    let from = question.range.from.map_or(month, |from| from.max(month));
    figures::Question { range: figures::Range { from: Some(from), ..question.range }, ..question }
}

/// What was paid in each of the last months that had sales, by how much of it has settled.
pub async fn ageing(session: &mut Session, range: Range, region: RegionCode) -> Result<Ageing, StoreError> {
    let question = of_cohorts(load::question(figures::Grouping::Month, range, region, Counted::Headline));
    let mut sums = figures::sums(session, &question.without_households().without_counts()).await?;
    sums.sort_by(|a, b| a.key.cmp(&b.key));
    sums.drain(..sums.len().saturating_sub(MOST_MONTHS));
    let Some(first) = sums.first().and_then(|s| parse_month(&s.key)) else { return Ok(Ageing::default()) };
    let behind = load::by_key(figures::behind(session, &since(question, first)).await?);
    let of = |households: fn(&Behind) -> i64| {
        let groups: Vec<i64> = sums.iter().map(|s| behind.get(&s.key).map_or(0, households)).collect();
        withhold_in_order(&groups, groups.iter().sum())
    };
    let held = of(|b| b.settled).or(&of(|b| b.waiting));
    let cohort = |s: &Sums| {
        let settled_fen = s.amounts[Col::SettledFarmer];
        Some(Cohort { month: parse_month(&s.key)?, settled_fen, waiting_fen: s.amounts[Col::Farmer] - settled_fen })
    };
    let shown = sums.iter().zip(&held.groups).filter(|(_, held)| !**held);
    Ok(Ageing { cohorts: shown.filter_map(|(s, _)| cohort(s)).collect() })
}

/// The months as a table, the last first.
pub fn ageing_table(data: &Ageing, ctx: &Ctx) -> Table {
    let (o, s) = (&ctx.words.official, &ctx.words.sharing);
    let columns = [
        (o.col_month, Align::Whole),
        (s.col_settled_income, Align::Number),
        (s.col_waiting_income, Align::Number),
        (s.col_settled_share, Align::Number),
    ];
    let mut table = Table::new(s.ageing_title, o.no_sales, &columns);
    for cohort in data.cohorts.iter().rev() {
        let share = cohort.settled_tenths().map_or_else(
            || ctx.words.frame.none.to_owned(),
            |tenths| number::percent_floor(i64::try_from(tenths * 10).unwrap_or(i64::MAX)),
        );
        let amounts = [cohort.settled_fen, cohort.waiting_fen].map(|fen| number::yuan(fen).into());
        table.rows.push([vec![month_key(cohort.month).into()], amounts.into(), vec![share.into()]].concat());
    }
    table
}

/// A product and its months.
#[derive(Debug, Clone)]
pub struct Seasonal {
    pub product_id: i64,
    pub name: String,
    pub season: Season,
}

/// The last months of every product that sold enough in them, those with the most months first.
pub async fn seasons(
    session: &mut Session,
    range: Range,
    region: RegionCode,
    ctx: &Ctx,
) -> Result<Vec<Seasonal>, StoreError> {
    let question = load::question(figures::Grouping::Product, range, region, Counted::Everything);
    let question = of_cohorts(question).by_month();
    let sums = figures::sums(session, &question.without_households()).await?;
    let of_products: Vec<(Day, i64, &Sums)> = sums.iter().filter_map(of_product).collect();
    let last = of_products.iter().map(|(month, ..)| *month).max();
    let Some(first) = last.and_then(|last| last.checked_sub_months(MOST_MONTHS_APART)) else { return Ok(Vec::new()) };
    let behind = load::by_key(figures::behind(session, &since(question, first)).await?);
    let mut points: FxHashMap<i64, Vec<Point>> = FxHashMap::default();
    for (month, product, of) in of_products {
        if behind.get(&of.key).is_some_and(|b| b.sold >= LEAST_HOUSEHOLDS) {
            points.entry(product).or_default().extend(point(month, of));
        }
    }
    let mut all = Vec::new();
    for product in goods::list_products(session).await? {
        let Some(mut points) = points.remove(&product.product_id) else { continue };
        points.sort_by_key(|point| point.month);
        let name = ctx.name(&product.name, &product.name_en).to_owned();
        all.push(Seasonal { product_id: product.product_id, name, season: Season { points } });
    }
    all.sort_by_key(|s| (std::cmp::Reverse(s.season.points.len()), s.product_id));
    Ok(all)
}

/// Month and product of a sum.
fn of_product(of: &Sums) -> Option<(Day, i64, &Sums)> {
    let (month, product) = of.key.split_at_checked("2026-01".len())?;
    Some((parse_month(month)?, product.parse().ok()?, of))
}

/// What a kilogram brought in a month; none where nothing was left of it.
fn point(month: Day, of: &Sums) -> Option<Point> {
    let (amounts, goods_g) = (&of.amounts, of.amounts[Col::Goods]);
    let per_kilogram = |fen: i64| at_fraction(fen, GRAMS_A_KILOGRAM, goods_g);
    let priced = amounts[Col::WithoutBaseline] == 0 && amounts[Col::BaselineMid] > 0;
    (goods_g > 0).then(|| Point {
        month,
        farmer_fen: per_kilogram(amounts[Col::Farmer]),
        baseline_fen: priced
            .then(|| (per_kilogram(amounts[Col::BaselineLow]), per_kilogram(amounts[Col::BaselineHigh]))),
    })
}

/// The months as a table, the last first.
pub fn season_table(data: &Season, ctx: &Ctx) -> Table {
    let (o, s) = (&ctx.words.official, &ctx.words.sharing);
    let columns = [
        (o.col_month, Align::Whole),
        (s.col_farmer_price, Align::Number),
        (s.col_baseline_low, Align::Number),
        (s.col_baseline_high, Align::Number),
    ];
    let mut table = Table::new(s.season_title, o.no_sales, &columns);
    for point in data.points.iter().rev() {
        let none = || ctx.words.frame.none.to_owned();
        let (low, high) =
            point.baseline_fen.map_or_else(|| (none(), none()), |(low, high)| (number::yuan(low), number::yuan(high)));
        let row = [month_key(point.month), number::yuan(point.farmer_fen), low, high];
        table.rows.push(row.map(Into::into).into());
    }
    table
}
