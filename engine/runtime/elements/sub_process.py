"""Embedded subprocess: a scope of its own for tokens, joins, terminate end events and local variables.

Corrects: SpiffWorkflow makes a second workflow with copied variables, and walks finished ones on every step.
"""

from engine.runtime.elements.token import Token, TokenSpec


class SubProcess(TokenSpec):
    """Completes when no token is left in it."""

    def execute(self, token: Token) -> None:
        """Put the first tokens into it."""
        token.workflow.begin(token.make_local(), self.siblings, self.siblings.firsts[self.name])
