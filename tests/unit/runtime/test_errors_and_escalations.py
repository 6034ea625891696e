# ruff: noqa: E501 - one model a line
"""Errors, escalations, links and conditions: who catches what, and what ends: given, when, then on tiny models."""

import pytest

from engine.model.errors import Conflict, Refused
from engine.model.transitions import Occasion
from engine.runtime import interpreter
from engine.runtime.environment import CalledProcess, Environment
from engine.runtime.interpreter import ExecutableProcess
from tests.unit.runtime.builder import (
    NOW,
    Case,
    becomes,
    both,
    boundary,
    bpmn,
    catch,
    chain,
    clear,
    end,
    ends,
    flow,
    link,
    many,
    mapped,
    node,
    of,
    on_event,
    script,
    start,
    sub,
    terminate,
    throw,
    timer,
    undecided,
    user,
    xor,
)
from tests.unit.runtime.proving import proves

ANY = of("error")
E1 = of("error", "E1")
JOB = node("serviceTask", "j")


@proves("error boundary event")
def test_error_of_a_job_is_caught_by_its_boundary_event() -> None:
    """Given two error boundary events, when a job ends with a code, then the exact one catches, else the one for all."""
    model = bpmn(
        start(), JOB, boundary("one", "j", E1), boundary("any", "j", ANY), user("x", "y"), end(),
        chain("s", "j", "e"), chain("one", "x", "e"), chain("any", "y", "e"),
    )  # fmt: skip
    case = Case(model)
    case.error("j", "E1", why="no account")
    assert case.happened == ["!j#1", "+one#1", "-one#1", "+x#1"]
    assert (case.step.closed, case.step.variables) == (("j#1",), {"why": "no account"})
    case = Case(model)
    case.error("j", "other")
    assert case.open == ["y"]


def test_output_mappings_see_code_and_message() -> None:
    """Given output mappings at the catching event, then they see errorCode and errorMessage beside the variables."""
    event = boundary("b", "j", ANY, extension=mapped("< errorCode -> code", "< errorMessage + why -> text"))
    case = Case(bpmn(start(), JOB, event, end("e", "f"), chain("s", "j", "e"), chain("b", "f")))
    case.error("j", "E9", "bad: ", why="x")
    assert case.step.variables == {"code": "E9", "text": "bad: x"}


def test_an_error_that_nothing_catches() -> None:
    """Given no catcher of that code, when a job or an end event throws it, then the step is refused, nothing happens."""
    model = bpmn(start(), JOB, boundary("b", "j", E1), end("e", "f"), chain("s", "j", "e"), chain("b", "f"))
    with pytest.raises(Refused) as caught:
        Case(model).error("j", "E2")
    assert (caught.value.code, caught.value.params["element"]) == ("error.not_caught", "j")
    with pytest.raises(Refused):
        Case(bpmn(start(), user("a"), ends("x", E1), chain("s", "a", "x"))).complete("a")


def test_only_jobs_end_with_errors() -> None:
    """Given a user task, when somebody says it ended with an error, then that is a conflict."""
    with pytest.raises(Conflict):
        Case(bpmn(start(), user("a"), end(), chain("s", "a", "e"))).error("a", "E1")


def test_a_job_that_fails_goes_on_waiting() -> None:
    """Given a job, when it cannot be done, then that is written down, and it can still be completed."""
    case = Case(bpmn(start(), JOB, end(), chain("s", "j", "e")))
    step = interpreter.fail(case.process, case.step.state, case.waiting[0], case.world)
    assert [(one.kind.value, one.instance) for one in step.transitions] == [("failed", "j#1")]
    assert interpreter.complete(case.process, step.state, case.waiting[0], {}, case.world).ended


@proves("error end event", "boundary event on a subprocess")
def test_error_end_event_ends_the_subprocess_around_it() -> None:
    """Given an error end event in a subprocess, when it is reached, then the subprocess ends and its boundary catches."""
    inside = (
        start("in"), both("f"), user("a", "b"), ends("x", E1, mapped("> a + 1 -> why")), chain("in", "f", "a", "x"),
        chain("f", "b"),
    )  # fmt: skip
    model = bpmn(
        start(), sub("p1", *inside), boundary("c", "p1", E1), user("mend"), end(), chain("s", "p1", "e"),
        chain("c", "mend", "e"),
    )  # fmt: skip
    case = Case(model)
    case.complete("a", a=1)
    assert case.happened == ["-a#1", "+x#1", "-x#1", "!b#1", "!p1#1", "+c#1", "-c#1", "+mend#1"]
    assert case.step.variables == {"a": 1, "why": 2}


@proves("error boundary event", "event subprocess: error")
def test_the_innermost_catches() -> None:
    """Given handlers at several levels, then the innermost with that code catches, whatever it is drawn as."""
    handler = on_event("es", E1, user("inner"), end("we"), chain("es_on", "inner", "we"))
    two = sub("p2", start("in2"), node("serviceTask", "j"), end("out2"), handler, chain("in2", "j", "out2"))
    one = sub("p1", start("in1"), two, end("out1"), chain("in1", "p2", "out1"))
    model = bpmn(
        start(), one, boundary("b1", "p1", E1), boundary("b2", "p1", of("error", "E2")), user("outer"), end(),
        chain("s", "p1", "e"), chain("b1", "outer", "e"), chain("b2", "outer"),
    )  # fmt: skip
    case = Case(model)
    case.error("j", "E1")
    assert case.open == ["inner"]
    assert case.complete("inner").ended
    case = Case(model)
    case.error("j", "E2")
    assert case.open == ["outer"]


@proves("event subprocess: error")
def test_an_interrupted_scope_catches_nothing_more() -> None:
    """Given an error event subprocess that throws the same error, then it goes outwards, not round and round."""
    handler = on_event("es", E1, ends("again", E1), chain("es_on", "again"))
    inside = sub("p1", start("in"), node("serviceTask", "j"), end("out"), handler, chain("in", "j", "out"))
    model = bpmn(
        start(), inside, boundary("b", "p1", E1), user("u"), end(), chain("s", "p1", "e"), chain("b", "u", "e")
    )
    case = Case(model)
    case.error("j", "E1")
    assert case.open == ["u"]
    assert case.happened.count("+es#1") == 1


@proves("event subprocess: error", "event subprocess that interrupts")
def test_other_handlers_of_an_interrupted_scope_are_off() -> None:
    """Given a scope that one event subprocess has interrupted, when that fails, then no other of the scope catches."""
    first = on_event("es", of("message", "paid"), node("serviceTask", "k"), end("we"), chain("es_on", "k", "we"))
    second = on_event("er", E1, user("inner"), end("re"), chain("er_on", "inner", "re"))
    inside = sub("p1", start("in"), user("a"), end("out"), first, second, chain("in", "a", "out"))
    model = bpmn(
        start(), inside, boundary("b", "p1", E1), user("u"), end(), chain("s", "p1", "e"), chain("b", "u", "e")
    )
    case = Case(model, {"key": "x"})
    case.correlate("paid")
    case.error("k", "E1")
    assert case.open == ["u"]


def world(**processes: bytes) -> Environment:
    """A world in which these can be called."""
    loaded = {name: interpreter.load(body, name) for name, body in processes.items()}

    def call(wanted: CalledProcess) -> ExecutableProcess:
        return loaded[wanted.process_id]

    return Environment(now=NOW, decide=undecided, judge=clear, call=call)


@proves("error boundary event")
def test_errors_go_outwards_through_calls() -> None:
    """Given a called process without a handler, when its job fails, then the call activity's boundary event catches."""
    called = bpmn(start(), JOB, end(), chain("s", "j", "e"), process_id="c")
    call = node("callActivity", "call", extension='<zeebe:calledElement processId="c"/>')
    model = bpmn(
        start(), call, boundary("b", "call", E1), user("u"), end(), chain("s", "call", "e"), chain("b", "u", "e")
    )
    case = Case(model, world=world(c=called))
    case.error("j", "E1", why=1)
    assert case.happened == ["!j#1", "!call#1", "+b#1", "-b#1", "+u#1"]
    assert case.step.variables == {"why": 1}


@proves("event subprocess: signal")
def test_waits_of_a_called_process() -> None:
    """Given events in a called process, then they name it, survive the stored state, and end with it."""
    es = on_event("es", of("signal", "flood"), end("we"), chain("es_on", "we"))
    called = bpmn(start(), catch("m", of("message", "paid")), end(), es, chain("s", "m", "e"), process_id="c")
    call = node("callActivity", "call", extension='<zeebe:calledElement processId="c"/>')
    model = bpmn(start(), call, user("u"), end(), chain("s", "call", "u", "e"))
    case = Case(model, {"key": "k"}, world=world(c=called))
    assert {(one.element, one.process_id) for one in case.step.subscriptions} == {("m", "c"), ("es_on", "c")}
    assert all(one.digest for one in case.step.subscriptions)
    case.correlate("paid")
    assert (case.open, case.listens) == (["u"], [])


@proves("error of a script or decision")
def test_a_failing_script_is_an_error() -> None:
    """Given a script that fails, then a boundary event for all or for expression.failed catches; else it is refused."""
    budget = script("x", "count(for a in 1..3000, b in 1..3000 return a)", "y")
    with pytest.raises(Refused):
        Case(bpmn(start(), budget, end("e"), chain("s", "x", "e")))
    event = boundary("b", "x", ANY, extension=mapped("< errorCode -> code"))
    case = Case(bpmn(start(), budget, event, end("e", "f"), chain("s", "x", "e"), chain("b", "f")))
    assert "!x#1" in case.happened
    assert (case.step.variables, case.step.ended) == ({"code": "expression.failed"}, True)


@proves("boundary event on a loop")
def test_error_in_a_loop_ends_the_whole_loop() -> None:
    """Given an error boundary event on a loop, when one instance fails, then all end."""
    model = bpmn(
        start(), node("serviceTask", "j", inner=many()), boundary("b", "j", E1), end("e", "f"), chain("s", "j", "e"),
        chain("b", "f"),
    )  # fmt: skip
    case = Case(model, {"items": [1, 2]})
    case.error("j", "E1")
    assert case.happened == ["!j#1", "!j#2", "+b#1", "-b#1", "+f#1", "-f#1"]


UP = of("escalation", "up")


def escalating(*, interrupting: bool) -> bytes:
    inside = sub(
        "p1", start("in"), throw("t", UP, mapped("> 1 -> level")), user("a"), end("out"), chain("in", "t", "a", "out")
    )
    return bpmn(
        start(), user("go"), inside, boundary("b", "p1", UP, interrupting=interrupting), user("boss"), end("e", "f"),
        chain("s", "go", "p1", "e"), chain("b", "boss", "f"),
    )  # fmt: skip


@proves("escalation throw event", "escalation boundary event")
def test_escalation_that_does_not_interrupt() -> None:
    """Given a boundary event that does not interrupt, when an escalation is thrown, then both go on."""
    case = Case(escalating(interrupting=False))
    case.complete("go")
    assert (case.open, case.step.variables, case.step.published) == (["a", "boss"], {"level": 1}, ())


@proves("escalation boundary event")
def test_escalation_that_interrupts() -> None:
    """Given one that interrupts, then the thrower's own token goes nowhere."""
    case = Case(escalating(interrupting=True))
    case.complete("go")
    assert case.open == ["boss"]
    assert case.happened[-5:] == ["-t#1", "!p1#1", "+b#1", "-b#1", "+boss#1"]


@proves("escalation throw event", "escalation end event")
def test_escalation_that_nothing_catches_is_handed_out() -> None:
    """Given no catcher, then the token goes on and the host hears of it."""
    case = Case(bpmn(start(), throw("t", UP), ends("e", of("escalation", "on")), chain("s", "t", "e")))
    assert [(one.kind, one.name) for one in case.step.published] == [
        (Occasion.ESCALATION, "up"), (Occasion.ESCALATION, "on"),
    ]  # fmt: skip
    assert case.step.ended


@proves("event subprocess: escalation")
def test_escalation_event_subprocess() -> None:
    """Given an event subprocess that does not interrupt, then it runs beside each time, and not for what it throws."""
    handler = on_event(
        "es", UP, throw("again", UP), user("u"), end("we"), chain("es_on", "again", "u", "we"), interrupting=False
    )
    case = Case(bpmn(start(), throw("t", UP), user("a"), end(), handler, chain("s", "t", "a", "e")))
    assert case.open == ["a", "u"]
    assert [one.instance for one in case.step.published] == ["again#1"]


@proves("link event")
def test_links() -> None:
    """Given two throw events and a catch event of one name, then tokens go on there; other links are others."""
    model = bpmn(
        start(), xor("g", default="g_a"), user("a"), throw("t1", link("L")), throw("t2", link("L")), throw("t3", link("M")),
        catch("c", link("L")), catch("d", link("M")), user("x", "y"), end(), chain("s", "g", "a", "t1"),
        flow("g", "t2", "n = 2"), flow("g", "t3", "n = 3"), chain("c", "x", "e"), chain("d", "y", "e"),
    )  # fmt: skip
    case = Case(model, {"n": 2})
    assert case.story[-5:] == ["+t2#1", "-t2#1", "+c#1", "-c#1", ">c_x"] or case.story[-6:-1] == [
        "+t2#1", "-t2#1", "+c#1", "-c#1", ">c_x",
    ]  # fmt: skip
    assert case.open == ["x"]
    assert Case(model, {"n": 3}).open == ["y"]
    case = Case(model, {"n": 1})
    case.complete("a")
    assert case.open == ["x"]


@proves("link event")
def test_inclusive_join_waits_for_a_token_that_comes_over_a_link() -> None:
    """Given a branch that reaches an inclusive join over a link only, then the join waits for it."""
    model = bpmn(
        start(), both("f"), user("a", "b"), throw("t", link("L")), catch("c", link("L")), node("inclusiveGateway", "j"),
        user("z"), end(), chain("s", "f", "a", "t"), chain("f", "b", "j", "z", "e"), chain("c", "j"),
    )  # fmt: skip
    case = Case(model)
    case.complete("b")
    assert case.open == ["a"]
    case.complete("a")
    assert case.open == ["z"]


@proves("conditional catch event")
def test_condition_becomes_true() -> None:
    """Given a condition, when a variable makes it true, then it occurs; not before, and at once if it is true already."""
    model = bpmn(
        start(), both("f"), user("a"), catch("c", becomes("x > 1")), user("b"), end(), chain("s", "f", "a", "e"),
        chain("f", "c", "b", "e"),
    )  # fmt: skip
    assert Case(model).open == ["a"]
    assert Case(model, {"x": 2}).open == ["a", "b"]
    case = Case(model)
    case.complete("a", x=1)
    assert not case.step.ended
    assert [element.id for element in case.step.stands_at] == ["c"]


@proves("conditional boundary event")
def test_non_interrupting_condition_occurs_each_time_it_becomes_true() -> None:
    """Given a condition on a subprocess, then it occurs again only after it was false: BPMN 2.0.2, 10.5.5."""
    inside = sub("p1", start("in"), xor("m"), user("a"), xor("g", default="g_m"), end("out"),
                 chain("in", "m", "a", "g", "m"), flow("g", "out", "done"))  # fmt: skip
    model = bpmn(
        start(), inside, boundary("b", "p1", becomes("x > 1"), interrupting=False), end("e", "f"), chain("s", "p1", "e"),
        chain("b", "f"),
    )  # fmt: skip
    case = Case(model)
    seen = []
    for x in (1, 2, 3, 1, 5):
        case.complete("a", x=x)
        seen.append("+b#" in " ".join(case.happened))
    assert seen == [False, True, False, False, True]


@proves("event subprocess: conditional")
def test_interrupting_condition_of_the_process() -> None:
    """Given a condition event subprocess, when a script in the process makes it true, then what follows is not run."""
    stop = on_event("es", becomes("x = 2"), user("u"), end("we"), chain("es_on", "u", "we"))
    model = bpmn(
        start(),
        script("x1", "1", "x"),
        script("x2", "2", "x"),
        user("a"),
        end(),
        stop,
        chain("s", "x1", "x2", "a", "e"),
    )
    case = Case(model)
    assert case.open == ["u"]
    assert case.step.variables == {"x": 2}


@proves("terminate end event")
def test_terminate_ends_waits_too() -> None:
    """Given timers and messages that wait, when the process is terminated, then none waits any longer."""
    model = bpmn(
        start(), both("f"), catch("m", of("message", "paid")), catch("t", timer("PT1H")), user("a"), terminate("x"), end(),
        on_event("es", of("signal", "flood"), end("we"), chain("es_on", "we")),
        chain("s", "f", "m", "e"), chain("f", "t", "e"), chain("f", "a", "x"),
    )  # fmt: skip
    case = Case(model, {"key": "k"})
    case.complete("a")
    assert case.step.ended
    assert set(case.step.closed) == {"m#1", "t#1", "es_on@1"}
