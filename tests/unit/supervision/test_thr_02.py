"""THR-02: inside the band of the tier, or a finding that grows without a reason and with repetition."""

from datetime import date

import pytest

from engine.model.findings import CheckOutcome, Fence, RiskLevel
from engine.model.indicators import Band, Indicator, IndicatorKind, Interval, ValueType
from engine.supervision.facts import Given
from engine.supervision.indicators import IndicatorsOfTheDay, Library
from tests.unit.supervision.asking import ask, drawn

BANDS = '=[{tier: "从轻", low: 1000, high: 5000}, {tier: "从重", low: 20000, high: null}]'
CHECK = drawn(
    "THR-02",
    {"tier": "=tier", "amount": "=fine", "bands": BANDS, "reason": "=why", "repeats": "=times", "unit": "元"},
    name="罚款数额",
)


@pytest.mark.parametrize(
    ("case", "outcome", "level", "reason"),
    [
        ({"tier": "从轻", "fine": 1000}, "clear", RiskLevel.MEDIUM, "罚款数额 1000 元，在“从轻”幅度 1000 ~ 5000 元 内"),
        ({"tier": "从轻", "fine": 5000}, "clear", RiskLevel.MEDIUM, "罚款数额 5000 元，在“从轻”幅度 1000 ~ 5000 元 内"),
        (
            {"tier": "从轻", "fine": 5001, "why": "主动消除后果"},
            "hit",
            RiskLevel.MEDIUM,
            "罚款数额 5001 元，超出“从轻”幅度 1000 ~ 5000 元，已说明理由",
        ),
        (
            {"tier": "从轻", "fine": 999, "why": " "},
            "hit",
            RiskLevel.HIGH,
            "罚款数额 999 元，超出“从轻”幅度 1000 ~ 5000 元，未说明理由",
        ),
        (
            {"tier": "从轻", "fine": 999, "why": "有", "times": 2},
            "hit",
            RiskLevel.HIGH,
            "罚款数额 999 元，超出“从轻”幅度 1000 ~ 5000 元，同一承办人此前已有 2 次",
        ),
        (
            {"tier": "从重", "fine": 10**9},
            "clear",
            RiskLevel.MEDIUM,
            "罚款数额 1000000000 元，在“从重”幅度 20000 ~  元 内",
        ),
    ],
)
def test_bands(case: dict[str, object], outcome: str, level: RiskLevel, reason: str) -> None:
    """Both ends belong to the band; an open end has none."""
    found = ask(CHECK, case)
    assert (found.outcome, found.level, found.reason) == (outcome, level, reason)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({"fine": 1}, "无法判断罚款数额：缺少裁量阶次（tier）"),
        ({"tier": "从轻"}, "无法判断罚款数额：缺少决定的数额（fine）"),
        ({"tier": "从轻", "fine": "1"}, "无法判断罚款数额：决定的数额（fine）不是数字"),
        ({"tier": "减轻", "fine": 1}, "无法判断罚款数额：裁量基准中没有“减轻”（有：从轻、从重）"),
    ],
)
def test_what_cannot_be_judged(case: dict[str, object], reason: str) -> None:
    """A tier without a band is an open question, not a pass."""
    found = ask(CHECK, case)
    assert (found.outcome, found.reason) == (CheckOutcome.CANNOT_SAY, reason)


@pytest.mark.parametrize("bands", ["=[1]", '=[{tier: "从轻", low: "1", high: 2}]', "=[{low: 1, high: 2}]"])
def test_a_broken_table_is_an_open_question(bands: str) -> None:
    """A row that is not a band."""
    found = ask(drawn("THR-02", {"tier": "从轻", "amount": "=1", "bands": bands}), {})
    assert (found.outcome, found.reason_code) == (CheckOutcome.CANNOT_SAY, "bad-band")


def test_bands_of_the_indicator_library() -> None:
    """The version of the day is in the result, the band is its fence."""
    indicator = Indicator(
        code="CF-1",
        name="无证经营罚款",
        kind=IndicatorKind.DISCRETION_BAND,
        value_type=ValueType.BANDS,
        value=(Band(tier="一般", interval=Interval(low=5000, high=20000)),),
        law="《沈阳市行政处罚裁量基准》",
        valid_from=date(2026, 1, 1),
        version=3,
    )
    given = Given(indicators=IndicatorsOfTheDay(library=Library.of([indicator]), day=date(2026, 2, 1)))
    definition = drawn("THR-02", {"tier": "=tier", "amount": "=fine", "indicator": "CF-1"})
    found = ask(definition, {"tier": "一般", "fine": 30000}, given=given)
    assert found.outcome is CheckOutcome.HIT
    assert found.fences == (Fence(name="一般", low=5000, high=20000),)
    assert found.data_versions == {"indicator CF-1": "3"}
