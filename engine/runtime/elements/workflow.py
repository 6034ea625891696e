"""The running instance: SpiffWorkflow's engine loop over live tokens only.

Corrects: walks over the whole task tree several times a step (the cost grew with history), the depth limit of 1000
that silently stalled a loop after 500 rounds, and a restored workflow that fell back to the Python engine.
"""

from collections.abc import Callable, Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.bpmn.util.task import BpmnTaskFilter
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.model.errors import Refused
from engine.runtime.elements.inclusive_gateway import InclusiveGateway
from engine.runtime.elements.token import Token
from engine.runtime.environment import Environment
from engine.runtime.expressions import FeelEngine
from engine.runtime.journal import Journal

MAX_FIRINGS = 20_000
"""Elements that may fire in one step. Splits without joins multiply tokens; such a step is refused, not waited for."""

_ROOT = "#root"


class TokenProcessSpec(BpmnProcessSpec):
    """A process without SpiffWorkflow's inner elements, whose names (Start, End) collide with ids people draw."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.task_specs.clear()
        self.start = BpmnStartTask(self, _ROOT)
        self.end = None


class TokenWorkflow(BpmnWorkflow):
    """One instance during one step. `data` holds the variables, once; `world` is the step's environment."""

    def __init__(self, spec: TokenProcessSpec, *, engine: FeelEngine, world: Environment, journal: Journal) -> None:
        super().__init__(spec, script_engine=engine, deserializing=True)
        self.world = world
        self.journal = journal
        self.task_tree: Token | None = None
        self._ready: list[Token] = []
        self._held: dict[str, list[Token]] = {}
        self._firings = 0

    def wake(self, token: Token) -> None:
        """A token became ready. Those that wait for a person stay where they are."""
        if not token.task_spec.manual:
            self._ready.append(token)

    def forget(self, token: Token) -> None:
        """A token is no more."""
        self.tasks.pop(token.id, None)

    def hold(self, token: Token) -> None:
        """A token waits before a join."""
        self._held.setdefault(token.task_spec.name, []).append(token)

    def waiting_before(self, element: str) -> list[Token]:
        """Tokens that stand before a join, in order of arrival."""
        held = [token for token in self._held.get(element, ()) if token.state == TaskState.WAITING]
        self._held[element] = held
        return held

    def settle(self) -> None:
        """Run until every token waits for a person or before a join that cannot fire."""
        self.do_engine_steps()
        while self._fire_inclusive():
            self.do_engine_steps()

    def is_completed(self) -> bool:
        """Whether no token is left."""
        return not self.tasks

    def get_tasks_iterator(self, first_task: Token | None = None, **kwargs: Any) -> Iterator[Token]:
        """Live tokens that match. There is no tree to start in: `first_task` must be None."""
        if first_task is not None:
            raise NotImplementedError("Tokens have no descendants.")
        for name in ("skip_subprocesses", "max_depth", "depth_first", "end_at_spec"):
            kwargs.pop(name, None)
        found = kwargs.pop("task_filter", None) or BpmnTaskFilter(**kwargs)
        return iter([token for token in self.tasks.values() if found.matches(token)])

    def update_waiting_tasks(self) -> None:
        """Nothing to do: joins are woken by arrivals, not by walks."""

    def _do_engine_steps(
        self,
        will_complete_task: Callable[[Token], None] | None = None,
        did_complete_task: Callable[[Token], None] | None = None,
    ) -> bool:
        batch, self._ready = self._ready, []
        for token in batch:
            if token.state != TaskState.READY:
                continue
            self._count(token)
            if will_complete_task is not None:
                will_complete_task(token)
            token.run()
            if did_complete_task is not None:
                did_complete_task(token)
        return bool(batch)

    def _task_completed_notify(self, task: Token) -> None:
        self.forget(task)

    def _count(self, token: Token) -> None:
        self._firings += 1
        if self._firings > MAX_FIRINGS:
            raise Refused(
                "step.too_long",
                f"One step fired more than {MAX_FIRINGS} elements; the process multiplies its tokens.",
                params={"element": token.task_spec.name},
            )

    def _fire_inclusive(self) -> bool:
        for name, held in list(self._held.items()):
            spec = self.spec.task_specs[name]
            if held and isinstance(spec, InclusiveGateway) and spec.fire_if_enabled(self):
                return True
        return False
