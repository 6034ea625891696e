"""Statements that list what cases wait for."""

from collections.abc import Sequence
from typing import Any

from engine.store import tables as t
from engine.store.case_joins import with_case
from engine.store.work import UnitOfWork
from engine.store.worklists import Reach, in_reach

_CASE = (t.ProcessInstance.definition_key.label("case_definition_key"), t.ProcessDefinition.digest)
_TIMER, _SUBSCRIPTION = with_case(t.Due, *_CASE), with_case(t.Subscription, *_CASE)


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
