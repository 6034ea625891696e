"""Every shipped decision loads, and the limits of the allowance are what the city published."""

from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from engine.feel import dmn
from engine.service.demonstration_city import STANDARDS

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
LIMITS = PROCESSES / "dibao" / "dibao-limits.dmn"
DISCRETION = PROCESSES / "penalty" / "penalty-discretion.dmn"


def test_every_decision_file_loads(decision: Path) -> None:
    """A shipped decision file can be loaded and holds a decision."""
    assert dmn.load(decision.read_bytes()).decisions


@pytest.mark.parametrize(
    ("household_type", "income", "vehicle_value", "savings", "rule"),
    [("urban", 830, 100000, 20000, 1), ("rural", 640, 100000, 15000, 2)],
)
def test_limits_follow_the_type_of_household(
    household_type: str, income: int, vehicle_value: int, savings: int, rule: int
) -> None:
    """Each type of household matches exactly one rule, with its limits."""
    result = dmn.load(LIMITS.read_bytes()).evaluate("dibao_limits", {"household_type": household_type})
    assert result.errors == ()
    assert result.matched == (rule,)
    assert result.value == {"income": income, "vehicle_value": vehicle_value, "savings": savings}


@pytest.mark.parametrize("context", [{}, {"household_type": None}, {"household_type": "nomadic"}])
def test_without_a_known_type_there_are_no_limits(context: dict[str, object]) -> None:
    """No limits are invented for a household whose type is missing or unknown."""
    assert dmn.load(LIMITS.read_bytes()).evaluate("dibao_limits", context).value is None


def test_demonstration_pays_by_the_same_standards() -> None:
    """The sample cases reckon allowances with the standards of the decision table."""
    model = dmn.load(LIMITS.read_bytes())
    for household_type, standard in STANDARDS.items():
        value = model.evaluate("dibao_limits", {"household_type": household_type}).value
        assert isinstance(value, dict)
        assert value["income"] == Decimal(standard)


CONSEQUENCES, COOPERATION = ("none", "minor", "serious"), ("mitigated", "cooperative", "refused")


def band(**circumstances: object) -> object:
    return dmn.load(DISCRETION.read_bytes()).evaluate("penalty_discretion", circumstances).value


def test_every_combination_of_circumstances_has_one_band() -> None:
    """One tier each, worse circumstances never a milder one; the highest fine is that of the regulation."""
    for consequence, cooperation in product(CONSEQUENCES, COOPERATION):
        highest = []
        for repeats in (0, 1, 2, 5):
            found = band(consequence=consequence, repeats=repeats, cooperation=cooperation)
            assert isinstance(found, dict), (consequence, repeats, cooperation)
            assert found["low"] <= found["high"] <= 30_000
            assert found["hearing"] is (found["high"] > 10_000)
            highest.append(found["high"])
        assert highest == sorted(highest)
    spared = band(consequence="none", repeats=0, cooperation="mitigated")
    assert isinstance(spared, dict)
    assert (spared["tier"], spared["high"]) == ("不予处罚", 0)


def test_missing_circumstances_have_no_band() -> None:
    """What was not found out is not guessed."""
    assert band(consequence="minor", cooperation="cooperative") is None
    assert band(repeats=0, cooperation="mitigated") is None
