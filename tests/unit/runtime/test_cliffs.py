"""No cliff: size and history cost in proportion, nothing stalls, nothing overflows the stack."""

import gc
import sys
from collections.abc import Callable

import pytest

from engine.model.errors import Refused
from engine.model.ids import ElementInstanceId
from engine.runtime import interpreter, live
from engine.runtime.live import LiveInstance
from tests.unit.runtime.builder import (
    WORLD,
    Case,
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
    sub,
    task,
    user,
    xor,
)


def work(story: Callable[[], object]) -> int:
    """How many functions were called meanwhile, Python's and C's: the work, whatever the machine is doing beside it.

    The collector waits, for what it calls belongs to whatever ran before.
    """
    calls = 0

    def count(_frame: object, kind: str, _argument: object) -> None:
        nonlocal calls
        calls += kind in ("call", "c_call")

    before = sys.getprofile()
    gc.disable()
    sys.setprofile(count)
    try:
        story()
    finally:
        sys.setprofile(before)
        gc.enable()
    return calls


def and_blocks(count: int) -> bytes:
    parts, before = [start()], "s"
    for n in range(count):
        parts += [both(f"f{n}", f"j{n}"), user(f"a{n}", f"b{n}")]
        parts += [chain(before, f"f{n}", f"a{n}", f"j{n}"), chain(f"f{n}", f"b{n}", f"j{n}")]
        before = f"j{n}"
    return bpmn(*parts, end(), chain(before, "e"))


def test_fourteen_parallel_blocks() -> None:
    """Blocks that are still to come cost nothing, neither in time nor in state."""
    one, fourteen = (interpreter.load(and_blocks(count), "p") for count in (1, 14))
    for process in (one, fourteen):
        live.begin(process, {}, WORLD)  # what is cached by type, once in a process, is not what is counted
    assert work(lambda: live.begin(fourteen, {}, WORLD)) == work(lambda: live.begin(one, {}, WORLD))
    case = Case(fourteen)
    assert len(case.step.state) < 600
    for n in range(14):
        case.complete(f"b{n}")
        case.complete(f"a{n}")
    assert case.step.ended


def test_two_thousand_rounds() -> None:
    """Round 2,000 finds its task, with as much state as round 10."""
    model = bpmn(
        start(), xor("m"), user("a"), xor("g", default="g_m"), end(),
        chain("s", "m", "a", "g"), flow("g", "m"), flow("g", "e", "done = true"),
    )  # fmt: skip
    instance = live.begin(interpreter.load(model, "p"), {}, WORLD)
    steps: list[tuple[int, int]] = []
    for _ in range(2000):
        (waits,) = instance.waiting

        def complete(waits: ElementInstanceId = waits) -> None:
            instance.complete(waits, {"done": False})

        calls = work(complete)
        steps.append((calls, len(instance.step().delta)))
    assert steps[-1][0] == steps[9][0]
    assert steps[-1][1] - steps[9][1] < 20
    assert len(instance.snapshot()) < 600
    assert instance.waiting == ("a#2001",)
    instance.complete(instance.waiting[0], {"done": True})
    assert instance.ended


def test_two_thousand_rounds_in_one_step() -> None:
    """A cycle of scripts turns 2,000 times in one step."""
    model = bpmn(
        start(), script("x", "n + 1", "n"), xor("g", default="g_e"), end(),
        chain("s", "x", "g"), flow("g", "x", "n < 2000"), flow("g", "e"),
    )  # fmt: skip
    assert Case(model, {"n": 0}).step.variables["n"] == 2000


def test_cycle_without_a_gateway() -> None:
    """Two tasks that lead to each other are neither refused nor endless."""
    case = Case(bpmn(start(), user("a", "b"), chain("s", "a", "b", "a")))
    for _ in range(300):
        case.complete("a")
        case.complete("b")
    assert case.waiting == ["a#301"]


def test_a_thousand_elements_in_a_chain() -> None:
    """A thousand tasks in a row, and 60 subprocesses in one another, overflow no stack."""
    names = [f"t{n}" for n in range(1000)]
    assert Case(bpmn(start(), task(*names), end(), chain("s", *names, "e"))).step.ended
    inside = user("deep") + chain("in0", "deep", "out0")
    for n in range(60):
        inside = sub(f"p{n}", start(f"in{n}") + end(f"out{n}") + inside)
        inside += chain("s" if n == 59 else f"in{n + 1}", f"p{n}", "e" if n == 59 else f"out{n + 1}")
    case = Case(bpmn(start(), end(), inside))
    assert case.complete("deep").ended


@pytest.mark.parametrize("kind", ["task", "subprocess with a join"])
def test_a_thousand_parallel_instances(kind: str) -> None:
    """Ten times as many instances cost about ten times as much to start and to finish."""
    if kind == "task":
        body = node("userTask", "a", inner=many())
    else:
        inside = start("in") + both("f", "j") + user("a") + task("t") + end("out")
        inside += chain("in", "f", "a", "j", "out") + chain("f", "t", "j")
        body = sub("m", inside, inner=many())
    model = bpmn(start(), body, end(), chain("s", "a" if kind == "task" else "m", "e"))
    process = interpreter.load(model, "p")

    def begun(count: int) -> LiveInstance:
        return live.begin(process, {"items": list(range(count))}, WORLD)

    def finished(count: int) -> int:
        """Most work of one completion among the first, the middle and the last that is not the very last."""
        instance = begun(count)
        waiting = list(instance.waiting)
        costs = []
        for number, one in enumerate(waiting):

            def step(one: ElementInstanceId = one) -> None:
                instance.complete(one, {})
                instance.step()

            cost = work(step)
            if number in (1, count // 2, count - 2):
                costs.append(cost)
        assert instance.ended
        return max(costs)

    few, many_of_them = (work(lambda count=count: begun(count)) for count in (100, 1000))  # type: ignore[misc]
    assert many_of_them < 10.5 * few
    assert finished(1000) <= finished(100) * 1.05
    restored = live.restore(process, begun(1000).snapshot(), WORLD)
    restored.complete(restored.waiting[500], {})
    assert len(restored.waiting) == 999


def test_tokens_that_multiply_are_refused() -> None:
    """Twenty splits without joins would be a million tokens; the step is refused instead."""
    parts, before = [start()], "s"
    for n in range(20):
        parts += [
            both(f"f{n}"),
            xor(f"m{n}"),
            chain(before, f"f{n}", f"m{n}"),
            flow(f"f{n}", f"m{n}", identifier=f"t{n}"),
        ]
        before = f"m{n}"
    with pytest.raises(Refused) as caught:
        Case(bpmn(*parts, end(), chain(before, "e")))
    assert caught.value.code == "step.too_long"


def test_inclusive_joins_of_a_thousand_instances() -> None:
    """A step looks at the joins of the instance it moves in, not at those of the other 999."""
    inside = start("in") + some("f", default="f_b") + user("a", "b") + some("j") + end("out")
    inside += chain("in", "f") + flow("f", "a", "true") + flow("f", "b") + flow("f", "b", "true", identifier="both")
    inside += chain("a", "j", "out") + chain("b", "j")
    process = interpreter.load(bpmn(start(), sub("m", inside, inner=many()), end(), chain("s", "m", "e")), "p")

    def cost(count: int) -> int:
        instance = live.begin(process, {"items": list(range(count))}, WORLD)
        firsts = [one for one in instance.waiting if one.startswith("a#")]
        for one in firsts[:-1]:
            instance.complete(one, {})
        return work(lambda: instance.complete(firsts[-1], {}))

    assert cost(1000) <= cost(50) * 1.05
