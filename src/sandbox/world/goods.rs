//! What is sold: the SKUs of both shops, with price and the platform's usual charges on them.
//!
//! Three products carry the county: kumquat by the 5 斤 box, tea by the 250 g, cured duck by the piece; each in two
//! make-ups, which the county document maps to a listing each. Two SKUs stand apart: a tasting pack given away with an
//! order, and a preserve nobody has mapped to a listing, so that the queue of unmatched lines is not empty.
//!
//! Not here: what the household is promised (`demo::county::goods`), since the platform does not know it.

use super::shops::Shop;

/// Which trade a SKU belongs to: decides season, refunds and the words of a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trade {
    Kumquat,
    Tea,
    Duck,
}

/// A SKU as the platform lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sku {
    /// The county's listing; `None`: not mapped.
    pub listing: Option<&'static str>,
    pub trade: Trade,
    pub title: &'static str,
    pub spec: &'static str,
    /// Price of one piece before coupons.
    pub list_fen: i64,
    /// The shop's own coupon on each piece.
    pub shop_coupon_fen: i64,
    /// What platform and anchor add now and then, per line.
    pub platform_coupon_fen: i64,
    pub anchor_coupon_fen: i64,
    /// What the platform and the anchor charge, of goods value.
    pub platform_bp: i64,
    pub anchor_bp: i64,
}

const fn kumquat(listing: &'static str, title: &'static str) -> Sku {
    Sku {
        listing: Some(listing),
        trade: Trade::Kumquat,
        title,
        spec: "5斤装",
        list_fen: 4_990,
        shop_coupon_fen: 500,
        platform_coupon_fen: 300,
        anchor_coupon_fen: 200,
        platform_bp: 200,
        anchor_bp: 1_000,
    }
}

const fn tea(listing: &'static str, title: &'static str) -> Sku {
    Sku {
        listing: Some(listing),
        trade: Trade::Tea,
        title,
        spec: "250克",
        list_fen: 18_800,
        shop_coupon_fen: 2_000,
        platform_coupon_fen: 1_000,
        anchor_coupon_fen: 500,
        platform_bp: 200,
        anchor_bp: 2_000,
    }
}

const fn duck(listing: &'static str, title: &'static str) -> Sku {
    Sku {
        listing: Some(listing),
        trade: Trade::Duck,
        title,
        spec: "1只",
        list_fen: 8_800,
        shop_coupon_fen: 600,
        platform_coupon_fen: 500,
        anchor_coupon_fen: 300,
        platform_bp: 200,
        anchor_bp: 1_500,
    }
}

/// Every SKU; a line refers to one by its place here.
pub const SKUS: [Sku; 8] = [
    kumquat("kumquat-oily", "遂川金桔 油皮 新鲜现摘"),
    kumquat("kumquat-smooth", "遂川金桔 滑皮 新鲜现摘"),
    tea("tea-tin", "狗牯脑茶 绿茶 罐装"),
    tea("tea-bag", "狗牯脑茶 绿茶 袋装"),
    duck("duck-whole", "遂川板鸭 传统腌制 整只"),
    duck("duck-cut", "遂川板鸭 传统腌制 切块"),
    Sku {
        spec: "半斤试吃",
        list_fen: 0,
        shop_coupon_fen: 0,
        platform_coupon_fen: 0,
        anchor_coupon_fen: 0,
        ..kumquat("kumquat-taste", "遂川金桔 试吃装")
    },
    Sku { listing: None, spec: "500克", ..kumquat("", "金桔果脯 独立包装") },
];

/// The pack given away.
pub const TASTING: usize = 6;
/// The one without a listing.
pub const UNMAPPED: usize = 7;

/// The two make-ups of a trade: the association sells both, the co-operative the second only.
pub const fn make_ups(trade: Trade) -> [usize; 2] {
    match trade {
        Trade::Kumquat => [0, 1],
        Trade::Tea => [2, 3],
        Trade::Duck => [4, 5],
    }
}

/// The platform's product number of a SKU in a shop: above 2^53.
pub const fn product_no(shop: Shop, sku: usize) -> u64 {
    3_660_207_428_000_000_000 + shop.digit() * 1_000_003 + sku as u64 * 4_567
}

/// The platform's SKU number.
pub const fn sku_no(shop: Shop, sku: usize) -> u64 {
    3_410_716_070_000_000 + shop.digit() * 10_007 + sku as u64 * 131
}
