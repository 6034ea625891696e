"""Dates and times that Python has no class for: years before 1 and after 9999, and nanoseconds.

What Python can hold is always held by Python's classes, which are fast; the classes here are for the rest, so that a
value has one class only. Calculation is in whole days and nanoseconds. The calendar is the Gregorian one for all years
(XML Schema 1.1: there is a year 0), which repeats itself every 400 years, weekdays included: what depends on the
calendar alone is asked of the same day in a year that Python knows.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeAlias

Zone: TypeAlias = tzinfo
MAX_YEAR = 999_999_999
MAX_DAYS = 400 * MAX_YEAR
SECOND = 10**9
DAY = 86_400 * SECOND
_CYCLE_DAYS = 146_097
_EPOCH = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class WideDate:
    """A day of a year that Python does not know."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time with nanoseconds."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: Zone | None = None


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A date and time with such a day, or with nanoseconds."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: Zone | None = None


@dataclass(frozen=True, slots=True)
class WideDuration:
    """A days and time duration with nanoseconds, or of more days than a timedelta holds."""

    nanoseconds: int


Day: TypeAlias = date | WideDate
Clock: TypeAlias = time | WideTime
Moment: TypeAlias = datetime | WideDateTime
Duration: TypeAlias = timedelta | WideDuration
WIDE: frozenset[type] = frozenset([WideDate, WideTime, WideDateTime, WideDuration])


# ---- days


def stand_in(year: int, month: int, day: int) -> date:
    """The same day of a year in Python's range with the same calendar. Raises ValueError when there is no such day."""
    return date(2000 + year % 400, month, day)


def day_number(day: Day | Moment) -> int:
    """Days since 1970-01-01."""
    cycles, year = divmod(day.year, 400)
    return date(2000 + year, day.month, day.day).toordinal() - _EPOCH + (cycles - 5) * _CYCLE_DAYS


def make_date(year: int, month: int, day: int) -> Day:
    """Raises ValueError when there is no such day, or when it is further away than any year we count."""
    if 1 <= year <= 9999:
        return date(year, month, day)
    stand_in(year, month, day)
    if abs(year) > MAX_YEAR:
        raise ValueError(f"the year {year} is out of range")
    return WideDate(year, month, day)


def date_of(number: int) -> Day:
    """The day with a number."""
    cycles, rest = divmod(number + _EPOCH - stand_in(0, 1, 1).toordinal(), _CYCLE_DAYS)
    found = date.fromordinal(stand_in(0, 1, 1).toordinal() + rest)
    return make_date(found.year + (cycles + 5) * 400 - 2000, found.month, found.day)


def day_of(moment: Moment) -> Day:
    """The day of a moment."""
    return moment.date() if isinstance(moment, datetime) else make_date(moment.year, moment.month, moment.day)


# ---- clocks


def nanosecond(clock: Clock | Moment) -> int:
    """The fraction of the second."""
    return clock.microsecond * 1000 if isinstance(clock, time | datetime) else clock.nanosecond


def clock_nanoseconds(clock: Clock | Moment) -> int:
    """Nanoseconds since midnight."""
    return (clock.hour * 3600 + clock.minute * 60 + clock.second) * SECOND + nanosecond(clock)


def make_time(hour: int, minute: int, second: int, nanos: int, tz: tzinfo | None) -> Clock:
    """Raises ValueError when there is no such time."""
    checked = time(hour, minute, second, nanos // 1000, tz)
    return WideTime(hour, minute, second, nanos, tz) if nanos % 1000 else checked


def clock_of(nanoseconds: int, tz: tzinfo | None) -> Clock:
    """The time so long after midnight, of any day."""
    seconds, nanos = divmod(nanoseconds % DAY, SECOND)
    return make_time(seconds // 3600, seconds // 60 % 60, seconds % 60, nanos, tz)


def time_of(moment: Moment) -> Clock:
    """The time of a moment, with its zone."""
    if isinstance(moment, datetime):
        return moment.timetz()
    return make_time(moment.hour, moment.minute, moment.second, moment.nanosecond, moment.tzinfo)


# ---- moments


def combine(day: Day, clock: Clock) -> Moment:
    """A day and a time."""
    if isinstance(day, date) and isinstance(clock, time):
        return datetime.combine(day, clock)
    parts = (clock.hour, clock.minute, clock.second, nanosecond(clock), clock.tzinfo)
    return WideDateTime(day.year, day.month, day.day, *parts)


def local_nanoseconds(moment: Moment) -> int:
    """Since 1970-01-01T00:00:00 on the moment's own clock."""
    return day_number(moment) * DAY + clock_nanoseconds(moment)


def moment_of(nanoseconds: int, tz: tzinfo | None) -> Moment:
    """The moment on the clock of a zone. Raises ValueError beyond the range of years."""
    days, rest = divmod(nanoseconds, DAY)
    return combine(date_of(days), clock_of(rest, tz))


def offset(moment: Moment) -> int | None:
    """Nanoseconds east of UTC; None without zone.

    A zone by name has, after the year 9999, the rules of its last known years, and before the year 1 its local mean
    time.
    """
    if moment.tzinfo is None:
        return None
    found = _python_moment(moment).utcoffset()
    return 0 if found is None else found // _MICROSECOND * 1000


def _python_moment(moment: Moment) -> datetime:
    """A moment with the same offset that Python can hold, and a day around it too."""
    inside = 1 < moment.year < 9999
    if inside and isinstance(moment, datetime):
        return moment
    day = stand_in(moment.year, moment.month, moment.day)
    if moment.year <= 1:
        day = date(2, day.month, min(day.day, 28))
    else:
        day = day.replace(year=moment.year if inside else day.year + 7200)
    return datetime.combine(day, time(moment.hour, moment.minute, moment.second, tzinfo=moment.tzinfo))


def instant_nanoseconds(moment: Moment) -> int:
    """Since 1970-01-01T00:00:00Z; of one without zone as if it were in UTC."""
    return local_nanoseconds(moment) - (offset(moment) or 0)


def moment_at(nanoseconds: int, tz: tzinfo) -> Moment:
    """The moment of an instant in a zone."""
    in_utc = _python_moment(moment_of(nanoseconds, UTC)).astimezone(tz)
    east = in_utc.utcoffset() or timedelta()
    return moment_of(nanoseconds + east // _MICROSECOND * 1000, tz)


# ---- durations


def duration_nanoseconds(duration: Duration) -> int:
    """Exact."""
    return duration.nanoseconds if isinstance(duration, WideDuration) else duration // _MICROSECOND * 1000


def make_duration(nanoseconds: int) -> Duration:
    """Raises ValueError when it is longer than all years we count."""
    if nanoseconds % 1000 == 0 and abs(nanoseconds) < timedelta.max.days * DAY:
        return timedelta(microseconds=nanoseconds // 1000)
    if abs(nanoseconds) > MAX_DAYS * DAY:
        raise ValueError("the duration is out of range")
    return WideDuration(nanoseconds)


# ---- calculation


def add_months(day: Day | Moment, months: int) -> Day | Moment:
    """Some months later; the day of the month shrinks where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    found = None
    for shorter in range(4):
        try:
            found = make_date(year, month, day.day - shorter)
            break
        except ValueError:
            continue
    if found is None:
        raise ValueError(f"the year {year} is out of range")
    return combine(found, time_of(day)) if isinstance(day, datetime | WideDateTime) else found


def shift(value: Day | Clock | Moment, nanoseconds: int) -> Day | Clock | Moment:
    """So much real time later; a day by whole days, a time round the clock."""
    if isinstance(value, time | WideTime):
        return clock_of(clock_nanoseconds(value) + nanoseconds, value.tzinfo)
    if isinstance(value, datetime | WideDateTime):
        if value.tzinfo is None:
            return moment_of(local_nanoseconds(value) + nanoseconds, None)
        return moment_at(instant_nanoseconds(value) + nanoseconds, value.tzinfo)
    return date_of((day_number(value) * DAY + nanoseconds) // DAY)
