-- 打款: what households are to be paid and what was, recorded and never held. Nothing here is edited: what becomes of a
-- payout is a further row, and so is whatever puts one right.

-- What one person puts forward and another one approves. income: settled income and bought goods, up to a day. surplus:
-- 盈余返还, by its document. write_off: a balance below zero that the operator bears. returned: money that came back.
create table payout (
    county_code text not null references county (county_code),
    payout_id bigint not null,
    operator_id bigint not null,
    kind text not null check (kind in ('income', 'surplus', 'write_off', 'returned')),
    -- income, write_off: balances up to this day, the day itself in them. surplus: the document's day. returned: the day
    -- the money came back.
    up_to_on date not null,
    -- surplus: the document's number. write_off, returned: why. '' for income.
    reason text not null,
    -- returned: the payout whose money came back, else 0.
    of_payout_id bigint not null,
    -- Sums of its lines; money back and balances written off are below zero.
    amount_fen bigint not null,
    households bigint not null,
    -- What was known when it was put forward: every batch below this one.
    batch_id bigint not null,
    account_id bigint not null,
    proposed_by text not null,
    role text not null,
    came_from text not null,
    proposed_at timestamptz not null,
    primary key (county_code, payout_id),
    foreign key (county_code, operator_id) references operator (county_code, operator_id)
);

create table payout_line (
    county_code text not null,
    payout_id bigint not null,
    farmer_id bigint not null,
    amount_fen bigint not null,
    -- Of that, brought over from before the month it is up to: below zero where goods came back after they were paid.
    carried_fen bigint not null,
    primary key (county_code, payout_id, farmer_id),
    foreign key (county_code, payout_id) references payout (county_code, payout_id),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);

create index payout_line_by_farmer on payout_line (county_code, farmer_id, payout_id);

-- What became of a payout; each step once.
create table payout_step (
    county_code text not null,
    payout_id bigint not null,
    step text not null check (step in ('approved', 'withdrawn', 'paid')),
    account_id bigint not null,
    actor text not null,
    at timestamptz not null,
    -- The bank's day and number of a payment.
    paid_on date,
    reference text not null,
    primary key (county_code, payout_id, step),
    foreign key (county_code, payout_id) references payout (county_code, payout_id)
);

-- A household said that its money has arrived. It may, and never must.
create table payout_receipt (
    county_code text not null,
    payout_id bigint not null,
    farmer_id bigint not null,
    confirmed_at timestamptz not null,
    primary key (county_code, payout_id, farmer_id),
    foreign key (county_code, payout_id) references payout (county_code, payout_id)
);

-- Sum of a household's lines with an operator, those withdrawn left out, those written off and returned from their
-- approval on: what is due is found without reading what was ever paid. verify adds it up again.
create table payout_balance (
    county_code text not null,
    operator_id bigint not null,
    farmer_id bigint not null,
    covered_fen bigint not null,
    primary key (county_code, operator_id, farmer_id),
    foreign key (county_code, operator_id) references operator (county_code, operator_id),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);

-- Where a household's money goes, sealed with a key that is not in the database. The seal covers county and household.
create table bank_account (
    county_code text not null,
    farmer_id bigint not null,
    -- Names the key it is sealed with.
    key_id text not null,
    sealed bytea not null,
    stored_at timestamptz not null,
    primary key (county_code, farmer_id),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);

-- Sales of goods that were bought by weight: due when they were accepted, so not again when they are settled. Rows
-- without a ticket are not in it.
create index ledger_entry_by_ticket on ledger_entry (county_code, lot_ticket_id, booked_on) where lot_ticket_id <> 0;

-- 诉求: what a household asks about a figure of its own, and what became of it.
create table request (
    county_code text not null references county (county_code),
    request_id bigint not null,
    farmer_id bigint not null,
    -- What it is about, and which one: a line or payout by its number, a month as YYYY-MM.
    about text not null check (about in ('line', 'payout', 'month')),
    which text not null,
    said text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    -- Where its last step left it.
    state text not null check (state in ('open', 'assigned', 'answered', 'rated')),
    primary key (county_code, request_id),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);

create index request_by_farmer on request (county_code, farmer_id, request_id);
create index request_by_state on request (county_code, state, request_id);
create index request_by_time on request (county_code, asked_at);

-- What was done about it, one row a step, never changed.
create table request_step (
    county_code text not null,
    request_id bigint not null,
    step_no bigint not null,
    step text not null check (step in ('assigned', 'answered', 'rated', 'reopened')),
    account_id bigint not null,
    actor text not null,
    at timestamptz not null,
    -- assigned: who sees to it, by which day.
    assignee text not null,
    due_on date,
    -- The answer, or why it is asked again.
    said text not null,
    -- rated: 1 to 3; else 0.
    rating bigint not null,
    primary key (county_code, request_id, step_no),
    foreign key (county_code, request_id) references request (county_code, request_id)
);
