//! The one place numbers are asked for: pages, the command line and reports all take their figures here.
//!
//! A request names a range, a region, a grouping and a basis; the answer is one row a group with its label, sorted by
//! key, and the total, which is asked for by itself because orders and households cannot be added up.

use crate::domain::amounts::Amounts;
use crate::domain::calendar::Instant;
use crate::domain::figures::{Counts, FigureRow};
use crate::domain::ledger::facts::Class;
use crate::domain::regions::RegionCode;
use crate::platforms::Platform;
use crate::store::figures::{self, Basis, Grouping, Question, Range, Sums};
use crate::store::{Session, StoreError, counties, goods, people, streams};
use rustc_hash::FxHashMap;

/// What figures are grouped by, as people ask: the store's groupings, and platforms made of shops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Store(Grouping),
    Platform,
}

/// Names of groupings as typed and printed.
const BY: [(&str, By); 14] = [
    ("total", By::Store(Grouping::Total)),
    ("month", By::Store(Grouping::Month)),
    ("day", By::Store(Grouping::Day)),
    ("town", By::Store(Grouping::Town)),
    ("village", By::Store(Grouping::Village)),
    ("product", By::Store(Grouping::Product)),
    ("listing", By::Store(Grouping::Listing)),
    ("room", By::Store(Grouping::Room)),
    ("anchor", By::Store(Grouping::Anchor)),
    ("stream", By::Store(Grouping::Stream)),
    ("farmer", By::Store(Grouping::Farmer)),
    ("shop", By::Store(Grouping::Shop)),
    ("platform", By::Platform),
    ("class", By::Store(Grouping::Class)),
];

impl By {
    /// Reads a grouping's name.
    pub fn parse(name: &str) -> Option<Self> {
        BY.iter().find(|(key, _)| *key == name).map(|(_, by)| *by)
    }

    /// Its name.
    pub fn key(self) -> &'static str {
        BY.iter().find(|(_, by)| *by == self).map_or("total", |(key, _)| key)
    }

    fn grouping(self) -> Grouping {
        match self {
            Self::Store(grouping) => grouping,
            Self::Platform => Grouping::Shop,
        }
    }
}

/// A request for figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    pub region: RegionCode,
    pub range: Range,
    pub by: By,
    pub basis: Basis,
    /// Only what the headline counts: red and supervised streams.
    pub headline_only: bool,
    /// Only one group of the grouping, by row id.
    pub only: Option<i64>,
    /// Whether households are counted; a page that does not show them need not wait for them.
    pub households: bool,
}

impl Request {
    /// Everything there is in a region, by event day.
    pub fn all(region: RegionCode, grouping: Grouping) -> Self {
        Self {
            region,
            range: Range::default(),
            by: By::Store(grouping),
            basis: Basis::Event,
            headline_only: false,
            only: None,
            households: true,
        }
    }

    fn question(&self, grouping: Grouping) -> Question {
        Question {
            basis: self.basis,
            range: self.range,
            region: self.region,
            grouping,
            headline_only: self.headline_only,
            by_month: false,
            only: self.only,
            households: self.households,
            counts: true,
        }
    }
}

/// One group's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `None` is what belongs to no group.
    pub key: Option<String>,
    pub label: String,
    pub figures: FigureRow,
}

/// The figures of every group that has a number other than zero, sorted by key, what has none last.
pub async fn rows(session: &mut Session, request: &Request) -> Result<Vec<Row>, StoreError> {
    let sums = figures::sums(session, &request.question(request.by.grouping())).await?;
    let shops = goods::list_shops(session).await?;
    let mut rows: Vec<Row> = match request.by {
        By::Platform => by_platform(session, request, &sums, &shops).await?,
        By::Store(grouping) => {
            let labels = labels(session, grouping, request, &shops).await?;
            sums.iter().map(|s| row(group_key(grouping, &s.key, &shops), &s.key, &labels, s)).collect()
        }
    };
    rows.retain(|row| !row.figures.is_empty());
    rows.sort_by(|a, b| (a.key.is_none(), &a.key).cmp(&(b.key.is_none(), &b.key)));
    Ok(rows)
}

/// The figures of everything a request is about.
pub async fn total(session: &mut Session, request: &Request) -> Result<FigureRow, StoreError> {
    let sums = figures::sums(session, &request.question(Grouping::Total)).await?;
    let empty = || FigureRow::from_sums(&Amounts::ZERO, Counts::ZERO, 0);
    Ok(sums.first().map_or_else(empty, figures_of))
}

/// The earliest instant up to which all shops are complete; `None` without data.
pub async fn as_of(session: &mut Session) -> Result<Option<Instant>, StoreError> {
    Ok(goods::list_known_to(session).await?.into_iter().flatten().min())
}

fn figures_of(sums: &Sums) -> FigureRow {
    FigureRow::from_sums(&sums.amounts, sums.counts, sums.households)
}

fn row(key: Option<String>, id: &str, labels: &FxHashMap<String, String>, sums: &Sums) -> Row {
    let label = labels.get(id).cloned().or_else(|| key.clone()).unwrap_or_default();
    Row { key, label, figures: figures_of(sums) }
}

/// The key people see: a shop's own key for its row id, everything else as it is stored.
fn group_key(grouping: Grouping, id: &str, shops: &[goods::Shop]) -> Option<String> {
    match grouping {
        Grouping::Total => Some("total".to_owned()),
        Grouping::Shop => shops.iter().find(|s| s.shop_id.to_string() == id).map(|s| s.shop_key.clone()),
        _ if id.is_empty() => None,
        _ => Some(id.to_owned()),
    }
}

/// An order belongs to one shop and a shop to one platform, so all but households can be added up; those are recounted
/// by asking for the shops' farmers.
async fn by_platform(
    session: &mut Session,
    request: &Request,
    sums: &[Sums],
    shops: &[goods::Shop],
) -> Result<Vec<Row>, StoreError> {
    let households = figures::households_of_shops(session, &request.question(Grouping::Shop)).await?;
    let mut rows: Vec<Row> = Vec::new();
    for platform in Platform::ALL {
        let own: Vec<String> =
            shops.iter().filter(|s| s.platform == platform.key()).map(|s| s.shop_id.to_string()).collect();
        let mut total = Sums::empty(String::new());
        for of_shop in sums.iter().filter(|s| own.contains(&s.key)) {
            total.amounts += of_shop.amounts;
            total.counts += of_shop.counts;
        }
        let mut settled: FxHashMap<i64, i64> = FxHashMap::default();
        for (_, farmer_id, net_fen) in households.iter().filter(|(shop, ..)| own.contains(shop)) {
            *settled.entry(*farmer_id).or_default() += net_fen;
        }
        total.households = i64::try_from(settled.values().filter(|&&net| net > 0).count()).expect("few households");
        let key = Some(platform.key().to_owned());
        rows.push(Row { key, label: platform.name().to_owned(), figures: figures_of(&total) });
    }
    Ok(rows)
}

/// What each group is called, by the key it is stored under. Households are 陈* and their village.
async fn labels(
    session: &mut Session,
    grouping: Grouping,
    request: &Request,
    shops: &[goods::Shop],
) -> Result<FxHashMap<String, String>, StoreError> {
    Ok(match grouping {
        Grouping::Total => [(String::new(), "total".to_owned())].into_iter().collect(),
        Grouping::Month | Grouping::Day => FxHashMap::default(),
        Grouping::Town | Grouping::Village => counties::region_names(session).await?.into_iter().collect(),
        Grouping::Product => {
            goods::list_products(session).await?.into_iter().map(|p| (p.product_id.to_string(), p.name)).collect()
        }
        Grouping::Listing => {
            goods::list_listings(session).await?.into_iter().map(|l| (l.listing_id.to_string(), l.name)).collect()
        }
        Grouping::Room => {
            people::list_rooms(session).await?.into_iter().map(|r| (r.room_id.to_string(), r.name)).collect()
        }
        Grouping::Anchor => {
            people::list_anchors(session).await?.into_iter().map(|a| (a.anchor_id.to_string(), a.name)).collect()
        }
        Grouping::Stream => stream_labels(session, request).await?,
        Grouping::Farmer => farmer_labels(session).await?,
        Grouping::Shop => shops.iter().map(|s| (s.shop_id.to_string(), s.name.clone())).collect(),
        Grouping::Class => Class::ALL.iter().map(|c| (c.key().to_owned(), c.key().to_owned())).collect(),
    })
}

async fn stream_labels(session: &mut Session, request: &Request) -> Result<FxHashMap<String, String>, StoreError> {
    // sales settle weeks after their stream, so the streams of a range's figures start before it
    let range = Range { from: None, to: request.range.to };
    let (from, to) = range.ends();
    let anchors: FxHashMap<i64, String> =
        people::list_anchors(session).await?.into_iter().map(|a| (a.anchor_id, a.name)).collect();
    Ok(streams::list_between(session, from, to)
        .await?
        .into_iter()
        .map(|s| {
            let name = anchors.get(&s.anchor_id).map_or("", String::as_str);
            (s.stream_id.to_string(), format!("{} {name}", crate::domain::calendar::clock_text(s.starts_at)))
        })
        .collect())
}

async fn farmer_labels(session: &mut Session) -> Result<FxHashMap<String, String>, StoreError> {
    let villages: FxHashMap<String, String> = counties::region_names(session).await?.into_iter().collect();
    Ok(people::list_farmers(session)
        .await?
        .into_iter()
        .map(|f| {
            (
                f.farmer_id.to_string(),
                household_label(&f.name, villages.get(&f.village_code).map_or("", String::as_str)),
            )
        })
        .collect())
}

/// A household as shown outside its own page: 陈* and its village.
pub fn household_label(name: &str, village: &str) -> String {
    let family: String = name.chars().take(1).collect();
    format!("{family}* {village}")
}
