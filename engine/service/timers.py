"""Timers that are due: of a case, fired in it; of a start event, which begins a case. Always by the system."""

from datetime import datetime

from engine.model.actors import Client
from engine.model.errors import Conflict
from engine.model.ids import DefinitionKey
from engine.model.trace_entries import EntryKind
from engine.model.transitions import WaitingTimer
from engine.model.views import InstanceState
from engine.runtime import interpreter
from engine.service import advancing, beginning, lookups, payloads, recording, stepping
from engine.service.beginning import Origin
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.store import cases, definitions, due, people
from engine.store.cases import CaseRecord
from engine.store.due import DueRow

CLOCK = Client(channel="clock")


def fire(uow: Work, row: DueRow) -> bool:
    """Fire a timer of a case and run the case on. False when somebody works on the case right now.

    A timer that another clock has fired, or that waits no longer, is left alone. Raises as a completion does.
    """
    case = cases.lock_free_case(uow, required(row.instance_key, f"the case of timer {row.key}"))
    if case is None:
        return False
    if case.state is InstanceState.SUSPENDED:
        due.park(uow, row.key)
        return True
    cipher = uow.required_cipher(case.wrapped_key)
    held = advancing.hold(uow, case, cipher)
    try:
        element, called = held.live.awaited(row.element_instance)
        held.live.fire(row.element_instance)
    except Conflict as over:
        if over.code != "timer.not_due":
            due.done(uow, row.key)
        return True
    moved = advancing.judged(uow, case, held, cipher)
    payload = {
        "element": payloads.event_of(element),
        "wait": row.element_instance,
        "definition": payloads.definition(case, lookups.reference(uow, *called) if called[0] else None),
        "due_at": row.due_at,
        "starts": False,
        **moved.payload(),
    }
    entry = recording.draft(uow, EntryKind.TIMER_FIRED, None, CLOCK, new_command_id(), payload)
    advancing.write(uow, moved, cipher, entry)
    return True


def begin(uow: Work, row: DueRow) -> bool:
    """Begin a case at a timer start event, in the unit of whoever deployed the process, and wait for the next time."""
    locked = due.lock(uow, row.key)
    if locked is None:
        return True
    found = required(definitions.by_key(uow, row.definition_key or 0), f"definition {row.definition_key}")
    person, deployed_at = definitions.deployed_by(uow, found.key)
    deployer, _ = required(people.actor(uow, person), f"person {person}")
    begun = beginning.begin(uow, found, {}, Origin(unit=deployer.unit), start_event=locked.element_id)
    case = beginning.write(uow, begun, None, CLOCK, new_command_id())
    element = begun.process.definition.elements[locked.element_id]
    payload = {
        "element": payloads.event_of(element),
        "wait": locked.element_instance,
        "definition": payloads.definition(case),
        "due_at": locked.due_at,
        "starts": True,
        **payloads.NO_STEP,
    }
    after_beginning(uow, case, EntryKind.TIMER_FIRED, payload)
    following = _following(uow, found.key, deployed_at, locked)
    if following is None:
        due.done(uow, row.key)
    else:
        due.again(uow, row.key, following.due_at, following.left)
    return True


def after_beginning(uow: Work, case: CaseRecord, kind: EntryKind, payload: dict[str, object]) -> None:
    """Say in the trace of a new case which event began it."""
    entry = recording.draft(uow, kind, None, CLOCK, new_command_id(), payload)
    cases.move_head(uow, recording.to_case(uow, case, None, entry))


def _following(uow: Work, key: DefinitionKey, deployed_at: datetime, row: DueRow) -> WaitingTimer | None:
    found = required(definitions.by_key(uow, key), f"definition {key}")
    process = lookups.executable(uow, found.digest, found.id)
    world = stepping.environment(uow, deployed_at, key)
    for one in interpreter.openings(process, world, {row.element_id: row.fired + 1}):
        if isinstance(one, WaitingTimer) and one.element == row.element_id:
            return one
    return None
