-- Goods bought by weight: decided when a ticket is weighed in, by the terms of its goods on that day. A price written
-- on goods that are sold on commission says nothing of what is owed.
alter table lot_ticket add column bought boolean not null default false;

update lot_ticket set bought = true where agreed_fen_per_kg > 0 and exists (
    select 1 from lot w
    join listing i on i.county_code = w.county_code and i.product_id = w.product_id
    join listing_terms v on v.county_code = i.county_code and v.listing_id = i.listing_id and v.model = 'purchase'
        and v.valid_from <= w.intake_on and (v.valid_to is null or v.valid_to >= w.intake_on)
    where w.county_code = lot_ticket.county_code and w.lot_id = lot_ticket.lot_id and not exists (
        select 1 from listing_terms n where n.county_code = v.county_code and n.listing_id = v.listing_id
        and n.valid_from <= w.intake_on and (n.valid_to is null or n.valid_to >= w.intake_on)
        and (n.batch_id > v.batch_id or (n.batch_id = v.batch_id and n.version_id > v.version_id))));
