"""A case's history is folded from its trace, in the clear and without keys."""

from collections.abc import Sequence
from datetime import UTC, datetime

from engine.supervision.facts import fold

CLERK = {"person": "7", "username": "wang", "name": "王丽"}


def moved(*steps: str) -> list[dict[str, str]]:
    """Transitions from marks: +A#1 activated, -A#1 completed, xA#1 terminated, >f flow taken."""
    kinds = {"+": "activated", "-": "completed", "x": "terminated", ">": "flow_taken"}
    return [
        {"kind": kinds[step[0]], "element": step[1:].partition("#")[0], "instance": step[1:], "type": "userTask"}
        for step in steps
    ]


def entry(kind: str, hour: int, steps: Sequence[str], ended: bool = False, **payload: object) -> dict[str, object]:
    made = {"transitions": moved(*steps), "ended": ended, **payload}
    return {"kind": kind, "at": f"2026-03-02T{hour:02}:00:00.000000Z", "actor": CLERK, "payload": made}


def completed(
    element: str, hour: int, steps: Sequence[str], outcome: str = "ok", ended: bool = False
) -> dict[str, object]:
    return entry(
        "user_task.completed.v1",
        hour,
        steps,
        ended,
        element={"id": element, "name": f"{element}办理", "type": "userTask", "instance": f"{element}#1"},
        outcome={"code": outcome, "name": outcome, "negative": outcome == "no"},
    )


STORY: list[dict[str, object]] = [
    entry("process_instance.started.v1", 1, ["+S#1", "-S#1", ">s_a", "+A#1", "+B#1"]),
    {"kind": "case.read.v1", "at": "2026-03-02T02:00:00.000000Z", "actor": CLERK, "payload": {}},
    completed("A", 3, ["-A#1", "xB#1", ">a_e", "+E#1", "-E#1"], outcome="no", ended=True),
]


def at(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


def test_who_did_what_when() -> None:
    """Acts with outcome, visits with their ends, flows, the end of the case."""
    case = fold(STORY)
    assert case is not None
    assert (case.started_at, case.ended_at, case.reopened, case.flows) == (at(1), (at(3),), 0, ("s_a", "a_e"))
    (act,) = case.acts
    assert (act.element, act.element_name, act.person, act.account, act.at) == ("A", "A办理", "7", "wang", at(3))
    assert (act.outcome, act.negative) == ("no", True)
    visits = {visit.instance: visit for visit in case.visits}
    assert (visits["A#1"].entered_at, visits["A#1"].left_at, visits["A#1"].completed) == (at(1), at(3), True)
    assert (visits["B#1"].left_at, visits["B#1"].completed) == (at(3), False)


def test_going_on_after_the_end_is_a_reopening() -> None:
    """Once for each end that was not one."""
    more = [completed("C", 4, ["+C#1"]), completed("C", 5, ["-C#1"], ended=True), completed("D", 6, ["+D#1"])]
    case = fold([*STORY, *more])
    assert case is not None
    assert (case.reopened, len(case.ended_at)) == (2, 2)


def test_without_a_start_there_is_no_history() -> None:
    """A trace that begins in the middle is not taken for a whole one."""
    assert fold([]) is None
    assert fold(STORY[1:]) is None
