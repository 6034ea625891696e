"""DDL-02, minimum period: a period that must be left to others is too short (投标、公示、听证期限不足)."""

from engine.model.findings import CheckOutcome, Fence, RiskLevel
from engine.model.working_days import TermUnit
from engine.supervision import applicability
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import CannotSay, Kind, Parameter, Question
from engine.supervision.sentences import Sentence

_UNITS = {TermUnit.WORKDAY: ("个工作日", "working days"), TermUnit.DAY: ("日", "days")}


def judge(question: Question) -> Answer:
    """HIT when fewer days than the minimum lie between the two; the first day does not count."""
    other = applicability.elsewhere(question)
    if other is not None:
        return other
    begin, end = question.day("from"), question.day("to")
    if end < begin:
        raise CannotSay("backwards", {}, evidence={"from": begin.isoformat(), "to": end.isoformat()})
    least, unit = question.whole("min"), TermUnit(question.text("unit"))
    calendar = question.facts.given.calendar
    workdays = unit is TermUnit.WORKDAY
    days = calendar.workdays_between(begin, end) if workdays else (end - begin).days
    chinese, english = _UNITS[unit]
    return Answer(
        outcome=CheckOutcome.HIT if days < least else CheckOutcome.CLEAR,
        code="short" if days < least else "enough",
        params={"from": begin, "to": end, "days": days, "min": least, "unit": chinese, "unit_en": english},
        parameters={"min": least, "unit": unit.value},
        evidence={"from": begin.isoformat(), "to": end.isoformat(), "days": days},
        fences=(Fence(name="min", low=least),),
        data_versions={"calendar": calendar.version} if workdays else {},
    )


CHECK = Check(
    code="DDL-02",
    name="期限过短",
    kind="deadline (min)",
    phases=frozenset({Phase.BEFORE}),
    level=RiskLevel.MEDIUM,
    source="《招标投标法》第二十四条（自招标文件开始发出之日起至提交投标文件截止之日止，最短不得少于二十日）",
    rule_zh=(
        "从 `from` 到 `to` 至少间隔 `min` 天，首日不计，否则命中。设 `types` 的只对"
        "这些程序适用。缺日期或终止早于起始为无法判断。"
    ),
    rule=(
        "At least `min` days must lie from `from` to `to`, the first day not counted, else HIT. With `types` the "
        "rule holds "
        "only for those kinds of procedure. A day that is missing, or an end before the start, is CANNOT_SAY."
    ),
    parameters=(
        Parameter(name="from", kind=Kind.DATE, zh="开始日", meaning="when the period began", required=True),
        Parameter(name="to", kind=Kind.DATE, zh="截止日", meaning="when it ended", required=True),
        Parameter(name="min", kind=Kind.NUMBER, zh="最短天数", meaning="how long it must be", default="20"),
        Parameter(name="unit", kind=Kind.TEXT, zh="单位", meaning="of min", default="day", choices=("day", "workday")),
        *applicability.PARAMETERS,
    ),
    sentences={
        "short": Sentence(
            "{name}：{from} 至 {to} 只有 {days} {unit}，少于 {min} {unit}",
            "{name}: only {days} {unit_en} from {from} to {to}, fewer than {min}",
        ),
        "enough": Sentence(
            "{name}：{from} 至 {to} 有 {days} {unit}，不少于 {min} {unit}",
            "{name}: {days} {unit_en} from {from} to {to}, not fewer than {min}",
        ),
        "backwards": Sentence(
            "无法判断{name}：截止日早于开始日", "{name} cannot be judged: the period ends before it begins"
        ),
    },
    example=(
        '<supervision:check id="bid_period" code="DDL-02" name="投标期限" level="medium" actions="alert_unit">\n'
        '  <supervision:parameter name="from" value="=published_on"/>\n'
        '  <supervision:parameter name="to" value="=deadline_on"/>\n'
        '  <supervision:parameter name="min" value="20"/>\n'
        '  <supervision:parameter name="type" value="=method"/>\n'
        '  <supervision:parameter name="types" value="公开招标"/>\n'
        "</supervision:check>"
    ),
    example_variables={"published_on": "2026-03-02", "deadline_on": "2026-03-12", "method": "公开招标"},
    judge=judge,
)
