-- Time limits that run in a case, and what stopped their clock.

create table deadline (
    key bigint default nextval('key_seq') not null,
    instance_key bigint not null,
    element_id text not null,
    element_instance text not null,
    element_name text not null,
    amount bigint not null,
    legal bigint,
    unit text not null,
    warn bigint not null,
    warn_unit text not null,
    actions text[] not null,
    started_at timestamptz not null,
    warn_at timestamptz,
    due_at timestamptz,
    again_at timestamptz,
    reset_at timestamptz,
    light text not null,
    stopped_at timestamptz,
    unknown_year bigint,
    calendar text not null,
    ended_at timestamptz,
    primary key (key),
    unique (instance_key, element_instance),
    foreign key(instance_key) references process_instance (key) on delete restrict
);
create index deadline_due_idx on deadline (due_at) where ended_at is null;
create index deadline_running_idx on deadline (key) where ended_at is null;

create table clock_pause (
    key bigint default nextval('key_seq') not null,
    instance_key bigint not null,
    element_instance text not null,
    kind text not null,
    from_at timestamptz not null,
    until_at timestamptz,
    person_key bigint,
    primary key (key),
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(person_key) references person (key) on delete restrict
);
create index clock_pause_instance_idx on clock_pause (instance_key, from_at);

create unique index due_deadline_idx on due (instance_key, element_instance) where kind = 'deadline';
create unique index due_alert_idx on due (element_instance) where kind = 'alert';

-- The working calendar as the office has edited it: years that it declares known, and single days.

create table calendar_year (
    year bigint not null,
    source text not null,
    person_key bigint not null,
    changed_at timestamptz not null,
    primary key (year),
    foreign key(person_key) references person (key) on delete restrict
);

create table calendar_day (
    day date not null,
    working boolean not null,
    source text not null,
    person_key bigint not null,
    changed_at timestamptz not null,
    primary key (day),
    foreign key(person_key) references person (key) on delete restrict
);

-- Why a finding has no consequence, by whom and until when.

create table exemption (
    key bigint default nextval('key_seq') not null,
    kind text not null,
    check_code text not null,
    check_id text not null,
    scope text not null,
    instance_key bigint,
    process_id text not null,
    unit_path text not null,
    unit_name text not null,
    reason text not null,
    until date not null,
    person_key bigint not null,
    person_name text not null,
    created_at timestamptz not null,
    ended_at timestamptz,
    ended_by bigint,
    used bigint not null,
    primary key (key),
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(person_key) references person (key) on delete restrict,
    foreign key(ended_by) references person (key) on delete restrict
);
create index exemption_running_idx on exemption (check_code) where ended_at is null;

-- Sweeps over running cases: how far they came, what they found, and which cases could not be judged.

create table sweep (
    key bigint default nextval('key_seq') not null,
    process_id text not null,
    unit_path text not null,
    started_at timestamptz not null,
    moved_at timestamptz not null,
    ended_at timestamptz,
    person_key bigint,
    person_name text not null,
    total bigint not null,
    last_key bigint not null,
    done bigint not null,
    found bigint not null,
    failed bigint not null,
    primary key (key),
    foreign key(person_key) references person (key) on delete restrict
);

create table sweep_fault (
    sweep_key bigint not null,
    instance_key bigint not null,
    code text not null,
    at timestamptz not null,
    primary key (sweep_key, instance_key),
    foreign key(sweep_key) references sweep (key) on delete restrict,
    foreign key(instance_key) references process_instance (key) on delete restrict
);

-- What a check that is judged again and again said last, so that only news is written into the trace.

create table last_answer (
    instance_key bigint not null,
    element_id text not null,
    check_id text not null,
    answer text not null,
    at timestamptz not null,
    primary key (instance_key, element_id, check_id),
    foreign key(instance_key) references process_instance (key) on delete restrict
);

-- What people are told, and how it travelled. Nothing personal stands in these tables but who is told.

create table notice (
    key bigint default nextval('key_seq') not null,
    person_key bigint not null,
    kind text not null,
    instance_key bigint,
    alert_key bigint,
    element_name text not null,
    created_at timestamptz not null,
    read_at timestamptz,
    primary key (key),
    foreign key(person_key) references person (key) on delete restrict,
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(alert_key) references alert (key) on delete restrict
);
create index notice_person_idx on notice (person_key, key);
create index notice_unread_idx on notice (person_key) where read_at is null;

create table delivery (
    key bigint default nextval('key_seq') not null,
    notice_key bigint not null,
    channel text not null,
    state text not null,
    attempts bigint not null,
    problem text not null,
    created_at timestamptz not null,
    ended_at timestamptz,
    primary key (key),
    unique (notice_key, channel),
    foreign key(notice_key) references notice (key) on delete restrict
);
create index delivery_state_idx on delivery (state, key);

create table contact (
    person_key bigint not null,
    channel text not null,
    address bytea not null,
    primary key (person_key, channel),
    foreign key(person_key) references person (key) on delete restrict
);

grant select, insert, update on deadline, clock_pause, exemption, sweep, notice, delivery to :app_role;
grant select, insert on sweep_fault to :app_role;
grant select, insert, update, delete on calendar_year, calendar_day, last_answer, contact to :app_role;
