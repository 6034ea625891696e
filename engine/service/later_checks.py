"""Which checks a step leaves to be judged later: rows in the table of what is due, in the step's transaction."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.model.definitions import ElementDefinition
from engine.model.findings import CheckPhase
from engine.model.transitions import Step, TransitionKind
from engine.service import calendars, lookups, time_limits
from engine.service.equipment import Work
from engine.store import definitions, due
from engine.store.cases import CaseRecord
from engine.store.due import DueRow, NewDue


def arm(uow: Work, case: CaseRecord, step: Step) -> None:
    """Write down which checks a step leaves to be judged later. Nothing for a process without such checks."""
    if not time_limits.timed(uow, case.digest, case.process_id).rechecks_anywhere:
        return
    found = tuple(_left(uow, case, step))
    if found:
        due.add(uow, case.key, found)


def element(uow: Work, case: CaseRecord, row: DueRow) -> ElementDefinition | None:
    """What the model says about the element that a row is about; None when it is there no more."""
    called = definitions.by_key(uow, row.called_key) if row.called_key else None
    of = (
        lookups.executable(uow, called.digest, called.id)
        if called
        else lookups.executable(uow, case.digest, case.process_id)
    )
    return of.definition.elements.get(row.element_id)


def next_look(uow: Work) -> datetime:
    """When the next local day begins: the first moment at which anything counted in days can have changed."""
    calendar = calendars.current(uow)
    return calendar.start_of(calendar.day_of(uow.now()) + timedelta(days=1))


def _left(uow: Work, case: CaseRecord, step: Step) -> Iterator[NewDue]:
    over = {one.instance for one in step.transitions if one.kind is not TransitionKind.ACTIVATED}
    for one in step.transitions:
        kind = {TransitionKind.COMPLETED: CheckPhase.AFTER, TransitionKind.ACTIVATED: CheckPhase.TIMER}.get(one.kind)
        if kind is None or (kind is CheckPhase.TIMER and one.instance in over):
            continue
        called = definitions.latest(uow, "process", [one.process_id]).get(one.process_id) if one.process_id else None
        of = (
            lookups.executable(uow, called.digest, called.id)
            if called
            else lookups.executable(uow, case.digest, case.process_id)
        )
        element = of.definition.elements.get(one.element)
        if element is not None and element.at(kind).checks:
            yield NewDue(
                kind="after" if kind is CheckPhase.AFTER else "watch",
                element_id=one.element,
                element_instance=one.instance,
                called_key=called.key if called else None,
                due_at=uow.now() if kind is CheckPhase.AFTER else next_look(uow),
            )
