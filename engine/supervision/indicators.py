"""The indicator library: which value of an indicator held on the day of a case, in its district and business.

Of several that hold, the more special wins: district before city, business type before all. A district's own value must
lie inside the limits that the city's indicator gives; without limits there is none. When the city tightens them
later, the city's value takes the place of a district's value that lies outside, from that day on. Two versions for
one scope never hold on one day, so that an old case always finds the value of its day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from engine.model.errors import Invalid, Refused
from engine.model.indicators import Band, Indicator, IndicatorKind, Interval, Number, ValueType

_Scope = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorsOfTheDay:
    """The library as one case sees it: on its day, in its district, for its business type."""

    library: "Library"
    day: date
    business_type: str = ""
    district: str = ""

    def find(self, code: str, day: date | None = None) -> Indicator | None:
        """The value of the day, or of another one; None when none holds."""
        return self.library.find(code, day or self.day, business_type=self.business_type, district=self.district)


@dataclass(frozen=True, slots=True)
class Library:
    """All versions of all indicators. Made by `Library.of`, grown by `adding`; never changed."""

    _by_scope: Mapping[_Scope, tuple[Indicator, ...]] = field(default_factory=dict)

    @staticmethod
    def of(indicators: Iterable[Indicator]) -> "Library":
        """A library of these. City-wide ones are read first, so that the order does not matter. Raises as `adding`."""
        library = Library()
        for indicator in sorted(indicators, key=lambda one: (bool(one.district), one.code, one.valid_from)):
            library = library.adding(indicator)
        return library

    @staticmethod
    def stored(indicators: Iterable[Indicator]) -> "Library":
        """A library of versions that were judged when they came in, and are not judged again.

        So a district's version that lies outside of limits which the city tightened after it is still there for the
        days before, and `find` passes over it afterwards.
        """
        by_scope: dict[_Scope, list[Indicator]] = {}
        for one in sorted(indicators, key=lambda one: one.valid_from):
            versions = by_scope.setdefault((one.code, one.business_type, one.district), [])
            versions[:] = [*(_ended_before(earlier, one) for earlier in versions), one]
        return Library({scope: tuple(versions) for scope, versions in by_scope.items()})

    def adding(self, indicator: Indicator) -> "Library":
        """The library with one more version; a version of its scope that has no end ends the day before.

        Raises Invalid ``indicator.value_type`` for a value of another type and ``indicator.validity`` for an end before
        the start or a version number that does not rise; Refused ``indicator.overlap`` when another version holds on
        one of its days, and ``indicator.outside_city_limits`` for a district that goes its own way too far.
        """
        _require_value(indicator)
        scope = (indicator.code, indicator.business_type, indicator.district)
        earlier = [_ended_before(one, indicator) for one in self._by_scope.get(scope, ())]
        for one in earlier:
            _require_order(one, indicator)
        if indicator.district:
            self._require_inside_limits(indicator)
        versions = tuple(sorted([*earlier, indicator], key=lambda one: one.valid_from))
        return Library({**self._by_scope, scope: versions})

    def find(self, code: str, day: date, *, business_type: str = "", district: str = "") -> Indicator | None:
        """The version that held on a day for a scope, or None."""
        city = self._version(code, day, business_type, "")
        own = self._version(code, day, business_type, district) if district and city is not None else None
        if own is not None and city is not None and _allowed(own, city):
            return own
        return city

    def _version(self, code: str, day: date, business_type: str, district: str) -> Indicator | None:
        for business in dict.fromkeys((business_type, "")):
            for one in self._by_scope.get((code, business, district), ()):
                if _holds(one, day):
                    return one
        return None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all indicators, in order."""
        return tuple(sorted({code for code, _, _ in self._by_scope}))

    def versions(self, code: str) -> tuple[Indicator, ...]:
        """All versions of all scopes, oldest first."""
        found = [one for (its_code, _, _), group in self._by_scope.items() if its_code == code for one in group]
        return tuple(sorted(found, key=lambda one: (one.valid_from, one.district, one.business_type)))

    def _require_inside_limits(self, indicator: Indicator) -> None:
        businesses = dict.fromkeys((indicator.business_type, ""))
        city = [one for business in businesses for one in self._by_scope.get((indicator.code, business, ""), ())]
        covering = [one for one in city if _overlap(one, indicator)]
        outside = [one for one in covering if not _allowed(indicator, one)]
        if not covering or outside:
            limits = _shown(outside[0].district_limits if outside else None)
            raise Refused(
                "indicator.outside_city_limits",
                f"{indicator.district} may not set its own {indicator.code}: the city allows {limits}",
                params={"indicator": indicator.code, "district": indicator.district, "limits": limits},
            )


def band(bands: Iterable[Band], tier: str) -> Band | None:
    """The band of a tier, or None when there is none."""
    return next((one for one in bands if one.tier == tier), None)


def interval_of(indicator: Indicator) -> Interval | None:
    """What a numeric indicator spans: a number is an interval of one; None for others."""
    if isinstance(indicator.value, Interval):
        return indicator.value
    if _is_number(indicator.value):
        number: Number = indicator.value  # type: ignore[assignment]  # just found out
        return Interval(low=number, high=number)
    return None


def _allowed(own: Indicator, city: Indicator) -> bool:
    return city.district_limits is not None and _inside(own, city.district_limits)


def _inside(indicator: Indicator, limits: Interval) -> bool:
    if indicator.value_type is ValueType.BANDS and isinstance(indicator.value, tuple):
        return all(isinstance(one, Band) and limits.covers(one.interval) for one in indicator.value)
    span = interval_of(indicator)
    return span is not None and limits.covers(span)


def _ended_before(one: Indicator, new: Indicator) -> Indicator:
    """A version without end makes room for a later one."""
    if one.valid_to is None and one.valid_from < new.valid_from:
        return replace(one, valid_to=date.fromordinal(new.valid_from.toordinal() - 1))
    return one


def _require_order(one: Indicator, new: Indicator) -> None:
    if _overlap(one, new):
        raise Refused(
            "indicator.overlap",
            f"version {one.version} of {new.code} holds on days of version {new.version}",
            params={"indicator": new.code, "version": str(one.version)},
        )
    if (one.valid_from < new.valid_from) != (one.version < new.version):
        raise Invalid(
            "indicator.validity",
            f"version {new.version} of {new.code} is out of order",
            params={"indicator": new.code, "version": str(new.version)},
        )


def _require_value(indicator: Indicator) -> None:
    params = {"indicator": indicator.code, "version": str(indicator.version)}
    if indicator.valid_to is not None and indicator.valid_to < indicator.valid_from:
        raise Invalid("indicator.validity", f"{indicator.code} ends before it begins", params=params)
    banded = indicator.value_type is ValueType.BANDS
    if not _fits(indicator.value_type, indicator.value) or (
        banded and indicator.kind is not IndicatorKind.DISCRETION_BAND
    ):
        raise Invalid("indicator.value_type", f"the value of {indicator.code} is not of its type", params=params)


def _fits(kind: ValueType, value: object) -> bool:
    if kind is ValueType.NUMBER:
        return _is_number(value)
    if kind in (ValueType.CHOICES, ValueType.TABLE, ValueType.BANDS):
        inner = {ValueType.CHOICES: str, ValueType.TABLE: Mapping, ValueType.BANDS: Band}[kind]
        return isinstance(value, tuple) and bool(value) and all(isinstance(one, inner) for one in value)
    plain = {ValueType.RANGE: Interval, ValueType.DATE: date, ValueType.BOOLEAN: bool, ValueType.TEXT: str}
    return isinstance(value, plain[kind])


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _holds(one: Indicator, day: date) -> bool:
    return one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)


def _overlap(one: Indicator, other: Indicator) -> bool:
    return (other.valid_to is None or one.valid_from <= other.valid_to) and (
        one.valid_to is None or other.valid_from <= one.valid_to
    )


def _shown(limits: Interval | None) -> str:
    if limits is None:
        return "no other value"
    return f"{'-' if limits.low is None else limits.low} … {'-' if limits.high is None else limits.high}"
