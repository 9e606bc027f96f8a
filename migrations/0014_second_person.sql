-- Months put forward for locking, the second step's key, who looked at what, how often somebody takes tables away.

-- A month one person puts forward and another one locks. One that waits is its month's only one; what became of it is
-- kept, with whoever decided.
create table month_filing (
    county_code text not null references county (county_code),
    filing_id bigint not null,
    -- First day of the month.
    month date not null,
    -- Given where coverage was under 95 %; '' otherwise.
    reason text not null,
    -- The account that put it forward, and its name then.
    account_id bigint not null,
    filed_by text not null,
    role text not null,
    came_from text not null,
    filed_at timestamptz not null,
    outcome text not null check (outcome in ('waiting', 'locked', 'withdrawn')),
    decided_by text not null,
    decided_at timestamptz,
    primary key (county_code, filing_id)
);

create index month_filing_by_outcome on month_filing (county_code, outcome);

-- The key account.totp_secret is sealed with; null beside a secret: stored by an older program, in clear.
alter table account add column totp_key_id text;

-- Whose look it was, and at which household's own page (0: at a line).
alter table look add column account_id bigint not null default 0;
alter table look add column farmer_id bigint not null default 0;

-- Tables an account took away in the hour that began at started_at.
create table export_count (
    account_id bigint not null primary key,
    started_at timestamptz not null,
    exports bigint not null
);
