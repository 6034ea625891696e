"""Who acts: the person with their unit and position at that time, and the client they used."""

from dataclasses import dataclass
from enum import StrEnum

from engine.model.ids import PersonKey, UnitKey


class UnitLevel(StrEnum):
    """The four administrative levels (clause 5.6.3)."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class Scope(StrEnum):
    """How far a permission reaches over the tree of units, seen from the unit it was granted in.

    OWN: cases in which the person acts, or that the person started.
    """

    OWN = "own"
    UNIT = "unit"
    SUBTREE = "subtree"
    ALL = "all"


class Permission(StrEnum):
    """What a role allows. `engine.identity.access` decides, with a reason."""

    CASE_START = "case.start"
    CASE_READ = "case.read"
    CASE_OPERATE = "case.operate"
    USER_TASK_WORK = "user_task.work"
    USER_TASK_ASSIGN = "user_task.assign"
    JOB_WORK = "job.work"
    JOB_READ = "job.read"
    MESSAGE_PUBLISH = "message.publish"
    SIGNAL_BROADCAST = "signal.broadcast"
    INCIDENT_RESOLVE = "incident.resolve"
    CASE_MEND = "case.mend"
    CASE_ERASE = "case.erase"
    TRACE_READ = "trace.read"
    TRACE_VERIFY = "trace.verify"
    SYSTEM_TRACE_READ = "system_trace.read"
    DEFINITION_READ = "definition.read"
    DEPLOY = "deployment.create"
    PEOPLE_MANAGE = "people.manage"
    METRICS_READ = "metrics.read"
    ALERT_READ = "alert.read"
    ALERT_HANDLE = "alert.handle"
    DISCIPLINE_READ = "discipline.read"
    CALENDAR_EDIT = "calendar.edit"
    SWEEP = "supervision.sweep"
    INDICATOR_READ = "indicator.read"
    INDICATOR_KEEP = "indicator.keep"
    CHECK_READ = "check.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An organisation unit. `path` is ``/<key>/<key>/…/`` from the root to the unit itself."""

    key: UnitKey
    parent_key: UnitKey | None
    code: str
    name: str
    level: UnitLevel
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGrant:
    """A role held by a person, with its data scope, granted in a unit (`unit_path`)."""

    role: str
    scope: Scope
    unit_key: UnitKey
    unit_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionHolding:
    """A position (for example ``street_reviewer``) that a person holds in a unit."""

    position: str
    position_name: str
    unit_key: UnitKey
    unit_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A signed-in person (or the system) as they stand now; frozen into every trace entry."""

    person_key: PersonKey
    username: str
    name: str
    unit: Unit
    positions: tuple[PositionHolding, ...] = ()
    grants: tuple[RoleGrant, ...] = ()
    locale: str = "zh_Hans_CN"
    is_system: bool = False

    @property
    def position_name(self) -> str:
        """The positions' names joined for display and trace; empty when none is held."""
        return "、".join(holding.position_name for holding in self.positions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The client of a command: network address, program, and the channel (``page``, ``api``, ``cli``, ``worker``).

    reason: why it looks at a case, when it says so with the request itself.
    """

    channel: str
    address: str = ""
    program: str = ""
    reason: str = ""
