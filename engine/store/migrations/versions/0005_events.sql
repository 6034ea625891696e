-- What cases wait for: one table of everything that is due, subscriptions to messages and signals, and what was
-- published. Rows of cases are only written under the lock of the case's row.

alter table process_instance alter column starter_key drop not null;

create table publication (
    key bigint default nextval('key_seq') not null,
    kind text not null,
    name text not null,
    key_hash bytea not null,
    message_id text default '' not null,
    wrapped bytea,
    body bytea,
    state text not null,
    published_at timestamptz not null,
    expires_at timestamptz not null,
    person_key bigint,
    unit_key bigint not null,
    reach text[] not null,
    source_key bigint,
    primary key (key),
    foreign key(person_key) references person (key) on delete restrict,
    foreign key(unit_key) references org_unit (key) on delete restrict
);
create unique index publication_id_idx on publication (name, message_id) where message_id <> '';
create index publication_buffered_idx on publication (name, key_hash, key) where state = 'BUFFERED';
create index publication_expiry_idx on publication (expires_at);

-- No foreign key to the case or the publication: checking it would wait for whoever works on that case just now.
create table due (
    key bigint default nextval('key_seq') not null,
    kind text not null,
    instance_key bigint,
    definition_key bigint,
    called_key bigint,
    publication_key bigint,
    element_id text default '' not null,
    element_instance text default '' not null,
    due_at timestamptz not null,
    remaining bigint,
    fired bigint default 0 not null,
    try_at timestamptz not null,
    attempts bigint default 0 not null,
    problem text default '' not null,
    primary key (key),
    foreign key(definition_key) references process_definition (key) on delete restrict,
    foreign key(called_key) references process_definition (key) on delete restrict
);
create index due_try_idx on due (try_at, key);
create unique index due_timer_idx on due (instance_key, element_instance) where kind = 'timer';
create index due_definition_idx on due (definition_key) where definition_key is not null;
create index due_publication_idx on due (publication_key) where publication_key is not null;

create table subscription (
    key bigint default nextval('key_seq') not null,
    kind text not null,
    name text not null,
    key_hash bytea not null,
    instance_key bigint,
    definition_key bigint,
    called_key bigint,
    element_id text not null,
    element_instance text not null,
    created_at timestamptz not null,
    primary key (key),
    unique (instance_key, element_instance),
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(definition_key) references process_definition (key) on delete restrict,
    foreign key(called_key) references process_definition (key) on delete restrict
);
create index subscription_name_idx on subscription (kind, name, key_hash, key);
create index subscription_definition_idx on subscription (definition_key) where definition_key is not null;

grant select, insert, update, delete on due, subscription, publication to :app_role;
