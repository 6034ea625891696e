"""Loops, mappings, scripts, jobs and calls: complete, with names that can be variables."""

from collections.abc import Iterator

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, ZEEBE, DrawnNode, children, extension, feel, first_extension, local, namespace
from engine.runtime.events import definitions
from engine.runtime.rules.elements import unknown_attributes
from engine.runtime.rules.model import Model, called_process, is_name

_BINDINGS = frozenset({"latest", "deployment", "versionTag"})


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        for node in process.nodes:
            yield from _loops(model, node)
            yield from _mappings(model, node)
            if node.type == "scriptTask":
                yield from _script(model, node)
            if node.type == "callActivity":
                yield from _call(model, node)
            if node.type in ("serviceTask", "scriptTask", "businessRuleTask"):
                yield from _job(model, node)


def _loops(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    multi = children(node.xml, BPMN, "multiInstanceLoopCharacteristics")
    standard = children(node.xml, BPMN, "standardLoopCharacteristics")
    if len(multi) + len(standard) > 1:
        yield model.error("loop-doubled", node.id, f"{node.id} has several loop markers.", "Keep one of them.")
        return
    for loop in multi:
        yield from _multi_instance(model, node, loop)
    for loop in standard:
        maximum = loop.get("loopMaximum", "")
        if maximum and not (maximum.isascii() and maximum.isdigit()):
            yield _loop(model, node, f"the loopMaximum {maximum!r}, which is no number")
        if not maximum and not any(feel(c.text) for c in children(loop, BPMN, "loopCondition")):
            yield _loop(model, node, "neither a loopCondition nor a loopMaximum and would never stop")
        yield from _marked(model, node, loop)


def _multi_instance(model: Model, node: DrawnNode, loop: etree._Element) -> Iterator[LintFinding]:
    drawn = first_extension(loop, ZEEBE, "loopCharacteristics")
    collection = feel(drawn.get("inputCollection")) if drawn is not None else None
    cardinality = any(feel(c.text) for c in children(loop, BPMN, "loopCardinality"))
    if (collection is None) == (not cardinality):
        yield _loop(model, node, "not exactly one of inputCollection (zeebe:loopCharacteristics) and loopCardinality")
    for attribute in ("inputElement", "outputCollection"):
        name = drawn.get(attribute) if drawn is not None else None
        if name is not None and name != "item" and not is_name(name):
            yield _loop(model, node, f"the {attribute} {name!r}, which cannot be a variable name")
    if drawn is not None and bool(drawn.get("outputCollection")) != bool(feel(drawn.get("outputElement"))):
        yield _loop(model, node, "only one of outputCollection and outputElement")
    if loop.get("behavior", "All") != "All":
        yield _loop(model, node, f"the behavior {loop.get('behavior')!r}, which is not executable here")
    yield from _marked(model, node, loop)


def _marked(model: Model, node: DrawnNode, loop: etree._Element) -> Iterator[LintFinding]:
    """Conditions begin with ``=``; a cardinality may also be a plain number."""
    for name in ("completionCondition", "loopCondition", "loopCardinality"):
        for inner in children(loop, BPMN, name):
            text = (inner.text or "").strip()
            if not text.startswith("=") and not (name == "loopCardinality" and text.isascii() and text.isdigit()):
                yield model.error(
                    "condition-not-feel",
                    node.id,
                    f"The {name} of {node.id} does not begin with '='.",
                    "Write '=' and a FEEL expression, for example =numberOfCompletedInstances >= 2.",
                )


def _loop(model: Model, node: DrawnNode, what: str) -> LintFinding:
    return model.error(
        "loop-incomplete",
        node.id,
        f"The loop of {node.id} has {what}.",
        "Set inputCollection and inputElement of zeebe:loopCharacteristics, or a loopCardinality, or a loopCondition.",
    )


def _mappings(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    for box in extension(node.xml, ZEEBE, "ioMapping"):
        for item in box.iterchildren(etree.Element):
            if namespace(item) != ZEEBE or local(item) not in ("input", "output"):
                yield model.error(
                    "extension-not-executable",
                    node.id,
                    f"{local(item)} in zeebe:ioMapping at {node.id} is unknown.",
                    "Only zeebe:input and zeebe:output may stand there.",
                )
                continue
            yield from unknown_attributes(model, item, frozenset({"source", "target"}))
            target = item.get("target", "")
            if not all(is_name(part.strip()) for part in target.split(".")) or not item.get("source", "").strip():
                yield model.error(
                    "mapping-incomplete",
                    node.id,
                    f"The {local(item)} mapping of {node.id} to {target!r} has no source, or a target that is no name.",
                    "Set source to '=' and a FEEL expression, and target to a variable.",
                )


def _script(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    if first_extension(node.xml, ZEEBE, "taskDefinition") is not None:
        return
    script = first_extension(node.xml, ZEEBE, "script")
    if script is None or feel(script.get("expression")) is None:
        yield model.error(
            "script-missing", node.id, f"Script task {node.id} has no FEEL script.", "Set expression of zeebe:script."
        )
    elif not is_name(script.get("resultVariable")):
        yield model.error(
            "result-variable",
            node.id,
            f"The result variable {script.get('resultVariable')!r} of {node.id} cannot be a variable name.",
            "Set resultVariable of zeebe:script to letters, digits and '_'.",
        )


def _call(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    drawn, named = first_extension(node.xml, ZEEBE, "calledElement"), called_process(node)
    if not named or named == "=":
        yield model.error(
            "called-process-unknown",
            node.id,
            f"Call activity {node.id} names no process.",
            "Set processId of zeebe:calledElement.",
        )
    elif not named.startswith("=") and model.called is not None:
        known = {process.id for process in model.processes} | set(model.called)
        if named not in known:
            yield model.error(
                "called-process-unknown",
                node.id,
                f"The process {named!r} that {node.id} calls is not deployed.",
                "Deploy it with this one.",
            )
    yield from _begins_with_events(model, node, named)
    binding = drawn.get("bindingType", "latest") if drawn is not None else "latest"
    if binding not in _BINDINGS or (binding == "versionTag") != bool(drawn is not None and drawn.get("versionTag")):
        yield model.error(
            "call-binding",
            node.id,
            f"The binding {binding!r} of call activity {node.id} is unknown, or does not go with its versionTag.",
            "Use latest, deployment, or versionTag together with a versionTag.",
        )


def _begins_with_events(model: Model, node: DrawnNode, named: str) -> Iterator[LintFinding]:
    """Of processes of the same file; one that is found later is looked at when it is called."""
    for process in model.processes:
        starts = [one for one in process.nodes if one.type == "startEvent" and one.parent == process.id]
        if process.id == named and starts and all(definitions(one) for one in starts):
            yield model.error(
                "called-process-waits",
                node.id,
                f"The process {named!r} that {node.id} calls begins with events only; the call would wait for ever.",
                "Draw a none start event in the called process.",
            )


def _job(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    task = first_extension(node.xml, ZEEBE, "taskDefinition")
    if task is None and node.type == "serviceTask":
        yield model.warning(
            "job-type-missing",
            node.id,
            f"Service task {node.id} names no job type; its id is taken.",
            "Set type of zeebe:taskDefinition.",
        )
    if task is not None:
        retries = task.get("retries", "3")
        if not task.get("type", "").strip() or not (retries.isascii() and retries.isdigit()):
            yield model.error(
                "job-incomplete",
                node.id,
                f"The job of {node.id} has no type, or its number of retries is not a number.",
                "Set type and retries of zeebe:taskDefinition.",
            )
