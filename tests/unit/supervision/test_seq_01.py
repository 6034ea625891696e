"""SEQ-01: required steps before the decision, in order where order matters."""

from dataclasses import replace

import pytest

from engine.model.findings import CheckOutcome
from engine.supervision.facts import CaseTrace, Given, Visit
from tests.unit.supervision.asking import ask, drawn, hour, trace

CHECK = drawn("SEQ-01", {"steps": "Visit Review", "before": "Confirm", "ordered": "true"}, name="必经环节")


@pytest.mark.parametrize(
    ("acts", "outcome", "reason"),
    [
        (
            [("Visit", "a", 1), ("Review", "b", 2), ("Confirm", "c", 3)],
            "clear",
            "必经环节：必经环节 Visit、Review 已完成",
        ),
        ([("Review", "b", 2), ("Confirm", "c", 3)], "hit", "必经环节：缺少必经环节 Visit"),
        ([("Review", "b", 1), ("Confirm", "c", 3), ("Visit", "a", 4)], "hit", "必经环节：缺少必经环节 Visit"),
        (
            [("Review", "b", 1), ("Visit", "a", 2), ("Confirm", "c", 3)],
            "hit",
            "必经环节：环节次序颠倒，实际为 Review、Visit",
        ),
        ([("Review", "b", 1)], "clear", "必经环节：本案不适用"),
    ],
)
def test_precedence(acts: list[tuple[str, str, int]], outcome: str, reason: str) -> None:
    """A step that came too late is missing; before the decision nothing is late yet."""
    found = ask(CHECK, {}, given=trace(*acts))
    assert (found.outcome, found.reason) == (outcome, reason)


def test_order_matters_only_where_it_is_drawn() -> None:
    """Parallel branches end in any order."""
    free = replace(CHECK, parameters={"steps": "Visit Review", "before": "Confirm"})
    acts = (("Review", "b", 1), ("Visit", "a", 2), ("Confirm", "c", 3))
    assert ask(free, {}, given=trace(*acts)).outcome is CheckOutcome.CLEAR


def test_what_was_stopped_was_not_done() -> None:
    """A terminated element has an end but did no work; one that the engine completed did."""
    acts = (("Confirm", "c", 3),)
    gate = drawn("SEQ-01", {"steps": "Compare", "before": "Confirm"})
    for completed, outcome in ((False, CheckOutcome.HIT), (True, CheckOutcome.CLEAR)):
        visit = Visit(element="Compare", instance="Compare#1", entered_at=hour(1), left_at=hour(2), completed=completed)
        case = trace(*acts).trace
        assert isinstance(case, CaseTrace)
        given = Given(trace=replace(case, visits=(visit,)))
        assert ask(gate, {}, given=given).outcome is outcome


def test_without_the_trace_nothing_is_said() -> None:
    """Not handed over is not "nothing happened"."""
    found = ask(CHECK, {})
    assert (found.outcome, found.reason) == (
        CheckOutcome.CANNOT_SAY, "无法判断必经环节：本案办理轨迹尚未提供给检查",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "later", "code"),
    [
        ("2026-03-01", "2026-03-02", "dates"),
        ("2026-03-02", "2026-03-02", "dates"),
        ("2026-03-02T23:00:00+08:00", "2026-03-02", "dates"),
        ("2026-03-02T10:00:00+08:00", "2026-03-02T09:00:00+08:00", "dates-reversed"),
        ("2026-03-03", "2026-03-02", "dates-reversed"),
        (None, "2026-03-02", "missing"),
        ("2026-03-02", None, "missing"),
    ],
)
def test_two_moments_of_the_variables(earlier: object, later: object, code: str) -> None:
    """Noon is not after its own day; a moment that is not there is an open question."""
    gate = drawn("SEQ-01", {"earlier": "=a", "later": "=b"})
    assert ask(gate, {"a": earlier, "b": later}).reason_code == code
