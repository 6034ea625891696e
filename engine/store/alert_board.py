"""Statements of the supervision dashboard: alerts in reach, counted. What only reports is not in these tables."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, func

from engine.model.alerts import OPEN, AlertFilter
from engine.store import tables as t
from engine.store.alerts import conditions, joined, light, took
from engine.store.work import UnitOfWork
from engine.store.worklists import Reach, in_reach

_COUNT = func.count().label("count")


def open_groups(uow: UnitOfWork, reach: Reach, now: datetime, today_over: datetime, zone: tzinfo) -> Sequence[Any]:
    """What is open by unit, business, level and light."""
    unit, process = t.OrgUnit, t.ProcessDefinition
    columns = (unit.code, unit.name.label("unit_name"), process.process_id)
    shown = light(now, today_over).label("light")
    found = joined(*columns, func.max(process.name).label("process_name"), t.Alert.level, shown, _COUNT)
    where = conditions(AlertFilter(state=OPEN), now, zone)
    return uow.rows(found.where(in_reach(reach), *where).group_by(unit.path, *columns, t.Alert.level, shown))


def by_month(uow: UnitOfWork, reach: Reach, column: str, where: Sequence[ColumnElement[bool]], zone: str) -> Any:
    """How many alerts by the month of ``raised_at`` or ``cleared_at``, in the office's zone."""
    month = func.date_trunc("month", func.timezone(zone, getattr(t.Alert, column))).label("month")
    return uow.rows(joined(month, _COUNT).where(in_reach(reach), *where).group_by(month))


def by_check(uow: UnitOfWork, reach: Reach, where: Sequence[ColumnElement[bool]]) -> Sequence[Any]:
    """How many alerts by check, state and verdict."""
    alert = t.Alert
    columns = (alert.code, alert.name, alert.state, alert.verdict)
    return uow.rows(joined(*columns, _COUNT).where(in_reach(reach), *where).group_by(*columns))


def by_time(uow: UnitOfWork, reach: Reach, where: Sequence[ColumnElement[bool]]) -> Sequence[Any]:
    """How many cleared alerts by how long it took."""
    how_long = took().label("took")
    return uow.rows(joined(how_long, _COUNT).where(in_reach(reach), *where).group_by(how_long))


def median_days(uow: UnitOfWork, reach: Reach, where: Sequence[ColumnElement[bool]]) -> float | None:
    """Half of the cleared alerts took at most so many days; None without any."""
    took_s = func.extract("epoch", t.Alert.cleared_at - t.Alert.raised_at)
    row = uow.row(joined(func.percentile_cont(0.5).within_group(took_s)).where(in_reach(reach), *where))
    return None if row is None or row[0] is None else float(row[0]) / 86_400
