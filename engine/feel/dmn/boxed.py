"""Boxed expressions to closures, all kinds but tables."""

from collections.abc import Callable
from typing import Any

from ..budget import current
from ..compile_calls import run_body
from ..compile_loops import PartialScope, as_list, item_at, item_scope, iteration
from ..compiler import Closure
from ..scope import Scope
from ..values import BOOLEAN, NUMBERS, Function, Value, kind
from . import elements as e
from .item_types import ItemTypes
from .run import misfits, report
from .tables import compile_table
from .texts import Texts


def _null(_: Any) -> None:
    return None


class BoxCompiler:
    """Compiles the logic of one element. free: the names that its texts read and do not define."""

    def __init__(self, texts: Texts, types: ItemTypes, owner: str) -> None:
        self.texts = texts
        self.types = types
        self.owner = owner
        self.free: set[str] = set()

    def compile(self, box: e.Boxed | None) -> Closure:
        """The closure of a boxed expression, with its declared type; of none, null."""
        if box is None:
            return _null
        closure = _RULES[box.__class__](self, box)
        if not box.type_ref or isinstance(box, e.FunctionDefinition):
            return closure
        convert = self.types.converter(box.type_ref, self.owner)
        return lambda scope: convert(closure(scope))

    def _within(self, names: set[str], box: e.Boxed | None) -> Closure:
        """Compile something that sees more names."""
        outer, self.free = self.free, set()
        closure = self.compile(box)
        self.free = outer | (self.free - names)
        return closure

    def literal(self, box: e.Literal) -> Closure:
        if not box.feel:
            self.texts.problems.append(f"{self.owner}: an expression language other than FEEL")
            return lambda _: report(f"{self.owner}: an expression language other than FEEL")
        if not box.text:
            return lambda _: report(f"{self.owner}: an expression is empty")
        compiled = self.texts.expression(box.text, self.owner)
        self.free |= compiled.names
        return compiled.closure

    def table(self, box: e.Table) -> Closure:
        closure, names = compile_table(box, self.texts, self.types, self.owner)
        self.free |= names
        return closure

    def context(self, box: e.Context) -> Closure:
        """Entries see those before them; an entry without a name is the result."""
        entries: list[tuple[e.ContextEntry, Closure]] = []
        known: set[str] = set()
        for entry in box.entries:
            itself = {entry.name} if isinstance(entry.value, e.FunctionDefinition) else set()
            entries.append((entry, self._within(known | itself, entry.value)))
            known.add(entry.name)

        def make(scope: Any) -> Value:
            current().allocate(200 + 100 * len(entries))
            inner = Scope({}, scope)
            for entry, closure in entries:
                value = self.types.coerce(closure(inner), entry.type_ref, f"{self.owner}: {entry.name or 'result'}")
                if not entry.name:
                    return value
                inner[entry.name] = value
            return dict(inner)

        return make

    def list(self, box: e.BoxedList) -> Closure:
        items = [self.compile(item) for item in box.items]
        return lambda scope: [item(scope) for item in items]

    def relation(self, box: e.Relation) -> Closure:
        rows = [[self.compile(cell) for cell in row] for row in box.rows]
        columns = box.columns
        return lambda scope: [{name: cell(scope) for name, cell in zip(columns, row, strict=False)} for row in rows]

    def invocation(self, box: e.Invocation) -> Closure:
        function = self.compile(box.function)
        bindings = [(name, self.compile(value)) for name, value in box.bindings]

        def call(scope: Any) -> Value:
            target = function(scope)
            if not isinstance(target, Function):
                report(f"{self.owner}: what is invoked is not a function")
                return None
            arguments = {name: value(scope) for name, value in bindings}
            if len(arguments) < len(bindings):
                report(f"{self.owner}: an invocation binds a parameter twice")
                return None
            if target.__class__ is Function and set(arguments) < set(target.parameters):
                arguments = {name: arguments.get(name) for name in target.parameters}
            return target.call_named(arguments)

        return call

    def function(self, box: e.FunctionDefinition) -> Closure:
        names = tuple(name for name, _ in box.parameters)
        types = tuple(self.texts.type(reference, self.owner) for _, reference in box.parameters)
        if box.external:
            self.texts.problems.append(f"{self.owner}: external functions are refused: no foreign code is run")
            return lambda _: Function(parameters=names, call=self._external, types=types)
        body = self._within(set(names), box.body)
        misfit = misfits(self.owner, names)

        def make(scope: Any) -> Function:
            def call(*arguments: Value) -> Value:
                if len(arguments) != len(names):
                    misfit()
                    return None
                bound: dict[str, Value] = {}
                for (name, reference), given in zip(box.parameters, arguments, strict=True):
                    bound[name] = self.types.coerce(given, reference, f"{self.owner}: parameter {name}")
                    if bound[name] is None and given is not None:
                        return None
                return run_body(body, Scope(bound, scope))

            return Function(parameters=names, call=call, types=types, misfit=misfit)

        return make

    def _external(self, *_: Value) -> None:
        report(f"{self.owner}: external functions are refused: no foreign code is run")

    def conditional(self, box: e.Conditional) -> Closure:
        condition, then, otherwise = self.compile(box.condition), self.compile(box.then), self.compile(box.otherwise)

        def choose(scope: Any) -> Value:
            value = condition(scope)
            if value is not None and value.__class__ is not bool:
                return None
            return then(scope) if value is True else otherwise(scope)

        return choose

    def filter(self, box: e.BoxedFilter) -> Closure:
        source = self.compile(box.source)
        outer, self.free = self.free, set()
        match = self.compile(box.match)
        self.free = outer  # names inside may be entries of the items

        def choose(scope: Any) -> Value:
            value = source(scope)
            if value is None or box.match is None:
                return None
            items = as_list(value)
            current().tick(len(items) + 1)
            probe = match(item_scope(items[0], scope) if items else scope)
            if probe.__class__ in NUMBERS:
                return item_at(items, match(scope))
            results = [match(item_scope(item, scope)) for item in items]
            if any(result is not None and kind(result) is not BOOLEAN for result in results):
                return None
            return [item for item, result in zip(items, results, strict=True) if result is True]

        return choose

    def loop(self, box: e.BoxedFor) -> Closure:
        source, body = self.compile(box.source), self._within({box.variable, "partial"}, box.body)

        def run(scope: Any) -> list[Value] | None:
            values = iteration(source(scope))
            if values is None:
                return None
            result: list[Value] = []
            for value in values:
                current().tick()
                result.append(body(PartialScope(result, {box.variable: value}, scope)))
            current().made_list(len(result))
            return result

        return run

    def quantified(self, box: e.BoxedQuantified) -> Closure:
        source, body = self.compile(box.source), self._within({box.variable}, box.body)
        decisive = not box.every

        def run(scope: Any) -> bool | None:
            values = iteration(source(scope))
            if values is None:
                return None
            results = []
            for value in values:
                current().tick()
                results.append(body(Scope({box.variable: value}, scope)))
            if any(result is not None and result.__class__ is not bool for result in results):
                return None
            if decisive in results:
                return decisive
            return None if None in results else not decisive

        return run


_RULES: dict[type[e.Boxed], Callable[[BoxCompiler, Any], Closure]] = {
    e.Literal: BoxCompiler.literal,
    e.Table: BoxCompiler.table,
    e.Context: BoxCompiler.context,
    e.BoxedList: BoxCompiler.list,
    e.Relation: BoxCompiler.relation,
    e.Invocation: BoxCompiler.invocation,
    e.FunctionDefinition: BoxCompiler.function,
    e.Conditional: BoxCompiler.conditional,
    e.BoxedFilter: BoxCompiler.filter,
    e.BoxedFor: BoxCompiler.loop,
    e.BoxedQuantified: BoxCompiler.quantified,
}
