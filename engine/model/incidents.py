"""Incidents: a case cannot go on where it stands, and somebody has to mend it. Nothing is lost meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.model.ids import DefinitionKey, ElementId, ElementInstanceId, IncidentKey, InstanceKey, JobKey


class IncidentKind(StrEnum):
    """What is wrong. STEP_REFUSED: a rule of the step itself, for example a check that blocks."""

    JOB_FAILED = "job_failed"
    EXPRESSION_FAILED = "expression_failed"
    ASSIGNMENT_FAILED = "assignment_failed"
    DECISION_MISSING = "decision_missing"
    DECISION_FAILED = "decision_failed"
    CALLED_PROCESS_MISSING = "called_process_missing"
    ERROR_UNHANDLED = "error_unhandled"
    STEP_REFUSED = "step_refused"
    NOTHING_WAITS = "nothing_waits"


class CauseKind(StrEnum):
    """What came and could not be carried out. JOB: its results; ERROR: its BPMN error; NONE: nothing came."""

    NONE = "none"
    JOB = "job"
    ERROR = "error"
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"


class IncidentState(StrEnum):
    """As in Camunda 8."""

    ACTIVE = "ACTIVE"
    RESOLVED = "RESOLVED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What came and could not be carried out, kept so that a retry can do exactly that.

    name: of the message or signal, or the code of the error. text: the error's message. variables: what came with it.
    reference: by which the one who brought it finds it again, for example the key of a published message.
    """

    what: CauseKind
    name: str = ""
    text: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)
    job: JobKey | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """An incident in a list. reason: one English sentence; code and params say the same for translation.

    process_id, process_name, definition_key, definition_version: of the process that the element is drawn in.
    reason and params are empty once the personal data of the case was erased.
    """

    key: IncidentKey
    instance_key: InstanceKey
    number: str
    process_id: str
    process_name: str
    definition_key: DefinitionKey
    definition_version: int
    element_id: ElementId
    element_instance: ElementInstanceId
    element_name: str
    kind: IncidentKind
    cause: CauseKind
    code: str
    reason: str
    params: Mapping[str, str]
    job_key: JobKey | None
    state: IncidentState
    created_at: datetime
    resolved_at: datetime | None

    @property
    def place_key(self) -> int:
        """Under which variables are set from there: the job, or else the case."""
        return self.job_key if self.job_key is not None else self.instance_key
