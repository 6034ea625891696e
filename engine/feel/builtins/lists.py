"""List functions. Positions count from 1, from the end when negative."""

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key, reduce
from typing import Any

from ..arithmetic import add, divide, multiply, subtract
from ..budget import current
from ..decimals import CONTEXT, Number, decimal
from ..values import BOOLEAN, DURATIONS, NUMBER, ORDERED, Function, Value, compare, is_equal, kind, native
from .registry import builtin, define

# ---- membership


def contains(items: list[Value], wanted: Value) -> bool:
    return any(is_equal(item, wanted) for item in items)


define("list contains", "list: list, element: any!", contains)
define("count", "list: list", len)
define(
    "index of",
    "list: list, match: any!",
    lambda items, match: [place for place, item in enumerate(items, 1) if is_equal(item, match)],
)


_HASHABLE = frozenset([str, int, Decimal, bool])


def distinct(items: list[Value]) -> list[Value]:
    """The items without repetitions, in order of first occurrence."""
    seen: set[Any] = set()
    others: list[Value] = []
    result: list[Value] = []
    for item in items:
        if item.__class__ in _HASHABLE:
            key = (item.__class__ is bool, item)
            if key in seen:
                continue
            seen.add(key)
        else:
            current().tick(len(others))
            if contains(others, item):
                continue
            others.append(item)
        result.append(item)
    return result


def joined(lists: tuple[list[Value], ...]) -> list[Value]:
    """The items of all lists."""
    current().made_list(sum(len(items) for items in lists))
    return [item for items in lists for item in items]


define("distinct values", "list: list", distinct)
define("union", "list: list...", lambda *lists: distinct(joined(lists)))
define("concatenate", "list: list...", lambda *lists: joined(lists))


@builtin("duplicate values", "list: list")
def duplicates(items: list[Value]) -> list[Value]:
    """The values that occur more than once, each once."""
    current().tick(len(items) * len(items))
    return distinct([item for item in items if sum(1 for other in items if is_equal(item, other)) > 1])


# ---- least, greatest


def _extreme(items: list[Value], sign: int) -> Value:
    if not items or kind(items[0]) not in ORDERED:
        return None
    best = items[0]
    for item in items[1:]:
        order = compare(item, best)
        if order is None:
            return None
        if order * sign > 0:
            best = item
    return best


def _over_list(name: str, function: Callable[[list[Value]], Value]) -> None:
    """One function for a list and for its items as arguments."""
    define(name, "list: list", function)
    define(name, "n: any!...", lambda *items: function(list(items)) if items else None)


_over_list("min", lambda items: _extreme(items, -1))
_over_list("max", lambda items: _extreme(items, 1))


# ---- numbers


def numbers(items: list[Value]) -> list[Number] | None:
    """The items as numbers, or None when one is none or there are none."""
    result = [native(item) for item in items if kind(item) is NUMBER]
    return result if items and len(result) == len(items) else None


def total(items: list[Value]) -> Value:
    if items and all(kind(item) in DURATIONS for item in items):
        return reduce(add, items)
    values = numbers(items)
    return None if values is None else reduce(add, values)


def product(items: list[Value]) -> Value:
    values = numbers(items)
    return None if values is None else reduce(multiply, values)


def mean(items: list[Value]) -> Value:
    sum_ = total(items)
    return None if sum_ is None else divide(sum_, len(items))


def median(items: list[Value]) -> Value:
    values = numbers(items)
    if values is None:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else divide(add(ordered[middle - 1], ordered[middle]), 2)


def deviation(items: list[Value]) -> Value:
    """The standard deviation of a sample."""
    values = numbers(items)
    if values is None or len(values) < 2:
        return None
    current().tick(10 + 5 * len(values))
    average = mean(items)
    squares = [multiply(subtract(value, average), subtract(value, average)) for value in values]
    variance = divide(reduce(add, squares), len(values) - 1)
    return None if variance is None else CONTEXT.sqrt(decimal(variance))


def mode(items: list[Value]) -> list[Number] | None:
    """The most frequent numbers, in order."""
    if not items:
        return []
    values = numbers(items)
    if values is None:
        return None
    counts: dict[Number, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    most = max(counts.values())
    return sorted(value for value, count in counts.items() if count == most)


for _name, _function in (
    ("sum", total),
    ("product", product),
    ("mean", mean),
    ("median", median),
    ("stddev", deviation),
    ("mode", mode),
):
    _over_list(_name, _function)


# ---- booleans


def every(items: list[Value]) -> bool | None:
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


def some(items: list[Value]) -> bool | None:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


_over_list("all", every)
_over_list("any", some)


# ---- parts


def _place(items: list[Value], position: Number) -> int | None:
    place = int(position)
    if place == 0 or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


@builtin("sublist", "list: list, start position: number, length: number=")
def sublist(items: list[Value], start: Number, length: Number | None = None) -> list[Value] | None:
    first = _place(items, start)
    if first is None:
        return None
    if length is None:
        return items[first:]
    last = first + int(length)
    return items[first:last] if first <= last <= len(items) else None


define("append", "list: list, item: any!...", lambda items, *more: [*items, *more])


@builtin("insert before", "list: list, position: number, newItem: any!")
def insert_before(items: list[Value], position: Number, item: Value) -> list[Value] | None:
    place = _place(items, position)
    return None if place is None else [*items[:place], item, *items[place:]]


@builtin("remove", "list: list, position: number")
def remove(items: list[Value], position: Number) -> list[Value] | None:
    place = _place(items, position)
    return None if place is None else items[:place] + items[place + 1 :]


define("reverse", "list: list", lambda items: items[::-1])


@builtin("flatten", "list: list")
def flatten(items: list[Value]) -> list[Value]:
    result: list[Value] = []
    _flatten(items, result)
    return result


def _flatten(items: list[Value], result: list[Value]) -> None:
    purse = current()
    purse.tick(len(items))
    purse.allocate(8 * len(items))
    for item in items:
        if item.__class__ is list:
            _flatten(item, result)
        else:
            result.append(item)


@builtin("list replace", "list: list, position: number, newItem: any!")
def replace_at(items: list[Value], position: Number, item: Value) -> list[Value] | None:
    place = _place(items, position)
    return None if place is None else [*items[:place], item, *items[place + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any!")
def replace_where(items: list[Value], match: Function, new: Value) -> list[Value] | None:
    if len(match.parameters) != 2:
        return None
    result = []
    for item in items:
        hit = match.call(item, new)
        if kind(hit) is not BOOLEAN:
            return None
        result.append(new if hit else item)
    return result


@builtin("sort", "list: list, precedes: function")
def sort_by(items: list[Value], precedes: Function) -> list[Value]:
    def order(left: Value, right: Value) -> int:
        if precedes.call(left, right) is True:
            return -1
        return 1 if precedes.call(right, left) is True else 0

    return sorted(items, key=cmp_to_key(order))


@builtin("sort", "list: list")
def sort(items: list[Value]) -> list[Value]:
    current().tick(len(items) * max(1, len(items).bit_length()))
    return sorted(items, key=cmp_to_key(lambda left, right: compare(left, right) or 0))


@builtin("partition", "list: list, size: number")
def partition(items: list[Value], size: Number) -> list[list[Value]] | None:
    """The list cut into lists of this length; the last may be shorter."""
    length = int(size)
    if length < 1:
        return None
    current().made_list(len(items))
    return [items[start : start + length] for start in range(0, len(items), length)]
