"""Unary tests: the cells of decision tables, and what stands right of `in`."""

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

from . import tree
from .budget import current
from .compile_rows import only_strings
from .compiler import COMPARE, Closure, Compiler, Names, compiles, is_variable
from .scope import Scope
from .values import NUMBERS, Range, Value, equal, is_equal, native, negate

TestClosure: TypeAlias = Callable[[Value, Any], bool | None]
"""Of the value under test and the scope."""
_PLAIN_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@compiles(tree.In)
def _in(compiler: Compiler, node: tree.In) -> Closure:
    texts = only_strings(node.tests)
    if texts is not None and is_variable(node.value, compiler):
        return _variable_in_texts(node.value.name, texts)
    value = compiler.compile_node(node.value)
    if texts is not None:
        return _in_texts(value, texts)
    if not all(isinstance(one, tree.ComparisonTest) or _is_bounded(one.expression) for one in node.tests):
        compiler.budgeted = True  # a list may be long
    test = any_test(tuple(compile_test(compiler, one) for one in node.tests))
    return lambda scope: test(value(scope), scope)


def _in_texts(value: Closure, texts: frozenset[str]) -> Closure:
    test = _text_test(texts)
    return lambda scope: test(value(scope))


def _variable_in_texts(name: str, texts: frozenset[str]) -> Closure:
    general = _text_test(texts)

    def test(scope: Names) -> bool | None:
        try:
            value = scope[name]
        except KeyError:
            return general(None)
        return value in texts if type(value) is str else general(value)

    return test


def _text_test(texts: frozenset[str]) -> Callable[[Value], bool]:
    """Whether a value is one of the texts; what is no string is none of them."""

    def test(value: Value) -> bool:
        value = native(value)
        return value.__class__ is str and value in texts

    return test


def any_test(tests: tuple[TestClosure, ...]) -> TestClosure:
    """True when one test is, else null when one is null, else false."""
    if len(tests) == 1:
        return tests[0]

    def test(value: Value, scope: Any) -> bool | None:
        result: bool | None = False
        for one in tests:
            passed = one(value, scope)
            if passed is True:
                return True
            if passed is None:
                result = None
        return result

    return test


def compile_unary_tests(compiler: Compiler, node: tree.UnaryTestsNode) -> TestClosure:
    """The closure of a whole cell."""
    if not node.tests:
        return lambda _value, _scope: True
    test = any_test(tuple(compile_test(compiler, one) for one in node.tests))
    return (lambda value, scope: negate(test(value, scope))) if node.negated else test


def compile_test(compiler: Compiler, node: tree.Test) -> TestClosure:
    """The closure of one positive test."""
    if isinstance(node, tree.ComparisonTest):
        return _comparison(compiler, node)
    expression = node.expression
    if isinstance(expression, tree.StringLiteral):
        return _literal(expression.value, frozenset([str]))
    if isinstance(expression, tree.NumberLiteral):
        return _literal(expression.value, NUMBERS)
    closure = compiler.compile_node(expression)
    if node.uses_input:
        return _with_input(closure)
    if isinstance(expression, tree.RangeLiteral):
        return _constant_range(closure(Scope({}, {}))) if _is_constant(expression) else _range(closure)
    return lambda value, scope: passes(value, closure(scope))


def _comparison(compiler: Compiler, node: tree.ComparisonTest) -> TestClosure:
    general = COMPARE[node.operator]
    if not isinstance(node.operand, tree.NumberLiteral):
        operand = compiler.compile_node(node.operand)
        return lambda value, scope: general(value, operand(scope))
    plain, number = _PLAIN_COMPARE[node.operator], node.operand.value

    def test(value: Value, _scope: Any) -> Any:
        if value.__class__ in NUMBERS:
            return plain(value, number)
        return general(value, number)

    return test


def _literal(literal: Any, classes: frozenset[type]) -> TestClosure:
    def test(value: Value, _scope: Any) -> bool | None:
        if value.__class__ in classes:
            return bool(value == literal)
        return passes(value, literal)

    return test


def _with_input(closure: Closure) -> TestClosure:
    """A test with ``?`` in it gives the answer itself, or a value to compare with."""

    def test(value: Value, scope: Any) -> bool | None:
        result = closure(Scope({"?": value}, scope))
        if result is True or result is False:
            return result
        return None if result is None else passes(value, result)

    return test


def _range(closure: Closure) -> TestClosure:
    """A range whose ends make none is null, and so is membership in it."""

    def test(value: Value, scope: Any) -> bool | None:
        wanted = closure(scope)
        return None if wanted is None else passes(value, wanted)

    return test


def _is_bounded(node: tree.Node) -> bool:
    """Whether a test can be no list, so that it costs no more than one comparison."""
    literals = (tree.NumberLiteral, tree.StringLiteral, tree.BooleanLiteral, tree.AtLiteral, tree.RangeLiteral)
    return isinstance(node, literals)


def _is_constant(node: tree.RangeLiteral) -> bool:
    literals = (tree.NumberLiteral, tree.StringLiteral, tree.AtLiteral)
    return isinstance(node.low, literals) and isinstance(node.high, literals)


def _constant_range(value: Range | None) -> TestClosure:
    if value is None:
        return lambda _value, _scope: None
    if value.low.__class__ not in NUMBERS:
        return lambda one, _scope: passes(one, value)
    low, high = value.low, value.high
    above = operator.le if value.low_closed else operator.lt
    below = operator.le if value.high_closed else operator.lt

    def test(one: Value, _scope: Any) -> bool | None:
        if one.__class__ in NUMBERS:
            return bool(above(low, one) and below(one, high))
        return passes(one, value)

    return test


def passes(value: Value, wanted: Value) -> bool | None:
    """Whether a value passes a test that gave `wanted`: a range holds it, a list contains it, or they are equal.

    A test may be a list of tests, and the value under test may itself be a list.
    """
    wanted = native(wanted)
    if isinstance(wanted, Range):
        return wanted.contains(value)
    if wanted.__class__ is list:
        if native(value).__class__ is list and is_equal(value, wanted):
            return True
        current().tick(len(wanted) // 4 + 1)
        return any(passes(value, one) is True for one in wanted)
    return equal(value, wanted)
