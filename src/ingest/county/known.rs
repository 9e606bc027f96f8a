//! What the database knows of the things a document names, and of nothing else.
//!
//! Rule that must hold: the cost is the document's. A county that has grown for years takes in a week's file as fast as
//! a new one.

use crate::domain::county::CountyDoc;
use crate::domain::regions::RegionCode;
use crate::store::goods::{Listing, Shop};
use crate::store::keys::{self, Noun};
use crate::store::lots::{self, Lot, Ticket};
use crate::store::{Session, StoreError, counties};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// Row ids by noun and key.
#[derive(Debug, Default)]
pub(super) struct Names(FxHashMap<Noun, FxHashMap<String, i64>>);

impl Names {
    /// The row id of a key, if the database has it.
    pub fn find(&self, noun: Noun, key: &str) -> Option<i64> {
        self.0.get(&noun)?.get(key).copied()
    }

    /// The row id of a key that the checks have found to be there, or that has been written since.
    pub fn id(&self, noun: Noun, key: &str) -> i64 {
        self.find(noun, key).expect("every reference is checked before anything is written")
    }

    /// Adds what was written.
    pub fn extend(&mut self, noun: Noun, ids: impl IntoIterator<Item = (String, i64)>) {
        self.0.entry(noun).or_default().extend(ids);
    }
}

/// What checks and writing ask of the database.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub names: Names,
    /// Platform of the named shops that exist, by key.
    pub platforms: FxHashMap<String, String>,
    /// Product of the named listings that exist, by key.
    pub products: FxHashMap<String, i64>,
    /// The county's regions; left empty when the document names none.
    pub regions: FxHashSet<RegionCode>,
    /// The named lots that exist, with their weighing lists, by key.
    pub lots: FxHashMap<String, (Lot, Vec<Ticket>)>,
}

impl Known {
    /// Reads it.
    pub async fn load(session: &mut Session, doc: &CountyDoc) -> Result<Self, StoreError> {
        let mut known = Self::default();
        for (noun, named) in named(doc) {
            let named: Vec<&str> = named.into_iter().collect();
            known.names.extend(noun, keys::ids_of_keys(session, noun, &named).await?);
        }
        let shops: Vec<&str> = doc.shops.iter().map(|s| s.key.as_str()).collect();
        for shop in keys::list_by_keys::<Shop>(session, &shops).await? {
            known.platforms.insert(shop.shop_key, shop.platform);
        }
        let listings: Vec<&str> = doc.listings.iter().map(|l| l.key.as_str()).collect();
        for listing in keys::list_by_keys::<Listing>(session, &listings).await? {
            known.products.insert(listing.listing_key, listing.product_id);
        }
        if !(doc.farmers.is_empty() && doc.rooms.is_empty() && doc.baselines.is_empty()) {
            let names = counties::region_names(session).await?;
            known.regions = names.iter().filter_map(|(code, _)| RegionCode::parse(code)).collect();
        }
        let keys: Vec<&str> = doc.lots.iter().map(|l| l.key.as_str()).collect();
        let found = lots::list_of_keys(session, &keys).await?;
        let mut tickets = lots::list_tickets(session, &found.iter().map(|l| l.lot_id).collect::<Vec<_>>()).await?;
        for lot in found {
            let (own, others) = tickets.into_iter().partition(|t: &Ticket| t.lot_id == lot.lot_id);
            tickets = others;
            known.lots.insert(lot.lot_key.clone(), (lot, own));
        }
        Ok(known)
    }
}

/// Every key the document declares or refers to.
fn named(doc: &CountyDoc) -> Vec<(Noun, BTreeSet<&str>)> {
    let mut named: FxHashMap<Noun, BTreeSet<&str>> = FxHashMap::default();
    let mut add = |noun, key| {
        named.entry(noun).or_default().insert(key);
    };
    for (noun, key) in declared(doc) {
        add(noun, key);
    }
    for shop in &doc.shops {
        shop.operator.iter().for_each(|key| add(Noun::Operator, key));
    }
    for listing in &doc.listings {
        add(Noun::Product, &listing.product);
        for share in listing.supply.iter().flat_map(|s| &s.shares) {
            add(Noun::Farmer, &share.farmer);
        }
    }
    for mapping in &doc.mappings {
        add(Noun::Shop, &mapping.shop);
        add(Noun::Listing, &mapping.listing);
    }
    for record in doc.anchors.iter().flat_map(|a| &a.training) {
        add(Noun::Module, &record.module);
    }
    for stream in &doc.streams {
        add(Noun::Shop, &stream.shop);
        add(Noun::Anchor, &stream.anchor);
        stream.room.iter().for_each(|key| add(Noun::Room, key));
        stream.shelf.iter().for_each(|key| add(Noun::Listing, key));
    }
    for baseline in &doc.baselines {
        add(Noun::Product, &baseline.product);
    }
    for lot in &doc.lots {
        add(Noun::Product, &lot.product);
        lot.tickets.iter().for_each(|ticket| add(Noun::Farmer, &ticket.farmer));
    }
    named.into_iter().collect()
}

/// Every key the document itself gives a thing.
pub(super) fn declared(doc: &CountyDoc) -> impl Iterator<Item = (Noun, &str)> {
    let operators = doc.operators.iter().map(|o| (Noun::Operator, o.key.as_str()));
    let shops = doc.shops.iter().map(|s| (Noun::Shop, s.key.as_str()));
    let farmers = doc.farmers.iter().map(|f| (Noun::Farmer, f.key.as_str()));
    let products = doc.products.iter().map(|p| (Noun::Product, p.key.as_str()));
    let listings = doc.listings.iter().map(|l| (Noun::Listing, l.key.as_str()));
    let rooms = doc.rooms.iter().map(|r| (Noun::Room, r.key.as_str()));
    let modules = doc.modules.iter().map(|m| (Noun::Module, m.key.as_str()));
    let anchors = doc.anchors.iter().map(|a| (Noun::Anchor, a.key.as_str()));
    let streams = doc.streams.iter().map(|s| (Noun::Stream, s.key.as_str()));
    operators
        .chain(shops)
        .chain(farmers)
        .chain(products)
        .chain(listings)
        .chain(rooms)
        .chain(modules)
        .chain(anchors)
        .chain(streams)
}
