"""What the gate says of drawings that run and yet stop: no way out, calls without end."""

import pytest

from engine.runtime import gate
from tests.unit.runtime.builder import bpmn, chain, end, flow, node, start, user, xor


def rules(model: bytes) -> set[tuple[str, str, str]]:
    """Severity, rule and element of every finding of this family."""
    found = gate.inspect(model, resource="m.bpmn", forms=None, decisions=None).findings
    return {(f.severity.value, f.rule, f.element_id) for f in found if f.rule in ("default-missing", "call-never-ends")}


def split(**attributes: str) -> bytes:
    """Two ends behind a gateway: one for large x, one for small x, or for what is left."""
    other = "" if attributes else "x &lt;= 1"
    return bpmn(
        start(), xor("g", **attributes), end("e", "f"), chain("s", "g"), flow("g", "e", "x > 1"), flow("g", "f", other)
    )


def calls(name: str, called: str, *before: str) -> str:
    """What stands in a process that calls another: start, what comes before, the call, an end."""
    way = [f"{name}s", *(f"{name}{index}" for index, _ in enumerate(before)), f"{name}c", f"{name}e"]
    call = node("callActivity", f"{name}c", calledElement=called)
    return "".join((start(way[0]), *before, call, end(way[-1]), chain(*way)))


def beside(name: str, inner: str) -> str:
    return f'<bpmn:process id="{name}" isExecutable="true">{inner}</bpmn:process>'


def test_a_split_without_default() -> None:
    """A missing x makes neither condition true: it is a warning, and a default is the cure."""
    assert rules(split()) == {("warning", "default-missing", "g")}
    assert rules(split(default="g_f")) == set()


def test_a_task_whose_only_flow_has_a_condition() -> None:
    """Conditions may stand behind an activity too."""
    model = bpmn(start(), user("a"), end(), chain("s", "a"), flow("a", "e", "x > 1"))
    assert rules(model) == {("warning", "default-missing", "a")}


def test_a_process_that_calls_itself_at_once() -> None:
    """No instance of it could ever begin, so it is an error at the call, also through another process."""
    assert rules(bpmn(calls("p", "p"))) == {("error", "call-never-ends", "pc")}
    ring = bpmn(calls("p", "q"), beside=beside("q", calls("q", "p")))
    assert rules(ring) == {("error", "call-never-ends", "pc"), ("error", "call-never-ends", "qc")}


@pytest.mark.parametrize("called", ["q", "elsewhere", "=next"])
def test_calls_that_end(called: str) -> None:
    """A call of another process, of one in another file, or of one that FEEL names."""
    assert rules(bpmn(calls("p", called), beside=beside("q", start("qs") + end("qe") + chain("qs", "qe")))) == set()


def test_a_call_of_itself_that_somebody_decides() -> None:
    """Behind a user task or a choice a process may call itself."""
    assert rules(bpmn(calls("p", "p", user("p0")))) == set()
    choice = bpmn(
        start(), xor("g", default="g_e"), node("callActivity", "c", calledElement="p"), end("e"),
        chain("s", "g", "e"), flow("g", "c", "x > 1"), chain("c", "e"),
    )  # fmt: skip
    assert rules(choice) == set()
