-- 重复档案: two records of one household. Nothing that names the double is moved: ledger, draws, tickets and payouts keep
-- its number. What follows says that both numbers are one household, from when on, and who agreed.

-- What one person put forward and another one decides: that a record is a double (merge), or is none after all (part).
create table farmer_double_entry (
    county_code text not null references county (county_code),
    entry_id bigint not null,
    act text not null check (act in ('merge', 'part')),
    double_id bigint not null,
    -- The record that is kept.
    into_id bigint not null,
    reason text not null,
    account_id bigint not null,
    entered_by text not null,
    role text not null,
    came_from text not null,
    entered_at timestamptz not null,
    outcome text not null check (outcome in ('waiting', 'approved', 'rejected', 'withdrawn')),
    decided_by text not null,
    decided_at timestamptz,
    -- Why it was rejected.
    answer text not null,
    primary key (county_code, entry_id),
    foreign key (county_code, double_id) references farmer (county_code, farmer_id),
    foreign key (county_code, into_id) references farmer (county_code, farmer_id)
);

create index farmer_double_entry_waiting on farmer_double_entry (county_code, entry_id) where outcome = 'waiting';

-- What was agreed. Taken back, a row says so and stays.
create table farmer_double (
    county_code text not null,
    entry_id bigint not null,
    double_id bigint not null,
    into_id bigint not null,
    -- Payouts of later batches count the two as one account.
    batch_id bigint not null,
    merged_on date not null,
    -- First day of a month that was never locked: ranges that reach it count one household.
    counts_from date not null,
    -- 0 while it stands.
    parted_batch_id bigint not null,
    primary key (county_code, entry_id),
    foreign key (county_code, entry_id) references farmer_double_entry (county_code, entry_id),
    foreign key (county_code, double_id) references farmer (county_code, farmer_id),
    foreign key (county_code, into_id) references farmer (county_code, farmer_id)
);

create unique index farmer_double_stands on farmer_double (county_code, double_id) where parted_batch_id = 0;
create index farmer_double_by_kept on farmer_double (county_code, into_id) where parted_batch_id = 0;
create index farmer_phone_mark_by_mark on farmer_phone_mark (county_code, mark);
