"""Sending a case back: what may be offered, what goes with it, and that every case can still be finished."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.model.errors import Refused
from engine.runtime import live
from tests.unit.runtime.blocks import Again, All, Block, Do, Each, Then, drawn, flags
from tests.unit.runtime.builder import (
    WORLD,
    Case,
    both,
    boundary,
    bpmn,
    chain,
    end,
    flow,
    many,
    node,
    on_event,
    some,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.unit.runtime.test_blocks import terms

LINE = bpmn(start(), user("a", "b", "c"), end(), chain("s", "a", "b", "c", "e"))
PARALLEL = bpmn(
    start(), user("a", "b", "c", "d", "f"), both("g", "j"), end(),
    chain("s", "a", "g", "b", "c", "j", "f", "e"), chain("g", "d", "j"),
)  # fmt: skip


def _targets(case: Case, element: str) -> list[str]:
    instance = next(one for one in case.waiting if one.rpartition("#")[0] == element)
    return list(live.restore(case.process, case.step.state, WORLD).returns(instance))


def _back(case: Case, element: str, target: str) -> None:
    instance = next(one for one in case.waiting if one.rpartition("#")[0] == element)
    case._move("send_back", instance, target)


def test_a_return_terminates_what_waits_and_visits_the_node_again() -> None:
    """Nothing is erased: the trace shows the terminated node and a second visit, and data stays."""
    case = Case(LINE)
    case.complete("a", amount=5)
    case.complete("b")
    assert _targets(case, "c") == ["a", "b"]
    _back(case, "c", "a")
    assert case.story == ["!c#1", "+a#2"]
    assert case.step.closed == ("c#1",)
    assert case.step.variables["amount"] == 5
    for name in "abc":
        case.complete(name)
    assert case.step.ended


def test_only_nodes_that_were_visited_are_offered() -> None:
    """A node on the way that this case did not take is no target."""
    case = Case(
        bpmn(
            start(), user("a", "b", "c"), xor("x", default="x_c"), end(), chain("s", "a", "x"), chain("b", "c", "e"),
            flow("x", "b", "long = true", "x_b"), flow("x", "c", None, "x_c"),
        ),
        {"long": False},
    )  # fmt: skip
    case.complete("a")
    assert _targets(case, "c") == ["a"]


@pytest.mark.parametrize(("element", "target", "left"), [("c", "b", ["b", "d"]), ("c", "a", ["a"]), ("d", "a", ["a"])])
def test_a_return_inside_a_branch_leaves_the_others_and_one_before_the_split_takes_all(
    element: str, target: str, left: list[str]
) -> None:
    """Other branches run on when only one goes back, and are terminated, visibly, when the split does."""
    case = Case(PARALLEL)
    case.complete("a")
    case.complete("b")
    _back(case, element, target)
    assert case.open == left
    while case.waiting:
        case.complete(case.open[0])
    assert case.step.ended


def test_a_branch_that_was_joined_is_no_target() -> None:
    """After the join only what stands before the split is offered; one branch alone could never join again."""
    case = Case(PARALLEL)
    for name in "abcd":
        case.complete(name)
    assert case.open == ["f"]
    assert _targets(case, "f") == ["a"]
    with pytest.raises(Refused, match="cannot be sent back to b") as refused:
        live.restore(case.process, case.step.state, WORLD).send_back(case.waiting[0], "b")
    assert refused.value.code == "return.not_possible"
    _back(case, "f", "a")
    assert case.open == ["a"]


def test_a_token_that_waits_before_the_join_goes_with_its_branches() -> None:
    """One branch has finished and waits; a return before the split takes that waiting token too."""
    case = Case(PARALLEL)
    for name in "ad":
        case.complete(name)
    _back(case, "b", "a")
    for name in "abc":
        case.complete(name)
    assert case.open == ["d"]
    case.complete("d")
    case.complete("f")
    assert case.step.ended


def test_timers_messages_and_side_branches_of_what_goes_go_with_it() -> None:
    """A reminder that has fired runs beside its host; both, and the timer that still waits, are closed."""
    model = bpmn(
        start(), user("a", "b", "remind"), end("e", "e2", "e3"), chain("s", "a", "b", "e"),
        boundary("t1", "b", timer("PT1H"), interrupting=False), boundary("t2", "b", timer("PT9H")),
        flow("t1", "remind"), flow("remind", "e2"), flow("t2", "e3"),
    )  # fmt: skip
    case = Case(model)
    case.complete("a")
    case.fire("t1")
    assert case.open == ["b", "remind"]
    _back(case, "b", "a")
    assert case.open == ["a"]
    assert case.listens == []
    case.complete("a")
    assert case.listens == ["t1", "t2"]
    case.complete("b")
    assert case.step.ended


def test_from_inside_a_subprocess_the_nodes_around_it_are_offered_too() -> None:
    """The subprocess is terminated as a whole; back into a finished one is not offered."""
    inner = sub("box", start("is"), user("u", "v"), end("ie"), chain("is", "u", "v", "ie"))
    case = Case(bpmn(start(), user("a", "c"), inner, end(), chain("s", "a", "box", "c", "e")))
    case.complete("a")
    case.complete("u")
    assert _targets(case, "v") == ["a", "u"]
    _back(case, "v", "u")
    assert case.open == ["u"]
    _back(case, "u", "a")
    assert case.open == ["a"]
    case.complete("a")
    case.complete("u")
    case.complete("v")
    assert _targets(case, "c") == ["a"]


def test_one_of_many_takes_the_whole_round_with_it() -> None:
    """A member of a countersign sends back: the other members are terminated, and the next round asks all again."""
    model = bpmn(start(), user("a"), node("userTask", "m", inner=many()), end(), chain("s", "a", "m", "e"))
    case = Case(model, {"items": [1, 2, 3]})
    case.complete("a")
    case.complete("m")
    _back(case, "m", "a")
    assert case.open == ["a"]
    case.complete("a")
    assert case.open == ["m", "m", "m"]
    for _ in range(3):
        case.complete("m")
    assert case.step.ended


def test_out_of_an_event_subprocess_nothing_is_sent_back() -> None:
    """What runs there was begun by an event, not by the node before."""
    handler = on_event("h", timer("PT1H"), user("x", "y"), end("he"), chain("h_on", "x", "y", "he"))
    case = Case(bpmn(start(), user("a", "b"), handler, end(), chain("s", "a", "b", "e")))
    case.complete("a")
    case.fire(next(iter(case.timers.values())).element)
    case.complete("x")
    assert _targets(case, "y") == ["x"]


def test_straight_back_skips_what_lies_between_and_only_where_nothing_is_lost() -> None:
    """On a line the case jumps back to who sent it; from a branch to before its split it may not."""
    process = Case(LINE).process
    alive = live.begin(process, {}, WORLD)
    for name in ("a#1", "b#1"):
        alive.complete(name, {})  # type: ignore[arg-type]
    alive.send_back("c#1", "a", direct=True)  # type: ignore[arg-type]
    alive.complete("a#2", {}, onward="c")  # type: ignore[arg-type]
    assert alive.waiting == ("c#2",)
    case = Case(PARALLEL)
    case.complete("a")
    branch = live.restore(case.process, case.step.state, WORLD)
    with pytest.raises(Refused) as refused:
        branch.send_back("b#1", "a", direct=True)  # type: ignore[arg-type]
    assert refused.value.code == "return.not_direct"


def test_an_inclusive_join_fires_with_what_is_left_after_a_return() -> None:
    """Going back inside one of two active branches keeps the join waiting for exactly these."""
    model = bpmn(
        start(), user("a", "b", "c", "d", "f"), some("g", "j"), end(), chain("s", "a", "g"),
        flow("g", "b", "true"), flow("g", "d", "true"), chain("b", "c", "j", "f", "e"), flow("d", "j"),
    )  # fmt: skip
    case = Case(model)
    case.complete("a")
    case.complete("b")
    _back(case, "c", "b")
    case.complete("d")
    assert case.open == ["b"]
    case.complete("b")
    case.complete("c")
    assert case.open == ["f"]


def most(block: Block, times: int = 1) -> dict[str, int]:
    """How many instances of each task may be open at once."""
    match block:
        case Do():
            return {block.name: times}
        case Again():
            return {f"{block.name}_decide": times} | most(block.body, times)
        case Each():
            return most(block.body, times * max(block.count, 1))
        case Then() | All():
            return {name: count for part in block.parts for name, count in most(part, times).items()}
    return {}


class Returns(RuleBasedStateMachine):
    """People complete and send back at random, in splits, loops, subprocesses and instances."""

    @initialize(term=terms())
    def begin(self, term: Block) -> None:
        self.most = most(term)
        self.case = Case(bpmn(start(), drawn(term, "s", "e"), end()), flags(term))

    def _complete(self, instance: Any, *, again: bool) -> None:
        self.case.waiting.remove(instance)
        self.case.waiting.insert(0, instance)
        name = instance.rpartition("#")[0]
        self.case.complete(name, **{f"{name.removesuffix('_decide')}_again": again})

    @precondition(lambda self: bool(self.case.waiting))
    @rule(data=st.data(), again=st.booleans())
    def complete(self, data: st.DataObject, again: bool) -> None:
        self._complete(data.draw(st.sampled_from(self.case.waiting)), again=again)

    @precondition(lambda self: bool(self.case.waiting))
    @rule(data=st.data())
    def send_back(self, data: st.DataObject) -> None:
        alive = live.restore(self.case.process, self.case.step.state, WORLD)
        ways = [(one, target) for one in self.case.waiting for target in alive.returns(one)]
        if ways:
            instance, target = data.draw(st.sampled_from(ways))
            before = set(self.case.waiting)
            self.case._move("send_back", instance, target)
            assert instance not in self.case.waiting
            assert [one for one in self.case.waiting if one.rpartition("#")[0] == target and one not in before]

    @precondition(lambda self: not self.case.waiting)
    @rule()
    def rest(self) -> None:
        assert self.case.step.ended

    @invariant()
    def no_copy_of_a_token_lives_twice(self) -> None:
        for name in set(self.case.open):
            assert self.case.open.count(name) <= self.most[name], name

    @invariant()
    def it_is_never_dead(self) -> None:
        assert self.case.waiting or self.case.step.ended

    def teardown(self) -> None:
        """Whatever people did, the case can be finished, and then no token is left."""
        if hasattr(self, "case"):
            while self.case.waiting:
                self._complete(self.case.waiting[0], again=False)
            assert self.case.step.ended


TestReturns = Returns.TestCase
TestReturns.settings = settings(
    max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
