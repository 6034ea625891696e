"""Rows of `and`: the quick way gives what the terms give one by one, for values of every class."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from engine.feel import compile_expression

TERMS = [
    "x > 5",
    "x >= 5",
    "x < 5",
    "x <= 5",
    "x = 5",
    "x != 5",
    "x > 4.5",
    "x >= 4.5",
    "x < 4.5",
    "x <= 4.5",
    "x = 4.5",
    "x > -0.5",
    "x < 99999999999",
    'x = "A"',
    'x in ("A", "B")',
    "x = null",
    "x + 1 > 5",
]
VALUES: list[object] = [
    None,
    True,
    4,
    5,
    6,
    -1,
    0,
    10**12,
    Decimal("4.5"),
    Decimal(5),
    4.5,
    5.0,
    "A",
    "B",
    "C",
    date(2026, 1, 5),
    [],
]


def one_by_one(terms: tuple[str, ...], context: dict[str, object]) -> bool | None:
    """Three-valued `and`."""
    values = [compile_expression(term)(context) for term in terms]
    if False in values:
        return False
    return None if None in values else True


@pytest.mark.parametrize("length", [2, 3, 4])
def test_a_row_is_what_its_terms_are(length: int) -> None:
    """True, false or null, whatever the value, in every order of the terms, and when the variable is missing."""
    rows = product(TERMS, TERMS, ["x > 5"], ['x in ("A", "B")']) if length == 4 else product(TERMS, repeat=2)
    for row in rows:
        terms = (*row, "x < 9") if length == 3 else row
        expression = compile_expression(" and ".join(terms))
        for value in VALUES:
            assert expression({"x": value}) is one_by_one(terms, {"x": value}), (terms, value)
        assert expression({}) is one_by_one(terms, {}), terms
