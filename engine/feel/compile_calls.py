"""Calls, user functions, contexts, lists and ranges."""

from collections.abc import Callable
from typing import Any

from . import tree
from .budget import current
from .builtins import BUILTINS
from .builtins.ranges import make_range
from .compiler import Closure, Compiler, Names, compiles, constant
from .scope import Scope
from .types import conform
from .values import Function, Range, Value


def _charged(compiler: Compiler) -> None:
    compiler.budgeted = True


@compiles(tree.Call)
def _call(compiler: Compiler, node: tree.Call) -> Closure:
    _charged(compiler)
    arguments = tuple(compiler.compile_node(argument) for argument in node.arguments)
    if isinstance(node.function, tree.Name) and node.function.name not in compiler.shadowed:
        builtin = BUILTINS.get(node.function.name)
        if builtin is not None:
            return _call_known(builtin.call, arguments)
    function = compiler.compile_node(node.function)

    def call(scope: Names) -> Value:
        target = function(scope)
        if not isinstance(target, Function):
            return None
        return target.call(*[argument(scope) for argument in arguments])

    return call


def _call_known(function: Callable[..., Value], arguments: tuple[Closure, ...]) -> Closure:
    if len(arguments) == 1:
        only = arguments[0]
        return lambda scope: function(only(scope))
    return lambda scope: function(*[argument(scope) for argument in arguments])


@compiles(tree.NamedCall)
def _named_call(compiler: Compiler, node: tree.NamedCall) -> Closure:
    _charged(compiler)
    function = compiler.compile_node(node.function)
    arguments = {name: compiler.compile_node(argument) for name, argument in node.arguments}
    if len(arguments) < len(node.arguments):
        return constant(None)

    def call(scope: Names) -> Value:
        target = function(scope)
        if not isinstance(target, Function):
            return None
        return target.call_named({name: argument(scope) for name, argument in arguments.items()})

    return call


@compiles(tree.FunctionLiteral)
def _function(compiler: Compiler, node: tree.FunctionLiteral) -> Closure:
    _charged(compiler)
    names = tuple(name for name, _ in node.parameters)
    types = tuple(declared for _, declared in node.parameters)
    if node.external:
        return constant(Function(parameters=names, call=lambda *_: None, types=types))
    body, resolve = compiler.within(names, node.body), compiler.types

    def make(scope: Names) -> Function:
        def call(*arguments: Value) -> Value:
            if len(arguments) != len(names):
                return None
            bound: dict[str, Any] = {}
            for name, declared, given in zip(names, types, arguments, strict=True):
                bound[name] = conform(given, declared, resolve)
                if bound[name] is None and given is not None:
                    return None
            return run_body(body, Scope(bound, scope))

        return Function(parameters=names, call=call, types=types)

    return make


def run_body(body: Closure, scope: Scope) -> Value:
    """Run the body of a user function under the limit of calls inside each other."""
    purse = current()
    purse.enter_call()
    try:
        return body(scope)
    finally:
        purse.leave_call()


@compiles(tree.ListLiteral)
def _list(compiler: Compiler, node: tree.ListLiteral) -> Closure:
    _charged(compiler)
    items = tuple(compiler.compile_node(item) for item in node.items)

    def make(scope: Names) -> list[Value]:
        current().made_list(len(items))
        return [item(scope) for item in items]

    return make


@compiles(tree.ContextLiteral)
def _context(compiler: Compiler, node: tree.ContextLiteral) -> Closure:
    """Entries see those before them. A name that occurs twice makes the whole null."""
    _charged(compiler)
    names = [name for name, _ in node.entries]
    if len(set(names)) < len(names):
        return constant(None)
    entries: list[tuple[str, Closure]] = []
    for place, (name, value) in enumerate(node.entries):
        entries.append((name, compiler.within(names[:place], value)))

    def make(scope: Names) -> dict[str, Value]:
        current().allocate(200 + 100 * len(entries))
        inner = Scope({}, scope)
        for name, value in entries:
            inner[name] = value(inner)
        return dict(inner)

    return make


@compiles(tree.RangeLiteral)
def _range(compiler: Compiler, node: tree.RangeLiteral) -> Closure:
    low, high = compiler.compile_node(node.low), compiler.compile_node(node.high)
    low_closed, high_closed = node.low_closed, node.high_closed
    if isinstance(node.low, tree.NullLiteral) and isinstance(node.high, tree.NullLiteral):
        return constant(None)

    def make(scope: Names) -> Range | None:
        return make_range(low(scope), high(scope), low_closed=low_closed, high_closed=high_closed)

    return make


@compiles(tree.UnaryRange)
def _unary_range(compiler: Compiler, node: tree.UnaryRange) -> Closure:
    operand, sign = compiler.compile_node(node.operand), node.operator

    def make(scope: Names) -> Range:
        value = operand(scope)
        low = None if sign in {"<", "<="} else value
        high = None if sign in {">", ">="} else value
        return Range(low=low, high=high, low_closed=sign in {">=", "="}, high_closed=sign in {"<=", "="}, operator=sign)

    return make
