# ruff: noqa: E501 - one model a line
"""Messages, signals, receive and send tasks, event-based gateways: given, when, then on tiny models."""

import pytest

from engine.model.errors import Conflict, NotFound, Refused
from engine.model.ids import ElementInstanceId
from engine.model.transitions import Occasion
from engine.runtime import interpreter
from tests.unit.runtime.builder import (
    WORLD,
    Case,
    becomes,
    both,
    boundary,
    bpmn,
    catch,
    chain,
    end,
    ends,
    flow,
    many,
    mapped,
    node,
    of,
    on_event,
    start,
    task,
    throw,
    timer,
    user,
)
from tests.unit.runtime.proving import proves

PAID = of("message", "paid")
FLOOD = of("signal", "flood")
RECEIVE = node("receiveTask", "r", messageRef="paid_message")


@proves("message catch event")
def test_message_catch_event() -> None:
    """Given a message catch event, when its message arrives, then its variables do and the token goes on."""
    case = Case(bpmn(start(), catch("m", PAID), end(), chain("s", "m", "e")), {"key": "no-7"})
    (found,) = case.step.subscriptions
    assert (found.kind, found.name, found.correlation_key, found.instance) == (Occasion.MESSAGE, "paid", "no-7", "m#1")
    assert case.correlate("paid", amount=5).ended
    assert case.step.variables == {"key": "no-7", "amount": 5}
    assert case.step.closed == ("m#1",)


@proves("message catch event")
def test_output_mappings_of_a_message() -> None:
    """Given output mappings, then only what they name comes in."""
    event = catch("m", PAID, extension=mapped("< amount * 2 -> twice"))
    case = Case(bpmn(start(), event, end(), chain("s", "m", "e")), {"key": 7})
    assert case.subscriptions[ElementInstanceId("m#1")].correlation_key == "7"
    case.correlate("paid", amount=5)
    assert case.step.variables == {"key": 7, "twice": 10}


def test_a_message_without_a_key_is_refused() -> None:
    """Given a correlation key that is null, when the wait would begin, then the step is refused."""
    with pytest.raises(Refused) as caught:
        Case(bpmn(start(), catch("m", PAID), end(), chain("s", "m", "e")))
    assert caught.value.params["element"] == "m"


@proves("receive task")
def test_receive_task_in_a_loop() -> None:
    """Given a receive task for each item, then each instance waits for its own key, and any order will do."""
    model = bpmn(
        start(), node("receiveTask", "r", messageRef="paid_message", inner=many(inputElement="key")), end(),
        chain("s", "r", "e"),
    )  # fmt: skip
    case = Case(model, {"items": ["x", "y"]})
    assert [one.correlation_key for one in case.step.subscriptions] == ["x", "y"]
    assert not case.correlate("paid", "y").ended
    assert case.happened == ["-r#2"]
    assert case.correlate("paid", "x").ended


@proves("send task")
def test_send_task_is_a_job() -> None:
    """Given a send task, when the token arrives, then a job waits for a worker, as of a service task."""
    drawn = '<zeebe:taskDefinition type="letter"/>'
    case = Case(bpmn(start(), node("sendTask", "j", extension=drawn), end(), chain("s", "j", "e")))
    assert case.step.jobs[0].type == "letter"
    assert case.complete("j").ended


@proves("message throw event", "message end event")
def test_message_throw_event_with_a_job() -> None:
    """Given a throw or end event with a job type, then a worker sends the message."""
    drawn = '<zeebe:taskDefinition type="letter"/>'
    case = Case(bpmn(start(), throw("t", PAID, drawn), ends("e", PAID, drawn), chain("s", "t", "e")), {"key": 1})
    assert case.step.jobs[0].type == "letter"
    case.complete("t")
    assert (case.open, case.step.published) == (["e"], ())
    assert case.complete("e").ended


@proves("message throw event", "signal throw event", "signal end event")
def test_thrown_messages_and_signals() -> None:
    """Given throw and end events, then what they publish is handed out with its key and its input mappings."""
    ids = '<zeebe:publishMessage correlationKey="=other" messageId="=id" timeToLive="PT1H"/>'
    model = bpmn(
        start(), throw("t", PAID, ids + mapped("> amount + 1 -> sum")), throw("u", PAID), ends("e", FLOOD),
        chain("s", "t", "u", "e"),
    )  # fmt: skip
    case = Case(model, {"key": "k", "other": "o", "id": "i", "amount": 1})
    first, second, third = case.step.published
    assert (first.name, first.correlation_key, first.message_id, first.time_to_live) == ("paid", "o", "i", "PT1H")
    assert (first.variables, second.variables) == ({"sum": 2}, {})
    assert (second.correlation_key, second.instance) == ("k", "u#1")
    assert (third.kind, third.name, third.correlation_key) == (Occasion.SIGNAL, "flood", "")
    assert case.step.ended


@proves("signal throw event", "signal end event", "signal catch event")
def test_a_signal_is_heard_by_whoever_waits_when_it_is_thrown() -> None:
    """Given a throw event before and beside catch events, then the catch event behind it goes on waiting, the one beside
    it, three elements further, has caught it with its variables: all others had begun to wait before it was thrown.
    """
    model = bpmn(
        start(), both("f"), throw("t", FLOOD, mapped("> 4 -> level")), catch("late", FLOOD), task("x", "y", "z"), catch("c", FLOOD),
        user("a"), end("e", "e2"), chain("s", "f", "t", "late", "e"), chain("f", "x", "y", "z", "c", "a", "e2"),
    )  # fmt: skip
    case = Case(model, {})
    assert (case.open, case.listens) == (["a"], ["late"])
    assert case.step.variables == {"level": 4}
    assert [one.name for one in case.step.published] == ["flood"]
    assert case.signal("flood").stands_at[0].id == "a"


@proves("signal throw event", "signal boundary event", "boundary event that does not interrupt")
def test_who_throws_and_is_taken_away_by_it_goes_no_further() -> None:
    """Given a subprocess that throws what its border catches, then its token ends there; a border that does not interrupt
    lets it go on.
    """
    inside = start("i_s") + throw("t", FLOOD) + user("a") + end("i_e") + chain("i_s", "t", "a", "i_e")
    for interrupting, left in ((True, ["b_u"]), (False, ["a", "b_u"])):
        border = boundary("b", "q", FLOOD, interrupting=interrupting) + user("b_u") + end("f") + chain("b", "b_u", "f")
        case = Case(bpmn(start(), node("subProcess", "q", inner=inside), border, end(), chain("s", "q", "e")))
        assert case.open == left


@proves("message boundary event", "boundary event that does not interrupt")
def test_non_interrupting_message_boundary_occurs_every_time() -> None:
    """Given a message boundary event that does not interrupt, when messages come, then each adds a token."""
    model = bpmn(
        start(), user("a"), boundary("b", "a", PAID, interrupting=False), user("look"), end("e", "f"),
        chain("s", "a", "e"), chain("b", "look", "f"),
    )  # fmt: skip
    case = Case(model, {"key": "k"})
    for count in (1, 2, 3):
        case.correlate("paid", note=count)
        assert case.story[:3] == [f"+b#{count}", f"-b#{count}", ">b_look"]
        assert (case.step.closed, case.step.variables["note"]) == ((), count)
    assert case.open == ["a", "look", "look", "look"]


@proves("message boundary event")
def test_interrupting_message_boundary() -> None:
    """Given one that interrupts, when the message comes, then the task ends; a second message finds nobody."""
    model = bpmn(
        start(), user("a"), boundary("b", "a", PAID), user("c"), end("e", "f"), chain("s", "a", "e"), chain("b", "c", "f")
    )  # fmt: skip
    case = Case(model, {"key": "k"})
    case.correlate("paid")
    assert case.open == ["c"]
    with pytest.raises(Conflict) as caught:
        interpreter.correlate(case.process, case.step.state, ElementInstanceId("b@1"), {}, WORLD)
    assert caught.value.code == "element.not_waiting"


@proves("signal catch event", "signal boundary event", "event subprocess: signal")
def test_a_signal_reaches_everything_that_waits_for_it() -> None:
    """Given a catch event, a boundary event and an event subprocess, when the signal comes, then all occur, once."""
    sp = on_event("es", FLOOD, user("w"), end("we"), chain("es_on", "w", "we"), interrupting=False)
    model = bpmn(
        start(), both("g"), user("a"), boundary("b", "a", FLOOD), catch("c", FLOOD), catch("d", of("signal", "fire")),
        end("e", "f"), sp, chain("s", "g", "a", "e"), chain("g", "c", "e"), chain("g", "d", "e"), chain("b", "f"),
    )  # fmt: skip
    case = Case(model)
    assert case.listens == ["b", "c", "d", "es_on"]
    case.signal("flood", level=3)
    assert {"!a#1", "+b#1", "-c#1", "+es#1"} <= set(case.happened)
    assert (case.open, case.listens, case.step.variables) == (["w"], ["d", "es_on"], {"level": 3})
    with pytest.raises(Conflict):
        interpreter.signal(case.process, case.step.state, "nothing", {}, WORLD)


@proves("event-based gateway")
def test_event_based_gateway_with_several_of_each() -> None:
    """Given two timers, two messages and a signal, when one occurs, then that way is taken and the others are off."""
    model = bpmn(
        start(), node("eventBasedGateway", "g"), catch("t1", timer("PT5H")), catch("t2", timer("PT1H")),
        catch("m1", PAID), node("receiveTask", "m2", messageRef="moved_message"), catch("x", FLOOD),
        *(user(f"{name}_u") for name in ("t1", "t2", "m1", "m2", "x")), end(), chain("s", "g"),
        *(chain("g", name, f"{name}_u", "e") for name in ("t1", "t2", "m1", "m2", "x")),
    )  # fmt: skip
    for name in ("t1", "t2", "m1", "m2", "x"):
        case = Case(model, {"key": "k"})
        assert sorted(one.due_at.hour - WORLD.now.hour for one in case.step.timers) == [1, 5]
        assert [element.id for element in case.step.stands_at] == ["g"]
        if name[0] == "t":
            case.fire(name)
        elif name[0] == "m":
            case.correlate({"m1": "paid", "m2": "moved"}[name], got=name)
        else:
            case.signal("flood", got=name)
        assert case.story[:4] == ["-g#1", f">g_{name}", f"+{name}#1", f"-{name}#1"]
        assert (case.open, case.listens) == ([f"{name}_u"], [])
        assert len(case.step.closed) == 5
        assert case.step.variables.get("got", name) == name


@proves("event-based gateway")
def test_event_based_gateway_in_a_loop() -> None:
    """Given a gateway that is reached again, then it waits again, with times of its own."""
    model = bpmn(
        start(), node("exclusiveGateway", "x"), node("eventBasedGateway", "g"), catch("t", timer("PT1H")),
        catch("m", PAID), end(), chain("s", "x", "g", "t", "x"), chain("g", "m", "e"),
    )  # fmt: skip
    case = Case(model, {"key": "k"})
    for _ in range(3):
        case.fire("t")
    assert (case.world.now - WORLD.now).total_seconds() == 3 * 3600
    assert case.correlate("paid").ended


@proves("event-based gateway", "conditional catch event")
def test_event_based_gateway_with_a_condition() -> None:
    """Given a condition behind the gateway, when a variable makes it true, then that way is taken."""
    model = bpmn(
        start(), both("f"), user("a"), node("eventBasedGateway", "g"), catch("c", becomes("x > 1")), catch("m", PAID),
        end(), chain("s", "f", "a", "e"), chain("f", "g", "c", "e"), chain("g", "m", "e"),
    )  # fmt: skip
    case = Case(model, {"key": "k"})
    assert case.complete("a", x=2).ended
    assert "-c#1" in case.happened


@proves("message start event", "signal start event")
def test_message_start_event() -> None:
    """Given a message start event, when an instance begins with it, then the message's variables are there."""
    model = bpmn(
        node("startEvent", "n"), node("startEvent", "m", inner=PAID, extension=mapped("< amount -> sum")),
        node("startEvent", "x", inner=FLOOD), user("a", "b"), end(), chain("n", "a", "e"), chain("m", "b", "e"),
        flow("x", "b"),
    )  # fmt: skip
    assert Case(model, {"amount": 1}).open == ["a"]
    case = Case(model, {"amount": 1}, begin_at="m")
    assert (case.open, case.step.variables) == (["b"], {"sum": 1})
    assert Case(model, {"amount": 1}, begin_at="x").step.variables == {"amount": 1}
    found = interpreter.openings(case.process, WORLD)
    assert [(one.element, one.kind, one.name) for one in found] == [  # type: ignore[union-attr]
        ("m", "message", "paid"), ("x", "signal", "flood"),
    ]  # fmt: skip


def test_a_process_that_only_events_begin() -> None:
    """Given no none start event, when an instance is started without naming one, then that is refused."""
    model = bpmn(node("startEvent", "m", inner=PAID), end(), chain("m", "e"))
    with pytest.raises(NotFound) as caught:
        Case(model)
    assert caught.value.code == "start_event.none"
    assert Case(model, begin_at="m").step.ended


@proves("event subprocess: message", "event subprocess that interrupts")
def test_message_event_subprocess() -> None:
    """Given an interrupting message event subprocess, when the message comes, then only it goes on, in the same scope."""
    withdraw = on_event("wd", PAID, user("confirm"), end("we"), chain("wd_on", "confirm", "we"))
    case = Case(bpmn(start(), user("a"), end(), withdraw, chain("s", "a", "e")), {"key": "k"})
    case.correlate("paid", reason="moved away")
    assert case.happened == ["!a#1", "+wd#1", "+wd_on#1", "-wd_on#1", "+confirm#1"]
    assert (case.open, case.listens, case.step.variables["reason"]) == (["confirm"], [], "moved away")
    assert case.complete("confirm").ended
    assert case.happened[-1] == "-wd#1"


@proves("event subprocess: message", "event subprocess that does not interrupt")
def test_non_interrupting_event_subprocess_runs_every_time() -> None:
    """Given one that does not interrupt, when two messages come, then it runs twice beside the process."""
    note = on_event("nt", PAID, user("read"), end("we"), chain("nt_on", "read", "we"), interrupting=False)
    case = Case(bpmn(start(), user("a"), end(), note, chain("s", "a", "e")), {"key": "k"})
    case.correlate("paid")
    case.correlate("paid")
    assert case.open == ["a", "read", "read"]
    case.complete("a")
    assert case.listens == ["nt_on"]
    case.complete("read")
    assert case.complete("read").ended
    assert case.listens == []


def test_boundary_events_keep_an_inclusive_join_waiting() -> None:
    """Given a task whose boundary event leads to an inclusive join, then the join waits for that task."""
    model = bpmn(
        start(), both("f"), user("a", "c"), boundary("b", "a", PAID), node("inclusiveGateway", "j"), user("z"), end("e", "x"),
        chain("s", "f", "a", "x"), chain("f", "c", "j", "z", "e"), chain("b", "j"),
    )  # fmt: skip
    case = Case(model, {"key": "k"})
    case.complete("c")
    assert case.open == ["a"]
    case.correlate("paid")
    assert case.open == ["z"]


def test_an_inclusive_join_waits_for_the_task_whose_boundary_event_has_occurred() -> None:
    """Given a task and its boundary event that does not interrupt before one join, then the join waits for both."""
    model = bpmn(
        start(), user("a", "b", "z"), boundary("n", "a", PAID, interrupting=False), node("inclusiveGateway", "j"), end("e"),
        chain("s", "a", "j", "z", "e"), chain("n", "b", "j"),
    )  # fmt: skip
    case = Case(model, {"key": "k"})
    case.correlate("paid")
    case.complete("b")
    assert case.open == ["a"]
    case.complete("a")
    assert case.open == ["z"]
    assert case.complete("z").ended
