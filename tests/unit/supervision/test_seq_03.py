"""SEQ-03: how often a case went back."""

import pytest

from engine.model.findings import CheckOutcome
from engine.supervision.facts import Act, CaseTrace, Given
from tests.unit.supervision.asking import ask, drawn, hour, trace


def returned(*outcomes: str, reopened: int = 0) -> Given:
    acts = tuple(Act(element="Review", person="a", at=hour(n), outcome=outcome) for n, outcome in enumerate(outcomes))
    return Given(trace=CaseTrace(started_at=hour(0), acts=acts, reopened=reopened))


@pytest.mark.parametrize(("times", "outcome"), [(2, CheckOutcome.CLEAR), (3, CheckOutcome.HIT)])
def test_returns_are_counted_by_outcome(times: int, outcome: CheckOutcome) -> None:
    """Two are let pass, of the named outcomes only."""
    definition = drawn("SEQ-03", {"outcomes": "return correct"}, name="退回")
    found = ask(definition, {}, given=returned("accept", *["return", "correct", "return"][:times], "approve"))
    assert (found.outcome, found.evidence["count"]) == (outcome, times)


def test_returns_of_another_element_do_not_count() -> None:
    """With an element, only its own."""
    definition = drawn("SEQ-03", {"outcomes": "return", "element": "Confirm", "max": "0"})
    assert ask(definition, {}, given=returned("return")).outcome is CheckOutcome.CLEAR


def test_visits_after_the_first_are_returns() -> None:
    """Without outcomes the element's visits are counted."""
    definition = drawn("SEQ-03", {"element": "Review", "max": "1"}, name="重新审核")
    assert ask(definition, {}, given=trace(("Review", "a", 1), ("Review", "a", 2))).outcome is CheckOutcome.CLEAR
    found = ask(definition, {}, given=trace(("Review", "a", 1), ("Review", "a", 2), ("Review", "a", 3)))
    assert found.reason == "重新审核 2 次，超过 1 次"


def test_a_case_that_went_on_after_its_end() -> None:
    """A HIT, unless the model allows it."""
    definition = drawn("SEQ-03", {"outcomes": "return"}, name="退回")
    assert ask(definition, {}, given=returned(reopened=1)).reason == "退回：办结后又重新办理 1 次"
    allowed = drawn("SEQ-03", {"outcomes": "return", "reopening": "true"})
    assert ask(allowed, {}, given=returned(reopened=1)).outcome is CheckOutcome.CLEAR


def test_a_number_of_the_variables_needs_no_trace() -> None:
    """But without number and trace nothing is said."""
    counted = drawn("SEQ-03", {"count": "=rounds"})
    assert ask(counted, {"rounds": 3}).outcome is CheckOutcome.HIT
    assert ask(counted, {}).reason_code == "missing"
    assert ask(drawn("SEQ-03", {"element": "Review"}), {}).reason_code == "no-trace"
