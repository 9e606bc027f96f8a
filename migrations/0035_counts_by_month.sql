-- What a town or village sold through goods, a room, an anchor, a stream or by a household is counted by month alone:
-- of a single day such rows are as many as the orders they count. A range that begins or ends within a month counts the
-- slices of its days. The count of all classes together was that of the shops and was never read.
delete from figure_order where lens not in ('shop', 'class') and grain = 'd' and length(region_code) > 6;
delete from figure_order where lens = 'class' and key = 'all';

create index line_slice_by_refund on line_slice (county_code, refund_counted_on) where refund_counted_on is not null;
create index line_slice_unpaid on line_slice (county_code, created_on) where paid_counted_on is null;
