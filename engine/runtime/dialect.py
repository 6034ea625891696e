"""The modelling dialect: BPMN 2.0 with Camunda 8's ``zeebe:`` elements and our ``supervision:`` elements.

Two views of one file. `Diagram` is what is drawn, read without judging, so that the model gate can speak about
broken files too. `definition` turns a drawn process that has passed the gate into the values of engine.model.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lxml import etree

from engine.model.definitions import (
    Basis,
    CheckDefinition,
    ElementDefinition,
    ExemptionRule,
    FieldAccess,
    MaterialKind,
    Outcome,
    ProcessDefinition,
    RequiredMaterial,
)
from engine.model.findings import Action, CheckPhase, RiskLevel
from engine.model.ids import Digest, ElementId
from engine.runtime import approvals, time_limits

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
SUPERVISION = "urn:mingjing:supervision:1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

FLOW_NODES = frozenset(
    {
        "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
        "task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask",
        "businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess",
        "callChoreography", "subChoreography", "choreographyTask", "implicitThrowEvent", "event",
        "exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway",
    }
)  # fmt: skip


def local(element: etree._Element) -> str:
    """The name without its namespace."""
    return str(etree.QName(element).localname)


def namespace(element: etree._Element) -> str:
    """The namespace, empty if none."""
    return str(etree.QName(element).namespace or "")


def children(element: etree._Element, ns: str, name: str) -> list[etree._Element]:
    """Direct children of that name."""
    return list(element.iterchildren(f"{{{ns}}}{name}"))


def extension(element: etree._Element, ns: str, name: str) -> list[etree._Element]:
    """Elements of that name directly inside ``bpmn:extensionElements``."""
    return [found for box in children(element, BPMN, "extensionElements") for found in children(box, ns, name)]


def first_extension(element: etree._Element, ns: str, name: str) -> etree._Element | None:
    """The first of `extension`, if there is one. More than one is refused by the gate."""
    found = extension(element, ns, name)
    return found[0] if found else None


def feel(text: str | None) -> str | None:
    """The FEEL text of an attribute that may start with ``=``; None if there is nothing."""
    stripped = (text or "").strip()
    return stripped.removeprefix("=").strip() or None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFlow:
    """A sequence flow. `condition` is FEEL without the leading ``=``; None when there is none.

    parent: id of the process or subprocess in which it is drawn.
    """

    id: str
    parent: str
    source: str
    target: str
    condition: str | None
    xml: etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNode:
    """A flow node as drawn. `default` is the id in its ``default`` attribute; `parent` as of a flow."""

    id: str
    parent: str
    type: str
    default: str | None
    xml: etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnProcess:
    """A process with all its flow nodes and sequence flows, those in subprocesses too, in document order."""

    id: str
    executable: bool
    nodes: tuple[DrawnNode, ...]
    flows: tuple[DrawnFlow, ...]
    xml: etree._Element

    def inside(self) -> dict[str, list[DrawnNode]]:
        """Flow nodes by the process or subprocess in which they are drawn; every container has an entry."""
        found: dict[str, list[DrawnNode]] = {self.id: []}
        found.update({node.id: [] for node in self.nodes if node.type == "subProcess"})
        for node in self.nodes:
            found.setdefault(node.parent, []).append(node)
        return found

    def outgoing(self) -> dict[str, list[DrawnFlow]]:
        """Sequence flows by source id."""
        by_source: dict[str, list[DrawnFlow]] = {}
        for flow in self.flows:
            by_source.setdefault(flow.source, []).append(flow)
        return by_source

    def incoming(self) -> dict[str, list[DrawnFlow]]:
        """Sequence flows by target id."""
        by_target: dict[str, list[DrawnFlow]] = {}
        for flow in self.flows:
            by_target.setdefault(flow.target, []).append(flow)
        return by_target


def processes(root: etree._Element) -> tuple[DrawnProcess, ...]:
    """All processes of a file, executable or not."""
    return tuple(_process(element) for element in children(root, BPMN, "process"))


def version_tag(process: DrawnProcess) -> str:
    """The version tag that a call activity may ask for; empty without one."""
    tag = first_extension(process.xml, ZEEBE, "versionTag")
    return tag.get("value", "") if tag is not None else ""


def _process(xml: etree._Element) -> DrawnProcess:
    nodes: list[DrawnNode] = []
    flows: list[DrawnFlow] = []
    todo = [(xml.get("id", ""), child) for child in reversed(list(xml.iterchildren(etree.Element)))]
    while todo:
        parent, child = todo.pop()
        if namespace(child) != BPMN:
            continue
        if local(child) == "sequenceFlow":
            flows.append(_flow(child, parent))
        elif local(child) in FLOW_NODES:
            node = DrawnNode(
                id=child.get("id", ""), parent=parent, type=local(child), default=child.get("default"), xml=child
            )
            nodes.append(node)
            if node.type == "subProcess":
                todo += [(node.id, inner) for inner in reversed(list(child.iterchildren(etree.Element)))]
    return DrawnProcess(
        id=xml.get("id", ""),
        executable=xml.get("isExecutable") in ("true", "1"),
        nodes=tuple(nodes),
        flows=tuple(flows),
        xml=xml,
    )


def _flow(xml: etree._Element, parent: str) -> DrawnFlow:
    conditions = children(xml, BPMN, "conditionExpression")
    return DrawnFlow(
        id=xml.get("id", ""),
        parent=parent,
        source=xml.get("sourceRef", ""),
        target=xml.get("targetRef", ""),
        condition=feel(conditions[0].text) if conditions else None,
        xml=xml,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnExpression:
    """A FEEL text somewhere in a process. `owner` is the id to blame; `place` says in words where it stands."""

    owner: str
    place: str
    text: str


def other_expressions(process: DrawnProcess) -> Iterator[DrawnExpression]:
    """The FEEL texts that other rooms evaluate: the subject of the case, values and limits of checks."""
    for case in extension(process.xml, SUPERVISION, "case"):
        subject = feel(case.get("subject"))
        if subject:
            yield DrawnExpression(owner=process.id, place="subject", text=subject)
    for node in process.nodes:
        for check in supervision_items(node.xml, "checks", "check"):
            for place, text in _check_expressions(check):
                yield DrawnExpression(owner=node.id, place=f"{place} of check {check.get('id')}", text=text)


def _check_expressions(check: etree._Element) -> Iterator[tuple[str, str]]:
    """Where in a check FEEL stands, and the text."""
    for name, drawn in check_parameters(check).items():
        text = feel(drawn) if drawn.startswith("=") else None
        if text:
            yield name, text
    places = [("allowWithReason", check.get("allowWithReason"))]
    places += [("when of an exemption", one.get("when")) for one in children(check, SUPERVISION, "exemption")]
    for place, drawn_text in places:
        text = feel(drawn_text)
        if text:
            yield place, text


SHORT_PARAMETERS = ("value", "operator", "limit", "unit")
"""Parameters of a check that may be written as its attributes; value and limit are FEEL there, with or without
``=``."""


def check_parameters(check: etree._Element) -> dict[str, str]:
    """The parameters of a check by name: its attributes first, then its ``supervision:parameter``."""
    found: dict[str, str] = {}
    for name in SHORT_PARAMETERS:
        drawn = (check.get(name) or "").strip()
        if drawn:
            found[name] = f"={feel(drawn) or ''}" if name in ("value", "limit") else drawn
    for item in children(check, SUPERVISION, "parameter"):
        drawn = (item.get("value") or "").strip()
        found[item.get("name", "")] = f"={feel(drawn) or ''}" if drawn.startswith("=") else drawn
    return found


def words(text: str | None) -> tuple[str, ...]:
    """Entries of a list written with spaces or commas."""
    return tuple((text or "").replace(",", " ").split())


def names(text: str | None) -> tuple[str, ...]:
    """Entries of a list written with commas; one ``=expression`` stays as it is."""
    stripped = (text or "").strip()
    if stripped.startswith("="):
        return (stripped,)
    return tuple(part.strip() for part in stripped.split(",") if part.strip())


def supervision_items(node: etree._Element, box: str, item: str) -> list[etree._Element]:
    """For example all ``supervision:check`` in the ``supervision:checks`` of a node."""
    return [found for group in extension(node, SUPERVISION, box) for found in children(group, SUPERVISION, item)]


def definition(process: DrawnProcess, digest: Digest) -> ProcessDefinition:
    """The frozen values of a process that has passed the gate. What the gate checks is not checked again."""
    case = first_extension(process.xml, SUPERVISION, "case")
    return ProcessDefinition(
        process_id=process.id,
        name=process.xml.get("name") or process.id,
        digest=digest,
        elements={ElementId(node.id): _element(node) for node in process.nodes},
        subject=feel(case.get("subject")) if case is not None else None,
        number_prefix=case.get("numberPrefix", "") if case is not None else "",
        version_tag=version_tag(process),
        starts=tuple(ElementId(node.id) for node in sorted(_starts(process), key=_by_event)),
        time_limit=time_limits.time_limit(first_extension(process.xml, SUPERVISION, "timeLimit")),
    )


def _starts(process: DrawnProcess) -> Iterator[DrawnNode]:
    return (node for node in process.nodes if node.type == "startEvent" and node.parent == process.id)


def _by_event(node: DrawnNode) -> bool:
    return any(local(child).endswith("EventDefinition") for child in node.xml.iterchildren(f"{{{BPMN}}}*"))


def _element(node: DrawnNode) -> ElementDefinition:
    form = first_extension(node.xml, ZEEBE, "formDefinition")
    assignment = first_extension(node.xml, ZEEBE, "assignmentDefinition")
    decision = first_extension(node.xml, ZEEBE, "calledDecision")
    outcomes = tuple(_outcomes(node.xml))
    return ElementDefinition(
        id=ElementId(node.id),
        type=node.type,
        name=node.xml.get("name") or "",
        form_id=form.get("formId") if form is not None else None,
        assignee=(assignment.get("assignee") or None) if assignment is not None else None,
        candidate_positions=names(assignment.get("candidateGroups")) if assignment is not None else (),
        outcomes=outcomes,
        result_variable=result_variable(node) if outcomes else None,
        field_access=_field_access(node.xml),
        materials=tuple(_materials(node.xml)),
        basis=_basis(node.xml),
        checks=tuple(_checks(node.xml)),
        decision_id=decision.get("decisionId") if decision is not None else None,
        decision_result_variable=decision.get("resultVariable") if decision is not None else None,
        time_limit=time_limits.time_limit(first_extension(node.xml, SUPERVISION, "timeLimit")),
        pause=time_limits.pause(first_extension(node.xml, SUPERVISION, "pause")),
        approval=approvals.read(first_extension(node.xml, SUPERVISION, "approval"), f"{{{SUPERVISION}}}verb"),
    )


def result_variable(node: DrawnNode) -> str:
    """The variable that receives the outcome code of a user task."""
    box = first_extension(node.xml, SUPERVISION, "outcomes")
    return (box.get("resultVariable") if box is not None else None) or f"{node.id}_outcome"


def _outcomes(node: etree._Element) -> Iterator[Outcome]:
    for item in supervision_items(node, "outcomes", "outcome"):
        yield Outcome(
            code=item.get("code", ""),
            name=item.get("name", ""),
            opinion_required=item.get("opinionRequired") == "true",
            negative=item.get("negative") == "true",
            returns=item.get("returns") == "true",
        )


def _field_access(node: etree._Element) -> Mapping[str, FieldAccess]:
    return {
        item.get("path", ""): FieldAccess(item.get("access", "write"))
        for item in supervision_items(node, "fields", "field")
    }


def _materials(node: etree._Element) -> Iterator[RequiredMaterial]:
    for item in supervision_items(node, "materials", "material"):
        yield RequiredMaterial(
            code=item.get("code", ""),
            name=item.get("name", ""),
            kind=MaterialKind(item.get("kind", "attachment")),
            minimum=int(item.get("minimum", "0")),
            outcomes=frozenset(words(item.get("outcomes"))),
        )


def _basis(node: etree._Element) -> Basis:
    basis = first_extension(node, SUPERVISION, "basis")
    return Basis(law=basis.get("law", ""), post=basis.get("post", "")) if basis is not None else Basis()


def _checks(node: etree._Element) -> Iterator[CheckDefinition]:
    for item in supervision_items(node, "checks", "check"):
        yield CheckDefinition(
            id=item.get("id", ""),
            code=item.get("code", ""),
            name=item.get("name", ""),
            level=RiskLevel(item.get("level", "none")),
            actions=frozenset(Action(word) for word in words(item.get("actions"))),
            blocking=item.get("blocking") == "true",
            parameters=check_parameters(item),
            phase=CheckPhase(item.get("phase", "entry")),
            loophole=item.get("loophole", ""),
            allow_with_reason=feel(item.get("allowWithReason")) or "",
            exemptions=tuple(_exemptions(item)),
        )


def _exemptions(check: etree._Element) -> Iterator[ExemptionRule]:
    for item in children(check, SUPERVISION, "exemption"):
        until = item.get("until", "")
        yield ExemptionRule(
            id=item.get("id", ""),
            when=feel(item.get("when")) or "",
            basis=item.get("basis", ""),
            until=date.fromisoformat(until) if until else None,
        )
