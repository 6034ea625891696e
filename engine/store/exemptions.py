"""Statements about exemptions and suppressions."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, text

from engine.store import tables as t
from engine.store.work import UnitOfWork

_HOLDING = text("""
    select e.key, e.check_code, e.check_id, e.reason, e.person_name, e.until
      from exemption e
     where e.ended_at is null and e.until >= :day and e.person_key <> :acting
       and case e.scope when 'case' then e.instance_key = :instance
                        when 'business' then e.process_id = :process and starts_with(:path, e.unit_path)
                        else starts_with(:path, e.unit_path) end
       and not exists (select from process_instance i where i.key = :instance and i.starter_key = e.person_key)
       and not exists (select from user_task w where w.instance_key = :instance and w.completed_by = e.person_key)
     order by e.key
""")
_LISTED = """
    select e.*, coalesce(i.number, '') as number, coalesce(p.name, '') as ended_by_name
      from exemption e left join process_instance i on i.key = e.instance_key left join person p on p.key = e.ended_by
"""
_SEARCH = text(f"""{_LISTED}
     where e.unit_path like any(cast(:patterns as text[])) and (:code = '' or e.check_code = :code)
       and (not :open or (e.ended_at is null and e.until >= :day))
     order by (e.ended_at is null and e.until >= :day) desc, e.key desc limit :limit
""")
_ONE = text(f"{_LISTED} where e.key = :key for update of e")
_COUNTS = text("""
    select check_code, count(*) as open, sum(used) as used from exemption
     where unit_path like any(cast(:patterns as text[])) and ended_at is null and until >= :day group by check_code
""")
_END = text("update exemption set ended_at = :at, ended_by = :person where key = :key")
_USED = text("""
    update exemption e set used = used + n.times
      from unnest(cast(:keys as bigint[]), cast(:times as integer[])) as n (key, times) where e.key = n.key
""")


def holding(uow: UnitOfWork, day: date, *, instance: int | None, process: str, path: str, acting: int) -> Sequence[Any]:
    """What holds for a case on a day. Never what somebody granted who acts in the case, or acts now (`acting`)."""
    values = {"day": day, "instance": instance, "process": process, "path": path, "acting": acting}
    return uow.rows(_HOLDING, values)


def add(uow: UnitOfWork, values: Mapping[str, object]) -> int:
    """A new one; its key."""
    statement = insert(t.Exemption).values(**values, ended_at=None, ended_by=None, used=0).returning(t.Exemption.key)
    return int(uow.rows(statement)[0].key)


def one(uow: UnitOfWork, key: int) -> Any | None:
    """One, locked."""
    return uow.row(_ONE, {"key": key})


def search(
    uow: UnitOfWork, patterns: Sequence[str], day: date, *, code: str, only_open: bool, limit: int
) -> Sequence[Any]:
    """Those of units whose path is like one of the patterns: what holds first, the newest first."""
    values = {"patterns": list(patterns), "day": day, "code": code, "open": only_open, "limit": limit}
    return uow.rows(_SEARCH, values)


def counts(uow: UnitOfWork, patterns: Sequence[str], day: date) -> Sequence[Any]:
    """How many hold by code of the check (`open`), and how often they were used."""
    return uow.rows(_COUNTS, {"patterns": list(patterns), "day": day})


def end(uow: UnitOfWork, key: int, person: int, at: datetime) -> None:
    """End one."""
    uow.write(_END, {"key": key, "person": person, "at": at})


def used(uow: UnitOfWork, times: Mapping[int, int]) -> None:
    """Count findings that had no consequence, by key; rows are taken in the order of their keys."""
    keys = sorted(times)
    uow.write(_USED, {"keys": keys, "times": [times[key] for key in keys]})
