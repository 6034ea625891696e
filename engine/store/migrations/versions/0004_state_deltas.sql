-- What each step of an instance changed since the snapshot in instance_state. A snapshot without deltas is whole.

create table instance_delta (
    instance_key bigint not null,
    version bigint not null,
    body bytea not null,
    primary key (instance_key, version),
    foreign key(instance_key) references process_instance (key) on delete restrict
);

grant select, insert, delete on instance_delta to :app_role;
