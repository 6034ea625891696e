"""Call activities: late binding, version pin, variables in and out."""

from dataclasses import replace

import pytest

from engine.model.errors import Refused
from engine.runtime import interpreter
from engine.runtime.environment import CalledProcess, Environment
from engine.runtime.executable import ExecutableProcess
from tests.unit.runtime.builder import WORLD, Case, bpmn, chain, end, many, mapped, node, script, start, user
from tests.unit.runtime.proving import proves

CHILD = bpmn(start("cs"), user("u"), end("ce"), chain("cs", "u", "ce"), process_id="child")


def calling(attributes: str = 'processId="child"', *, more: str = "", inner: str = "") -> bytes:
    """A process that calls another one and then waits at ``after``."""
    drawn = node("callActivity", "c", extension=f"<zeebe:calledElement {attributes}/>{more}", inner=inner)
    return bpmn(start(), drawn, user("after"), end(), chain("s", "c", "after", "e"))


class Library:
    """Processes by id and tag; remembers what was asked for."""

    def __init__(self, **bodies: bytes) -> None:
        self.asked: list[CalledProcess] = []
        self.bodies = bodies
        self.running: dict[str, ExecutableProcess] = {}

    def call(self, called: CalledProcess) -> ExecutableProcess:
        self.asked.append(called)
        if called.digest is not None:
            return self.running[called.digest]
        process = interpreter.load(self.bodies[called.version_tag or called.process_id], called.process_id)
        self.running[process.definition.digest] = process
        return process

    @property
    def world(self) -> Environment:
        return replace(WORLD, call=self.call)


@proves("call activity", "call activity: late binding")
def test_the_called_process_runs_and_comes_back() -> None:
    """Given a call, when the token arrives, then the other process runs; when it has ended, then the token goes on."""
    case = Case(calling(), {"x": 1}, Library(child=CHILD).world)
    assert case.story[3:] == ["+c#1", "+cs#1", "-cs#1", ">cs_u", "+u#1"]
    assert case.step.waiting[0].process_id == "child"
    assert [t.process_id for t in case.step.transitions[3:]] == ["", "child", "child", "child", "child"]
    case.complete("u", y=2)
    assert case.story == ["-u#1", ">u_ce", "+ce#1", "-ce#1", "-c#1", ">c_after", "+after#1"]
    assert case.step.variables == {"x": 1, "y": 2}


@proves("call activity: late binding")
def test_a_running_call_keeps_its_definition() -> None:
    """Given a newer version deployed meanwhile, when the case goes on, then the called process is the one it began."""
    library = Library(child=CHILD)
    case = Case(calling(), {}, library.world)
    library.bodies["child"] = CHILD.replace(b'"u"', b'"new"').replace(b"cs_u", b"cs_new")
    case.complete("u")
    assert case.open == ["after"]
    assert library.asked[-1].digest == next(iter(library.running))


@proves("call activity: version pin")
def test_version_tag_is_handed_to_the_resolver() -> None:
    """Given a version pin, when the token arrives, then that version is asked for."""
    library = Library(**{"v1": CHILD})
    Case(calling('processId="child" bindingType="versionTag" versionTag="v1"'), {}, library.world)
    assert (library.asked[0].binding, library.asked[0].version_tag) == ("versionTag", "v1")


@proves("call activity", "input and output mapping")
def test_variables_only_through_mappings() -> None:
    """Given no propagation to the child and an output mapping, then only what is mapped goes in and comes out."""
    attributes = 'processId="child" propagateAllParentVariables="false" propagateAllChildVariables="false"'
    case = Case(calling(attributes, more=mapped("> x + 1 -> y", "< z * 2 -> r")), {"x": 1}, Library(child=CHILD).world)
    assert interpreter.visible(case.step.state, case.waiting[0]) == {"y": 2}
    case.complete("u", z=5, noise=1)
    assert case.step.variables == {"x": 1, "r": 10}


def test_nothing_comes_back_without_propagation() -> None:
    """Given propagateAllChildVariables false and no output mapping, then the caller's variables stay as they were."""
    case = Case(calling('processId="child" propagateAllChildVariables="false"'), {"x": 1}, Library(child=CHILD).world)
    case.complete("u", x=2)
    assert case.step.variables == {"x": 1}


def test_process_id_may_be_an_expression() -> None:
    """Given FEEL as the process id, then it is evaluated when the token arrives."""
    assert Case(calling('processId="=which"'), {"which": "child"}, Library(child=CHILD).world).open == ["u"]


def test_calls_in_a_loop() -> None:
    """Given a call for each item, then each has its own process and its result has its own place."""
    child = bpmn(start("cs"), script("x", "item * 2", "double"), end("ce"), chain("cs", "x", "ce"), process_id="child")
    loop = many(outputCollection="all", outputElement="=double")
    case = Case(calling(inner=loop), {"items": [1, 2, 3]}, Library(child=child).world)
    assert case.step.variables["all"] == [2, 4, 6]
    assert case.open == ["after"]


def test_a_process_that_calls_itself_for_ever_is_refused() -> None:
    """Given a process that calls itself at once, when it starts, then the step is refused and does not run away."""
    call = node("callActivity", "c", extension='<zeebe:calledElement processId="p"/>')
    model = bpmn(start(), call, end(), chain("s", "c", "e"))
    with pytest.raises(Refused) as caught:
        Case(model, {}, Library(p=model).world)
    assert caught.value.code == "call.too_deep"


def test_nothing_to_call() -> None:
    """Given a world without processes, when the token arrives, then the step is refused."""
    with pytest.raises(Refused) as caught:
        Case(calling())
    assert caught.value.code == "process.not_called"


@pytest.mark.parametrize("which", [None, 7, ""])
def test_what_is_no_process_is_named(which: object) -> None:
    """Given an expression that gives no id of a process, then the step is refused by the call activity's id."""
    with pytest.raises(Refused) as caught:
        Case(calling('processId="=which"'), {"which": which}, Library(child=CHILD).world)
    assert (caught.value.code, caught.value.params["element"]) == ("expression.failed", "c")


def test_a_process_that_only_events_begin_cannot_be_called() -> None:
    """Given a called process with a message start event only, then the step is refused: the call would never end."""
    drawn = node("startEvent", "cs", inner='<bpmn:messageEventDefinition messageRef="M"/>')
    child = bpmn(drawn, end("ce"), chain("cs", "ce"), process_id="child", beside='<bpmn:message id="M" name="m"/>')
    with pytest.raises(Refused) as caught:
        Case(calling(), {}, Library(child=child).world)
    assert (caught.value.code, caught.value.params) == ("call.without_start", {"element": "c", "process": "child"})
