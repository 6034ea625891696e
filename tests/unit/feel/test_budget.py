"""Hostile texts end in the budget error, in every thread by itself."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.feel import FeelBudgetError, FeelError, FeelSyntaxError, Limits, compile_expression
from engine.feel.dmn import load
from engine.feel.expression import compile_cold
from tests.unit.feel.dmn_builder import decision, definitions, literal, table
from tests.unit.feel.hostile import HARMLESS, HARMLESS_VALUES, REFUSED, TOO_MUCH


@pytest.mark.parametrize("text", TOO_MUCH, ids=range(len(TOO_MUCH)))
def test_too_much_work_ends_in_the_budget_error(text: str) -> None:
    """Loops, recursion, doubling data and long texts all reach a limit."""
    with pytest.raises(FeelBudgetError):
        compile_expression(text)({})


@pytest.mark.parametrize(("text", "value"), [*zip(HARMLESS, HARMLESS_VALUES, strict=True)], ids=range(len(HARMLESS)))
def test_what_only_looks_dangerous_has_a_value(text: str, value: object) -> None:
    """Large exponents, exponential patterns and far dates are cheap: a value or null at once."""
    assert compile_expression(text)({}) == value


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


def test_hostile_texts_in_many_threads_end_as_they_do_alone() -> None:
    """Whatever runs beside it, each text reaches its own limit, and honest ones have their value."""
    honest = compile_expression("sum(for i in 1..n return i)")

    def run(place: int) -> object:
        try:
            if place % 2:
                return honest({"n": 100})
            return compile_expression(TOO_MUCH[place // 2 % len(TOO_MUCH)])({})
        except FeelError as error:
            return type(error)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, range(80))) == [FeelBudgetError, 5050] * 40


def test_no_text_takes_more_than_50_megabytes() -> None:
    """Reading, compiling and evaluating, from the text to the error or the value."""
    compile_expression("1")({})
    hungry = {}
    for text in [*TOO_MUCH, *HARMLESS, *REFUSED]:
        tracemalloc.start()
        try:
            compile_cold(text, None)({})
        except FeelError:
            pass
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        if peak > 50_000_000:
            hungry[text[:80]] = peak
    assert hungry == {}


def test_decisions_have_budgets_too() -> None:
    """A hostile text in a decision, a cell, a box and a knowledge model ends in an error of the decision."""
    hostile = "for i in 1..100000, j in 1..100000 return i * j"
    loop = f"<for iteratorVariable='i'><in>{literal('1..100000')}</in><return>{literal('1..9')}</return></for>"
    model = load(
        definitions(
            decision("literal", literal(hostile)),
            decision("input", table([hostile], [(("-",), ("1",))])),
            decision("cell", table(["1"], [((f"count({hostile})",), ("1",))])),
            decision("output", table(["1"], [(("-",), (hostile,))])),
            decision("box", loop),
        )
    )
    for name in model.decisions:
        result = model.evaluate(name, {})
        assert result.value is None, name
        assert result.errors, name


def test_the_budget_starts_anew() -> None:
    """An expression that failed does not make the next evaluation poorer."""
    expression = compile_expression("count(for i in 1..n return i)")
    for _ in range(3):
        with pytest.raises(FeelBudgetError):
            expression({"n": 10**9})
        assert expression({"n": 10}) == 10
