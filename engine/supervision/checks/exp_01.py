"""EXP-01, expression: a rule of the unit's own, written in FEEL in the model."""

from collections.abc import Mapping

from engine.model.findings import CheckOutcome, RiskLevel
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import Kind, Parameter, Question
from engine.supervision.sentences import Sentence, plain


def judge(question: Question) -> Answer:
    """HIT when the condition is true; null is CANNOT_SAY."""
    hit = question.truth("condition")
    message = question.value("message") if hit else None
    evidence = question.value("evidence")
    return Answer(
        outcome=CheckOutcome.HIT if hit else CheckOutcome.CLEAR,
        code="message" if isinstance(message, str) and message.strip() else "hit" if hit else "clear",
        params={"message": message or "", "condition": question.drawn("condition").removeprefix("=")},
        parameters={"condition": question.drawn("condition").removeprefix("=")},
        evidence={str(key): plain(value) for key, value in evidence.items()} if isinstance(evidence, Mapping) else {},
    )


CHECK = Check(
    code="EXP-01",
    name="自定义规则",
    kind="expression",
    phases=frozenset({Phase.BEFORE, Phase.DURING, Phase.AFTER}),
    level=RiskLevel.LOW,
    source="标准 5.5.3：由业务单位以 FEEL 表达式自行设定（模型中写明依据）",
    rule_zh=("`condition` 为真即命中，并给出 `message`。为空或不是真假值的为无法判断。"),
    rule="`condition` must not be true, else HIT with `message`. Null, or anything but true and false, is CANNOT_SAY.",
    parameters=(
        Parameter(name="condition", kind=Kind.BOOLEAN, zh="条件", meaning="true: something is wrong", required=True),
        Parameter(name="message", kind=Kind.TEXT, zh="说明", meaning="what is wrong, in one sentence"),
        Parameter(name="evidence", kind=Kind.ANY, zh="证据", meaning="a context of what was looked at"),
    ),
    sentences={
        "message": Sentence("{name}：{message}", "{name}: {message}"),
        "hit": Sentence("{name}：符合预警条件 {condition}", "{name}: the condition {condition} holds"),
        "clear": Sentence("{name}：不符合预警条件", "{name}: the condition does not hold"),
    },
    example=(
        '<supervision:check id="area" code="EXP-01" name="经营面积" level="low" actions="prompt_clerk">\n'
        '  <supervision:parameter name="condition" value="=area &lt; 8 or area &gt; 500"/>\n'
        '  <supervision:parameter name="message" value="面积须在 8 至 500 平方米之间"/>\n'
        '  <supervision:parameter name="evidence" value="={area: area}"/>\n'
        "</supervision:check>"
    ),
    example_variables={"area": 5},
    judge=judge,
)
