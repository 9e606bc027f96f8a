-- Half of the ledger is booked on the day of payment and found by it: only what is booked on another day needs an index of
-- its own.
drop index ledger_entry_by_pay_day;
create index ledger_entry_by_pay_day on ledger_entry (county_code, paid_on) where paid_on <> booked_on;
