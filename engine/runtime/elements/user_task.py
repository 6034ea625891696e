"""User task: waits for a person. The assignment is evaluated when the token arrives, not when somebody looks."""

from SpiffWorkflow.bpmn.specs.mixins.user_task import UserTask as SpiffUserTask

from engine.model.errors import Broken, Refused
from engine.model.transitions import WaitingUserTask
from engine.runtime.elements.token import Token, TokenSpec
from engine.runtime.scopes import Scope


class UserTask(TokenSpec, SpiffUserTask):
    """`manual` (set by SpiffWorkflow's mixin) keeps the engine loop away from it."""

    def begin(self, token: Token) -> None:
        """Announce that it waits, and for whom."""
        if token.instance is None:
            raise Broken("runtime.token_without_instance", f"{self.name} waits without an element instance.")
        process_id, digest = token.workflow.called_at(token.scope)
        number, item = _place(token)
        token.workflow.journal.waits(
            WaitingUserTask(
                element=self.definition.id,
                instance=token.instance,
                assignee=self._assignee(token),
                candidate_positions=self._positions(token),
                process_id=process_id,
                digest=digest,
                item_number=number,
                item=item,
            )
        )

    def _assignee(self, token: Token) -> str | None:
        drawn = self.definition.assignee
        if drawn is None or not drawn.startswith("="):
            return drawn
        value = self.evaluate(token, expression_of(drawn))
        if value is None or isinstance(value, str):
            return value or None
        raise self._not(drawn, "not a text")

    def _positions(self, token: Token) -> tuple[str, ...]:
        drawn = self.definition.candidate_positions
        if not drawn or not drawn[0].startswith("="):
            return drawn
        value = self.evaluate(token, expression_of(drawn[0]))
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(code, str) for code in listed):
            return tuple(listed)
        raise self._not(drawn[0], "not a list of texts")

    def _not(self, expression: str, reason: str) -> Refused:
        return Refused(
            "expression.failed",
            f"The assignment {expression!r} of {self.name} is {reason}.",
            params={"element": self.name, "expression": expression, "reason": reason},
        )


def _place(token: Token) -> tuple[str, object]:
    """Number and item of the loops around a token, calls included. See `WaitingUserTask`."""
    numbers: list[str] = []
    item: object = None
    at: Scope | None = token.seen
    while at is not None:
        if at.index is not None:
            element = at.owner.task_spec.activity.loop.element
            item = at.variables.get(element) if element and not numbers else item
            numbers.insert(0, str(at.index + 1))
        at = at.parent if at.process is None else at.owner.seen
    return ".".join(numbers), item


def expression_of(drawn: str) -> str:
    """The FEEL text of an attribute that begins with ``=``."""
    return drawn.removeprefix("=").strip()
