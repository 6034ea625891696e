"""Generated FEEL expressions and generated rows, for comparing closures with SQL: all kinds, nulls everywhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from engine.feel import compile_expression
from engine.feel.sql import Dialect, NotTranslatable, columns_of, translate_expression
from engine.feel.values import Kind, YearMonthDuration
from engine.feel.wide import WideDate, day_number

Texts = st.SearchStrategy[str]

TYPES: dict[str, str] = {
    "n": "number(7,2)",
    "m": "number(5,1)",
    "i": "integer(4)",
    "r": "number(6,2)!",
    "u": "number",
    "s": "string",
    "t": "string",
    "b": "boolean",
    "c": "boolean",
    "d": "date",
    "e": "date",
    "at": "date and time",
    "bt": "date and time",
    "seen": "instant",
    "since": "instant",
    "span": "days and time duration",
    "term": "years and months duration",
    "clock": "time",
}
COLUMNS = columns_of(TYPES)
SQL_TYPES: dict[str, str] = {
    "n": "DECIMAL(7,2)",
    "m": "DECIMAL(5,1)",
    "i": "INTEGER",
    "r": "DECIMAL(6,2) NOT NULL",
    "u": "DECIMAL(12,3)",
    "s": "TEXT",
    "t": "TEXT",
    "b": "BOOLEAN",
    "c": "BOOLEAN",
    "d": "DATE",
    "e": "DATE",
    "at": "TIMESTAMP",
    "bt": "TIMESTAMP",
    "seen": "TIMESTAMPTZ",
    "since": "TIMESTAMPTZ",
    "span": "INTERVAL",
    "term": "INTERVAL",
    "clock": "TIME",
}


# ---- rows


def _decimals(whole: int, places: int) -> st.SearchStrategy[Decimal]:
    """Also the longest ones, zero, and ties of roundings."""
    limit = Decimal(10) ** whole - Decimal(1).scaleb(-places)
    common = st.sampled_from(["0", "1", "-1", "2", "1.5", "2.5", "-3.5", "4", "100", "0.35", "-0.25", "7"])
    step = Decimal(1).scaleb(-places)
    return st.one_of(
        common.map(lambda text: Decimal(text).quantize(step)),
        st.decimals(-limit, limit, places=places, allow_nan=False),
    )


DATES = st.one_of(
    st.sampled_from([date(2020, 2, 29), date(2019, 12, 31), date(2020, 1, 31), date(9999, 12, 31), date(1, 1, 1)]),
    st.dates(date(1990, 1, 1), date(2035, 12, 31)),
)
_FIRST, _LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2035-12-31")
MOMENTS = st.one_of(
    st.sampled_from(["2020-02-29", "2020-01-31T12:30:15.5", "2020-01-31T12:30:15", "1969-12-31T23:59:59.9"]).map(
        datetime.fromisoformat
    ),
    st.datetimes(_FIRST, _LAST),
)
STRINGS = st.one_of(
    st.sampled_from(["", "a", "ab", "abc", "B", "é", "汉字", "汉", "a b", "100%", "a_b", "it's", "\\", "Z"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "n": _decimals(5, 2),
    "m": _decimals(4, 1),
    "i": st.one_of(st.integers(-4, 4), st.integers(-9999, 9999)),
    "r": _decimals(4, 2),
    "u": _decimals(9, 3),
    "s": STRINGS,
    "t": STRINGS,
    "b": st.booleans(),
    "c": st.booleans(),
    "d": DATES,
    "e": DATES,
    "at": MOMENTS,
    "bt": MOMENTS,
    "seen": MOMENTS.map(lambda value: value.replace(tzinfo=UTC)),
    "since": MOMENTS.map(lambda value: value.replace(tzinfo=UTC)),
    "span": st.one_of(
        st.sampled_from([timedelta(), timedelta(days=30), timedelta(hours=-25), timedelta(seconds=90)]),
        st.timedeltas(timedelta(days=-400), timedelta(days=400)),
    ),
    "term": st.integers(-40, 40).map(YearMonthDuration),
    "clock": st.one_of(st.sampled_from([time(9), time(9, 0, 0, 500_000), time(23, 59, 59)]), st.times()),
}
ROWS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {name: values if name == "r" else st.one_of(st.none(), values, values, values) for name, values in VALUES.items()}
)


# ---- expressions

NUMBERS = ["n", "m", "i", "r", "0", "1", "-2", "2.5", "0.01", "100", "null", "n", "m", "i", "r"]
TEXTS = ["s", "t", '"a"', '"ab"', '""', '"汉"', '"Z"', "null", "s", "t"]
CONDITIONS = ["b", "c", "true", "false", "null", "b", "c"]
DAYS = ["d", "e", '@"2020-02-29"', '@"1999-12-31"', "null", "d", "e"]
CLOCKED = ["at", "bt", '@"2020-01-31T12:30:15"', '@"2020-01-31T12:30:15.5"', "at", "bt"]
INSTANTS = ["seen", "since", '@"2020-02-29T08:00:00+08:00"', "seen", "since"]
SPANS = ["span", '@"P30D"', '@"PT36H"', '@"-PT0.5S"', "span"]
TERMS = ["term", '@"P1Y"', '@"-P5M"', "term"]
TIMES = ["clock", '@"09:00:00"', '@"09:00:00.5"']
NUMBER_SHAPES = [
    *("({n} + {n})", "({n} - {n})", "({n} * {n})", "({n} / 4)", "({n} / -0.5)", "(-{n})", "abs({n})", "({n} ** 2)"),
    *("floor({n})", "ceiling({n})", "decimal({n}, 1)", "decimal({n}, 0)", "round up({n}, 1)", "round down({n}, 0)"),
    *("round half up({n}, 1)", "round half down({n}, 0)", "modulo({n}, {n})", "modulo({n}, 3)"),
    *("(if {b} then {n} else {n})", "get or else({n}, {n})", "min({n}, {n})", "max([{n}, {n}])", "sum({n}, {n}, {n})"),
    *("string length({s})", "({d}).year", "({d}).day", "({d}).weekday", "({at}).hour", "({at}).minute", "({at}).month"),
    *("({span}).days", "({span}).hours", "({span}).minutes", "({term}).years", "({term}).months", "day of year({d})"),
    *("week of year({d})", "years and months duration({d}, {d}).years", "({d} - {d}).days", "count([{n}, {s}])"),
]
TEXT_SHAPES = [
    *("({s} + {s})", "substring({s}, 1)", "substring({s}, 2, 2)", "substring({s}, -1)", "substring({s}, -2, 1)"),
    *("substring before({s}, {s})", "substring after({s}, {s})", "(if {b} then {s} else {s})", "get or else({s}, {s})"),
]
CONDITION_SHAPES = [
    *("({b} and {b})", "({b} or {b} or {b})", "not({b})", "({b} = {b})", "({b} != {b})", "(if {b} then {b} else {b})"),
    *(
        "({n} = {n})",
        "({n} != {n})",
        "({n} < {n})",
        "({n} <= {n})",
        "({n} > {n})",
        "({n} >= {n})",
        "({n} / {n} <= {n})",
    ),
    *("({n} / {n} = {n})", "({n} / {n} > {n} / {n})", "({n} / {n} != {n})", "({n} between {n} and {n})"),
    *("({s} = {s})", "({s} < {s})", "({s} >= {s})", "({s} between {s} and {s})", "({n} = {s})", "({n} < {s})"),
    *("({d} = {d})", "({d} < {d})", "({d} between {d} and {d})", "({d} < {at})", "({at} <= {d})", "({d} = {at})"),
    *("({at} = {at})", "({at} != {at})", "({at} < {at})", "({seen} = {seen})", "({seen} > {seen})", "({d} < {seen})"),
    *("({at} = {seen})", "({at} < {seen})", "({span} = {span})", "({span} < {span})", "({d} - {d} > {span})"),
    *("({at} - {at} <= {span})", "({seen} - {seen} > {span})", "({term} < {term})", "({term} = {term})"),
    *("({clock} = {clock})", "({clock} < {clock})", "({clock} != {clock})", "(u = {n})", "(u < 5)", "(u in [1..7])"),
    *(
        "({n} in (1, 2.5, {n}))",
        "({n} in (1, 2, 4))",
        "({n} in ([1..{n}], > {n}))",
        "({n} in ]{n}..{n}])",
        "({n} in [[1..{n}], {n}])",
        "({d} in [{d}..{d}])",
    ),
    *("({n} in [1, {n}, null])", '({s} in ("a", "ab"))', '({n} in ("a", "b"))', "({n} in null)"),
    *(
        '({s} in ["a"..{s}])',
        '({s} in ({s}, "汉"))',
        '({d} in [@"2000-01-01"..@"2020-02-29"])',
        "({d} in ({d}, < {d}))",
    ),
    *('({at} in (@"2020-01-31T12:30:15", > {at}))', "({n} in [5..1])", "({b} in (true, {b}))", "({n} in (< {s}, {n}))"),
    *("contains({s}, {s})", "starts with({s}, {s})", "ends with({s}, {s})", "is defined({n})", "is defined({s})"),
    *("({n} instance of number)", "({s} instance of number)", "(null instance of Null)", "odd({i})", "even({i})"),
    *("list contains([1, {n}, null], {n})", 'list contains([{s}, "a"], {s})', "all({b}, {b})", "any([{b}, {b}])"),
    *("({n} = null)", "({s} != null)", "({b} = null)", "({n} / {n} = null)", "({d} - {d} = {span})", "({n} and {b})"),
]
DAY_SHAPES = [
    *('({d} + @"P1D")', '({d} - @"P40D")', '({d} + @"P1M")', '({d} - @"P1Y")', '({d} + @"PT36H")', '({d} - @"PT1H")'),
    *("date({at})", "last day of month({d})", "(if {b} then {d} else {d})", "max({d}, {d})", '(@"P1D" + {d})'),
]
CLOCKED_SHAPES = ['({at} + @"PT90M")', '({at} - @"P1DT0.5S")', '({at} + @"P1M")', "(if {b} then {at} else {at})"]
INSTANT_SHAPES = ['({seen} + @"PT90M")', '({seen} - @"P40D")', "get or else({seen}, {seen})"]
SPAN_SHAPES = [
    "({d} - {d})",
    "({at} - {at})",
    "({span} + {span})",
    "({span} - {span})",
    "(-{span})",
    "abs({span})",
    "(3 * {span})",
]
TERM_SHAPES = [
    "years and months duration({d}, {d})",
    "({term} + {term})",
    "(-{term})",
    "({term} * 2)",
    "(if {b} then {term} else {term})",
]


@dataclass(frozen=True, slots=True)
class _Kind:
    atoms: list[str]
    shapes: list[str]


KINDS = {
    "n": _Kind(NUMBERS, NUMBER_SHAPES),
    "s": _Kind(TEXTS, TEXT_SHAPES),
    "b": _Kind(CONDITIONS, CONDITION_SHAPES),
    "d": _Kind(DAYS, DAY_SHAPES),
    "at": _Kind(CLOCKED, CLOCKED_SHAPES),
    "seen": _Kind(INSTANTS, INSTANT_SHAPES),
    "span": _Kind(SPANS, SPAN_SHAPES),
    "term": _Kind(TERMS, TERM_SHAPES),
    "clock": _Kind(TIMES, []),
    "i": _Kind(["i", "3", "i", "0"], ["string length({s})", "({d}).month", "({i} + {i})"]),
}


class _Drawn(Mapping[str, str]):
    """Fills a shape: every `{n}` in it is another expression."""

    def __init__(self, draw: st.DrawFn, depth: int) -> None:
        self.draw, self.depth = draw, depth

    def __getitem__(self, kind: str) -> str:
        return _text(self.draw, kind, self.depth)

    def __iter__(self) -> Any:
        return iter(KINDS)

    def __len__(self) -> int:
        return len(KINDS)


def _text(draw: st.DrawFn, kind: str, depth: int) -> str:
    found = KINDS[kind]
    if depth <= 0 or not found.shapes or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(found.atoms))
    return draw(st.sampled_from(found.shapes)).format_map(_Drawn(draw, depth - 1))


@st.composite
def expressions(draw: st.DrawFn, kind: str = "b", depth: int = 3) -> str:
    """A text of a kind (a key of KINDS) that is an operation, not a name alone."""
    return draw(st.sampled_from(KINDS[kind].shapes)).format_map(_Drawn(draw, depth - 1))


# ---- comparing


def canonical(value: Any, unit: str) -> Any:
    """A value of a closure in the form in which SQL gives it."""
    if isinstance(value, YearMonthDuration):
        return value.months
    if isinstance(value, WideDate) or type(value) is date:
        return day_number(value)
    if isinstance(value, timedelta):
        return value / timedelta(days=1) if unit == "day" else value // timedelta(microseconds=1)
    return value


def same(left: Any, right: Any) -> bool:
    """Whether two values are the same: true is not 1, and null is only null."""
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def sql_value(value: Any) -> Any:
    """A value of a row as the drivers take it; durations as texts of intervals."""
    if isinstance(value, YearMonthDuration):
        return f"{value.months} months"
    if isinstance(value, timedelta):
        return f"{value // timedelta(microseconds=1)} microseconds"
    return value


Fetch = Callable[[str, list[dict[str, Any]]], list[tuple[Any, ...]]]
"""Runs SELECT items over rows of TYPES and gives the results in the order of the rows."""


def compare(text: str, rows: list[dict[str, Any]], dialect: Dialect, fetch: Fetch) -> bool:
    """Whether the text was translated; then its SQL gave what its closure gives, for every row."""
    expression = compile_expression(text)
    try:
        translation = translate_expression(expression, COLUMNS, dialect)
    except NotTranslatable:
        return False
    sql = f"({translation.sql()})"
    if translation.kind is Kind.DATE:  # drivers do not know the years that dates may be shifted to
        sql = f"({sql} - DATE '1970-01-01')"
    found = fetch(f"{sql}, ({translation.where()})", rows)
    for row, (value, truth) in zip(rows, found, strict=True):
        wanted = expression(row)
        shown = f"{text}\n{translation.sql()}\n{row}\nclosure {wanted!r}, SQL {value!r}"
        assert same(canonical(wanted, translation.unit), value), shown
        assert (truth is True) == (wanted is True), f"{text}\n{translation.where()}\n{row}\n{wanted!r}, {truth!r}"
    return True


EDGES = [
    *('(d - @"P40D").year', '(d - @"P1Y2M").year', '(d + @"P1D").year', '(d + @"P11M").month', '(d - @"P40D").weekday'),
    *('day of year(d - @"P1D")', 'week of year(d - @"P40D")', 'week of year(d + @"P1D")', "week of year(d)"),
    *('years and months duration(d - @"P40D", e).years', 'years and months duration(d, e + @"P1Y").months'),
    *('d - @"P40D" < e', '(d + @"P1D") - (e - @"P1D") > @"P3652059D"', 'last day of month(d - @"P1D") = e'),
    *("decimal(r, 1)", "round half down(r, 1)", "round up(r, 1)", "modulo(r, -3)", "floor(r / -4)", "ceiling(-r)"),
]
"""Texts about the ends of the calendar and about ties, which generated rows seldom hit together."""
EDGE_ROWS: list[dict[str, Any]] = [
    {**dict.fromkeys(TYPES), "d": one, "e": other, "r": Decimal(number)}
    for one, other, number in zip(
        [date(1, 1, 1), date(1, 1, 31), date(9999, 12, 31), date(9999, 12, 1), date(2020, 12, 31), date(4, 2, 29)],
        [date(9999, 12, 31), date(1, 2, 28), date(1, 1, 1), date(9999, 11, 30), date(2021, 1, 3), date(2020, 2, 29)],
        ["0.25", "0.35", "-0.25", "-0.35", "-7.05", "9999.95"],
        strict=True,
    )
]
