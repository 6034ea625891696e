"""Parallel gateway: fires when every incoming flow has a token, and consumes exactly one of each.

Corrects: SpiffWorkflow looks for ancestors in the task tree and fires too early when the join stands in a loop
(trials/runtime/join_in_loop.py: wrong in half of all orders), and it loses excess tokens. Counting tokens by the flow
they came over needs no history: what a former round brought was consumed by that round. Excess tokens stay.
"""

from SpiffWorkflow.util.task import TaskState

from engine.runtime.elements.token import Flow, Token, TokenSpec


class ParallelGateway(TokenSpec):
    """Splits to all outgoing flows without looking at conditions."""

    def choose(self, token: Token) -> tuple[Flow, ...]:  # noqa: ARG002 - the base's signature
        """Every flow."""
        return self.outgoing

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.incoming) <= 1:
            return True
        my_task._set_state(TaskState.WAITING)
        first: dict[str | None, Token] = {}
        for token in my_task.workflow.waiting_before(my_task.scope, self.name):
            first.setdefault(token.flow, token)
        if len(first) < len(self.incoming):
            return False
        consume([token for token in first.values() if token is not my_task])
        return True


def consume(tokens: list[Token]) -> None:
    """Take tokens that merge into another one out of the game."""
    for token in tokens:
        token._set_state(TaskState.CANCELLED)
        token.workflow.forget(token)
