"""What happened in one step of a process instance, in firing order. Replay folds these; it never runs the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

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
class Step:
    """The whole outcome of starting an instance or completing an element, run on to the next wait states.

    state: opaque bytes for the next call; only `engine.runtime` reads them. They hold the variables.
    variables: all variables of the instance after the step (FEEL values, numbers as int or Decimal); those of
        inner scopes are not among them.
    scopes: those inner scopes after the step, outer ones first.
    closed: user tasks and jobs that waited before the step and were terminated by it.
    ended: no token is left.
    """

    state: bytes
    variables: Mapping[str, object]
    transitions: tuple[Transition, ...] = ()
    waiting: tuple[WaitingUserTask, ...] = ()
    closed: tuple[ElementInstanceId, ...] = ()
    decisions: tuple[DecisionEvaluation, ...] = ()
    judgements: tuple[Judgement, ...] = field(default_factory=tuple)
    ended: bool = False
    jobs: tuple[WaitingJob, ...] = ()
    scopes: tuple[InnerScope, ...] = ()
