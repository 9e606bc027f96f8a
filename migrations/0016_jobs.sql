-- When each shop is pulled and by whom, what every try came to, and how figures stand beside the platform's own.

-- A shop without a row is due at once, in the ordinary way.
create table pull_schedule (
    county_code text not null,
    shop_id bigint not null,
    pull_every_minutes bigint not null check (pull_every_minutes > 0),
    due_at timestamptz not null,
    -- When the last weeks are asked for once more; of a paused shop, when its token is looked after.
    again_at timestamptz not null,
    -- Tries in a row that failed: they wait longer each time.
    failures bigint not null,
    primary key (county_code, shop_id),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);

-- Whose turn it is to pull a shop. Each taking has a higher number: who wakes up with an older one writes nothing.
create table pull_lease (
    county_code text not null,
    shop_id bigint not null,
    fence bigint not null,
    -- '' = given back.
    holder text not null,
    ends_at timestamptz not null,
    primary key (county_code, shop_id),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);

-- One row a window that was written, in its transaction, and one a try that failed.
create table pull_log (
    county_code text not null,
    pull_id bigint not null,
    shop_id bigint not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    started_at timestamptz not null,
    took_ms bigint not null,
    -- Orders, after-sale cases and statement rows.
    seen bigint not null,
    added bigint not null,
    changed bigint not null,
    quarantined bigint not null,
    -- By the platform's own total.
    complete boolean not null,
    -- '' = written. Otherwise what kind of trouble it was, and what was said.
    trouble text not null check (trouble in
        ('', 'denied', 'throttled', 'exhausted', 'unreachable', 'refused', 'fault')),
    said text not null,
    primary key (county_code, pull_id),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);

create index pull_log_by_shop on pull_log (county_code, shop_id, pull_id);

-- 对账: our sums of a day beside those of the other side, as they stood when they were compared; the newest stands.
create table reconciled_day (
    county_code text not null,
    shop_id bigint not null,
    on_day date not null,
    measure text not null check (measure in ('sales', 'refunds', 'settled')),
    -- The platform's interface ('interface') or a file's name.
    other_side text not null,
    compared_at timestamptz not null,
    our_orders bigint not null,
    our_fen bigint not null,
    their_orders bigint not null,
    their_fen bigint not null,
    differences bigint not null,
    primary key (county_code, shop_id, on_day, measure),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);

create index reconciled_day_by_day on reconciled_day (county_code, on_day);

-- A difference stands under every day it moves: one that is on two days stands twice.
create table reconciled_difference (
    county_code text not null,
    shop_id bigint not null,
    on_day date not null,
    measure text not null check (measure in ('sales', 'refunds', 'settled')),
    place bigint not null,
    order_no text not null,
    reason text not null check (reason in ('missing', 'extra', 'amount', 'day', 'amount_and_day')),
    -- null = not on that side.
    our_on date,
    our_fen bigint,
    their_on date,
    their_fen bigint,
    primary key (county_code, shop_id, on_day, measure, place),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);
