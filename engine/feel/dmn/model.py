"""`load` and `DecisionModel`: what the host holds of a DMN document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..budget import DEFAULT_LIMITS, Limits
from ..errors import DmnError, FeelError
from ..expression import run_budgeted
from ..values import Function, Value
from . import elements as e
from .graph import Graph
from .reader import read
from .run import Run, TableHit, running


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionResult:
    """What one evaluation gave.

    value: None when there are errors. matched: numbers from 1 of the rules that matched in the decision's own
    table (or that of the knowledge model it invokes), in table order. inputs: input data that was read, and the
    inputs of that table by their expressions. errors: conflicts with their rule numbers, missing inputs, values
    outside of what is allowed, exhausted budgets. tables: every table that was evaluated, in order.
    """

    value: Value
    matched: tuple[int, ...] = ()
    inputs: Mapping[str, Value] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    tables: tuple[TableHit, ...] = ()


class DecisionModel:
    """A compiled document. Immutable, safe to share between threads.

    problems: what is wrong in the document and can be said without data; a document with problems should not be
    deployed, but can be evaluated: the parts that are wrong give errors.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
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
        value = graph.value(element, Run(inputs={})) if isinstance(element, e.Knowledge | e.Service) else None
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
        run = Run(inputs=context)
        own_tables = 0

        def compute() -> Value:
            nonlocal own_tables
            if isinstance(element, e.Decision):
                for reference in element.requirements:
                    _touch(graph, reference, run)
            own_tables = len(run.tables)
            return graph.value(element, run)

        value = self._run(compute, run, now, limits)
        own = run.tables[own_tables:]
        last = own[-1] if own else None
        return DecisionResult(
            value=None if strict and run.errors else value,
            matched=last.rules if last else (),
            inputs={**run.used, **(last.inputs if last else {})},
            errors=tuple(run.errors),
            tables=tuple(run.tables),
        )

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
        run = Run(inputs={})

        def compute() -> Value:
            target = graph.value(element, run)
            if not isinstance(target, Function):
                raise DmnError(f"`{function}` is neither a knowledge model nor a decision service")
            return target.call(*[arguments.get(name) for name in target.parameters])

        value = self._run(compute, run, now, limits)
        return DecisionResult(value=value, errors=tuple(run.errors), tables=tuple(run.tables))

    def _run(self, compute: Any, run: Run, now: datetime | None, limits: Limits) -> Value:
        try:
            with running(run):
                return run_budgeted(compute, now, limits)
        except RecursionError:
            run.errors.append("the evaluation is nested too deeply")
        except (FeelError, ArithmeticError) as error:
            run.errors.append(str(error) or repr(error))
        return None

    def _find(self, name: str) -> tuple[Graph, e.DrgElement]:
        """By id here, by name here, then in the imported documents."""
        for graph in self._graph.reachable():
            if name in graph.elements:
                return graph, graph.elements[name]
            for element in graph.elements.values():
                if name in {element.name, element.variable} and not isinstance(element, e.InputData):
                    return graph, element
        raise DmnError(f"there is no decision `{name}`")


def _touch(graph: Graph, reference: str, run: Run) -> None:
    """Compute a requirement now, so that its tables come before the decision's own."""
    try:
        owner, required = graph.find(reference)
    except DmnError:
        return
    owner.value(required, run)


def load(xml: bytes, *, imports: Sequence["DecisionModel"] = ()) -> DecisionModel:
    """Compile a DMN document, versions 1.1 to 1.5.

    imports: the models that it imports, found by namespace, in any order. Raises DmnError when the XML is not
    well-formed, not safe or not DMN, when an import is missing, or when decisions require each other in a circle.
    """
    document = read(xml)
    known = {model.namespace: model._graph for model in imports}
    graphs: dict[str, Graph] = {}
    for one in document.imports:
        if one.namespace not in known:
            raise DmnError(f"the imported model `{one.namespace}` is missing")
        graphs[one.name] = known[one.namespace]
    try:
        return DecisionModel(Graph(document, graphs))
    except RecursionError:
        raise DmnError("the document is nested too deeply") from None
