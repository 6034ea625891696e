"""THR-01 answers HIT, CLEAR or CANNOT_SAY, with a sentence built from names and numbers."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.model.definitions import CheckDefinition
from engine.model.findings import Action, CheckOutcome, RiskLevel
from engine.supervision.check import Answer, Facts
from engine.supervision.checks.thr_01 import CHECK

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def answer(operator: str, value: object, limit: object, unit: str = "元/月") -> Answer:
    definition = CheckDefinition(
        id="income",
        code="THR-01",
        name="家庭月人均收入",
        level=RiskLevel.HIGH,
        actions=frozenset({Action.PROMPT_CLERK}),
        blocking=False,
        value="income",
        operator=operator,
        limit="=limits.income",
        unit=unit,
    )
    return CHECK.judge(definition, Facts(variables={"income": value, "limits": {"income": limit}}, now=NOW))


@pytest.mark.parametrize(
    ("operator", "value", "outcome", "sentence"),
    [
        ("<=", 1320, "hit", "家庭月人均收入 1320 元/月，超过限额 975 元/月"),
        ("<=", 975, "clear", "家庭月人均收入 975 元/月，未超过限额 975 元/月"),
        ("<", 975, "hit", "家庭月人均收入 975 元/月，达到或超过限额 975 元/月"),
        ("<", 900, "clear", "家庭月人均收入 900 元/月，低于限额 975 元/月"),
        (">=", Decimal("974.5"), "hit", "家庭月人均收入 974.5 元/月，低于限额 975 元/月"),
        (">=", 975, "clear", "家庭月人均收入 975 元/月，不低于限额 975 元/月"),
        (">", 975, "hit", "家庭月人均收入 975 元/月，未高于限额 975 元/月"),
        (">", 976, "clear", "家庭月人均收入 976 元/月，高于限额 975 元/月"),
        ("=", 1, "hit", "家庭月人均收入 1 元/月，不等于规定值 975 元/月"),
        ("=", Decimal("975.00"), "clear", "家庭月人均收入 975 元/月，等于规定值 975 元/月"),
        ("!=", 975, "hit", "家庭月人均收入 975 元/月，等于禁止值 975 元/月"),
        ("!=", 1, "clear", "家庭月人均收入 1 元/月，不等于禁止值 975 元/月"),
        ("<=", Decimal("1111.6666666666"), "hit", "家庭月人均收入 1111.67 元/月，超过限额 975 元/月"),
        ("<=", Decimal("975.001"), "hit", "家庭月人均收入 975.001 元/月，超过限额 975 元/月"),
    ],
)
def test_numbers(operator: str, value: object, outcome: str, sentence: str) -> None:
    """The operator must hold, else HIT; numbers are shown as people write them."""
    found = answer(operator, value, 975)
    assert (found.outcome, found.reason) == (outcome, sentence)
    assert found.evidence["value"] == value
    assert found.parameters == {
        "operator": operator,
        "limit": 975,
        "unit": "元/月",
        "limit_expression": "=limits.income",
    }


@pytest.mark.parametrize(
    ("value", "limit", "sentence"),
    [
        (None, 975, "无法判断家庭月人均收入：缺少被检查的值（income）"),
        (1320, None, "无法判断家庭月人均收入：缺少限额（=limits.income）"),
        (None, None, "无法判断家庭月人均收入：缺少被检查的值（income）和限额（=limits.income）"),
        ("1320", 975, "无法判断家庭月人均收入：被检查的值与限额不能比较"),
        (True, 975, "无法判断家庭月人均收入：被检查的值与限额不能比较"),
        ({"a": 1}, {"a": 1}, "无法判断家庭月人均收入：被检查的值与限额不能比较"),
    ],
)
@pytest.mark.parametrize("operator", ["<=", ">"])
def test_missing_or_incomparable_is_never_a_pass(operator: str, value: object, limit: object, sentence: str) -> None:
    """The reason says which value is missing."""
    found = answer(operator, value, limit)
    assert (found.outcome, found.reason) == (CheckOutcome.CANNOT_SAY, sentence)


def test_an_unknown_operator_cannot_be_judged() -> None:
    """It is never taken for another."""
    assert answer("<>", 1, 2).outcome is CheckOutcome.CANNOT_SAY


def test_times_and_text_compare_too() -> None:
    """FEEL compares; what it gives is kept as text."""
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    assert answer("<=", late, early, unit="").outcome is CheckOutcome.HIT
    assert isinstance(answer("<=", late, early).evidence["value"], str)
    assert answer("=", "A", "A", unit="").reason == "家庭月人均收入 A，等于规定值 A"
