"""The running instance: SpiffWorkflow's engine loop over live tokens only.

Corrects: walks over the whole task tree several times a step (the cost grew with history), the depth limit of 1000
that silently stalled a loop after 500 rounds, a second workflow for each subprocess, and a restored workflow that
fell back to the Python engine.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.bpmn.util.task import BpmnTaskFilter
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.model.errors import Refused
from engine.model.ids import ElementInstanceId
from engine.runtime.changes import Changes, Variables
from engine.runtime.elements.events.propagation import Caught
from engine.runtime.elements.events.waits import Wait, Waits
from engine.runtime.elements.inclusive_gateway import InclusiveGateway
from engine.runtime.elements.token import Token, TokenSpec
from engine.runtime.environment import Environment
from engine.runtime.expressions import FeelEngine
from engine.runtime.journal import Journal
from engine.runtime.scopes import Scope

MAX_FIRINGS = 50_000
"""Elements that may fire in one step. Splits without joins multiply tokens; such a step is refused, not waited for."""

_ROOT = "#root"


class TokenProcessSpec(BpmnProcessSpec):
    """A process with its subprocesses, flat, without SpiffWorkflow's inner elements (their names collide with ids).

    firsts: where tokens begin, by the id of the process or subprocess. handlers: likewise the start events of its event
    subprocesses. around: the subprocess in which an element stands. links: from a link throw event to its catch event.
    ways_in: whence an element is reached other than by a sequence flow. returns: the `engine.runtime.returning.Map`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.task_specs.clear()
        self.start = BpmnStartTask(self, _ROOT)
        self.end = None
        self.firsts: dict[str, tuple[str, ...]] = {}
        self.flow_sources: dict[str, str] = {}
        self.handlers: dict[str, list[TokenSpec]] = {}
        self.around: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.ways_in: dict[str, list[str]] = {}
        self.expressions: dict[str, Any] = {}
        self.returns: Any = None


class TokenWorkflow(BpmnWorkflow):
    """One instance. `data` holds the variables of the root scope; `world` is the environment of the step.

    changes: what the step has changed. places: tokens by the element instance at which they stand. waits: for each
    element that waits for somebody or for an event, its waiting tokens in the order in which they were made. armed: the
    events that are waited for.
    """

    def __init__(
        self,
        spec: TokenProcessSpec,
        *,
        engine: FeelEngine,
        world: Environment,
        journal: Journal,
        variables: Mapping[str, object],
        serial: int = 0,
    ) -> None:
        super().__init__(spec, script_engine=engine, deserializing=True)
        self.changes = Changes(serial)
        self.data = Variables(variables, self.changes, "")
        self.world = world
        self.journal = journal
        self.root = Scope(variables=self.data, spec=spec)
        self.places: dict[str, Token] = {}
        self.waits: dict[TokenSpec, dict[int, Token]] = {}
        self.armed = Waits(self)
        self.scopes: dict[str, Scope] = {}
        self.task_tree: Token | None = None
        self._ready: list[Token] = []
        self._shouting: list[Token] = []
        self._held: dict[str, dict[str, list[Token]]] = {}
        self._stirred: dict[str, None] = {}
        self._emptied: list[Scope] = []
        self._thrown: list[tuple[Caught | Wait, dict[str, object]]] = []
        self._firings = 0

    def open_scope(self, scope: Scope) -> Scope:
        """A new scope, known by its id until its owner is no more."""
        scope.variables = Variables(scope.variables, self.changes, scope.id)
        self.scopes[scope.id] = scope
        self.changes.opened(scope)
        return scope

    def close_scope(self, name: str) -> None:
        """A scope, the events that it waited for, and what waited before its joins are no more."""
        self.armed.close_all(self.scopes.pop(name))
        self._held.pop(name, None)
        self.changes.shut(name)

    def begin(
        self,
        scope: Scope,
        spec: TokenProcessSpec,
        container: str,
        names: tuple[str, ...] = (),
        came: Mapping[str, object] | None = None,
    ) -> None:
        """Wait for the events of a process or subprocess, and put the first tokens into its scope.

        names: where they begin, if not where the drawing says. came: what the start event hands on, if one occurred.
        """
        for start in spec.handlers.get(container, ()):
            self.armed.arm(start, scope)
        tokens = [Token(self, spec.task_specs[name], scope=scope) for name in names or spec.firsts[container]]
        for token in tokens:
            if came is not None:
                token.occurred, token.results = token.task_spec.name, dict(came)
            token.task_spec._update(token)

    def later(self, caught: Caught, results: dict[str, object]) -> None:
        """What an element has thrown is caught as soon as it has run."""
        self._thrown.append((caught, results))

    def hear(self, name: str, variables: dict[str, object]) -> None:
        """A signal: whoever waits for it now catches it as soon as its thrower has run."""
        self._thrown.extend((wait, variables) for wait in self.armed.signals(name))

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
        if token.task_spec.shouts and not token.whole_loop:
            self._shouting.append(token)
        elif not token.task_spec.manual or token.whole_loop:
            self._ready.append(token)

    def place(self, token: Token, instance: ElementInstanceId) -> None:
        """A token has activated its element."""
        token.instance = instance
        self.places[instance] = token
        if (token.task_spec.manual or token.task_spec.patient) and not token.whole_loop:
            self.waits.setdefault(token.task_spec, {})[token.id] = token

    def remove(self, token: Token) -> None:
        """Take a token out of everything that knows it."""
        self.tasks.pop(token.id, None)
        token.scope.tokens.pop(token.id, None)
        if token.instance is not None:
            self.places.pop(token.instance, None)
            waiting = self.waits.get(token.task_spec, {})
            if waiting.pop(token.id, None) is not None and not waiting:
                del self.waits[token.task_spec]

    def forget(self, token: Token) -> None:
        """A token is no more, nor are its scopes; a scope that has lost its last token is to be closed."""
        self.remove(token)
        self.changes.gone(token)
        self.armed.close_all(token)
        self._stirred[token.scope.id] = None
        if token.instance is not None:
            for name in (token.instance, f"{token.instance}>"):
                if name in self.scopes:
                    self.close_scope(name)
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
                    self.changes.touched(scope)

    def hold(self, token: Token) -> None:
        """A token waits before a join."""
        self._held.setdefault(token.scope.id, {}).setdefault(token.task_spec.name, []).append(token)
        self._stirred[token.scope.id] = None

    def waiting_before(self, scope: Scope, element: str) -> list[Token]:
        """Tokens of a scope that stand before a join, in order of arrival."""
        joins = self._held.get(scope.id, {})
        held = [token for token in joins.pop(element, ()) if token.state == TaskState.WAITING]
        if held:
            joins[element] = held
        return held

    def settle(self) -> None:
        """Run until every token waits for somebody or before a join that cannot fire."""
        self._firings = 0
        self._follow()
        self.do_engine_steps()
        while self._fire_inclusive():
            self.do_engine_steps()
        if not self.tasks:
            self.armed.close_all(self.root)

    def refresh_timers(self) -> None:
        """Nothing to do: whoever keeps the time says when one is due."""

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
        if not batch and self._shouting:
            batch = [self._shouting.pop(0)]
        for token in batch:
            if token.state != TaskState.READY:
                continue
            self._count(token)
            if will_complete_task is not None:
                will_complete_task(token)
            token.run()
            self._follow()
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
                f"One step fired more than {MAX_FIRINGS} elements; it turns in a circle or multiplies its tokens.",
                params={"element": token.task_spec.name},
            )

    def _follow(self) -> None:
        """What the last move entails: catch what was thrown, close what is empty, look at conditions."""
        while self._thrown:
            caught, results = self._thrown.pop(0)
            if isinstance(caught, Caught) or self.armed.has(caught):
                caught.spec.occur(self, caught.holder, results)
        self._close_scopes()
        if self.changes.wrote:
            self.armed.look_at_conditions()
            self._close_scopes()

    def _close_scopes(self) -> None:
        """A scope without tokens completes its owner, which may empty the scope around it, and so on outwards."""
        while self._emptied:
            scope = self._emptied.pop()
            owner = scope.owner
            if not scope.tokens and owner.id in self.tasks and owner.state == TaskState.STARTED:
                owner.complete()

    def _fire_inclusive(self) -> bool:
        """Fire one inclusive join. Only where a token has moved since the last look can one have become enabled."""
        while self._stirred:
            scope_id = next(iter(self._stirred))
            scope = self.scopes.get(scope_id) if scope_id else self.root
            if scope is not None and any(join.fire_if_enabled(held) for join, held in self._inclusive(scope)):
                return True
            del self._stirred[scope_id]
        return False

    def _inclusive(self, scope: Scope) -> list[tuple[InclusiveGateway, list[Token]]]:
        """Inclusive joins with tokens before them, in the order in which the tokens were made."""
        found = [self.waiting_before(scope, element) for element in list(self._held.get(scope.id, ()))]
        joins = [(held[0].task_spec, held) for held in found if held]
        return sorted(
            ((join, held) for join, held in joins if isinstance(join, InclusiveGateway)), key=lambda one: one[1][0].id
        )
