"""Properties: what stands behind the point in a path."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .budget import current
from .decimals import CONTEXT, Number
from .values import (
    CONTEXT_KIND,
    DATE,
    DATE_TIME,
    DAYS,
    LIST,
    MONTHS,
    RANGE,
    TIME,
    Kind,
    Value,
    YearMonthDuration,
    kind,
    native,
    time_offset,
)
from .wide import (
    DAY,
    SECOND,
    Clock,
    Duration,
    Moment,
    duration_nanoseconds,
    make_duration,
    nanosecond,
    offset,
    stand_in,
)


def get_property(value: Value, name: str) -> Value:
    """The property of a value; of a list, the properties of its items; null where there is none."""
    value = native(value) if value.__class__ is not dict else value
    found = kind(value)
    if found is CONTEXT_KIND:
        return value.get(name)
    if found is LIST:
        purse = current()
        purse.tick(len(value))
        purse.made_list(len(value))
        return [get_property(item, name) for item in value]
    reader = _READERS.get(found, {}).get(name)
    return None if reader is None else reader(value)


def _exact(seconds: int, nanoseconds: int) -> Number:
    return seconds if not nanoseconds else CONTEXT.add(seconds, Decimal(nanoseconds).scaleb(-9))


def _seconds(value: Clock | Moment) -> Number:
    return _exact(value.second, nanosecond(value))


def _offset_of(value: Moment) -> Duration | None:
    east = offset(value)
    return None if east is None else make_duration(east)


def _zone_name(value: Clock | Moment) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _of_days(duration: Duration) -> tuple[int, int, int, int, Number]:
    """Sign, days, hours, minutes, seconds."""
    exact = duration_nanoseconds(duration)
    days, rest = divmod(abs(exact), DAY)
    seconds, nanos = divmod(rest, SECOND)
    return -1 if exact < 0 else 1, days, seconds // 3600, seconds // 60 % 60, _exact(seconds % 60, nanos)


def _of_months(duration: YearMonthDuration, place: int) -> int:
    part = divmod(abs(duration.months), 12)[place]
    return -part if duration.months < 0 else part


_Reader = Callable[[Any], Value]
_CALENDAR: dict[str, _Reader] = {
    "year": lambda value: value.year,
    "month": lambda value: value.month,
    "day": lambda value: value.day,
    "weekday": lambda value: stand_in(value.year, value.month, value.day).isoweekday(),
}
_CLOCK: dict[str, _Reader] = {
    "hour": lambda value: value.hour,
    "minute": lambda value: value.minute,
    "second": _seconds,
    "timezone": _zone_name,
}
_READERS: dict[Kind, dict[str, _Reader]] = {
    DATE: _CALENDAR,
    TIME: {**_CLOCK, "time offset": time_offset},
    DATE_TIME: {**_CALENDAR, **_CLOCK, "time offset": _offset_of},
    DAYS: {
        "days": lambda value: _of_days(value)[0] * _of_days(value)[1],
        "hours": lambda value: _of_days(value)[0] * _of_days(value)[2],
        "minutes": lambda value: _of_days(value)[0] * _of_days(value)[3],
        "seconds": lambda value: _of_days(value)[0] * _of_days(value)[4],
    },
    MONTHS: {
        "years": lambda value: _of_months(value, 0),
        "months": lambda value: _of_months(value, 1),
    },
    RANGE: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_closed,
        "end included": lambda value: value.high_closed,
    },
}
