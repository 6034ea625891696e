"""How built-in functions are declared, bound to arguments and called.

A function has one or more overloads, each with parameters written as ``name: kind``. Kinds are `number`,
`string`, `boolean`, `list`, `context`, `date`, `dates` (date or date and time), `time`, `days`, `duration`,
`range`, `function` and `any`. A ``?`` behind the kind makes the parameter optional and nullable, ``=`` only
optional, ``!`` only nullable, ``...`` repeatable (the last one). The first overload that the arguments fit is
called; when none fits the result is null, as FEEL has it.

What a list of arguments or a result costs is charged here, for all functions alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..budget import current
from ..errors import FeelBudgetError
from ..values import (
    BOOLEAN,
    CONTEXT_KIND,
    DATE,
    DATES,
    DAYS,
    DURATIONS,
    FUNCTION,
    LIST,
    NULL,
    NUMBER,
    RANGE,
    STRING,
    TIME,
    Function,
    Kind,
    Value,
    kind,
    native,
    register_function_class,
)

_KINDS: dict[str, frozenset[Kind]] = {
    "number": frozenset([NUMBER]),
    "string": frozenset([STRING]),
    "boolean": frozenset([BOOLEAN]),
    "list": frozenset([LIST]),
    "context": frozenset([CONTEXT_KIND]),
    "date": frozenset([DATE]),
    "dates": DATES,
    "time": frozenset([TIME]),
    "days": frozenset([DAYS]),
    "duration": DURATIONS,
    "range": frozenset([RANGE]),
    "function": frozenset([FUNCTION]),
    "any": frozenset(Kind) - {NULL},
}


PRICE = 4
"""Steps that a call costs where nothing else is said: binding and checking the arguments."""


class DoesNotFit(Exception):  # not an error: the next overload is tried
    """The arguments do not fit this overload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    name: str
    kinds: frozenset[Kind]
    as_list: bool
    optional: bool
    nullable: bool

    def may_be(self, found: Kind | None) -> bool:
        """Whether a value of this kind may fit."""
        return found is None or found is LIST or found in self.kinds or self.as_list

    def take(self, value: Value) -> Value:
        """The argument, coerced between a list of one and its item where FEEL allows it."""
        value = native(value)
        found = kind(value)
        if found in self.kinds or (found is NULL and self.nullable):
            return value
        if self.as_list and found is not NULL:
            return [value]
        if found is LIST and len(value) == 1 and kind(value[0]) in self.kinds:
            return native(value[0])
        raise DoesNotFit


def _parameter(text: str) -> Parameter:
    name, _, kind_text = (part.strip() for part in text.partition(":"))
    kind_name = kind_text.rstrip("?!.=")
    optional = "?" in kind_text or "=" in kind_text or "..." in kind_text
    nullable = "?" in kind_text or "!" in kind_text
    as_list = kind_name == "list"
    return Parameter(name=name, kinds=_KINDS[kind_name], as_list=as_list, optional=optional, nullable=nullable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overload:
    parameters: tuple[Parameter, ...]
    repeats: bool
    function: Callable[..., Value]
    price: int
    required: int = field(default=0)

    def accepts_count(self, count: int) -> bool:
        return count >= self.required and (self.repeats or count <= len(self.parameters))

    def accepts_kinds(self, kinds: Sequence[Kind | None]) -> bool:
        """Whether arguments of these kinds may fit; lists of one item may always."""
        last = len(self.parameters) - 1
        if not self.accepts_count(len(kinds)):
            return False
        return all(self.parameters[min(place, last)].may_be(found) for place, found in enumerate(kinds))

    def bind(self, arguments: Sequence[Value]) -> list[Value]:
        if not self.accepts_count(len(arguments)):
            raise DoesNotFit
        last = len(self.parameters) - 1
        return [self.parameters[min(place, last)].take(value) for place, value in enumerate(arguments)]

    def place(self, named: Mapping[str, Value]) -> list[Value]:
        """Named arguments in their order, with null for optional ones left out in between."""
        names = [parameter.name for parameter in self.parameters]
        if any(name not in names for name in named):
            raise DoesNotFit
        last = max((names.index(name) for name in named), default=-1)
        if any(name not in named for name in names[: self.required]):
            raise DoesNotFit
        return [named.get(name) for name in names[: last + 1]]


def _overload(signature: str, function: Callable[..., Value], price: int) -> Overload:
    parameters = tuple(_parameter(part) for part in signature.split(",") if part.strip())
    required = sum(1 for parameter in parameters if not parameter.optional)
    return Overload(
        parameters=parameters, repeats="..." in signature, function=function, price=price, required=required
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Builtin(Function):
    """A built-in function as a value."""

    name: str
    overloads: list[Overload] = field(default_factory=list)

    def accepts_count(self, count: int) -> bool:
        """Whether any overload takes so many arguments."""
        return any(overload.accepts_count(count) for overload in self.overloads)

    def accepts_kinds(self, kinds: Sequence[Kind | None]) -> bool:
        """Whether any overload may take arguments of these kinds; None is a kind that is not known."""
        return any(overload.accepts_kinds(kinds) for overload in self.overloads)

    def accepts_names(self, names: Sequence[str]) -> bool:
        """Whether any overload takes arguments with these names."""
        for overload in self.overloads:
            known = [parameter.name for parameter in overload.parameters]
            if set(names) <= set(known) and set(known[: overload.required]) <= set(names):
                return True
        return False

    def call_named(self, arguments: Mapping[str, Value]) -> Value:
        for overload in self.overloads:
            try:
                bound = overload.bind(overload.place(arguments))
            except DoesNotFit:
                continue
            return _run(overload, bound)
        return None


register_function_class(Builtin)
BUILTINS: dict[str, Builtin] = {}


def _run(overload: Overload, arguments: list[Value]) -> Value:
    purse = current()
    price = overload.price
    for value in arguments:
        if value.__class__ is list:
            price += len(value)
        elif value.__class__ is str:
            price += len(value) // 500
    purse.tick(price)
    try:
        result = overload.function(*arguments)
    except (ArithmeticError, ValueError):
        return None
    except MemoryError:
        raise FeelBudgetError("the evaluation needs more memory than there is") from None
    if result.__class__ is list:
        purse.made_list(len(result))
    elif result.__class__ is str:
        purse.made_text(len(result))
        purse.tick(len(result) // 500)
    elif result.__class__ is dict:
        purse.allocate(200 + 100 * len(result))
    return result


def _caller(overloads: list[Overload]) -> Callable[..., Value]:
    def call(*arguments: Value) -> Value:
        for overload in overloads:
            try:
                bound = overload.bind(arguments)
            except DoesNotFit:
                continue
            return _run(overload, bound)
        return None

    return call


def define(name: str, signature: str, function: Callable[..., Value], price: int = PRICE) -> None:
    """Add an overload to a built-in function. price: the steps it costs, 2 microseconds each, without its lists."""
    overload = _overload(signature, function, price)
    existing = BUILTINS.get(name)
    if existing is not None:
        existing.overloads.append(overload)
        return
    overloads = [overload]
    names = tuple(parameter.name for parameter in overload.parameters)
    BUILTINS[name] = Builtin(name=name, parameters=names, call=_caller(overloads), overloads=overloads)


def builtin(name: str, signature: str, price: int = PRICE) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`define` as a decorator."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        define(name, signature, function, price)
        return function

    return decorate
