"""The life of an alert: which step may follow which, by whom, and how long each may take.

::

    raised ──sign──▶ signed ──verify──▶ verified ──rectify (true)──▶ rectified ──feed_back──▶ fed_back
                       ▲                   └──feed_back (false, cannot tell)────────────────────▲ │
                       └──────────────────────────return (by somebody else)───────────────────────┤
                                               cleared ◀──clear── reviewed ◀──review (by somebody else)┘

Who reviewed is never who verified, rectified or fed back (复核回避). Limits are working days from the step before;
a critical alert has half of them, rounded up. (Requirements: 核查、整改、反馈、复核、销号.)
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.model.alerts import AlertState, AlertStep, Verdict
from engine.model.errors import Conflict, Detail, Invalid, NotAllowed
from engine.model.findings import RiskLevel
from engine.supervision.calendar import Calendar, UnknownYear

_AFTER: Mapping[tuple[AlertState, AlertStep], AlertState] = {
    (AlertState.RAISED, AlertStep.SIGN): AlertState.SIGNED,
    (AlertState.SIGNED, AlertStep.VERIFY): AlertState.VERIFIED,
    (AlertState.VERIFIED, AlertStep.RECTIFY): AlertState.RECTIFIED,
    (AlertState.VERIFIED, AlertStep.FEED_BACK): AlertState.FED_BACK,
    (AlertState.RECTIFIED, AlertStep.FEED_BACK): AlertState.FED_BACK,
    (AlertState.FED_BACK, AlertStep.REVIEW): AlertState.REVIEWED,
    (AlertState.FED_BACK, AlertStep.RETURN): AlertState.SIGNED,
    (AlertState.REVIEWED, AlertStep.CLEAR): AlertState.CLEARED,
}
LIMITS: Mapping[AlertState, int] = {
    AlertState.RAISED: 1,
    AlertState.SIGNED: 5,
    AlertState.VERIFIED: 10,
    AlertState.RECTIFIED: 2,
    AlertState.FED_BACK: 3,
    AlertState.REVIEWED: 1,
}
"""Working days that an alert may stay in a state."""

_HANDLING = frozenset({AlertStep.VERIFY, AlertStep.RECTIFY, AlertStep.FEED_BACK})
_REVIEWING = frozenset({AlertStep.REVIEW, AlertStep.RETURN})
_WITH_TEXT = frozenset({AlertStep.VERIFY, AlertStep.RECTIFY, AlertStep.FEED_BACK, AlertStep.REVIEW, AlertStep.RETURN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an alert stands. handlers: who verified, rectified or fed back since it was last returned."""

    state: AlertState
    verdict: Verdict | None = None
    handlers: frozenset[int] = frozenset()


def offered(now: Standing, person: int) -> tuple[AlertStep, ...]:
    """The steps that a supervisor may take, in the order of the life."""
    return tuple(step for step in AlertStep if _fits(now, step) and not _recused(now, step, person))


def taken(now: Standing, step: AlertStep, *, person: int, verdict: Verdict | None, text: str) -> Standing:
    """The alert after a step. The opinion is required but for signing and clearing, the verdict for verifying.

    Raises Conflict ``alert.not_possible`` for a step that does not follow, NotAllowed ``alert.same_person`` for a
    review by who handled it, Invalid ``alert.incomplete`` with the places that are missing.
    """
    if not _fits(now, step):
        raise Conflict(
            "alert.not_possible",
            f"an alert that is {now.state} cannot be taken on by {step}",
            params={"state": now.state.value, "step": step.value},
        )
    if _recused(now, step, person):
        raise NotAllowed("alert.same_person", "somebody else than those who handled the alert has to review it")
    details = []
    if step in _WITH_TEXT and not text.strip():
        details.append(Detail(place="opinion", code="required", message="say what was found or done"))
    if step is AlertStep.VERIFY and verdict is None:
        details.append(Detail(place="verdict", code="required", message="true, false or cannot tell"))
    if details:
        raise Invalid("alert.incomplete", "something is missing for this step", details=details)
    handlers = frozenset() if step is AlertStep.RETURN else now.handlers
    return Standing(
        state=_AFTER[now.state, step],
        verdict=verdict if step is AlertStep.VERIFY else None if step is AlertStep.RETURN else now.verdict,
        handlers=handlers | {person} if step in _HANDLING else handlers,
    )


def due(state: AlertState, level: RiskLevel, since: datetime, calendar: Calendar) -> datetime | None:
    """Until when the next step is due; None for a cleared alert, and in a year that the calendar does not know."""
    days = LIMITS.get(state)
    if days is None:
        return None
    shortened = -(-days // 2) if level is RiskLevel.CRITICAL else days
    try:
        return calendar.end_of(calendar.add_workdays(calendar.day_of(since), shortened))
    except UnknownYear:
        return None


def may_review(handlers: Collection[int], person: int) -> bool:
    """Whether a person is free to review."""
    return person not in handlers


def _fits(now: Standing, step: AlertStep) -> bool:
    if (now.state, step) not in _AFTER:
        return False
    if now.state is AlertState.VERIFIED:
        return (step is AlertStep.RECTIFY) is (now.verdict is Verdict.TRUE)
    return True


def _recused(now: Standing, step: AlertStep, person: int) -> bool:
    return step in _REVIEWING and not may_review(now.handlers, person)
