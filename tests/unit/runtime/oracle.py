"""A token game of our own to judge the engine by. Slow, naive, and written from BPMN 2.0.2 chapter 13 alone.

A net is drawn as nodes (name → kind) and flows (name → (source, target)). Kinds: start, end, terminate, user, task
(passes at once), and, xor, or. `conditional` names the flows with a condition that leave a user task or a task.
A marking says how many tokens stand on each flow and in each user task. The inclusive join follows the words of the
standard: all paths are enumerated, flow by flow.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Marking = frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Net:
    nodes: Mapping[str, str]
    flows: Mapping[str, tuple[str, str]]
    defaults: Mapping[str, str]
    conditional: frozenset[str] = frozenset()

    def into(self, node: str) -> list[str]:
        return [name for name, (_, target) in self.flows.items() if target == node]

    def out(self, node: str) -> list[str]:
        return [name for name, (source, _) in self.flows.items() if source == node]


class TooMany(Exception):
    """The net has more markings than anybody wants to look at."""


def begin(net: Net, choices: Mapping[str, bool]) -> set[Marking]:
    """Every marking in which the net can come to rest after its start."""
    (first,) = (name for name, kind in net.nodes.items() if kind == "start")
    return rest(net, Counter(net.out(first)), choices)


def complete(net: Net, marking: Marking, task: str, choices: Mapping[str, bool]) -> set[Marking]:
    """Every marking in which the net can come to rest after a user task was completed."""
    tokens = Counter(dict(marking))
    tokens[task] -= 1
    tokens.update(leaving(net, task, choices))
    return rest(net, tokens, choices)


def rest(net: Net, tokens: Counter[str], choices: Mapping[str, bool]) -> set[Marking]:
    """Move what can move; inclusive joins only when nothing else can. Which of several is first is left open."""
    found: set[Marking] = set()
    todo = [tokens]
    for moves in range(100_000):
        if not todo:
            return found
        if moves > 400 or len(todo) > 50:
            raise TooMany
        now = todo.pop()
        step = next(iter(plain_moves(net, now, choices)), None)
        nexts = [step] if step is not None else list(inclusive_moves(net, now, choices))
        if nexts:
            todo.extend(nexts)
        else:
            found.add(frozenset((name, count) for name, count in now.items() if count > 0))
    return found


def plain_moves(net: Net, tokens: Counter[str], choices: Mapping[str, bool]) -> Iterator[Counter[str]]:
    for node, kind in net.nodes.items():
        marked = [flow for flow in net.into(node) if tokens[flow] > 0]
        if not marked or (kind == "or" and len(net.into(node)) > 1):
            continue
        if kind == "and":
            if len(marked) == len(net.into(node)):
                yield moved(tokens, marked, net.out(node))
        elif kind == "user":
            yield moved(tokens, marked[:1], [node])
        elif kind == "terminate":
            yield Counter()
        else:
            yield moved(tokens, marked[:1], chosen(net, node, choices))


def inclusive_moves(net: Net, tokens: Counter[str], choices: Mapping[str, bool]) -> Iterator[Counter[str]]:
    for node, kind in net.nodes.items():
        if kind == "or" and len(net.into(node)) > 1 and enabled(net, tokens, node):
            marked = [flow for flow in net.into(node) if tokens[flow] > 0]
            yield moved(tokens, marked, chosen(net, node, choices))


def chosen(net: Net, node: str, choices: Mapping[str, bool]) -> list[str]:
    out, kind = net.out(node), net.nodes[node]
    if kind == "task":
        return leaving(net, node, choices)
    if kind in {"end", "and", "user"} or len(out) == 1:
        return out
    taken = [flow for flow in out if flow != net.defaults[node] and choices[flow]]
    if kind == "xor":
        taken = taken[:1]
    return taken or [net.defaults[node]]


def leaving(net: Net, node: str, choices: Mapping[str, bool]) -> list[str]:
    """What leaves an activity (10.3.1): all without condition, all whose condition is true, the default if none is."""
    true = [flow for flow in net.out(node) if flow in net.conditional and choices[flow]]
    plain = [flow for flow in net.out(node) if flow not in net.conditional and flow != net.defaults.get(node)]
    return true + plain + [flow for flow in net.out(node) if flow == net.defaults.get(node) and not true]


def moved(tokens: Counter[str], gone: list[str], come: list[str]) -> Counter[str]:
    after = tokens.copy()
    after.subtract(gone)
    after.update(come)
    if sum(after.values()) > 12:
        raise TooMany
    return after


def enabled(net: Net, tokens: Counter[str], gateway: str) -> bool:
    """13.4.3: some incoming flow has a token, and who can still reach an empty one can also reach a marked one."""
    marked = {flow for flow in net.into(gateway) if tokens[flow] > 0}
    empty = set(net.into(gateway)) - marked
    if not marked:
        return False
    for place, count in tokens.items():
        if count > 0 and place not in net.into(gateway):
            ends = set().union(*(ends_of_paths(net, flow, gateway) for flow in beginnings(net, place)))
            if ends & empty and not ends & marked:
                return False
    return True


def beginnings(net: Net, place: str) -> list[str]:
    """The flows a path may begin with: the flow that is marked, or those that leave the active task."""
    return [place] if place in net.flows else net.out(place)


def ends_of_paths(net: Net, flow: str, gateway: str) -> set[str]:
    """Incoming flows of the gateway in which some path that begins with `flow` ends without visiting the gateway."""
    found: set[str] = set()
    paths = [[flow]]
    seen: set[str] = set()
    while paths:
        path = paths.pop()
        target = net.flows[path[-1]][1]
        if target == gateway:
            found.add(path[-1])
        elif path[-1] not in seen:
            seen.add(path[-1])
            paths.extend([*path, following] for following in net.out(target))
    return found
