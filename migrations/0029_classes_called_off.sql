-- A class that does not take place: it and its sign-in stay as they were written down, and count for nothing from then on.
-- Null: it takes place.
alter table lesson add column called_off_on date;
alter table lesson add column called_off_reason text not null default '';
