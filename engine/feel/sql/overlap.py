"""Which rules of a table can never match together: then UNIQUE needs no counting, and a CASE is enough."""

from dataclasses import dataclass
from itertools import combinations

from .. import tree
from ..values import Kind, Range, Value, compare, kind
from .refusal import NotTranslatable
from .translator import Translator

_PLAIN = frozenset([Kind.NUMBER, Kind.STRING, Kind.DATE, Kind.DAYS, Kind.MONTHS, Kind.BOOLEAN])
"""Kinds whose equality and order agree."""
MAX_RULES = 400
"""Beyond so many rules, comparing each with each takes longer than it saves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Values between two ends; an end that is None is open to infinity."""

    low: Value
    low_closed: bool
    high: Value
    high_closed: bool

    def apart(self, other: "Span") -> bool:
        """Whether no value is in both, as far as it can be told."""
        return self._below(other) or other._below(self)

    def _below(self, other: "Span") -> bool:
        if self.high is None or other.low is None:
            return False
        if kind(self.high) is Kind.BOOLEAN and kind(other.low) is Kind.BOOLEAN:
            return self.high is not other.low
        order = compare(self.high, other.low)
        if order is None:
            return False
        return order < 0 or (order == 0 and not (self.high_closed and other.low_closed))


def spans(translator: Translator, cell: tree.UnaryTestsNode) -> tuple[Span, ...] | None:
    """The values that can pass a cell; None when that is not known."""
    if cell.negated or not cell.tests:
        return None
    result: list[Span] = []
    for test in cell.tests:
        found = _of_test(translator, test)
        if found is None:
            return None
        result += found
    return tuple(result)


def _of_test(translator: Translator, test: tree.Test) -> list[Span] | None:
    operand = test.operand if isinstance(test, tree.ComparisonTest) else test.expression
    if not translator.is_fixed(operand) or (isinstance(test, tree.ExpressionTest) and test.uses_input):
        return None
    try:
        value = translator.evaluate(operand)
    except NotTranslatable:
        return None
    return _compared(test.operator, value) if isinstance(test, tree.ComparisonTest) else _of_value(value)


def _of_value(value: Value) -> list[Span] | None:
    if isinstance(value, Range):
        if value.operator is not None:
            return _compared(value.operator, value.high if value.operator in {"<", "<="} else value.low)
        ends = (value.low, value.high)
        if any(kind(end) not in _PLAIN for end in ends):
            return None
        return [Span(low=value.low, low_closed=value.low_closed, high=value.high, high_closed=value.high_closed)]
    if value.__class__ is list:
        parts = [_of_value(item) for item in value]
        return None if any(part is None for part in parts) else [span for part in parts for span in part or ()]
    return _compared("=", value)


def _compared(operator: str, value: Value) -> list[Span] | None:
    if kind(value) not in _PLAIN or operator == "!=":
        return None
    low = None if operator in {"<", "<="} else value
    high = None if operator in {">", ">="} else value
    closed = operator in {"=", "<=", ">="}
    return [Span(low=low, low_closed=closed, high=high, high_closed=closed)]


Cells = tuple["tuple[Span, ...] | None", ...]
"""What a rule lets through, column by column."""


def never_together(rules: list[Cells], pairs: "list[tuple[int, int]] | None" = None) -> bool:
    """Whether no two rules (or none of these pairs, by index) can match the same inputs."""
    if len(rules) > MAX_RULES:
        return False
    wanted = combinations(range(len(rules)), 2) if pairs is None else pairs
    return all(_apart(rules[one], rules[other]) for one, other in wanted)


def _apart(one: Cells, other: Cells) -> bool:
    return any(
        left is not None and right is not None and all(a.apart(b) for a in left for b in right)
        for left, right in zip(one, other, strict=True)
    )
