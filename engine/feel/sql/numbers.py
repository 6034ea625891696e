"""Exact arithmetic: only what certainly gives FEEL's digits is translated.

Sums and products are exact as long as the digits fit. A quotient mostly has no end; FEEL rounds it to 34 digits and
SQL somewhere else. Divided by a literal such as 4 or 100 it has an end. Otherwise it may only be compared: then
``a / b <= c`` becomes ``a <= c * b`` for positive b, which is the same as long as a, b and c together are too short
for the rounding to matter (`comparisons`).
"""

from decimal import Decimal

from sqlglot import exp

from ..values import Kind
from . import dialects
from .digits import MAX_DIGITS, Digits, digits_of, reciprocal
from .fragment import Fragment, boolean, integer, null_value
from .refusal import refuse
from .translator import Translator

_NODES: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}


def calculate(translator: Translator, operator: str, left: Fragment, right: Fragment, *, at: int) -> Fragment:
    """A sum, difference or product of two numbers."""
    left, right = exact_number(translator, left, at=at), exact_number(translator, right, at=at)
    one, other = left.known_digits(), right.known_digits()
    digits = one.times(other) if operator == "*" else one.plus(other)
    check(digits, at=at)
    dialect = translator.dialect
    sql: exp.Expr = _NODES[operator](
        this=dialects.widened(dialect, left, digits), expression=dialects.exact(dialect, right)
    )
    if operator == "*":
        sql = dialects.settled(dialect, sql, digits)
    return Fragment(sql=sql, kind=Kind.NUMBER, nullable=left.nullable or right.nullable, digits=digits)


def check(digits: Digits, *, at: int, limit: int = MAX_DIGITS) -> None:
    """Refuse results that FEEL may have to round."""
    if digits.total > limit:
        reason = f"the result may have {digits.total} digits; up to {limit} are certain; declare fewer for the columns"
        raise refuse("arithmetic", reason, at=at)


def exact_number(translator: Translator, fragment: Fragment, *, at: int) -> Fragment:
    """A number to calculate with."""
    fragment = plain_number(translator, fragment, at=at)
    fragment.known_digits()
    return fragment


def plain_number(_: Translator, fragment: Fragment, *, at: int = 0) -> Fragment:
    """Refuse a quotient that is used other than in a comparison."""
    if fragment.divisor is not None:
        raise refuse("division", "a quotient without end can only be compared; FEEL rounds it to 34 digits", at=at)
    return fragment


def divide(translator: Translator, left: Fragment, right: Fragment, *, at: int) -> Fragment:
    """A quotient; of literals with an end it is a product."""
    left, right = exact_number(translator, left, at=at), exact_number(translator, right, at=at)
    if right.is_constant:
        if right.constant == 0:
            return null_value()
        factor = reciprocal(right.constant)
        if factor is not None:
            whole = int(factor) if factor == factor.to_integral_value() else factor
            return calculate(translator, "*", left, translator.literal(whole), at=at)
    return Fragment(
        sql=left.sql,
        kind=Kind.NUMBER,
        nullable=left.nullable,
        digits=left.digits,
        integral=left.integral,
        is_constant=left.is_constant,
        constant=left.constant,
        divisor=right,
    )


# ---- rounding and remainders


def rounded(translator: Translator, name: str, fragment: Fragment, places: int, *, at: int) -> Fragment:
    """``floor``, ``ceiling``, ``decimal`` and the ``round …`` functions, to a literal number of places."""
    fragment = exact_number(translator, fragment, at=at)
    given = fragment.known_digits()
    if places < 0:
        raise refuse(name, "only scales from 0 on are certain", at=at)
    if places >= given.scale:
        return fragment
    if name in {"floor", "ceiling"} and places:
        raise refuse(name, "only the scale 0 is certain", at=at)
    digits = Digits(whole=given.whole + 1, scale=places)
    check(digits, at=at)
    sql = _rounding(translator, name, fragment, places, at=at)
    return Fragment(sql=sql, kind=Kind.NUMBER, nullable=fragment.nullable, digits=digits)


def _rounding(translator: Translator, name: str, fragment: Fragment, places: int, *, at: int) -> exp.Expr:
    number = fragment.expr
    if name in {"floor", "ceiling"}:
        return exp.Floor(this=number()) if name == "floor" else exp.Ceil(this=number())
    with_round = dialects.TESTED | {dialects.Dialect.SPARK, dialects.Dialect.TRINO}
    dialects.only(translator.dialect, with_round if name == "round half up" else dialects.TESTED, name, name, at=at)
    nearest = exp.Round(this=number(), decimals=integer(places))
    if name == "round half up":
        return nearest
    cut = exp.Anonymous(this="TRUNC", expressions=[number(), integer(places)])
    if name == "round down":
        return cut
    step = Decimal(1).scaleb(-places)
    rest = exp.Sub(this=fragment.operand(), expression=cut.copy())
    if name == "round up":
        up = exp.Add(this=cut.copy(), expression=_decimal(translator, step))
        down = exp.Sub(this=cut.copy(), expression=_decimal(translator, step))
        above = exp.GT(this=exp.Paren(this=rest), expression=integer(0))
        below = exp.LT(this=exp.Paren(this=rest.copy()), expression=integer(0))
        return exp.Case(ifs=[exp.If(this=above, true=up), exp.If(this=below, true=down)], default=cut)
    tie = exp.EQ(this=exp.Abs(this=rest), expression=_decimal(translator, step / 2))
    even = exp.Mul(
        this=integer(2),
        expression=exp.Round(
            this=exp.Mul(this=fragment.operand(), expression=_decimal(translator, Decimal("0.5"))),
            decimals=integer(places),
        ),
    )
    return exp.Case(ifs=[exp.If(this=tie, true=cut if name == "round half down" else even)], default=nearest)


def _decimal(translator: Translator, value: Decimal) -> exp.Expr:
    return dialects.number(translator.dialect, value, digits_of(value))


def modulo(translator: Translator, left: Fragment, right: Fragment, *, at: int) -> Fragment:
    """The remainder with the sign of the divisor; null for zero."""
    left, right = exact_number(translator, left, at=at), exact_number(translator, right, at=at)
    dialects.only(translator.dialect, dialects.TESTED, "modulo", "the remainder of decimals", at=at)
    one, other = left.known_digits(), right.known_digits()
    if right.is_constant and right.constant == 0:
        return null_value()
    scale = max(one.scale, other.scale)
    digits = Digits(whole=other.whole + 1, scale=scale)
    check(Digits(whole=max(one.whole, digits.whole) + 1, scale=scale), at=at)
    dialect = translator.dialect
    wide = Digits(whole=MAX_DIGITS - scale, scale=scale)
    first = exp.Mod(this=dialects.widened(dialect, left, wide), expression=dialects.exact(dialect, right))
    shifted = exp.Paren(this=exp.Add(this=exp.Paren(this=first), expression=dialects.exact(dialect, right)))
    again = exp.Mod(this=shifted, expression=dialects.exact(dialect, right))
    if right.is_constant:
        return Fragment(sql=again, kind=Kind.NUMBER, nullable=left.nullable, digits=digits)
    guard = exp.NEQ(this=right.operand(), expression=integer(0))
    return Fragment(sql=exp.Case(ifs=[exp.If(this=guard, true=again)]), kind=Kind.NUMBER, digits=digits)


def parity(translator: Translator, fragment: Fragment, *, odd: bool, at: int) -> Fragment:
    """``odd`` and ``even`` of whole numbers."""
    fragment = exact_number(translator, fragment, at=at)
    if fragment.known_digits().scale:
        raise refuse("odd" if odd else "even", "only numbers declared without places are certain", at=at)
    rest = exp.Mod(this=fragment.operand(), expression=integer(2))
    compare = exp.NEQ if odd else exp.EQ
    return boolean(compare(this=exp.Paren(this=rest), expression=integer(0)), nullable=fragment.nullable)
