"""Conflicts between kinds that need no data to be seen."""

from datetime import timedelta

import pytest

from engine.feel import FeelSyntaxError, compile_expression
from engine.feel.builtins import BUILTINS
from engine.feel.inference import RESULT_KINDS

NAMES = {"x", "y", "day", "count of items"}
CONFLICTS = [
    ('1 + "a"', "`+` has no meaning for number and string"),
    ('count(x) = "3"', "number and string cannot be compared"),
    ('x > 1 and "yes"', "a condition is expected, not a value of kind string"),
    ("if 5 then 1 else 2", "a condition is expected"),
    ('-"a"', "a value of kind string has no negative"),
    ('@"P1D" * @"P1D"', "no meaning"),
    ('@"2026-01-05" + 1', "`+` has no meaning for date and number"),
    ('@"2026-13-05"', "neither a date"),
    ("true < false", "boolean and boolean cannot be compared"),
    ("substring(5, 1)", "`substring` does not take arguments of the kinds number, number"),
    ('upper case(string length("a"))', "does not take arguments of the kinds number"),
    ('x between "a" and 5 + string(x)', "no meaning"),
    ('"a" between 1 and 2', "cannot be compared"),
]
FINE: list[tuple[str, object]] = [
    ('x + "a"', None),
    ("x = null", False),
    ('x = "3" or x = 3', True),
    ('@"2026-01-05" - @"2026-01-01" = @"P4D"', True),
    ('@"2026-01-05" < @"2026-01-05T09:00:00"', True),
    ('@"P1D" * 2 + @"PT1H"', timedelta(days=2, hours=1)),
    ('date("2026-01-05") + @"P1M" > day', None),
    ("sum(5) + count(x)", 6),
    ('string length(["a"])', 1),
    ("min(1, 2) = x and not(x)", False),
    ("if x then 1 else null", None),
    ("[1] = 1", None),
    ('@"P2D" / @"P1D" = 2', True),
]


@pytest.mark.parametrize(("text", "message"), CONFLICTS)
def test_a_conflict_is_refused(text: str, message: str) -> None:
    """What is null whatever the data says is a fault of the text."""
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text, names=NAMES)
    assert message in caught.value.reason
    compile_expression(text)


@pytest.mark.parametrize(("text", "value"), FINE)
def test_what_may_have_a_value_is_accepted(text: str, value: object) -> None:
    """Unknown kinds, null, lists of one, dates of both kinds conflict with nothing; the data decide."""
    assert compile_expression(text, names=NAMES)({"x": 3}) == value


def test_the_functions_with_known_results_exist() -> None:
    """No name in the table of results is misspelt."""
    assert set(RESULT_KINDS) <= set(BUILTINS)
