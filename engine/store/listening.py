"""Statements that list what cases wait for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, select

from engine.store import tables as t
from engine.store.work import UnitOfWork
from engine.store.worklists import Reach, in_reach

_CALLED = t.ProcessDefinition.__table__.alias("called")


def _with_case(table: Any) -> Any:
    found: Table = table.__table__
    return (
        select(
            found,
            t.ProcessInstance.number,
            t.ProcessInstance.definition_key.label("case_definition_key"),
            t.ProcessDefinition.process_id,
            t.ProcessDefinition.name.label("process_name"),
            t.ProcessDefinition.version.label("definition_version"),
            t.ProcessDefinition.digest,
            _CALLED.c.process_id.label("called_id"),
            _CALLED.c.name.label("called_name"),
            _CALLED.c.version.label("called_version"),
            _CALLED.c.digest.label("called_digest"),
        )
        .join(t.ProcessInstance, t.ProcessInstance.key == found.c.instance_key)
        .join(t.ProcessDefinition, t.ProcessDefinition.key == t.ProcessInstance.definition_key)
        .outerjoin(_CALLED, _CALLED.c.key == found.c.called_key)
    )


_TIMER, _SUBSCRIPTION = _with_case(t.Due), _with_case(t.Subscription)


def timers(uow: UnitOfWork, instance_key: int) -> Sequence[Any]:
    """The timers of a case, the next one first."""
    of_case = _TIMER.where(t.Due.instance_key == instance_key, t.Due.kind == "timer")
    return uow.rows(of_case.order_by(t.Due.due_at, t.Due.key))


def subscriptions(uow: UnitOfWork, instance_key: int) -> Sequence[Any]:
    """What a case waits for of messages and signals, oldest first."""
    return uow.rows(_SUBSCRIPTION.where(t.Subscription.instance_key == instance_key).order_by(t.Subscription.key))


def messages(
    uow: UnitOfWork, reach: Reach, *, before_key: int | None, limit: int, instance_key: int | None = None
) -> Sequence[Any]:
    """Waits of cases in reach for messages, newest first."""
    wanted = _SUBSCRIPTION.where(in_reach(reach), t.Subscription.kind == "message")
    if before_key is not None:
        wanted = wanted.where(t.Subscription.key < before_key)
    if instance_key is not None:
        wanted = wanted.where(t.Subscription.instance_key == instance_key)
    return uow.rows(wanted.order_by(t.Subscription.key.desc()).limit(limit))
