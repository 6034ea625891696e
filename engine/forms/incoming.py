"""The first look at submitted data: bounded, plain JSON values only, before any schema is asked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from engine.forms.components import MAX_DEPTH, MAX_ROWS, MAX_TEXT
from engine.model.errors import Detail, Invalid

_MAX_DIGITS = 28  # the precision of the default decimal context, so that every rule below is exact
_MAX_EXPONENT = 30
_MAX_KEY = 200
_MAX_KEYS = 1000

_HALVES = re.compile("[\ud800-\udfff]")


def invalid(details: list[Detail]) -> Invalid:
    """The one error for wrong form data."""
    return Invalid("form.invalid", "The form is not filled in correctly.", details=details)


def plain(data: Mapping[str, object]) -> dict[str, object]:
    """A deep copy of the data: dict, list, str, bool, int, Decimal and None only; integral numbers are int.

    Floats are taken by their shortest decimal writing. Raises Invalid for NUL characters, halves of surrogate pairs,
    numbers beyond 28 digits, text over 20,000 characters, lists over 500 items, and nesting over 12 levels.
    """
    copier = _Copier()
    result = copier.mapping(data, "", 0)
    if copier.details:
        raise invalid(copier.details)
    return result


def number(value: object) -> int | Decimal | None:
    """The number as int where it is whole, else as Decimal; None when it is none or beyond what we keep."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if exact == 0:
        return 0
    if not exact.is_finite() or abs(exact.adjusted()) > _MAX_EXPONENT or len(exact.as_tuple().digits) > _MAX_DIGITS:
        return None
    return int(exact) if exact == exact.to_integral_value() else exact


@dataclass(slots=True)
class _Copier:
    details: list[Detail] = field(default_factory=list)

    def value(self, value: object, place: str, depth: int) -> object:
        if isinstance(value, str):
            return self.text(value, place)
        if isinstance(value, Mapping | list | tuple):
            return self.nested(value, place, depth)
        if value is None or isinstance(value, bool):
            return value
        exact = number(value)
        if exact is None:
            self.wrong(place, "number", "The value is no number, or one too large or too long.")
        return exact

    def nested(self, value: Mapping[str, object] | Sequence[object], place: str, depth: int) -> object:
        if depth > MAX_DEPTH:
            self.wrong(place, "too_deep", f"The data is nested deeper than {MAX_DEPTH} levels.", max=MAX_DEPTH)
            return None
        if isinstance(value, Mapping):
            return self.mapping(value, place, depth)
        if len(value) > MAX_ROWS:
            self.wrong(place, "too_many", f"There are more than {MAX_ROWS} items.", max=MAX_ROWS)
            return None
        return [self.value(item, f"{place}[{i}]", depth + 1) for i, item in enumerate(value)]

    def mapping(self, value: Mapping[str, object], place: str, depth: int) -> dict[str, object]:
        if len(value) > _MAX_KEYS:
            self.wrong(place, "too_many", f"There are more than {_MAX_KEYS} names.", max=_MAX_KEYS)
            return {}
        result: dict[str, object] = {}
        for key, item in value.items():
            if not isinstance(key, str) or len(key) > _MAX_KEY or _bad_characters(key):
                self.wrong(place, "name", "A name in the data is not usable.")
                continue
            result[key] = self.value(item, f"{place}.{key}" if place else key, depth + 1)
        return result

    def text(self, value: str, place: str) -> str:
        if len(value) > MAX_TEXT:
            self.wrong(place, "too_long", f"The text is longer than {MAX_TEXT} characters.", max=MAX_TEXT)
        elif _bad_characters(value):
            self.wrong(place, "character", "The text holds a character that cannot be stored.")
        return value

    def wrong(self, place: str, code: str, message: str, **params: int) -> None:
        self.details.append(
            Detail(place=place, code=code, message=message, params={k: str(v) for k, v in params.items()})
        )


def _bad_characters(text: str) -> bool:
    return (not text.isascii() and _HALVES.search(text) is not None) or "\x00" in text
