"""Sequence flows: both ends, conditions, defaults; and how many may leave or reach each kind of element."""

from collections.abc import Iterator

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, DrawnFlow, DrawnNode, DrawnProcess, children
from engine.runtime.rules.model import Model

_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_NOT_CHOOSING = frozenset({"startEvent", "endEvent", "parallelGateway"})


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        yield from _ends(model, process)
        for container in (process.id, *(node.id for node in process.nodes if node.type == "subProcess")):
            yield from _start(model, process, container)
        outgoing, incoming = process.outgoing(), process.incoming()
        for node in process.nodes:
            yield from _degree(model, node, outgoing.get(node.id, []), incoming.get(node.id, []))
            yield from _choice(model, node, outgoing.get(node.id, []))


def _ends(model: Model, process: DrawnProcess) -> Iterator[LintFinding]:
    nodes = {node.id: node for node in process.nodes}
    for flow in process.flows:
        dangling = False
        for end, name in ((flow.source, "sourceRef"), (flow.target, "targetRef")):
            if end not in nodes:
                dangling = True
                yield model.error(
                    "flow-dangling",
                    flow.id,
                    f"The {name} {end!r} of sequence flow {flow.id} is no element of process {process.id}.",
                    "Draw the sequence flow again.",
                )
        if not dangling and len({flow.parent, nodes[flow.source].parent, nodes[flow.target].parent}) > 1:
            yield model.error(
                "flow-across-border",
                flow.id,
                f"The sequence flow {flow.id} crosses the border of a subprocess.",
                "Lead it to the subprocess itself, or to an end event inside.",
            )


def _start(model: Model, process: DrawnProcess, container: str) -> Iterator[LintFinding]:
    inside = [node for node in process.nodes if node.parent == container]
    starts = [node for node in inside if node.type == "startEvent"]
    incoming = process.incoming()
    where = f"process {container}" if container == process.id else f"subprocess {container}"
    if not starts and not any(not incoming.get(node.id) for node in inside):
        yield model.error(
            "start-missing", container, f"Nothing in {where} can be the first.", "Draw a none start event."
        )
    elif not starts:
        yield model.warning(
            "start-implicit",
            container,
            f"There is no start event in {where}; everything that no flow leads to begins at once.",
            "Draw a none start event.",
        )
    elif len(starts) > 1 and container != process.id:
        yield model.error(
            "start-event-count",
            starts[1].id,
            f"There are {len(starts)} start events in {where}; only one of them could ever begin.",
            "Draw exactly one none start event.",
        )
    elif len(starts) > 1:
        yield model.warning(
            "start-event-count",
            starts[1].id,
            f"There are {len(starts)} start events in {where}; an instance begins at the first if none is named.",
            "Name the start event when an instance is started, or draw only one.",
        )


def _degree(
    model: Model, node: DrawnNode, outgoing: list[DrawnFlow], incoming: list[DrawnFlow]
) -> Iterator[LintFinding]:
    if node.type == "startEvent" and incoming:
        yield model.error(
            "start-event-incoming", node.id, f"A sequence flow leads into start event {node.id}.", "Remove it."
        )
    if node.type == "endEvent" and outgoing:
        yield model.error("end-event-outgoing", node.id, f"A sequence flow leaves end event {node.id}.", "Remove it.")
    if node.type != "endEvent" and not outgoing:
        finding = model.error if node.type.endswith(("Gateway", "startEvent")) else model.warning
        yield finding(
            "dead-end",
            node.id,
            f"No sequence flow leaves {node.id}; every token ends there.",
            "Lead it on, at last to an end event.",
        )


def _choice(model: Model, node: DrawnNode, outgoing: list[DrawnFlow]) -> Iterator[LintFinding]:
    ids = {flow.id for flow in outgoing}
    if node.default is not None and node.default not in ids:
        yield model.error(
            "default-dangling",
            node.id,
            f"The default {node.default!r} of {node.id} is none of its outgoing flows.",
            "Choose one of its outgoing flows as default.",
        )
    for flow in outgoing:
        yield from _condition(model, node, flow, alone=len(outgoing) == 1)
    if node.default is not None and node.type in _NOT_CHOOSING:
        yield model.error(
            "default-not-executable",
            node.id,
            f"A default flow of {node.type} {node.id} has no effect.",
            "Put an exclusive gateway behind it.",
        )


def _condition(model: Model, node: DrawnNode, flow: DrawnFlow, *, alone: bool) -> Iterator[LintFinding]:
    drawn = children(flow.xml, BPMN, "conditionExpression")
    if len(drawn) > 1:
        yield model.error("condition-doubled", flow.id, f"{flow.id} has several conditions.", "Keep one.")
    if drawn and node.type in _NOT_CHOOSING:
        yield model.error(
            "condition-not-executable",
            flow.id,
            f"The condition of {flow.id} behind {node.type} {node.id} has no effect.",
            "Put an exclusive gateway behind it.",
        )
    elif drawn and flow.id == node.default:
        yield model.error(
            "default-with-condition",
            flow.id,
            f"The default flow {flow.id} of {node.id} has a condition, which would never be looked at.",
            "Remove the condition, or choose another default.",
        )
    elif not drawn and node.type in _CHOOSING and flow.id != node.default and not alone:
        yield model.error(
            "flow-without-condition",
            flow.id,
            f"The flow {flow.id} of {node.type} {node.id} has no condition and is not the default.",
            "Give it a condition, or make it the default.",
        )
