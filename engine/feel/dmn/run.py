"""One evaluation of a decision: its inputs, what is computed already, what went wrong and which rules matched."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from ..values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class TableHit:
    """One decision table that was evaluated.

    owner: id of the decision or knowledge model. rules: numbers from 1, in table order. inputs: expression → value.
    """

    owner: str
    rules: tuple[int, ...]
    inputs: Mapping[str, Value]


@dataclass(slots=True, kw_only=True)
class Run:
    """inputs: what the caller gave. memo: values of elements by namespace and id. used: input data that was read."""

    inputs: Mapping[str, Any]
    memo: dict[tuple[str, str], Value] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    tables: list[TableHit] = field(default_factory=list)
    used: dict[str, Value] = field(default_factory=dict)
    active: set[tuple[str, str]] = field(default_factory=set)

    def inside_service(self, memo: dict[tuple[str, str], Value]) -> "Run":
        """The run of a decision service: inputs and input decisions come as arguments, the ledgers are shared."""
        return Run(inputs={}, memo=memo, errors=self.errors, tables=self.tables, active=self.active)


_current: ContextVar[Run | None] = ContextVar("dmn_run", default=None)


@contextmanager
def running(run: Run) -> Iterator[Run]:
    """Make this the run of the thread."""
    token = _current.set(run)
    try:
        yield run
    finally:
        _current.reset(token)


def current_run() -> Run:
    """The run of this thread; a lost one when a function outlived its evaluation."""
    return _current.get() or Run(inputs={})


def report(message: str) -> None:
    """Note an error, each once."""
    errors = current_run().errors
    if message not in errors and len(errors) < 100:
        errors.append(message)
