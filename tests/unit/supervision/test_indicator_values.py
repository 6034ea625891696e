"""Values of indicators survive JSON; what is of another kind is refused, never guessed."""

from datetime import date
from decimal import Decimal

import pytest

from engine.model.errors import Invalid
from engine.model.indicators import Band, IndicatorValue, Interval, ValueType
from engine.supervision import indicator_values

SAMPLES: tuple[tuple[ValueType, IndicatorValue, object], ...] = (
    (ValueType.NUMBER, Decimal("1.10"), "1.10"),
    (ValueType.NUMBER, 830, "830"),
    (ValueType.RANGE, Interval(low=8, high_closed=False, high=500), {"low": "8", "high": "500", "high_open": True}),
    (ValueType.CHOICES, ("urban", "rural"), ["urban", "rural"]),
    (ValueType.DATE, date(2026, 7, 1), "2026-07-01"),
    (ValueType.BOOLEAN, False, False),
    (ValueType.TEXT, "甲级", "甲级"),
    (ValueType.TABLE, ({"面积": 8, "等级": "甲"},), [{"面积": 8, "等级": "甲"}]),
    (
        ValueType.BANDS,
        (Band(tier="从轻", interval=Interval(low=1, high=3)),),
        [{"tier": "从轻", "low": "1", "high": "3"}],
    ),
)


@pytest.mark.parametrize(("kind", "value", "plain"), SAMPLES)
def test_a_value_survives_json(kind: ValueType, value: IndicatorValue, plain: object) -> None:
    """There and back."""
    assert indicator_values.plain(value) == plain
    assert indicator_values.read(kind, plain) == value


@pytest.mark.parametrize(
    ("kind", "plain"),
    [
        (ValueType.NUMBER, "830 元"),
        (ValueType.NUMBER, "NaN"),
        (ValueType.NUMBER, True),
        (ValueType.NUMBER, "1e99"),
        (ValueType.RANGE, {}),
        (ValueType.RANGE, {"low": "9", "high": "1"}),
        (ValueType.RANGE, {"low": "x"}),
        (ValueType.CHOICES, []),
        (ValueType.CHOICES, ["a", 1]),
        (ValueType.DATE, "2026-13-01"),
        (ValueType.BOOLEAN, "true"),
        (ValueType.TEXT, " "),
        (ValueType.TABLE, [{"a": [1]}]),
        (ValueType.BANDS, [{"low": "1"}]),
        (ValueType.BANDS, [{"tier": "轻", "low": "1"}, {"tier": "轻", "low": "2"}]),
    ],
)
def test_another_kind_is_refused(kind: ValueType, plain: object) -> None:
    """With one code for all."""
    with pytest.raises(Invalid) as error:
        indicator_values.read(kind, plain)
    assert error.value.code == "indicator.value"
