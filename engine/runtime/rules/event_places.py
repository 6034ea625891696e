"""Where events stand: boundary events at activities, event-based gateways before events, event subprocesses, links."""

from collections.abc import Iterator

from engine.model.definitions import LintFinding
from engine.runtime import events
from engine.runtime.activities import loop
from engine.runtime.dialect import DrawnFlow, DrawnNode, DrawnProcess
from engine.runtime.events import EventKind, definitions, kind, named, triggered
from engine.runtime.rules.elements import ACTIVITIES
from engine.runtime.rules.model import Model

_BEHIND_GATEWAY = frozenset({"timer", "message", "signal", "conditional"})


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        nodes = {node.id: node for node in process.nodes}
        incoming, outgoing = process.incoming(), process.outgoing()
        for node in process.nodes:
            if node.type == "boundaryEvent":
                yield from _boundary(model, node, nodes.get(node.xml.get("attachedToRef", "")))
            if node.type == "eventBasedGateway":
                yield from _gateway(model, process, node, nodes, outgoing.get(node.id, []))
            if triggered(node):
                yield from _event_sub_process(
                    model, process, node, [*incoming.get(node.id, []), *outgoing.get(node.id, [])]
                )
        yield from _links(model, process)
        yield from _doubled(model, process)


def _boundary(model: Model, node: DrawnNode, host: DrawnNode | None) -> Iterator[LintFinding]:
    if host is None or host.type not in ACTIVITIES or host.parent != node.parent or triggered(host):
        yield model.error(
            "boundary-detached",
            node.id,
            f"The boundary event {node.id} is attached to no activity beside it.",
            "Attach it to a task, subprocess or call activity in the same process or subprocess.",
        )


def _gateway(
    model: Model, process: DrawnProcess, node: DrawnNode, nodes: dict[str, DrawnNode], outgoing: list[DrawnFlow]
) -> Iterator[LintFinding]:
    for attribute, harmless in (("instantiate", "false"), ("eventGatewayType", "Exclusive")):
        if node.xml.get(attribute, harmless) != harmless:
            yield model.error(
                "attribute-not-executable",
                node.id,
                f"{attribute} of eventBasedGateway at {node.id} would have no effect.",
                "Remove it.",
            )
    hosts = {one.xml.get("attachedToRef") for one in process.nodes if one.type == "boundaryEvent"}
    ways = process.incoming()
    targets = [flow.target for flow in outgoing]
    for name in targets:
        target = nodes.get(name)
        kinds = {kind(one) for one in definitions(target)} if target is not None else set()
        waits = target is not None and target.type in ("intermediateCatchEvent", "receiveTask")
        plain = target is not None and target.id not in hosts and loop(target.xml) is None
        if not waits or not plain or not kinds <= _BEHIND_GATEWAY or len(ways.get(name, [])) > 1:
            yield model.error(
                "event-gateway-target",
                node.id,
                f"{name} behind the event-based gateway {node.id} is no event that it could wait for alone.",
                "Lead it only to catch events of timer, message, signal or condition, or to plain receive tasks, "
                "each reached by nothing else.",
            )


def _event_sub_process(
    model: Model, process: DrawnProcess, node: DrawnNode, flows: list[DrawnFlow]
) -> Iterator[LintFinding]:
    starts = [one for one in process.nodes if one.parent == node.id and one.type == "startEvent"]
    if len(starts) != 1:
        yield model.error(
            "event-subprocess-start",
            node.id,
            f"The event subprocess {node.id} has not exactly one start event.",
            "Draw one start event with the event that it waits for.",
        )
    if flows or loop(node.xml) is not None:
        yield model.error(
            "event-subprocess-connected",
            node.id,
            f"The event subprocess {node.id} has a sequence flow or a loop; only its event begins it.",
            "Remove the flow and the loop.",
        )


def _links(model: Model, process: DrawnProcess) -> Iterator[LintFinding]:
    incoming, outgoing = process.incoming(), process.outgoing()
    catches: dict[tuple[str, str], int] = {}
    throws: set[tuple[str, str]] = set()
    links = [(node, one) for node in process.nodes for one in definitions(node) if kind(one) == "link"]
    for node, drawn in links:
        key = (node.parent, drawn.get("name", "").strip())
        if node.type == "intermediateCatchEvent":
            catches[key] = catches.get(key, 0) + 1
        else:
            throws.add(key)
    for node, drawn in links:
        key = (node.parent, drawn.get("name", "").strip())
        if not key[1] or catches.get(key, 0) != 1 or key not in throws:
            yield model.error(
                "link-unpaired",
                node.id,
                f"The link {key[1]!r} of {node.id} has not a throw event and exactly one catch event beside it.",
                "Give both ends the same name, in the same process or subprocess.",
            )
        if (incoming if node.type == "intermediateCatchEvent" else outgoing).get(node.id):
            yield model.error(
                "link-connected",
                node.id,
                f"A sequence flow stands on the side of {node.id} where its link is.",
                "Remove the flow; the link takes its place.",
            )


def _doubled(model: Model, process: DrawnProcess) -> Iterator[LintFinding]:
    """Two handlers of the same code at the same place: nobody could say which catches."""
    known = named(process.xml)
    nodes = {node.id: node for node in process.nodes}
    seen: set[tuple[str, str, str]] = set()
    for node in process.nodes:
        around = nodes.get(node.parent)
        if node.type == "boundaryEvent":
            at = node.xml.get("attachedToRef", "")
        elif node.type == "startEvent" and around is not None and triggered(around):
            at = f"in {around.parent}"
        else:
            continue
        for drawn in definitions(node):
            if kind(drawn) not in ("error", "escalation"):
                continue
            code = events.code(drawn, EventKind(kind(drawn)), known)
            key = (at, kind(drawn), str(code))
            if key in seen:
                yield model.error(
                    "handler-doubled",
                    node.id,
                    f"{node.id} catches the same {kind(drawn)} as another event at the same place.",
                    "Keep one of them, or give them different codes.",
                )
            seen.add(key)
