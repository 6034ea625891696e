"""Statements about reasons for looking at a case."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from engine.store import tables as t
from engine.store.work import UnitOfWork

_REASON = t.StatedReason.__table__


def state(uow: UnitOfWork, *, person_key: int, instance_key: int, reason: str, at: datetime) -> None:
    """Keep why a person looks at a case; a new reason takes the place of the one before."""
    fresh = insert(t.StatedReason).values(person_key=person_key, instance_key=instance_key, reason=reason, stated_at=at)
    uow.write(
        fresh.on_conflict_do_update(
            index_elements=[_REASON.c.person_key, _REASON.c.instance_key],
            set_={"reason": fresh.excluded.reason, "stated_at": fresh.excluded.stated_at},
        )
    )


def stated(uow: UnitOfWork, *, person_key: int, instance_key: int, since: datetime) -> str:
    """The reason that a person has stated for a case since then; empty when there is none."""
    row = uow.row(
        select(_REASON.c.reason).where(
            _REASON.c.person_key == person_key,
            _REASON.c.instance_key == instance_key,
            _REASON.c.stated_at >= since,
        )
    )
    return str(row[0]) if row else ""
