"""Where a case may be sent back to, so that afterwards exactly one token stands for each that was taken away.

The drawing of one container (the process, or a subprocess) is looked at as a graph. What follows a split up to where
its ways meet again, its immediate post-dominator, belongs to branches of that split. A node inside one branch is
marked with (split, way); one that two ways of a split lead to, though it is before the meeting point, is unclear for
that split. Then

* an element may be sent back to if it leads to where the case stands, is unclear nowhere, and stands only in branches
  in which the case still stands: on the same branch, or before the split, never inside a branch that has been joined;
* all tokens in its branches go with it (a return before a split takes every branch), those of others stay.

From inside a subprocess the container around it is looked at too; from inside an event subprocess only its own, and
never the process that called this one. `tests/unit/runtime/test_returning.py` plays random drawings against this.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from engine.model.approval import INITIATOR
from engine.runtime.dialect import DrawnNode, DrawnProcess
from engine.runtime.events import definitions, kind, triggered

_CHOICES = frozenset({"exclusiveGateway", "eventBasedGateway"})
_END = "!end"
Branches = frozenset[tuple[str, str]]
"""Pairs of a split and the way (a sequence flow) out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a node or flow stands. within: branches that it is surely in; maybe: those that it is unclear for too."""

    within: Branches = frozenset()
    maybe: Branches = frozenset()

    @property
    def clear(self) -> bool:
        """It stands in at most one branch of each split."""
        return self.within == self.maybe


@dataclass(frozen=True, kw_only=True)
class Graph:
    """One container. ways: out of each node, pairs of the way's name and the node it leads to. forks: by node, the
    names of the ways that tokens take together.
    """

    ways: Mapping[str, Sequence[tuple[str, str]]]
    forks: Mapping[str, Sequence[str]]

    @cached_property
    def _meeting(self) -> Mapping[str, str]:
        """The immediate post-dominator of each fork."""
        names = [*self.ways, _END]
        bit = {name: 1 << place for place, name in enumerate(names)}
        whole = (1 << len(names)) - 1
        after = dict.fromkeys(names, whole) | {_END: bit[_END]}
        changed = True
        while changed:
            changed = False
            for name in reversed(names[:-1]):
                met = whole
                for target in [target for _, target in self.ways[name]] or [_END]:
                    met &= after[target]
                if met | bit[name] != after[name]:
                    after[name], changed = met | bit[name], True
        found = {}
        for fork in self.forks:
            later = [name for name in names if name != fork and after[fork] & bit[name]]
            found[fork] = max(later, key=lambda name: after[name].bit_count(), default=_END)
        return found

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Of every node and way."""
        inside: dict[str, dict[str, set[str]]] = {}
        for fork, ways in self.forks.items():
            meeting = self._meeting[fork]
            for way, target in self.ways[fork]:
                for name in self._reached(way, target, meeting) if way in ways else ():
                    inside.setdefault(name, {}).setdefault(fork, set()).add(way)
        return {
            name: Place(
                within=frozenset((fork, way) for fork, ways in found.items() if len(ways) == 1 for way in ways),
                maybe=frozenset((fork, way) for fork, ways in found.items() for way in ways),
            )
            for name, found in inside.items()
        }

    def place(self, name: str) -> Place:
        """Of a node or way; of one outside of all branches an empty one."""
        return self.places.get(name, Place())

    def leads(self, source: str, target: str) -> bool:
        """Whether a token may come from one node to another."""
        return target in self._reached("", source, "") - {source} or any(
            target in self._reached("", then, "") for _, then in self.ways.get(source, ())
        )

    def _reached(self, way: str, target: str, stop: str) -> set[str]:
        """Nodes and ways from a way on, up to a node that is not among them."""
        reached, todo = {way}, [target]
        while todo:
            node = todo.pop()
            if node in (stop, _END) or node in reached:
                continue
            reached.add(node)
            for name, then in self.ways[node]:
                reached.add(name)
                todo.append(then)
        return reached


@dataclass(frozen=True, kw_only=True)
class Map:
    """All containers of a process. around: the subprocess in which a node is drawn, none for the process itself.

    walls: event subprocesses, out of which nothing is sent back.
    """

    graphs: Mapping[str, Graph]
    around: Mapping[str, str]
    tasks: tuple[str, ...]
    walls: frozenset[str] = frozenset()
    root: str = ""
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, process: DrawnProcess) -> "Map":
        """The map of a drawing; flows that lead nowhere are left out, so that one with faults can be looked at."""
        inside = process.inside()
        return cls(
            graphs={name: _graph(nodes, process) for name, nodes in inside.items()},
            around={node.id: node.parent for node in process.nodes},
            tasks=tuple(node.id for node in process.nodes if node.type == "userTask"),
            walls=frozenset(node.id for node in process.nodes if node.type == "subProcess" and triggered(node)),
            root=process.id,
        )

    def targets(self, element: str) -> tuple[str, ...]:
        """User tasks to which a case that stands at `element` may be sent back, in document order."""
        if element not in self.known:
            anchors = self.anchors(element)
            self.known[element] = tuple(task for task in self.tasks if self._sound(task, anchors))
        return self.known[element]

    def offered(self, target: str, allowed: Sequence[str]) -> bool:
        """Whether options that allow these (ids, or `INITIATOR`; empty: all) offer a target."""
        return not allowed or target in allowed or (INITIATOR in allowed and target == self.first())

    def anchors(self, element: str) -> Mapping[str, str]:
        """By container, the node in it at which a case stands that stands at `element`: itself, or what is around."""
        found: dict[str, str] = {}
        at = element
        while at in self.around and at not in self.walls:
            container = self.around[at]
            found[container] = at
            at = container
        return found

    def graph(self, container: str) -> Graph:
        """The drawing inside of a container."""
        return self.graphs[container]

    def first(self) -> str:
        """The initiator's user task: the first that everything goes through, or empty."""
        graph = self.graphs[self.root]
        starts = set(graph.ways) - {then for ways in graph.ways.values() for _, then in ways}
        at, seen = next(iter(starts)) if len(starts) == 1 else "", set[str]()
        while at and at not in seen and at not in self.tasks:
            seen.add(at)
            ways = graph.ways.get(at, ())
            at = ways[0][1] if len(ways) == 1 else ""
        return at if at in self.tasks else ""

    def _sound(self, task: str, anchors: Mapping[str, str]) -> bool:
        anchor = anchors.get(self.around[task])
        if anchor is None or anchor == task:
            return False
        graph = self.graphs[self.around[task]]
        place = graph.place(task)
        return place.clear and place.within <= graph.place(anchor).within and graph.leads(task, anchor)


def _graph(nodes: Iterable[DrawnNode], process: DrawnProcess) -> Graph:
    """What is drawn in a container. A boundary event is a way out of its host; one that does not interrupt makes a
    fork before the host, of which the host is one way.
    """
    here = {node.id: node for node in nodes}
    flows = process.outgoing()
    entry = {name: name for name in here}
    ways: dict[str, list[tuple[str, str]]] = {}
    forks: dict[str, list[str]] = {}
    guards: dict[str, list[DrawnNode]] = {}
    for node in here.values():
        if node.type == "boundaryEvent" and node.xml.get("attachedToRef") in here:
            guards.setdefault(node.xml.get("attachedToRef", ""), []).append(node)
    beside = {
        host: [one for one in found if not _interrupts(one)]
        for host, found in guards.items()
        if any(not _interrupts(one) for one in found)
    }
    entry |= {host: f"!{host}" for host in beside}
    for host, added in beside.items():
        found = [(f"!{host}>", host), *((f"!{one.id}>", one.id) for one in added)]
        ways[f"!{host}"], forks[f"!{host}"] = found, [name for name, _ in found]
    links = {(node.parent, name): node.id for node, name in _links(here.values()) if _catches(node)}
    for name, node in here.items():
        out = [(flow.id, entry[flow.target]) for flow in flows.get(name, ()) if flow.target in here]
        if len(out) > 1 and node.type not in _CHOICES:
            forks[name] = [way for way, _ in out]
        out += [(f"!{one.id}>", one.id) for one in guards.get(name, ()) if _interrupts(one)]
        out += [
            (f"!{name}>", entry[links[key]])
            for other, text in _links([node])
            if (key := (other.parent, text)) in links and not _catches(other)
        ]
        ways[name] = out
    return Graph(ways=ways, forks=forks)


def _interrupts(node: DrawnNode) -> bool:
    return node.xml.get("cancelActivity", "true") not in ("false", "0")


def _catches(node: DrawnNode) -> bool:
    return node.type == "intermediateCatchEvent"


def _links(nodes: Iterable[DrawnNode]) -> list[tuple[DrawnNode, str]]:
    return [
        (node, drawn.get("name", "").strip()) for node in nodes for drawn in definitions(node) if kind(drawn) == "link"
    ]
