"""References of the file as it was written: each leads to something, and to something of the right kind."""

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, FLOW_NODES, local, namespace
from engine.runtime.rules.model import Reporter, owner_id

_DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
_ACTIVITIES = frozenset(
    {name for name in FLOW_NODES if name.endswith(("Task", "Process"))} | {"task", "callActivity", "transaction"}
)

KINDS: Mapping[str, frozenset[str]] = {
    "flowNodeRef": FLOW_NODES,
    "incoming": frozenset({"sequenceFlow"}),
    "outgoing": frozenset({"sequenceFlow"}),
    "processRef": frozenset({"process"}),
    "attachedToRef": _ACTIVITIES,
    "dataObjectRef": frozenset({"dataObject"}),
    "dataStoreRef": frozenset({"dataStore"}),
    "messageRef": frozenset({"message"}),
    "signalRef": frozenset({"signal"}),
    "errorRef": frozenset({"error"}),
    "escalationRef": frozenset({"escalation"}),
    "operationRef": frozenset({"operation"}),
    "itemSubjectRef": frozenset({"itemDefinition"}),
    "categoryValueRef": frozenset({"categoryValue"}),
    "dataInputRefs": frozenset({"dataInput"}),
    "dataOutputRefs": frozenset({"dataOutput"}),
}
"""Attribute or element → what it may refer to. Those that are not here may refer to anything."""

_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "participant": ("processRef",),
    "boundaryEvent": ("attachedToRef",),
    "dataObjectReference": ("dataObjectRef",),
    "dataStoreReference": ("dataStoreRef",),
    "association": ("sourceRef", "targetRef"),
    "messageFlow": ("sourceRef", "targetRef"),
    "messageEventDefinition": ("messageRef",),
    "signalEventDefinition": ("signalRef",),
    "errorEventDefinition": ("errorRef",),
    "escalationEventDefinition": ("escalationRef",),
    "sendTask": ("messageRef", "operationRef"),
    "receiveTask": ("messageRef", "operationRef"),
    "serviceTask": ("operationRef",),
    "group": ("categoryValueRef",),
}
_TEXTS = ("incoming", "outgoing", "flowNodeRef", "dataInputRefs", "dataOutputRefs")
_ENDS = ("sourceRef", "targetRef")
_HARMLESS = frozenset({"operationRef", "itemSubjectRef", "categoryValueRef", "dataStoreRef"})
"""What they say is not executed here, and modelers often leave them behind."""


def inspect(reporter: Reporter, root: etree._Element) -> Iterator[LintFinding]:
    """All rules of this family."""
    if namespace(root) != BPMN:
        return
    known = {str(element.get("id")): element for element in root.iter(etree.Element) if element.get("id")}
    for element, name, target in _pointers(root):
        found = known.get(target, known.get(target.rpartition(":")[2]))
        if found is None and not _imported(root, target):
            yield _dangling(reporter, element, name, target)
        elif found is not None and name in KINDS and local(found) not in KINDS[name]:
            yield reporter.error(
                "reference-of-wrong-kind",
                owner_id(element),
                f"The {name} of {local(element)} {owner_id(element)} refers to {target}, which is a {local(found)}.",
                f"Refer to one of: {', '.join(sorted(KINDS[name])[:4])}.",
            )
    for shape in root.iter(*(f"{{{_DIAGRAM}}}{name}" for name in ("BPMNShape", "BPMNEdge", "BPMNPlane"))):
        target = shape.get("bpmnElement", "")
        if target not in known and target.rpartition(":")[2] not in known:
            yield reporter.warning(
                "diagram-dangling",
                target or owner_id(root),
                f"The diagram draws {target!r}, which is not in the file.",
                "Remove the shape; it does not change what runs.",
            )


def _dangling(reporter: Reporter, element: etree._Element, name: str, target: str) -> LintFinding:
    finding = reporter.warning if name in _HARMLESS else reporter.error
    return finding(
        "reference-dangling",
        owner_id(element),
        f"The {name} of {local(element)} {owner_id(element)} refers to {target!r}, which is not in the file.",
        "Draw the connection again, or remove it.",
    )


def _imported(root: etree._Element, target: str) -> bool:
    """Whether a qualified name points into another file."""
    prefix = target.partition(":")[0] if ":" in target else ""
    return bool(prefix) and root.nsmap.get(prefix) not in (None, BPMN, root.get("targetNamespace"))


def _pointers(root: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """References but the ends of sequence flows and their defaults, at which rules.connections looks."""
    for element in root.iter(f"{{{BPMN}}}*"):
        name = local(element)
        for attribute in _ATTRIBUTES.get(name, ()):
            if element.get(attribute):
                yield element, attribute, str(element.get(attribute)).strip()
        if name in _TEXTS:
            yield element, name, (element.text or "").strip()
        elif name in _ENDS and element.getparent() is not None:
            box = element.getparent()
            if box is not None and local(box) in ("dataInputAssociation", "dataOutputAssociation"):
                yield box, name, (element.text or "").strip()
