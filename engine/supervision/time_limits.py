"""When the light of a drawn time limit turns, and what is said then. Pure.

::

    green ──warn──▶ yellow ──promised (else legal) over──▶ red ──legal, or a re-set term, over──▶ red again

Each turn is judged as DDL-01 under the id ``time_limit``: yellow prompts the clerk, red takes the actions that the
model names (prompt and unit alert without any), red again is two levels higher. (DDL-01 of the catalogue; the
triggers of published e-supervision measures: 超承诺期限, 未超总期限但环节超时.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.model.definitions import TimeLimit
from engine.model.findings import Action, CheckOutcome, CheckPhase, CheckResult, Fence, Light, RiskLevel
from engine.model.ids import ElementId
from engine.model.working_days import Pause, Term, TermUnit
from engine.supervision import deadlines
from engine.supervision.calendar import Calendar, UnknownYear
from engine.supervision.checks.ddl_01 import CHECK
from engine.supervision.sentences import render

CHECK_ID = "time_limit"
NAME = "办理时限"
_UNITS = {
    TermUnit.WORKDAY: ("个工作日", "working days"),
    TermUnit.DAY: ("日", "days"),
    TermUnit.HOUR: ("小时", "hours"),
}
_RAISED = {Light.GREEN: 0, Light.YELLOW: 0, Light.RED: 1, Light.RED_AGAIN: 2}
_CODES = {Light.GREEN: "in-time", Light.YELLOW: "near", Light.RED: "late", Light.RED_AGAIN: "late-again"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The instants (UTC) at which the light turns; None for one that never comes.

    unknown_year: the calendar does not know a year that is counted through, so what is None cannot be told.
    """

    warn_at: datetime | None = None
    due_at: datetime | None = None
    again_at: datetime | None = None
    unknown_year: int | None = None


def turns(
    limit: TimeLimit,
    started_at: datetime,
    now: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    reset_at: datetime | None = None,
) -> Turns:
    """When the light turns. reset_at: the end of a term that was set after it was over; the later of it and the legal
    limit is the last turn."""
    try:
        standing = deadlines.standing(limit.term, started_at, now, calendar, pauses=pauses)
    except UnknownYear as unknown:
        return Turns(unknown_year=unknown.year)
    legal = unknown_year = None
    if limit.legal is not None:
        whole = Term(amount=limit.legal, unit=limit.term.unit)
        try:
            legal = deadlines.standing(whole, started_at, now, calendar, pauses=pauses).due_at
        except UnknownYear as unknown:
            unknown_year = unknown.year
    again = max((one for one in (legal, reset_at) if one is not None), default=None)
    return Turns(warn_at=standing.warn_at, due_at=standing.due_at, again_at=again, unknown_year=unknown_year)


def light(found: Turns, at: datetime) -> Light:
    """The light at an instant. Green where nothing can be told."""
    if found.again_at is not None and at >= found.again_at:
        return Light.RED_AGAIN
    if found.due_at is not None and at >= found.due_at:
        return Light.RED
    return Light.YELLOW if found.warn_at is not None and at >= found.warn_at else Light.GREEN


def next_turn(found: Turns, shown: Light) -> datetime | None:
    """When the light turns next; None when it never does again."""
    later = {
        Light.GREEN: (found.warn_at, found.due_at, found.again_at),
        Light.YELLOW: (found.due_at, found.again_at),
        Light.RED: (found.again_at,),
        Light.RED_AGAIN: (),
    }[shown]
    return min((one for one in later if one is not None), default=None)


def result(
    limit: TimeLimit,
    found: Turns,
    shown: Light,
    *,
    element_id: ElementId,
    started_at: datetime,
    at: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    case_in_time: bool = False,
) -> CheckResult:
    """What a turn of the light says. case_in_time: a limit of the whole case runs and is not over."""
    params = _params(limit, shown, started_at, at, calendar, pauses)
    code = "late-step" if shown is Light.RED and case_in_time else _CODES[shown]
    return CheckResult(
        element_id=element_id,
        check_id=CHECK_ID,
        code=CHECK.code,
        name=NAME,
        outcome=CheckOutcome.CLEAR if shown is Light.GREEN else CheckOutcome.HIT,
        level=RiskLevel.LOW.raised(_RAISED[shown]),
        actions=_actions(limit, shown),
        blocking=False,
        reason=render(CHECK.sentences, code, params),
        parameters={"limit": params["limit"], "unit": limit.term.unit.value},
        evidence={"started_at": started_at.isoformat(), "used": params["used"], "last_day": str(params["last_day"])},
        phase=CheckPhase.TIMER,
        light=shown,
        reason_code=code,
        reason_params=params,
        fences=(Fence(name="due_at", high=found.due_at.isoformat() if found.due_at else None),),
        data_versions={"calendar": calendar.version},
    )


def _actions(limit: TimeLimit, shown: Light) -> frozenset[Action]:
    """Over the legal or the re-set term too, the discipline body learns of it beside whoever else does."""
    if shown in (Light.GREEN, Light.YELLOW):
        return frozenset({Action.PROMPT_CLERK})
    return limit.actions | {Action.REPORT_DISCIPLINE} if shown is Light.RED_AGAIN else limit.actions


def cannot_say(element_id: ElementId, limit: TimeLimit, year: int) -> CheckResult:
    """The year is not in the calendar: nobody can say when the term is over, and that is told at once."""
    params = {"name": NAME, "year": str(year)}
    return CheckResult(
        element_id=element_id,
        check_id=CHECK_ID,
        code=CHECK.code,
        name=NAME,
        outcome=CheckOutcome.CANNOT_SAY,
        level=RiskLevel.LOW,
        actions=frozenset({Action.PROMPT_CLERK}),
        blocking=False,
        reason=render(CHECK.sentences, "unknown-year", params),
        parameters={"limit": limit.term.amount, "unit": limit.term.unit.value},
        phase=CheckPhase.TIMER,
        reason_code="unknown-year",
        reason_params=params,
    )


def _params(
    limit: TimeLimit,
    shown: Light,
    started_at: datetime,
    at: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause],
) -> dict[str, object]:
    """used, limit, unit and last day: of the legal term once that is over."""
    amount = limit.legal if shown is Light.RED_AGAIN and limit.legal is not None else limit.term.amount
    term = Term(amount=amount, unit=limit.term.unit, warn=limit.term.warn, warn_unit=limit.term.warn_unit)
    chinese, english = _UNITS[term.unit]
    try:
        standing = deadlines.standing(term, started_at, at, calendar, pauses=pauses)
    except UnknownYear:  # it ran into an unknown year after its end was known
        return {"name": NAME, "used": "?", "limit": amount, "unit": chinese, "unit_en": english, "last_day": "?"}
    return {
        "name": NAME,
        "used": standing.used,
        "limit": amount,
        "unit": chinese,
        "unit_en": english,
        "last_day": standing.last_day,
    }
