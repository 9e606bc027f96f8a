-- Shops that are not asked for now: a person said so, and takes it back.

create table shop_pause (
    county_code text not null,
    shop_id bigint not null,
    paused_at timestamptz not null,
    paused_by text not null,
    primary key (county_code, shop_id),
    foreign key (county_code, shop_id) references shop (county_code, shop_id)
);
