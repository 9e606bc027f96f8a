-- The days an order is counted on stand with its lines' slices, which are read whenever it is posted: one home.
alter table sales_order drop column paid_counted_on;
alter table sales_order drop column refund_counted_on;

-- Sums of the whole county, whatever household they belong to: what most questions are about, at a cost that does not grow
-- with the number of households. `figure` keeps the households: by day, month and year through the shop's lens, by month
-- through the others, whose single days are read from the ledger itself.
create table figure_county (
    county_code text not null,
    basis text not null check (basis in ('event', 'pay')),
    lens text not null check (lens in ('shop', 'listing', 'room', 'anchor', 'stream')),
    grain text not null check (grain in ('d', 'm', 'y')),
    start_on date not null,
    key text not null,
    class text not null,
    -- Ledger rows summed here, as in `figure`.
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
    primary key (county_code, basis, lens, grain, start_on, key, class)
);

-- The sums there are so far.
insert into figure_county select county_code, basis, lens, grain, start_on, key, class,
    cast(sum(entries) as bigint), cast(sum(gmv_fen) as bigint), cast(sum(subsidy_fen) as bigint),
    cast(sum(refund_fen) as bigint), cast(sum(farmer_fen) as bigint), cast(sum(operator_fen) as bigint),
    cast(sum(village_fen) as bigint), cast(sum(anchor_fen) as bigint), cast(sum(platform_fen) as bigint),
    cast(sum(logistics_fen) as bigint), cast(sum(packaging_fen) as bigint), cast(sum(loss_fen) as bigint),
    cast(sum(unassigned_fen) as bigint), cast(sum(goods_g) as bigint), cast(sum(baseline_low_fen) as bigint),
    cast(sum(baseline_mid_fen) as bigint), cast(sum(baseline_high_fen) as bigint), cast(sum(extra_cost_fen) as bigint),
    cast(sum(farmer_without_baseline_fen) as bigint), cast(sum(settled_net_fen) as bigint),
    cast(sum(settled_farmer_fen) as bigint), cast(sum(settled_baseline_low_fen) as bigint),
    cast(sum(settled_baseline_mid_fen) as bigint), cast(sum(settled_baseline_high_fen) as bigint),
    cast(sum(settled_extra_cost_fen) as bigint), cast(sum(settled_without_baseline_fen) as bigint)
    from figure group by county_code, basis, lens, grain, start_on, key, class;

delete from figure where lens <> 'shop' and grain <> 'm';
-- Counts by year stand where questions over all years are asked most; the other lenses add up their months.
delete from figure_order where lens not in ('shop', 'class') and grain = 'y';

-- Single days of other lenses, by pay day.
create index ledger_entry_by_pay_day on ledger_entry (county_code, paid_on);

-- Lists of lines, the newest first, whatever they are chosen by: walked from the end until a page is full.
create index line_slice_by_day on line_slice (county_code, paid_counted_on, line_id);
