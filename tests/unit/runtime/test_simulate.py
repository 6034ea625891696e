"""Scenarios: what they complete, what they say, and how they fail."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from engine.cli import main
from engine.model.errors import Invalid
from engine.runtime import interpreter
from engine.runtime.environment import Environment
from engine.runtime.scenario import read_scenario
from engine.runtime.simulate import Ending, Simulation, simulate
from tests.unit.runtime.builder import (
    NOW,
    WORLD,
    both,
    bpmn,
    chain,
    end,
    flow,
    many,
    node,
    script,
    some,
    start,
    user,
    xor,
)

LINE = bpmn(start(), user("a"), node("serviceTask", "j"), end(), chain("s", "a", "j", "e"))
OUTCOMES = (
    '<supervision:outcomes resultVariable="said"><supervision:outcome code="yes" name="Y"/>'
    '<supervision:outcome code="no" name="N"/></supervision:outcomes>'
)


def world(now: datetime) -> Environment:
    return replace(WORLD, now=now)


def run(model: bytes, **scenario: object) -> Simulation:
    return simulate(interpreter.load(model, "p"), read_scenario(scenario, now=NOW), world)


def test_everything_completes_by_default() -> None:
    """Without steps whatever waits is completed, and each change of an element is a line."""
    found = run(LINE, variables={"x": 1})
    lines = found.lines()
    assert lines[0] == {"seq": 1, "element": "s", "instance": "s#1", "type": "startEvent", "transition": "activated"}
    assert [f"{line['element']} {line['transition']}" for line in lines[2:6]] == [
        "a activated", "a completed", "j activated", "j completed",
    ]  # fmt: skip
    assert lines[-1] == {"state": "completed", "variables": {"x": 1}, "waiting": []}


def test_hold_and_stop() -> None:
    """What is held goes on waiting; `stop` leaves everything."""
    assert run(LINE, hold=["j"]).waiting == ("j",)
    stopped = run(LINE, then="stop")
    assert (stopped.waiting, stopped.state) == (("a",), Ending.ACTIVE)


def test_steps_complete_user_tasks_and_jobs() -> None:
    """Variables are merged, an outcome goes to the result variable, a job is completed as a user task is."""
    model = bpmn(start(), user("a", extension=OUTCOMES), node("serviceTask", "j"), end(), chain("s", "a", "j", "e"))
    steps = [{"complete": "a", "outcome": "no", "variables": {"x": 2}}, {"complete": "j", "variables": {"y": 3}}]
    found = run(model, steps=steps, then="stop")
    assert (found.variables, found.state) == ({"x": 2, "said": "no", "y": 3}, Ending.COMPLETED)
    assert "no outcome" in run(model, steps=[{"complete": "a", "outcome": "maybe"}]).reason
    plain = bpmn(start(), user("a"), end(), chain("s", "a", "e"))
    assert "it has none" in run(plain, steps=[{"complete": "a", "outcome": "no"}]).reason


@pytest.mark.parametrize(
    "step", [{"complete": "j"}, {"message": "m"}, {"signal": "x"}, {"error": "a", "code": "E"}, {"complete": "zz"}]
)
def test_a_step_that_nothing_waits_for_fails(step: dict[str, object]) -> None:
    """The run fails with a reason, and says what had happened."""
    found = run(LINE, steps=[step])
    assert found.state is Ending.FAILED
    assert found.reason
    assert found.waiting == ("a",)


def test_a_job_fails_with_an_error() -> None:
    """An error that nothing catches fails the job's element and the run."""
    found = run(LINE, steps=[{"complete": "a"}, {"error": "j", "code": "E1"}])
    assert found.lines()[-2]["transition"] == "failed"
    assert found.state is Ending.FAILED
    assert "E1" in found.reason


def test_a_failing_expression_names_its_element() -> None:
    """A gateway without a true flow has failed, and everything before it is told."""
    model = bpmn(
        start(), xor("g"), end("e", "f"), chain("s", "g"), flow("g", "e", "x = 1"), flow("g", "f", "x = 2")
    )  # fmt: skip
    found = run(model, variables={"x": 3})
    assert [(line["element"], line["transition"]) for line in found.lines()[-3:-1]] == [
        ("g", "activated"), ("g", "failed"),
    ]  # fmt: skip
    assert found.state is Ending.FAILED


def test_the_clock_moves() -> None:
    """`advance` moves the instant that expressions see."""
    model = bpmn(start(), user("a"), script("x", "string(now())", "at"), end(), chain("s", "a", "x", "e"))
    steps = [{"advance": "P1DT1H"}, {"complete": "a"}]
    found = run(model, steps=steps, now="2026-01-05T09:00:00+08:00")
    assert "2026-01-06T10:00:00" in str(found.variables["at"])


def test_at_most_ten_thousand_completions() -> None:
    """A model that never ends is stopped, as a failure."""
    assert "10000" in run(bpmn(start(), user("a"), chain("s", "a", "a"))).reason


@pytest.mark.parametrize(
    "scenario",
    [
        {"step": []}, {"steps": {}}, {"steps": [1]}, {"steps": [{"complete": "a", "error": "b"}]}, {"then": "go"},
        {"hold": "a"}, {"now": "today"}, {"now": "2026-01-05T09:00:00"}, {"variables": 1},
        {"steps": [{"advance": "one hour"}]}, {"steps": [{"advance": "P1M"}]}, {"steps": [{"complete": "a", "x": 1}]},
        {"expected": []}, {"expected": {"states": "x"}}, {"expected": {"waiting": "a"}},
    ],
)  # fmt: skip
def test_a_scenario_that_cannot_be_read(scenario: dict[str, object]) -> None:
    """Misspelt entries are said, not overlooked."""
    with pytest.raises(Invalid) as caught:
        read_scenario(scenario, now=NOW)
    assert caught.value.code == "scenario.invalid"


def test_a_wrong_step_is_counted() -> None:
    """The message says which step it is about."""
    with pytest.raises(Invalid, match=r"cannot be read: step 2: complete must be a text"):
        read_scenario({"steps": [{"complete": "a"}, {"complete": 5}]}, now=NOW)


def test_what_a_scenario_expects_is_compared() -> None:
    """What differs is told, a line each; what is not named is not asked; nothing expected is no surprise."""
    right = {"state": "completed", "waiting": [], "variables": {"x": 1}}
    assert run(LINE, variables={"x": 1, "y": 2}, expected=right).surprises == ()
    assert run(LINE).surprises is None
    lines = [f"{line['instance']} {line['transition']}" for line in run(LINE).lines()[:-1]]
    assert run(LINE, expected={"transitions": lines}).surprises == ()
    wrong = {
        "state": "failed",
        "waiting": ["a"],
        "variables": {"x": 2, "z": 1},
        "transitions": [*lines, "g#1 activated"],
    }
    assert run(LINE, variables={"x": 1}, expected=wrong).surprises == (
        "state is completed, not failed", "waiting is [], not ['a']",
        f"transition {len(lines) + 1} is 'nothing', not 'g#1 activated'",
        "the variable x is 1, not 2", "there is no variable z",
    )  # fmt: skip


def test_tokens_that_wait_for_ever_are_named() -> None:
    """Two inclusive joins that wait for each other, and a token too many before a parallel join."""
    circle = bpmn(
        start(), both("f"), some("j", "k"), user("a", "b"), xor("x", default="x_e"), xor("y", default="y_e"), end("e"),
        chain("s", "f", "j", "a", "x", "e"), chain("f", "k", "b", "y", "e"),
        flow("x", "k", "again"), flow("y", "j", "again"),
    )  # fmt: skip
    found = run(circle)
    assert (found.state, found.waiting, found.stuck) == (Ending.ACTIVE, (), ("j", "k"))
    assert found.lines()[-1]["stuck"] == ["j", "k"]
    twice = bpmn(
        start(), both("f", "j"), xor("m"), user("b"), end("e"),
        chain("s", "f", "m", "j", "e"), flow("f", "m", identifier="again"), chain("f", "b", "j"),
    )  # fmt: skip
    assert run(twice).stuck == ("j",)
    assert run(twice, hold=["b"]).stuck == ()


def test_a_failing_step_is_named() -> None:
    """Its number, kind and target stand before the reason."""
    steps = [{"complete": "a"}, {"complete": "a"}]
    assert run(LINE, steps=steps).reason == "step 2 (complete a): nothing waits at 'a'; waiting: j#1"


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., Path]:
    """Writes files into one folder and gives the first."""

    def write(**bodies: bytes) -> Path:
        for name, body in bodies.items():
            (tmp_path / name.replace("__", ".")).write_bytes(body)
        return tmp_path / next(iter(bodies)).replace("__", ".")

    return write


def test_exit_statuses(files: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    """0: it ran; 1: it failed; 2: it was refused, or cannot be read. Stdout is JSON lines and nothing else."""
    good = files(good__bpmn=LINE, scenario__json=b'{"steps": [{"complete": "nobody"}]}', bad__bpmn=b"<x/>")
    assert main(["simulate", str(good)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[-1]["state"] == "completed"
    assert main(["simulate", str(good), "--scenario", str(good.parent / "scenario.json")]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["state"] == "failed"
    expecting = good.parent / "expecting.json"
    expecting.write_text('{"expected": {"state": "active"}}')
    assert main(["simulate", str(good), "--scenario", str(expecting)]) == 1
    assert "not as expected: state is completed, not active" in capsys.readouterr().err
    expecting.write_text('{"steps": [{"complete": "nobody"}], "expected": {"state": "failed"}}')
    assert main(["simulate", str(good), "--scenario", str(expecting)]) == 0
    capsys.readouterr()
    assert main(["simulate", str(good), "--scenario", str(good.parent / "gone.json")]) == 2
    assert capsys.readouterr().err == f"mingjing: {good.parent / 'gone.json'}: No such file or directory\n"
    assert main(["simulate", str(good.parent / "bad.bpmn")]) == 2
    assert main(["simulate", str(good.parent / "gone.bpmn")]) == 2
    assert main(["simulate", str(good), "--process", "nobody"]) == 2
    assert capsys.readouterr().out == ""


def test_decisions_and_called_processes_are_found_beside_the_file(
    files: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """A DMN file and another BPMN file of the folder are used; several processes of one file call each other."""
    table = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        b'<decision id="twice" name="twice"><variable name="twice"/><literalExpression><text>x * 2</text>'
        b"</literalExpression></decision></definitions>"
    )
    rule = node("businessRuleTask", "r", extension='<zeebe:calledDecision decisionId="twice" resultVariable="y"/>')
    child = bpmn(start("cs"), rule, end("ce"), chain("cs", "r", "ce"), process_id="child")
    call = node("callActivity", "c", extension='<zeebe:calledElement processId="child"/>', inner=many())
    main_file = files(main__bpmn=bpmn(start(), call, end(), chain("s", "c", "e")), child__bpmn=child, t__dmn=table)
    scenario = main_file.parent / "s.json"
    scenario.write_text('{"variables": {"x": 4, "items": [1, 2]}}')
    assert main(["simulate", str(main_file), "--scenario", str(scenario)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["instance"] for line in lines[:-1] if line["element"] == "r"] == ["r#1", "r#2", "r#1", "r#2"]
    assert lines[-1]["variables"]["y"] == 8
