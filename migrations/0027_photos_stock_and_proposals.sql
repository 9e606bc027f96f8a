-- What households offer for sale, photos of goods, how much of a listing there is, and names and prices that begin later.

-- 农户提的商品: what a household would like to sell. It is no listing and feeds nothing: the branch makes a draft of it,
-- which takes a second person as every draft does, or sends it back with a reason that the household reads.
create table listing_proposal (
    county_code text not null,
    proposal_id bigint not null,
    farmer_id bigint not null,
    -- 0: goods that nobody has entered yet.
    product_id bigint not null,
    goods text not null,
    pack_g bigint not null,
    amount_g bigint not null,
    -- The harvest: when the goods are there.
    ready_from date not null,
    ready_to date not null,
    -- What it would like for a pack; 0: it does not say.
    price_fen bigint not null,
    said text not null,
    proposed_at timestamptz not null,
    state text not null check (state in ('waiting', 'taken', 'returned')),
    -- The draft that was made of it; 0 until then.
    entry_id bigint not null,
    decided_by text not null,
    decided_at timestamptz,
    -- Why it was sent back.
    reason text not null,
    primary key (county_code, proposal_id),
    foreign key (county_code, farmer_id) references farmer (county_code, farmer_id)
);

create index listing_proposal_by_farmer on listing_proposal (county_code, farmer_id, proposal_id);
create index listing_proposal_by_state on listing_proposal (county_code, state, proposal_id);
create index listing_proposal_by_entry on listing_proposal (county_code, entry_id) where entry_id <> 0;

-- A photo of goods, drawn anew from what was uploaded, so that nothing a camera writes beside the picture is kept. One for
-- each thing; a newer one takes its place.
create table photo (
    county_code text not null references county (county_code),
    photo_id bigint not null,
    of_kind text not null check (of_kind in ('product', 'listing', 'proposal')),
    of_id bigint not null,
    -- Of the picture's bytes: an address with it may be kept for good.
    sha256 text not null,
    width_px bigint not null,
    height_px bigint not null,
    -- JPEG, and the same at the size of a thumb.
    picture bytea not null,
    small bytea not null,
    added_by text not null,
    added_at timestamptz not null,
    primary key (county_code, photo_id),
    unique (county_code, of_kind, of_id)
);

-- 库存: how many parcels of a listing somebody counted, where no lot tells. The newest counts.
create table stock_count (
    county_code text not null,
    listing_id bigint not null,
    count_id bigint not null,
    counted_on date not null,
    -- The first day whose sales come off the count: the day itself where it was counted before selling, else the next.
    sold_from date not null,
    parcels bigint not null,
    counted_by text not null,
    counted_at timestamptz not null,
    primary key (county_code, listing_id, count_id),
    foreign key (county_code, listing_id) references listing (county_code, listing_id)
);

-- Name and price that a listing has from a day on, approved before that day. Readers apply it from the day itself; it is
-- written into the listing, and the row goes, with the next change of listings.
create table listing_face (
    county_code text not null,
    listing_id bigint not null,
    entry_id bigint not null,
    valid_from date not null,
    name text not null,
    price_fen bigint not null,
    primary key (county_code, listing_id, entry_id),
    foreign key (county_code, listing_id) references listing (county_code, listing_id)
);
