"""Single values: what form-js makes of what is stored, whether a value has its field's type, when two are equal."""

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal

from engine.forms.components import MULTIPLE_CHOICE, SINGLE_CHOICE, TEXT_TYPES, Component, ComponentType
from engine.forms.incoming import number

_LINE_BREAKS = re.compile(r"[\r\n\t]")
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?"
_ZONE = r"(Z|[+-][0-9]{2}:[0-9]{2})?"
_SHAPES = {
    "date": re.compile(_DATE),
    "time": re.compile(_TIME + _ZONE),
    "datetime": re.compile(f"{_DATE}T{_TIME}{_ZONE}"),
}
JS_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What `String.prototype.trim` takes off."""


class WrongTypeError(ValueError):
    """The value is not of its field's type."""


def js_length(text: str) -> int:
    """The length that JavaScript sees in the trimmed text: UTF-16 code units."""
    return len(text.strip(JS_SPACE).encode("utf-16-le")) // 2


def empty_value(component: Component) -> object:
    """What form-js puts into a field that has neither value nor default."""
    if component.type in TEXT_TYPES:
        return ""
    if component.type is ComponentType.CHECKBOX:
        return False
    return [] if component.type in MULTIPLE_CHOICE or component.type is ComponentType.DYNAMICLIST else None


def initial_value(component: Component, stored: object, *, present: bool) -> object:
    """The value that the browser starts from: the stored one, else the default, else the empty value."""
    if present:
        return _sanitised(component, stored)
    return empty_value(component) if component.default is None else component.default


def blank(value: object) -> bool:
    """Nothing was filled in."""
    if isinstance(value, Mapping):
        return all(blank(item) for item in value.values())
    if isinstance(value, list | tuple):
        return all(blank(item) for item in value)
    return value is None or value == "" or value is False


def equal(left: object, right: object) -> bool:
    """Equality of JSON values: numbers by value, but a boolean is no number and text is no number."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(equal(item, right[key]) for key, item in left.items())
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(equal(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, float) or isinstance(right, float):
        left, right = number(left), number(right)
    return left == right


def typed(component: Component, value: object) -> object:
    """The value as its field keeps it. Raises WrongTypeError. Choices are not compared with their options here."""
    if value is None:
        return empty_value(component)
    kind = component.type
    if kind in TEXT_TYPES:
        if not isinstance(value, str):
            raise WrongTypeError
        return _LINE_BREAKS.sub(" ", value) if kind is ComponentType.TEXTFIELD else value
    if kind is ComponentType.NUMBER:
        return _number(component, value)
    if kind is ComponentType.CHECKBOX:
        if not isinstance(value, bool):
            raise WrongTypeError
        return value
    if kind is ComponentType.DATETIME:
        return _moment(component.subtype, value)
    if kind in MULTIPLE_CHOICE and not isinstance(value, list):
        raise WrongTypeError
    return value


def tolerated(component: Component, sent: object, stored: object, *, present: bool) -> bool:
    """Whether a value sent for a field that may not be written is what the browser shows there.

    form-js submits read-only fields too (viewer 2.0, `Form._getSubmitData`), with what its sanitising made of them:
    empty values for nothing, and choices without what is no longer among the options.
    """
    start = initial_value(component, stored, present=present)
    if equal(sent, stored if present else None) or equal(sent, start) or (blank(sent) and blank(start)):
        return True
    if component.type is ComponentType.NUMBER and _same_float(sent, stored):
        return True
    if component.type in SINGLE_CHOICE:
        return sent is None
    if component.type in MULTIPLE_CHOICE and isinstance(sent, list) and isinstance(stored, list | tuple):
        return all(any(equal(item, old) for old in stored) for item in sent)
    if component.serialize_to_string and isinstance(sent, str):
        return equal(_numeral(sent), stored)
    return False


def _sanitised(component: Component, stored: object) -> object:
    """As the `sanitizeValue` functions of the viewer do; a value of the wrong type becomes the empty value."""
    if component.type in TEXT_TYPES and isinstance(stored, int | Decimal) and not isinstance(stored, bool):
        stored = str(stored)
    if component.type is ComponentType.NUMBER and isinstance(stored, Decimal) and stored.is_finite():
        return stored  # computed values have more digits than may be typed in
    try:
        return typed(component, stored)
    except WrongTypeError:
        return empty_value(component)


def _same_float(sent: object, stored: object) -> bool:
    """The browser has only doubles: what it sends back of a long decimal is the nearest one."""
    numbers = [one for one in (sent, stored) if isinstance(one, int | float | Decimal) and not isinstance(one, bool)]
    return len(numbers) == 2 and float(numbers[0]) == float(numbers[1])


def _number(component: Component, value: object) -> int | Decimal | None:
    if value == "":
        return None
    exact = _numeral(value) if component.serialize_to_string and isinstance(value, str) else number(value)
    if exact is None:
        raise WrongTypeError
    return exact


def _numeral(text: str) -> int | Decimal | None:
    return number(Decimal(text)) if _NUMBER.fullmatch(text) else None


def _moment(subtype: str, value: object) -> str | None:
    if value == "":
        return None
    if not isinstance(value, str) or _SHAPES[subtype].fullmatch(value) is None:
        raise WrongTypeError
    try:
        day, _, clock = value.partition("T") if subtype != "time" else ("", "", value)
        if day:
            date.fromisoformat(day)
        if clock:
            time.fromisoformat(clock)
    except ValueError as error:
        raise WrongTypeError from error
    return value
