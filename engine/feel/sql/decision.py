"""A decision of a DMN document in SQL.

What the document cannot give without an error is null here, too: `error` says which error it is. Decisions that the
decision requires are put in where their names stand.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlglot import exp

from .. import tree
from ..dmn import elements as e
from ..dmn.graph import Graph
from ..dmn.model import DecisionModel
from ..errors import FeelSyntaxError
from ..parser import parse_expression
from ..values import Kind
from .declared import allowed, check_kind, declared, keeps, literal_keeps, parse_cell
from .dialects import Dialect
from .fragment import Fragment, all_of, case, null_value, wrapped
from .logic import choose
from .membership import cell
from .numbers import plain_number
from .overlap import Span, spans
from .policies import POLICIES, Outcome, Rule, Rules
from .refusal import NotTranslatable, refuse
from .schema import Columns
from .translation import render
from .translator import Translator

_UNTESTED = frozenset(["", "-"])
_ANY = frozenset(["", "Any", "any"])
MAX_NODES = 60_000
"""Size of one tree: beyond that, databases take longer to plan than Python takes to answer."""
RULE, ERROR = "rule", "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTranslation:
    """A decision in SQL.

    values: one tree for each output by its name (the decision's, when there is one output without a name); where the
    closure's value is None all are null. kinds: of these; LIST for policies that give lists. units: of durations, as
    in `Translation`. rule: the number of the rule taken, for UNIQUE, FIRST, ANY and PRIORITY, else None. error: a
    text where the closure reports an error, else null; None when there can be none.
    """

    dialect: Dialect
    values: dict[str, exp.Expr]
    kinds: dict[str, Kind]
    units: dict[str, str]
    rule: exp.Expr | None
    error: exp.Expr | None

    def query(
        self, source: str | exp.Expr, *, with_rule: bool = False, with_error: bool = True, prefix: str = ""
    ) -> exp.Select:
        """SELECT of all columns of a table, or of a query, and beside them the outputs, `rule` and `error`.

        prefix: of these names, where the table has columns that are called so.
        """
        table = exp.to_table(source, dialect=self.dialect.value) if isinstance(source, str) else source.copy()
        items = [exp.alias_(value.copy(), prefix + name, quoted=True) for name, value in self.values.items()]
        if with_rule and self.rule is not None:
            items.append(exp.alias_(self.rule.copy(), prefix + RULE, quoted=True))
        if with_error and self.error is not None:
            items.append(exp.alias_(self.error.copy(), prefix + ERROR, quoted=True))
        return exp.select(exp.Star(), *items).from_(table)

    def sql(self, name: str = "") -> str:
        """One output (by default the first) in the dialect."""
        return render(self.values[name or next(iter(self.values))], self.dialect)


def translate_decision(
    model: DecisionModel, decision: str, columns: Columns, dialect: Dialect, *, now: datetime | None = None
) -> DecisionTranslation:
    """A decision in SQL, by id or by name. Raises DmnError when there is none, and NotTranslatable.

    Input data and other variables are read from the columns of their names.
    """
    graph, element = model._find(decision)
    if model.problems:
        raise refuse("document", f"it has problems, so that its decisions give errors: {model.problems[0]}")
    if not isinstance(element, e.Decision):
        raise refuse("invocation", f"`{decision}` is no decision")
    made = _Decision(graph, columns, dialect, now).translate(element)
    size = sum(1 for value in made.values.values() for _ in value.walk())
    if size > MAX_NODES:
        raise refuse("size", f"the SQL would have {size} nodes, more than {MAX_NODES}")
    return made


@contextmanager
def _at(place: str, text: str = "") -> Iterator[None]:
    """Say where a refused construct stands."""
    try:
        yield
    except NotTranslatable as error:
        found = error.refusal
        raise NotTranslatable(replace(found, place=found.place or place, text=found.text or text)) from None


class _Decision:
    """One decision on its way to SQL. guards: conditions that must hold, with what it means when they do not."""

    def __init__(self, graph: Graph, columns: Columns, dialect: Dialect, now: datetime | None) -> None:
        self.graph = graph
        self.texts = graph.texts
        self.columns = columns
        self.translator = Translator(dialect, columns, now=now)
        self.guards: list[tuple[exp.Expr, str]] = []

    def translate(self, element: e.Decision) -> DecisionTranslation:
        with _at(element.id):
            self._require(element)
            logic = element.logic
            if isinstance(logic, e.Table):
                names, outcome, policy = self._table(logic, element)
            elif isinstance(logic, e.Literal) and logic.feel and logic.text:
                names, policy = [element.variable], ""
                outcome = Outcome(values=(self._expression(logic.text, element.id),))
            else:
                raise refuse("boxed expression", "only tables and literal expressions with a text are translated")
            self._check_result(element, outcome)
            return self._finished(names, outcome, policy)

    # ---- what it requires

    def _require(self, element: e.Decision) -> None:
        for reference in element.requirements:
            graph, required = self.graph.find(reference)
            if graph is not self.graph:
                raise refuse("import", f"`{required.name}` stands in an imported document")
            if isinstance(required, e.InputData):
                self._input(required)
            elif isinstance(required, e.Decision):
                self._decision(required)
            else:
                raise refuse("invocation", f"`{required.name}` is a knowledge model or service")

    def _input(self, required: e.InputData) -> None:
        if required.variable not in self.columns:
            if required.variable in self.columns.roots and required.type_ref in _ANY:
                return
            if required.variable in self.columns.roots:
                raise refuse("type", f"the type `{required.type_ref}` of `{required.variable}` is no simple type")
            raise refuse("name", f"the column `{required.variable}` is not declared")
        self._guard(
            self.translator.value(tree.Name(name=required.variable)), required.type_ref, f"input `{required.variable}`"
        )

    def _guard(self, value: Fragment, type_ref: str, what: str) -> None:
        wanted = declared(self.graph.types, type_ref, what)
        check_kind(value, wanted, what)
        self._must(keeps(self.translator, value, wanted), f"{what} does not fit the type `{type_ref}`")

    def _must(self, condition: exp.Expr, message: str) -> None:
        if not (isinstance(condition, exp.Boolean) and condition.this):
            self.guards.append((condition, message))

    def _decision(self, required: e.Decision) -> None:
        """A required decision with one value takes the place of its name."""
        inner = _Decision(self.graph, self.columns, self.translator.dialect, self.translator.now)
        made = inner.translate(required)
        if len(made.values) != 1 or Kind.LIST in made.kinds.values():
            raise refuse("required decision", f"`{required.name}` has several outputs, or a list")
        if made.error is not None:
            self.guards.append(
                (exp.Is(this=wrapped(made.error), expression=exp.Null()), f"`{required.name}` has an error")
            )
        self.translator.names[required.variable] = inner.results[0]

    # ---- tables

    def _table(self, table: e.Table, element: e.Decision) -> tuple[list[str], Outcome, str]:
        policy = (table.hit_policy, table.aggregation if table.hit_policy == "COLLECT" else "")
        inputs = [self._table_input(one, number) for number, one in enumerate(table.inputs, 1)]
        rules = tuple(self._rule(rule, number, inputs, table) for number, rule in enumerate(table.rules, 1))
        if not rules:
            raise refuse("decision table", "it has no rules")
        defaults: tuple[Fragment, ...] | None = None
        if any(one.default for one in table.outputs):
            defaults = tuple(
                self._expression(one.default, "default output") if one.default else null_value()
                for one in table.outputs
            )
        orders = tuple(
            tuple(closure({}) for closure in self.texts.values(one.allowed, element.id)) if one.allowed else ()
            for one in table.outputs
        )
        made = Rules(translator=self.translator, rules=rules, defaults=defaults, orders=orders)
        outcome = POLICIES[policy](made)
        names = [one.name or element.variable for one in table.outputs]
        return names, outcome, table.hit_policy

    def _table_input(self, one: e.TableInput, number: int) -> Fragment:
        place = f"input {number}"
        value = self._expression(one.text, place)
        with _at(place, one.text):
            self._guard(value, one.type_ref, f"input `{one.text}`")
            if one.allowed:
                condition = allowed(self.translator, value, self.texts, one.allowed)
                self._must(condition, f"input `{one.text}` is outside of its allowed values")
        return value

    def _rule(self, rule: e.Rule, number: int, inputs: list[Fragment], table: e.Table) -> Rule:
        conditions: list[exp.Expr] = []
        cells: list[tuple[Span, ...] | None] = []
        for column, (text, value) in enumerate(zip(rule.tests, inputs, strict=False), 1):
            if text in _UNTESTED:
                cells.append(None)
                continue
            with _at(f"rule {number}, input {column}", text):
                node = parse_cell(self.texts, text)
                conditions.append(cell(self.translator, value, node, truth=True).expr())
                cells.append(spans(self.translator, node))
        outputs = [
            self._output(text, one, f"rule {number}, output {column}")
            for column, (text, one) in enumerate(zip(rule.outputs, table.outputs, strict=False), 1)
        ]
        return Rule(number=number, condition=all_of(*conditions), outputs=tuple(outputs), cells=tuple(cells))

    def _output(self, text: str, one: e.TableOutput, place: str) -> Fragment:
        value = self._expression(text, place)
        with _at(place, text):
            value = plain_number(self.translator, value)
            wanted = declared(self.graph.types, one.type_ref, place)
            check_kind(value, wanted, place)
            own = ((self.texts, one.allowed),) if one.allowed else ()
            literal_keeps(value, wanted.constraints + own, place)
        return value

    def _expression(self, text: str, place: str) -> Fragment:
        """An empty text is null."""
        if not text:
            return null_value()
        with _at(place, text):
            try:
                return self.translator.value(parse_expression(text, self.texts.names))
            except FeelSyntaxError as error:
                raise refuse("text", str(error)) from None

    # ---- results

    def _check_result(self, element: e.Decision, outcome: Outcome) -> None:
        """The declared type of the decision itself."""
        reference = element.type_ref
        if reference in _ANY:
            return
        if len(outcome.values) > 1:
            raise refuse("type", f"the type `{reference}` of a decision with several outputs is not checked in SQL")
        value = outcome.values[0]
        if value.kind is Kind.LIST:
            raise refuse("type", f"the type `{reference}` of a list is not checked in SQL")
        wanted = declared(self.graph.types, reference, element.id)
        check_kind(value, wanted, element.id)
        if wanted.constraints:
            raise refuse("type", f"the constraints of the decision's type `{reference}` are not checked in SQL")

    def _finished(self, names: list[str], outcome: Outcome, policy: str) -> DecisionTranslation:
        values = [plain_number(self.translator, value) for value in outcome.values]
        held = all_of(*(condition.copy() for condition, _ in self.guards))
        self.results = [self._guarded(held, value) for value in values]
        problems: list[tuple[exp.Expr, exp.Expr]] = [
            (
                exp.Not(this=wrapped(exp.func("COALESCE", condition.copy(), exp.Boolean(this=False)))),
                exp.Literal.string(text),
            )
            for condition, text in self.guards
        ]
        if outcome.conflict is not None:
            problems.append((outcome.conflict, exp.Literal.string(f"rules contradict each other ({policy})")))
        rule = None if outcome.rule is None else case((held.copy(), outcome.rule))
        return DecisionTranslation(
            dialect=self.translator.dialect,
            values=dict(zip(names, (one.expr() for one in self.results), strict=True)),
            kinds=dict(zip(names, (one.kind for one in self.results), strict=True)),
            units=dict(zip(names, (_unit(one) for one in self.results), strict=True)),
            rule=rule,
            error=case(*problems) if problems else None,
        )

    def _guarded(self, held: exp.Expr, value: Fragment) -> Fragment:
        if value.kind is Kind.LIST:
            return replace(value, sql=case((held.copy(), value.expr())))
        return choose(self.translator, [(held.copy(), value)], null_value())


def _unit(value: Fragment) -> str:
    return value.unit if value.kind is Kind.DAYS else "month" if value.kind is Kind.MONTHS else ""
