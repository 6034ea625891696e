"""The triggers that regulations of electronic supervision publish, each raising the right light on the right day.

电子监察管理办法: 不予受理、超承诺期限、未超总期限但环节超时、初审报送超期、不说明理由、不按规定网上审批、擅自收费;
a prompt one working day before the limit, yellow from three days before (西安), five working days for a complaint
(成都、泉州: yellow before, red after). Days are those of 2026 with its make-up workdays.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.model.definitions import CheckDefinition, ElementDefinition
from engine.model.findings import Action, CheckOutcome, CheckResult, Light, RiskLevel
from engine.model.ids import ElementId
from engine.model.lookups import Unavailable
from engine.supervision import gateway
from engine.supervision.facts import Act, CaseTrace, Given, Visit

SHANGHAI = ZoneInfo("Asia/Shanghai")
GREEN, YELLOW, RED, RED_AGAIN = Light.GREEN, Light.YELLOW, Light.RED, Light.RED_AGAIN


def at(day: str, hour: int = 10) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), tzinfo=SHANGHAI).replace(hour=hour)


def asked(
    code: str, now: str, parameters: dict[str, str], trace: CaseTrace | None = None, **variables: object
) -> CheckResult:
    """What a check answers on a day."""
    check = CheckDefinition(
        id="trigger", code=code, name="触发条件", level=RiskLevel.LOW, actions=frozenset({Action.ALERT_UNIT}),
        blocking=False, parameters=parameters,
    )  # fmt: skip
    element = ElementDefinition(id=ElementId("node"), type="userTask", name="", checks=(check,))
    given = Given(trace=trace)
    nothing = Unavailable(reason="none")
    (result,) = gateway.judge(element, variables, now=at(now), given=given, fetch=lambda _need: nothing).results
    return result


PROMISED = {"from": "=accepted_on", "to": "=done_on", "limit": "5", "warn": "1", "warn_unit": "workdays_before"}


@pytest.mark.parametrize(
    ("now", "light"),
    [
        ("2026-02-09", GREEN),
        ("2026-02-12", GREEN),
        ("2026-02-13", YELLOW),
        ("2026-02-14", YELLOW),
        ("2026-02-15", RED),
        ("2026-02-24", RED),
    ],
)
def test_the_promised_term_with_a_worked_saturday(now: str, light: Light) -> None:
    """超承诺期限: accepted on Monday 9 February for five working days; Saturday the 14th is worked, so it is the last.

    One working day before it (Friday) the light is yellow; the day after it is red, holidays or not.
    """
    result = asked("DDL-01", now, PROMISED, accepted_on="2026-02-09", done_on=None)
    assert result.light is light
    assert (result.outcome is CheckOutcome.HIT) is (light is not GREEN)
    assert result.level is (RiskLevel.MEDIUM if light is RED else RiskLevel.LOW)


@pytest.mark.parametrize(
    ("now", "light"), [("2026-09-29", GREEN), ("2026-09-30", YELLOW), ("2026-10-07", YELLOW), ("2026-10-10", RED)]
)
def test_the_national_day_does_not_count(now: str, light: Light) -> None:
    """超承诺期限 over a long holiday: the last day lies behind it, and yellow stands through it."""
    result = asked("DDL-01", now, {**PROMISED, "limit": "3"}, accepted_on="2026-09-28", done_on=None)
    assert result.light is light


def test_yellow_from_three_days_before() -> None:
    """提前三日黄灯: of a term of twenty working days."""
    parameters = {"from": "=accepted_on", "limit": "20", "warn": "3", "warn_unit": "workdays_before"}
    lights = {
        now: asked("DDL-01", now, parameters, accepted_on="2026-03-02").light
        for now in ("2026-03-24", "2026-03-25", "2026-03-30", "2026-03-31")
    }
    assert lights == {"2026-03-24": GREEN, "2026-03-25": YELLOW, "2026-03-30": YELLOW, "2026-03-31": RED}


def test_a_pause_for_a_special_procedure_moves_the_day() -> None:
    """特别程序: a hearing from 4 to 11 March stops the clock for five working days; meanwhile nothing turns red."""
    parameters = {"from": "=accepted_on", "limit": "5", "pauses": "=pauses"}
    stopped: list[dict[str, str | None]] = [{"from": "2026-03-04", "until": None, "kind": "hearing"}]
    held: list[dict[str, str | None]] = [{"from": "2026-03-04", "until": "2026-03-11", "kind": "hearing"}]

    def light(now: str, pauses: list[dict[str, str | None]]) -> Light | None:
        return asked("DDL-01", now, parameters, accepted_on="2026-03-02", pauses=pauses).light

    assert light("2026-03-10", []) is RED
    assert light("2026-03-10", stopped) is not RED
    assert light("2026-03-16", held) is not RED
    assert light("2026-03-17", held) is RED


def stepping(entered: str, left: str | None = None) -> CaseTrace:
    """A case that stands in its first review since a day."""
    visit = Visit(
        element="Review", instance="Review#1", entered_at=at(entered), left_at=at(left) if left else None,
        completed=left is not None,
    )  # fmt: skip
    return CaseTrace(started_at=at("2026-03-02"), visits=(visit,))


STEP = {"element": "Review", "limit": "3", "case_from": "=accepted_on", "case_limit": "20"}


def test_a_step_is_late_though_the_case_is_in_time() -> None:
    """未超总期限但环节超时: red on the fourth working day of the step, and it says that the case is in time."""
    in_time = asked("DDL-01", "2026-03-05", STEP, stepping("2026-03-02"), accepted_on="2026-03-02")
    late = asked("DDL-01", "2026-03-06", STEP, stepping("2026-03-02"), accepted_on="2026-03-02")
    both = asked("DDL-01", "2026-04-10", STEP, stepping("2026-03-02"), accepted_on="2026-03-02")
    assert (in_time.light, late.light, both.light) == (YELLOW, RED, RED)
    assert (late.reason_code, both.reason_code) == ("late-step", "late")
    assert "总期限未超" in late.reason


def test_the_first_review_is_handed_up_late() -> None:
    """初审报送超期: measured when it was handed up, green for the one in time, red for the one a day later."""
    for left, light in (("2026-03-05", GREEN), ("2026-03-06", RED)):
        result = asked("DDL-01", "2026-03-20", {"element": "Review", "limit": "3"}, stepping("2026-03-02", left))
        assert (result.light, result.outcome is CheckOutcome.HIT) == (light, light is RED)


def test_the_term_that_was_set_again_is_over_too() -> None:
    """限期内仍未办结: red again, two levels higher."""
    parameters = {"from": "=accepted_on", "limit": "5", "reset": "=until"}
    red = asked("DDL-01", "2026-03-13", parameters, accepted_on="2026-03-02", until="2026-03-13")
    again = asked("DDL-01", "2026-03-14", parameters, accepted_on="2026-03-02", until="2026-03-13")
    assert (red.light, again.light) == (RED, RED_AGAIN)
    assert again.level.rank == red.level.rank + 1


def test_a_complaint_is_taken_in_within_five_working_days() -> None:
    """投诉五个工作日内受理: received before the Qingming holiday, red on the sixth working day."""
    parameters = {"from": "=received_on", "to": "=accepted_on", "limit": "5"}
    in_time = asked("DDL-01", "2026-04-10", parameters, received_on="2026-04-02", accepted_on=None)
    late = asked("DDL-01", "2026-04-13", parameters, received_on="2026-04-02", accepted_on=None)
    assert (in_time.light, late.light) == (YELLOW, RED)


REFUSED = '=outcome = "reject" and (reason = null or string length(reason) < 10)'


def test_refusing_without_a_reason() -> None:
    """不予受理、不说明理由: a refusal needs one that says something; another outcome needs none."""
    parameters = {"condition": REFUSED, "message": "不予受理未说明理由"}
    refused = asked("EXP-01", "2026-03-02", parameters, outcome="reject", reason="不符合")
    explained = asked("EXP-01", "2026-03-02", parameters, outcome="reject", reason="申请人户籍不在本街道受理范围。")
    accepted = asked("EXP-01", "2026-03-02", parameters, outcome="accept", reason=None)
    assert (refused.outcome, refused.reason) == (CheckOutcome.HIT, "触发条件：不予受理未说明理由")
    assert (explained.outcome, accepted.outcome) == (CheckOutcome.CLEAR, CheckOutcome.CLEAR)


def test_deciding_outside_of_the_system() -> None:
    """不按规定网上审批: a decision whose steps are not in the trace."""
    parameters = {"steps": "Review", "before": "Decision"}
    decided = Act(element="Decision", person="7", at=at("2026-03-06"))
    reviewed = Act(element="Review", person="5", at=at("2026-03-05"))
    around = CaseTrace(started_at=at("2026-03-02"), acts=(decided,))
    online = CaseTrace(started_at=at("2026-03-02"), acts=(reviewed, decided))
    assert asked("SEQ-01", "2026-03-09", parameters, around).outcome is CheckOutcome.HIT
    assert asked("SEQ-01", "2026-03-09", parameters, online).outcome is CheckOutcome.CLEAR


def test_charging_what_the_tariff_does_not_allow() -> None:
    """擅自收费: more than the published tariff; an unknown charge is no pass."""
    parameters = {"value": "=charged", "operator": "<=", "limit": "=tariff", "unit": "元"}
    assert asked("THR-01", "2026-03-02", parameters, charged=20, tariff=0).outcome is CheckOutcome.HIT
    assert asked("THR-01", "2026-03-02", parameters, charged=0, tariff=0).outcome is CheckOutcome.CLEAR
    assert asked("THR-01", "2026-03-02", parameters, charged=None, tariff=0).outcome is CheckOutcome.CANNOT_SAY
