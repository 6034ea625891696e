"""What can be known to be wrong without data: undeclared names, functions with wrong arguments, conflicting kinds.

Inside a filter, names may be entries of the items, which nobody declares; there only functions are checked.
"""

from collections.abc import Callable
from typing import Any

from . import tree
from .builtins import BUILTINS, REFUSED
from .inference import find_conflicts

Names = frozenset[str]
Report = Callable[[str, int], None]
_FULL_WIDTH = frozenset("，。；：？！（）【】《》“”‘’、＝＜＞＋－＊／")


class Walker:
    """Walks a tree with the names known at each place. `report` gets a message and an offset."""

    def __init__(self, report: Report, declared: Names) -> None:
        self.report = report
        self.declared = declared
        self.free: dict[str, int] = {}

    def visit(self, node: tree.Node, known: Names, *, open_names: bool = False) -> None:
        """open_names: whether unknown names may be entries of something."""
        if isinstance(node, tree.Name):
            self.name(node, known, open_names)
            return
        cls = node.__class__
        if cls in tree.LEAVES:
            return
        rule = _RULES.get(cls)
        if rule is not None:
            rule(self, node, known, open_names)
            return
        for child in tree.children(node):
            self.visit(child, known, open_names=open_names)

    def name(self, node: tree.Name, known: Names, open_names: bool) -> None:
        if node.name not in known and node.name not in BUILTINS and not open_names:
            self.free.setdefault(node.name, node.at)

    def call(self, node: tree.Call | tree.NamedCall, known: Names, open_names: bool) -> None:
        """The function itself, its arguments, and whether the two fit."""
        function = node.function
        if isinstance(function, tree.Name) and function.name not in known and function.name not in self.declared:
            self._named_function(function, node)
        else:
            self.visit(function, known, open_names=open_names)
        for argument in node.arguments:
            child = argument if isinstance(argument, tree.Node) else argument[1]
            self.visit(child, known, open_names=open_names)

    def _named_function(self, function: tree.Name, node: tree.Call | tree.NamedCall) -> None:
        name = function.name
        if name in REFUSED:
            self.report(f"the function `{name}` is refused: {REFUSED[name]}", function.at)
            return
        builtin = BUILTINS.get(name)
        if builtin is None:
            self.report(f"there is no function `{name}`", function.at)
        elif isinstance(node, tree.Call):
            if not builtin.accepts_count(len(node.arguments)):
                self.report(f"`{name}` does not take {len(node.arguments)} arguments", function.at)
        elif not builtin.accepts_names([argument[0] for argument in node.arguments]):
            wrong = ", ".join(argument[0] for argument in node.arguments)
            self.report(f"`{name}` does not take arguments named {wrong}", function.at)

    def filter(self, node: tree.Filter, known: Names, open_names: bool) -> None:
        self.visit(node.source, known, open_names=open_names)
        self.visit(node.condition, known | {"item"}, open_names=True)

    def loop(self, node: tree.For | tree.Quantified, known: Names, open_names: bool) -> None:
        if isinstance(node, tree.For):
            known = known | {"partial"}
        for iterator in node.iterators:
            self.visit(iterator.source, known, open_names=open_names)
            if iterator.end is not None:
                self.visit(iterator.end, known, open_names=open_names)
            known = known | {iterator.name}
        self.visit(node.body, known, open_names=open_names)

    def function(self, node: tree.FunctionLiteral, known: Names, open_names: bool) -> None:
        if node.external:
            self.report("external functions are refused: no foreign code is run", node.at)
            return
        self.visit(node.body, known | {name for name, _ in node.parameters}, open_names=open_names)

    def context(self, node: tree.ContextLiteral, known: Names, open_names: bool) -> None:
        for name, value in node.entries:
            itself = {name} if isinstance(value, tree.FunctionLiteral) else frozenset[str]()
            self.visit(value, known | itself, open_names=open_names)
            known = known | {name}

    def test(self, node: tree.ExpressionTest, known: Names, open_names: bool) -> None:
        self.visit(node.expression, known | {"?"}, open_names=open_names)


_RULES: dict[type[tree.Node], Callable[[Walker, Any, Names, bool], None]] = {
    tree.Call: Walker.call,
    tree.NamedCall: Walker.call,
    tree.Filter: Walker.filter,
    tree.For: Walker.loop,
    tree.Quantified: Walker.loop,
    tree.FunctionLiteral: Walker.function,
    tree.ContextLiteral: Walker.context,
    tree.ExpressionTest: Walker.test,
}


def unknown_name(name: str) -> str:
    """The message for a name that nobody declares."""
    hint = "; it holds a full-width sign" if _FULL_WIDTH & set(name) else ""
    return f"the name `{name}` is not known here{hint}"


def examine(
    node: tree.Node, report: Report, declared: Names = frozenset(), names: dict[str, int] | None = None
) -> dict[str, int]:
    """Report wrong calls and conflicts of kinds; give the names used but not defined in the text.

    The names come with the offset of their first use. declared: names of the host; they may be functions. names: all
    names of a text that calls nothing and defines nothing, where the parser knows that.
    """
    find_conflicts(node, report, declared)
    if names is not None:
        return {name: at for name, at in names.items() if name not in BUILTINS}
    walker = Walker(report, declared)
    walker.visit(node, frozenset())
    return walker.free
