"""Joins that can never fire, and elements behind them: the process played as a net, every choice tried.

Conditions are taken as open. A flow leads to one element only, so elements do not compete for tokens and one enabled
element at a time is enough (a persistent set): what differs is only which flows are chosen. Inclusive joins fire when
nothing else leads on, as in the engine. Nets with more than `MAX_MARKINGS` markings, or more than two tokens on a flow,
are not judged beyond that; nothing is said that was not seen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from engine.model.definitions import LintFinding
from engine.runtime.dialect import DrawnFlow, DrawnNode
from engine.runtime.rules.elements import RUNS
from engine.runtime.rules.model import Model

MAX_MARKINGS = 3_000
_MAX_WORK = 3_000_000
_MAX_TOKENS = 2
_MAX_CHOICES = 64

Marking = tuple[int, ...]
Flows = Mapping[str, list[DrawnFlow]]


@dataclass(frozen=True, slots=True)
class Net:
    """One process or subprocess. Places are flows; `ways[node]`: lists of flows that may receive tokens together."""

    nodes: tuple[DrawnNode, ...]
    into: Mapping[str, tuple[int, ...]]
    ways: Mapping[str, tuple[tuple[int, ...], ...]]
    places: tuple[str, ...]


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family. Files with elements that do not run are not played."""
    for process in model.processes:
        incoming, outgoing = process.incoming(), process.outgoing()
        for inside in process.inside().values():
            if inside and all(node.type in RUNS for node in inside):
                yield from _container(model, inside, incoming, outgoing)


def _container(model: Model, inside: list[DrawnNode], incoming: Flows, outgoing: Flows) -> Iterator[LintFinding]:
    joins = [node for node in inside if node.type in ("parallelGateway", "inclusiveGateway")]
    joins = [node for node in joins if len(incoming.get(node.id, ())) > 1]
    if not any(node.type == "parallelGateway" for node in joins) or len({node.id for node in inside}) < len(inside):
        return
    net = _net(inside, outgoing)
    fired: set[str] = set()
    stuck: set[str] = set()
    complete = True
    for first in _firsts(net):
        complete = _play(net, first, fired, stuck) and complete
    if not complete:
        return
    for node in joins:
        if node.id not in fired and node.type == "parallelGateway" and any(net.into[node.id]):
            yield model.error(
                "join-never-fires",
                node.id,
                f"The parallel join {node.id} can never fire: its incoming flows never all have a token.",
                "Let the branches begin at a parallel gateway, or join them with an exclusive or inclusive gateway.",
            )
        elif node.id in stuck and node.id in fired:
            yield model.warning(
                "join-may-wait",
                node.id,
                f"The parallel join {node.id} waits for ever if some conditions come out otherwise.",
                "Join branches of a choice with an exclusive or inclusive gateway.",
            )


def _net(inside: list[DrawnNode], outgoing: Mapping[str, list[DrawnFlow]]) -> Net:
    ids = {node.id for node in inside}
    flows = [flow for node in inside for flow in outgoing.get(node.id, ()) if flow.target in ids]
    number = {id(flow): place for place, flow in enumerate(flows)}
    into: dict[str, list[int]] = {name: [] for name in ids}
    out: dict[str, list[DrawnFlow]] = {name: [] for name in ids}
    for flow in flows:
        into[flow.target].append(number[id(flow)])
        out[flow.source].append(flow)
    ways = {
        node.id: tuple(tuple(number[id(flow)] for flow in way) for way in _ways(node, out[node.id])) for node in inside
    }
    return Net(
        nodes=tuple(inside),
        into={name: tuple(places) for name, places in into.items()},
        ways=ways,
        places=tuple(flow.id for flow in flows),
    )


def _ways(node: DrawnNode, out: list[DrawnFlow]) -> list[tuple[DrawnFlow, ...]]:
    """What may leave an element, as `TokenSpec.choose` and its subclasses say."""
    if node.type in ("parallelGateway", "startEvent") or len(out) <= 1:
        return [tuple(out)]
    if node.type == "exclusiveGateway":
        return [(flow,) for flow in out]
    conditional = [flow for flow in out if flow.condition is not None and flow.id != node.default]
    always = tuple(flow for flow in out if flow not in conditional and flow.id != node.default)
    default = tuple(flow for flow in out if flow.id == node.default)
    found = [always + default] if always or default else []
    for size in range(1, len(conditional) + 1):
        for chosen in combinations(conditional, size):
            found.append(always + chosen)
            if len(found) > _MAX_CHOICES:
                return found
    return found


def _firsts(net: Net) -> Iterator[tuple[str, ...]]:
    """Each start event begins alone; without any, all that no flow leads to begin together."""
    starts = [node.id for node in net.nodes if node.type == "startEvent"]
    if starts:
        yield from ((name,) for name in starts)
    else:
        yield tuple(node.id for node in net.nodes if not net.into[node.id])


def _play(net: Net, firsts: tuple[str, ...], fired: set[str], stuck: set[str]) -> bool:
    """Fire until nothing is new. False if there were too many markings to say anything."""
    todo = [(0,) * len(net.places)]
    for name in firsts:
        todo = [_put(marking, way) for marking in todo for way in net.ways[name]]
    seen = set(todo)
    limit = min(MAX_MARKINGS, _MAX_WORK // (len(net.places) + len(net.nodes)))
    while todo:
        marking = todo.pop()
        enabled = _enabled(net, marking)
        if not enabled:
            stuck.update(node.id for node in net.nodes if any(marking[place] for place in net.into[node.id]))
        for node, gone in enabled:
            fired.add(node.id)
            after = tuple(count - (place in gone) for place, count in enumerate(marking))
            new = {_put(after, way) for way in net.ways[node.id]} - seen
            seen |= new
            todo.extend(new)
            if new:
                break  # else a cycle has closed, and another element must move, or it would wait for ever
        if len(seen) > limit:
            return False
    return True


def _enabled(net: Net, marking: Marking) -> list[tuple[DrawnNode, tuple[int, ...]]]:
    """Elements that may fire, with the places they take from; inclusive joins last, when nothing else leads on."""
    enabled: list[tuple[DrawnNode, tuple[int, ...]]] = []
    late: list[tuple[DrawnNode, tuple[int, ...]]] = []
    for node in net.nodes:
        places = net.into[node.id]
        marked = tuple(place for place in places if marking[place])
        if not marked:
            continue
        if node.type == "parallelGateway" and len(places) > 1:
            if len(marked) == len(places):
                enabled.append((node, places))
        elif node.type == "inclusiveGateway" and len(places) > 1:
            late.append((node, marked))
        else:
            enabled.append((node, marked[:1]))
    return enabled + late


def _put(marking: Marking, way: tuple[int, ...]) -> Marking:
    return tuple(min(count + (place in way), _MAX_TOKENS) for place, count in enumerate(marking))
