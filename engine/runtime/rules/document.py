"""The file as a whole: is it BPMN, does something run, are ids there and unique, do references lead somewhere?"""

import re
from collections.abc import Iterator

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, children, local, namespace
from engine.runtime.rules.model import Model, owner_id

_ID = re.compile(r"[^\W\d][\w.\-]*")
_DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    if namespace(model.root) != BPMN or local(model.root) != "definitions":
        yield model.error(
            "not-bpmn", model.root.get("id", ""), "The file is not a BPMN 2.0 model.", "Export it as BPMN 2.0 XML."
        )
        return
    yield from _processes(model)
    yield from _ids(model)
    yield from _references(model)


def _processes(model: Model) -> Iterator[LintFinding]:
    for process in model.processes:
        if not process.executable:
            yield model.error(
                "process-not-executable",
                process.id,
                f"The process {process.id} is not marked as executable.",
                'Set isExecutable="true", or remove the process from this file.',
            )
    if not model.processes:
        yield model.error(
            "no-process", owner_id(model.root), "The file has no process.", "Draw a process with a start event."
        )


def _ids(model: Model) -> Iterator[LintFinding]:
    seen: set[str] = set()
    for element in model.root.iter(f"{{{BPMN}}}*", f"{{{_DIAGRAM}}}*"):
        identifier = element.get("id")
        if identifier is None:
            continue
        if identifier in seen:
            yield model.error(
                "id-doubled",
                identifier,
                f"The id {identifier} is used twice.",
                "Give each element its own id.",
            )
        seen.add(identifier)
    for process in model.processes:
        drawn = [(process.id, process.xml)]
        drawn += [(node.id, node.xml) for node in process.nodes]
        drawn += [(flow.id, flow.xml) for flow in process.flows]
        for identifier, element in drawn:
            if not _ID.fullmatch(identifier):
                yield model.error(
                    "id-missing",
                    identifier or owner_id(element),
                    f"A {local(element)} has the id {identifier!r}, which is missing or no XML name.",
                    "Give it an id of letters, digits, '_', '-' and '.' that begins with a letter.",
                )


def _references(model: Model) -> Iterator[LintFinding]:
    known = {element.get("id") for element in model.root.iter(f"{{{BPMN}}}*") if element.get("id")}
    for element, target in _pointers(model.root):
        if target.split(":")[-1] not in known and target not in known:
            yield model.error(
                "reference-dangling",
                owner_id(element),
                f"The {local(element)} at {owner_id(element)} refers to {target!r}, which is not in the file.",
                "Draw the connection again, or remove it.",
            )


def _pointers(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """References that are not ends of sequence flows (rules.connections looks at those)."""
    for name in ("incoming", "outgoing", "flowNodeRef"):
        for element in root.iter(f"{{{BPMN}}}{name}"):
            yield element, (element.text or "").strip()
    for association in root.iter(f"{{{BPMN}}}association"):
        yield association, association.get("sourceRef", "")
        yield association, association.get("targetRef", "")
    for participant in root.iter(f"{{{BPMN}}}participant"):
        if participant.get("processRef"):
            yield participant, participant.get("processRef", "")
    for name in ("BPMNShape", "BPMNEdge", "BPMNPlane"):
        for shape in root.iter(f"{{{_DIAGRAM}}}{name}"):
            yield shape, shape.get("bpmnElement", "")
    for box in root.iter(f"{{{BPMN}}}dataInputAssociation", f"{{{BPMN}}}dataOutputAssociation"):
        for end in (*children(box, BPMN, "sourceRef"), *children(box, BPMN, "targetRef")):
            yield box, (end.text or "").strip()
