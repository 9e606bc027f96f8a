//! Which listing a shop's SKU is, as a person confirms it: one by one, or many in a table.
//!
//! Rules that must hold: a suggestion is never a mapping; what is confirmed is written as the county document writes it,
//! so that orders already taken in are attributed and posted again in the same unit of work; the same table again writes
//! nothing.

use super::desk::Desk;
use super::post;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::cells::plain;
use crate::domain::county::CountyDoc;
use crate::domain::problem::{Mistake, Problem};
use crate::domain::similar::{Pairs, most_like};
use crate::ingest::county;
use crate::ingest::files::mapping::{LISTING, PRODUCT_NO, SHOP, SKU_NO};
use crate::store::Session;
use crate::store::goods::{self, Listing, Product};
use crate::store::lines::{self, Unlisted};
use rustc_hash::{FxHashMap, FxHashSet};

pub use crate::domain::county::MappingDoc;
pub use crate::ingest::files::mapping::{FilledIn, read};

/// SKUs of the table that is handed out, those with most lines.
pub const MOST_SKUS: i64 = 5_000;

/// Listings a SKU may be, by name.
#[derive(Debug, Clone, Default)]
pub struct Listings {
    /// Each with its name, which holds its product's, and that name taken apart.
    named: Vec<(Listing, String, Pairs)>,
}

impl Listings {
    pub async fn load(session: &mut Session) -> anyhow::Result<Self> {
        let products = goods::list_products(session).await?;
        let name_of = |id: i64| products.iter().find(|p: &&Product| p.product_id == id).map_or("", |p| p.name.as_str());
        let mut named: Vec<(Listing, String, Pairs)> = goods::list_listings(session)
            .await?
            .into_iter()
            .map(|listing| {
                let product = name_of(listing.product_id);
                let name = if listing.name.contains(product) {
                    listing.name.clone()
                } else {
                    format!("{product} {}", listing.name)
                };
                let pairs = Pairs::of(&name);
                (listing, name, pairs)
            })
            .collect();
        named.sort_by(|(a, ..), (b, ..)| a.listing_key.cmp(&b.listing_key));
        Ok(Self { named })
    }

    /// Key and name of each.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.named.iter().map(|(listing, name, _)| (listing.listing_key.as_str(), name.as_str()))
    }

    /// The key of the one whose name is most like a title.
    pub fn suggested(&self, title: &str) -> Option<&str> {
        let named = self.named.iter().map(|(listing, _, pairs)| (listing.listing_key.as_str(), pairs));
        most_like(&Pairs::of(title), named)
    }

    fn name(&self, key: &str) -> &str {
        self.all().find(|(known, _)| *known == key).map_or("", |(_, name)| name)
    }
}

/// What confirming did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Confirmed {
    /// SKUs that had no listing.
    pub new: i64,
    /// SKUs that had another one.
    pub changed: i64,
    pub unchanged: i64,
    /// Orders posted again.
    pub orders: u64,
}

/// Writes mappings and posts the orders they touch.
pub async fn confirm(desk: &Desk<'_>, mut mappings: Vec<MappingDoc>) -> anyhow::Result<Confirmed> {
    // of two rows about one SKU the later counts
    let mut seen = FxHashSet::default();
    mappings.reverse();
    mappings.retain(|m| seen.insert((m.shop.clone(), m.product_no.clone(), m.sku_no.clone())));
    mappings.reverse();
    let mut work = desk.work("map goods").await?;
    let (news, mut confirmed) = compared(&mut work, mappings).await?;
    if news.is_empty() {
        return Ok(confirmed);
    }
    let (subject, listing) = match news.as_slice() {
        [one] => {
            let subject = format!("{} {} {}", one.shop, one.product_no, one.sku_no);
            (subject.trim_end().to_owned(), one.listing.clone())
        }
        _ => Default::default(),
    };
    let doc = CountyDoc { county: desk.county.to_string(), mappings: news, ..CountyDoc::default() };
    county::import(&mut work, &doc).await?;
    let posted = post::post(&mut work).await?;
    let change = Change::new(Verb::Change, Noun::Mapping, subject)
        .after(Field::Key, listing)
        .count(Field::RowsNew, confirmed.new)
        .count(Field::RowsChanged, confirmed.changed)
        .count(Field::RowsUnchanged, confirmed.unchanged)
        .count(Field::LedgerRows, i64::try_from(posted.rows)?);
    work.commit(&change).await?;
    confirmed.orders = posted.orders;
    Ok(confirmed)
}

/// Those that say something new, and how many say what.
async fn compared(session: &mut Session, mappings: Vec<MappingDoc>) -> anyhow::Result<(Vec<MappingDoc>, Confirmed)> {
    let shops = goods::list_shops(session).await?;
    let listings = goods::list_listings(session).await?;
    // the newest of a SKU counts
    let known: FxHashMap<(i64, String, String), i64> = goods::list_mappings(session)
        .await?
        .into_iter()
        .map(|row| ((row.shop_id, row.product_no, row.sku_no), row.listing_id))
        .collect();
    let listing_ids: FxHashMap<&str, i64> = listings.iter().map(|l| (l.listing_key.as_str(), l.listing_id)).collect();
    let (mut news, mut confirmed) = (Vec::new(), Confirmed::default());
    for mapping in mappings {
        let Some(shop) = shops.iter().find(|s| s.shop_key == mapping.shop) else {
            let known = shops.iter().map(|s| s.shop_key.as_str()).collect::<Vec<_>>().join(", ");
            return Err(Problem::UnknownShop { key: mapping.shop, known }.into());
        };
        let Some(listing_id) = listing_ids.get(mapping.listing.as_str()) else {
            return Err(Problem::from(Mistake::UnknownListing { key: mapping.listing }).into());
        };
        match known.get(&(shop.shop_id, mapping.product_no.clone(), mapping.sku_no.clone())) {
            Some(before) if before == listing_id => {
                confirmed.unchanged += 1;
                continue;
            }
            Some(_) => confirmed.changed += 1,
            None => confirmed.new += 1,
        }
        news.push(mapping);
    }
    Ok((news, confirmed))
}

/// The table of SKUs without a listing, to be filled in: CSV that a spreadsheet opens as it should.
pub async fn table(session: &mut Session) -> anyhow::Result<Vec<u8>> {
    let listings = Listings::load(session).await?;
    let rows = lines::list_unlisted(session, 0, MOST_SKUS, 0).await?;
    // each title beside each listing: not on a thread that others wait for
    tokio::task::spawn_blocking(move || written(&listings, &rows)).await?
}

fn written(listings: &Listings, rows: &[Unlisted]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record([
        SHOP,
        PRODUCT_NO,
        SKU_NO,
        LISTING,
        "建议的编号 suggested",
        "建议的货品 suggested_name",
        "平台标题 title",
        "店铺 shop_name",
        "订单行 lines",
    ])?;
    for row in rows.iter().filter(|row| !row.product_no.is_empty()) {
        let suggested = listings.suggested(&row.title).unwrap_or_default();
        writer.write_record([
            plain(&row.shop_key).as_ref(),
            &number(&row.product_no),
            &number(&row.sku_no),
            "",
            plain(suggested).as_ref(),
            plain(listings.name(suggested)).as_ref(),
            plain(&row.title).as_ref(),
            plain(&row.shop).as_ref(),
            &row.lines.to_string(),
        ])?;
    }
    Ok(writer.into_inner()?)
}

/// A number that a spreadsheet would round is told to be text.
fn number(no: &str) -> String {
    if no.is_empty() { String::new() } else { format!("\t{no}") }
}
