"""转办 (transfer) and 委派 (delegate): somebody else works a user task, for good or for an opinion.

transfer: the other person holds the task from now on and answers for it; a chain A to B to C is three entries.
delegate: see `engine.service.signing`; the task comes back to who delegated it, who answers for it.
"""

from engine.model.actors import Actor, Client
from engine.model.approval import Verb
from engine.model.approval_commands import HandOver
from engine.model.personal import NoticeKind
from engine.model.trace_entries import EntryKind
from engine.service import notices, user_tasks, verbs
from engine.service.equipment import Work
from engine.service.handling import Attempt
from engine.store import cases


def transfer(uow: Work, command: HandOver, actor: Actor, client: Client) -> None:
    """Give a user task to a colleague, who need not hold its position. An opinion is needed.

    Raises as `verbs.refuse_unless_allowed` and `verbs.worker` do.
    """
    request = [command.key, command.person, command.opinion]
    attempt = Attempt(uow, actor, client, "user_task.transfer", command.command_id, request)
    found = user_tasks.lock(uow, attempt, command.key)
    if attempt.recall(found.work.earlier) is not None:
        return
    cipher = uow.required_cipher(found.case.wrapped_key)
    opinion = verbs.opinion_of(command.opinion)
    with attempt.deciding():
        verbs.refuse_unless_allowed(uow, found, actor, Verb.TRANSFER, command.version)
        other = verbs.worker(uow, found, command.person, actor)
    cases.assign_user_task(uow, found.task, other.person_key)
    payload = {
        **verbs.place(found),
        "old": user_tasks.person(uow, found.task.assignee_key or actor.person_key),
        "new": verbs.person_of(other),
        "opinion": opinion,
    }
    verbs.write(uow, attempt, found, EntryKind.USER_TASK_TRANSFERRED, payload, cipher)
    task, case = found.task.key, found.case.key
    notices.tell(uow, [other.person_key], NoticeKind.TRANSFERRED, by=actor, instance_key=case, user_task_key=task)
