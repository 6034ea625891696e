"""Functions that make a value of one kind from another."""

import re
from datetime import timedelta, tzinfo

from ..decimals import Number, decimal, from_text
from ..temporal import offset_zone, parse_date, parse_date_time, parse_duration, parse_time, zone
from ..text import to_text
from ..values import DATE_TIME, TIME, Value, YearMonthDuration, equal, kind, midnight, native, negate
from ..wide import Clock, Day, Duration, Moment, clock_nanoseconds, combine, day_of, make_date, make_time, time_of
from .registry import builtin, define

_NUMBER = re.compile(r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*")
_GROUPING = frozenset([" ", ",", "."])
_POINTS = frozenset([",", "."])

define("date", "from: string", parse_date, 12)
define("date", "from: dates", lambda value: day_of(value) if isinstance(value, Moment) else value)
define("date", "year: number, month: number, day: number", lambda y, m, d: make_date(int(y), int(m), int(d)))


@builtin("date and time", "date: dates, time: time")
def combine_parts(day: Day | Moment, clock: Clock) -> Moment:
    return combine(day_of(day) if isinstance(day, Moment) else day, clock)


define("date and time", "from: string", parse_date_time, 12)
define("date and time", "from: dates", lambda value: value if isinstance(value, Moment) else midnight(value))


def _clock(hour: Number, minute: Number, second: Number, tz: tzinfo | None) -> Clock:
    seconds = decimal(second)
    fraction = int((seconds - int(seconds)).scaleb(9))
    return make_time(int(hour), int(minute), int(seconds), fraction, tz)


@builtin("time", "hour: number, minute: number, second: number, offset: days?")
def time_from(hour: Number, minute: Number, second: Number, offset: Duration | None = None) -> Clock | None:
    tz = offset_zone(offset) if isinstance(offset, timedelta) else None
    if offset is not None and tz is None:
        return None
    return _clock(hour, minute, second, tz)


_DATE_PARTS = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@builtin("date and time", _DATE_PARTS + ", offset: days?")
def date_time_of(
    year: Number,
    month: Number,
    day: Number,
    hour: Number,
    minute: Number,
    second: Number,
    offset: Duration | None = None,
) -> Moment | None:
    clock = time_from(hour, minute, second, offset)
    return None if clock is None else combine(make_date(int(year), int(month), int(day)), clock)


@builtin("date and time", _DATE_PARTS + ", timezone: string")
def date_time_in_zone(
    year: Number, month: Number, day: Number, hour: Number, minute: Number, second: Number, timezone: str
) -> Moment | None:
    tz = zone(timezone)
    if tz is None:
        return None
    return combine(make_date(int(year), int(month), int(day)), _clock(hour, minute, second, tz))


define("time", "from: string", parse_time, 10)
define("time", "from: time", lambda value: value)
define("time", "from: dates", lambda value: time_of(value if isinstance(value, Moment) else midnight(value)))


@builtin("number", "from: string, grouping separator: string?, decimal separator: string?", 8)
def number(text: str, grouping: str | None = None, point: str | None = None) -> Number | None:
    if grouping is not None and (grouping not in _GROUPING or grouping == point):
        return None
    if point is not None and point not in _POINTS:
        return None
    if grouping is not None:
        text = text.replace(grouping, "")
    if point == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    return from_text(text.strip()) if _NUMBER.fullmatch(text) else None


define("string", "from: any", to_text)
define("duration", "from: string", parse_duration, 12)
define("duration", "from: duration", lambda value: value)


@builtin("years and months duration", "from: dates, to: dates")
def months_between(start: Day | Moment, end: Day | Moment) -> YearMonthDuration:
    """Whole months, towards zero."""
    first, second = (start.year, start.month, start.day), (end.year, end.month, end.day)
    sign = -1 if second < first else 1
    if sign < 0:
        first, second = second, first
    months = (second[0] - first[0]) * 12 + second[1] - first[1] - (1 if second[2] < first[2] else 0)
    return YearMonthDuration(sign * months)


define("not", "negand: any!", negate)


@builtin("is", "value1: any?, value2: any?")
def same_value(left: Value = None, right: Value = None) -> bool | None:
    """Equality that tells zones apart."""
    if kind(left) is not kind(right):
        return False
    if kind(left) in {TIME, DATE_TIME}:
        left, right = native(left), native(right)
        same_clock = clock_nanoseconds(left) == clock_nanoseconds(right) and str(left.tzinfo) == str(right.tzinfo)
        return same_clock and (kind(left) is TIME or day_of(left) == day_of(right))
    return equal(left, right)
