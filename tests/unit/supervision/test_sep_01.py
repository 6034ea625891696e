"""SEP-01: two things that must not lie in one hand."""

from dataclasses import replace

import pytest

from engine.model.findings import CheckOutcome
from engine.supervision.facts import Act, CaseTrace, Given
from tests.unit.supervision.asking import ask, drawn, hour, trace

CHECK = drawn("SEP-01", {"pairs": "Visit/Review, Review/Confirm"}, name="岗位分离")


def acts(*made: Act) -> Given:
    return Given(trace=CaseTrace(started_at=hour(0), acts=made))


def test_one_person_did_both() -> None:
    """With name and the names of the elements; in either order."""
    one = Act(element="Review", element_name="审核", person="7", person_name="王丽", at=hour(1))
    other = Act(element="Visit", element_name="入户调查", person="7", person_name="王丽", at=hour(2))
    found = ask(CHECK, {}, given=acts(one, other))
    assert (found.outcome, found.reason) == (CheckOutcome.HIT, "岗位分离：王丽既办理“入户调查”又办理“审核”")


def test_the_act_being_judged_counts() -> None:
    """So the gate can block before the second act is done."""
    given = trace(("Visit", "7", 1))
    assert ask(CHECK, {}, given=given).outcome is CheckOutcome.CLEAR
    acting = Act(element="Review", person="7", at=hour(2))
    assert ask(CHECK, {}, given=replace(given, acting=acting)).outcome is CheckOutcome.HIT


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ({"person": "1"}, {"person": "2"}, "separate"),
        ({"person": "1", "on_behalf_of": "2"}, {"person": "2"}, "deputy"),
        ({"person": "1"}, {"person": "3", "on_behalf_of": "1"}, "deputy"),
        ({"person": "1", "account": "desk"}, {"person": "2", "account": "desk"}, "shared-account"),
        ({"person": "", "account": ""}, {"person": "", "account": ""}, "separate"),
    ],
)
def test_deputies_and_shared_accounts(first: dict[str, str], second: dict[str, str], code: str) -> None:
    """Acting for somebody is acting; one account is one hand; nobody is not everybody."""
    one, other = Act(element="Visit", person="", at=hour(1)), Act(element="Review", person="", at=hour(2))
    given = acts(replace(one, **first), replace(other, **second))  # type: ignore[arg-type]
    assert ask(CHECK, {}, given=given).reason_code == code


def test_the_same_element_twice_is_no_pair() -> None:
    """A loop of one person at one element is not two duties."""
    given = trace(("Visit", "7", 1), ("Visit", "7", 2), ("Review", "8", 3))
    assert ask(CHECK, {}, given=given).outcome is CheckOutcome.CLEAR


def test_what_cannot_be_judged() -> None:
    """No trace, and pairs that are none."""
    assert ask(CHECK, {}).reason_code == "no-trace"
    assert ask(drawn("SEP-01", {"pairs": "Visit-Review"}), {}, given=trace()).reason_code == "bad-pairs"


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [("王丽", "王丽 ", "same-value"), ("王丽", "李强", "two-values"), ("王丽", None, "missing"), ("", "", "missing")],
)
def test_two_values_of_the_variables(first: object, second: object, code: str) -> None:
    """Two blanks are not the same person."""
    gate = drawn("SEP-01", {"first": "=a", "second": "=b"})
    assert ask(gate, {"a": first, "b": second}).reason_code == code
