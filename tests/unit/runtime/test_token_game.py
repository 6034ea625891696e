"""The engine against the oracle: random nets, random choices, user tasks completed in random order."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.model.ids import ElementInstanceId
from engine.runtime import interpreter
from engine.runtime.state import read
from tests.unit.runtime import oracle
from tests.unit.runtime.builder import WORLD, Case, bpmn, chain, end, flow, node, some, start, user
from tests.unit.runtime.oracle import Marking, Net
from tests.unit.runtime.proving import proves

KINDS = {
    "start": "startEvent", "end": "endEvent", "terminate": "endEvent", "user": "userTask", "task": "task",
    "and": "parallelGateway", "xor": "exclusiveGateway", "or": "inclusiveGateway",
}  # fmt: skip


def drawn(net: Net) -> bytes:
    """The net as BPMN: a flow that is chosen has the condition that a variable of its own name is true."""
    parts = []
    for name, kind in net.nodes.items():
        default = {"default": net.defaults[name]} if name in net.defaults else {}
        inner = "<bpmn:terminateEventDefinition/>" if kind == "terminate" else ""
        parts.append(node(KINDS[kind], name, inner=inner, **default))
    for name, (source, target) in net.flows.items():
        gateway = net.nodes[source] in ("xor", "or") and source in net.defaults and net.defaults[source] != name
        chooses = gateway or name in net.conditional
        parts.append(flow(source, target, f"{name} = true" if chooses else None, identifier=name))
    return bpmn(*parts)


def marking(case: Case) -> Marking:
    """Where the engine's tokens are."""
    tokens: dict[str, int] = {}
    for row in read(case.step.state).tokens:
        place = row.element if row.instance else str(row.flow)
        tokens[place] = tokens.get(place, 0) + 1
    return frozenset(tokens.items())


@st.composite
def nets(draw: Callable[[Any], Any], kinds: tuple[str, ...]) -> Net:
    """A random net in which everything is reachable and every cycle passes a user task."""
    count = draw(st.integers(2, 8))
    nodes = {"s": "start", **{f"n{i}": draw(st.sampled_from(kinds)) for i in range(count)}, "e": "end"}
    inner = [name for name in nodes if name not in "se"]
    pairs = []
    for i, name in enumerate(inner):
        pairs.append(("s" if i == 0 else draw(st.sampled_from(inner[:i])), name))
    users = [name for name in inner if nodes[name] == "user"]
    for _ in range(draw(st.integers(0, 4))):
        i = draw(st.integers(0, count - 1))
        forward = inner[i + 1 :]
        back = inner if inner[i] in users else forward
        pairs.append((inner[i], draw(st.sampled_from([*back, "e"]))))
    pairs += [(name, "e") for name in inner if name == inner[-1] or all(source != name for source, _ in pairs)]
    flows = {f"f{i}": pair for i, pair in enumerate(pairs)}
    net = Net(nodes=nodes, flows=flows, defaults={})
    chooses = [name for name in inner if nodes[name] in {"xor", "or"} and len(net.out(name)) > 1]
    return Net(nodes=nodes, flows=flows, defaults={name: draw(st.sampled_from(net.out(name))) for name in chooses})


def play(net: Net, data: st.DataObject) -> None:
    """Complete whatever waits, at most twelve times; after each step the engine's marking is one of the oracle's."""
    process = interpreter.load(drawn(net), "p")

    def choices() -> dict[str, bool]:
        return {name: data.draw(st.booleans()) for name in net.flows}

    now = choices()
    try:
        allowed = oracle.begin(net, now)
    except oracle.TooMany:
        assume(False)
    case = Case(process, now)
    for _ in range(12):
        assert marking(case) in allowed
        assert case.step.ended == (marking(case) == frozenset())
        if not case.waiting:
            break
        task = data.draw(st.sampled_from(case.open))
        now = choices()
        try:
            allowed = oracle.complete(net, marking(case), task, now)
        except oracle.TooMany:
            break
        case.complete(task, **now)


@proves("parallel gateway", "exclusive gateway", "joins in loops", "implicit merge")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(nets(("user", "user", "and", "xor")), st.data())
def test_parallel_and_exclusive(net: Net, data: st.DataObject) -> None:
    """Splits, merges, joins in and out of loops, excess tokens."""
    play(net, data)


@st.composite
def activities(draw: Callable[[Any], Any]) -> Net:
    """A net whose activities split, with conditions and defaults, and in which a flow may end in a terminate event."""
    net: Net = draw(nets(("user", "user", "task", "task", "and", "or")))
    several = [name for name, kind in net.nodes.items() if kind in ("user", "task") and len(net.out(name)) > 1]
    conditional: set[str] = set()
    defaults = dict(net.defaults)
    for name in several:
        with_condition = draw(st.lists(st.sampled_from(net.out(name)), unique=True))
        conditional.update(with_condition)
        plain = [flow for flow in net.out(name) if flow not in with_condition]
        if not plain:
            conditional.discard(with_condition[0])
            plain = with_condition[:1]
        if with_condition and draw(st.booleans()):
            defaults[name] = draw(st.sampled_from(plain))
    nodes, flows = dict(net.nodes), dict(net.flows)
    ending = [name for name, (source, target) in flows.items() if target == "e" and source != "s"]
    if len(ending) > 1 and draw(st.booleans()):
        nodes["t"] = "terminate"
        chosen = draw(st.sampled_from(ending))
        flows[chosen] = (flows[chosen][0], "t")
    return Net(nodes=nodes, flows=flows, defaults=defaults, conditional=frozenset(conditional))


@proves(
    "none task",
    "implicit split",
    "conditional flow on an activity",
    "default flow on an activity",
    "terminate end event",
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(activities(), st.data())
def test_activities(net: Net, data: st.DataObject) -> None:
    """Implicit splits and merges, conditional and default flows on any activity, terminate end events."""
    play(net, data)


@proves("inclusive gateway", "joins in loops")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(nets(("user", "user", "and", "xor", "or", "or")), st.data())
def test_inclusive(net: Net, data: st.DataObject) -> None:
    """The same with inclusive gateways, which must look at every token there is."""
    play(net, data)


INCLUSIVE = bpmn(
    start(), some("f", default="f_c"), user("a", "b", "c"), some("j"), user("last"), end(), chain("s", "f"),
    flow("f", "a", "x > 0"), flow("f", "b", "x > 1"), flow("f", "c"),
    chain("a", "j", "last", "e"), chain("b", "j"), chain("c", "j"),
)  # fmt: skip


@proves("inclusive gateway")
@pytest.mark.parametrize(("x", "branches"), [(0, ["c"]), (1, ["a"]), (2, ["a", "b"])])
def test_inclusive_split_and_join(x: int, branches: list[str]) -> None:
    """All true flows, else the default; the join waits for exactly those, in any order, and fires once."""
    for order in (branches, branches[::-1]):
        case = Case(INCLUSIVE, {"x": x})
        assert case.open == sorted(branches)
        for branch in order:
            assert "last" not in case.open
            case.complete(branch)
        assert case.open == ["last"]
        assert case.complete("last").ended


@proves("joins in loops")
def test_inclusive_join_in_a_loop() -> None:
    """Each round joins what that round has opened."""
    model = bpmn(
        start(), node("exclusiveGateway", "m"), some("f", default="f_a"), user("a", "b"), some("j"), user("review"),
        node("exclusiveGateway", "g", default="g_e"), end(),
        chain("s", "m", "f"), flow("f", "a"), flow("f", "b", "both"),
        chain("a", "j", "review", "g"), chain("b", "j"), flow("f", "a", "both", identifier="a_too"),
        flow("g", "m", "again"), flow("g", "e"),
    )  # fmt: skip
    case = Case(model, {"both": True, "again": True})
    for both in (True, False, True):
        assert case.open == (["a", "b"] if both else ["a"])
        for branch in reversed(case.open):
            case.complete(branch)
        assert case.open == ["review"]
        case.complete("review", both=not both)
    case.complete("a")
    assert case.complete("review", again=False).ended


def test_inclusive_join_does_not_wait_for_who_could_also_come_by_a_marked_flow() -> None:
    """A token that can still reach the empty flow but also the marked one does not hold the join up (13.4.3)."""
    model = bpmn(
        start(), node("parallelGateway", "f"), user("b", "last"), node("exclusiveGateway", "x", default="two"),
        some("j"), end(), chain("s", "f", "b", "x"), flow("f", "b", identifier="f_b_too"),
        flow("x", "j", "k = 1", identifier="one"), flow("x", "j", identifier="two"), chain("j", "last", "e"),
    )  # fmt: skip
    case = Case(model)
    case.complete("b", k=1)
    assert case.open == ["b", "last"]
    case.complete("b", k=2)
    assert case.open == ["last", "last"]


def test_two_instances_of_one_task_have_their_own_ids() -> None:
    """Two tokens in one user task are two element instances, each completed by its own id."""
    model = bpmn(
        start(),
        node("parallelGateway", "f"),
        user("a"),
        end(),
        chain("s", "f", "a", "e"),
        flow("f", "a", identifier="twice"),
    )
    process = interpreter.load(model, "p")
    step = interpreter.start(process, {}, WORLD)
    assert [w.instance for w in step.waiting] == ["a#1", "a#2"]
    step = interpreter.complete(process, step.state, ElementInstanceId("a#2"), {}, WORLD)
    assert interpreter.complete(process, step.state, ElementInstanceId("a#1"), {}, WORLD).ended
