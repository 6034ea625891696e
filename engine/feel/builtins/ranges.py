"""Relations between points and ranges (Allen's), and ranges from text."""

import re
from collections.abc import Callable
from typing import Any

from .. import tree
from ..errors import FeelSyntaxError
from ..parser import parse_expression
from ..temporal import parse_at
from ..values import Range, Value, compare, kind
from .registry import BUILTINS, builtin, define

_Relation = Callable[[Any, Any], bool]


class _Unordered(Exception):  # two ends without order: the relation is null
    pass


def _order(left: Value, right: Value) -> int:
    order = compare(left, right)
    if order is None:
        raise _Unordered
    return order


def _as_range(value: Value) -> Range:
    if isinstance(value, Range):
        return value
    return Range(low=value, high=value, low_closed=True, high_closed=True)


def _before(one: Range, other: Range) -> bool:
    order = _order(one.high, other.low)
    return order < 0 or (order == 0 and not (one.high_closed and other.low_closed))


def _meets(one: Range, other: Range) -> bool:
    return one.high_closed and other.low_closed and _order(one.high, other.low) == 0


def _starts_no_earlier(one: Range, other: Range) -> bool:
    """Whether nothing of `one` lies below `other`."""
    order = _order(one.low, other.low)
    return order > 0 or (order == 0 and (other.low_closed or not one.low_closed))


def _ends_no_later(one: Range, other: Range) -> bool:
    order = _order(one.high, other.high)
    return order < 0 or (order == 0 and (other.high_closed or not one.high_closed))


def _overlaps(one: Range, other: Range) -> bool:
    return not _before(one, other) and not _before(other, one)


def _overlaps_before(one: Range, other: Range) -> bool:
    starts, touches, ends = _order(one.low, other.low), _order(one.high, other.low), _ends_no_later(one, other)
    earlier = starts < 0 or (starts == 0 and one.low_closed and not other.low_closed)
    return earlier and (touches > 0 or (touches == 0 and one.high_closed and other.low_closed)) and ends


def _finishes(one: Range, other: Range) -> bool:
    ends, starts = _order(one.high, other.high), _starts_no_earlier(one, other)
    return ends == 0 and one.high_closed == other.high_closed and starts


def _finishes_point(point: Value, other: Range) -> bool:
    return _order(point, other.high) == 0 and other.high_closed


def _starts(one: Range, other: Range) -> bool:
    starts, ends = _order(one.low, other.low), _ends_no_later(one, other)
    return starts == 0 and one.low_closed == other.low_closed and ends


def _starts_point(point: Value, other: Range) -> bool:
    return _order(point, other.low) == 0 and other.low_closed


def _during(one: Range, other: Range) -> bool:
    starts, ends = _starts_no_earlier(one, other), _ends_no_later(one, other)
    return starts and ends


def _coincides(one: Range, other: Range) -> bool:
    starts, ends = _order(one.low, other.low), _order(one.high, other.high)
    same_ends = one.low_closed == other.low_closed and one.high_closed == other.high_closed
    return starts == 0 and ends == 0 and same_ends


def _coincides_points(one: Value, other: Value) -> bool:
    return _order(one, other) == 0


def _swapped(relation: _Relation) -> _Relation:
    return lambda one, other: relation(other, one)


def _three_valued(relation: _Relation) -> Callable[[Value, Value], bool | None]:
    """Null where two ends have no order."""

    def call(one: Value, other: Value) -> bool | None:
        try:
            return relation(one, other)
        except _Unordered:
            return None

    return call


def _of_ranges(relation: _Relation) -> _Relation:
    """A point counts as the range of itself."""
    return lambda one, other: relation(_as_range(one), _as_range(other))


_SIGNATURES = {
    "rr": "range1: range, range2: range",
    "rp": "range: range, point: any",
    "pr": "point: any, range: range",
    "pp": "point1: any, point2: any",
}
for _name, _function, _shapes in (
    ("before", _before, "rr rp pr pp"),
    ("after", _swapped(_before), "rr rp pr pp"),
    ("meets", _meets, "rr"),
    ("met by", _swapped(_meets), "rr"),
    ("overlaps", _overlaps, "rr"),
    ("overlaps before", _overlaps_before, "rr"),
    ("overlaps after", _swapped(_overlaps_before), "rr"),
    ("finishes", _finishes, "rr"),
    ("finished by", _swapped(_finishes), "rr"),
    ("includes", _swapped(_during), "rr rp"),
    ("during", _during, "rr pr"),
    ("starts", _starts, "rr"),
    ("started by", _swapped(_starts), "rr"),
    ("coincides", _coincides, "rr"),
):
    for _shape in _shapes.split():
        define(_name, _SIGNATURES[_shape], _three_valued(_of_ranges(_function)))
for _name, _function, _shape in (
    ("finishes", _finishes_point, "pr"),
    ("finished by", _swapped(_finishes_point), "rp"),
    ("starts", _starts_point, "pr"),
    ("started by", _swapped(_starts_point), "rp"),
    ("coincides", _coincides_points, "pp"),
):
    define(_name, _SIGNATURES[_shape], _three_valued(_function))


_RANGE = re.compile(r"\s*([\[\](])\s*(.*?)\s*\.\.\s*(.*?)\s*([\])\[])\s*", re.DOTALL)
_CONSTRUCTORS = frozenset(["date", "time", "date and time", "duration"])


def _end(text: str) -> Value:
    """An end of a range in text: a literal, nothing else. Raises ValueError."""
    if not text:
        return None
    try:
        node = parse_expression(text)
    except FeelSyntaxError as error:
        raise ValueError(text) from error
    if isinstance(node, tree.NumberLiteral | tree.StringLiteral):
        return node.value
    value = None
    if isinstance(node, tree.AtLiteral):
        value = parse_at(node.text)
    elif isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.name in _CONSTRUCTORS:
        arguments = [one.value for one in node.arguments if isinstance(one, tree.StringLiteral)]
        if len(arguments) == len(node.arguments):
            value = BUILTINS[node.function.name].call(*arguments)
    if value is None:
        raise ValueError(text)
    return value


def make_range(low: Value, high: Value, *, low_closed: bool, high_closed: bool) -> Range | None:
    """A range, or null when its ends have no order, are the wrong way round, or a missing end is closed."""
    if (low is None and (low_closed or high is None)) or (high is None and high_closed):
        return None
    if low is not None and high is not None:
        order = compare(low, high)
        if kind(low) is not kind(high) or order is None or order > 0:
            return None
    return Range(low=low, high=high, low_closed=low_closed, high_closed=high_closed)


@builtin("range", "from: string", 50)
def range_of(text: str) -> Range | None:
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    return make_range(_end(match[2]), _end(match[3]), low_closed=match[1] == "[", high_closed=match[4] == "]")
