"""The SQL of `engine.store.cases`: every statement has a name; texts never change, so they stay prepared."""

from sqlalchemy import text

from engine.store.states import APPEND_DELTA, SUPERSEDE_STATE

_CASE = """
    select i.*, d.process_id, d.name as process_name, d.version as definition_version, d.digest,
           u.name as unit_name, coalesce(p.name, '') as starter_name, k.wrapped
      from process_instance i
      join process_definition d on d.key = i.definition_key
      join org_unit u on u.key = i.unit_key
      left join person p on p.key = i.starter_key
      join case_key k on k.instance_key = i.key
"""
CASE = text(f"{_CASE} where i.key = :key")
LOCKED_CASE = text(f"{_CASE} where i.key = :key for update of i")
FREE_CASE = text(  # locked if nobody else works on it
    f"{_CASE} where i.key = :key for update of i skip locked"
)
LOCKED_CASE_OF_USER_TASK = text(
    f"{_CASE} where i.key = (select instance_key from user_task where key = :key) for update of i"
)

LOCKED_CASE_OF_JOB = text(f"{_CASE} where i.key = (select instance_key from job where key = :key) for update of i")
LOCKED_CASE_OF_INCIDENT = text(
    f"{_CASE} where i.key = (select instance_key from incident where key = :key) for update of i"
)
LOCKED_CASE_OF_ELEMENT = text(f"""{_CASE}
     where i.key = coalesce((select instance_key from user_task where key = :key),
                            (select instance_key from job where key = :key), :key) for update of i""")

_USER_TASK = """
    select t.*, f.form_id, f.version as form_version, f.digest as form_digest,
           d.process_id as called_id, d.name as called_name, d.version as called_version, d.digest as called_digest,
           array(select c.position || ' ' || c.unit_key from user_task_candidate c
                  where c.user_task_key = t.key order by c.position, c.unit_key) as candidates
      from user_task t
      left join form_definition f on f.key = t.form_key
      left join process_definition d on d.key = t.called_key
"""
USER_TASK = text(f"{_USER_TASK} where t.key = :key")
OPEN_USER_TASKS = text(f"{_USER_TASK} where t.instance_key = :key and t.state = 'CREATED' order by t.key")
ALL_USER_TASKS = text(f"{_USER_TASK} where t.instance_key = :key order by t.key")

WORKING_USER_TASK = text(f"""
    select found.*, d.body as draft_body, d.saved_at as draft_saved_at, r.request_digest, r.body as result,
           exists (select from attachment where user_task_key = :key and uploaded_by = :person and bound_seq is null)
               as has_files,
           exists (select from user_task where instance_key = found.instance_key and completed_by = :person)
               or exists (select from carbon_copy where instance_key = found.instance_key and person_key = :person)
               as worked,
           array(select p.name from signing s join user_task t on t.key = s.user_task_key
                   join person p on p.key = t.assignee_key
                  where s.parent_key = :key and t.state = 'CREATED' order by t.key) as waits_for,
           coalesce((select onward from user_task_return where user_task_key = :key), '') as onward
      from ({_USER_TASK} where t.key = :key) as found
      left join draft d on d.user_task_key = :key and d.person_key = :person
      left join command_result r on r.person_key = :person and r.command_id = :command_id
""")
WORKED = text("""
    select exists (select from user_task where instance_key = :instance and completed_by = :person)
        or exists (select from carbon_copy where instance_key = :instance and person_key = :person)
""")

FRESH_USER_TASKS = text("""
    select nextval('key_seq') as key, f.key as form_key, f.version as form_version, f.digest as form_digest,
           p.key as person_key
      from unnest(cast(:form_ids as text[]), cast(:usernames as text[])) with ordinality
           as wanted (form_id, username, place)
      left join person p on p.username = wanted.username and not p.disabled
      left join lateral (select key, version, digest from form_definition d
                          where d.form_id = wanted.form_id order by d.version desc limit 1) f on true
     order by place
""")

NEXT_NUMBER = text("""
    insert into number_series (prefix, year, last) values (:prefix, :year, 1)
        on conflict (prefix, year) do update set last = number_series.last + 1
    returning last
""")

_TASKS = """
    made as (
        insert into user_task (key, instance_key, element_id, element_instance, element_name, form_key, state,
                               version, assignee_key, created_at, called_key, item_number, item)
        select x.key, :instance, x.element_id, x.element_instance, x.element_name, x.form_key, 'CREATED', 1,
               x.assignee_key, :at, x.called_key, x.item_number, decode(x.item, 'base64')
          from jsonb_to_recordset(cast(:made as jsonb)) as x (
                   key bigint, element_id text, element_instance text, element_name text, form_key bigint,
                   assignee_key bigint, called_key bigint, item_number text, item text)
    ),
    announced as (
        insert into job (key, instance_key, called_key, element_id, element_instance, element_name, type, headers,
                         state, retries, created_at)
        select x.key, :instance, x.called_key, x.element_id, x.element_instance, x.element_name, x.type, x.headers,
               'CREATED', x.retries, :at
          from jsonb_to_recordset(cast(:jobs as jsonb)) as x (
                   key bigint, called_key bigint, element_id text, element_instance text, element_name text, type text,
                   headers jsonb, retries bigint)
    ),
    offered as (
        insert into user_task_candidate (user_task_key, position, unit_key)
        select x.user_task_key, x.position, x.unit_key
          from jsonb_to_recordset(cast(:offered as jsonb)) as x (user_task_key bigint, position text, unit_key bigint)
    ),
    entry as (
        insert into trace_entry (stream, seq, at, kind, algorithm, body, hash, previous_hash)
        values (:instance, :seq, :entry_at, :kind, :algorithm, :body, :hash, :previous_hash)
    )
"""

INSERT_CASE = text(f"""
    with instance as (
        insert into process_instance (key, definition_key, number, unit_key, unit_path, starter_key, subject, state,
                                      level, current, started_at, ended_at, version, last_seq, head_hash)
        values (:instance, :definition_key, :number, :unit_key, :unit_path, :starter_key, :subject, :state, :level,
                :current, :at, :ended_at, :version, :seq, :hash)
    ),
    key as (insert into case_key (instance_key, wrapped) values (:instance, :wrapped)),
    {_TASKS}
    insert into instance_state (instance_key, version, body) values (:instance, :version, :snapshot)
""")

WRITE_COMPLETION = text(f"""
    with instance as (
        update process_instance
           set subject = :subject, state = :state, level = :level, current = :current, ended_at = :ended_at,
               suspended_at = null, version = :version, last_seq = :seq, head_hash = :hash
         where key = :instance
    ),
    done as (
        update user_task
           set state = 'COMPLETED', version = version + 1, completed_at = :at, completed_by = :person,
               outcome_code = :outcome_code, outcome_name = :outcome_name
         where key = :user_task
    ),
    cancelled as (
        update user_task set state = 'CANCELED', version = version + 1, completed_at = :at
         where instance_key = :instance and state = 'CREATED'
           and split_part(element_instance, '+', 1) = any(cast(:closed as text[]))
    ),
    worked as (
        update job set state = :job_state, worker = :worker, locked_until = null, ended_at = :at where key = :job
    ),
    dropped as (
        update job set state = 'CANCELED', locked_until = null, ended_at = :at
         where instance_key = :instance and state in ('CREATED', 'FAILED')
           and element_instance = any(cast(:closed as text[])) and key is distinct from :job
    ),
    mended as (
        update incident set state = 'RESOLVED', resolved_at = :at
         where instance_key = :instance and state = 'ACTIVE'
           and (:state <> 'ACTIVE' or job_key = :job or element_instance = any(cast(:closed as text[])))
    ),
    left_behind as (
        select key from user_task
         where key = :user_task
            or (instance_key = :instance and split_part(element_instance, '+', 1) = any(cast(:closed as text[])))
    ),
    forgotten as (delete from draft where user_task_key in (select key from left_behind)),
    bound as (update attachment set bound_seq = :seq where key = any(cast(:files as bigint[]))),
    stale as (
        delete from attachment
         where user_task_key in (select key from left_behind) and bound_seq is null
           and key <> all(cast(:files as bigint[]))
    ),
    result as (
        insert into command_result (person_key, command_id, request_digest, body, created_at)
        select :person, :command_id, :request_digest, :result, :at where cast(:result as bytea) is not null
    ),
    {_TASKS},
    {SUPERSEDE_STATE}
    {APPEND_DELTA}
""")

MOVE_HEAD = text("update process_instance set last_seq = :seq, head_hash = :hash where key = :key")
ASSIGN = text("update user_task set assignee_key = :assignee, version = version + 1 where key = :key")
