"""Boundary event: occurs while its activity waits or works; interrupting ends the activity, otherwise a token is added.

Corrects: SpiffWorkflow lets a non-interrupting message boundary event occur once only, and evaluates a conditional one
at once, failing when its variable is not there yet.
"""

from collections.abc import Mapping
from typing import Any

from engine.runtime.elements.token import Token, TokenSpec


class BoundaryEvent(TokenSpec):
    """Activated when it occurs. Its wait begins and ends with the activity; of a loop, with the loop as a whole."""

    def occur(self, workflow: Any, holder: Token, results: Mapping[str, object]) -> None:
        """Take the activity away if interrupting, then begin here."""
        token = Token(workflow, self, scope=holder.scope)
        token.results = dict(results)
        if self.event is not None and self.event.interrupting:
            holder.cancel()
        self._update(token)
