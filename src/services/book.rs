//! Loading the county's dated knowledge for a span of pay days: terms, supply, baselines, categories, locks, goods,
//! streams.
//!
//! Loaded once a chunk of orders and handed to pure code; its size is that of the county's price book for the span, not
//! of its sales.

use crate::domain::attribution::Stage;
use crate::domain::calendar::Day;
use crate::domain::ledger::book::{Baseline, Book, Category, LossBearer, Model, Share, Terms, Version};
use crate::domain::ledger::facts::Listing;
use crate::domain::regions::RegionCode;
use crate::store::goods::{MappingRow, Sku, SupplyRow, TermsRow};
use crate::store::rows::{known, region};
use crate::store::{Session, StoreError, goods, ledger, lots, people, prices, streams};
use chrono::TimeDelta;
use rustc_hash::FxHashMap;

/// What positions of a span of pay days are computed with.
#[derive(Debug, Default)]
pub struct Knowledge {
    pub book: Book,
    pub goods: Goods,
    pub streams: Streams,
}

/// Which listing a SKU is.
#[derive(Debug, Default)]
pub struct Goods {
    by_sku: FxHashMap<i64, Listing>,
}

impl Goods {
    /// Reads SKUs, mappings and listings.
    pub async fn load(session: &mut Session) -> Result<Self, StoreError> {
        let skus = goods::list_skus(session).await?;
        let mappings = goods::list_mappings(session).await?;
        let listings = goods::list_listings(session).await?;
        let products: FxHashMap<i64, i64> = listings.iter().map(|l| (l.listing_id, l.product_id)).collect();
        Ok(Self { by_sku: resolve(&skus, &mappings, &products) })
    }

    /// The SKUs of listings that are wanted.
    pub fn skus_of(&self, wanted: impl Fn(i64) -> bool) -> Vec<i64> {
        self.by_sku.iter().filter(|(_, listing)| wanted(listing.listing_id)).map(|(&sku_id, _)| sku_id).collect()
    }

    /// The listing of a SKU, if it is mapped.
    pub fn listing(&self, sku_id: i64) -> Option<Listing> {
        self.by_sku.get(&sku_id).copied()
    }
}

/// The newest mapping of the SKU itself, else of its product.
fn resolve(skus: &[Sku], mappings: &[MappingRow], products: &FxHashMap<i64, i64>) -> FxHashMap<i64, Listing> {
    let newest: FxHashMap<(i64, &str, &str), i64> =
        mappings.iter().map(|m| ((m.shop_id, m.product_no.as_str(), m.sku_no.as_str()), m.listing_id)).collect();
    skus.iter()
        .filter_map(|sku| {
            let listing_id = newest
                .get(&(sku.shop_id, sku.product_no.as_str(), sku.sku_no.as_str()))
                .or_else(|| newest.get(&(sku.shop_id, sku.product_no.as_str(), "")))?;
            let product_id = *products.get(listing_id)?;
            Some((sku.sku_id, Listing { listing_id: *listing_id, product_id }))
        })
        .collect()
}

/// Streams of a span, and where their anchors stood.
#[derive(Debug, Default)]
pub struct Streams {
    by_id: FxHashMap<i64, StreamPlace>,
    stages: Vec<(i64, Day, Stage)>,
}

/// Where and by whom a stream was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamPlace {
    pub room_id: i64,
    pub anchor_id: i64,
    pub started_on: Day,
}

impl Streams {
    /// Reads the streams that may have sold on the days of a span.
    pub async fn load(session: &mut Session, from: Day, to: Day) -> Result<Self, StoreError> {
        let rows = streams::list_between(session, from - TimeDelta::days(3), to + TimeDelta::days(1)).await?;
        let stages = people::list_stages(session)
            .await?
            .into_iter()
            .map(|s| Ok((s.anchor_id, s.from_on, known(&s.stage, Stage::parse)?)))
            .collect::<Result<_, StoreError>>()?;
        let mut streams = Self { by_id: FxHashMap::default(), stages };
        streams.add(&rows);
        Ok(streams)
    }

    /// Adds streams from outside the span: a person may give a line to any.
    pub fn add(&mut self, rows: &[streams::Stream]) {
        self.by_id.extend(rows.iter().map(|s| {
            (s.stream_id, StreamPlace { room_id: s.room_id, anchor_id: s.anchor_id, started_on: s.started_on })
        }));
    }

    /// A stream of the span.
    pub fn find(&self, stream_id: i64) -> Option<StreamPlace> {
        self.by_id.get(&stream_id).copied()
    }

    /// Where an anchor stood on a day.
    pub fn stage(&self, anchor_id: i64, on: Day) -> Option<Stage> {
        // sorted by anchor and day
        self.stages
            .iter()
            .filter(|(id, from, _)| *id == anchor_id && *from <= on)
            .map(|(_, _, stage)| *stage)
            .next_back()
    }
}

impl Knowledge {
    /// Reads everything positions of lines paid in the span may need.
    pub async fn load(session: &mut Session, from: Day, to: Day) -> Result<Self, StoreError> {
        Ok(Self {
            book: load_book(session, from, to).await?,
            goods: Goods::load(session).await?,
            streams: Streams::load(session, from, to).await?,
        })
    }
}

/// Reads the dated versions of a span.
pub async fn load_book(session: &mut Session, from: Day, to: Day) -> Result<Book, StoreError> {
    let mut book = Book { county: Some(session.scope().county()), ..Book::default() };
    for row in goods::list_terms(session, from).await? {
        let version = terms_version(&row)?;
        book.terms.entry(row.listing_id).or_default().push(version);
    }
    let villages = villages(session).await?;
    for row in goods::list_supply(session, from, to).await? {
        add_supply(&mut book, &row, &villages)?;
    }
    // goods may have left the farmer before they were paid for, and of a pre-sale after it
    let (first, last) = lots::intake_days(session).await?.unwrap_or((from, to));
    for row in prices::list_baselines(session, first.min(from - TimeDelta::days(400)), last.max(to)).await? {
        book.baselines.entry(row.product_id).or_default().push(Version {
            version_id: row.baseline_id,
            batch_id: row.batch_id,
            valid_from: row.valid_from,
            valid_to: Some(row.valid_to),
            value: Baseline {
                region: region(&row.region_code)?,
                low_fen_per_kg: row.low_fen_per_kg,
                mid_fen_per_kg: row.mid_fen_per_kg,
                high_fen_per_kg: row.high_fen_per_kg,
            },
        });
    }
    for row in people::list_categories(session).await? {
        book.categories.entry(row.farmer_id).or_default().push(Version {
            version_id: row.version_id,
            batch_id: row.batch_id,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            value: known(&row.category, Category::parse)?,
        });
    }
    book.locks = ledger::list_locks(session).await?.into_iter().map(|l| (l.month, l.batch_id)).collect();
    Ok(book)
}

async fn villages(session: &mut Session) -> Result<FxHashMap<i64, RegionCode>, StoreError> {
    Ok(people::list_homes(session).await?.into_iter().map(|h| (h.farmer_id, h.village_code)).collect())
}

/// Rows of one version stand together, so a version is complete when its last row is added. One whose goods come from
/// lots has no shares: its households are in its lines' draws.
fn add_supply(book: &mut Book, row: &SupplyRow, villages: &FxHashMap<i64, RegionCode>) -> Result<(), StoreError> {
    let share = if row.is_from_lots() {
        None
    } else {
        let village_code = *villages
            .get(&row.farmer_id)
            .ok_or_else(|| StoreError::UnknownValue(format!("household {} of a supply", row.farmer_id)))?;
        Some(Share { farmer_id: row.farmer_id, village_code, share_bp: row.share_bp })
    };
    let versions = book.supply.entry(row.listing_id).or_default();
    match versions.last_mut() {
        Some(last) if last.version_id == row.version_id => last.value.extend(share),
        _ => versions.push(Version {
            version_id: row.version_id,
            batch_id: row.batch_id,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            value: share.into_iter().collect(),
        }),
    }
    Ok(())
}

/// Terms as stored, as the ledger reads them.
pub fn terms_version(row: &TermsRow) -> Result<Version<Terms>, StoreError> {
    let model = match row.model.as_str() {
        "consignment" => Model::Consignment,
        "share" => Model::Share,
        "purchase" => Model::Purchase,
        other => return Err(StoreError::UnknownValue(format!("income model {other:?}"))),
    };
    let loss_borne_by = match row.loss_borne_by.as_str() {
        "operator" => LossBearer::Operator,
        "farmer" => LossBearer::Farmer,
        other => return Err(StoreError::UnknownValue(format!("loss bearer {other:?}"))),
    };
    Ok(Version {
        version_id: row.version_id,
        batch_id: row.batch_id,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        value: Terms {
            model,
            platform_bp: row.platform_bp,
            anchor_bp: row.anchor_bp,
            operator_bp: row.operator_bp,
            village_bp: row.village_bp,
            share_bp: row.share_bp,
            purchase_fen_per_kg: row.purchase_fen_per_kg,
            freight_fen: row.freight_fen,
            packaging_fen: row.packaging_fen,
            pack_g: row.pack_g,
            shrink_bp: row.shrink_bp,
            conversion_bp: row.conversion_bp,
            extra_cost_fen_per_kg: row.extra_cost_fen_per_kg,
            loss_borne_by,
        },
    })
}
