"""Embedded subprocess: a scope of its own for tokens, joins, terminate end events and local variables.

Corrects: SpiffWorkflow makes a second workflow with copied variables, and walks finished ones on every step.
"""

from engine.runtime.elements.token import Token, TokenSpec


class SubProcess(TokenSpec):
    """Completes when no token is left in it."""

    def execute(self, token: Token) -> bool | None:
        """Put the first tokens into it. One in which nothing is drawn is done at once."""
        firsts = self.siblings.firsts[self.name]
        if not firsts:
            return True
        token.workflow.begin(token.make_local(), self.siblings, firsts)
        return None
