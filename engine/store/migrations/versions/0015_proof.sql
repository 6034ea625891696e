-- The Merkle log: every entry once, in the order in which the sequencer found it committed.

create table log_leaf (
    position bigint not null,
    stream bigint not null,
    seq bigint not null,
    hash bytea not null,
    primary key (position)
);
create unique index log_leaf_entry_idx on log_leaf (stream, seq);

-- Hashes of complete subtrees of 256, 65 536, … leaves.
create table log_tile (
    level bigint not null,
    number bigint not null,
    hash bytea not null,
    primary key (level, number)
);

create table tree_head (
    size bigint not null,
    root bytea not null,
    at timestamptz not null,
    body bytea not null,
    signature bytea not null,
    public_key bytea not null,
    time_stamp bytea not null,
    primary key (size)
);

create table head_recipient (
    name text not null,
    size bigint not null,
    at timestamptz,
    fault text not null,
    primary key (name)
);

-- The sequencer finds recent entries without an index that grows with each of them.
create index trace_entry_at_idx on trace_entry using brin (at);

create table verification_round (
    key bigint default nextval('key_seq') not null,
    kind text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    position bigint not null,
    since_position bigint not null,
    after_stream bigint not null,
    streams bigint not null,
    entries bigint not null,
    files bigint not null,
    faults jsonb not null,
    primary key (key)
);

create table integrity_alarm (
    key bigint default nextval('key_seq') not null,
    raised_at timestamptz not null,
    stream bigint not null,
    seq bigint not null,
    fault text not null,
    reason text not null,
    seen_at timestamptz,
    seen_by bigint,
    primary key (key),
    foreign key(seen_by) references person (key) on delete restrict
);
create unique index integrity_alarm_open_idx on integrity_alarm (stream, seq, fault) where seen_at is null;

create table erasure (
    key bigint default nextval('key_seq') not null,
    instance_key bigint not null,
    basis text not null,
    proposed_by bigint not null,
    proposed_at timestamptz not null,
    state text not null,
    decided_by bigint,
    decided_at timestamptz,
    primary key (key),
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(proposed_by) references person (key) on delete restrict,
    foreign key(decided_by) references person (key) on delete restrict
);
create unique index erasure_open_idx on erasure (instance_key) where state = 'proposed';

do $$
declare name text;
begin
    foreach name in array array['log_leaf', 'log_tile'] loop
        execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()',
            name || '_append_only', name);
        execute format('create trigger %I before truncate on %I for each statement execute function refuse_change()',
            name || '_no_truncate', name);
    end loop;
end $$;

grant select, insert on log_leaf, log_tile, tree_head to :app_role;
grant update (time_stamp) on tree_head to :app_role;
grant select, insert, update on head_recipient, verification_round, integrity_alarm, erasure to :app_role;
