"""Mending a case that cannot go on: try again what could not be carried out, change its variables, route around.

Trying again needs the right `incident.resolve`, which shows no business data. What puts an operator's word in the place
of what the process would have brought needs `case.mend` and a reason. Everything is traced.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.model.actors import Actor, Client, Permission
from engine.model.commands import ChangeVariables, ResolveIncident, RouteAround
from engine.model.definitions import ElementDefinition
from engine.model.errors import Conflict, Detail, Invalid
from engine.model.ids import ElementInstanceId, JobKey
from engine.model.incidents import Cause, CauseKind, IncidentKind, IncidentState
from engine.model.trace_entries import EntryKind
from engine.service import (
    advancing,
    background_jobs,
    deliveries,
    incidents,
    jobs,
    lookups,
    payloads,
    recording,
    rights,
    timers,
)
from engine.service.equipment import Work, required
from engine.service.handling import Attempt
from engine.service.timers import Sender
from engine.store import incidents as stored
from engine.store import publications
from engine.store.cases import CaseRecord
from engine.store.definitions import called

MAX_REASON = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """An incident (`row` of the store) with its case, locked."""

    case: CaseRecord
    row: Any
    element: ElementDefinition

    @property
    def instance(self) -> ElementInstanceId:
        """Where the token stays."""
        return ElementInstanceId(self.row.element_instance)


Again = Callable[[Work, Attempt, Stuck, Cause, str], None]
"""Does again what could not be carried out and closes the incident. Refused, and nothing written, when it cannot."""


def resolve(uow: Work, command: ResolveIncident, actor: Actor, client: Client) -> None:
    """Do again what could not be carried out; of a job that failed: hand it out again.

    Raises NotFound, NotAllowed, Conflict (resolved already; the job has no retries: set them first), and Refused when
    it still cannot be carried out: then the incident stays.
    """
    rights.require(actor, Permission.INCIDENT_RESOLVE)
    reason = _reason(command.reason, needed=False)
    attempt = Attempt(uow, actor, client, "incident.resolve", command.command_id, [command.key, reason])
    found = _lock(uow, attempt, command.key, Permission.INCIDENT_RESOLVE)
    if attempt.earlier() is not None:
        return
    with attempt.deciding():
        _refuse_unless_active(found)
        cause = incidents.cause_of(uow, found.row)
    kind = IncidentKind(found.row.kind)
    hands_out = kind in (IncidentKind.JOB_FAILED, IncidentKind.ERROR_UNHANDLED) and cause.job is not None
    again = _hand_out if hands_out else AGAIN[cause.what]
    again(uow, attempt, found, cause, reason)


def route_around(uow: Work, command: RouteAround, actor: Actor, client: Client) -> None:
    """Complete the element of an incident in its place, with given variables, and run the case on. A join that waits
    for what can never come goes on with what has come.

    Raises as `resolve` does, and Conflict when no user task or job waits there, which alone can be completed.
    """
    rights.require(actor, Permission.CASE_MEND)
    reason = _reason(command.reason, needed=True)
    request = [command.key, reason, dict(command.variables)]
    attempt = Attempt(uow, actor, client, "incident.route_around", command.command_id, request)
    found = _lock(uow, attempt, command.key, Permission.CASE_MEND)
    if attempt.earlier() is not None:
        return
    cipher = uow.required_cipher(found.case.wrapped_key)
    with attempt.deciding():
        _refuse_unless_active(found)
        held = advancing.hold(uow, found.case, cipher)
        if found.row.code == "join.starved":
            held.live.put_variables(command.variables)
            held.live.let_through()
        else:
            held.live.complete(found.instance, command.variables)
        moved = advancing.judged(uow, found.case, held, cipher, attempt)
    case = _close(uow, attempt, found, "routed_around", reason)
    payload = {
        "incident": str(found.row.key),
        "element": payloads.element_of(found.element, found.instance),
        "definition": payloads.definition(case, called(found.row)),
        "reason": payloads.personal(reason),
        **moved.payload(),
    }
    entry = recording.draft(uow, EntryKind.ELEMENT_ROUTED_AROUND, actor, client, command.command_id, payload)
    job = JobKey(found.row.job_key) if found.row.job_key is not None else None
    result = attempt.stored({"result": {}})
    advancing.write(uow, _onto(moved, case), cipher, entry, attempt, result=result, job=job)


def change_variables(uow: Work, command: ChangeVariables, actor: Actor, client: Client) -> None:
    """Set variables of a case, old and new values traced; conditional events may go on by it.

    Raises NotFound, NotAllowed, Conflict (the case is over, nothing waits under the key), Invalid, Refused.
    """
    rights.require(actor, Permission.CASE_MEND)
    reason = _reason(command.reason, needed=True)
    request = [command.key, dict(command.variables), reason, command.local]
    attempt = Attempt(uow, actor, client, "variables.change", command.command_id, request)
    case = stored.lock_case_of_element(uow, command.key)
    if case is None or not rights.reaches(actor, case, Permission.CASE_MEND):
        raise attempt.unknown(rights.element_not_found())
    attempt.case = case
    attempt.target = {"instance": case.key}
    if attempt.earlier() is not None:
        return
    cipher = uow.required_cipher(case.wrapped_key)
    with attempt.deciding():
        if case.ended_at is not None:
            raise Conflict("case.over", "this case is over; its variables do not change any more")
        place = stored.element_instance(uow, command.key)
        held = advancing.hold(uow, case, cipher)
        at = ElementInstanceId(place) if place is not None else None
        held.live.put_variables(command.variables, at, local=command.local)
        moved = advancing.judged(uow, case, held, cipher, attempt)
    payload = {
        "at": place or "",
        "old": payloads.personal(_old(moved)),
        "reason": payloads.personal(reason),
        **moved.payload(),
    }
    entry = recording.draft(uow, EntryKind.VARIABLES_CHANGED, actor, client, command.command_id, payload)
    advancing.write(uow, moved, cipher, entry, attempt, result=attempt.stored({"result": {}}))


def _hand_out(uow: Work, attempt: Attempt, found: Stuck, cause: Cause, reason: str) -> None:
    """A job that failed is handed out again, once it has retries."""
    with attempt.deciding():
        job = jobs.located(uow, found.case, required(cause.job, "the job of an incident"))
        if job.row.retries == 0:
            raise Conflict("incident.no_retries", "the job has no retries left; set its retries first")
    _close(uow, attempt, found, "retried", reason)
    background_jobs.defer_jobs(uow, [(job.row.key, job.row.type)])
    attempt.keep({})


def _job_again(uow: Work, attempt: Attempt, found: Stuck, cause: Cause, reason: str) -> None:
    """The results of a job, or its error, once more."""
    cipher = uow.required_cipher(found.case.wrapped_key)
    with attempt.deciding():
        job = jobs.located(uow, found.case, required(cause.job, "the job of an incident"))
        moved = jobs.moved_by(uow, attempt, job, cause, cipher)
    case = _close(uow, attempt, found, "retried", reason)
    jobs.write(uow, attempt, replace(job, case=case), cause, _onto(moved, case), cipher)


def _nothing_again(uow: Work, attempt: Attempt, found: Stuck, _cause: Cause, _reason: str) -> None:
    """Nothing came, so nothing can be done again."""
    del uow, found
    with attempt.deciding():
        raise Conflict(
            "incident.nothing_to_retry",
            "there is nothing to try again; change variables or complete the element in its place",
        )


def _event_again(uow: Work, attempt: Attempt, found: Stuck, cause: Cause, reason: str) -> None:
    """A timer, message or signal once more, with what it brought."""
    sender = Sender(actor=attempt.actor, client=attempt.client, command_id=attempt.command_id)
    with attempt.deciding():  # whatever is refused is so before anything is written
        if cause.what is CauseKind.TIMER:
            case = timers.fire_at(uow, found.case, found.instance, sender)
        else:
            published = required(publications.look(uow, int(cause.reference or 0)), f"publication {cause.reference}")
            if cause.what is CauseKind.SIGNAL:
                case = deliveries.catch(uow, published, cause.variables, found.case, sender)
            else:
                case = deliveries.correlate(uow, published, cause.variables, found.instance, found.case, sender)
    _close(uow, attempt, replace(found, case=case), "retried", reason)
    attempt.keep({})


AGAIN: dict[CauseKind, Again] = {
    CauseKind.NONE: _nothing_again,
    CauseKind.JOB: _job_again,
    CauseKind.ERROR: _job_again,
    CauseKind.TIMER: _event_again,
    CauseKind.MESSAGE: _event_again,
    CauseKind.SIGNAL: _event_again,
}


def _onto(moved: advancing.Moved, case: CaseRecord) -> advancing.Moved:
    """A step whose entry follows one that was written since it was prepared."""
    return replace(moved, prepared=replace(moved.prepared, case=replace(moved.prepared.case, head=case.head)))


def _old(moved: advancing.Moved) -> Mapping[str, object]:
    """What the variables were that were set; those that are new are not in it. Inner scopes as ``scope/name``."""
    return {f"{one.scope}/{one.name}" if one.scope else one.name: one.old for one in moved.step.changed if not one.new}


def _close(uow: Work, attempt: Attempt, found: Stuck, how: str, reason: str) -> CaseRecord:
    return incidents.close(
        uow,
        found.case,
        found.row,
        how=how,
        reason=reason,
        actor=attempt.actor,
        client=attempt.client,
        command_id=attempt.command_id,
    )


def _lock(uow: Work, attempt: Attempt, key: int, permission: Permission) -> Stuck:
    """Lock the case of an incident and read it. NotFound when it is not the actor's to know."""
    case = stored.lock_case(uow, key)
    if case is None or not rights.reaches(attempt.actor, case, permission):
        raise attempt.unknown(rights.incident_not_found())
    row = required(stored.incident(uow, key), f"incident {key}")
    attempt.case, attempt.element = case, row.element_id
    attempt.target = {"instance": case.key}
    process = lookups.process_of(uow, case, called(row))
    return Stuck(case=case, row=row, element=process.definition.elements[row.element_id])


def _refuse_unless_active(found: Stuck) -> None:
    if found.row.state != IncidentState.ACTIVE:
        raise Conflict("incident.resolved", "this incident is resolved already")


def _reason(text: str, *, needed: bool) -> str:
    reason = text.strip()
    details = []
    if needed and not reason:
        details = [Detail(place="reason", code="required", message="say why")]
    if len(reason) > MAX_REASON:
        message = f"at most {MAX_REASON} characters"
        details = [Detail(place="reason", code="too_long", message=message, params={"max": str(MAX_REASON)})]
    if details:
        raise Invalid("request.invalid", "some fields of the request are wrong; see errors", details=details)
    return reason
