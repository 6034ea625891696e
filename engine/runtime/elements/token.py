"""Tokens, and the element that all others are made from.

Corrects, all found in trials/runtime/REPORT.md: prediction of everything that may come (2^n tasks for n AND blocks;
endless for a cycle), variables copied into every task, finished tasks kept for ever, and children known only by
their target, so that the sequence flow taken had to be guessed.

A token lives through SpiffWorkflow's states: FUTURE on its flow, WAITING before a join, READY when its element has
been activated, STARTED while others work for it (a subprocess, a loop), COMPLETED or CANCELLED.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.model.definitions import ElementDefinition
from engine.model.errors import Broken, Refused
from engine.model.findings import CheckPhase
from engine.model.ids import ElementInstanceId
from engine.runtime.activities import Activity, IoMapping, Value
from engine.runtime.elements import loops
from engine.runtime.events import Event
from engine.runtime.scopes import Scope, put
from engine.runtime.values import normalise


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
    before a join. scope: where it lives. results: what its element has found out, until it is delivered. occurred: the
    event that made it go on; onward: the element it goes straight to, both within a step. number: its id, from 1 in the
    order in which the tokens of the instance were made.
    """

    def __init__(
        self,
        workflow: Any,
        spec: "TokenSpec",
        *,
        scope: Scope | None = None,
        parent: "Token | None" = None,
        flow: str | None = None,
        instance: ElementInstanceId | None = None,
        state: int = TaskState.FUTURE,
        number: int | None = None,
    ) -> None:
        self.flow = flow
        self.instance = instance
        self.scope: Scope = workflow.root if scope is None else scope
        self.results: dict[str, object] = {}
        self.index: int | None = None
        self.item: object = None
        self.occurred = ""
        self.onward = ""
        super().__init__(workflow, spec, parent, state, number or workflow.changes.number())
        self.scope.tokens[self.id] = self
        workflow.changes.moved(self)
        if state == TaskState.WAITING:
            workflow.hold(self)
        if instance is not None:
            workflow.place(self, instance)

    @property
    def inner(self) -> bool:
        """Whether this is one instance of a loop, and not the token that waits for all of them."""
        return self.scope.rounds is not None

    @property
    def whole_loop(self) -> bool:
        """Whether this token waits for the instances of its loop."""
        return self.task_spec.activity.loop is not None and not self.inner

    @property
    def local(self) -> Scope | None:
        """The scope of this element instance, if it has variables of its own."""
        found: Scope | None = self.workflow.scopes.get(self.instance)
        return found

    @property
    def seen(self) -> Scope:
        """The scope from which its expressions look outwards."""
        return self.local or self.scope

    def make_local(self) -> Scope:
        """The scope of this element instance, made if there is none."""
        return self.local or self.workflow.open_scope(Scope(id=str(self.instance), parent=self.scope, owner=self))

    def _set_state(self, value: int) -> None:
        """Without the logging of every change, which costs a tenth of a step."""
        self._state = value
        self.workflow.changes.moved(self)
        if value == TaskState.READY:
            self.workflow.wake(self)
        elif value == TaskState.WAITING:
            self.workflow.hold(self)


class TokenSpec(BpmnSpecMixin):
    """A flow node. Subclasses say what it does (`execute`) and where its token goes on (`choose`).

    patient: its tokens wait for an event. shouts: they throw a signal. boundaries: the boundary events attached to it.
    """

    patient = False
    shouts = False

    def __init__(
        self,
        wf_spec: Any,
        bpmn_id: str,
        *,
        definition: ElementDefinition,
        activity: Activity,
        event: Event | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(wf_spec, bpmn_id, inputs=[], outputs=[], data={}, defines={}, **kwargs)
        self.definition = definition
        self.activity = activity
        self.event = event
        self.boundaries: tuple[TokenSpec, ...] = ()
        self.incoming: tuple[str, ...] = ()
        self.outgoing: tuple[Flow, ...] = ()

    @property
    def siblings(self) -> Any:
        """The specification of the process that it belongs to."""
        return self._wf_spec

    def begin(self, token: Token) -> None:
        """What happens as soon as the element is activated."""

    def execute(self, token: Token) -> bool | None:  # noqa: ARG002 - subclasses need it
        """The work of the element. None: others work for it, and its scope will complete it."""
        return True

    def choose(self, token: Token) -> tuple[Flow, ...]:
        """The outgoing sequence flows that receive a token.

        All without condition and all whose condition is true; the default if none with a condition is true.
        """
        conditional = [flow for flow in self.outgoing if flow.condition is not None]
        true = {flow.id for flow in conditional if self.holds(token, flow)}
        taken = tuple(
            flow for flow in self.outgoing if flow.id in true or (not true if flow.default else flow.condition is None)
        )
        if not taken and conditional:
            raise no_flow(self)
        return taken

    def holds(self, token: Token, flow: Flow) -> bool:
        """Whether the condition of a flow is true; null counts as false, anything but a boolean is refused."""
        if flow.condition is None:
            return True
        known = token.workflow.journal.supervision.get(token.instance)
        return self.is_true(token, flow.condition, f"The condition of {flow.id}", token.scope, known)

    def is_true(
        self, token: Token, text: str, what: str, scope: Scope, known: Mapping[str, object] | None = None
    ) -> bool:
        """A FEEL text that must be a boolean or null."""
        found = self.evaluate(token, text, scope, known)
        if found is None or found is True or found is False:
            return found is True
        raise Refused(
            "expression.failed",
            f"{what} at {self.name} gave neither true nor false.",
            params={"element": self.name, "expression": text, "reason": "not a boolean"},
        )

    def evaluate(
        self, token: Token, text: str, scope: Scope | None = None, known: Mapping[str, object] | None = None
    ) -> object:
        """The value of a FEEL text of this element, from the token's scope or another one outwards."""
        found: object = token.workflow.script_engine.evaluate(
            token, text, external_context=known, scope=token.seen if scope is None else scope
        )
        return found

    def value(self, token: Token, drawn: Value, scope: Scope | None = None) -> object:
        """The value of an attribute."""
        return drawn.constant if drawn.expression is None else self.evaluate(token, drawn.expression, scope)

    def test(self) -> None:
        """The model gate has looked at the connections, once and for all."""

    def _predict(self, my_task: Token, *_: Any, **__: Any) -> None:
        """Nothing is predicted. Tokens are made when a flow is taken."""

    def _update_hook(self, my_task: Token) -> bool:  # noqa: ARG002 - joins need it
        """A token arrives. No variables are copied: they live once, at their scopes."""
        return True

    def _on_ready_hook(self, my_task: Token) -> None:
        workflow = my_task.workflow
        if my_task.whole_loop:
            workflow.place(my_task, workflow.journal.looping(self.definition))
            self._arm(my_task)
            return
        workflow.place(my_task, workflow.journal.activated(self.definition, workflow.called_at(my_task.scope)[0]))
        if my_task.inner:
            loops.equip(my_task)
        for mapping in self.activity.inputs:
            self._map(my_task, mapping, my_task.make_local(), my_task.seen)
        self._judge(my_task, CheckPhase.ENTRY)
        if not my_task.inner:
            self._arm(my_task)
        self.begin(my_task)

    def _arm(self, token: Token) -> None:
        for boundary in self.boundaries:
            token.workflow.armed.arm(boundary, token)

    def _judge(self, token: Token, phase: CheckPhase) -> None:
        """Ask the checks of a phase; each sees a copy of the variables."""
        if any(check.phase is phase for check in self.definition.checks):
            judgement = token.workflow.world.judge(self.definition.at(phase), dict(token.seen.visible()))
            token.workflow.journal.judged(token.instance, judgement)

    def _map(self, token: Token, mapping: IoMapping, into: Scope, seen: Scope) -> None:
        found = self.value(token, mapping.source, seen)
        put(into.variables, mapping.target, normalise({"": found})[""])

    def _run_hook(self, my_task: Token) -> bool | None:
        return loops.enter(my_task) if my_task.whole_loop else self.execute(my_task)

    def deliver(self, token: Token) -> None:
        """Hand the results out: through the output mappings if there are any, else by name."""
        if not self.activity.outputs:
            token.seen.merge(normalise(token.results))
            return
        inside = Scope(id="", parent=token.seen, variables=normalise(token.results))
        outside = token.seen if token.inner else token.scope
        for mapping in self.activity.outputs:
            self._map(token, mapping, Scope(variables=outside.home(mapping.target[0])), inside)

    def _on_complete_hook(self, my_task: Token) -> None:
        if my_task.instance is None:
            raise Broken("runtime.token_without_instance", f"A token completed {self.name} without activating it.")
        workflow = my_task.workflow
        if my_task.whole_loop:
            leaving = loops.leave(my_task)
        else:
            self.deliver(my_task)
            self._judge(my_task, CheckPhase.SUBMIT)
            leaving = my_task.instance
        chosen = () if my_task.inner or my_task.onward else self.choose(my_task)
        if not my_task.whole_loop:
            workflow.journal.completed(self.definition, my_task.instance, workflow.called_at(my_task.scope)[0])
        if my_task.inner:
            loops.advance(my_task)
        for flow in chosen:
            workflow.journal.flow_taken(flow.id, leaving, workflow.called_at(my_task.scope)[0])
            self.pass_on(my_task, flow)
        if my_task.onward:
            Token(workflow, self.siblings.task_specs[my_task.onward], scope=my_task.scope, parent=my_task)

    def pass_on(self, token: Token, flow: Flow) -> None:
        """A new token on an outgoing flow."""
        Token(token.workflow, self.siblings.task_specs[flow.target], scope=token.scope, parent=token, flow=flow.id)

    def _on_cancel(self, my_task: Token) -> None:
        workflow = my_task.workflow
        workflow.cancel_inside(my_task)
        if my_task.instance is not None and not my_task.whole_loop:
            process_id = workflow.called_at(my_task.scope)[0]
            workflow.journal.terminated(self.definition, my_task.instance, process_id, waits=self.manual)
        workflow.forget(my_task)


def no_flow(element: TokenSpec) -> Refused:
    """Nothing is true and there is no default."""
    return Refused(
        "gateway.no_flow",
        f"No condition after {element.name} is true and there is no default flow.",
        params={"element": element.name},
    )
