"""Budgets of one evaluation, held in a context variable: threads and coroutines never share one.

Steps and memory are counted, not measured, so that the same text over the same data always ends the same way,
on a busy machine too. What can be charged by size is charged before or right after it is made.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .errors import FeelBudgetError, FeelEvaluationError

MAX_TEXT = 20_000
"""Characters of one expression."""
MAX_NESTING = 48
"""Brackets and clauses inside each other in one expression."""
MAX_PARTS = 4000
"""Brackets, list items, arguments and tests in one expression."""
MAX_CHAIN = 200
"""Operators of one rank after each other, `and` and `or` excepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one evaluation may use.

    steps: loop rounds, list elements looked at, long texts read, function calls; what costs more is more steps, about
    2 microseconds each.
    memory: bytes made in all, estimated; freed bytes are not given back.
    items: length of one list. calls: user functions inside each other. text: characters of one string.
    """

    steps: int = 50_000
    memory: int = 32 * 1024 * 1024
    items: int = 50_000
    calls: int = 64
    text: int = 1_000_000


DEFAULT_LIMITS = Limits()


class Evaluation:
    """The purse of one evaluation, its clock, and the run of the decision that it is part of, if any."""

    __slots__ = ("calls", "limits", "memory", "now", "patterns", "run", "steps")

    def __init__(self, now: datetime | None = None, limits: Limits = DEFAULT_LIMITS, run: Any = None) -> None:
        self.now = now
        self.run = run
        self.limits = limits
        self.steps = limits.steps
        self.memory = limits.memory
        self.calls = 0
        self.patterns: set[tuple[str, str]] = set()

    def tick(self, steps: int = 1) -> None:
        """Pay for steps."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelBudgetError(f"the evaluation needs more than {self.limits.steps} steps")

    def allocate(self, size: int) -> None:
        """Pay for memory, in bytes."""
        self.memory -= size
        if self.memory < 0:
            raise FeelBudgetError(f"the evaluation needs more than {self.limits.memory} bytes")

    def made_list(self, length: int) -> None:
        """Pay for a new list."""
        if length > self.limits.items:
            raise FeelBudgetError(f"a list of more than {self.limits.items} items")
        self.allocate(56 + 40 * length)

    def made_text(self, length: int) -> None:
        """Pay for a new string."""
        if length > self.limits.text:
            raise FeelBudgetError(f"a string of more than {self.limits.text} characters")
        self.allocate(50 + length)

    def enter_call(self) -> None:
        """Pay for one call of a user function; `leave_call` must follow."""
        self.tick(5)
        self.calls += 1
        if self.calls > self.limits.calls:
            raise FeelBudgetError(f"more than {self.limits.calls} function calls inside each other")

    def leave_call(self) -> None:
        """The call has returned or failed."""
        self.calls -= 1

    def clock(self) -> datetime:
        """The instant that `now()` and `today()` stand for."""
        if self.now is None:
            raise FeelEvaluationError("now() and today() need a clock: the caller gave none")
        return self.now


_current: ContextVar[Evaluation | None] = ContextVar("feel_evaluation", default=None)


def current() -> Evaluation:
    """The evaluation that runs in this thread; a fresh one for values looked at outside of any."""
    return _current.get() or Evaluation()


begin = _current.set
"""Use a purse for what follows in this thread; `end` must follow with the token that this gives."""
end = _current.reset
