"""Filters, `for`, `some` and `every`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import tree
from .budget import current
from .compiler import Closure, Compiler, Names, compiles
from .decimals import LIMIT, fit, whole
from .errors import FeelBudgetError
from .scope import Scope
from .values import DATE, NATIVE, NUMBERS, Range, Value, kind, native
from .wide import Day, date_of, day_number

_NEVER_A_NUMBER = (
    tree.And,
    tree.Or,
    tree.Comparison,
    tree.Between,
    tree.In,
    tree.InstanceOf,
    tree.Quantified,
    tree.BooleanLiteral,
)


# ---- filters


@compiles(tree.Filter)
def _filter(compiler: Compiler, node: tree.Filter) -> Closure:
    compiler.budgeted = True
    source = compiler.compile_node(node.source)
    if isinstance(node.condition, tree.NumberLiteral):
        place = node.condition.value
        return lambda scope: item_at(as_list(source(scope)), place)
    condition = compiler.compile_node(node.condition)
    if isinstance(node.condition, _NEVER_A_NUMBER):
        return lambda scope: keep(source(scope), condition, scope)

    def choose(scope: Names) -> Value:
        value = source(scope)
        items = as_list(value)
        probe = condition(item_scope(items[0], scope) if items else scope)
        if probe.__class__ in NUMBERS:
            return item_at(items, condition(scope))
        return keep(value, condition, scope)

    return choose


def as_list(value: Value) -> list[Value]:
    """A list as it is, null as the empty list, anything else as a list of one."""
    value = native(value)
    if value.__class__ is list:
        return value
    return [] if value is None else [value]


def item_at(items: list[Value], place: Value) -> Value:
    """The item at a position from 1, or from the end when negative; null beyond the ends."""
    if place.__class__ not in NUMBERS:
        return None
    index = whole(place)
    if not index or abs(index) > len(items):
        return None
    return native(items[index - 1 if index > 0 else index])


def item_scope(item: Value, scope: Names) -> Scope:
    """The names inside a filter: the entries of the item, and the item itself as `item`."""
    item = item if item.__class__ in NATIVE else native(item)
    inner = Scope(item if item.__class__ is dict else {}, scope)
    if "item" not in inner:
        inner["item"] = item
    return inner


def keep(value: Value, condition: Closure, scope: Names) -> list[Value]:
    """The items for which the condition is true."""
    items = as_list(value)
    purse = current()
    purse.tick(2 * len(items) + 1)
    result = [item for item in items if condition(item_scope(item, scope)) is True]
    purse.made_list(len(result))
    return result


# ---- iterations


def iteration(value: Value) -> Iterable[Value] | None:
    """What a loop runs over: a list, a closed range of whole numbers or dates, or a single value."""
    value = native(value)
    if value is None or value.__class__ is list:
        return value
    return _in_range(value) if isinstance(value, Range) else [value]


def _in_range(value: Range) -> Iterable[Value] | None:
    low, high = value.low, value.high
    if low.__class__ in NUMBERS and high.__class__ in NUMBERS:
        first, last = whole(low), whole(high)
        if first is None or last is None:
            return None
        return _numbers(range(first + (not value.low_closed), last + value.high_closed))
    if kind(low) is DATE and kind(high) is DATE:
        days = day_number(high) - day_number(low)
        return _dates(low, range(0 if value.low_closed else 1, days + value.high_closed))
    return None


def span(start: Value, end: Value) -> Iterable[Value] | None:
    """``start..end`` in an iterator, which may run backwards."""
    if start.__class__ in NUMBERS and end.__class__ in NUMBERS:
        first, last = whole(start), whole(end)
        if first is None or last is None:
            return None
        return _numbers(range(first, last + 1) if first <= last else range(first, last - 1, -1))
    if kind(start) is DATE and kind(end) is DATE:
        days = day_number(end) - day_number(start)
        return _dates(start, range(days + 1) if days >= 0 else range(0, days - 1, -1))
    return None


def _bounded(numbers: range) -> range:
    """Refused at once when it is longer than any budget, so that its length is a number Python can tell."""
    limit = current().limits.items
    if abs(numbers.stop - numbers.start) > limit + 1:
        raise FeelBudgetError(f"an iteration over more than {limit} numbers")
    return numbers


def _numbers(numbers: range) -> Iterable[Value]:
    """The numbers of a range, which have more than 34 digits only where decimals do."""
    _bounded(numbers)
    if -LIMIT < numbers.start < LIMIT and -LIMIT < numbers.stop < LIMIT:
        return numbers
    return [fit(number) for number in numbers]


def _dates(start: Day, days: range) -> list[Day]:
    _bounded(days)
    current().made_list(len(days))
    first = day_number(start)
    return [date_of(first + day) for day in days]


_Source = Callable[[Any], Iterable[Value] | None]


def _sources(compiler: Compiler, iterators: tuple[tree.Iterator, ...]) -> list[tuple[str, _Source]]:
    """The closures that give what each iterator runs over; each sees the names of those before it."""
    result: list[tuple[str, _Source]] = []
    names: list[str] = []
    for iterator in iterators:
        source = compiler.within(names, iterator.source)
        end = None if iterator.end is None else compiler.within(names, iterator.end)
        result.append((iterator.name, _source(source, end)))
        names.append(iterator.name)
    return result


def _source(source: Closure, end: Closure | None) -> _Source:
    if end is None:
        return lambda scope: iteration(source(scope))
    return lambda scope: span(source(scope), end(scope))


class _NothingToIterate(Exception):  # the loop has a null source: its value is null
    pass


def scopes(sources: list[tuple[str, _Source]], scope: Names) -> Iterable[Scope]:
    """All combinations, the last iterator running fastest. Raises _NothingToIterate."""
    (name, source), rest = sources[0], sources[1:]
    values = source(scope)
    if values is None:
        raise _NothingToIterate
    tick = current().tick
    for value in values:
        tick()
        inner = Scope({name: value}, scope)
        if rest:
            yield from scopes(rest, inner)
        else:
            yield inner


class PartialScope(Scope):
    """Where `partial` is looked for: the results of a loop as they were when its round began.

    They are copied only when they are asked for: the list itself grows on, and may become an item of itself.
    """

    __slots__ = ("count", "results")

    def __init__(self, results: list[Value], names: Mapping[str, Value], parent: Names) -> None:
        super().__init__(names, parent)
        self.results, self.count = results, len(results)

    def __missing__(self, name: str) -> Value:
        if name != "partial":
            return self.parent[name]
        purse = current()
        purse.tick(self.count // 1000)
        purse.allocate(8 * self.count)
        self[name] = self.results[: self.count]
        return self[name]

    def __contains__(self, name: object) -> bool:
        return name == "partial" or super().__contains__(name)


def _looks_only(node: tree.Node) -> bool:
    """Whether `partial` is only asked for single items, so that it need not be copied for that."""
    if isinstance(node, tree.Filter) and isinstance(node.source, tree.Name):
        place = node.condition.operand if isinstance(node.condition, tree.Negation) else node.condition
        if isinstance(place, tree.NumberLiteral):
            return True
    if isinstance(node, tree.Name):
        return node.name != "partial"
    return all(_looks_only(inner) for inner in tree.children(node))


@compiles(tree.For)
def _for(compiler: Compiler, node: tree.For) -> Closure:
    compiler.budgeted = True
    sources = _sources(compiler, node.iterators)
    body = compiler.within([*(one.name for one in node.iterators), "partial"], node.body)
    looks_only = _looks_only(node.body)

    def loop(scope: Names) -> list[Value] | None:
        result: list[Value] = []
        allocate = current().allocate
        try:
            for inner in scopes(sources, Scope({"partial": result}, scope)):
                result.append(body(inner if looks_only else PartialScope(result, {}, inner)))
                allocate(64)
        except _NothingToIterate:
            return None
        return result

    return loop


@compiles(tree.Quantified)
def _quantified(compiler: Compiler, node: tree.Quantified) -> Closure:
    compiler.budgeted = True
    sources = _sources(compiler, node.iterators)
    body = compiler.within([one.name for one in node.iterators], node.body)
    decisive = not node.every

    def loop(scope: Names) -> bool | None:
        result: bool | None = not decisive
        try:
            for inner in scopes(sources, scope):
                value: object = body(inner)
                if value is decisive:
                    return decisive
                if value is not (not decisive):
                    result = None
        except _NothingToIterate:
            return None
        return result

    return loop
