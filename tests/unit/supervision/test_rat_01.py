"""RAT-01: paid over approved, with a share that is let pass."""

from decimal import Decimal

import pytest

from engine.model.findings import CheckOutcome, RiskLevel
from tests.unit.supervision.asking import ask, drawn

CHECK = drawn("RAT-01", {"numerator": "=paid", "denominator": "=approved"}, name="实付")


@pytest.mark.parametrize(
    ("paid", "outcome", "level", "reason"),
    [
        (1100, "clear", RiskLevel.MEDIUM, "实付：1100 为 1000 的 110%，未超过 110%"),
        (Decimal("1100.01"), "hit", RiskLevel.MEDIUM, "实付：1100.01 为 1000 的 110%，超过 110%"),
        (1320, "hit", RiskLevel.MEDIUM, "实付：1320 为 1000 的 132%，超过 110%"),
        (1321, "hit", RiskLevel.HIGH, "实付：1321 为 1000 的 132.1%，超过 110%"),
        (-5, "clear", RiskLevel.MEDIUM, "实付：-5 为 1000 的 -0.5%，未超过 110%"),
    ],
)
def test_ratios(paid: object, outcome: str, level: RiskLevel, reason: str) -> None:
    """Equal to the limit passes; a fifth beyond it is a level higher."""
    found = ask(CHECK, {"paid": paid, "approved": 1000})
    assert (found.outcome, found.level, found.reason) == (outcome, level, reason)


@pytest.mark.parametrize(
    ("paid", "approved", "code"),
    [(None, 1, "missing"), (1, None, "missing"), (1, 0, "no-base"), (1, -2, "no-base"), ("1", 1, "wrong-kind")],
)
def test_what_cannot_be_judged(paid: object, approved: object, code: str) -> None:
    """Nothing is divided by zero, and nothing is taken for it."""
    found = ask(CHECK, {"paid": paid, "approved": approved})
    assert (found.outcome, found.reason_code) == (CheckOutcome.CANNOT_SAY, code)
