"""Timers that are due: of a case, fired in it; of a start event, which begins a case. Always by the system."""

from dataclasses import dataclass
from datetime import datetime

from engine.model.actors import Actor, Client
from engine.model.errors import Conflict, Refused
from engine.model.ids import DefinitionKey, ElementInstanceId
from engine.model.incidents import Cause, CauseKind
from engine.model.trace_entries import EntryKind
from engine.model.transitions import WaitingTimer
from engine.model.views import InstanceState
from engine.runtime import interpreter
from engine.service import advancing, beginning, incidents, lookups, payloads, recording, stepping
from engine.service.beginning import Origin
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.service.recording import CLOCK
from engine.store import cases, definitions, due, people
from engine.store import incidents as stored_incidents
from engine.store.case_sql import FREE_CASE
from engine.store.cases import CaseRecord
from engine.store.due import DueRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """In whose name an event is traced: who sent it, while their request goes on; afterwards the system."""

    actor: Actor | None
    client: Client
    command_id: str

    @classmethod
    def system(cls) -> "Sender":
        """The clock does it."""
        return cls(actor=None, client=CLOCK, command_id=new_command_id())


def fire(uow: Work, row: DueRow) -> bool:
    """Fire a timer of a case and run the case on. False when somebody works on the case right now.

    A timer that another clock has fired, or that waits no longer, is left alone. Where the case cannot go on there is
    an incident, and the timer is tried again, ever more seldom.
    """
    case = cases.locked(uow, FREE_CASE, required(row.instance_key, f"the case of timer {row.key}"))
    if case is None:
        return False
    if case.state is InstanceState.SUSPENDED:
        due.park(uow, row.key)
        return True
    if case.wrapped_key is None or case.state is not InstanceState.ACTIVE:
        due.done(uow, row.key)
        return True
    try:
        case = fire_at(uow, case, row.element_instance, Sender.system())
    except Conflict as over:
        if over.code != "timer.not_due":
            due.done(uow, row.key)
        return True
    except Refused as refusal:
        cannot_go_on(uow, case, row.element_instance, refusal, Cause(what=CauseKind.TIMER))
        due.failed(uow, row.key, due.later(uow.now(), row.attempts), refusal.code, {})
        return True
    if row.attempts:
        _mended(uow, case, row.element_instance)
    return True


def fire_at(uow: Work, case: CaseRecord, instance: ElementInstanceId, sender: Sender) -> CaseRecord:
    """Fire a timer of a locked case and run the case on; the case after it.

    Raises Conflict (``timer.not_due``, ``element.not_waiting``), and Refused as a completion does; then nothing was
    written.
    """
    cipher = uow.required_cipher(case.wrapped_key)
    held = advancing.hold(uow, case, cipher)
    element, called = held.live.awaited(instance)
    due_at = held.live.due_at(instance)
    held.live.fire(instance)
    moved = advancing.judged(uow, case, held, cipher)
    payload = {
        "element": payloads.event_of(element),
        "wait": instance,
        "definition": payloads.definition(case, lookups.reference(uow, *called) if called[0] else None),
        "due_at": due_at,
        "starts": False,
        **moved.payload(),
    }
    entry = recording.draft(uow, EntryKind.TIMER_FIRED, sender.actor, sender.client, sender.command_id, payload)
    return advancing.write(uow, moved, cipher, entry)


def cannot_go_on(uow: Work, case: CaseRecord, instance: ElementInstanceId, refusal: Refused, cause: Cause) -> None:
    """Open an incident at a wait of a locked case, unless there is one with the same code: a retry is no news."""
    known = stored_incidents.active_at(uow, case.key, instance)
    if known is not None and known.code == refusal.code:
        return
    held = advancing.hold(uow, case, uow.required_cipher(case.wrapped_key))
    element, called = held.live.awaited(instance)
    reference = lookups.reference(uow, *called) if called[0] else None
    incidents.of_refusal(uow, case, refusal, element=element, instance=instance, cause=cause, called=reference)


def _mended(uow: Work, case: CaseRecord, instance: ElementInstanceId) -> None:
    """What could not be done before has been done now."""
    known = stored_incidents.active_at(uow, case.key, instance)
    if known is not None:
        command = new_command_id()
        incidents.close(uow, case, known, how="retried", reason="", actor=None, client=CLOCK, command_id=command)


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
