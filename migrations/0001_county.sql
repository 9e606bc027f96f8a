-- Counties, reference tables, ids, units of work, sign-in. Portable: runs unchanged on SQLite and PostgreSQL.
-- county_code is the first column of every key of county data, so that counties never mix and the schema distributes.

-- Reference tables: the same for all counties.
create table region (
    code text not null primary key,
    name text not null,
    -- Digits of the code: 2, 4, 6, 9 or 12.
    level bigint not null
);

create table platform (
    platform text not null primary key,
    name text not null
);

create table county (
    county_code text not null primary key,
    name text not null,
    -- A demo county never holds real data and a real one never demo data; every page and file says which.
    demo boolean not null,
    -- What the demo was made with, so that a second run knows whether it can reuse it; empty for a real county.
    demo_made_with text not null,
    -- Key of the buyer hash: the same buyer is recognised within the county, nobody is recognised outside it.
    buyer_key bytea not null
);

-- Which county a platform's shop belongs to, for callers that know only the platform's numbers.
create table shop_route (
    platform text not null references platform (platform),
    platform_shop_id text not null,
    county_code text not null references county (county_code),
    primary key (platform, platform_shop_id)
);

-- Row ids are taken in blocks inside the transaction that uses them: known before the insert, alike on both engines.
create table id_block (
    county_code text not null references county (county_code),
    noun text not null,
    next bigint not null,
    primary key (county_code, noun)
);

-- One unit of work that changed facts, versions or locks. Numbers and times both strictly increase: "known at the lock"
-- means a batch number not above the lock's.
create table batch (
    county_code text not null references county (county_code),
    batch_id bigint not null,
    at timestamptz not null,
    actor text not null,
    kind text not null,
    primary key (county_code, batch_id)
);

-- Control tables: one-time sign-in links and the sessions they start. Only hashes are kept.
create table sign_in_link (
    token_hash text not null primary key,
    county_code text not null references county (county_code),
    role text not null,
    -- The farmer or anchor it is for, the region of an official; empty for the branch.
    subject text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    redeemed_at timestamptz
);

create table session (
    token_hash text not null primary key,
    county_code text not null references county (county_code),
    role text not null,
    subject text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

-- Who followed a figure to whose order line: an official's look is logged.
create table look (
    county_code text not null references county (county_code),
    look_id bigint not null,
    at timestamptz not null,
    role text not null,
    subject text not null,
    line_id bigint not null,
    primary key (county_code, look_id)
);
