-- Who may sign in: accounts with their roles, the links and sessions they get in by, and what slows guessing.
-- Control tables: people and devices are not a county's data, so their keys do not begin with a county. Only hashes of
-- secrets are kept. Links and sessions of before are dropped: they name no account, and people sign in again.

create table account (
    account_id bigint not null primary key,
    -- The county whose branch keeps the account: gives roles, resets, disables.
    county_code text not null references county (county_code),
    -- As typed at sign-in, in lower case.
    login_name text not null,
    display_name text not null,
    -- argon2id, in PHC form; null until a password was set by a one-time link.
    password_hash text,
    -- Shared secret of the second factor, as its keeper hands it over; null: none.
    totp_secret bytea,
    -- The last time step a code was taken of: a code works once.
    totp_step bigint not null,
    created_at timestamptz not null,
    disabled_at timestamptz,
    unique (login_name)
);

-- What an account is to whom. region_code: a county, a region of an official or auditor (also above the county), the
-- village of a village contact. subject_id: the anchor or household, else 0.
create table account_role (
    account_id bigint not null references account (account_id),
    role text not null check (role in
        ('branch_admin', 'branch', 'anchor', 'farmer', 'village_contact', 'official', 'auditor')),
    region_code text not null,
    subject_id bigint not null,
    given_at timestamptz not null,
    primary key (account_id, role, region_code, subject_id)
);

drop table sign_in_link;

-- kind: enter = signs in once under a role; password = sets a password once.
create table sign_in_link (
    token_hash text not null primary key,
    kind text not null check (kind in ('enter', 'password')),
    account_id bigint not null references account (account_id),
    county_code text not null references county (county_code),
    -- The role it signs in under; '' in a link for a password.
    role text not null,
    region_code text not null,
    subject_id bigint not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    redeemed_at timestamptz
);

drop table session;

-- token_hash changes when the role does; session_id stays and is what a person ends a session by.
create table session (
    session_id text not null primary key,
    token_hash text not null,
    -- 0: a household's device, which got in by a slip.
    account_id bigint not null,
    county_code text not null references county (county_code),
    role text not null,
    region_code text not null,
    subject_id bigint not null,
    -- Client address and browser at sign-in, for the person's own list.
    started_from text not null,
    agent text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    unique (token_hash)
);

create index session_by_account on session (account_id);

-- Failures since the last success: of an account under all addresses, of an address under all names, of a name under an
-- address. key is a hash; a pair that once succeeded is not held up by what others do to its account.
create table sign_in_failure (
    kind text not null check (kind in ('account', 'address', 'pair')),
    key text not null,
    failures bigint not null,
    failed_at timestamptz not null,
    succeeded_at timestamptz,
    primary key (kind, key)
);

-- A household's slip of paper: a QR code that lets a device in, with the last four digits of the household's phone at
-- first use. Five wrong digits end it.
create table slip (
    county_code text not null references county (county_code),
    slip_id bigint not null,
    farmer_id bigint not null,
    token_hash text not null,
    issued_at timestamptz not null,
    issued_by text not null,
    wrong_digits bigint not null,
    revoked_at timestamptz,
    primary key (county_code, slip_id),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);

create index slip_by_token on slip (token_hash);
create index slip_by_farmer on slip (county_code, farmer_id);

-- Which slips a device's session holds: several households, also of several counties.
create table session_slip (
    county_code text not null,
    session_id text not null,
    slip_id bigint not null,
    primary key (county_code, session_id, slip_id),
    foreign key (county_code, slip_id) references slip (county_code, slip_id)
);

-- The last four digits of a household's phone, hashed: what a slip asks for at first use. Nothing else of the phone.
create table farmer_phone (
    county_code text not null,
    farmer_id bigint not null,
    last4_hash text not null,
    primary key (county_code, farmer_id),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);
