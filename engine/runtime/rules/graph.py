"""The drawing as a graph: everything is reachable, and no cycle turns without anybody waiting in it."""

from collections.abc import Iterator, Mapping

from engine.model.definitions import LintFinding
from engine.runtime.dialect import DrawnProcess
from engine.runtime.rules.model import Model

_CHANGE = frozenset({"userTask", "serviceTask", "scriptTask", "businessRuleTask", "subProcess", "callActivity"})
"""What waits, or may change what the conditions of a cycle ask for."""


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        successors = _successors(process)
        yield from _unreachable(model, process, successors)
        yield from _restless(model, process, successors)


def _successors(process: DrawnProcess) -> dict[str, set[str]]:
    edges: dict[str, set[str]] = {node.id: set() for node in process.nodes}
    for flow in process.flows:
        if flow.source in edges and flow.target in edges:
            edges[flow.source].add(flow.target)
    return edges


def _unreachable(model: Model, process: DrawnProcess, successors: Mapping[str, set[str]]) -> Iterator[LintFinding]:
    todo = _beginnings(process)
    reached = set(todo)
    while todo:
        new = successors[todo.pop()] - reached
        reached |= new
        todo.extend(new)
    for node in process.nodes:
        if node.id not in reached:
            yield model.error(
                "unreachable",
                node.id,
                f"No token can ever reach {node.id}.",
                "Lead a sequence flow from the start to it, or remove it.",
            )


def _beginnings(process: DrawnProcess) -> list[str]:
    """Start events; where there are none, everything that no flow leads to; in subprocesses likewise."""
    with_start = {node.parent for node in process.nodes if node.type == "startEvent"}
    incoming = process.incoming()
    return [
        node.id
        for node in process.nodes
        if node.type == "startEvent" or (node.parent not in with_start and not incoming.get(node.id))
    ]


def _restless(model: Model, process: DrawnProcess, successors: Mapping[str, set[str]]) -> Iterator[LintFinding]:
    restless = {node.id for node in process.nodes if node.type not in _CHANGE}
    forward = {name: successors[name] & restless for name in restless}
    backward: dict[str, set[str]] = {name: set() for name in restless}
    for name, targets in forward.items():
        for target in targets:
            backward[target].add(name)
    left = restless - _peeled(forward, backward) - _peeled(backward, forward)
    if left:
        named = [node.id for node in process.nodes if node.id in left]
        yield model.error(
            "cycle-without-wait",
            named[0],
            f"A cycle runs through {', '.join(named[:6])} without anything that waits or changes a variable; "
            "it could turn for ever.",
            "Put a user task or a script task into the cycle.",
        )


def _peeled(ways_on: Mapping[str, set[str]], ways_in: Mapping[str, set[str]]) -> set[str]:
    """What falls off when everything without a way in is taken away, again and again. Cycles never do."""
    count = {name: len(sources) for name, sources in ways_in.items()}
    todo = [name for name, sources in count.items() if sources == 0]
    peeled: set[str] = set()
    while todo:
        name = todo.pop()
        peeled.add(name)
        for target in ways_on[name]:
            count[target] -= 1
            if count[target] == 0:
                todo.append(target)
    return peeled
