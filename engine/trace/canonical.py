"""Canonical JSON bytes: one value, one sequence of bytes, on every machine and in every year.

RFC 8785 (JCS) with one restriction, no fractions: UTF-8, no blanks, keys sorted by UTF-16 code units, the shortest
escapes. Numbers are integers only; whoever wants decimals writes strings. Python values map as follows::

    None, bool, str, int         as JSON has them
    Decimal                      string, as Python writes it
    aware datetime               string, UTC, six digits of microseconds, ``Z``
    date                         string, ISO 8601
    Enum                         its value
    Mapping with str keys        object
    list, tuple                  array
    float, and everything else   TypeError
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NoReturn

MAX_DEPTH = 200
"""Deeper nesting is refused, so that hostile data cannot exhaust the interpreter's stack."""

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)
_sorting_encoder = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False, sort_keys=True
)
_BYTES_BELOW_U_E000 = bytes(range(0xEE))


def encode(value: object) -> bytes:
    """The canonical bytes. TypeError for what has no place in it, ValueError for lone surrogates, NaN and depth."""
    return _encoder.encode(_plain(value, 0)).encode("utf-8")


def encode_plain(value: object) -> bytes:
    """As `encode`, for a value of exactly dict, list, str, int, bool and None, which is not looked at again.

    Below U+E000 the order of code points is that of UTF-16, so the C encoder can sort; the rest goes the long way.
    """
    try:
        data = _sorting_encoder.encode(value).encode("utf-8")
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return data if not data.translate(None, delete=_BYTES_BELOW_U_E000) else encode(value)


def decode(data: bytes) -> Any:
    """Read JSON bytes back; numbers with a fraction or exponent are ValueError, as is anything that is not JSON."""
    try:
        return json.loads(data, parse_float=_no_fraction, parse_constant=_no_fraction)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def is_canonical(data: bytes, decoded: object) -> bool:
    """Whether bytes are the canonical ones of the value that `decode` read from them.

    Below U+E000 the order of code points is that of UTF-16, so the C encoder can sort; the rest goes the long way.
    """
    if not data.translate(None, delete=_BYTES_BELOW_U_E000):
        return _sorting_encoder.encode(decoded).encode("utf-8") == data
    return encode(decoded) == data


def timestamp(at: datetime) -> str:
    """An instant as the trace writes it: ``2026-01-05T01:00:00.000000Z``."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)


def instant(text: str) -> datetime:
    """The instant that `timestamp` wrote; ValueError for any other spelling."""
    at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    if timestamp(at) != text:
        raise ValueError(f"not a canonical instant: {text!r}")
    return at


def _no_fraction(text: str) -> NoReturn:
    raise ValueError(f"not an integer: {text}")


_LAST_BEFORE_SURROGATES = "\ud7ff"
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
"""Exact types, looked up before the slower questions of what a value is an instance of."""


def _plain(value: object, depth: int) -> object:
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if isinstance(value, str | int):
        return _plain(value.value, depth) if isinstance(value, Enum) else value
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    if kind is dict or isinstance(value, Mapping):
        members: Mapping[str, object] = value  # type: ignore[assignment]  # a mapping, either way
        return {
            key: item if type(item := members[key]) in _AS_THEY_ARE else _plain(item, depth + 1)
            for key in _in_order(members)
        }
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, Enum):
        return _plain(value.value, depth)
    return value if isinstance(value, str | int) else _text(value)


def _in_order(members: Mapping[str, object]) -> list[str]:
    """Keys in the order of their UTF-16 code units, which below the surrogates is that of their code points."""
    for key in members:
        if type(key) is not str or max(key, default="") > _LAST_BEFORE_SURROGATES:
            return sorted(members, key=_utf16)
    return sorted(members)


def _text(value: object) -> str:
    match value:
        case Decimal():
            if not value.is_finite():
                raise ValueError(f"not a number: {value}")
            return str(value)
        case datetime():
            return timestamp(value)
        case date():
            return value.isoformat()
        case _:
            raise TypeError(f"no canonical form for {type(value).__name__}")


def _utf16(key: object) -> bytes:
    if not isinstance(key, str):
        raise TypeError(f"keys are strings, not {type(key).__name__}")
    return key.encode("utf-16-be")
