-- Facts of sales, from interfaces and files. Amounts in fen as the source states them; per group of facts (status, refund,
-- settlement) the newer by the platform's time wins, whatever arrives last. Buyers: a province and a keyed hash, no more.

create table sales_order (
    county_code text not null,
    order_id bigint not null,
    shop_id bigint not null,
    order_no text not null,
    updated_at timestamptz not null,
    created_at timestamptz not null,
    created_on date not null,
    paid_at timestamptz,
    paid_on date,
    completed_at timestamptz,
    completed_on date,
    status text not null check (status in ('unpaid', 'paid', 'completed', 'cancelled', 'unknown')),
    -- The platform's own word, kept for a status this program does not know.
    platform_status text not null,
    buyer_freight_fen bigint not null,
    -- Coupons known only for the order.
    shop_coupon_fen bigint not null,
    platform_coupon_fen bigint not null,
    anchor_coupon_fen bigint not null,
    -- '' where unknown.
    province text not null,
    buyer_hash text not null,
    -- Orders the payment among the order's events; 0 until paid.
    paid_event_id bigint not null,
    -- Days the order is counted on: a fact learnt after its month was locked counts on the first open day.
    paid_counted_on date,
    refund_counted_on date,
    -- First eight bytes of the evidence's sha256: an unchanged record writes nothing.
    evidence_mark bigint not null,
    primary key (county_code, order_id),
    unique (county_code, shop_id, order_no)
);

create index sales_order_by_day on sales_order (county_code, shop_id, created_on);

create table order_line (
    county_code text not null,
    line_id bigint not null,
    order_id bigint not null,
    shop_id bigint not null,
    line_no text not null,
    -- 0 where the source names no goods.
    sku_id bigint not null,
    pieces bigint not null,
    list_fen bigint not null,
    shop_coupon_fen bigint not null,
    platform_coupon_fen bigint not null,
    anchor_coupon_fen bigint not null,
    -- The platform's live room and author; '' where it names none.
    live_room_no text not null,
    author_no text not null,
    -- A stand-in (order number + '#order') whose real lines have arrived: it counts for nothing any more, but its row
    -- stays, because the ledger names it.
    replaced boolean not null,
    primary key (county_code, line_id),
    unique (county_code, shop_id, line_no)
);

create index order_line_by_order on order_line (county_code, order_id);

create table refund (
    county_code text not null,
    refund_id bigint not null,
    shop_id bigint not null,
    refund_no text not null,
    -- 0 until the order is known; then order_no is ''.
    order_id bigint not null,
    order_no text not null,
    -- The line it is for; '' = known only for the order.
    line_no text not null,
    updated_at timestamptz not null,
    status text not null check (status in ('pending', 'succeeded', 'closed')),
    platform_status text not null,
    status_unknown boolean not null,
    -- 0 until successful; negative when the platform brings a refund back.
    refund_fen bigint not null,
    -- null = not stated: goods first, freight when they are used up.
    freight_fen bigint,
    subsidy_back_fen bigint not null,
    refunded_at timestamptz,
    -- null until successful.
    refunded_on date,
    -- 时间推定: the source has no day, the pay day stands in.
    day_inferred boolean not null,
    outcome text not null check (outcome in ('never_left', 'returned', 'lost', 'kept')),
    pieces bigint not null,
    resent_pieces bigint not null,
    reason text not null,
    evidence_mark bigint not null,
    primary key (county_code, refund_id),
    unique (county_code, shop_id, refund_no)
);

create index refund_by_order on refund (county_code, order_id);
create index refund_by_change on refund (county_code, shop_id, updated_at);

create table settlement (
    county_code text not null,
    settlement_id bigint not null,
    shop_id bigint not null,
    statement_no text not null,
    order_id bigint not null,
    order_no text not null,
    line_no text not null,
    settled_at timestamptz not null,
    settled_on date not null,
    goods_fen bigint not null,
    freight_fen bigint not null,
    subsidy_fen bigint not null,
    refund_fen bigint not null,
    platform_fen bigint not null,
    anchor_fen bigint not null,
    evidence_mark bigint not null,
    primary key (county_code, settlement_id),
    unique (county_code, shop_id, statement_no)
);

create index settlement_by_order on settlement (county_code, order_id);

-- What else happens to an order: reported parcels, goods sent once more, compensation outside the platform, 推定结算.
create table order_event (
    county_code text not null,
    event_id bigint not null,
    order_id bigint not null,
    -- 0 = the whole order.
    line_id bigint not null,
    kind text not null check (kind in ('parcels', 'resend', 'offplatform_compensation', 'inferred')),
    happened_on date not null,
    -- Parcels, pieces or fen, by kind; 0 for 推定结算.
    quantity bigint not null,
    primary key (county_code, event_id)
);

create index order_event_by_order on order_event (county_code, order_id);

-- Which stream a line belongs to: versions, the highest number counts; the older choices, who and why stay.
create table attribution (
    county_code text not null,
    line_id bigint not null,
    version_id bigint not null,
    batch_id bigint not null,
    -- 0: not sold by a stream.
    stream_id bigint not null,
    -- live_room, author_window, shelf (推定), person, none, ambiguous.
    rule text not null,
    bulk boolean not null,
    actor text not null,
    reason text not null,
    primary key (county_code, line_id, version_id)
);

-- The queue of lines that wait for a person: a small part of all, found without reading the rest.
create index attribution_undecided on attribution (county_code, rule, line_id) where rule in ('ambiguous', 'shelf');

-- 供货批次: goods taken in by weight; the draws say which ticket a sold line came from. Filled by the lots pages.
create table lot (
    county_code text not null,
    lot_id bigint not null,
    product_id bigint not null,
    intake_on date not null,
    closed_on date,
    primary key (county_code, lot_id),
    foreign key (county_code, product_id) references product (county_code, product_id)
);

create table lot_ticket (
    county_code text not null,
    ticket_id bigint not null,
    lot_id bigint not null,
    farmer_id bigint not null,
    weight_g bigint not null,
    agreed_fen_per_kg bigint not null,
    primary key (county_code, ticket_id),
    foreign key (county_code, lot_id) references lot (county_code, lot_id),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);

create table draw (
    county_code text not null,
    line_id bigint not null,
    ticket_id bigint not null,
    drawn_g bigint not null,
    batch_id bigint not null,
    primary key (county_code, line_id, ticket_id),
    foreign key (county_code, ticket_id) references lot_ticket (county_code, ticket_id)
);
