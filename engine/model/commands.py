"""Commands that change something, and their results. One click, one command, one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.model.alerts import AlertStep, Verdict
from engine.model.ids import AlertKey, CommandId, DefinitionKey, DeploymentKey, InstanceKey, JobKey, UserTaskKey
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
