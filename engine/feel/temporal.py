"""Dates, times and durations as text (ISO 8601 as FEEL and XML Schema have it), both ways.

Years run from -999999999 to 999999999 and fractions of a second to nanoseconds; further digits are cut off.
"""

import re
from collections.abc import Callable
from datetime import UTC, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from .values import Value, YearMonthDuration
from .wide import (
    DAY,
    SECOND,
    Clock,
    Day,
    Duration,
    Moment,
    WideDateTime,
    WideTime,
    combine,
    duration_nanoseconds,
    local_nanoseconds,
    make_date,
    make_duration,
    make_time,
    moment_of,
    nanosecond,
    offset,
)

_DATE = re.compile(r"(-?)([1-9][0-9]{4,8}|[0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"T?([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?"
    r"(?:([Zz])|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z0-9_+\-/]+))?"
)
_MONTHS = re.compile(r"(-?)P(?=[0-9])(?:([0-9]+)Y)?(?:([0-9]+)M)?")
_DAYS = re.compile(r"(-?)P(?=[0-9T])(?:([0-9]+)D)?(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(\.[0-9]*)?S)?)?")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*")
_NO_ZONE = re.compile(r"(?:localtime|posixrules|Factory)$|(?:posix|right)/")
"""Files beside the zones: the zone of the machine, which a replay elsewhere would not have, and variants of all."""
MAX_OFFSET = timedelta(hours=18)


@lru_cache(maxsize=512)
def zone(name: str) -> tzinfo | None:
    """A zone of the IANA database, or UTC for ``Z``."""
    if name in {"Z", "z"}:
        return UTC
    if len(name) > 64 or not _ZONE.fullmatch(name) or _NO_ZONE.match(name):
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # ZoneInfoNotFoundError is a LookupError; a folder is an OSError
        return None


def _nanoseconds(fraction: str | None) -> int:
    return int(((fraction or ".")[1:] + "000000000")[:9])


def parse_date(text: str) -> Day | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return make_date(int(match[1] + match[2]), int(match[3]), int(match[4]))
    except ValueError:
        return None


def offset_zone(offset: timedelta) -> tzinfo | None:
    """A fixed offset of at most 18 hours, as XML Schema allows."""
    if abs(offset) > MAX_OFFSET:
        return None
    return timezone(offset) if offset else UTC


def _match_zone(match: re.Match[str]) -> tzinfo | None:
    if match[10]:
        return zone(match[10])
    if match[5]:
        return UTC
    if int(match[8]) > 59 or int(match[9] or 0) > 59:
        return None
    offset = timedelta(hours=int(match[7]), minutes=int(match[8]), seconds=int(match[9] or 0))
    return offset_zone(offset if match[6] == "+" else -offset)


def parse_time(text: str) -> Clock | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    tz = None
    if match[5] or match[6] or match[10]:
        tz = _match_zone(match)
        if tz is None:
            return None
    try:
        return make_time(int(match[1]), int(match[2]), int(match[3]), _nanoseconds(match[4]), tz)
    except ValueError:
        return None


def parse_date_time(text: str) -> Moment | None:
    """A date and time; a date alone is its midnight without offset; 24:00:00 is the next midnight."""
    day_text, separator, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None or time_text.startswith("T"):
        return None
    if not separator:
        return combine(day, time())
    next_day = time_text.startswith("24:00:00")
    moment = parse_time("00" + time_text[2:] if next_day else time_text)
    if moment is None:
        return None
    try:
        combined = combine(day, moment)
        return moment_of(local_nanoseconds(combined) + DAY, moment.tzinfo) if next_day else combined
    except (ValueError, OverflowError):
        return None


def parse_duration(text: str) -> Duration | YearMonthDuration | None:
    if len(text) > 100:
        return None
    match = _MONTHS.fullmatch(text)
    if match is not None:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearMonthDuration(-months if match[1] else months)
    match = _DAYS.fullmatch(text)
    if match is None:
        return None
    minutes = (int(match[2] or 0) * 24 + int(match[3] or 0)) * 60 + int(match[4] or 0)
    exact = (minutes * 60 + int(match[5] or 0)) * SECOND + _nanoseconds(match[6])
    try:
        return make_duration(-exact if match[1] else exact)
    except ValueError:
        return None


_PARSERS: tuple[Callable[[str], Value], ...] = (parse_date, parse_time, parse_duration, parse_date_time)


def parse_at(text: str) -> Value:
    """What ``@"…"`` stands for, or null."""
    for parse in _PARSERS:
        value = parse(text)
        if value is not None:
            return value
    return None


# ---- to text


def _fraction(nanoseconds: int) -> str:
    return f".{nanoseconds:09d}".rstrip("0") if nanoseconds else ""


def _offset(value: Clock | Moment) -> str:
    if value.tzinfo is None:
        return ""
    if isinstance(value.tzinfo, ZoneInfo):
        return "@" + value.tzinfo.key
    if isinstance(value, WideTime):
        east = time(tzinfo=value.tzinfo).utcoffset()
    elif isinstance(value, WideDateTime):
        east = timedelta(microseconds=(offset(value) or 0) // 1000)
    else:
        east = value.utcoffset()
    seconds = int(east.total_seconds()) if east is not None else 0
    if seconds == 0:
        return "Z"
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{'+' if seconds > 0 else '-'}{minutes // 60:02d}:{minutes % 60:02d}"
    return text + (f":{rest:02d}" if rest else "")


def format_date(value: Day | Moment) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def format_time(value: Clock | Moment) -> str:
    clock = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}"
    return clock + _fraction(nanosecond(value)) + _offset(value)


def format_date_time(value: Moment) -> str:
    return format_date(value) + "T" + format_time(value)


def format_days(duration: Duration) -> str:
    exact = duration_nanoseconds(duration)
    minutes, rest = divmod(abs(exact) % DAY, 60 * SECOND)
    hours, minutes = divmod(minutes, 60)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if rest:
        clock += f"{rest // SECOND}{_fraction(rest % SECOND)}S"
    days = f"{abs(exact) // DAY}D" if abs(exact) >= DAY else ""
    sign = "-" if exact < 0 else ""
    return f"{sign}P{days}" + ("T" + clock if clock else "") if days or clock else "PT0S"


def format_months(duration: YearMonthDuration) -> str:
    years, months = divmod(abs(duration.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if duration.months < 0 else "") + "P" + (text or "0M")
