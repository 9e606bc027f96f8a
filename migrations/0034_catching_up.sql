-- How far pulling that began behind has come, and days whose statements nobody can have read yet.

-- A shop that is being caught up with: a first pull, one after a long rest, one from a day somebody named. The newest stands.
create table pull_catch_up (
    county_code text not null,
    shop_id bigint not null,
    from_at timestamptz not null,
    -- It is over when everything up to here has been pulled.
    to_at timestamptz not null,
    begun_at timestamptz not null,
    -- The newest row of the pull log before it: windows written later are its own.
    after_pull_id bigint not null,
    primary key (county_code, shop_id),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);

-- Why a day's settled money is not held against anybody yet; '' = it was all there to be read.
alter table reconciled_day add column waits text not null default '' check (waits in ('', 'not_due', 'not_asked'));
