"""The working calendar in force: the notices that the library knows, and what the office has entered since."""

import hashlib
from dataclasses import replace
from typing import Any

from engine.model.working_days import DayOverride
from engine.service.equipment import Work
from engine.store import calendars
from engine.supervision.calendar import Calendar, seeded


def current(uow: Work) -> Calendar:
    """The calendar of now; read once in a unit of work."""
    found: Calendar | None = uow.memo.get("calendar")
    if found is None:
        rows = tuple((row.year, row.day, row.working, row.source) for row in calendars.read(uow))
        zone = uow.equipment.zone.key
        found = uow.equipment.compiled.get(("calendar", zone, repr(rows)), lambda: _made(zone, rows))
        uow.memo["calendar"] = found
    return found


def _made(zone: str, rows: tuple[Any, ...]) -> Calendar:
    """Edited days win over the notices; a year that the office declares becomes known."""
    calendar = seeded(zone)
    if not rows:
        return calendar
    days = [DayOverride(day=day, working=working, source=source) for _, day, working, source in rows if day is not None]
    version = f"{calendar.version}+{hashlib.sha256(repr(rows).encode()).hexdigest()[:12]}"
    for year in sorted(year for year, *_ in rows if year is not None and year not in calendar.years):
        calendar = calendar.with_year(year, ())
    return replace(calendar.with_overrides(days), version=version)
