"""What checks say. A check answers HIT, CLEAR or CANNOT_SAY, always with a reason; missing data is never a pass."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.model.ids import ElementId


class CheckOutcome(StrEnum):
    HIT = "hit"
    CLEAR = "clear"
    CANNOT_SAY = "cannot_say"


class RiskLevel(StrEnum):
    """Risk levels in rising order. Separate from the lights, which are for time only."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(RiskLevel).index(self)


class Action(StrEnum):
    """Automatic actions (clause 5.5.3). Alternatives on an open list, not a ladder: a check names its own set."""

    PROMPT_CLERK = "prompt_clerk"
    ALERT_UNIT = "alert_unit"
    REPORT_DISCIPLINE = "report_discipline"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The answer of one check at one element.

    reason: one sentence in the check author's language, built from its parameters.
    parameters: the values the rule was judged with (limit, operator, unit, …).
    evidence: the values of the case it looked at.
    """

    element_id: ElementId
    check_id: str
    code: str
    name: str
    outcome: CheckOutcome
    level: RiskLevel
    actions: frozenset[Action]
    blocking: bool
    reason: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    evidence: Mapping[str, object] = field(default_factory=dict)

    @property
    def silent(self) -> bool:
        """Report-only: nobody in the unit may learn of it, not even by a count."""
        return self.actions == frozenset({Action.REPORT_DISCIPLINE})

    @property
    def warns(self) -> bool:
        """Shown to the clerk: a hit or an open question that prompts or alerts."""
        return self.outcome is not CheckOutcome.CLEAR and not self.silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What all checks of one element said. `level` is the highest of the results that are HIT or CANNOT_SAY."""

    element_id: ElementId
    level: RiskLevel
    results: tuple[CheckResult, ...]
    element_name: str = ""
