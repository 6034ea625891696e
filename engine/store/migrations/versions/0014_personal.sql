-- What belongs to one person: choices, phrases, filters, notices. And print-outs of cases.

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

create table notice (
    key bigint default nextval('key_seq') not null,
    person_key bigint not null,
    kind text not null,
    instance_key bigint not null,
    user_task_key bigint,
    by_key bigint,
    created_at timestamptz not null,
    read_at timestamptz,
    sent_at timestamptz,
    primary key (key),
    foreign key(person_key) references person (key) on delete restrict,
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(user_task_key) references user_task (key) on delete restrict,
    foreign key(by_key) references person (key) on delete restrict
);
create index notice_person_idx on notice (person_key, key);
create index notice_unread_idx on notice (person_key) where read_at is null;
create index notice_unsent_idx on notice (key) where sent_at is null;

create table task_look (
    user_task_key bigint not null,
    person_key bigint not null,
    at timestamptz default now() not null,
    primary key (user_task_key, person_key),
    foreign key(user_task_key) references user_task (key) on delete restrict,
    foreign key(person_key) references person (key) on delete restrict
);

create table notice_mark (
    name text not null,
    user_task_key bigint not null,
    primary key (name)
);
-- Whoever wants to be told outside is told of what comes from now on.
insert into notice_mark (name, user_task_key) values ('sent', nextval('key_seq'));

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
grant select, insert, update on notice, notice_mark to :app_role;
grant select, insert on task_look, printout to :app_role;
