"""Statements about erasing a case's personal data: the proposal, the decision, the destruction of the key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import aliased

from engine.store import tables as t
from engine.store.work import UnitOfWork

_ROW = t.Erasure.__table__
_Proposer, _Decider = aliased(t.Person), aliased(t.Person)
_ERASURES = (
    select(
        _ROW,
        t.ProcessInstance.number,
        _Proposer.name.label("proposed_by_name"),
        _Proposer.username.label("proposed_by_username"),
        _Decider.name.label("decided_by_name"),
    )
    .join(t.ProcessInstance, t.ProcessInstance.key == _ROW.c.instance_key)
    .join(_Proposer, _Proposer.key == _ROW.c.proposed_by)
    .join(_Decider, _Decider.key == _ROW.c.decided_by, isouter=True)
)
_CASE_OF_NUMBER = select(t.ProcessInstance.key)
_FORGET_FILES = text("delete from attachment where instance_key = :key and bound_seq is null")


def case_of_number(uow: UnitOfWork, number: str) -> int | None:
    """The case with this number."""
    row = uow.row(_CASE_OF_NUMBER.where(t.ProcessInstance.number == number))
    return int(row[0]) if row else None


def propose(uow: UnitOfWork, instance_key: int, basis: str, person_key: int, now: datetime) -> int:
    """Keep a proposal; its key. Only one can be open for a case: a unique index says so."""
    values = {
        "instance_key": instance_key,
        "basis": basis,
        "proposed_by": person_key,
        "proposed_at": now,
        "state": "proposed",
    }
    row = uow.row(insert(t.Erasure).values(**values).returning(t.Erasure.key))
    if row is None:
        raise LookupError("an insert with returning gave no row")
    return int(row[0])


def decide(uow: UnitOfWork, key: int, state: str, person_key: int, now: datetime) -> None:
    """Note what was decided: ``done`` or ``declined``."""
    changed = {"state": state, "decided_by": person_key, "decided_at": now}
    uow.write(update(t.Erasure).where(t.Erasure.key == key).values(**changed))


def one(uow: UnitOfWork, key: int) -> Any | None:
    """A proposal by its key, locked."""
    return uow.row(_ERASURES.where(_ROW.c.key == key).with_for_update(of=_ROW))


def open_for(uow: UnitOfWork, instance_key: int) -> bool:
    """Whether a proposal waits for a decision."""
    return (
        uow.row(select(_ROW.c.key).where(_ROW.c.instance_key == instance_key, _ROW.c.state == "proposed")) is not None
    )


def newest(uow: UnitOfWork, limit: int) -> Sequence[Any]:
    """Proposals, those that wait first, then the newest."""
    return uow.rows(_ERASURES.order_by(_ROW.c.state != "proposed", _ROW.c.key.desc()).limit(limit))


def done_in(uow: UnitOfWork, instance_key: int) -> Sequence[Any]:
    """What was erased in a case."""
    return uow.rows(_ERASURES.where(_ROW.c.instance_key == instance_key, _ROW.c.state == "done"))


def destroy(uow: UnitOfWork, instance_key: int, now: datetime) -> None:
    """Destroy the key of a locked case; drafts and files that nobody handed in go with it.

    Everything else that is personal rests under that key: state, subject, file names, files, alerts, incidents.
    """
    tasks = select(t.UserTask.key).where(t.UserTask.instance_key == instance_key)
    uow.write(delete(t.Draft).where(t.Draft.user_task_key.in_(tasks)))
    uow.write(_FORGET_FILES, {"key": instance_key})
    key = t.CaseKey
    uow.write(update(key).where(key.instance_key == instance_key).values(wrapped=None, destroyed_at=now))
