"""Decision tables: all hit policies with all aggregators.

A conflict is no silent null: UNIQUE and ANY name the rules that contradict each other, an input outside of its
allowed values is named with its value. The value is null then, as the standard has it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import contains
from typing import Any, TypeAlias

from ..budget import current
from ..builtins import BUILTINS
from ..compile_tests import TestClosure
from ..compiler import Closure
from ..text import literal_text
from ..values import Value, is_equal
from . import elements as e
from .columns import Literals, Lookup, index
from .item_types import Converter, ItemTypes
from .run import TableHit, current_run, report
from .texts import Compiled, Texts

_AGGREGATORS: dict[str, str] = {"SUM": "sum", "MIN": "min", "MAX": "max"}
POLICIES = frozenset(["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"])
AGGREGATIONS = frozenset(["", "COUNT", *_AGGREGATORS])
_UNTESTED = frozenset(["", "-"])


_Input: TypeAlias = tuple[Closure, Converter, TestClosure | None, str]
"""Value, conversion to the declared type, test of the allowed values, text."""


_Plain: TypeAlias = tuple[tuple[str, ...], tuple[frozenset[type], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Output:
    name: str
    convert: Callable[[Value, int], Value]
    order: tuple[Closure, ...]
    allowed: TestClosure | None
    default: Closure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """tests: with the place of their input; only those that test something and are in no index.

    constant: the values of the outputs when all are literals that fit their columns. context: these by their names,
    where a table has several; to be copied.
    """

    number: int
    tests: tuple[tuple[int, TestClosure], ...]
    outputs: tuple[Closure, ...]
    constant: tuple[Value, ...] | None
    context: dict[str, Value] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    number: int
    values: tuple[Value, ...]


_Matches: TypeAlias = tuple[tuple[int, ...], tuple[_Rule, ...]]
MAX_KNOWN = 4096
"""Sets of rules that a table keeps ready, by the bits that its indexes gave."""


def compile_table(table: e.Table, texts: Texts, types: ItemTypes, owner: str) -> tuple[Closure, frozenset[str]]:
    """The closure of a table and the names its inputs read."""
    if table.hit_policy not in POLICIES:
        texts.problems.append(f"{owner}: the hit policy `{table.hit_policy}` does not exist")
    if table.hit_policy in {"PRIORITY", "OUTPUT ORDER"} and not any(one.allowed for one in table.outputs):
        texts.problems.append(f"{owner}: the hit policy {table.hit_policy} needs output values: they are its order")
    if table.aggregation not in AGGREGATIONS:
        texts.problems.append(f"{owner}: the aggregation `{table.aggregation}` does not exist")
    elif table.aggregation and table.hit_policy != "COLLECT":
        texts.problems.append(f"{owner}: an aggregation goes with the hit policy COLLECT, not with {table.hit_policy}")
    if table.aggregation and len(table.outputs) > 1:
        texts.problems.append(f"{owner}: an aggregation needs exactly one output")
    free: frozenset[str] = frozenset()
    inputs: list[_Input] = []
    for one in table.inputs:
        compiled = texts.expression(one.text, owner)
        free |= compiled.names
        allowed = texts.tests(one.allowed, owner) if one.allowed else None
        convert = types.converter(one.type_ref, f"{owner}: input `{one.text}`")
        inputs.append((compiled.closure, convert, allowed, one.text))
    outputs = tuple(_output(one, texts, types, owner) for one in table.outputs)
    rules, lookups = _rules(table, outputs, texts, owner)
    compiled_table = _Table(
        owner=owner,
        table=table,
        inputs=tuple(inputs),
        outputs=outputs,
        rules=rules,
        lookups=lookups,
        plain=_plain(table, texts, types),
    )
    return compiled_table.evaluate, free


def _plain(table: e.Table, texts: Texts, types: ItemTypes) -> _Plain | None:
    """Names and classes of the inputs when all are variables without allowed values: the commonest table."""
    names = [texts.variable(one.text) for one in table.inputs]
    if None in names or any(one.allowed for one in table.inputs):
        return None
    return tuple(filter(None, names)), tuple(types.classes(one.type_ref) for one in table.inputs)


def _output(one: e.TableOutput, texts: Texts, types: ItemTypes, owner: str) -> _Output:
    reference = one.type_ref
    texts.type(reference, owner)  # a problem of the type is told once, of the table

    def convert(value: Value, rule: int) -> Value:
        return types.coerce(value, reference, f"{owner}, rule {rule}") if reference else value

    return _Output(
        name=one.name,
        convert=convert,
        order=texts.values(one.allowed, owner) if one.allowed else (),
        allowed=texts.tests(one.allowed, owner) if one.allowed else None,
        default=texts.expression(one.default, owner).closure if one.default else None,
    )


def _rules(
    table: e.Table, outputs: tuple[_Output, ...], texts: Texts, owner: str
) -> tuple[list[_Rule], list[tuple[int, Lookup]]]:
    """The rules with the tests that must be made, and the lookups of the columns that have an index."""
    rules: list[_Rule] = []
    indexed: dict[int, dict[int, tuple[TestClosure, Literals]]] = {}
    for place, rule in enumerate(table.rules):
        name = f"{owner}, rule {place + 1}"
        _check_shape(table, rule, texts, name)
        tests: list[tuple[int, TestClosure]] = []
        for column, text in enumerate(rule.tests[: len(table.inputs)]):
            if text in _UNTESTED:
                continue
            test, literals = texts.cell(text, name)
            if literals is None:
                tests.append((column, test))
            else:
                indexed.setdefault(column, {})[place] = test, literals
        values = [texts.expression(text, name) for text in rule.outputs[: len(outputs)]]
        rules.append(
            _Rule(
                number=place + 1,
                tests=tuple(tests),
                outputs=tuple(one.closure for one in values),
                constant=(constant := _constant(values, outputs)),
                context=None if constant is None or len(outputs) == 1 else _context(outputs, constant),
            )
        )
    lookups = []
    for column, cells in sorted(indexed.items()):
        untested = sum(1 << place for place in range(len(rules)) if place not in cells)
        lookups.append((column, index(cells, untested)))
    return rules, lookups


def _check_shape(table: e.Table, rule: e.Rule, texts: Texts, name: str) -> None:
    for what, found, wanted in (
        ("input entries", len(rule.tests), len(table.inputs)),
        ("output entries", len(rule.outputs), len(table.outputs)),
    ):
        if found != wanted:
            texts.problems.append(f"{name}: {found} {what}, but the table has {wanted} columns for them")


def _constant(values: list[Compiled], outputs: tuple[_Output, ...]) -> tuple[Value, ...] | None:
    """The literals of a rule, when nothing has to be said about them: converted and tested where they stand."""
    found = []
    for one, output in zip(values, outputs, strict=False):
        if one.constant is None or (value := one.constant[0]) is None:
            return None
        converted = output.convert(value, 0)
        if converted is not value or (output.allowed is not None and output.allowed(value, {}) is not True):
            return None
        found.append(value)
    return tuple(found)


def _context(outputs: tuple[_Output, ...], values: tuple[Value, ...]) -> dict[str, Value]:
    return {one.name: value for one, value in zip(outputs, values, strict=False)}


class _Table:
    """A compiled table. After it is made only `known` grows, and whoever adds to it adds the same."""

    def __init__(
        self,
        *,
        owner: str,
        table: e.Table,
        inputs: tuple[_Input, ...],
        outputs: tuple[_Output, ...],
        rules: list[_Rule],
        lookups: list[tuple[int, Lookup]],
        plain: _Plain | None,
    ) -> None:
        self.owner = owner
        self.inputs = inputs
        self.texts = tuple(text for *_, text in inputs)
        self.outputs = outputs
        self.rules = rules
        self.lookups = lookups
        self.all_rules = (1 << len(rules)) - 1
        self.aggregation = table.aggregation
        self.first_only = table.hit_policy == "FIRST"
        known = table.hit_policy in _POLICIES
        known = known and (table.hit_policy != "COLLECT" or table.aggregation in AGGREGATIONS)
        self.policy = _POLICIES[table.hit_policy] if known else _Table._unknown
        self.counts = table.hit_policy == "COLLECT" and table.aggregation == "COUNT"
        self.single = len(outputs) == 1
        self.plain = plain
        self.tested = any(rule.tests for rule in rules)
        self.known: dict[int, _Matches] = {}

    def evaluate(self, scope: Any) -> Value:
        values = self._input_values(scope)
        if values is None:
            return None
        numbers, rules = self._matching(values, scope)
        current_run().tables.append(TableHit(self.owner, numbers, self.texts, values))
        if not rules:
            return self._nothing_matched(scope)
        return self.policy(self, rules, scope)

    def _input_values(self, scope: Any) -> list[Value] | None:
        """The values of the inputs, or None when one is outside of its allowed values."""
        if self.plain is not None:
            names, classes = self.plain
            try:
                values = [scope[name] for name in names]
            except KeyError:
                values = []
            if values and all(map(contains, classes, map(type, values))):
                return values
        values = []
        for closure, convert, allowed, text in self.inputs:
            value = convert(closure(scope))
            if allowed is not None and value is not None and allowed(value, scope) is not True:
                report(f"{self.owner}: input `{text}` is outside of its allowed values: {literal_text(value)}")
                return None
            values.append(value)
        return values

    def _matching(self, values: list[Value], scope: Any) -> _Matches:
        """The rules that match, in their order, and their numbers; with FIRST no more than one."""
        current().tick(len(self.rules))
        bits = self.all_rules
        for column, lookup in self.lookups:
            bits &= lookup(values[column])
        found = self.known.get(bits)
        if found is None:
            found = self._candidates(bits)
            if len(self.known) < MAX_KNOWN:
                self.known[bits] = found
        if self.tested:
            return self._tested(found[1], values, scope)
        return found

    def _candidates(self, bits: int) -> _Matches:
        """The rules of a set of bits; without tests to be made yet, only the first of them when one is enough."""
        rules = [rule for place, rule in enumerate(self.rules) if bits >> place & 1]
        if self.first_only and not self.tested:
            del rules[1:]
        return tuple(rule.number for rule in rules), tuple(rules)

    def _tested(self, rules: tuple[_Rule, ...], values: list[Value], scope: Any) -> _Matches:
        """Those of the candidates that pass the tests that no index knows."""
        found: list[_Rule] = []
        for rule in rules:
            for column, test in rule.tests:
                if test(values[column], scope) is not True:
                    break
            else:
                found.append(rule)
                if self.first_only:
                    break
        return tuple([rule.number for rule in found]), tuple(found)

    def _nothing_matched(self, scope: Any) -> Value:
        if any(one.default is not None for one in self.outputs):
            return self._wrap(tuple(None if one.default is None else one.default(scope) for one in self.outputs))
        return 0 if self.counts else None

    def _values(self, rule: _Rule, scope: Any) -> tuple[Value, ...]:
        """The outputs of a rule, each in its type; what is outside of the allowed values is reported."""
        if rule.constant is not None:
            return rule.constant
        values = []
        for closure, one in zip(rule.outputs, self.outputs, strict=False):
            value = one.convert(closure(scope), rule.number)
            if one.allowed is not None and value is not None and one.allowed(value, scope) is not True:
                shown = literal_text(value)
                report(f"{self.owner}, rule {rule.number}: the output is outside of its allowed values: {shown}")
            values.append(value)
        return tuple(values)

    def _hits(self, rules: Sequence[_Rule], scope: Any) -> list[_Hit]:
        return [_Hit(number=rule.number, values=self._values(rule, scope)) for rule in rules]

    def _wrap(self, values: tuple[Value, ...]) -> Value:
        """One output is the value itself, several are a context."""
        if self.single:
            return values[0] if values else None
        return _context(self.outputs, values)

    def _result(self, rule: _Rule, scope: Any) -> Value:
        return self._wrap(self._values(rule, scope)) if rule.context is None else rule.context.copy()

    # ---- policies

    def _unknown(self, _rules: Sequence[_Rule], _scope: Any) -> Value:
        report(f"{self.owner}: its hit policy or aggregation does not exist")
        return None

    def _first(self, rules: Sequence[_Rule], scope: Any) -> Value:
        return self._result(rules[0], scope)

    def _unique(self, rules: Sequence[_Rule], scope: Any) -> Value:
        if len(rules) > 1:
            self._conflict([rule.number for rule in rules], "all match, but the hit policy is UNIQUE")
            return None
        return self._first(rules, scope)

    def _any(self, rules: Sequence[_Rule], scope: Any) -> Value:
        hits = self._hits(rules, scope)
        different = [hit.number for hit in hits[1:] if not is_equal(list(hit.values), list(hits[0].values))]
        if different:
            self._conflict([hits[0].number, *different], "have different outputs, but the hit policy is ANY")
            return None
        return self._wrap(hits[0].values)

    def _conflict(self, numbers: list[int], reason: str) -> None:
        report(f"{self.owner}: the rules {', '.join(str(number) for number in numbers)} {reason}")

    def _priority(self, rules: Sequence[_Rule], scope: Any) -> Value:
        return self._wrap(self._ordered(rules, scope)[0].values)

    def _output_order(self, rules: Sequence[_Rule], scope: Any) -> Value:
        return [self._wrap(hit.values) for hit in self._ordered(rules, scope)]

    def _ordered(self, rules: Sequence[_Rule], scope: Any) -> list[_Hit]:
        """The hits by the order of the allowed values of their outputs, first output first."""
        orders = [[value(scope) for value in one.order] for one in self.outputs]

        def rank(hit: _Hit) -> list[int]:
            return [
                next((place for place, wanted in enumerate(order) if is_equal(value, wanted)), len(order))
                for value, order in zip(hit.values, orders, strict=False)
            ]

        return sorted(self._hits(rules, scope), key=rank)

    def _rule_order(self, rules: Sequence[_Rule], scope: Any) -> Value:
        return [self._result(rule, scope) if rule.context is None else rule.context.copy() for rule in rules]

    def _collect(self, rules: Sequence[_Rule], scope: Any) -> Value:
        values = self._rule_order(rules, scope)
        if self.aggregation == "COUNT":
            return len(values)
        aggregator = _AGGREGATORS.get(self.aggregation)
        return values if aggregator is None else BUILTINS[aggregator].call(values)


_POLICIES: Mapping[str, Callable[[_Table, Sequence[_Rule], Any], Value]] = {
    "UNIQUE": _Table._unique,
    "FIRST": _Table._first,
    "ANY": _Table._any,
    "PRIORITY": _Table._priority,
    "OUTPUT ORDER": _Table._output_order,
    "RULE ORDER": _Table._rule_order,
    "COLLECT": _Table._collect,
}
