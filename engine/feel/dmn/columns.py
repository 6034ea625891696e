"""An index for a column of a decision table: which rules a value may match, looked up instead of tested rule by rule.

The tests of a column that compare with literals only (``< 10``, ``[18..60)``, ``"A", "B"``, ``not("C")``, ``true``)
give the same answer for all numbers between two neighbours among their literals, and for all strings that are none
of their literals. So the answers for a number, a string, a boolean or null are kept by the place of the value, as a
bit for each rule, and worked out by the tests themselves when a value of that place comes first. Values of other
kinds are tested one by one.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from .. import tree
from ..compile_tests import TestClosure
from ..decimals import Number
from ..values import Value

Lookup: TypeAlias = Callable[[Value], int]
"""Of the value of the input: bit n is set when rule n (from 0) passes this column."""
Literals: TypeAlias = list[Number | str]
_LITERAL_NODES = (tree.NumberLiteral, tree.StringLiteral, tree.BooleanLiteral, tree.NullLiteral)


def literals_of(node: tree.UnaryTestsNode) -> Literals | None:
    """The numbers and strings that a cell compares with; None when it does more than that."""
    found: Literals = []
    for literal in _parts(node):
        if literal is None:
            return None
        if isinstance(literal, tree.NumberLiteral | tree.StringLiteral):
            found.append(literal.value)
    return found


def _parts(node: tree.UnaryTestsNode) -> Iterator[tree.Node | None]:
    """The literals of a cell, and None for whatever is none of its plain forms."""
    for test in node.tests:
        if isinstance(test, tree.ComparisonTest):
            numeric = isinstance(test.operand, tree.NumberLiteral) or test.operator in {"=", "!="}
            yield test.operand if numeric and isinstance(test.operand, _LITERAL_NODES) else None
            continue
        expression = test.expression
        if isinstance(expression, tree.RangeLiteral):
            for end in (expression.low, expression.high):
                yield end if isinstance(end, tree.NumberLiteral) else None
        else:
            yield expression if isinstance(expression, _LITERAL_NODES) else None


def index(tests: Mapping[int, tuple[TestClosure, Literals]], untested: int) -> Lookup:
    """The lookup of one column. tests: by the number of the rule; untested: the bits of the rules without a test."""
    literals = [literal for _, found in tests.values() for literal in found]
    numbers: list[Any] = sorted({literal for literal in literals if not isinstance(literal, str)})
    strings = frozenset(literal for literal in literals if isinstance(literal, str))
    places: list[int | None] = [None] * (2 * len(numbers) + 1)
    known: dict[Value, int] = {}
    ask = _asker(tuple((1 << rule, test) for rule, (test, _) in tests.items()), untested)
    last = len(numbers)

    def lookup(value: Value) -> int:
        cls = type(value)
        if cls is int or cls is Decimal:
            place = 2 * bisect_left(numbers, value)
            if place < 2 * last and numbers[place >> 1] == value:
                place += 1
            mask = places[place]
            if mask is None:
                mask = places[place] = ask(value)
            return mask
        if cls is str:
            key = value if value in strings else _OTHER
        elif value is None or cls is bool:
            key = (value,)  # neither is to be taken for the number it equals
        else:
            return ask(value)
        mask = known.get(key)
        if mask is None:
            mask = known[key] = ask(value)
        return mask

    return lookup


def _asker(tests: tuple[tuple[int, TestClosure], ...], untested: int) -> Lookup:
    """What the tests themselves say."""

    def ask(value: Value) -> int:
        mask = untested
        for bit, test in tests:
            if test(value, _NO_SCOPE) is True:
                mask |= bit
        return mask

    return ask


_NO_SCOPE: Mapping[str, Value] = {}
_OTHER = ("another string",)
