"""Tasks, jobs, scripts, mappings, subprocesses and flows behind activities: given, when, then on tiny models."""

import pytest

from engine.model.errors import Refused
from engine.runtime import interpreter
from tests.unit.runtime.builder import (
    Case,
    both,
    bpmn,
    chain,
    end,
    flow,
    mapped,
    node,
    script,
    start,
    sub,
    task,
    terminate,
    user,
)

JOB = (
    '<zeebe:taskDefinition type="send-letter" retries="5"/>'
    '<zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders>'
)


def test_none_and_manual_tasks_pass_on() -> None:
    """Given a none and a manual task, when the token arrives, then both are activated and completed at once."""
    case = Case(bpmn(start(), task("a"), node("manualTask", "m"), end(), chain("s", "a", "m", "e")))
    assert case.story[3:9] == ["+a#1", "-a#1", ">a_m", "+m#1", "-m#1", ">m_e"]
    assert case.step.ended


def test_script_task_sets_its_result_variable() -> None:
    """Given a FEEL script, when the token arrives, then its value is in the result variable, exact."""
    case = Case(bpmn(start(), script("x", "a * 1.10", "b"), end(), chain("s", "x", "e")), {"a": 3})
    assert str(case.step.variables["b"]) == "3.30"
    assert case.step.ended


def test_script_cycle_ends_by_its_own_doing() -> None:
    """Given a cycle of script tasks, when each round changes the condition, then it ends in one step."""
    model = bpmn(
        start(), script("x", "n + 1", "n"), node("exclusiveGateway", "g", default="g_e"), end(),
        chain("s", "x", "g"), flow("g", "x", "n < 50"), flow("g", "e"),
    )  # fmt: skip
    case = Case(model, {"n": 0})
    assert (case.step.variables["n"], case.step.ended) == (50, True)


def test_service_task_waits_as_a_job() -> None:
    """Given a service task, when the token arrives, then a job waits; when it is completed, then the token goes on."""
    case = Case(bpmn(start(), node("serviceTask", "j", extension=JOB), end(), chain("s", "j", "e")), {"x": 1})
    (job,) = case.step.jobs
    assert (job.type, job.retries, dict(job.headers), job.instance) == ("send-letter", 5, {"k": "v"}, "j#1")
    assert job.variables == {"x": 1}
    assert case.step.waiting == ()
    assert case.complete("j", sent=True).ended
    assert case.step.variables == {"x": 1, "sent": True}


def test_job_type_may_be_an_expression() -> None:
    """Given a job type that is FEEL, then it is evaluated when the token arrives; a number is refused."""
    drawn = '<zeebe:taskDefinition type="=kind"/>'
    model = bpmn(start(), node("scriptTask", "j", extension=drawn), end(), chain("s", "j", "e"))
    assert Case(model, {"kind": "print"}).step.jobs[0].type == "print"
    with pytest.raises(Refused):
        Case(model, {"kind": 7})


def test_plain_service_task_is_a_job_of_its_own_name() -> None:
    """Given a service task without a job definition, then its id is the job type."""
    case = Case(bpmn(start(), node("serviceTask", "j"), end(), chain("s", "j", "e")))
    assert case.step.jobs[0].type == "j"


def test_input_mapping_is_local_and_output_mapping_decides_what_comes_out() -> None:
    """Given mappings, when a job completes, then only mapped variables leave it, and its input stays inside."""
    mappings = mapped("> x + 1 -> y", "> y + 1 -> deep.z", "< answer.code -> result.code")
    model = bpmn(
        start(), node("serviceTask", "j", extension=JOB + mappings), user("a"), end(), chain("s", "j", "a", "e")
    )
    case = Case(model, {"x": 1, "result": {"old": True}})
    assert case.step.jobs[0].variables == {"x": 1, "result": {"old": True}, "y": 2, "deep": {"z": 3}}
    case.complete("j", answer={"code": 7}, noise=1)
    assert case.step.variables == {"x": 1, "result": {"old": True, "code": 7}}


def test_conditional_flows_leave_a_task() -> None:
    """Given conditions behind a task, when it completes, then all true flows are taken, the default if none is."""
    model = bpmn(
        start(), node("userTask", "t", default="t_d"), user("a", "b", "c", "d"), end(), chain("s", "t"),
        flow("t", "a", "x > 1"), flow("t", "b", "x > 2"), flow("t", "c"), flow("t", "d"),
        *(chain(name, "e") for name in "abcd"),
    )  # fmt: skip
    for x, expected in ((1, ["c", "d"]), (2, ["a", "c"]), (3, ["a", "b", "c"])):
        case = Case(model)
        case.complete("t", x=x)
        assert case.open == expected


def test_no_true_flow_behind_a_task_is_refused() -> None:
    """Given only conditions, none true and no default, when the task completes, then the step is refused by its id."""
    model = bpmn(start(), user("t"), end(), chain("s", "t"), flow("t", "e", "x"))
    with pytest.raises(Refused) as caught:
        Case(model).complete("t", x=False)
    assert (caught.value.code, caught.value.params["element"]) == ("gateway.no_flow", "t")


def test_implicit_end() -> None:
    """Given a task that nothing leaves, when it completes, then its token ends there."""
    case = Case(bpmn(start(), user("a"), chain("s", "a")))
    assert case.complete("a").ended


def test_without_a_start_event_everything_that_nothing_leads_to_begins() -> None:
    """Given no start event, when an instance starts, then all first elements are activated."""
    case = Case(bpmn(user("a", "b"), end(), chain("a", "e"), chain("b", "e")))
    assert case.open == ["a", "b"]


def test_several_start_events() -> None:
    """Given two start events, when an instance starts, then one of them begins it: the first or the one named."""
    model = bpmn(start("s"), start("t"), user("a", "b"), end(), chain("s", "a", "e"), chain("t", "b", "e"))
    case = Case(model)
    assert case.open == ["a"]
    step = interpreter.start(case.process, {}, case.world, start_event="t")
    assert [w.element for w in step.waiting] == ["b"]


BODY = (start("in"), user("a"), end("out"), chain("in", "a", "out"))


def test_subprocess_completes_when_no_token_is_left_in_it() -> None:
    """Given two branches in a subprocess, when both have ended, then it completes once and the token goes on."""
    inside = (start("in"), both("f"), user("a", "b"), end("out"), chain("in", "f", "a", "out"), chain("f", "b", "out"))
    case = Case(bpmn(start(), sub("p1", *inside), user("after"), end(), chain("s", "p1", "after", "e")))
    assert case.story[3:6] == ["+p1#1", "+in#1", "-in#1"]
    case.complete("a")
    assert case.open == ["b"]
    case.complete("b")
    assert case.story[-5:] == ["+out#2", "-out#2", "-p1#1", ">p1_after", "+after#1"]
    assert case.complete("after").ended


def test_subprocess_variables() -> None:
    """Given an input mapping, then its variable lives in the subprocess only; what is not local goes to the root."""
    mappings = mapped("> 5 -> inner", "< inner + got -> sum")
    case = Case(bpmn(start(), sub("p1", *BODY, extension=mappings), end(), chain("s", "p1", "e")))
    assert interpreter.visible(case.step.state, case.waiting[0]) == {"inner": 5}
    assert case.complete("a", inner=6, got=1).ended
    assert case.step.variables == {"got": 1, "sum": 7}


def test_terminate_in_a_subprocess_ends_only_that() -> None:
    """Given a terminate end event in a subprocess, when reached, then what is in it is removed and it completes."""
    inside = (
        start("in"), both("f"), user("a", "b"), terminate("x"), chain("in", "f", "a", "x"), chain("f", "b", "x"),
    )  # fmt: skip
    model = bpmn(
        start(),
        both("g"),
        sub("p1", *inside),
        user("other"),
        end(),
        chain("s", "g", "p1", "e"),
        chain("g", "other", "e"),
    )
    case = Case(model)
    case.complete("a")
    assert case.story[:6] == ["-a#1", ">a_x", "+x#1", "-x#1", "!b#1", "-p1#1"]
    assert case.open == ["other"]
    assert case.step.closed == ("b#1",)


def test_terminate_outside_removes_what_is_inside() -> None:
    """Given a running subprocess, when the process is terminated, then inner elements go first, then the subprocess."""
    model = bpmn(
        start(), both("g"), sub("p1", *BODY), user("stop"), terminate("x"), end(),
        chain("s", "g", "p1", "e"), chain("g", "stop", "x"),
    )  # fmt: skip
    case = Case(model)
    case.complete("stop")
    assert case.story[-2:] == ["!a#1", "!p1#1"]
    assert case.step.ended


def test_two_tokens_in_one_subprocess_do_not_share_joins() -> None:
    """Given two instances of a subprocess, when one branch of each has arrived, then neither join fires."""
    inside = (
        start("in"), both("f", "j"), user("a", "b"), user("done"), end("out"),
        chain("in", "f", "a", "j", "done", "out"), chain("f", "b", "j"),
    )  # fmt: skip
    model = bpmn(
        start(), both("g"), sub("p1", *inside), end(), chain("s", "g", "p1", "e"), flow("g", "p1", identifier="again")
    )
    case = Case(model)
    first, second = [i for i in case.waiting if i.startswith("a#")], [i for i in case.waiting if i.startswith("b#")]
    step = interpreter.complete(case.process, case.step.state, first[0], {}, case.world)
    step = interpreter.complete(case.process, step.state, second[1], {}, case.world)
    assert step.waiting == ()
    step = interpreter.complete(case.process, step.state, second[0], {}, case.world)
    assert [w.element for w in step.waiting] == ["done"]
