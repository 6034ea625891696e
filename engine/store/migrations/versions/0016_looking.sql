create table stated_reason (
    person_key bigint not null,
    instance_key bigint not null,
    reason text not null,
    stated_at timestamptz not null,
    primary key (person_key, instance_key),
    foreign key(person_key) references person (key) on delete restrict,
    foreign key(instance_key) references process_instance (key) on delete restrict
);

grant select, insert, update on stated_reason to :app_role;

-- Keyed hashes of pairs of characters: what they stand for rests encrypted under the key of the case.

create table case_terms (
    instance_key bigint not null,
    indexed_seq bigint not null,
    terms bigint[] not null,
    primary key (instance_key),
    foreign key(instance_key) references process_instance (key) on delete restrict
);
create index case_terms_terms_idx on case_terms using gin (terms);

grant select, insert, update, delete on case_terms to :app_role;
