"""What happened in one step of a process instance, in firing order. Replay folds these; it never runs the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.model.definitions import ElementDefinition
from engine.model.findings import Judgement
from engine.model.ids import ElementId, ElementInstanceId


class TransitionKind(StrEnum):
    ACTIVATED = "activated"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    FAILED = "failed"
    FLOW_TAKEN = "flow_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One change of one element instance, or one sequence flow taken.

    For FLOW_TAKEN `element` is the id of the sequence flow and `instance` the element instance that it left (of a
    multi-instance activity the last one that ended; ``<element id>#0`` if it had none).
    process_id: of the called process that the element belongs to; empty for the process of the instance itself.
    """

    kind: TransitionKind
    element: ElementId
    instance: ElementInstanceId
    type: str
    process_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingUserTask:
    """A user task that began to wait in this step. `assignee` is the evaluated assignment, if the model names one.

    process_id, digest: of the called process it belongs to; empty for the process of the instance itself.
    item_number: its place in a loop from 1, in nested loops from the outermost (``2.3``); empty outside of loops.
    item: of the collection of the innermost loop; None without one.
    """

    element: ElementId
    instance: ElementInstanceId
    assignee: str | None
    candidate_positions: tuple[str, ...]
    process_id: str = ""
    digest: str = ""
    item_number: str = ""
    item: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingJob:
    """A job that began to wait in this step for a worker outside. Completed as a user task is.

    type: evaluated. variables: those that the worker may see, a copy. process_id, digest: as of a user task.
    """

    element: ElementId
    instance: ElementInstanceId
    type: str
    retries: int
    headers: Mapping[str, str]
    variables: Mapping[str, object]
    process_id: str = ""
    digest: str = ""


class Occasion(StrEnum):
    """What reaches a process from outside, or leaves it."""

    MESSAGE = "message"
    SIGNAL = "signal"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTimer:
    """A timer that began to wait in this step, or got its next due time. The last one of an `instance` counts.

    instance: names the timer in `interpreter.fire`. It is the element instance of a catch event, and else an id of its
    own (``<element id>@n``), because a boundary event or the start of an event subprocess is activated only when it
    occurs. due_at: aware, UTC. left: how often it is still to fire, this time included; None: without end.
    process_id, digest: as of a user task.
    """

    element: ElementId
    instance: ElementInstanceId
    due_at: datetime
    left: int | None = 1
    process_id: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A wait for a message or signal that began in this step. `instance` as of a timer; a message names it in
    `interpreter.correlate`, a signal reaches all of its name at once (`interpreter.signal`).

    correlation_key: evaluated, as text; empty for signals.
    """

    element: ElementId
    instance: ElementInstanceId
    kind: Occasion
    name: str
    correlation_key: str = ""
    process_id: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A message that the instance has thrown, to be delivered after the step, to this instance as well; a signal, which
    this instance has caught already; or an escalation that nothing in the instance has caught, for information.

    name: of an escalation its code. correlation_key, message_id, time_to_live (ISO 8601 duration): of messages, empty
    where the model says nothing. variables: the payload, those that the event's input mappings made; a copy.
    """

    element: ElementId
    instance: ElementInstanceId
    kind: Occasion
    name: str
    correlation_key: str = ""
    message_id: str = ""
    time_to_live: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)
    process_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionEvaluation:
    """A decision that was taken by a table: which rules matched (1-based), on which inputs, with which output."""

    element: ElementId
    decision_id: str
    decision_digest: str
    matched_rules: tuple[int, ...]
    inputs: Mapping[str, object]
    output: object


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerScope:
    """Variables inside a process instance: of a subprocess, a loop, one instance of it, or a called process.

    id, parent: as `engine.runtime.scopes` names them; an empty parent is the root. process_id, digest: where a called
    process begins.
    """

    id: str
    parent: str
    variables: Mapping[str, object]
    process_id: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableChange:
    """A variable that a step has set. scope: the inner scope that it lives in, empty for the root.

    old: its value before; new: there was none. index: set when only one entry of a list was replaced, from 0; then
    `old` and `value` are that entry's.
    """

    scope: str
    name: str
    value: object
    old: object = None
    new: bool = False
    index: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The whole outcome of starting an instance or completing an element, run on to the next wait states.

    delta: what the step changed, opaque bytes to be kept after those of the steps before; only `engine.runtime` reads
        them.
    state: the whole state after the step, opaque too; empty where only the delta is wanted.
    variables: all variables of the instance after the step (FEEL values, numbers as int or Decimal); those of
        inner scopes are not among them.
    changed: variables that the step has set, in scopes that were there before.
    opened: inner scopes that were not there before, outer ones first. left: ids of those that are no more.
    closed: user tasks and jobs that waited before the step and were terminated by it; and timers and subscriptions
        that waited before it and do no longer, the one that the step was about included.
    ended: no token is left.
    stands_at: elements at which user tasks, jobs, catch events, receive tasks or event-based gateways wait after the
        step, each once, oldest first.
    timers, subscriptions: what began to wait in the step and still does; see there.
    published: in the order in which they were thrown.
    """

    delta: bytes
    variables: Mapping[str, object]
    state: bytes = b""
    changed: tuple[VariableChange, ...] = ()
    transitions: tuple[Transition, ...] = ()
    waiting: tuple[WaitingUserTask, ...] = ()
    closed: tuple[ElementInstanceId, ...] = ()
    decisions: tuple[DecisionEvaluation, ...] = ()
    judgements: tuple[Judgement, ...] = field(default_factory=tuple)
    ended: bool = False
    jobs: tuple[WaitingJob, ...] = ()
    stands_at: tuple[ElementDefinition, ...] = ()
    timers: tuple[WaitingTimer, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    published: tuple[Published, ...] = ()
    opened: tuple[InnerScope, ...] = ()
    left: tuple[str, ...] = ()
