-- How facts came in: checkpoints, what was received, what was set aside.

-- Where pulling stands, per shop and stream of records; moves in the transaction of its data.
create table pull_checkpoint (
    county_code text not null,
    shop_id bigint not null,
    kind text not null check (kind in ('order', 'refund', 'settlement')),
    done_to_at timestamptz not null,
    primary key (county_code, shop_id, kind),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);

-- The records of one answer or file that changed something, scrubbed, in one zstd frame: a JSON text a line.
create table evidence_blob (
    county_code text not null,
    blob_id bigint not null,
    batch_id bigint not null,
    shop_id bigint not null,
    -- The interface's method or the file's profile.
    source text not null,
    fetched_at timestamptz not null,
    -- Of the bytes as received, before scrubbing; of several pages, the sha256 of theirs in order.
    received_sha256 bytea not null,
    content bytea not null,
    primary key (county_code, blob_id)
);

-- Which answers say something about a record: kind and the row id of the order, refund or settlement.
create table evidence (
    county_code text not null,
    kind text not null check (kind in ('order', 'refund', 'settlement')),
    record_id bigint not null,
    blob_id bigint not null,
    -- Line within the blob.
    place bigint not null,
    -- Of the scrubbed record.
    sha256 bytea not null,
    primary key (county_code, kind, record_id, blob_id)
);

-- Records that could not be understood: kept, counted and shown, never guessed at.
create table quarantine (
    county_code text not null,
    quarantine_id bigint not null,
    batch_id bigint not null,
    shop_id bigint not null,
    source text not null,
    record_no text not null,
    reason text not null,
    evidence text not null,
    primary key (county_code, quarantine_id),
    unique (county_code, shop_id, source, record_no)
);

-- One row a file imported, also when it changed nothing.
create table import_log (
    county_code text not null references county (county_code),
    import_id bigint not null,
    at timestamptz not null,
    actor text not null,
    kind text not null,
    file_name text not null,
    file_sha256 text not null,
    rows_read bigint not null,
    rows_new bigint not null,
    rows_changed bigint not null,
    rows_unchanged bigint not null,
    rows_rejected bigint not null,
    primary key (county_code, import_id)
);
