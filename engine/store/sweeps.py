"""Statements about sweeps over running cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from engine.store.work import UnitOfWork

_SELECTED = """
      from process_instance i join process_definition d on d.key = i.definition_key
     where i.ended_at is null and i.key > :key and i.key <= :last
       and (:process = '' or d.process_id = :process) and starts_with(i.unit_path, :path)
"""
_TOTAL = text(f"select count(*) as total, coalesce(max(i.key), 0) as last {_SELECTED}")
_BATCH = text(f"select i.key {_SELECTED} order by i.key limit :limit")
_BEGIN = text("""
    insert into sweep (process_id, unit_path, started_at, moved_at, person_key, person_name, total, last_key, done,
                       found, failed)
    values (:process, :path, :at, :at, :person, :name, :total, 0, 0, 0, 0) returning key
""")
_UNFINISHED = text("""
    select * from sweep where ended_at is null and process_id = :process and unit_path = :path and started_at > :since
     order by key desc limit 1
""")
_MOVE = text("""
    update sweep set last_key = :last, done = done + :done, found = found + :found, failed = failed + :failed,
                     moved_at = :at, ended_at = case when :over then cast(:at as timestamptz) end
     where key = :key
""")
_FAULT = text("""
    insert into sweep_fault (sweep_key, instance_key, code, at) values (:key, :instance, :code, :at)
        on conflict do nothing
""")
_NEWEST = text("select * from sweep where starts_with(unit_path, :path) order by key desc limit :limit")
_ONE = text("select * from sweep where key = :key")
_FAULTS = text("select instance_key, code from sweep_fault where sweep_key = :key order by instance_key limit :limit")
_EVER = 2**62


def total(uow: UnitOfWork, process: str, path: str) -> int:
    """How many cases run that a sweep would look at."""
    row = uow.row(_TOTAL, {"key": 0, "last": _EVER, "process": process, "path": path})
    return int(row.total) if row else 0


def batch(uow: UnitOfWork, process: str, path: str, after: int, limit: int) -> list[int]:
    """The next running cases, by key."""
    values = {"key": after, "last": _EVER, "process": process, "path": path, "limit": limit}
    return [int(row.key) for row in uow.rows(_BATCH, values)]


def begin(uow: UnitOfWork, process: str, path: str, at: datetime, person: int | None, name: str, count: int) -> int:
    """A new sweep; its key."""
    values = {"process": process, "path": path, "at": at, "person": person, "name": name, "total": count}
    return int(uow.rows(_BEGIN, values)[0].key)


def unfinished(uow: UnitOfWork, process: str, path: str, since: datetime) -> Any | None:
    """A sweep of the same cases that was begun since then and is not over."""
    return uow.row(_UNFINISHED, {"process": process, "path": path, "since": since})


def move(uow: UnitOfWork, key: int, *, last: int, done: int, found: int, failed: int, at: datetime, over: bool) -> None:
    """How far it came."""
    values = {"key": key, "last": last, "done": done, "found": found, "failed": failed, "at": at, "over": over}
    uow.write(_MOVE, values)


def fault(uow: UnitOfWork, key: int, instance: int, code: str, at: datetime) -> None:
    """A case could not be judged."""
    uow.write(_FAULT, {"key": key, "instance": instance, "code": code, "at": at})


def faults(uow: UnitOfWork, key: int, limit: int) -> Sequence[Any]:
    """Cases that could not be judged."""
    return uow.rows(_FAULTS, {"key": key, "limit": limit})


def one(uow: UnitOfWork, key: int) -> Any | None:
    """A sweep."""
    return uow.row(_ONE, {"key": key})


def newest(uow: UnitOfWork, path: str, limit: int) -> Sequence[Any]:
    """Sweeps within a subtree, newest first."""
    return uow.rows(_NEWEST, {"path": path, "limit": limit})
