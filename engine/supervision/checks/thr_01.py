"""THR-01, threshold: a value of the case outside the limit of its indicator (量化行权指标)."""

from decimal import Decimal

from engine.feel import compile_expression
from engine.model.findings import CheckOutcome, Fence, RiskLevel
from engine.model.indicators import Indicator, Interval
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import INDICATOR, ON, CannotSay, Kind, Parameter, Question, by_indicator
from engine.supervision.sentences import Sentence, plain, text

_CODES = {
    "<": ("at-or-over", "under"),
    "<=": ("over", "within"),
    ">": ("not-above", "above"),
    ">=": ("below", "at-least"),
    "=": ("unequal", "equal"),
    "!=": ("forbidden", "allowed"),
}
"""What is said when the operator does not hold, and when it does."""
_UPPER = frozenset({"<", "<="})


def judge(question: Question) -> Answer:
    """The answer, with the value as evidence and the limit as parameter and fence."""
    value = question.value("value")
    indicator = question.indicator("indicator") if question.drawn("indicator") else None
    if indicator is not None and isinstance(indicator.value, Interval | tuple):
        return _in_set(question, value, indicator)
    limit = indicator.value if indicator is not None else question.value("limit")
    operator = question.drawn("operator")
    holds = _holds(question, operator, value, limit)
    params = _shown(value, limit) | {"unit": _unit(question, indicator)}
    return Answer(
        outcome=CheckOutcome.CLEAR if holds else CheckOutcome.HIT,
        code=_CODES[operator][holds],
        params=params,
        parameters=_parameters(question, operator, limit, indicator),
        evidence=_evidence(question, value),
        fences=(_fence(question, operator, limit),),
        data_versions=by_indicator(indicator)[1],
        raised=0 if holds else _serious(question, operator, value, limit),
    )


def _holds(question: Question, operator: str, value: object, limit: object) -> bool:
    """FEEL compares, so that the check agrees with every condition in the model; what it cannot is an open question."""
    missing = [name for name, found in (("value", value), ("limit", limit)) if found is None]
    if missing:
        raise question.missing(*missing)
    if operator not in _CODES:
        raise CannotSay("unknown-operator", {"operator": operator})
    if _kind(value) == _kind(limit):
        bound = _with_tolerance(question, operator, value, limit)
        result = compile_expression(f"value {operator} limit")({"value": value, "limit": bound}, now=question.facts.now)
        if isinstance(result, bool):
            return result
    raise CannotSay("incomparable", {}, evidence=_evidence(question, value), parameters={"limit": plain(limit)})


def _with_tolerance(question: Question, operator: str, value: object, limit: object) -> object:
    tolerance = question.number("tolerance") if question.drawn("tolerance") != "0" else 0
    if not tolerance or not isinstance(limit, int | Decimal) or not isinstance(value, int | Decimal):
        return limit
    bound, slack = Decimal(limit), abs(Decimal(limit)) * Decimal(tolerance)
    if operator in (">", ">="):
        return bound - slack
    if operator in _UPPER:
        return bound + slack
    return value if abs(Decimal(value) - bound) <= slack else limit


def _serious(question: Question, operator: str, value: object, limit: object) -> int:
    """One level more when a number is further off than the share that the model calls serious."""
    if operator in ("=", "!=") or not isinstance(value, int | Decimal) or not isinstance(limit, int | Decimal):
        return 0
    beyond, bound = abs(Decimal(value) - Decimal(limit)), abs(Decimal(limit))
    return int(beyond > bound * Decimal(question.number("serious")))


def _in_set(question: Question, value: object, indicator: Indicator) -> Answer:
    allowed = indicator.value
    if value is None:
        raise question.missing("value")
    if isinstance(allowed, Interval):
        inside, codes = allowed.holds(question.number("value")), ("outside-range", "inside-range")
        shown: object = f"{_end(allowed.low)} ~ {_end(allowed.high)}"
        fence = Fence(name=indicator.code, low=plain(allowed.low), high=plain(allowed.high))
    else:
        choices = [one for one in allowed if isinstance(one, str)] if isinstance(allowed, tuple) else []
        inside, codes = question.text("value") in choices, ("no-choice", "a-choice")
        shown, fence = choices, Fence(name=indicator.code, low=plain(choices), high=plain(choices))
    return Answer(
        outcome=CheckOutcome.CLEAR if inside else CheckOutcome.HIT,
        code=codes[inside],
        params={"value": text(value), "limit": text(shown), "unit": _unit(question, indicator)},
        parameters={"limit": plain(shown), **by_indicator(indicator)[0]},
        evidence=_evidence(question, value),
        fences=(fence,),
        data_versions=by_indicator(indicator)[1],
    )


def _kind(value: object) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return "number"
    return type(value).__name__


def _shown(value: object, limit: object) -> dict[str, object]:
    """Both as people write them; but rounding must not make "975 over 975"."""
    shown, bound = text(value), text(limit)
    if shown == bound and value != limit:
        shown, bound = str(plain(value)), str(plain(limit))
    return {"value": shown, "limit": bound}


def _end(value: object) -> str:
    return "" if value is None else text(value)


def _unit(question: Question, indicator: Indicator | None) -> str:
    unit = question.drawn("unit") or (indicator.unit if indicator is not None else "")
    return f" {unit}" if unit else ""


def _fence(question: Question, operator: str, limit: object) -> Fence:
    name, bound = question.drawn("indicator") or "limit", plain(limit)
    if operator in _UPPER:
        return Fence(name=name, high=bound)
    return Fence(name=name, low=bound, high=None if operator in (">", ">=") else bound)


def _parameters(question: Question, operator: str, limit: object, indicator: Indicator | None) -> dict[str, object]:
    found: dict[str, object] = {"operator": operator, "limit": plain(limit), "unit": _unit(question, indicator).strip()}
    found |= by_indicator(indicator)[0]
    if indicator is None:
        found["limit_expression"] = question.drawn("limit").removeprefix("=")
    if question.drawn("tolerance") != "0":
        found["tolerance"] = plain(question.number("tolerance"))
    return found


def _evidence(question: Question, value: object) -> dict[str, object]:
    return {"value": plain(value), "value_expression": question.drawn("value").removeprefix("=")}


CHECK = Check(
    code="THR-01",
    name="指标阈值",
    kind="threshold",
    phases=frozenset({Phase.BEFORE, Phase.DURING}),
    level=RiskLevel.LOW,
    source="标准 5.5.2、5.5.3：量化行权指标与预警阀值",
    rule_zh=(
        "`value` 与 `limit` 须满足 `operator`，否则命中。限额可以直接写，也可以取指标"
        "在案件当日的取值；范围或可选项须包含该值。超出限额 `serious` 以上升一级。任一方为空或不可比较"
        "为无法判断。"
    ),
    rule=(
        "`value` `operator` `limit` must hold, else HIT. The limit is drawn, or it is the indicator's value of the "
        "case's "
        "day; a range or a list of choices must hold the value. More than `serious` beyond the limit is one level "
        "higher. "
        "Null on either side, or sides that cannot be compared (text and number), is CANNOT_SAY."
    ),
    parameters=(
        Parameter(name="value", kind=Kind.ANY, zh="被检查的值", meaning="what is judged", required=True),
        Parameter(
            name="operator", kind=Kind.TEXT, zh="比较符", meaning="what must hold", default="<=", choices=tuple(_CODES)
        ),
        Parameter(name="limit", kind=Kind.ANY, zh="限额", meaning="the limit"),
        INDICATOR,
        ON,
        Parameter(name="unit", kind=Kind.TEXT, zh="单位", meaning="unit of both, for the sentence"),
        Parameter(name="tolerance", kind=Kind.NUMBER, zh="容差", meaning="share of the limit let pass", default="0"),
        Parameter(
            name="serious", kind=Kind.NUMBER, zh="严重超限", meaning="share from which it is worse", default="0.2"
        ),
    ),
    alternatives=(frozenset({"limit", "indicator"}),),
    sentences={
        "at-or-over": Sentence(
            "{name} {value}{unit}，达到或超过限额 {limit}{unit}",
            "{name} {value}{unit} is at or over the limit {limit}{unit}",
        ),
        "over": Sentence(
            "{name} {value}{unit}，超过限额 {limit}{unit}", "{name} {value}{unit} is over the limit {limit}{unit}"
        ),
        "not-above": Sentence(
            "{name} {value}{unit}，未高于限额 {limit}{unit}",
            "{name} {value}{unit} is not above the limit {limit}{unit}",
        ),
        "below": Sentence(
            "{name} {value}{unit}，低于限额 {limit}{unit}", "{name} {value}{unit} is below the limit {limit}{unit}"
        ),
        "unequal": Sentence(
            "{name} {value}{unit}，不等于规定值 {limit}{unit}",
            "{name} {value}{unit} is not the prescribed {limit}{unit}",
        ),
        "forbidden": Sentence(
            "{name} {value}{unit}，等于禁止值 {limit}{unit}", "{name} {value}{unit} is the forbidden {limit}{unit}"
        ),
        "under": Sentence(
            "{name} {value}{unit}，低于限额 {limit}{unit}", "{name} {value}{unit} is under the limit {limit}{unit}"
        ),
        "within": Sentence(
            "{name} {value}{unit}，未超过限额 {limit}{unit}", "{name} {value}{unit} is not over the limit {limit}{unit}"
        ),
        "above": Sentence(
            "{name} {value}{unit}，高于限额 {limit}{unit}", "{name} {value}{unit} is above the limit {limit}{unit}"
        ),
        "at-least": Sentence(
            "{name} {value}{unit}，不低于限额 {limit}{unit}",
            "{name} {value}{unit} is not below the limit {limit}{unit}",
        ),
        "equal": Sentence(
            "{name} {value}{unit}，等于规定值 {limit}{unit}", "{name} {value}{unit} is the prescribed {limit}{unit}"
        ),
        "allowed": Sentence(
            "{name} {value}{unit}，不等于禁止值 {limit}{unit}",
            "{name} {value}{unit} is not the forbidden {limit}{unit}",
        ),
        "outside-range": Sentence(
            "{name} {value}{unit}，不在规定范围 {limit}{unit} 内", "{name} {value}{unit} is outside of {limit}{unit}"
        ),
        "inside-range": Sentence(
            "{name} {value}{unit}，在规定范围 {limit}{unit} 内", "{name} {value}{unit} is inside of {limit}{unit}"
        ),
        "no-choice": Sentence("{name} {value}，不在规定的 {limit} 之中", "{name} {value} is none of {limit}"),
        "a-choice": Sentence("{name} {value}，在规定的 {limit} 之中", "{name} {value} is one of {limit}"),
        "incomparable": Sentence(
            "无法判断{name}：被检查的值与限额不能比较", "{name} cannot be judged: value and limit cannot be compared"
        ),
        "unknown-operator": Sentence(
            "无法判断{name}：不认识比较符“{operator}”", "{name} cannot be judged: the operator “{operator}” is unknown"
        ),
    },
    example=(
        '<supervision:check id="income" code="THR-01" name="家庭月人均收入" level="low" actions="prompt_clerk"\n'
        '    value="=income_per_head" operator="&lt;=" limit="=limits.income" unit="元/月"/>'
    ),
    example_variables={"income_per_head": 1320, "limits": {"income": 975}},
    judge=judge,
)
