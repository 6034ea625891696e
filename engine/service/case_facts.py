"""What the checks of one step are handed of their case: its trace, the act that is judged, datasets.

Nothing is read before a check of the element at hand asks for it, and each thing once in a step; so a node whose checks
look at variables alone costs no statement, and any other a number that does not grow with the case's history.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from engine.identity import identifiers
from engine.model.actors import Actor
from engine.model.definitions import CheckDefinition, ElementDefinition, Outcome
from engine.model.lookups import Found, RowsNeed, Unavailable
from engine.service import calendars, datasets, indicators
from engine.service.check_uses import PARAMETER
from engine.service.equipment import Work
from engine.store import entries
from engine.store.cases import CaseRecord
from engine.supervision.checks import CHECKS
from engine.supervision.facts import Act, CaseTrace, Given, fold
from engine.supervision.indicators import IndicatorsOfTheDay
from engine.trace import canonical

T = TypeVar("T")

PLAIN = Given(formats=identifiers.FORMATS)
"""For checks that look at variables alone."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Facts of a case in one transaction. case: None while it is being started. acting: None when a program acts.

    business_type, unit_path: of a case that is being started.
    """

    uow: Work
    now: datetime
    case: CaseRecord | None = None
    acting: Act | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    business_type: str = ""
    unit_path: str = ""
    _read: dict[object, object] = field(default_factory=dict)

    def given(self, checks: Sequence[CheckDefinition]) -> Given:
        """What these checks ask for; what none of them asks for is left out."""
        found = replace(PLAIN, reasons=self.reasons) if self.reasons else PLAIN
        if any(_needs_trace(check) for check in checks):
            found = replace(found, trace=self._once("trace", self._trace), acting=self.acting)
        if any(_counts_days(check) for check in checks):
            found = replace(found, calendar=calendars.current(self.uow))
        if any(check.parameters.get(PARAMETER) for check in checks):
            found = replace(found, indicators=self._once("indicators", self._indicators))
        return found

    def rows(self, need: RowsNeed) -> Found | Unavailable:
        """The rows of a dataset."""
        return self._once(need, lambda: datasets.look_up(self.uow, need))

    def _once(self, what: object, make: Callable[[], T]) -> T:
        if what not in self._read:
            self._read[what] = make()
        return self._read[what]  # type: ignore[return-value]  # one key, one type

    def _indicators(self) -> IndicatorsOfTheDay:
        """The library on the day on which the case began, in its district, for its business."""
        case = self.case
        began = (case.started_at if case else self.now).astimezone(self.uow.equipment.zone).date()
        business, path = (case.process_id, case.unit_path) if case else (self.business_type, self.unit_path)
        return indicators.of_case(self.uow, began, business, path)

    def _trace(self) -> CaseTrace | None:
        if self.case is None:
            return CaseTrace(started_at=self.now)
        return fold(canonical.decode(body) for body in entries.bodies(self.uow, self.case.key))


def act_of(actor: Actor, element: ElementDefinition, outcome: Outcome | None, now: datetime) -> Act:
    """What somebody is about to do, as checks of the trace see it."""
    return Act(
        element=element.id,
        element_name=element.name,
        person=str(actor.person_key),
        person_name=actor.name,
        account=actor.username,
        at=now,
        outcome=outcome.code if outcome else "",
        negative=outcome is not None and outcome.negative,
    )


def _counts_days(check: CheckDefinition) -> bool:
    known = CHECKS.get(check.code)
    return known is not None and known.kind.startswith("deadline")


def _needs_trace(check: CheckDefinition) -> bool:
    known = CHECKS.get(check.code)
    return known is not None and known.trace != "none"
