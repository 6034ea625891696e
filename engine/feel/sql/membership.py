"""`in` and unary tests: what passes a test is equal to it, in its range, or passes one of its list."""

from sqlglot import exp

from .. import tree
from ..values import ORDERED, Kind, Range, Value
from . import dialects
from .comparisons import compare, equal, ordered
from .fragment import (
    Fragment,
    all_of,
    any_of,
    boolean,
    case,
    is_null,
    null_boolean,
    truth_value,
    wrapped,
)
from .refusal import refuse
from .translator import Translator, translates


@translates(tree.In)
def _in(translator: Translator, node: tree.In, truth: bool) -> Fragment:
    value = translator.value(node.value)
    texts = _only_texts(node.tests)
    if texts is not None and value.kind is not Kind.STRING:
        return truth_value(False)  # as the closures have it: what is no string is none of these
    return any_test(translator, value, node.tests, truth=truth)


def _only_texts(tests: tuple[tree.Test, ...]) -> list[str] | None:
    literals = [one.expression for one in tests if isinstance(one, tree.ExpressionTest)]
    texts = [one.value for one in literals if isinstance(one, tree.StringLiteral)]
    return texts if texts and len(texts) == len(tests) else None


def cell(translator: Translator, value: Fragment, node: tree.UnaryTestsNode, *, truth: bool) -> Fragment:
    """A whole cell about a value."""
    if not node.tests:
        return truth_value(True)
    if not node.negated:
        return any_test(translator, value, node.tests, truth=truth)
    test = any_test(translator, value, node.tests, truth=False)
    if test.is_constant:
        return truth_value(not test.constant)
    return boolean(exp.Not(this=wrapped(test.expr())), nullable=test.nullable)


def any_test(translator: Translator, value: Fragment, tests: tuple[tree.Test, ...], *, truth: bool) -> Fragment:
    """True when one test is, else null when one is null, else false."""
    together = _one_of(translator, value, tests, truth=truth)
    if together is not None:
        return together
    results = [_test(translator, value, one, truth=truth) for one in tests]
    if len(results) == 1:
        return results[0]
    nullable = any(result.nullable for result in results)
    return boolean(any_of(*(result.expr() for result in results)), nullable=nullable)


def _one_of(translator: Translator, value: Fragment, tests: tuple[tree.Test, ...], *, truth: bool) -> Fragment | None:
    """``x IN (1, 2, 3)``, when all tests are literals of the value's kind."""
    if len(tests) < 2 or value.divisor is not None:
        return None
    literals = []
    for one in tests:
        if not isinstance(one, tree.ExpressionTest) or one.uses_input or not translator.is_fixed(one.expression):
            return None
        literals.append(translator.evaluate(one.expression))
    return _in_literals(translator, value, literals, truth=truth)


def _in_literals(translator: Translator, value: Fragment, literals: list[Value], *, truth: bool) -> Fragment | None:
    if value.kind not in {Kind.STRING, Kind.NUMBER, Kind.DATE} or len(literals) < 2:
        return None
    if any(one.__class__ in {list, Range, dict} for one in literals):
        return None
    fragments = [translator.literal(one) for one in literals]
    if any(one.kind is not value.kind for one in fragments):
        return None
    listed = exp.In(this=value.operand(), expressions=[one.expr() for one in fragments])
    if truth or not value.nullable:
        return boolean(listed, nullable=False)
    return boolean(exp.Coalesce(this=listed, expressions=[exp.Boolean(this=False)]), nullable=False)


def _test(translator: Translator, value: Fragment, node: tree.Test, *, truth: bool) -> Fragment:
    if isinstance(node, tree.ComparisonTest):
        return compare(translator, node.operator, value, translator.value(node.operand), truth=truth, at=node.at)
    if not node.uses_input:
        return passes(translator, value, node.expression, truth=truth)
    inner = translator.with_input(value)
    answer = inner.condition(node.expression, truth=truth)
    kind = inner.value(node.expression).kind
    if kind not in {Kind.BOOLEAN, Kind.NULL}:
        raise refuse("unary test", f"a test with ? that gives a value of kind {kind.value}", at=node.at)
    return answer


def passes(
    translator: Translator, value: Fragment, wanted: tree.Node, *, truth: bool, listed: bool = False
) -> Fragment:
    """Whether a value passes a test without ``?`` in it. listed: whether the test is an item of a list of tests."""
    if translator.is_fixed(wanted):
        return _passes_constant(translator, value, wanted, truth=truth, listed=listed)
    if isinstance(wanted, tree.ListLiteral):
        found = [passes(translator, value, item, truth=True, listed=True) for item in wanted.items]
        return _some(found, truth=truth)
    if isinstance(wanted, tree.RangeLiteral):
        return _in_range(translator, value, wanted, truth=truth, listed=listed)
    if isinstance(wanted, tree.UnaryRange):
        operand = translator.value(wanted.operand)
        return compare(translator, wanted.operator, value, operand, truth=truth, at=wanted.at)
    return equal(translator, value, translator.value(wanted), truth=truth, at=wanted.at)


def _some(found: list[Fragment], *, truth: bool) -> Fragment:
    """Whether one is true; never null."""
    sql = any_of(*(one.expr() for one in found))
    if isinstance(sql, exp.Boolean):
        return truth_value(bool(sql.this))
    if truth:
        return boolean(sql, nullable=False)
    return boolean(exp.Coalesce(this=sql, expressions=[exp.Boolean(this=False)]), nullable=False)


def _passes_constant(
    translator: Translator, value: Fragment, wanted: tree.Node, *, truth: bool, listed: bool
) -> Fragment:
    constant = translator.evaluate(wanted)
    if constant is None and isinstance(wanted, tree.RangeLiteral) and not listed:
        return null_boolean()
    return _passes_value(translator, value, constant, truth=truth, at=wanted.at)


def _passes_value(translator: Translator, value: Fragment, wanted: Value, *, truth: bool, at: int) -> Fragment:
    if isinstance(wanted, Range):
        return _in_constant_range(translator, value, wanted, truth=truth, at=at)
    if wanted.__class__ is list:
        together = _in_literals(translator, value, wanted, truth=truth)
        if together is not None:
            return together
        return _some([_passes_value(translator, value, one, truth=True, at=at) for one in wanted], truth=truth)
    return equal(translator, value, translator.literal(wanted, at=at), truth=truth, at=at)


def _in_constant_range(translator: Translator, value: Fragment, wanted: Range, *, truth: bool, at: int) -> Fragment:
    if wanted.operator is not None:
        end = wanted.high if wanted.operator in {"<", "<="} else wanted.low
        return compare(translator, wanted.operator, value, translator.literal(end, at=at), truth=truth, at=at)
    low, high = translator.literal(wanted.low, at=at), translator.literal(wanted.high, at=at)
    closed = wanted.low_closed and wanted.high_closed
    if closed and low.kind is high.kind is value.kind and value.divisor is None and _plainly_ordered(value, low):
        one = dialects.collated(translator.dialect, value.operand()) if value.kind is Kind.STRING else value.operand()
        return boolean(exp.Between(this=one, low=low.expr(), high=high.expr()), nullable=value.nullable)
    return _inside(translator, value, low, high, wanted.low_closed, wanted.high_closed, at=at)


def _plainly_ordered(value: Fragment, end: Fragment) -> bool:
    """Whether BETWEEN is the order of FEEL."""
    return value.kind in {Kind.NUMBER, Kind.STRING, Kind.DATE} or (
        value.kind is Kind.DATE_TIME and value.aware is end.aware
    )


def _inside(
    translator: Translator,
    value: Fragment,
    low: Fragment,
    high: Fragment,
    low_closed: bool,
    high_closed: bool,
    *,
    at: int,
) -> Fragment:
    above = ordered(translator, ">=" if low_closed else ">", value, low, at=at)
    below = ordered(translator, "<=" if high_closed else "<", value, high, at=at)
    both = all_of(above.expr(), below.expr())
    return boolean(both, nullable=above.nullable or below.nullable)


def _in_range(
    translator: Translator, value: Fragment, node: tree.RangeLiteral, *, truth: bool, listed: bool
) -> Fragment:
    """A range with names in it. Where its ends make none it is null: so is membership, or null is in it, in a list."""
    low, high = translator.value(node.low), translator.value(node.high)
    if low.divisor is not None or high.divisor is not None:
        raise refuse("division", "a quotient cannot be the end of a range here", at=node.at)
    if low.kind is not high.kind or low.kind not in ORDERED or low.aware is not high.aware:
        return _in_no_range(value, low, high, listed=listed, at=node.at)
    inside = _inside(translator, value, low, high, node.low_closed, node.high_closed, at=node.at)
    if truth and not listed:
        return inside  # nothing is inside of what is no range
    broken = _broken(node, low, high, ordered(translator, "<=", low, high, at=node.at))
    missing = is_null(value) if listed else exp.cast(exp.Null(), exp.DType.BOOLEAN)
    return boolean(case((broken, missing), otherwise=inside.expr()), nullable=True)


def _broken(node: tree.RangeLiteral, low: Fragment, high: Fragment, order: Fragment) -> exp.Expr:
    """Whether the ends make no range: the wrong way round, both null, or a closed end null."""
    if not order.nullable:
        return exp.Not(this=wrapped(order.expr()))
    both = all_of(is_null(low), is_null(high))
    ends = [is_null(low)] if node.low_closed else []
    ends += [is_null(high)] if node.high_closed else []
    wrong_way = exp.Coalesce(this=exp.Not(this=wrapped(order.expr())), expressions=[exp.Boolean(this=False)])
    return any_of(both, *ends, wrong_way)


def _in_no_range(value: Fragment, low: Fragment, high: Fragment, *, listed: bool, at: int) -> Fragment:
    if Kind.NULL in {low.kind, high.kind}:
        raise refuse("range", "a range with null as an end", at=at)
    if any(one.nullable for one in (low, high)):
        raise refuse("range", f"ends of the kinds {low.kind.value} and {high.kind.value}", at=at)
    return boolean(is_null(value), nullable=False) if listed else null_boolean()
