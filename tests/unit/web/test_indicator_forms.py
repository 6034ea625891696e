"""Values of indicators as people type them: what is shown can be typed again."""

from datetime import date
from decimal import Decimal

import pytest

from engine.model.errors import Invalid
from engine.model.indicators import Band, IndicatorValue, Interval, ValueType
from web.pages import indicator_forms

TYPED: tuple[tuple[ValueType, str, IndicatorValue], ...] = (
    (ValueType.NUMBER, "1.10", Decimal("1.10")),
    (ValueType.RANGE, ">8 ~ 500", Interval(low=8, low_closed=False, high=500)),
    (ValueType.RANGE, "~ <5", Interval(high=5, high_closed=False)),
    (ValueType.CHOICES, "urban\nrural", ("urban", "rural")),
    (ValueType.DATE, "2026-07-01", date(2026, 7, 1)),
    (ValueType.BOOLEAN, "true", True),
    (ValueType.TEXT, "甲级", "甲级"),
    (ValueType.TABLE, '[{"等级": "甲", "面积": 8}]', ({"等级": "甲", "面积": 8},)),
    (
        ValueType.BANDS,
        "从轻 = 1000 ~ 5000\n从重 = >5000 ~",
        (Band(tier="从轻", interval=Interval(low=1000, high=5000)),
         Band(tier="从重", interval=Interval(low=5000, low_closed=False))),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "value"), TYPED)
def test_what_is_shown_can_be_typed(kind: ValueType, text: str, value: IndicatorValue) -> None:
    """There and back; nothing shows as nothing."""
    assert indicator_forms.read(kind, text) == value
    assert indicator_forms.written(value) == text
    assert indicator_forms.written(None) == ""


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (ValueType.RANGE, "5"),
        (ValueType.RANGE, "a ~ b"),
        (ValueType.BOOLEAN, "ja"),
        (ValueType.BANDS, "从轻"),
        (ValueType.TABLE, "{"),
    ],
)
def test_what_cannot_be_read_is_refused(kind: ValueType, text: str) -> None:
    """With the code of values. `5` alone is no range: nobody knows which end it is."""
    with pytest.raises(Invalid) as error:
        indicator_forms.read(kind, text)
    assert error.value.code == "indicator.value"
