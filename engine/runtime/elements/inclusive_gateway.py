"""Inclusive gateway: all true flows, else the default; as a join it waits for tokens that can still arrive.

BPMN 2.0.2, 13.4.3: activated when at least one incoming flow has a token and every token elsewhere that can reach
an incoming flow without a token can also reach one with a token; neither path may pass through the gateway itself.
Links are paths, and so is a boundary event that interrupts: the token goes one way or the other. One that does not
interrupt adds a token and leaves the activity's own to come: it may bring a token, but it excuses none.
Corrects: SpiffWorkflow looks at the specs of ready tasks only, not at the place of every token.

It is judged when nothing else can move, so the order in which the engine moves tokens does not change the outcome.
"""

from collections.abc import Iterable

from SpiffWorkflow.util.task import TaskState

from engine.runtime.elements.exclusive_gateway import default_flow
from engine.runtime.elements.parallel_gateway import consume
from engine.runtime.elements.token import Flow, Token, TokenSpec
from engine.runtime.scopes import Scope


class InclusiveGateway(TokenSpec):
    """`fire_if_enabled` is called by the workflow whenever it has come to rest."""

    def choose(self, token: Token) -> tuple[Flow, ...]:
        """Every flow whose condition is true; the default if none is."""
        taken = tuple(flow for flow in self.outgoing if not flow.default and self.holds(token, flow))
        return taken or default_flow(self)

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.incoming) <= 1:
            return True
        my_task._set_state(TaskState.WAITING)
        return False

    def fire_if_enabled(self, held: list[Token]) -> bool:
        """Fire once if the join is enabled: one token of every incoming flow that has one."""
        first: dict[str | None, Token] = {}
        for token in held:
            first.setdefault(token.flow, token)
        if not first or not self._enabled(held[0].scope, first.keys()):
            return False
        firing, *others = first.values()
        consume(others)
        firing._ready()
        return True

    def _enabled(self, scope: Scope, filled: Iterable[str | None]) -> bool:
        with_token = {flow for flow in self.incoming if flow in filled}
        empty = [flow for flow in self.incoming if flow not in with_token]
        if not empty:
            return True
        places = {token.task_spec.name for token in scope.tokens.values() if token.task_spec is not self}
        if not places:
            return True
        return not places & (self._upstream(empty) - self._upstream(with_token, instead=True))

    def _upstream(self, flows: Iterable[str], *, instead: bool = False) -> set[str]:
        """Elements from which one of the flows can be reached without passing this gateway.

        instead: only on ways that a token takes instead of another one.
        """
        sources: dict[str, str] = self.siblings.flow_sources
        found: set[str] = set()
        todo = [sources[flow] for flow in flows]
        while todo:
            name = todo.pop()
            if name != self.name and name not in found:
                found.add(name)
                spec = self.siblings.task_specs[name]
                todo.extend(sources[flow] for flow in spec.incoming)
                if not instead or spec.event is None or spec.event.interrupting:
                    todo.extend(self.siblings.ways_in.get(name, ()))
        return found
