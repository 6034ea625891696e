"""When a term is over, how the light stands, and what a pause does to both. Pure.

How days are counted:

* the day of the start does not count; the term begins on the next day (民法典 第二百零一条);
* a term in working days skips every day on which the office does not work (行政许可法 第八十二条);
* the last day of a term in calendar days that is not worked moves to the next working day (民法典 第二百零三条);
* a term ends when its last local day is over; a term in hours ends at the instant;
* days on which the clock stood still do not count (行政许可法 第四十五条): from the day on which a pause began up to
  the day before it ended. A pause that ends on its own day stops nothing, so that the clock cannot be held back by
  minutes. Pauses that overlap count once. While a pause lasts, the due instant is that of a pause that ended now.

Light: green; yellow from the warning on; red when the term is over; red again when a re-set term (限期) is over too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.model.findings import Light
from engine.model.working_days import Pause, Term, TermUnit, WarnUnit
from engine.supervision.calendar import Calendar

_MAX_DAYS = 366 * 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a term stands at a moment.

    due_at: the first instant at which it is over (UTC). warn_at: the first instant of the yellow light.
    last_day: the last local day of the term. used: whole units since the start, pauses taken out.
    """

    light: Light
    due_at: datetime
    warn_at: datetime
    last_day: date
    used: int
    paused: bool


def standing(
    term: Term,
    started_at: datetime,
    at: datetime,
    calendar: Calendar,
    *,
    pauses: Sequence[Pause] = (),
    reset_due_at: datetime | None = None,
) -> Standing:
    """The light at an instant: now for what runs, the end for what has ended.

    reset_due_at: the end of a term that was set after the first was over. Raises UnknownYear when the calendar does not
    know a year that is counted through, ValueError for instants without a zone.
    """
    if started_at.tzinfo is None or at.tzinfo is None:
        raise ValueError("instants of a deadline need a zone")
    clock = _Clock(term.unit, calendar, pauses, at)
    due_at = clock.due(started_at, term.amount)
    warn_at = _warn_at(term, started_at, due_at, clock)
    return Standing(
        light=_light(at, warn_at, due_at, reset_due_at),
        due_at=due_at,
        warn_at=warn_at,
        last_day=calendar.day_of(due_at - timedelta(microseconds=1)),
        used=clock.used(started_at, at),
        paused=any(pause.from_at <= at and pause.until_at is None for pause in pauses),
    )


def due(term: Term, started_at: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> datetime:
    """The first instant at which the term is over (UTC). Every pause must have ended. Raises UnknownYear."""
    return _Clock(term.unit, calendar, pauses, started_at).due(started_at, term.amount)


def _warn_at(term: Term, started_at: datetime, due_at: datetime, clock: "_Clock") -> datetime:
    calendar = clock.calendar
    if term.warn_unit is WarnUnit.WORKDAYS_BEFORE:
        last = calendar.day_of(due_at - timedelta(microseconds=1))
        return max(started_at, calendar.start_of(calendar.add_workdays(last, -term.warn)))
    reached = -(-term.amount * term.warn // 100)  # the first whole unit that completes the share
    if term.unit is TermUnit.HOUR:
        return clock.due(started_at, term.amount * term.warn / 100)
    return min(due_at, calendar.start_of(clock.nth_day(started_at, reached)))


def _light(at: datetime, warn_at: datetime, due_at: datetime, reset_due_at: datetime | None) -> Light:
    if at >= due_at:
        return Light.RED_AGAIN if reset_due_at is not None and at >= reset_due_at else Light.RED
    return Light.YELLOW if at >= warn_at else Light.GREEN


class _Clock:
    """Counts units of one kind from a start, with the pauses taken out."""

    def __init__(self, unit: TermUnit, calendar: Calendar, pauses: Iterable[Pause], now: datetime) -> None:
        self.unit = unit
        self.calendar = calendar
        self._spans = _merged((pause.from_at, max(pause.from_at, pause.until_at or now)) for pause in pauses)
        self._days = [(calendar.day_of(begin), calendar.day_of(end)) for begin, end in self._spans]

    def due(self, started_at: datetime, amount: float) -> datetime:
        if self.unit is TermUnit.HOUR:
            return self._hours_on(started_at, timedelta(hours=amount))
        last = self.nth_day(started_at, int(amount))
        if self.unit is TermUnit.DAY:
            last = self.calendar.next_workday(last)
        return self.calendar.end_of(last)

    def nth_day(self, started_at: datetime, amount: int) -> date:
        """The local day on which the amount-th unit is used up."""
        day = self.calendar.day_of(started_at)
        if not self._days:
            workdays = self.unit is TermUnit.WORKDAY
            return self.calendar.add_workdays(day, amount) if workdays else day + timedelta(days=amount)
        left = amount
        for _ in range(_MAX_DAYS):
            if left <= 0:
                return day
            day += timedelta(days=1)
            left -= self._counts(day)
        raise ValueError("a term of more than twenty years")

    def used(self, started_at: datetime, at: datetime) -> int:
        if self.unit is TermUnit.HOUR:
            stood = sum((self._overlap(span, started_at, at) for span in self._spans), timedelta())
            return max(0, int((at - started_at - stood) / timedelta(hours=1)))
        first, last = self.calendar.day_of(started_at), self.calendar.day_of(at)
        if not self._days:
            workdays = self.unit is TermUnit.WORKDAY
            return self.calendar.workdays_between(first, last) if workdays else max(0, (last - first).days)
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(self._counts(day) for day in days)

    def _counts(self, day: date) -> bool:
        if any(begin <= day < end for begin, end in self._days):
            return False
        return self.unit is TermUnit.DAY or self.calendar.is_workday(day)

    def _hours_on(self, started_at: datetime, amount: timedelta) -> datetime:
        end = started_at + amount
        for begin, until in self._spans:
            if begin < end:
                end += max(timedelta(), until - max(begin, started_at))
        return end

    @staticmethod
    def _overlap(span: tuple[datetime, datetime], begin: datetime, end: datetime) -> timedelta:
        return max(timedelta(), min(span[1], end) - max(span[0], begin))


def _merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """In order, none touching another."""
    merged: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return merged
