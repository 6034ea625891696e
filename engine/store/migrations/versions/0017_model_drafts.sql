-- Models that somebody is drawing, and the versions of them that somebody gave a reason for.

create table model_draft (
    key bigint default nextval('key_seq') not null,
    kind text not null,
    name text not null,
    resource_name text not null,
    body bytea not null,
    revision bigint default 1 not null,
    created_by bigint not null,
    created_at timestamptz not null,
    changed_by bigint not null,
    changed_at timestamptz not null,
    discarded_at timestamptz,
    primary key (key),
    foreign key(created_by) references person (key) on delete restrict,
    foreign key(changed_by) references person (key) on delete restrict
);
create index model_draft_open_idx on model_draft (changed_at desc, key desc) where discarded_at is null;

create table model_version (
    draft_key bigint not null,
    number bigint not null,
    digest text not null,
    reason text not null,
    loophole text not null,
    author_key bigint not null,
    created_at timestamptz not null,
    deployment_key bigint,
    primary key (draft_key, number),
    foreign key(draft_key) references model_draft (key) on delete restrict,
    foreign key(digest) references resource (digest) on delete restrict,
    foreign key(author_key) references person (key) on delete restrict,
    foreign key(deployment_key) references deployment (key) on delete restrict
);

grant select, insert, update on model_draft to :app_role;
grant select, insert on model_version to :app_role;
