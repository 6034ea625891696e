"""The element instances of a case as a tree: what contains what, and its state. Folded from recorded transitions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.model.operations import Node, NodeState
from engine.runtime.interpreter import ExecutableProcess
from engine.service import lookups, timeline
from engine.service.equipment import Work
from engine.store import entries
from engine.store.cases import CaseRecord
from engine.trace import chain

MAX_NODES = 300
"""Shown of one case: all that are at work, and of the others the newest."""

_STATES = {
    "completed": NodeState.COMPLETED,
    "terminated": NodeState.TERMINATED,
    "failed": NodeState.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """In document order of what happened, each below what contains it. left_out: how many are not shown."""

    nodes: tuple[Node, ...]
    left_out: int


@dataclass(slots=True, kw_only=True)
class _Grown:
    """own: the case's process. called: those it has called, by id. nodes: by instance. inside: by container."""

    own: ExecutableProcess
    called: dict[str, ExecutableProcess] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    inside: dict[str, list[str]] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def add(self, transition: Mapping[str, Any], at: datetime) -> None:
        kind, instance = transition["kind"], transition["instance"]
        if kind == "flow_taken":
            return
        if kind == "activated":
            self._activated(transition, instance, at)
        elif instance in self.nodes:
            ended = None if kind == "failed" else at
            self.nodes[instance] = replace(self.nodes[instance], state=_STATES[kind], ended_at=ended)

    def _activated(self, transition: Mapping[str, Any], instance: str, at: datetime) -> None:
        element, process_id = transition["element"], transition.get("process", "")
        process = self.called.get(process_id, self.own) if process_id else self.own
        around = process.around(element)
        container = self.newest.get(f"{process_id}/{around}", "") if around else ""
        if process_id and not container:
            container = self.calls[-1] if self.calls else ""
        if transition["type"] == "callActivity":
            self.calls.append(instance)
        self.newest[f"{process_id}/{element}"] = instance
        drawn = process.definition.elements.get(element)
        self.inside.setdefault(container, []).append(instance)
        self.nodes[instance] = Node(
            instance=instance,
            element_id=element,
            name=(drawn.name if drawn else "") or element,
            type=transition["type"],
            state=NodeState.ACTIVE,
            depth=self.nodes[container].depth + 1 if container in self.nodes else 0,
            began_at=at,
            ended_at=None,
        )

    def in_order(self, container: str = "") -> list[Node]:
        """Depth first, without recursion: processes may nest as deep as they call."""
        found, open_ones = [], list(reversed(self.inside.get(container, [])))
        while open_ones:
            instance = open_ones.pop()
            found.append(self.nodes[instance])
            open_ones.extend(reversed(self.inside.get(instance, [])))
        return found


def of_case(uow: Work, case: CaseRecord, stuck: Collection[str]) -> Tree:
    """The tree of a case. stuck: element instances that have an incident."""
    grown = _Grown(own=lookups.executable(uow, case.digest, case.process_id))
    for entry in entries.stream_entries(uow, case.key):
        payload = chain.read_body(entry)["payload"]
        for process_id, digest in timeline.called_in(payload):
            grown.called[process_id] = lookups.executable(uow, digest, process_id)
        for transition in payload.get("transitions", ()):
            grown.add(transition, entry.at)
    nodes = grown.in_order()
    finished = [node.instance for node in sorted(nodes, key=lambda node: node.began_at) if node.ended_at is not None]
    hidden = set(finished[: max(0, len(nodes) - MAX_NODES)])
    shown = [node for node in nodes if node.instance not in hidden]
    return Tree(
        nodes=tuple(replace(node, incident=node.instance in stuck) for node in shown), left_out=len(nodes) - len(shown)
    )
