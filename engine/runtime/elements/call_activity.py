"""Call activity: another process, found when the token arrives (late binding), with variables of its own.

Corrects: SpiffWorkflow binds called processes when the caller is parsed and shares variables by reference.
"""

from engine.model.errors import Broken, Refused
from engine.runtime.activities import Called
from engine.runtime.elements.token import Token, TokenSpec
from engine.runtime.environment import CalledProcess
from engine.runtime.executable import ExecutableProcess
from engine.runtime.scopes import Scope
from engine.runtime.values import normalise

MAX_CALLS = 30
"""Processes that may call each other in one another. A process that calls itself without end is refused."""


class CallActivity(TokenSpec):
    """Completes when no token is left in the called process."""

    def execute(self, token: Token) -> None:
        """Find the process, give it its variables, start it."""
        called = self.activity.called
        if called is None:
            raise Broken("runtime.call_missing", f"{self.name} calls no process.")
        process_id = self._process_id(token, called)
        process: ExecutableProcess = token.workflow.world.call(
            CalledProcess(
                process_id=process_id,
                binding=called.binding,
                version_tag=called.version_tag,
                caller=token.workflow.called_at(token.scope),
            )
        )
        self._refuse_endless(token)
        self._refuse_without_start(process)
        local = token.local
        given = token.seen.visible() if called.propagate_parent else (local.variables if local else {})
        inside = token.workflow.open_scope(
            Scope(
                id=f"{token.instance}>",
                parent=token.scope,
                variables=normalise(dict(given)),
                owner=token,
                process=(process.definition.process_id, process.definition.digest),
                spec=process.spec,
            )
        )
        token.workflow.begin(inside, process.spec, process.definition.process_id)

    def deliver(self, token: Token) -> None:
        """What the called process has set comes back by name, or whatever it knows through the output mappings."""
        called = self.activity.called
        inside = token.workflow.scopes.get(f"{token.instance}>")
        if inside is not None and self.activity.outputs:
            token.results = inside.variables
        elif inside is not None and called is not None and called.propagate_child:
            token.results = {name: found for name, found in inside.variables.items() if name in inside.written}
        super().deliver(token)

    def _process_id(self, token: Token, called: Called) -> str:
        found = self.value(token, called.process)
        if not isinstance(found, str) or not found:
            raise Refused(
                "expression.failed",
                f"The expression at {self.name} does not give the id of a process to call.",
                params={"element": self.name, "expression": "", "reason": "not the id of a process"},
            )
        return found

    def _refuse_without_start(self, process: ExecutableProcess) -> None:
        process_id = process.definition.process_id
        if not process.spec.firsts[process_id]:
            raise Refused(
                "call.without_start",
                f"{self.name} calls {process_id}, which only events begin: it would wait for ever.",
                params={"element": self.name, "process": process_id},
            )

    def _refuse_endless(self, token: Token) -> None:
        depth, scope = 0, token.scope
        while scope.parent is not None:
            depth += scope.process is not None
            scope = scope.parent
        if depth >= MAX_CALLS:
            raise Refused(
                "call.too_deep",
                f"{self.name} is called more than {MAX_CALLS} calls deep; does a process call itself?",
                params={"element": self.name},
            )
