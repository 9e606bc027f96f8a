-- Signing in to a class by a QR code that is shown in its room.

-- The code a class can be signed in to with, while its sign-in is open: one a class, of one day. It stands here as it is,
-- not as a hash: it hangs on the wall for everybody there, the page that shows it is drawn again, and it lets nobody in
-- who is not signed in and on the class's list.
create table lesson_code (
    county_code text not null,
    lesson_id bigint not null,
    code text not null,
    opened_at timestamptz not null,
    primary key (county_code, lesson_id),
    foreign key (county_code, lesson_id) references lesson (county_code, lesson_id)
);

-- Who signed in by it, and when. Whether somebody was there is said by lesson_seat alone, which a person may put right.
create table lesson_scan (
    county_code text not null,
    lesson_id bigint not null,
    anchor_id bigint not null,
    scanned_at timestamptz not null,
    primary key (county_code, lesson_id, anchor_id),
    foreign key (county_code, lesson_id, anchor_id) references lesson_seat (county_code, lesson_id, anchor_id)
);
