"""Statements about rounds of verification, and the alarms that they raise."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import cast, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.store import tables as t
from engine.store.work import UnitOfWork

_ROUND = t.VerificationRound.__table__


def open_round(uow: UnitOfWork, kind: str | None = None) -> Any | None:
    """The round that is under way (of a kind), locked; None when there is none, or somebody else works on it."""
    found = select(_ROUND).where(_ROUND.c.finished_at.is_(None))
    if kind is not None:
        found = found.where(_ROUND.c.kind == kind)
    return uow.row(found.order_by(_ROUND.c.key.desc()).limit(1).with_for_update(skip_locked=True))


def lock_round(uow: UnitOfWork, key: int) -> Any | None:
    """A round, locked; None when it is finished or somebody else works on it."""
    found = select(_ROUND).where(_ROUND.c.key == key, _ROUND.c.finished_at.is_(None))
    return uow.row(found.with_for_update(skip_locked=True))


def last_finished(uow: UnitOfWork, kind: str | None = None) -> Any | None:
    """The newest round that came to its end (of a kind)."""
    found = select(_ROUND).where(_ROUND.c.finished_at.is_not(None))
    if kind is not None:
        found = found.where(_ROUND.c.kind == kind)
    return uow.row(found.order_by(_ROUND.c.key.desc()).limit(1))


def newest(uow: UnitOfWork, limit: int) -> Sequence[Any]:
    """Rounds, newest first."""
    return uow.rows(select(_ROUND).order_by(_ROUND.c.key.desc()).limit(limit))


def begin(uow: UnitOfWork, kind: str, now: datetime, position: int, since: int) -> int:
    """Begin a round; its key."""
    values = {
        "kind": kind, "started_at": now, "position": position, "since_position": since, "after_stream": -1,
        "streams": 0, "entries": 0, "files": 0, "faults": [],
    }  # fmt: skip
    row = uow.row(insert(t.VerificationRound).values(**values).returning(t.VerificationRound.key))
    if row is None:
        raise LookupError("an insert with returning gave no row")
    return int(row[0])


def advance(
    uow: UnitOfWork, key: int, *, after: int, streams: int, entries: int, files: int, faults: Sequence[object]
) -> None:
    """Note how far a locked round has come: figures are added."""
    row = t.VerificationRound
    changed = {
        "after_stream": after,
        "streams": row.streams + streams,
        "entries": row.entries + entries,
        "files": row.files + files,
        "faults": row.faults.op("||")(cast(list(faults), row.faults.type)),
    }
    uow.write(update(row).where(row.key == key).values(**changed))


def finish(uow: UnitOfWork, key: int, now: datetime) -> None:
    """Note that a round came to its end."""
    uow.write(update(t.VerificationRound).where(t.VerificationRound.key == key).values(finished_at=now))


def raise_alarm(uow: UnitOfWork, now: datetime, fault: dict[str, Any]) -> None:
    """Raise an alarm unless the same one is open already."""
    statement = upsert(t.IntegrityAlarm).values(raised_at=now, **fault)
    uow.write(
        statement.on_conflict_do_nothing(index_elements=["stream", "seq", "fault"], index_where=text("seen_at is null"))
    )


def alarms(uow: UnitOfWork, limit: int) -> Sequence[Any]:
    """Alarms, those that nobody has seen first, then the newest."""
    row = t.IntegrityAlarm
    found = select(row.__table__, t.Person.name.label("seen_by_name"), t.ProcessInstance.number).join(
        t.Person, t.Person.key == row.seen_by, isouter=True
    )
    found = found.join(t.ProcessInstance, t.ProcessInstance.key == row.stream, isouter=True)
    return uow.rows(found.order_by(row.seen_at.is_not(None), row.key.desc()).limit(limit))


def open_alarms(uow: UnitOfWork) -> int:
    """How many alarms nobody has seen."""
    found = uow.row(select(func.count()).select_from(t.IntegrityAlarm).where(t.IntegrityAlarm.seen_at.is_(None)))
    return int(found[0]) if found else 0


def see(uow: UnitOfWork, key: int, now: datetime, person_key: int) -> bool:
    """Note that somebody has seen an alarm; False when it was seen before, or there is none."""
    row = t.IntegrityAlarm
    changed = update(row).where(row.key == key, row.seen_at.is_(None)).values(seen_at=now, seen_by=person_key)
    return uow.write(changed) == 1
