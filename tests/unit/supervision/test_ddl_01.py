"""DDL-01: green, yellow, red and red again, over variables or the case's own trace."""

from datetime import UTC, datetime

import pytest

from engine.model.findings import CheckOutcome, CheckResult, Light, RiskLevel
from engine.supervision.facts import CaseTrace, Given, Visit
from tests.unit.supervision.asking import ask, drawn

TWENTY = {"from": "=began", "to": "=ended", "limit": "20", "pauses": "=pauses", "reset": "=reset"}


def on(day: int, month: int = 1) -> datetime:
    """Ten in the morning in Shenyang."""
    return datetime(2026, month, day, 2, tzinfo=UTC)


def asked(now: datetime, more: dict[str, str] | None = None, **case: object) -> CheckResult:
    definition = drawn("DDL-01", TWENTY | (more or {}), name="审核确认", level=RiskLevel.LOW)
    return ask(definition, {"began": "2026-01-05", **case}, now=now)


@pytest.mark.parametrize(
    ("now", "outcome", "light", "level", "reason"),
    [
        (on(12), "clear", Light.GREEN, RiskLevel.LOW, "审核确认：已用 5 个工作日，期限 20 个工作日，至 2026-02-02"),
        (on(26), "clear", Light.GREEN, RiskLevel.LOW, "审核确认：已用 15 个工作日，期限 20 个工作日，至 2026-02-02"),
        (on(27), "hit", Light.YELLOW, RiskLevel.LOW, "审核确认：已用 16 个工作日，接近期限 20 个工作日，至 2026-02-02"),
        (
            on(2, 2),
            "hit",
            Light.YELLOW,
            RiskLevel.LOW,
            "审核确认：已用 20 个工作日，接近期限 20 个工作日，至 2026-02-02",
        ),
        (
            on(3, 2),
            "hit",
            Light.RED,
            RiskLevel.MEDIUM,
            "审核确认：已用 21 个工作日，超过期限 20 个工作日（至 2026-02-02）",
        ),
    ],
)
def test_lights_of_a_running_case(now: datetime, outcome: str, light: Light, level: RiskLevel, reason: str) -> None:
    """From 5 January 2026, 20 working days end on 2 February; yellow on the 16th, red the day after, a level higher."""
    found = asked(now)
    assert (found.outcome, found.light, found.level, found.reason) == (outcome, light, level, reason)
    assert found.data_versions["calendar"].startswith("国务院办公厅")


def test_what_ended_in_time_stays_clear_for_ever() -> None:
    """Judged at its end, not now; near the limit is not late."""
    found = asked(on(1, 6), ended="2026-02-02")
    assert (found.outcome, found.light, found.reason) == (
        CheckOutcome.CLEAR, Light.GREEN, "审核确认：20 个工作日办结，期限 20 个工作日",
    )  # fmt: skip
    late = asked(on(1, 6), ended="2026-02-03")
    assert (late.outcome, late.light) == (CheckOutcome.HIT, Light.RED)


def test_a_pause_moves_the_end() -> None:
    """Ten days in which the clock stood still (a hearing) make a late case one in time."""
    pauses = [{"from": "2026-01-12", "until": "2026-01-22", "kind": "hearing"}]
    assert asked(on(3, 2)).light is Light.RED
    assert asked(on(3, 2), pauses=pauses).light is Light.GREEN
    running = asked(on(3, 2), pauses=[{"from": "2026-01-12", "until": None}])
    assert (running.light, running.evidence["paused"]) == (Light.GREEN, True)


@pytest.mark.parametrize(
    "pauses", [[1], [{"until": "2026-01-12"}], [{"from": "x"}], [{"from": "2026-01-12", "until": "y"}]]
)
def test_a_pause_that_cannot_be_read_is_an_open_question(pauses: object) -> None:
    """It is neither taken nor left out."""
    assert asked(on(3, 2), pauses=pauses).reason_code == "bad-pause"


def test_red_again_when_the_re_set_term_is_over() -> None:
    """Two levels higher, on the day after its last day."""
    assert asked(on(10, 2), reset="2026-02-10").light is Light.RED
    found = asked(on(11, 2), reset="2026-02-10")
    assert (found.light, found.level, found.reason_code) == (Light.RED_AGAIN, RiskLevel.HIGH, "late-again")


def test_a_step_is_late_though_the_case_is_in_time() -> None:
    """未超总期限但环节超时, one of the published triggers."""
    more = {"limit": "3", "case_from": "=began", "case_limit": "20"}
    found = asked(on(9), more)
    assert (found.light, found.reason_code) == (Light.RED, "late-step")
    assert "总期限未超" in found.reason
    assert asked(on(4, 3), more).reason_code == "late"


def test_yellow_one_working_day_before() -> None:
    """预警 one 工作日 before the last day: Friday for a Monday."""
    more = {"warn": "1", "warn_unit": "workdays_before"}
    assert asked(on(29), more).light is Light.GREEN
    assert asked(on(30), more).light is Light.YELLOW


def test_the_visit_of_an_element_is_timed_by_the_trace() -> None:
    """The last visit counts; an element that was not reached is not late; no trace is an open question."""
    definition = drawn("DDL-01", {"element": "Visit", "limit": "24", "unit": "hour"}, name="入户")
    visits = (
        Visit(element="Visit", instance="Visit#1", entered_at=on(5), left_at=on(20), completed=True),
        Visit(element="Visit", instance="Visit#2", entered_at=on(20)),
    )
    given = Given(trace=CaseTrace(started_at=on(5), visits=visits))
    assert ask(definition, {}, now=on(20), given=given).light is Light.GREEN
    assert ask(definition, {}, now=on(21), given=given).light is Light.RED
    assert (
        ask(definition, {}, now=on(21), given=Given(trace=CaseTrace(started_at=on(5)))).reason_code == "not-applicable"
    )
    assert ask(definition, {}, now=on(21)).reason_code == "no-trace"


@pytest.mark.parametrize(
    ("case", "more", "code"),
    [
        ({"began": None}, {}, "missing"),
        ({"began": "neulich"}, {}, "wrong-kind"),
        ({"began": datetime(2026, 1, 5)}, {}, "wrong-kind"),  # noqa: DTZ001 - without a zone it is no instant
        ({"ended": "2026-01-02"}, {}, "backwards"),
        ({"began": "2026-12-25"}, {}, "unknown-year"),
        ({}, {"limit": "=none"}, "missing"),
        ({}, {"limit": "2.5"}, "wrong-kind"),
    ],
)
def test_what_cannot_be_judged(case: dict[str, object], more: dict[str, str], code: str) -> None:
    """A year that the calendar does not know is said, never guessed."""
    found = asked(datetime(2026, 12, 28, tzinfo=UTC), more, **case)
    assert (found.outcome, found.reason_code) == (CheckOutcome.CANNOT_SAY, code)
