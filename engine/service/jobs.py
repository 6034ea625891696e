"""Jobs: work that a program outside does for a case. Hand them out, complete them, note that they failed.

A job that was handed out is handed out again when its time is over, so a worker may find that another has completed
it: then completing is a conflict. At least once, therefore, and the second is told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.model.actors import Actor, Client, Permission
from engine.model.commands import CompleteJob, FailJob
from engine.model.definitions import ElementDefinition
from engine.model.errors import Conflict
from engine.model.ids import ElementInstanceId
from engine.model.trace_entries import EntryKind
from engine.model.views import ActivatedJob, JobRow, JobState, Page
from engine.runtime import interpreter
from engine.service import actions, background_jobs, lookups, payloads, recording, rights, rows, states, stepping
from engine.service.case_facts import CaseFacts
from engine.service.equipment import Work, required
from engine.service.handling import Attempt
from engine.store import cases, cursors
from engine.store import jobs as stored
from engine.store.cases import CaseRecord, Completion
from engine.store.definitions import ProcessReference, called

MAX_ACTIVATED = 100
"""Jobs that one request is given at most."""

MAX_MESSAGE = 2000
MAX_LIMIT = 100


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

    names: which variables the worker wants; None for all that the job sees. Raises NotAllowed without the right.
    """
    rights.require(actor, Permission.JOB_WORK)
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
    bodies: dict[int, bytes | None] = {}
    found = []
    for row in taken:
        if row.instance_key not in bodies:
            case = required(cases.case(uow, row.instance_key), f"the case of job {row.key}")
            bodies[row.instance_key] = states.look(uow, case, uow.cipher(case.wrapped_key))
        state = required(bodies[row.instance_key], f"the state of case {row.instance_key}")
        seen = interpreter.visible(state, ElementInstanceId(row.element_instance))
        variables = {name: value for name, value in seen.items() if names is None or name in names}
        shown = rows.job_row(uow, row, worker=worker, locked_until=until)
        found.append(ActivatedJob(job=shown, variables=variables))
    return tuple(found)


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
    case = found.case
    cipher = uow.required_cipher(case.wrapped_key)
    with attempt.deciding():
        _refuse_unless_waiting(found)
        process = lookups.executable(uow, case.digest, case.process_id)
        instance = ElementInstanceId(found.row.element_instance)
        facts = CaseFacts(uow, uow.now(), case)
        world = stepping.environment(uow, facts.now, case.definition_key, facts)
        held = states.hold(uow, process, case, cipher, world)
        held.live.complete(instance, command.variables)
        step = held.live.step()
        attempt.judgements = step.judgements
        stepping.refuse_blocked(step)
        prepared = stepping.prepare(uow, process, case, step, cipher, held)
    payload = {**_payload(found), **payloads.step(step, prepared.waiting, prepared.jobs)}
    entry = recording.draft(uow, EntryKind.JOB_COMPLETED, actor, client, command.command_id, payload)
    after, sealed = recording.sealed(prepared.case, cipher, entry)
    cases.write_completion(
        uow,
        Completion(
            case=after,
            state=prepared.state,
            entry=sealed,
            person=actor.person_key,
            made=prepared.waiting,
            jobs=prepared.jobs,
            closed=step.closed,
            command_id=attempt.command_id,
            result=attempt.stored({"result": {}}),
            job=command.key,
            worker=found.row.worker,
        ),
    )
    actions.take(uow, after, step, actor, cipher, facts)
    held.keep(uow, ended=step.ended)
    if step.ended:
        background_jobs.defer_verification(uow, case.key)


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
    _, sealed = recording.sealed(found.case, cipher, entry)
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
    limit = min(limit, MAX_LIMIT)
    position = cursors.decode(cursor)
    found = stored.search(
        uow,
        rights.reach(actor, Permission.JOB_READ),
        before_key=position[1] if position else None,
        limit=limit + 1,
        state=state,
        kind=kind,
        instance_key=instance_key,
    )
    shown = found[:limit]
    return Page(
        rows=tuple(rows.job_row(uow, row) for row in shown),
        next_cursor=cursors.encode(None, shown[-1].key) if len(found) > limit else None,
    )


def _lock(uow: Work, attempt: Attempt, key: int) -> Locked:
    """Lock the case of a job and read it. NotFound when it is not the actor's to know."""
    attempt.target = {"job": key}
    case = cases.lock_case_of_job(uow, key)
    if case is None or not rights.may_work_jobs(attempt.actor, case):
        raise attempt.unknown(rights.job_not_found())
    row = required(stored.job(uow, key), f"job {key}")
    attempt.case, attempt.element = case, row.element_id
    attempt.target = {"instance": case.key, "job": key}
    belongs = called(row)
    return Locked(
        case=case,
        row=row,
        called=belongs,
        element=lookups.process_of(uow, case, belongs).definition.elements[row.element_id],
    )


def _refuse_unless_waiting(found: Locked) -> None:
    state = JobState(found.row.state)
    if state is JobState.FAILED and found.row.retries == 0:
        raise Conflict("job.incident", "this job failed without retries left; an operator has to mend it first")
    if state not in (JobState.CREATED, JobState.FAILED):
        raise Conflict("job.not_open", f"this job is {state.value.lower()} already", params={"state": state.value})


def _payload(found: Locked) -> Mapping[str, object]:
    return {
        "job": str(found.row.key),
        "element": payloads.element_of(found.element, found.row.element_instance),
        "definition": payloads.definition(found.case, found.called),
        "type": found.row.type,
        "worker": found.row.worker,
    }
