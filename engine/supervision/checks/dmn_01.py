"""DMN-01, decision: a rule of the unit's own, drawn as a decision table."""

from collections.abc import Mapping

from engine.model.findings import CheckOutcome, RiskLevel
from engine.model.lookups import DecisionNeed, Need
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import CannotSay, Kind, Parameter, Question
from engine.supervision.sentences import Sentence, plain


def judge(question: Question) -> Answer:
    """HIT when the decision is true, or a context whose ``hit`` is; its ``reason`` is the sentence."""
    (need,) = needs(question)
    decision = question.text("decision")
    found = question.looked_up(need, decision)
    output = found.value
    hit = output.get("hit") if isinstance(output, Mapping) else output
    if not isinstance(hit, bool):
        raise CannotSay("no-answer", {"decision": decision}, evidence={"output": plain(output)})
    reason = output.get("reason") if isinstance(output, Mapping) else None
    return Answer(
        outcome=CheckOutcome.HIT if hit else CheckOutcome.CLEAR,
        code="reason" if isinstance(reason, str) and reason.strip() else "hit" if hit else "clear",
        params={"decision": decision, "reason": reason or ""},
        parameters={"decision": decision},
        evidence={"output": plain(output)},
        data_versions={f"decision {decision}": found.version},
    )


def needs(question: Question) -> tuple[Need, ...]:
    """What the decision says over the case's variables."""
    return (DecisionNeed(decision_id=question.text("decision")),)


CHECK = Check(
    code="DMN-01",
    name="决策表规则",
    kind="decision",
    phases=frozenset({Phase.BEFORE, Phase.DURING, Phase.AFTER}),
    level=RiskLevel.LOW,
    source="标准 5.5.3：由业务单位以决策表自行设定（决策表中写明依据）",
    rule_zh=(
        "决策 `decision` 的最新版本判定为真，或给出 `hit: true` 的，命中，理由取其 `r"
        "eason`。决策未部署、出错或给出其他结果的为无法判断。"
    ),
    rule=(
        "The newest version of `decision` must not say true, nor a context with `hit: true`, else HIT with its "
        "`reason`. A "
        "decision that is not deployed, fails, or says anything else is CANNOT_SAY."
    ),
    parameters=(Parameter(name="decision", kind=Kind.TEXT, zh="决策", meaning="id of the decision", required=True),),
    sentences={
        "reason": Sentence("{name}：{reason}", "{name}: {reason}"),
        "hit": Sentence("{name}：决策表 {decision} 判定为预警", "{name}: the decision {decision} says so"),
        "clear": Sentence("{name}：决策表 {decision} 未判定为预警", "{name}: the decision {decision} does not say so"),
        "no-answer": Sentence(
            "无法判断{name}：决策表 {decision} 没有给出是或否",
            "{name} cannot be judged: {decision} said neither true nor false",
        ),
    },
    example=(
        '<supervision:check id="site" code="DMN-01" name="选址" level="low" actions="prompt_clerk">\n'
        '  <supervision:parameter name="decision" value="site_rules"/>\n'
        "</supervision:check>"
    ),
    needs=needs,
    judge=judge,
)
