"""`instance of`, and the conversions that FEEL makes by itself where a type is declared.

A resolver gives the membership test of a type that the text does not define itself (item definitions of DMN).
"""

from collections.abc import Callable
from typing import TypeAlias, assert_never

from .tree import ContextType, FunctionType, ListType, RangeType, Type, TypeName
from .values import CONTEXT_KIND, DATE, DATE_TIME, LIST, Function, Kind, Range, Value, kind, midnight

Resolver: TypeAlias = Callable[[str], Callable[[Value], bool] | None]

KIND_NAMES: dict[str, Kind] = {member.value: member for member in Kind if member is not Kind.NULL}
KIND_NAMES |= {
    "dateTime": Kind.DATE_TIME,
    "dayTimeDuration": Kind.DAYS,
    "yearMonthDuration": Kind.MONTHS,
    "integer": Kind.NUMBER,
    "long": Kind.NUMBER,
    "double": Kind.NUMBER,
}
"""By the names of the standard, of XML Schema (DMN 1.1) and, for numbers, of Camunda 7."""
ANY = TypeName(name="Any")


def no_types(_: str) -> None:
    """The resolver of a text that stands alone."""


def is_instance(value: Value, wanted: Type, resolve: Resolver = no_types) -> bool | None:
    """Whether a value is of a type; None when there is no such type."""
    if isinstance(wanted, TypeName):
        return _is_named(value, wanted.name, resolve)
    if value is None:
        return False
    match wanted:
        case ListType(item=item):
            return kind(value) is LIST and all(is_instance(one, item, resolve) for one in value)
        case RangeType(item=item):
            return _is_range(value, item, resolve)
        case ContextType():
            return _is_context(value, wanted, resolve)
        case FunctionType():
            return isinstance(value, Function) and _is_function(value, wanted)
        case _:
            assert_never(wanted)


def _is_named(value: Value, name: str, resolve: Resolver) -> bool | None:
    if name in {"Any", "any"}:
        return value is not None
    if name in {"Null", "null"}:
        return value is None
    if value is None:
        return False
    test = resolve(name)
    if test is not None:
        return test(value)
    wanted = KIND_NAMES.get(name)
    return None if wanted is None else kind(value) is wanted


def _is_range(value: Value, item: Type, resolve: Resolver) -> bool:
    if not isinstance(value, Range):
        return False
    ends = [end for end in (value.low, value.high) if end is not None]
    return bool(ends) and all(is_instance(end, item, resolve) for end in ends)


def _is_context(value: Value, wanted: ContextType, resolve: Resolver) -> bool:
    if kind(value) is not CONTEXT_KIND:
        return False
    return all(
        name in value and (value[name] is None or is_instance(value[name], entry, resolve))
        for name, entry in wanted.entries
    )


def _is_function(function: Function, wanted: FunctionType) -> bool:
    if len(function.parameters) != len(wanted.parameters):
        return False
    if function.types is None:
        return True
    fits = all(
        declared is None or declared in {ANY, given}
        for declared, given in zip(function.types, wanted.parameters, strict=False)
    )
    return fits and (wanted.result == ANY or function.result in {None, wanted.result})


def conform(value: Value, wanted: Type | None, resolve: Resolver = no_types) -> Value:
    """The value, converted if the specification allows it (10.3.2.9.4), or null when it does not fit.

    One item for a list becomes a list; a list of one item becomes the item; a date becomes its midnight in UTC.
    """
    if value is None or wanted is None or wanted == ANY or is_instance(value, wanted, resolve):
        return value
    if isinstance(wanted, ListType):
        one_item = kind(value) is not LIST and is_instance(value, wanted.item, resolve)
        return [value] if one_item else None
    if kind(value) is LIST:
        one_deep = len(value) == 1 and kind(value[0]) is not LIST  # [[1]] stays what it is
        return conform(value[0], wanted, resolve) if one_deep else None
    if isinstance(wanted, TypeName) and KIND_NAMES.get(wanted.name) is DATE_TIME and kind(value) is DATE:
        return midnight(value)
    return None
