"""Intermediate throw events and end events that throw: messages and signals go out, errors and escalations outwards.

Corrects: SpiffWorkflow turns a signal end event into a none end event.

A signal reaches whoever waits for it at the moment it is thrown (BPMN 2.0.2, 10.5.1): in the instance at once, outside
of it by whoever publishes. So a token that is to throw one lets all others run first that wait for nobody: an order
that the standard leaves open.

What is thrown carries the variables that the event's input mappings make, and no others.
"""

from engine.model.ids import ElementInstanceId
from engine.model.transitions import Occasion, Published
from engine.runtime.elements.events.propagation import catcher, not_caught, payload
from engine.runtime.elements.token import Flow, Token, TokenSpec
from engine.runtime.events import Event, EventKind
from engine.runtime.values import normalise


class ThrowEvent(TokenSpec):
    """The base: what it throws, and with which variables."""

    @property
    def thrown(self) -> Event:
        """The event."""
        if self.event is None:
            raise TypeError("a throw event without an event")
        return self.event

    def publish(self, token: Token, name: str, **more: str) -> None:
        """Hand something out of the instance."""
        workflow = token.workflow
        workflow.journal.published.append(
            Published(
                element=self.definition.id,
                instance=ElementInstanceId(str(token.instance)),
                kind=Occasion(self.thrown.kind.value),
                name=name,
                variables=carried(token),
                process_id=workflow.called_at(token.scope)[0],
                **more,
            )
        )

    def named(self, token: Token) -> str:
        """Its name or code."""
        found: str = token.workflow.armed.text(self, self.thrown.name, token.seen, "name or code")
        return found


class PublishEvent(ThrowEvent):
    """A message, or the base of a signal."""

    def execute(self, token: Token) -> bool:
        """Publish it."""
        parts = {"correlation_key": self.thrown.key, "message_id": self.thrown.message_id}
        parts["time_to_live"] = self.thrown.time_to_live
        texts = {name: token.workflow.armed.text(self, part, token.seen, name) for name, part in parts.items()}
        self.publish(token, self.named(token), **texts)
        return True


class ShoutEvent(PublishEvent):
    """A signal."""

    shouts = True

    def execute(self, token: Token) -> bool:
        """Publish it, and let it be heard in the instance."""
        token.workflow.hear(self.named(token), carried(token))
        return super().execute(token)


class OutwardEvent(ThrowEvent):
    """An error or an escalation. If its catcher interrupts, its own token goes nowhere."""

    def choose(self, token: Token) -> tuple[Flow, ...]:
        """Its flows, unless what encloses it ends."""
        code = self.named(token)
        caught = catcher(token.workflow, self.thrown.kind, code, token)
        if caught is None:
            self._uncaught(token, code)
            return super().choose(token)
        token.workflow.later(caught, payload(caught, self.thrown.kind, code, "", carried(token)))
        return () if caught.interrupting else super().choose(token)

    def _uncaught(self, token: Token, code: str) -> None:
        if self.thrown.kind is EventKind.ERROR:
            raise not_caught(self.name, code)
        self.publish(token, code)


def carried(token: Token) -> dict[str, object]:
    """The variables that travel with what a token throws."""
    local = token.local
    return normalise(local.variables) if local is not None else {}
