-- The posting queue is filled and emptied a hundred thousand times in a first pull, and PostgreSQL looked up the county of
-- every row. A unit of work knows its county: it holds its writer lock.
create table waiting_to_be_posted (
    county_code text not null,
    order_id bigint not null,
    primary key (county_code, order_id)
);
insert into waiting_to_be_posted (county_code, order_id) select county_code, order_id from posting_queue;
drop table posting_queue;
alter table waiting_to_be_posted rename to posting_queue;
