"""Joins that can never fire, as the gate sees them and as the oracle's markings show."""

import itertools
from collections import Counter
from collections.abc import Iterator

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.model.definitions import Severity
from engine.runtime import gate
from tests.unit.runtime import oracle
from tests.unit.runtime.builder import both, bpmn, chain, end, flow, some, start, sub, user, xor
from tests.unit.runtime.oracle import Net
from tests.unit.runtime.test_token_game import drawn, nets


def told(model: bytes) -> dict[str, Severity]:
    """Joins that the gate speaks about."""
    found = gate.inspect(model, resource="", forms=None, decisions=None).findings
    return {one.element_id: one.severity for one in found if one.rule.startswith("join-")}


CHOICE = xor("x", default="x_b") + flow("x", "a", "c") + flow("x", "b")


def test_a_choice_into_a_parallel_join() -> None:
    """Given an exclusive split whose branches meet in a parallel join, then the join can never fire: an error."""
    model = bpmn(
        start(), CHOICE, user("a", "b"), both("j"), end(), chain("s", "x"), chain("a", "j", "e"), chain("b", "j")
    )
    assert told(model) == {"j": Severity.ERROR}


def test_a_join_that_waits_after_some_choices() -> None:
    """Given a parallel branch that may go another way, then the join may wait for ever: a warning."""
    model = bpmn(
        start(), both("f", "j"), CHOICE, user("a", "b"), end("e", "e2"), chain("s", "f", "x"), flow("f", "j"),
        chain("a", "j", "e"), chain("b", "e2"),
    )  # fmt: skip
    assert told(model) == {"j": Severity.WARNING}


def test_a_loop_back_into_a_parallel_split() -> None:
    """Given a loop that leads back into the gateway that also splits, then its join half never fires."""
    model = bpmn(
        start(), both("f"), user("a"), xor("x", default="x_e"), end(), chain("s", "f", "a", "x"),
        flow("x", "f", "again"), flow("x", "e"),
    )  # fmt: skip
    assert told(model) == {"f": Severity.ERROR}


def test_joins_that_fire() -> None:
    """Given proper blocks, inclusive joins after choices, loops and subprocesses, then nothing is said."""
    block = both("f", "j") + user("a", "b") + chain("f", "a", "j") + chain("f", "b", "j")
    loop = bpmn(
        start(),
        block,
        xor("m", "x"),
        flow("x", "m", "again"),
        flow("x", "e"),
        end(),
        chain("s", "m", "f"),
        chain("j", "x"),
    ).replace(b'id="x">', b'id="x" default="x_e">')
    assert told(loop) == {}
    inside = sub("p", start("i"), block, end("o"), chain("i", "f"), chain("j", "o"))
    assert told(bpmn(start(), inside, end(), chain("s", "p", "e"))) == {}
    inclusive = bpmn(
        start(), CHOICE, user("a", "b"), some("j"), end(), chain("s", "x"), chain("a", "j", "e"), chain("b", "j")
    )
    assert told(inclusive) == {}
    twice = bpmn(start(), both("f", "j"), end(), chain("s", "f", "j", "e"), flow("f", "j", identifier="f_j_too"))
    assert told(twice) == {}


def fired(net: Net) -> set[str]:
    """Parallel joins that fire in some play of the oracle: every choice at every step, every order of completion."""
    chooses = [name for name in net.flows if net.nodes[net.flows[name][0]] in ("xor", "or")]
    assume(len(chooses) <= 4)
    answers = itertools.product([True, False], repeat=len(chooses))
    choices = [dict(zip(chooses, answer, strict=True)) for answer in answers]
    joins = {name for name, kind in net.nodes.items() if kind == "and" and len(net.into(name)) > 1}
    found: set[str] = set()
    seen: set[oracle.Marking] = set()
    todo = [frozenset((flow, 1) for flow in net.out("s"))]
    while todo:
        marking = todo.pop()
        if marking in seen:
            continue
        seen.add(marking)
        assume(len(seen) < 300)
        tokens = Counter(dict(marking))
        found |= {join for join in joins if all(tokens[flow] for flow in net.into(join))}
        todo += [frozenset((n, c) for n, c in one.items() if c > 0) for one in moves(net, tokens, choices)]
    return found


def moves(net: Net, tokens: Counter[str], choices: list[dict[str, bool]]) -> Iterator[Counter[str]]:
    for choice in choices:
        yield from oracle.plain_moves(net, tokens, choice)
        yield from oracle.inclusive_moves(net, tokens, choice)
    for task in [name for name, kind in net.nodes.items() if kind == "user" and tokens[name]]:
        after = tokens.copy()
        after[task] -= 1
        after.update(net.out(task))
        yield after


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(nets(("user", "and", "and", "xor", "or")), st.data())
def test_no_join_is_refused_that_the_oracle_fires(net: Net, data: st.DataObject) -> None:
    """What the gate calls dead is dead in every play of the naive token game."""
    errors = {name for name, severity in told(drawn(net)).items() if severity is Severity.ERROR}
    assume(errors)
    try:
        assert errors & fired(net) == set()
    except oracle.TooMany:
        assume(False)
