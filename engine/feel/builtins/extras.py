"""Camunda's functions beyond the standard that depend on nothing but their arguments."""

import base64
import json
import re
from decimal import Decimal
from typing import Any

from ..budget import current
from ..decimals import fit
from ..errors import FeelEvaluationError
from ..temporal import zone
from ..text import format_number, to_text
from ..values import BOOLEAN, CONTEXT_KIND, LIST, NULL, NUMBER, STRING, Value, kind, native
from ..wide import Day, Moment, clock_nanoseconds, clock_of, combine, day_of, instant_nanoseconds, moment_at
from . import regex, strings
from .lists import joined as lists_joined
from .registry import builtin, define

define("is defined", "value: any!", lambda value: value is not None)
define("get or else", "value: any!, default: any!", lambda value, default: default if value is None else value)
define("trim", "string: string", str.strip)
define("is blank", "string: string", lambda text: not text.strip())
define("is empty", "list: list", lambda items: not items)
define("to base64", "value: string", lambda text: base64.b64encode(text.encode()).decode())
define("from base64", "value: string", lambda text: base64.b64decode(text, validate=True).decode())
define("append", "list: list, items: any!...", lambda items, *more: [*items, *more])
define("concatenate", "lists: list...", lambda *lists: lists_joined(lists))


@builtin("string join", "list: list, delimiter: string!, prefix: string!, suffix: string!")
def join_within(items: list[Value], delimiter: str | None, prefix: str | None, suffix: str | None) -> str | None:
    """As `string join`, between a prefix and a suffix."""
    joined = strings.join(items, delimiter)
    return None if joined is None else (prefix or "") + joined + (suffix or "")


@builtin("date and time", "date: dates, timezone: string")
def moment_in_zone(moment: Day | Moment, timezone: str) -> Moment | None:
    """The same instant on the clock of a zone; one without offset is taken to be on that clock already."""
    tz = zone(timezone)
    if tz is None or not isinstance(moment, Moment):
        return None
    if moment.tzinfo is None:
        return combine(day_of(moment), clock_of(clock_nanoseconds(moment), tz))
    return moment_at(instant_nanoseconds(moment), tz)


@builtin("assert", "value: any!, condition: any!, cause: string?")
def assertion(value: Value, condition: Value, cause: str | None = None) -> Value:
    """The value when the condition is true; otherwise the evaluation fails with the cause."""
    if condition is not True:
        raise FeelEvaluationError(cause or "an assertion does not hold")
    return value


@builtin("extract", "string: string, pattern: string")
def extract(text: str, pattern: str) -> list[str] | None:
    """All matches, in order."""
    expression = regex.compiled(pattern, "")
    if expression is None:
        return None
    return [match.group(0) for match in expression.finditer(text)]


def _reject(name: str) -> Any:
    raise ValueError(name)


@builtin("from json", "value: string", 20)
def from_json(text: str) -> Value:
    """The value of a JSON text; numbers stay exact."""
    if re.search(r"[\[{]{60}", re.sub(r'"(?:[^"\\]|\\.)*"|[^\[\]{}]', "", text)):
        return None
    current().allocate(8 * len(text))
    current().tick(len(text) // 50)
    try:
        value = json.loads(text, parse_float=lambda digits: fit(Decimal(digits)), parse_constant=_reject)
    except RecursionError:
        return None
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False, default=str).encode()  # half of a pair of surrogates is a ValueError
    return value


@builtin("to json", "value: any!")
def to_json(value: Value) -> str:
    """JSON text; what JSON has no kind for becomes its text."""
    found, value = kind(value), native(value)
    if found in {NULL, BOOLEAN, STRING}:
        return json.dumps(value, ensure_ascii=False)
    if found is NUMBER:
        return format_number(value)
    purse = current()
    if found is LIST:
        purse.tick(len(value))
        text = "[" + ",".join(to_json(item) for item in value) + "]"
    elif found is CONTEXT_KIND:
        purse.tick(len(value))
        entries = (json.dumps(key, ensure_ascii=False) + ":" + to_json(item) for key, item in value.items())
        text = "{" + ",".join(entries) + "}"
    else:
        text = json.dumps(to_text(value), ensure_ascii=False)
    purse.made_text(len(text))
    return text
