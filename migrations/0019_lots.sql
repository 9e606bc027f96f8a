-- Goods that come from lots (供货批次), and a price book that two people keep (基准价).
--
-- A version of listing_supply whose one row names farmer 0 says that the listing's goods come from lots on its days. It
-- is a version among the others, the newest counts: so a day has shares or lots, never both.

-- 承诺达标合格证: goods of which a lot needs a certificate.
alter table product add column lot_certificate boolean not null default false;

-- 批次号, chosen by the branch and printed on the weighing list.
alter table lot add column lot_key text not null default '';
alter table lot add column certificate_no text not null default '';
-- Who owes for it, decided when it was weighed in; 0 where the county has no operator.
alter table lot add column operator_id bigint not null default 0;

-- Its place in the weighing list, from 1.
alter table lot_ticket add column ticket_no bigint not null default 0;
-- 等级; '' where the goods have none.
alter table lot_ticket add column grade text not null default '';
-- Sum of its draws, so that what is open is known without reading them; verify compares.
alter table lot_ticket add column drawn_g bigint not null default 0;
-- What was neither sold nor lost, and what was lost, once the lot is closed: weight = drawn + left + lost.
alter table lot_ticket add column left_g bigint not null default 0;
alter table lot_ticket add column lost_g bigint not null default 0;

-- Draws made when their line had been posted without them: a month locked before does not know them. Few, so they stand
-- apart and a draw stays what it is.
create table late_draw (
    county_code text not null,
    line_id bigint not null,
    ticket_id bigint not null,
    primary key (county_code, line_id, ticket_id),
    foreign key (county_code, ticket_id) references lot_ticket (county_code, ticket_id)
);

create unique index lot_by_key on lot (county_code, lot_key);
create index lot_open on lot (county_code, product_id) where closed_on is null;
create index lot_by_day on lot (county_code, intake_on);
create index lot_ticket_by_lot on lot_ticket (county_code, lot_id);
create index lot_ticket_by_farmer on lot_ticket (county_code, farmer_id);
create index draw_by_ticket on draw (county_code, ticket_id);
create index listing_supply_from_lots on listing_supply (county_code, listing_id) where farmer_id = 0;

-- Lines for which not enough was left in any lot: they wait for the next one, and are shown until it comes.
create table lot_shortage (
    county_code text not null references county (county_code),
    line_id bigint not null,
    order_id bigint not null,
    listing_id bigint not null,
    product_id bigint not null,
    paid_on date not null,
    missing_g bigint not null,
    primary key (county_code, line_id)
);

create index lot_shortage_by_product on lot_shortage (county_code, product_id);
create index lot_shortage_by_order on lot_shortage (county_code, order_id);

-- A price somebody entered. It feeds no figure until another person approves it: then it is a row of baseline.
create table baseline_entry (
    county_code text not null,
    entry_id bigint not null,
    product_id bigint not null,
    region_code text not null,
    valid_from date not null,
    valid_to date not null,
    low_fen_per_kg bigint not null,
    mid_fen_per_kg bigint not null,
    high_fen_per_kg bigint not null,
    salvage_fen_per_kg bigint,
    source text not null,
    account_id bigint not null,
    entered_by text not null,
    role text not null,
    came_from text not null,
    entered_at timestamptz not null,
    outcome text not null check (outcome in ('waiting', 'approved', 'rejected', 'withdrawn')),
    decided_by text not null,
    decided_at timestamptz,
    -- Why it was rejected.
    reason text not null,
    -- 0 until approved.
    baseline_id bigint not null,
    primary key (county_code, entry_id),
    foreign key (county_code, product_id) references product (county_code, product_id)
);

create index baseline_entry_waiting on baseline_entry (county_code, entry_id) where outcome = 'waiting';
create index baseline_by_product on baseline (county_code, product_id, valid_from);

-- Which product a market's name is, as a person matched it, once.
create table market_name (
    county_code text not null,
    market text not null,
    name text not null,
    product_id bigint not null,
    matched_by text not null,
    matched_at timestamptz not null,
    primary key (county_code, market, name),
    foreign key (county_code, product_id) references product (county_code, product_id)
);
