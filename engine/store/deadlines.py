"""Statements about time limits that run. The caller holds the lock of the case's row."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from engine.store.work import UnitOfWork

_SELECT = """
    select key, instance_key, element_id, element_instance, element_name, amount, legal, unit, warn, warn_unit, actions,
    started_at, warn_at, due_at, again_at, reset_at, light, stopped_at, unknown_year, calendar, ended_at
      from deadline
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRecord:
    """See the table."""

    key: int
    instance_key: int
    element_id: str
    element_instance: str
    element_name: str
    amount: int
    legal: int | None
    unit: str
    warn: int
    warn_unit: str
    actions: tuple[str, ...]
    started_at: datetime
    warn_at: datetime | None
    due_at: datetime | None
    again_at: datetime | None
    reset_at: datetime | None
    light: str
    stopped_at: datetime | None
    unknown_year: int | None
    calendar: str
    ended_at: datetime | None


# A time limit of the whole case begins once: a case that comes back to where it starts to run goes on with the first.
_FOLLOW = text("""
    with ended as (
        update deadline set ended_at = :at, stopped_at = null
         where instance_key = :instance and ended_at is null
           and (:over or element_instance = any(cast(:closed as text[])))
    ),
    silent as (
        delete from due where instance_key = :instance and kind in ('deadline', 'watch')
                          and (:over or element_instance = any(cast(:closed as text[])))
    ),
    begun as (
        insert into deadline (instance_key, element_id, element_instance, element_name, amount, legal, unit, warn,
                              warn_unit, actions, started_at, warn_at, due_at, again_at, light, stopped_at,
                              unknown_year, calendar)
        select :instance, x.element_id, x.element_instance, x.element_name, x.amount, x.legal, x.unit, x.warn,
               x.warn_unit, array(select jsonb_array_elements_text(x.actions)), :at, x.warn_at, x.due_at, x.again_at,
               'green', x.stopped_at, x.unknown_year, x.calendar
          from jsonb_to_recordset(cast(:begun as jsonb)) as x (
                   element_id text, element_instance text, element_name text, amount bigint, legal bigint, unit text,
                   warn bigint, warn_unit text, actions jsonb, warn_at timestamptz, due_at timestamptz,
                   again_at timestamptz, stopped_at timestamptz, unknown_year bigint, calendar text)
            on conflict (instance_key, element_instance) do nothing
        returning element_id, element_instance, warn_at, due_at, stopped_at
    )
    insert into due (kind, instance_key, element_id, element_instance, due_at, try_at)
    select 'deadline', :instance, element_id, element_instance, coalesce(warn_at, due_at, :at),
           case when stopped_at is null then coalesce(warn_at, due_at, 'infinity') else 'infinity' end
      from begun
""")
_RUNNING = text(f"{_SELECT} where instance_key = :instance and ended_at is null order by key")
_ALL = text(f"{_SELECT} where instance_key = :instance order by key")
_AFTER = text(f"{_SELECT} where ended_at is null and key > :key order by key limit :limit")
_MOVE = text("""
    with changed as (
        select * from jsonb_to_recordset(cast(:changed as jsonb)) as x (
            key bigint, warn_at timestamptz, due_at timestamptz, again_at timestamptz, reset_at timestamptz,
            light text, stopped_at timestamptz, unknown_year bigint, calendar text, next_at timestamptz)
    ),
    moved as (
        update deadline d
           set warn_at = x.warn_at, due_at = x.due_at, again_at = x.again_at, reset_at = x.reset_at, light = x.light,
               stopped_at = x.stopped_at, unknown_year = x.unknown_year, calendar = x.calendar
          from changed x where d.key = x.key
        returning d.instance_key, d.element_id, d.element_instance, x.next_at, x.stopped_at
    ),
    over as (
        delete from due using moved m
         where due.kind = 'deadline' and due.instance_key = m.instance_key
           and due.element_instance = m.element_instance and m.next_at is null and m.stopped_at is null
    )
    insert into due (kind, instance_key, element_id, element_instance, due_at, try_at)
    select 'deadline', instance_key, element_id, element_instance, coalesce(next_at, :at),
           case when stopped_at is null then next_at else 'infinity' end
      from moved where next_at is not null or stopped_at is not null
        on conflict (instance_key, element_instance) where kind = 'deadline'
        do update set due_at = excluded.due_at, try_at = excluded.try_at, attempts = 0, problem = ''
""")
_PAUSES = text("""
    select c.key, c.element_instance, c.kind, c.from_at, c.until_at, coalesce(p.name, '') as person_name
      from clock_pause c left join person p on p.key = c.person_key
     where c.instance_key = :instance order by c.from_at, c.key
""")
_STOP = text("""
    insert into clock_pause (instance_key, element_instance, kind, from_at, person_key)
    values (:instance, :element_instance, :kind, :at, :person)
""")
_GO_ON = text("update clock_pause set until_at = :at where key = any(cast(:keys as bigint[])) and until_at is null")


def follow(
    uow: UnitOfWork,
    instance: int,
    at: datetime,
    *,
    begun: Sequence[Mapping[str, object]],
    closed: Collection[str],
    over: bool,
) -> None:
    """What a step began and ended: limits with what is due for them. over: the case is."""
    values = {"instance": instance, "at": at, "begun": json.dumps(begun), "closed": list(closed), "over": over}
    uow.write(_FOLLOW, values)


def running(uow: UnitOfWork, instance: int) -> tuple[DeadlineRecord, ...]:
    """The limits of a case that run, oldest first."""
    return tuple(_record(row) for row in uow.rows(_RUNNING, {"instance": instance}))


def of_case(uow: UnitOfWork, instance: int) -> tuple[DeadlineRecord, ...]:
    """All limits of a case, oldest first."""
    return tuple(_record(row) for row in uow.rows(_ALL, {"instance": instance}))


def batch(uow: UnitOfWork, after_key: int, limit: int) -> tuple[DeadlineRecord, ...]:
    """Limits that run, of all cases, by key."""
    return tuple(_record(row) for row in uow.rows(_AFTER, {"key": after_key, "limit": limit}))


def move(uow: UnitOfWork, at: datetime, changed: Sequence[Mapping[str, object]]) -> None:
    """Change limits, by key, and what is due for each: `next_at`, nothing without one, held while it is stopped."""
    if changed:
        uow.write(_MOVE, {"changed": json.dumps(changed), "at": at})


def pauses(uow: UnitOfWork, instance: int) -> Sequence[Any]:
    """What stopped the clock of a case, oldest first."""
    return uow.rows(_PAUSES, {"instance": instance})


def stop(uow: UnitOfWork, instance: int, kind: str, at: datetime, *, element_instance: str, person: int | None) -> None:
    """The clock of a case stands still from now on."""
    values = {"instance": instance, "kind": kind, "at": at, "element_instance": element_instance, "person": person}
    uow.write(_STOP, values)


def go_on(uow: UnitOfWork, keys: Collection[int], at: datetime) -> None:
    """Pauses are over."""
    uow.write(_GO_ON, {"keys": sorted(keys), "at": at})


def _record(row: Any) -> DeadlineRecord:
    return DeadlineRecord(**{**row._asdict(), "actions": tuple(row.actions)})
