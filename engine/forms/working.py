"""One submission being judged: the components of each scope laid beside what was sent and what is stored.

The passes follow form-js viewer 2.0 (`ConditionChecker.applyConditions`, `useFilteredFormData`, `FormField`):
conditions are first asked against the raw data, the hidden values taken out (then the case's own value shows
through, at the root), and asked once more against what is left; that second answer decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.feel import Expression, FeelError, to_text, tree
from engine.forms.components import Component, ComponentType, Setting
from engine.forms.values import equal
from engine.model.definitions import FieldAccess
from engine.model.errors import Detail

MISSING = object()
"""No value was sent, or none is stored."""


@dataclass(slots=True, eq=False)
class Entry:
    """One component in one scope.

    value: what the browser would hold. sent, stored: may be MISSING. rows: of a list. faults: values of a wrong type,
    reported when the field turns out to be visible.
    """

    component: Component
    place: str
    access: FieldAccess
    sent: object
    stored: object
    value: object
    rows: list["Scope"] = field(default_factory=list)
    faults: list[Detail] = field(default_factory=list)

    @property
    def is_list(self) -> bool:
        return self.component.type is ComponentType.DYNAMICLIST

    @property
    def computed(self) -> bool:
        """An expression that this node may write: recomputed here, whatever was sent."""
        return self.component.type is ComponentType.EXPRESSION and self.access is FieldAccess.WRITE


@dataclass(slots=True, eq=False)
class Scope:
    """The root of the form or one row of a list. base: what is stored there, unknown names included."""

    base: Mapping[str, object]
    entries: list[Entry] = field(default_factory=list)

    def snapshot(self, hidden: frozenset[Entry] = frozenset()) -> dict[str, object]:
        """The data of this scope without the hidden values."""
        result = dict(self.base)
        for entry in self.entries:
            if entry in hidden:
                remove(result, entry.component.segments)
            elif entry.is_list:
                put(result, entry.component.segments, [row.snapshot(hidden) for row in entry.rows])
            else:
                put(result, entry.component.segments, entry.value)
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What FEEL sees in one scope: all data at the root, and ``this``, ``parent``, ``i`` (1-based) in a row."""

    data: Mapping[str, object]
    this: object
    parent: object = None
    indexes: tuple[int, ...] = ()

    def context(self) -> dict[str, object]:
        special = {"this": self.this, "parent": self.parent, "i": list(self.indexes)}
        return {**special, **self.data, **{f"_{name}_": value for name, value in special.items()}}

    def row(self, this: object, index: int) -> "Surroundings":
        return Surroundings(data=self.data, this=this, parent=self.this, indexes=(*self.indexes, index + 1))


@dataclass(slots=True)
class Working:
    """The root scope, the data that the browser starts from, and the clock."""

    root: Scope
    initial: Mapping[str, object]
    now: datetime

    def settle(self) -> tuple[frozenset[Entry], Surroundings]:
        """Compute the expression fields until they agree; say which entries are hidden, and in which data."""
        for _ in range(_count_expressions(self.root) + 1):
            data = self._filtered()
            around = Surroundings(data=data, this=data)
            if not self._recompute(self.root, around):
                break
        data = self._filtered()
        around = Surroundings(data=data, this=data)
        return self._hidden(around), around

    def evaluate(self, setting: Setting, context: Mapping[str, object]) -> object:
        """A literal as it is, FEEL evaluated. Raises FeelError."""
        return setting(context, now=self.now) if isinstance(setting, Expression) else setting

    def holds(self, condition: Expression, context: Mapping[str, object]) -> bool:
        """Whether a ``hide`` or ``readonly`` condition holds. Raises FeelError.

        The viewer runs it as a unary test of nothing (`evaluateUnaryTest`), so **null holds**: ``=income > 1000`` hides
        while income is empty. A negation of null does not, nor does ``in``, which gives the viewer false, not null.
        """
        value = condition(context, now=self.now)
        return value is True or (value is None and not _false_of_null(condition))

    def _filtered(self) -> dict[str, object]:
        raw = self.root.snapshot()
        hidden = self._hidden(Surroundings(data=raw, this=raw))
        return {**self.initial, **self.root.snapshot(hidden)}

    def _hidden(self, around: Surroundings) -> frozenset[Entry]:
        found: set[Entry] = set()
        for scope, here in walk(self.root, around):
            context: dict[str, object] | None = None
            for entry in scope.entries:
                if entry.component.hides:
                    context = context or here.context()
                    if any(self._hides(condition, context) for condition in entry.component.hides):
                        found.add(entry)
                        found.update(_inside(entry))
        return frozenset(found)

    def _hides(self, condition: Expression, context: Mapping[str, object]) -> bool:
        try:
            return self.holds(condition, context)
        except FeelError:
            return False  # as the viewer: what cannot be evaluated is shown

    def _recompute(self, root: Scope, around: Surroundings) -> bool:
        changed = False
        for scope, here in walk(root, around):
            context: dict[str, object] | None = None
            for entry in scope.entries:
                if entry.computed and entry.component.expression is not None:
                    context = context or here.context()
                    value = self._computed(entry.component.expression, context)
                    changed = changed or not equal(value, entry.value)
                    entry.value = value
        return changed

    def _computed(self, expression: Expression, context: Mapping[str, object]) -> object:
        try:
            return storable(expression(context, now=self.now))
        except FeelError:
            return None


def _false_of_null(condition: Expression) -> bool:
    node = condition.tree
    negation = isinstance(node, tree.Call) and node.function == tree.Name(name="not")
    return isinstance(node, tree.In) or (negation and condition.text.lstrip().startswith("not"))


def walk(scope: Scope, around: Surroundings) -> Iterator[tuple[Scope, Surroundings]]:
    """The scope and the scopes of all its rows, each with what FEEL sees there."""
    yield scope, around
    for entry in scope.entries:
        if entry.is_list:
            rows = get(around.this, entry.component.segments)
            seen: Sequence[object] = rows if isinstance(rows, list) else ()
            for index, row in enumerate(entry.rows):
                this = seen[index] if index < len(seen) else None
                yield from walk(row, around.row(this, index))


def get(data: object, segments: Sequence[str]) -> object:
    """The value at a path, MISSING when there is none."""
    for segment in segments:
        if not isinstance(data, Mapping) or segment not in data:
            return MISSING
        data = data[segment]
    return data


def put(target: dict[str, object], segments: Sequence[str], value: object) -> None:
    """Set the value at a path; mappings on the way are copied, not changed."""
    *way, last = segments
    for segment in way:
        inner = target.get(segment)
        copy: dict[str, object] = dict(inner) if isinstance(inner, Mapping) else {}
        target[segment] = copy
        target = copy
    target[last] = value


def remove(target: dict[str, Any], segments: Sequence[str]) -> None:
    """Take the value at a path away; mappings on the way are copied, not changed."""
    if get(target, segments) is MISSING:
        return
    *way, last = segments
    for segment in way:
        copy = dict(target[segment])
        target[segment] = copy
        target = copy
    del target[last]


def storable(value: object) -> object:
    """A FEEL value as a form keeps it: times and durations as their text."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    if isinstance(value, int | Decimal):
        whole = isinstance(value, int) or (value.adjusted() < 40 and value == value.to_integral_value())
        return int(value) if whole else value  # FEEL's own precision, 34 digits, is kept
    return to_text(value)


def _inside(entry: Entry) -> Iterator[Entry]:
    """All entries in the rows of a list, however deep."""
    for row in entry.rows:
        for inner in row.entries:
            yield inner
            yield from _inside(inner)


def _count_expressions(scope: Scope) -> int:
    return sum(entry.computed + sum(_count_expressions(row) for row in entry.rows[:1]) for entry in scope.entries)
