//! How goods are paid for on the day they are weighed in: by the terms then in force of every listing of them.
//!
//! Rule that must hold: whoever takes goods in, by a form or by a document, asks this, so that both decide alike whether
//! they are bought. Not here: what a ticket's price then is (`domain::buying`).

use super::listings::in_force;
use crate::domain::buying::Way;
use crate::domain::calendar::Day;
use crate::store::goods::{self, TermsRow};
use crate::store::{Session, StoreError};
use rustc_hash::FxHashMap;

/// The terms of all listings of some goods, in all their versions.
#[derive(Debug, Default)]
pub struct Buying {
    /// By product, one list a listing.
    terms: FxHashMap<i64, Vec<Vec<TermsRow>>>,
}

impl Buying {
    /// Reads them.
    pub async fn load(session: &mut Session, product_ids: &[i64]) -> Result<Self, StoreError> {
        let mut listings = goods::list_listings(session).await?;
        listings.retain(|listing| product_ids.contains(&listing.product_id));
        let ids: Vec<i64> = listings.iter().map(|listing| listing.listing_id).collect();
        let mut of_listing: FxHashMap<i64, Vec<TermsRow>> = FxHashMap::default();
        for row in goods::list_terms_of(session, &ids).await? {
            of_listing.entry(row.listing_id).or_default().push(row);
        }
        let mut buying = Self::default();
        for listing in listings {
            let versions = of_listing.remove(&listing.listing_id).unwrap_or_default();
            buying.terms.entry(listing.product_id).or_default().push(versions);
        }
        Ok(buying)
    }

    /// How each listing of a product pays for its goods on a day.
    pub fn ways(&self, product_id: i64, on: Day) -> Vec<Way> {
        let versions = self.terms.get(&product_id).into_iter().flatten();
        versions.filter_map(|versions| in_force(versions, on)).map(way).collect()
    }
}

fn way(row: &TermsRow) -> Way {
    match row.model.as_str() {
        "purchase" => Way::Bought { fen_per_kg: row.purchase_fen_per_kg, conversion_bp: row.conversion_bp },
        _ => Way::Settled,
    }
}
