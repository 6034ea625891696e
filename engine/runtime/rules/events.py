"""Events by themselves: one definition of a kind that runs where it stands, complete, with what it refers to."""

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime import events, timers
from engine.runtime.activities import Value
from engine.runtime.dialect import BPMN, SUPERVISION, DrawnNode, DrawnProcess, extension, local
from engine.runtime.events import EventKind, Named, TimerKind, definitions, kind, named, triggered
from engine.runtime.rules.model import Model

_OUTSIDE = frozenset({EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL})
_CATCHABLE = _OUTSIDE | {EventKind.ERROR, EventKind.ESCALATION, EventKind.CONDITIONAL}
_THROWN = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ESCALATION})

KINDS: Mapping[str, frozenset[EventKind]] = {
    "start event of a process": _OUTSIDE,
    "start event of a subprocess": frozenset(),
    "start event of an event subprocess": _CATCHABLE,
    "intermediate catch event": _OUTSIDE | {EventKind.CONDITIONAL, EventKind.LINK},
    "intermediate throw event": _THROWN | {EventKind.LINK},
    "boundary event": _CATCHABLE,
    "end event": _THROWN | {EventKind.ERROR, EventKind.TERMINATE},
    "receive task": frozenset({EventKind.MESSAGE}),
}
"""The kinds of events that run, by where they stand. None events run where an event need not say what it is."""

_PLACES = {
    "intermediateCatchEvent": "intermediate catch event",
    "intermediateThrowEvent": "intermediate throw event",
    "boundaryEvent": "boundary event",
    "endEvent": "end event",
    "receiveTask": "receive task",
}
_MUST = frozenset({"start event of an event subprocess", "intermediate catch event", "boundary event", "receive task"})
_CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        known = named(process.xml)
        nodes = {node.id: node for node in process.nodes}
        for node in process.nodes:
            where = place(node, nodes)
            if where is not None:
                yield from _event(model, process, node, where, known)
            elif extension(node.xml, SUPERVISION, "calendar"):
                yield _calendar(model, node)


def place(node: DrawnNode, nodes: Mapping[str, DrawnNode]) -> str | None:
    """Where an event stands, as `KINDS` has it; None for what is no event."""
    if node.type != "startEvent":
        return _PLACES.get(node.type)
    around = nodes.get(node.parent)
    if around is None:
        return "start event of a process"
    return "start event of an event subprocess" if triggered(around) else "start event of a subprocess"


def _event(model: Model, process: DrawnProcess, node: DrawnNode, where: str, known: Named) -> Iterator[LintFinding]:
    drawn = definitions(node)
    if len(drawn) > 1 or node.xml.get("parallelMultiple") == "true":
        yield model.error(
            "event-multiple",
            node.id,
            f"{node.id} waits for or throws several events at once, which is not executable here.",
            "Draw one event for each; an event-based gateway waits for the first of several.",
        )
        return
    if not drawn:
        if where in _MUST:
            yield model.error("event-missing", node.id, f"The {where} {node.id} has no event.", "Choose its event.")
        return
    which = kind(drawn[0])
    if which not in KINDS[where]:
        yield model.error(
            "event-not-executable",
            node.id,
            f"A {which} event is not executable here as {where} {node.id}.",
            "Choose one of the events that the reference lists for this place.",
        )
        return
    found = EventKind(which)
    if found is EventKind.TIMER:
        yield from _timer(model, node, drawn[0])
    else:
        if extension(node.xml, SUPERVISION, "calendar"):
            yield _calendar(model, node)
        yield from _reference(model, node, drawn[0], found, known)
    yield from _interrupting(model, node, found, where)
    if found is EventKind.MESSAGE and where != "start event of a process":
        yield from _correlation(model, process, node, drawn[0], known)


def _calendar(model: Model, node: DrawnNode) -> LintFinding:
    return model.error(
        "calendar-without-timer",
        node.id,
        f"The supervision:calendar at {node.id} has no effect, or its days are unknown.",
        'Only a timer event with a duration or cycle may have it, with days="working".',
    )


def _timer(model: Model, node: DrawnNode, drawn: etree._Element) -> Iterator[LintFinding]:
    found = [child for child in drawn.iterchildren(f"{{{BPMN}}}*") if local(child) in list(TimerKind)]
    timer, when = events.timing(drawn)
    if len(found) != 1 or timer is None or (when.expression is None and not when.constant):
        yield model.error(
            "timer-incomplete",
            node.id,
            f"The timer {node.id} has not exactly one of timeDate, timeDuration and timeCycle.",
            "Set one of them to ISO 8601, for example PT1H, or to '=' and a FEEL expression.",
        )
        return
    if when.expression is None:
        yield from _literal(model, node, timer, when)
    for calendar in extension(node.xml, SUPERVISION, "calendar"):
        if calendar.get("days") != "working" or timer is TimerKind.DATE:
            yield _calendar(model, node)


def _literal(model: Model, node: DrawnNode, timer: TimerKind, when: Value) -> Iterator[LintFinding]:
    problem = timers.wrong(timer, str(when.constant))
    if problem:
        yield model.error(
            "timer-value",
            node.id,
            f"The {timer.value} {when.constant!r} of {node.id} is {problem}.",
            "Write it as ISO 8601 has it, or begin it with '=' if it is FEEL.",
        )


def _reference(
    model: Model, node: DrawnNode, drawn: etree._Element, found: EventKind, known: Named
) -> Iterator[LintFinding]:
    if found in (EventKind.LINK, EventKind.TERMINATE):
        return
    if found is EventKind.CONDITIONAL:
        if events.condition(drawn) is None:
            yield _incomplete(model, node, "condition")
        return
    any_code = found in (EventKind.ERROR, EventKind.ESCALATION) and node.type in _CATCHING
    if drawn.get(f"{found.value}Ref") is None and any_code:
        return
    referred = events.referred(drawn, found.value, known)
    attribute = {EventKind.ERROR: "errorCode", EventKind.ESCALATION: "escalationCode"}.get(found, "name")
    if referred is None or not referred.get(attribute, "").strip().removeprefix("=").strip():
        yield _incomplete(model, node, f"{found.value} with a {'code' if attribute.endswith('Code') else 'name'}")


def _incomplete(model: Model, node: DrawnNode, what: str) -> LintFinding:
    return model.error(
        "event-incomplete",
        node.id,
        f"The event {node.id} refers to no {what}.",
        "Choose it in the properties of the event.",
    )


def _interrupting(model: Model, node: DrawnNode, found: EventKind, where: str) -> Iterator[LintFinding]:
    attribute = "cancelActivity" if node.type == "boundaryEvent" else "isInterrupting"
    if found is EventKind.ERROR and node.xml.get(attribute) in ("false", "0"):
        yield model.error(
            "error-not-interrupting",
            node.id,
            f"The error event {node.id} does not interrupt; what has failed cannot go on.",
            f"Set {attribute} to true.",
        )
    if where == "start event of a process" and node.xml.get("isInterrupting") in ("false", "0"):
        yield model.error(
            "attribute-not-executable",
            node.id,
            f"isInterrupting of startEvent at {node.id} would have no effect.",
            "Remove isInterrupting; only the start event of an event subprocess may have it.",
        )


def _correlation(
    model: Model, process: DrawnProcess, node: DrawnNode, drawn: etree._Element, known: Named
) -> Iterator[LintFinding]:
    message = events.referred(drawn, "message", known)
    if message is None or node.type not in _CATCHING:
        return
    key = (events.correlation_key(message) or "").strip()
    if not key.removeprefix("=").strip():
        yield model.error(
            "correlation-missing",
            node.id,
            f"The message of {node.id} has no correlation key, so nobody could say which case it is for.",
            f"Set correlationKey of zeebe:subscription at the message of process {process.id} to '=' and a variable.",
        )
