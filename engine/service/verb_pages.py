"""What a reader may do with a user task besides completing it, for the page of verbs."""

from dataclasses import dataclass

from engine.identity import access
from engine.model.actors import Actor, Client, Permission
from engine.model.approval import ApprovalOptions, Resume, Verb
from engine.model.views import UserTaskRow, UserTaskState
from engine.service import lookups, task_pages
from engine.service.equipment import Work, required
from engine.store import approval, cases
from engine.store.approval import ColleagueRecord, SigningRecord

_WORKERS = tuple(role for role, may in access.ROLES.items() if Permission.USER_TASK_WORK in may)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbPage:
    """verbs: what the reader may try now. targets: id and name of visited user tasks to send back to.

    asked: the reader was added as a signer, and gives an opinion only. waits: signers who have not answered.
    direct: whether sending back may choose to come straight back.
    """

    task: UserTaskRow
    options: ApprovalOptions
    verbs: tuple[Verb, ...]
    targets: tuple[tuple[str, str], ...]
    colleagues: tuple[ColleagueRecord, ...]
    signers: tuple[SigningRecord, ...]
    asked: bool
    direct: bool

    @property
    def waits(self) -> tuple[SigningRecord, ...]:
        """Those who have not answered."""
        return tuple(one for one in self.signers if one.state == "CREATED")


def view(uow: Work, actor: Actor, client: Client, key: int) -> VerbPage:
    """Raises as `task_pages.view` does."""
    shown = task_pages.view(uow, actor, client, key)
    task = required(cases.user_task(uow, key), f"user task {key}")
    case = required(cases.case(uow, task.instance_key), f"the case of user task {key}")
    element = lookups.element(uow, case, task)
    signers = approval.signers(uow, key)
    asked = approval.signing(uow, key) is not None
    waits = any(one.state == "CREATED" for one in signers)
    process = lookups.process_of(uow, case, task.called)
    visited = {one.element_id for one in cases.user_tasks(uow, case.key) if one.state is UserTaskState.COMPLETED}
    targets = [name for name in process.returns(element.id, element.approval.return_to) if name in visited]
    names = {str(one.id): one.name or one.id for one in process.definition.elements.values()}
    able = shown.workable or shown.not_workable_reason == task_pages.SIGN_ONLY
    working = able and not waits
    found = []
    for verb in element.approval.verbs:
        match verb:
            case Verb.WITHDRAW:
                may = task.completed_by == actor.person_key and not asked and case.ended_at is None
            case Verb.URGE:
                may = case.ended_at is None
            case Verb.SEND_BACK:
                may = working and not asked and bool(targets)
            case Verb.REMOVE_SIGN:
                may = any(one.asked_by == actor.person_key and one.state == "CREATED" for one in signers)
            case Verb.ADD_SIGN:
                may = working
            case _:
                may = working and not asked
        found += [verb] if may else []
    return VerbPage(
        task=shown.task,
        options=element.approval,
        verbs=tuple(found),
        targets=tuple((name, names[name]) for name in targets),
        colleagues=approval.colleagues(uow, case.unit_path, actor.person_key, _WORKERS) if found else (),
        signers=signers,
        asked=asked and working,
        direct=element.approval.resume is Resume.EITHER,
    )
