"""What pages and the API are given to show: frozen, already filtered by the reader's rights and decrypted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from engine.model.deadlines import NO_TIMING, Timing
from engine.model.definitions import Outcome, RequiredMaterial
from engine.model.findings import RiskLevel
from engine.model.ids import (
    AttachmentKey,
    DefinitionKey,
    ElementId,
    ElementInstanceId,
    InstanceKey,
    JobKey,
    UserTaskKey,
)
from engine.model.photos import PhotoHints

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a keyset-paginated list. `next_cursor` is opaque; None at the end. `total` only where it is cheap."""

    rows: tuple[T, ...]
    next_cursor: str | None = None
    total: int | None = None


class InstanceState(StrEnum):
    """States of a process instance, as Camunda 8 names them."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    TERMINATED = "TERMINATED"


class UserTaskState(StrEnum):
    """States of a user task, as Camunda 8 names them."""

    CREATED = "CREATED"
    COMPLETED = "COMPLETED"
    CANCELED = "CANCELED"


class JobState(StrEnum):
    """States of a job, as Camunda 8 names them. FAILED with retries left is handed out again."""

    CREATED = "CREATED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    ERROR_THROWN = "ERROR_THROWN"
    CANCELED = "CANCELED"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartableProcess:
    """A business that the reader may start. starts: id and name of each start event, when there are several."""

    process_id: str
    name: str
    version: int
    definition_key: DefinitionKey
    starts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A process instance in a list. `subject` is the case's subject (the applicant), decrypted for this reader.

    has_incident: it cannot go on somewhere; told in lists and on the case page. unread: a copy that the reader was sent
    and has not opened.
    """

    key: InstanceKey
    number: str
    process_id: str
    process_name: str
    definition_version: int
    definition_key: DefinitionKey
    subject: str
    unit_name: str
    state: InstanceState
    current: tuple[str, ...]
    level: RiskLevel
    starter_name: str
    started_at: datetime
    ended_at: datetime | None
    has_incident: bool = False
    suspended_at: datetime | None = None
    timing: Timing = NO_TIMING
    unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskRow:
    """A user task in a list, with the case it belongs to.

    process_id, process_name, definition_key, definition_version: of the process that it is drawn in, which may be a
    called one: then called_name is its name, else empty. case_process_name: of the case's own. item_number, item: its
    place in a loop, and the item in short. suspended: its case is, so nobody can complete it now.
    """

    key: UserTaskKey
    instance_key: InstanceKey
    number: str
    process_id: str
    process_name: str
    definition_key: DefinitionKey
    subject: str
    element_id: ElementId
    element_instance: ElementInstanceId
    element_name: str
    unit_name: str
    state: UserTaskState
    version: int
    assignee: str | None
    assignee_name: str | None
    candidate_positions: tuple[str, ...]
    form_id: str | None
    form_key: DefinitionKey | None
    form_version: int | None
    definition_version: int
    level: RiskLevel
    created_at: datetime
    completed_at: datetime | None
    outcome_name: str | None = None
    case_process_name: str = ""
    called_name: str = ""
    item_number: str = ""
    item: str = ""
    suspended: bool = False
    timing: Timing = NO_TIMING


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """A job in a list. `kind` is its type; `incident`: it failed and has no retries left, so somebody must mend it.

    process_id, process_name, definition_key, definition_version: as of a user task. worker, locked_until: who was
    given it, until when. message: why it failed last.
    """

    key: JobKey
    instance_key: InstanceKey
    number: str
    process_id: str
    process_name: str
    definition_key: DefinitionKey
    definition_version: int
    element_id: ElementId
    element_instance: ElementInstanceId
    element_name: str
    kind: str
    headers: Mapping[str, str]
    state: JobState
    retries: int
    worker: str
    locked_until: datetime | None
    message: str
    created_at: datetime
    ended_at: datetime | None

    @property
    def incident(self) -> bool:
        """Nothing happens until somebody mends it."""
        return self.state is JobState.FAILED and self.retries == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivatedJob:
    """A job with what its worker may see."""

    job: JobRow
    variables: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """An attachment or site photo. `code` is the required material it serves, or "" for another one.

    material: the name of that required material; empty where it is not known. hints: of a photo.
    """

    key: AttachmentKey
    kind: str
    code: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    uploaded_by: str
    uploaded_at: datetime
    material: str = ""
    hints: PhotoHints | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One form field old → new. `readable` is False when the case's key is destroyed: then both values are None."""

    path: str
    label: str
    old: object
    new: object
    readable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningView:
    """What a check said, as shown to clerk and inspector: a warning, or a check that passed.

    given_reason: why the clerk went on. data_versions: by source. exempt: the basis of an exemption. All empty in
    entries of the first version.
    """

    element_id: str
    element_name: str
    code: str
    name: str
    outcome: str
    level: RiskLevel
    reason: str
    parameters: Mapping[str, object]
    evidence: Mapping[str, object]
    given_reason: str = ""
    data_versions: Mapping[str, str] = field(default_factory=dict)
    exempt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One trace entry of a case, for people. Times are UTC; pages show the business zone.

    item: number of the user task in its loop. process_name: of the called process it happened in; empty in the case's
    own. job_type, message: of a job, and why it failed. incident: its kind; message says why. event_name: of a message
    or signal that arrived; due_at: of a timer; starts: it began the case. withheld: something of its content is not for
    this reader. returned: its outcome sent the case back. reason: why an operator suspended, resumed or cancelled it.
    """

    seq: int
    at: datetime
    kind: str
    person_name: str
    unit_name: str
    position_name: str
    element_id: str
    element_name: str
    outcome_code: str
    outcome_name: str
    negative: bool
    opinion: str
    changes: tuple[FieldChange, ...]
    attachments: tuple[FileView, ...]
    photos: tuple[FileView, ...]
    warnings: tuple[WarningView, ...]
    passed: tuple[WarningView, ...]
    flows: tuple[str, ...]
    refusal: str
    client: str
    hash: str
    item: str = ""
    process_name: str = ""
    job_type: str = ""
    message: str = ""
    incident: str = ""
    event_name: str = ""
    due_at: datetime | None = None
    starts: bool = False
    withheld: bool = False
    returned: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemEntry:
    """An entry of the system stream. case_key, case_number: the case it is about, if any.

    about: what else it is about, as codes with their values: ``file`` the first digits of its SHA-256, ``result``
    ``ok`` or ``altered``, ``view`` what was looked at, ``models``, ``person``, ``entries``, ``stream``, ``streams``.
    """

    entry: TimelineEntry
    case_key: InstanceKey | None = None
    case_number: str = ""
    about: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramView:
    """What to mark on the diagram: element ids finished and current, flows taken, levels by element, visit counts.

    name, version: of the process it draws. called: the diagrams of the called processes that the case has been in,
    in the order in which it came to them; empty in these themselves.
    """

    definition_key: DefinitionKey
    completed: tuple[str, ...]
    current: tuple[str, ...]
    flows: tuple[str, ...]
    levels: Mapping[str, RiskLevel]
    visits: Mapping[str, int]
    name: str = ""
    version: int = 0
    called: "tuple[DiagramView, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A person's unfinished work on a user task."""

    data: Mapping[str, object]
    outcome: str
    opinion: str
    saved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskView:
    """Everything the task page shows.

    form: the form-js schema as this reader may see it (read-only marked, hidden removed), None without a form.
    data: the values to show in it, the reader's draft laid over the case's variables.
    workable: this reader may complete it now; when not, `not_workable_reason` is a stable code.
    foresees: checks judge what is submitted here, so the draft can be judged beforehand.
    """

    task: UserTaskRow
    case: CaseRow
    form: Mapping[str, object] | None
    data: Mapping[str, object]
    outcomes: tuple[Outcome, ...]
    materials: tuple[RequiredMaterial, ...]
    files: tuple[FileView, ...]
    draft: DraftView
    law: str
    post: str
    timeline: tuple[TimelineEntry, ...]
    diagram: DiagramView
    warnings: tuple[WarningView, ...]
    workable: bool
    not_workable_reason: str = ""
    foresees: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenWarning:
    """What a check would say of a draft. stops: submitting would be refused; may_go_on: unless a reason is given."""

    warning: WarningView
    stops: bool = False
    may_go_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationView:
    """The answer to "was anything altered?" for one stream. `first_bad_seq`, `fault` and `reason` only when not ok.

    fault: what is wrong, as `engine.trace.verify.Fault`; reason: the same as one English sentence.
    """

    ok: bool
    entries: int
    files: int
    checked_at: datetime
    head_hash: str
    first_bad_seq: int | None = None
    reason: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything the case page shows."""

    case: CaseRow
    timeline: tuple[TimelineEntry, ...]
    diagram: DiagramView
    verification: VerificationView | None
    tasks: tuple[UserTaskRow, ...]
    jobs: tuple[JobRow, ...] = ()
    variables: Mapping[str, object] = field(default_factory=dict)
