"""The requirements graph of one document: every element compiled, references resolved, values computed on demand."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..budget import current
from ..compiler import Closure
from ..errors import DmnError
from ..lint import unknown_name
from ..scope import Scope
from ..values import Function, Value, native
from . import elements as e
from .boxed import BoxCompiler
from .item_types import Converter, ItemTypes
from .run import Run, current_run, misfits, report
from .texts import Texts, context_names


class Variables(Mapping[str, Any]):
    """The caller's variables, without those that the document declares: these are seen only where required."""

    __slots__ = ("_declared", "_given")

    def __init__(self, given: Mapping[str, Any], declared: frozenset[str]) -> None:
        self._given = given
        self._declared = declared

    def __getitem__(self, name: str) -> Any:
        if name in self._declared:
            raise KeyError(name)
        return self._given[name]

    def __contains__(self, name: object) -> bool:
        return name not in self._declared and name in self._given

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._given if name not in self._declared)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Graph:
    """One document with the graphs it imports, by prefix. Immutable after `__init__`."""

    def __init__(self, document: e.Document, imports: "Mapping[str, Graph]") -> None:
        self.document = document
        self.namespace = document.namespace
        self.imports = imports
        names = document.names.union(*(graph.names for graph in imports.values()))
        self.names: frozenset[str] = names | context_names(document.texts, names)
        functions: set[str] = {one.variable for one in document.elements if isinstance(one, e.Knowledge | e.Service)}
        functions |= imports[""].texts.functions if "" in imports else frozenset()
        self.texts: Texts = Texts(self.names, frozenset(functions))
        prefixes = {prefix: graph.types for prefix, graph in imports.items()}
        self.types: ItemTypes = ItemTypes(document.items, prefixes, self.texts)
        self.texts.types = self.types.resolve
        self.texts.instances = self.types.resolve_shape
        self.texts.problems += document.faults
        self.texts.problems += self.types.faults(document.types)
        self.elements = {one.id: one for one in document.elements}
        self.declared = frozenset(one.variable for one in document.elements)
        self._logic: dict[str, tuple[Closure, Converter]] = {}
        self._required: dict[str, tuple[tuple[Graph, e.DrgElement], ...]] = {}
        self._free: dict[str, frozenset[str]] = {}
        self._roots: dict[str, tuple[str, ...]] = {}
        for one in document.elements:
            if isinstance(one, e.Decision | e.Knowledge):
                self._compile(one)
        self._check_references()

    def _compile(self, element: e.Decision | e.Knowledge) -> None:
        compiler = BoxCompiler(self.texts, self.types, element.id)
        logic = compiler.compile(element.logic)
        self._logic[element.id] = logic, self.types.converter(element.type_ref, element.id)
        self._free[element.id] = frozenset(compiler.free)
        self._roots[element.id] = tuple(sorted({name.partition(".")[0] for name in compiler.free}))

    # ---- references

    def find(self, reference: str) -> "tuple[Graph, e.DrgElement]":
        """The element of a reference, here or in an imported document. Raises DmnError."""
        namespace, _, identifier = reference.rpartition("#")
        for graph in self.reachable():
            if namespace in {"", graph.namespace} and identifier in graph.elements:
                return graph, graph.elements[identifier]
        raise DmnError(f"the document refers to `{reference}`, which is not there")

    def reachable(self) -> "list[Graph]":
        """This graph, then all imported ones."""
        result = [self]
        for graph in self.imports.values():
            result.extend(one for one in graph.reachable() if one not in result)
        return result

    def _check_references(self) -> None:
        """Report what is missing, and refuse decisions that require themselves."""
        done: set[tuple[str, str]] = set()
        for element in self.elements.values():
            self._visit(element, done, [])

    def _visit(self, element: e.DrgElement, done: set[tuple[str, str]], path: list[tuple[str, str]]) -> None:
        key = (self.namespace, element.id)
        if key in path and isinstance(element, e.Decision):
            raise DmnError(f"the decision `{element.id}` requires itself")
        if key in done or not isinstance(element, e.Decision):
            return
        for reference in element.requirements:
            try:
                graph, required = self.find(reference)
            except DmnError as error:
                self.texts.problems.append(f"{element.id}: {error}")
                continue
            graph._visit(required, done, [*path, key])
        self._check_use(element)
        done.add(key)

    def _check_use(self, element: e.Decision) -> None:
        """Report what a decision uses and does not require, though the document declares it."""
        required = {reference.rpartition("#")[2] for reference in element.requirements}
        seen = {one.variable for one in self.elements.values() if one.id in required}
        for name in sorted(self._free[element.id] & self.declared - seen):
            self.texts.problems.append(f"{element.id}: uses `{name}`, which it does not require")

    # ---- values

    def decision(self, element: e.Decision, run: Run) -> Value:
        """The value of a decision, computed once in a run."""
        key = (self.namespace, element.id)
        if key in run.memo:
            return run.memo[key]
        scope = self._scope(element, run)
        for name in self._roots[element.id]:
            if name not in scope:
                self._report_missing(element, scope)
                break
        if element.logic is None:
            report(f"{element.id}: has no logic")
        logic, convert = self._logic[element.id]
        value = run.memo[key] = convert(logic(scope))
        return value

    def _scope(self, element: e.Decision | e.Knowledge, run: Run) -> Mapping[str, Value]:
        """What an element may use: what it requires, and around that variables that the document does not declare."""
        inputs = run.inputs
        if not inputs.keys().isdisjoint(self.declared):
            inputs = Variables(inputs, self.declared)
        if not element.requirements:
            return inputs
        scope = Scope({}, inputs)
        for graph, required in self.required(element):
            self._put(scope, graph, required.variable, graph.value(required, run))
        return scope

    def required(self, element: e.Decision | e.Knowledge) -> "tuple[tuple[Graph, e.DrgElement], ...]":
        """What an element requires, with the graphs that hold it; what is not there is reported each time."""
        known = self._required.get(element.id)
        if known is not None:
            return known
        found = []
        for reference in element.requirements:
            try:
                found.append(self.find(reference))
            except DmnError as error:
                report(f"{element.id}: {error}")
        if len(found) == len(element.requirements):
            self._required[element.id] = tuple(found)
        return tuple(found)

    def value(self, element: e.DrgElement, run: Run) -> Value:
        """The value of any element; knowledge models and services are functions."""
        if isinstance(element, e.InputData):
            return self.input_value(element, run)
        if isinstance(element, e.Decision):
            return self.decision(element, run)
        if isinstance(element, e.Knowledge):
            return self.knowledge(element, run)
        return self.service(element)

    def _put(self, scope: dict[str, Value], graph: "Graph", name: str, value: Value) -> None:
        """What is imported under a prefix is reached through it."""
        if graph is not self:
            for prefix, imported in self.imports.items():
                if graph is imported and prefix:
                    inner = scope.get(prefix, {})
                    scope[prefix] = {**inner, name: value}
                    return
        scope[name] = value

    def _report_missing(self, element: e.Decision, scope: Mapping[str, Value]) -> None:
        """Names that nobody gave: null in the standard, an error here."""
        for name in self._roots[element.id]:
            if name in scope or (name not in self.declared and name in self.texts.functions):
                continue
            if name in self.declared:
                report(f"{element.id}: uses `{name}`, which it does not require")
            else:
                report(f"{element.id}: missing input `{name}`: {unknown_name(name)}")

    def input_value(self, element: e.InputData, run: Run) -> Value:
        """What the caller gave, in the declared type. ``namespace#name`` tells inputs of one name apart."""
        key = (self.namespace, element.id)
        if key in run.memo:
            return run.memo[key]
        qualified = f"{self.namespace}#{element.variable}"
        name = qualified if qualified in run.inputs else element.variable
        if name not in run.inputs:
            report(f"missing input `{element.variable}`")
            return None
        given = self.types.from_host(native(run.inputs[name]), element.type_ref)
        run.used[element.variable] = given
        run.memo[key] = self.types.coerce(given, element.type_ref, f"input `{element.variable}`")
        return run.memo[key]

    def knowledge(self, element: e.Knowledge, run: Run) -> Value:
        """The function of a knowledge model. It sees what it requires, itself included, when it is called."""
        if element.logic is None:
            return None
        logic = element.logic
        names = tuple(name for name, _ in logic.parameters)
        types = tuple(self.texts.type(reference, element.id) for _, reference in logic.parameters)

        misfit = misfits(element.id, names)

        def call(*arguments: Value) -> Value:
            if len(arguments) != len(names):
                misfit()
                return None
            key = (self.namespace, element.id)
            if key not in run.memo:
                scope = Scope({element.variable: function}, Variables(run.inputs, self.declared))
                run.memo[key] = self._logic[element.id][0](scope)
                scope.update(self._scope(element, run))
            return self._result(element, run.memo[key].call(*arguments))

        function = Function(parameters=names, call=call, types=types, misfit=misfit)
        return function

    def _result(self, element: e.Knowledge, value: Value) -> Value:
        """The declared type of a knowledge model is that of its result, or a function type that names it."""
        reference = element.type_ref
        found = self.types.find(reference) if reference else None
        if found is not None and found[1].function_result is not None:
            reference = found[1].function_result
        if not reference or reference == "function" or reference.startswith("function<"):
            return value
        return self.types.coerce(value, reference, element.id)

    def service(self, element: e.Service) -> Function:
        """The function of a decision service: input data first, then input decisions, in their order."""
        given = [self.find(reference) for reference in (*element.input_data, *element.input_decisions)]
        outputs = [self.find(reference) for reference in element.outputs]

        def call(*arguments: Value) -> Value:
            if len(arguments) != len(given):
                misfit()
                return None
            memo: dict[tuple[str, str], Value] = {}
            for (graph, one), argument in zip(given, arguments, strict=True):
                coerced = graph.types.coerce(argument, one.type_ref, f"{element.id}: {one.variable}")
                if coerced is None and argument is not None:
                    return None
                memo[graph.namespace, one.id] = coerced
            purse, outer = current(), current_run()
            purse.run = run = outer.inside_service(memo)
            try:
                results = {one.variable: graph.value(one, run) for graph, one in outputs}
            finally:
                purse.run = outer
            value = next(iter(results.values())) if len(outputs) == 1 else results
            return self.types.coerce(value, element.type_ref, element.id)

        names = tuple(one.variable for _, one in given)
        misfit = misfits(element.id, names)
        return Function(parameters=names, call=call, misfit=misfit)

    # ---- what a decision needs

    def required_names(self, element: e.DrgElement) -> frozenset[str]:
        """The variables that the caller should give, over the whole graph of requirements."""
        found: set[str] = set()
        self._require(element, found, set())
        return frozenset(found)

    def _require(self, element: e.DrgElement, found: set[str], seen: set[tuple[str, str]]) -> None:
        key = (self.namespace, element.id)
        if key in seen:
            return
        seen.add(key)
        if isinstance(element, e.InputData):
            found.add(element.variable)
        if not isinstance(element, e.Decision | e.Knowledge):
            return
        own: dict[str, Any] = {}
        for reference in element.requirements:
            try:
                graph, required = self.find(reference)
            except DmnError:
                continue
            self._put(own, graph, required.variable, {})
            graph._require(required, found, seen)
        known = own.keys() | self.texts.functions | self.declared
        found |= {name for name in self._free[element.id] if name not in known and name.partition(".")[0] not in known}
