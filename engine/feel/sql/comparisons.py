"""``= != < <= > >=`` and `between`.

Equality is never null between values of one kind: null equals null only. Order is null where a side is, as in SQL.
Values of different kinds are null: neither equal nor ordered.
"""

from sqlglot import exp

from .. import tree
from ..values import DATES, ORDERED, Kind
from . import dialects, temporal
from .digits import MAX_DIGITS, SQL_DIGITS, Digits
from .durations import in_microseconds
from .fragment import (
    Fragment,
    all_of,
    any_of,
    boolean,
    case,
    integer,
    is_null,
    not_null,
    null_boolean,
    truth_value,
    wrapped,
)
from .numbers import calculate
from .refusal import refuse
from .translator import Translator, translates

_NODES: dict[str, type[exp.Binary]] = {"<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE, "=": exp.EQ}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


@translates(tree.Comparison)
def _comparison(translator: Translator, node: tree.Comparison, truth: bool) -> Fragment:
    left, right = translator.value(node.left), translator.value(node.right)
    return compare(translator, node.operator, left, right, truth=truth, at=node.at)


def compare(
    translator: Translator, operator: str, left: Fragment, right: Fragment, *, truth: bool, at: int = 0
) -> Fragment:
    """A comparison of two values."""
    if operator == "=":
        return equal(translator, left, right, truth=truth, at=at)
    if operator == "!=":
        return _unequal(translator, left, right, at=at)
    return ordered(translator, operator, left, right, at=at)


# ---- equality


def equal(translator: Translator, left: Fragment, right: Fragment, *, truth: bool, at: int = 0) -> Fragment:
    """``=``."""
    if Kind.NULL in {left.kind, right.kind}:
        other = right if left.kind is Kind.NULL else left
        if other.kind is Kind.NULL:
            return truth_value(True)
        return boolean(is_null(other), nullable=False)
    if left.kind is not right.kind:
        return _of_different_kinds(left, right, truth=truth)
    if left.aware is not right.aware:
        return boolean(all_of(is_null(left), is_null(right)), nullable=False)
    if left.divisor is not None or right.divisor is not None:
        return _equal_quotients(translator, left, right, at=at)
    return _equal_values(translator, left, right, truth=truth, at=at)


def _equal_values(translator: Translator, left: Fragment, right: Fragment, *, truth: bool, at: int) -> Fragment:
    one, other = _sides(translator, left, right, equality=True, at=at)
    if left.nullable and right.nullable:
        return boolean(_null_safe(translator, one, other, left, right), nullable=False)
    plain = exp.EQ(this=one, expression=other)
    certain = truth or (not left.nullable and not right.nullable)
    return boolean(plain if certain else _or_false(plain), nullable=False)


def _or_false(condition: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=condition, expressions=[exp.Boolean(this=False)])


def _null_safe(translator: Translator, one: exp.Expr, other: exp.Expr, left: Fragment, right: Fragment) -> exp.Expr:
    if translator.dialect is not dialects.Dialect.CLICKHOUSE:
        return exp.NullSafeEQ(this=one, expression=other)
    both = all_of(is_null(left), is_null(right))
    return exp.Coalesce(this=exp.EQ(this=one, expression=other), expressions=[both])


def _unequal(translator: Translator, left: Fragment, right: Fragment, *, at: int) -> Fragment:
    same = equal(translator, left, right, truth=False, at=at)
    if same.is_constant:
        return truth_value(not same.constant)
    sql = same.sql
    if isinstance(sql, exp.EQ):
        sql = exp.NEQ(this=sql.this, expression=sql.expression)
    elif isinstance(sql, exp.NullSafeEQ):
        sql = exp.NullSafeNEQ(this=sql.this, expression=sql.expression)
    else:
        sql = exp.Not(this=wrapped(sql))
    return boolean(sql, nullable=same.nullable)


def _of_different_kinds(left: Fragment, right: Fragment, *, truth: bool) -> Fragment:
    """Null, unless one is null: then they are equal when both are."""
    both, either = all_of(is_null(left), is_null(right)), any_of(is_null(left), is_null(right))
    if truth:
        return boolean(both, nullable=False)
    if isinstance(either, exp.Boolean) and not either.this:
        return null_boolean()
    no, yes = exp.Boolean(this=False), exp.Boolean(this=True)
    return boolean(case((both, yes), (either, no)), nullable=True)


def _sides(
    translator: Translator, left: Fragment, right: Fragment, *, equality: bool, at: int
) -> tuple[exp.Expr, exp.Expr]:
    """Both values as SQL that compares as FEEL does."""
    dialect = translator.dialect
    if left.kind is Kind.NUMBER:
        _fit(left.digits, right.digits, at=at)
    if left.kind is Kind.STRING and not equality:
        return dialects.collated(dialect, left.operand()), right.operand()
    if left.kind is Kind.DAYS and left.unit != right.unit:
        return in_microseconds(left), in_microseconds(right)
    if left.kind in {Kind.DATE_TIME, Kind.TIME} and equality:
        return temporal.in_seconds(translator, left, at=at), temporal.in_seconds(translator, right, at=at)
    return left.operand(), right.operand()


def _fit(left: Digits | None, right: Digits | None, *, at: int) -> None:
    if left is not None and right is not None and left.joined(right).total > SQL_DIGITS:
        raise refuse("comparison", f"the numbers have more than {SQL_DIGITS} digits together", at=at)


# ---- order


def ordered(translator: Translator, operator: str, left: Fragment, right: Fragment, *, at: int = 0) -> Fragment:
    """``< <= > >=``."""
    if left.kind is not right.kind:
        if {left.kind, right.kind} != DATES:
            return null_boolean()
        left, right = temporal.as_moments(translator, left, right)
    if left.kind not in ORDERED or left.aware is not right.aware:
        return null_boolean()
    if left.divisor is not None or right.divisor is not None:
        return _ordered_quotients(translator, operator, left, right, at=at)
    one, other = _sides(translator, left, right, equality=False, at=at)
    return boolean(_NODES[operator](this=one, expression=other), nullable=left.nullable or right.nullable)


@translates(tree.Between)
def _between(translator: Translator, node: tree.Between, truth: bool) -> Fragment:
    """Null when one of the two comparisons is, even if the other is false."""
    value, low, high = (translator.value(one) for one in (node.value, node.low, node.high))
    above = ordered(translator, ">=", value, low, at=node.at)
    below = ordered(translator, "<=", value, high, at=node.at)
    both = all_of(above.expr(), below.expr())
    same_nulls = not low.nullable and not high.nullable and low.divisor is None and high.divisor is None
    nullable = above.nullable or below.nullable
    if truth or not nullable or (same_nulls and low.kind is high.kind):
        return boolean(both, nullable=nullable)
    known = all_of(not_null(above), not_null(below))
    return boolean(case((known, both)), nullable=True)


# ---- quotients


def _cross(
    translator: Translator, left: Fragment, right: Fragment, *, at: int
) -> tuple[exp.Expr, exp.Expr, list[Fragment]]:
    """``a / b`` and ``c / d`` as ``a * d`` and ``c * b``, with the divisors that are no literals.

    Refused when the numbers are so long that two different quotients may be equal at 34 digits: they differ by at
    least one part in ``10 ** (digits of a * d)``.
    """
    one, other = _times(translator, left, right.divisor, at=at), _times(translator, right, left.divisor, at=at)
    for product in (one, other):
        if product.known_digits().total > MAX_DIGITS - 2:
            reason = (
                f"a quotient of numbers with {product.known_digits().total} digits together may be rounded differently"
            )
            raise refuse("division", f"{reason}; {MAX_DIGITS - 2} are certain", at=at)
    _fit(one.digits, other.digits, at=at)
    return one.operand(), other.operand(), [side.divisor for side in (left, right) if side.divisor is not None]


def _times(translator: Translator, side: Fragment, factor: Fragment | None, *, at: int) -> Fragment:
    plain = Fragment(
        sql=side.sql,
        kind=Kind.NUMBER,
        nullable=side.nullable,
        digits=side.digits,
        integral=side.integral,
        constant=side.constant,
        is_constant=side.is_constant,
    )
    return plain if factor is None else calculate(translator, "*", plain, factor, at=at)


def _ordered_quotients(translator: Translator, operator: str, left: Fragment, right: Fragment, *, at: int) -> Fragment:
    one, other, divisors = _cross(translator, left, right, at=at)
    straight = _NODES[operator](this=one, expression=other)
    turned = _NODES[MIRRORED[operator]](this=one.copy(), expression=other.copy())
    nullable = any(side.nullable for side in (left, right, *divisors))
    constant = [divisor for divisor in divisors if divisor.is_constant]
    if len(constant) == len(divisors):
        negative = sum(1 for divisor in constant if divisor.constant < 0) % 2 == 1
        return boolean(turned if negative else straight, nullable=nullable)
    positive, negative_sql = _signs(divisors)
    return boolean(case((positive, straight), (negative_sql, turned)), nullable=True)


def _signs(divisors: list[Fragment]) -> tuple[exp.Expr, exp.Expr]:
    """Whether the product of the divisors is positive, and whether it is negative."""
    zero = integer(0)
    above = [exp.GT(this=one.operand(), expression=zero.copy()) for one in divisors]
    below = [exp.LT(this=one.operand(), expression=zero.copy()) for one in divisors]
    if len(divisors) == 1:
        return above[0], below[0]
    same = exp.or_(exp.and_(*above), exp.and_(*below))
    return same, exp.or_(exp.and_(above[0], below[1]), exp.and_(below[0], above[1]))


def _equal_quotients(translator: Translator, left: Fragment, right: Fragment, *, at: int) -> Fragment:
    one, other, _ = _cross(translator, left, right, at=at)
    missing_left, missing_right = is_null(left), is_null(right)
    plain = exp.EQ(this=one, expression=other)
    both = all_of(missing_left, missing_right)
    either = any_of(missing_left, missing_right)
    yes, no = exp.Boolean(this=True), exp.Boolean(this=False)
    sql = case((both, yes), (either, no), otherwise=plain)
    return boolean(sql, nullable=False)
