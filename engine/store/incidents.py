"""Statements about incidents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, text

from engine.model.ids import IncidentKey, PersonKey
from engine.model.trace_entries import SealedEntry
from engine.store import case_sql, cases
from engine.store import tables as t
from engine.store.case_joins import with_case_and_key
from engine.store.cases import CaseRecord, entry_values
from engine.store.definitions import ProcessReference
from engine.store.work import UnitOfWork
from engine.store.worklists import Reach, in_reach

_INCIDENT = with_case_and_key(t.Incident)

_ENTRY = """
    entry as (
        insert into trace_entry (stream, seq, at, kind, algorithm, body, hash, previous_hash)
        values (:instance, :seq, :entry_at, :kind, :algorithm, :body, :hash, :previous_hash)
    )
    update process_instance set last_seq = :seq, head_hash = :hash where key = :instance
"""

# A second thing that cannot be carried out at the same place replaces the first: the element waits for one of them.
_OPEN = text(f"""
    with opened as (
        insert into incident (key, instance_key, called_key, job_key, element_id, element_instance, element_name, kind,
                              cause, code, content, state, created_at)
        values (:key, :instance, :called_key, :job_key, :element_id, :element_instance, :element_name, :incident_kind,
                :cause, :code, :content, 'ACTIVE', :entry_at)
        on conflict (instance_key, element_instance) where state = 'ACTIVE' do update
           set key = excluded.key, job_key = excluded.job_key, kind = excluded.kind, cause = excluded.cause,
               code = excluded.code, content = excluded.content, created_at = excluded.created_at
    ),
    {_ENTRY}
""")

_RESOLVE = text(f"""
    with resolved as (
        update incident set state = 'RESOLVED', resolved_at = :entry_at, resolved_by = :person where key = :key
    ),
    {_ENTRY}
""")


_ELEMENT_INSTANCE = text("""
    select element_instance from user_task where key = :key
    union all
    select element_instance from job where key = :key
""")


_STUCK = text("""
    select i.key, i.number
      from process_instance i
     where i.state = 'ACTIVE' and i.key > :after
       and not exists (select from user_task t where t.instance_key = i.key and t.state = 'CREATED')
       and not exists (select from job j where j.instance_key = i.key and j.state in ('CREATED', 'FAILED'))
       and not exists (select from due d where d.instance_key = i.key)
       and not exists (select from subscription s where s.instance_key = i.key)
       and not exists (select from incident x where x.instance_key = i.key and x.state = 'ACTIVE')
     order by i.key limit :limit
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIncident:
    """An incident as it is stored. content: encrypted."""

    key: IncidentKey
    called: ProcessReference | None
    job_key: int | None
    element_id: str
    element_instance: str
    element_name: str
    kind: str
    cause: str
    code: str
    content: bytes


def open_incident(uow: UnitOfWork, case: CaseRecord, new: NewIncident, entry: SealedEntry) -> None:
    """Write an incident of a locked case with its trace entry and the head that it moves, in one statement."""
    uow.write(
        _OPEN,
        {
            "key": new.key,
            "instance": case.key,
            "called_key": new.called.key if new.called else None,
            "job_key": new.job_key,
            "element_id": new.element_id,
            "element_instance": new.element_instance,
            "element_name": new.element_name,
            "incident_kind": new.kind,
            "cause": new.cause,
            "code": new.code,
            "content": new.content,
            **entry_values(entry),
        },
    )


def resolve(uow: UnitOfWork, case: CaseRecord, key: int, person: PersonKey | None, entry: SealedEntry) -> None:
    """Close an incident of a locked case with its trace entry and the head that it moves, in one statement."""
    uow.write(_RESOLVE, {"key": key, "instance": case.key, "person": person, **entry_values(entry)})


def lock_case(uow: UnitOfWork, key: int) -> CaseRecord | None:
    """The case of an incident, locked until the end of the transaction."""
    return cases.locked(uow, case_sql.LOCKED_CASE_OF_INCIDENT, key)


def lock_case_of_element(uow: UnitOfWork, key: int) -> CaseRecord | None:
    """The case with that key, or of the user task or job with it, locked until the end of the transaction."""
    return cases.locked(uow, case_sql.LOCKED_CASE_OF_ELEMENT, key)


def element_instance(uow: UnitOfWork, key: int) -> str | None:
    """The element instance of a user task or job; None for the key of anything else."""
    row = uow.row(_ELEMENT_INSTANCE, {"key": key})
    return row[0] if row else None


def stuck(uow: UnitOfWork, *, after: int, limit: int) -> Sequence[Any]:
    """Key and number of active cases in which no row waits for anybody or anything, rising."""
    return uow.rows(_STUCK, {"after": after, "limit": limit})


def incident(uow: UnitOfWork, key: int) -> Any | None:
    """One incident in the shape of the lists."""
    return uow.row(_INCIDENT.where(t.Incident.key == key))


def active_at(uow: UnitOfWork, instance_key: int, element_instance: str) -> Any | None:
    """The active incident at an element instance."""
    return uow.row(
        _INCIDENT.where(
            t.Incident.instance_key == instance_key,
            t.Incident.element_instance == element_instance,
            t.Incident.state == "ACTIVE",
        )
    )


def of_case(uow: UnitOfWork, instance_key: int) -> Sequence[Any]:
    """The active incidents of a case, oldest first."""
    return uow.rows(
        _INCIDENT.where(t.Incident.instance_key == instance_key, t.Incident.state == "ACTIVE").order_by(t.Incident.key)
    )


def search(
    uow: UnitOfWork, reach: Reach, *, before_key: int | None, limit: int, equal: Mapping[str, object]
) -> Sequence[Any]:
    """Incidents of cases in reach, newest first. equal: values of columns (`state`, `kind`, `instance_key`, …)."""
    wanted: list[ColumnElement[bool]] = [getattr(t.Incident, name) == value for name, value in equal.items()]
    if before_key is not None:
        wanted.append(t.Incident.key < before_key)
    return uow.rows(_INCIDENT.where(in_reach(reach), *wanted).order_by(t.Incident.key.desc()).limit(limit))
