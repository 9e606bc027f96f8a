-- Households, rooms, anchors and their training.

create table farmer (
    county_code text not null references county (county_code),
    farmer_id bigint not null,
    farmer_key text not null,
    name text not null,
    village_code text not null,
    primary key (county_code, farmer_id),
    unique (county_code, farmer_key)
);

-- Counted by the category at the time of sale; versions.
create table farmer_category (
    county_code text not null,
    farmer_id bigint not null,
    version_id bigint not null,
    batch_id bigint not null,
    valid_from date not null,
    valid_to date,
    category text not null check (category in ('general', 'lifted', 'unstable', 'marginal', 'hardship')),
    primary key (county_code, farmer_id, version_id),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);

-- 红色直播间
create table room (
    county_code text not null references county (county_code),
    room_id bigint not null,
    room_key text not null,
    name text not null,
    village_code text not null,
    opened_on date not null,
    closed_on date,
    equipment text not null,
    primary key (county_code, room_id),
    unique (county_code, room_key)
);

create table room_account (
    county_code text not null,
    room_id bigint not null,
    platform text not null references platform (platform),
    author_no text not null,
    primary key (county_code, room_id, platform, author_no),
    foreign key (county_code, room_id) references room (county_code, room_id)
);

create table anchor (
    county_code text not null references county (county_code),
    anchor_id bigint not null,
    anchor_key text not null,
    name text not null,
    primary key (county_code, anchor_id),
    unique (county_code, anchor_key)
);

create table anchor_account (
    county_code text not null,
    anchor_id bigint not null,
    platform text not null references platform (platform),
    author_no text not null,
    primary key (county_code, anchor_id, platform, author_no),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id)
);

-- 学员 trainee → 见习 supervised → 认证 certified → 导师 mentor, dated, with evidence.
create table anchor_stage (
    county_code text not null,
    anchor_id bigint not null,
    from_on date not null,
    stage text not null check (stage in ('trainee', 'supervised', 'certified', 'mentor')),
    evidence text not null,
    primary key (county_code, anchor_id, from_on),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id)
);

create table training_module (
    county_code text not null references county (county_code),
    module_id bigint not null,
    module_key text not null,
    name text not null,
    name_en text not null,
    -- Planned class hours of 45 minutes.
    class_hours bigint not null,
    primary key (county_code, module_id),
    unique (county_code, module_key)
);

create table training_record (
    county_code text not null,
    anchor_id bigint not null,
    module_id bigint not null,
    attended_on date not null,
    class_hours bigint not null,
    passed_on date,
    primary key (county_code, anchor_id, module_id, attended_on),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id),
    foreign key (county_code, module_id) references training_module (county_code, module_id)
);

-- association: 聘书 / 培训证明; national: 职业技能等级. Only national ones count as 持证.
create table certificate (
    county_code text not null,
    anchor_id bigint not null,
    certificate_no text not null,
    kind text not null check (kind in ('association', 'national')),
    issued_on date not null,
    expires_on date,
    primary key (county_code, anchor_id, certificate_no),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id)
);
