"""Alerts (预警) as values: a doubtful point (疑点) of a case, from its raising to its clearing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.model.findings import Light, RiskLevel
from engine.model.ids import AlertKey, ElementId, InstanceKey


class AlertState(StrEnum):
    """Where an alert stands: 待签收、已签收、已核查、已整改、已反馈、已复核、已销号."""

    RAISED = "raised"
    SIGNED = "signed"
    VERIFIED = "verified"
    RECTIFIED = "rectified"
    FED_BACK = "fed_back"
    REVIEWED = "reviewed"
    CLEARED = "cleared"


class AlertStep(StrEnum):
    """What somebody does to an alert; each is an exercise of power of its own."""

    SIGN = "sign"
    VERIFY = "verify"
    RECTIFY = "rectify"
    FEED_BACK = "feed_back"
    REVIEW = "review"
    RETURN = "return"
    CLEAR = "clear"


class Verdict(StrEnum):
    """What the verification (核查) found: 属实、不属实、无法查实."""

    TRUE = "true"
    FALSE = "false"
    CANNOT_TELL = "cannot_tell"


class Took(StrEnum):
    """How long it was from raising to clearing, in days of 24 hours."""

    WEEK = "7"
    FORTNIGHT = "14"
    MONTH = "30"
    LONGER = "more"

    @property
    def days(self) -> tuple[int, int | None]:
        """More than the first, at most the second."""
        return _TOOK_DAYS[self]


_TOOK_DAYS: Mapping[Took, tuple[int, int | None]] = {
    Took.WEEK: (-1, 7),
    Took.FORTNIGHT: (7, 14),
    Took.MONTH: (14, 30),
    Took.LONGER: (30, None),
}

OPEN = "open"
"""Instead of a state: every one but cleared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFilter:
    """Which alerts are meant; None holds for all. The same for lists, for counts and behind every figure.

    state: of `AlertState`, or ``open``. unit: code of exactly the unit of the case. light: of what is open: red over
    its limit, yellow on the last day of it. Days are those of the office, both ends included.
    """

    state: str | None = None
    level: str | None = None
    code: str | None = None
    name: str | None = None
    unit: str | None = None
    process_id: str | None = None
    verdict: Verdict | None = None
    light: Light | None = None
    raised_from: date | None = None
    raised_until: date | None = None
    cleared_from: date | None = None
    cleared_until: date | None = None
    took: Took | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert in a list. overdue: the limit of its state is over. repeats: how often it was found again while open."""

    key: AlertKey
    instance_key: InstanceKey
    number: str
    process_name: str
    unit_name: str
    element_id: ElementId
    element_name: str
    check_id: str
    code: str
    name: str
    level: RiskLevel
    outcome: str
    state: AlertState
    verdict: Verdict | None
    repeats: int
    climbed: int
    raised_at: datetime
    due_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHandling:
    """One step of an alert's life. readable: False once the key of the case is destroyed."""

    step: AlertStep
    verdict: Verdict | None
    person_name: str
    unit_name: str
    at: datetime
    text: str
    readable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """One alert with its evidence and its life. offered: what the reader may do now; why_not: code of the reason."""

    row: AlertRow
    version: int
    reason: str
    given_reason: str
    clerk_name: str
    parameters: Mapping[str, object]
    evidence: Mapping[str, object]
    data_versions: Mapping[str, str]
    history: tuple[AlertHandling, ...]
    offered: tuple[AlertStep, ...]
    why_not: str = ""
    readable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRate:
    """How often a check raised alerts, and what became of them. confirmed_percent: of those verified true or false."""

    code: str
    name: str
    raised: int
    open: int
    true: int
    false: int
    cannot_tell: int

    @property
    def confirmed_percent(self) -> int | None:
        """True ones in a hundred that were found true or false; None before there is one."""
        return percent(self.true, self.false)


def percent(true: int, false: int) -> int | None:
    """True ones in a hundred of both; None when there are none."""
    return round(100 * true / (true + false)) if true + false else None
