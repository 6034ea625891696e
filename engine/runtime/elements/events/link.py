"""Link events: a throw event goes on at the catch event of the same name in the same process or subprocess.

Corrects: SpiffWorkflow drops both, and the instance ends early. A link is a sequence flow that is not drawn (BPMN
2.0.2, 10.5.5), so inclusive joins and the gate follow it, too.
"""

from engine.runtime.elements.token import Token, TokenSpec


class LinkThrow(TokenSpec):
    """Goes on at `LinkCatch`."""

    def _on_complete_hook(self, my_task: Token) -> None:
        super()._on_complete_hook(my_task)
        target = self.siblings.task_specs[self.siblings.links[self.name]]
        Token(my_task.workflow, target, scope=my_task.scope, parent=my_task)


class LinkCatch(TokenSpec):
    """Passes on."""
