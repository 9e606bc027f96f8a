//! Operators, shops, products, listings, their terms and supply, and which SKU is which listing.

use super::bulk::{Bulk, listed};
use super::keys::keyed;
use super::packed::{Packed, Unpacked, packed, read_packed};
use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use crate::domain::ledger::book::BatchId;
use sqlx::{AssertSqlSafe, FromRow};

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Operator {
    pub operator_id: i64,
    pub operator_key: String,
    pub name: String,
    pub phone: String,
    pub pays_on_day: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Shop {
    pub shop_id: i64,
    pub shop_key: String,
    pub platform: String,
    pub platform_shop_id: String,
    pub name: String,
    pub operator_id: i64,
    pub known_to_at: Option<Instant>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Product {
    pub product_id: i64,
    pub product_key: String,
    pub name: String,
    pub name_en: String,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Listing {
    pub listing_id: i64,
    pub listing_key: String,
    pub product_id: i64,
    pub name: String,
    pub price_fen: i64,
}

keyed!(Operator, Operator, operator_id, operator_key, "operator_id, operator_key, name, phone, pays_on_day");
keyed!(Shop, Shop, shop_id, shop_key, "shop_id, shop_key, platform, platform_shop_id, name, operator_id, known_to_at");
keyed!(Product, Product, product_id, product_key, "product_id, product_key, name, name_en");
keyed!(Listing, Listing, listing_id, listing_key, "listing_id, listing_key, product_id, name, price_fen");

/// A version of a listing's terms as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TermsRow {
    pub listing_id: i64,
    pub version_id: i64,
    pub batch_id: i64,
    pub valid_from: Day,
    pub valid_to: Option<Day>,
    pub model: String,
    pub platform_bp: i64,
    pub anchor_bp: i64,
    pub operator_bp: i64,
    pub village_bp: i64,
    pub share_bp: i64,
    pub purchase_fen_per_kg: i64,
    pub freight_fen: i64,
    pub packaging_fen: i64,
    pub pack_g: i64,
    pub shrink_bp: i64,
    pub conversion_bp: i64,
    pub extra_cost_fen_per_kg: i64,
    pub loss_borne_by: String,
    pub volume: String,
}

/// One household's row of a version of a listing's supply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplyRow {
    pub listing_id: i64,
    pub version_id: i64,
    pub farmer_id: i64,
    pub batch_id: i64,
    pub valid_from: Day,
    pub valid_to: Option<Day>,
    pub share_bp: i64,
}

impl SupplyRow {
    /// The one row of a version whose goods come from lots: it names nobody.
    pub fn from_lots(listing_id: i64, version_id: i64, valid_from: Day, valid_to: Option<Day>) -> Self {
        Self { listing_id, version_id, farmer_id: 0, batch_id: 0, valid_from, valid_to, share_bp: 0 }
    }

    pub fn is_from_lots(&self) -> bool {
        self.farmer_id == 0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct MappingRow {
    pub mapping_id: i64,
    pub batch_id: i64,
    pub shop_id: i64,
    pub product_no: String,
    pub sku_no: String,
    pub listing_id: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ShopSetting {
    pub shop_id: i64,
    pub version_id: i64,
    pub batch_id: i64,
    pub valid_from: Day,
    pub settled_after_days: i64,
}

/// A SKU as the platform names it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Sku {
    pub sku_id: i64,
    pub shop_id: i64,
    pub product_no: String,
    pub sku_no: String,
    pub title: String,
}

pub async fn upsert_operators(session: &mut Session, rows: &[Operator]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into operator (county_code, operator_id, operator_key, name, phone, pays_on_day) ",
        rows,
        " on conflict (county_code, operator_id) do update set name = excluded.name, phone = excluded.phone,
          pays_on_day = excluded.pays_on_day",
        |b, r| {
            b.push_bind(r.operator_id)
                .push_bind(r.operator_key.as_str())
                .push_bind(r.name.as_str())
                .push_bind(r.phone.as_str())
                .push_bind(r.pays_on_day);
        }
    );
    Ok(())
}

/// All operators, by their key.
pub async fn list_operators(session: &mut Session) -> Result<Vec<Operator>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<Operator> = on!(session, conn => sqlx::query_as(
        "select operator_id, operator_key, name, phone, pays_on_day from operator where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_by(|a, b| a.operator_key.cmp(&b.operator_key));
    Ok(rows)
}

pub async fn upsert_shops(session: &mut Session, rows: &[Shop]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into shop (county_code, shop_id, shop_key, platform, platform_shop_id, name, operator_id) ",
        rows,
        " on conflict (county_code, shop_id) do update set platform_shop_id = excluded.platform_shop_id,
          name = excluded.name, operator_id = excluded.operator_id",
        |b, r| {
            b.push_bind(r.shop_id)
                .push_bind(r.shop_key.as_str())
                .push_bind(r.platform.as_str())
                .push_bind(r.platform_shop_id.as_str())
                .push_bind(r.name.as_str())
                .push_bind(r.operator_id);
        }
    );
    let routed: Vec<&Shop> = rows.iter().filter(|r| !r.platform_shop_id.is_empty()).collect();
    insert_rows!(
        session,
        "insert into shop_route (county_code, platform, platform_shop_id) ",
        routed,
        " on conflict (platform, platform_shop_id) do nothing",
        |b, r| {
            b.push_bind(r.platform.as_str()).push_bind(r.platform_shop_id.as_str());
        }
    );
    Ok(())
}

pub async fn list_shops(session: &mut Session) -> Result<Vec<Shop>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut shops = on!(session, conn => sqlx::query_as::<_, Shop>(
        "select shop_id, shop_key, platform, platform_shop_id, name, operator_id, known_to_at from shop
         where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    shops.sort_by(|a, b| a.shop_key.cmp(&b.shop_key));
    Ok(shops)
}

/// How far each shop is known: the same for every reader.
pub async fn list_known_to(session: &mut Session) -> Result<Vec<Option<Instant>>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar("select known_to_at from shop where county_code = $1").bind(county)
        .fetch_all(conn).await)?)
}

pub async fn find_shop(session: &mut Session, shop_key: &str) -> Result<Option<Shop>, StoreError> {
    session.hold_to_county()?;
    Ok(list_shops(session).await?.into_iter().find(|s| s.shop_key == shop_key))
}

/// Moves the instant up to which a shop's figures are complete; never back.
pub async fn set_known_to(work: &mut Work, shop_id: i64, at: Instant) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "update shop set known_to_at = $3 where county_code = $1 and shop_id = $2
         and (known_to_at is null or known_to_at < $3)"
    ).bind(county).bind(shop_id).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

pub async fn insert_shop_settings(work: &mut Work, rows: &[ShopSetting]) -> Result<(), StoreError> {
    let batch_id = work.batch_id;
    insert_rows!(
        work,
        "insert into shop_setting (county_code, shop_id, version_id, batch_id, valid_from, settled_after_days) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.shop_id)
                .push_bind(r.version_id)
                .push_bind(batch_id)
                .push_bind(r.valid_from)
                .push_bind(r.settled_after_days);
        }
    );
    Ok(())
}

/// When sales settle without a statement, by shop: what officials of any region are told under the headline.
pub async fn list_shop_settings(session: &mut Session) -> Result<Vec<ShopSetting>, StoreError> {
    session.hold_to_region()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, ShopSetting>(
        "select shop_id, version_id, batch_id, valid_from, settled_after_days from shop_setting where county_code = $1"
    ).bind(county).fetch_all(conn).await)?)
}

pub async fn upsert_products(session: &mut Session, rows: &[Product]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into product (county_code, product_id, product_key, name, name_en) ",
        rows,
        " on conflict (county_code, product_id) do update set name = excluded.name, name_en = excluded.name_en",
        |b, r| {
            b.push_bind(r.product_id)
                .push_bind(r.product_key.as_str())
                .push_bind(r.name.as_str())
                .push_bind(r.name_en.as_str());
        }
    );
    Ok(())
}

pub async fn list_products(session: &mut Session) -> Result<Vec<Product>, StoreError> {
    session.hold_to_region()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Product>(
        "select product_id, product_key, name, name_en from product where county_code = $1"
    ).bind(county).fetch_all(conn).await)?)
}

/// Inserts listings, or renames and reprices them; a listing never changes product.
pub async fn upsert_listings(session: &mut Session, rows: &[Listing]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into listing (county_code, listing_id, listing_key, product_id, name, price_fen) ",
        rows,
        " on conflict (county_code, listing_id) do update set name = excluded.name, price_fen = excluded.price_fen",
        |b, r| {
            b.push_bind(r.listing_id)
                .push_bind(r.listing_key.as_str())
                .push_bind(r.product_id)
                .push_bind(r.name.as_str())
                .push_bind(r.price_fen);
        }
    );
    Ok(())
}

pub async fn list_listings(session: &mut Session) -> Result<Vec<Listing>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Listing>(
        "select listing_id, listing_key, product_id, name, price_fen from listing where county_code = $1"
    ).bind(county).fetch_all(conn).await)?)
}

const TERMS_COLUMNS: &str = "listing_id, version_id, batch_id, valid_from, valid_to, model, platform_bp, anchor_bp,
    operator_bp, village_bp, share_bp, purchase_fen_per_kg, freight_fen, packaging_fen, pack_g, shrink_bp,
    conversion_bp, extra_cost_fen_per_kg, loss_borne_by, volume";

pub async fn insert_terms(work: &mut Work, rows: &[TermsRow]) -> Result<(), StoreError> {
    let batch_id = work.batch_id;
    insert_rows!(work,
        "insert into listing_terms (county_code, listing_id, version_id, batch_id, valid_from, valid_to, model, platform_bp,
         anchor_bp, operator_bp, village_bp, share_bp, purchase_fen_per_kg, freight_fen, packaging_fen, pack_g, shrink_bp,
         conversion_bp, extra_cost_fen_per_kg, loss_borne_by, volume) ", rows, "", |b, r| {
            b.push_bind(r.listing_id).push_bind(r.version_id).push_bind(batch_id)
                .push_bind(r.valid_from).push_bind(r.valid_to).push_bind(r.model.as_str()).push_bind(r.platform_bp)
                .push_bind(r.anchor_bp).push_bind(r.operator_bp).push_bind(r.village_bp).push_bind(r.share_bp)
                .push_bind(r.purchase_fen_per_kg).push_bind(r.freight_fen).push_bind(r.packaging_fen).push_bind(r.pack_g)
                .push_bind(r.shrink_bp).push_bind(r.conversion_bp).push_bind(r.extra_cost_fen_per_kg)
                .push_bind(r.loss_borne_by.as_str()).push_bind(r.volume.as_str());
        });
    Ok(())
}

/// Terms valid on or after a day.
pub async fn list_terms(session: &mut Session, from: Day) -> Result<Vec<TermsRow>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, TermsRow>(AssertSqlSafe(format!(
        "select {TERMS_COLUMNS} from listing_terms where county_code = $1 and (valid_to is null or valid_to >= $2)"
    ))).bind(county).bind(from).fetch_all(conn).await)?)
}

/// How much produce, in 1/10,000 by weight, goods of a listing count as on a day, by the newest terms known with a batch. Open
/// to every reader: nobody could follow a figure without it.
pub async fn find_conversion(
    session: &mut Session,
    listing_id: i64,
    on: Day,
    known_with: BatchId,
) -> Result<Option<i64>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select conversion_bp from listing_terms where county_code = $1 and listing_id = $2 and valid_from <= $3
            and (valid_to is null or valid_to >= $3) and batch_id <= $4 order by batch_id desc, version_id desc limit 1"
    ).bind(county).bind(listing_id).bind(on).bind(known_with).fetch_optional(conn).await)?)
}

/// All versions of the terms of some listings.
pub async fn list_terms_of(session: &mut Session, listing_ids: &[i64]) -> Result<Vec<TermsRow>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut found = Vec::new();
    for chunk in listed(listing_ids) {
        found.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(format!(
                "select {TERMS_COLUMNS} from listing_terms where county_code = "));
            builder.push_bind(county.clone()).push(" and listing_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<TermsRow>().fetch_all(conn).await
        })?);
    }
    Ok(found)
}

pub async fn insert_supply(work: &mut Work, rows: &[SupplyRow]) -> Result<(), StoreError> {
    let batch_id = work.batch_id;
    insert_rows!(
        work,
        "insert into listing_supply (county_code, listing_id, version_id, farmer_id, batch_id, valid_from, valid_to, share_bp) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.listing_id)
                .push_bind(r.version_id)
                .push_bind(r.farmer_id)
                .push_bind(batch_id)
                .push_bind(r.valid_from)
                .push_bind(r.valid_to)
                .push_bind(r.share_bp);
        }
    );
    Ok(())
}

impl Packed for SupplyRow {
    fn columns() -> String {
        packed!(
            "s.listing_id", "s.version_id", "s.farmer_id", "s.batch_id", "s.valid_from", "s.share_bp"; "s.valid_to"
        )
        .to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            listing_id: of.number()?,
            version_id: of.number()?,
            farmer_id: of.number()?,
            batch_id: of.number()?,
            valid_from: of.day()?,
            share_bp: of.number()?,
            valid_to: of.optional_day()?,
        })
    }
}

/// Supply valid on some day of a span, by listing, version, farmer.
pub async fn list_supply(session: &mut Session, from: Day, to: Day) -> Result<Vec<SupplyRow>, StoreError> {
    session.hold_to_county()?;
    let valid = "from listing_supply s where s.county_code = $1 and (s.valid_to is null or s.valid_to >= $2)
         and s.valid_from <= $3";
    let mut rows = read_packed!(session, SupplyRow, valid, from, to)?;
    rows.sort_by_key(|r| (r.listing_id, r.version_id, r.farmer_id));
    Ok(rows)
}

/// Supply that starts on a day of a span, by listing, version, farmer: for a document that names those days.
pub async fn list_supply_starting(session: &mut Session, from: Day, to: Day) -> Result<Vec<SupplyRow>, StoreError> {
    session.hold_to_county()?;
    let starting = "from listing_supply s where s.county_code = $1 and s.valid_from >= $2 and s.valid_from <= $3";
    let mut rows = read_packed!(session, SupplyRow, starting, from, to)?;
    rows.sort_by_key(|r| (r.listing_id, r.version_id, r.farmer_id));
    Ok(rows)
}

pub async fn insert_mappings(work: &mut Work, rows: &[MappingRow]) -> Result<(), StoreError> {
    let batch_id = work.batch_id;
    insert_rows!(
        work,
        "insert into sku_mapping (county_code, mapping_id, batch_id, shop_id, product_no, sku_no, listing_id) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.mapping_id)
                .push_bind(batch_id)
                .push_bind(r.shop_id)
                .push_bind(r.product_no.as_str())
                .push_bind(r.sku_no.as_str())
                .push_bind(r.listing_id);
        }
    );
    Ok(())
}

/// All mappings, oldest first: a later one of the same SKU counts.
pub async fn list_mappings(session: &mut Session) -> Result<Vec<MappingRow>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, MappingRow>(
        "select mapping_id, batch_id, shop_id, product_no, sku_no, listing_id from sku_mapping where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|r| r.mapping_id);
    Ok(rows)
}

pub async fn insert_skus(session: &mut Session, rows: &[Sku]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into shop_sku (county_code, sku_id, shop_id, product_no, sku_no, title) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.sku_id)
                .push_bind(r.shop_id)
                .push_bind(r.product_no.as_str())
                .push_bind(r.sku_no.as_str())
                .push_bind(r.title.as_str());
        }
    );
    Ok(())
}

pub async fn list_skus(session: &mut Session) -> Result<Vec<Sku>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Sku>(
        "select sku_id, shop_id, product_no, sku_no, title from shop_sku where county_code = $1"
    ).bind(county).fetch_all(conn).await)?)
}

/// Records of all shops that could not be understood and wait for a person.
pub async fn count_set_aside(session: &mut Session) -> Result<i64, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar("select count(*) from quarantine where county_code = $1")
        .bind(county).fetch_one(conn).await)?)
}
