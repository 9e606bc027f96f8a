//! What an order costs on its way from the platform's answer to a published figure, a stage a benchmark.
//!
//! The stages are those of docs/ARCHITECTURE.md: a page is read, its orders are taken in, the ledger is computed and
//! posted, figures are asked for and drawn. Each begins from a state made beforehand, so a change shows where it was made.
//! `red-anchor demo` measures the whole; how to run both and what they gave is in docs/PERFORMANCE.md.
//!
//! Rule: nothing here fails for being slow. Times depend on the machine; they are for comparing before with after.

mod county;
mod sale;

use county::{County, ORDERS, wait};
use divan::Bencher;
use divan::counter::ItemsCount;
use red_anchor::charts::cumulative::{Cumulative, Point};
use red_anchor::charts::{Frame, Width, cumulative};
use red_anchor::domain::audit::{Change, Noun, Verb};
use red_anchor::domain::calendar::{Day, next_month, parse_month};
use red_anchor::domain::lang::Lang;
use red_anchor::domain::ledger::{differences, entries};
use red_anchor::domain::records::{Evidenced, OrderRecord};
use red_anchor::platforms::douyin::convert::order::order;
use red_anchor::platforms::douyin::limits::PAGE_SIZE;
use red_anchor::platforms::douyin::wire::envelope::OrderPage;
use red_anchor::platforms::reading::{Sorted, rows};
use red_anchor::services::figures::{self, Request};
use red_anchor::services::post;
use red_anchor::store::figures::Grouping;

fn main() {
    divan::main();
}

/// A page of Douyin orders to records with their evidence.
#[divan::bench]
fn a_page_is_read(bencher: Bencher) {
    let page = county::page();
    bencher.counter(ItemsCount::new(PAGE_SIZE.unsigned_abs())).bench_local(|| read_page(&page));
}

fn read_page(page: &str) -> Vec<Evidenced<OrderRecord>> {
    let page: OrderPage = serde_json::from_str(page).expect("a page");
    let rows = rows("order.searchList", "shop_order_list", page.shop_order_list).expect("orders");
    let Sorted { records, rejected } = Sorted::of(rows, |wire| &wire.order_id, order);
    assert_eq!(rejected, [], "orders that add up");
    records
}

/// Records to facts: compared, written, kept as evidence, attributed to streams, queued, committed.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn orders_are_taken_in(bencher: Bencher) {
    let records = county::records();
    bencher.counter(ItemsCount::new(ORDERS)).with_inputs(County::before_its_orders).bench_local_values(|county| {
        wait(async {
            let mut work = county.work().await;
            county::take(&mut work, records).await;
            work.commit(&Change::new(Verb::Change, Noun::County, "benchmark")).await.expect("a commit");
        });
        county
    });
}

/// Facts to entries and figures, for orders none of which is in the ledger yet.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn orders_are_posted(bencher: Bencher) {
    bencher.counter(ItemsCount::new(ORDERS)).with_inputs(County::before_posting).bench_local_values(|county| {
        wait(async {
            let mut work = county.work().await;
            post::post(&mut work).await.expect("posting");
            work.commit(&Change::new(Verb::Change, Noun::County, "benchmark")).await.expect("a commit");
        });
        county
    });
}

/// The arithmetic alone: an order with payment, refund and statement, of which only the payment is posted.
#[divan::bench]
fn an_order_is_computed(bencher: Bencher) {
    let (order, book) = (sale::order(), sale::book());
    let posted = sale::posted_at_payment(&order, &book);
    bencher.bench_local(|| differences(&entries(&order, &book).entries, &posted, &book));
}

#[divan::bench(args = [Grouping::Month, Grouping::Town])]
fn figures_are_asked_for(bencher: Bencher, grouping: Grouping) {
    let county = County::after_a_season();
    let request = Request::all(county::code(), grouping);
    bencher.bench_local(|| wait(async { figures::rows(&mut county.read().await, &request).await.expect("figures") }));
}

#[divan::bench]
fn the_headline_is_asked_for(bencher: Bencher) {
    let county = County::after_a_season();
    let request = Request { headline_only: true, ..Request::all(county::code(), Grouping::Total) };
    bencher.bench_local(|| wait(async { figures::total(&mut county.read().await, &request).await.expect("figures") }));
}

/// Fifty months of cumulative uplift, as on the county's first page.
#[divan::bench]
fn a_picture_is_drawn(bencher: Bencher) {
    let months = std::iter::successors(parse_month("2022-10"), |month: &Day| Some(next_month(*month)));
    let point = |(month, n): (Day, i64)| {
        let uplift_fen = n * n * 1_234_567;
        Point { month, low_fen: uplift_fen * 9 / 10, uplift_fen, high_fen: uplift_fen * 11 / 10 }
    };
    let data = Cumulative { points: months.zip(1..=50).map(point).collect() };
    let frame = Frame {
        title: "累计助农增收",
        note: "",
        source: "平台订单、结算单、县基准价台账",
        as_of: None,
        demo: true,
        lang: Lang::Zh,
    };
    bencher.bench_local(|| cumulative::svg(&data, &frame, Width::Desktop));
}
