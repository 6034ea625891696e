"""Intermediate catch event: waits for a timer, message, signal or condition; behind an event-based gateway it has
occurred already when the token arrives.
"""

from collections.abc import Mapping
from typing import Any

from engine.runtime.elements.token import Token, TokenSpec


class CatchEvent(TokenSpec):
    """`occur` lets its token go on with what came, through the output mappings or by name."""

    patient = True

    def execute(self, token: Token) -> bool | None:
        """Begin to wait."""
        if token.occurred:
            return True
        token.workflow.armed.arm(self, token, token.instance)
        return None

    def occur(self, workflow: Any, holder: Token, results: Mapping[str, object]) -> None:  # noqa: ARG002 - one signature
        """It has happened, here or at the event-based gateway that waits for it."""
        holder.results = dict(results)
        holder.occurred = self.name
        holder.complete()


class ReceiveTask(CatchEvent):
    """A task that waits for a message; in a loop each instance waits for its own.

    Without a message it waits for nobody, which the gate refuses.
    """
