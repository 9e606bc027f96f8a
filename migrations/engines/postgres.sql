-- The ledger, the audit trail, reports and notes of months are append-only on PostgreSQL. On Citus, apply with citus.enable_unsafe_triggers, or leave this file out.
create or replace function ledger_entry_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'ledger_entry is append-only: post a correcting entry';
end $$;
create or replace trigger ledger_entry_no_change before update or delete on ledger_entry
for each statement execute function ledger_entry_is_append_only();
create or replace function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit is append-only: what happened is not changed afterwards';
end $$;
create or replace trigger audit_no_change before update or delete on audit
for each statement execute function audit_is_append_only();
create or replace function month_report_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'month_report is append-only: a report stays as it was stored';
end $$;
create or replace trigger month_report_no_change before update or delete on month_report
for each statement execute function month_report_is_append_only();
create or replace function month_note_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'month_note is append-only: what was said stays';
end $$;
create or replace trigger month_note_no_change before update or delete on month_note
for each statement execute function month_note_is_append_only();
-- Room is left on the pages of rows that are written again soon after: their new version stays on the page and no index
-- hears of it. Asked first: the change waits for whoever looks after a table (vacuum, analyze).
do $$
begin
    if not exists (select 1 from pg_class where oid = 'line_slice'::regclass and reloptions @> array['fillfactor=70']) then
        alter table line_slice set (fillfactor = 70);
        alter table figure set (fillfactor = 70);
        alter table figure_county set (fillfactor = 70);
        alter table figure_order set (fillfactor = 70);
    end if;
end $$;
