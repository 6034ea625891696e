"""What a deployed process says about time: its limits and what stops their clock, looked up once for each version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.model.definitions import ClockStop, ElementDefinition, TimeLimit
from engine.model.findings import Action
from engine.model.ids import ElementId, ElementInstanceId
from engine.model.transitions import Step, TransitionKind
from engine.model.working_days import Term, TermUnit, WarnUnit
from engine.service import lookups
from engine.service.equipment import Work
from engine.store.cases import CaseRecord
from engine.store.deadlines import DeadlineRecord

WHOLE_CASE = ElementInstanceId("")
_OVER = frozenset({TransitionKind.COMPLETED, TransitionKind.TERMINATED, TransitionKind.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """What of a process is about time. calls: it calls others, which may have limits of their own."""

    whole: TimeLimit | None
    limits: Mapping[ElementId, TimeLimit]
    stops: Mapping[ElementId, ClockStop]
    names: Mapping[ElementId, str]
    calls: bool

    @property
    def nothing(self) -> bool:
        """No step of such a case has anything to do with time limits."""
        return not (self.whole or self.limits or self.stops or self.calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A limit that begins with a step."""

    element_id: ElementId
    instance: ElementInstanceId
    name: str
    limit: TimeLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What a step means for the limits of its case: what began, element instances that are over, stops that began."""

    begun: tuple[Begun, ...]
    closed: frozenset[ElementInstanceId]
    stopped: tuple[tuple[ElementInstanceId, ElementId, ClockStop], ...]


def timed(uow: Work, digest: str, process_id: str) -> Timed:
    """What a deployed process says about time."""

    def read() -> Timed:
        definition = lookups.executable(uow, digest, process_id).definition
        elements = definition.elements
        return Timed(
            whole=definition.time_limit,
            limits={key: one.time_limit for key, one in elements.items() if one.time_limit is not None},
            stops={key: one.pause for key, one in elements.items() if one.pause is not None},
            names={key: one.name or key for key, one in elements.items()},
            calls=any(one.type == "callActivity" for one in elements.values()),
        )

    return uow.equipment.compiled.get(("timed", digest, process_id), read)


def passed(uow: Work, case: CaseRecord, step: Step, found: Timed, *, first: bool) -> Passed:
    """What of a step is about time. first: the case begins with it."""
    over = {one.instance for one in step.transitions if one.kind in _OVER}
    began = [one for one in step.transitions if one.kind is TransitionKind.ACTIVATED and one.instance not in over]
    own = [one for one in began if not one.process_id]
    begun = [
        Begun(element_id=one.element, instance=one.instance, name=found.names[one.element], limit=limit)
        for one in own
        if (limit := found.limits.get(one.element)) is not None
    ]
    begun += _called(uow, step)
    whole = found.whole
    if whole is not None and (first if whole.starts_at is None else _completes(step, whole.starts_at)):
        begun.append(Begun(element_id=ElementId(""), instance=WHOLE_CASE, name=case.process_name, limit=whole))
    return Passed(
        begun=tuple(begun),
        closed=frozenset(over),
        stopped=tuple((one.instance, one.element, stop) for one in own if (stop := found.stops.get(one.element))),
    )


def _called(uow: Work, step: Step) -> Iterator[Begun]:
    """Limits of user tasks in called processes; the version that runs is named where somebody waits."""
    for one in step.waiting:
        if not one.process_id:
            continue
        called = lookups.executable(uow, one.digest, one.process_id).definition
        element: ElementDefinition = called.elements[one.element]
        if element.time_limit is not None:
            name = element.name or element.id
            yield Begun(element_id=one.element, instance=one.instance, name=name, limit=element.time_limit)


def _completes(step: Step, element: ElementId) -> bool:
    return any(
        one.kind is TransitionKind.COMPLETED and one.element == element and not one.process_id
        for one in step.transitions
    )


def limit_of(record: DeadlineRecord) -> TimeLimit:
    """The limit that a stored one was made from."""
    unit = TermUnit(record.unit)
    return TimeLimit(
        term=Term(amount=record.amount, unit=unit, warn=record.warn, warn_unit=WarnUnit(record.warn_unit)),
        legal=record.legal,
        actions=frozenset(map(Action, record.actions)),
    )
