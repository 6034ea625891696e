"""The built-in functions that certainly have an equivalent. All others are refused by name.

Not here on purpose: `upper case`, `lower case`, `trim`, `is blank` (Unicode, as Python has it, is not what
databases have), `matches`, `replace`, `split`, `extract` (other regular expressions), `string` and `number` of
columns (formats), everything about lists and contexts that are not literals.
"""

from collections.abc import Callable, Sequence

from sqlglot import exp

from .. import tree
from ..builtins import BUILTINS, REFUSED
from ..values import DATES, Kind
from . import arithmetic, dialects, logic, numbers, temporal
from .comparisons import equal
from .digits import Digits
from .fragment import Fragment, all_of, any_of, boolean, case, integer, not_null, null_value, truth_value, wrapped
from .refusal import refuse
from .translator import Translator, translates

_Function = Callable[[Translator, tree.Call, list[Fragment]], Fragment]
_Shaped = Callable[[Translator, tree.Call], Fragment]
_FUNCTIONS: dict[str, tuple[tuple[int, ...], _Function]] = {}
_SHAPED: dict[str, _Shaped] = {}


def translated_functions() -> tuple[str, ...]:
    """The names of the functions that may be translated."""
    return tuple(sorted({*_FUNCTIONS, *_SHAPED}))


@translates(tree.Call)
def _call(translator: Translator, node: tree.Call, truth: bool) -> Fragment:  # noqa: ARG001  # as all rules
    name = node.function.name if isinstance(node.function, tree.Name) else ""
    if not name or name in translator.columns.roots or name not in BUILTINS:
        why = REFUSED.get(name, "only built-in functions can be translated")
        raise refuse(f"{name}()" if name else "call", why, at=node.at)
    shaped = _SHAPED.get(name)
    if shaped is not None:
        return shaped(translator, node)
    counts, function = _FUNCTIONS.get(name, ((), None))
    if function is None or len(node.arguments) not in counts:
        raise refuse(f"{name}()", "the function has no certain equivalent in SQL", at=node.at)
    return function(translator, node, [translator.value(argument) for argument in node.arguments])


def function(name: str, *counts: int) -> Callable[[_Function], _Function]:
    """Register a function with the numbers of arguments it takes."""

    def register(made: _Function) -> _Function:
        _FUNCTIONS[name] = (counts, made)
        return made

    return register


def shaped(name: str) -> Callable[[_Shaped], _Shaped]:
    """Register a function that looks at its arguments before they are translated."""

    def register(made: _Shaped) -> _Shaped:
        _SHAPED[name] = made
        return made

    return register


def _are(arguments: Sequence[Fragment], *kinds: Kind) -> bool:
    """Whether all arguments are of these kinds, in order; null never fits."""
    return all(one.kind is wanted for one, wanted in zip(arguments, kinds, strict=True))


def _nullable(*arguments: Fragment) -> bool:
    return any(one.nullable for one in arguments)


def _number(sql: exp.Expr, width: int, *arguments: Fragment) -> Fragment:
    digits = Digits(whole=width, scale=0)
    return Fragment(sql=sql, kind=Kind.NUMBER, nullable=_nullable(*arguments), digits=digits, integral=True)


# ---- logic


@shaped("not")
def _not(translator: Translator, node: tree.Call) -> Fragment:
    _count(node, 1)
    return logic.negation(translator, node.arguments[0])


@function("is defined", 1)
def _is_defined(_: Translator, __: tree.Call, arguments: list[Fragment]) -> Fragment:
    return truth_value(False) if arguments[0].kind is Kind.NULL else boolean(not_null(arguments[0]), nullable=False)


@function("get or else", 2)
def _get_or_else(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    return logic.coalesced(translator, *arguments, at=node.at)


@shaped("all")
def _all(translator: Translator, node: tree.Call) -> Fragment:
    return _over_conditions(translator, node, every=True)


@shaped("any")
def _any(translator: Translator, node: tree.Call) -> Fragment:
    return _over_conditions(translator, node, every=False)


def _over_conditions(translator: Translator, node: tree.Call, *, every: bool) -> Fragment:
    items = [translator.condition(item, truth=False) for item in _items(node)]
    combine = all_of if every else any_of
    return boolean(combine(*(wrapped(item.expr()) for item in items)), nullable=_nullable(*items))


def _items(node: tree.Call) -> tuple[tree.Node, ...]:
    """Two or more arguments, or the items of one literal list."""
    if len(node.arguments) > 1:
        return node.arguments
    only = node.arguments[0] if node.arguments else None
    if isinstance(only, tree.ListLiteral) and only.items:
        return only.items
    raise refuse(f"{_name(node)}()", "only lists written out can be translated", at=node.at)


def _name(node: tree.Call) -> str:
    return node.function.name if isinstance(node.function, tree.Name) else ""


def _count(node: tree.Call, *counts: int) -> None:
    if len(node.arguments) not in counts:
        raise refuse(f"{_name(node)}()", f"it does not take {len(node.arguments)} arguments", at=node.at)


# ---- numbers


@function("abs", 1)
def _abs(_: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    only = arguments[0]
    if only.kind not in {Kind.NUMBER, Kind.DAYS, Kind.MONTHS}:
        return null_value()
    numbers.plain_number(_, only, at=node.at)
    return Fragment(
        sql=exp.Abs(this=only.expr()),
        kind=only.kind,
        nullable=only.nullable,
        digits=only.digits,
        integral=only.integral,
        unit=only.unit,
    )


def _round(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    name = _name(node)
    if not _are(arguments, *[Kind.NUMBER] * len(arguments)):
        return null_value()
    if len(arguments) == 2 and not arguments[1].is_constant:
        raise refuse(f"{name}()", "the scale must be a literal", at=node.at)
    scale = int(arguments[1].constant) if len(arguments) == 2 else 0
    return numbers.rounded(translator, name, arguments[0], scale, at=node.at)


for _rounding in ("floor", "ceiling"):
    function(_rounding, 1, 2)(_round)
for _rounding in ("decimal", "round up", "round down", "round half up", "round half down"):
    function(_rounding, 2)(_round)


@function("modulo", 2)
def _modulo(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    if not _are(arguments, Kind.NUMBER, Kind.NUMBER):
        return null_value()
    return numbers.modulo(translator, *arguments, at=node.at)


@function("odd", 1)
def _odd(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    if not _are(arguments, Kind.NUMBER):
        return null_value()
    return numbers.parity(translator, arguments[0], odd=True, at=node.at)


@function("even", 1)
def _even(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    if not _are(arguments, Kind.NUMBER):
        return null_value()
    return numbers.parity(translator, arguments[0], odd=False, at=node.at)


@shaped("sum")
def _sum(translator: Translator, node: tree.Call) -> Fragment:
    items = [translator.value(item) for item in _items(node)]
    if any(item.kind not in {Kind.NUMBER, Kind.NULL} for item in items):
        raise refuse("sum()", "only sums of numbers are translated", at=node.at)
    result = items[0]
    for item in items[1:]:
        result = arithmetic.combine(translator, "+", result, item, at=node.at)
    return result


@shaped("count")
def _count_items(translator: Translator, node: tree.Call) -> Fragment:
    only = node.arguments[0] if len(node.arguments) == 1 else None
    if not isinstance(only, tree.ListLiteral):
        raise refuse("count()", "only lists written out can be translated", at=node.at)
    return translator.literal(len(only.items))


@shaped("min")
def _min(translator: Translator, node: tree.Call) -> Fragment:
    return _extreme(translator, node, exp.Least)


@shaped("max")
def _max(translator: Translator, node: tree.Call) -> Fragment:
    return _extreme(translator, node, exp.Greatest)


def _extreme(translator: Translator, node: tree.Call, function_node: type[exp.Func]) -> Fragment:
    """Null when an item is; SQL's own functions leave nulls out in some dialects."""
    items = [numbers.plain_number(translator, translator.value(item), at=node.at) for item in _items(node)]
    kinds = {item.kind for item in items}
    if kinds not in ({Kind.NUMBER}, {Kind.DATE}):
        raise refuse(f"{_name(node)}()", "only numbers, or dates, are translated", at=node.at)
    digits = items[0].digits
    for item in items[1:]:
        digits = digits.joined(item.digits) if digits is not None and item.digits is not None else None
    if kinds == {Kind.NUMBER} and digits is None:
        raise refuse(f"{_name(node)}()", "the digits of a column are not declared; write number(12,2)", at=node.at)
    if digits is not None:
        numbers.check(digits, at=node.at)
    sql = function_node(this=items[0].expr(), expressions=[item.expr() for item in items[1:]])
    guarded = case((all_of(*(not_null(item) for item in items)), sql))
    return Fragment(sql=guarded, kind=kinds.pop(), nullable=_nullable(*items), digits=digits)


# ---- strings


@function("string length", 1)
def _length(_: Translator, __: tree.Call, arguments: list[Fragment]) -> Fragment:
    if not _are(arguments, Kind.STRING):
        return null_value()
    return _number(exp.Length(this=arguments[0].expr()), 10, *arguments)


@function("contains", 2)
def _contains(translator: Translator, _: tree.Call, arguments: list[Fragment]) -> Fragment:
    if not _are(arguments, Kind.STRING, Kind.STRING):
        return null_value()
    place = dialects.position(translator.dialect, *(one.expr() for one in arguments))
    return boolean(exp.GT(this=place, expression=integer(0)), nullable=_nullable(*arguments))


@function("starts with", 2)
def _starts(_: Translator, __: tree.Call, arguments: list[Fragment]) -> Fragment:
    if not _are(arguments, Kind.STRING, Kind.STRING):
        return null_value()
    text, wanted = arguments
    return boolean(exp.StartsWith(this=text.expr(), expression=wanted.expr()), nullable=_nullable(*arguments))


@function("ends with", 2)
def _ends(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    if not _are(arguments, Kind.STRING, Kind.STRING):
        return null_value()
    text, wanted = arguments
    if translator.dialect is dialects.Dialect.TRINO:
        raise refuse("ends with()", "the function has no certain equivalent in trino", at=node.at)
    if translator.dialect is dialects.Dialect.POSTGRES:
        end = exp.Right(this=text.expr(), expression=exp.Length(this=wanted.expr()))
        return boolean(exp.EQ(this=end, expression=wanted.operand()), nullable=_nullable(*arguments))
    return boolean(exp.EndsWith(this=text.expr(), expression=wanted.expr()), nullable=_nullable(*arguments))


@function("substring", 2, 3)
def _substring(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    if arguments[0].kind is not Kind.STRING or any(one.kind is not Kind.NUMBER for one in arguments[1:]):
        return null_value()
    if not all(one.is_constant for one in arguments[1:]):
        raise refuse("substring()", "positions and lengths must be literals", at=node.at)
    start, length = int(arguments[1].constant), [int(one.constant) for one in arguments[2:]]
    if start == 0 or any(one.constant < 1 for one in arguments[2:]):
        return null_value()
    text, dialect = arguments[0], translator.dialect
    lengths = [integer(one) for one in length]
    if start > 0:
        sql = dialects.part(dialect, text.expr(), integer(start), *lengths)
        return Fragment(sql=sql, kind=Kind.STRING, nullable=text.nullable)
    size = exp.Length(this=text.expr())
    first = exp.Sub(this=size, expression=integer(-start - 1))
    taken = dialects.part(dialect, text.expr(), first, *lengths)
    enough = exp.GTE(this=size.copy(), expression=integer(-start))
    branches: list[tuple[exp.Expr, exp.Expr]] = [(enough, taken)]
    if start == -1:
        branches.append((exp.EQ(this=size.copy(), expression=integer(0)), exp.Literal.string("")))
    return Fragment(sql=case(*branches), kind=Kind.STRING)


@function("substring before", 2)
def _before(translator: Translator, _: tree.Call, arguments: list[Fragment]) -> Fragment:
    return _beside(translator, arguments, after=False)


@function("substring after", 2)
def _after(translator: Translator, _: tree.Call, arguments: list[Fragment]) -> Fragment:
    return _beside(translator, arguments, after=True)


def _beside(translator: Translator, arguments: list[Fragment], *, after: bool) -> Fragment:
    """Empty where the match does not occur; of a null, null."""
    if not _are(arguments, Kind.STRING, Kind.STRING):
        return null_value()
    text, wanted = arguments
    dialect = translator.dialect
    place = dialects.position(dialect, text.expr(), wanted.expr())
    if dialect is dialects.Dialect.CLICKHOUSE:
        place = exp.Anonymous(this="positionUTF8", expressions=[text.expr(), wanted.expr()])
    if after:
        first = exp.Add(this=place.copy(), expression=exp.Length(this=wanted.expr()))
        taken = dialects.part(dialect, text.expr(), first)
    else:
        taken = dialects.part(dialect, text.expr(), integer(1), exp.Sub(this=place.copy(), expression=integer(1)))
    found = exp.GT(this=place, expression=integer(0))
    missing = exp.EQ(this=place.copy(), expression=integer(0))
    sql = case((found, taken), (missing, exp.Literal.string("")))
    return Fragment(sql=sql, kind=Kind.STRING, nullable=_nullable(*arguments))


# ---- dates


@function("date", 1)
def _date(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    only = arguments[0]
    if only.kind is Kind.DATE:
        return only
    if only.kind is not Kind.DATE_TIME or only.aware:
        raise refuse("date()", "only the date of a date and time without offset is certain", at=node.at)
    return Fragment(sql=temporal.as_day(translator.dialect, only), kind=Kind.DATE, nullable=only.nullable)


@function("years and months duration", 2)
def _months(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    if any(one.kind not in DATES for one in arguments):
        return null_value()
    if any(one.aware for one in arguments):
        raise refuse(_name(node) + "()", "the date of an instant depends on its offset", at=node.at)
    return temporal.months_between(translator, *arguments)


@function("day of year", 1)
def _day_of_year(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    return _calendar(translator, node, arguments[0], "DOY")


@function("week of year", 1)
def _week_of_year(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    return _calendar(translator, node, arguments[0], "WEEK")


def _calendar(translator: Translator, node: tree.Call, day: Fragment, field: str) -> Fragment:
    if day.kind not in DATES:
        return null_value()
    if day.aware:
        raise refuse(f"{_name(node)}()", "the date of an instant depends on its offset", at=node.at)
    return temporal.extract(translator.dialect, day, field, 3, at=node.at)


@function("last day of month", 1)
def _last_day(translator: Translator, node: tree.Call, arguments: list[Fragment]) -> Fragment:
    if arguments[0].kind is not Kind.DATE:
        raise refuse("last day of month()", "only of a date it is certain", at=node.at)
    if translator.dialect is dialects.Dialect.CLICKHOUSE:
        sql: exp.Expr = exp.Anonymous(this="toLastDayOfMonth", expressions=[arguments[0].expr()])
    else:
        sql = exp.LastDay(this=arguments[0].expr())
    return Fragment(sql=sql, kind=Kind.DATE, nullable=arguments[0].nullable)


# ---- lists


@shaped("list contains")
def _list_contains(translator: Translator, node: tree.Call) -> Fragment:
    """Never null: what cannot be compared is not contained."""
    if len(node.arguments) != 2 or not isinstance(node.arguments[0], tree.ListLiteral):
        raise refuse("list contains()", "only lists written out can be translated", at=node.at)
    wanted = translator.value(node.arguments[1])
    found = [equal(translator, translator.value(item), wanted, truth=True) for item in node.arguments[0].items]
    sql = any_of(*(one.expr() for one in found))
    if isinstance(sql, exp.Boolean):
        return truth_value(bool(sql.this))
    return boolean(exp.Coalesce(this=sql, expressions=[exp.Boolean(this=False)]), nullable=False)
