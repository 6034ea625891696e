"""RAT-01, ratio: one amount over another beyond its limit: paid over approved, change orders over contract."""

from decimal import Decimal

from engine.model.findings import CheckOutcome, Fence, RiskLevel
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import INDICATOR, ON, CannotSay, Kind, Parameter, Question, by_indicator
from engine.supervision.sentences import Sentence, plain


def judge(question: Question) -> Answer:
    """HIT when numerator / denominator is over the maximum; one level higher beyond the serious share of it."""
    above, below = question.number("numerator"), question.number("denominator")
    most, indicator = question.limit("max")
    told, versions = by_indicator(indicator)
    evidence = {"numerator": plain(above), "denominator": plain(below)}
    if below <= 0:
        raise CannotSay("no-base", {"denominator": below}, evidence=evidence, parameters={"max": plain(most)})
    ratio = Decimal(above) / Decimal(below)
    hit = ratio > most
    return Answer(
        outcome=CheckOutcome.HIT if hit else CheckOutcome.CLEAR,
        code="over" if hit else "within",
        params={"numerator": above, "denominator": below, "percent": ratio * 100, "max": Decimal(most) * 100},
        parameters={"max": plain(most), **told},
        evidence=evidence,
        data_versions=versions,
        fences=(Fence(name="max", high=plain(most)),),
        raised=int(hit and ratio > Decimal(most) * (1 + Decimal(question.number("serious")))),
    )


CHECK = Check(
    code="RAT-01",
    name="比率超限",
    kind="ratio",
    phases=frozenset({Phase.DURING, Phase.AFTER}),
    level=RiskLevel.LOW,
    source="标准 5.5.3：阈值比对；《政府采购法》第四十九条（补充合同不超过原合同采购金额的百分之十）",
    rule_zh=(
        "`numerator` 与 `denominator` 之比不得超过 `max` 或指标的取值，否则命中"
        "；超出 `serious` 以上升一级。分母不大于零为无法判断。"
    ),
    rule=(
        "`numerator` / `denominator` must not be over `max`, else HIT; more than `serious` beyond it is one level "
        "higher. A "
        "denominator of zero or less is CANNOT_SAY."
    ),
    parameters=(
        Parameter(name="numerator", kind=Kind.NUMBER, zh="分子", meaning="for example what was paid", required=True),
        Parameter(
            name="denominator", kind=Kind.NUMBER, zh="分母", meaning="for example what was approved", required=True
        ),
        Parameter(name="max", kind=Kind.NUMBER, zh="最高比率", meaning="the largest ratio that passes", default="1.10"),
        INDICATOR,
        ON,
        Parameter(
            name="serious", kind=Kind.NUMBER, zh="严重超限", meaning="share from which it is worse", default="0.2"
        ),
    ),
    sentences={
        "over": Sentence(
            "{name}：{numerator} 为 {denominator} 的 {percent}%，超过 {max}%",
            "{name}: {numerator} is {percent}% of {denominator}, over {max}%",
        ),
        "within": Sentence(
            "{name}：{numerator} 为 {denominator} 的 {percent}%，未超过 {max}%",
            "{name}: {numerator} is {percent}% of {denominator}, not over {max}%",
        ),
        "no-base": Sentence(
            "无法判断{name}：分母 {denominator} 不大于零",
            "{name} cannot be judged: the denominator {denominator} is not above zero",
        ),
    },
    example=(
        '<supervision:check id="paid" code="RAT-01" name="实付与核定之比" level="low" actions="prompt_clerk">\n'
        '  <supervision:parameter name="numerator" value="=paid"/>\n'
        '  <supervision:parameter name="denominator" value="=approved"/>\n'
        '  <supervision:parameter name="max" value="1.10"/>\n'
        "</supervision:check>"
    ),
    example_variables={"paid": 1250, "approved": 1000},
    judge=judge,
)
