"""The running instance: SpiffWorkflow's engine loop over live tokens only.

Corrects: walks over the whole task tree several times a step (the cost grew with history), the depth limit of 1000
that silently stalled a loop after 500 rounds, a second workflow for each subprocess, and a restored workflow that
fell back to the Python engine.
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
from engine.runtime.scopes import Scope

MAX_FIRINGS = 50_000
"""Elements that may fire in one step. Splits without joins multiply tokens; such a step is refused, not waited for."""

_ROOT = "#root"


class TokenProcessSpec(BpmnProcessSpec):
    """A process with its subprocesses, flat, without SpiffWorkflow's inner elements (their names collide with ids).

    firsts: where tokens begin, by the id of the process or subprocess.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.task_specs.clear()
        self.start = BpmnStartTask(self, _ROOT)
        self.end = None
        self.firsts: dict[str, tuple[str, ...]] = {}
        self.flow_sources: dict[str, str] = {}
        self.expressions: dict[str, Any] = {}


class TokenWorkflow(BpmnWorkflow):
    """One instance during one step. `data` holds the variables of the root scope; `world` is the environment."""

    def __init__(
        self,
        spec: TokenProcessSpec,
        *,
        engine: FeelEngine,
        world: Environment,
        journal: Journal,
        variables: dict[str, object],
    ) -> None:
        super().__init__(spec, script_engine=engine, deserializing=True)
        self.data = variables
        self.world = world
        self.journal = journal
        self.root = Scope(variables=variables, spec=spec)
        self.scopes: dict[str, Scope] = {}
        self.task_tree: Token | None = None
        self._ready: list[Token] = []
        self._held: dict[tuple[str, str], list[Token]] = {}
        self._emptied: list[Scope] = []
        self._firings = 0

    def open_scope(self, scope: Scope) -> Scope:
        """A new scope, known by its id until its owner is no more."""
        self.scopes[scope.id] = scope
        return scope

    def begin(self, scope: Scope, spec: TokenProcessSpec, names: tuple[str, ...]) -> None:
        """Put the first tokens into a scope."""
        tokens = [Token(self, spec.task_specs[name], scope=scope) for name in names]
        for token in tokens:
            token.task_spec._update(token)

    def called_at(self, scope: Scope) -> tuple[str, str]:
        """Id and digest of the called process that a scope belongs to; both empty in the instance's own process."""
        at: Scope | None = scope
        while at is not None:
            if at.process is not None:
                return at.process
            at = at.parent
        return "", ""

    def wake(self, token: Token) -> None:
        """A token became ready. Those that wait for somebody stay where they are."""
        if not token.task_spec.manual or token.whole_loop:
            self._ready.append(token)

    def forget(self, token: Token) -> None:
        """A token is no more, nor are its scopes; a scope that has lost its last token is to be closed."""
        self.tasks.pop(token.id, None)
        token.scope.tokens.pop(token.id, None)
        if token.instance is not None:
            self.scopes.pop(token.instance, None)
            self.scopes.pop(f"{token.instance}>", None)
        if not token.scope.tokens and token.scope.owner is not None:
            self._emptied.append(token.scope)

    def cancel_inside(self, token: Token) -> None:
        """Remove what works for a token: the tokens in its own scopes."""
        for name in (f"{token.instance}>", str(token.instance)):
            scope = self.scopes.get(name)
            if scope is not None:
                self.cancel_others(scope, None)

    def cancel_others(self, scope: Scope, spared: Token | None) -> None:
        """Remove every token of a scope but one, in the order in which they came."""
        for token in list(scope.tokens.values()):
            if token is not spared:
                token.cancel()
                if scope.rounds is not None:
                    scope.rounds.terminated += 1

    def hold(self, token: Token) -> None:
        """A token waits before a join."""
        self._held.setdefault((token.scope.id, token.task_spec.name), []).append(token)

    def waiting_before(self, scope: Scope, element: str) -> list[Token]:
        """Tokens of a scope that stand before a join, in order of arrival."""
        return self._waiting((scope.id, element))

    def _waiting(self, key: tuple[str, str]) -> list[Token]:
        held = [token for token in self._held.get(key, ()) if token.state == TaskState.WAITING]
        if held:
            self._held[key] = held
        else:
            self._held.pop(key, None)
        return held

    def settle(self) -> None:
        """Run until every token waits for somebody or before a join that cannot fire."""
        self._close_scopes()
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
            self._close_scopes()
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

    def _close_scopes(self) -> None:
        """A scope without tokens completes its owner, which may empty the scope around it, and so on outwards."""
        while self._emptied:
            scope = self._emptied.pop()
            owner = scope.owner
            if not scope.tokens and owner.id in self.tasks and owner.state == TaskState.STARTED:
                owner.complete()

    def _fire_inclusive(self) -> bool:
        for key in list(self._held):
            held = self._waiting(key)
            if held and isinstance(held[0].task_spec, InclusiveGateway) and held[0].task_spec.fire_if_enabled(held):
                return True
        return False
