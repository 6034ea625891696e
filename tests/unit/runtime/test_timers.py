# ruff: noqa: E501 - one model a line
"""Timers: when they are due, and what they do at every place: given, when, then on tiny models."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.feel.values import YearMonthDuration
from engine.model.errors import Conflict, Refused
from engine.model.ids import ElementInstanceId
from engine.runtime import interpreter, timers
from engine.runtime.environment import monday_to_friday
from engine.runtime.events import TimerKind
from engine.runtime.timers import Due
from tests.unit.runtime.builder import (
    NOW,
    WORLD,
    Case,
    both,
    boundary,
    bpmn,
    catch,
    chain,
    cycle,
    end,
    many,
    node,
    of,
    on_event,
    start,
    sub,
    timer,
    user,
)
from tests.unit.runtime.proving import proves

HOUR = timedelta(hours=1)
WORKING = '<supervision:calendar days="working"/>'


def due(kind: TimerKind, found: object, now: datetime = NOW) -> Due:
    return timers.first(kind, found, now, working=False, calendar=monday_to_friday)


@proves("timer catch event")
def test_intermediate_timer() -> None:
    """Given a timer catch event, when it is due, then its token goes on, and not before."""
    case = Case(bpmn(start(), catch("t", timer("PT1H")), end(), chain("s", "t", "e")))
    (waiting,) = case.step.timers
    assert (waiting.element, waiting.instance, waiting.due_at, waiting.left) == ("t", "t#1", NOW + HOUR, 1)
    assert [element.id for element in case.step.stands_at] == ["t"]
    with pytest.raises(Conflict) as caught:
        interpreter.fire(case.process, case.step.state, ElementInstanceId("t#1"), case.world)
    assert caught.value.code == "timer.not_due"
    assert case.fire("t").ended
    assert case.story == ["-t#1", ">t_e", "+e#1", "-e#1"]
    assert case.step.closed == ("t#1",)


@proves("timer date, duration, cycle; ISO 8601 and FEEL")
def test_feel_in_timers() -> None:
    """Given FEEL, then it is evaluated when the wait begins, as date and time, duration or text."""
    for text, variables, after in (
        ("=deadline", {"deadline": NOW + 2 * HOUR}, 2 * HOUR),
        ('=now() + duration("PT3H")', {}, 3 * HOUR),
    ):
        case = Case(bpmn(start(), catch("t", timer(text, "timeDate")), end(), chain("s", "t", "e")), variables)
        assert case.step.timers[0].due_at == NOW + after
    case = Case(bpmn(start(), catch("t", timer("=duration(limit)")), end(), chain("s", "t", "e")), {"limit": "P2D"})
    assert case.step.timers[0].due_at == NOW + timedelta(days=2)


@pytest.mark.parametrize(
    ("kind", "value"), [("timeDuration", "=1"), ("timeDuration", "=nothing"), ("timeDate", '="x"')]
)
def test_a_timer_without_a_time_is_refused(kind: str, value: str) -> None:
    """Given FEEL that gives no time, when the token arrives, then the step is refused and names the element."""
    with pytest.raises(Refused) as caught:
        Case(bpmn(start(), catch("t", timer(value, kind)), end(), chain("s", "t", "e")))
    assert (caught.value.code, caught.value.params["element"]) == ("expression.failed", "t")


@proves("timer boundary event")
def test_interrupting_boundary_timer() -> None:
    """Given a boundary timer, when it is due, then the task is terminated and closed, and the other way is taken."""
    model = bpmn(
        start(), user("a"), boundary("b", "a", timer("PT1H")), end("e", "late"), chain("s", "a", "e"), chain("b", "late")
    )  # fmt: skip
    case = Case(model)
    assert case.step.timers[0].instance == "b@1"
    case.fire("b")
    assert case.story == ["!a#1", "+b#1", "-b#1", ">b_late", "+late#1", "-late#1"]
    assert set(case.step.closed) == {"a#1", "b@1"}
    assert case.step.ended


def test_boundary_timer_is_off_when_the_task_is_done() -> None:
    """Given a boundary timer, when the task completes first, then the timer waits no longer."""
    model = bpmn(
        start(), user("a"), boundary("b", "a", timer("PT1H")), user("c"), end("e", "f"), chain("s", "a", "c", "e"),
        chain("b", "f"),
    )  # fmt: skip
    case = Case(model)
    assert case.complete("a").closed == ("b@1",)
    assert case.listens == []
    with pytest.raises(Conflict):
        interpreter.fire(case.process, case.step.state, ElementInstanceId("b@1"), case.world)


@proves("timer boundary event", "boundary event that does not interrupt")
def test_non_interrupting_cycle_fires_every_time() -> None:
    """Given R3/PT1H that does not interrupt, when it is due, then a token is added, three times, and no more."""
    model = bpmn(
        start(), user("a"), boundary("b", "a", cycle("R3/PT1H"), interrupting=False), user("urge"), end("e", "f"),
        chain("s", "a", "e"), chain("b", "urge", "f"),
    )  # fmt: skip
    case = Case(model)
    seen = []
    for _ in range(3):
        seen.append((case.timers[ElementInstanceId("b@1")].due_at - NOW, case.timers[ElementInstanceId("b@1")].left))
        case.fire("b")
    assert seen == [(HOUR, 3), (2 * HOUR, 2), (3 * HOUR, 1)]
    assert case.open == ["a", "urge", "urge", "urge"]
    assert case.listens == []
    assert case.step.closed == ("b@1",)


@proves("timer boundary event")
def test_overdue_periods_are_caught_up_one_a_firing() -> None:
    """Given a clock that stood still, when it goes on, then each missed period fires once, in order."""
    model = bpmn(
        start(), user("a"), boundary("b", "a", cycle("R/PT1H"), interrupting=False), end("e", "f"), chain("s", "a", "e"),
        chain("b", "f"),
    )  # fmt: skip
    case = Case(model)
    case.advance(hours=3.5)
    fired = 0
    while case.timers[ElementInstanceId("b@1")].due_at <= case.world.now:
        case.fire("b")
        fired += 1
    assert fired == 3
    assert case.timers[ElementInstanceId("b@1")].due_at == NOW + 4 * HOUR


def test_non_interrupting_duration_fires_once() -> None:
    """Given a duration that does not interrupt, when it has fired, then it waits no longer and the task does."""
    model = bpmn(
        start(), user("a"), boundary("b", "a", timer("PT1H"), interrupting=False), end("e", "f"), chain("s", "a", "e"),
        chain("b", "f"),
    )  # fmt: skip
    case = Case(model)
    case.fire("b")
    assert (case.open, case.listens) == (["a"], [])


@proves("boundary event on a subprocess")
def test_a_timer_ends_what_works_in_a_subprocess() -> None:
    """Given a timer on a subprocess, when it is due, then everything inside ends, its waits included."""
    inside = (
        start("in"), both("f"), user("x"), catch("m", of("message", "paid")), end("out"),
        chain("in", "f", "x", "out"), chain("f", "m", "out"),
    )  # fmt: skip
    model = bpmn(
        start(), sub("p1", *inside), boundary("b", "p1", timer("PT1H")), end("e", "f2"), chain("s", "p1", "e"),
        chain("b", "f2"),
    )  # fmt: skip
    case = Case(model, {"key": "k"})
    case.fire("b")
    assert case.happened[:4] == ["!x#1", "!m#1", "!p1#1", "+b#1"]
    assert set(case.step.closed) == {"x#1", "m#1", "b@1"}
    assert (case.listens, case.step.ended) == ([], True)


@proves("boundary event on a loop")
def test_a_timer_on_a_loop_is_for_the_whole_loop() -> None:
    """Given a boundary timer on a multi-instance task, then there is one timer, and it ends all instances."""
    model = bpmn(
        start(), node("userTask", "a", inner=many()), boundary("b", "a", timer("PT1H")), end("e", "f"),
        chain("s", "a", "e"), chain("b", "f"),
    )  # fmt: skip
    case = Case(model, {"items": [1, 2, 3]})
    assert len(case.step.timers) == 1
    case.complete("a")
    case.fire("b")
    assert case.happened[:3] == ["!a#2", "!a#3", "+b#1"]
    assert case.step.ended


@proves("event subprocess: timer")
def test_an_event_subprocess_with_a_timer() -> None:
    """Given a timer event subprocess, when it is due, then it runs in the open process, which waits for it."""
    warn = on_event("warn", timer("PT1H"), user("w"), end("we"), chain("warn_on", "w", "we"), interrupting=False)
    case = Case(bpmn(start(), user("a"), end(), warn, chain("s", "a", "e")))
    case.fire("warn_on")
    assert case.story[:3] == ["+warn#1", "+warn_on#1", "-warn_on#1"]
    assert not case.complete("a").ended
    assert case.complete("w").ended


@proves("event subprocess: timer")
def test_an_armed_event_subprocess_does_not_keep_a_process_open() -> None:
    """Given a timer event subprocess that has not begun, when the process is done, then so is the instance."""
    late = on_event("late", timer("P30D"), end("le"), chain("late_on", "le"))
    case = Case(bpmn(start(), user("a"), end(), late, chain("s", "a", "e")))
    assert case.listens == ["late_on"]
    assert case.complete("a").ended
    assert case.step.closed == ("late_on@1",)


@proves("timer start event")
def test_timer_start_events() -> None:
    """Given a cycle on a start event, then each due time follows from the number of those that have been, to the last."""
    process = interpreter.load(bpmn(node("startEvent", "s", inner=cycle("R2/PT1H")), end(), chain("s", "e")), "p")
    found = [interpreter.openings(process, WORLD, {"s": fired}) for fired in range(3)]
    assert [[one.due_at - NOW for one in some] for some in found] == [[HOUR], [2 * HOUR], []]  # type: ignore[union-attr]
    assert found[0][0].instance == "s@0"
    assert interpreter.start(process, {}, WORLD, start_event="s").ended


@proves("working days in timers")
def test_working_days() -> None:
    """Given working days, then the calendar of the world counts them; hours are hours; without one it is refused."""
    model = bpmn(start(), catch("t", timer("P5DT2H"), extension=WORKING), end(), chain("s", "t", "e"))
    with pytest.raises(Refused) as caught:
        Case(model)
    assert caught.value.code == "calendar.missing"
    monday = Case(model, world=replace(WORLD, working_days=monday_to_friday))
    assert monday.step.timers[0].due_at == NOW + timedelta(days=7, hours=2)


CASES = [
    (TimerKind.DATE, "2026-01-05T09:00:00+08:00", datetime(2026, 1, 5, 1, tzinfo=UTC)),
    (TimerKind.DATE, "2026-01-05T09:00:00Z", datetime(2026, 1, 5, 9, tzinfo=UTC)),
    (TimerKind.DATE, "2026-02-01", datetime(2026, 2, 1, tzinfo=UTC)),
    (TimerKind.DATE, date(2026, 2, 1), datetime(2026, 2, 1, tzinfo=UTC)),
    (TimerKind.DURATION, "P1M", datetime(2026, 2, 5, 1, tzinfo=UTC)),
    (TimerKind.DURATION, YearMonthDuration(12), datetime(2027, 1, 5, 1, tzinfo=UTC)),
    (TimerKind.DURATION, "-PT1H", NOW - HOUR),
    (TimerKind.CYCLE, "R3/2026-01-01T00:00:00Z/P1D", datetime(2026, 1, 1, tzinfo=UTC)),
    (TimerKind.CYCLE, "R-1/PT30M", NOW + HOUR / 2),
    (TimerKind.CYCLE, HOUR, NOW + HOUR),
]


@proves("timer date, duration, cycle; ISO 8601 and FEEL")
@pytest.mark.parametrize(("kind", "value", "expected"), CASES)
def test_first_due_time(kind: TimerKind, value: object, expected: datetime) -> None:
    """ISO 8601 and FEEL values, with and without offset."""
    assert due(kind, value).at == expected


def test_months_keep_to_their_ends() -> None:
    """P1M from the 31st is counted from the first, so that the short month does not shorten the others."""
    at: Due | None = due(TimerKind.CYCLE, "R4/2026-01-31T00:00:00Z/P1M")
    days = []
    while at is not None:
        days.append(at.at.day)
        at = timers.following(at, monday_to_friday)
    assert days == [31, 28, 31, 30]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (TimerKind.DATE, "tomorrow"), (TimerKind.DATE, "PT1H"), (TimerKind.DURATION, "1h"), (TimerKind.DURATION, ""),
        (TimerKind.CYCLE, "PT1H"), (TimerKind.CYCLE, "R0/PT1H"), (TimerKind.CYCLE, "R3/PT0S"),
        (TimerKind.CYCLE, "0 0 9 * * MON-FRI"), (TimerKind.CYCLE, "R3/soon/PT1H"), (TimerKind.DURATION, "P99999999D"),
    ],
)  # fmt: skip
def test_what_is_no_time(kind: TimerKind, text: str) -> None:
    """Texts that cannot be understood say so, also one that repeats without time passing."""
    assert timers.wrong(kind, text)
