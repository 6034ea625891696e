-- Where cases cannot go on, why, and what came and could not be carried out.

create table incident (
    key bigint default nextval('key_seq') not null,
    instance_key bigint not null,
    called_key bigint,
    job_key bigint,
    element_id text not null,
    element_instance text not null,
    element_name text not null,
    kind text not null,
    cause text not null,
    code text not null,
    content bytea,
    state text default 'ACTIVE' not null,
    created_at timestamptz not null,
    resolved_at timestamptz,
    resolved_by bigint,
    primary key (key),
    foreign key(instance_key) references process_instance (key) on delete restrict,
    foreign key(called_key) references process_definition (key) on delete restrict,
    foreign key(job_key) references job (key) on delete restrict,
    foreign key(resolved_by) references person (key) on delete restrict
);
create unique index incident_active_idx on incident (instance_key, element_instance) where state = 'ACTIVE';
create index incident_instance_idx on incident (instance_key, key);

insert into incident (instance_key, called_key, job_key, element_id, element_instance, element_name, kind, cause, code,
                      created_at)
select instance_key, called_key, key, element_id, element_instance, element_name, 'job_failed', 'none', 'job.no_retries',
       now()
  from job
 where state = 'FAILED' and retries = 0
 order by key;

grant select, insert, update on incident to :app_role;
