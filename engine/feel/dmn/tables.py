"""Decision tables: all hit policies with all aggregators.

A conflict is no silent null: UNIQUE and ANY name the rules that contradict each other, an input outside of its
allowed values is named with its value. The value is null then, as the standard has it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..budget import current
from ..builtins import BUILTINS
from ..compile_tests import TestClosure
from ..compiler import Closure
from ..text import literal_text
from ..values import Value, is_equal, native
from . import elements as e
from .item_types import ItemTypes
from .run import TableHit, current_run, report
from .texts import Texts

_AGGREGATORS: dict[str, str] = {"SUM": "sum", "MIN": "min", "MAX": "max"}
POLICIES = frozenset(["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"])
_UNTESTED = frozenset(["", "-"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    text: str
    value: Closure
    type_ref: str
    allowed: TestClosure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Output:
    name: str
    type_ref: str
    order: tuple[Closure, ...]
    allowed: TestClosure | None
    default: Closure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """tests: only those that test something, with the place of their input."""

    number: int
    tests: tuple[tuple[int, TestClosure], ...]
    outputs: tuple[Closure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    number: int
    values: list[Value]


def compile_table(table: e.Table, texts: Texts, types: ItemTypes, owner: str) -> tuple[Closure, frozenset[str]]:
    """The closure of a table and the names its inputs read."""
    if table.hit_policy not in POLICIES:
        texts.problems.append(f"{owner}: the hit policy `{table.hit_policy}` does not exist")
    if table.aggregation and len(table.outputs) > 1:
        texts.problems.append(f"{owner}: an aggregation needs exactly one output")
    free: frozenset[str] = frozenset()
    inputs = []
    for one in table.inputs:
        value, names = texts.expression(one.text, owner)
        free |= names
        allowed = texts.tests(one.allowed, owner) if one.allowed else None
        inputs.append(_Input(text=one.text, value=value, type_ref=one.type_ref, allowed=allowed))
    outputs = [
        _Output(
            name=one.name,
            type_ref=one.type_ref,
            order=texts.values(one.allowed, owner) if one.allowed else (),
            allowed=texts.tests(one.allowed, owner) if one.allowed else None,
            default=texts.expression(one.default, owner)[0] if one.default else None,
        )
        for one in table.outputs
    ]
    rules = [_rule(rule, number, texts, owner) for number, rule in enumerate(table.rules, 1)]
    compiled = _Table(owner=owner, table=table, inputs=inputs, outputs=outputs, rules=rules, types=types)
    return compiled.evaluate, free


def _rule(rule: e.Rule, number: int, texts: Texts, owner: str) -> _Rule:
    place = f"{owner}, rule {number}"
    return _Rule(
        number=number,
        tests=tuple(
            (column, texts.tests(text, place)) for column, text in enumerate(rule.tests) if text not in _UNTESTED
        ),
        outputs=tuple(texts.expression(text, place)[0] for text in rule.outputs),
    )


class _Table:
    """A compiled table; immutable after it is made."""

    def __init__(
        self,
        *,
        owner: str,
        table: e.Table,
        inputs: list[_Input],
        outputs: list[_Output],
        rules: list[_Rule],
        types: ItemTypes,
    ) -> None:
        self.owner = owner
        self.inputs = inputs
        self.outputs = outputs
        self.rules = rules
        self.types = types
        self.policy = table.hit_policy
        self.aggregation = table.aggregation
        self.first_only = table.hit_policy == "FIRST"
        self.single = len(outputs) == 1

    def evaluate(self, scope: Any) -> Value:
        values = self._input_values(scope)
        if values is None:
            return None
        rules = self._matching(values, scope)
        shown = {one.text: value for one, value in zip(self.inputs, values, strict=True)}
        current_run().tables.append(
            TableHit(owner=self.owner, rules=tuple(rule.number for rule in rules), inputs=shown)
        )
        if not rules:
            return self._nothing_matched(scope)
        return _POLICIES.get(self.policy, _Table._first)(self, rules, scope)

    def _input_values(self, scope: Any) -> list[Value] | None:
        """The values of the inputs, or None when one is outside of its allowed values."""
        values = []
        for one in self.inputs:
            value = native_value(one.value(scope))
            if one.type_ref:
                value = self.types.coerce(value, one.type_ref, f"{self.owner}: input `{one.text}`")
            if one.allowed is not None and value is not None and one.allowed(value, scope) is not True:
                report(f"{self.owner}: input `{one.text}` is outside of its allowed values: {literal_text(value)}")
                return None
            values.append(value)
        return values

    def _matching(self, values: list[Value], scope: Any) -> list[_Rule]:
        current().tick(len(self.rules))
        result = []
        for rule in self.rules:
            for column, test in rule.tests:
                if test(values[column], scope) is not True:
                    break
            else:
                result.append(rule)
                if self.first_only:
                    break
        return result

    def _nothing_matched(self, scope: Any) -> Value:
        if any(one.default is not None for one in self.outputs):
            return self._wrap([None if one.default is None else one.default(scope) for one in self.outputs])
        return 0 if self.policy == "COLLECT" and self.aggregation == "COUNT" else None

    def _hit(self, rule: _Rule, scope: Any) -> _Hit:
        values = []
        for closure, one in zip(rule.outputs, self.outputs, strict=False):
            value = self.types.coerce(closure(scope), one.type_ref, f"{self.owner}, rule {rule.number}")
            if one.allowed is not None and value is not None and one.allowed(value, scope) is not True:
                shown = literal_text(value)
                report(f"{self.owner}, rule {rule.number}: the output is outside of its allowed values: {shown}")
            values.append(value)
        return _Hit(number=rule.number, values=values)

    def _hits(self, rules: list[_Rule], scope: Any) -> list[_Hit]:
        return [self._hit(rule, scope) for rule in rules]

    def _wrap(self, values: list[Value]) -> Value:
        """One output is the value itself, several are a context."""
        if self.single:
            return values[0] if values else None
        return {one.name: value for one, value in zip(self.outputs, values, strict=False)}

    # ---- policies

    def _first(self, rules: list[_Rule], scope: Any) -> Value:
        return self._wrap(self._hit(rules[0], scope).values)

    def _unique(self, rules: list[_Rule], scope: Any) -> Value:
        if len(rules) > 1:
            self._conflict([rule.number for rule in rules], "all match, but the hit policy is UNIQUE")
            return None
        return self._first(rules, scope)

    def _any(self, rules: list[_Rule], scope: Any) -> Value:
        hits = self._hits(rules, scope)
        different = [hit.number for hit in hits[1:] if not is_equal(hit.values, hits[0].values)]
        if different:
            self._conflict([hits[0].number, *different], "have different outputs, but the hit policy is ANY")
            return None
        return self._wrap(hits[0].values)

    def _conflict(self, numbers: list[int], reason: str) -> None:
        report(f"{self.owner}: the rules {', '.join(str(number) for number in numbers)} {reason}")

    def _priority(self, rules: list[_Rule], scope: Any) -> Value:
        return self._wrap(self._ordered(rules, scope)[0].values)

    def _output_order(self, rules: list[_Rule], scope: Any) -> Value:
        return [self._wrap(hit.values) for hit in self._ordered(rules, scope)]

    def _ordered(self, rules: list[_Rule], scope: Any) -> list[_Hit]:
        """The hits by the order of the allowed values of their outputs, first output first."""
        orders = [[value(scope) for value in one.order] for one in self.outputs]

        def rank(hit: _Hit) -> list[int]:
            return [
                next((place for place, wanted in enumerate(order) if is_equal(value, wanted)), len(order))
                for value, order in zip(hit.values, orders, strict=False)
            ]

        return sorted(self._hits(rules, scope), key=rank)

    def _rule_order(self, rules: list[_Rule], scope: Any) -> Value:
        return [self._wrap(hit.values) for hit in self._hits(rules, scope)]

    def _collect(self, rules: list[_Rule], scope: Any) -> Value:
        values = self._rule_order(rules, scope)
        if self.aggregation == "COUNT":
            return len(values)
        aggregator = _AGGREGATORS.get(self.aggregation)
        return values if aggregator is None else BUILTINS[aggregator].call(values)


def native_value(value: Value) -> Value:
    """Inputs may come from the host as they are."""
    return value if value is None else native(value)


_POLICIES: Mapping[str, Callable[[_Table, list[_Rule], Any], Value]] = {
    "UNIQUE": _Table._unique,
    "FIRST": _Table._first,
    "ANY": _Table._any,
    "PRIORITY": _Table._priority,
    "OUTPUT ORDER": _Table._output_order,
    "RULE ORDER": _Table._rule_order,
    "COLLECT": _Table._collect,
}
