"""What an activity does beyond being an activity: mappings, loops, jobs, scripts, calls. Read from the drawing.

The values here are for the interpreter alone; what other rooms need is in `engine.model.definitions`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from lxml import etree

from engine.runtime.dialect import (
    BPMN,
    SUPERVISION,
    ZEEBE,
    DrawnExpression,
    DrawnNode,
    DrawnProcess,
    children,
    extension,
    feel,
    first_extension,
)

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An attribute that is FEEL when it begins with ``=`` (`expression`), else a fixed text or number (`constant`)."""

    expression: str | None = None
    constant: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IoMapping:
    """One line of ``zeebe:ioMapping``. target: the path of a variable, ``a.b`` as ``("a", "b")``."""

    source: Value
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Multi-instance (parallel or `sequential`) or, with `standard`, a loop that repeats while `condition` is true.

    collection, cardinality: FEEL; exactly one of them for multi-instance. completion: FEEL, ends the rest early.
    maximum: most rounds of a standard loop.
    """

    standard: bool = False
    sequential: bool = False
    collection: str | None = None
    cardinality: str | None = None
    element: str | None = None
    output_collection: str | None = None
    output_element: str | None = None
    completion: str | None = None
    condition: str | None = None
    test_before: bool = False
    maximum: int | None = None

    @property
    def output_variable(self) -> str | None:
        """The variable of one instance that its result comes from, made in its own scope so that none mixes."""
        text = self.output_element or ""
        return text.split(".")[0] if _PATH.fullmatch(text) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Which process a call activity starts, and which variables go in and come back."""

    process: Value
    binding: str = "latest"
    version_tag: str | None = None
    propagate_parent: bool = True
    propagate_child: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work for a worker outside."""

    type: Value
    retries: int = 3
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A FEEL expression whose value becomes the variable."""

    expression: str
    variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Everything of an activity, empty where nothing was drawn."""

    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()
    loop: Loop | None = None
    called: Called | None = None
    job: Job | None = None
    script: Script | None = None


def read(node: DrawnNode) -> Activity:
    """What was drawn at a node that has passed the gate."""
    return Activity(
        inputs=tuple(_mappings(node.xml, "input")),
        outputs=tuple(_mappings(node.xml, "output")),
        loop=loop(node.xml),
        called=_called(node.xml) if node.type == "callActivity" else None,
        job=_job(node),
        script=_script(node.xml),
    )


def value(text: str | None) -> Value:
    """See `Value`. A text that is a number is that number, as in Camunda 8."""
    stripped = (text or "").strip()
    if stripped.startswith("="):
        return Value(expression=feel(stripped))
    try:
        number = Decimal(stripped)
    except InvalidOperation:
        return Value(constant=text or "")
    if not number.is_finite():
        return Value(constant=text or "")
    return Value(constant=int(number) if number == number.to_integral_value() and "." not in stripped else number)


def run_time_expressions(process: DrawnProcess) -> Iterator[DrawnExpression]:
    """The FEEL texts that the interpreter itself evaluates."""
    for flow in process.flows:
        if flow.condition is not None:
            yield DrawnExpression(owner=flow.id, place="condition", text=flow.condition)
    for node in process.nodes:
        for assignment in extension(node.xml, ZEEBE, "assignmentDefinition"):
            for attribute in ("assignee", "candidateGroups"):
                drawn = assignment.get(attribute, "").strip()
                text = feel(drawn)
                if drawn.startswith("=") and text:
                    yield DrawnExpression(owner=node.id, place=attribute, text=text)
        for approval in extension(node.xml, SUPERVISION, "approval"):
            weight = feel(approval.get("weight"))
            if weight:
                yield DrawnExpression(owner=node.id, place="weight of a vote", text=weight)
        for place, text in expressions(node):
            yield DrawnExpression(owner=node.id, place=place, text=text)


def expressions(node: DrawnNode) -> Iterator[tuple[str, str]]:
    """Place in words and FEEL text of everything here that is evaluated at run time."""
    for direction in ("input", "output"):
        for mapping in _mappings(node.xml, direction):
            if mapping.source.expression is not None:
                yield f"{direction} mapping to {'.'.join(mapping.target)}", mapping.source.expression
    drawn = loop(node.xml)
    if drawn is not None:
        for place in ("collection", "cardinality", "output_element", "completion", "condition"):
            text = getattr(drawn, place)
            if text:
                yield place.replace("_", " "), text
    called = first_extension(node.xml, ZEEBE, "calledElement")
    task = first_extension(node.xml, ZEEBE, "taskDefinition")
    script = first_extension(node.xml, ZEEBE, "script")
    for place, element, attribute in (("processId", called, "processId"), ("type", task, "type")):
        drawn_text = value(element.get(attribute)).expression if element is not None else None
        if drawn_text:
            yield place, drawn_text
    text = feel(script.get("expression")) if script is not None else None
    if text:
        yield "script", text


def called_ids(process: DrawnProcess) -> set[str]:
    """Ids of the processes that the call activities of a process name."""
    calls = (_called(node.xml) for node in process.nodes if node.type == "callActivity")
    return {str(one.process.constant) for one in calls if one is not None and one.process.expression is None}


def loop(node: etree._Element) -> Loop | None:
    """The loop characteristics of an activity, if it has any."""
    for multi in children(node, BPMN, "multiInstanceLoopCharacteristics"):
        return _multi_instance(multi)
    for standard in children(node, BPMN, "standardLoopCharacteristics"):
        maximum = standard.get("loopMaximum", "")
        return Loop(
            standard=True,
            sequential=True,
            condition=_inner_text(standard, "loopCondition"),
            test_before=standard.get("testBefore") == "true",
            maximum=int(maximum) if maximum.isascii() and maximum.isdigit() else None,
        )
    return None


def _multi_instance(multi: etree._Element) -> Loop:
    drawn = first_extension(multi, ZEEBE, "loopCharacteristics")
    return Loop(
        sequential=multi.get("isSequential") == "true",
        collection=feel(drawn.get("inputCollection")) if drawn is not None else None,
        cardinality=_inner_text(multi, "loopCardinality"),
        element=drawn.get("inputElement") if drawn is not None else None,
        output_collection=drawn.get("outputCollection") if drawn is not None else None,
        output_element=feel(drawn.get("outputElement")) if drawn is not None else None,
        completion=_inner_text(multi, "completionCondition"),
    )


def _inner_text(element: etree._Element, name: str) -> str | None:
    found = children(element, BPMN, name)
    return feel(found[0].text) if found else None


def _mappings(node: etree._Element, direction: str) -> Iterator[IoMapping]:
    for box in extension(node, ZEEBE, "ioMapping"):
        for item in children(box, ZEEBE, direction):
            target = tuple(part.strip() for part in item.get("target", "").split("."))
            yield IoMapping(source=value(item.get("source")), target=target)


def _called(node: etree._Element) -> Called | None:
    drawn = first_extension(node, ZEEBE, "calledElement")
    if drawn is None:
        plain = node.get("calledElement")
        return Called(process=Value(constant=plain)) if plain else None
    text = drawn.get("processId", "").strip()
    return Called(
        process=Value(expression=feel(text)) if text.startswith("=") else Value(constant=text),
        binding=drawn.get("bindingType", "latest"),
        version_tag=drawn.get("versionTag"),
        propagate_parent=drawn.get("propagateAllParentVariables", "true") == "true",
        propagate_child=drawn.get("propagateAllChildVariables", "true") == "true",
    )


def _job(node: DrawnNode) -> Job | None:
    drawn = first_extension(node.xml, ZEEBE, "taskDefinition")
    if drawn is None:
        return Job(type=Value(constant=node.id)) if node.type in ("serviceTask", "sendTask") else None
    text = drawn.get("type", "").strip()
    retries = drawn.get("retries", "3")
    headers = {
        header.get("key", ""): header.get("value", "")
        for box in extension(node.xml, ZEEBE, "taskHeaders")
        for header in children(box, ZEEBE, "header")
    }
    return Job(
        type=Value(expression=feel(text)) if text.startswith("=") else Value(constant=text or node.id),
        retries=int(retries) if retries.isascii() and retries.isdigit() else 3,
        headers=headers,
    )


def _script(node: etree._Element) -> Script | None:
    drawn = first_extension(node, ZEEBE, "script")
    expression = feel(drawn.get("expression")) if drawn is not None else None
    if drawn is None or expression is None:
        return None
    return Script(expression=expression, variable=drawn.get("resultVariable", ""))
