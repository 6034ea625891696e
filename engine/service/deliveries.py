"""Messages and signals on their way: a message to exactly one case or start event, a signal to all who wait for it.

Whoever publishes a message in one transaction and whoever begins to wait for it in another may not see each other.
So both leave a row for the clock (``message`` and ``look``), which looks once both are committed.

Locks: the publication before the case, and a case that somebody works on is not waited for but tried again.
"""

from collections.abc import Mapping

from engine.model.errors import Refused
from engine.model.ids import ElementInstanceId, InstanceKey
from engine.model.incidents import Cause, CauseKind
from engine.model.trace_entries import EntryKind
from engine.model.views import InstanceState
from engine.service import advancing, beginning, lookups, payloads, recording, timers, waits
from engine.service.beginning import Origin
from engine.service.equipment import Work, required
from engine.service.timers import Sender
from engine.store import cases, definitions, due, people, publications
from engine.store.case_sql import FREE_CASE
from engine.store.cases import CaseRecord
from engine.store.due import DueRow
from engine.store.publications import Publication, Waiting


class Busy(Exception):
    """Somebody works on the case that a message is for."""


def deliver(uow: Work, found: Publication, sender: Sender, *, patient: bool = False) -> InstanceKey | None:
    """Let a message reach whoever waits longest, a case before a start event; None when nobody waits.

    A wait that has an incident is passed over: what came before is still to be mended. Where the case cannot go on,
    the message is kept by an incident, and has reached it.
    patient: wait for a case that somebody works on, and raise Refused instead of opening an incident. Raises Busy
    otherwise. The caller closes the publication.
    """
    after = 0
    while (waiting := publications.waiting(uow, found, after=after)) is not None:
        if waiting.instance_key is None:
            return _begin(uow, found, waiting, sender, EntryKind.MESSAGE_CORRELATED)
        key = waiting.instance_key
        case = cases.case(uow, key, lock=True) if patient else cases.locked(uow, FREE_CASE, key)
        if case is None:
            raise Busy
        alive = case.wrapped_key is not None and case.state is InstanceState.ACTIVE
        if alive and publications.still_waits(uow, waiting):
            try:
                correlate(uow, found, waits.opened(uow, found), waiting.element_instance, case, sender)
            except Refused as refusal:
                if patient:
                    raise
                timers.cannot_go_on(uow, case, waiting.element_instance, refusal, _cause(uow, found))
            return key
        after = waiting.key
    return None


def message(uow: Work, row: DueRow) -> bool:
    """A message was published: look for somebody who waits. False when the case is being worked on."""
    found = publications.lock(uow, row.publication_key or 0)
    if found is None or found.state != "BUFFERED":
        due.done(uow, row.key)
        return True
    try:
        reached = deliver(uow, found, Sender.system())
    except Busy:
        return False
    if reached is not None:
        publications.close(uow, found.key, "CORRELATED")
    elif found.expires_at <= uow.now():
        publications.close(uow, found.key, "EXPIRED")
    due.done(uow, row.key)
    return True


def look(uow: Work, row: DueRow) -> bool:
    """A wait for a message began: look for one that was published before. False when the case is being worked on."""
    key = publications.oldest_for(
        uow, uow.now(), row.element_instance, instance=row.instance_key, definition=row.definition_key
    )
    if key is None:
        due.done(uow, row.key)
        return True
    found = publications.lock(uow, key)
    if found is not None and found.state == "BUFFERED":
        try:
            reached = deliver(uow, found, Sender.system())
        except Busy:
            return False
        if reached is None:  # out of its reach
            due.done(uow, row.key)
            return True
        publications.close(uow, found.key, "CORRELATED")
    due.put_off(uow, row.key, uow.now())  # there may be another one
    return True


def broadcast(uow: Work, row: DueRow) -> bool:
    """A case has thrown a signal: find everybody else who waited for it then."""
    found = publications.lock(uow, row.publication_key or 0)
    if found is not None:
        publications.broadcast(uow, found, uow.now())
    due.done(uow, row.key)
    return True


def signal(uow: Work, row: DueRow) -> bool:
    """A signal reaches one case, or begins one. False when the case is being worked on."""
    if row.instance_key is None:
        locked = due.lock(uow, row.key)
        found = publications.look(uow, row.publication_key or 0) if locked is not None else None
        if locked is None or found is None:
            return True
        waiting = Waiting(
            key=0,
            instance_key=None,
            definition_key=row.definition_key,
            element_id=row.element_id,
            element_instance=row.element_instance,
        )
        _begin(uow, found, waiting, Sender.system(), EntryKind.SIGNAL_CAUGHT)
        due.done(uow, row.key)
        return True
    case = cases.locked(uow, FREE_CASE, row.instance_key)
    if case is None:
        return False
    if case.state is InstanceState.SUSPENDED:
        due.park(uow, row.key)
    elif due.done(uow, row.key) and case.wrapped_key is not None:
        _reach(uow, row, case)
    return True


def _reach(uow: Work, row: DueRow, case: CaseRecord) -> None:
    """Let a signal occur in a locked case, if it still waits for it."""
    found = publications.look(uow, row.publication_key or 0)
    listening = publications.listens(uow, case.key, found) if found is not None else []
    if found is None or not listening:
        return
    try:
        catch(uow, found, waits.opened(uow, found), case, Sender.system())
    except Refused as refusal:
        timers.cannot_go_on(uow, case, listening[0], refusal, _cause(uow, found))


def correlate(
    uow: Work,
    found: Publication,
    variables: Mapping[str, object],
    instance: ElementInstanceId,
    case: CaseRecord,
    sender: Sender,
) -> CaseRecord:
    """A message reaches a wait of a locked case: run the case on; the case after it.

    Raises Conflict ``element.not_waiting``, and Refused as a completion does; then nothing was written.
    """
    cipher = uow.required_cipher(case.wrapped_key)
    held = advancing.hold(uow, case, cipher)
    element, called = held.live.awaited(instance)
    held.live.correlate(instance, variables)
    moved = advancing.judged(uow, case, held, cipher)
    payload = {
        "element": payloads.event_of(element),
        "wait": instance,
        "definition": payloads.definition(case, lookups.reference(uow, *called) if called[0] else None),
        **_of_message(found),
        "starts": False,
        **moved.payload(),
    }
    entry = recording.draft(uow, EntryKind.MESSAGE_CORRELATED, sender.actor, sender.client, sender.command_id, payload)
    return advancing.write(uow, moved, cipher, entry)


def catch(
    uow: Work, found: Publication, variables: Mapping[str, object], case: CaseRecord, sender: Sender
) -> CaseRecord:
    """A signal reaches a locked case: everything in it that waited when it was sent catches it; the case after it.

    Raises as `correlate` does.
    """
    cipher = uow.required_cipher(case.wrapped_key)
    held = advancing.hold(uow, case, cipher)
    held.live.signal(found.name, variables, publications.listens(uow, case.key, found))
    moved = advancing.judged(uow, case, held, cipher)
    payload = {**_of_signal(found), "starts": False, **moved.payload()}
    entry = recording.draft(uow, EntryKind.SIGNAL_CAUGHT, sender.actor, sender.client, sender.command_id, payload)
    return advancing.write(uow, moved, cipher, entry)


def _cause(uow: Work, found: Publication) -> Cause:
    """What an incident keeps, so that the message or signal is not lost."""
    return Cause(
        what=CauseKind.SIGNAL if found.kind == "signal" else CauseKind.MESSAGE,
        name=found.name,
        variables=waits.opened(uow, found),
        reference=str(found.key),
    )


def _begin(uow: Work, found: Publication, waiting: Waiting, sender: Sender, kind: EntryKind) -> InstanceKey:
    """Begin a case at a start event, in the unit that the publication comes from."""
    definition = required(definitions.by_key(uow, waiting.definition_key or 0), f"definition of {waiting.element_id}")
    unit = required(people.unit_by_key(uow, found.unit_key), f"unit {found.unit_key}")
    origin = Origin(unit=unit, starter_key=found.person_key)
    begun = beginning.begin(uow, definition, waits.opened(uow, found), origin, start_event=waiting.element_id)
    case = beginning.write(uow, begun, sender.actor, sender.client, sender.command_id)
    element = begun.process.definition.elements[waiting.element_id]
    if kind is EntryKind.MESSAGE_CORRELATED:
        what = {
            "element": payloads.event_of(element),
            "wait": waiting.element_instance,
            "definition": payloads.definition(case),
            **_of_message(found),
        }
    else:
        what = _of_signal(found)
    timers.after_beginning(uow, case, kind, {**what, "starts": True, **payloads.NO_STEP})
    return case.key


def _of_message(found: Publication) -> dict[str, object]:
    return {"message": str(found.key), "name": found.name, "message_id": found.message_id, **_origin(found)}


def _of_signal(found: Publication) -> dict[str, object]:
    return {"signal": str(found.key), "name": found.name, **_origin(found)}


def _origin(found: Publication) -> dict[str, object]:
    return {
        "published_at": found.published_at,
        "published_by": str(found.person_key) if found.person_key else None,
        "source": str(found.source_key) if found.source_key else None,
    }
