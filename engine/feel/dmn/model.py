"""`load` and `DecisionModel`: what the host holds of a DMN document."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from ..budget import DEFAULT_LIMITS, Evaluation, Limits, begin, current, end
from ..errors import DmnError, FeelError
from ..expression import NESTED, pay_for_result
from ..values import Function, Value
from . import elements as e
from .graph import Graph
from .reader import read
from .run import Run, TableHit


class DecisionResult(NamedTuple):
    """What one evaluation gave.

    value: None when there are errors. matched: numbers from 1 of the rules that matched in the decision's own
    table (or that of the knowledge model it invokes), in table order. errors: conflicts with their rule numbers,
    missing inputs, values outside of what is allowed, exhausted budgets. tables: every table that was evaluated, in
    order; own: that table. used: input data that was read.
    """

    value: Value
    matched: tuple[int, ...] = ()
    errors: tuple[str, ...] = ()
    tables: tuple[TableHit, ...] = ()
    own: TableHit | None = None
    used: Mapping[str, Value] = MappingProxyType({})

    @property
    def inputs(self) -> dict[str, Value]:
        """The input data that was read, and the inputs of the decision's own table by their expressions."""
        return {**self.used, **self.own.inputs} if self.own is not None else dict(self.used)


class DecisionModel:
    """A compiled document. Immutable, safe to share between threads.

    problems: what is wrong in the document and can be said without data; a document with problems should not be
    deployed, but can be evaluated: the parts that are wrong give errors.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._by_name = _by_name(graph)
        self.name = graph.document.name
        self.namespace = graph.document.namespace
        self.decisions = tuple(one.id for one in graph.document.elements if isinstance(one, e.Decision))
        self.names = {one.id: one.name for one in graph.document.elements}
        self.problems = tuple(dict.fromkeys(graph.texts.problems))

    def inputs(self, decision: str) -> frozenset[str]:
        """The variables that a decision needs, those of the decisions it requires included. Raises DmnError."""
        graph, element = self._find(decision)
        return graph.required_names(element)

    def parameters(self, function: str) -> tuple[str, ...]:
        """The parameters of a knowledge model or decision service. Raises DmnError."""
        graph, element = self._find(function)
        value = graph.value(element, Run({})) if isinstance(element, e.Knowledge | e.Service) else None
        if not isinstance(value, Function):
            raise DmnError(f"`{function}` is neither a knowledge model nor a decision service")
        return value.parameters

    def evaluate(
        self,
        decision: str,
        context: Mapping[str, object],
        *,
        now: datetime | None = None,
        strict: bool = True,
        limits: Limits = DEFAULT_LIMITS,
    ) -> DecisionResult:
        """Evaluate a decision, by id or by name. Raises DmnError only when there is no such decision.

        strict: any error makes the value None. Without it the value is what the standard says, where most
        errors are nulls that may disappear on the way; the errors are told all the same.
        """
        graph, element = self._find(decision)
        run = Run(context)
        value, own_tables = _attempt(lambda: _compute(graph, element, run), run, now, limits) or (None, 0)
        own = run.tables[-1] if len(run.tables) > own_tables else None
        errors = tuple(run.errors)
        if strict and errors:
            value = None
        return DecisionResult(value, () if own is None else own.rules, errors, tuple(run.tables), own, run.used)

    def invoke(
        self,
        function: str,
        arguments: Mapping[str, object],
        *,
        now: datetime | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> DecisionResult:
        """Call a knowledge model or decision service with named arguments; what is not given is null."""
        graph, element = self._find(function)
        run = Run({})

        def compute() -> Value:
            target = graph.value(element, run)
            if not isinstance(target, Function):
                raise DmnError(f"`{function}` is neither a knowledge model nor a decision service")
            value = target.call(*[arguments.get(name) for name in target.parameters])
            if type(value) in NESTED:
                pay_for_result(value, current().tick, 0)
            return value

        value = _attempt(compute, run, now, limits)
        return DecisionResult(value=value, errors=tuple(run.errors), tables=tuple(run.tables))

    def _find(self, name: str) -> tuple[Graph, e.DrgElement]:
        """By id here, by name here, then in the imported documents."""
        found = self._by_name.get(name)
        if found is None:
            raise DmnError(f"there is no decision `{name}`")
        return found


def _by_name(start: Graph) -> dict[str, tuple[Graph, e.DrgElement]]:
    """The elements by what they may be called: ids before names, those of this document before imported ones."""
    found: dict[str, tuple[Graph, e.DrgElement]] = {}
    for graph in start.reachable():
        for element in graph.elements.values():
            found.setdefault(element.id, (graph, element))
        for element in graph.elements.values():
            if not isinstance(element, e.InputData):
                for name in (element.name, element.variable):
                    found.setdefault(name, (graph, element))
    return found


ResultT = TypeVar("ResultT")


def _attempt(compute: Callable[[], ResultT], run: Run, now: datetime | None, limits: Limits) -> ResultT | None:
    """What a computation gives, under a budget; None with an error in the run when it cannot go on."""
    purse = Evaluation(now, limits, run)
    token = begin(purse)
    try:
        return compute()
    except RecursionError:
        run.errors.append("the evaluation is nested too deeply")
    except (FeelError, ArithmeticError) as error:
        run.errors.append(str(error) or repr(error))
    finally:
        end(token)
    return None


def _compute(graph: Graph, element: e.DrgElement, run: Run) -> tuple[Value, int]:
    """The value of an element, and the number of tables that were evaluated before its own."""
    tables = 0
    if isinstance(element, e.Decision) and element.requirements:
        for owner, required in graph.required(element):
            owner.value(required, run)
        tables = len(run.tables)
    value = graph.value(element, run)
    if type(value) in NESTED:
        pay_for_result(value, current().tick, 0)
    return value, tables


def load(xml: bytes, *, imports: Sequence["DecisionModel"] = ()) -> DecisionModel:
    """Compile a DMN document, versions 1.1 to 1.5.

    imports: the models that it imports, found by namespace, in any order. Raises DmnError when the XML is not
    well-formed, not safe or not DMN, when an import is missing, when an id occurs twice, or when decisions require
    each other in a circle.
    """
    document = read(xml)
    known = {model.namespace: model._graph for model in imports}
    graphs: dict[str, Graph] = {}
    for one in document.imports:
        if one.namespace not in known:
            raise DmnError(f"the imported model `{one.namespace}` is missing")
        graphs[one.name] = known[one.namespace]
    ids = [one.id for one in document.elements]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        raise DmnError(f"the id `{twice}` is given twice")
    try:
        return DecisionModel(Graph(document, graphs))
    except RecursionError:
        raise DmnError("the document is nested too deeply") from None
