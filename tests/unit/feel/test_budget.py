"""Hostile texts end in the budget error, in every thread by itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.feel import FeelBudgetError, FeelError, FeelSyntaxError, Limits, compile_expression
from tests.unit.feel.hostile import HARMLESS, REFUSED, TOO_MUCH


@pytest.mark.parametrize("text", TOO_MUCH, ids=range(len(TOO_MUCH)))
def test_too_much_work_ends_in_the_budget_error(text: str) -> None:
    """Loops, recursion, doubling data and long texts all reach a limit."""
    with pytest.raises(FeelBudgetError):
        compile_expression(text)({})


@pytest.mark.parametrize("text", HARMLESS, ids=range(len(HARMLESS)))
def test_what_only_looks_dangerous_has_a_value(text: str) -> None:
    """Large exponents, exponential patterns and far dates are cheap: a value or null at once."""
    compile_expression(text)({})


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_monstrous_texts_are_refused_when_they_are_compiled(text: str) -> None:
    """Nesting, length and rows of operators have limits."""
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_each_thread_pays_for_itself() -> None:
    """Evaluations that run at the same time do not share a purse."""
    expression = compile_expression("count(for i in 1..n return i)")
    limits = Limits(steps=3000)

    def run(n: int) -> object:
        try:
            return expression({"n": n}, limits=limits)
        except FeelError as error:
            return type(error)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(run, [1000, 5000] * 20))
    assert results == [1000, FeelBudgetError] * 20


def test_the_budget_starts_anew() -> None:
    """An expression that failed does not make the next evaluation poorer."""
    expression = compile_expression("count(for i in 1..n return i)")
    for _ in range(3):
        with pytest.raises(FeelBudgetError):
            expression({"n": 10**9})
        assert expression({"n": 10}) == 10
