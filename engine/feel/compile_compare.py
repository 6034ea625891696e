"""Comparisons. The commonest of them, a variable with a literal or with a variable, are one closure each.

There is a function for each sign: the operator of Python inside is faster than a call of one from `operator`.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

from . import tree
from .compiler import COMPARE, Closure, Compiler, Names, compiles, is_variable
from .values import Value

_General: TypeAlias = Callable[[Value, Value], bool | None]
_Factory: TypeAlias = Callable[[str, Any, type, type, _General], Closure]


@compiles(tree.Comparison)
def _comparison(compiler: Compiler, node: tree.Comparison) -> Closure:
    general, left, right = COMPARE[node.operator], node.left, node.right
    if is_variable(left, compiler):
        if isinstance(right, tree.NumberLiteral):
            return _WITH_LITERAL[node.operator](left.name, right.value, int, Decimal, general)
        if isinstance(right, tree.StringLiteral):
            return _WITH_LITERAL[node.operator](left.name, right.value, str, str, general)
        if is_variable(right, compiler):
            return _variables(left.name, right.name, general)
    one, other = compiler.compile_node(left), compiler.compile_node(right)
    return lambda scope: general(one(scope), other(scope))


def _variables(left: str, right: str, general: _General) -> Closure:
    def compare(scope: Names) -> Value:
        try:
            one = scope[left]
        except KeyError:
            one = None
        try:
            return general(one, scope[right])
        except KeyError:
            return general(one, None)

    return compare


def _equal(name: str, literal: Any, first: type, second: type, general: _General) -> Closure:
    def compare(scope: Names) -> Value:
        try:
            value = scope[name]
        except KeyError:
            return general(None, literal)
        if type(value) is first or type(value) is second:
            return value == literal
        return general(value, literal)

    return compare


def _unequal(name: str, literal: Any, first: type, second: type, general: _General) -> Closure:
    def compare(scope: Names) -> Value:
        try:
            value = scope[name]
        except KeyError:
            return general(None, literal)
        if type(value) is first or type(value) is second:
            return value != literal
        return general(value, literal)

    return compare


def _less(name: str, literal: Any, first: type, second: type, general: _General) -> Closure:
    def compare(scope: Names) -> Value:
        try:
            value = scope[name]
        except KeyError:
            return general(None, literal)
        if type(value) is first or type(value) is second:
            return value < literal
        return general(value, literal)

    return compare


def _at_most(name: str, literal: Any, first: type, second: type, general: _General) -> Closure:
    def compare(scope: Names) -> Value:
        try:
            value = scope[name]
        except KeyError:
            return general(None, literal)
        if type(value) is first or type(value) is second:
            return value <= literal
        return general(value, literal)

    return compare


def _greater(name: str, literal: Any, first: type, second: type, general: _General) -> Closure:
    def compare(scope: Names) -> Value:
        try:
            value = scope[name]
        except KeyError:
            return general(None, literal)
        if type(value) is first or type(value) is second:
            return value > literal
        return general(value, literal)

    return compare


def _at_least(name: str, literal: Any, first: type, second: type, general: _General) -> Closure:
    def compare(scope: Names) -> Value:
        try:
            value = scope[name]
        except KeyError:
            return general(None, literal)
        if type(value) is first or type(value) is second:
            return value >= literal
        return general(value, literal)

    return compare


_WITH_LITERAL: dict[str, _Factory] = {
    "=": _equal,
    "!=": _unequal,
    "<": _less,
    "<=": _at_most,
    ">": _greater,
    ">=": _at_least,
}
