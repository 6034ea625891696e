"""Ending an instance where it stands, and letting it go on after a pause."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.errors import Conflict
from engine.model.transitions import TransitionKind
from engine.runtime.state import read
from tests.unit.runtime.builder import (
    NOW,
    Case,
    both,
    boundary,
    bpmn,
    catch,
    chain,
    cycle,
    end,
    flow,
    many,
    node,
    of,
    on_event,
    start,
    sub,
    timer,
    user,
)
from tests.unit.runtime.event_blocks import Block, drawn
from tests.unit.runtime.test_event_blocks import Play, terms


@settings(max_examples=80, deadline=None)
@given(terms(), st.data())
def test_whatever_has_happened_cancelling_ends_everything(term: Block, data: st.DataObject) -> None:
    """Nothing waits any more, what waited is named as closed, what was at work as terminated, and no state is left."""
    play = Play()
    play.case = case = Case(bpmn(start(), drawn(term, "s", "e"), end()), {"key": "k"})
    at_work = set(_moved(case, {}))
    for _ in range(data.draw(st.integers(0, 6))):
        may = sorted(action for action in play.may() if action[0] != "err")
        if not may:
            return
        play.act(data.draw(st.sampled_from(may)))
        at_work = _moved(case, at_work)
    waited = {*case.waiting, *case.timers, *case.subscriptions}
    if case.step.ended:
        return
    step = case._move("cancel")
    assert step.ended
    assert set(step.closed) == waited
    assert {t.instance for t in step.transitions if t.kind is TransitionKind.TERMINATED} == at_work
    assert (step.stands_at, step.waiting, step.timers, step.subscriptions) == ((), (), (), ())
    left = read(step.state)
    assert (left.tokens, left.scopes, left.waits) == ((), (), ())


def _moved(case: Case, at_work: set[object] | dict[object, object]) -> set[object]:
    """Element instances that are at work after the last step."""
    found = set(at_work)
    for one in case.step.transitions:
        if one.kind is TransitionKind.ACTIVATED:
            found.add(one.instance)
        elif one.kind in (TransitionKind.COMPLETED, TransitionKind.TERMINATED):
            found.discard(one.instance)
    return found


def test_inner_things_are_cancelled_before_what_holds_them() -> None:
    """A loop within a subprocess, beside an event subprocess and before a join that waits."""
    body = start("in") + node("userTask", "a", inner=many()) + end("out") + chain("in", "a", "out")
    model = bpmn(
        start(), both("f"), sub("box", body), user("b"), both("j"), end(),
        on_event("h", of("message", "paid"), user("x"), end("x_e"), chain("h_on", "x", "x_e")),
        chain("s", "f", "box", "j", "e"), chain("f", "b", "j"),
    )  # fmt: skip
    case = Case(model, {"items": [1, 2], "key": "k"})
    case.complete("b")
    step = case._move("cancel")
    assert case.happened == ["!a#1", "!a#2", "!box#1"]
    assert step.ended


def test_a_pause_moves_what_counts_and_keeps_what_names_a_date() -> None:
    """Given a duration, a cycle and a date, when the instance stood still for two days, then only the date stays."""
    date = timer("2026-12-31T00:00:00Z", kind="timeDate")
    model = bpmn(
        start(), both("f"), user("u"), catch("d", date), end("e", "g"),
        boundary("late", "u", timer("P5D")), boundary("urge", "u", cycle("R3/P1D"), interrupting=False),
        chain("s", "f", "u", "e"), chain("f", "d", "g"), flow("late", "e"), flow("urge", "e"),
    )  # fmt: skip
    case = Case(model)
    before = {str(one.element): one.due_at for one in case.timers.values()}
    case.advance(days=2)
    step = case._move("postpone", timedelta(days=2))
    after = {str(one.element): one.due_at for one in step.timers}
    assert after == {
        "late": before["late"] + timedelta(days=2),
        "urge": before["urge"] + timedelta(days=2),
        "d": before["d"],
    }
    assert (step.transitions, step.closed) == ((), ())
    with pytest.raises(Conflict):
        case.alive.fire(next(one.instance for one in step.timers if one.element == "urge"))
    case.fire("urge")
    following = next(one.due_at for one in case.step.timers)
    assert following == NOW + timedelta(days=4)
