-- The first schema. One bigint sequence makes all keys; nothing cascades; history is append-only.

create sequence key_seq as bigint;


-- Organisation

create table org_unit (
    key bigint default nextval('key_seq') not null,
    parent_key bigint,
    code text not null,
    name text not null,
    level text not null,
    path text not null,
    primary key (key),
    foreign key(parent_key) references org_unit (key) on delete restrict,
    unique (code)
);
create unique index org_unit_path_idx on org_unit (path text_pattern_ops);

create table person (
    key bigint default nextval('key_seq') not null,
    username text not null,
    name text not null,
    unit_key bigint not null,
    password_hash text,
    locale text default 'zh_Hans_CN' not null,
    disabled boolean default false not null,
    demonstration boolean default false not null,
    session_epoch bigint default 1 not null,
    created_at timestamptz default now() not null,
    primary key (key),
    unique (username),
    foreign key(unit_key) references org_unit (key) on delete restrict
);

create table position_holding (
    person_key bigint not null,
    position text not null,
    unit_key bigint not null,
    position_name text not null,
    primary key (person_key, position, unit_key),
    foreign key(person_key) references person (key) on delete restrict,
    foreign key(unit_key) references org_unit (key) on delete restrict
);
create index position_holding_position_idx on position_holding (position, unit_key);

create table role_grant (
    person_key bigint not null,
    role text not null,
    scope text not null,
    unit_key bigint not null,
    primary key (person_key, role, unit_key),
    foreign key(person_key) references person (key) on delete restrict,
    foreign key(unit_key) references org_unit (key) on delete restrict
);

create table api_token (
    digest bytea not null,
    person_key bigint not null,
    name text not null,
    created_at timestamptz default now() not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    primary key (digest),
    foreign key(person_key) references person (key) on delete restrict
);
create index ix_api_token_person_key on api_token (person_key);

create table sign_in_failure (
    key bigint default nextval('key_seq') not null,
    username text not null,
    address text not null,
    at timestamptz default now() not null,
    primary key (key)
);
create index sign_in_failure_address_idx on sign_in_failure (address, at);
create index sign_in_failure_username_idx on sign_in_failure (username, at);

create table resident (
    key bigint default nextval('key_seq') not null,
    household bigint not null,
    unit_key bigint not null,
    wrapped_key bytea not null,
    id_index bytea not null,
    body bytea not null,
    primary key (key),
    foreign key(unit_key) references org_unit (key) on delete restrict,
    unique (id_index)
);
create index ix_resident_household on resident (household);


-- Definitions

create table resource (
    digest text not null,
    body bytea not null,
    primary key (digest)
);

create table deployment (
    key bigint default nextval('key_seq') not null,
    person_key bigint not null,
    created_at timestamptz default now() not null,
    primary key (key),
    foreign key(person_key) references person (key) on delete restrict
);

create table deployment_resource (
    deployment_key bigint not null,
    name text not null,
    digest text not null,
    primary key (deployment_key, name),
    foreign key(deployment_key) references deployment (key) on delete restrict,
    foreign key(digest) references resource (digest) on delete restrict
);

create table process_definition (
    key bigint default nextval('key_seq') not null,
    process_id text not null,
    version bigint not null,
    name text not null,
    digest text not null,
    resource_name text not null,
    deployment_key bigint not null,
    primary key (key),
    unique (process_id, version),
    foreign key(digest) references resource (digest) on delete restrict,
    foreign key(deployment_key) references deployment (key) on delete restrict
);

create table decision_definition (
    key bigint default nextval('key_seq') not null,
    decision_id text not null,
    version bigint not null,
    name text not null,
    digest text not null,
    resource_name text not null,
    deployment_key bigint not null,
    primary key (key),
    unique (decision_id, version),
    foreign key(digest) references resource (digest) on delete restrict,
    foreign key(deployment_key) references deployment (key) on delete restrict
);

create table form_definition (
    key bigint default nextval('key_seq') not null,
    form_id text not null,
    version bigint not null,
    digest text not null,
    resource_name text not null,
    deployment_key bigint not null,
    primary key (key),
    unique (form_id, version),
    foreign key(digest) references resource (digest) on delete restrict,
    foreign key(deployment_key) references deployment (key) on delete restrict
);


-- Cases

create table number_series (
    prefix text not null,
    year bigint not null,
    last bigint not null,
    primary key (prefix, year)
);

create table process_instance (
    key bigint default nextval('key_seq') not null,
    definition_key bigint not null,
    number text not null,
    unit_key bigint not null,
    unit_path text not null,
    starter_key bigint not null,
    subject bytea not null,
    state text not null,
    level text not null,
    current text[] not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    version bigint not null,
    last_seq bigint not null,
    head_hash bytea not null,
    primary key (key),
    foreign key(definition_key) references process_definition (key) on delete restrict,
    unique (number),
    foreign key(unit_key) references org_unit (key) on delete restrict,
    foreign key(starter_key) references person (key) on delete restrict
);
create index process_instance_definition_idx on process_instance (definition_key);
create index process_instance_starter_idx on process_instance (starter_key, key);
create index process_instance_unit_idx on process_instance (unit_path text_pattern_ops, key);

create table case_key (
    instance_key bigint not null,
    wrapped bytea,
    created_at timestamptz default now() not null,
    destroyed_at timestamptz,
    primary key (instance_key),
    foreign key(instance_key) references process_instance (key) on delete restrict
);

create table instance_state (
    instance_key bigint not null,
    version bigint not null,
    body bytea not null,
    primary key (instance_key),
    foreign key(instance_key) references process_instance (key) on delete restrict
);

create table user_task (
    key bigint default nextval('key_seq') not null,
    instance_key bigint not null,
    element_id text not null,
    element_instance text not null,
    element_name text not null,
    form_key bigint,
    state text not null,
    version bigint not null,
    assignee_key bigint,
    created_at timestamptz not null,
    completed_at timestamptz,
    completed_by bigint,
    outcome_code text,
    outcome_name text,
    primary key (key),
    unique (instance_key, element_instance),
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(form_key) references form_definition (key) on delete restrict,
    foreign key(assignee_key) references person (key) on delete restrict,
    foreign key(completed_by) references person (key) on delete restrict
);
create index user_task_assignee_idx on user_task (assignee_key, key) where state = 'CREATED';
create index user_task_done_idx on user_task (completed_by, completed_at, key);
create index user_task_open_idx on user_task (key) where state = 'CREATED';
create index user_task_worked_idx on user_task (instance_key, completed_by);

create table user_task_candidate (
    user_task_key bigint not null,
    position text not null,
    unit_key bigint not null,
    primary key (user_task_key, position, unit_key),
    foreign key(user_task_key) references user_task (key) on delete restrict,
    foreign key(unit_key) references org_unit (key) on delete restrict
);
create index user_task_candidate_position_idx on user_task_candidate (position, unit_key, user_task_key);

create table draft (
    user_task_key bigint not null,
    person_key bigint not null,
    body bytea not null,
    saved_at timestamptz not null,
    primary key (user_task_key, person_key),
    foreign key(user_task_key) references user_task (key) on delete restrict,
    foreign key(person_key) references person (key) on delete restrict
);

create table attachment (
    key bigint default nextval('key_seq') not null,
    instance_key bigint not null,
    user_task_key bigint not null,
    kind text not null,
    code text not null,
    name bytea not null,
    media_type text not null,
    size_bytes bigint not null,
    sha256 text not null,
    stored_digest text not null,
    uploaded_by bigint not null,
    uploaded_at timestamptz not null,
    bound_seq bigint,
    primary key (key),
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(user_task_key) references user_task (key) on delete restrict,
    foreign key(uploaded_by) references person (key) on delete restrict
);
create index attachment_instance_idx on attachment (instance_key);
create index attachment_stored_idx on attachment (stored_digest);
create index ix_attachment_user_task_key on attachment (user_task_key);

create table command_result (
    person_key bigint not null,
    command_id text not null,
    request_digest text not null,
    body bytea not null,
    created_at timestamptz not null,
    primary key (person_key, command_id),
    foreign key(person_key) references person (key) on delete restrict
);
create index command_result_created_idx on command_result (created_at);


-- Trace

create table trace_stream (
    stream bigint not null,
    last_seq bigint not null,
    head_hash bytea not null,
    primary key (stream)
);

create table trace_entry (
    stream bigint not null,
    seq bigint not null,
    at timestamptz not null,
    kind text not null,
    algorithm text not null,
    body bytea not null,
    hash bytea not null,
    previous_hash bytea not null,
    primary key (stream, seq, at)
) partition by range (at);

-- Every partition holds one month. The clock keeps three months ready; the default partition catches a clock gone wrong.
create table trace_entry_default partition of trace_entry default;

create function ensure_trace_partitions(first_month date, months int) returns void
language plpgsql security definer set search_path = public as $$
declare
    month date := date_trunc('month', first_month);
    partition text;
begin
    for i in 1 .. months loop
        partition := 'trace_entry_' || to_char(month, 'YYYYMM');
        if to_regclass(partition) is null then
            execute format('create table %I partition of trace_entry for values from (%L) to (%L)',
                partition, month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
            execute format('grant select, insert on %I to :app_role', partition);
        end if;
        month := month + interval '1 month';
    end loop;
end $$;
select ensure_trace_partitions(current_date, 4);

-- The system stream exists from the start.
insert into trace_stream (stream, last_seq, head_hash) values (0, 0, '');

-- Append-only: grants keep the serving role from it, triggers stop mistakes of the owner.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'table % is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;

do $$
declare name text;
begin
    foreach name in array array['trace_entry', 'resource', 'deployment', 'deployment_resource',
                                'process_definition', 'decision_definition', 'form_definition'] loop
        execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()',
            name || '_append_only', name);
        execute format('create trigger %I before truncate on %I for each statement execute function refuse_change()',
            name || '_no_truncate', name);
    end loop;
end $$;

grant usage on schema public to :app_role;
grant usage on sequence key_seq to :app_role;
grant select on all tables in schema public to :app_role;
grant insert on all tables in schema public to :app_role;
grant update, delete on sign_in_failure, user_task_candidate, draft, attachment, command_result, role_grant,
    position_holding to :app_role;
grant update on org_unit, person, api_token, number_series, process_instance, case_key, instance_state, user_task,
    trace_stream, resident to :app_role;
revoke insert on alembic_version from :app_role;
revoke execute on function ensure_trace_partitions(date, int) from public;
grant execute on function ensure_trace_partitions(date, int) to :app_role;
