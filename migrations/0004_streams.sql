-- Broadcasts 场次: one belongs to the day it started, past midnight too.

create table stream (
    county_code text not null,
    stream_id bigint not null,
    stream_key text not null,
    shop_id bigint not null,
    anchor_id bigint not null,
    -- 0: not in a Red Livestream Room.
    room_id bigint not null,
    -- The platform's live-room number of this broadcast; '' where unknown.
    live_room_no text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    started_on date not null,
    -- 观看人次 from the platform; null = not known.
    views bigint,
    primary key (county_code, stream_id),
    unique (county_code, stream_key),
    foreign key (county_code, shop_id) references shop (county_code, shop_id),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id)
);

create index stream_by_day on stream (county_code, started_on);

-- Goods on the shelf, in order.
create table stream_shelf (
    county_code text not null,
    stream_id bigint not null,
    place bigint not null,
    listing_id bigint not null,
    primary key (county_code, stream_id, place),
    foreign key (county_code, stream_id) references stream (county_code, stream_id),
    foreign key (county_code, listing_id) references listing (county_code, listing_id)
);
