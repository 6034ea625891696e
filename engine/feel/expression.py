"""Compiled FEEL: what the host holds. Immutable, thread-safe, made once and called often."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NoReturn, Protocol, Self, TypeVar

from .budget import DEFAULT_LIMITS, Evaluation, Limits, begin, end
from .builtins import REFUSED
from .compile_tests import TestClosure
from .compile_tests import compile_unary_tests as compile_tests_node
from .compiler import Closure, Compiler
from .errors import FeelBudgetError, FeelError, FeelEvaluationError, FeelSyntaxError, syntax_error
from .lint import examine, unknown_name
from .parser import parse_unary_tests, parse_with_names
from .tree import Node, UnaryTestsNode
from .values import Value

ResultT = TypeVar("ResultT")
MAX_RESULT_DEPTH = 100


class Expression(partial[Value]):
    """A compiled expression. Call it with the variables and, when it asks for the time, the clock.

    ``expression(context, *, now=None, limits=DEFAULT_LIMITS)`` gives the value. Raises FeelBudgetError, or
    FeelEvaluationError for a missing clock, a failed assertion or a value that FEEL has no kind for.
    names: the variables it reads (not those inside of filters, which may be entries of the items).

    It is a `partial` because that is called by C: a method `__call__` would cost a fifth of a plain condition.
    """

    __slots__ = ("names", "text", "tree")
    names: frozenset[str]
    text: str
    tree: Node

    def __new__(cls, text: str, node: Node, evaluate: "Evaluate", names: frozenset[str]) -> Self:
        self = super().__new__(cls, evaluate)
        self.text = text
        self.tree = node
        self.names = names
        return self

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a compiled expression cannot be copied; keep its text")


class Evaluate(Protocol):
    """What stands behind an expression."""

    def __call__(
        self, context: Mapping[str, object], *, now: datetime | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> Value: ...


def _plain(closure: Closure) -> Evaluate:
    """For what needs neither budget nor clock."""

    def evaluate(
        context: Mapping[str, object],
        *,
        now: datetime | None = None,  # noqa: ARG001
        limits: Limits = DEFAULT_LIMITS,  # noqa: ARG001
    ) -> Value:
        try:
            return closure(context)
        except (RecursionError, ArithmeticError) as error:
            raise failed(error) from None

    return evaluate


def _budgeted(closure: Closure) -> Evaluate:
    def evaluate(
        context: Mapping[str, object], *, now: datetime | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> Value:
        try:
            return run_budgeted(lambda: closure(context), now, limits)
        except (RecursionError, ArithmeticError) as error:
            raise failed(error) from None

    return evaluate


def failed(error: RecursionError | ArithmeticError) -> FeelError:
    """What an evaluation that Python could not finish ends in."""
    if isinstance(error, RecursionError):
        return FeelBudgetError("the evaluation is nested too deeply")
    return FeelEvaluationError(f"a number that cannot be calculated with: {error!r}")  # a NaN of the host


class UnaryTests:
    """A compiled decision table cell. Call it with the value under test and the variables."""

    __slots__ = ("_test", "names", "text", "tree")

    def __init__(self, text: str, node: UnaryTestsNode, test: TestClosure, names: frozenset[str]) -> None:
        self.text = text
        self.tree = node
        self.names = names
        self._test = test

    def __call__(
        self,
        value: object,
        context: Mapping[str, object],
        *,
        now: datetime | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> bool | None:
        """True, false, or None when it cannot be told."""
        try:
            return run_budgeted(lambda: self._test(value, context), now, limits)
        except (RecursionError, ArithmeticError) as error:
            raise failed(error) from None

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"


def run_budgeted(run: Callable[[], ResultT], now: datetime | None, limits: Limits) -> ResultT:
    """Run under a budget of its own. A result that hides more than it seems (shared parts) is paid for too."""
    purse = Evaluation(now, limits)
    token = begin(purse)
    try:
        result = run()
        if type(result) in NESTED:
            pay_for_result(result, purse.tick, 0)
        return result
    finally:
        end(token)


NESTED: frozenset[type] = frozenset([list, dict])


def pay_for_result(value: Any, tick: Callable[[int], None], depth: int) -> None:
    """Charge every item of a nested result once for each place where it stands."""
    if depth > MAX_RESULT_DEPTH:
        raise FeelBudgetError(f"a result of more than {MAX_RESULT_DEPTH} levels")
    tick(len(value) + 1)
    for item in value if type(value) is list else value.values():
        if type(item) in NESTED:
            for inner in item if type(item) is list else item.values():
                if type(inner) in NESTED:
                    pay_for_result(item, tick, depth + 1)
                    break
            else:
                tick(len(item))


def compile_expression(text: str, *, names: Collection[str] | None = None) -> Expression:
    """Compile an expression, without a leading ``=``.

    names: the variables that will be there. With them, unknown names and functions and wrong numbers of arguments
    are a FeelSyntaxError; without them, an unknown name is null and names with spaces are not recognised.
    """
    return _compile_expression(text, None if names is None else frozenset(names))


def compile_unary_tests(text: str, *, names: Collection[str] | None = None) -> UnaryTests:
    """Compile a decision table cell; `names` as for `compile_expression`."""
    return _compile_unary_tests(text, None if names is None else frozenset(names))


def compile_cold(text: str, names: frozenset[str] | None) -> Expression:
    """`compile_expression` without its memory of texts."""
    try:
        node, used = parse_with_names(text, names or ())
        free = check(node, text, names, used)
        compiler = Compiler()
        closure = compiler.compile_node(node)
    except RecursionError:
        raise FeelSyntaxError("the expression is nested too deeply") from None
    return Expression(text, node, _budgeted(closure) if compiler.budgeted else _plain(closure), free)


_compile_expression = lru_cache(maxsize=2048)(compile_cold)


@lru_cache(maxsize=2048)
def _compile_unary_tests(text: str, names: frozenset[str] | None) -> UnaryTests:
    try:
        node = parse_unary_tests(text, names or ())
        free = check(node, text, names)
        test = compile_tests_node(Compiler(), node)
    except RecursionError:
        raise FeelSyntaxError("the expression is nested too deeply") from None
    return UnaryTests(text, node, test, free)


def check(node: Node, text: str, names: frozenset[str] | None, used: dict[str, int] | None = None) -> frozenset[str]:
    """The names a tree reads. Raises FeelSyntaxError for the first fault, when names are given at all."""
    faults: list[tuple[int, str]] = []
    free = examine(node, lambda message, at: faults.append((at, message)), names or frozenset(), used)
    if names is not None:
        faults.extend((at, unknown_name(name)) for name, at in free.items() if name not in names)
    else:
        faults = [fault for fault in faults if any(f"`{name}` is refused" in fault[1] for name in REFUSED)]
    if faults:
        at, message = min(faults)
        raise syntax_error(message, text, at)
    return frozenset(free)
