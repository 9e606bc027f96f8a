//! Setting a county up: its row, the reference tables, its shops.

use crate::clock::Clock;
use crate::domain::access::Actor;
use crate::domain::admin::{self, Region};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::problem::{Mistake, Problem};
use crate::domain::regions::RegionCode;
use crate::platforms::Platform;
use crate::store::counties::{self, County};
use crate::store::goods::{self, Operator, Shop, ShopSetting};
use crate::store::{Store, StoreError, Work, audit, take_ids};

/// Makes a county, or leaves the one that is there as it is. Only whoever has the machine does: the command line.
pub async fn init(
    store: &Store,
    code: RegionCode,
    demo_made_with: &str,
    buyer_key: [u8; 32],
    clock: &Clock,
) -> Result<(), StoreError> {
    let regions = admin::regions();
    let name = regions.iter().find(|r| r.code == code).map_or_else(|| code.to_string(), |r| r.name.clone());
    let mut session = store.write(code).await?;
    counties::insert_regions(&mut session, &regions).await?;
    let platforms: Vec<(&str, &str)> = Platform::ALL.iter().map(|p| (p.key(), p.name())).collect();
    counties::insert_platforms(&mut session, &platforms).await?;
    let county = County {
        county_code: code.to_string(),
        name: name.clone(),
        demo: !demo_made_with.is_empty(),
        demo_made_with: demo_made_with.to_owned(),
        buyer_key: buyer_key.to_vec(),
    };
    if counties::insert(&mut session, &county).await? {
        let change = Change::new(Verb::Add, Noun::County, code.to_string()).after(Field::Title, name);
        audit::append(&mut session, &Actor::command_line(), clock.now(), 0, &change).await?;
    }
    session.commit().await
}

/// Adds the regions of a county from its own table, and names the county by it; nothing that is there already is changed.
pub async fn add_regions(
    store: &Store,
    code: RegionCode,
    actor: &Actor,
    clock: &Clock,
    regions: &[Region],
) -> Result<(), StoreError> {
    let mut work = store.work(code, actor, "add regions", clock).await?;
    counties::insert_regions(&mut work, regions).await?;
    counties::name_by_region(&mut work).await?;
    let change =
        Change::new(Verb::Import, Noun::County, code.to_string()).after(Field::RowsRead, regions.len().to_string());
    work.commit(&change).await
}

/// A shop to be added by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShop {
    pub key: String,
    pub platform: String,
    pub platform_shop_id: String,
    pub name: String,
    /// 推定结算 after so many days, for a shop without statements.
    pub settled_after_days: Option<i64>,
}

/// Whose a new shop is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// The county document says it later.
    Unnamed,
    /// An operator by its key.
    Known(String),
    /// An operator that is not known yet.
    New { name: String, phone: String },
}

/// Adds a shop whose operator is named later; an error names what is wrong with it.
pub async fn add_shop(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    shop: &NewShop,
) -> anyhow::Result<()> {
    add_shop_of(store, county, actor, clock, shop, &Owner::Unnamed).await.map(|_| ())
}

/// Adds a shop with its operator; returns its number.
pub async fn add_shop_of(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    shop: &NewShop,
    owner: &Owner,
) -> anyhow::Result<i64> {
    if Platform::parse(&shop.platform).is_none() {
        return Err(Problem::UnknownPlatform { name: shop.platform.clone() }.into());
    }
    let mut work = store.work(county, actor, "add shop", clock).await?;
    if goods::find_shop(&mut work, &shop.key).await?.is_some() {
        return Err(Problem::ShopExists { key: shop.key.clone() }.into());
    }
    let (operator_id, operator) = operator_of(&mut work, owner).await?;
    let shop_id = take_ids(&mut work, "shop", 1).await?;
    let row = Shop {
        shop_id,
        shop_key: shop.key.clone(),
        platform: shop.platform.clone(),
        platform_shop_id: shop.platform_shop_id.clone(),
        name: shop.name.clone(),
        operator_id,
        known_to_at: None,
    };
    goods::upsert_shops(&mut work, &[row]).await?;
    if let Some(settled_after_days) = shop.settled_after_days {
        let version_id = take_ids(&mut work, "shop_setting", 1).await?;
        let setting = ShopSetting { shop_id, version_id, batch_id: 0, valid_from: clock.today(), settled_after_days };
        goods::insert_shop_settings(&mut work, &[setting]).await?;
    }
    let change = Change::new(Verb::Add, Noun::Shop, &shop.key)
        .after(Field::Title, &shop.name)
        .after(Field::Platform, &shop.platform)
        .after(Field::Number, &shop.platform_shop_id)
        .after(Field::Operator, operator)
        .after(Field::Days, shop.settled_after_days.map_or_else(String::new, |days| days.to_string()));
    work.commit(&change).await?;
    Ok(shop_id)
}

/// The operator's number and key; a new one is written.
async fn operator_of(work: &mut Work, owner: &Owner) -> anyhow::Result<(i64, String)> {
    match owner {
        Owner::Unnamed => Ok((0, String::new())),
        Owner::Known(key) => {
            let all = goods::list_operators(work).await?;
            let found = all.into_iter().find(|o| o.operator_key == *key);
            let found = found.ok_or_else(|| Problem::from(Mistake::UnknownOperator { key: key.clone() }))?;
            Ok((found.operator_id, found.operator_key))
        }
        Owner::New { name, phone } => {
            let operator_id = take_ids(work, "operator", 1).await?;
            let row = Operator {
                operator_id,
                operator_key: format!("op{operator_id}"),
                name: name.clone(),
                phone: phone.clone(),
                pays_on_day: 0,
            };
            // a document may have taken the very key
            if goods::list_operators(work).await?.iter().any(|o| o.operator_key == row.operator_key) {
                return Err(Problem::from(Mistake::OperatorExists { key: row.operator_key }).into());
            }
            goods::upsert_operators(work, std::slice::from_ref(&row)).await?;
            Ok((operator_id, row.operator_key))
        }
    }
}

/// The shop of a key, or a message that names those there are.
pub async fn shop(session: &mut crate::store::Session, key: &str) -> anyhow::Result<Shop> {
    let shops = goods::list_shops(session).await?;
    let known = shops.iter().map(|s| s.shop_key.as_str()).collect::<Vec<_>>().join(", ");
    shops
        .into_iter()
        .find(|s| s.shop_key == key)
        .ok_or_else(|| Problem::UnknownShop { key: key.to_owned(), known }.into())
}
