"""Rows of ``and``: conditions that must all be true.

Most terms of most rows bound one variable by literals: ``amount > 50000``, ``region in ("A", "B")``, ``kind = "low"``.
Such terms are tried first and in one loop, without a closure for each: whether an int lies within two ints, whether a
string is one of some strings. Only when one of them cannot be told so to be true, its closure is asked; values of
other classes, large numbers and nulls all go that way. Terms have no effects, so that their order does not matter.
"""

import math
from typing import NamedTuple

from . import tree
from .compiler import CONDITIONS, Closure, Compiler, Names, compiles, is_variable
from .decimals import Number
from .values import Value

_SMALL = 2**30 - 1
"""Ints up to here Python compares fastest; what lies beyond is left to the closure."""


_WORTH_A_LOOP = 3


class _Bounds(NamedTuple):
    """True when the variable is an int and low <= variable <= high; false for other ints that are small."""

    name: str
    low: int
    high: int
    term: Closure


class _Texts(NamedTuple):
    """True when the variable is a string and one of these; false for other strings."""

    name: str
    texts: frozenset[str]
    term: Closure


@compiles(tree.And)
def _and(compiler: Compiler, node: tree.And) -> Closure:
    bounds: list[_Bounds] = []
    texts: list[_Texts] = []
    rest: list[Closure] = []
    terms: list[Closure] = []
    for one in node.terms:
        term = compiler.compile_node(one)
        terms.append(term)
        quick = _quick(compiler, one, term)
        if isinstance(quick, _Bounds):
            bounds.append(quick)
        elif isinstance(quick, _Texts):
            texts.append(quick)
        else:
            rest.append(term)
    every = _all(tuple(terms))
    if len(terms) == 2:
        if not rest:
            return _pair(bounds, texts, every)
        return _both(terms[0], terms[1]) if isinstance(node.terms[1], CONDITIONS) else every
    if len(terms) - len(rest) < _WORTH_A_LOOP:
        return every
    return _quick_first(tuple(bounds), tuple(texts), _all(tuple(rest)) if rest else None, every)


def _all(terms: tuple[Closure, ...]) -> Closure:
    def all_of(scope: Names) -> bool | None:
        result: bool | None = True
        for term in terms:
            value = term(scope)
            if value is True:
                continue
            if value is False:
                return False
            result = None
        return result

    return all_of


def _both(first: Closure, second: Closure) -> Closure:
    """Of two, where the second is true, false or null and nothing else."""

    def both(scope: Names) -> Value:
        one = first(scope)
        if one is True:
            return second(scope)
        return False if one is False or second(scope) is False else None

    return both


def _quick_first(
    bounds: tuple[_Bounds, ...], texts: tuple[_Texts, ...], rest: Closure | None, every: Closure
) -> Closure:
    """True at once when all quick terms are; false when one of them is false; else what all terms together give."""
    # Python unpacks plain tuples only without a detour.
    plain_bounds = tuple((one.name, one.low, one.high, one.term) for one in bounds)
    plain_texts = tuple((one.name, one.texts, one.term) for one in texts)

    def all_of(scope: Names) -> Value:
        try:
            for name, low, high, term in plain_bounds:
                value = scope[name]
                if type(value) is int and low <= value <= high:
                    continue
                return False if term(scope) is False else every(scope)
            for name, strings, term in plain_texts:
                value = scope[name]
                if type(value) is str and value in strings:
                    continue
                return False if term(scope) is False else every(scope)
        except KeyError:
            return every(scope)
        return True if rest is None else rest(scope)

    return all_of


# ---- two terms, without a loop


def _pair(bounds: list[_Bounds], texts: list[_Texts], every: Closure) -> Closure:
    """The most common row of all."""
    if len(bounds) == 2:
        return _two_bounds(bounds[0], bounds[1], every)
    return _two_texts(texts[0], texts[1], every) if len(texts) == 2 else _bounds_and_texts(bounds[0], texts[0], every)


def _two_bounds(one: _Bounds, other: _Bounds, every: Closure) -> Closure:
    (name, low, high, term), (name2, low2, high2, term2) = one, other

    def both(scope: Names) -> Value:
        try:
            value = scope[name]
            if type(value) is not int or not low <= value <= high:
                if type(value) is int and -_SMALL < value < _SMALL:
                    return False
                return False if term(scope) is False else every(scope)
            value = scope[name2]
            if type(value) is int and low2 <= value <= high2:
                return True
            return term2(scope)
        except KeyError:
            return every(scope)

    return both


def _bounds_and_texts(one: _Bounds, other: _Texts, every: Closure) -> Closure:
    (name, low, high, term), (name2, strings, term2) = one, other

    def both(scope: Names) -> Value:
        try:
            value = scope[name]
            if type(value) is not int or not low <= value <= high:
                if type(value) is int and -_SMALL < value < _SMALL:
                    return False
                return False if term(scope) is False else every(scope)
            value = scope[name2]
            if type(value) is str and value in strings:
                return True
            return term2(scope)
        except KeyError:
            return every(scope)

    return both


def _two_texts(one: _Texts, other: _Texts, every: Closure) -> Closure:
    (name, strings, term), (name2, strings2, term2) = one, other

    def both(scope: Names) -> Value:
        try:
            value = scope[name]
            if type(value) is not str or value not in strings:
                return False if type(value) is str or term(scope) is False else every(scope)
            value = scope[name2]
            if type(value) is str and value in strings2:
                return True
            return term2(scope)
        except KeyError:
            return every(scope)

    return both


# ---- which terms are quick


def _quick(compiler: Compiler, node: tree.Node, term: Closure) -> _Bounds | _Texts | None:
    if isinstance(node, tree.Comparison) and is_variable(node.left, compiler):
        name, right = node.left.name, node.right
        if isinstance(right, tree.StringLiteral):
            return _Texts(name, frozenset([right.value]), term) if node.operator == "=" else None
        if isinstance(right, tree.NumberLiteral):
            return _bounds(name, node.operator, right.value, term)
    if isinstance(node, tree.In) and is_variable(node.value, compiler):
        strings = only_strings(node.tests)
        return None if strings is None else _Texts(node.value.name, strings, term)
    return None


def only_strings(tests: tuple[tree.Test, ...]) -> frozenset[str] | None:
    """The strings, when all tests are string literals."""
    found: list[str] = []
    for one in tests:
        if not isinstance(one, tree.ExpressionTest) or not isinstance(one.expression, tree.StringLiteral):
            return None
        found.append(one.expression.value)
    return frozenset(found)


def _bounds(name: str, sign: str, literal: Number, term: Closure) -> _Bounds | None:
    if not -_SMALL < literal < _SMALL:
        return None
    floor = math.floor(literal)
    whole = floor == literal
    if sign == "=":
        return _Bounds(name, floor, floor, term) if whole else None
    if sign in {">", ">="}:
        return _Bounds(name, floor if whole and sign == ">=" else floor + 1, _SMALL, term)
    if sign in {"<", "<="}:
        return _Bounds(name, -_SMALL, floor - 1 if whole and sign == "<" else floor, term)
    return None
