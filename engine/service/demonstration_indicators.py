"""The indicator library of the demonstration city: of the city, and of a district with its own. Invented.

The values of 2026 are those of the decision table of 低保; 柳川区 has standards of its own, inside the city's limits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from engine.model.actors import Actor, Client
from engine.model.indicators import Band, Indicator, IndicatorKind, IndicatorValue, Interval, ValueType
from engine.service import indicators
from engine.service.equipment import Work

DISTRICT = "JH-LC"
LAW = "镜湖市民政局、财政局关于发布{year}年最低生活保障标准的通知（演示）"
REASON = "首次建库：录入此前已经公布的标准"
LIMITS: Mapping[str, Interval] = {
    "dibao.standard.urban": Interval(low=780, high=900),
    "dibao.standard.rural": Interval(low=600, high=700),
    "dibao.vehicle_value": Interval(low=60_000, high=100_000),
}
"""How far districts may go."""

_NUMBERS: tuple[tuple[str, str, IndicatorKind, str, Mapping[int, int], int | None], ...] = (
    (
        "dibao.standard.urban",
        "城镇低保标准",
        IndicatorKind.ADMISSION_CRITERION,
        "元/人·月",
        {2025: 800, 2026: 830},
        800,
    ),
    (
        "dibao.standard.rural",
        "农村低保标准",
        IndicatorKind.ADMISSION_CRITERION,
        "元/人·月",
        {2025: 610, 2026: 640},
        620,
    ),
    ("dibao.vehicle_value", "家庭车辆价值限额", IndicatorKind.ADMISSION_CRITERION, "元", {2025: 100_000}, None),
    ("dibao.savings.urban", "城镇家庭人均金融资产限额", IndicatorKind.REVIEW_CONDITION, "元/人", {2025: 20_000}, None),
    ("dibao.savings.rural", "农村家庭人均金融资产限额", IndicatorKind.REVIEW_CONDITION, "元/人", {2025: 15_000}, None),
    ("dibao.visitors", "入户调查人数下限", IndicatorKind.TECHNICAL_STANDARD, "人", {2025: 2}, None),
)
"""Code, name, kind, unit, value of the city by year, and of the district since 2026."""


def load(uow: Work, proposer: Actor, decider: Actor, client: Client) -> None:
    """Store all versions, published."""
    for indicator in versions():
        indicators.take_over(uow, indicator, REASON, proposer, decider, client)


def versions() -> Iterator[Indicator]:
    """Every version, the city's before the district's, the older before the newer."""
    for code, name, kind, unit, years, own in _NUMBERS:
        blank = _blank(code, name, kind, ValueType.NUMBER, 0, unit)
        for year, value in years.items():
            yield replace(blank, value=value, valid_from=date(year, 1, 1), law=LAW.format(year=year))
        if own is not None:
            law = "柳川区民政局关于执行最低生活保障标准的通知（演示，市定幅度内）"
            yield replace(
                blank, value=own, valid_from=date(2026, 1, 1), law=law, district=DISTRICT, district_limits=None
            )
    yield _blank(
        "dibao.household_types",
        "可以申请低保的户籍类别",
        IndicatorKind.ADMISSION_CRITERION,
        ValueType.CHOICES,
        ("urban", "rural"),
        "",
    )
    bands = (
        Band(tier="从轻", interval=Interval(low=1_000, high=5_000)),
        Band(tier="一般", interval=Interval(low=5_000, high=20_000, low_closed=False)),
        Band(tier="从重", interval=Interval(low=20_000, high=50_000, low_closed=False)),
    )
    yield _blank(
        "penalty.dibao_fraud",
        "骗取低保金罚款裁量基准",
        IndicatorKind.DISCRETION_BAND,
        ValueType.BANDS,
        bands,
        "元",
        business="penalty",
        law="镜湖市民政行政处罚裁量基准（演示）",
    )


def _blank(
    code: str,
    name: str,
    kind: IndicatorKind,
    value_type: ValueType,
    value: IndicatorValue,
    unit: str,
    *,
    business: str = "",
    law: str = LAW.format(year=2025),
) -> Indicator:
    return Indicator(
        code=code,
        name=name,
        kind=kind,
        value_type=value_type,
        value=value,
        unit=unit,
        law=law,
        business_type=business,
        valid_from=date(2025, 1, 1),
        version=0,
        district_limits=LIMITS.get(code),
    )
