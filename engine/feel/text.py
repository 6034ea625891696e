"""Values as text: what `string()` gives, and what errors and the command line show."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .budget import current
from .decimals import CONTEXT, Number
from .temporal import format_date, format_date_time, format_days, format_months, format_time
from .values import (
    BOOLEAN,
    CONTEXT_KIND,
    DATE,
    DATE_TIME,
    DAYS,
    FUNCTION,
    LIST,
    MONTHS,
    NULL,
    NUMBER,
    RANGE,
    STRING,
    TIME,
    Kind,
    Range,
    Value,
    kind,
    native,
)

_PLAIN_KEY = re.compile(r"[\w ?']+")


def format_number(number: Number) -> str:
    """Digits without exponent and without trailing zeros."""
    if not isinstance(number, Decimal):
        return str(number)
    if not number:
        return "0"
    return format(number.normalize(CONTEXT), "f")


def quote(text: str) -> str:
    """A string literal, as `string()` shows it inside of lists."""
    return '"' + text.replace('"', '\\"') + '"'


def to_text(value: Value) -> str:
    """The text of a value; a string is itself."""
    value = native(value)
    return value if value.__class__ is str else _WRITERS[kind(value)](value)


def literal_text(value: Value) -> str:
    """The text of a value inside of another: strings in quotes."""
    value = native(value)
    return quote(value) if value.__class__ is str else _WRITERS[kind(value)](value)


def _list(items: list[Value]) -> str:
    purse = current()
    purse.tick(2 * len(items))
    text = "[" + ", ".join(literal_text(item) for item in items) + "]"
    purse.made_text(len(text))
    return text


def _context(entries: dict[str, Value]) -> str:
    purse = current()
    purse.tick(2 * len(entries))
    parts = [
        (name if _PLAIN_KEY.fullmatch(name) else quote(name)) + ": " + literal_text(value)
        for name, value in entries.items()
    ]
    text = "{" + ", ".join(parts) + "}"
    purse.made_text(len(text))
    return text


def _range(value: Range) -> str:
    if value.operator is not None:
        end = value.high if value.operator in {"<", "<="} else value.low
        return f"({value.operator} {literal_text(end)})"
    start, stop = "[" if value.low_closed else "(", "]" if value.high_closed else ")"
    return f"{start}{literal_text(value.low)}..{literal_text(value.high)}{stop}"


_WRITERS: dict[Kind, Callable[[Any], str]] = {
    NULL: lambda _: "null",
    BOOLEAN: lambda value: "true" if value else "false",
    NUMBER: format_number,
    STRING: quote,
    DATE: format_date,
    TIME: format_time,
    DATE_TIME: format_date_time,
    DAYS: format_days,
    MONTHS: format_months,
    LIST: _list,
    CONTEXT_KIND: _context,
    RANGE: _range,
    FUNCTION: lambda _: "function",
}
