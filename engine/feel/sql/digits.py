"""How many digits a number may have: what makes SQL arithmetic certain.

FEEL rounds every result to 34 digits; SQL has 38 or fewer, fixed behind the point. As long as the digits that are
possible fit, both are exact and therefore equal. Bounds follow from the declared columns and the literals.
"""

from dataclasses import dataclass
from decimal import Decimal

MAX_DIGITS = 34
"""FEEL's precision: an exact result of more digits would be rounded there and not in SQL."""
SQL_DIGITS = 38
"""What two compared decimals may have together, in the dialects with the narrowest decimals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """The number is a multiple of ``10 ** -scale`` and less than ``10 ** whole`` in size."""

    whole: int
    scale: int

    @property
    def total(self) -> int:
        """At least one."""
        return max(1, self.whole + self.scale)

    def plus(self, other: "Digits") -> "Digits":
        """Of a sum or difference."""
        return Digits(whole=max(self.whole, other.whole) + 1, scale=max(self.scale, other.scale))

    def times(self, other: "Digits") -> "Digits":
        """Of a product."""
        return Digits(whole=self.whole + other.whole, scale=self.scale + other.scale)

    def joined(self, other: "Digits") -> "Digits":
        """Of a value that is one or the other."""
        return Digits(whole=max(self.whole, other.whole), scale=max(self.scale, other.scale))


def digits_of(number: int | Decimal) -> Digits:
    """The digits of a literal, without trailing zeros behind the point."""
    if isinstance(number, int):
        return Digits(whole=len(str(abs(number))) if number else 0, scale=0)
    if not number:
        return Digits(whole=0, scale=0)
    _, digits, last = number.as_tuple()
    exponent = int(last)
    trailing = len(digits) - len(("".join(map(str, digits))).rstrip("0"))
    scale = max(0, -(exponent + trailing))
    return Digits(whole=max(0, len(digits) + exponent), scale=scale)


def reciprocal(number: int | Decimal) -> Decimal | None:
    """1 / number, when it has an end and at most 20 digits: division by it is multiplication, without rounding."""
    if not number:
        return None
    exact = Decimal(number)
    numerator, denominator = exact.as_integer_ratio()
    rest = abs(numerator)
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return None
    power = 0
    while (denominator * 10**power) % numerator:
        power += 1
        if power > 20:
            return None
    result = Decimal(denominator * 10**power // numerator).scaleb(-power)
    return result if digits_of(result).total <= 20 else None
