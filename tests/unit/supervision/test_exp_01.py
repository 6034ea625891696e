"""EXP-01 and DMN-01: rules of the unit's own."""

from datetime import UTC, datetime

import pytest

from engine.model.definitions import ElementDefinition
from engine.model.findings import CheckOutcome, CheckResult
from engine.model.ids import ElementId
from engine.model.lookups import Found, Need, Unavailable
from engine.supervision import gateway
from tests.unit.supervision.asking import ask, drawn


@pytest.mark.parametrize(
    ("area", "outcome", "reason"),
    [
        (5, "hit", "面积：只有 5 平方米"),
        (50, "clear", "面积：不符合预警条件"),
        (None, "cannot_say", "无法判断面积：缺少条件（area < 8）"),
        ("5", "cannot_say", "无法判断面积：缺少条件（area < 8）"),
    ],
)
def test_a_condition(area: object, outcome: str, reason: str) -> None:
    """True is a HIT with the unit's own sentence; what FEEL cannot compare is null."""
    parameters = {
        "condition": "=area < 8",
        "message": '="只有 " + string(area) + " 平方米"',
        "evidence": "={area: area}",
    }
    found = ask(drawn("EXP-01", parameters, name="面积"), {"area": area})
    assert (found.outcome, found.reason) == (outcome, reason)


def test_without_a_message_the_condition_is_said() -> None:
    """And a value that is neither true nor false is an open question."""
    assert ask(drawn("EXP-01", {"condition": "=1 < 2"}, name="面积"), {}).reason == "面积：符合预警条件 1 < 2"
    assert ask(drawn("EXP-01", {"condition": "=1 + 1"}), {}).reason_code == "wrong-kind"


def decided(answer: Found | Unavailable) -> CheckResult:
    element = ElementDefinition(
        id=ElementId("G"), type="userTask", name="", checks=(drawn("DMN-01", {"decision": "site"}, name="选址"),)
    )

    def fetch(need: Need) -> Found | Unavailable:
        return answer

    (result,) = gateway.judge(element, {}, now=datetime(2026, 3, 2, tzinfo=UTC), fetch=fetch).results
    return result


@pytest.mark.parametrize(
    ("output", "outcome", "reason"),
    [
        (True, "hit", "选址：决策表 site 判定为预警"),
        (False, "clear", "选址：决策表 site 未判定为预警"),
        ({"hit": True, "reason": "距学校不足 200 米"}, "hit", "选址：距学校不足 200 米"),
        (None, "cannot_say", "无法判断选址：决策表 site 没有给出是或否"),
        ({"reason": "x"}, "cannot_say", "无法判断选址：决策表 site 没有给出是或否"),
        ([True], "cannot_say", "无法判断选址：决策表 site 没有给出是或否"),
    ],
)
def test_a_decision(output: object, outcome: str, reason: str) -> None:
    """A truth, or a context with hit and reason; the digest of the table is the data version."""
    found = decided(Found(value=output, version="sha"))
    assert (found.outcome, found.reason) == (outcome, reason)
    if outcome != "cannot_say":
        assert found.data_versions == {"decision site": "sha"}


def test_a_decision_that_is_not_deployed() -> None:
    """Is named."""
    found = decided(Unavailable(reason="the decision site is not deployed"))
    assert found.outcome is CheckOutcome.CANNOT_SAY
    assert "site" in found.reason
