"""What a check may know. Everything is handed over; nothing is looked up.

A check sees the case's variables and the moment, and beside them what the shell can give: the case's own trace, the
indicators of the day, the working calendar, and the answers to what the check said it needs. What was not handed over
is None, and a check that needs it answers CANNOT_SAY by name; it is never taken for "nothing there".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.feel import compile_expression
from engine.model.findings import Exemption
from engine.model.lookups import Found, Need, Unavailable
from engine.supervision.calendar import Calendar, seeded
from engine.supervision.indicators import IndicatorsOfTheDay

_NOTHING: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Somebody exercised power at an element. at: aware.

    person: who; account: with which account, where accounts and people differ; on_behalf_of: for whom, as a deputy.
    """

    element: str
    person: str
    at: datetime
    element_name: str = ""
    person_name: str = ""
    account: str = ""
    on_behalf_of: str = ""
    outcome: str = ""
    negative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An element instance: from its activation to its end, None while it is active. Aware instants.

    completed: it did its work; one that was stopped has an end but did not.
    """

    element: str
    instance: str
    entered_at: datetime
    left_at: datetime | None = None
    completed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTrace:
    """The case's history in the order in which it happened. ended_at: every end, more than one after a re-opening."""

    started_at: datetime
    acts: tuple[Act, ...] = ()
    visits: tuple[Visit, ...] = ()
    flows: tuple[str, ...] = ()
    ended_at: tuple[datetime, ...] = ()
    reopened: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the shell hands over for one case.

    acting: the act that is being judged, not in the trace yet. formats: by name, whether a text has it.
    reasons: by check id, why the clerk goes on. exemptions: records by check id or code.
    """

    trace: CaseTrace | None = None
    acting: Act | None = None
    indicators: IndicatorsOfTheDay | None = None
    calendar: Calendar = field(default_factory=seeded)
    formats: Mapping[str, Callable[[str], bool]] = field(default_factory=lambda: _NOTHING)
    reasons: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    exemptions: Mapping[str, Exemption] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The variables at a moment (aware), what was given, and what was found for the needs of the checks."""

    variables: Mapping[str, object]
    now: datetime
    given: Given = field(default_factory=Given)
    found: Mapping[Need, Found | Unavailable] = field(default_factory=lambda: _NOTHING)

    def evaluate(self, text: str) -> object:
        """The value of FEEL text (a leading ``=`` is taken off) over the variables; null for what is not there.

        Raises FeelError. The compiled text is cached by `engine.feel`.
        """
        return compile_expression(text.removeprefix("="))(self.variables, now=self.now)

    @property
    def acts(self) -> tuple[Act, ...] | None:
        """All acts, the one being judged last; None when the trace was not handed over."""
        if self.given.trace is None:
            return None
        acting = self.given.acting
        return (*self.given.trace.acts, acting) if acting is not None else self.given.trace.acts


def fold(entries: Iterable[Mapping[str, Any]]) -> CaseTrace | None:
    """The history of a case from the decoded bodies of its trace entries, oldest first; None without a start.

    Reads what is in the clear (who, when, where, which outcome), so it works on sealed entries without their keys,
    and on every kind that has an element or transitions; others are passed over.
    """
    started: datetime | None = None
    acts: list[Act] = []
    visits: dict[str, Visit] = {}
    flows: list[str] = []
    ends: list[datetime] = []
    reopened = 0
    for entry in entries:
        at, payload = datetime.fromisoformat(entry["at"]), entry.get("payload", {})
        if started is None and not str(entry["kind"]).startswith("process_instance.started."):
            continue
        started = started or at
        if str(entry["kind"]).startswith("user_task.completed."):
            acts.append(_act(entry, at))
        moved = payload.get("transitions") or ()
        reopened += bool(ends) and len(ends) > reopened and any(one["kind"] == "activated" for one in moved)
        for one in moved:
            _move(one, at, visits, flows)
        if payload.get("ended"):
            ends.append(at)
    if started is None:
        return None
    return CaseTrace(
        started_at=started,
        acts=tuple(acts),
        visits=tuple(visits.values()),
        flows=tuple(flows),
        ended_at=tuple(ends),
        reopened=reopened,
    )


def _act(entry: Mapping[str, Any], at: datetime) -> Act:
    element, outcome, actor = entry["payload"]["element"], entry["payload"].get("outcome") or {}, entry["actor"] or {}
    return Act(
        element=element["id"],
        element_name=element["name"],
        person=actor.get("person", ""),
        person_name=actor.get("name", ""),
        account=actor.get("username", ""),
        at=at,
        outcome=outcome.get("code", ""),
        negative=bool(outcome.get("negative")),
    )


def _move(one: Mapping[str, Any], at: datetime, visits: dict[str, Visit], flows: list[str]) -> None:
    instance = one["instance"]
    if one["kind"] == "flow_taken":
        flows.append(one["element"])
    elif one["kind"] == "activated":
        visits[instance] = Visit(element=one["element"], instance=instance, entered_at=at)
    elif instance in visits:
        visits[instance] = replace(visits[instance], left_at=at, completed=one["kind"] == "completed")
