"""Multi-instance and standard loops: given, when, then on tiny models."""

from decimal import Decimal

import pytest

from engine.model.errors import Refused
from engine.runtime import interpreter
from engine.runtime.state import read
from tests.unit.runtime.builder import (
    Case,
    both,
    bpmn,
    chain,
    end,
    many,
    mapped,
    node,
    script,
    start,
    sub,
    terminate,
    user,
)
from tests.unit.runtime.proving import proves


def asked(loop: str, *, extension: str = "", kind: str = "userTask") -> bytes:
    """A model whose activity ``a`` has this loop; ``after`` follows."""
    drawn = node(kind, "a", inner=loop, extension=extension)
    return bpmn(start(), drawn, user("after"), end(), chain("s", "a", "after", "e"))


def standard(condition: str = "", **attributes: str) -> str:
    inner = f"<bpmn:loopCondition>={condition}</bpmn:loopCondition>" if condition else ""
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<bpmn:standardLoopCharacteristics{extra}>{inner}</bpmn:standardLoopCharacteristics>"


@proves("multi-instance, parallel")
def test_parallel_instances_wait_together() -> None:
    """Given three items, when the token arrives, then three instances wait; the last one completed ends the loop."""
    case = Case(asked(many()), {"items": ["x", "y", "z"]})
    assert case.story[3:] == ["+a#1", "+a#2", "+a#3"]
    assert [interpreter.visible(case.step.state, one)["item"] for one in case.waiting] == ["x", "y", "z"]
    case.complete("a")
    case.complete("a")
    assert case.story == ["-a#2"]
    case.complete("a")
    assert case.story == ["-a#3", ">a_after", "+after#1"]


@proves("multi-instance, sequential")
def test_sequential_instances_wait_one_after_the_other() -> None:
    """Given a sequential loop, when one instance completes, then the next begins, with its item and number."""
    case = Case(asked(many(sequential=True)), {"items": [7, 8]})
    seen = interpreter.visible(case.step.state, case.waiting[0])
    assert (seen["item"], seen["loopCounter"], case.open) == (7, 1, ["a"])
    case.complete("a")
    seen = interpreter.visible(case.step.state, case.waiting[0])
    assert (seen["item"], seen["loopCounter"], case.story) == (8, 2, ["-a#1", "+a#2"])
    case.complete("a")
    assert case.open == ["after"]


@pytest.mark.parametrize("sequential", [False, True])
def test_nothing_to_do(sequential: bool) -> None:
    """Given no item, when the token arrives, then it passes on and the result is an empty list."""
    loop = many(outputCollection="results", outputElement="=answer", sequential=sequential)
    case = Case(asked(loop), {"items": []})
    assert case.story[3:] == [">a_after", "+after#1"]
    assert case.step.transitions[3].instance == "a#0"
    assert case.step.variables["results"] == []


@proves("input and output collection")
def test_results_are_collected_in_the_order_of_the_items() -> None:
    """Given an output collection, when instances complete in any order, then each result is at its item's place."""
    loop = many(outputCollection="results", outputElement="=answer")
    case = Case(asked(loop), {"items": [1, 2, 3]})
    step = case.step
    for instance, answer in (("a#3", "c"), ("a#1", "a"), ("a#2", "b")):
        waiting = next(one for one in case.waiting if one == instance)
        step = interpreter.complete(case.process, step.state, waiting, {"answer": answer}, case.world)
    assert step.variables == {"items": [1, 2, 3], "results": ["a", "b", "c"]}


@pytest.mark.parametrize("sequential", [True, False])
def test_script_instances(sequential: bool) -> None:
    """Given a script in a loop, when the token arrives, then every item is worked through in one step."""
    loop = many(sequential=sequential, outputCollection="squares", outputElement="=square")
    model = bpmn(start(), script("a", "item * item", "square", inner=loop), end(), chain("s", "a", "e"))
    case = Case(model, {"items": [1, 2, 3]})
    assert case.step.variables["squares"] == [1, 4, 9]
    assert case.step.ended


@proves("completion condition")
def test_completion_condition_removes_the_rest() -> None:
    """Given a condition on the numbers, when it comes true, then the rest is terminated and the token goes on."""
    loop = many(completion="numberOfCompletedInstances / numberOfInstances >= 0.5 and numberOfActiveInstances = 2")
    case = Case(asked(loop), {"items": [1, 2, 3, 4]})
    case.complete("a")
    assert case.open == ["a", "a", "a"]
    case.complete("a")
    assert case.story == ["-a#2", "!a#3", "!a#4", ">a_after", "+after#1"]
    assert case.step.closed == ("a#3", "a#4")


def test_completion_condition_sees_the_instance_and_the_results() -> None:
    """Given a sequential loop that asks what was answered, when one refuses, then no further one is asked."""
    loop = many(
        sequential=True, completion='answer = "no"', outputCollection="answers", outputElement="=answer"
    )  # fmt: skip
    case = Case(asked(loop), {"items": [1, 2, 3]})
    case.complete("a", answer="yes")
    case.complete("a", answer="no")
    assert case.open == ["after"]
    assert case.step.variables["answers"] == ["yes", "no", None]


@proves("loop cardinality")
def test_cardinality() -> None:
    """Given plain BPMN's loopCardinality, then there are so many instances."""
    loop = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"  # noqa: E501
    assert Case(asked(loop.format("3"))).open == ["a", "a", "a"]
    assert Case(asked(loop.format("=n + 1")), {"n": 1}).open == ["a", "a"]
    assert Case(asked(loop.format("=n / 3")), {"n": 6}).open == ["a", "a"]
    for value in ("many", True, -1, Decimal("2.5"), Decimal("1E+999"), None):
        with pytest.raises(Refused):
            Case(asked(loop.format("=n")), {"n": value})


def test_what_is_no_list_is_refused() -> None:
    """Given a collection that is null, when the token arrives, then the step is refused by the element's id."""
    with pytest.raises(Refused) as caught:
        Case(asked(many()))
    assert (caught.value.code, caught.value.params["element"]) == ("expression.failed", "a")


def test_mappings_of_each_instance() -> None:
    """Given mappings, then each instance has its own input, and an output may set the variable of the result."""
    loop = many(outputCollection="out", outputElement="=answer")
    case = Case(asked(loop, extension=mapped("> item * 10 -> tens", "< tens + got -> answer")), {"items": [1, 2]})
    case.complete("a", got=1)
    case.complete("a", got=2)
    assert case.step.variables == {"items": [1, 2], "out": [11, 22]}


@proves("joins in every instance of a loop")
def test_subprocess_instances_have_their_own_joins() -> None:
    """Given a parallel block inside a multi-instance subprocess, then each instance joins by itself."""
    inside = (
        start("in"), both("f", "j"), user("x", "y"), user("z"), end("out"),
        chain("in", "f", "x", "j", "z", "out"), chain("f", "y", "j"),
    )  # fmt: skip
    case = Case(bpmn(start(), sub("a", *inside, inner=many()), end(), chain("s", "a", "e")), {"items": [1, 2]})
    case.complete("x")
    case.complete("x")
    assert case.open == ["y", "y"]
    case.complete("y")
    assert case.open == ["y", "z"]
    case.complete("y")
    case.complete("z")
    assert not case.step.ended
    assert case.complete("z").ended


def test_terminate_in_one_instance_spares_the_others() -> None:
    """Given a terminate end event in a multi-instance subprocess, then it ends its own instance only."""
    inside = (
        start("in"), both("f"), user("x", "y"), terminate("t"), end("out"),
        chain("in", "f", "x", "t"), chain("f", "y", "out"),
    )  # fmt: skip
    case = Case(bpmn(start(), sub("a", *inside, inner=many()), end(), chain("s", "a", "e")), {"items": [1, 2]})
    case.complete("x")
    assert case.open == ["x", "y"]
    assert case.complete("x").ended


def test_loop_in_a_loop() -> None:
    """Given a sequential subprocess with a parallel task inside, then numbers and items belong to their loop."""
    inner = node("userTask", "x", inner=many("item", outputCollection="got", outputElement="=answer"))
    outer = many(sequential=True, outputCollection="all", outputElement="=got")
    inside = (start("in"), inner, end("out"), chain("in", "x", "out"))
    case = Case(bpmn(start(), sub("a", *inside, inner=outer), end(), chain("s", "a", "e")), {"items": [[1, 2], [3]]})
    for answer in ("p", "q", "r"):
        case.complete("x", answer=answer)
    assert case.step.ended
    assert case.step.variables["all"] == [["p", "q"], ["r"]]


@proves("standard loop")
def test_standard_loop_repeats_while_the_condition_holds() -> None:
    """Given a loop condition, when an instance completes and it holds, then there is another round."""
    case = Case(asked(standard("again")))
    case.complete("a", again=True)
    assert case.story == ["-a#1", "+a#2"]
    case.complete("a", again=False)
    assert case.open == ["after"]


@proves("standard loop")
def test_standard_loop_tested_before() -> None:
    """Given testBefore, when the condition is false at once, then the activity is never begun."""
    case = Case(asked(standard("again", testBefore="true")), {"again": False})
    assert case.open == ["after"]


@proves("standard loop")
def test_standard_loop_has_a_maximum() -> None:
    """Given a loopMaximum, when it is reached, then the condition is not asked any more."""
    case = Case(asked(standard("loopCounter &lt; 9", loopMaximum="2")))
    case.complete("a")
    case.complete("a")
    assert case.open == ["after"]


def test_a_standard_loop_without_end_is_refused() -> None:
    """Given a condition that always holds and no maximum, when nothing waits, then the step is refused, not ended."""
    turning = node("task", "a", inner=standard("true"))
    with pytest.raises(Refused) as caught:
        Case(bpmn(start(), turning, end(), chain("s", "a", "e")))
    assert (caught.value.code, caught.value.params["element"]) == ("step.too_long", "a")


def test_a_cancelled_loop_leaves_nothing_behind() -> None:
    """Given a running loop, when the process is terminated, then its instances are closed and the state is empty."""
    loop = node("userTask", "a", inner=many())
    model = bpmn(
        start(),
        both("g"),
        loop,
        user("stop"),
        terminate("x"),
        end(),
        chain("s", "g", "a", "e"),
        chain("g", "stop", "x"),
    )
    case = Case(model, {"items": [1, 2]})
    case.complete("stop")
    assert case.step.closed == ("a#1", "a#2")
    stored = read(case.step.state)
    assert (stored.tokens, stored.scopes, case.step.ended) == ((), (), True)
