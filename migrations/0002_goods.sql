-- Whose shops, what is sold, and on which terms. Terms, supply and mappings are versions: never updated, the newest known wins.

-- 经营主体: whose shop it is and who pays the farmers.
create table operator (
    county_code text not null references county (county_code),
    operator_id bigint not null,
    operator_key text not null,
    name text not null,
    phone text not null,
    -- Day of the month on which settled income is paid out; 0 = not agreed.
    pays_on_day bigint not null,
    primary key (county_code, operator_id),
    unique (county_code, operator_key)
);

create table shop (
    county_code text not null references county (county_code),
    shop_id bigint not null,
    shop_key text not null,
    platform text not null references platform (platform),
    platform_shop_id text not null,
    name text not null,
    -- 0 = not yet named.
    operator_id bigint not null,
    -- End of the last complete pull window or export: the shop's figures are complete up to here.
    known_to_at timestamptz,
    primary key (county_code, shop_id),
    unique (county_code, shop_key)
);

-- 推定结算: from a day on, a shop without statements counts a completed line as settled after N days.
create table shop_setting (
    county_code text not null,
    shop_id bigint not null,
    version_id bigint not null,
    batch_id bigint not null,
    valid_from date not null,
    settled_after_days bigint not null,
    primary key (county_code, shop_id, version_id),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);

create table product (
    county_code text not null references county (county_code),
    product_id bigint not null,
    product_key text not null,
    name text not null,
    name_en text not null,
    primary key (county_code, product_id),
    unique (county_code, product_key)
);

-- A listing never changes product.
create table listing (
    county_code text not null,
    listing_id bigint not null,
    listing_key text not null,
    product_id bigint not null,
    name text not null,
    price_fen bigint not null,
    primary key (county_code, listing_id),
    unique (county_code, listing_key),
    foreign key (county_code, product_id) references product (county_code, product_id)
);

create table listing_terms (
    county_code text not null,
    listing_id bigint not null,
    version_id bigint not null,
    batch_id bigint not null,
    valid_from date not null,
    valid_to date,
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
    primary key (county_code, listing_id, version_id),
    foreign key (county_code, listing_id) references listing (county_code, listing_id)
);

-- A version of a listing's supply is all its rows with one version_id: at most 8 households, at most 100 % together.
create table listing_supply (
    county_code text not null,
    listing_id bigint not null,
    version_id bigint not null,
    farmer_id bigint not null,
    batch_id bigint not null,
    valid_from date not null,
    valid_to date,
    share_bp bigint not null,
    primary key (county_code, listing_id, version_id, farmer_id),
    foreign key (county_code, listing_id) references listing (county_code, listing_id)
);

create index listing_supply_by_start on listing_supply (county_code, valid_from);

-- A SKU as the platform names it; made when an order first shows it.
create table shop_sku (
    county_code text not null,
    sku_id bigint not null,
    shop_id bigint not null,
    product_no text not null,
    sku_no text not null,
    title text not null,
    primary key (county_code, sku_id),
    unique (county_code, shop_id, product_no, sku_no),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);

-- Which listing a shop's SKU is; sku_no '' is every SKU of the product. Versions: the newest row counts.
create table sku_mapping (
    county_code text not null,
    mapping_id bigint not null,
    batch_id bigint not null,
    shop_id bigint not null,
    product_no text not null,
    sku_no text not null,
    listing_id bigint not null,
    primary key (county_code, mapping_id),
    foreign key (county_code, shop_id) references shop (county_code, shop_id),
    foreign key (county_code, listing_id) references listing (county_code, listing_id)
);
