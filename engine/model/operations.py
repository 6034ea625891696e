"""What the pages of an operator show: how many cases run, and one case with everything that waits in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.ids import DefinitionKey
from engine.model.incidents import IncidentRow
from engine.model.views import CaseRow, DiagramView, JobRow, UserTaskRow
from engine.model.waits import WaitRow


class Figure(StrEnum):
    """A number of the overview, and the list behind it. All are cases that are not over.

    WAITING: for another system, a message or a time, and for nobody's task. OVERDUE: a timer should have fired by now.
    """

    RUNNING = "running"
    WAITING = "waiting"
    OVERDUE = "overdue"
    INCIDENT = "incident"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessCounts:
    """A process and its cases in reach. version: the newest; versions: how many of them have cases that run."""

    process_id: str
    name: str
    definition_key: DefinitionKey
    version: int
    versions: int
    running: int
    waiting: int
    overdue: int
    incident: int
    suspended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedStart:
    """What is to begin a case and could not. kind: start (a timer), message or signal; name: of a message or signal.

    code, params: why, for translation. process_name and definition_key are empty where no process is known yet.
    """

    key: int
    kind: str
    process_name: str
    definition_key: DefinitionKey | None
    element_id: str
    name: str
    code: str
    params: Mapping[str, str]
    attempts: int
    due_at: datetime
    try_at: datetime


class NodeState(StrEnum):
    """What became of an element instance."""

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    TERMINATED = "TERMINATED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An element instance. depth: how many subprocesses and called processes lie around it. incident: it has one."""

    instance: str
    element_id: str
    name: str
    type: str
    state: NodeState
    depth: int
    began_at: datetime
    ended_at: datetime | None
    incident: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorView:
    """One case as an operator sees it. variables: names and, once they gave a reason, values as JSON text."""

    case: CaseRow
    diagram: DiagramView
    tree: tuple[Node, ...]
    left_out: int
    tasks: tuple[UserTaskRow, ...]
    jobs: tuple[JobRow, ...]
    waits: tuple[WaitRow, ...]
    incidents: tuple[IncidentRow, ...]
    variables: tuple[tuple[str, object], ...]
    shows_values: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDelivery:
    """A notice that could not be sent out and was given up. kind: of the notice.

    channel: email, or unit (its interface). problem: why, in English, as it was said last.
    """

    key: int
    channel: str
    kind: str
    number: str
    person_name: str
    problem: str
    attempts: int
    ended_at: datetime
