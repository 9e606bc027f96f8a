-- Farm-gate prices the uplift is measured against, and market prices that are only a reference beside them.

-- 基准价, fen per kilogram; versions: a correction is a newer row, the old one stays.
create table baseline (
    county_code text not null,
    baseline_id bigint not null,
    batch_id bigint not null,
    product_id bigint not null,
    -- Village, town or county: the nearest to the household wins.
    region_code text not null,
    valid_from date not null,
    valid_to date not null,
    low_fen_per_kg bigint not null,
    mid_fen_per_kg bigint not null,
    high_fen_per_kg bigint not null,
    -- What the goods would bring unsold fresh; null = not stated.
    salvage_fen_per_kg bigint,
    source text not null,
    entered_by text not null,
    -- Another person than entered it.
    approved_by text not null,
    primary key (county_code, baseline_id),
    foreign key (county_code, product_id) references product (county_code, product_id)
);

-- Wholesale reference, never farm-gate: it feeds no figure.
create table market_price (
    county_code text not null references county (county_code),
    market text not null,
    name text not null,
    grade text not null,
    on_day date not null,
    low_fen_per_kg bigint not null,
    mid_fen_per_kg bigint not null,
    high_fen_per_kg bigint not null,
    batch_id bigint not null,
    primary key (county_code, market, name, grade, on_day)
);
