"""退回 and 撤回: a case goes back, by whoever has it now or by whoever had it before.

A return needs an opinion, ends the task that sends back with that as its outcome, and gives the earlier node to who
did it last, if that person may still work it. Nothing that people have entered is undone; outcomes are given anew.
"""

from collections.abc import Mapping
from dataclasses import replace

from engine.model.actors import Actor, Client
from engine.model.approval import INITIATOR, Resume, Verb
from engine.model.approval_commands import SendBack, Withdraw
from engine.model.classes import Classified
from engine.model.commands import CompletionResult
from engine.model.errors import Conflict, NotAllowed, Refused
from engine.model.ids import ElementId, ElementInstanceId, InstanceKey, PersonKey
from engine.model.personal import NoticeKind
from engine.model.trace_entries import EntryKind
from engine.model.views import UserTaskState
from engine.service import advancing, lookups, notices, payloads, recording, user_tasks, verbs
from engine.service.advancing import Moved
from engine.service.case_facts import act_of
from engine.service.equipment import Work
from engine.service.handling import Attempt
from engine.service.user_tasks import Locked
from engine.store import approval, people
from engine.trace.crypto import CaseCipher

USUAL_NAME = "退回"
"""The outcome in lists when the model names the verb in no other way."""


def send_back(uow: Work, command: SendBack, actor: Actor, client: Client) -> CompletionResult:
    """Send a case back to an earlier user task.

    Raises as `user_tasks.complete` does, and Refused ``verb.not_offered``, ``return.not_possible``,
    ``return.not_direct``, ``return.unclear``, ``return.resume_fixed``; Invalid without an opinion.
    """
    request = [command.key, command.target, command.opinion, command.direct]
    attempt = Attempt(uow, actor, client, "user_task.send_back", command.command_id, request)
    found = user_tasks.lock(uow, attempt, command.key)
    if (earlier := attempt.recall(found.work.earlier)) is not None:
        return user_tasks.result_of(found, earlier)
    cipher = uow.required_cipher(found.case.wrapped_key)
    opinion = verbs.opinion_of(command.opinion)
    with attempt.deciding():
        verbs.refuse_unless_allowed(uow, found, actor, Verb.SEND_BACK, command.version)
        target, direct = _target(uow, found, command)
        held = advancing.hold(uow, found.case, cipher, acting=act_of(actor, found.element, None, uow.now()))
        held.live.send_back(found.task.element_instance, target, direct=direct)
        moved = _given(uow, found, target, advancing.judged(uow, found.case, held, cipher, attempt), None)
    outcome = (Verb.SEND_BACK.value, found.element.approval.verbs.get(Verb.SEND_BACK) or USUAL_NAME)
    return _write(uow, attempt, found, moved, cipher, EntryKind.USER_TASK_SENT_BACK, target, opinion, outcome, direct)


def withdraw(uow: Work, command: Withdraw, actor: Actor, client: Client) -> CompletionResult:
    """Take one's own finished user task back, all or nothing.

    Raises NotFound, NotAllowed when it is not one's own, Conflict ``withdraw.too_late`` when anything was done after
    it, Refused ``verb.not_offered``.
    """
    attempt = Attempt(uow, actor, client, "user_task.withdraw", command.command_id, [command.key, command.opinion])
    found = user_tasks.lock(uow, attempt, command.key)
    if (earlier := attempt.recall(found.work.earlier)) is not None:
        return user_tasks.result_of(found, earlier)
    cipher = uow.required_cipher(found.case.wrapped_key)
    opinion = verbs.opinion_of(command.opinion, needed=False)
    with attempt.deciding():
        verbs.refuse_unless_offered(found.element, Verb.WITHDRAW)
        _refuse_unless_own(uow, found, actor)
        held = advancing.hold(uow, found.case, cipher, acting=act_of(actor, found.element, None, uow.now()))
        target = found.element.id
        ways = [one for one in held.live.waiting if target in held.live.returns(one)]
        if not ways or _done_after(uow, found):
            raise _too_late(found)
        held.live.send_back(ways[0], target)
        moved = advancing.judged(uow, found.case, held, cipher, attempt)
        moved = _given(uow, found, target, moved, actor.person_key)
    return _write(uow, attempt, found, moved, cipher, EntryKind.USER_TASK_WITHDRAWN, target, opinion)


def _target(uow: Work, found: Locked, command: SendBack) -> tuple[str, bool]:
    """Element to go back to, and whether straight back afterwards, as the model allows."""
    options = found.element.approval
    process = lookups.process_of(uow, found.case, found.task.called)
    target = process.first_task() if command.target == INITIATOR else command.target
    if target not in process.returns(found.element.id, options.return_to):
        raise Refused(
            "return.not_possible",
            f"{found.element.name} cannot be sent back to {command.target}",
            params={"element": found.element.name, "target": command.target},
        )
    if command.direct and options.resume is Resume.CONTINUE:
        raise Refused("return.resume_fixed", "from here a case that was sent back goes on step by step")
    return target, command.direct or options.resume is Resume.DIRECT


def _refuse_unless_own(uow: Work, found: Locked, actor: Actor) -> None:
    task = found.task
    if task.completed_by != actor.person_key or approval.signing(uow, task.key) is not None:
        raise NotAllowed("withdraw.not_yours", "only who completed a task may withdraw it")
    if task.state is not UserTaskState.COMPLETED or found.case.ended_at is not None:
        raise _too_late(found)


def _done_after(uow: Work, found: Locked) -> bool:
    """Whether anything came after a finished task that withdrawing would have to undo: all or nothing."""
    process = lookups.process_of(uow, found.case, found.task.called)
    done = approval.done_since(uow, found.task, uow.now())
    return approval.events_since(uow, found.task) or any(
        found.element.id in process.returns(one) or one == found.element.id for one in done
    )


def _too_late(found: Locked) -> Conflict:
    return Conflict(
        "withdraw.too_late",
        f"after {found.element.name} something was done already, so it cannot be withdrawn",
        params={"element": found.element.name},
    )


def _given(uow: Work, found: Locked, target: str, moved: Moved, person: PersonKey | None) -> Moved:
    """The step with the task of the target given to `person`, or to who did it last if they may still work it."""
    doer = person or approval.last_doer(uow, found.case.key, target)
    known = people.actor(uow, doer) if doer else None
    if known is None or len([one for one in moved.prepared.waiting if one.element_id == target]) != 1:
        return moved
    held = {(holding.position, holding.unit_key) for holding in known[0].positions}
    waiting = tuple(
        replace(one, assignee_key=known[0].person_key)
        if one.element_id == target and one.assignee_key is None and not held.isdisjoint(one.candidates)
        else one
        for one in moved.prepared.waiting
    )
    return replace(moved, prepared=replace(moved.prepared, waiting=waiting))


def _write(
    uow: Work,
    attempt: Attempt,
    found: Locked,
    moved: Moved,
    cipher: CaseCipher,
    kind: EntryKind,
    target: str,
    opinion: Classified,
    outcome: tuple[str, str] | None = None,
    direct: bool = False,
) -> CompletionResult:
    """The only writes of a return. The task that sends back is completed with it; one that is open is closed."""
    new = next((one for one in moved.prepared.waiting if one.element_id == target), None)
    instances = [one.instance for one in moved.step.transitions if one.element == target and one.kind == "activated"]
    element = lookups.process_of(uow, found.case, found.task.called).definition.elements[ElementId(target)]
    payload: dict[str, object] = {
        **verbs.place(found),
        "definition": payloads.definition(found.case, found.task.called),
        "target": {"id": target, "name": element.name or target, **({"instance": instances[-1]} if instances else {})},
        "opinion": opinion,
        **({"resume": "direct" if direct else "continue"} if outcome else {}),
        **moved.payload(),
    }
    entry = recording.draft(uow, kind, attempt.actor, attempt.client, attempt.command_id, payload)
    result = CompletionResult(
        instance_key=InstanceKey(found.case.key),
        number=found.case.number,
        ended=moved.step.ended,
        next=tuple(dict.fromkeys(one.element_name for one in moved.prepared.waiting)),
        warnings=(),
    )
    stored = attempt.stored({"result": {"ended": result.ended, "next": list(result.next)}})
    more: Mapping[str, object] = {"user_task": found.task.key, "outcome": outcome} if outcome else {}
    own = ElementInstanceId(found.task.element_instance)
    left = replace(moved.step, closed=tuple(one for one in moved.step.closed if one != own or not outcome))
    advancing.write(uow, replace(moved, step=left), cipher, entry, attempt, result=stored, **more)
    if outcome:
        again = [one.key for one in moved.prepared.waiting if one.element_id == target]
        notices.tell_holders(uow, again, NoticeKind.RETURNED, by=attempt.actor, instance_key=found.case.key)
    if direct and new is not None:
        approval.set_onward(uow, new.key, found.element.id)
    return result
