"""Variables as JSON and back, exactly.

JSON has no dates, durations or exact decimals, so these are tagged objects ``{"$": type, "v": text}``; an object of
the case that itself has a key ``$`` is tagged ``map``. Decimals with a point or exponent are plain JSON numbers
(``1.50`` stays ``1.50``); whole decimals are tagged, because ``5`` comes back as int. Floats are refused: whoever
has one has lost the decimal that was meant.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import simplejson

from engine.feel.values import YearMonthDuration
from engine.model.errors import Broken, Detail, Invalid

_TAG = "$"
_MAX_DEPTH = 100
_MAX_BITS = 10_000


def dumps(value: object) -> bytes:
    """Canonical enough: keys in their order, no spaces, UTF-8. Raises `Invalid` ``variables.type``."""
    text: str = simplejson.dumps(
        _encode(value, ""), ensure_ascii=False, separators=(",", ":"), use_decimal=True, allow_nan=False
    )
    return text.encode("utf-8", "surrogatepass")


def loads(data: bytes) -> object:
    """The value of `dumps`."""
    return _decode(simplejson.loads(data.decode("utf-8", "surrogatepass"), use_decimal=True))


def normalise(variables: Mapping[str, object]) -> dict[str, object]:
    """A deep copy as it will come back from the stored state: lists for tuples, nothing shared with the caller."""
    copied = _decode(_encode(variables, ""))
    if not isinstance(copied, dict):
        raise Broken("runtime.variables", "Variables are not a mapping.")
    return copied


def _encode(value: object, place: str, depth: int = 0) -> object:
    match value:
        case None | bool():
            return value
        case str():
            return str(value)
        case int() if value.bit_length() <= _MAX_BITS:
            return int(value)
        case Decimal():
            return _encode_decimal(value, place)
        case Mapping() | list() | tuple():
            return _encode_nested(value, place, depth + 1)
        case _:
            return _encode_tagged(value, place)


def _encode_decimal(value: Decimal, place: str) -> object:
    if not value.is_finite():
        raise _wrong(place, "a number that is not finite")
    text = str(value)
    return value if any(mark in text for mark in ".eE") else {_TAG: "decimal", "v": text}


def _encode_nested(
    value: Mapping[object, object] | list[object] | tuple[object, ...], place: str, depth: int
) -> object:
    if depth > _MAX_DEPTH:
        raise _wrong(place[:80], "values nested too deeply")
    if not isinstance(value, Mapping):
        return [_encode(item, f"{place}[{index}]", depth) for index, item in enumerate(value)]
    encoded: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise _wrong(place, f"a key of type {type(key).__name__}")
        encoded[key] = _encode(item, f"{place}.{key}" if place else key, depth)
    return {_TAG: "map", "v": encoded} if _TAG in encoded else encoded


def _encode_tagged(value: object, place: str) -> object:
    match value:
        case datetime() | time():
            kind = "datetime" if isinstance(value, datetime) else "time"
            wall = value.replace(tzinfo=None, fold=0).isoformat()
            return {_TAG: kind, "v": wall, "z": _encode_zone(value), "f": value.fold}
        case date():
            return {_TAG: "date", "v": value.isoformat()}
        case timedelta():
            return {_TAG: "days", "v": [value.days, value.seconds, value.microseconds]}
        case YearMonthDuration():
            return {_TAG: "months", "v": value.months}
        case _:
            raise _wrong(place, f"a value of type {type(value).__name__}")


def _encode_zone(value: datetime | time) -> str | int | None:
    """An IANA name, seconds east of UTC, or nothing for local time."""
    if isinstance(value.tzinfo, ZoneInfo):
        return value.tzinfo.key
    offset = value.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def _decode_zone(zone: object) -> tzinfo | None:
    if isinstance(zone, str):
        return ZoneInfo(zone)
    if isinstance(zone, int):
        return timezone(timedelta(seconds=zone)) if zone else UTC
    return None


def _decode(value: object) -> object:
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if isinstance(value, dict):
        tag = value.get(_TAG)
        if tag is None:
            return {key: _decode(item) for key, item in value.items()}
        return _decode_tagged(tag, value)
    return value


def _decode_tagged(tag: object, box: dict[str, Any]) -> object:
    decode = _TAGGED.get(tag)
    if decode is None:
        raise Broken("runtime.state_damaged", f"The state holds a value of unknown kind {tag!r}.")
    return decode(box)


def _decode_days(box: dict[str, Any]) -> timedelta:
    days, seconds, microseconds = box["v"]
    return timedelta(days=days, seconds=seconds, microseconds=microseconds)


_TAGGED: Mapping[object, Callable[[dict[str, Any]], object]] = {
    "map": lambda box: {key: _decode(item) for key, item in box["v"].items()},
    "decimal": lambda box: Decimal(box["v"]),
    "date": lambda box: date.fromisoformat(box["v"]),
    "time": lambda box: time.fromisoformat(box["v"]).replace(tzinfo=_decode_zone(box["z"]), fold=box["f"]),
    "datetime": lambda box: datetime.fromisoformat(box["v"]).replace(tzinfo=_decode_zone(box["z"]), fold=box["f"]),
    "days": _decode_days,
    "months": lambda box: YearMonthDuration(box["v"]),
}


def _wrong(place: str, what: str) -> Invalid:
    return Invalid(
        "variables.type",
        f"The variable {place} holds {what}.",
        details=[Detail(place=place, code="variables.type", message=f"holds {what}", params={"what": what})],
    )
