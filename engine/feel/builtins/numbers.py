"""Numeric functions."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    localcontext,
)

from ..budget import current
from ..decimals import CONTEXT, Number, decimal, tidy, whole
from ..values import YearMonthDuration
from ..wide import Duration, duration_nanoseconds, make_duration
from .registry import builtin, define

_MIN_SCALE, _MAX_SCALE = -6111, 6176


def rounded(number: Number, scale: Number, mode: str) -> Number | None:
    """The number with so many digits behind the point (before it, when negative)."""
    places = int(scale)
    if not _MIN_SCALE <= places <= _MAX_SCALE:
        return None
    current().tick(abs(places) // 100)
    digits = 7000 if abs(places) > 34 else 200
    value = decimal(number)
    if abs(value.adjusted()) > 100:
        digits = 14000
    with localcontext(Context(prec=digits, Emin=-20000, Emax=20000)):
        result = value.quantize(Decimal(1).scaleb(-places), rounding=mode)
    return tidy(CONTEXT.create_decimal(result)) if places <= 0 else CONTEXT.create_decimal(result)


def _define_rounding(name: str, signature: str, mode: str) -> None:
    define(name, signature, lambda n, scale=None: rounded(n, scale or 0, mode))


for _name, _mode in (
    ("round up", ROUND_UP),
    ("round down", ROUND_DOWN),
    ("round half up", ROUND_HALF_UP),
    ("round half down", ROUND_HALF_DOWN),
):
    _define_rounding(_name, "n: number, scale: number", _mode)
_define_rounding("decimal", "n: number, scale: number", ROUND_HALF_EVEN)
_define_rounding("floor", "n: number, scale: number=", ROUND_FLOOR)
_define_rounding("ceiling", "n: number, scale: number=", ROUND_CEILING)
define("abs", "n: number", lambda n: abs(n) if n.__class__ is int else CONTEXT.abs(n))


@builtin("abs", "n: duration")
def absolute(n: Duration | YearMonthDuration) -> Duration | YearMonthDuration:
    if isinstance(n, YearMonthDuration):
        return YearMonthDuration(abs(n.months))
    return make_duration(abs(duration_nanoseconds(n)))


@builtin("modulo", "dividend: number, divisor: number")
def modulo(dividend: Number, divisor: Number) -> Number | None:
    """The remainder with the sign of the divisor."""
    if divisor == 0:
        return None
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend % divisor
    left, right = decimal(dividend), decimal(divisor)
    if abs(left.adjusted() - right.adjusted()) > 1000:
        return None
    with localcontext(Context(prec=1200)):
        result = left - right * (left / right).to_integral_value(ROUND_FLOOR)
    return CONTEXT.create_decimal(result)


@builtin("sqrt", "number: number", 10)
def square_root(number: Number) -> Number | None:
    return tidy(CONTEXT.sqrt(decimal(number))) if number >= 0 else None


@builtin("log", "number: number", 100)
def logarithm(number: Number) -> Number | None:
    return CONTEXT.ln(decimal(number)) if number > 0 else None


@builtin("exp", "number: number", 50)
def exponential(number: Number) -> Number:
    return CONTEXT.exp(decimal(number))


@builtin("odd", "number: number")
def odd(number: Number) -> bool | None:
    value = whole(number)
    return None if value is None else value % 2 == 1


@builtin("even", "number: number")
def even(number: Number) -> bool | None:
    value = whole(number)
    return None if value is None else value % 2 == 0
