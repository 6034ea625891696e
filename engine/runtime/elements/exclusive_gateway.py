"""Exclusive gateway: the first true flow in document order, else the default, else a refusal.

Corrects: SpiffWorkflow orders flows by their height in the diagram, so that moving a shape changed the decision,
and takes any value that Python calls true.
"""

from engine.runtime.elements.token import Flow, Token, TokenSpec, no_flow


class ExclusiveGateway(TokenSpec):
    """As a merge every token passes on by itself."""

    def choose(self, token: Token) -> tuple[Flow, ...]:
        """Exactly one flow."""
        for flow in self.outgoing:
            if not flow.default and self.holds(token, flow):
                return (flow,)
        return default_flow(self)


def default_flow(gateway: TokenSpec) -> tuple[Flow, ...]:
    """The default flow. Raises `Refused` ``gateway.no_flow`` if none was drawn."""
    for flow in gateway.outgoing:
        if flow.default:
            return (flow,)
    raise no_flow(gateway)
