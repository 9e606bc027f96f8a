-- Who changed what; secrets kept for shops; what a household agreed to; how long a buyer is remembered.

-- One row a unit of work, appended in its own transaction and chained by hash: one chain a county. Personal values are
-- recorded as changed, never as values, so that anonymising a household breaks no chain. Append-only.
create table audit (
    county_code text not null references county (county_code),
    audit_no bigint not null,
    at timestamptz not null,
    actor text not null,
    -- 0: the command line or a job.
    account_id bigint not null,
    role text not null,
    -- The client's address, "command line" or "job".
    came_from text not null,
    verb text not null,
    noun text not null,
    -- Which one, by its key or number; '' where there is only one.
    subject text not null,
    -- JSON objects of texts; '' where there is nothing to say.
    before text not null,
    after text not null,
    -- 0: the change has no batch.
    batch_id bigint not null,
    -- Hash of the row before, '' for the first; hash of this row with it.
    prev_hash text not null,
    hash text not null,
    primary key (county_code, audit_no)
);

-- Where the chain ends, so that rows cut from its end are missed too. Writers take this row first: the chain cannot fork.
create table audit_head (
    county_code text not null references county (county_code),
    audit_no bigint not null,
    hash text not null,
    primary key (county_code)
);

-- What a shop's platform knows us by, sealed with a key that is not in the database. The seal covers county, shop and
-- field, so that a row cannot be moved to another place.
create table secret (
    county_code text not null,
    shop_id bigint not null,
    field text not null check (field in ('app_key', 'app_secret', 'sign_secret', 'token')),
    -- Names the key it is sealed with.
    key_id text not null,
    sealed bytea not null,
    stored_at timestamptz not null,
    primary key (county_code, shop_id, field),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);

-- What a household agreed to, and until when.
create table consent (
    county_code text not null,
    farmer_id bigint not null,
    -- records: its sales are kept and shown to the county's officials; contact: the village contact prints its
    -- statements; showcase: it is named or pictured in public.
    kind text not null check (kind in ('records', 'contact', 'showcase')),
    given_on date not null,
    withdrawn_on date,
    recorded_by text not null,
    primary key (county_code, farmer_id, kind, given_on),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);

-- A household whose name was taken away on request; a document that still names it does not bring the name back.
create table farmer_anonymised (
    county_code text not null,
    farmer_id bigint not null,
    anonymised_at timestamptz not null,
    primary key (county_code, farmer_id),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);

-- Days after which an order's buyer hash is dropped; versions.
create table buyer_hash_days (
    county_code text not null references county (county_code),
    version_id bigint not null,
    batch_id bigint not null,
    valid_from date not null,
    days bigint not null check (days >= 0),
    primary key (county_code, version_id)
);

-- The day before which hashes were dropped last.
create table buyer_hash_expired (
    county_code text not null references county (county_code),
    before_on date not null,
    primary key (county_code)
);
