"""Statements about what is due: claimed in batches by any number of clocks, put off when it could not be done."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from engine.model.ids import DefinitionKey, ElementId, ElementInstanceId, InstanceKey
from engine.store.work import UnitOfWork

FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """See the table."""

    key: int
    kind: str
    instance_key: InstanceKey | None
    definition_key: DefinitionKey | None
    publication_key: int | None
    element_id: ElementId
    element_instance: ElementInstanceId
    due_at: datetime
    remaining: int | None
    fired: int
    attempts: int
    called_key: DefinitionKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDue:
    """Something of a case that is to be done later."""

    kind: str
    element_id: ElementId
    element_instance: ElementInstanceId
    called_key: DefinitionKey | None
    due_at: datetime


# `materialized`: the limited subquery is to be planned by itself, along the index.
_CLAIM = text("""
    with found as materialized (
        select key as k from due where try_at <= :now order by try_at, key limit :limit for update skip locked
    )
    update due set try_at = :until from found where due.key = found.k
    returning key, kind, instance_key, definition_key, publication_key, element_id, element_instance, due_at,
              remaining, fired, attempts, called_key
""")
_LOCK = text("""
    select key, kind, instance_key, definition_key, publication_key, element_id, element_instance, due_at, remaining,
           fired, attempts
      from due where key = :key for update skip locked
""")
_ADD = text("""
    insert into due (kind, instance_key, called_key, element_id, element_instance, due_at, try_at)
    select x.kind, :instance, x.called_key, x.element_id, x.element_instance, x.due_at, x.due_at
      from jsonb_to_recordset(cast(:found as jsonb)) as x (
               kind text, called_key bigint, element_id text, element_instance text, due_at timestamptz)
""")
_DONE = text("delete from due where key = :key")
_PUT_OFF = text("update due set try_at = :at where key = :key")
_PARK = text("update due set try_at = 'infinity' where key = :key")
_FAILED = text(
    "update due set try_at = :at, attempts = attempts + 1, problem = :problem,"
    " problem_params = cast(:params as jsonb) where key = :key"
)
_FAILED_STARTS = text("""
    select d.key, d.kind, d.element_id, d.attempts, d.try_at, d.due_at, d.problem, d.problem_params,
           coalesce(p.name, '') as process_name, p.key as definition_key, coalesce(m.name, '') as name
      from due d left join process_definition p on p.key = d.definition_key
                 left join publication m on m.key = d.publication_key
     where d.instance_key is null and d.attempts > 0 order by d.key limit :limit
""")
_AGAIN = text("""
    update due set due_at = :due_at, try_at = :due_at, remaining = :remaining, fired = fired + 1, attempts = 0,
                   problem = ''
     where key = :key
""")


def claim(uow: UnitOfWork, now: datetime, until: datetime, limit: int) -> Sequence[DueRow]:
    """Up to `limit` rows that are due, the most overdue first; no other clock is given them before `until`.

    Whoever dies with them leaves them to the next clock after that.
    """
    found = [_row(row) for row in uow.rows(_CLAIM, {"now": now, "until": until, "limit": limit})]
    return sorted(found, key=lambda row: (row.due_at, row.key))


def add(uow: UnitOfWork, instance: int, found: Sequence[NewDue]) -> None:
    """Have these done later."""
    listed = [
        {
            "kind": one.kind,
            "called_key": one.called_key,
            "element_id": one.element_id,
            "element_instance": one.element_instance,
            "due_at": one.due_at.isoformat(),
        }
        for one in found
    ]
    uow.write(_ADD, {"instance": instance, "found": json.dumps(listed)})


def lock(uow: UnitOfWork, key: int) -> DueRow | None:
    """A row that belongs to no case, locked; None when it is gone or somebody else has it."""
    row = uow.row(_LOCK, {"key": key})
    return _row(row) if row else None


def done(uow: UnitOfWork, key: int) -> bool:
    """Forget a row; False when it is gone already."""
    return uow.write(_DONE, {"key": key}) == 1


def put_off(uow: UnitOfWork, key: int, at: datetime) -> None:
    """Try again at another time: somebody was working on the case."""
    uow.write(_PUT_OFF, {"key": key, "at": at})


def park(uow: UnitOfWork, key: int) -> None:
    """Its case is suspended: leave it alone until the case is resumed (`engine.store.lifecycle`)."""
    uow.write(_PARK, {"key": key})


def failed(uow: UnitOfWork, key: int, at: datetime, problem: str, params: Mapping[str, str]) -> None:
    """Note why it could not be done (a code, and the parameters of its text) and when to try again."""
    uow.write(_FAILED, {"key": key, "at": at, "problem": problem, "params": json.dumps(dict(params))})


def failed_starts(uow: UnitOfWork, limit: int) -> Sequence[Any]:
    """What is to begin a case and could not, oldest first."""
    return uow.rows(_FAILED_STARTS, {"limit": limit})


def later(now: datetime, attempts: int) -> datetime:
    """When to try again what has failed so often before."""
    doublings: int = 2 ** min(attempts, 20)
    return now + min(FIRST_RETRY * doublings, LONGEST_RETRY)


def again(uow: UnitOfWork, key: int, due_at: datetime, remaining: int | None) -> None:
    """A start timer has begun a case: its next due time."""
    uow.write(_AGAIN, {"key": key, "due_at": due_at, "remaining": remaining})


def _row(row: Any) -> DueRow:
    return DueRow(**row._asdict())
