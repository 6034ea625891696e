"""What the event of a node is, read from the drawing: Camunda 8's dialect.

===========  ============================================================================================
event        where it says what
===========  ============================================================================================
timer        ``timeDate``, ``timeDuration`` or ``timeCycle``: ISO 8601, or FEEL that begins with ``=``
message      name of the ``bpmn:message``; ``correlationKey`` of its ``zeebe:subscription``
signal       name of the ``bpmn:signal``
error        ``errorCode`` of the ``bpmn:error``; a catch event without ``errorRef`` catches every code
escalation   ``escalationCode`` of the ``bpmn:escalation``; as of an error
conditional  ``condition``: FEEL
link         ``name`` of the event definition
===========  ============================================================================================

Names and codes may be FEEL that begins with ``=``. ``supervision:calendar days="working"`` on a timer event lets the
days of its duration be working days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from engine.runtime.activities import Value
from engine.runtime.dialect import (
    BPMN,
    SUPERVISION,
    ZEEBE,
    DrawnExpression,
    DrawnNode,
    DrawnProcess,
    children,
    feel,
    first_extension,
    local,
)


class EventKind(StrEnum):
    """The event definitions that run."""

    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    CONDITIONAL = "conditional"
    LINK = "link"
    TERMINATE = "terminate"


_NOTHING = Value()

KINDS = frozenset(one.value for one in EventKind)


class TimerKind(StrEnum):
    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event. name: of a message, signal or link, or the code of an error or escalation; None: any code.

    key: correlation key of a message. timer, when: which kind and its value. working: days are working days.
    condition: FEEL. interrupting: of boundary events and event subprocesses. message_id, time_to_live: of a message
    that is thrown.
    """

    kind: EventKind
    name: Value | None = None
    key: Value | None = None
    timer: TimerKind | None = None
    when: Value = _NOTHING
    working: bool = False
    condition: str | None = None
    interrupting: bool = True
    message_id: Value = _NOTHING
    time_to_live: Value = _NOTHING


Named = Mapping[str, etree._Element]
"""What stands beside the processes of a file, by id: messages, signals, errors, escalations."""


def named(inside: etree._Element) -> Named:
    """Those of the file that an element belongs to."""
    root = inside.getroottree().getroot()
    return {element.get("id", ""): element for element in root.iterchildren(etree.Element) if element.get("id")}


def definitions(node: DrawnNode) -> list[etree._Element]:
    """The event definitions of a node; a receive task is one by itself if it names a message."""
    if node.type == "receiveTask":
        return [node.xml]
    return [
        child
        for child in node.xml.iterchildren(f"{{{BPMN}}}*")
        if local(child).endswith("EventDefinition") or local(child) == "eventDefinitionRef"
    ]


def triggered(node: DrawnNode) -> bool:
    """Whether a node is an event subprocess."""
    return node.type == "subProcess" and node.xml.get("triggeredByEvent") in ("true", "1")


def is_first(node: DrawnNode, incoming: Mapping[str, object]) -> bool:
    """Whether a token begins here where there is no start event: nothing leads here, and no event does."""
    by_event = node.type == "boundaryEvent" or triggered(node)
    by_link = node.type == "intermediateCatchEvent" and any(kind(one) == "link" for one in definitions(node))
    return not (incoming.get(node.id) or by_event or by_link)


def kind(drawn: etree._Element) -> str:
    """``timer`` for a ``timerEventDefinition``, and so on."""
    return "message" if local(drawn) == "receiveTask" else local(drawn).removesuffix("EventDefinition")


def referred(drawn: etree._Element, what: str, known: Named) -> etree._Element | None:
    """The message, signal, error or escalation that a definition refers to."""
    reference = drawn.get(f"{what}Ref", "")
    found = known.get(reference)
    found = known.get(reference.rpartition(":")[2]) if found is None else found
    return found if found is not None and local(found) == what else None


def text(drawn: str | None) -> Value:
    """A name: FEEL when it begins with ``=``, else the text itself."""
    stripped = (drawn or "").strip()
    return Value(expression=feel(stripped)) if stripped.startswith("=") else Value(constant=stripped)


def read(node: DrawnNode, known: Named) -> Event | None:
    """The event of a node that has passed the gate; None if it has none."""
    for drawn in definitions(node):
        if drawn.get("messageRef") is None and node.type == "receiveTask":
            return None
        return _read(node, drawn, known)
    return None


def _read(node: DrawnNode, drawn: etree._Element, known: Named) -> Event:
    which = EventKind(kind(drawn))
    interrupting = node.xml.get("cancelActivity", node.xml.get("isInterrupting", "true")) not in ("false", "0")
    match which:
        case EventKind.TIMER:
            timer, when = timing(drawn)
            calendar = first_extension(node.xml, SUPERVISION, "calendar")
            return Event(
                kind=which,
                timer=timer,
                when=when,
                working=calendar is not None and calendar.get("days") == "working",
                interrupting=interrupting,
            )
        case EventKind.MESSAGE:
            return _message(node, drawn, known, interrupting=interrupting)
        case EventKind.CONDITIONAL:
            return Event(kind=which, condition=condition(drawn), interrupting=interrupting)
        case EventKind.LINK:
            return Event(kind=which, name=Value(constant=drawn.get("name", "").strip()))
        case EventKind.TERMINATE:
            return Event(kind=which)
        case _:
            return Event(kind=which, name=code(drawn, which, known), interrupting=interrupting)


def code(drawn: etree._Element, which: EventKind, known: Named) -> Value | None:
    """The name of a signal, or the code of an error or escalation; None where the definition refers to none."""
    found = referred(drawn, which.value, known)
    if found is None:
        return None
    attribute = {EventKind.ERROR: "errorCode", EventKind.ESCALATION: "escalationCode"}.get(which, "name")
    return text(found.get(attribute))


def timing(drawn: etree._Element) -> tuple[TimerKind | None, Value]:
    """Which kind of timer, and its text; nothing if it is not said."""
    for one in TimerKind:
        for inner in children(drawn, BPMN, one.value):
            return one, text(inner.text)
    return None, Value()


def condition(drawn: etree._Element) -> str | None:
    """The FEEL of a conditional event definition."""
    found = children(drawn, BPMN, "condition")
    return feel(found[0].text) if found else None


def correlation_key(message: etree._Element) -> str | None:
    """The drawn correlation key of a message."""
    subscription = first_extension(message, ZEEBE, "subscription")
    return subscription.get("correlationKey") if subscription is not None else None


def _message(node: DrawnNode, drawn: etree._Element, known: Named, *, interrupting: bool) -> Event:
    found = referred(drawn, "message", known)
    sent = publishing(node, drawn)
    attributes = sent.attrib if sent is not None else {}
    key = attributes.get("correlationKey") or (correlation_key(found) if found is not None else None)
    return Event(
        kind=EventKind.MESSAGE,
        name=text(found.get("name") if found is not None else ""),
        key=text(str(key)) if key else None,
        interrupting=interrupting,
        message_id=text(attributes.get("messageId")),
        time_to_live=text(attributes.get("timeToLive")),
    )


def publishing(node: DrawnNode, drawn: etree._Element) -> etree._Element | None:
    """``zeebe:publishMessage`` of a throw or end event, at the node or in its event definition."""
    found = first_extension(node.xml, ZEEBE, "publishMessage")
    return first_extension(drawn, ZEEBE, "publishMessage") if found is None else found


def expressions(process: DrawnProcess) -> Iterator[DrawnExpression]:
    """Every FEEL text of the events of a process, with its place in words."""
    known = named(process.xml)
    for node in process.nodes:
        for drawn in definitions(node):
            if kind(drawn) in KINDS:
                for place, found in _texts(_read(node, drawn, known)):
                    yield DrawnExpression(owner=node.id, place=place, text=found)


def _texts(event: Event) -> Iterator[tuple[str, str]]:
    parts = {
        "name": event.name,
        "correlation key": event.key,
        "timer": event.when,
        "message id": event.message_id,
        "time to live": event.time_to_live,
    }
    for place, part in parts.items():
        if part is not None and part.expression:
            yield place, part.expression
    if event.condition:
        yield "condition", event.condition
