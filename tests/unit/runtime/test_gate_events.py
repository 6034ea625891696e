# ruff: noqa: E501 - one model a line
"""The rules about events: each refuses by element id, with a reason and a cure; what runs passes."""

import pytest

from engine.runtime import gate
from tests.unit.runtime.builder import (
    becomes,
    boundary,
    bpmn,
    catch,
    chain,
    cycle,
    end,
    ends,
    flow,
    link,
    many,
    mapped,
    node,
    of,
    on_event,
    start,
    sub,
    task,
    throw,
    timer,
    user,
    xor,
)

WORKING = '<supervision:calendar days="working"/>'
NO_KEY = '<bpmn:message id="plain_message" name="plain"/><bpmn:error id="bare_error"/>'


def rules(model: bytes) -> set[tuple[str, str]]:
    """The errors as rule and element."""
    report = gate.inspect(model, resource="", forms=None, decisions=None)
    assert all(one.message and one.cure for one in report.errors)
    return {(one.rule, one.element_id) for one in report.errors}


def line(*nodes: str) -> bytes:
    """A process through the element ``x``."""
    return bpmn(start(), *nodes, end(), chain("s", "x", "e"), beside=NO_KEY)


def guarded(event: str, *, interrupting: bool = True) -> bytes:
    return bpmn(
        start(),
        user("a"),
        boundary("x", "a", event, interrupting=interrupting),
        end("e", "f"),
        chain("s", "a", "e"),
        chain("x", "f"),
        beside=NO_KEY,
    )


def gateway(*targets: str) -> bytes:
    ids = [text.split('id="')[1].split('"')[0] for text in targets]
    return bpmn(
        start(),
        node("eventBasedGateway", "x"),
        *targets,
        end(),
        chain("s", "x"),
        *(chain("x", one, "e") for one in ids),
    )


def reacting(subprocess: str, *more: str) -> bytes:
    return bpmn(start(), user("a"), end(), subprocess, chain("s", "a", "e"), *more)


T = timer("PT1H")
WRONG: dict[str, tuple[bytes, str]] = {
    "catch nothing": (line(node("intermediateCatchEvent", "x")), "event-missing"),
    "receive nothing": (line(node("receiveTask", "x")), "event-incomplete"),
    "two events": (line(catch("x", T + becomes("y"))), "event-multiple"),
    "parallel multiple": (line(catch("x", T, parallelMultiple="true")), "event-multiple"),
    "catch an error": (line(catch("x", of("error", "E1"))), "event-not-executable"),
    "throw a timer": (line(throw("x", T)), "event-not-executable"),
    "compensation": (guarded("<bpmn:compensateEventDefinition/>"), "event-not-executable"),
    "start by error": (bpmn(node("startEvent", "x", inner=of("error", "E1")), end(), chain("x", "e")), "event-not-executable"),
    "start by condition": (bpmn(node("startEvent", "x", inner=becomes("y")), end(), chain("x", "e")), "event-not-executable"),
    "timer in a subprocess": (bpmn(start(), sub("p1", node("startEvent", "x", inner=T), end("o"), chain("x", "o")), end(), chain("s", "p1", "e")), "event-not-executable"),
    "timer without time": (line(catch("x", "<bpmn:timerEventDefinition/>")), "timer-incomplete"),
    "timer with two": (line(catch("x", T.replace("</bpmn:timerEvent", "<bpmn:timeDate>2026-01-01</bpmn:timeDate></bpmn:timerEvent"))), "timer-incomplete"),
    "no duration": (line(catch("x", timer("1 hour"))), "timer-value"),
    "cron": (line(catch("x", cycle("0 0 9 * * *"))), "timer-value"),
    "feel of a timer": (line(catch("x", timer("=1 +"))), "feel-does-not-compile"),
    "calendar of a date": (line(catch("x", timer("2026-01-01", "timeDate"), extension=WORKING)), "calendar-without-timer"),
    "calendar of a message": (line(catch("x", of("message", "paid"), extension=WORKING)), "calendar-without-timer"),
    "calendar misspelt": (line(catch("x", T, extension=WORKING.replace("working", "all"))), "calendar-without-timer"),
    "message that is not there": (line(catch("x", "<bpmn:messageEventDefinition/>")), "event-incomplete"),
    "signal that is not there": (guarded("<bpmn:signalEventDefinition/>"), "event-incomplete"),
    "error without a code": (guarded('<bpmn:errorEventDefinition errorRef="bare_error"/>'), "event-incomplete"),
    "throw any error": (bpmn(start(), ends("x", of("error")), chain("s", "x")), "event-incomplete"),
    "throw any escalation": (line(throw("x", of("escalation"))), "event-incomplete"),
    "condition without text": (line(catch("x", "<bpmn:conditionalEventDefinition><bpmn:condition/></bpmn:conditionalEventDefinition>")), "event-incomplete"),
    "no correlation key": (line(catch("x", '<bpmn:messageEventDefinition messageRef="plain_message"/>')), "correlation-missing"),
    "no correlation key of a task": (line(node("receiveTask", "x", messageRef="plain_message")), "correlation-missing"),
    "error that does not interrupt": (guarded(of("error", "E1"), interrupting=False), "error-not-interrupting"),
    "attached to nothing": (bpmn(start(), user("a"), boundary("x", "gone", T), end("e", "f"), chain("s", "a", "e"), chain("x", "f")), "boundary-detached"),
    "attached to a gateway": (bpmn(start(), xor("g"), boundary("x", "g", T), end("e", "f"), chain("s", "g", "e"), chain("x", "f")), "boundary-detached"),
    "attached to what is inside": (bpmn(start(), sub("p1", start("i"), user("a"), end("o"), chain("i", "a", "o")), boundary("x", "a", T), end("e", "f"), chain("s", "p1", "e"), chain("x", "f")), "boundary-detached"),
    "gateway before a task": (gateway(catch("c", T), task("d")), "event-gateway-target"),
    "gateway before a link": (gateway(catch("c", T), catch("d", link("L"))), "event-gateway-target"),
    "gateway before a loop": (gateway(catch("c", T), node("receiveTask", "d", messageRef="paid_message", inner=many())), "event-gateway-target"),
    "gateway that begins": (bpmn(node("eventBasedGateway", "x", instantiate="true"), catch("c", T), end(), chain("x", "c", "e")), "attribute-not-executable"),
    "two starts": (reacting(on_event("x", T, node("startEvent", "y", inner=T), end("o"), chain("x_on", "o"), chain("y", "o"))), "event-subprocess-start"),
    "flow into one": (reacting(on_event("x", T, end("o"), chain("x_on", "o")), flow("a", "x")), "event-subprocess-connected"),
    "link alone": (line(throw("x", link("L"))), "link-unpaired"),
    "link twice": (bpmn(start(), throw("t", link("L")), catch("x", link("L")), catch("y", link("L")), end(), chain("s", "t"), chain("x", "e"), chain("y", "e")), "link-unpaired"),
    "link that goes on": (bpmn(start(), throw("x", link("L")), catch("c", link("L")), end("e", "f"), chain("s", "x", "e"), chain("c", "f")), "link-connected"),
    "two for one error": (bpmn(start(), user("a"), boundary("b", "a", of("error", "E1")), boundary("x", "a", of("error", "E1")), end("e", "f"), chain("s", "a", "e"), chain("b", "f"), chain("x", "f")), "handler-doubled"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_refused(name: str) -> None:
    """The rule speaks, about that element."""
    model, rule = WRONG[name]
    assert (rule, "x") in rules(model)


def test_links_do_not_hide_a_cycle() -> None:
    """A cycle over a link in which nothing waits is found."""
    model = bpmn(start(), xor("m"), throw("t", link("L")), catch("c", link("L")), chain("s", "m", "t"), chain("c", "m"))
    assert "cycle-without-wait" in {rule for rule, _ in rules(model)}


RIGHT = {
    "timers": bpmn(start(), catch("t", timer("=when")), catch("u", timer("P5D"), extension=WORKING), end(), chain("s", "t", "u", "e")),
    "cycle through a timer": bpmn(start(), xor("m"), catch("t", T), xor("g", default="g_m"), end(), chain("s", "m", "t", "g", "m"), flow("g", "e", "x")),
    "event only": bpmn(node("startEvent", "s", inner=of("message", "paid")), end(), chain("s", "e")),
    "gateway": gateway(catch("c", T), catch("d", T), node("receiveTask", "r", messageRef="paid_message")),
    "mappings": bpmn(start(), throw("t", of("signal", "flood"), mapped("> 1 -> x")), catch("c", of("message", "paid"), extension=mapped("< x -> y")), end(), chain("s", "t", "c", "e")),
    "any error": guarded(of("error")),
    "join behind a boundary event": bpmn(start(), user("a"), boundary("b", "a", T, interrupting=False), node("parallelGateway", "j"), end(), chain("s", "a", "j", "e"), chain("b", "j")),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_accepted(name: str) -> None:
    """What runs passes."""
    assert rules(RIGHT[name]) == set()
