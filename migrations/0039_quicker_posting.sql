-- Slices of an order are found by its lines: one index less to write for every line sold.
drop index line_slice_by_order;
-- True for orders that came in the unit of work that posts them: nothing can be posted of them yet.
alter table posting_queue add column is_new boolean not null default false;
