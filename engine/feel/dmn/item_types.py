"""Item definitions as membership tests, and the conversion of values to a declared type."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import assert_never

from .. import tree
from ..builtins import BUILTINS
from ..compile_tests import TestClosure
from ..scope import Scope
from ..text import literal_text
from ..types import KIND_NAMES, conform, is_instance
from ..values import CLASSES, CONTEXT_KIND, FUNCTION, LIST, NATIVE, NULL, Function, Value, kind, native
from .elements import ItemDefinition
from .run import report
from .texts import Texts

Member = Callable[[Value], bool]
Converter = Callable[[Value], Value]
_TEXT_TYPES = {
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "dateTime": "date and time",
    "days and time duration": "duration",
    "dayTimeDuration": "duration",
    "years and months duration": "duration",
    "yearMonthDuration": "duration",
}
"""Types whose values JSON has to carry as text, and the function that reads them."""


_BUILT_IN = frozenset([*KIND_NAMES, "Any", "any", "Null", "null", "context", "list", "range", "function"])


class ItemTypes:
    """The types of one document; `imports` are those of imported ones by their prefix."""

    def __init__(self, items: tuple[ItemDefinition, ...], imports: "Mapping[str, ItemTypes]", texts: Texts) -> None:
        self.items = {item.name: item for item in items}
        self.counts = Counter(item.name for item in items)
        self.imports = imports
        self.texts = texts
        self._members: dict[tuple[str, bool], Member] = {}

    def faults(self, references: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Types that are defined twice or by each other, and references to types that are not there."""
        for name, count in self.counts.items():
            if count > 1:
                yield f"type {name}: is defined {count} times"
        for name in self.items:
            if self._alias_of_itself(name):
                yield f"type {name}: is defined by itself"
        for owner, reference in references:
            wanted = self.texts.type(reference, owner)
            for unknown in sorted(one for one in _named(wanted) if self.find(one) is None and one not in _BUILT_IN):
                yield f"{owner}: there is no type `{unknown}`"

    def _alias_of_itself(self, name: str) -> bool:
        seen: set[str] = set()
        while (item := self.items.get(name)) is not None and not item.components:
            if name in seen:
                return True
            seen.add(name)
            name = item.type_ref.rpartition(":")[2]
        return False

    def find(self, name: str) -> "tuple[ItemTypes, ItemDefinition] | None":
        """The definition of a name and the document it stands in."""
        item = self.items.get(name)
        if item is not None:
            return self, item
        prefix, _, rest = name.partition(".")
        if rest and prefix in self.imports:
            return self.imports[prefix].find(rest)
        return self.imports[""].find(name) if "" in self.imports else None

    def resolve(self, name: str) -> Member | None:
        """The test of a type with all its constraints."""
        return self._resolve(name, constrained=True)

    def resolve_shape(self, name: str) -> Member | None:
        """The test of a type without constraints: what `instance of` asks."""
        return self._resolve(name, constrained=False)

    def _resolve(self, name: str, *, constrained: bool) -> Member | None:
        found = self.find(name)
        if found is None:
            return None
        owner, item = found
        key = (item.name, constrained)
        if key not in owner._members:
            owner._members[key] = owner._member(item, constrained=constrained)
        return owner._members[key]

    def _member(self, item: ItemDefinition, *, constrained: bool) -> Member:
        single = self._single(item, constrained=constrained)
        each, whole = self._constraints(item) if constrained else ((), ())

        def member(value: Value) -> bool:
            if value is None:
                return False
            items = native(value) if item.collection else [value]
            if kind(items) is not LIST or not all(one is None or single(one) for one in items):
                return False
            scope = Scope({}, {})
            return all(test(one, scope) is True for test in each for one in items) and all(
                test(value, scope) is True for test in whole
            )

        return member

    def _constraints(self, item: ItemDefinition) -> tuple[tuple[TestClosure, ...], tuple[TestClosure, ...]]:
        """Tests of each item, and of the whole: `typeConstraint` is about the list, `allowedValues` about items."""
        owner = f"type {item.name}"
        allowed = (self.texts.tests(item.allowed, owner),) if item.allowed else ()
        constraint = (self.texts.tests(item.constraint, owner),) if item.constraint else ()
        return allowed, constraint

    def _single(self, item: ItemDefinition, *, constrained: bool) -> Member:
        """The test of one value, whether or not the type is a collection of them."""
        if item.components:
            parts = [(one.name, self._member(one, constrained=constrained)) for one in item.components]
            return lambda value: _has_parts(value, parts)
        if item.function_result is not None:
            return lambda value: kind(value) is FUNCTION
        base = self.texts.type(item.type_ref, f"type {item.name}")
        if base is None:
            return lambda _: True
        resolve = self.resolve if constrained else self.resolve_shape
        return lambda value: bool(is_instance(value, base, resolve))

    def converter(self, reference: str, what: str) -> Converter:
        """`coerce` for one type and place, quick for values that are of the type already."""
        if not reference:
            return _as_it_is
        classes = self.classes(reference)

        def convert(value: Value) -> Value:
            return value if value.__class__ in classes else self.coerce(value, reference, what)

        return convert

    def classes(self, reference: str) -> frozenset[type]:
        """The classes of which every value is of the type; for a type with a definition none but that of null."""
        if not reference:
            return NATIVE
        if self.find(reference) is None and reference in KIND_NAMES:
            return CLASSES[KIND_NAMES[reference]] | CLASSES[NULL]
        return CLASSES[NULL]

    def coerce(self, value: Value, reference: str, what: str) -> Value:
        """The value as the type wants it; null and a reported error when it cannot be."""
        if value is None or not reference:
            return value
        wanted = self.texts.type(reference, what)
        if wanted is None or wanted == tree.TypeName(name="Any"):
            return value
        if isinstance(wanted, tree.TypeName):
            found = self.find(wanted.name)
            if found is None and wanted.name not in KIND_NAMES:
                return value
            if found is not None:
                value = self._prepare(value, found)
        result = conform(value, wanted, self.resolve)
        if result is None and value is not None:
            report(f"{what}: {_shorten(value)} does not fit the type `{reference}`")
        return result

    def _prepare(self, value: Value, found: "tuple[ItemTypes, ItemDefinition]") -> Value:
        """One item for a collection becomes a list; a date for an alias of date and time becomes one."""
        owner, item = found
        if item.collection:
            return value if kind(value) is LIST else [value]
        alias = owner.texts.type(item.type_ref, f"type {item.name}") if item.type_ref else None
        if alias is not None and is_instance(value, alias, owner.resolve) is False and alias in _CONVERTIBLE:
            converted = conform(value, alias, owner.resolve)
            return value if converted is None else converted
        return value

    def from_host(self, value: Value, reference: str) -> Value:
        """Dates, times and durations that came as text, read where the type says what they are."""
        if value.__class__ is not str or not reference:
            return value
        name = reference.rpartition(":")[2]
        for _ in range(10):
            found = self.find(name)
            if found is None:
                break
            name = found[1].type_ref.rpartition(":")[2]
        function = _TEXT_TYPES.get(name)
        if function is None:
            return value
        read = BUILTINS[function].call(value)
        return value if read is None else read


def _named(wanted: tree.Type | None) -> set[str]:
    """The names of types in a type."""
    match wanted:
        case None:
            return set()
        case tree.TypeName(name=name):
            return {name}
        case tree.ListType(item=item) | tree.RangeType(item=item):
            return _named(item)
        case tree.ContextType(entries=entries):
            return set().union(*(_named(inner) for _, inner in entries))
        case tree.FunctionType(parameters=parameters, result=result):
            return set().union(_named(result), *(_named(inner) for inner in parameters))
        case _:
            assert_never(wanted)


def _as_it_is(value: Value) -> Value:
    return value


_CONVERTIBLE = (tree.TypeName(name="date and time"), tree.TypeName(name="dateTime"))


def _has_parts(value: Value, parts: list[tuple[str, Member]]) -> bool:
    if kind(value) is not CONTEXT_KIND:
        return False
    return all(name in value and (value[name] is None or member(value[name])) for name, member in parts)


def _shorten(value: Value) -> str:
    text = "a function" if isinstance(value, Function) else literal_text(value)
    return text if len(text) <= 60 else text[:57] + "..."
