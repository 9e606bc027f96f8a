-- The ledger is append-only on SQLite: whoever opens the file with another program is refused too.
create trigger if not exists ledger_entry_no_update before update on ledger_entry
begin
    select raise(abort, 'ledger_entry is append-only: post a correcting entry');
end;
create trigger if not exists ledger_entry_no_delete before delete on ledger_entry
begin
    select raise(abort, 'ledger_entry is append-only: post a correcting entry');
end;
-- So is the audit trail.
create trigger if not exists audit_no_update before update on audit
begin
    select raise(abort, 'audit is append-only: what happened is not changed afterwards');
end;
create trigger if not exists audit_no_delete before delete on audit
begin
    select raise(abort, 'audit is append-only: what happened is not changed afterwards');
end;
-- And what was reported and said of months.
create trigger if not exists month_report_no_update before update on month_report
begin
    select raise(abort, 'month_report is append-only: a report stays as it was stored');
end;
create trigger if not exists month_report_no_delete before delete on month_report
begin
    select raise(abort, 'month_report is append-only: a report stays as it was stored');
end;
create trigger if not exists month_note_no_update before update on month_note
begin
    select raise(abort, 'month_note is append-only: what was said stays');
end;
create trigger if not exists month_note_no_delete before delete on month_note
begin
    select raise(abort, 'month_note is append-only: what was said stays');
end;
