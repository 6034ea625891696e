"""Hostile texts end in the budget error, in every thread by itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.feel import FeelBudgetError, FeelError, FeelSyntaxError, Limits, compile_expression

DOUBLING = "{a0: [1, 1], " + ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 30)) + "}"
TOO_MUCH = [
    "for i in 1..99999999999999999999999 return i",
    "for i in 1..100000, j in 1..100000 return i * j",
    "some x in 1..100000, y in 1..100000 satisfies x + y < 0",
    'for d in @"0001-01-01"..@"9999-12-31" return d',
    "{f: function(n) f(n), r: f(1)}.r",
    "{f: function(n) f(n) + f(n), r: f(1)}.r",
    DOUBLING,
    f"string({DOUBLING})",
    f"count(flatten([{DOUBLING}.a29]))",
    f"{DOUBLING} = {DOUBLING.replace('[1, 1]', '[1, 1.0]')}",
    "for i in 1..2000 return [partial[-1]]",
    "count(for i in 1..5000 return if i = 1 then [1] else concatenate(partial[-1], partial[-1]))",
    '{s: for i in 1..60 return if i = 1 then "aaaaaaaaaa" else partial[-1] + partial[-1]}.s',
    "distinct values(for i in 1..20000 return [i])",
    "duplicate values(for i in 1..20000 return i)",
    'replace("' + "a" * 9000 + '", "a", "' + "b" * 9000 + '")',
    "for i in 1..90000 return i * 1.000000000001 ** 2.5",
]
HARMLESS = [
    "9**9**9",
    'matches("' + "a" * 5000 + '!", "(a+)+$")',
    'matches("' + "a" * 5000 + '!", "((a*)*)*$")',
    'matches("a", "(a{1000}){1000}")',
    "round up(1.5, 6000)",
    "decimal(1e6000, -6000)",
    "exp(100000)",
    "modulo(10 ** 6000, 1e-100)",
    "[1, 2, 3][1e6000]",
    'date("2020-01-01") + @"P99999999999999999Y"',
    '@"P99999999999999999Y" * 1e30',
    'from json("[[1e99999999]]")',
]
REFUSED = [
    "(" * 5000 + "1" + ")" * 5000,
    "-" * 15000 + "1",
    "[" * 1000,
    "1" + "+1" * 9000,
    "if true then " * 1500,
    "a" * 30000,
]


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
