"""``+ - * / **`` and negation: which kinds fit, and where each is translated."""

from sqlglot import exp

from .. import tree
from ..arithmetic import known_result
from ..values import Kind
from . import numbers, temporal
from .fragment import Fragment, null_value
from .refusal import refuse
from .translator import Translator, translates

MAX_POWER = 8


@translates(tree.Arithmetic)
def _arithmetic(translator: Translator, node: tree.Arithmetic, truth: bool) -> Fragment:  # noqa: ARG001  # as all rules
    if node.operator == "**":
        return _power(translator, node)
    return combine(translator, node.operator, translator.value(node.left), translator.value(node.right), at=node.at)


def combine(translator: Translator, operator: str, left: Fragment, right: Fragment, *, at: int) -> Fragment:
    """Two values with ``+ - * /`` between them; null for kinds that have no result."""
    if Kind.NULL in {left.kind, right.kind} or known_result(operator, left.kind, right.kind) is None:
        return null_value()
    if left.kind is Kind.NUMBER and right.kind is Kind.NUMBER:
        return (
            numbers.divide(translator, left, right, at=at)
            if operator == "/"
            else numbers.calculate(translator, operator, left, right, at=at)
        )
    if left.kind is Kind.STRING:
        joined = exp.DPipe(this=left.operand(), expression=right.operand())
        return Fragment(sql=joined, kind=Kind.STRING, nullable=left.nullable or right.nullable)
    return temporal.combine(translator, operator, left, right, at=at)


def _power(translator: Translator, node: tree.Arithmetic) -> Fragment:
    """Small whole powers are products."""
    base, power = translator.value(node.left), node.right
    if base.kind is not Kind.NUMBER:
        return null_value()
    if not isinstance(power, tree.NumberLiteral) or power.value not in range(1, MAX_POWER + 1):
        raise refuse("**", f"only powers of 1 to {MAX_POWER}, written as literals, are certain", at=node.at)
    result = base
    for _ in range(int(power.value) - 1):
        result = numbers.calculate(translator, "*", result, base, at=node.at)
    return result


@translates(tree.Negation)
def _negation(translator: Translator, node: tree.Negation, truth: bool) -> Fragment:  # noqa: ARG001  # as all rules
    operand = translator.value(node.operand)
    if operand.kind not in {Kind.NUMBER, Kind.DAYS, Kind.MONTHS}:
        return null_value()
    return Fragment(
        sql=exp.Neg(this=operand.operand()),
        kind=operand.kind,
        nullable=operand.nullable,
        digits=operand.digits,
        integral=operand.integral,
        divisor=operand.divisor,
        unit=operand.unit,
    )
