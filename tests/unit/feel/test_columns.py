"""The index of a table's columns gives what the cells give one by one."""

from datetime import date
from decimal import Decimal

import pytest

from engine.feel import compile_unary_tests
from engine.feel.dmn import load
from tests.unit.feel.dmn_builder import decision, definitions, table

CELLS = [
    *("< 10", "<= 10", "> 9.5", "[5..20]", "(5..20)", "]5..20[", "10", "not(10)", "5, > 15", "!= 10", "-5"),
    *('"A"', '"A", "B"', 'not("A")', "true", "false", "null", "not(null)", '"A", 10', "= 10", '= "A"', "-", ""),
    *('[@"2026-01-01"..@"2026-12-31"]', '> "A"', "? > 7", "[1, 10]", "limit", "< limit", '["A".."C"]'),
]
NUMBERS = [5, 9, 10, 11, 20, 21, -5, 0, 10**40, Decimal("9.5"), Decimal("9.6"), Decimal(10), 10.0]
VALUES: list[object] = [None, True, False, *NUMBERS, "A", "B", "Z", "", date(2026, 6, 1), [10], {"a": 1}]


@pytest.mark.parametrize("twice", [False, True])
def test_a_rule_matches_when_its_cell_passes(twice: bool) -> None:
    """For values of every kind, when their place is met first and when it is known."""
    model = load(definitions(decision("d", table(["x"], [((cell,), ("1",)) for cell in CELLS], policy="COLLECT"))))
    for value in VALUES * (2 if twice else 1):
        context = {"x": value, "limit": 10}
        wanted = [number for number, cell in enumerate(CELLS, 1) if compile_unary_tests(cell)(value, context)]
        assert list(model.evaluate("d", context, strict=False).matched) == wanted, value


def test_rows_of_the_wrong_length_are_a_problem() -> None:
    """Too many or too few cells are told with the rule, and cannot break an evaluation."""
    model = load(definitions(decision("d", table(["x"], [(("1", "2"), ("1",)), ((), ("2", "3"))], policy="FIRST"))))
    assert model.problems == (
        "d, rule 1: 2 input entries, but the table has 1 columns for them",
        "d, rule 2: 0 input entries, but the table has 1 columns for them",
        "d, rule 2: 2 output entries, but the table has 1 columns for them",
    )
    assert model.evaluate("d", {"x": 5}).value == 2
