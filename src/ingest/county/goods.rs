//! Writing operators, shops, products, listings with their terms and supply, and mappings.

use super::Import;
use super::named::{or_known, settle};
use super::versions::{SupplyVersion, news};
use crate::domain::calendar::day_of;
use crate::domain::county::{ListingDoc, MappingDoc, OperatorDoc, ProductDoc, ShopDoc, SupplyDoc, TermsDoc};
use crate::domain::doubles::Households;
use crate::store::StoreError;
use crate::store::doubles;
use crate::store::faces;
use crate::store::facts::Of;
use crate::store::goods::{self, Listing, MappingRow, Operator, Product, Shop, ShopSetting, SupplyRow, TermsRow};
use crate::store::keys::Noun;

impl Import<'_> {
    pub(super) async fn operators(&mut self, docs: &[OperatorDoc]) -> Result<(), StoreError> {
        let wanted = docs
            .iter()
            .map(|doc| Operator {
                operator_id: 0,
                operator_key: doc.key.clone(),
                name: doc.name.clone(),
                phone: doc.phone.clone().unwrap_or_default(),
                pays_on_day: doc.pays_on_day.map_or(0, i64::from),
            })
            .collect();
        let keep = |row: &mut Operator, known: &Operator| {
            or_known(&mut row.phone, &known.phone);
            if row.pays_on_day == 0 {
                row.pays_on_day = known.pays_on_day;
            }
        };
        let settled = settle(self.work, &mut self.names, wanted, keep).await?;
        goods::upsert_operators(self.work, &settled.rows).await?;
        self.settled("operators", &settled);
        Ok(())
    }

    pub(super) async fn shops(&mut self, docs: &[ShopDoc]) -> Result<(), StoreError> {
        let wanted = docs
            .iter()
            .map(|doc| Shop {
                shop_id: 0,
                shop_key: doc.key.clone(),
                platform: doc.platform.clone(),
                platform_shop_id: doc.platform_shop_id.clone().unwrap_or_default(),
                name: doc.name.clone(),
                operator_id: doc.operator.as_deref().map_or(0, |key| self.names.id(Noun::Operator, key)),
                known_to_at: None,
            })
            .collect();
        let keep = |row: &mut Shop, known: &Shop| {
            or_known(&mut row.platform_shop_id, &known.platform_shop_id);
            if row.operator_id == 0 {
                row.operator_id = known.operator_id;
            }
            row.known_to_at = known.known_to_at;
        };
        let settled = settle(self.work, &mut self.names, wanted, keep).await?;
        goods::upsert_shops(self.work, &settled.rows).await?;
        self.settled("shops", &settled);
        self.shop_settings(docs).await
    }

    async fn shop_settings(&mut self, docs: &[ShopDoc]) -> Result<(), StoreError> {
        let wanted: Vec<ShopSetting> = docs
            .iter()
            .filter_map(|doc| {
                Some(ShopSetting {
                    shop_id: self.names.id(Noun::Shop, &doc.key),
                    version_id: 0,
                    batch_id: 0,
                    valid_from: day_of(self.work.at),
                    settled_after_days: doc.settled_after_days?,
                })
            })
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let known = goods::list_shop_settings(self.work).await?;
        let (rows, taken) = news(self.work, known, wanted).await?;
        goods::insert_shop_settings(self.work, &rows).await?;
        self.count("shop settings", taken);
        Ok(())
    }

    pub(super) async fn products(&mut self, docs: &[ProductDoc]) -> Result<(), StoreError> {
        let wanted = docs
            .iter()
            .map(|doc| Product {
                product_id: 0,
                product_key: doc.key.clone(),
                name: doc.name.clone(),
                name_en: doc.name_en.clone(),
            })
            .collect();
        let keep = |row: &mut Product, known: &Product| or_known(&mut row.name_en, &known.name_en);
        let settled = settle(self.work, &mut self.names, wanted, keep).await?;
        goods::upsert_products(self.work, &settled.rows).await?;
        self.settled("products", &settled);
        Ok(())
    }

    pub(super) async fn listings(&mut self, docs: &[ListingDoc]) -> Result<(), StoreError> {
        let wanted = docs
            .iter()
            .map(|doc| Listing {
                listing_id: 0,
                listing_key: doc.key.clone(),
                product_id: self.names.id(Noun::Product, &doc.product),
                name: doc.name.clone(),
                price_fen: doc.price_fen,
            })
            .collect();
        // names and prices that have begun come first: what is imported now is newer
        faces::take_effect(self.work).await?;
        let settled = settle(self.work, &mut self.names, wanted, |_, _| ()).await?;
        goods::upsert_listings(self.work, &settled.rows).await?;
        self.settled("listings", &settled);
        self.terms(docs).await?;
        self.supply(docs).await
    }

    async fn terms(&mut self, docs: &[ListingDoc]) -> Result<(), StoreError> {
        let mut wanted: Vec<TermsRow> = docs
            .iter()
            .flat_map(|doc| doc.terms.iter().map(|terms| terms_row(self.names.id(Noun::Listing, &doc.key), terms)))
            .collect();
        wanted.sort_by_key(|t| (t.listing_id, t.valid_from));
        let mut listing_ids: Vec<i64> = wanted.iter().map(|t| t.listing_id).collect();
        listing_ids.dedup();
        let known = goods::list_terms_of(self.work, &listing_ids).await?;
        let (rows, taken) = news(self.work, known, wanted).await?;
        goods::insert_terms(self.work, &rows).await?;
        for row in &rows {
            self.touched.span(Of::Listing, row.listing_id, row.valid_from, row.valid_to);
        }
        self.count("terms", taken);
        Ok(())
    }

    async fn supply(&mut self, docs: &[ListingDoc]) -> Result<(), StoreError> {
        let mut wanted: Vec<SupplyVersion> =
            docs.iter().flat_map(|doc| doc.supply.iter().map(|supply| self.supply_version(doc, supply))).collect();
        wanted.sort_by_key(|v| (v.listing_id, v.valid_from));
        let doubles = doubles::list(self.work).await?;
        for version in &mut wanted {
            version.hand_over(&Households::supplying(&doubles, version.valid_from));
        }
        let days = || wanted.iter().map(|v| v.valid_from);
        let (Some(from), Some(to)) = (days().min(), days().max()) else { return Ok(()) };
        let known = versions_of(&goods::list_supply_starting(self.work, from, to).await?);
        let (versions, taken) = news(self.work, known, wanted).await?;
        let mut rows = Vec::with_capacity(versions.len());
        for version in &versions {
            if version.shares.is_empty() {
                let SupplyVersion { listing_id, version_id, valid_from, valid_to, .. } = *version;
                rows.push(SupplyRow::from_lots(listing_id, version_id, valid_from, valid_to));
            }
            rows.extend(version.shares.iter().map(|&(farmer_id, share_bp)| SupplyRow {
                listing_id: version.listing_id,
                version_id: version.version_id,
                farmer_id,
                batch_id: 0,
                valid_from: version.valid_from,
                valid_to: version.valid_to,
                share_bp,
            }));
            self.touched.span(Of::Listing, version.listing_id, version.valid_from, version.valid_to);
        }
        goods::insert_supply(self.work, &rows).await?;
        self.count("supply", taken);
        Ok(())
    }

    fn supply_version(&self, listing: &ListingDoc, supply: &SupplyDoc) -> SupplyVersion {
        let mut shares: Vec<(i64, i64)> =
            supply.shares.iter().map(|s| (self.names.id(Noun::Farmer, &s.farmer), s.share_bp)).collect();
        shares.sort_unstable();
        SupplyVersion {
            listing_id: self.names.id(Noun::Listing, &listing.key),
            version_id: 0,
            valid_from: supply.from,
            valid_to: supply.to,
            shares,
        }
    }

    pub(super) async fn mappings(&mut self, docs: &[MappingDoc]) -> Result<(), StoreError> {
        if docs.is_empty() {
            return Ok(());
        }
        let wanted = docs
            .iter()
            .map(|doc| MappingRow {
                mapping_id: 0,
                batch_id: 0,
                shop_id: self.names.id(Noun::Shop, &doc.shop),
                product_no: doc.product_no.clone(),
                sku_no: doc.sku_no.clone(),
                listing_id: self.names.id(Noun::Listing, &doc.listing),
            })
            .collect();
        let known = goods::list_mappings(self.work).await?;
        let (rows, taken) = news(self.work, known, wanted).await?;
        goods::insert_mappings(self.work, &rows).await?;
        self.count("mappings", taken);
        self.touched.mappings = rows;
        Ok(())
    }
}

/// Rows of one version stand together, by household.
fn versions_of(rows: &[SupplyRow]) -> Vec<SupplyVersion> {
    rows.chunk_by(|a, b| a.version_id == b.version_id)
        .map(|rows| SupplyVersion {
            listing_id: rows[0].listing_id,
            version_id: rows[0].version_id,
            valid_from: rows[0].valid_from,
            valid_to: rows[0].valid_to,
            shares: rows.iter().filter(|r| !r.is_from_lots()).map(|r| (r.farmer_id, r.share_bp)).collect(),
        })
        .collect()
}

fn terms_row(listing_id: i64, terms: &TermsDoc) -> TermsRow {
    TermsRow {
        listing_id,
        version_id: 0,
        batch_id: 0,
        valid_from: terms.from,
        valid_to: terms.to,
        model: terms.model.clone(),
        platform_bp: terms.platform_bp,
        anchor_bp: terms.anchor_bp,
        operator_bp: terms.operator_bp,
        village_bp: terms.village_bp,
        share_bp: terms.share_bp,
        purchase_fen_per_kg: terms.purchase_fen_per_kg,
        freight_fen: terms.freight_fen,
        packaging_fen: terms.packaging_fen,
        pack_g: terms.pack_g,
        shrink_bp: terms.shrink_bp,
        conversion_bp: terms.conversion_bp,
        extra_cost_fen_per_kg: terms.extra_cost_fen_per_kg,
        loss_borne_by: terms.loss_borne_by.clone(),
        volume: terms.volume.clone(),
    }
}
