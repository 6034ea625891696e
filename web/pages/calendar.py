"""The working calendar: a year with its days off and make-up workdays, and a form for who keeps it."""

import calendar as months_of
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_date, gettext
from werkzeug.wrappers import Response

from engine.model.actors import Permission
from engine.model.errors import Detail, Invalid, MingjingError
from engine.model.working_days import CalendarDayView, CalendarEdit, CalendarView
from engine.service import calendars
from web import problems
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work
from web.observability import note_problem

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")

FIRST, LAST = 2004, 2099
"""Years that the page turns to: from the first that the library knows."""

FIELDS = (("off", False), ("worked", True), ("as_noticed", None))
"""Fields of the form, and what each says of its days; None leaves them to the notice again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDay:
    """A day in the grid. kind: work, weekend, off (on a weekday) or worked (on a weekend)."""

    day: date
    kind: str
    edited: CalendarDayView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month in weeks from Monday on; None fills the first and the last week."""

    name: str
    workdays: int
    weeks: tuple[tuple[MonthDay | None, ...], ...]


@blueprint.get("")
@requires(Permission.DEFINITION_READ)
def show() -> str:
    """A year of the calendar (`year`, this one without)."""
    return _page(_year(request.args.get("year")))


@blueprint.post("/<key:year>")
@requires(Permission.CALENDAR_EDIT)
def edit(year: int) -> Response | tuple[str, int]:
    """Enter what a notice says of a year; what was typed stays on the page when that fails."""
    try:
        if not FIRST <= year <= LAST:
            raise _invalid("year", "type", f"a year from {FIRST} to {LAST}")
        command = CalendarEdit(
            command_id=command_id(),
            source=request.form.get("source", "").strip()[:200],
            years=(year,) if request.form.get("known") == "yes" else (),
            days=tuple(_days(year)),
        )
        with unit_of_work() as uow:
            calendars.edit(uow, command, current_actor(), client())
    except Invalid as error:
        note_problem(error.code)
        return _page(_year(str(year)), error), problems.status_of(error)
    flash(gettext("Entered. The limits of running cases are counted anew."), "success")
    return redirect(url_for("calendar.show", year=year), code=303)


def months(view: CalendarView) -> tuple[Month, ...]:
    """The year as grids of its months."""
    special = {one.day: one for one in view.days}
    return tuple(_month(view.year, number, special) for number in range(1, 13))


def typed_days(year: int, place: str, text: str) -> Iterator[date]:
    """Days of one field: ``2027-02-06``, or ``2027-02-06~2027-02-12`` for several; any separators. Raises Invalid."""
    for word in re.split(r"[\s,，、;；]+", text.strip()):
        if not word:
            continue
        first, _, last = word.partition("~")
        try:
            day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError as error:
            raise _invalid(place, "calendar_day", f"{word[:30]!r} is no day like 2027-02-06", word[:30]) from error
        if not day.year == end.year == year or end < day:
            raise _invalid(place, "calendar_year", f"{word[:30]!r} is not within {year}", word[:30])
        while day <= end:
            yield day
            day += timedelta(days=1)


def _days(year: int) -> Iterator[tuple[date, bool | None]]:
    seen: set[date] = set()
    for place, working in FIELDS:
        for day in typed_days(year, place, request.form.get(place, "")):
            if day in seen:
                raise _invalid(place, "duplicate", f"{day} stands there twice", day.isoformat())
            seen.add(day)
            yield day, working


def _month(year: int, number: int, special: dict[date, CalendarDayView]) -> Month:
    weeks = tuple(
        tuple(_day(day, special.get(day)) if day.month == number else None for day in week)
        for week in months_of.Calendar().monthdatescalendar(year, number)
    )
    working = sum(day is not None and day.kind in ("work", "worked") for week in weeks for day in week)
    return Month(name=format_date(date(year, number, 1), "LLLL"), workdays=working, weeks=weeks)


def _day(day: date, said: CalendarDayView | None) -> MonthDay:
    weekday = day.weekday() < 5
    working = said.working if said is not None else weekday
    kind = ("work" if working else "off") if weekday else ("worked" if working else "weekend")
    return MonthDay(day=day, kind=kind, edited=said if said is not None and said.source else None)


def _year(text: str | None) -> int:
    with reading() as uow:
        today = calendars.current(uow).day_of(uow.now()).year
    year = int(text) if text and text.isascii() and text.isdecimal() and len(text) == 4 else today
    return min(max(year, FIRST), LAST)


def _invalid(place: str, code: str, message: str, text: str = "") -> Invalid:
    detail = Detail(place=place, code=code, message=message, params={"text": text})
    return Invalid("calendar.invalid", "the calendar cannot be changed so; see the places", details=[detail])


def _page(year: int, error: MingjingError | None = None) -> str:
    with reading() as uow:
        view = calendars.view(uow, current_actor(), year)
    return render_template(
        "pages/calendar.html",
        view=view,
        months=months(view),
        weekdays=tuple(format_date(date(2024, 1, day), "ccccc") for day in range(1, 8)),
        first=FIRST,
        last=LAST,
        typed=request.form,
        problem=problems.of_error(error) if error is not None else None,
    )
