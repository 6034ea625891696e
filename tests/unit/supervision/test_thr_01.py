"""THR-01 answers HIT, CLEAR or CANNOT_SAY, with a sentence built from names and numbers."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.model.findings import CheckOutcome, CheckResult, Fence, RiskLevel
from engine.model.indicators import Indicator, IndicatorKind, IndicatorValue, Interval, ValueType
from engine.supervision.facts import Given
from engine.supervision.indicators import IndicatorsOfTheDay, Library
from tests.unit.supervision.asking import ask, drawn


def answer(operator: str, value: object, limit: object, unit: str = "元/月", **more: str) -> CheckResult:
    parameters = {"value": "=income", "operator": operator, "limit": "=limits.income", "unit": unit, **more}
    return ask(drawn("THR-01", parameters, name="家庭月人均收入"), {"income": value, "limits": {"income": limit}})


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
        "limit_expression": "limits.income",
    }


@pytest.mark.parametrize(
    ("value", "limit", "sentence"),
    [
        (None, 975, "无法判断家庭月人均收入：缺少被检查的值（income）"),
        (1320, None, "无法判断家庭月人均收入：缺少限额（limits.income）"),
        (None, None, "无法判断家庭月人均收入：缺少被检查的值（income）和限额（limits.income）"),
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


@pytest.mark.parametrize(
    ("operator", "value", "outcome"),
    [
        ("<=", 103, "clear"),
        ("<=", Decimal("103.01"), "hit"),
        (">=", 97, "clear"),
        (">=", Decimal("96.99"), "hit"),
        ("=", 97, "clear"),
        ("=", 104, "hit"),
    ],
)
def test_tolerance_is_a_share_of_the_limit(operator: str, value: object, outcome: str) -> None:
    """Three per cent of 100 is let pass, and not a cent more."""
    found = answer(operator, value, 100, tolerance="0.03")
    assert found.outcome == outcome
    assert found.parameters["tolerance"] == Decimal("0.03")


@pytest.mark.parametrize(
    ("operator", "value", "level"),
    [
        ("<=", 120, RiskLevel.MEDIUM),
        ("<=", 121, RiskLevel.HIGH),
        (">=", 80, RiskLevel.MEDIUM),
        (">=", 79, RiskLevel.HIGH),
    ],
)
def test_more_than_a_fifth_beyond_is_a_level_higher(operator: str, value: int, level: RiskLevel) -> None:
    """The catalogue: level 2 if more than 20 per cent over."""
    assert answer(operator, value, 100).level is level


def test_the_fence_is_on_the_side_of_the_limit() -> None:
    """An upper limit is a high fence, a lower one a low fence."""
    assert answer("<=", 1, 2).fences == (Fence(name="limit", high=2),)
    assert answer(">=", 1, 2).fences == (Fence(name="limit", low=2),)


def of_indicator(value: IndicatorValue, kind: ValueType, income: object) -> CheckResult:
    indicator = Indicator(
        code="DB-INCOME",
        name="收入标准",
        kind=IndicatorKind.REVIEW_CONDITION,
        value_type=kind,
        value=value,
        unit="元/月",
        law="沈民发〔2025〕1号",
        valid_from=date(2026, 1, 1),
        version=2,
    )
    day = IndicatorsOfTheDay(library=Library.of([indicator]), day=date(2026, 1, 5))
    definition = drawn("THR-01", {"value": "=income", "indicator": "DB-INCOME"}, name="收入")
    return ask(definition, {"income": income}, given=Given(indicators=day))


def test_the_indicator_of_the_day_is_the_limit() -> None:
    """Its unit, law and version stand in the result."""
    found = of_indicator(975, ValueType.NUMBER, 1000)
    assert (found.outcome, found.reason) == (CheckOutcome.HIT, "收入 1000 元/月，超过限额 975 元/月")
    assert found.parameters["law"] == "沈民发〔2025〕1号"
    assert found.data_versions == {"indicator DB-INCOME": "2"}


def test_ranges_and_choices_hold_the_value() -> None:
    """A range and a list of choices need no operator."""
    inside = of_indicator(Interval(low=8, high=50), ValueType.RANGE, 50)
    outside = of_indicator(Interval(low=8, high=50), ValueType.RANGE, 51)
    assert (inside.outcome, outside.outcome) == (CheckOutcome.CLEAR, CheckOutcome.HIT)
    assert outside.reason == "收入 51 元/月，不在规定范围 8 ~ 50 元/月 内"
    assert of_indicator(("城镇", "农村"), ValueType.CHOICES, "城镇").outcome is CheckOutcome.CLEAR
    assert of_indicator(("城镇", "农村"), ValueType.CHOICES, "外地").outcome is CheckOutcome.HIT
    assert of_indicator(("城镇", "农村"), ValueType.CHOICES, None).outcome is CheckOutcome.CANNOT_SAY


def test_an_indicator_that_was_not_handed_over_is_named() -> None:
    """Never a pass."""
    found = ask(drawn("THR-01", {"value": "=income", "indicator": "DB-INCOME"}), {"income": 1})
    assert found.outcome is CheckOutcome.CANNOT_SAY
    assert "DB-INCOME" in found.reason
