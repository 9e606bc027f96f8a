-- 场次计划: what the branch means to do on a stream, beside the stream itself. A planned stream is a row of stream like any
-- other from the day it is planned, so its window and shelf decide whose a sale is, and what really happened is written
-- over the same row.

create table stream_plan (
    county_code text not null,
    stream_id bigint not null,
    title text not null,
    -- The platform account it is to run on; '' where that is not said.
    author_no text not null,
    planned_from timestamptz not null,
    planned_to timestamptz not null,
    planned_by text not null,
    planned_at timestamptz not null,
    -- Who noted when it really began and ended; '' where nobody did.
    times_by text not null,
    -- Called off: it sells nothing, and its row stays for those who look back.
    cancelled_at timestamptz,
    cancelled_why text not null,
    primary key (county_code, stream_id),
    foreign key (county_code, stream_id) references stream (county_code, stream_id)
);

-- 助播: who stands beside the anchor. Sales are the anchor's alone.
create table stream_assistant (
    county_code text not null,
    stream_id bigint not null,
    anchor_id bigint not null,
    primary key (county_code, stream_id, anchor_id),
    foreign key (county_code, stream_id) references stream (county_code, stream_id),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id)
);

-- What is promised of a listing on a stream; its place is stream_shelf's to say.
create table stream_offer (
    county_code text not null,
    stream_id bigint not null,
    listing_id bigint not null,
    price_fen bigint not null,
    -- 0: no number was promised.
    promised_pieces bigint not null,
    -- 讲解要点
    points text not null,
    primary key (county_code, stream_id, listing_id),
    foreign key (county_code, stream_id) references stream (county_code, stream_id),
    foreign key (county_code, listing_id) references listing (county_code, listing_id)
);

-- 用语检查: where the county's list of barred phrases differs from the program's own. barred = false: may be said here.
create table barred_phrase (
    county_code text not null references county (county_code),
    phrase text not null,
    kind text not null check (kind in ('absolute', 'reserved', 'health', 'symbol')),
    suggestion text not null,
    barred boolean not null,
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (county_code, phrase)
);

-- The earlier streams of an anchor and of a room, the last first.
create index stream_by_anchor on stream (county_code, anchor_id, started_on);
create index stream_by_room on stream (county_code, room_id, started_on);
