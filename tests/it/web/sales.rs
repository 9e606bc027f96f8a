//! Goods that households of some villages sold once: what a county has more of than the seeded one.

use super::seed::{STREAM, VILLAGE, at, day, line, order, statement, terms};
use red_anchor::store::{Work, goods, orders, people};

pub const FORMULA: &str = "=HYPERLINK(\"http://evil.example\",\"茶油\")";
pub const SCRIPT: &str = "<script>alert(1)</script>腊肉";

/// Goods of some households of one village, sold once.
#[derive(Clone, Copy)]
pub struct Sale {
    pub id: i64,
    /// The product's number, which several sales may be of.
    pub goods: i64,
    pub product: &'static str,
    /// Whose sale it is: by this number households are the same in several sales.
    pub group: i64,
    pub village: &'static str,
    pub households: i64,
    pub paid_on: &'static str,
    pub gmv_fen: i64,
    pub settled: bool,
    /// On a Red stream, or on none.
    pub live: bool,
}

/// 3, 6 and 7 households beside the seeded one, in three villages of three towns. Gross 43,210.00, 65,430.00, 87,650.00.
pub const SALES: [Sale; 3] = [
    Sale {
        id: 11,
        goods: 11,
        group: 11,
        product: "橙子",
        village: VILLAGE,
        households: 3,
        paid_on: "2026-01-10",
        gmv_fen: 4_321_000,
        settled: true,
        live: true,
    },
    Sale {
        id: 12,
        goods: 12,
        group: 12,
        product: FORMULA,
        village: "360827100201",
        households: 6,
        paid_on: "2026-02-10",
        gmv_fen: 6_543_000,
        settled: true,
        live: true,
    },
    Sale {
        id: 13,
        goods: 13,
        group: 13,
        product: SCRIPT,
        village: "360827102201",
        households: 7,
        paid_on: "2025-12-10",
        gmv_fen: 8_765_000,
        settled: true,
        live: true,
    },
];

pub async fn sell(work: &mut Work, sale: &Sale) {
    let id = sale.id;
    let farmers: Vec<people::Farmer> = (0..sale.households)
        .map(|n| people::Farmer {
            farmer_id: sale.group * 100 + n,
            farmer_key: format!("f{}-{n}", sale.group),
            name: format!("刘{n}"),
            village_code: sale.village.into(),
        })
        .collect();
    people::upsert_farmers(work, &farmers).await.unwrap();
    let (product_id, name) = (sale.goods, sale.product.to_owned());
    let product_key = format!("p{product_id}");
    let product = goods::Product { product_id, product_key, name: name.clone(), name_en: String::new() };
    goods::upsert_products(work, &[product]).await.unwrap();
    let listing = goods::Listing { listing_id: id, listing_key: format!("l{id}"), product_id, name, price_fen: 1 };
    goods::upsert_listings(work, &[listing]).await.unwrap();
    goods::insert_terms(work, &[terms(id)]).await.unwrap();
    let shares: Vec<goods::SupplyRow> = farmers
        .iter()
        .map(|f| goods::SupplyRow {
            listing_id: id,
            version_id: id,
            farmer_id: f.farmer_id,
            batch_id: 0,
            valid_from: day("2025-01-01"),
            valid_to: None,
            share_bp: 10_000 / sale.households,
        })
        .collect();
    goods::insert_supply(work, &shares).await.unwrap();
    let number = format!("80{id}");
    let title = sale.product.to_owned();
    let sku = goods::Sku { sku_id: id, shop_id: 1, product_no: number.clone(), sku_no: number.clone(), title };
    goods::insert_skus(work, &[sku]).await.unwrap();
    let mapping = goods::MappingRow {
        mapping_id: id,
        batch_id: 0,
        shop_id: 1,
        product_no: number,
        sku_no: String::new(),
        listing_id: id,
    };
    goods::insert_mappings(work, &[mapping]).await.unwrap();
    let paid = at(sale.paid_on, 19, 30);
    orders::upsert_orders(work, &[order(id, paid)]).await.unwrap();
    // coupons take 10 yuan off what is listed
    let sold = orders::LineRow { list_fen: sale.gmv_fen + 1_000, ..line(id, id) };
    orders::upsert_lines(work, &[sold]).await.unwrap();
    if sale.settled {
        let settled = orders::SettlementRow { goods_fen: sale.gmv_fen, ..statement(id, paid) };
        orders::upsert_settlements(work, &[settled]).await.unwrap();
    }
    let choice = orders::AttributionRow {
        line_id: id,
        version_id: id,
        batch_id: 0,
        stream_id: STREAM,
        rule: "live_room".into(),
        bulk: false,
        actor: "pull".into(),
        reason: String::new(),
    };
    if sale.live {
        orders::insert_attributions(work, &[choice]).await.unwrap();
    }
}
