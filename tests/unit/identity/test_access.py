"""The whole table of roles and permissions, and how far each scope reaches."""

import itertools

import pytest

from engine.identity import access
from engine.model.actors import Actor, Permission, RoleGrant, Scope, Unit, UnitLevel
from engine.model.ids import PersonKey, UnitKey

P = Permission
LIBRARIES = {P.INDICATOR_READ, P.CHECK_READ}
TABLE: dict[str, set[Permission]] = {
    "clerk": {P.CASE_START, P.CASE_READ, P.USER_TASK_WORK, P.DEFINITION_READ, P.INDICATOR_READ},
    "reviewer": {P.CASE_READ, P.USER_TASK_WORK, P.USER_TASK_ASSIGN, P.DEFINITION_READ, P.INDICATOR_READ},
    "approver": {P.CASE_READ, P.USER_TASK_WORK, P.USER_TASK_ASSIGN, P.DEFINITION_READ, P.INDICATOR_READ},
    "designer": {P.DEFINITION_READ, P.DEPLOY, *LIBRARIES},
    "inspector": {
        P.CASE_READ, P.TRACE_READ, P.TRACE_VERIFY, P.ALERT_READ, P.DEFINITION_READ, *LIBRARIES,
    },
    "operator": {
        P.CALENDAR_EDIT, P.CASE_READ, P.CASE_OPERATE, P.CASE_MEND, P.JOB_READ, P.INCIDENT_RESOLVE, P.DEFINITION_READ,
    },
    "supervisor": {P.CASE_READ, P.ALERT_READ, P.ALERT_HANDLE, P.SWEEP, P.DEFINITION_READ, *LIBRARIES},
    "discipline": {P.DISCIPLINE_READ, *LIBRARIES},
    "policy": {P.INDICATOR_KEEP, P.DEFINITION_READ, *LIBRARIES},
    "system_admin": {P.CALENDAR_EDIT, P.METRICS_READ, P.DEFINITION_READ, P.JOB_READ, P.INCIDENT_RESOLVE},
    "security_admin": {P.PEOPLE_MANAGE, P.CASE_ERASE},
    "audit_admin": {P.SYSTEM_TRACE_READ, P.TRACE_VERIFY, P.CASE_ERASE},
    "service": {
        P.CASE_START, P.CASE_READ, P.USER_TASK_WORK, P.USER_TASK_ASSIGN, P.DEFINITION_READ, P.METRICS_READ,
        P.JOB_WORK, P.JOB_READ, P.MESSAGE_PUBLISH, P.SIGNAL_BROADCAST, P.INCIDENT_RESOLVE, P.INDICATOR_READ,
    },
}  # fmt: skip
STREET = "/1/2/3/"


def actor(*roles: str, scope: Scope = Scope.ALL, path: str = STREET, is_system: bool = False) -> Actor:
    unit = Unit(key=UnitKey(3), parent_key=UnitKey(2), code="s", name="柳荫街道", level=UnitLevel.STREET, path=path)
    grants = tuple(RoleGrant(role=role, scope=scope, unit_key=UnitKey(3), unit_path=path) for role in roles)
    return Actor(person_key=PersonKey(7), username="lin", name="林", unit=unit, grants=grants, is_system=is_system)


@pytest.mark.parametrize(("role", "permission"), list(itertools.product(TABLE, Permission)))
def test_every_role_and_permission(role: str, permission: Permission) -> None:
    """Exactly what the table says, with a reason both ways."""
    decision = access.may(actor(role), permission, unit_path=STREET, owner=None)
    assert decision.allowed is (permission in TABLE[role])
    assert decision.reason
    assert decision.code == ("granted" if decision.allowed else decision.code)


def test_the_table_is_complete() -> None:
    """No role beyond those above, and an unknown role allows nothing."""
    assert set(access.ROLES) == set(TABLE)
    assert all(
        access.may(actor("king"), permission, unit_path=None, owner=None).code == "permission_missing"
        for permission in Permission
    )


@pytest.mark.parametrize(
    ("scope", "reached"),
    [
        (Scope.OWN, {"own"}),
        (Scope.UNIT, {"own", "unit"}),
        (Scope.SUBTREE, {"own", "unit", "below"}),
        (Scope.ALL, {"own", "unit", "below", "above", "beside", "namesake"}),
    ],
)
def test_scopes(scope: Scope, reached: set[str]) -> None:
    """Own, unit, subtree, all; a path that merely begins alike is another unit."""
    things: dict[str, tuple[str, PersonKey]] = {
        "own": ("/1/9/", PersonKey(7)),
        "unit": (STREET, PersonKey(8)),
        "below": ("/1/2/3/4/", PersonKey(8)),
        "above": ("/1/2/", PersonKey(8)),
        "beside": ("/1/2/5/", PersonKey(8)),
        "namesake": ("/1/2/33/", PersonKey(8)),
    }
    clerk = actor("clerk", scope=scope)
    allowed = {
        name
        for name, (path, owner) in things.items()
        if access.may(clerk, P.CASE_READ, unit_path=path, owner=owner).allowed
    }
    assert allowed == reached


@pytest.mark.parametrize("path", ["", "/", "/1/2", "1/2/"])
def test_a_damaged_path_reaches_nothing(path: str) -> None:
    """A grant without a proper path never becomes one for everything."""
    clerk = actor("clerk", scope=Scope.SUBTREE, path=path)
    assert not access.may(clerk, P.CASE_READ, unit_path="/1/2/3/", owner=None).allowed


def test_anywhere() -> None:
    """Without unit and owner the question is whether the right is held at all; a known owner is never that question."""
    clerk = actor("clerk", scope=Scope.OWN)
    assert access.may(clerk, P.CASE_READ, unit_path=None, owner=None).allowed
    assert access.may(clerk, P.CASE_READ, unit_path=None, owner=PersonKey(8)).code == "outside_scope"
    assert access.may(clerk, P.CASE_READ, unit_path=STREET, owner=None).code == "outside_scope"
    assert not access.may(clerk, P.DEPLOY, unit_path=None, owner=None).allowed


@pytest.mark.parametrize("role", sorted(access.ADMINISTRATORS))
@pytest.mark.parametrize("permission", sorted(access.BUSINESS))
def test_administrators_see_no_business(role: str, permission: Permission) -> None:
    """Not even with another role beside, nor their own."""
    both = actor(role, "clerk", "inspector", "reviewer")
    assert access.may(both, permission, unit_path=STREET, owner=PersonKey(7)).code == "administrators_see_no_business"


def test_the_three_administrators_are_separate() -> None:
    """Two of them in one person may do nothing, and one with another role is a conflict."""
    two = actor("system_admin", "audit_admin")
    assert access.may(two, P.SYSTEM_TRACE_READ, unit_path=None, owner=None).code == "administrators_are_separate"
    assert access.conflicts(["system_admin", "clerk"]) == ("clerk", "system_admin")
    assert access.conflicts(["clerk", "reviewer"]) == access.conflicts(["audit_admin"]) == ()


def test_the_system_may() -> None:
    """The system acts for itself; a person without grants does not."""
    assert access.may(actor(is_system=True), P.DEPLOY, unit_path=None, owner=None).allowed
    assert not access.may(actor(), P.CASE_READ, unit_path=STREET, owner=PersonKey(7)).allowed
