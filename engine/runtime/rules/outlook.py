"""What stops a case at once or for certain values, though each element is drawn as it should be."""

from collections.abc import Iterator

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, DrawnFlow, DrawnNode, DrawnProcess, children, local
from engine.runtime.events import definitions
from engine.runtime.rules.model import Model, called_process

_PASSED = frozenset({"startEvent", "scriptTask", "businessRuleTask", "exclusiveGateway", "parallelGateway"})
"""What a token leaves at once, by the only flow where there is one."""


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        yield from _calls_for_ever(model, process)
        outgoing = process.outgoing()
        for node in process.nodes:
            yield from _no_way_out(model, node, outgoing.get(node.id, []))


def _no_way_out(model: Model, node: DrawnNode, outgoing: list[DrawnFlow]) -> Iterator[LintFinding]:
    """All flows have conditions and none is the default; over null even ``x > 1`` and ``x <= 1`` are both not true."""
    if node.default is None and outgoing and all(children(flow.xml, BPMN, "conditionExpression") for flow in outgoing):
        yield model.warning(
            "default-missing",
            node.id,
            f"Every flow of {node.id} has a condition and none is the default; where none is true the case stops.",
            "Make one of its flows the default.",
        )


def _calls_for_ever(model: Model, process: DrawnProcess) -> Iterator[LintFinding]:
    """A process that, on the only way from its start, calls itself, also through others of the same file."""
    others = {one.id: one for one in model.processes}
    way = [process.id]
    calls: list[str] = []
    while (call := _first_call(others[way[-1]])) is not None:
        calls.append(call.id)
        named = called_process(call)
        if named == process.id:
            yield model.error(
                "call-never-ends",
                calls[0],
                f"Process {process.id} calls itself again before anything waits, "
                f"through {', '.join(calls)}; no instance of it could begin.",
                "Call it only behind a gateway that can decide otherwise, or let somebody act before.",
            )
        if named not in others or named in way:
            return
        way.append(named)


def _first_call(process: DrawnProcess) -> DrawnNode | None:
    """The call that every instance makes before anything waits and without a choice; None where there is none."""
    outgoing = process.outgoing()
    nodes = {node.id: node for node in process.nodes}
    starts = [node for node in process.nodes if node.type == "startEvent" and node.parent == process.id]
    here = starts[0] if len(starts) == 1 and not definitions(starts[0]) else None
    passed: set[str] = set()
    while here is not None and here.id not in passed:
        passed.add(here.id)
        if here.type == "callActivity" and not any(local(child).endswith("LoopCharacteristics") for child in here.xml):
            return here
        flows = outgoing.get(here.id, [])
        if len(flows) != 1 or here.type not in _PASSED:
            return None
        here = nodes.get(flows[0].target)
    return None
