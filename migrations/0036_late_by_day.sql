-- What came back on the days of a month, and what was booked on them of months locked before: neither costs what else there
-- is of a household or of those days.
create index refund_by_day on refund (county_code, refunded_on) where refunded_on is not null;
create index ledger_entry_adjusting_by_day on ledger_entry (county_code, booked_on) where adjusts_on is not null;
