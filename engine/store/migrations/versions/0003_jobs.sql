-- Jobs for workers outside; user tasks of called processes and of loops; version tags, which call activities may pin.

alter table process_definition add column version_tag text default '' not null;
create index process_definition_digest_idx on process_definition (digest, process_id);

alter table user_task
    add column called_key bigint,
    add column item_number text default '' not null,
    add column item bytea,
    add foreign key (called_key) references process_definition (key) on delete restrict;

create table job (
    key bigint default nextval('key_seq') not null,
    instance_key bigint not null,
    called_key bigint,
    element_id text not null,
    element_instance text not null,
    element_name text not null,
    type text not null,
    headers jsonb not null,
    state text not null,
    retries bigint not null,
    worker text default '' not null,
    locked_until timestamptz,
    message bytea,
    created_at timestamptz not null,
    ended_at timestamptz,
    primary key (key),
    unique (instance_key, element_instance),
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(called_key) references process_definition (key) on delete restrict
);
create index job_waiting_idx on job (type, key) where state in ('CREATED', 'FAILED') and retries > 0;
create index job_incident_idx on job (key) where state = 'FAILED' and retries = 0;

grant select, insert, update on job to :app_role;
