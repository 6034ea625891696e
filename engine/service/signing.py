"""加签, 减签 and 委派: others give an opinion on a user task before whoever holds it decides.

Each signer gets a user task of their own at the same element instance; it has no form, and decides nothing. The task
they were added to waits for all of them and then comes back to its holder, who sees the opinions and decides; when
somebody disagrees, too, because whoever holds the post answers for it. A signer may add signers, who are waited for in
turn. What ends the task (a time limit, a return of another branch, a cancelled case) ends theirs with it.
"""

from collections.abc import Sequence

from engine.model.actors import Actor, Client
from engine.model.approval import Verb
from engine.model.approval_commands import AddSign, HandOver, RemoveSign, Sign
from engine.model.definitions import Outcome
from engine.model.errors import Conflict, Detail, Invalid, NotAllowed, Refused
from engine.model.personal import NoticeKind
from engine.model.trace_entries import EntryKind
from engine.service import notices, user_tasks, verbs
from engine.service.equipment import Work
from engine.service.handling import Attempt
from engine.service.user_tasks import Locked
from engine.store import approval, cases
from engine.store.approval import SigningRecord

MAX_SIGNERS = 50
AGREE = Outcome(code="agree", name="同意", opinion_required=True)
DISAGREE = Outcome(code="disagree", name="不同意", opinion_required=True, negative=True)


def add_sign(uow: Work, command: AddSign, actor: Actor, client: Client) -> None:
    """Ask people for their opinions. Raises as `verbs` does; Refused ``sign.twice`` for somebody asked already."""
    request = [command.key, list(command.people), command.opinion]
    attempt = Attempt(uow, actor, client, "user_task.add_sign", command.command_id, request)
    _add(uow, attempt, command, Verb.ADD_SIGN, command.people)


def delegate(uow: Work, command: HandOver, actor: Actor, client: Client) -> None:
    """Let one colleague prepare the task in one's place; it comes back. Raises as `add_sign` does."""
    request = [command.key, command.person, command.opinion]
    attempt = Attempt(uow, actor, client, "user_task.delegate", command.command_id, request)
    _add(uow, attempt, command, Verb.DELEGATE, (command.person,))


def _add(uow: Work, attempt: Attempt, command: AddSign | HandOver, verb: Verb, people: Sequence[str]) -> None:
    found = user_tasks.lock(uow, attempt, command.key)
    if attempt.recall(found.work.earlier) is not None:
        return
    cipher = uow.required_cipher(found.case.wrapped_key)
    opinion = verbs.opinion_of(command.opinion, needed=False)
    if not 0 < len(people) <= MAX_SIGNERS:
        params = {"max": str(MAX_SIGNERS)}
        detail = Detail(place="people", code="people", message=f"1 to {MAX_SIGNERS} people", params=params)
        raise Invalid("request.invalid", "some fields of the request are wrong; see errors", details=[detail])
    with attempt.deciding():
        verbs.refuse_unless_allowed(uow, found, attempt.actor, verb, command.version)
        asked = [verbs.worker(uow, found, name, attempt.actor) for name in people]
        _refuse_twice(uow, found, asked)
    manner = "delegate" if verb is Verb.DELEGATE else "before"
    keys = uow.keys(len(asked))
    for key, person in zip(keys, asked, strict=True):
        approval.add_signer(uow, found.task, key, person.person_key, manner, attempt.actor.person_key, uow.now())
    if found.task.assignee_key is None:
        cases.assign_user_task(uow, found.task, attempt.actor.person_key)
    signers = [
        {"user_task": str(key), "person": verbs.person_of(person)} for key, person in zip(keys, asked, strict=True)
    ]
    payload = {**verbs.place(found), "manner": manner, "signers": signers, "opinion": opinion}
    verbs.write(uow, attempt, found, EntryKind.USER_TASK_SIGNERS_ADDED, payload, cipher)
    kind = NoticeKind.DELEGATED if verb is Verb.DELEGATE else NoticeKind.SIGN_ASKED
    notices.tell_holders(uow, keys, kind, by=attempt.actor, instance_key=found.case.key)


def sign(uow: Work, command: Sign, actor: Actor, client: Client) -> None:
    """Give the opinion one was asked for. The last one lets the task go on to its holder.

    Raises as `user_tasks.complete` does; Conflict when signers of one's own have not answered.
    """
    request = [command.key, command.agree, command.opinion]
    attempt = Attempt(uow, actor, client, "user_task.sign", command.command_id, request)
    found = user_tasks.lock(uow, attempt, command.key)
    if attempt.recall(found.work.earlier) is not None:
        return
    cipher = uow.required_cipher(found.case.wrapped_key)
    opinion = verbs.opinion_of(command.opinion)
    with attempt.deciding():
        user_tasks.refuse_unless_workable(found, actor, command.version)
        verbs.refuse_suspended(found)
        asked = _signing(uow, found)
        user_tasks.refuse_while_signed(found)
    outcome = AGREE if command.agree else DISAGREE
    approval.close(uow, found.task.key, uow.now(), person=actor.person_key, outcome=(outcome.code, outcome.name))
    waits = [one for one in approval.signers(uow, asked.parent_key) if one.state == "CREATED"]
    payload = {
        **verbs.place(found),
        "parent": str(asked.parent_key),
        "manner": asked.manner,
        "agree": command.agree,
        "opinion": opinion,
        "waits_for": len(waits),
    }
    verbs.write(uow, attempt, found, EntryKind.USER_TASK_SIGNED, payload, cipher)


def remove_sign(uow: Work, command: RemoveSign, actor: Actor, client: Client) -> None:
    """Take back a signer whom one has added and who has not signed, with a reason.

    Raises NotFound, Conflict when they have signed, NotAllowed for signers of others, Refused for a task that nobody
    added.
    """
    request = [command.key, command.opinion]
    attempt = Attempt(uow, actor, client, "user_task.remove_sign", command.command_id, request)
    found = user_tasks.lock(uow, attempt, command.key)
    if attempt.recall(found.work.earlier) is not None:
        return
    cipher = uow.required_cipher(found.case.wrapped_key)
    opinion = verbs.opinion_of(command.opinion)
    with attempt.deciding():
        asked = _signing(uow, found)
        user_tasks.refuse_unless_open(found.task)
        verbs.refuse_suspended(found)
        if asked.asked_by != actor.person_key:
            raise NotAllowed("sign.not_yours", "only who added a signer may take them back")
        user_tasks.refuse_while_signed(found)
    approval.close(uow, found.task.key, uow.now())
    payload = {
        **verbs.place(found),
        "parent": str(asked.parent_key),
        "person": user_tasks.person(uow, asked.person_key),
        "opinion": opinion,
    }
    verbs.write(uow, attempt, found, EntryKind.USER_TASK_SIGNER_REMOVED, payload, cipher)


def _signing(uow: Work, found: Locked) -> SigningRecord:
    asked = approval.signing(uow, found.task.key)
    if asked is None:
        raise Refused("sign.not_added", "this task was not added by anybody; complete it instead")
    return asked


def _refuse_twice(uow: Work, found: Locked, asked: Sequence[Actor]) -> None:
    """Nobody is asked twice at once, nor asked by their own signers in a circle."""
    waiting = {one.person_key for one in approval.signers(uow, found.task.key) if one.state == "CREATED"}
    above = found.task.key
    while (around := approval.signing(uow, above)) is not None:
        above = around.parent_key
        waiting |= {around.asked_by}
    seen: set[int] = set()
    for person in asked:
        if person.person_key in waiting | seen:
            raise Conflict(
                "sign.twice", f"{person.name} is asked already, or asked for this", params={"person": person.name}
            )
        seen.add(person.person_key)
