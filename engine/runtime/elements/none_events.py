"""None start event, none end event and terminate end event.

Corrects: SpiffWorkflow lets every end event wait in one inner join until all others have arrived, and shows an
implicit end as not completed. Here a token that arrives at an end event is consumed; the process, or the subprocess
in which it stands, has ended when no token is left.
"""

from typing import Any

from engine.runtime.elements.token import Flow, Token, TokenSpec


class StartEvent(TokenSpec):
    """Where the first token appears."""


class EndEvent(TokenSpec):
    """Consumes its token. A terminate end event also removes every other token of its process or subprocess."""

    def __init__(self, wf_spec: Any, bpmn_id: str, *, terminate: bool = False, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.terminate = terminate

    def choose(self, token: Token) -> tuple[Flow, ...]:  # noqa: ARG002 - the base's signature
        """Nothing leaves an end event."""
        return ()

    def _on_complete_hook(self, my_task: Token) -> None:
        super()._on_complete_hook(my_task)
        if self.terminate:
            my_task.workflow.cancel_others(my_task.scope, my_task)
