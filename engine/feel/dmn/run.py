"""One evaluation of a decision: its inputs, what is computed already, what went wrong and which rules matched."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..budget import current
from ..values import Value


class TableHit(NamedTuple):
    """One decision table that was evaluated.

    owner: id of the decision or knowledge model. rules: numbers from 1, in table order. texts, values: the inputs.
    """

    owner: str
    rules: tuple[int, ...]
    texts: tuple[str, ...]
    values: Sequence[Value]

    @property
    def inputs(self) -> dict[str, Value]:
        """The values by the expressions of the inputs."""
        return dict(zip(self.texts, self.values, strict=True))


class Run:
    """inputs: what the caller gave. memo: values of elements by namespace and id. used: input data that was read."""

    __slots__ = ("errors", "inputs", "memo", "tables", "used")

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        self.inputs = inputs
        self.memo: dict[tuple[str, str], Value] = {}
        self.errors: list[str] = []
        self.tables: list[TableHit] = []
        self.used: dict[str, Value] = {}

    def inside_service(self, memo: dict[tuple[str, str], Value]) -> "Run":
        """The run of a decision service: inputs and input decisions come as arguments, the ledgers are shared."""
        inner = Run({})
        inner.memo, inner.errors, inner.tables = memo, self.errors, self.tables
        return inner


def current_run() -> Run:
    """The run of this thread; a lost one when a function outlived its evaluation."""
    run: Run | None = current().run
    return Run({}) if run is None else run


def report(message: str) -> None:
    """Note an error, each once."""
    errors = current_run().errors
    if message not in errors and len(errors) < 100:
        errors.append(message)


def misfits(owner: str, parameters: Sequence[str]) -> Callable[[], None]:
    """What a function tells when it is called with other arguments than its parameters: null in the standard."""
    wanted = ", ".join(parameters) or "none"
    return lambda: report(f"{owner}: is called with other arguments than its own: {wanted}")
