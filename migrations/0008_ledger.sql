-- The ledger: append-only, one row an event, household and dimensions; and what posting keeps beside it.
-- No foreign keys here: verify checks what they would, and a ledger of millions of rows should not pay for it.

-- A slice is one household of a line: slice_no is the farmer's id, 0 for what has none.
create table ledger_entry (
    county_code text not null,
    line_id bigint not null,
    slice_no bigint not null,
    entry_no bigint not null,
    event_kind text not null,
    event_id bigint not null,
    event_on date not null,
    booked_on date not null,
    paid_on date not null,
    -- First day of the locked month the entry belongs to; null when it is booked on its own day.
    adjusts_on date,
    batch_id bigint not null,
    posted_at timestamptz not null,
    shop_id bigint not null,
    room_id bigint not null,
    anchor_id bigint not null,
    stream_id bigint not null,
    listing_id bigint not null,
    product_id bigint not null,
    farmer_id bigint not null,
    village_code text not null,
    household_category text not null,
    lot_ticket_id bigint not null,
    baseline_id bigint not null,
    class text not null check (class in ('red', 'red_supervised', 'inferred', 'bulk', 'other')),
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
    primary key (county_code, line_id, slice_no, entry_no),
    check (gmv_fen + subsidy_fen - refund_fen = farmer_fen + operator_fen + village_fen + anchor_fen + platform_fen
        + logistics_fen + packaging_fen + loss_fen + unassigned_fen)
);

create index ledger_entry_by_day on ledger_entry (county_code, booked_on);

-- A locked month takes no new entries and keeps the versions known by its batch. month is its first day.
create table month_lock (
    county_code text not null references county (county_code),
    month date not null,
    batch_id bigint not null,
    locked_at timestamptz not null,
    actor text not null,
    -- Given where coverage was under 95 %; '' otherwise.
    reason text not null,
    coverage_bp bigint not null,
    primary key (county_code, month)
);

-- Orders whose facts or versions changed and that are not posted yet; empty between units of work.
create table posting_queue (
    county_code text not null references county (county_code),
    order_id bigint not null,
    primary key (county_code, order_id)
);

-- The present state of each slice of each line: what lists show and what counts are made of.
create table line_slice (
    county_code text not null,
    line_id bigint not null,
    farmer_id bigint not null,
    order_id bigint not null,
    shop_id bigint not null,
    listing_id bigint not null,
    product_id bigint not null,
    room_id bigint not null,
    anchor_id bigint not null,
    stream_id bigint not null,
    village_code text not null,
    class text not null,
    state text not null check (state in ('unpaid', 'provisional', 'settled', 'refunded')),
    without_listing boolean not null,
    without_baseline boolean not null,
    created_on date not null,
    paid_counted_on date,
    refund_counted_on date,
    -- Fingerprint of the numbers the order was last posted from: a changed fact shows even where rounding hides it.
    facts_mark bigint not null,
    primary key (county_code, line_id, farmer_id)
);

create index line_slice_by_order on line_slice (county_code, order_id);
create index line_slice_by_farmer on line_slice (county_code, farmer_id, paid_counted_on, line_id);
create index line_slice_by_stream on line_slice (county_code, stream_id, line_id);
