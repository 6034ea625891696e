"""Three-valued logic. SQL's AND, OR and NOT are FEEL's, once every term is a boolean or null."""

from sqlglot import exp

from .. import tree
from ..types import KIND_NAMES
from ..values import Kind
from .durations import in_microseconds
from .fragment import Fragment, all_of, any_of, boolean, case, is_null, not_null, truth_value, wrapped
from .numbers import plain_number
from .refusal import refuse
from .translator import Translator, translates


@translates(tree.And)
def _and(translator: Translator, node: tree.And, truth: bool) -> Fragment:
    terms = [translator.condition(term, truth=truth) for term in node.terms]
    return boolean(all_of(*(term.expr() for term in terms)), nullable=any(term.nullable for term in terms))


@translates(tree.Or)
def _or(translator: Translator, node: tree.Or, truth: bool) -> Fragment:
    terms = [translator.condition(term, truth=truth) for term in node.terms]
    return boolean(any_of(*(term.expr() for term in terms)), nullable=any(term.nullable for term in terms))


@translates(tree.If)
def _if(translator: Translator, node: tree.If, truth: bool) -> Fragment:
    """Everything but true goes to `else`."""
    condition = translator.truth(node.condition)
    then, otherwise = (translator._translate(one, truth=truth) for one in (node.then, node.otherwise))
    return choose(translator, [(condition, then)], otherwise, at=node.at)


def choose(
    translator: Translator, branches: list[tuple[exp.Expr, Fragment]], otherwise: Fragment, *, at: int = 0
) -> Fragment:
    """CASE over values of one kind; nulls fit everywhere. Branches that are never, or always, taken fall away."""
    branches, otherwise = _reachable(branches, otherwise)
    if not branches:
        return otherwise
    values = [value for _, value in branches] + [otherwise]
    values = [plain_number(translator, value) if value.divisor is not None else value for value in values]
    kinds = {value.kind for value in values} - {Kind.NULL}
    if len(kinds) > 1:
        names = " and ".join(sorted(kind.value for kind in kinds))
        raise refuse("branches", f"the branches give {names}, and a column has one type", at=at)
    if not kinds:
        return otherwise
    real = [value for value in values if value.kind is not Kind.NULL]
    if len({value.aware for value in real}) > 1:
        raise refuse("branches", "some branches have an offset and others have none", at=at)
    same_unit = len({value.unit for value in real}) == 1
    digits = [value.digits for value in real]
    known = [one for one in digits if one is not None]
    joined = known[0] if known and len(known) == len(digits) else None
    for one in known[1:]:
        joined = None if joined is None else joined.joined(one)
    taken = [_branch(value, same_unit=same_unit) for value in values]
    sql = case(*((condition, sql) for (condition, _), sql in zip(branches, taken, strict=False)), otherwise=taken[-1])
    return Fragment(
        sql=sql,
        kind=kinds.pop(),
        nullable=any(value.nullable for value in values),
        digits=joined,
        integral=all(value.integral for value in real),
        unit=real[0].unit if same_unit else "microsecond",
        aware=real[0].aware,
    )


def _reachable(
    branches: list[tuple[exp.Expr, Fragment]], otherwise: Fragment
) -> tuple[list[tuple[exp.Expr, Fragment]], Fragment]:
    kept: list[tuple[exp.Expr, Fragment]] = []
    for condition, value in branches:
        if not isinstance(condition, exp.Boolean):
            kept.append((condition, value))
        elif condition.this:
            return kept, value
    return kept, otherwise


def _branch(value: Fragment, *, same_unit: bool) -> exp.Expr:
    return in_microseconds(value) if value.kind is Kind.DAYS and not same_unit else value.expr()


def negation(translator: Translator, node: tree.Node) -> Fragment:
    """``not(x)``: null for what is no boolean."""
    operand = translator.condition(node, truth=False)
    if operand.is_constant:
        return truth_value(not operand.constant)
    return boolean(exp.Not(this=wrapped(operand.expr())), nullable=operand.nullable)


def coalesced(translator: Translator, fragment: Fragment, otherwise: Fragment, *, at: int) -> Fragment:
    """``get or else``: the first value, or the second where it is null."""
    if fragment.kind is Kind.NULL:
        return otherwise
    return choose(translator, [(not_null(fragment), fragment)], otherwise, at=at)


@translates(tree.InstanceOf)
def _instance_of(translator: Translator, node: tree.InstanceOf, truth: bool) -> Fragment:  # noqa: ARG001  # as all rules
    if not isinstance(node.type, tree.TypeName):
        raise refuse("instance of", "only types with a plain name are translated", at=node.at)
    value, name = translator.value(node.value), node.type.name
    if name in {"Null", "null"}:
        return truth_value(True) if value.kind is Kind.NULL else boolean(is_null(value), nullable=False)
    wanted = KIND_NAMES.get(name)
    if wanted is None and name not in {"Any", "any"}:
        raise refuse("instance of", f"there is no type `{name}` here", at=node.at)
    if value.kind is Kind.NULL or (wanted is not None and value.kind is not wanted):
        return truth_value(False)
    return boolean(not_null(value), nullable=False)
