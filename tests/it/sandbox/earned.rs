//! What the world earns at scale 1, reckoned from its parameters: every fifth day, times five.
//!
//! A second, plainer reckoning than the ledger's (one price a county, parcel costs halved over two lines): it holds the
//! order of magnitude of the demo, not a figure. If it fails after parameters were tuned, the parameters are wrong.

use super::caller::day;
use red_anchor::demo::county::county_doc;
use red_anchor::domain::calendar::{Day, day_of, start_of};
use red_anchor::domain::county::{CountyDoc, TermsDoc};
use red_anchor::domain::money::{at_price, at_rate};
use red_anchor::sandbox::world::goods::Trade;
use red_anchor::sandbox::world::orders::{AfterSaleKind, Line, Order};
use red_anchor::sandbox::world::people::STRANGERS;
use red_anchor::sandbox::world::shops::Shop;
use red_anchor::sandbox::world::{Scale, World};
use std::collections::HashMap;

const EVERY: i64 = 5;

#[derive(Debug, Default)]
struct Sums {
    lines: i64,
    by_trade: [i64; 3],
    unpaid_orders: i64,
    gmv_fen: i64,
    refund_fen: i64,
    income_fen: i64,
    uplift_fen: i64,
    headline_fen: i64,
    kumquat_g: i64,
    without_baseline: i64,
}

struct County {
    terms: HashMap<String, TermsDoc>,
    mid_fen: HashMap<(String, Day), i64>,
}

impl County {
    fn of(doc: &CountyDoc) -> Self {
        let mut mid_fen = HashMap::new();
        for b in doc.baselines.iter().filter(|b| b.region == doc.county) {
            for d in b.from.iter_days().take_while(|d| *d <= b.to) {
                mid_fen.insert((b.product.clone(), d), b.mid_fen_per_kg);
            }
        }
        Self { terms: doc.listings.iter().map(|l| (l.key.clone(), l.terms[0].clone())).collect(), mid_fen }
    }
}

fn reckon(county: &County, order: &Order, line: &Line, now: i64, sums: &mut Sums) {
    let paid_on = day_of(chrono::DateTime::from_timestamp(order.paid_at, 0).unwrap());
    sums.lines += 1;
    sums.gmv_fen += line.goods_fen() + line.freight_fen;
    let Some(listing) = line.sku().listing else { return };
    sums.by_trade[line.sku().trade as usize] += 1;
    let refund = line.after_sale.as_ref().filter(|a| a.has_succeeded(now));
    let goods_back = refund.map_or(0, |a| a.refund_fen - a.refund_freight_fen);
    sums.refund_fen += refund.map_or(0, |a| a.refund_fen);
    let whole = goods_back > 0 && goods_back >= line.goods_fen();
    let settled = whole || line.statement.is_some_and(|s| s.settled_at + 140_000 <= now);
    if !settled {
        return;
    }
    let t = &county.terms[listing];
    let value = if whole { 0 } else { line.goods_fen() - goods_back + line.subsidy_fen() };
    let parcel = (t.freight_fen + t.packaging_fen) / i64::try_from(order.lines.len()).unwrap();
    let freight_paid = if whole { 0 } else { line.freight_fen };
    let left =
        (value - at_rate(value, t.platform_bp) - at_rate(value, t.anchor_bp) - (parcel - freight_paid).max(0)).max(0);
    let farmer = match t.model.as_str() {
        "share" => at_rate(value, t.share_bp),
        _ => left - at_rate(left, t.operator_bp) - at_rate(left, t.village_bp),
    };
    let came_back = whole && refund.is_some_and(|a| a.kind != AfterSaleKind::RefundAfterShipping);
    let goods_g = if came_back { 0 } else { t.pack_g * line.pieces * (10_000 + t.shrink_bp) / 10_000 };
    let product = ["kumquat", "tea", "duck"][line.sku().trade as usize].to_owned();
    sums.income_fen += farmer;
    if line.sku().trade == Trade::Kumquat {
        sums.kumquat_g += goods_g;
    }
    let Some(mid) = county.mid_fen.get(&(product, paid_on)) else {
        sums.without_baseline += 1;
        return;
    };
    let uplift = farmer - at_price(*mid, at_rate(goods_g, t.conversion_bp));
    sums.uplift_fen += uplift;
    let ours = line.source.author_no != 0 && STRANGERS.iter().all(|s| s.0 != line.source.author_no);
    sums.headline_fen += if ours { uplift } else { 0 };
}

fn earned(seed: u64) -> Sums {
    let (first, last) = (day("2022-10-10"), day("2026-11-23"));
    let now = start_of(last).timestamp() + 12 * 3_600;
    let county = County::of(&county_doc(seed, first, last));
    let world = World::new(seed, Scale::FULL);
    let mut sums = Sums::default();
    // From the fourth day, so that one of the days without a price is among them.
    for on in first.iter_days().take_while(|d| *d < last).skip(3).step_by(usize::try_from(EVERY).unwrap()) {
        for shop in Shop::ALL {
            for order in world.day(shop, on) {
                if order.paid_at == 0 {
                    sums.unpaid_orders += 1;
                    continue;
                }
                for line in &order.lines {
                    reckon(&county, &order, line, now, &mut sums);
                }
            }
        }
    }
    sums
}

#[test]
fn the_parameters_earn_a_little_more_than_eleven_million_and_another_seed_another_figure() {
    let sums = earned(7);
    let yuan = |fen: i64| fen * EVERY / 100;
    let lines = sums.lines * EVERY;
    println!("{lines} lines, yuan: GMV {}, income {}", yuan(sums.gmv_fen), yuan(sums.income_fen));
    println!("uplift {}, in the headline {}", yuan(sums.uplift_fen), yuan(sums.headline_fen));
    assert!((780_000..860_000).contains(&lines), "lines {lines} {sums:?}");
    assert!((70_000_000..78_000_000).contains(&yuan(sums.gmv_fen)), "gmv {} {sums:?}", yuan(sums.gmv_fen));
    assert!((42_000_000..46_000_000).contains(&yuan(sums.income_fen)), "income {}", yuan(sums.income_fen));
    assert!(
        (11_000_000..11_900_000).contains(&yuan(sums.headline_fen)),
        "headline {} {sums:?}",
        yuan(sums.headline_fen)
    );
    assert!((11_000_000..12_000_000).contains(&yuan(sums.uplift_fen)), "uplift {}", yuan(sums.uplift_fen));
    let tonnes = sums.kumquat_g * EVERY / 1_000_000;
    assert!((930..1_150).contains(&tonnes), "{tonnes} t of kumquat");
    for (trade, expected) in sums.by_trade.iter().zip([50, 30, 20]) {
        let percent = (trade * 100 + sums.lines / 2) / sums.lines;
        assert!((percent - expected).abs() <= 1, "{percent} % where {expected} % is meant: {sums:?}");
    }
    assert!(sums.unpaid_orders > 0 && sums.without_baseline > 0);
    assert_ne!(sums.uplift_fen, earned(8).uplift_fen);
}
