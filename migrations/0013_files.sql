-- What files add: when each group of facts was stated, payments outside sales, profiles people save.

-- Orders whose groups of facts come from different answers: a file knows the status and not the live room, an interface
-- both. Per group the newer wins, whatever arrives last. An order that is not here has every group as of its updated_at.
create table order_stated (
    county_code text not null,
    order_id bigint not null,
    -- When coupons and who bears them were last stated; null = by no source yet.
    coupons_at timestamptz,
    -- The live room and the author.
    origin_at timestamptz,
    primary key (county_code, order_id)
);

-- 消费者赔付 and 小额打款 as statements list them. Once the order is known, an order_event of the same id stands for it.
create table compensation (
    county_code text not null,
    compensation_id bigint not null,
    shop_id bigint not null,
    statement_no text not null,
    -- 0 until the order is known; then order_no is ''.
    order_id bigint not null,
    order_no text not null,
    -- The line it is for; '' = known only for the order.
    line_no text not null,
    paid_on date not null,
    -- Positive as paid.
    paid_fen bigint not null,
    primary key (county_code, compensation_id),
    unique (county_code, shop_id, statement_no)
);

create index compensation_by_order on compensation (county_code, order_id);

-- How the columns of a file nobody had seen are read, as a person described it; newer versions replace older ones.
create table import_profile (
    county_code text not null references county (county_code),
    name text not null,
    -- The profile's JSON document.
    document text not null,
    saved_at timestamptz not null,
    saved_by text not null,
    primary key (county_code, name)
);
