"""Deltas: what a step writes is what it changed, and folding brings back exactly the state that was."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.errors import Broken
from engine.model.ids import ElementInstanceId
from engine.runtime import delta, interpreter, live, values
from engine.runtime.environment import CalledProcess, Environment
from engine.runtime.interpreter import ExecutableProcess
from engine.runtime.state import read
from tests.unit.runtime.builder import (
    NOW,
    WORLD,
    Case,
    both,
    bpmn,
    chain,
    clear,
    end,
    flow,
    many,
    mapped,
    node,
    some,
    start,
    sub,
    undecided,
    user,
    xor,
)

CALLED = bpmn(start(), user("inner"), end(), chain("s", "inner", "e"), process_id="called")

_EACH = sub(
    "each",
    start("in") + both("f") + user("a", "b") + both("j") + end("out"),
    chain("in", "f", "a", "j", "out") + chain("f", "b", "j"),
    inner=many(outputCollection="results", outputElement="=answer"),
)
_CALL = node(
    "callActivity", "call", extension='<zeebe:calledElement processId="called"/>' + mapped("> answer -> given")
)
EVERYTHING = bpmn(
    start(), xor("m"), some("split", default="split_each"), _EACH, _CALL, some("join"),
    node("userTask", "row", inner=many(sequential=True, outputCollection="rows", outputElement="=loopCounter")),
    user("review"), xor("g", default="g_e"), end(),
    chain("s", "m", "split"), flow("split", "each"), flow("split", "call", "true"), chain("each", "join"),
    chain("call", "join", "row", "review", "g"), flow("split", "each", "twice", identifier="twice"),
    flow("g", "m", "again"), flow("g", "e"),
)  # fmt: skip


def _world() -> Environment:
    called = interpreter.load(CALLED, "called")

    def call(wanted: CalledProcess) -> ExecutableProcess:
        return called

    return Environment(now=NOW, decide=undecided, judge=clear, call=call)


MODEL, REST = interpreter.load(EVERYTHING, "p"), _world()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_interleaving_gives_the_same_state(data: st.DataObject) -> None:
    """Given completions here and elsewhere, crashes before the commit, reloads and lost caches, the state is always
    that of an instance that was written whole after every step."""

    first = live.begin(MODEL, {"items": [1, 2], "again": True, "twice": True, "answer": 0}, REST)
    first.step()
    trusted = snapshot = first.snapshot()
    deltas: list[bytes] = []
    kept: live.LiveInstance | None = first
    missed: list[bytes] = []
    for _ in range(data.draw(st.integers(1, 25))):
        waiting = live.restore(MODEL, trusted, REST).waiting
        if not waiting:
            break
        one = data.draw(st.sampled_from(waiting))
        answers = {"answer": data.draw(st.integers(0, 3)), "again": data.draw(st.booleans())}
        instance = kept if kept is not None else live.restore(MODEL, snapshot, REST, deltas)
        if missed:
            instance.follow(missed)
            missed = []
        before = live.restore(MODEL, snapshot, REST, deltas)
        instance.complete(one, answers)
        step = instance.step()
        if data.draw(st.booleans(), label="crash"):
            kept = None
            continue
        whole = interpreter.complete(MODEL, trusted, one, answers, REST)
        assert (step.delta, step.transitions, step.ended) == (whole.delta, whole.transitions, whole.ended)
        trusted = whole.state
        deltas.append(step.delta)
        if data.draw(st.integers(0, 4), label="snapshot") == 0:
            snapshot, deltas = instance.snapshot(), []
        match data.draw(st.sampled_from(["keep", "lose", "elsewhere"]), label="cache"):
            case "keep":
                kept = instance
            case "lose":
                kept = None
            case _:
                kept, missed = before, [step.delta]
        assert instance.snapshot() == trusted
        assert live.restore(MODEL, snapshot, REST, deltas).snapshot() == trusted
        assert interpreter.folded(snapshot, deltas) == trusted


def test_a_delta_is_as_large_as_the_change() -> None:
    """Given 1,000 instances and 200 KB of variables, when one is completed, then a few hundred bytes are written."""
    body = node("userTask", "a", inner=many(outputCollection="results", outputElement="=answer"))
    process = interpreter.load(bpmn(start(), body, end(), chain("s", "a", "e")), "p")
    instance = live.begin(process, {"items": list(range(1000)), "text": "字" * 70_000}, WORLD)
    instance.step()
    for one in instance.waiting[500:503]:
        instance.complete(one, {"answer": "yes"})
        assert len(instance.step().delta) < 300
    assert len(instance.snapshot()) > 200_000


def test_variables_come_back_with_their_types() -> None:
    """Dates and names that look like tags survive a delta."""
    case = Case(bpmn(start(), user("a", "b"), end(), chain("s", "a", "b", "e")))
    case.complete("a", day=date(2026, 1, 5), **{"$": {"$": 1}})
    assert interpreter.variables(interpreter.folded(case.base, case.deltas)) == case.step.variables


def test_states_of_earlier_formats_go_on() -> None:
    """A state without token numbers (format 2) or scopes (format 1) is read, and its instance goes on as before."""
    case = Case(bpmn(start(), both("f"), user("a", "b"), both("j"), user("c"), end(),
                     chain("s", "f", "a", "j", "c", "e"), chain("f", "b", "j")))  # fmt: skip
    case.complete("a")
    raw = values.loads(case.step.state)
    assert isinstance(raw, dict)
    tokens = [row[:4] for row in raw["tokens"]]
    older = [
        {**raw, "format": 2, "tokens": tokens, "serial": len(tokens)},
        {**raw, "format": 1, "tokens": [row[:3] for row in tokens]},
    ]
    del older[1]["scopes"], older[1]["serial"]
    for old in older:
        step = interpreter.complete(case.process, values.dumps(old), ElementInstanceId("b#1"), {}, WORLD)
        assert [waiting.instance for waiting in step.waiting] == ["c#1"]
        assert values.loads(step.state)["format"] == 4  # type: ignore[index]


@pytest.mark.parametrize(
    "damaged",
    [
        b"{}",
        b"[]",
        b"\xff",
        b'{"delta":9,"serial":1}',
        b'{"delta":1,"serial":9,"gone":[77]}',
        b'{"delta":1,"serial":9,"closed":["x"]}',
        b'{"delta":1,"serial":9,"variables":{"x":{"a":1}}}',
        b'{"delta":1,"serial":9,"items":[["","n",0,1]]}',
    ],
)
def test_a_delta_that_does_not_fit_is_refused(damaged: bytes) -> None:
    """Never half a state."""
    case = Case(bpmn(start(), user("a"), end(), chain("s", "a", "e")))
    with pytest.raises(Broken):
        live.restore(case.process, case.step.state, WORLD, [damaged])


def test_numbers_of_tokens_are_never_used_again() -> None:
    """Given that the newest token is gone, when the instance is read back, then it goes on counting where it was."""
    case = Case(bpmn(start(), both("f"), user("a", "b"), end(), chain("s", "f", "a", "e"), chain("f", "b", "e")))
    case.complete("b")
    stored = read(interpreter.folded(case.base, case.deltas))
    assert stored.serial > max(row.number for row in stored.tokens)
    assert delta.read(case.deltas[0]).serial == stored.serial
