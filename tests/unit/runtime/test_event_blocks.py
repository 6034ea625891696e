"""Random messages, signals, timers, errors and completions, reloaded after every step: the engine against the terms."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.model.errors import Refused
from engine.model.transitions import Occasion
from tests.unit.runtime.builder import Case, bpmn, end, start
from tests.unit.runtime.event_blocks import (
    SIGNAL,
    Action,
    Await,
    Block,
    Both,
    Do,
    First,
    Guarded,
    Handler,
    Over,
    Then,
    Thrown,
    after,
    drawn,
    offers,
    outcomes,
    settled,
)
from tests.unit.runtime.proving import proves


class Names:
    """Every element has its own id."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        return f"n{self.count}"


def grown(draw: Any, names: Names, depth: int) -> Block:
    """A random term."""
    deep = ["then", "both", "first", "outside", "outside", "inside", "inside"] if depth else []
    kind = draw(st.sampled_from(["do", "job", "await", *deep, "shout"]))
    name = names()
    if kind in ("do", "job", "shout"):
        return Do(name, kind == "job", kind == "shout")
    if kind == "await":
        return Await(name, draw(st.sampled_from(["fire", "msg", "sig"])))
    if kind in ("then", "both"):
        parts = tuple(grown(draw, names, depth - 1) for _ in range(draw(st.integers(2, 3))))
        return Then(parts) if kind == "then" else Both(name, parts)
    if kind == "first":
        kinds = draw(st.lists(st.sampled_from(["fire", "msg", "sig", "fire"]), min_size=2, max_size=3))
        kinds = [one for at, one in enumerate(kinds) if one != "sig" or "sig" not in kinds[:at]]
        return First(name, tuple((Await(names(), one), grown(draw, names, depth - 1)) for one in kinds))
    body = grown(draw, names, depth - 1)
    kinds = draw(st.lists(st.sampled_from(["fire", "msg", "sig", "err"]), min_size=1, max_size=3, unique=True))
    handlers = tuple(handler(draw, names, one) for one in kinds)
    return Guarded(name, body, handlers, kind == "outside")


def handler(draw: Any, names: Names, kind: str) -> Handler:
    """A handler that does not interrupt has a user task or nothing as body: what it adds may be there many times."""
    interrupting = kind == "err" or draw(st.booleans())
    body = grown(draw, names, 1) if interrupting else Do(names())
    return Handler(names(), kind, body, interrupting, 1 if interrupting else draw(st.integers(1, 3)))


@st.composite
def terms(draw: Any) -> Block:
    return grown(draw, Names(), 3)


@proves(
    "boundary event on a subprocess",
    "event subprocess that interrupts",
    "event subprocess that does not interrupt",
    "event-based gateway",
    "boundary event that does not interrupt",
)
class Play(RuleBasedStateMachine):
    """Whatever may happen happens, in any order. `Case` restores the instance from bytes and deltas at every step."""

    @initialize(term=terms())
    def begin(self, term: Block) -> None:
        self.case = Case(bpmn(start(), drawn(term, "s", "e"), end()), {"key": "k"})
        self.left = [settled(term)]

    def may(self) -> Counter[Action]:
        """What the engine says may happen."""
        found: Counter[Action] = Counter()
        for instance in self.case.waiting:
            name = instance.rpartition("#")[0]
            found["do", name] += 1
            if self.case.process.definition.elements[name].type == "serviceTask":  # type: ignore[index]
                found["err", name] += 1
        for timer in self.case.timers.values():
            found["fire", _plain(timer.element)] += 1
        for wait in self.case.subscriptions.values():
            found[SIGNAL if wait.kind is Occasion.SIGNAL else ("msg", _plain(wait.element))] += 1
        return found

    @precondition(lambda self: bool(self.may()))
    @rule(data=st.data())
    def happen(self, data: st.DataObject) -> None:
        action = data.draw(st.sampled_from(sorted(self.may())))
        try:
            left = [new for term in self.left for new in outcomes(term, action)]
        except Thrown:
            with pytest.raises(Refused):
                self.act(action)
            return
        self.act(action)
        self.left = [one for one in left if offers(one) == self.may()]

    @precondition(lambda self: not self.may())
    @rule()
    def rest(self) -> None:
        assert self.case.step.ended

    def act(self, action: Action) -> None:
        """Let it happen in the engine."""
        kind, name = action
        case = self.case
        match kind:
            case "do":
                case.complete(name)
            case "err":
                case.error(name, "E1")
            case "sig":
                case.signal(name)
            case "fire":
                case.fire(next(str(t.element) for t in case.timers.values() if _plain(t.element) == name))
            case _:
                found = next(w for w in case.subscriptions.values() if _plain(w.element) == name)
                case._move("correlate", found.instance, {})

    @invariant()
    def the_same_may_happen(self) -> None:
        if hasattr(self, "case"):
            assert any(offers(term) == self.may() for term in self.left), (self.left, self.may(), self.case.story)
            assert self.case.step.ended == any(isinstance(term, Over) for term in self.left)


def _plain(element: str) -> str:
    return element.removesuffix("_sp_on")


TestPlay = Play.TestCase
TestPlay.settings = settings(
    max_examples=120, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_the_judge_by_hand() -> None:
    """A boundary timer drops the body; what a handler added stays; an event subprocess that interrupts drops both."""
    urge = Handler("u", "msg", Do("x"), interrupting=False)
    late = Handler("l", "fire", Do("y"))
    for outside, open_after in ((True, ["x", "y"]), (False, ["y"])):
        term = settled(Guarded("g", Do("a"), (urge, late), outside))
        assert offers(term) == Counter([("do", "a"), ("msg", "u"), ("fire", "l")])
        (term,) = after(term, ("msg", "u"))
        (term,) = after(term, ("fire", "l"))
        assert offers(term) == Counter(("do", name) for name in open_after)
