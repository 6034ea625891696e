"""Event-based gateway: waits for several events at once; the first that occurs gets the token, the others are off.

Corrects: SpiffWorkflow keeps one due time for all timers of a gateway.
"""

from engine.runtime.elements.token import Flow, Token, TokenSpec


class EventGateway(TokenSpec):
    """Its events occur here; at the event itself the token then passes straight through."""

    patient = True

    def execute(self, token: Token) -> None:
        """Begin to wait for everything behind it."""
        for flow in self.outgoing:
            token.workflow.armed.arm(self.siblings.task_specs[flow.target], token)

    def choose(self, token: Token) -> tuple[Flow, ...]:
        """The flow to the event that has occurred."""
        return tuple(flow for flow in self.outgoing if flow.target == token.occurred)

    def deliver(self, token: Token) -> None:
        """What came belongs to the event."""

    def pass_on(self, token: Token, flow: Flow) -> None:
        """The event has occurred already."""
        target = self.siblings.task_specs[flow.target]
        event = Token(token.workflow, target, scope=token.scope, parent=token, flow=flow.id)
        event.occurred, event.results = token.occurred, token.results
