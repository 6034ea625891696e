"""The drawing as a graph: everything is reachable, and no cycle turns without anybody waiting in it."""

from collections.abc import Iterator, Mapping

from engine.model.definitions import LintFinding
from engine.runtime.dialect import DrawnProcess
from engine.runtime.rules.model import Model

_WAIT_STATES = frozenset({"userTask"})


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
    todo = [node.id for node in process.nodes if node.type == "startEvent"]
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


def _restless(model: Model, process: DrawnProcess, successors: Mapping[str, set[str]]) -> Iterator[LintFinding]:
    """Peel off what has no way in or no way out, again and again; only cycles and what lies between them stay."""
    left = {node.id for node in process.nodes if node.type not in _WAIT_STATES}
    changed = True
    while changed:
        entered = {target for source in left for target in successors[source]}
        stays = {name for name in left if name in entered and successors[name] & left}
        changed, left = stays != left, stays
    if left:
        named = [node.id for node in process.nodes if node.id in left]
        yield model.error(
            "cycle-without-wait",
            named[0],
            f"A cycle runs through {', '.join(named[:6])} without anything that waits; it could turn for ever.",
            "Put a user task into the cycle.",
        )
