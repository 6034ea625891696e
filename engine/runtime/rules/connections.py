"""Sequence flows: both ends, conditions, defaults; and how many may leave or reach each kind of element."""

from collections.abc import Iterator

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, DrawnFlow, DrawnNode, DrawnProcess, children
from engine.runtime.rules.model import Model

_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        yield from _ends(model, process)
        yield from _start(model, process)
        outgoing, incoming = process.outgoing(), process.incoming()
        for node in process.nodes:
            yield from _degree(model, node, outgoing.get(node.id, []), incoming.get(node.id, []))
            yield from _choice(model, node, outgoing.get(node.id, []))


def _ends(model: Model, process: DrawnProcess) -> Iterator[LintFinding]:
    nodes = {node.id for node in process.nodes}
    for flow in process.flows:
        for end, name in ((flow.source, "sourceRef"), (flow.target, "targetRef")):
            if end not in nodes:
                yield model.error(
                    "flow-dangling",
                    flow.id,
                    f"The {name} {end!r} of sequence flow {flow.id} is no element of process {process.id}.",
                    "Draw the sequence flow again.",
                )


def _start(model: Model, process: DrawnProcess) -> Iterator[LintFinding]:
    starts = [node for node in process.nodes if node.type == "startEvent"]
    if len(starts) != 1:
        yield model.error(
            "start-event-count",
            starts[1].id if starts else process.id,
            f"Process {process.id} has {len(starts)} start events.",
            "Draw exactly one none start event.",
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
        yield model.error(
            "dead-end", node.id, f"No sequence flow leaves {node.id}.", "Lead it on, at last to an end event."
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
    if node.default is not None and node.type not in _CHOOSING:
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
    if drawn and node.type not in _CHOOSING:
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
