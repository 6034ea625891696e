"""May this actor do this, here? Always with a reason.

A person holds roles; each grant of a role has a scope over the tree of units, seen from the unit it was granted in:

========  =====================================================================
own       what the person started or acts in
unit      that, and what belongs to exactly the unit of the grant
subtree   that, and what belongs to the unit of the grant or a unit below it
all       everything
========  =====================================================================

The three administrators (三员分立) see no business data: who is one of them is refused every business permission,
whatever else was granted. One person may be only one of the three.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never

from engine.model.actors import Actor, Permission, RoleGrant, Scope
from engine.model.ids import PersonKey

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})
"""The three administrators, separate from one another and from business."""

BUSINESS = frozenset(
    {
        Permission.CASE_START,
        Permission.CASE_READ,
        Permission.CASE_OPERATE,
        Permission.USER_TASK_WORK,
        Permission.USER_TASK_ASSIGN,
        Permission.JOB_WORK,
        Permission.MESSAGE_PUBLISH,
        Permission.SIGNAL_BROADCAST,
        Permission.CASE_MEND,
        Permission.TRACE_READ,
        Permission.ALERT_READ,
        Permission.ALERT_HANDLE,
        Permission.DISCIPLINE_READ,
        Permission.SWEEP,
    }
)
"""Permissions that show or move business data."""

_LIBRARIES = frozenset({Permission.INDICATOR_READ, Permission.CHECK_READ})

ROLES: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {
        # works on cases: starts them and completes the user tasks of their positions
        "clerk": frozenset(
            {
                Permission.CASE_START,
                Permission.CASE_READ,
                Permission.USER_TASK_WORK,
                Permission.DEFINITION_READ,
                Permission.INDICATOR_READ,
            }
        ),
        # reviews within the unit, and hands out its user tasks
        "reviewer": frozenset(
            {
                Permission.CASE_READ,
                Permission.USER_TASK_WORK,
                Permission.USER_TASK_ASSIGN,
                Permission.DEFINITION_READ,
                Permission.INDICATOR_READ,
            }
        ),
        # decides; otherwise as a reviewer
        "approver": frozenset(
            {
                Permission.CASE_READ,
                Permission.USER_TASK_WORK,
                Permission.USER_TASK_ASSIGN,
                Permission.DEFINITION_READ,
                Permission.INDICATOR_READ,
            }
        ),
        # watches over the unit's exercise of power: signs for alerts, verifies and clears them
        "supervisor": frozenset(
            {
                Permission.CASE_READ,
                Permission.ALERT_READ,
                Permission.ALERT_HANDLE,
                Permission.SWEEP,
                Permission.DEFINITION_READ,
            }
        )
        | _LIBRARIES,
        # keeps the indicator library: proposes versions and publishes those of others; sees no case
        "policy": frozenset({Permission.INDICATOR_KEEP, Permission.DEFINITION_READ}) | _LIBRARIES,
        # of the discipline body: reads what was reported to it, on a desk of its own
        "discipline": frozenset({Permission.DISCIPLINE_READ}) | _LIBRARIES,
        # draws processes; sees no case
        "designer": frozenset({Permission.DEFINITION_READ, Permission.DEPLOY}) | _LIBRARIES,
        # supervises: reads and verifies, never acts in a case
        "inspector": frozenset(
            {
                Permission.CASE_READ,
                Permission.TRACE_READ,
                Permission.TRACE_VERIFY,
                Permission.ALERT_READ,
                Permission.DEFINITION_READ,
            }
        )
        | _LIBRARIES,
        # keeps cases running: sees where they stand, suspends, resumes, cancels and mends them; always traced
        "operator": frozenset(
            {
                Permission.CASE_READ,
                Permission.CASE_OPERATE,
                Permission.CASE_MEND,
                Permission.CALENDAR_EDIT,
                Permission.JOB_READ,
                Permission.INCIDENT_RESOLVE,
                Permission.DEFINITION_READ,
            }
        ),
        # keeps the system running; of a case it sees the jobs that failed, and nothing that stands in it
        "system_admin": frozenset(
            {
                Permission.METRICS_READ,
                Permission.DEFINITION_READ,
                Permission.CALENDAR_EDIT,
                Permission.JOB_READ,
                Permission.INCIDENT_RESOLVE,
            }
        ),
        # accounts, roles and positions; with the next one the two persons whom it takes to erase personal data
        "security_admin": frozenset({Permission.PEOPLE_MANAGE, Permission.CASE_ERASE}),
        # looks at what the other two did; verification says only whether something was altered
        "audit_admin": frozenset({Permission.SYSTEM_TRACE_READ, Permission.TRACE_VERIFY, Permission.CASE_ERASE}),
        # another program (API client)
        "service": frozenset(
            {
                Permission.CASE_START,
                Permission.CASE_READ,
                Permission.USER_TASK_WORK,
                Permission.USER_TASK_ASSIGN,
                Permission.JOB_WORK,
                Permission.JOB_READ,
                Permission.MESSAGE_PUBLISH,
                Permission.SIGNAL_BROADCAST,
                Permission.INCIDENT_RESOLVE,
                Permission.DEFINITION_READ,
                Permission.INDICATOR_READ,
                Permission.METRICS_READ,
            }
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """allowed or not; `reason` is one English sentence, `code` its stable name for translation."""

    allowed: bool
    code: str
    reason: str


def may(actor: Actor, permission: Permission, *, unit_path: str | None, owner: PersonKey | None) -> Decision:
    """Whether the actor may do this to a thing of this unit that this person owns.

    unit_path: the path of the unit that the thing belongs to. owner: who started it, or acts in it, as the caller's
    rule has it; None when that does not matter. Both None asks whether the actor has the permission anywhere: for
    menus, and for what belongs to no unit (deployments, metrics, the system trace), never for a case.
    """
    if actor.is_system:
        return Decision(allowed=True, code="system", reason="The system acts itself.")
    roles = {grant.role for grant in actor.grants}
    administrator = sorted(roles & ADMINISTRATORS)
    if administrator and permission in BUSINESS:
        return _refused("administrators_see_no_business", f"{administrator[0]} sees no business data.")
    if len(administrator) > 1:
        return _refused("administrators_are_separate", f"{' and '.join(administrator)} may not be one person.")
    grants = [grant for grant in actor.grants if permission in ROLES.get(grant.role, frozenset())]
    if not grants:
        return _refused("permission_missing", f"None of the actor's roles has {permission}.")
    for grant in grants:
        if _reaches(grant, actor, unit_path, owner):
            return Decision(
                allowed=True,
                code="granted",
                reason=f"{grant.role} has {permission} with scope {grant.scope} in {grant.unit_path}.",
            )
    return _refused("outside_scope", f"The actor has {permission}, but not for this unit and owner.")


def conflicts(roles: Collection[str]) -> tuple[str, ...]:
    """Roles that one person may not hold together: an administrator holds no other role. Empty when all is well."""
    held = set(roles)
    return tuple(sorted(held)) if held & ADMINISTRATORS and len(held) > 1 else ()


def _reaches(grant: RoleGrant, actor: Actor, unit_path: str | None, owner: PersonKey | None) -> bool:
    if (unit_path is None and owner is None) or (owner is not None and owner == actor.person_key):
        return True
    match grant.scope:
        case Scope.ALL:
            return True
        case Scope.OWN:
            return False
        case Scope.UNIT:
            return _is_path(grant.unit_path) and unit_path == grant.unit_path
        case Scope.SUBTREE:
            return _is_path(grant.unit_path) and unit_path is not None and unit_path.startswith(grant.unit_path)
        case _ as unreachable:
            assert_never(unreachable)


def _is_path(path: str) -> bool:
    # Without the closing slash "/1/2" would reach into "/1/20/".
    return len(path) > 2 and path.startswith("/") and path.endswith("/")


def _refused(code: str, reason: str) -> Decision:
    return Decision(allowed=False, code=code, reason=reason)
