"""THR-03, count threshold: too few competitors, signatures or surveyors (竞争、签字、调查人数不足)."""

from engine.model.findings import CheckOutcome, Fence, RiskLevel
from engine.supervision import applicability
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import INDICATOR, ON, Kind, Parameter, Question, by_indicator
from engine.supervision.sentences import Sentence, plain


def judge(question: Question) -> Answer:
    """HIT below the minimum. Of a list every different entry that is not null counts once."""
    other = applicability.elsewhere(question)
    if other is not None:
        return other
    found = question.value("count")
    if isinstance(found, list | tuple):
        count = len({repr(plain(one)) for one in found if one is not None})
    else:
        count = question.whole("count")
    least, indicator = question.limit("min")
    told, versions = by_indicator(indicator)
    unit = question.drawn("unit")
    return Answer(
        outcome=CheckOutcome.HIT if count < least else CheckOutcome.CLEAR,
        code="too-few" if count < least else "enough",
        params={"count": count, "min": least, "unit": unit},
        parameters={"min": least, "unit": unit, **told},
        evidence={"count": count, "count_expression": question.drawn("count").removeprefix("=")},
        data_versions=versions,
        fences=(Fence(name="min", low=least),),
    )


CHECK = Check(
    code="THR-03",
    name="数量不足",
    kind="threshold (count)",
    phases=frozenset({Phase.DURING}),
    level=RiskLevel.MEDIUM,
    source="《招标投标法》第二十八条（投标人少于三个的重新招标）；入户调查、执法须两人以上的规定；标准 5.5.3",
    rule_zh=(
        "数量或列表中不同项的个数须达到 `min` 或指标的取值，否则命中。设 `types` 的只对这些程序适"
        "用，其余为通过。缺数量为无法判断，不当作零。"
    ),
    rule=(
        "A number, or how many different entries a list has, must reach `min`, else HIT. With `types` the rule "
        "holds only "
        "for those kinds of procedure; others are CLEAR. A count that is not there is CANNOT_SAY, not zero."
    ),
    parameters=(
        Parameter(
            name="count", kind=Kind.NUMBER, zh="数量", meaning="a number, or a list to be counted", required=True
        ),
        Parameter(name="min", kind=Kind.NUMBER, zh="最少数量", meaning="how many there must be", default="2"),
        INDICATOR,
        ON,
        Parameter(name="unit", kind=Kind.TEXT, zh="单位", meaning="what is counted, for the sentence"),
        *applicability.PARAMETERS,
    ),
    sentences={
        "too-few": Sentence(
            "{name} {count} {unit}，少于规定的 {min} {unit}", "{name}: {count} {unit}, fewer than {min}"
        ),
        "enough": Sentence(
            "{name} {count} {unit}，不少于规定的 {min} {unit}", "{name}: {count} {unit}, not fewer than {min}"
        ),
    },
    example=(
        '<supervision:check id="bidders" code="THR-03" name="公开招标的投标人" level="medium" actions="alert_unit">\n'
        '  <supervision:parameter name="count" value="=bidders"/>\n'
        '  <supervision:parameter name="min" value="3"/>\n'
        '  <supervision:parameter name="unit" value="家"/>\n'
        '  <supervision:parameter name="type" value="=method"/>\n'
        '  <supervision:parameter name="types" value="公开招标 邀请招标"/>\n'
        "</supervision:check>"
    ),
    example_variables={"bidders": ["甲公司", "乙公司", "甲公司"], "method": "公开招标"},
    judge=judge,
)
