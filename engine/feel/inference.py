"""Kinds that can be known without data, and the conflicts between them.

Only what the text itself fixes is known: literals, operators, functions that always give one kind. A conflict is an
operation that is null whatever the variables are: ``1 + "a"``, ``count(x) = "3"``, ``if 5 then …``. Null itself
conflicts with nothing, and lists and single values convert into each other as arguments, so neither is reported.
"""

from collections.abc import Callable
from typing import Any

from . import tree
from .arithmetic import known_result
from .builtins import BUILTINS
from .temporal import parse_at
from .values import (
    BOOLEAN,
    CONTEXT_KIND,
    DATE,
    DATE_TIME,
    DATES,
    DAYS,
    FUNCTION,
    LIST,
    MONTHS,
    NULL,
    NUMBER,
    ORDERED,
    RANGE,
    STRING,
    TIME,
    Kind,
    kind,
)

Report = Callable[[str, int], None]
Known = Kind | None

_RESULTS: dict[Kind, str] = {
    NUMBER: "count|string length|number|decimal|floor|ceiling|round up|round down|round half up|round half down|modulo"
    "|sqrt|log|exp|mean|median|stddev|product|day of year|week of year",
    STRING: "string|substring|upper case|lower case|substring before|substring after|replace|string join|trim"
    "|day of week|month of year|to json|to base64|from base64",
    BOOLEAN: "contains|starts with|ends with|matches|list contains|not|all|any|odd|even|is|is defined|is blank"
    "|is empty|before|after|meets|met by|overlaps|overlaps before|overlaps after|finishes|finished by|includes"
    "|during|starts|started by|coincides",
    LIST: "split|sublist|append|concatenate|insert before|remove|reverse|index of|union|distinct values|flatten|sort"
    "|get entries|partition|duplicate values|extract|list replace",
    DATE: "date|today",
    DATE_TIME: "date and time|now",
    TIME: "time",
    MONTHS: "years and months duration",
    CONTEXT_KIND: "context|context put|context merge",
    RANGE: "range",
}
RESULT_KINDS: dict[str, Kind] = {name: result for result, names in _RESULTS.items() for name in names.split("|")}


class Inference:
    """Walks a tree from the leaves up. `own`: names that are not the built-in function they are called like."""

    def __init__(self, report: Report, own: frozenset[str]) -> None:
        self.report = report
        self.own = own

    def infer(self, node: tree.Node) -> Known:
        """The kind of a node's value where it is fixed, apart from null; conflicts are reported on the way."""
        cls = node.__class__
        if cls in _LEAVES:
            return _LEAVES[cls]
        rule = _RULES.get(cls)
        if rule is not None:
            return rule(self, node)
        for child in tree.children(node):
            self.infer(child)
        return _FIXED.get(cls)

    def at(self, node: tree.AtLiteral) -> Known:
        value = parse_at(node.text)
        if value is None:
            self.report(f'`@"{node.text[:40]}"` is neither a date, nor a time, nor a duration', node.at)
        return None if value is None else kind(value)

    def arithmetic(self, node: tree.Arithmetic) -> Known:
        left, right = self.infer(node.left), self.infer(node.right)
        if not _certain(left) or not _certain(right) or left is None or right is None:
            return None
        result = known_result(node.operator, left, right)
        if result is None:
            self.report(f"`{node.operator}` has no meaning for {left} and {right}", node.at)
        return result

    def comparison(self, node: tree.Comparison) -> Known:
        left, right = self.infer(node.left), self.infer(node.right)
        self._compare(node, left, right, ordered=node.operator not in {"=", "!="})
        return BOOLEAN

    def between(self, node: tree.Between) -> Known:
        value = self.infer(node.value)
        self._compare(node, value, self.infer(node.low), ordered=True)
        self._compare(node, value, self.infer(node.high), ordered=True)
        return BOOLEAN

    def _compare(self, node: tree.Node, left: Known, right: Known, *, ordered: bool) -> None:
        if left is None or right is None or left is LIST or right is LIST:
            return
        dates = ordered and {left, right} == DATES
        if (left is not right and not dates) or (ordered and left not in ORDERED):
            self.report(f"{left} and {right} cannot be compared", node.at)

    def logic(self, node: tree.And | tree.Or) -> Known:
        for term in node.terms:
            self._boolean(term)
        return BOOLEAN

    def _boolean(self, node: tree.Node) -> None:
        found = self.infer(node)
        if found is not None and found is not BOOLEAN:
            self.report(f"a condition is expected, not a value of kind {found}", node.at)

    def choice(self, node: tree.If) -> Known:
        self._boolean(node.condition)
        then, otherwise = self.infer(node.then), self.infer(node.otherwise)
        return then if then is otherwise else None

    def negation(self, node: tree.Negation) -> Known:
        found = self.infer(node.operand)
        if found not in {None, LIST, NUMBER, DAYS, MONTHS}:
            self.report(f"a value of kind {found} has no negative", node.at)
        return found

    def call(self, node: tree.Call) -> Known:
        """Arguments of known kinds must fit one overload."""
        kinds = [self.infer(argument) for argument in node.arguments]
        function = node.function
        if not isinstance(function, tree.Name) or function.name in self.own:
            self.infer(function)
            return None
        builtin = BUILTINS.get(function.name)
        if builtin is None:
            return None
        if builtin.accepts_count(len(kinds)) and not builtin.accepts_kinds(kinds):
            shown = ", ".join(str(one or "anything") for one in kinds)
            self.report(f"`{function.name}` does not take arguments of the kinds {shown}", node.at)
        return RESULT_KINDS.get(function.name)


def _certain(found: Known) -> bool:
    """Whether a kind is known and does not convert: lists of one item count as the item."""
    return found is not None and found is not LIST


_LEAVES: dict[type[tree.Node], Known] = {
    tree.Name: None,
    tree.NullLiteral: None,
    tree.NumberLiteral: NUMBER,
    tree.StringLiteral: STRING,
    tree.BooleanLiteral: BOOLEAN,
}
_FIXED: dict[type[tree.Node], Kind] = {
    tree.In: BOOLEAN,
    tree.InstanceOf: BOOLEAN,
    tree.Quantified: BOOLEAN,
    tree.ListLiteral: LIST,
    tree.For: LIST,
    tree.ContextLiteral: CONTEXT_KIND,
    tree.FunctionLiteral: FUNCTION,
    tree.RangeLiteral: RANGE,
    tree.UnaryRange: RANGE,
}
_RULES: dict[type[tree.Node], Callable[[Inference, Any], Known]] = {
    tree.AtLiteral: Inference.at,
    tree.Arithmetic: Inference.arithmetic,
    tree.Comparison: Inference.comparison,
    tree.Between: Inference.between,
    tree.And: Inference.logic,
    tree.Or: Inference.logic,
    tree.If: Inference.choice,
    tree.Negation: Inference.negation,
    tree.Call: Inference.call,
}


def fixed_kind(node: tree.Node) -> Known:
    """The kind that a value has whatever the data; null where it is null, None where it depends on them."""
    return NULL if isinstance(node, tree.NullLiteral) else Inference(lambda *_: None, frozenset()).infer(node)


def find_conflicts(node: tree.Node, report: Report, own: frozenset[str]) -> None:
    """Report what can only be null, whatever the data. own: declared names, which hide functions of that name."""
    Inference(report, own).infer(node)
