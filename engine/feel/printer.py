"""Tree to text, so that parsing the text gives the same tree. For people too: brackets only where they may matter."""

from collections.abc import Callable
from typing import Any, assert_never

from . import tree

_ATOMS = (
    tree.StringLiteral,
    tree.BooleanLiteral,
    tree.NullLiteral,
    tree.AtLiteral,
    tree.Name,
    tree.Path,
    tree.Filter,
    tree.Call,
    tree.NamedCall,
    tree.ListLiteral,
    tree.ContextLiteral,
    tree.RangeLiteral,
    tree.UnaryRange,
)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def print_expression(node: tree.Node) -> str:
    """The text of a tree."""
    return _PRINTERS[node.__class__](node)


def print_unary_tests(node: tree.UnaryTestsNode) -> str:
    """The text of a decision table cell."""
    if not node.tests:
        return "-"
    tests = ", ".join(_test(test) for test in node.tests)
    return f"not({tests})" if node.negated else tests


def print_type(wanted: tree.Type) -> str:
    """The text of a type."""
    match wanted:
        case tree.TypeName(name=name):
            return name
        case tree.ListType(item=item):
            return f"list<{print_type(item)}>"
        case tree.RangeType(item=item):
            return f"range<{print_type(item)}>"
        case tree.ContextType(entries=entries):
            return "context<" + ", ".join(f"{name}: {print_type(entry)}" for name, entry in entries) + ">"
        case tree.FunctionType(parameters=parameters, result=result):
            return "function<" + ", ".join(print_type(one) for one in parameters) + "> -> " + print_type(result)
        case _:
            assert_never(wanted)


def _operand(node: tree.Node) -> str:
    """An operand; in brackets unless it holds together by itself."""
    text = print_expression(node)
    alone = isinstance(node, _ATOMS) or (isinstance(node, tree.NumberLiteral) and not text.startswith("-"))
    return text if alone else f"({text})"


def _string(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(sign, sign) for sign in text) + '"'


def _test(node: tree.Test) -> str:
    if isinstance(node, tree.ComparisonTest):
        return f"{node.operator} {_operand(node.operand)}"
    return _operand(node.expression)


def _iterators(iterators: tuple[tree.Iterator, ...]) -> str:
    parts = []
    for one in iterators:
        end = "" if one.end is None else f"..{_operand(one.end)}"
        parts.append(f"{one.name} in {_operand(one.source)}{end}")
    return ", ".join(parts)


def _quantified(node: tree.Quantified) -> str:
    word = "every" if node.every else "some"
    return f"{word} {_iterators(node.iterators)} satisfies {_operand(node.body)}"


def _function(node: tree.FunctionLiteral) -> str:
    parameters = ", ".join(name + (f": {print_type(kind)}" if kind else "") for name, kind in node.parameters)
    return f"function({parameters}) {'external ' if node.external else ''}{_operand(node.body)}"


def _range(node: tree.RangeLiteral) -> str:
    start, end = "[" if node.low_closed else "(", "]" if node.high_closed else ")"
    return f"{start}{_operand(node.low)}..{_operand(node.high)}{end}"


def _binary(node: tree.Comparison | tree.Arithmetic) -> str:
    return f"{_operand(node.left)} {node.operator} {_operand(node.right)}"


def _named(entries: tuple[tuple[str, tree.Node], ...], name: Callable[[str], str]) -> str:
    return ", ".join(f"{name(key)}: {print_expression(value)}" for key, value in entries)


def _listed(nodes: tuple[tree.Node, ...]) -> str:
    return ", ".join(print_expression(node) for node in nodes)


_PRINTERS: dict[type[tree.Node], Callable[[Any], str]] = {
    tree.NumberLiteral: lambda node: str(node.value),
    tree.StringLiteral: lambda node: _string(node.value),
    tree.BooleanLiteral: lambda node: "true" if node.value else "false",
    tree.NullLiteral: lambda _: "null",
    tree.AtLiteral: lambda node: "@" + _string(node.text),
    tree.Name: lambda node: node.name,
    tree.Path: lambda node: f"{_operand(node.source)}.{node.name}",
    tree.Filter: lambda node: f"{_operand(node.source)}[{print_expression(node.condition)}]",
    tree.And: lambda node: " and ".join(_operand(term) for term in node.terms),
    tree.Or: lambda node: " or ".join(_operand(term) for term in node.terms),
    tree.Comparison: _binary,
    tree.Arithmetic: _binary,
    tree.Between: lambda node: f"{_operand(node.value)} between {_operand(node.low)} and {_operand(node.high)}",
    tree.In: lambda node: f"{_operand(node.value)} in ({', '.join(_test(test) for test in node.tests)})",
    tree.Negation: lambda node: f"-{_operand(node.operand)}",
    tree.InstanceOf: lambda node: f"{_operand(node.value)} instance of {print_type(node.type)}",
    tree.If: lambda node: f"if {_operand(node.condition)} then {_operand(node.then)} else {_operand(node.otherwise)}",
    tree.For: lambda node: f"for {_iterators(node.iterators)} return {_operand(node.body)}",
    tree.Quantified: _quantified,
    tree.ListLiteral: lambda node: f"[{_listed(node.items)}]",
    tree.ContextLiteral: lambda node: "{" + _named(node.entries, _string) + "}",
    tree.FunctionLiteral: _function,
    tree.Call: lambda node: f"{_operand(node.function)}({_listed(node.arguments)})",
    tree.NamedCall: lambda node: f"{_operand(node.function)}({_named(node.arguments, str)})",
    tree.RangeLiteral: _range,
    tree.UnaryRange: lambda node: f"({node.operator} {_operand(node.operand)})",
}
