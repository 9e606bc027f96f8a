//! The county document of the demo county, whole or week by week.
//!
//! [`base_doc`] is what stands when the county begins: operators, shops, households, goods with terms, mappings, rooms,
//! people. [`week_doc`] is what becomes known in a week: its streams, who supplies, what goods are worth, who was
//! trained. Import the base once, then each week before its orders are pulled; or everything at once ([`county_doc`]).
//!
//! Rule: a document is a function of the seed and its week, and fits the sandbox's world of the same seed: live-room
//! numbers, product numbers and accounts are the ones its orders carry.

pub mod anchors;
mod baselines;
mod farmers;
mod goods;
mod streams;
mod supply;

use crate::domain::calendar::Day;
use crate::domain::county::{CountyDoc, OperatorDoc, ShopDoc};
use crate::sandbox::world::monday_of;
use crate::sandbox::world::shops::Shop;
use chrono::TimeDelta;

/// Suichuan county.
pub const COUNTY: &str = "360827";

/// What stands when the county begins.
pub fn base_doc(seed: u64) -> CountyDoc {
    CountyDoc {
        county: COUNTY.to_owned(),
        operators: operators(),
        shops: shops(),
        farmers: farmers::docs(seed),
        products: goods::products(),
        listings: goods::listings(),
        mappings: goods::mappings(),
        rooms: streams::rooms(),
        modules: anchors::modules(),
        anchors: anchors::base(),
        ..CountyDoc::default()
    }
}

/// What becomes known in the week that begins on a Monday: from that day to the Sunday.
pub fn week_doc(seed: u64, monday: Day) -> CountyDoc {
    CountyDoc {
        county: COUNTY.to_owned(),
        listings: supply::listings_of_week(seed, monday),
        anchors: anchors::of_week(monday),
        streams: streams::of_week(seed, monday),
        baselines: baselines::of_week(seed, monday),
        ..CountyDoc::default()
    }
}

/// The base and every week that has a day in `from..=to`, as one document.
pub fn county_doc(seed: u64, from: Day, to: Day) -> CountyDoc {
    let mut doc = base_doc(seed);
    let mut monday = monday_of(from);
    while monday <= to {
        let week = week_doc(seed, monday);
        for listing in week.listings {
            if let Some(known) = doc.listings.iter_mut().find(|l| l.key == listing.key) {
                known.supply.extend(listing.supply);
            }
        }
        for anchor in week.anchors {
            if let Some(known) = doc.anchors.iter_mut().find(|a| a.key == anchor.key) {
                known.stages.extend(anchor.stages);
                known.training.extend(anchor.training);
                known.certificates.extend(anchor.certificates);
            }
        }
        doc.streams.extend(week.streams);
        doc.baselines.extend(week.baselines);
        monday += TimeDelta::days(7);
    }
    doc
}

fn operators() -> Vec<OperatorDoc> {
    let operator = |key: &str, name: &str, phone: &str, day| OperatorDoc {
        key: key.to_owned(),
        name: name.to_owned(),
        phone: Some(phone.to_owned()),
        pays_on_day: Some(day),
    };
    vec![
        operator("association", "演示电子商务协会", "0796-0000001", 15),
        operator("cooperative", "演示农产品专业合作社", "0796-0000002", 20),
    ]
}

fn shops() -> Vec<ShopDoc> {
    let operator = |shop| match shop {
        Shop::Association => "association",
        Shop::Cooperative => "cooperative",
    };
    let shop = |shop: Shop| ShopDoc {
        key: shop.key().to_owned(),
        platform: "douyin".to_owned(),
        platform_shop_id: Some(shop.platform_id().to_string()),
        name: shop.name().to_owned(),
        operator: Some(operator(shop).to_owned()),
        settled_after_days: None,
    };
    Shop::ALL.map(shop).into()
}
