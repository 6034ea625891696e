-- Datasets that checks look things up in: bodies are ciphertext, searched by keyed hashes.

create table dataset (
    code text not null,
    name text not null,
    owner text not null,
    version text not null,
    as_of timestamptz not null,
    wrapped_key bytea not null,
    created_at timestamptz default now() not null,
    primary key (code)
);

create table dataset_row (
    key bigint default nextval('key_seq') not null,
    dataset text not null,
    body bytea not null,
    primary key (key),
    foreign key(dataset) references dataset (code) on delete restrict
);
create index ix_dataset_row_dataset on dataset_row (dataset);

create table dataset_index (
    row_key bigint not null,
    field text not null,
    dataset text not null,
    value_index bytea not null,
    primary key (row_key, field),
    foreign key(row_key) references dataset_row (key) on delete restrict
);
create index dataset_index_value_idx on dataset_index (value_index, dataset, field, row_key);

grant select, insert, update on dataset to :app_role;
grant select, insert, delete on dataset_row, dataset_index to :app_role;

-- Alerts of a unit, and what was done about them.

create table alert (
    key bigint default nextval('key_seq') not null,
    instance_key bigint not null,
    entry_seq bigint not null,
    unit_path text not null,
    element_id text not null,
    element_name text not null,
    check_id text not null,
    code text not null,
    name text not null,
    level text not null,
    outcome text not null,
    state text not null,
    verdict text,
    version bigint not null,
    repeats bigint not null,
    climbed bigint not null,
    handlers bigint[] not null,
    raised_at timestamptz not null,
    due_at timestamptz,
    cleared_at timestamptz,
    body bytea not null,
    primary key (key),
    foreign key(instance_key) references process_instance (key) on delete restrict
);
create unique index alert_open_idx on alert (instance_key, element_id, check_id) where state <> 'cleared';
create index alert_unit_idx on alert (unit_path text_pattern_ops, key);
create index alert_due_idx on alert (due_at) where state <> 'cleared';

create table alert_handling (
    alert_key bigint not null,
    number bigint not null,
    step text not null,
    verdict text,
    person_key bigint not null,
    person_name text not null,
    unit_name text not null,
    at timestamptz not null,
    body bytea not null,
    primary key (alert_key, number),
    foreign key(alert_key) references alert (key) on delete restrict,
    foreign key(person_key) references person (key) on delete restrict
);

-- The discipline side. No row has a key from the common sequence, and none says what or whom it is about.

create table discipline_body (
    code text not null,
    name text not null,
    unit_code text not null,
    parent text not null,
    manages text[] not null,
    public_key bytea not null,
    primary key (code)
);

create table watched_place (
    key uuid not null,
    place bytea not null,
    wrapped_key bytea not null,
    body bytea not null,
    primary key (key)
);
create index ix_watched_place_place on watched_place (place);

create table sealed_report (
    key uuid not null,
    at timestamptz not null,
    box bytea not null,
    primary key (key)
);
create index ix_sealed_report_at on sealed_report (at);

create table discipline_log (
    key uuid not null,
    at timestamptz not null,
    person_key bigint not null,
    box bytea not null,
    primary key (key),
    foreign key(person_key) references person (key) on delete restrict
);

do $$
declare name text;
begin
    foreach name in array array['alert_handling', 'sealed_report', 'discipline_log'] loop
        execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()',
            name || '_append_only', name);
        execute format('create trigger %I before truncate on %I for each statement execute function refuse_change()',
            name || '_no_truncate', name);
    end loop;
end $$;

grant select, insert, update on alert, discipline_body to :app_role;
grant select, insert on alert_handling, sealed_report, discipline_log to :app_role;
grant select, insert, delete on watched_place to :app_role;
