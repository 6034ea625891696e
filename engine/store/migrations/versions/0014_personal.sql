-- What belongs to one person: choices, phrases, filters, what they looked at. And print-outs of cases.

create table person_preference (
    person_key bigint not null,
    email text default '' not null,
    by_email boolean default false not null,
    by_webhook boolean default false not null,
    primary key (person_key),
    foreign key(person_key) references person (key) on delete restrict
);

create table notice_rule (
    unit_key bigint not null,
    email boolean not null,
    webhook text default '' not null,
    primary key (unit_key),
    foreign key(unit_key) references org_unit (key) on delete restrict
);

create table phrase (
    key bigint default nextval('key_seq') not null,
    person_key bigint not null,
    text text not null,
    primary key (key),
    unique (person_key, text),
    foreign key(person_key) references person (key) on delete restrict
);

create table saved_filter (
    key bigint default nextval('key_seq') not null,
    person_key bigint not null,
    name text not null,
    query text not null,
    primary key (key),
    unique (person_key, name),
    foreign key(person_key) references person (key) on delete restrict
);

alter table notice add column user_task_key bigint references user_task (key) on delete restrict;
alter table notice add column by_key bigint references person (key) on delete restrict;

create table task_look (
    user_task_key bigint not null,
    person_key bigint not null,
    at timestamptz default now() not null,
    primary key (user_task_key, person_key),
    foreign key(user_task_key) references user_task (key) on delete restrict,
    foreign key(person_key) references person (key) on delete restrict
);

create table printout (
    code text not null,
    instance_key bigint not null,
    last_seq bigint not null,
    head_hash bytea not null,
    digest text not null,
    printed_by bigint not null,
    printed_at timestamptz not null,
    primary key (code),
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(printed_by) references person (key) on delete restrict
);
create index ix_printout_instance_key on printout (instance_key);

alter table attachment add column hints bytea;

grant select, insert, update, delete on person_preference, notice_rule, phrase, saved_filter to :app_role;
grant select, insert on task_look, printout to :app_role;
