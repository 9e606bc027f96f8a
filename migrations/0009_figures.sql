-- Rollups: sums of the ledger by lens, period and dimensions, kept in the transaction that posts.

-- key: the lens's own id as text, '' for none. start_on: first day of the grain. A range is whole years, whole months
-- and edge days, so any range of days is exact.
create table figure (
    county_code text not null,
    basis text not null check (basis in ('event', 'pay')),
    lens text not null check (lens in ('shop', 'listing', 'room', 'anchor', 'stream')),
    grain text not null check (grain in ('d', 'm', 'y')),
    start_on date not null,
    key text not null,
    farmer_id bigint not null,
    household_category text not null,
    village_code text not null,
    class text not null,
    -- Ledger rows summed here: a row of sums that cancel out is still a row somebody posted.
    entries bigint not null,
    gmv_fen bigint not null,
    subsidy_fen bigint not null,
    refund_fen bigint not null,
    farmer_fen bigint not null,
    operator_fen bigint not null,
    village_fen bigint not null,
    anchor_fen bigint not null,
    platform_fen bigint not null,
    logistics_fen bigint not null,
    packaging_fen bigint not null,
    loss_fen bigint not null,
    unassigned_fen bigint not null,
    goods_g bigint not null,
    baseline_low_fen bigint not null,
    baseline_mid_fen bigint not null,
    baseline_high_fen bigint not null,
    extra_cost_fen bigint not null,
    farmer_without_baseline_fen bigint not null,
    settled_net_fen bigint not null,
    settled_farmer_fen bigint not null,
    settled_baseline_low_fen bigint not null,
    settled_baseline_mid_fen bigint not null,
    settled_baseline_high_fen bigint not null,
    settled_extra_cost_fen bigint not null,
    settled_without_baseline_fen bigint not null,
    primary key (county_code, basis, lens, grain, start_on, key, farmer_id, household_category, village_code, class)
);

-- Counts of orders and lines, distinct within each region: the county, each town, each village, '' for no household.
create table figure_order (
    county_code text not null,
    lens text not null check (lens in ('shop', 'listing', 'room', 'anchor', 'stream', 'product', 'farmer', 'class')),
    grain text not null check (grain in ('d', 'm', 'y')),
    start_on date not null,
    key text not null,
    region_code text not null,
    orders_paid bigint not null,
    orders_unpaid bigint not null,
    orders_refunded bigint not null,
    lines bigint not null,
    lines_without_baseline bigint not null,
    lines_without_listing bigint not null,
    primary key (county_code, lens, grain, start_on, key, region_code)
);
