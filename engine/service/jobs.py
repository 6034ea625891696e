"""Jobs: work that a program outside does for a case. Hand them out, complete them, note that they failed.

A job that was handed out is handed out again when its time is over, so a worker may find that another has completed
it: then completing is a conflict. At least once, therefore, and the second is told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.model.actors import Actor, Client, Permission
from engine.model.built_in_jobs import PREFIX
from engine.model.commands import CompleteJob, FailJob, ThrowError, UpdateJob
from engine.model.definitions import ElementDefinition
from engine.model.errors import Conflict, Refused
from engine.model.ids import ElementInstanceId, JobKey
from engine.model.incidents import Cause, CauseKind, IncidentKind
from engine.model.trace_entries import EntryKind
from engine.model.views import ActivatedJob, JobRow, JobState, Page
from engine.runtime import interpreter
from engine.service import (
    advancing,
    background_jobs,
    incidents,
    lookups,
    paging,
    payloads,
    recording,
    rights,
    rows,
    states,
)
from engine.service.advancing import Moved
from engine.service.equipment import Work, required
from engine.service.handling import Attempt
from engine.store import cases
from engine.store import jobs as stored
from engine.store.cases import CaseRecord
from engine.store.definitions import ProcessReference, called
from engine.trace.crypto import CaseCipher

MAX_ACTIVATED = 100
"""Jobs that one request is given at most."""

MAX_MESSAGE = 2000
_UPDATING = (Permission.INCIDENT_RESOLVE, Permission.JOB_WORK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A job with its case, locked. called: the called process it belongs to, None in the case's own."""

    case: CaseRecord
    row: Any
    called: ProcessReference | None
    element: ElementDefinition


def activate(
    uow: Work,
    actor: Actor,
    kind: str,
    *,
    worker: str,
    lock_ms: int,
    limit: int,
    names: Collection[str] | None = None,
) -> tuple[ActivatedJob, ...]:
    """Hand out up to `limit` jobs of a type (`kind`), oldest first, for `lock_ms` milliseconds.

    names: which variables the worker wants; None for all that the job sees. Raises NotAllowed without the right,
    Conflict for a type that Mingjing works itself.
    """
    rights.require(actor, Permission.JOB_WORK)
    if kind.startswith(PREFIX):
        raise Conflict(
            "job.built_in", f"jobs of the type {kind} are done by Mingjing's own worker", params={"type": kind}
        )
    now = uow.now()
    until = now + timedelta(milliseconds=lock_ms)
    taken = stored.take(
        uow,
        rights.reach(actor, Permission.JOB_WORK),
        kind,
        worker=worker,
        now=now,
        until=until,
        limit=min(limit, MAX_ACTIVATED),
    )
    bodies: dict[int, bytes] = {}
    found = []
    for row in taken:
        if row.instance_key not in bodies:
            bodies[row.instance_key] = _state(uow, row.instance_key)
        visible = interpreter.visible(bodies[row.instance_key], ElementInstanceId(row.element_instance))
        variables = {name: value for name, value in visible.items() if names is None or name in names}
        shown = rows.job_row(uow, row, worker=worker, locked_until=until)
        found.append(ActivatedJob(job=shown, variables=variables))
    return tuple(found)


def seen(uow: Work, instance_key: int, instance: ElementInstanceId) -> Mapping[str, object]:
    """All variables that a waiting job sees."""
    return interpreter.visible(_state(uow, instance_key), instance)


def _state(uow: Work, instance_key: int) -> bytes:
    case = required(cases.case(uow, instance_key), f"case {instance_key}")
    return required(states.look(uow, case, uow.cipher(case.wrapped_key)), f"the state of case {instance_key}")


def complete(uow: Work, command: CompleteJob, actor: Actor, client: Client) -> None:
    """Complete a job with its results and run the case on to its next wait states, in one transaction.

    Raises NotFound, NotAllowed, Conflict when it does not wait any more, Invalid for variables that cannot be kept,
    Refused as the steps that follow do.
    """
    rights.require(actor, Permission.JOB_WORK)
    request = [command.key, dict(command.variables)]
    attempt = Attempt(uow, actor, client, "job.complete", command.command_id, request)
    found = _lock(uow, attempt, command.key)
    if attempt.earlier() is not None:
        return
    _carry_out(uow, attempt, found, Cause(what=CauseKind.JOB, variables=command.variables, job=command.key))


def throw_error(uow: Work, command: ThrowError, actor: Actor, client: Client) -> None:
    """End a job with a BPMN error: the innermost error event that catches its code goes on. None is an incident.

    Raises as `complete` does.
    """
    rights.require(actor, Permission.JOB_WORK)
    message = command.message.strip()[:MAX_MESSAGE]
    request = [command.key, command.code, message, dict(command.variables)]
    attempt = Attempt(uow, actor, client, "job.throw_error", command.command_id, request)
    found = _lock(uow, attempt, command.key)
    if attempt.earlier() is not None:
        return
    cause = Cause(what=CauseKind.ERROR, name=command.code, text=message, variables=command.variables, job=command.key)
    _carry_out(uow, attempt, found, cause)


def _carry_out(uow: Work, attempt: Attempt, found: Locked, cause: Cause) -> None:
    """Run the case on by what a worker brought. What cannot be carried out is kept by an incident."""
    refusal: Refused | None = None
    with attempt.deciding():
        _refuse_unless_waiting(found)
        cipher = uow.required_cipher(found.case.wrapped_key)
        try:
            moved = moved_by(uow, attempt, found, cause, cipher)
        except Refused as refused:
            refusal = refused
    if refusal is None:
        write(uow, attempt, found, cause, moved, cipher)
    else:
        _keep(uow, attempt, found, cause, refusal)


def moved_by(uow: Work, attempt: Attempt, found: Locked, cause: Cause, cipher: CaseCipher) -> Moved:
    """The step that the results or the error of a job make. Writes nothing. Raises Refused when there is none."""
    held = advancing.hold(uow, found.case, cipher)
    instance = ElementInstanceId(found.row.element_instance)
    if cause.what is CauseKind.ERROR:
        held.live.throw_error(instance, cause.name, cause.text, cause.variables)
    else:
        held.live.complete(instance, cause.variables)
    return advancing.judged(uow, found.case, held, cipher, attempt)


def write(uow: Work, attempt: Attempt, found: Locked, cause: Cause, moved: Moved, cipher: CaseCipher) -> None:
    """Write such a step."""
    kind, state, more = EntryKind.JOB_COMPLETED, JobState.COMPLETED, dict[str, object]()
    if cause.what is CauseKind.ERROR:
        kind, state = EntryKind.JOB_ERROR_THROWN, JobState.ERROR_THROWN
        more = {"error": cause.name, "message": payloads.personal(cause.text)}
    payload = {**_payload(found), **more, **moved.payload()}
    entry = recording.draft(uow, kind, attempt.actor, attempt.client, attempt.command_id, payload)
    advancing.write(
        uow,
        moved,
        cipher,
        entry,
        attempt,
        result=attempt.stored({"result": {}}),
        job=JobKey(found.row.key),
        job_state=state,
        worker=found.row.worker,
    )


def _keep(uow: Work, attempt: Attempt, found: Locked, cause: Cause, refusal: Refused) -> None:
    """The worker is done; what it brought waits in an incident. An error that nothing catches can only come again."""
    if refusal.code == "error.not_caught":
        stored.exhaust(uow, found.row.key)
    else:
        state = JobState.ERROR_THROWN if cause.what is CauseKind.ERROR else JobState.COMPLETED
        stored.end(uow, found.row.key, state, uow.now())
    incidents.of_refusal(
        uow,
        found.case,
        refusal,
        element=found.element,
        instance=ElementInstanceId(found.row.element_instance),
        cause=cause,
        called=found.called,
        actor=attempt.actor,
        client=attempt.client,
        command_id=attempt.command_id,
        judgements=attempt.judgements,
    )
    attempt.keep({})


def fail(uow: Work, command: FailJob, actor: Actor, client: Client) -> None:
    """Note that a job failed. With retries left it is handed out again; without, an operator has to look (incident).

    Raises NotFound, NotAllowed, Conflict when it does not wait any more.
    """
    rights.require(actor, Permission.JOB_WORK)
    message = command.message.strip()[:MAX_MESSAGE]
    request = [command.key, command.retries, message, command.back_off_ms]
    attempt = Attempt(uow, actor, client, "job.fail", command.command_id, request)
    found = _lock(uow, attempt, command.key)
    if attempt.earlier() is not None:
        return
    cipher = uow.required_cipher(found.case.wrapped_key)
    with attempt.deciding():
        _refuse_unless_waiting(found)
    payload = {**_payload(found), "retries": command.retries, "message": payloads.personal(message)}
    entry = recording.draft(uow, EntryKind.JOB_FAILED, actor, client, command.command_id, payload)
    after, sealed = recording.sealed(found.case, cipher, entry)
    result = attempt.stored({"result": {}})
    stored.fail(
        uow,
        {
            "key": command.key,
            "retries": command.retries,
            "worker": found.row.worker,
            "until": uow.now() + timedelta(milliseconds=command.back_off_ms) if command.back_off_ms else None,
            "message": cipher.encrypt(message.encode(), context=rows.message_context(command.key)),
            "person": actor.person_key,
            "command_id": attempt.command_id,
            "request_digest": result.request_digest,
            "result": result.body,
            "instance": found.case.key,
            **cases.entry_values(sealed),
        },
    )
    if command.retries:
        background_jobs.defer_jobs(uow, [(command.key, found.row.type)], after_ms=command.back_off_ms)
    else:
        incidents.open_incident(
            uow,
            after,
            element=found.element,
            instance=ElementInstanceId(found.row.element_instance),
            kind=IncidentKind.JOB_FAILED,
            reason=message or f"the job {found.row.type} failed and has no retries left",
            params={"type": found.row.type},
            cause=Cause(what=CauseKind.NONE, job=command.key),
            code="job.no_retries",
            called=found.called,
            actor=actor,
            client=client,
            command_id=command.command_id,
        )


def update(uow: Work, command: UpdateJob, actor: Actor, client: Client) -> None:
    """Set how often a job may still be tried (right to resolve incidents), or lend it for longer (right to work jobs).

    An incident of the job stays until it is resolved. Raises NotFound, NotAllowed, Conflict when the job does not wait
    any more, or nobody holds it whose time could be changed.
    """
    request = [command.key, command.retries, command.lock_ms]
    attempt = Attempt(uow, actor, client, "job.update", command.command_id, request)
    if command.retries is not None:
        rights.require(actor, Permission.INCIDENT_RESOLVE)
    if command.lock_ms is not None:
        rights.require(actor, Permission.JOB_WORK)
    found = _lock(uow, attempt, command.key, *_UPDATING)
    if attempt.earlier() is not None:
        return
    now = uow.now()
    with attempt.deciding():
        if JobState(found.row.state) not in (JobState.CREATED, JobState.FAILED):
            raise _over(found)
        lent = found.row.locked_until is not None and found.row.locked_until > now
        if command.lock_ms is not None and not lent:
            raise Conflict("job.not_lent", "this job is not lent to a worker now, so its time cannot be changed")
    until = now + timedelta(milliseconds=command.lock_ms) if command.lock_ms is not None else None
    stored.change(uow, command.key, retries=command.retries, locked_until=until)
    if command.retries is not None:
        payload = {**_payload(found), "retries": command.retries}
        entry = recording.draft(uow, EntryKind.JOB_UPDATED, actor, client, command.command_id, payload)
        cases.move_head(uow, recording.to_case(uow, found.case, uow.cipher(found.case.wrapped_key), entry))
    attempt.keep({})


def search(
    uow: Work,
    actor: Actor,
    cursor: str | None = None,
    limit: int = 50,
    *,
    state: str | None = None,
    kind: str | None = None,
    instance_key: int | None = None,
) -> Page[JobRow]:
    """Jobs of cases in the actor's reach, newest first. Raises NotAllowed without the right."""
    rights.require(actor, Permission.JOB_READ)
    limit = min(limit, paging.MAX_LIMIT)
    found = stored.search(
        uow,
        rights.reach(actor, Permission.JOB_READ),
        before_key=paging.after(cursor),
        limit=limit + 1,
        state=state,
        kind=kind,
        instance_key=instance_key,
    )
    return paging.page(found, limit, lambda row: rows.job_row(uow, row))


def _lock(uow: Work, attempt: Attempt, key: int, *permissions: Permission) -> Locked:
    """Lock the case of a job and read it. NotFound when it is not the actor's to know."""
    attempt.target = {"job": key}
    case = cases.lock_case_of_job(uow, key)
    if case is None or not rights.reaches(attempt.actor, case, *(permissions or (Permission.JOB_WORK,))):
        raise attempt.unknown(rights.job_not_found())
    attempt.case = case
    attempt.target = {"instance": case.key, "job": key}
    found = located(uow, case, key)
    attempt.element = found.row.element_id
    return found


def located(uow: Work, case: CaseRecord, key: int) -> Locked:
    """A job of a locked case."""
    row = required(stored.job(uow, key), f"job {key}")
    belongs = called(row)
    element = lookups.process_of(uow, case, belongs).definition.elements[row.element_id]
    return Locked(case=case, row=row, called=belongs, element=element)


def _refuse_unless_waiting(found: Locked) -> None:
    state = JobState(found.row.state)
    if state is JobState.FAILED and found.row.retries == 0:
        raise Conflict("job.incident", "this job failed without retries left; an operator has to mend it first")
    if state not in (JobState.CREATED, JobState.FAILED):
        raise _over(found)


def _over(found: Locked) -> Conflict:
    state = found.row.state.lower()
    return Conflict("job.not_open", f"this job is {state} already", params={"state": state})


def _payload(found: Locked) -> dict[str, object]:
    return {
        "job": str(found.row.key),
        "element": payloads.element_of(found.element, found.row.element_instance),
        "definition": payloads.definition(found.case, found.called),
        "type": found.row.type,
        "worker": found.row.worker,
    }
