"""JSON in and out without a float: numbers with a fraction are Decimal on the way in and written digit by digit.

The limits keep a small body from becoming a large computation: no exponent beyond ±`MAX_EXPONENT`, no integer over
`MAX_DIGITS` digits, no deeper than `MAX_DEPTH`, no name twice in one object (two readers could
disagree about which one counts).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import simplejson
from flask.json.provider import JSONProvider

MAX_EXPONENT = 100
MAX_DIGITS = 100
MAX_DEPTH = 64


class JsonTextError(ValueError):
    """The text is not the JSON we accept."""


def loads(text: str | bytes) -> Any:
    """Parse JSON text. Raises JsonTextError."""
    try:
        value = simplejson.loads(
            text,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
        _check_text(value)
    except simplejson.JSONDecodeError as error:
        raise JsonTextError(f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    except UnicodeError as error:
        raise JsonTextError("the text is not valid Unicode") from error
    except RecursionError as error:
        raise JsonTextError("it is nested too deeply") from error
    return value


def dumps(value: Any) -> str:
    """Write JSON text. Decimals keep their digits, instants end in Z, durations and the like become text."""
    text: str = simplejson.dumps(value, use_decimal=True, ensure_ascii=False, default=_plain)
    return text


def _decimal(text: str) -> Decimal:
    value = Decimal(text)
    if len(text) > MAX_DIGITS + 10 or abs(value.adjusted()) > MAX_EXPONENT:
        raise JsonTextError("a number is too long")
    return value


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise JsonTextError("a number is too long")
    return int(text)


def _check_text(value: Any, depth: int = 0) -> None:
    """Refuse what a database or another program could not store: NUL, half of a surrogate pair, endless nesting."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, str):
        value.encode()
        if "\0" in value:
            raise JsonTextError("the character NUL is not accepted")
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_text(name, depth + 1)
            _check_text(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check_text(item, depth + 1)


def _refuse_constant(name: str) -> Any:
    raise JsonTextError(f"{name} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonTextError("a name appears twice in one object")
    return found


def instant(value: datetime) -> str:
    """An aware instant as ISO 8601 in UTC, ending in Z."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    return str(value)


class ExactJson(JSONProvider):
    """Flask's JSON provider with the rules of this module."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:  # noqa: ARG002  # Flask's own options have no meaning here
        return dumps(obj)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:  # noqa: ARG002
        return loads(s)
