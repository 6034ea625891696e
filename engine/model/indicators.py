"""Quantified indicators (量化行权指标, clause 5.5.2) as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class IndicatorKind(StrEnum):
    """准入门槛, 审核条件, 技术标准, 自由裁量权."""

    ADMISSION_CRITERION = "admission_criterion"
    REVIEW_CONDITION = "review_condition"
    TECHNICAL_STANDARD = "technical_standard"
    DISCRETION_BAND = "discretion_band"


class ValueType(StrEnum):
    """What an indicator's value is; each goes with one Python type, see `IndicatorValue`."""

    NUMBER = "number"
    RANGE = "range"
    CHOICES = "choices"
    DATE = "date"
    BOOLEAN = "boolean"
    TEXT = "text"
    TABLE = "table"
    BANDS = "bands"


Number: TypeAlias = int | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From low to high, both included unless said otherwise; None where it has no end."""

    low: Number | None = None
    high: Number | None = None
    low_closed: bool = True
    high_closed: bool = True

    def holds(self, value: Number) -> bool:
        """Whether the value lies inside."""
        above = self.low is None or value > self.low or (self.low_closed and value == self.low)
        below = self.high is None or value < self.high or (self.high_closed and value == self.high)
        return above and below

    def covers(self, other: "Interval") -> bool:
        """Whether everything of the other lies inside."""
        low = self.low is None or (
            other.low is not None
            and (other.low > self.low or (other.low == self.low and (self.low_closed or not other.low_closed)))
        )
        high = self.high is None or (
            other.high is not None
            and (other.high < self.high or (other.high == self.high and (self.high_closed or not other.high_closed)))
        )
        return low and high


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The discretion that a tier of circumstances leaves (裁量阶次), for example 从轻: 1 to 3 ten-thousand yuan."""

    tier: str
    interval: Interval


IndicatorValue: TypeAlias = (
    Number | Interval | tuple[str, ...] | date | bool | str | tuple[Mapping[str, object], ...] | tuple[Band, ...]
)
"""number, range, choices, date, boolean, text, table, bands, in the order of `ValueType`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One version of one indicator for one scope.

    law: legal basis. valid_from, valid_to: days, both included; valid_to None: until further notice.
    business_type: empty: all. district: empty: the whole city.
    district_limits: on a city-wide indicator how far districts may set their own: numbers, ranges and bands must lie
        inside. None: no district may.
    """

    code: str
    name: str
    kind: IndicatorKind
    value_type: ValueType
    value: IndicatorValue
    law: str
    valid_from: date
    version: int
    valid_to: date | None = None
    unit: str = ""
    business_type: str = ""
    district: str = ""
    district_limits: Interval | None = None


class IndicatorState(StrEnum):
    """Of a version: proposed by one person, then published or turned down by another."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorDecision:
    """Who published or turned down a version, when and why."""

    state: IndicatorState
    person_key: int
    person_name: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorVersion:
    """A version as it was proposed, with what became of it. `indicator.version` is 0 until it is published.

    district_name: of the unit whose code is the indicator's district; empty for the city.
    """

    key: int
    indicator: Indicator
    reason: str
    proposed_by: int
    proposer_name: str
    proposed_at: datetime
    decision: IndicatorDecision | None = None
    district_name: str = ""

    @property
    def state(self) -> IndicatorState:
        """Where it stands."""
        return self.decision.state if self.decision is not None else IndicatorState.PROPOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckUse:
    """A check of a deployed process: where it stands, and the texts that were drawn."""

    process_id: str
    process_name: str
    definition_key: int
    element_id: str
    element_name: str
    check_id: str
    code: str
    name: str
    phase: str
    level: str
    actions: tuple[str, ...]
    blocking: bool
    parameters: Mapping[str, str]
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """An indicator in the list: its value of the day for the city (None when none holds), and those of districts."""

    code: str
    name: str
    kind: IndicatorKind
    today: Indicator | None
    districts: tuple[tuple[str, Indicator], ...]
    open_proposals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorView:
    """One indicator: all versions of all scopes, newest first, and the checks that name it."""

    row: IndicatorRow
    versions: tuple[IndicatorVersion, ...]
    uses: tuple[CheckUse, ...]
    decidable: frozenset[int] = frozenset()
