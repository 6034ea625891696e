"""催办 (urge) and 抄送 (copy): words to others that change nothing in the case.

Who may read a case may urge in it, once an hour; who may work a user task may send copies. A copy lets somebody of the
units above and below follow how the case goes; what stands in it they see only where their own post shows it.
"""

from datetime import timedelta

from engine.model.actors import Actor, Client
from engine.model.approval import Verb
from engine.model.approval_commands import SendCopy, Urge
from engine.model.errors import Conflict, Detail, Invalid
from engine.model.personal import NoticeKind
from engine.model.trace_entries import EntryKind
from engine.service import notices, rights, user_tasks, verbs
from engine.service.equipment import Work
from engine.service.handling import Attempt
from engine.store import approval, cases
from engine.store.approval import CopyRecord

PAUSE = timedelta(hours=1)
"""Between two times that one person urges in one case."""
MAX_COPIES = 100


def urge(uow: Work, command: Urge, actor: Actor, client: Client) -> int:
    """Ask those who hold the open user tasks of a case to go on; how many tasks that are.

    Raises NotFound, Conflict ``urge.too_soon`` within the hour, ``case.over``; Refused ``verb.not_offered``.
    """
    attempt = Attempt(uow, actor, client, "user_task.urge", command.command_id, [command.key, command.opinion])
    found = user_tasks.lock(uow, attempt, command.key)
    if (earlier := attempt.recall(found.work.earlier)) is not None:
        return int(earlier.get("urged", 0))
    cipher = uow.required_cipher(found.case.wrapped_key)
    opinion = verbs.opinion_of(command.opinion, needed=False)
    with attempt.deciding():
        verbs.refuse_unless_offered(found.element, Verb.URGE)
        if found.case.ended_at is not None:
            raise Conflict("case.over", "this case is over already", params={"state": found.case.state.value})
        before = approval.urged(uow, found.case.key, actor.person_key)
        if before is not None and uow.now() - before[0] < PAUSE:
            minutes = int((PAUSE - (uow.now() - before[0])).total_seconds() // 60) + 1
            raise Conflict("urge.too_soon", f"wait {minutes} minutes to urge again", params={"minutes": str(minutes)})
    waiting = cases.user_tasks(uow, found.case.key, only_open=True)
    approval.urge(uow, found.case.key, actor.person_key, uow.now())
    payload = {
        "instance": str(found.case.key),
        "user_tasks": [str(task.key) for task in waiting],
        "times": before[1] + 1 if before else 1,
        "opinion": opinion,
    }
    verbs.write(uow, attempt, found, EntryKind.PROCESS_INSTANCE_URGED, payload, cipher, {"urged": len(waiting)})
    keys = [task.key for task in waiting]
    notices.tell_holders(uow, keys, NoticeKind.URGED, by=actor, instance_key=found.case.key)
    return len(waiting)


def send_copy(uow: Work, command: SendCopy, actor: Actor, client: Client) -> int:
    """Let people follow the case; how many of them did not yet. Raises as `verbs.colleague` does."""
    request = [command.key, list(command.people), command.opinion]
    attempt = Attempt(uow, actor, client, "user_task.cc", command.command_id, request)
    found = user_tasks.lock(uow, attempt, command.key)
    if (earlier := attempt.recall(found.work.earlier)) is not None:
        return int(earlier.get("copied", 0))
    cipher = uow.required_cipher(found.case.wrapped_key)
    opinion = verbs.opinion_of(command.opinion, needed=False)
    if not 0 < len(command.people) <= MAX_COPIES:
        params = {"max": str(MAX_COPIES)}
        detail = Detail(place="people", code="people", message=f"1 to {MAX_COPIES} people", params=params)
        raise Invalid("request.invalid", "some fields of the request are wrong; see errors", details=[detail])
    with attempt.deciding():
        verbs.refuse_unless_offered(found.element, Verb.CC)
        user_tasks.refuse_unless_workable(found, actor, None)
        named = {one.person_key: one for one in (verbs.colleague(uow, found, name, actor) for name in command.people)}
    at, by = uow.now(), actor.person_key
    new = [person for key, person in named.items() if approval.copy(uow, found.case.key, key, by, at)]
    payload = {
        "instance": str(found.case.key),
        "user_task": str(found.task.key),
        "people": [verbs.person_of(person) for person in new],
        "opinion": opinion,
    }
    verbs.write(uow, attempt, found, EntryKind.PROCESS_INSTANCE_COPIED, payload, cipher, {"copied": len(new)})
    told = [person.person_key for person in new]
    notices.tell(uow, told, NoticeKind.COPIED, by=actor, instance_key=found.case.key)
    return len(new)


def mark_read(uow: Work, instance_key: int, actor: Actor) -> bool:
    """Note that the actor has read their copy of a case (已阅); False when there was nothing unread."""
    unread = approval.read_copy(uow, instance_key, actor.person_key, uow.now())
    if unread:
        notices.read_copied(uow, actor, instance_key)
    return unread


def copies(uow: Work, instance_key: int, actor: Actor) -> tuple[CopyRecord, ...]:
    """Who was sent copies of a case, and whether they have read them. NotFound out of reach."""
    rights.readable_case(uow, actor, instance_key)
    return tuple(approval.copies(uow, instance_key))
