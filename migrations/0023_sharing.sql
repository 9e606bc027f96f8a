-- A link that shows one stored report of a locked month to whoever has it, without signing in. Only the hash of its secret
-- is kept. It ends on a day or when somebody revokes it; its row stays, so that what was handed out stays known.
create table shared_report (
    county_code text not null references county (county_code),
    link_id bigint not null,
    report_no bigint not null,
    -- First day of the report's month.
    month date not null,
    token_hash text not null,
    account_id bigint not null,
    made_by text not null,
    made_at timestamptz not null,
    -- The last day on which it opens.
    expires_on date not null,
    -- '' while it was not.
    revoked_by text not null,
    revoked_at timestamptz,
    openings bigint not null,
    last_opened_at timestamptz,
    primary key (county_code, link_id),
    foreign key (county_code, report_no) references month_report (county_code, report_no)
);

create index shared_report_by_token on shared_report (token_hash);
create index shared_report_by_month on shared_report (county_code, month);
