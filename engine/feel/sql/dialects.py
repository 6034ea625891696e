"""What the five dialects write differently, or do not have."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum

from sqlglot import exp

from ..text import format_number
from .digits import Digits
from .fragment import Fragment, call, wrapped
from .refusal import refuse


class Dialect(StrEnum):
    """The dialects; values are sqlglot's names."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"
    SPARK = "spark"
    TRINO = "trino"
    CLICKHOUSE = "clickhouse"


NARROW = 18
"""Digits of a decimal that DuckDB keeps in 64 bits, and does not leave by itself."""
INTEGER_DIGITS = 10
"""Digits that hold every INTEGER: a cast that cannot fail lets DuckDB order its filters by what they save."""
CLICKHOUSE_DIGITS = 76
CLICKHOUSE_YEARS = (1900, 2299)
TIMED = frozenset([Dialect.DUCKDB, Dialect.POSTGRES, Dialect.TRINO])
"""Dialects with a type for the time of day."""
TESTED = frozenset([Dialect.DUCKDB, Dialect.POSTGRES])
"""Dialects whose answers are compared with the closures'."""


def only(dialect: Dialect, allowed: frozenset[Dialect], construct: str, what: str, *, at: int = 0) -> None:
    """Refuse what a dialect does not have."""
    if dialect not in allowed:
        raise refuse(construct, f"{what} has no certain equivalent in {dialect.value}", at=at)


# ---- literals


def number(dialect: Dialect, value: int | Decimal, digits: Digits) -> exp.Expr:
    """A number with all its digits."""
    text = format_number(value)
    if dialect is Dialect.CLICKHOUSE and digits.scale:
        return exp.cast(exp.Literal.string(text), exp.DataType.build(f"DECIMAL(38, {digits.scale})"))
    return exp.Neg(this=exp.Literal.number(text[1:])) if text.startswith("-") else exp.Literal.number(text)


def string(value: str, *, at: int = 0) -> exp.Expr:
    """A text; what SQL text cannot hold is refused."""
    if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise refuse("string literal", "a text with NUL or half a surrogate pair cannot stand in SQL", at=at)
    return exp.Literal.string(value)


def day(dialect: Dialect, value: date) -> exp.Expr:
    """A date."""
    _check_years(dialect, value)
    kind = exp.DType.DATE32 if dialect is Dialect.CLICKHOUSE else exp.DType.DATE
    return exp.cast(exp.Literal.string(value.isoformat()), kind)


def moment(dialect: Dialect, value: datetime) -> exp.Expr:
    """A date and time, with offset (written in UTC) or without."""
    _check_years(dialect, value)
    local = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    text = local.isoformat(sep=" ")
    if dialect is Dialect.CLICKHOUSE:
        zone = [exp.Literal.string("UTC")] if value.tzinfo else []
        return call("toDateTime64", exp.Literal.string(text), exp.Literal.number(6), *zone)
    if value.tzinfo is None:
        return exp.cast(exp.Literal.string(text), exp.DType.TIMESTAMPNTZ)
    text += " UTC" if dialect is Dialect.TRINO else "+00:00"
    return exp.cast(exp.Literal.string(text), exp.DType.TIMESTAMPTZ)


def _check_years(dialect: Dialect, value: date) -> None:
    first, last = CLICKHOUSE_YEARS
    if dialect is Dialect.CLICKHOUSE and not first <= value.year <= last:
        raise refuse("date literal", f"clickhouse knows the years {first} to {last} only")


def clock(dialect: Dialect, value: time) -> exp.Expr:
    """A time of day without offset."""
    only(dialect, TIMED, "time", "the time of day")
    return exp.cast(exp.Literal.string(value.isoformat()), exp.DType.TIME)


# ---- numbers


def widened(dialect: Dialect, fragment: Fragment, result: Digits) -> exp.Expr:
    """A number as the left operand of an operation with a result of so many digits."""
    digits = fragment.known_digits()
    if dialect is Dialect.CLICKHOUSE:
        return exp.cast(fragment.expr(), exp.DataType.build(f"DECIMAL({CLICKHOUSE_DIGITS}, {digits.scale})"))
    if dialect is Dialect.DUCKDB and result.total > NARROW:
        width = max(NARROW + 1, digits.total)
        return exp.cast(fragment.expr(), exp.DataType.build(f"DECIMAL({width}, {digits.scale})"))
    return exact(dialect, fragment)


def exact(dialect: Dialect, fragment: Fragment) -> exp.Expr:
    """A number that SQL calculates with as a decimal and not as an integer of some width."""
    digits = fragment.known_digits()
    if dialect is Dialect.CLICKHOUSE:
        return widened(dialect, fragment, digits)
    if not fragment.integral or (fragment.is_constant and dialect is not Dialect.TRINO):
        return fragment.operand()
    width = max(INTEGER_DIGITS, digits.total) if dialect is Dialect.DUCKDB else digits.total
    return exp.cast(fragment.expr(), exp.DataType.build(f"DECIMAL({width}, 0)"))


def settled(dialect: Dialect, sql: exp.Expr, digits: Digits) -> exp.Expr:
    """A product; Spark would count one digit more for each and round at 38."""
    if dialect is not Dialect.SPARK:
        return sql
    return exp.cast(sql, exp.DataType.build(f"DECIMAL({digits.total}, {digits.scale})"))


def truncated(dialect: Dialect, dividend: exp.Expr, divisor: exp.Expr) -> exp.Expr:
    """The quotient of two integers towards zero."""
    if dialect is Dialect.CLICKHOUSE:
        return call("intDiv", dividend, divisor)
    if dialect in {Dialect.POSTGRES, Dialect.TRINO}:
        return exp.Paren(this=exp.Div(this=wrapped(dividend), expression=wrapped(divisor), typed=True, safe=False))
    return exp.Paren(this=exp.IntDiv(this=wrapped(dividend), expression=wrapped(divisor)))


def bigint(sql: exp.Expr) -> exp.Expr:
    """As an integer of 64 bits."""
    return exp.cast(sql, exp.DType.BIGINT)


# ---- strings


def collated(dialect: Dialect, sql: exp.Expr) -> exp.Expr:
    """A text ordered by its code points, as FEEL has it; PostgreSQL would ask the language of the database."""
    if dialect is not Dialect.POSTGRES:
        return sql
    return exp.Collate(this=wrapped(sql), expression=exp.to_identifier("C", quoted=True))


def position(dialect: Dialect, text: exp.Expr, wanted: exp.Expr) -> exp.Expr:
    """From 1, or 0 when it is not there."""
    if dialect is Dialect.POSTGRES:
        return call("STRPOS", text, wanted)
    return exp.StrPosition(this=text, substr=wanted)


def part(dialect: Dialect, text: exp.Expr, start: exp.Expr, *length: exp.Expr) -> exp.Expr:
    """Characters from a position, which counts from 1."""
    if dialect is Dialect.CLICKHOUSE:
        return call("substringUTF8", text, start, *length)
    if dialect is Dialect.POSTGRES:
        return call("SUBSTR", text, start, *length)
    return exp.Substring(this=text, start=start, length=length[0] if length else None)


# ---- lists


def array(dialect: Dialect, items: Sequence[exp.Expr], item: exp.DataType) -> exp.Expr:
    """A list of items of one type."""
    made = exp.Array(expressions=list(items))
    kind = exp.DataType(this=exp.DType.ARRAY, expressions=[item.copy()], nested=True)
    return exp.cast(made, kind) if dialect is not Dialect.CLICKHOUSE or not items else made


def joined(dialect: Dialect, lists: Sequence[exp.Expr]) -> exp.Expr:
    """Lists after each other."""
    if dialect in {Dialect.DUCKDB, Dialect.POSTGRES, Dialect.TRINO}:
        result = lists[0]
        for one in lists[1:]:
            result = exp.DPipe(this=result, expression=one)
        return result
    return call("CONCAT" if dialect is Dialect.SPARK else "arrayConcat", *lists)
