"""Values inside a payload: JSON where JSON has the type, a tag where it has not, so that replay folds what was there.

======================  ==========================================================
Python (FEEL)           in the payload
======================  ==========================================================
None, bool, str         the same
int                     integer within +-(2^53 - 1), beyond it ``$decimal``
Decimal                 ``{"$decimal": "12.50"}``
date                    ``{"$date": "2026-01-05"}``
time                    ``{"$time": "09:00:00+08:00"}``
datetime                ``{"$datetime": "2026-01-05T09:00:00+08:00"}``, a named zone as ``…@Asia/Shanghai``
timedelta               ``{"$duration": "PT5400S"}``, microseconds as a fraction, negative as ``-PT…``
year-month duration     ``{"$months": 14}``
list, tuple             array
mapping                 object; one with a key that begins with ``$`` is wrapped: ``{"$context": {…}}``
classified, encrypted   ``{"$enc": …, "class": …, "alg": …, "key": …}``, see `engine.trace.chain`
======================  ==========================================================

Dates and times that Python cannot hold (years before 1 or after 9999, nanoseconds) cannot be variables; as inputs of
a decision they are written as text.

An object of the payload with a key that begins with ``$`` is thus always one of ours, whatever a form contained.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.feel import to_text
from engine.feel.values import YearMonthDuration
from engine.feel.wide import WIDE
from engine.model.classes import Classified
from engine.trace import canonical

ENCRYPTED: Final = "$enc"
CONTEXT: Final = "$context"
SAFE_INTEGER: Final = 2**53 - 1
_AS_THEY_ARE: Final = frozenset({str, bool, type(None)})
_DURATION: Final = re.compile(r"(-?)PT(\d+)(?:\.(\d{6}))?S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """Stands where a value cannot be read any more. cause: ``no_key`` (destroyed or not given) or ``unreadable``."""

    data_class: str
    cause: str = "no_key"


Closing = Callable[[Classified, str], object]
Place = tuple["Place | None", str | int] | None
"""Where a value stands: the place around it and its key or number there; None for the whole. Spelt only if needed."""

Opening = Callable[[Mapping[str, Any], str], object]


def close(value: object, closing: Closing) -> object:
    """The payload form of a value. `closing` is handed every `Classified` with its JSON pointer in the payload.

    Outside of classified values an aware datetime is an instant of the record, not a value of the case: it is written
    as `canonical.timestamp` writes it and read back as text.
    """
    return _close(value, closing, None)


def pointer_to(place: Place) -> str:
    """The JSON pointer (RFC 6901) of a place."""
    steps: list[str] = []
    while place is not None:
        place, step = place
        steps.append(escape(step) if isinstance(step, str) else str(step))
    return "".join(f"/{step}" for step in reversed(steps))


def _close(value: object, closing: Closing, place: Place) -> object:
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if isinstance(value, Classified):
        return closing(value, pointer_to(place))
    if not isinstance(value, str | int):
        if kind is dict or isinstance(value, Mapping):
            return _close_members(value, closing, place)  # type: ignore[arg-type]  # a mapping, either way
        if isinstance(value, list | tuple):
            return [_close(item, closing, (place, index)) for index, item in enumerate(value)]
    return _record(value) if closing is not keep_values else _tagged(value)


def _close_members(members: Mapping[str, object], closing: Closing, place: Place) -> dict[str, object]:
    for key in members:
        if str(key)[:1] == "$":
            inside = (place, CONTEXT)
            return {CONTEXT: {name: _close(item, closing, (inside, name)) for name, item in members.items()}}
    return {name: _close(item, closing, (place, name)) for name, item in members.items()}


def open_value(value: Any, opening: Opening, pointer: str = "") -> Any:
    """The inverse of `close`. `opening` is handed every encrypted object with its pointer. ValueError for bad tags."""
    match value:
        case dict():
            tag = next((key for key in value if key.startswith("$")), None)
            if tag is None:
                return _open_members(value, opening, pointer)
            if tag == ENCRYPTED:
                return opening(value, pointer)
            if tag == CONTEXT:
                return _open_members(value[CONTEXT], opening, f"{pointer}/{CONTEXT}")
            return _untagged(tag, value[tag])
        case list():
            return [open_value(item, opening, f"{pointer}/{index}") for index, item in enumerate(value)]
        case _:
            return value


def keep_values(value: Classified, pointer: str) -> object:
    """The `closing` for what is inside a classified value: nothing in it may be classified again."""
    raise TypeError(f"a classified value within a classified value at {pointer}: {value.data_class}")


def escape(key: str) -> str:
    """A key as one step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _open_members(value: Mapping[str, Any], opening: Opening, pointer: str) -> dict[str, object]:
    return {key: open_value(item, opening, f"{pointer}/{escape(key)}") for key, item in value.items()}


def _record(value: object) -> object:
    """Outside of classified values: instants as text."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return canonical.timestamp(value)
    return _tagged(value)


def _tagged(value: object) -> object:
    if isinstance(value, Enum):
        return _tagged(value.value)
    match value:
        case None | bool() | str():
            return value
        case datetime() | date() | time() | timedelta() | YearMonthDuration():
            return _tagged_time(value)
        case int():
            return value if -SAFE_INTEGER <= value <= SAFE_INTEGER else {"$decimal": str(value)}
        case Decimal():
            if not value.is_finite():
                raise ValueError(f"not a number: {value}")
            return {"$decimal": str(value)}
        case _ if type(value) in WIDE:
            return to_text(value)
        case _:
            raise TypeError(f"no place in a trace entry for {type(value).__name__}")


def _tagged_time(value: datetime | date | time | timedelta | YearMonthDuration) -> object:
    match value:
        case datetime():
            return {"$datetime": _zoned(value, value.replace(tzinfo=None).isoformat())}
        case date():
            return {"$date": value.isoformat()}
        case time():
            return {"$time": _zoned(value, value.replace(tzinfo=None).isoformat())}
        case timedelta():
            return {"$duration": _duration(value)}
        case YearMonthDuration():
            return {"$months": value.months}


def _untagged(tag: str, value: Any) -> object:
    match tag:
        case "$decimal":
            return Decimal(value)
        case "$date":
            return date.fromisoformat(value)
        case "$datetime":
            text, _, zone = value.partition("@")
            at = datetime.fromisoformat(text)
            return at.replace(tzinfo=ZoneInfo(zone)) if zone else at
        case "$time":
            text, _, zone = value.partition("@")
            clock = time.fromisoformat(text)
            return clock.replace(tzinfo=ZoneInfo(zone)) if zone else clock
        case "$duration":
            return _parsed_duration(value)
        case "$months":
            return YearMonthDuration(value)
        case _:
            raise ValueError(f"unknown tag {tag!r}")


def _zoned(value: datetime | time, local: str) -> str:
    if value.tzinfo is None:
        return local
    if isinstance(value.tzinfo, ZoneInfo):
        return f"{local}@{value.tzinfo.key}"
    return value.isoformat()


def _duration(value: timedelta) -> str:
    sign, size = ("-", -value) if value < timedelta(0) else ("", value)
    seconds = size.days * 86400 + size.seconds
    return f"{sign}PT{seconds}{f'.{size.microseconds:06d}' if size.microseconds else ''}S"


def _parsed_duration(text: str) -> timedelta:
    parts = _DURATION.fullmatch(text)
    if parts is None:
        raise ValueError(f"not a duration: {text!r}")
    size = timedelta(seconds=int(parts[2]), microseconds=int(parts[3] or 0))
    return -size if parts[1] else size
