-- Slices of an order are found by its lines: one index less to write for every line sold.
drop index line_slice_by_order;
