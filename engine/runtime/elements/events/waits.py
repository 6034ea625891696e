"""Events that are waited for: who waits, for what, until when.

Corrects: SpiffWorkflow keeps the due time of every timer of an event-based gateway in one place, forgets a
non-interrupting message event after it has occurred once, walks all tasks to find what waits, and lists what it
waits for without saying who waits.

A wait is held by a token (a catch event, a receive task, an event-based gateway, an activity with boundary events) or
by a scope (the start events of the event subprocesses in it), and ends with its holder. Errors, escalations and
links are not waited for: the drawing says who catches them (`propagation`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import to_text
from engine.model.errors import Conflict
from engine.model.ids import ElementId, ElementInstanceId
from engine.model.transitions import Occasion, Subscription, WaitingTimer
from engine.runtime import timers
from engine.runtime.activities import Value
from engine.runtime.events import Event, EventKind, TimerKind
from engine.runtime.expressions import failed
from engine.runtime.scopes import Scope
from engine.runtime.timers import Due

WAITING = frozenset({EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL})


@dataclass(slots=True, kw_only=True, eq=False)
class Wait:
    """One event that is waited for.

    spec: the event. holder: a token or a scope. name, key: of a message or signal, evaluated when the wait began.
    due: of a timer. met: of a condition, whether it held when it was last looked at.
    """

    id: ElementInstanceId
    spec: Any
    holder: Any
    name: str = ""
    key: str = ""
    due: Due | None = None
    met: bool = False

    @property
    def kind(self) -> EventKind:
        """Of the event."""
        event: Event = self.spec.event
        return event.kind

    @property
    def scope(self) -> Scope:
        """Where its expressions look outwards from."""
        found: Scope = self.holder if isinstance(self.holder, Scope) else self.holder.seen
        return found


class Waits:
    """Those of one instance, in the order in which they began."""

    def __init__(self, workflow: Any) -> None:
        self._workflow = workflow
        self._all: dict[ElementInstanceId, Wait] = {}
        self._held: dict[int, dict[ElementInstanceId, Wait]] = {}
        self._conditions: dict[ElementInstanceId, Wait] = {}

    def __iter__(self) -> Iterator[Wait]:
        return iter(self._all.values())

    def find(self, instance: str, kind: EventKind | None = None) -> Wait:
        """A wait of that kind, or of any. Raises `Conflict` ``element.not_waiting``."""
        wait = self._all.get(ElementInstanceId(instance))
        if wait is not None and kind in (None, wait.kind):
            return wait
        raise Conflict("element.not_waiting", f"{instance} does not wait (any more).", params={"element": instance})

    def arm(
        self, spec: Any, holder: Any, instance: ElementInstanceId | None = None, *, fired: int | None = None
    ) -> None:
        """Begin to wait for an event, if it is of a kind that is waited for. instance: an id of its own if not given.

        fired: of a start event of the process itself, how often it has begun an instance; a timer that is over does not
        wait, and a message needs no key. Its expressions are evaluated now. Raises `Refused` ``expression.failed``.
        """
        event: Event = spec.event
        if event.kind not in WAITING:
            return
        if instance is None:
            instance = self._workflow.journal.looping(spec.definition)
        wait = Wait(id=instance, spec=spec, holder=holder)
        match event.kind:
            case EventKind.TIMER:
                wait.due = self._due(spec, wait.scope, fired or 0)
                if wait.due is None:
                    return
            case EventKind.CONDITIONAL:
                self._workflow.changes.wrote = True
            case _:
                wait.name = self.text(spec, event.name, wait.scope, "name")
                wait.key = self.text(spec, event.key, wait.scope, "correlation key") if fired is None else ""
        self.put(wait)
        self._workflow.changes.armed(wait)
        self._announce(wait)

    def put(self, wait: Wait) -> None:
        """Take in a wait that began just now or in an earlier step."""
        self._all[wait.id] = wait
        self._held.setdefault(id(wait.holder), {})[wait.id] = wait
        if wait.kind is EventKind.CONDITIONAL:
            self._conditions[wait.id] = wait

    def fired(self, wait: Wait) -> None:
        """A timer has fired: it waits for its next due time if its event may occur again, or no longer."""
        due = timers.following(wait.due, self._workflow.world.working_days) if wait.due is not None else None
        if due is None or wait.spec.event.interrupting:
            self.close(wait)
            return
        wait.due = due
        self._workflow.changes.armed(wait, again=True)
        self._announce(wait, again=True)

    def postpone(self, pause: timedelta) -> None:
        """Timers that count from when they began are due so much later. One that names a date keeps it."""
        for wait in self:
            if wait.due is None:
                continue
            if wait.spec.event.timer is not TimerKind.DATE:
                wait.due = timers.postponed(wait.due, pause)
                self._workflow.changes.armed(wait, again=True)
            self._announce(wait, again=True)

    def drop(self, instance: str) -> None:
        """A step elsewhere has ended a wait."""
        wait = self._all.pop(ElementInstanceId(instance))
        held = self._held[id(wait.holder)]
        del held[wait.id]
        if not held:
            del self._held[id(wait.holder)]
        self._conditions.pop(wait.id, None)

    def renew(self, instance: str, due: Due | None, *, met: bool) -> bool:
        """A step elsewhere has left a wait in another condition; False if there is none of that id."""
        wait = self._all.get(ElementInstanceId(instance))
        if wait is not None:
            wait.due, wait.met = due, met
        return wait is not None

    def close(self, wait: Wait) -> None:
        """It waits no longer."""
        if not self.has(wait):
            return
        self.drop(wait.id)
        self._workflow.changes.deaf(wait)
        if wait.kind is not EventKind.CONDITIONAL:
            self._workflow.journal.deaf(wait.id)

    def close_all(self, holder: Any) -> None:
        """Its holder is no more, or has been interrupted."""
        for wait in self.of(holder):
            self.close(wait)

    def of(self, holder: Any) -> tuple[Wait, ...]:
        """Those that it holds, oldest first."""
        return tuple(self._held.get(id(holder), {}).values())

    def due(self, until: datetime) -> Wait | None:
        """The timer that is due first, if one is until then."""
        found = [(wait.due.at, wait) for wait in self if wait.due is not None and wait.due.at <= until]
        return min(found, key=lambda one: one[0])[1] if found else None

    def message(self, name: str, key: str | None) -> Wait | None:
        """The oldest wait for a message of that name, with that key unless it is None."""
        found = (wait for wait in self if wait.kind is EventKind.MESSAGE and wait.name == name)
        return next((wait for wait in found if key is None or wait.key == key), None)

    def signals(self, name: str) -> list[Wait]:
        """All waits for a signal of that name."""
        return [wait for wait in self if wait.kind is EventKind.SIGNAL and wait.name == name]

    def has(self, wait: Wait) -> bool:
        """Whether it still waits."""
        return self._all.get(wait.id) is wait

    def look_at_conditions(self) -> None:
        """Let every condition occur that has become true since it was last looked at (BPMN 2.0.2, 10.5.5)."""
        changes = self._workflow.changes
        if not self._conditions:
            changes.wrote = False
        while changes.wrote:
            changes.wrote = False
            for wait in list(self._conditions.values()):
                if self.has(wait):
                    self._look_at(wait)

    def _look_at(self, wait: Wait) -> None:
        met = self._holds(wait)
        if met is wait.met:
            return
        wait.met = met
        self._workflow.changes.armed(wait, again=True)
        if met:
            wait.spec.occur(self._workflow, wait.holder, {})

    def _holds(self, wait: Wait) -> bool:
        text = wait.spec.event.condition or ""
        found = self._workflow.script_engine.of_element(wait.spec, text, wait.scope)
        if found is None or found is True or found is False:
            return found is True
        raise failed(wait.spec.name, text, "not a boolean")

    def _due(self, spec: Any, scope: Scope, turns: int) -> Due | None:
        event: Event = spec.event
        world = self._workflow.world
        found = self.value(spec, event.when, scope)
        if event.timer is None:
            raise TypeError("a timer without a kind")
        due: Due | None
        try:
            due = timers.first(event.timer, found, world.now, working=event.working, calendar=world.working_days)
            for _ in range(turns):
                due = timers.following(due, world.working_days) if due is not None else None
        except timers.TimerError as error:
            raise failed(spec.name, str(event.when.expression or event.when.constant), str(error)) from error
        return due

    def value(self, spec: Any, drawn: Value, scope: Scope) -> object:
        """The value of an attribute of an event."""
        if drawn.expression is None:
            return drawn.constant
        found: object = self._workflow.script_engine.of_element(spec, drawn.expression, scope)
        return found

    def text(self, spec: Any, drawn: Value | None, scope: Scope, what: str) -> str:
        """An attribute that must be a text that is not empty, or a number; empty where nothing was drawn."""
        if drawn is None or drawn.expression is None:
            return str(drawn.constant or "") if drawn is not None else ""
        found = self.value(spec, drawn, scope)
        if isinstance(found, int | Decimal) and not isinstance(found, bool):
            return to_text(found)
        if isinstance(found, str) and found:
            return found
        raise failed(spec.name, drawn.expression, f"the {what} is not a text")

    def _announce(self, wait: Wait, *, again: bool = False) -> None:
        if wait.kind is EventKind.CONDITIONAL:
            return
        around = wait.holder if isinstance(wait.holder, Scope) else wait.holder.scope
        process_id, digest = self._workflow.called_at(around)
        element: ElementId = wait.spec.definition.id
        known: WaitingTimer | Subscription
        if wait.due is not None:
            known = WaitingTimer(
                element=element,
                instance=wait.id,
                due_at=wait.due.at,
                left=1 if wait.spec.event.interrupting else wait.due.left,
                process_id=process_id,
                digest=digest,
            )
        else:
            known = Subscription(
                element=element,
                instance=wait.id,
                kind=Occasion(wait.kind.value),
                name=wait.name,
                correlation_key=wait.key,
                process_id=process_id,
                digest=digest,
            )
        self._workflow.journal.listens(known, again=again)
