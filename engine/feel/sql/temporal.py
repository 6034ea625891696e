"""Dates, times and durations, which are integers in SQL (`durations`).

Equality of times ignores fractions of a second, as the closures (and the TCK) have it; order does not.
"""

from datetime import timedelta

from sqlglot import exp

from .. import arithmetic, tree
from ..values import Kind, YearMonthDuration
from . import dialects
from .dialects import Dialect
from .digits import Digits
from .durations import DAYS_DIGITS, as_number, in_microseconds
from .fragment import DAY_IN_MICROSECONDS, Fragment, call, case, integer, null_value
from .numbers import divide, exact_number
from .refusal import refuse
from .translator import Translator, column_fragment, translates

MAX_SHIFT = timedelta(days=366 * 1000)
"""Longest duration that is added to a column: a mistake rather than a rule beyond that."""


# ---- comparisons


def in_seconds(translator: Translator, fragment: Fragment, *, at: int) -> exp.Expr:
    """A time, or date and time, without its fraction of a second."""
    if fragment.is_constant:
        return translator.literal(fragment.constant.replace(microsecond=0), at=at).expr()
    dialect = translator.dialect
    if fragment.kind is Kind.TIME and dialect is Dialect.DUCKDB:
        micros = dialects.truncated(dialect, call("EPOCH_US", fragment.expr()), integer(1_000_000))
        return exp.Add(
            this=exp.cast(exp.Literal.string("00:00:00"), exp.DType.TIME), expression=call("TO_SECONDS", micros)
        )
    if dialect is Dialect.CLICKHOUSE:
        return call("toStartOfSecond", fragment.expr())
    if dialect is Dialect.SPARK and not fragment.aware:
        raise refuse("equality", "whole seconds of a date and time have no certain equivalent in spark", at=at)
    return call("DATE_TRUNC", exp.Literal.string("second"), fragment.expr())


def as_moments(translator: Translator, left: Fragment, right: Fragment) -> tuple[Fragment, Fragment]:
    """A date beside a date and time: its midnight, in UTC beside one with an offset."""
    if left.kind is Kind.DATE:
        return _midnight(translator, left, aware=right.aware), right
    return left, _midnight(translator, right, aware=left.aware)


def _midnight(translator: Translator, fragment: Fragment, *, aware: bool) -> Fragment:
    sql: exp.Expr = exp.cast(fragment.expr(), exp.DType.TIMESTAMPNTZ)
    if translator.dialect is Dialect.CLICKHOUSE:
        sql = call("toDateTime64", fragment.expr(), integer(6))
    if aware:
        dialects.only(translator.dialect, dialects.TESTED, "date beside instant", "midnight in UTC")
        sql = exp.AtTimeZone(this=sql, zone=exp.Literal.string("UTC"))
    return Fragment(sql=sql, kind=Kind.DATE_TIME, nullable=fragment.nullable, aware=aware)


# ---- arithmetic


def combine(translator: Translator, operator: str, left: Fragment, right: Fragment, *, at: int) -> Fragment:
    """``+ - * /`` where at least one side is a date, time or duration; the kinds are known to fit."""
    if operator in {"*", "/"}:
        return _scale(translator, operator, left, right, at=at)
    if left.kind is right.kind:
        if left.kind in {Kind.DAYS, Kind.MONTHS}:
            return _sum(operator, left, right)
        return _difference(translator, left, right, at=at)
    if {left.kind, right.kind} == {Kind.DATE, Kind.DATE_TIME}:
        return _mixed_difference(translator, left, right, at=at)
    if left.kind in {Kind.DAYS, Kind.MONTHS}:
        left, right = right, left
    if left.kind is Kind.TIME:
        raise refuse("time", "adding to the time of day has no certain equivalent in SQL", at=at)
    return _shift(translator, operator, left, right, at=at)


def _sum(operator: str, left: Fragment, right: Fragment) -> Fragment:
    node = exp.Add if operator == "+" else exp.Sub
    same = left.unit == right.unit
    one, other = (left.operand(), right.operand()) if same else (in_microseconds(left), in_microseconds(right))
    unit = left.unit if same else "microsecond"
    nullable = left.nullable or right.nullable
    return Fragment(sql=node(this=one, expression=other), kind=left.kind, nullable=nullable, unit=unit)


def _scale(translator: Translator, operator: str, left: Fragment, right: Fragment, *, at: int) -> Fragment:
    """A duration times a whole number; a duration by another, which is a number."""
    if operator == "/":
        if left.kind is not right.kind:
            raise refuse("duration arithmetic", "a duration divided by a number is rounded in its own way", at=at)
        one, other = as_number(left), as_number(right)
        if left.kind is Kind.DAYS and left.unit != right.unit:
            one, other = as_number(_micros(left)), as_number(_micros(right))
        return divide(translator, one, other, at=at)
    duration, factor = (left, right) if left.kind is not Kind.NUMBER else (right, left)
    factor = exact_number(translator, factor, at=at)
    if factor.digits is None or factor.digits.scale or factor.digits.whole > 4:
        raise refuse("duration arithmetic", "only whole factors of at most 4 digits are certain", at=at)
    product = exp.Mul(this=dialects.bigint(duration.expr()), expression=dialects.bigint(factor.expr()))
    nullable = duration.nullable or factor.nullable
    return Fragment(sql=product, kind=duration.kind, nullable=nullable, unit=duration.unit)


def _micros(fragment: Fragment) -> Fragment:
    return Fragment(
        sql=in_microseconds(fragment),
        kind=fragment.kind,
        nullable=fragment.nullable,
        constant=fragment.constant,
        is_constant=fragment.is_constant,
    )


def _difference(translator: Translator, left: Fragment, right: Fragment, *, at: int) -> Fragment:
    nullable = left.nullable or right.nullable
    if left.kind is Kind.DATE:
        return Fragment(
            sql=days_between(translator.dialect, left, right), kind=Kind.DAYS, nullable=nullable, unit="day"
        )
    if left.kind is Kind.TIME:
        raise refuse("time", "the difference of two times has no certain equivalent in SQL", at=at)
    if left.aware is not right.aware:
        return null_value()
    dialect = translator.dialect
    dialects.only(dialect, dialects.TESTED, "difference of dates and times", "a difference in microseconds", at=at)
    if dialect is Dialect.DUCKDB:
        sql: exp.Expr = exp.Sub(this=call("EPOCH_US", left.expr()), expression=call("EPOCH_US", right.expr()))
    else:
        span = exp.Paren(this=exp.Sub(this=left.operand(), expression=right.operand()))
        seconds = exp.Extract(this=exp.var("EPOCH"), expression=span)
        sql = dialects.bigint(exp.Mul(this=seconds, expression=integer(1_000_000)))
    return Fragment(sql=sql, kind=Kind.DAYS, nullable=nullable)


def _mixed_difference(translator: Translator, left: Fragment, right: Fragment, *, at: int) -> Fragment:
    """A date counts as midnight in UTC: beside a date and time without offset there is no difference."""
    moment = left if left.kind is Kind.DATE_TIME else right
    if not moment.aware:
        return null_value()
    left, right = as_moments(translator, left, right)
    return _difference(translator, left, right, at=at)


def days_between(dialect: Dialect, left: Fragment, right: Fragment) -> exp.Expr:
    """``left - right`` of two dates, in days."""
    if dialect in dialects.TESTED:
        return exp.Sub(this=left.operand(), expression=right.operand())
    if dialect is Dialect.SPARK:
        return call("DATEDIFF", left.expr(), right.expr())
    unit = exp.Literal.string("day")
    return call("DATE_DIFF" if dialect is Dialect.TRINO else "dateDiff", unit, right.expr(), left.expr())


def _shift(translator: Translator, operator: str, moment: Fragment, duration: Fragment, *, at: int) -> Fragment:
    """A date, or date and time, plus or minus a literal duration."""
    if not duration.is_constant:
        raise refuse("date arithmetic", "only literal durations can be added to a date", at=at)
    value = duration.constant if operator == "+" else arithmetic.negative(duration.constant)
    if isinstance(value, YearMonthDuration):
        return _shift_months(translator, moment, value.months, at=at)
    if abs(value) > MAX_SHIFT:
        raise refuse("date arithmetic", "the duration is longer than a thousand years", at=at)
    if moment.kind is Kind.DATE:
        return _shifted(moment, _plus_days(translator.dialect, moment.operand(), value.days))
    dialects.only(translator.dialect, dialects.TESTED, "date and time arithmetic", "adding microseconds", at=at)
    micros = value // timedelta(microseconds=1)
    if translator.dialect is Dialect.DUCKDB:
        span: exp.Expr = call("TO_MICROSECONDS", integer(micros))
    else:
        span = exp.cast(exp.Literal.string(f"{micros} microseconds"), exp.DType.INTERVAL)
    return _shifted(moment, exp.Add(this=moment.operand(), expression=span))


def _plus_days(dialect: Dialect, day: exp.Expr, days: int) -> exp.Expr:
    if dialect in dialects.TESTED:
        return (
            exp.Add(this=day, expression=integer(days)) if days >= 0 else exp.Sub(this=day, expression=integer(-days))
        )
    if dialect is Dialect.TRINO:
        return call("DATE_ADD", exp.Literal.string("day"), integer(days), day)
    return call("DATE_ADD" if dialect is Dialect.SPARK else "addDays", day, integer(days))


def _shift_months(translator: Translator, moment: Fragment, months: int, *, at: int) -> Fragment:
    """The day shrinks where the month is shorter, in SQL as in FEEL."""
    if abs(months) > 12_000:
        raise refuse("date arithmetic", "the duration is longer than a thousand years", at=at)
    dialect = translator.dialect
    if moment.aware:
        raise refuse("date arithmetic", "months of an instant depend on its offset, which SQL does not keep", at=at)
    if moment.kind is Kind.DATE_TIME:
        dialects.only(dialect, dialects.TESTED, "date and time arithmetic", "adding months", at=at)
    if dialect is Dialect.DUCKDB:
        sql: exp.Expr = exp.Add(this=moment.operand(), expression=call("TO_MONTHS", integer(months)))
    elif dialect is Dialect.POSTGRES:
        span = exp.cast(exp.Literal.string(f"{months} months"), exp.DType.INTERVAL)
        sql = exp.Add(this=moment.operand(), expression=span)
    elif dialect is Dialect.TRINO:
        sql = call("DATE_ADD", exp.Literal.string("month"), integer(months), moment.expr())
    else:
        sql = call("ADD_MONTHS" if dialect is Dialect.SPARK else "addMonths", moment.expr(), integer(months))
    if moment.kind is Kind.DATE and dialect in dialects.TESTED:
        sql = exp.cast(sql, exp.DType.DATE)
    return _shifted(moment, sql)


def _shifted(moment: Fragment, sql: exp.Expr) -> Fragment:
    return Fragment(sql=sql, kind=moment.kind, nullable=moment.nullable, aware=moment.aware)


# ---- properties

_FIELDS = {
    "year": ("YEAR", 4),
    "month": ("MONTH", 2),
    "day": ("DAY", 2),
    "weekday": ("ISODOW", 1),
    "hour": ("HOUR", 2),
    "minute": ("MINUTE", 2),
}
_DATE_FIELDS = frozenset(["year", "month", "day", "weekday"])
_CLOCK_FIELDS = frozenset(["hour", "minute"])
_OF_MICROSECONDS = {"hours": (3_600_000_000, 24), "minutes": (60_000_000, 60)}


@translates(tree.Path)
def _path(translator: Translator, node: tree.Path, truth: bool) -> Fragment:  # noqa: ARG001  # as all rules
    name = _dotted(node)
    if name in translator.columns:
        return column_fragment(translator, name)
    return get_property(translator, translator.value(node.source), node.name, at=node.at)


def _dotted(node: tree.Node) -> str:
    """``a.b.c`` of a path that begins with a name; else empty."""
    if isinstance(node, tree.Name):
        return node.name
    source = _dotted(node.source) if isinstance(node, tree.Path) else ""
    return f"{source}.{node.name}" if source and isinstance(node, tree.Path) else ""


def get_property(translator: Translator, source: Fragment, name: str, *, at: int) -> Fragment:
    """The part of a date, time or duration."""
    dialect = translator.dialect
    fields = {
        Kind.DATE: _DATE_FIELDS,
        Kind.TIME: _CLOCK_FIELDS,
        Kind.DATE_TIME: _DATE_FIELDS | _CLOCK_FIELDS,
    }.get(source.kind, frozenset())
    if name in fields:
        if source.aware:
            raise refuse("property", "the clock of an instant depends on its offset, which SQL does not keep", at=at)
        return extract(dialect, source, *_FIELDS[name], at=at)
    if source.kind is Kind.MONTHS and name in {"years", "months"}:
        twelve = integer(12)
        whole = dialects.truncated(dialect, dialects.bigint(source.expr()), twelve)
        sql = whole if name == "years" else exp.Mod(this=source.operand(), expression=twelve)
        return _whole(sql, source, 9)
    if source.kind is Kind.DAYS and name == "days":
        if source.unit == "day":
            return _whole(source.sql, source, DAYS_DIGITS.whole)
        return _whole(dialects.truncated(dialect, source.expr(), integer(DAY_IN_MICROSECONDS)), source, 12)
    if source.kind is Kind.DAYS and name in _OF_MICROSECONDS:
        size, most = _OF_MICROSECONDS[name]
        whole = dialects.truncated(dialect, in_microseconds(source), integer(size))
        return _whole(exp.Mod(this=whole, expression=integer(most)), source, 2)
    if source.kind in {Kind.NULL, Kind.BOOLEAN, Kind.NUMBER, Kind.STRING}:
        return null_value()
    raise refuse("property", f"`{name}` of a value of kind {source.kind.value} has no equivalent in SQL", at=at)


def _whole(sql: exp.Expr, source: Fragment, width: int) -> Fragment:
    digits = Digits(whole=width, scale=0)
    return Fragment(sql=sql, kind=Kind.NUMBER, nullable=source.nullable, digits=digits, integral=True)


def extract(dialect: Dialect, source: Fragment, field: str, width: int, *, at: int) -> Fragment:
    """A field of a date or time as a whole number."""
    if field in {"ISODOW", "DOY", "WEEK"}:
        dialects.only(dialect, dialects.TESTED, "property", f"the field {field}", at=at)
    return _whole(_field(dialect, source, field), source, width)


def _field(dialect: Dialect, source: Fragment, field: str) -> exp.Expr:
    """A field of a date. Only calculated dates get before the year 1, where PostgreSQL has -1 and FEEL 0."""
    found = exp.Extract(this=exp.var(field), expression=source.expr())
    if field != "YEAR" or dialect is not Dialect.POSTGRES or isinstance(source.sql, exp.Column):
        return found
    before = exp.LT(this=found.copy(), expression=integer(0))
    return case((before, exp.Add(this=found.copy(), expression=integer(1))), otherwise=found)


def months_between(translator: Translator, start: Fragment, end: Fragment) -> Fragment:
    """``years and months duration(from, to)``: whole months, towards zero."""
    dialect = translator.dialect

    def field(source: Fragment, name: str) -> exp.Expr:
        return _field(dialect, source, name)

    def month(source: Fragment) -> exp.Expr:
        years = exp.Mul(this=field(source, "YEAR"), expression=integer(12))
        return exp.Paren(this=exp.Add(this=years, expression=field(source, "MONTH")))

    def short(first: Fragment, second: Fragment) -> exp.Expr:
        less = exp.LT(this=field(second, "DAY"), expression=field(first, "DAY"))
        return case((less, integer(1)), otherwise=integer(0))

    months = exp.Sub(this=month(end), expression=month(start))
    forward = exp.LTE(this=as_day(dialect, start), expression=as_day(dialect, end))
    backward = exp.GT(this=as_day(dialect, start), expression=as_day(dialect, end))
    sql = case(
        (forward, exp.Sub(this=months, expression=short(start, end))),
        (backward, exp.Add(this=months.copy(), expression=short(end, start))),
    )
    if dialect is Dialect.POSTGRES:
        sql = dialects.bigint(sql)
    return Fragment(sql=sql, kind=Kind.MONTHS, nullable=start.nullable or end.nullable)


def as_day(dialect: Dialect, source: Fragment) -> exp.Expr:
    """The date of a date, or of a date and time without offset."""
    if source.kind is Kind.DATE:
        return source.operand()
    return exp.cast(source.expr(), exp.DType.DATE32 if dialect is Dialect.CLICKHOUSE else exp.DType.DATE)
