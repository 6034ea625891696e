"""Trace entries. We log so that an exercise of power can be traced back at any time (clause 5.5.4); we log who did
what, when, in which unit and position, with which opinion, result, attachments, photos and warnings.

The kinds are past-tense and versioned. The payload of a kind never changes once used: a change is a new version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.actors import Actor, Client
from engine.model.ids import CommandId

SYSTEM_STREAM = 0
"""The stream that holds what belongs to no case. A case's stream is its process instance key."""


class EntryKind(StrEnum):
    """Kinds of trace entries; each has a JSON schema of the same name in `engine/trace/schemas/`.

    Those with ``_V1`` are read and verified for ever and not written any more.
    """

    PROCESS_INSTANCE_STARTED_V1 = "process_instance.started.v1"
    PROCESS_INSTANCE_STARTED = "process_instance.started.v2"
    PROCESS_INSTANCE_SUSPENDED = "process_instance.suspended.v1"
    PROCESS_INSTANCE_RESUMED = "process_instance.resumed.v1"
    PROCESS_INSTANCE_CANCELLED = "process_instance.cancelled.v1"
    PROCESS_INSTANCE_ERASED = "process_instance.erased.v1"
    USER_TASK_ASSIGNED = "user_task.assigned.v1"
    USER_TASK_COMPLETED_V1 = "user_task.completed.v1"
    USER_TASK_COMPLETED = "user_task.completed.v2"
    USER_TASK_SENT_BACK = "user_task.sent_back.v1"
    USER_TASK_WITHDRAWN = "user_task.withdrawn.v1"
    USER_TASK_TRANSFERRED = "user_task.transferred.v1"
    USER_TASK_SIGNERS_ADDED = "user_task.signers_added.v1"
    USER_TASK_SIGNED = "user_task.signed.v1"
    USER_TASK_SIGNER_REMOVED = "user_task.signer_removed.v1"
    PROCESS_INSTANCE_URGED = "process_instance.urged.v1"
    PROCESS_INSTANCE_COPIED = "process_instance.copied.v1"
    JOB_COMPLETED_V1 = "job.completed.v1"
    JOB_COMPLETED = "job.completed.v2"
    JOB_FAILED = "job.failed.v1"
    TIMER_FIRED = "timer.fired.v1"
    MESSAGE_CORRELATED = "message.correlated.v1"
    SIGNAL_CAUGHT = "signal.caught.v1"
    JOB_ERROR_THROWN = "job.error_thrown.v1"
    JOB_UPDATED = "job.updated.v1"
    ELEMENT_ROUTED_AROUND = "element.routed_around.v1"
    VARIABLES_CHANGED = "variables.changed.v1"
    INCIDENT_CREATED = "incident.created.v1"
    INCIDENT_RESOLVED = "incident.resolved.v1"
    ALERT_HANDLED = "alert.handled.v1"
    ALERT_CLIMBED = "alert.climbed.v1"
    CHECK_JUDGED = "check.judged.v1"
    DEADLINE_TURNED = "deadline.turned.v1"
    CLOCK_PAUSED = "clock.paused.v1"
    CLOCK_RESUMED = "clock.resumed.v1"
    COMMAND_REFUSED_V1 = "command.refused.v1"
    COMMAND_REFUSED = "command.refused.v2"
    INDICATOR_PROPOSED = "indicator.proposed.v1"
    INDICATOR_DECIDED = "indicator.decided.v1"
    DEPLOYMENT_CREATED = "deployment.created.v1"
    SESSION_SIGNED_IN = "session.signed_in.v1"
    SESSION_SIGN_IN_FAILED = "session.sign_in_failed.v1"
    SESSION_SIGNED_OUT = "session.signed_out.v1"
    TOKEN_ISSUED = "token.issued.v1"  # noqa: S105 -- a kind, not a password
    PERSON_CREATED = "person.created.v1"
    PERSON_CHANGED = "person.changed.v1"
    CASE_READ = "case.read.v1"
    CASE_READ_REFUSED = "case.read_refused.v1"
    CASES_SEARCHED = "cases.searched.v1"
    CASES_EXPORTED = "cases.exported.v1"
    FILE_READ = "file.read.v1"
    CASE_EXPORTED = "case.exported.v1"
    ERASURE_PROPOSED = "erasure.proposed.v1"
    ERASURE_DECLINED = "erasure.declined.v1"
    SYSTEM_TRACE_READ = "system_trace.read.v1"
    TRACE_VERIFIED = "trace.verified.v1"
    CALENDAR_CHANGED = "calendar.changed.v1"
    EXEMPTION_GRANTED = "exemption.granted.v1"
    EXEMPTION_ENDED = "exemption.ended.v1"
    SWEEP_ENDED = "sweep.ended.v1"
    DEMONSTRATION_LOADED = "demonstration.loaded.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceDraft:
    """What a command wants to have written. Values of `payload` may be `Classified`."""

    kind: EntryKind
    at: datetime
    actor: Actor | None
    client: Client
    command_id: CommandId
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a stream's chain: sequence number and hash of the newest entry (0 and b"" before the first)."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedEntry:
    """An entry as stored: `body` is the canonical bytes exactly as hashed, `hash` the leaf hash over them."""

    stream: int
    seq: int
    kind: str
    at: datetime
    algorithm: str
    body: bytes
    hash: bytes
    previous_hash: bytes
