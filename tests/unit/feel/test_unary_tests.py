"""Decision table cells."""

from datetime import date

import pytest

from engine.feel import compile_unary_tests

CASES: list[tuple[str, object, bool | None]] = [
    ("-", None, True),
    ("", 1, True),
    ('"A"', "A", True),
    ('"A", "B"', "C", False),
    ('not("A", "B")', "C", True),
    ("[18..60)", 60, False),
    ("< 18, > 60", 61, True),
    ("!= 5", 4, True),
    ("null", None, True),
    ("< 5", None, None),
    ("not(null)", None, False),
    ("? > 5 and ? < limit", 6, True),
    ("limit", 10, True),
    ("[limit, 3]", 3, True),
    ('starts with(?, "21")', "2101", True),
    ('@"2026-01-01"', date(2026, 1, 1), True),
    ('[@"2026-01-01"..@"2026-12-31"]', date(2026, 6, 1), True),
    ("5", "5", None),
    ("[1..3]", "x", None),
    ("true", True, True),
]


@pytest.mark.parametrize(("text", "value", "expected"), CASES)
def test_a_cell_passes_or_not(text: str, value: object, expected: bool | None) -> None:
    """Each cell gives true, false or null for the value beside it."""
    assert compile_unary_tests(text)(value, {"limit": 10}) is expected
