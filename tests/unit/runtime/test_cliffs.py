"""No cliff: size and history cost in proportion, nothing stalls, nothing overflows the stack."""

import time
from collections.abc import Callable

import pytest

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
    start,
    sub,
    task,
    user,
    xor,
)


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds, the best of three."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(3))


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
    assert cpu(lambda: Case(fourteen)) < 3 * cpu(lambda: Case(one)) + 0.01
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
    case = Case(model)
    sizes = []
    for _ in range(2000):
        case.complete("a", done=False)
        sizes.append(len(case.step.state))
    assert case.waiting == ["a#2001"]
    assert sizes[-1] - sizes[9] < 30
    assert case.complete("a", done=True).ended


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

    def finished(count: int) -> None:
        instance = begun(count)
        for one in instance.waiting:
            instance.complete(one, {})
        assert instance.ended

    assert cpu(lambda: begun(1000)) < 25 * cpu(lambda: begun(100))
    step = begun(1000).step()
    restored = live.restore(process, step.state, WORLD)
    restored.complete(restored.waiting[500], {})
    assert len(restored.waiting) == 999
    assert cpu(lambda: finished(1000)) < 60 * cpu(lambda: finished(100))
