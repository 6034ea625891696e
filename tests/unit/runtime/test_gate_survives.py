"""The gate on drawings that were cut up at random: it always answers, and what it passes can be loaded and started."""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.model.errors import Broken, MingjingError
from engine.runtime import gate, interpreter
from tests.unit.runtime.builder import both, bpmn, chain, decides, end, flow, node, some, start, terminate, user, xor

TASK = (
    '<zeebe:userTask/><zeebe:formDefinition formId="f"/><zeebe:assignmentDefinition candidateGroups="=posts"/>'
    '<supervision:basis law="L" post="P"/><supervision:outcomes resultVariable="r"><supervision:outcome code="ok" '
    'name="n"/></supervision:outcomes><supervision:fields><supervision:field path="m" access="read"/>'
    '</supervision:fields><supervision:materials><supervision:material code="c" name="n" kind="photo" minimum="1"/>'
    "</supervision:materials>"
)
CHECKS = (
    '<supervision:checks><supervision:check id="i" code="THR-01" name="n" level="high" actions="prompt_clerk" '
    'blocking="false" value="=x" operator="=" limit="=1"/></supervision:checks>'
)
MODEL = bpmn(
    start(), user("a", extension=TASK), xor("g", extension=CHECKS, default="g_f"), both("f", "j"), user("b", "c"),
    node("businessRuleTask", "r", extension='<zeebe:calledDecision decisionId="d" resultVariable="out"/>'),
    some("o", default="o_e"), terminate("t"), end(), chain("s", "a", "g"),
    flow("g", "t", 'supervision.level = "high"'), flow("g", "f"), chain("f", "b", "j", "r", "o"), chain("f", "c", "j"),
    flow("o", "a", "x > 1"), flow("o", "e"),
    '<bpmn:laneSet id="l"><bpmn:lane id="k"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>',
    extension='<supervision:case subject="=x" numberPrefix="DB"/>',
)  # fmt: skip

VALUES = st.sampled_from(["", "a", "g", "g_f", "e", "p", "=", "=x", "= (", "-1", "true", "no", "userTask", " ", "i\n2"])


def cut(root: etree._Element, data: st.DataObject) -> None:
    """Change one thing anywhere."""
    elements = list(root.iter())
    element = data.draw(st.sampled_from(elements))
    attributes = sorted(map(str, element.attrib)) or ["id"]
    parent = element.getparent()
    match data.draw(st.sampled_from(["remove", "attribute", "drop", "text", "copy", "move", "rename"])):
        case "remove" if parent is not None:
            parent.remove(element)
        case "attribute":
            element.set(data.draw(st.sampled_from(attributes)), data.draw(VALUES))
        case "drop":
            element.attrib.pop(data.draw(st.sampled_from(attributes)), None)
        case "text":
            element.text = data.draw(VALUES).strip()
        case "copy" if parent is not None:
            parent.append(etree.fromstring(etree.tostring(element)))
        case "move":
            target = data.draw(st.sampled_from(elements))
            if element not in {target, *target.iterancestors()}:
                target.append(element)
        case "rename":
            element.tag = data.draw(st.sampled_from([str(other.tag) for other in elements]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_gate_survives(data: st.DataObject) -> None:
    """No cut makes the gate crash or pass what the parser cannot take."""
    root = etree.fromstring(MODEL)
    for _ in range(data.draw(st.integers(1, 4))):
        cut(root, data)
    model = etree.tostring(root)
    report = gate.inspect(model, resource="m", forms=None, decisions=None)
    assert all(finding.message and finding.cure and finding.rule for finding in report.findings)
    assert bool(report.processes) == (not report.errors)
    for definition in report.processes:
        process = interpreter.load(model, definition.process_id)
        with contextlib.suppress(MingjingError):
            try:
                interpreter.start(process, {"x": 1, "posts": []}, decides(1))
            except Broken as error:
                raise AssertionError(error.message) from error


def test_the_whole_model_passes() -> None:
    """What is cut up here is itself without errors."""
    assert gate.inspect(MODEL, resource="m", forms={"f"}, decisions={"d"}).errors == ()
