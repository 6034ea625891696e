"""THR-01, threshold: a value of the case outside the limit of its indicator (量化行权指标).

Rule: `value` `operator` `limit` must hold, else HIT. Null on either side, or sides that cannot be compared (text and
number, a date and a time), is CANNOT_SAY: missing data is never a pass.
Source: the standard, clauses 5.5.2 and 5.5.3 (alert thresholds on quantified indicators).
"""

from decimal import ROUND_HALF_UP, Decimal

from engine.feel import compile_expression, to_text
from engine.model.definitions import CheckDefinition
from engine.model.findings import CheckOutcome, RiskLevel
from engine.supervision.check import Answer, Check, Facts, Phase

_HIT = {
    "<": "达到或超过限额",
    "<=": "超过限额",
    ">": "未高于限额",
    ">=": "低于限额",
    "=": "不等于规定值",
    "!=": "等于禁止值",
}
_CLEAR = {
    "<": "低于限额",
    "<=": "未超过限额",
    ">": "高于限额",
    ">=": "不低于限额",
    "=": "等于规定值",
    "!=": "不等于禁止值",
}
_CENT = Decimal("0.01")


def judge(definition: CheckDefinition, facts: Facts) -> Answer:
    """The answer, with the value as evidence and the limit as parameter."""
    value, limit = facts.evaluate(definition.value), facts.evaluate(definition.limit)
    holds = _holds(definition.operator, value, limit, facts)
    if holds is None:
        outcome, reason = CheckOutcome.CANNOT_SAY, _open_question(definition, value, limit)
    else:
        outcome = CheckOutcome.CLEAR if holds else CheckOutcome.HIT
        reason = _sentence(definition, value, (_CLEAR if holds else _HIT)[definition.operator], limit)
    return Answer(
        outcome=outcome,
        reason=reason,
        parameters={
            "operator": definition.operator,
            "limit": _plain(limit),
            "unit": definition.unit,
            "limit_expression": definition.limit,
        },
        evidence={"value": _plain(value), "value_expression": definition.value},
    )


def _holds(operator: str, value: object, limit: object, facts: Facts) -> bool | None:
    """FEEL compares, so that the check agrees with every condition in the model; null for what it cannot."""
    if value is None or limit is None or operator not in _HIT or _kind(value) != _kind(limit):
        return None
    result = compile_expression(f"value {operator} limit")({"value": value, "limit": limit}, now=facts.now)
    return result if isinstance(result, bool) else None


def _kind(value: object) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return "number"
    return type(value).__name__


def _open_question(definition: CheckDefinition, value: object, limit: object) -> str:
    head = f"无法判断{definition.name}："
    if definition.operator not in _HIT:
        return f"{head}不认识比较符“{definition.operator}”"
    missing = [
        f"{what}（{text}）"
        for what, text, found in (("被检查的值", definition.value, value), ("限额", definition.limit, limit))
        if found is None
    ]
    if missing:
        return f"{head}缺少{'和'.join(missing)}"
    return f"{head}被检查的值与限额不能比较"


def _sentence(definition: CheckDefinition, value: object, verb: str, limit: object) -> str:
    unit = f" {definition.unit}" if definition.unit else ""
    shown, bound = _text(value), _text(limit)
    if shown == bound and value != limit:  # rounding must not make "975 over 975"
        shown, bound = str(_plain(value)), str(_plain(limit))
    return f"{definition.name} {shown}{unit}，{verb} {bound}{unit}"


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        rounded = value.quantize(_CENT, rounding=ROUND_HALF_UP) if abs(value) < 10**20 else value
        return f"{rounded.normalize():f}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(_plain(value))


def _plain(value: object) -> object:
    """The value as the trace can keep it: numbers, text, truth and null as they are, anything else as its text."""
    if value is None or isinstance(value, bool | int | Decimal | str):
        return value
    return to_text(value)


CHECK = Check(
    code="THR-01",
    name="指标阈值",
    kind="threshold",
    phases=frozenset({Phase.BEFORE, Phase.DURING}),
    level=RiskLevel.LOW,
    source="标准 5.5.2、5.5.3：量化行权指标与预警阀值",
    judge=judge,
)
