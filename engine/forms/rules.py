"""The rules of a field, in the order and meaning of form-js viewer 2.0 (`runNumberValidation`, `runPresetValidation`).

What differs, on purpose: options are checked (the viewer only offers them), a bound that FEEL cannot compute is an
error (the viewer drops it), a FEEL `required` is obeyed (the viewer takes it as always required), and a text that shows
nothing is no text (the viewer counts a space).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from engine.feel import FeelError
from engine.forms.components import (
    MULTIPLE_CHOICE,
    SINGLE_CHOICE,
    TEXT_TYPES,
    Component,
    ComponentType,
    Setting,
)
from engine.forms.office_rules import visible
from engine.forms.patterns import compile_pattern
from engine.forms.phone import PHONE
from engine.forms.settings import option_values
from engine.forms.values import equal, js_length
from engine.forms.working import storable
from engine.model.errors import Detail

Evaluate = Callable[[Setting], object]

EMAIL = compile_pattern(
    r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$"
)
_MESSAGES = {
    "required": "Field is required.",
    "type": "The value has not the type of the field.",
    "min": "Field must have minimum value of {value}.",
    "max": "Field must have maximum value of {value}.",
    "min_length": "Field must have minimum length of {value}.",
    "max_length": "Field must have maximum length of {value}.",
    "pattern": "Field must match pattern {value}.",
    "email": "Field must be a valid email.",
    "phone": "Field must be a valid international phone number. (e.g. +4930664040900)",
    "decimals": "Value is expected to have at most {value} decimal digits.",
    "increment": "Value must be a multiple of {value}.",
    "option": "The value is not among the options.",
    "duplicate": "An option is chosen twice.",
    "expression": "A rule of this field cannot be evaluated.",
    "rule": "The value breaks a rule of the form.",
}


def detail(component: Component, place: str, code: str, value: object = "", message: str = "") -> Detail:
    """One wrong place, with the field's label and the rule's value for the page's sentence."""
    text = _text(value)
    params = {"label": component.label} | ({"value": text} if text else {}) | ({"message": message} if message else {})
    return Detail(place=place, code=code, message=message or _MESSAGES[code].format(value=text), params=params)


def broken_rules(
    component: Component, place: str, value: object, evaluate: Evaluate, choices: Sequence[object] | None
) -> Iterator[Detail]:
    """The rules that the value breaks. `value` is of the field's type; `choices` None = any option is allowed."""
    try:
        required = evaluate(component.rules.required)
    except FeelError:
        required = True
        yield detail(component, place, "expression")
    if required is True and (value is None or value in ("", []) or value is False or _invisible(value)):
        yield detail(component, place, "required")
    if component.type is ComponentType.NUMBER and isinstance(value, int | Decimal):
        yield from _number_rules(component, place, Decimal(value), evaluate)
    elif component.type in TEXT_TYPES and isinstance(value, str) and value:
        yield from _text_rules(component, place, value, evaluate)
    elif component.type in SINGLE_CHOICE | MULTIPLE_CHOICE and choices is not None:
        yield from _choice_rules(component, place, value, choices)


def _invisible(value: object) -> bool:
    """A text that shows nothing; the viewer takes it, a name made of spaces is none to us."""
    return isinstance(value, str) and not visible(value)


def choices_of(component: Component, evaluate: Evaluate, initial: Mapping[str, object]) -> list[object] | None:
    """The values that the browser offers for a choice; None for a field that is none."""
    options = component.options
    if options is None:
        return None
    if options.key is not None:
        return list(option_values(initial.get(options.key)))
    if options.values is not None:
        return list(options.values)
    try:
        return list(option_values(storable(evaluate(options.expression))))
    except FeelError:
        return []


def _number_rules(component: Component, place: str, value: Decimal, evaluate: Evaluate) -> Iterator[Detail]:
    digits = component.decimal_digits
    if digits is not None and _decimals(value) > digits:
        yield detail(component, place, "decimals", digits)
    # Exact: neither has more digits than the decimal context keeps.
    if component.increment is not None and not _multiple(value, component.increment):
        yield detail(component, place, "increment", component.increment)
    for code, setting, outside in (
        ("min", component.rules.minimum, lambda bound: value < bound),
        ("max", component.rules.maximum, lambda bound: value > bound),
    ):
        yield from _bound(component, place, (code, setting, outside), evaluate)


def _text_rules(component: Component, place: str, value: str, evaluate: Evaluate) -> Iterator[Detail]:
    rules = component.rules
    if rules.pattern is not None and rules.pattern.search(value) is None:
        yield detail(component, place, "pattern", rules.pattern_text, rules.pattern_message)
    length = js_length(value)
    for code, setting, outside in (
        ("min_length", rules.min_length, lambda bound: length < bound),
        ("max_length", rules.max_length, lambda bound: length > bound),
    ):
        yield from _bound(component, place, (code, setting, outside), evaluate)
    if rules.validation_type == "phone" and PHONE.search(value) is None:
        yield detail(component, place, "phone")
    if rules.validation_type == "email" and EMAIL.search(value) is None:
        yield detail(component, place, "email")


def _choice_rules(component: Component, place: str, value: object, choices: Sequence[object]) -> Iterator[Detail]:
    chosen = value if isinstance(value, list) else [] if value is None else [value]
    if any(not any(equal(item, choice) for choice in choices) for item in chosen):
        yield detail(component, place, "option")
    if any(equal(item, other) for i, item in enumerate(chosen) for other in chosen[:i]):
        yield detail(component, place, "duplicate")


def _bound(
    component: Component, place: str, rule: tuple[str, Setting, Callable[[Decimal], bool]], evaluate: Evaluate
) -> Iterator[Detail]:
    code, setting, outside = rule
    try:
        bound = evaluate(setting)
        if bound is not None and outside(Decimal(str(bound))):
            yield detail(component, place, code, bound)
    except (FeelError, InvalidOperation):
        yield detail(component, place, "expression")


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _multiple(value: Decimal, step: Decimal) -> bool:
    scale = max(_decimals(value), _decimals(step))
    return int(value.scaleb(scale)) % int(step.scaleb(scale)) == 0


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)
