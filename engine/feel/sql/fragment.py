"""A translated piece of an expression, with all that is certain about its value, and small tools on SQL trees."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlglot import exp

from ..values import Kind, Value
from .digits import Digits
from .refusal import refuse

Unit = Literal["day", "microsecond"]
DAY_IN_MICROSECONDS = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A value in SQL.

    kind: its kind when it is not null; NULL when it always is. nullable: whether it may be null. digits: of numbers,
    where known. integral: whether SQL sees an integer, so that arithmetic must widen it first. divisor: the number is
    ``sql / divisor``, never null or zero where `quotient_null` is false; only comparisons can take such a one.
    unit: a days and time duration is a whole number of these; a years and months duration one of months.
    aware: whether a date and time has an offset. constant: the value itself, when `is_constant`.
    """

    sql: exp.Expr
    kind: Kind
    nullable: bool = True
    digits: Digits | None = None
    integral: bool = False
    divisor: "Fragment | None" = None
    unit: Unit = "microsecond"
    aware: bool = False
    constant: Value = None
    is_constant: bool = False

    def expr(self) -> exp.Expr:
        """A copy of the SQL, to be put into a tree."""
        return self.sql.copy()

    def known_digits(self) -> Digits:
        """The digits of a number. Refused when they are not declared."""
        if self.digits is None:
            raise refuse("arithmetic", "the digits of a column are not declared; write number(12,2)")
        return self.digits

    def operand(self) -> exp.Expr:
        """A copy of the SQL that binds tighter than any operator."""
        return wrapped(self.sql.copy())


_LOOSE = (exp.Binary, exp.Connector, exp.Not, exp.Between, exp.In, exp.Is, exp.Neg, exp.Interval)


def wrapped(sql: exp.Expr) -> exp.Expr:
    """In brackets, when it is an operator."""
    if isinstance(sql, exp.Neg) and isinstance(sql.this, exp.Literal):
        return sql
    return exp.Paren(this=sql) if isinstance(sql, _LOOSE) and not isinstance(sql, exp.Dot) else sql


def null_boolean() -> Fragment:
    """A condition that is always null."""
    return Fragment(sql=exp.cast(exp.Null(), exp.DType.BOOLEAN), kind=Kind.BOOLEAN)


def null_value() -> Fragment:
    """Null of no kind."""
    return Fragment(sql=exp.Null(), kind=Kind.NULL, is_constant=True)


def boolean(sql: exp.Expr, *, nullable: bool) -> Fragment:
    """A condition."""
    return Fragment(sql=sql, kind=Kind.BOOLEAN, nullable=nullable)


def truth_value(value: bool) -> Fragment:
    """TRUE or FALSE."""
    return Fragment(sql=exp.Boolean(this=value), kind=Kind.BOOLEAN, nullable=False, constant=value, is_constant=True)


def is_null(fragment: Fragment) -> exp.Expr:
    """``x IS NULL``, or FALSE when it never is; a quotient is null when a part is, or when it divides by zero."""
    if fragment.divisor is not None:
        zero = exp.EQ(this=fragment.divisor.operand(), expression=integer(0))
        return exp.or_(
            is_null(Fragment(sql=fragment.sql, kind=fragment.kind, nullable=fragment.nullable)),
            is_null(fragment.divisor),
            zero,
        )
    if not fragment.nullable:
        return exp.Boolean(this=False)
    return exp.Is(this=fragment.operand(), expression=exp.Null())


def not_null(fragment: Fragment) -> exp.Expr:
    """``NOT x IS NULL``, or TRUE."""
    if not fragment.nullable and fragment.divisor is None:
        return exp.Boolean(this=True)
    return exp.Not(this=wrapped(is_null(fragment)))


def _parts(term: exp.Expr, connector: type[exp.Connector]) -> list[exp.Expr]:
    """The term, or the terms that it connects in the same way."""
    inner = term.unnest()
    return list(inner.flatten()) if isinstance(inner, connector) else [inner]


def _says(term: exp.Expr, *, value: bool) -> bool:
    return isinstance(term, exp.Boolean) and bool(term.this) is value


def all_of(*terms: exp.Expr) -> exp.Expr:
    """AND without TRUEs."""
    kept = [part for term in terms for part in _parts(term, exp.And) if not _says(part, value=True)]
    if any(isinstance(term, exp.Boolean) for term in kept):
        return exp.Boolean(this=False)
    return exp.and_(*kept) if kept else exp.Boolean(this=True)


def any_of(*terms: exp.Expr) -> exp.Expr:
    """OR without FALSEs."""
    kept = [part for term in terms for part in _parts(term, exp.Or) if not _says(part, value=False)]
    if any(isinstance(term, exp.Boolean) for term in kept):
        return exp.Boolean(this=True)
    return exp.or_(*kept) if kept else exp.Boolean(this=False)


def case(*branches: tuple[exp.Expr, exp.Expr], otherwise: exp.Expr | None = None) -> exp.Expr:
    """CASE WHEN … THEN … ELSE … END; a first branch that is always taken stands alone."""
    kept = []
    for condition, value in branches:
        if isinstance(condition, exp.Boolean):
            if not condition.this:
                continue
            otherwise = value
            break
        kept.append(exp.If(this=condition, true=value))
    if not kept:
        return otherwise if otherwise is not None else exp.Null()
    return exp.Case(ifs=kept, default=otherwise)


def integer(count: int) -> exp.Expr:
    """A whole number."""
    return exp.Literal.number(str(count)) if count >= 0 else exp.Neg(this=exp.Literal.number(str(-count)))


def call(name: str, *arguments: Any) -> exp.Expr:
    """A function that sqlglot does not change."""
    return exp.Anonymous(this=name, expressions=list(arguments))
