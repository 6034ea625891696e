"""Hit policies as expressions over the conditions and outputs of the rules.

===========================  ==========================================================================================
FIRST; UNIQUE when rules     ``CASE WHEN rule 1 THEN … WHEN rule 2 THEN … END``
are never together
UNIQUE otherwise             each rule adds `STEP` and its number to a sum: ``STEP + n`` says that only n matched
ANY                          CASE as well; NULL where rules with different outputs match
PRIORITY                     CASE with the rules in the order of their outputs, which must be literals
COLLECT SUM, COUNT           a sum of CASEs
COLLECT MIN, MAX             CASE with the rules in the order of their outputs, which must be literals
COLLECT, RULE ORDER,         lists joined, one output only; the order of literal outputs is known beforehand
OUTPUT ORDER
===========================  ==========================================================================================
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key

from sqlglot import exp

from ..values import Kind, Value, compare, is_equal
from . import dialects, logic
from .durations import in_microseconds
from .fragment import Fragment, any_of, case, integer, null_value, wrapped
from .numbers import calculate
from .overlap import Cells, never_together
from .refusal import refuse
from .translator import Translator

STEP = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """number: from 1. condition: true where it matches. outputs: in the order of the table's. cells: for `overlap`."""

    number: int
    condition: exp.Expr
    outputs: tuple[Fragment, ...]
    cells: Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """values: one for each output. rule: the number of the rule taken, where there is one. conflict: where rules
    contradict each other, or None when they cannot."""

    values: tuple[Fragment, ...]
    rule: exp.Expr | None = None
    conflict: exp.Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of a table. defaults: what stands for each output when none matches; None without any default.

    orders: the allowed values of each output, highest priority first.
    """

    translator: Translator
    rules: tuple[Rule, ...]
    defaults: tuple[Fragment, ...] | None
    orders: tuple[tuple[Value, ...], ...]

    def otherwise(self, place: int) -> Fragment:
        """The value of an output when no rule matches."""
        return null_value() if self.defaults is None else self.defaults[place]

    def matched(self) -> exp.Expr:
        """Whether any rule does."""
        return any_of(*(rule.condition.copy() for rule in self.rules))

    def literal_outputs(self, policy: str) -> list[list[Value]]:
        """The outputs as values. Refused when one is none."""
        for rule in self.rules:
            if not all(one.is_constant for one in rule.outputs):
                raise refuse(f"hit policy {policy}", f"the outputs must be literals, and rule {rule.number} has others")
        return [[one.constant for one in rule.outputs] for rule in self.rules]


def first(table: Rules, rules: Sequence[Rule] | None = None) -> Outcome:
    """The first rule that matches."""
    chain = table.rules if rules is None else tuple(rules)
    width = len(chain[0].outputs) if chain else len(table.orders)
    values: list[Fragment] = []
    for place in range(width):
        branches = [(rule.condition.copy(), rule.outputs[place]) for rule in chain]
        values.append(logic.choose(table.translator, branches, table.otherwise(place)))
    number = case(*((rule.condition.copy(), integer(rule.number)) for rule in chain))
    return Outcome(values=tuple(values), rule=number)


def unique(table: Rules) -> Outcome:
    """The only rule that matches; null when there are several."""
    if never_together([rule.cells for rule in table.rules]):
        return first(table)
    terms = [case((rule.condition.copy(), integer(STEP + rule.number)), otherwise=integer(0)) for rule in table.rules]
    total: exp.Expr = terms[0]
    for term in terms[1:]:
        total = exp.Add(this=total, expression=term)
    values = tuple(_by_sum(table, total, place) for place in range(len(table.rules[0].outputs)))
    single = exp.Between(this=wrapped(total.copy()), low=integer(STEP), high=integer(2 * STEP - 1))
    number = case((single, exp.Sub(this=wrapped(total.copy()), expression=integer(STEP))))
    conflict = exp.GTE(this=wrapped(total.copy()), expression=integer(2 * STEP))
    return Outcome(values=values, rule=number, conflict=conflict)


def _by_sum(table: Rules, total: exp.Expr, place: int) -> Fragment:
    """``CASE sum WHEN … THEN … END``: the sum is written, and mostly calculated, once."""
    branches: list[tuple[exp.Expr, Fragment]] = [
        (integer(STEP + rule.number), rule.outputs[place]) for rule in table.rules
    ]
    branches.append((integer(0), table.otherwise(place)))
    chosen = logic.choose(table.translator, branches, null_value())
    if not isinstance(chosen.sql, exp.Case):
        return chosen
    switch = chosen.sql.copy()
    switch.set("this", wrapped(total.copy()))
    return Fragment(
        sql=switch,
        kind=chosen.kind,
        nullable=True,
        digits=chosen.digits,
        integral=chosen.integral,
        unit=chosen.unit,
        aware=chosen.aware,
    )


def any_policy(table: Rules) -> Outcome:
    """Any rule that matches; null when matching rules have different outputs."""
    outputs = table.literal_outputs("ANY")
    groups: list[list[int]] = []
    for index, values in enumerate(outputs):
        for group in groups:
            if is_equal(outputs[group[0]], values):
                group.append(index)
                break
        else:
            groups.append([index])
    pairs = [
        (one, other)
        for place, group in enumerate(groups)
        for rest in groups[place + 1 :]
        for one in group
        for other in rest
    ]
    chosen = first(table)
    if never_together([rule.cells for rule in table.rules], pairs):
        return chosen
    matched = [any_of(*(table.rules[index].condition.copy() for index in group)) for group in groups]
    counts = [case((one, integer(1)), otherwise=integer(0)) for one in matched]
    total: exp.Expr = counts[0]
    for count in counts[1:]:
        total = exp.Add(this=total, expression=count)
    conflict = exp.GT(this=wrapped(total), expression=integer(1))
    agreed = exp.Not(this=wrapped(conflict.copy()))
    kept = tuple(logic.choose(table.translator, [(agreed.copy(), one)], null_value()) for one in chosen.values)
    number = None if chosen.rule is None else case((agreed, chosen.rule))
    return Outcome(values=kept, rule=number, conflict=conflict)


def priority(table: Rules) -> Outcome:
    """The rule whose output stands first among the allowed values."""
    return first(table, _ranked(table, "PRIORITY"))


def _ranked(table: Rules, policy: str) -> list[Rule]:
    outputs = table.literal_outputs(policy)

    def rank(rule: Rule) -> list[int]:
        return [
            next((place for place, wanted in enumerate(order) if is_equal(value, wanted)), len(order))
            for value, order in zip(outputs[rule.number - 1], table.orders, strict=True)
        ]

    return sorted(table.rules, key=rank)


# ---- COLLECT


def _only_output(table: Rules, policy: str) -> list[Fragment]:
    if any(len(rule.outputs) != 1 for rule in table.rules):
        raise refuse(f"hit policy {policy}", "with several outputs it gives a list of contexts, which is no column")
    return [rule.outputs[0] for rule in table.rules]


def count(table: Rules) -> Outcome:
    """How many rules match."""
    _only_output(table, "COLLECT COUNT")
    one, none = (table.translator.literal(number) for number in (1, 0))
    total = _total(table, [one for _ in table.rules], none)
    value = total if table.defaults is None else _when_matched(table, total)
    return Outcome(values=(value,))


def total(table: Rules) -> Outcome:
    """The sum of the outputs of the rules that match; null when one of them is."""
    outputs = _only_output(table, "COLLECT SUM")
    if any(output.kind not in {Kind.NUMBER, Kind.NULL} for output in outputs):
        raise refuse("hit policy COLLECT SUM", "only numbers are added")
    return Outcome(values=(_when_matched(table, _total(table, outputs, table.translator.literal(0))),))


def _total(table: Rules, values: list[Fragment], none: Fragment) -> Fragment:
    result = none
    for rule, value in zip(table.rules, values, strict=True):
        term = logic.choose(table.translator, [(rule.condition.copy(), value)], none)
        wanted = term if term.kind is Kind.NUMBER else null_value()
        result = term if result is none else calculate(table.translator, "+", result, wanted, at=0)
    return result


def _when_matched(table: Rules, value: Fragment) -> Fragment:
    return logic.choose(table.translator, [(table.matched(), value)], table.otherwise(0))


def least(table: Rules) -> Outcome:
    """The least output of the rules that match."""
    return _extreme(table, "COLLECT MIN", 1)


def greatest(table: Rules) -> Outcome:
    """The greatest output of the rules that match."""
    return _extreme(table, "COLLECT MAX", -1)


def _extreme(table: Rules, policy: str, sign: int) -> Outcome:
    """Rules with null come first: they make the whole null."""
    _only_output(table, policy)
    outputs = [values[0] for values in table.literal_outputs(policy)]
    if len({rule.outputs[0].kind for rule in table.rules} - {Kind.NULL}) > 1 or any(
        isinstance(value, bool) for value in outputs
    ):
        raise refuse(f"hit policy {policy}", "the outputs must have one ordered kind")

    def order(one: Rule, other: Rule) -> int:
        left, right = outputs[one.number - 1], outputs[other.number - 1]
        if left is None or right is None:
            return (right is None) - (left is None)
        return sign * (compare(left, right) or 0)

    chosen = first(table, sorted(table.rules, key=cmp_to_key(order)))
    return Outcome(values=chosen.values)


# ---- lists

_ITEMS: dict[Kind, exp.DType] = {
    Kind.STRING: exp.DType.TEXT,
    Kind.BOOLEAN: exp.DType.BOOLEAN,
    Kind.DATE: exp.DType.DATE,
    Kind.DAYS: exp.DType.BIGINT,
    Kind.MONTHS: exp.DType.BIGINT,
}


def rule_order(table: Rules) -> Outcome:
    """The outputs of all rules that match, in the order of the rules."""
    return _listed(table, table.rules, "RULE ORDER")


def output_order(table: Rules) -> Outcome:
    """The same, in the order of the allowed values."""
    return _listed(table, _ranked(table, "OUTPUT ORDER"), "OUTPUT ORDER")


def _listed(table: Rules, rules: Sequence[Rule], policy: str) -> Outcome:
    outputs = _only_output(table, policy)
    if table.defaults is not None:
        raise refuse(f"hit policy {policy}", "a default is no list, and a column has one type")
    every = [(exp.column("matches"), output) for output in outputs]  # one type for all, whatever always matches
    shape = logic.choose(table.translator, list(every), null_value())
    item = _item_type(shape, policy)
    dialect = table.translator.dialect
    empty = dialects.array(dialect, [], item)
    parts = [
        case(
            (rule.condition.copy(), dialects.array(dialect, [_shaped(rule.outputs[0], shape)], item)),
            otherwise=empty.copy(),
        )
        for rule in rules
    ]
    joined = dialects.joined(dialect, parts) if outputs else empty
    value = Fragment(sql=case((table.matched(), joined)), kind=Kind.LIST, unit=shape.unit)
    return Outcome(values=(value,))


def _item_type(shape: Fragment, policy: str) -> exp.DataType:
    if shape.kind is Kind.NUMBER:
        digits = shape.known_digits()
        return exp.DataType.build(f"DECIMAL({digits.total}, {digits.scale})")
    found = _ITEMS.get(shape.kind)
    if found is None:
        raise refuse(f"hit policy {policy}", f"lists of the kind {shape.kind.value} are not translated")
    return exp.DataType.build(found)


def _shaped(output: Fragment, shape: Fragment) -> exp.Expr:
    if output.kind is Kind.DAYS and output.unit != shape.unit:
        return in_microseconds(output)
    return output.expr()


POLICIES: dict[tuple[str, str], Callable[[Rules], Outcome]] = {
    ("UNIQUE", ""): unique,
    ("FIRST", ""): first,
    ("ANY", ""): any_policy,
    ("PRIORITY", ""): priority,
    ("RULE ORDER", ""): rule_order,
    ("OUTPUT ORDER", ""): output_order,
    ("COLLECT", ""): rule_order,
    ("COLLECT", "SUM"): total,
    ("COLLECT", "COUNT"): count,
    ("COLLECT", "MIN"): least,
    ("COLLECT", "MAX"): greatest,
}
