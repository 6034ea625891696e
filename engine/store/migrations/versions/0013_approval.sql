-- Verbs of approval: tasks that wait for added signers, ways straight back, copies, urging.

create table signing (
    user_task_key bigint not null,
    parent_key bigint not null,
    manner text not null,
    asked_by bigint not null,
    created_at timestamptz not null,
    primary key (user_task_key),
    foreign key(user_task_key) references user_task (key) on delete restrict,
    foreign key(parent_key) references user_task (key) on delete restrict,
    foreign key(asked_by) references person (key) on delete restrict
);
create index signing_parent_idx on signing (parent_key);

create table user_task_return (
    user_task_key bigint not null,
    onward text not null,
    primary key (user_task_key),
    foreign key(user_task_key) references user_task (key) on delete restrict
);

create table carbon_copy (
    key bigint default nextval('key_seq') not null,
    instance_key bigint not null,
    person_key bigint not null,
    sent_by bigint not null,
    sent_at timestamptz not null,
    read_at timestamptz,
    primary key (key),
    unique (instance_key, person_key),
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(person_key) references person (key) on delete restrict,
    foreign key(sent_by) references person (key) on delete restrict
);
create index carbon_copy_person_idx on carbon_copy (person_key, key);

create table urging (
    instance_key bigint not null,
    person_key bigint not null,
    urged_at timestamptz not null,
    times bigint not null,
    primary key (instance_key, person_key),
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(person_key) references person (key) on delete restrict
);

grant select, insert on signing, user_task_return to :app_role;
grant select, insert, update on carbon_copy, urging to :app_role;
