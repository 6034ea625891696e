"""SEQ-03, loop: returned or resubmitted too often, or re-opened after it was closed (反复退回、办结后重开)."""

from engine.model.findings import CheckOutcome, Fence, RiskLevel
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import Kind, Parameter, Question
from engine.supervision.sentences import Sentence


def judge(question: Question) -> Answer:
    """HIT above the maximum, or for a re-opening when none is allowed."""
    most = question.whole("max")
    reopened = question.trace.reopened if question.drawn("count") == "" else 0
    count = _count(question)
    again = reopened > 0 and not question.truth("reopening")
    code = "reopened" if again else "too-often" if count > most else "few"
    return Answer(
        outcome=CheckOutcome.CLEAR if code == "few" else CheckOutcome.HIT,
        code=code,
        params={"count": count, "max": most, "reopened": reopened},
        parameters={"max": most, "element": question.drawn("element"), "outcomes": question.words("outcomes")},
        evidence={"count": count, "reopened": reopened},
        fences=(Fence(name="max", high=most),),
    )


def _count(question: Question) -> int:
    if question.drawn("count"):
        return question.whole("count")
    element, outcomes = question.drawn("element"), question.words("outcomes")
    if outcomes:
        acts = [act for act in question.acts if act.outcome in outcomes]
        return sum(not element or act.element == element for act in acts)
    return max(0, sum(visit.element == element for visit in question.trace.visits) - 1)


CHECK = Check(
    code="SEQ-03",
    name="反复退回",
    kind="loop",
    phases=frozenset({Phase.DURING}),
    level=RiskLevel.LOW,
    source="《行政许可法》第三十二条（一次告知需要补正的全部内容）；标准 5.5.3",
    rule_zh=(
        "`outcomes`（退回、补正等）在某 `element` 或全程出现的次数不得超过 `max`，否则"
        "命中；不设 `outcomes` 则数重新进入的次数。`count` 直接取数。办结后又重新办理的命中，"
        "`reopening` 为真除外。没有轨迹也没有 `count` 为无法判断。"
    ),
    rule=(
        "How often `outcomes` (return, correct, …) were given, at an `element` or anywhere, must not be over "
        "`max`, else HIT; "
        "without outcomes, how often the element was entered again. `count` takes the number from the variables "
        "instead. A "
        "case that went on after its end is a HIT unless `reopening` is true. Without the trace and without `count` "
        "CANNOT_SAY."
    ),
    parameters=(
        Parameter(name="element", kind=Kind.TEXT, zh="环节", meaning="id of an element; needs the trace"),
        Parameter(
            name="outcomes", kind=Kind.LIST, zh="退回结果", meaning="codes of outcomes that count; needs the trace"
        ),
        Parameter(name="count", kind=Kind.NUMBER, zh="次数", meaning="the number, from the variables"),
        Parameter(name="max", kind=Kind.NUMBER, zh="最多次数", meaning="how often it may be", default="2"),
        Parameter(
            name="reopening",
            kind=Kind.BOOLEAN,
            zh="允许重开",
            meaning="whether a case may go on after its end",
            default="false",
        ),
    ),
    alternatives=(frozenset({"element", "outcomes", "count"}),),
    sentences={
        "too-often": Sentence("{name} {count} 次，超过 {max} 次", "{name}: {count} times, more than {max}"),
        "few": Sentence("{name} {count} 次，未超过 {max} 次", "{name}: {count} times, not more than {max}"),
        "reopened": Sentence(
            "{name}：办结后又重新办理 {reopened} 次", "{name}: went on after its end, {reopened} times"
        ),
    },
    example=(
        '<supervision:check id="returns" code="SEQ-03" name="补正退回" level="low" actions="prompt_clerk">\n'
        '  <supervision:parameter name="count" value="=correction_rounds"/>\n'
        '  <supervision:parameter name="max" value="1"/>\n'
        "</supervision:check>"
    ),
    example_variables={"correction_rounds": 3},
    trace="some",
    judge=judge,
)
