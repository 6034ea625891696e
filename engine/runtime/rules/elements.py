"""What may stand in a file at all. Everything that is not on these lists is refused by name, never ignored.

Runs: see `RUNS`. Decoration, without any effect on execution: lanes, text annotations, associations, groups, data
objects and stores (their associations: `engine.runtime.interchange.data`), pools, message flows, conversations,
resources, interfaces, documentation, diagram interchange.
"""

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime import approvals
from engine.runtime.dialect import (
    BPMN,
    FLOW_NODES,
    SUPERVISION,
    XSI,
    ZEEBE,
    DrawnNode,
    children,
    first_extension,
    local,
    namespace,
)
from engine.runtime.rules.model import Model, owner_id
from engine.runtime.time_limits import LIMIT_ATTRIBUTES, PAUSE_ATTRIBUTES

RUNS = frozenset(
    {
        "startEvent", "endEvent", "task", "manualTask", "userTask", "serviceTask", "scriptTask", "businessRuleTask",
        "subProcess", "callActivity",
        "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "sendTask", "receiveTask",
        "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
    }
)  # fmt: skip

_IN_FILE = frozenset(
    {"process", "collaboration", "category", "dataStore", "itemDefinition", "message", "signal", "error", "escalation",
     "import", "extension", "relationship", "interface", "resource", "endPoint", "partnerEntity", "partnerRole",
     "correlationProperty", "globalConversation", "timerEventDefinition", "messageEventDefinition",
     "signalEventDefinition", "errorEventDefinition", "escalationEventDefinition", "conditionalEventDefinition",
     "compensateEventDefinition", "cancelEventDefinition", "linkEventDefinition", "terminateEventDefinition"}
)  # fmt: skip
_IN_COLLABORATION = frozenset(
    {"participant", "textAnnotation", "association", "group", "messageFlow", "messageFlowAssociation",
     "participantAssociation", "conversation", "subConversation", "callConversation", "conversationLink",
     "conversationAssociation", "correlationKey", "choreographyRef"}
)  # fmt: skip
_IN_PARTICIPANT = frozenset({"participantMultiplicity", "interfaceRef", "endPointRef"})
_ROLES = frozenset({"resourceRole", "performer", "humanPerformer", "potentialOwner"})
_IN_PROCESS = frozenset(
    {"sequenceFlow", "laneSet", "textAnnotation", "association", "group",
     "dataObject", "dataObjectReference", "dataStoreReference",
     "property", "ioBinding", "auditing", "monitoring", "supports", "supportedInterfaceRef"}
) | _ROLES  # fmt: skip
_IN_NODE = frozenset(
    {"incoming", "outgoing", "dataInputAssociation", "dataOutputAssociation", "property", "auditing", "monitoring",
     "categoryValueRef", "dataInput", "dataOutput", "inputSet", "outputSet", "rendering"}
) | _ROLES  # fmt: skip
_LOOPS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
_IN_MULTI_INSTANCE = frozenset({"loopCardinality", "completionCondition"})
_IN_STANDARD_LOOP = frozenset({"loopCondition"})
JOBS = frozenset({"serviceTask", "sendTask", "scriptTask", "businessRuleTask", "intermediateThrowEvent", "endEvent"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
_DEFINITIONS = frozenset(
    f"{kind}EventDefinition"
    for kind in ("timer", "message", "signal", "error", "escalation", "conditional", "link", "terminate", "compensate",
                 "cancel")
) | {"eventDefinitionRef"}  # fmt: skip
_IN_DEFINITION = frozenset({"timeDate", "timeDuration", "timeCycle", "condition"})
_ANYWHERE = frozenset({"documentation", "extensionElements"})
_IN_FLOW = frozenset({"conditionExpression"})
_DECORATION_NAMESPACES = frozenset(
    {"http://camunda.org/schema/modeler/1.0", "http://bpmn.io/schema/bpmn/biocolor/1.0",
     "http://www.omg.org/spec/BPMN/non-normative/color/1.0", XSI, "http://www.w3.org/XML/1998/namespace"}
)  # fmt: skip
_ENGINES = frozenset(
    {"http://spiffworkflow.org/bpmn/schema/1.0/core", "http://www.jboss.org/drools", "http://jbpm.org"}
)
"""Namespaces of other engines in which behaviour may be written. Of all others nothing is read, which is told."""

ACTIVITIES = RUNS - {
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", *EVENTS,
}  # fmt: skip
WAITING = frozenset(
    {"userTask", "serviceTask", "sendTask", "receiveTask", "callActivity", "subProcess", "intermediateCatchEvent"}
)
"""Where something is waited for, so that time runs."""
_CALLED = frozenset(
    {"processId", "bindingType", "versionTag", "propagateAllChildVariables", "propagateAllParentVariables"}
)

EXTENSIONS: Mapping[tuple[str, str], tuple[frozenset[str], frozenset[str]]] = {
    (ZEEBE, "userTask"): (frozenset({"userTask"}), frozenset()),
    (ZEEBE, "formDefinition"): (
        frozenset({"userTask"}),
        frozenset({"formId", "bindingType", "formKey", "externalReference"}),
    ),
    (ZEEBE, "assignmentDefinition"): (
        frozenset({"userTask"}),
        frozenset({"assignee", "candidateGroups", "candidateUsers"}),
    ),
    (ZEEBE, "taskSchedule"): (frozenset({"userTask"}), frozenset({"dueDate", "followUpDate"})),
    (ZEEBE, "priorityDefinition"): (frozenset({"userTask"}), frozenset({"priority"})),
    (ZEEBE, "calledDecision"): (
        frozenset({"businessRuleTask"}),
        frozenset({"decisionId", "resultVariable", "bindingType"}),
    ),
    (ZEEBE, "ioMapping"): (ACTIVITIES - {"task", "manualTask"} | EVENTS, frozenset()),
    (ZEEBE, "publishMessage"): (
        frozenset({"intermediateThrowEvent", "endEvent", "messageEventDefinition"}),
        frozenset({"correlationKey", "messageId", "timeToLive"}),
    ),
    (ZEEBE, "taskDefinition"): (JOBS, frozenset({"type", "retries"})),
    (ZEEBE, "taskHeaders"): (JOBS | {"userTask"}, frozenset()),
    (ZEEBE, "script"): (frozenset({"scriptTask"}), frozenset({"expression", "resultVariable"})),
    (ZEEBE, "calledElement"): (frozenset({"callActivity"}), _CALLED),
    (ZEEBE, "loopCharacteristics"): (
        frozenset({"multiInstanceLoopCharacteristics"}),
        frozenset({"inputCollection", "inputElement", "outputCollection", "outputElement"}),
    ),
    (SUPERVISION, "case"): (frozenset({"process"}), frozenset({"subject", "numberPrefix"})),
    (SUPERVISION, "timeLimit"): (WAITING | {"process"}, LIMIT_ATTRIBUTES),
    (SUPERVISION, "pause"): (WAITING, PAUSE_ATTRIBUTES),
    (SUPERVISION, "basis"): (RUNS, frozenset({"law", "post"})),
    (SUPERVISION, "approval"): (frozenset({"userTask"}), frozenset(approvals.ATTRIBUTES)),
    (SUPERVISION, "outcomes"): (frozenset({"userTask"}), frozenset({"resultVariable"})),
    (SUPERVISION, "fields"): (frozenset({"userTask"}), frozenset()),
    (SUPERVISION, "materials"): (frozenset({"userTask"}), frozenset()),
    (SUPERVISION, "checks"): (RUNS, frozenset()),
    (SUPERVISION, "calendar"): (EVENTS, frozenset({"days"})),
}
"""Extension element → where it may stand, and the attributes that we read."""

_DECORATING_EXTENSIONS = frozenset({(ZEEBE, "properties"), (ZEEBE, "versionTag"), (ZEEBE, "userTaskForm")})

CURES: Mapping[str, str] = {
    "transaction": "Use an embedded subprocess.",
    "adHocSubProcess": "Use an embedded subprocess with an inclusive gateway.",
    "complexGateway": "Use exclusive, parallel or inclusive gateways.",
    "script": "Write the script in FEEL: expression and resultVariable of zeebe:script.",
    "globalUserTask": "Draw a process with one user task, and call that.",
}


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    yield from _strangers(model, model.root, _IN_FILE)
    yield from _understood(model)
    for collaboration in children(model.root, BPMN, "collaboration"):
        yield from _strangers(model, collaboration, _IN_COLLABORATION)
        for participant in children(collaboration, BPMN, "participant"):
            yield from _strangers(model, participant, _IN_PARTICIPANT)
    for process in model.processes:
        yield from _strangers(model, process.xml, _IN_PROCESS | FLOW_NODES)
        yield from _extensions(model, process.xml, "process")
        for node in process.nodes:
            yield from _node(model, node)
        for flow in process.flows:
            yield from _strangers(model, flow.xml, _IN_FLOW)
            yield from _extensions(model, flow.xml, "sequenceFlow")
    yield from _foreign(model)


def _understood(model: Model) -> Iterator[LintFinding]:
    for declared in children(model.root, BPMN, "extension"):
        name = declared.get("definition", "")
        if declared.get("mustUnderstand") in ("true", "1"):
            yield model.error(
                "extension-must-be-understood",
                owner_id(declared),
                f"The file demands that the extension {name} is understood, which we do not.",
                "Remove the declaration if the model means the same without it.",
            )


def _foreign(model: Model) -> Iterator[LintFinding]:
    """Told once a namespace, with the first element that has something of it."""
    seen = {ZEEBE, SUPERVISION, BPMN, ""} | _DECORATION_NAMESPACES
    for process in model.processes:
        for element in process.xml.iter(f"{{{BPMN}}}*"):
            inside = [child for box in children(element, BPMN, "extensionElements") for child in box]
            names = [*(etree.QName(str(key)).namespace for key in element.attrib), *map(namespace, inside)]
            for found in names:
                if found and found not in seen:
                    seen.add(found)
                    yield model.info(
                        "extension-not-read",
                        owner_id(element),
                        f"What the file says in the namespace {found} (first at {owner_id(element)}) is not read.",
                        "Nothing has to be done; the reference lists the extension elements that are read.",
                    )


def _refused(model: Model, where: str, name: str) -> LintFinding:
    return model.error(
        "element-not-executable",
        where,
        f"{name} at {where} is not executable here.",
        CURES.get(name, "Remove it, or draw it with the elements that the reference lists as executable."),
    )


def _strangers(model: Model, parent: etree._Element, allowed: frozenset[str]) -> Iterator[LintFinding]:
    for child in parent.iterchildren(etree.Element):
        if namespace(child) == BPMN and local(child) not in allowed | _ANYWHERE:
            inside = local(parent) in FLOW_NODES | {"sequenceFlow"}  # people see the node, not its parts
            yield _refused(model, owner_id(parent if inside else child), local(child))


def _node(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    if node.type not in RUNS:
        yield _refused(model, node.id, node.type)
        return
    more: frozenset[str] = _DEFINITIONS if node.type in EVENTS else frozenset()
    if node.type == "scriptTask" and first_extension(node.xml, ZEEBE, "taskDefinition") is not None:
        more |= {"script"}
    if node.type in ACTIVITIES:
        more |= _LOOPS
    if node.type == "subProcess":
        more |= _IN_PROCESS | FLOW_NODES
    yield from _strangers(model, node.xml, _IN_NODE | more)
    for loop in children(node.xml, BPMN, "multiInstanceLoopCharacteristics"):
        yield from _strangers(model, loop, _IN_MULTI_INSTANCE)
        yield from _extensions(model, loop, "multiInstanceLoopCharacteristics")
    for loop in children(node.xml, BPMN, "standardLoopCharacteristics"):
        yield from _strangers(model, loop, _IN_STANDARD_LOOP)
    for drawn in node.xml.iterchildren(*(f"{{{BPMN}}}{name}" for name in _DEFINITIONS)):
        yield from _strangers(model, drawn, _IN_DEFINITION)
        yield from _extensions(model, drawn, local(drawn))
    yield from _attributes(model, node)
    yield from _extensions(model, node.xml, node.type)


def _attributes(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    refused = {
        "isForCompensation": "false",
        "startQuantity": "1",
        "completionQuantity": "1",
    }
    for attribute, harmless in refused.items():
        if node.xml.get(attribute, harmless) != harmless:
            yield _attribute(model, node.xml, attribute, f"Set {attribute} to {harmless}.")


def _attribute(model: Model, element: etree._Element, attribute: str, cure: str) -> LintFinding:
    where = owner_id(element)
    return model.error(
        "attribute-not-executable",
        where,
        f"{attribute} of {local(element)} at {where} would have no effect.",
        cure,
    )


def _extensions(model: Model, owner: etree._Element, owner_type: str) -> Iterator[LintFinding]:
    seen: set[tuple[str, str]] = set()
    for box in children(owner, BPMN, "extensionElements"):
        for item in box.iterchildren(etree.Element):
            key = (namespace(item), local(item))
            if key in _DECORATING_EXTENSIONS or key[0] not in _ENGINES | {ZEEBE, SUPERVISION}:
                continue
            places, attributes = EXTENSIONS.get(key, (frozenset(), frozenset()))
            if owner_type not in places:
                yield model.error(
                    "extension-not-executable",
                    owner_id(owner),
                    f"The extension element {local(item)} of {owner_type} {owner_id(owner)} is not executable here.",
                    "Remove it; the reference lists the extension elements that are read.",
                )
                continue
            if key in seen:
                yield model.error(
                    "extension-doubled",
                    owner_id(owner),
                    f"{owner_id(owner)} has more than one {local(item)}.",
                    "Keep one of them.",
                )
            seen.add(key)
            yield from unknown_attributes(model, item, attributes)
            if local(item) != "calledElement":
                yield from _binding(model, item)


def unknown_attributes(model: Model, item: etree._Element, known: frozenset[str]) -> Iterator[LintFinding]:
    """A misspelt attribute would be silently without effect, so it is refused."""
    for attribute in item.attrib:
        if str(attribute) not in known and not str(attribute).startswith(f"{{{XSI}}}"):
            yield _attribute(model, item, str(attribute), f"Use one of: {', '.join(sorted(known)) or 'none'}.")


def _binding(model: Model, item: etree._Element) -> Iterator[LintFinding]:
    if item.get("bindingType", "latest") != "latest":
        yield _attribute(
            model, item, f"bindingType={item.get('bindingType')}", "Remove bindingType, or set it to latest."
        )
