"""Tree to SQL: each node becomes a fragment. The rules live in the modules that `translation` imports.

A rule gets the translator, its node and `truth`. With `truth` only one thing counts: whether the condition is true,
as in WHERE and CASE WHEN. Null may then stand for false and false for null, which makes shorter SQL that an index can
serve. Without it, the SQL is true, false and null exactly where the closure is.

What reads no name is evaluated by the closures, once, and becomes a literal.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from sqlglot import exp

from .. import tree
from ..budget import DEFAULT_LIMITS
from ..builtins import BUILTINS
from ..compiler import Compiler
from ..errors import FeelError
from ..expression import run_budgeted
from ..values import Kind, Value, YearMonthDuration, kind
from . import dialects, durations
from .dialects import Dialect
from .digits import MAX_DIGITS, digits_of
from .fragment import Fragment, boolean, integer, null_value, truth_value
from .refusal import NotTranslatable, refuse
from .schema import Columns

NodeT = TypeVar("NodeT", bound=tree.Node)
Rule: TypeAlias = "Callable[[Translator, Any, bool], Fragment]"
_RULES: dict[type[tree.Node], Rule] = {}
_CLOCK = frozenset(["now", "today"])


class Translator:
    """State of one translation. names: what stands for names besides the columns, ``?`` among them."""

    def __init__(
        self,
        dialect: Dialect,
        columns: Columns,
        *,
        now: datetime | None = None,
        names: Mapping[str, Fragment] | None = None,
    ) -> None:
        self.dialect = dialect
        self.columns = columns
        self.now = now
        self.names = dict(names or {})
        self._fixed: dict[int, tuple[tree.Node, bool]] = {}  # the nodes are kept, so that no id is used twice

    def value(self, node: tree.Node) -> Fragment:
        """The fragment with exactly the values of the closure. Raises NotTranslatable."""
        return self._translate(node, truth=False)

    def truth(self, node: tree.Node) -> exp.Expr:
        """A condition that is true exactly where the node is, and false or null elsewhere."""
        return self.condition(node, truth=True).expr()

    def condition(self, node: tree.Node, *, truth: bool) -> Fragment:
        """A node where only true, false and null count: what is no boolean is null."""
        found = self._translate(node, truth=truth)
        if found.kind is Kind.BOOLEAN:
            return found
        return boolean(exp.cast(exp.Null(), exp.DType.BOOLEAN), nullable=True)

    def with_names(self, **names: Fragment) -> "Translator":
        """The same translation with more names."""
        return Translator(self.dialect, self.columns, now=self.now, names={**self.names, **names})

    def with_input(self, fragment: Fragment) -> "Translator":
        """The same translation in which ``?`` stands for this."""
        return self.with_names(**{"?": fragment})

    def _translate(self, node: tree.Node, *, truth: bool) -> Fragment:
        if node.__class__ not in _SIMPLE and self.is_fixed(node):
            return self.literal(self.evaluate(node), at=node.at)
        rule = _RULES.get(node.__class__)
        if rule is None:
            raise refuse(construct_of(node), "it has no equivalent in SQL", at=node.at)
        try:
            return rule(self, node, truth)
        except NotTranslatable as error:
            if error.refusal.at or not node.at:
                raise
            raise refuse(error.refusal.construct, error.refusal.reason, at=node.at) from None

    # ---- what is known beforehand

    def is_fixed(self, node: tree.Node) -> bool:
        """Whether a node reads no names but those of built-in functions."""
        known = self._fixed.get(id(node))
        if known is None:
            known = self._fixed[id(node)] = (node, self._is_fixed(node))
        return known[1]

    def _is_fixed(self, node: tree.Node) -> bool:
        if isinstance(node, tree.Name):
            return False
        if isinstance(node, tree.Call | tree.NamedCall) and isinstance(node.function, tree.Name):
            if node.function.name not in BUILTINS or node.function.name in self.columns.roots:
                return False
            arguments = [one if isinstance(one, tree.Node) else one[1] for one in node.arguments]
            return all(self.is_fixed(argument) for argument in arguments)
        return all(self.is_fixed(child) for child in tree.children(node))

    def evaluate(self, node: tree.Node) -> Value:
        """The value of a node that reads no names."""
        if self.now is None and _asks_clock(node):
            raise refuse("clock", "now() and today() need a clock: give `now`", at=node.at)
        try:
            closure = Compiler().compile_node(node)
            return run_budgeted(lambda: closure({}), self.now, DEFAULT_LIMITS)
        except (FeelError, ArithmeticError, RecursionError) as error:
            raise refuse("constant", f"its evaluation fails: {error}", at=node.at) from None

    def literal(self, value: Value, *, at: int = 0) -> Fragment:
        """A value as a literal. Raises NotTranslatable for lists, contexts, ranges and functions."""
        writer = _LITERALS.get(value.__class__)
        if writer is None:
            raise refuse(f"{kind(value).value} value", "it has no equivalent in SQL outside of a test", at=at)
        try:
            return writer(self.dialect, value)
        except NotTranslatable as error:
            raise refuse(error.refusal.construct, error.refusal.reason, at=at) from None


def translates(cls: type[NodeT]) -> Callable[[Callable[["Translator", NodeT, bool], Fragment]], Rule]:
    """Register the rule for a class of nodes."""

    def register(rule: Callable[[Translator, NodeT, bool], Fragment]) -> Rule:
        _RULES[cls] = rule
        return rule

    return register


def translated_classes() -> frozenset[type[tree.Node]]:
    """The classes of nodes that have a rule."""
    return frozenset(_RULES)


def construct_of(node: tree.Node) -> str:
    """The name by which a node is refused."""
    return CONSTRUCT_NAMES.get(node.__class__, node.__class__.__name__)


CONSTRUCT_NAMES: dict[type[tree.Node], str] = {
    tree.Filter: "filter",
    tree.For: "for",
    tree.Quantified: "some/every",
    tree.FunctionLiteral: "function definition",
    tree.NamedCall: "call with named arguments",
    tree.ContextLiteral: "context",
    tree.ListLiteral: "list",
    tree.RangeLiteral: "range",
    tree.UnaryRange: "range",
}


def _asks_clock(node: tree.Node) -> bool:
    if isinstance(node, tree.Name) and node.name in _CLOCK:
        return True
    return any(_asks_clock(child) for child in tree.children(node))


# ---- literals

_SIMPLE: frozenset[type[tree.Node]] = frozenset([tree.Name])


def _number(dialect: Dialect, value: int | Decimal) -> Fragment:
    digits = digits_of(value)
    if digits.total > MAX_DIGITS:
        raise refuse("number literal", f"it has more than {MAX_DIGITS} digits when written out")
    sql = dialects.number(dialect, value, digits)
    integral = digits.scale == 0
    return _constant(sql, Kind.NUMBER, value, digits=digits, integral=integral)


def _constant(sql: exp.Expr, found: Kind, value: Value, **more: Any) -> Fragment:
    return Fragment(sql=sql, kind=found, nullable=False, constant=value, is_constant=True, **more)


def _moment(dialect: Dialect, value: datetime) -> Fragment:
    return _constant(dialects.moment(dialect, value), Kind.DATE_TIME, value, aware=value.tzinfo is not None)


def _clock(dialect: Dialect, value: time) -> Fragment:
    if value.tzinfo is not None:
        raise refuse("time", "a time with an offset has no certain equivalent in SQL")
    return _constant(dialects.clock(dialect, value), Kind.TIME, value)


def _days(_: Dialect, value: timedelta) -> Fragment:
    whole = value % timedelta(days=1) == timedelta()
    count = value.days if whole else value // timedelta(microseconds=1)
    return _constant(integer(count), Kind.DAYS, value, unit="day" if whole else "microsecond")


_LITERALS: dict[type, Callable[[Dialect, Any], Fragment]] = {
    type(None): lambda _, __: null_value(),
    bool: lambda _, value: truth_value(value),
    int: _number,
    Decimal: _number,
    str: lambda _, value: _constant(dialects.string(value), Kind.STRING, value),
    date: lambda dialect, value: _constant(dialects.day(dialect, value), Kind.DATE, value),
    datetime: _moment,
    time: _clock,
    timedelta: _days,
    YearMonthDuration: lambda _, value: _constant(integer(value.months), Kind.MONTHS, value),
}


@translates(tree.Name)
def _name(translator: Translator, node: tree.Name, truth: bool) -> Fragment:  # noqa: ARG001  # as all rules
    given = translator.names.get(node.name)
    if given is not None:
        return given
    column = translator.columns.get(node.name)
    if column is not None:
        return column_fragment(translator, column.name)
    if node.name in translator.columns.roots:
        raise refuse("context", f"`{node.name}` is a context; only its entries are columns", at=node.at)
    raise refuse("name", f"the column `{node.name}` is not declared", at=node.at)


def column_fragment(translator: Translator, name: str) -> Fragment:
    """A declared column."""
    column = translator.columns[name]
    sql: exp.Expr = exp.column(exp.to_identifier(column.column, quoted=True))
    plain = Fragment(
        sql=sql,
        kind=column.kind,
        nullable=not column.required,
        digits=column.digits,
        integral=column.integral,
        aware=column.aware,
    )
    return (
        plain
        if column.kind not in {Kind.DAYS, Kind.MONTHS, Kind.TIME}
        else durations.from_column(translator.dialect, plain)
    )
