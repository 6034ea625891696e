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
