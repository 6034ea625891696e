"""What the checks of one step are handed of their case: its trace, the act that is judged, datasets.

Nothing is read before a check of the element at hand asks for it, and each thing once in a step; so a node whose checks
look at variables alone costs no statement, and any other a number that does not grow with the case's history.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from engine.identity import identifiers
from engine.model.actors import Actor
from engine.model.definitions import CheckDefinition, ElementDefinition, Outcome
from engine.model.findings import Exemption
from engine.model.lookups import Found, RowsNeed, Unavailable
from engine.service import calendars, datasets, indicators
from engine.service.check_uses import PARAMETER
from engine.service.equipment import Work
from engine.store import entries, exemptions
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
        found = replace(PLAIN, reasons=self.reasons, exemptions=_Records(self, checks))
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

    def exemptions(self) -> Sequence[Any]:
        """The records that hold for the case today, oldest first; nobody's own for what they act in."""
        case, acting = self.case, int(self.acting.person) if self.acting else 0
        return self._once(
            "exemptions",
            lambda: exemptions.holding(
                self.uow,
                calendars.current(self.uow).day_of(self.now),
                instance=case.key if case else None,
                process=case.process_id if case else self.business_type,
                path=case.unit_path if case else self.unit_path,
                acting=acting,
            ),
        )

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


class _Records(Mapping[str, Exemption]):
    """Records by check id or code, read when the first finding of a visible check asks: clear answers cost nothing."""

    def __init__(self, facts: CaseFacts, checks: Sequence[CheckDefinition]) -> None:
        self._facts, self._codes = facts, {check.id: check.code for check in checks}

    def __getitem__(self, key: str) -> Exemption:
        for row in self._facts.exemptions():
            named = row.check_id if self._codes.get(row.check_id) == row.check_code else ""
            if key == (named if row.check_id else row.check_code):
                return Exemption(id=str(row.key), basis=row.reason, author=row.person_name, until=row.until)
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(row.check_id or row.check_code for row in self._facts.exemptions()))

    def __len__(self) -> int:
        return len(list(iter(self)))


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
