"""The other path: any expression over columns of values, in Python, a batch at a time.

A batch is a mapping from FEEL names to sequences of equal length, values as FEEL has them (`engine.feel.values`).
Rows whose inputs are the same as those of an earlier row of the batch are not evaluated again, as long as that saves
something.

::

    run = ExpressionBatch(compile_expression("matches(name, \"^A\") and income < 500", names=columns.roots))
    run({"name": ["Ann", "Bo"], "income": [400, None]})      # [True, False]
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from ..budget import DEFAULT_LIMITS, Limits
from ..dmn.model import DecisionModel, DecisionResult
from ..errors import FeelError
from ..expression import Expression, UnaryTests
from ..values import Value

Batch: TypeAlias = Mapping[str, Sequence[Any]]
_PROBE = 1024
"""Rows after which it is decided whether remembering answers pays."""
_REMEMBERED = frozenset([type(None), bool, int, Decimal, str, date])
"""Classes whose equal values FEEL cannot tell apart; not so instants, which may be equal in different zones."""


class BatchError(FeelError):
    """The columns of a batch do not fit each other or the text."""


def _rows(batch: Batch, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    missing = [name for name in names if name not in batch]
    if missing:
        raise BatchError(f"the batch has no column `{missing[0]}`")
    lengths = {len(batch[name]) for name in names}
    if len(lengths) > 1:
        raise BatchError(f"the columns of a batch have different lengths: {', '.join(map(str, sorted(lengths)))}")
    return zip(*(batch[name] for name in names), strict=True)


def _length(batch: Batch) -> int:
    return len(next(iter(batch.values()), ()))


def _each(rows: Iterator[tuple[Any, ...]], evaluate: Callable[[tuple[Any, ...]], Any]) -> list[Any]:
    """The answers in order; rows that were there before are answered from memory while at least one in eight is."""
    memory: dict[tuple[Any, ...], Any] = {}
    result: list[Any] = []
    for row in rows:
        classes = tuple(map(type, row))
        if not _REMEMBERED.issuperset(classes):
            result.append(evaluate(row))
            continue
        key = (row, classes)
        if key not in memory:
            memory[key] = evaluate(row)
        result.append(memory[key])
        if len(result) == _PROBE and len(memory) * 8 > _PROBE * 7:
            break
    result.extend(map(evaluate, rows))
    return result


def nested(names: Sequence[str]) -> Callable[[tuple[Any, ...]], dict[str, Any]]:
    """How a row becomes a context: names with dots become entries of contexts."""
    paths = [name.split(".") for name in names]
    if all(len(path) == 1 for path in paths):
        return lambda row: dict(zip(names, row, strict=True))

    def build(row: tuple[Any, ...]) -> dict[str, Any]:
        context: dict[str, Any] = {}
        for path, value in zip(paths, row, strict=True):
            inner = context
            for part in path[:-1]:
                inner = inner.setdefault(part, {})
            inner[path[-1]] = value
        return context

    return build


class ExpressionBatch:
    """An expression over batches. Each row has a budget of its own, as in a single call."""

    def __init__(self, expression: Expression) -> None:
        self.expression = expression

    def __call__(self, batch: Batch, *, now: datetime | None = None, limits: Limits = DEFAULT_LIMITS) -> list[Value]:
        """The value for each row. Raises BatchError, and what `Expression` raises."""
        names = _needed(batch, self.expression.names)
        if not names:
            return [self.expression({}, now=now, limits=limits)] * _length(batch)
        build, expression = nested(names), self.expression
        return _each(_rows(batch, names), lambda row: expression(build(row), now=now, limits=limits))


class UnaryTestsBatch:
    """A cell over batches: about the values of one column."""

    def __init__(self, tests: UnaryTests, value: str) -> None:
        self.tests = tests
        self.value = value

    def __call__(
        self, batch: Batch, *, now: datetime | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> list[bool | None]:
        """True, false or None for each row. Raises BatchError, and what `UnaryTests` raises."""
        names = [self.value, *_needed(batch, self.tests.names - {"?"})]
        build = nested(names[1:])

        def evaluate(row: tuple[Any, ...]) -> bool | None:
            return self.tests(row[0], build(row[1:]), now=now, limits=limits)

        return _each(_rows(batch, names), evaluate)


class DecisionBatch:
    """A decision over batches."""

    def __init__(self, model: DecisionModel, decision: str) -> None:
        self.model = model
        self.decision = decision

    def __call__(
        self, batch: Batch, *, now: datetime | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> list[DecisionResult]:
        """The result for each row, errors and matched rules included. Raises BatchError."""
        names = list(batch)
        build = nested(names)

        def evaluate(row: tuple[Any, ...]) -> DecisionResult:
            return self.model.evaluate(self.decision, build(row), now=now, limits=limits)

        return _each(_rows(batch, names), evaluate)


def _needed(batch: Batch, read: frozenset[str]) -> list[str]:
    """The columns of the batch that a text reads; a name that is no column stays undefined."""
    return [name for name in batch if name in read or name.partition(".")[0] in read]
