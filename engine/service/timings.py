"""How time stands: the light by the instants that were counted, so that it is right between two turns as well."""

from datetime import datetime
from typing import Any

from engine.model.deadlines import NO_TIMING, DeadlineView, PauseView, Timing
from engine.model.findings import Light
from engine.model.ids import ElementId, InstanceKey
from engine.service.equipment import Work
from engine.store import deadlines
from engine.store.deadlines import DeadlineRecord
from engine.supervision import time_limits as rules
from engine.supervision.time_limits import Turns


def of_row(row: Any, now: datetime) -> Timing:
    """Of a listed row with the columns ``time_…``; nothing where there is no limit."""
    if row.time_light is None:
        return NO_TIMING
    found = Turns(
        warn_at=row.time_warn_at,
        due_at=row.time_due_at,
        again_at=row.time_again_at,
        unknown_year=row.time_unknown_year,
    )
    stopped = row.time_stopped_at
    return _timing(found, stopped, row.time_ended_at or now, row.time_amount, row.time_unit)


def of_record(record: DeadlineRecord, now: datetime) -> Timing:
    """Of a stored limit."""
    found = Turns(
        warn_at=record.warn_at,
        due_at=record.due_at,
        again_at=record.again_at,
        unknown_year=record.unknown_year,
    )
    return _timing(found, record.stopped_at, record.ended_at or now, record.amount, record.unit)


def of_case(uow: Work, instance_key: int) -> tuple[tuple[DeadlineView, ...], tuple[PauseView, ...]]:
    """The limits of a case and what stopped their clock, oldest first."""
    now = uow.now()
    limits = deadlines.of_case(uow, instance_key)
    shown = tuple(
        DeadlineView(
            instance_key=InstanceKey(one.instance_key),
            element_id=ElementId(one.element_id),
            element_name=one.element_name,
            started_at=one.started_at,
            ended_at=one.ended_at,
            timing=of_record(one, now),
        )
        for one in limits
    )
    return shown, tuple(
        PauseView(
            kind=row.kind,
            from_at=row.from_at,
            until_at=row.until_at,
            element_id=ElementId(row.element_instance.rpartition("#")[0]),
            person_name=row.person_name,
        )
        for row in deadlines.pauses(uow, instance_key)
    )


def _timing(found: Turns, stopped_at: datetime | None, at: datetime, amount: int, unit: str) -> Timing:
    """While the clock stands still, the light is that of the moment at which it stopped."""
    light: Light = rules.light(found, stopped_at or at)
    return Timing(
        light=light,
        due_at=found.due_at,
        legal_due_at=found.again_at,
        paused=stopped_at is not None,
        unknown_year=found.unknown_year,
        amount=amount,
        unit=unit,
    )
