"""Camunda 7's attributes and elements (also as Operaton, Activiti and Flowable write them) in Camunda 8's terms.

=============================================  ==================================================================
of                                             becomes
=============================================  ==================================================================
assignee, candidateGroups                      ``zeebe:assignmentDefinition``
type="external" with topic                     ``zeebe:taskDefinition`` type
decisionRef, resultVariable                    ``zeebe:calledDecision`` (mapDecisionResult: singleEntry or -Result)
script of format feel, resultVariable          ``zeebe:script``
collection, elementVariable                    ``zeebe:loopCharacteristics``
calledElementBinding and -VersionTag, in, out  ``zeebe:calledElement`` and ``zeebe:ioMapping``
inputOutput                                    ``zeebe:ioMapping``
versionTag                                     ``zeebe:versionTag``
=============================================  ==================================================================

What only tunes an engine (`_TUNING`) or belongs to a launch (`_LAUNCH`) is told and has no effect. All else is an
error: Java, scripts and listeners would change what happens.
"""

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, ZEEBE, children, extension, local, namespace
from engine.runtime.interchange.juel import Untranslatable, to_feel, wrapped
from engine.runtime.interchange.tree import extend, map_io, remove
from engine.runtime.rules.model import Reporter, is_name, owner_id

NAMESPACES = frozenset(
    {
        "http://camunda.org/schema/1.0/bpmn",
        "http://operaton.org/schema/1.0/bpmn",
        "http://activiti.org/bpmn",
        "http://flowable.org/bpmn",
    }
)
_TUNING = frozenset(
    {
        "async", "asyncBefore", "asyncAfter", "exclusive", "jobPriority", "taskPriority", "failedJobRetryTimeCycle",
        "historyTimeToLive", "isStartableInTasklist", "modelerTemplate", "modelerTemplateVersion", "diagramRelationId",
        "modelerTemplateIcon", "properties", "asyncLeave",
    }
)  # fmt: skip
_LAUNCH = frozenset(
    {
        "formKey", "formRef", "formRefBinding", "formRefVersion", "formData", "formProperty", "dueDate",
        "followUpDate", "priority", "candidateUsers", "candidateStarterUsers", "candidateStarterGroups", "initiator",
        "formHandlerClass", "businessCalendarName", "skipExpression", "category", "extensionId",
    }
)  # fmt: skip
EQUIVALENTS: Mapping[str, str] = {
    "class": "Let a job worker do it: zeebe:taskDefinition with a type.",
    "delegateExpression": "Let a job worker do it: zeebe:taskDefinition with a type.",
    "expression": "Let a job worker do it (zeebe:taskDefinition), or calculate in a script task (zeebe:script).",
    "type": "Let a job worker do it: zeebe:taskDefinition with a type.",
    "connector": "Let a job worker do it: zeebe:taskDefinition with a type.",
    "field": "Give values by zeebe:taskHeaders or zeebe:ioMapping.",
    "executionListener": "Draw what the listener does as a service task.",
    "taskListener": "Draw what the listener does as a service task.",
    "script": "Calculate in FEEL: zeebe:script, or an expression of zeebe:ioMapping.",
    "inputOutput": "Use zeebe:ioMapping with FEEL.",
    "in": "Use zeebe:ioMapping.",
    "out": "Use zeebe:ioMapping.",
    "decisionRef": "Use zeebe:calledDecision, whose result is the decision's output as it is.",
    "collection": "Use zeebe:loopCharacteristics with inputCollection and inputElement.",
    "calledElementBinding": "Use zeebe:calledElement with bindingType latest, deployment or versionTag.",
    "caseRef": "Call a BPMN process: zeebe:calledElement.",
    "resource": "Write the script into the model in FEEL: zeebe:script.",
    "assignee": "Use zeebe:assignmentDefinition with FEEL.",
    "candidateGroups": "Use zeebe:assignmentDefinition with FEEL.",
}


class Refusal(Exception):
    """The meaning is not certain. The argument is the name in `EQUIVALENTS`."""


def rewrite(reporter: Reporter, root: etree._Element) -> Iterator[LintFinding]:
    """All rewrites of this kind."""
    tuning: set[str] = set()
    for element in list(root.iter(f"{{{BPMN}}}*")):
        attributes = {name: str(element.attrib.pop(key)) for key, name in _own(element)}
        boxes = [
            child
            for box in children(element, BPMN, "extensionElements")
            for child in box.iterchildren(etree.Element)
            if namespace(child) in NAMESPACES
        ]
        for name, said in _mapped(element, attributes, boxes):
            yield _told(reporter, element, name, said)
        for child in boxes:
            remove(child)
        for name in dict.fromkeys([*map(local, boxes), *attributes]):
            if name not in _TUNING:
                yield _left(reporter, element, name)
            elif name not in tuning:
                tuning.add(name)
                yield reporter.info(
                    "camunda-7-tuning",
                    owner_id(element),
                    f"{name} (Camunda 7; first at {owner_id(element)}) tunes another engine and has no effect here.",
                    "Nothing has to be done.",
                )


def _own(element: etree._Element) -> list[tuple[str, str]]:
    found = [(str(key), etree.QName(str(key))) for key in element.attrib]
    return [(key, name.localname) for key, name in found if name.namespace in NAMESPACES]


def _mapped(
    element: etree._Element, attributes: dict[str, str], boxes: list[etree._Element]
) -> Iterator[tuple[str, str]]:
    """Do what can be done; give name and new place. What was done is taken out of attributes and boxes."""
    for names, mapping in _MAPPINGS.items():
        if any(name in attributes for name in names):
            try:
                said = mapping(element, attributes)
            except Refusal:
                continue
            if said:
                yield "/".join(name for name in names if name in attributes), said
                for name in names:
                    attributes.pop(name, None)
    for child in list(boxes):
        try:
            said = _BOXES.get(local(child), _nothing)(element, child)
        except Refusal:
            continue
        if said:
            boxes.remove(child)
            remove(child)
            yield local(child), said


def _told(reporter: Reporter, element: etree._Element, name: str, said: str) -> LintFinding:
    where = owner_id(element)
    return reporter.info(
        "rewritten-camunda-7",
        where,
        f"{name} (Camunda 7) of {where} is read as {said}.",
        "Write the elements of Camunda 8 into the model.",
    )


def _left(reporter: Reporter, element: etree._Element, name: str) -> LintFinding:
    where = owner_id(element)
    if name in _LAUNCH:
        return reporter.warning(
            "camunda-7-not-read",
            where,
            f"{name} (Camunda 7) of {where} is not read.",
            "Link forms by zeebe:formDefinition, assign by zeebe:assignmentDefinition, "
            "limit times by supervision elements.",
        )
    return reporter.error(
        "camunda-7-not-executable",
        where,
        f"{name} (Camunda 7) of {where} has no certain meaning here.",
        EQUIVALENTS.get(name, "Remove it; the reference lists the extension elements that are read."),
    )


def _value(text: str, name: str) -> str:
    """A text of Camunda 7 as an attribute of Camunda 8: ``${x}`` becomes ``=x``."""
    inner = wrapped(text)
    if inner is None:
        if "${" in text or "#{" in text or text.strip().startswith("="):
            raise Refusal(name)
        return text
    try:
        return f"={to_feel(inner)}"
    except Untranslatable as error:
        raise Refusal(name) from error


def _assignment(element: etree._Element, attributes: Mapping[str, str]) -> str:
    if local(element) != "userTask" or extension(element, ZEEBE, "assignmentDefinition"):
        raise Refusal("assignee")
    wanted = {n: _value(attributes[n], n) for n in ("assignee", "candidateGroups") if n in attributes}
    extend(element, "assignmentDefinition", **wanted)
    return "zeebe:assignmentDefinition"


def _external(element: etree._Element, attributes: Mapping[str, str]) -> str:
    jobs = ("serviceTask", "businessRuleTask", "sendTask")
    if attributes.get("type") != "external" or not attributes.get("topic") or local(element) not in jobs:
        raise Refusal("type")
    extend(element, "taskDefinition", type=_value(attributes["topic"], "type"))
    return "zeebe:taskDefinition"


def _decision(element: etree._Element, attributes: Mapping[str, str]) -> str:
    known = attributes.get("mapDecisionResult") in ("singleEntry", "singleResult")
    decision = attributes.get("decisionRef", "")
    bound = attributes.get("decisionRefBinding", "latest")
    if not known or "{" in decision or bound != "latest" or not is_name(attributes.get("resultVariable")):
        raise Refusal("decisionRef")
    extend(element, "calledDecision", decisionId=decision, resultVariable=attributes["resultVariable"])
    return "zeebe:calledDecision"


def _script(element: etree._Element, attributes: Mapping[str, str]) -> str:
    texts = children(element, BPMN, "script")
    if "feel" not in element.get("scriptFormat", "").lower() or not texts:
        raise Refusal("script")
    expression = (texts[0].text or "").strip().removeprefix("=")
    remove(texts[0])
    extend(element, "script", expression=f"={expression}", resultVariable=attributes["resultVariable"])
    return "zeebe:script"


def _result(element: etree._Element, attributes: Mapping[str, str]) -> str:
    if "decisionRef" in attributes:
        return _decision(element, attributes)
    if local(element) == "scriptTask":
        return _script(element, attributes)
    raise Refusal("decisionRef")


def _collection(element: etree._Element, attributes: Mapping[str, str]) -> str:
    text = attributes.get("collection", "")
    drawn = _value(text, "collection")
    collection = drawn.removeprefix("=")
    if not drawn.startswith("=") and not is_name(collection):
        raise Refusal("collection")
    wanted = {"inputCollection": f"={collection}"}
    if "elementVariable" in attributes:
        wanted["inputElement"] = attributes["elementVariable"]
    extend(element, "loopCharacteristics", **wanted)
    return "zeebe:loopCharacteristics"


def _binding(element: etree._Element, attributes: Mapping[str, str]) -> str:
    binding = attributes.get("calledElementBinding", "latest")
    if binding not in ("latest", "deployment", "versionTag"):
        raise Refusal("calledElementBinding")
    called = _called(element)
    called.set("bindingType", binding)
    if binding == "versionTag":
        called.set("versionTag", attributes.get("calledElementVersionTag", ""))
    return "bindingType of zeebe:calledElement"


def _called(element: etree._Element) -> etree._Element:
    found = extend(element, "calledElement")
    if not found.get("processId"):
        found.set("processId", _value(element.get("calledElement", ""), "calledElementBinding"))
    return found


def _tag(element: etree._Element, attributes: Mapping[str, str]) -> str:
    extend(element, "versionTag", value=attributes["versionTag"])
    return "zeebe:versionTag"


def _nothing(element: etree._Element, child: etree._Element) -> str:  # noqa: ARG001 - one shape for all
    return ""


def _passed(element: etree._Element, child: etree._Element) -> str:
    """``in`` and ``out`` of a call activity: all, or one by one, which ends the passing of everything else."""
    direction = local(child)
    whole = "propagateAllParentVariables" if direction == "in" else "propagateAllChildVariables"
    if local(element) != "callActivity" or child.get("local") == "true":
        raise Refusal(direction)
    if child.get("businessKey") is not None:
        return "nothing, because a called process has the number of its case"
    called = _called(element)
    if child.get("variables") == "all":
        called.set(whole, "true")
        return f"{whole} of zeebe:calledElement"
    target, source = child.get("target"), child.get("source")
    text = f"={source}" if is_name(source) else _value(child.get("sourceExpression", ""), direction)
    if not is_name(target) or target is None or not text:
        raise Refusal(direction)
    called.set(whole, called.get(whole, "false"))
    map_io(element, "input" if direction == "in" else "output", text, target)
    return "zeebe:ioMapping"


def _io(element: etree._Element, child: etree._Element) -> str:
    parameters = list(child.iterchildren(etree.Element))
    lines: list[tuple[str, str, str]] = []
    for parameter in parameters:
        direction = {"inputParameter": "input", "outputParameter": "output"}.get(local(parameter))
        name = parameter.get("name")
        text = (parameter.text or "").strip()
        if direction is None or len(parameter) or not is_name(name) or name is None or not text:
            raise Refusal("inputOutput")
        lines.append((direction, _value(text, "inputOutput"), name))
    for direction, source, name in lines:
        map_io(element, direction, source, name)
    return "zeebe:ioMapping"


_MAPPINGS: Mapping[tuple[str, ...], Callable[[etree._Element, Mapping[str, str]], str]] = {
    ("assignee", "candidateGroups"): _assignment,
    ("type", "topic"): _external,
    ("decisionRef", "resultVariable", "mapDecisionResult", "decisionRefBinding"): _result,
    ("collection", "elementVariable"): _collection,
    ("calledElementBinding", "calledElementVersionTag"): _binding,
    ("versionTag",): _tag,
}
_BOXES: Mapping[str, Callable[[etree._Element, etree._Element], str]] = {
    "in": _passed,
    "out": _passed,
    "inputOutput": _io,
}
