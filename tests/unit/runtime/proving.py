"""What the reference page of BPMN is made from: `proves` marks a test, `scripts/bpmn_reference.py` reads the marks.

`SUPPORTED` lists what runs and must be proven; `REFUSED` what does not, as a drawing that the gate must refuse.
"""

from collections.abc import Callable
from typing import TypeVar

from tests.unit.runtime.builder import node

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
)  # fmt: skip

_TIMER = "<bpmn:timerEventDefinition/>"
_MESSAGE = "<bpmn:messageEventDefinition/>"
REFUSED = {
    "message start event": node("startEvent", "x", inner=_MESSAGE),
    "timer start event": node("startEvent", "x", inner=_TIMER),
    "signal start event": node("startEvent", "x", inner="<bpmn:signalEventDefinition/>"),
    "conditional start event": node(
        "startEvent", "x", inner="<bpmn:conditionalEventDefinition><bpmn:condition/></bpmn:conditionalEventDefinition>"
    ),
    "intermediate catch event": node("intermediateCatchEvent", "x", inner=_TIMER),
    "intermediate throw event": node("intermediateThrowEvent", "x", inner=_MESSAGE),
    "link event": node("intermediateThrowEvent", "x", inner='<bpmn:linkEventDefinition name="l"/>'),
    "boundary event": node("boundaryEvent", "x", inner=_TIMER, attachedToRef="a"),
    "message end event": node("endEvent", "x", inner=_MESSAGE),
    "signal end event": node("endEvent", "x", inner="<bpmn:signalEventDefinition/>"),
    "error end event": node("endEvent", "x", inner="<bpmn:errorEventDefinition/>"),
    "escalation end event": node("endEvent", "x", inner="<bpmn:escalationEventDefinition/>"),
    "cancel end event": node("endEvent", "x", inner="<bpmn:cancelEventDefinition/>"),
    "compensation end event": node("endEvent", "x", inner="<bpmn:compensateEventDefinition/>"),
    "compensation activity": node("task", "x", isForCompensation="true"),
    "send task": node("sendTask", "x"),
    "receive task": node("receiveTask", "x"),
    "event-based gateway": node("eventBasedGateway", "x"),
    "complex gateway": node("complexGateway", "x"),
    "event subprocess": node("subProcess", "x", triggeredByEvent="true"),
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
