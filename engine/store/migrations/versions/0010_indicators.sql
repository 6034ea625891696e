-- The indicator library: versions as proposed, and what became of them. Nothing is ever changed or taken away.

create table indicator_version (
    key bigint default nextval('key_seq') not null,
    code text not null,
    name text not null,
    kind text not null,
    value_type text not null,
    value jsonb not null,
    unit text not null,
    law text not null,
    business_type text not null,
    district text not null,
    district_limits jsonb,
    valid_from date not null,
    valid_to date,
    reason text not null,
    proposed_by bigint not null,
    proposer_name text not null,
    proposed_at timestamptz not null,
    primary key (key),
    foreign key(proposed_by) references person (key) on delete restrict
);
create index indicator_version_code_idx on indicator_version (code, key);

create table indicator_decision (
    key bigint default nextval('key_seq') not null,
    version_key bigint not null,
    state text not null,
    version bigint,
    reason text not null,
    decided_by bigint not null,
    decider_name text not null,
    decided_at timestamptz not null,
    primary key (key),
    unique (version_key),
    foreign key(version_key) references indicator_version (key) on delete restrict,
    foreign key(decided_by) references person (key) on delete restrict
);

do $$
declare name text;
begin
    foreach name in array array['indicator_version', 'indicator_decision'] loop
        execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()',
            name || '_append_only', name);
        execute format('create trigger %I before truncate on %I for each statement execute function refuse_change()',
            name || '_no_truncate', name);
    end loop;
end $$;

grant select, insert on indicator_version, indicator_decision to :app_role;
