"""DDL-03, waiting period: somebody acted before a period had run that the law leaves to the other side."""

from engine.model.findings import CheckOutcome, Fence, RiskLevel
from engine.model.working_days import Term, TermUnit
from engine.supervision import deadlines
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import Kind, Parameter, Question
from engine.supervision.sentences import Sentence

_UNITS = {
    TermUnit.WORKDAY: ("个工作日", "working days"),
    TermUnit.DAY: ("日", "days"),
    TermUnit.HOUR: ("小时", "hours"),
}


def judge(question: Question) -> Answer:
    """HIT when the act (now, if none is drawn) lies before the end of the period."""
    begin = question.instant("from")
    acted = question.instant("to") if question.drawn("to") else question.facts.now
    wait, unit = question.whole("wait"), TermUnit(question.text("unit"))
    calendar = question.facts.given.calendar
    over_at = deadlines.due(Term(amount=wait, unit=unit), begin, calendar)
    early = acted < over_at
    chinese, english = _UNITS[unit]
    return Answer(
        outcome=CheckOutcome.HIT if early else CheckOutcome.CLEAR,
        code="early" if early else "waited",
        params={
            "from": calendar.day_of(begin),
            "acted": calendar.day_of(acted),
            "over": over_at.astimezone(calendar.zone).strftime("%Y-%m-%d %H:%M"),
            "wait": wait,
            "unit": chinese,
            "unit_en": english,
        },
        parameters={"wait": wait, "unit": unit.value},
        evidence={"from": begin.isoformat(), "acted_at": acted.isoformat(), "over_at": over_at.isoformat()},
        fences=(Fence(name="over_at", low=over_at.isoformat()),),
        data_versions={"calendar": calendar.version},
    )


CHECK = Check(
    code="DDL-03",
    name="期限未满先行处理",
    kind="deadline",
    phases=frozenset({Phase.DURING}),
    level=RiskLevel.MEDIUM,
    source="《行政强制法》第五十三条（法定期限届满后方可申请强制执行）；《行政复议法》第二十条（六十日内可申请复议）",
    rule_zh=("自 `from` 起 `wait` 期满之前不得作出 `to`（不设则为现在），否则命中。期间首日不计，末日逢休息日顺延。"),
    rule=(
        "The act (`to`; drawn nothing: now) must not lie before `wait` has run from `from`, else HIT. The period "
        "ends with its "
        "last day, which moves to the next working day; the day of the start does not count."
    ),
    parameters=(
        Parameter(name="from", kind=Kind.DATE, zh="起算时间", meaning="the event from which it runs", required=True),
        Parameter(name="to", kind=Kind.DATE, zh="处理时间", meaning="when somebody acted; drawn nothing: now"),
        Parameter(name="wait", kind=Kind.NUMBER, zh="等待期", meaning="how long to wait", default="60"),
        Parameter(
            name="unit",
            kind=Kind.TEXT,
            zh="单位",
            meaning="of wait",
            default="day",
            choices=tuple(unit.value for unit in TermUnit),
        ),
    ),
    sentences={
        "early": Sentence(
            "{name}：{acted} 处理，自 {from} 起的 {wait} {unit}要到 {over} 才满",
            "{name}: done on {acted}, before the {wait} {unit_en} from {from} were over ({over})",
        ),
        "waited": Sentence(
            "{name}：{acted} 处理，自 {from} 起的 {wait} {unit}已满（{over}）",
            "{name}: done on {acted}, after the {wait} {unit_en} from {from} ({over})",
        ),
    },
    example=(
        '<supervision:check id="enforce" code="DDL-03" name="申请强制执行" level="medium" actions="prompt_clerk"\n'
        '    blocking="true">\n'
        '  <supervision:parameter name="from" value="=served_on"/>\n'
        '  <supervision:parameter name="to" value="=enforced_on"/>\n'
        '  <supervision:parameter name="wait" value="60"/>\n'
        "</supervision:check>"
    ),
    example_variables={"served_on": "2026-01-05", "enforced_on": "2026-02-02"},
    judge=judge,
)
