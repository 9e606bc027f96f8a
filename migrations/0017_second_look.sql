-- The trail read by what a row is about; one filing a month that waits; texts without the characters that stand between
-- packed values.

-- Who changed an account lately is asked before a month is locked.
create index audit_by_subject on audit (county_code, noun, subject, audit_no);

create unique index month_filing_waiting on month_filing (county_code, month) where outcome = 'waiting';

-- Rows are read packed, with U+001E and U+001F between them and their values (the quotes below hold these characters).
-- What was stored before they were refused, or replaced, on arrival is made readable.
update sales_order set
    order_no = replace(replace(order_no, '', ' '), '', ' '),
    platform_status = replace(replace(platform_status, '', ' '), '', ' '),
    province = replace(replace(province, '', ' '), '', ' ')
where order_no || platform_status || province like '%%'
    or order_no || platform_status || province like '%%';

update order_line set
    line_no = replace(replace(line_no, '', ' '), '', ' '),
    live_room_no = replace(replace(live_room_no, '', ' '), '', ' '),
    author_no = replace(replace(author_no, '', ' '), '', ' ')
where line_no || live_room_no || author_no like '%%'
    or line_no || live_room_no || author_no like '%%';

update refund set
    refund_no = replace(replace(refund_no, '', ' '), '', ' '),
    order_no = replace(replace(order_no, '', ' '), '', ' '),
    line_no = replace(replace(line_no, '', ' '), '', ' '),
    platform_status = replace(replace(platform_status, '', ' '), '', ' '),
    reason = replace(replace(reason, '', ' '), '', ' ')
where refund_no || order_no || line_no || platform_status || reason like '%%'
    or refund_no || order_no || line_no || platform_status || reason like '%%';

update settlement set
    statement_no = replace(replace(statement_no, '', ' '), '', ' '),
    order_no = replace(replace(order_no, '', ' '), '', ' '),
    line_no = replace(replace(line_no, '', ' '), '', ' ')
where statement_no || order_no || line_no like '%%'
    or statement_no || order_no || line_no like '%%';

update attribution set
    actor = replace(replace(actor, '', ' '), '', ' '),
    reason = replace(replace(reason, '', ' '), '', ' ')
where actor || reason like '%%'
    or actor || reason like '%%';
