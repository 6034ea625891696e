"""Tokens, and the element that all others are made from.

Corrects, all found in trials/runtime/REPORT.md: prediction of everything that may come (2^n tasks for n AND blocks;
endless for a cycle), variables copied into every task, finished tasks kept for ever, and children known only by
their target, so that the sequence flow taken had to be guessed.
"""

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.model.definitions import ElementDefinition
from engine.model.errors import Broken, Refused
from engine.model.ids import ElementInstanceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """An outgoing sequence flow. `condition` is a compiled FEEL text or None; a default flow has none."""

    id: str
    target: str
    condition: str | None
    default: bool


class Token(Task):
    """One token.

    flow: the sequence flow it came over. instance: set once it activates its element; None while it waits
    before a join. chosen: the sequence flows it leaves over.
    """

    def __init__(
        self,
        workflow: Any,
        spec: "TokenSpec",
        *,
        parent: "Token | None" = None,
        flow: str | None = None,
        instance: ElementInstanceId | None = None,
        state: int = TaskState.FUTURE,
    ) -> None:
        self.flow = flow
        self.instance = instance
        self.chosen: tuple[Flow, ...] = ()
        super().__init__(workflow, spec, parent, state)
        if state == TaskState.WAITING:
            workflow.hold(self)

    def _set_state(self, value: int) -> None:
        """Without the logging of every change, which costs a tenth of a step."""
        self._state = value
        if value == TaskState.READY:
            self.workflow.wake(self)
        elif value == TaskState.WAITING:
            self.workflow.hold(self)


class TokenSpec(BpmnSpecMixin):
    """A flow node. Subclasses say what it does (`execute`) and where its token goes on (`choose`)."""

    def __init__(self, wf_spec: Any, bpmn_id: str, *, definition: ElementDefinition, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, inputs=[], outputs=[], data={}, defines={}, **kwargs)
        self.definition = definition
        self.incoming: tuple[str, ...] = ()
        self.outgoing: tuple[Flow, ...] = ()

    def execute(self, token: Token) -> None:
        """The work of the element."""

    def choose(self, token: Token) -> tuple[Flow, ...]:  # noqa: ARG002 - subclasses need it
        """The outgoing sequence flows that receive a token: here all of them."""
        return self.outgoing

    def holds(self, token: Token, flow: Flow) -> bool:
        """Whether the condition of a flow is true; null counts as false, anything but a boolean is refused."""
        if flow.condition is None:
            return True
        known = token.workflow.journal.supervision.get(token.instance)
        value = token.workflow.script_engine.evaluate(token, flow.condition, external_context=known)
        if value is None or value is True or value is False:
            return value is True
        raise Refused(
            "expression.failed",
            f"The condition of {flow.id} at {self.name} gave neither true nor false.",
            params={"element": self.name, "expression": flow.condition, "reason": "not a boolean"},
        )

    def test(self) -> None:
        """The model gate has looked at the connections, once and for all."""

    def _predict(self, my_task: Token, *_: Any, **__: Any) -> None:
        """Nothing is predicted. Tokens are made when a flow is taken."""

    def _update_hook(self, my_task: Token) -> bool:  # noqa: ARG002 - joins need it
        """A token arrives. No variables are copied: they live once, at the workflow."""
        return True

    def _on_ready_hook(self, my_task: Token) -> None:
        workflow = my_task.workflow
        my_task.instance = workflow.journal.activated(self.definition)
        if self.definition.checks:
            judgement = workflow.world.judge(self.definition, dict(workflow.data))
            workflow.journal.judged(my_task.instance, judgement)

    def _run_hook(self, my_task: Token) -> bool:
        self.execute(my_task)
        my_task.chosen = self.choose(my_task)
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        if my_task.instance is None:
            raise Broken("runtime.token_without_instance", f"A token completed {self.name} without activating it.")
        workflow = my_task.workflow
        workflow.journal.completed(self.definition, my_task.instance)
        for flow in my_task.chosen:
            workflow.journal.flow_taken(flow.id, my_task.instance)
            Token(workflow, workflow.spec.task_specs[flow.target], parent=my_task, flow=flow.id)

    def _on_cancel(self, my_task: Token) -> None:
        if my_task.instance is not None:
            my_task.workflow.journal.terminated(self.definition, my_task.instance)
        my_task.workflow.forget(my_task)
