"""Process instances, their state, user tasks and jobs, drafts, attachments, and results of commands.

What is personal rests encrypted under the case's data key: subject, state, drafts and file names are ciphertext.
"""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from engine.store.tables.base import Base, Key, reference


class NumberSeries(Base):
    """The last case number of a prefix and year; the row is locked while a number is taken."""

    __tablename__ = "number_series"
    prefix: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class ProcessInstance(Base):
    """A case. Its row is the lock of everything that belongs to it and carries the head of its trace.

    starter_key: null when an event began it.
    """

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("process_instance_unit_idx", "unit_path", "key", postgresql_ops={"unit_path": "text_pattern_ops"}),
        Index("process_instance_starter_idx", "starter_key", "key"),
        Index("process_instance_definition_idx", "definition_key"),
        Index("process_instance_open_idx", "definition_key", "key", postgresql_where=text("ended_at is null")),
    )
    key: Mapped[Key]
    definition_key: Mapped[int] = mapped_column(reference("process_definition.key"))
    number: Mapped[str] = mapped_column(unique=True)
    unit_key: Mapped[int] = mapped_column(reference("org_unit.key"))
    unit_path: Mapped[str]
    starter_key: Mapped[int | None] = mapped_column(reference("person.key"))
    subject: Mapped[bytes]
    state: Mapped[str]
    level: Mapped[str]
    current: Mapped[list[str]] = mapped_column(ARRAY(Text))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    version: Mapped[int]
    last_seq: Mapped[int]
    head_hash: Mapped[bytes]


class CaseKey(Base):
    """The data key of a case, wrapped by the master key. Destroying it erases the case's personal data."""

    __tablename__ = "case_key"
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"), primary_key=True)
    wrapped: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    destroyed_at: Mapped[datetime | None]


class InstanceState(Base):
    """A snapshot of the interpreter's state of an instance, encrypted. version: of the instance when it was taken."""

    __tablename__ = "instance_state"
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"), primary_key=True)
    version: Mapped[int]
    body: Mapped[bytes]


class InstanceDelta(Base):
    """What the step to `version` of an instance changed, encrypted. Gone when a snapshot has taken it up."""

    __tablename__ = "instance_delta"
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes]


class UserTask(Base):
    """A user task. `version` guards against two people completing it at once.

    called_key: the called process it belongs to; null in the case's own. item_number, item: its place in a loop, and
    the item of the collection, encrypted.
    """

    __tablename__ = "user_task"
    __table_args__ = (
        UniqueConstraint("instance_key", "element_instance"),
        Index("user_task_open_idx", "key", postgresql_where=text("state = 'CREATED'")),
        Index("user_task_assignee_idx", "assignee_key", "key", postgresql_where=text("state = 'CREATED'")),
        Index("user_task_done_idx", "completed_by", "completed_at", "key"),
        Index("user_task_worked_idx", "instance_key", "completed_by"),
    )
    key: Mapped[Key]
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"))
    element_id: Mapped[str]
    element_instance: Mapped[str]
    element_name: Mapped[str]
    form_key: Mapped[int | None] = mapped_column(reference("form_definition.key"))
    state: Mapped[str]
    version: Mapped[int]
    assignee_key: Mapped[int | None] = mapped_column(reference("person.key"))
    created_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[int | None] = mapped_column(reference("person.key"))
    outcome_code: Mapped[str | None]
    outcome_name: Mapped[str | None]
    called_key: Mapped[int | None] = mapped_column(reference("process_definition.key"))
    item_number: Mapped[str] = mapped_column(server_default="")
    item: Mapped[bytes | None]


class Job(Base):
    """Work for a worker outside. `locked_until`: not handed out before; `message`: why it failed last, encrypted."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("instance_key", "element_instance"),
        Index(
            "job_waiting_idx", "type", "key", postgresql_where=text("state in ('CREATED', 'FAILED') and retries > 0")
        ),
        Index("job_incident_idx", "key", postgresql_where=text("state = 'FAILED' and retries = 0")),
    )
    key: Mapped[Key]
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"))
    called_key: Mapped[int | None] = mapped_column(reference("process_definition.key"))
    element_id: Mapped[str]
    element_instance: Mapped[str]
    element_name: Mapped[str]
    type: Mapped[str]
    headers: Mapped[dict[str, str]] = mapped_column(JSONB)
    state: Mapped[str]
    retries: Mapped[int]
    worker: Mapped[str] = mapped_column(server_default="")
    locked_until: Mapped[datetime | None]
    message: Mapped[bytes | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class UserTaskCandidate(Base):
    """Whoever holds `position` in the unit may work the user task."""

    __tablename__ = "user_task_candidate"
    __table_args__ = (Index("user_task_candidate_position_idx", "position", "unit_key", "user_task_key"),)
    user_task_key: Mapped[int] = mapped_column(reference("user_task.key"), primary_key=True)
    position: Mapped[str] = mapped_column(primary_key=True)
    unit_key: Mapped[int] = mapped_column(reference("org_unit.key"), primary_key=True)


class Draft(Base):
    """A person's unfinished form on a user task, encrypted."""

    __tablename__ = "draft"
    user_task_key: Mapped[int] = mapped_column(reference("user_task.key"), primary_key=True)
    person_key: Mapped[int] = mapped_column(reference("person.key"), primary_key=True)
    body: Mapped[bytes]
    saved_at: Mapped[datetime]


class Attachment(Base):
    """A file of a user task: a draft's until `bound_seq` names the trace entry that it travelled with.

    sha256: of the original bytes. stored_digest: of the encrypted bytes in the file store. name, hints: encrypted.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index("attachment_instance_idx", "instance_key"),
        Index("attachment_stored_idx", "stored_digest"),
    )
    key: Mapped[Key]
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"))
    user_task_key: Mapped[int] = mapped_column(reference("user_task.key"), index=True)
    kind: Mapped[str]
    code: Mapped[str]
    name: Mapped[bytes]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    stored_digest: Mapped[str]
    uploaded_by: Mapped[int] = mapped_column(reference("person.key"))
    uploaded_at: Mapped[datetime]
    bound_seq: Mapped[int | None]
    hints: Mapped[bytes | None]


class CommandResult(Base):
    """The first result of a command id, so that repeating the command returns it again."""

    __tablename__ = "command_result"
    __table_args__ = (Index("command_result_created_idx", "created_at"),)
    person_key: Mapped[int] = mapped_column(reference("person.key"), primary_key=True)
    command_id: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[str]
    body: Mapped[bytes]
    created_at: Mapped[datetime]
