-- A month is reviewed before it is locked, its report is stored as it was locked, and what came later is found.

-- What somebody says of a month: a comment, or why it goes back to whoever put it forward. Only appended to.
create table month_note (
    county_code text not null references county (county_code),
    note_id bigint not null,
    -- First day of the month.
    month date not null,
    kind text not null check (kind in ('comment', 'return')),
    -- The filing that went back; 0 for a comment.
    filing_id bigint not null,
    said text not null,
    account_id bigint not null,
    said_by text not null,
    role text not null,
    said_at timestamptz not null,
    primary key (county_code, note_id)
);

create index month_note_by_month on month_note (county_code, month);
create index month_filing_by_month on month_filing (county_code, month);

-- The report of a month as it was when it was locked, byte for byte, numbered in one chain a county: each document holds
-- the SHA-256 of the one before. Only appended to.
create table month_report (
    county_code text not null references county (county_code),
    report_no bigint not null,
    -- First day of the month.
    month date not null,
    -- The lock's unit of work: the report sums the ledger rows booked in the month up to it.
    lock_batch_id bigint not null,
    made_at timestamptz not null,
    document text not null,
    -- Of the document's bytes, in hexadecimal.
    sha256 text not null,
    primary key (county_code, report_no)
);

create index month_report_by_month on month_report (county_code, month);

-- What was booked later and belongs to a locked month.
create index ledger_entry_by_adjusted on ledger_entry (county_code, adjusts_on) where adjusts_on is not null;

-- 期初数: a figure published before this program was used, with what it said it counted. Shown beside, never summed.
create table published_figure (
    county_code text not null references county (county_code),
    published_id bigint not null,
    amount_fen bigint not null,
    on_day date not null,
    document text not null,
    stated_basis text not null,
    entered_by text not null,
    entered_at timestamptz not null,
    primary key (county_code, published_id)
);

-- A locked month that one person asks to open again and another one opens. When it is opened the lock it had is kept here:
-- which days were closed at any moment stays known. Its report stays too, and the next lock makes another behind it.
create table month_opening (
    county_code text not null references county (county_code),
    opening_id bigint not null,
    month date not null,
    reason text not null,
    account_id bigint not null,
    asked_by text not null,
    role text not null,
    came_from text not null,
    asked_at timestamptz not null,
    outcome text not null check (outcome in ('waiting', 'opened', 'refused')),
    decided_by text not null,
    decided_at timestamptz,
    -- The lock as it was.
    lock_batch_id bigint not null,
    locked_at timestamptz not null,
    lock_actor text not null,
    lock_reason text not null,
    coverage_bp bigint not null,
    primary key (county_code, opening_id)
);

create unique index month_opening_waiting on month_opening (county_code, month) where outcome = 'waiting';
create index month_opening_by_month on month_opening (county_code, month);
