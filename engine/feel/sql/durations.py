"""Durations as integers.

Months, days (the difference of two dates) or microseconds. INTERVAL columns become such integers when they are read,
because dialects disagree about intervals and FEEL has two kinds that never mix.
"""

from datetime import timedelta

from sqlglot import exp

from ..values import Kind, YearMonthDuration
from . import dialects
from .dialects import Dialect
from .digits import Digits
from .fragment import DAY_IN_MICROSECONDS, Fragment, call, integer

DAYS_DIGITS = Digits(whole=12, scale=0)
MONTHS_DIGITS = Digits(whole=9, scale=0)
MICROSECONDS_DIGITS = Digits(whole=18, scale=0)


def from_column(dialect: Dialect, column: Fragment) -> Fragment:
    """A column of time or of a duration."""
    if column.kind is Kind.TIME:
        dialects.only(dialect, dialects.TIMED, "time", "a column of the time of day")
        return column
    dialects.only(dialect, dialects.TESTED, "duration column", "a column of intervals")
    if column.kind is Kind.MONTHS:
        years = exp.Extract(this=exp.var("YEAR"), expression=column.expr())
        months = exp.Extract(this=exp.var("MONTH"), expression=column.expr())
        sql: exp.Expr = exp.Add(this=exp.Mul(this=years, expression=integer(12)), expression=months)
        return Fragment(
            sql=exp.Paren(this=dialects.bigint(exp.Paren(this=sql))), kind=Kind.MONTHS, nullable=column.nullable
        )
    if dialect is Dialect.DUCKDB:
        sql = call("EPOCH_US", column.expr())
    else:
        seconds = exp.Extract(this=exp.var("EPOCH"), expression=column.expr())
        sql = dialects.bigint(exp.Mul(this=seconds, expression=integer(1_000_000)))
    return Fragment(sql=sql, kind=Kind.DAYS, nullable=column.nullable)


def in_microseconds(fragment: Fragment) -> exp.Expr:
    """A days and time duration as a number of microseconds."""
    if fragment.unit == "microsecond":
        return fragment.operand()
    if fragment.is_constant:
        return integer(fragment.constant // timedelta(microseconds=1))
    return exp.Paren(this=exp.Mul(this=dialects.bigint(fragment.expr()), expression=integer(DAY_IN_MICROSECONDS)))


def as_number(fragment: Fragment) -> Fragment:
    """A duration as a number of its units."""
    if fragment.kind is Kind.MONTHS:
        digits = MONTHS_DIGITS
    else:
        digits = DAYS_DIGITS if fragment.unit == "day" else MICROSECONDS_DIGITS
    constant = fragment.constant
    if isinstance(constant, YearMonthDuration):
        constant = constant.months
    elif isinstance(constant, timedelta):
        constant = constant.days if fragment.unit == "day" else constant // timedelta(microseconds=1)
    return Fragment(
        sql=fragment.sql,
        kind=Kind.NUMBER,
        nullable=fragment.nullable,
        digits=digits,
        integral=True,
        constant=constant,
        is_constant=fragment.is_constant,
    )
