"""The working calendar in force: the notices that the library knows, and what the office has entered since.

A change is traced in the system stream, and the limits of all running cases are counted anew in the background.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from engine.model.actors import Actor, Client, Permission
from engine.model.errors import Detail, Invalid
from engine.model.trace_entries import EntryKind
from engine.model.working_days import CalendarDayView, CalendarEdit, CalendarView, DayOverride
from engine.service import background_jobs, recording, rights
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


def view(uow: Work, actor: Actor, year: int) -> CalendarView:
    """A year of the calendar: every day off on a weekday, worked weekend, and edited day. Raises NotAllowed."""
    rights.require(actor, Permission.DEFINITION_READ)
    calendar = current(uow)
    edited = {row.day: row for row in calendars.days(uow, year)}
    special = {day for day in (*calendar.off, *calendar.worked) if day.year == year} | set(edited)
    days = tuple(
        CalendarDayView(
            day=day,
            working=day in calendar.worked or (day.weekday() < 5 and day not in calendar.off),
            source=edited[day].source if day in edited else "",
            person_name=edited[day].person_name if day in edited else "",
        )
        for day in sorted(special)
    )
    return CalendarView(year=year, known=year in calendar.years, version=calendar.version, days=days)


def edit(uow: Work, command: CalendarEdit, actor: Actor, client: Client) -> None:
    """Enter a notice: years that are known now, days that are worked or not; None leaves a day to the notice again.

    Raises NotAllowed, Invalid without a source.
    """
    rights.require(actor, Permission.CALENDAR_EDIT)
    if not command.source.strip():
        detail = Detail(place="source", code="required", message="name the notice")
        raise Invalid("calendar.no_source", "a change of the calendar names the notice it follows", details=[detail])
    now, person = uow.now(), actor.person_key
    for year in command.years:
        calendars.put_year(uow, year, command.source, person, now)
    for day, working in command.days:
        if working is None:
            calendars.forget_day(uow, day)
        else:
            calendars.put_day(uow, day, working=working, source=command.source, person=person, at=now)
    uow.memo.pop("calendar", None)
    payload = {
        "years": sorted(command.years),
        "days": [{"day": day.isoformat(), "working": working} for day, working in sorted(command.days)],
        "source": command.source,
        "version": current(uow).version,
    }
    entry = recording.draft(uow, EntryKind.CALENDAR_CHANGED, actor, client, command.command_id, payload)
    recording.to_system(uow, entry)
    background_jobs.defer_recount(uow)


def invented(uow: Work, years: Sequence[int], person: int) -> None:
    """For the demonstration city: years without a notice get one, with the holidays that have a date of their own."""
    known = current(uow).years
    for year in (one for one in years if one not in known):
        source = f"镜湖市{year}年放假安排（演示，虚构）"
        calendars.put_year(uow, year, source, person, uow.now())
        for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3), (10, 4), (10, 5), (10, 6), (10, 7)):
            calendars.put_day(uow, date(year, month, day), working=False, source=source, person=person, at=uow.now())
    uow.memo.pop("calendar", None)


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
