"""Statements of the operators' overview. A figure and the list behind it are one condition, so they always agree."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, select

from engine.model.operations import Figure
from engine.store import tables as t
from engine.store.work import UnitOfWork
from engine.store.worklists import Reach, in_reach

_OPEN_TASK = t.UserTask.__table__.alias("open_task")


def condition(figure: Figure, now: datetime) -> ColumnElement[bool]:
    """Which cases a figure counts."""
    stuck = exists().where(t.Incident.instance_key == t.ProcessInstance.key, t.Incident.state == "ACTIVE")
    match figure:
        case Figure.RUNNING:
            found: ColumnElement[bool] = t.ProcessInstance.ended_at.is_(None)
            return found
        case Figure.SUSPENDED:
            return and_(t.ProcessInstance.ended_at.is_(None), t.ProcessInstance.state == "SUSPENDED")
        case Figure.INCIDENT:
            return and_(t.ProcessInstance.ended_at.is_(None), stuck)
        case Figure.OVERDUE:
            late = exists().where(
                t.Due.instance_key == t.ProcessInstance.key, t.Due.kind == "timer", t.Due.due_at <= now
            )
            return and_(t.ProcessInstance.state == "ACTIVE", late)
        case Figure.WAITING:
            tasks = exists().where(_OPEN_TASK.c.instance_key == t.ProcessInstance.key, _OPEN_TASK.c.state == "CREATED")
            return and_(t.ProcessInstance.state == "ACTIVE", not_(tasks), not_(stuck))


def overview(uow: UnitOfWork, reach: Reach, now: datetime) -> Sequence[Any]:
    """Every process with its newest version and the figures of its cases in reach, by name; one statement."""
    flags = [condition(figure, now).label(figure.value) for figure in Figure]
    running = (
        select(t.ProcessInstance.definition_key, *flags)
        .where(t.ProcessInstance.ended_at.is_(None), in_reach(reach))
        .subquery()
    )
    process, newest = t.ProcessDefinition, func.max(t.ProcessDefinition.version)
    counts = [func.count().filter(running.c[figure.value]).label(figure.value) for figure in Figure]
    found = (
        select(
            process.process_id,
            newest.label("version"),
            func.max(process.key).label("definition_key"),
            func.count(running.c.definition_key.distinct()).label("versions"),
            *counts,
        )
        .select_from(process)
        .outerjoin(running, running.c.definition_key == process.key)
        .group_by(process.process_id)
        .subquery()
    )
    named = select(found, process.name).join(process, process.key == found.c.definition_key)
    return uow.rows(named.order_by(found.c.incident.desc(), found.c.running.desc(), process.name))


def of_process(process_id: str) -> ColumnElement[bool]:
    """Cases of all versions of a process."""
    return t.ProcessInstance.definition_key.in_(
        select(t.ProcessDefinition.key).where(t.ProcessDefinition.process_id == process_id)
    )
