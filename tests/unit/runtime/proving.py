"""What the reference page of BPMN is made from: `proves` marks a test, `scripts/bpmn_reference.py` reads the marks.

`SUPPORTED` lists what runs and must be proven; `REFUSED` what does not, as a drawing that the gate must refuse.
"""

from collections.abc import Callable
from typing import TypeVar

from tests.unit.runtime.builder import node, timer

EVENTS = (
    "boundary event on a loop", "boundary event on a subprocess", "boundary event that does not interrupt",
    "conditional boundary event", "conditional catch event", "error boundary event", "error end event",
    "error of a script or decision", "escalation boundary event", "escalation end event", "escalation throw event",
    "event subprocess that does not interrupt", "event subprocess that interrupts", "event subprocess: conditional",
    "event subprocess: error", "event subprocess: escalation", "event subprocess: message",
    "event subprocess: signal", "event subprocess: timer", "event-based gateway", "link event",
    "message boundary event", "message catch event", "message end event", "message start event",
    "message throw event", "receive task", "send task", "signal boundary event", "signal catch event",
    "signal end event", "signal start event", "signal throw event", "timer boundary event", "timer catch event",
    "timer date, duration, cycle; ISO 8601 and FEEL", "timer start event", "working days in timers",
)  # fmt: skip
SUPPORTED = (
    "none start event", "several start events", "no start event", "none end event", "terminate end event",
    "implicit end", "none task", "manual task", "user task", "service task (job)", "script task (FEEL)",
    "business rule task (DMN)", "exclusive gateway", "inclusive gateway", "parallel gateway", "joins in loops",
    "joins in every instance of a loop", "implicit split", "implicit merge", "conditional flow on an activity",
    "default flow on an activity", "embedded subprocess", "subprocess without content", "call activity",
    "call activity: late binding", "call activity: version pin", "input and output mapping",
    "multi-instance, parallel", "multi-instance, sequential", "completion condition", "input and output collection",
    "loop cardinality", "standard loop", "data object", "lane", "pool and message flow",
    "annotation, group, data store",
    *EVENTS,
)  # fmt: skip

REFUSED = {
    "conditional start event": node(
        "startEvent", "x", inner="<bpmn:conditionalEventDefinition><bpmn:condition/></bpmn:conditionalEventDefinition>"
    ),
    "several events at one node": node(
        "startEvent", "x", inner="<bpmn:signalEventDefinition/><bpmn:messageEventDefinition/>"
    ),
    "event that begins several at once": node(
        "startEvent", "x", inner="<bpmn:signalEventDefinition/>", parallelMultiple="true"
    ),
    "message without a name": node("intermediateCatchEvent", "x", inner="<bpmn:messageEventDefinition/>"),
    "timer without a time": node("boundaryEvent", "x", inner="<bpmn:timerEventDefinition/>", attachedToRef="a"),
    "cron in a timer": node("startEvent", "x", inner=timer("0 0 9 * * MON-FRI", "timeCycle")),
    "link without its other end": node("intermediateThrowEvent", "x", inner='<bpmn:linkEventDefinition name="l"/>'),
    "cancel end event": node("endEvent", "x", inner="<bpmn:cancelEventDefinition/>"),
    "compensation throw event": node("intermediateThrowEvent", "x", inner="<bpmn:compensateEventDefinition/>"),
    "compensation boundary event": node(
        "boundaryEvent", "x", inner="<bpmn:compensateEventDefinition/>", attachedToRef="a"
    ),
    "compensation end event": node("endEvent", "x", inner="<bpmn:compensateEventDefinition/>"),
    "compensation activity": node("task", "x", isForCompensation="true"),
    "event-based gateway that begins a process": node("eventBasedGateway", "x", instantiate="true"),
    "complex gateway": node("complexGateway", "x"),
    "event subprocess without an event": node("subProcess", "x", triggeredByEvent="true"),
    "transaction": node("transaction", "x"),
    "ad-hoc subprocess": node("adHocSubProcess", "x"),
    "startQuantity, completionQuantity": node("task", "x", startQuantity="2"),
    "script in another language than FEEL": node("scriptTask", "x", inner="<bpmn:script>x = 1</bpmn:script>"),
}

Test = TypeVar("Test", bound=Callable[..., object])


def proves(*elements: str) -> Callable[[Test], Test]:
    """Marks a test that shows, given, when and then, that elements of `SUPPORTED` run right."""
    unknown = set(elements) - set(SUPPORTED)
    if unknown:
        raise ValueError(f"not in SUPPORTED: {sorted(unknown)}")

    def unchanged(test: Test) -> Test:
        return test

    return unchanged
