"""Tree to closures: each node becomes a function of the scope. No Python source is ever made.

`compile_node` finds the rule for a node by its class; the rules live here and in `compile_calls`,
`compile_loops` and `compile_tests`, registered with `@compiles`. A closure that needs the budget or the clock
finds them in `budget.current()`; `Compiler.budgeted` says whether there is such a closure at all, so that plain
conditions run without the cost of a purse.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias, TypeGuard, TypeVar

from . import arithmetic, tree
from .builtins import BUILTINS
from .properties import get_property
from .temporal import parse_at
from .types import Resolver, is_instance, no_types
from .values import (
    NATIVE,
    Value,
    at_least,
    at_most,
    equal,
    greater,
    less,
    native,
    unequal,
)

Names: TypeAlias = Mapping[str, Value]
Closure: TypeAlias = Callable[[Any], Value]
NodeT = TypeVar("NodeT", bound=tree.Node)
_Rule: TypeAlias = "Callable[[Compiler, Any], Closure]"
_RULES: dict[type[tree.Node], _Rule] = {}

COMPARE: dict[str, Callable[[Value, Value], bool | None]] = {
    "=": equal,
    "!=": unequal,
    "<": less,
    "<=": at_most,
    ">": greater,
    ">=": at_least,
}
_CALCULATE: dict[str, Callable[[Value, Value], Value]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}


CONDITIONS = (tree.And, tree.Or, tree.Comparison, tree.Between, tree.In)
"""Nodes that are true, false or null, whatever stands in them."""


class Compiler:
    """State of one compilation.

    functions: names that the host declares as functions: they win over built-in functions of the same name.
    types: the item definitions a value must satisfy; instances: the same for `instance of`, without constraints.
    """

    def __init__(
        self, *, functions: Collection[str] = (), types: Resolver = no_types, instances: Resolver | None = None
    ) -> None:
        self.shadowed = frozenset(functions)
        self.types = types
        self.instances = types if instances is None else instances
        self.budgeted = False

    def compile_node(self, node: tree.Node) -> Closure:
        """The closure of a node."""
        return _RULES[node.__class__](self, node)

    def within(self, names: Collection[str], node: tree.Node) -> Closure:
        """The closure of a node in which these names are variables, whatever they are outside."""
        saved = self.shadowed
        self.shadowed = saved | frozenset(names)
        try:
            return self.compile_node(node)
        finally:
            self.shadowed = saved


def compiles(
    cls: type[NodeT],
) -> Callable[[Callable[[Compiler, NodeT], Closure]], Callable[[Compiler, NodeT], Closure]]:
    """Register the rule for a class of nodes."""

    def register(rule: Callable[[Compiler, NodeT], Closure]) -> Callable[[Compiler, NodeT], Closure]:
        _RULES[cls] = rule
        return rule

    return register


def is_variable(node: tree.Node, compiler: Compiler) -> TypeGuard[tree.Name]:
    """Whether a node is a plain variable, so that a rule may read it without a closure in between."""
    if not isinstance(node, tree.Name) or "." in node.name:
        return False
    return node.name not in BUILTINS or node.name in compiler.shadowed


def constant(value: Value) -> Closure:
    """Always the same value."""
    return lambda _: value


# ---- literals and names


@compiles(tree.NumberLiteral)
def _number(_: Compiler, node: tree.NumberLiteral) -> Closure:
    return constant(node.value)


@compiles(tree.StringLiteral)
def _string(_: Compiler, node: tree.StringLiteral) -> Closure:
    return constant(node.value)


@compiles(tree.BooleanLiteral)
def _boolean(_: Compiler, node: tree.BooleanLiteral) -> Closure:
    return constant(node.value)


@compiles(tree.NullLiteral)
def _null(_: Compiler, node: tree.NullLiteral) -> Closure:  # noqa: ARG001  # all null literals are alike
    return constant(None)


@compiles(tree.AtLiteral)
def _at(_: Compiler, node: tree.AtLiteral) -> Closure:
    return constant(parse_at(node.text))


@compiles(tree.Name)
def _name(compiler: Compiler, node: tree.Name) -> Closure:
    name = node.name
    fallback = None if name in compiler.shadowed else BUILTINS.get(name)
    if "." in name:
        return _dotted(name)

    def read(scope: Names) -> Value:
        try:
            value = scope[name]
        except KeyError:
            return fallback
        return value if value.__class__ in NATIVE else native_or_function(value)

    return read


def native_or_function(value: Value) -> Value:
    """`native`, but a function of any class stays what it is."""
    return value if value.__class__ in _FUNCTION_CLASSES else native(value)


_FUNCTION_CLASSES = frozenset(function.__class__ for function in BUILTINS.values())


def _dotted(name: str) -> Closure:
    """A declared name with a dot: as such, or as a path when there is no such name."""
    first, _, rest = name.partition(".")
    parts = [part.strip() for part in rest.split(".")]

    def read(scope: Names) -> Value:
        try:
            return native_or_function(scope[name])
        except KeyError:
            pass
        try:
            value = native_or_function(scope[first.strip()])
        except KeyError:
            return None
        for part in parts:
            value = get_property(value, part)
        return value

    return read


@compiles(tree.Path)
def _path(compiler: Compiler, node: tree.Path) -> Closure:
    source, name = compiler.compile_node(node.source), node.name

    def read(scope: Names) -> Value:
        value = source(scope)
        if value.__class__ is dict:
            value = value.get(name)
            return value if value.__class__ in NATIVE else native_or_function(value)
        return get_property(value, name)

    return read


# ---- logic


@compiles(tree.Or)
def _or(compiler: Compiler, node: tree.Or) -> Closure:
    terms = tuple(compiler.compile_node(term) for term in node.terms)

    def any_of(scope: Names) -> bool | None:
        result: bool | None = False
        for term in terms:
            value = term(scope)
            if value is False:
                continue
            if value is True:
                return True
            result = None
        return result

    return any_of


@compiles(tree.If)
def _if(compiler: Compiler, node: tree.If) -> Closure:
    condition, then, otherwise = (compiler.compile_node(one) for one in (node.condition, node.then, node.otherwise))
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


# ---- comparisons and arithmetic


@compiles(tree.Between)
def _between(compiler: Compiler, node: tree.Between) -> Closure:
    value, low, high = (compiler.compile_node(one) for one in (node.value, node.low, node.high))

    def between(scope: Names) -> bool | None:
        one = value(scope)
        above, below = at_least(one, low(scope)), at_most(one, high(scope))
        if above is None or below is None:
            return None
        return above and below

    return between


@compiles(tree.Arithmetic)
def _arithmetic(compiler: Compiler, node: tree.Arithmetic) -> Closure:
    calculate = _CALCULATE[node.operator]
    left, right = compiler.compile_node(node.left), compiler.compile_node(node.right)
    with_number = isinstance(node.left, tree.NumberLiteral) or isinstance(node.right, tree.NumberLiteral)
    if node.operator == "**" or (node.operator == "+" and not with_number):
        compiler.budgeted = True  # it may join strings, or be slow
    return lambda scope: calculate(left(scope), right(scope))


@compiles(tree.Negation)
def _negation(compiler: Compiler, node: tree.Negation) -> Closure:
    operand = compiler.compile_node(node.operand)
    return lambda scope: arithmetic.negative(operand(scope))


@compiles(tree.InstanceOf)
def _instance_of(compiler: Compiler, node: tree.InstanceOf) -> Closure:
    value, wanted, resolve = compiler.compile_node(node.value), node.type, compiler.instances
    return lambda scope: is_instance(value(scope), wanted, resolve)


from . import compile_calls, compile_compare, compile_loops, compile_rows, compile_tests  # noqa: E402, F401  # they register their rules
