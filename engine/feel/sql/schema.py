"""Columns and their FEEL types, as the caller declares them.

==================================  ======================================  ==========================================
type                                SQL column                              what may be done with it
==================================  ======================================  ==========================================
``number(12,2)``                    DECIMAL(12,2), or any integer           everything
``integer``, ``integer(9)``         any integer of at most 18 (9) digits    everything
``number``                          DECIMAL, NUMERIC or integer             comparisons only: its digits are unknown
``string``                          text in UTF-8                           everything
``boolean``                         BOOLEAN                                 everything
``date``                            DATE                                    everything
``time``                            TIME, without offset                    comparisons
``date and time``                   TIMESTAMP, without offset               everything
``instant``                         TIMESTAMP WITH TIME ZONE                comparisons, differences, plus seconds
``days and time duration``          INTERVAL of days and seconds            everything
``years and months duration``       INTERVAL of years and months            everything
==================================  ======================================  ==========================================

Floating-point columns have no type: they hold no decimals. Columns hold neither NaN nor infinities, and years from
1 to 9999. A ``!`` behind the type says that the column is never null, which makes the SQL shorter.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import FeelError
from ..values import Kind
from .digits import Digits

_TYPE = re.compile(
    r"(?P<name>[a-z][a-z ]*[a-z])\s*(\(\s*(?P<width>\d{1,2})\s*(,\s*(?P<scale>\d{1,2})\s*)?\))?\s*(?P<required>!)?"
)
_KINDS = {
    "number": Kind.NUMBER,
    "integer": Kind.NUMBER,
    "string": Kind.STRING,
    "boolean": Kind.BOOLEAN,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "date and time": Kind.DATE_TIME,
    "instant": Kind.DATE_TIME,
    "days and time duration": Kind.DAYS,
    "years and months duration": Kind.MONTHS,
}
TYPE_NAMES = tuple(_KINDS)
MAX_WIDTH = 34
INTEGER_WIDTH = 18


class SchemaError(FeelError):
    """The schema cannot be read; says which column and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    name: the FEEL name, with dots where it is an entry of a context (``applicant.income``). column: its SQL name,
    without quotes. digits: of numbers, where declared. integral: whether it is an SQL integer. aware: whether a
    date and time has an offset. required: whether it is never null.
    """

    name: str
    column: str
    kind: Kind
    digits: Digits | None = None
    integral: bool = False
    aware: bool = False
    required: bool = False


class Columns(Mapping[str, Column]):
    """The columns of a relation by their FEEL names. Immutable."""

    __slots__ = ("_columns",)

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = dict(columns)

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def roots(self) -> frozenset[str]:
        """The names that a text may use: the first parts of all names."""
        return frozenset(name.partition(".")[0] for name in self._columns)


def columns_of(declared: Mapping[str, Any]) -> Columns:
    """Columns from ``{"income": "number(12,2)", "opened at": {"type": "instant", "column": "opened_at"}}``.

    The shape of a JSON file, too. Nested objects without ``type`` are contexts: ``{"applicant": {"age": "integer"}}``
    declares ``applicant.age``, by default in a column of that name with ``_`` for the dot. Raises SchemaError.
    """
    found: dict[str, Column] = {}
    for name, value in declared.items():
        _declare(name, value, found)
    return Columns(found)


def _declare(name: str, value: Any, found: dict[str, Column]) -> None:
    if isinstance(value, str):
        found[name] = _column(name, value, name.replace(".", "_"))
    elif isinstance(value, Mapping) and isinstance(value.get("type"), str):
        unknown = value.keys() - {"type", "column"}
        column = value.get("column", name.replace(".", "_"))
        if unknown or not isinstance(column, str):
            raise SchemaError(f"`{name}`: a column has a `type` and a `column`, both strings")
        found[name] = _column(name, value["type"], column)
    elif isinstance(value, Mapping) and value:
        for part, inner in value.items():
            _declare(f"{name}.{part}", inner, found)
    else:
        raise SchemaError(f"`{name}`: a type is expected, one of {', '.join(TYPE_NAMES)}")


def _column(name: str, text: str, column: str) -> Column:
    match = _TYPE.fullmatch(text.strip())
    type_name = match["name"] if match else ""
    if match is None or type_name not in _KINDS:
        raise SchemaError(f"`{name}`: there is no type `{text}`; the types are {', '.join(TYPE_NAMES)}")
    if match["width"] and (_KINDS[type_name] is not Kind.NUMBER or (type_name == "integer" and match["scale"])):
        raise SchemaError(f"`{name}`: `{type_name}` takes no such digits")
    return Column(
        name=name,
        column=column,
        kind=_KINDS[type_name],
        digits=_digits(name, type_name, match),
        integral=type_name == "integer",
        aware=type_name == "instant",
        required=match["required"] is not None,
    )


def _digits(name: str, type_name: str, match: re.Match[str]) -> Digits | None:
    if type_name == "integer":
        width, scale = int(match["width"] or INTEGER_WIDTH), 0
    elif match["width"]:
        width, scale = int(match["width"]), int(match["scale"] or 0)
    else:
        return None
    limit = INTEGER_WIDTH if type_name == "integer" else MAX_WIDTH
    if not 1 <= width <= limit or scale > width:
        raise SchemaError(f"`{name}`: `{type_name}` has 1 to {limit} digits, no more of them behind the point")
    return Digits(whole=width - scale, scale=scale)
