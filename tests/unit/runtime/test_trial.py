"""The trial start: what a drawing does to the interpreter, it does to a child."""

from itertools import pairwise

from engine.runtime import gate, trial
from tests.unit.runtime.builder import bpmn, chain, end, flow, script, start, task, user

GOOD = bpmn(start(), user("a"), end(), chain("s", "a", "e"))
ENDLESS = bpmn(start(), script("a", "x", "x"), chain("s", "a", "a"))
NEEDS_DATA = bpmn(start(), script("a", "number(x)", "x"), user("b"), end(), chain("s", "a", "b", "e"))


def bomb(splits: int) -> bytes:
    """Every task splits every token in two."""
    ids = [f"t{n}" for n in range(splits)]
    doubled = [flow(a, b, identifier=f"again_{a}") for a, b in pairwise(ids)]
    return bpmn(start(), task(*ids), end(), chain("s", *ids, "e"), *doubled)


def test_a_whole_deployment_is_tried_in_one_child() -> None:
    """Files that run are not spoken of, files that multiply tokens or never rest are, by process and file."""
    for model in (GOOD, ENDLESS, bomb(40)):
        assert not gate.inspect(model, resource="", forms=None, decisions=None).errors
    files = [("good", GOOD), ("endless", ENDLESS), ("data", NEEDS_DATA), ("bomb", bomb(40))]
    found = trial.run(files)
    assert [(one.resource, one.element_id, one.rule) for one in found] == [
        ("endless", "p", "trial-start"), ("bomb", "p", "trial-start"),
    ]  # fmt: skip
    assert all("50000" in one.message for one in found)


def messages(program: str, files: list[tuple[str, bytes]]) -> list[str]:
    """The trial with another program as its child: the parent must bear whatever a child does."""
    return [f"{one.resource}: {one.message}" for one in trial.run(files, seconds=1, program=("-c", program))]


def test_the_first_file_that_was_not_answered_is_blamed() -> None:
    """A child that dies after its first answer refuses the deployment."""
    files = [("one", GOOD), ("two", GOOD), ("three", GOOD)]
    dies = "import os, sys; sys.stdin.buffer.read(); print('[]', flush=True); os.kill(os.getpid(), 9)"
    (message,) = messages(dies, files)
    assert message.startswith("two: ")
    assert "-9" in message


def test_a_child_that_hangs_is_killed() -> None:
    """The clock ends what the processor's limit does not."""
    (message,) = messages("import sys, time; sys.stdin.buffer.read(); time.sleep(600)", [("one", GOOD)])
    assert "not come to rest" in message


def test_nothing_to_try() -> None:
    """Without models no child is started."""
    assert trial.run([]) == []
