-- Households by form and by file, and goods on their way to the shelf: drafts that two people make a listing of, its
-- steps, and the certificates its goods need.

-- The whole phone number of a household, hashed with the county's key: the same number is recognised when a list of
-- households is read, and the number itself is kept nowhere.
create table farmer_phone_mark (
    county_code text not null,
    farmer_id bigint not null,
    mark text not null,
    primary key (county_code, farmer_id),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);

-- 上级合作社: whose members a household is among, from a day on. The latest that has begun counts.
create table farmer_membership (
    county_code text not null,
    farmer_id bigint not null,
    from_on date not null,
    operator_id bigint not null,
    primary key (county_code, farmer_id, from_on),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id),
    foreign key (county_code, operator_id) references operator (county_code, operator_id)
);

-- 等级, one a line; how it is sold (kg, jin, piece; '' where nobody said); harvest window as month and day, '10-15'.
alter table product add column grades text not null default '';
alter table product add column sold_by text not null default '';
alter table product add column harvest_from text not null default '';
alter table product add column harvest_to text not null default '';

-- A listing, or new terms of one, that somebody drafted. It feeds no figure until another person approves it: then it is
-- a row of listing and of listing_terms.
create table listing_entry (
    county_code text not null references county (county_code),
    entry_id bigint not null,
    -- 0 for a listing that is not there yet.
    listing_id bigint not null,
    listing_key text not null,
    product_id bigint not null,
    name text not null,
    price_fen bigint not null,
    valid_from date not null,
    model text not null check (model in ('consignment', 'share', 'purchase')),
    platform_bp bigint not null,
    anchor_bp bigint not null,
    operator_bp bigint not null,
    village_bp bigint not null,
    share_bp bigint not null,
    purchase_fen_per_kg bigint not null,
    freight_fen bigint not null,
    packaging_fen bigint not null,
    pack_g bigint not null,
    shrink_bp bigint not null,
    conversion_bp bigint not null,
    extra_cost_fen_per_kg bigint not null,
    loss_borne_by text not null check (loss_borne_by in ('operator', 'farmer')),
    volume text not null check (volume in ('moved', 'new')),
    account_id bigint not null,
    entered_by text not null,
    role text not null,
    came_from text not null,
    entered_at timestamptz not null,
    outcome text not null check (outcome in ('waiting', 'approved', 'rejected', 'withdrawn')),
    decided_by text not null,
    decided_at timestamptz,
    reason text not null,
    primary key (county_code, entry_id),
    foreign key (county_code, product_id) references product (county_code, product_id)
);

create index listing_entry_waiting on listing_entry (county_code) where outcome = 'waiting';
create index listing_entry_by_listing on listing_entry (county_code, listing_id);

-- What became of a listing: approved, published (上架), withdrawn (下架). One that came with a county document has no
-- steps and counts as published.
create table listing_step (
    county_code text not null,
    listing_id bigint not null,
    step_no bigint not null,
    step text not null check (step in ('approved', 'published', 'withdrawn')),
    at timestamptz not null,
    taken_by text not null,
    reason text not null,
    primary key (county_code, listing_id, step_no),
    foreign key (county_code, listing_id) references listing (county_code, listing_id)
);

-- Which goods need which paper before they are sold live, from when to when and by which rule; entered by the branch,
-- for rules change and counties differ.
create table certificate_rule (
    county_code text not null,
    rule_id bigint not null,
    product_id bigint not null,
    need text not null check (need in ('conformity', 'licence', 'origin')),
    valid_from date not null,
    valid_to date,
    source text not null,
    entered_by text not null,
    entered_at timestamptz not null,
    primary key (county_code, rule_id),
    foreign key (county_code, product_id) references product (county_code, product_id)
);

create index certificate_rule_by_product on certificate_rule (county_code, product_id);

-- 承诺达标合格证 conformity, 食品生产许可 sc, 小作坊登记 workshop, 地理标志授权 origin: of a product, or of one listing of it.
create table goods_certificate (
    county_code text not null,
    certificate_id bigint not null,
    product_id bigint not null,
    -- 0: all listings of the product.
    listing_id bigint not null,
    kind text not null check (kind in ('conformity', 'sc', 'workshop', 'origin')),
    certificate_no text not null,
    holder text not null,
    issued_on date not null,
    -- The last day it is good for; none where it does not end.
    expires_on date,
    -- The day from which it is no longer good, whatever is printed on it.
    revoked_on date,
    entered_by text not null,
    entered_at timestamptz not null,
    primary key (county_code, certificate_id),
    foreign key (county_code, product_id) references product (county_code, product_id)
);

create index goods_certificate_by_product on goods_certificate (county_code, product_id);
