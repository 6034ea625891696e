"""Statements of the discipline side. No key in these tables comes from the common sequence."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.store import tables as t
from engine.store.work import UnitOfWork

_WATCHED = text("select place, wrapped_key, body from watched_place where place = any(cast(:places as bytea[]))")
_CHAIN = text("select code from org_unit where key = any(cast(:keys as bigint[])) order by path desc")
_REPORT = text("""
    insert into sealed_report (key, at, box)
    select gen_random_uuid(), :at, box from unnest(cast(:boxes as bytea[])) as sealed (box)
""")


def watched(uow: UnitOfWork, places: Sequence[bytes]) -> Sequence[Any]:
    """What is watched at these places, encrypted."""
    return uow.rows(_WATCHED, {"places": list(places)})


def all_watched(uow: UnitOfWork) -> Sequence[Any]:
    """Everything that is watched, encrypted."""
    return uow.rows(select(t.WatchedPlace.place, t.WatchedPlace.wrapped_key, t.WatchedPlace.body))


def watch(uow: UnitOfWork, place: bytes, wrapped_key: bytes, body: bytes) -> None:
    """Watch a place."""
    values = {"key": uuid.uuid4(), "place": place, "wrapped_key": wrapped_key, "body": body}
    uow.write(insert(t.WatchedPlace), values)


def stop_watching(uow: UnitOfWork, place: bytes) -> None:
    """Watch a place no more."""
    uow.write(delete(t.WatchedPlace).where(t.WatchedPlace.place == place))


def bodies(uow: UnitOfWork) -> Sequence[Any]:
    """All discipline bodies, by code."""
    return uow.rows(select(t.DisciplineBody.__table__).order_by(t.DisciplineBody.code))


def put_body(uow: UnitOfWork, values: dict[str, object]) -> None:
    """Add a discipline body, or change it."""
    statement = upsert(t.DisciplineBody).values(**values)
    uow.write(statement.on_conflict_do_update(index_elements=["code"], set_=values))


def chain(uow: UnitOfWork, unit_path: str) -> tuple[str, ...]:
    """Codes of a unit and those above it, the nearest first."""
    keys = [int(part) for part in unit_path.strip("/").split("/")]
    return tuple(row.code for row in uow.rows(_CHAIN, {"keys": keys}))


def add_reports(uow: UnitOfWork, at: datetime, boxes: Sequence[bytes]) -> None:
    """Keep sealed reports."""
    uow.write(_REPORT, {"at": at, "boxes": list(boxes)})


def reports(uow: UnitOfWork, limit: int, after: tuple[datetime, uuid.UUID] | None = None) -> Sequence[Any]:
    """The newest sealed reports of all bodies, or those that follow a place (its time and key) in this order."""
    table = t.SealedReport
    older: tuple[ColumnElement[bool], ...] = ()
    if after is not None:
        at, key = after
        older = (or_(table.at < at, and_(table.at == at, table.key > key)),)
    return uow.rows(select(table.__table__).where(*older).order_by(table.at.desc(), table.key).limit(limit))


def report(uow: UnitOfWork, key: uuid.UUID) -> Any | None:
    """One sealed report."""
    return uow.row(select(t.SealedReport.__table__).where(t.SealedReport.key == key))


def log(uow: UnitOfWork, at: datetime, person_key: int, box: bytes) -> None:
    """Note that somebody looked."""
    uow.write(insert(t.DisciplineLog), {"key": uuid.uuid4(), "at": at, "person_key": person_key, "box": box})


def looks(uow: UnitOfWork, limit: int) -> Sequence[Any]:
    """The newest looks."""
    return uow.rows(select(t.DisciplineLog.__table__).order_by(t.DisciplineLog.at.desc()).limit(limit))
