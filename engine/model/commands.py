"""Commands that change something, and their results. One click, one command, one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.model.alerts import AlertStep, Verdict
from engine.model.ids import (
    AlertKey,
    CommandId,
    DefinitionKey,
    DeploymentKey,
    IncidentKey,
    InstanceKey,
    JobKey,
    UserTaskKey,
)
from engine.model.indicators import Indicator
from engine.model.views import WarningView


@dataclass(frozen=True, slots=True, kw_only=True)
class StartInstance:
    """Start a process instance: the newest version of `process_id`, or exactly `definition_key`.

    start_event: which of several; without it the first.
    """

    command_id: CommandId
    process_id: str | None = None
    definition_key: DefinitionKey | None = None
    variables: Mapping[str, object] = field(default_factory=dict)
    start_event: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteUserTask:
    """Complete a user task with an outcome, an opinion and form data; the actor's prepared files travel with it.

    version: of the user task as the actor saw it; None skips that comparison (the state is checked in any case).
    variables, opinion: None takes those of the actor's draft.
    action: the outcome's code; may be left out where the model offers exactly one.
    reasons: by check id, why the actor goes on although a check that allows it stopped them.
    """

    command_id: CommandId
    key: UserTaskKey
    version: int | None = None
    action: str | None = None
    opinion: str | None = ""
    variables: Mapping[str, object] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionResult:
    """What a completion led to. `next`: names of the elements that wait now."""

    instance_key: InstanceKey
    number: str
    ended: bool
    next: tuple[str, ...]
    warnings: tuple[WarningView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteJob:
    """A worker has done a job; `variables` are its results."""

    command_id: CommandId
    key: JobKey
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailJob:
    """A worker could not do a job. retries: how often it may still be tried. back_off_ms: not before."""

    command_id: CommandId
    key: JobKey
    retries: int
    message: str = ""
    back_off_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowError:
    """A job ends with a BPMN error, for an error event of the model to catch."""

    command_id: CommandId
    key: JobKey
    code: str
    message: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateJob:
    """Set how often a job may still be tried, or lend it for `lock_ms` from now; None leaves it as it is."""

    command_id: CommandId
    key: JobKey
    retries: int | None = None
    lock_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveIncident:
    """Do again what could not be carried out. reason: what was mended, for the trace."""

    command_id: CommandId
    key: IncidentKey
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteAround:
    """Complete the element of an incident in its place, with these variables; `reason` is needed."""

    command_id: CommandId
    key: IncidentKey
    reason: str
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeVariables:
    """Set variables of a case. key: of the case, or of a user task or job of it, whose scopes are then meant.

    local: set them in the innermost of these scopes; otherwise each where it is declared. `reason` is needed.
    """

    command_id: CommandId
    key: int
    variables: Mapping[str, object]
    reason: str
    local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishMessage:
    """Publish a message. time_to_live_ms: how long it waits for somebody. message_id: of a name once; empty: none."""

    command_id: CommandId
    name: str
    correlation_key: str = ""
    time_to_live_ms: int = 0
    message_id: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelateMessage:
    """Let a message reach somebody who waits for it now."""

    command_id: CommandId
    name: str
    correlation_key: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlated:
    """Which message it was, and which case it has reached already; None when it waits for one."""

    key: int
    instance_key: InstanceKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastSignal:
    """Let a signal reach everybody who waits for it."""

    command_id: CommandId
    name: str
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperateInstance:
    """Suspend, resume or cancel a process instance.

    reason: why, in the operator's words. reference: a number by which a program finds its own order again.
    """

    command_id: CommandId
    key: InstanceKey
    reason: str = ""
    reference: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignUserTask:
    """Give a user task to a person by sign-in name; None gives it back to its candidates."""

    command_id: CommandId
    key: UserTaskKey
    assignee: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftInput:
    """Unfinished work to keep.

    base: when the draft was last saved as far as the writer knows, None for never; only looked at when `checked`.
    """

    data: Mapping[str, object]
    outcome: str = ""
    opinion: str = ""
    base: datetime | None = None
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy:
    """Deploy files together: name (its ending tells the kind: .bpmn, .dmn, .form) and bytes."""

    command_id: CommandId
    resources: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedDefinition:
    """A process, decision or form as deployed. `new` is False when the same bytes were the newest version already."""

    kind: str
    id: str
    name: str
    key: DefinitionKey
    version: int
    resource_name: str
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """The result of a deployment, with the gate's warnings as text lines."""

    key: DeploymentKey
    definitions: tuple[DeployedDefinition, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleAlert:
    """Take an alert one step on. version: as the actor saw it; None skips that comparison. text: the opinion."""

    command_id: CommandId
    key: AlertKey
    step: AlertStep
    verdict: Verdict | None = None
    text: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeIndicator:
    """Propose a version of an indicator; `indicator.version` is not asked for. reason: why, kept in the trace."""

    command_id: CommandId
    indicator: Indicator
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideIndicator:
    """Publish a proposed version, or turn it down. reason: why, kept in the trace."""

    command_id: CommandId
    key: int
    publish: bool
    reason: str
