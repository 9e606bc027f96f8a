//! What several of the officials' pages read: figures of a range and region, grouped and named.
//!
//! Every question is cut to the reader's own region; asking for another is "not found".

use super::group::{Group, Grouping};
use super::range::Range;
use crate::domain::access::Scope;
use crate::domain::figures::FigureRow;
use crate::domain::regions::RegionCode;
use crate::store::figures::{self, Basis, Behind, Question, Sums};
use crate::store::{Session, StoreError, broadcasts, goods, households, people};
use crate::web::context::Ctx;
use crate::web::names::{Names, stream_label};
use crate::web::session::family_name;
use rustc_hash::FxHashMap;

/// Which lines a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Red streams only.
    Headline,
    Everything,
}

/// A question about a region in a range.
pub fn question(grouping: figures::Grouping, range: Range, region: RegionCode, counted: Counted) -> Question {
    Question {
        basis: Basis::Event,
        range: figures::Range { from: range.from, to: range.to },
        region,
        grouping,
        headline_only: counted == Counted::Headline,
        by_month: false,
        only: None,
        households: true,
        counts: true,
    }
}

/// A group's figures.
pub fn row(sums: &Sums) -> FigureRow {
    FigureRow::from_sums(&sums.amounts, sums.counts, sums.households)
}

/// The one row of a question without groups.
pub async fn total(session: &mut Session, question: &Question) -> Result<FigureRow, StoreError> {
    let sums = figures::sums(session, question).await?;
    let nothing = || FigureRow { baseline_coverage_bp: crate::domain::money::BP, ..FigureRow::default() };
    Ok(sums.first().map_or_else(nothing, row))
}

/// The households behind everything a range counts.
pub async fn behind_all(
    session: &mut Session,
    range: Range,
    region: RegionCode,
    counted: Counted,
) -> Result<Behind, StoreError> {
    let question = question(figures::Grouping::Total, range, region, counted);
    Ok(figures::behind(session, &question).await?.pop().unwrap_or_default())
}

/// The households behind each group's amounts, by its key; '' is what belongs to none.
pub async fn behind(
    session: &mut Session,
    grouping: figures::Grouping,
    range: Range,
    region: RegionCode,
    counted: Counted,
) -> Result<FxHashMap<String, Behind>, StoreError> {
    Ok(by_key(figures::behind(session, &question(grouping, range, region, counted)).await?))
}

/// Households behind groups, by the groups' keys.
pub fn by_key(behind: Vec<Behind>) -> FxHashMap<String, Behind> {
    behind.into_iter().map(|behind| (behind.key.clone(), behind)).collect()
}

/// The region asked for, where it lies in the reader's.
pub fn within(scope: Scope, code: &str) -> Option<RegionCode> {
    RegionCode::parse(code).filter(|region| region.within(scope.region()))
}

/// The groups of a table, with their names, largest uplift first, what belongs to none last; `households` says whether
/// the households of each are counted.
pub async fn groups(
    session: &mut Session,
    (grouping, households): (Grouping, bool),
    range: Range,
    region: RegionCode,
    ctx: &Ctx,
) -> Result<Vec<Group>, StoreError> {
    let question = question(grouping.stored(), range, region, Counted::Everything);
    let question = Question { households, counts: false, ..question };
    let sums = figures::sums(session, &question).await?;
    let mut groups: Vec<Group> = sums.iter().map(|s| group(&s.key, &row(s))).filter(|g| !g.is_empty()).collect();
    if grouping == Grouping::Month {
        groups.sort_by(|a, b| b.key.cmp(&a.key));
    } else {
        groups.sort_by(|a, b| (a.key.is_none(), -a.uplift_fen, &a.key).cmp(&(b.key.is_none(), -b.uplift_fen, &b.key)));
    }
    name(session, grouping, groups, ctx).await
}

/// A group and its figures.
pub fn group(key: &str, row: &FigureRow) -> Group {
    Group {
        key: (!key.is_empty()).then(|| key.to_owned()),
        label: key.to_owned(),
        gmv_fen: row.gmv_fen,
        income_fen: row.farmer_income_fen,
        uplift_fen: row.uplift_fen,
        households: row.households,
        coverage_bp: row.baseline_coverage_bp,
    }
}

/// Gives groups their names; streams and households are named by [`name_page`] when their page is known.
pub async fn name(
    session: &mut Session,
    grouping: Grouping,
    mut groups: Vec<Group>,
    ctx: &Ctx,
) -> Result<Vec<Group>, StoreError> {
    let names: FxHashMap<String, String> = match grouping {
        Grouping::Town | Grouping::Village => {
            let names = Names::of_regions(session).await?;
            groups.iter().filter_map(|g| g.key.clone()).map(|key| (key.clone(), names.of(&key))).collect()
        }
        Grouping::Product => goods::list_products(session)
            .await?
            .iter()
            .map(|p| (p.product_id.to_string(), ctx.name(&p.name, &p.name_en).to_owned()))
            .collect(),
        Grouping::Room => {
            people::list_rooms(session).await?.into_iter().map(|r| (r.room_id.to_string(), r.name)).collect()
        }
        Grouping::Anchor => {
            people::list_anchors(session).await?.into_iter().map(|a| (a.anchor_id.to_string(), a.name)).collect()
        }
        Grouping::Stream | Grouping::Farmer | Grouping::Month => FxHashMap::default(),
    };
    relabel(&mut groups, &names);
    Ok(groups)
}

/// The name of one group.
pub async fn name_of(session: &mut Session, grouping: Grouping, id: i64, ctx: &Ctx) -> Result<String, StoreError> {
    let key = id.to_string();
    let one = vec![group(&key, &FigureRow::default())];
    let mut named = name(session, grouping, one, ctx).await?;
    name_page(session, grouping, &mut named).await?;
    Ok(named.pop().map(|group| group.label).unwrap_or(key))
}

/// Names the streams or households of one page.
pub async fn name_page(session: &mut Session, grouping: Grouping, groups: &mut [Group]) -> Result<(), StoreError> {
    let ids: Vec<i64> = groups.iter().filter_map(|g| g.key.as_deref()?.parse().ok()).collect();
    let names: FxHashMap<String, String> = match grouping {
        Grouping::Stream => broadcasts::list_named(session, &ids)
            .await?
            .iter()
            .map(|s| (s.stream_id.to_string(), stream_label(s)))
            .collect(),
        Grouping::Farmer => households::list_names(session, &ids)
            .await?
            .iter()
            .map(|f| (f.farmer_id.to_string(), family_name(&f.name)))
            .collect(),
        _ => return Ok(()),
    };
    relabel(groups, &names);
    Ok(())
}

fn relabel(groups: &mut [Group], names: &FxHashMap<String, String>) {
    for group in groups {
        if let Some(name) = group.key.as_ref().and_then(|key| names.get(key)) {
            group.label.clone_from(name);
        }
    }
}
