"""XDB-03, match and aggregate: vehicles of the household, their number and value (车辆数量和价值)."""

from decimal import Decimal, InvalidOperation

from engine.model.findings import CheckOutcome, Fence, RiskLevel
from engine.model.lookups import Need, RowsNeed
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import INDICATOR, ON, CannotSay, Kind, Parameter, Question, by_indicator
from engine.supervision.sentences import Sentence


def judge(question: Question) -> Answer:
    """HIT for more vehicles than `most`, or for a total value over `limit`."""
    (need,) = needs(question)
    source = question.text("source")
    found = question.looked_up(need, source)
    count = len(found.rows)
    most = question.whole("most") if question.drawn("most") else None
    limit, indicator = question.limit("limit") if _valued(question) else (None, None)
    told, versions = by_indicator(indicator)
    total = sum((_value(row.get("value"), source) for row in found.rows), Decimal(0)) if limit is not None else None
    many = most is not None and count > most
    dear = limit is not None and total is not None and total > limit
    return Answer(
        outcome=CheckOutcome.HIT if many or dear else CheckOutcome.CLEAR,
        code="many" if many else "dear" if dear else "clear",
        params={"count": count, "most": most, "total": total, "limit": limit},
        parameters={"source": source, "most": most, "limit": limit, **told},
        evidence={
            "count": count,
            "total": total,
            "vehicles": [{name: str(value) for name, value in row.items()} for row in found.rows],
        },
        fences=(Fence(name="count", high=most), Fence(name="total", high=limit)),
        data_versions={source: found.version, **versions},
    )


def _valued(question: Question) -> bool:
    """Whether a limit of their value was drawn."""
    return bool(question.drawn("limit") or question.drawn("indicator"))


def needs(question: Question) -> tuple[Need, ...]:
    """The vehicles of the persons. Raises CannotSay without a person."""
    found = question.value("persons")
    listed = list(found) if isinstance(found, list | tuple) else [found]
    if not listed or any(not isinstance(one, str) or not one for one in listed):
        raise question.missing("persons")
    persons = tuple(dict.fromkeys(str(one) for one in listed))
    return (RowsNeed(source=question.text("source"), match=(("owner_id_no", persons),)),)


def _value(value: object, source: str) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise CannotSay("no-value", {"source": source}) from error


CHECK = Check(
    code="XDB-03",
    name="家庭机动车",
    kind="match",
    phases=frozenset({Phase.BEFORE}),
    level=RiskLevel.MEDIUM,
    source="《最低生活保障审核确认办法》（民发〔2021〕57号）（家庭财产状况）；标准 5.5.3 数据比对",
    rule_zh=(
        "`persons` 在 `source` 中登记的机动车不得多于 `most` 辆，价值合计不得超过 `"
        "limit` 或指标的取值，否则命中。数据集未接入或有车辆没有价值为无法判断。"
    ),
    rule=(
        "The vehicles of `persons` in the dataset `source` (`owner_id_no`, `value`, `plate`) may be `most` at most, "
        "and their values together `limit` at most, else HIT. A dataset that was not asked, or a vehicle without a "
        "value, is CANNOT_SAY."
    ),
    parameters=(
        Parameter(name="persons", kind=Kind.ANY, zh="人员", meaning="an ID number or a list of them", required=True),
        Parameter(name="source", kind=Kind.TEXT, zh="机动车登记库", meaning="the dataset", default="vehicle"),
        Parameter(name="most", kind=Kind.NUMBER, zh="数量上限", meaning="how many there may be"),
        Parameter(name="limit", kind=Kind.NUMBER, zh="价值上限", meaning="what they may be worth together"),
        INDICATOR,
        ON,
    ),
    alternatives=(frozenset({"most", "limit", "indicator"}),),
    sentences={
        "many": Sentence(
            "{name}：登记在家庭成员名下的机动车有 {count} 辆，超过 {most} 辆",
            "{name}: {count} vehicles are registered to the household, more than {most}",
        ),
        "dear": Sentence(
            "{name}：登记在家庭成员名下的机动车价值合计 {total} 元，超过限额 {limit} 元",
            "{name}: the vehicles of the household are worth {total} yuan, over the limit of {limit}",
        ),
        "clear": Sentence(
            "{name}：登记在家庭成员名下的机动车有 {count} 辆，未超过限额",
            "{name}: {count} vehicles are registered to the household, within the limits",
        ),
        "no-value": Sentence(
            "无法判断{name}：{source} 中有车辆没有价值", "{name} cannot be judged: a vehicle in {source} has no value"
        ),
    },
    example=(
        '<supervision:check id="cars" code="XDB-03" name="家庭机动车" level="medium"\n'
        '    actions="prompt_clerk alert_unit" phase="submit" blocking="true" allowWithReason="=go_on_reason">\n'
        '  <supervision:parameter name="persons" value="=for member in members return member.id_number"/>\n'
        '  <supervision:parameter name="most" value="0"/>\n'
        "</supervision:check>"
    ),
    example_variables={"members": [{"id_number": "21019419500508116X"}]},
    needs=needs,
    sources=True,
    judge=judge,
)
