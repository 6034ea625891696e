"""The indicator library: the value of the day, of the district and of the business."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.errors import Invalid, Refused
from engine.model.indicators import Band, Indicator, IndicatorKind, IndicatorValue, Interval, ValueType
from engine.supervision import indicators
from engine.supervision.indicators import IndicatorsOfTheDay, Library

CITY = Indicator(
    code="DB-VEHICLE",
    name="车辆价值上限",
    kind=IndicatorKind.ADMISSION_CRITERION,
    value_type=ValueType.NUMBER,
    value=100_000,
    unit="元",
    law="沈民发〔2024〕1号",
    valid_from=date(2024, 1, 1),
    version=1,
    district_limits=Interval(low=80_000, high=120_000),
)
TIGHTER = replace(CITY, value=80_000, valid_from=date(2026, 4, 1), version=2)


def district(value: IndicatorValue, **more: object) -> Indicator:
    return replace(CITY, value=value, district="和平区", district_limits=None, **more)  # type: ignore[arg-type]


def value(library: Library, day: date, **scope: str) -> object:
    found = library.find("DB-VEHICLE", day, **scope)
    return None if found is None else found.value


def test_old_cases_keep_the_value_of_their_day() -> None:
    """A limit that moves from a date on leaves the days before as they were; before the first there is none."""
    library = Library.of([CITY, TIGHTER])
    assert value(library, date(2026, 3, 31)) == 100_000
    assert value(library, date(2026, 4, 1)) == 80_000
    assert value(library, date(2023, 12, 31)) is None
    assert [one.valid_to for one in library.versions("DB-VEHICLE")] == [date(2026, 3, 31), None]
    assert IndicatorsOfTheDay(library=library, day=date(2025, 1, 1)).find("DB-VEHICLE") == replace(
        CITY, valid_to=date(2026, 3, 31)
    )


def test_a_district_goes_its_own_way_inside_the_limits() -> None:
    """In its district only."""
    library = Library.of([district(90_000), CITY])
    assert value(library, date(2025, 1, 1), district="和平区") == 90_000
    assert value(library, date(2025, 1, 1), district="铁西区") == 100_000
    assert value(library, date(2025, 1, 1)) == 100_000


@pytest.mark.parametrize("outside", [79_999, 120_001, Decimal("120000.01")])
def test_a_district_outside_the_limits_is_refused(outside: IndicatorValue) -> None:
    """With the limits in the message."""
    with pytest.raises(Refused, match="80000 … 120000") as caught:
        Library.of([CITY]).adding(district(outside))
    assert caught.value.code == "indicator.outside_city_limits"


@pytest.mark.parametrize("city", [[], [replace(CITY, district_limits=None)]])
def test_a_district_alone_is_refused(city: list[Indicator]) -> None:
    """Without an indicator of the city, or without room in it, there is no district value."""
    with pytest.raises(Refused) as caught:
        Library.of(city).adding(district(90_000))
    assert caught.value.code == "indicator.outside_city_limits"


def test_tightened_limits_cut_a_district_off() -> None:
    """From the day on which the city leaves less room, its own value holds; earlier cases keep the district's."""
    tighter = replace(TIGHTER, district_limits=Interval(low=70_000, high=85_000))
    library = Library.of([CITY, district(90_000)]).adding(tighter)
    assert value(library, date(2026, 3, 31), district="和平区") == 90_000
    assert value(library, date(2026, 4, 1), district="和平区") == 80_000


def test_a_business_type_has_its_own_value() -> None:
    """Before the one for all."""
    library = Library.of([CITY, replace(CITY, value=50_000, business_type="特困")])
    assert value(library, date(2025, 1, 1), business_type="特困") == 50_000
    assert value(library, date(2025, 1, 1), business_type="低保") == 100_000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"valid_from": date(2024, 1, 1), "version": 2}, "indicator.overlap"),
        ({"valid_from": date(2023, 1, 1), "version": 0}, "indicator.overlap"),
        ({"valid_from": date(2026, 1, 1), "version": 1}, "indicator.validity"),
        ({"valid_from": date(2026, 1, 1), "valid_to": date(2025, 1, 1), "version": 2}, "indicator.validity"),
        ({"valid_from": date(2026, 1, 1), "version": 2, "value": "十万"}, "indicator.value_type"),
        ({"valid_from": date(2026, 1, 1), "version": 2, "value": True}, "indicator.value_type"),
    ],
)
def test_versions_that_do_not_fit(change: dict[str, object], code: str) -> None:
    """Two for one day, an order that is none, an end before the start, a value of another type."""
    with pytest.raises((Refused, Invalid)) as caught:
        Library.of([CITY]).adding(replace(CITY, **change))  # type: ignore[arg-type]
    assert caught.value.code == code


BANDS = (Band(tier="从轻", interval=Interval(low=1, high=3)), Band(tier="从重", interval=Interval(low=3)))
FITTING: list[tuple[ValueType, IndicatorValue]] = [
    (ValueType.NUMBER, Decimal("1.5")),
    (ValueType.RANGE, Interval(low=1)),
    (ValueType.CHOICES, ("a", "b")),
    (ValueType.DATE, date(2026, 1, 1)),
    (ValueType.BOOLEAN, False),
    (ValueType.TEXT, "x"),
    (ValueType.TABLE, ({"a": 1},)),
    (ValueType.BANDS, BANDS),
]


@pytest.mark.parametrize(("kind", "fitting"), FITTING)
def test_every_type_takes_its_own_values_only(kind: ValueType, fitting: IndicatorValue) -> None:
    """And none of the others."""
    base = replace(CITY, kind=IndicatorKind.DISCRETION_BAND, value_type=kind)
    assert Library.of([replace(base, value=fitting)])
    for other, strange in FITTING:
        if other is not kind:
            with pytest.raises(Invalid):
                Library.of([replace(base, value=strange)])


def test_bands_belong_to_discretion() -> None:
    """A table of bands is no admission criterion; a tier is found by its name."""
    with pytest.raises(Invalid):
        Library.of([replace(CITY, value_type=ValueType.BANDS, value=BANDS)])
    assert indicators.band(BANDS, "从重") == BANDS[1]
    assert indicators.band(BANDS, "减轻") is None


def test_bands_of_a_district_lie_inside_too() -> None:
    """Every tier of them."""
    city = replace(
        CITY, kind=IndicatorKind.DISCRETION_BAND, value_type=ValueType.BANDS, value=BANDS[:1],
        district_limits=Interval(low=0, high=5),
    )  # fmt: skip
    own = replace(city, district="和平区", district_limits=None)
    assert Library.of([city, own])
    with pytest.raises(Refused):
        Library.of([city, replace(own, value=BANDS)])


@settings(deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=6, unique=True).map(sorted), st.integers(0, 500))
def test_one_version_at_most_holds_on_a_day(offsets: list[int], at: int) -> None:
    """Whatever versions follow one another: the newest that has begun."""
    first = date(2024, 1, 1)
    made = [
        replace(CITY, valid_from=first + timedelta(days=offset), version=n, value=n) for n, offset in enumerate(offsets)
    ]
    begun = [one.value for one, offset in zip(made, offsets, strict=True) if offset <= at]
    assert value(Library.of(made), first + timedelta(days=at)) == (begun[-1] if begun else None)


@settings(deadline=None)
@given(
    *[st.tuples(st.none() | st.integers(-3, 3), st.none() | st.integers(-3, 3), st.booleans(), st.booleans())] * 2,
    st.integers(-8, 8),
)
def test_an_interval_that_covers_another_holds_all_of_it(
    outer: tuple[int | None, int | None, bool, bool], inner: tuple[int | None, int | None, bool, bool], half: int
) -> None:
    """Also at the ends, closed or open."""
    one, two = (Interval(low=a, high=b, low_closed=c, high_closed=d) for a, b, c, d in (outer, inner))
    point = Decimal(half) / 2
    if one.covers(two) and two.holds(point):
        assert one.holds(point)


def test_a_table_is_kept_as_it_is() -> None:
    """Rows of plain values."""
    table: tuple[Mapping[str, object], ...] = ({"area": "城市", "limit": 975},)
    library = Library.of([replace(CITY, value_type=ValueType.TABLE, value=table)])
    assert value(library, date(2025, 1, 1)) == table


def test_a_stored_library_is_not_judged_again() -> None:
    """A district's value that a later tightening left outside is there for the days before, and passed over after."""
    tight = replace(TIGHTER, district_limits=Interval(low=80_000, high=85_000))
    library = Library.stored([tight, district(120_000), CITY])
    assert value(library, date(2026, 3, 31), district="和平区") == 120_000
    assert value(library, date(2026, 4, 1), district="和平区") == 80_000
