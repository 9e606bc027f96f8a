-- Refunds and statement rows that came before their order: few, and looked for whenever orders arrive.
create index refund_orphan on refund (county_code, shop_id, order_no) where order_id = 0;
create index settlement_orphan on settlement (county_code, shop_id, order_no) where order_id = 0;

-- Households by year through the lenses whose tables count them: a fifth of the rows that months are. The years are those
-- of the shop's lens, which kept them before.
insert into figure select f.county_code, f.basis, f.lens, 'y', y.start_on, f.key, f.farmer_id, f.household_category,
    f.village_code, f.class, cast(sum(f.entries) as bigint),
    cast(sum(f.gmv_fen) as bigint), cast(sum(f.subsidy_fen) as bigint), cast(sum(f.refund_fen) as bigint),
    cast(sum(f.farmer_fen) as bigint), cast(sum(f.operator_fen) as bigint), cast(sum(f.village_fen) as bigint),
    cast(sum(f.anchor_fen) as bigint), cast(sum(f.platform_fen) as bigint), cast(sum(f.logistics_fen) as bigint),
    cast(sum(f.packaging_fen) as bigint), cast(sum(f.loss_fen) as bigint), cast(sum(f.unassigned_fen) as bigint),
    cast(sum(f.goods_g) as bigint), cast(sum(f.baseline_low_fen) as bigint), cast(sum(f.baseline_mid_fen) as
    bigint), cast(sum(f.baseline_high_fen) as bigint), cast(sum(f.extra_cost_fen) as bigint),
    cast(sum(f.farmer_without_baseline_fen) as bigint), cast(sum(f.settled_net_fen) as bigint),
    cast(sum(f.settled_farmer_fen) as bigint), cast(sum(f.settled_baseline_low_fen) as bigint),
    cast(sum(f.settled_baseline_mid_fen) as bigint), cast(sum(f.settled_baseline_high_fen) as bigint),
    cast(sum(f.settled_extra_cost_fen) as bigint), cast(sum(f.settled_without_baseline_fen) as bigint)
    from figure f join (select distinct county_code, basis, start_on from figure where lens = 'shop' and grain = 'y') y
        on y.county_code = f.county_code and y.basis = f.basis
        and substr(cast(y.start_on as text), 1, 4) = substr(cast(f.start_on as text), 1, 4)
    where f.lens in ('listing', 'room', 'anchor') and f.grain = 'm'
    group by f.county_code, f.basis, f.lens, y.start_on, f.key, f.farmer_id, f.household_category, f.village_code, f.class;

-- A span that an interface no longer shows is told in the log of pulls as well: its file has to be imported.
create table pull_log_with_gaps (
    county_code text not null,
    pull_id bigint not null,
    shop_id bigint not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    started_at timestamptz not null,
    took_ms bigint not null,
    -- Orders, after-sale cases and statement rows.
    seen bigint not null,
    added bigint not null,
    changed bigint not null,
    quarantined bigint not null,
    -- By the platform's own total.
    complete boolean not null,
    -- '' = written. Otherwise what kind of trouble it was, and what was said.
    trouble text not null check (trouble in
        ('', 'denied', 'throttled', 'exhausted', 'unreachable', 'refused', 'fault', 'out_of_reach')),
    said text not null,
    primary key (county_code, pull_id),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);
insert into pull_log_with_gaps select * from pull_log;
drop table pull_log;
alter table pull_log_with_gaps rename to pull_log;
create index pull_log_by_shop on pull_log (county_code, shop_id, pull_id);
