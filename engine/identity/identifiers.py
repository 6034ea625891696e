"""Chinese identifiers: the citizen's ID number (GB 11643) and the unified social credit code (GB 32100).

An ID number is six digits of area, eight of birth, three of sequence (odd = male) and a check digit. The area is
checked by its province only: districts come and go, and numbers keep the old ones. Numbers of 15 digits (before 2000)
are completed. The residence permits for Hong Kong, Macao and Taiwan (81, 82, 83) and the foreigner's permanent
residence card (9…) follow the same rule; passports and travel permits are other things.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.cn import uscc as stdnum_uscc
from stdnum.exceptions import ValidationError

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_ID_18 = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_15 = re.compile(r"[1-9][0-9]{14}")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—−·.]")
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[0-9]")


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Fault(StrEnum):
    """Why an identifier is not valid."""

    SHAPE = "shape"
    AREA = "area"
    BIRTH_DATE = "birth_date"
    CHECK_DIGIT = "check_digit"


class IdentifierError(ValueError):
    """The identifier is not valid; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class IdNumber:
    """A valid ID number, in its 18-character form."""

    number: str
    birth_date: date
    sex: Sex


def normalise(text: str) -> str:
    """As it should have been typed: half-width, upper case, without spaces and hyphens. Says nothing of validity."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_digit(first_17: str) -> str:
    """The last character of an ID number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECK_DIGITS[total % 11]


def id_number(text: str, *, today: date | None = None) -> IdNumber:
    """Read an ID number as people write it. Raises IdentifierError; with `today`, a birth after it is a fault."""
    number = normalise(text)
    if _ID_15.fullmatch(number):
        number = f"{number[:6]}19{number[6:]}"
        number += check_digit(number)
    if not _ID_18.fullmatch(number):
        raise IdentifierError(Fault.SHAPE)
    if not _PROVINCES.fullmatch(number[:2]):
        raise IdentifierError(Fault.AREA)
    birth = _birth_date(number[6:14])
    if birth is None or birth.year < 1850 or (today is not None and birth > today):
        raise IdentifierError(Fault.BIRTH_DATE)
    if number[-1] != check_digit(number[:17]):
        raise IdentifierError(Fault.CHECK_DIGIT)
    return IdNumber(number=number, birth_date=birth, sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def credit_code(text: str) -> str:
    """A unified social credit code, normalised. Raises IdentifierError."""
    code = normalise(text)
    try:
        return str(stdnum_uscc.validate(code))
    except ValidationError as error:
        fault = Fault.CHECK_DIGIT if len(code) == 18 else Fault.SHAPE
        raise IdentifierError(fault) from error


def _is(read: Callable[[str], object]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            read(text)
        except IdentifierError:
            return False
        return True

    return check


def _birth_date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


FORMATS: Mapping[str, Callable[[str], bool]] = {"id-number": _is(id_number), "credit-code": _is(credit_code)}
"""Whether a text has a format, by the name that forms use."""
