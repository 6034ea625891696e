"""What checks say. A check answers HIT, CLEAR or CANNOT_SAY, always with a reason; missing data is never a pass."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
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
        return _RANKS[self]

    def raised(self, steps: int) -> "RiskLevel":
        """So many levels higher, never above CRITICAL."""
        return self if steps == 0 else list(RiskLevel)[min(self.rank + steps, RiskLevel.CRITICAL.rank)]


_RANKS = {level: rank for rank, level in enumerate(RiskLevel)}


class CheckPhase(StrEnum):
    """When a check is judged at its node.

    entry: a token arrives, before anybody acts. submit: somebody submitted, before the token moves on.
    after: looked at later, in a sweep or over history. timer: again and again while the element waits.
    """

    ENTRY = "entry"
    SUBMIT = "submit"
    AFTER = "after"
    TIMER = "timer"


class Light(StrEnum):
    """Lights are for time only: in time, near the limit, over it, over the re-set term too (绿、黄、红、再次红)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    RED_AGAIN = "red_again"


class Action(StrEnum):
    """Automatic actions (clause 5.5.3). Alternatives on an open list, not a ladder: a check names its own set."""

    PROMPT_CLERK = "prompt_clerk"
    ALERT_UNIT = "alert_unit"
    REPORT_DISCIPLINE = "report_discipline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Why a finding has no consequence here: a rule that the model draws, or a record that somebody made.

    author: who granted it; empty for a rule of the model. until: the last day it holds, None without end.
    """

    id: str
    basis: str
    author: str = ""
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it has not ended."""
        return self.until is None or day <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A bound that the answer was judged by, with both ends as plain values; None where it is open."""

    name: str
    low: object = None
    high: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The answer of one check at one element.

    level: the one that the model chose, raised when the check found something worse than usual.
    reason: one Chinese sentence; reason_code and reason_params are the same for other languages.
    parameters: the values the rule was judged with (limit, operator, unit, …).
    fences: bounds that were used. evidence: the values of the case it looked at.
    data_versions: by source, which snapshot, table or calendar was looked at.
    loophole: the loophole that the check closes. given_reason: why the clerk went on all the same.
    may_go_on: a blocking finding lets the step pass once a reason is given.
    exemption: set when the finding has no consequence; it stays a finding and is counted.
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
    phase: CheckPhase = CheckPhase.ENTRY
    light: Light | None = None
    reason_code: str = ""
    reason_params: Mapping[str, object] = field(default_factory=dict)
    fences: tuple[Fence, ...] = ()
    data_versions: Mapping[str, str] = field(default_factory=dict)
    loophole: str = ""
    given_reason: str = ""
    exemption: Exemption | None = None
    may_go_on: bool = False

    @property
    def silent(self) -> bool:
        """Report-only: nobody in the unit may learn of it, not even by a count."""
        return self.actions == frozenset({Action.REPORT_DISCIPLINE})

    @property
    def warns(self) -> bool:
        """Shown to the clerk: a hit or an open question that prompts or alerts and is not exempt."""
        return self.outcome is not CheckOutcome.CLEAR and not self.silent and self.exemption is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What all checks of one element said. `level` is the highest of the results that are HIT or CANNOT_SAY."""

    element_id: ElementId
    level: RiskLevel
    results: tuple[CheckResult, ...]
    element_name: str = ""
