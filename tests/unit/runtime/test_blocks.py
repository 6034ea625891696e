"""Joins in loops, nested, inclusive, in subprocesses and in every instance of a loop: the engine against the terms."""

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.unit.runtime import blocks
from tests.unit.runtime.blocks import Again, All, Block, Do, Each, Over, Then, after, drawn, flags, opened, settled
from tests.unit.runtime.builder import Case, bpmn, end, start


class Names:
    """Every element has its own id."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        return f"n{self.count}"


def grown(draw: Any, names: Names, depth: int) -> Block:
    """A random term."""
    kinds = ["do", "do", "then", "all", "some", "again", "each", "many"] if depth else ["do"]
    kind = draw(st.sampled_from(kinds))
    name = names()
    if kind == "do":
        return Do(name)
    if kind == "again":
        return Again(name, grown(draw, names, depth - 1))
    if kind in ("each", "many"):
        count = draw(st.integers(1, 3)) if kind == "many" else 0
        return Each(name, grown(draw, names, depth - 1), count, count > 0 and draw(st.booleans()))
    parts = tuple(grown(draw, names, depth - 1) for _ in range(draw(st.integers(2, 3))))
    if kind == "then":
        return Then(parts)
    chosen = tuple(draw(st.booleans()) for _ in parts[:-1]) if kind == "some" else ()
    return All(name, parts, kind == "some", chosen)


@st.composite
def terms(draw: Any) -> Block:
    return grown(draw, Names(), 3)


class Play(RuleBasedStateMachine):
    """Whoever has a task completes it, in any order."""

    @initialize(term=terms())
    def begin(self, term: Block) -> None:
        self.case = Case(bpmn(start(), drawn(term, "s", "e"), end()), flags(term))
        self.left: set[Block] = {settled(term)}

    @precondition(lambda self: bool(self.case.waiting))
    @rule(data=st.data(), again=st.booleans())
    def complete(self, data: st.DataObject, again: bool) -> None:
        instance = data.draw(st.sampled_from(self.case.waiting))
        self.case.waiting.remove(instance)
        self.case.waiting.insert(0, instance)  # `Case.complete` takes the first of an element
        name = instance.rpartition("#")[0]
        self.case.complete(name, **{f"{name.removesuffix('_decide')}_again": again})
        found = {one for term in self.left for one in after(term, name, again)}
        self.left = {one for one in found if opened(one) == Counter(self.case.open)}

    @precondition(lambda self: not self.case.waiting)
    @rule()
    def rest(self) -> None:
        assert self.case.step.ended

    @invariant()
    def same_tasks_are_open(self) -> None:
        if hasattr(self, "case"):
            assert self.left, self.case.story
            assert any(opened(term) == Counter(self.case.open) for term in self.left)
            assert self.case.step.ended == any(isinstance(term, Over) for term in self.left)


TestPlay = Play.TestCase
TestPlay.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_the_judge_by_hand() -> None:
    """Two instances of a parallel block: each joins by itself, and the terms say so."""
    term = settled(Each("m", Then((All("b", (Do("x"), Do("y"))), Do("z"))), 2))
    assert opened(term) == Counter(x=2, y=2)
    (term, *_) = after(term, "x", False)
    assert Counter(z=1, x=1, y=1) in [opened(one) for one in after(term, "y", False)]
    assert isinstance(settled(blocks.OVER), Over)
