"""What an operator does to a whole case: suspend it, resume it, cancel it. Each with a reason, sealed in its trace.

Suspended means: nobody completes anything in it, jobs are not handed out, timers stand still, messages are buffered as
long as they live, signals wait. Whoever tries is told (`case.suspended`, by `engine.service.states.hold`, through which
everybody goes). A worker that was handed a job before may say that it failed, and is handed it again afterwards.
"""

from collections.abc import Mapping
from dataclasses import replace

from engine.model.actors import Actor, Client, Permission
from engine.model.commands import OperateInstance
from engine.model.errors import Conflict, Detail, Invalid
from engine.model.trace_entries import EntryKind
from engine.model.views import InstanceState
from engine.service import advancing, background_jobs, deadlines, payloads, recording, rights
from engine.service.equipment import Work, required
from engine.service.handling import Attempt
from engine.store import cases, jobs
from engine.store import lifecycle as stored
from engine.store.cases import CaseRecord

MAX_REASON = 500


def suspend(uow: Work, command: OperateInstance, actor: Actor, client: Client) -> None:
    """Stop a case for a while.

    Raises NotFound, NotAllowed, Invalid for a reason that is too long, Conflict when it is over or suspended already.
    """
    attempt = _attempt(uow, "process_instance.suspend", command, actor, client)
    case = _lock(uow, attempt, command)
    if attempt.earlier() is not None:
        return
    with attempt.deciding():
        _refuse_if_over(case)
        if case.state is InstanceState.SUSPENDED:
            raise Conflict("case.suspended_already", "this case is suspended already")
    payload = _payload(case, command)
    entry = recording.draft(uow, EntryKind.PROCESS_INSTANCE_SUSPENDED, actor, client, command.command_id, payload)
    _, sealed = recording.sealed(case, uow.required_cipher(case.wrapped_key), entry)
    result = attempt.stored({"result": {}})
    stored.suspend(uow, case, sealed, actor.person_key, attempt.command_id, result)
    deadlines.hold(uow, case, deadlines.SUSPENSION, person=actor.person_key)


def resume(uow: Work, command: OperateInstance, actor: Actor, client: Client) -> None:
    """Let a suspended case go on. Its timers are due later by the pause, but for those that name a date.

    Raises as `suspend` does, and Conflict when it is not suspended.
    """
    attempt = _attempt(uow, "process_instance.resume", command, actor, client)
    case = _lock(uow, attempt, command)
    if attempt.earlier() is not None:
        return
    with attempt.deciding():
        _refuse_if_over(case)
        if case.state is not InstanceState.SUSPENDED:
            raise Conflict("case.not_suspended", "this case is not suspended")
    cipher = uow.required_cipher(case.wrapped_key)
    suspended_at = required(case.suspended_at, f"when case {case.key} was suspended")
    held = advancing.hold(uow, case, cipher, suspended=True)
    held.live.postpone(uow.now() - suspended_at)
    moved = advancing.judged(uow, case, held, cipher)
    payload = {**_payload(case, command), "suspended_at": suspended_at}
    entry = recording.draft(uow, EntryKind.PROCESS_INSTANCE_RESUMED, actor, client, command.command_id, payload)
    advancing.write(uow, moved, cipher, entry, attempt, result=attempt.stored({"result": {}}))
    stored.awake(uow, case, uow.now())
    deadlines.release(uow, case, deadlines.SUSPENSION)
    background_jobs.defer_jobs(uow, ((row.key, row.type) for row in jobs.of_case(uow, case.key)))


def cancel(uow: Work, command: OperateInstance, actor: Actor, client: Client) -> None:
    """End a case where it stands, suspended or not: user tasks, jobs, timers and waits are closed with it.

    Raises NotFound, NotAllowed, Invalid for a reason that is too long, Conflict when it is over already.
    """
    attempt = _attempt(uow, "process_instance.cancel", command, actor, client)
    case = _lock(uow, attempt, command)
    if attempt.earlier() is not None:
        return
    with attempt.deciding():
        _refuse_if_over(case)
    cipher = uow.required_cipher(case.wrapped_key)
    held = advancing.hold(uow, case, cipher, suspended=True)
    held.live.cancel()
    moved = advancing.judged(uow, case, held, cipher)
    ended = replace(moved.prepared, case=replace(moved.prepared.case, state=InstanceState.TERMINATED))
    payload = {**_payload(case, command), **moved.payload()}
    entry = recording.draft(uow, EntryKind.PROCESS_INSTANCE_CANCELLED, actor, client, command.command_id, payload)
    result = attempt.stored({"result": {}})
    advancing.write(uow, replace(moved, prepared=ended), cipher, entry, attempt, result=result)


def _attempt(uow: Work, name: str, command: OperateInstance, actor: Actor, client: Client) -> Attempt:
    rights.require(actor, Permission.CASE_OPERATE)
    if len(command.reason) > MAX_REASON:
        params = {"max": str(MAX_REASON)}
        detail = Detail(place="reason", code="max_length", message=f"at most {MAX_REASON} characters", params=params)
        raise Invalid("request.invalid", "some fields of the request are wrong; see errors", details=[detail])
    request = [command.key, command.reason, command.reference]
    attempt = Attempt(uow, actor, client, name, command.command_id, request)
    attempt.target = {"instance": command.key}
    return attempt


def _lock(uow: Work, attempt: Attempt, command: OperateInstance) -> CaseRecord:
    """The case, locked. NotFound when it is not the actor's to operate."""
    case = cases.case(uow, command.key, lock=True)
    if case is None or not rights.reaches(attempt.actor, case, Permission.CASE_OPERATE):
        raise attempt.unknown(rights.case_not_found())
    attempt.case = case
    return case


def _refuse_if_over(case: CaseRecord) -> None:
    if case.ended_at is not None:
        raise Conflict("case.over", "this case is over already", params={"state": case.state.value})


def _payload(case: CaseRecord, command: OperateInstance) -> Mapping[str, object]:
    return {
        "instance": str(case.key),
        "definition": payloads.definition(case),
        "reason": payloads.personal(command.reason.strip()),
        **({"reference": command.reference} if command.reference is not None else {}),
    }
