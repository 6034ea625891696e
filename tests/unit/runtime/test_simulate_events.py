# ruff: noqa: E501 - one model a line
"""Scenarios with messages, signals, errors and a clock that moves."""

from dataclasses import replace
from datetime import datetime

import pytest

from engine.runtime import interpreter
from engine.runtime.environment import Environment
from engine.runtime.scenario import read_scenario
from engine.runtime.simulate import Ending, Simulation, simulate
from tests.unit.runtime.builder import (
    NOW,
    WORLD,
    becomes,
    both,
    boundary,
    bpmn,
    catch,
    chain,
    cycle,
    end,
    ends,
    mapped,
    node,
    of,
    on_event,
    script,
    start,
    throw,
    timer,
    user,
)

PAID = of("message", "paid")
FLOOD = of("signal", "flood")


def world(now: datetime) -> Environment:
    return replace(WORLD, now=now)


def run(model: bytes, **scenario: object) -> Simulation:
    return simulate(interpreter.load(model, "p"), read_scenario(scenario, now=NOW), world)


def happened(found: Simulation, element: str) -> list[str]:
    return [str(line["transition"]) for line in found.lines()[:-1] if line["element"] == element]


URGED = bpmn(
    start(), user("a"), boundary("late", "a", timer("P1D")), boundary("urge", "a", cycle("R/PT6H"), interrupting=False),
    end("e", "f", "g"), chain("s", "a", "e"), chain("late", "f"), chain("urge", "g"),
)  # fmt: skip


def test_advance_fires_each_timer_at_its_time() -> None:
    """A day in one step: the cycle has fired three or four times in between, then the time limit ends the task."""
    found = run(URGED, steps=[{"advance": "P2D"}], then="stop")
    assert (found.state, happened(found, "a")) == (Ending.COMPLETED, ["activated", "terminated"])
    assert happened(found, "urge").count("activated") in (3, 4)


def test_timers_that_follow_each_other_fire_in_one_advance() -> None:
    """The second timer counts from the due time of the first, not from the end of the advance."""
    model = bpmn(
        start(),
        catch("t", timer("PT1H")),
        script("x", "string(now())", "at"),
        catch("u", timer("PT1H")),
        end(),
        chain("s", "t", "x", "u", "e"),
    )
    found = run(model, steps=[{"advance": "PT2H"}], then="stop", now="2026-01-05T09:00:00+08:00")
    assert found.state is Ending.COMPLETED
    assert "2026-01-05T10:00:00" in str(found.variables["at"])


def test_a_message_with_and_without_a_key() -> None:
    """A key must be the one that is waited for; without a key the oldest wait gets the message."""
    model = bpmn(start(), catch("m", PAID), end(), chain("s", "m", "e"))
    variables = {"key": 7}
    step = {"message": "paid", "correlationKey": 7, "variables": {"x": 1}}
    assert run(model, variables=variables, steps=[step], then="stop").variables == {"key": 7, "x": 1}
    assert run(model, variables=variables, steps=[{"message": "paid"}], then="stop").state is Ending.COMPLETED
    for wrong in ({"message": "paid", "correlationKey": "8"}, {"message": "asked"}, {"signal": "flood"}):
        found = run(model, variables=variables, steps=[wrong], then="stop")
        assert (found.state, found.waiting) == (Ending.FAILED, ("m",))


def test_a_signal_reaches_all() -> None:
    """Everything that waits for it goes on."""
    model = bpmn(
        start(), both("f"), catch("x", FLOOD), catch("y", FLOOD), end(), chain("s", "f", "x", "e"), chain("f", "y", "e")
    )
    assert run(model, steps=[{"signal": "flood"}], then="stop").state is Ending.COMPLETED


def test_an_error_of_a_job() -> None:
    """Caught by its boundary event; its variables arrive."""
    model = bpmn(
        start(),
        node("serviceTask", "j"),
        boundary("b", "j", of("error", "E1")),
        end("e", "f"),
        chain("s", "j", "e"),
        chain("b", "f"),
    )
    found = run(model, steps=[{"error": "j", "code": "E1", "variables": {"why": 1}}], then="stop")
    assert (found.state, found.variables, happened(found, "j")) == (
        Ending.COMPLETED,
        {"why": 1},
        ["activated", "terminated"],
    )
    found = run(model, steps=[{"error": "j", "code": "E2"}])
    assert (found.state, happened(found, "j")) == (Ending.FAILED, ["activated", "failed"])


def test_what_is_thrown_arrives() -> None:
    """A message and a signal that the process throws reach what waits for them in it."""
    model = bpmn(
        start(), both("f"), catch("m", PAID), throw("t", PAID, mapped("> 5 -> amount")), catch("x", FLOOD), ends("e", FLOOD), end("e1", "e2"),
        chain("s", "f", "m", "e1"), chain("f", "x", "e2"), chain("f", "t", "e"),
    )  # fmt: skip
    found = run(model, variables={"key": "k"}, then="stop")
    assert (found.state, found.variables["amount"]) == (Ending.COMPLETED, 5)


def test_the_rest_completes_whatever_waits() -> None:
    """Catch events, receive tasks and gateways let occur what they wait for; boundary events do not occur by themselves."""
    model = bpmn(
        start(), catch("m", PAID), node("receiveTask", "r", messageRef="moved_message"), boundary("b", "r", timer("PT1H")),
        node("eventBasedGateway", "g"), catch("t", timer("P1D")), catch("x", FLOOD), catch("u", timer("P1D")), end("e", "f", "h"),
        on_event("es", FLOOD, end("we"), chain("es_on", "we")),
        chain("s", "m", "r", "u", "g", "t", "e"), chain("g", "x", "h"), chain("b", "f"),
    )  # fmt: skip
    found = run(model, variables={"key": "k"})
    assert found.state is Ending.COMPLETED
    assert happened(found, "t") == ["activated", "completed"]
    assert happened(found, "x") == happened(found, "b") == happened(found, "es") == []
    assert run(model, variables={"key": "k"}, hold=["r"]).waiting == ("r",)


def test_a_condition_is_nobodys_to_decide() -> None:
    """What waits for a condition goes on waiting; the run is active."""
    found = run(bpmn(start(), catch("c", becomes("x = 1")), end(), chain("s", "c", "e")))
    assert (found.state, found.waiting) == (Ending.ACTIVE, ("c",))


def test_a_process_that_a_message_begins() -> None:
    """The first step begins it; without one, or with another start named, that one does."""
    model = bpmn(
        node("startEvent", "m", inner=PAID), node("startEvent", "x", inner=FLOOD), user("a", "b"), end(), chain("m", "a", "e"), chain("x", "b", "e")
    )  # fmt: skip
    found = run(model, steps=[{"signal": "flood", "variables": {"y": 2}}], then="stop", variables={"z": 1})
    assert (found.waiting, found.variables) == (("b",), {"z": 1, "y": 2})
    assert run(model, then="stop").waiting == ("a",)
    assert run(model, start="x", then="stop").waiting == ("b",)


def test_timers_due_at_once() -> None:
    """A date that has passed fires without an advance; a cycle of a past without end is stopped as a failure."""
    model = bpmn(start(), catch("t", timer("2020-01-01T00:00:00Z", "timeDate")), end(), chain("s", "t", "e"))
    assert run(model, then="stop").state is Ending.COMPLETED
    endless = bpmn(
        start(), user("a"), boundary("b", "a", cycle("R/2020-01-01T00:00:00Z/PT1S"), interrupting=False), end("e", "f"), chain("s", "a", "e"), chain("b", "f")
    )  # fmt: skip
    assert "10000" in run(endless, then="stop").reason


@pytest.mark.parametrize("key", [True, None, ["x"]])
def test_a_key_is_a_text_or_a_number(key: object) -> None:
    """Anything else is misspelt."""
    from engine.model.errors import Invalid

    with pytest.raises(Invalid):
        read_scenario({"steps": [{"message": "m", "correlationKey": key}]}, now=NOW)
