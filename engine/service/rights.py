"""The questions "may they?" as service functions ask them: raise or return, always by `engine.identity.access`."""

from collections.abc import Iterable

from engine.identity import access
from engine.model.actors import Actor, Permission, Scope
from engine.model.errors import NotAllowed, NotFound
from engine.service.equipment import Work
from engine.store import cases
from engine.store.cases import CaseRecord, UserTaskRecord
from engine.store.worklists import Reach


def require(actor: Actor, permission: Permission) -> None:
    """Raise NotAllowed unless a role of the actor gives the permission at all."""
    decision = access.may(actor, permission, unit_path=None, owner=None)
    if not decision.allowed:
        raise NotAllowed(
            "access.not_allowed",
            f"your roles do not include the right {permission.value}: {decision.reason}",
            params={"permission": permission.value},
        )


def reach(actor: Actor, permission: Permission = Permission.CASE_READ) -> Reach:
    """Which cases the actor may see, as a condition for lists."""
    everything, subtrees, units = False, [], []
    for grant in actor.grants:
        if permission not in access.ROLES.get(grant.role, frozenset()):
            continue
        match grant.scope:
            case Scope.ALL:
                everything = True
            case Scope.SUBTREE:
                subtrees.append(grant.unit_path)
            case Scope.UNIT:
                units.append(grant.unit_key)
            case Scope.OWN:
                pass
    return Reach(everything=everything, subtrees=tuple(subtrees), units=tuple(units), person_key=actor.person_key)


def patterns(actor: Actor, permission: Permission) -> tuple[str, ...]:
    """The same as patterns (of LIKE) of the paths of units; cases that are only the actor's own are not among them."""
    found = []
    for grant in actor.grants:
        if permission in access.ROLES.get(grant.role, frozenset()):
            match grant.scope:
                case Scope.ALL:
                    found.append("%")
                case Scope.SUBTREE:
                    found.append(f"{grant.unit_path}%")
                case Scope.UNIT:
                    found.append(grant.unit_path)
                case Scope.OWN:
                    pass
    return tuple(found)


def offered(actor: Actor, task: UserTaskRecord) -> bool:
    """Whether the user task is the actor's to work: assigned to them, or unassigned and offered to their position."""
    if task.assignee_key is not None:
        return task.assignee_key == actor.person_key
    held = {(holding.position, holding.unit_key) for holding in actor.positions}
    return not held.isdisjoint(task.candidates)


def may_read_case(actor: Actor, case: CaseRecord, open_tasks: Iterable[UserTaskRecord], *, worked: bool) -> bool:
    """Whether the actor may see a case: by scope, or because they started it, worked in it, or are to work in it."""
    owner = actor.person_key if worked or _acts_in(actor, case, open_tasks) else None
    return access.may(actor, Permission.CASE_READ, unit_path=case.unit_path, owner=owner).allowed


def may_verify(actor: Actor, case: CaseRecord) -> bool:
    """Whether the actor may have a case verified: that tells whether something was altered, and nothing else."""
    return access.may(actor, Permission.TRACE_VERIFY, unit_path=case.unit_path, owner=None).allowed


def reaches(actor: Actor, case: CaseRecord, *permissions: Permission) -> bool:
    """Whether one of the permissions reaches the unit of a case: to work its jobs, to mend it."""
    return any(access.may(actor, one, unit_path=case.unit_path, owner=None).allowed for one in permissions)


def readable_case(uow: Work, actor: Actor, key: int) -> tuple[CaseRecord, tuple[UserTaskRecord, ...]]:
    """A case that the actor may see, with its open user tasks. NotFound when there is none, or it is out of reach."""
    case = cases.case(uow, key)
    open_tasks = cases.user_tasks(uow, key, only_open=True) if case else ()
    if case is None or not may_read_case(actor, case, open_tasks, worked=cases.worked(uow, key, actor.person_key)):
        raise case_not_found()
    return case, open_tasks


def _acts_in(actor: Actor, case: CaseRecord, open_tasks: Iterable[UserTaskRecord]) -> bool:
    held = {(holding.position, holding.unit_key) for holding in actor.positions}
    return case.starter_key == actor.person_key or any(
        task.assignee_key == actor.person_key or not held.isdisjoint(task.candidates) for task in open_tasks
    )


def has(actor: Actor, permission: Permission) -> bool:
    """Whether a role of the actor gives the permission at all."""
    return access.may(actor, permission, unit_path=None, owner=None).allowed


def inspects(actor: Actor) -> bool:
    """Whether the actor looks at cases as an inspector: each of their reads is itself traced."""
    return has(actor, Permission.TRACE_READ)


def case_not_found() -> NotFound:
    """The same answer whether a case does not exist or is not for the actor to know."""
    return NotFound("case.not_found", "there is no such case, or it is not in your reach")


def user_task_not_found() -> NotFound:
    """The same answer whether a user task does not exist or is not for the actor to know."""
    return NotFound("user_task.not_found", "there is no such task, or it is not in your reach")


def job_not_found() -> NotFound:
    """The same answer whether a job does not exist or is not for the actor to know."""
    return NotFound("job.not_found", "there is no such job, or it is not in your reach")


def incident_not_found() -> NotFound:
    """The same answer whether an incident does not exist or is not for the actor to know."""
    return NotFound("incident.not_found", "there is no such incident, or it is not in your reach")


def element_not_found() -> NotFound:
    """The same answer whether nothing waits under that key or it is not for the actor to know."""
    return NotFound("element.not_found", "nothing waits under this key, or it is not in your reach")


def file_not_found() -> NotFound:
    """The same answer whether a file does not exist or is not for the actor to know."""
    return NotFound("file.not_found", "there is no such file, or it is not in your reach")
