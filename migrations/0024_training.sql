-- The training of anchors as the branch keeps it: who they are, classes with their sign-in, assessments, steps of the
-- ladder with two people, papers that can be checked; party stages; contests.
--
-- training_record, anchor_stage and certificate stay the only truth of hours and passes, stages and certificates:
-- what is kept here says how they came about and writes into them.

-- For the gate before going live; null: nobody has looked.
alter table anchor add column born_on date;
alter table anchor add column guardian_consent_on date;
alter table anchor add column identity_checked_on date;
alter table anchor add column skills text not null default '';
-- Who looks after somebody's training; 0: nobody.
alter table anchor add column mentor_id bigint not null default 0;

-- What a module is for: the gate asks for the rules and for the goods.
alter table training_module add column purpose text not null default '' check (purpose in ('', 'rules', 'product'));
alter table training_module add column assessed_by text not null default 'quiz'
    check (assessed_by in ('quiz', 'practical', 'both'));

-- A stage that begins because a certificate ends: written with the certificate, taken back when it is renewed in time.
alter table anchor_stage add column lapse boolean not null default false;

alter table certificate add column class_no text not null default '';
-- 职业技能等级 5 to 1 of a national one; 0: none.
alter table certificate add column level bigint not null default 0;
-- What the paper's QR code opens; '' until it is printed.
alter table certificate add column check_code text not null default '';
alter table certificate add column revoked_on date;
alter table certificate add column revoked_reason text not null default '';
create index certificate_by_check on certificate (check_code) where check_code <> '';

-- Dated: the reference hours of the national standard by level, how many supervised streams certification takes, how
-- long a certificate holds, class hours of the yearly re-training.
create table training_rule (
    county_code text not null references county (county_code),
    rule_id bigint not null,
    valid_from date not null,
    level_5_hours bigint not null,
    level_4_hours bigint not null,
    level_3_hours bigint not null,
    level_2_hours bigint not null,
    level_1_hours bigint not null,
    supervised_streams bigint not null,
    certificate_months bigint not null,
    retrain_hours bigint not null,
    entered_by text not null,
    primary key (county_code, rule_id)
);

-- A planned class of a module. One that was held has its sign-in.
create table lesson (
    county_code text not null references county (county_code),
    lesson_id bigint not null,
    class_no text not null,
    module_id bigint not null,
    held_on date not null,
    class_hours bigint not null,
    teacher text not null,
    place text not null,
    primary key (county_code, lesson_id),
    foreign key (county_code, module_id) references training_module (county_code, module_id)
);

create index lesson_by_day on lesson (county_code, held_on);

-- Who was to be there, and was: planned until the sign-in is typed in.
create table lesson_seat (
    county_code text not null,
    lesson_id bigint not null,
    anchor_id bigint not null,
    attendance text not null check (attendance in ('planned', 'present', 'absent', 'excused')),
    primary key (county_code, lesson_id, anchor_id),
    foreign key (county_code, lesson_id) references lesson (county_code, lesson_id),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id)
);

create table assessment (
    county_code text not null references county (county_code),
    assessment_id bigint not null,
    anchor_id bigint not null,
    module_id bigint not null,
    kind text not null check (kind in ('quiz', 'practical')),
    taken_on date not null,
    score bigint not null,
    pass_score bigint not null,
    assessor text not null,
    primary key (county_code, assessment_id),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id),
    foreign key (county_code, module_id) references training_module (county_code, module_id)
);

create index assessment_by_anchor on assessment (county_code, anchor_id);

-- A step of the ladder put forward by one person; certification and mentorship wait for another one.
create table ladder_step (
    county_code text not null references county (county_code),
    step_id bigint not null,
    anchor_id bigint not null,
    stage text not null check (stage in ('trainee', 'supervised', 'certified', 'mentor')),
    from_on date not null,
    -- Number of the document that shows it.
    evidence text not null,
    -- What was met on the day it was decided, as a JSON document.
    met text not null,
    class_no text not null,
    certificate_no text not null,
    expires_on date,
    account_id bigint not null,
    proposed_by text not null,
    role text not null,
    came_from text not null,
    proposed_at timestamptz not null,
    outcome text not null check (outcome in ('waiting', 'taken', 'rejected', 'withdrawn')),
    decided_by text not null,
    decided_at timestamptz,
    reason text not null,
    primary key (county_code, step_id),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id)
);

create index ladder_step_by_outcome on ladder_step (county_code, outcome);

-- Something against the rules of selling live; open until it is put right.
create table violation (
    county_code text not null references county (county_code),
    violation_id bigint not null,
    anchor_id bigint not null,
    happened_on date not null,
    what text not null,
    recorded_by text not null,
    closed_on date,
    closed_by text not null,
    primary key (county_code, violation_id),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id)
);

-- Somebody lets an anchor go live although something is missing, in their own name, for some days.
create table go_live_waiver (
    county_code text not null references county (county_code),
    waiver_id bigint not null,
    anchor_id bigint not null,
    from_on date not null,
    to_on date not null,
    reason text not null,
    given_by text not null,
    primary key (county_code, waiver_id),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id)
);

-- 党员发展: there is a row while the module is switched on.
create table party_switch (
    county_code text not null references county (county_code),
    switched_on date not null,
    switched_by text not null,
    primary key (county_code)
);

-- Stage, day and number of the document; nothing else is kept.
create table party_step (
    county_code text not null references county (county_code),
    anchor_id bigint not null,
    stage text not null check (stage in ('applicant', 'activist', 'candidate', 'probationary', 'full')),
    from_on date not null,
    document_no text not null,
    primary key (county_code, anchor_id, stage),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id)
);

-- 技能比武: what counts is chosen before, the ranking is computed.
create table contest (
    county_code text not null references county (county_code),
    contest_id bigint not null,
    title text not null,
    from_on date not null,
    to_on date not null,
    -- Keys of indicators, separated by spaces.
    indicators text not null,
    entered_by text not null,
    -- From when its results stand; null: they are still computed.
    published_on date,
    primary key (county_code, contest_id)
);

create table contest_entrant (
    county_code text not null,
    contest_id bigint not null,
    anchor_id bigint not null,
    primary key (county_code, contest_id, anchor_id),
    foreign key (county_code, contest_id) references contest (county_code, contest_id),
    foreign key (county_code, anchor_id) references anchor (county_code, anchor_id)
);

-- Results as they were published: they stand, whatever is learnt of the days later.
create table contest_result (
    county_code text not null,
    contest_id bigint not null,
    anchor_id bigint not null,
    name text not null,
    place bigint not null,
    -- Places in each indicator, separated by spaces.
    places text not null,
    primary key (county_code, contest_id, anchor_id),
    foreign key (county_code, contest_id) references contest (county_code, contest_id)
);
