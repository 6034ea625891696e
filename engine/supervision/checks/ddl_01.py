"""DDL-01, deadline: a step or a whole case is near its limit, over it, or over the term that was set again."""

from collections.abc import Mapping
from datetime import datetime

from engine.model.findings import CheckOutcome, Fence, Light, RiskLevel
from engine.model.working_days import Pause, Term, TermUnit, WarnUnit
from engine.supervision import deadlines
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.deadlines import Standing
from engine.supervision.question import CannotSay, Kind, Parameter, Question
from engine.supervision.sentences import Sentence

_UNITS = {
    TermUnit.WORKDAY: ("个工作日", "working days"),
    TermUnit.DAY: ("日", "days"),
    TermUnit.HOUR: ("小时", "hours"),
}
_RAISED = {Light.GREEN: 0, Light.YELLOW: 0, Light.RED: 1, Light.RED_AGAIN: 2}


def judge(question: Question) -> Answer:
    """CLEAR with a green light, or when it ended in time; HIT with yellow, red (a level higher), red again (two)."""
    span = _span(question)
    if span is None:
        return Answer(outcome=CheckOutcome.CLEAR, code="not-applicable")
    started_at, ended_at = span
    term = _term(question, "limit", "unit")
    at = ended_at or question.facts.now
    calendar = question.facts.given.calendar
    reset = question.value("reset")
    standing = deadlines.standing(
        term, started_at, at, calendar, pauses=_pauses(question), reset_due_at=_reset(question) if reset else None
    )
    in_time = standing.light is Light.GREEN or (standing.light is Light.YELLOW and ended_at is not None)
    chinese, english = _UNITS[term.unit]
    return Answer(
        outcome=CheckOutcome.CLEAR if in_time else CheckOutcome.HIT,
        code=_code(question, standing, ended=ended_at is not None),
        params={
            "used": standing.used,
            "limit": term.amount,
            "unit": chinese,
            "unit_en": english,
            "last_day": standing.last_day,
        },
        parameters={
            "limit": term.amount,
            "unit": term.unit.value,
            "warn": term.warn,
            "warn_unit": term.warn_unit.value,
        },
        evidence={
            "started_at": started_at.isoformat(),
            "ended_at": ended_at.isoformat() if ended_at else None,
            "due_at": standing.due_at.isoformat(),
            "used": standing.used,
            "paused": standing.paused,
        },
        fences=(Fence(name="due_at", high=standing.due_at.isoformat()),),
        data_versions={"calendar": calendar.version},
        light=Light.GREEN if in_time and ended_at is not None else standing.light,
        raised=_RAISED[standing.light],
    )


def _span(question: Question) -> tuple[datetime, datetime | None] | None:
    """Start and end; the end None while it runs. None for an element that was not reached yet."""
    if question.drawn("element"):
        visits = [one for one in question.trace.visits if one.element == question.text("element")]
        return (visits[-1].entered_at, visits[-1].left_at) if visits else None
    started_at = question.instant("from")
    if question.value("to") is None:
        return started_at, None
    ended_at = question.instant("to")
    if ended_at < started_at:
        raise CannotSay("backwards", {})
    return started_at, ended_at


def _term(question: Question, limit: str, unit: str) -> Term:
    if limit == "limit" and question.drawn("indicator"):
        value = question.indicator("indicator").value
        if not isinstance(value, int) or isinstance(value, bool):
            raise CannotSay("no-indicator", {"indicator": question.drawn("indicator")})
        amount = value
    else:
        amount = question.whole(limit)
    return Term(
        amount=amount,
        unit=TermUnit(question.text(unit)),
        warn=question.whole("warn"),
        warn_unit=WarnUnit(question.text("warn_unit")),
    )


def _pauses(question: Question) -> list[Pause]:
    """Contexts {from, until, kind}; null: there was none. Raises CannotSay for anything else."""
    found = []
    for one in question.items("pauses") if question.value("pauses") is not None else []:
        if not isinstance(one, Mapping):
            raise CannotSay("bad-pause", {})
        begin, until = (question.read_instant(one.get(end)) for end in ("from", "until"))
        if begin is None or (until is None and one.get("until") is not None):
            raise CannotSay("bad-pause", {})
        found.append(Pause(from_at=begin, until_at=until, kind=str(one.get("kind", ""))))
    return found


def _reset(question: Question) -> datetime:
    """A day ends at its midnight."""
    moment = question.moment("reset")
    return moment if isinstance(moment, datetime) else question.facts.given.calendar.end_of(moment)


def _code(question: Question, standing: Standing, *, ended: bool) -> str:
    if standing.light is Light.GREEN or (standing.light is Light.YELLOW and ended):
        return "done" if ended else "in-time"
    if standing.light is Light.YELLOW:
        return "near"
    if standing.light is Light.RED_AGAIN:
        return "late-again"
    return "late-step" if _case_in_time(question) else "late"


def _case_in_time(question: Question) -> bool:
    """Whether a limit of the whole case is known and not over (未超总期限但环节超时)."""
    if not question.drawn("case_from") or not question.drawn("case_limit"):
        return False
    term = _term(question, "case_limit", "case_unit")
    calendar, now = question.facts.given.calendar, question.facts.now
    whole = deadlines.standing(term, question.instant("case_from"), now, calendar, pauses=_pauses(question))
    return whole.light in (Light.GREEN, Light.YELLOW)


_UNIT_NAMES = tuple(unit.value for unit in TermUnit)

CHECK = Check(
    code="DDL-01",
    name="办理时限",
    kind="deadline",
    phases=frozenset({Phase.DURING}),
    level=RiskLevel.LOW,
    source=(
        "《行政许可法》第四十二条至第四十五条、第八十二条；《民法典》第二百零一条至第二百零三条；"
        "电子监察办法（预警与超时触发条件）"
    ),
    rule_zh=(
        "从 `from` 到 `to`（为空则到现在），或某环节 `element` 最近一次办理，不得超过 `"
        "limit`。临近期限（`warn`）黄灯命中，超期红灯命中并升一级，超过重新设定的期限（`reset`"
        "）再次红灯并升两级。有 `case_from`、`case_limit` 时，案件未超期而环节已超期的单"
        "独说明。工作日历不认识的年份为无法判断。"
    ),
    rule=(
        "From `from` to `to` (to now while it is null), or the last visit of an `element`, must fit into `limit`. "
        "Near it "
        "(`warn`) is a HIT with a yellow light while it runs, over it a HIT with a red light one level higher, "
        "over the "
        "re-set term (`reset`) red again and two levels higher. With `case_from` and `case_limit` a step that is "
        "late in a "
        "case that is still in time says so. Days, pauses and the end of a term are counted as "
        "`engine/supervision/deadlines.py` says. A year that the calendar does not know is CANNOT_SAY."
    ),
    parameters=(
        Parameter(name="from", kind=Kind.DATE, zh="起算时间", meaning="day or instant from which it runs"),
        Parameter(name="to", kind=Kind.DATE, zh="办结时间", meaning="day or instant of the end; null while it runs"),
        Parameter(name="element", kind=Kind.TEXT, zh="环节", meaning="id of the element; needs the trace"),
        Parameter(name="limit", kind=Kind.NUMBER, zh="期限", meaning="how long it may take"),
        Parameter(name="indicator", kind=Kind.TEXT, zh="指标", meaning="code of the indicator that gives the limit"),
        Parameter(
            name="unit", kind=Kind.TEXT, zh="期限单位", meaning="of the limit", default="workday", choices=_UNIT_NAMES
        ),
        Parameter(name="warn", kind=Kind.NUMBER, zh="预警", meaning="when the light turns yellow", default="80"),
        Parameter(
            name="warn_unit",
            kind=Kind.TEXT,
            zh="预警单位",
            meaning="per cent used, or working days before the last day",
            default="percent",
            choices=tuple(unit.value for unit in WarnUnit),
        ),
        Parameter(
            name="pauses", kind=Kind.LIST, zh="暂停", meaning="list of {from, until, kind}; until null: still paused"
        ),
        Parameter(name="reset", kind=Kind.DATE, zh="限期", meaning="last day of the term set after it was late"),
        Parameter(name="case_from", kind=Kind.DATE, zh="全案起算时间", meaning="from when the whole case runs"),
        Parameter(name="case_limit", kind=Kind.NUMBER, zh="全案期限", meaning="how long the whole case may take"),
        Parameter(
            name="case_unit",
            kind=Kind.TEXT,
            zh="全案期限单位",
            meaning="of case_limit",
            default="workday",
            choices=_UNIT_NAMES,
        ),
    ),
    alternatives=(frozenset({"from", "element"}), frozenset({"limit", "indicator"})),
    sentences={
        "in-time": Sentence(
            "{name}：已用 {used} {unit}，期限 {limit} {unit}，至 {last_day}",
            "{name}: {used} of {limit} {unit_en} used, until {last_day}",
        ),
        "done": Sentence(
            "{name}：{used} {unit}办结，期限 {limit} {unit}", "{name}: done in {used} of {limit} {unit_en}"
        ),
        "near": Sentence(
            "{name}：已用 {used} {unit}，接近期限 {limit} {unit}，至 {last_day}",
            "{name}: {used} of {limit} {unit_en} used, near the limit of {last_day}",
        ),
        "late": Sentence(
            "{name}：已用 {used} {unit}，超过期限 {limit} {unit}（至 {last_day}）",
            "{name}: {used} {unit_en} used, over the limit of {limit} ({last_day})",
        ),
        "late-step": Sentence(
            "{name}：已用 {used} {unit}，环节超过期限 {limit} {unit}（至 {last_day}），总期限未超",
            "{name}: {used} {unit_en} used, the step is over its limit of {limit} ({last_day}) though the case is "
            "in time",
        ),
        "late-again": Sentence(
            "{name}：已用 {used} {unit}，超过期限 {limit} {unit}（至 {last_day}），限期届满仍未办结",
            "{name}: {used} {unit_en} used, over the limit of {limit} ({last_day}) and over the term that was set "
            "again",
        ),
        "backwards": Sentence(
            "无法判断{name}：办结时间早于起算时间", "{name} cannot be judged: the end lies before the start"
        ),
        "bad-pause": Sentence(
            "无法判断{name}：暂停须写明起止时间", "{name} cannot be judged: a pause needs its start and its end"
        ),
    },
    example=(
        '<supervision:check id="term" code="DDL-01" name="审核确认时限" level="low" actions="prompt_clerk">\n'
        '  <supervision:parameter name="from" value="=accepted_on"/>\n'
        '  <supervision:parameter name="to" value="=confirmed_on"/>\n'
        '  <supervision:parameter name="limit" value="20"/>\n'
        '  <supervision:parameter name="unit" value="workday"/>\n'
        "</supervision:check>"
    ),
    example_variables={"accepted_on": "2026-01-05", "confirmed_on": "2026-03-02"},
    trace="some",
    judge=judge,
)
