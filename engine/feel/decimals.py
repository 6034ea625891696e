"""FEEL numbers: `int` as long as a number is whole and fits, else `Decimal`, both within 34 digits, HALF_EVEN."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import TypeAlias

Number: TypeAlias = int | Decimal

CONTEXT = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
LIMIT = 10**34
WHOLE_DIGITS = 6200
"""No FEEL number is longer than this when written out."""


def fit(number: Number) -> Number:
    """The number within 34 digits. Raises ArithmeticError when its exponent does not fit."""
    if number.__class__ is int and -LIMIT < number < LIMIT:
        return number
    result = CONTEXT.create_decimal(number)
    if not result.is_finite():
        raise Overflow
    return result


def from_text(digits: str) -> Number:
    """A number from its digits; raises ArithmeticError when it is too large, ValueError when it is none."""
    if digits.isascii() and digits.isdigit() and len(digits) <= 34:
        return int(digits)
    return fit(Decimal(digits))


def decimal(number: Number) -> Decimal:
    """The same number as a Decimal."""
    return number if isinstance(number, Decimal) else Decimal(number)


def whole(number: Number) -> int | None:
    """The number as an int when it is whole."""
    if number.__class__ is int:
        return number
    result = int(number)
    return result if result == number else None


def tidy(number: Number) -> Number:
    """Whole decimals of ordinary size as int: the result of a rounding."""
    if isinstance(number, Decimal) and number == number.to_integral_value() and abs(number) < LIMIT:
        return int(number)
    return number


def negated(number: Number) -> Number:
    """The number with the other sign, all digits kept whatever the thread's decimal context is."""
    return number.copy_negate() if isinstance(number, Decimal) else -number
