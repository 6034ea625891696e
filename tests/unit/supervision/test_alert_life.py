"""The life of an alert as a state machine: what follows what, by whom, and until when."""

from datetime import UTC, datetime

import pytest

from engine.model.alerts import AlertState, AlertStep, Verdict
from engine.model.errors import Conflict, Invalid, NotAllowed
from engine.model.findings import RiskLevel
from engine.supervision.alert_life import Standing, due, offered, taken
from engine.supervision.calendar import seeded

CLERK, OTHER = 1, 2


def walk(*steps: AlertStep, verdict: Verdict = Verdict.TRUE, person: int = CLERK) -> Standing:
    """An alert after these steps by one person."""
    now = Standing(state=AlertState.RAISED)
    for step in steps:
        now = taken(now, step, person=person, verdict=verdict, text="已办。")
    return now


def test_a_true_alert_is_rectified_fed_back_reviewed_by_another_and_cleared() -> None:
    """The whole way."""
    now = walk(AlertStep.SIGN, AlertStep.VERIFY, AlertStep.RECTIFY, AlertStep.FEED_BACK)
    assert (now.state, now.verdict) == (AlertState.FED_BACK, Verdict.TRUE)
    assert offered(now, CLERK) == ()
    assert offered(now, OTHER) == (AlertStep.REVIEW, AlertStep.RETURN)
    reviewed = taken(now, AlertStep.REVIEW, person=OTHER, verdict=None, text="属实，整改到位。")
    cleared = taken(reviewed, AlertStep.CLEAR, person=CLERK, verdict=None, text="")
    assert cleared.state is AlertState.CLEARED
    assert offered(cleared, OTHER) == ()


@pytest.mark.parametrize("verdict", [Verdict.FALSE, Verdict.CANNOT_TELL])
def test_what_was_not_found_true_needs_no_rectification(verdict: Verdict) -> None:
    """It is fed back at once; somebody else still reviews."""
    now = walk(AlertStep.SIGN, AlertStep.VERIFY, verdict=verdict)
    assert offered(now, CLERK) == (AlertStep.FEED_BACK,)


def test_a_true_alert_cannot_skip_rectification() -> None:
    """Feeding back follows what was done about it."""
    with pytest.raises(Conflict, match="cannot be taken on"):
        walk(AlertStep.SIGN, AlertStep.VERIFY, AlertStep.FEED_BACK)


def test_nobody_reviews_their_own_work() -> None:
    """Whoever verified, rectified or fed back is recused."""
    now = walk(AlertStep.SIGN, AlertStep.VERIFY, AlertStep.RECTIFY, AlertStep.FEED_BACK)
    with pytest.raises(NotAllowed, match="somebody else"):
        taken(now, AlertStep.REVIEW, person=CLERK, verdict=None, text="好")


def test_a_returned_alert_begins_anew_and_frees_its_reviewer_rule() -> None:
    """Back to signed for, without verdict and without handlers."""
    now = walk(AlertStep.SIGN, AlertStep.VERIFY, AlertStep.RECTIFY, AlertStep.FEED_BACK)
    back = taken(now, AlertStep.RETURN, person=OTHER, verdict=None, text="证据不足")
    assert back == Standing(state=AlertState.SIGNED)


@pytest.mark.parametrize(
    ("step", "verdict", "text", "places"),
    [(AlertStep.VERIFY, None, "已查", ["verdict"]), (AlertStep.VERIFY, Verdict.TRUE, " ", ["opinion"])],
)
def test_a_verification_needs_verdict_and_words(
    step: AlertStep, verdict: Verdict | None, text: str, places: list[str]
) -> None:
    """Each missing thing is named."""
    with pytest.raises(Invalid) as found:
        taken(walk(AlertStep.SIGN), step, person=CLERK, verdict=verdict, text=text)
    assert [detail.place for detail in found.value.details] == places


def test_limits_are_working_days_and_half_for_what_is_critical() -> None:
    """Raised on Friday 13 February 2026: the next working day is Saturday the 14th, made up for the Spring Festival."""
    friday = datetime(2026, 2, 13, 2, tzinfo=UTC)
    assert due(AlertState.RAISED, RiskLevel.HIGH, friday, seeded()) == datetime(2026, 2, 14, 16, tzinfo=UTC)
    slow = due(AlertState.SIGNED, RiskLevel.HIGH, friday, seeded())
    quick = due(AlertState.SIGNED, RiskLevel.CRITICAL, friday, seeded())
    assert slow is not None
    assert quick is not None
    assert quick < slow
    assert due(AlertState.CLEARED, RiskLevel.HIGH, friday, seeded()) is None
    assert due(AlertState.RAISED, RiskLevel.HIGH, datetime(2031, 1, 1, tzinfo=UTC), seeded()) is None
