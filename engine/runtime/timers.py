"""When a timer is due. ISO 8601 as BPMN 2.0.2 (10.5.5) has it, and the same as FEEL values; times are arguments.

========  =====================================  ==========================================================
timer     text                                   FEEL value
========  =====================================  ==========================================================
date      ``2026-01-05T09:00:00+08:00``          date and time, date (its midnight), or text
duration  ``P5D``, ``PT1H30M``, ``P1Y6M``        duration, or text
cycle     ``R3/PT1H``, ``R/P1D``,                duration (without end), or text
          ``R3/2026-01-05T09:00:00Z/PT1H``
========  =====================================  ==========================================================

``R3/…`` fires three times, ``R/…`` and ``R-1/…`` without end. A cycle with a start fires first at its start, else one
period from now. The k-th due time is counted from the first, so that P1M from the 31st keeps to the ends of months.
What has no offset is local to the zone of now. Periods are real time; their days are working days where the model says
so.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from engine.feel.temporal import parse_date_time, parse_duration
from engine.feel.values import YearMonthDuration
from engine.feel.wide import add_months
from engine.runtime.events import TimerKind

Period = timedelta | YearMonthDuration
WorkingDays = Callable[[datetime, int], datetime]
"""The instant so many working days after an instant."""


class TimerError(Exception):
    """What is wrong with the value of a timer."""


_CYCLE = re.compile(r"R(-1|[0-9]{0,6})/(?:([^/]+)/)?([^/]+)")
_ENDLESS = ("", "-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A due time, and how to find the next one.

    at: UTC. left: how often it still fires, this time included; None: without end. every: the period of a cycle;
    `turn` periods lie between `anchor` and `at`. working: days of the period are working days.
    """

    at: datetime
    left: int | None = 1
    every: Period | None = None
    anchor: datetime | None = None
    turn: int = 0
    working: bool = False


def first(kind: TimerKind, found: object, now: datetime, *, working: bool, calendar: WorkingDays) -> Due:
    """The first due time of a timer whose value is `found`. Raises `TimerError` with what is wrong with it."""
    try:
        match kind:
            case TimerKind.DATE:
                return Due(at=_utc(_instant(found, now)))
            case TimerKind.DURATION:
                return Due(at=_after(now, _period(found), 1, working=working, calendar=calendar))
            case TimerKind.CYCLE:
                return _cycle(found, now, working=working, calendar=calendar)
    except OverflowError as error:
        raise TimerError("a time beyond the year 9999") from error


def following(due: Due, calendar: WorkingDays) -> Due | None:
    """The next one after it has fired; None if there is none."""
    left = None if due.left is None else due.left - 1
    if due.every is None or due.anchor is None or left == 0:
        return None
    return _turn(due.anchor, due.every, due.turn + 1, left, working=due.working, calendar=calendar)


def postponed(due: Due, pause: timedelta) -> Due:
    """So much later, and with it every later turn of a cycle."""
    anchor = None if due.anchor is None else due.anchor + pause
    return replace(due, at=due.at + pause, anchor=anchor)


def wrong(kind: TimerKind, text: str) -> str:
    """What is wrong with a literal, empty if nothing is."""
    try:
        first(kind, text, datetime(2026, 1, 5, tzinfo=UTC), working=False, calendar=lambda start, _: start)
    except TimerError as problem:
        return str(problem)
    return ""


def _cycle(found: object, now: datetime, *, working: bool, calendar: WorkingDays) -> Due:
    if isinstance(found, timedelta | YearMonthDuration):
        return _turn(now, _positive(found), 1, None, working=working, calendar=calendar)
    match = _CYCLE.fullmatch(found) if isinstance(found, str) else None
    if match is None:
        raise TimerError("not a cycle such as R3/PT1H")
    left = None if match[1] in _ENDLESS else int(match[1])
    if left == 0:
        raise TimerError("a cycle that never fires")
    start = match[2]
    anchor = now if start is None else _instant(start, now)
    every = _positive(_period(match[3]))
    return _turn(anchor, every, 1 if start is None else 0, left, working=working, calendar=calendar)


def _turn(anchor: datetime, every: Period, turn: int, left: int | None, *, working: bool, calendar: WorkingDays) -> Due:
    at = _after(anchor, every, turn, working=working, calendar=calendar)
    return Due(at=at, left=left, every=every, anchor=anchor, turn=turn, working=working)


def _after(start: datetime, period: Period, times: int, *, working: bool, calendar: WorkingDays) -> datetime:
    if isinstance(period, YearMonthDuration):
        moved = add_months(start, period.months * times)
        if not isinstance(moved, datetime):
            raise TimerError("a time beyond the year 9999")
        return _utc(moved)
    if working:
        whole = period * times
        return _utc(calendar(start, whole.days)) + (whole - timedelta(days=whole.days))
    return _utc(start) + period * times


def _instant(found: object, now: datetime) -> datetime:
    moment = parse_date_time(found) if isinstance(found, str) else found
    if isinstance(moment, date) and not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if not isinstance(moment, datetime):
        raise TimerError("not a date and time such as 2026-01-05T09:00:00+08:00")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=now.tzinfo)


def _period(found: object) -> Period:
    period = parse_duration(found) if isinstance(found, str) else found
    if not isinstance(period, timedelta | YearMonthDuration):
        raise TimerError("not a duration such as PT1H, P5D or P1M")
    return period


def _positive(period: Period) -> Period:
    nothing = period.months <= 0 if isinstance(period, YearMonthDuration) else period < timedelta(seconds=1)
    if nothing:
        raise TimerError("a cycle with a period of less than a second")
    return period


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
