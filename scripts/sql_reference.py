"""What FEEL has in SQL: tries an example of every construct and of every built-in function in every dialect.

The page docs/reference/feel-sql.md is made from it by `scripts/reference.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from engine.feel import FeelError
from engine.feel.builtins import BUILTINS
from engine.feel.sql import Dialect, NotTranslatable, columns_of, translate_expression
from engine.feel.sql.functions import translated_functions

COLUMNS = columns_of(
    {
        "n": "number(9,2)",
        "m": "number(9,2)",
        "i": "integer(4)",
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
        "clock": "time",
        "span": "days and time duration",
        "term": "years and months duration",
        "person": {"age": "integer(3)"},
    }
)
CONSTRUCTS: Mapping[str, str] = {
    "literals": "if b then 1.5 else 2",
    "`and`, `or`, `not`": "b and not(c) or b",
    "`if`": "if b then n else m",
    "`=`, `!=`": "n != m",
    "`<`, `<=`, `>`, `>=` of numbers": "n < m",
    "order of strings": 's < "b"',
    "values of different kinds": "n = s",
    "`between`": "n between 1 and m",
    "`in` with values": 's in ("a", "b")',
    "`in` with ranges": "n in ([1..5], > m)",
    "`in` with a list": "n in [1, m, null]",
    "`instance of`": "n instance of number",
    "`+`, `-`, `*` of numbers": "n * m - 1",
    "`/` by a literal such as 4 or 100": "n / 4",
    "`/` in a comparison": "n / i <= 830",
    "`/` elsewhere": "n / i",
    "`**` with a small literal": "n ** 2",
    "`+` of strings": "s + t",
    "entry of a context that is a column": "person.age >= 18",
    "date with date, date with date and time": "d < at",
    "date with instant": "d < seen",
    "equality of dates and times": "at = bt",
    "order of instants": "seen < since",
    "time of day": 'clock < @"09:00:00"',
    "date minus date": 'd - e > @"P30D"',
    "date plus days": 'd + @"P30D"',
    "date plus months": 'd + @"P1M"',
    "date and time plus time": 'at + @"PT90M"',
    "date and time minus another": 'at - bt < @"PT1H"',
    "instant plus time": 'seen + @"PT90M"',
    "column of days and time": 'span > @"P1D"',
    "column of years and months": 'term > @"P1Y"',
    "parts of dates": "d.year",
    "weekday": "d.weekday",
    "parts of durations": "(d - e).days",
    "`today()`, `now()` (literals of the given clock)": "d < today()",
    "list as a value": "[n, m]",
    "context as a value": "{a: n}",
    "filter": "[1, 2][item > n]",
    "`for`": "for x in [1, 2] return x + n",
    "`some`, `every`": "some x in [1, 2] satisfies x > n",
    "function definition": "function(x) x + n",
    "call with named arguments": "contains(string: s, match: t)",
}
FUNCTIONS: Mapping[str, str] = {
    "abs": "abs(n)",
    "all": "all(b, c)",
    "any": "any(b, c)",
    "ceiling": "ceiling(n)",
    "contains": "contains(s, t)",
    "count": "count([n, m])",
    "date": "date(at)",
    "day of year": "day of year(d)",
    "decimal": "decimal(n, 1)",
    "ends with": "ends with(s, t)",
    "even": "even(i)",
    "floor": "floor(n)",
    "get or else": "get or else(n, 0)",
    "is defined": "is defined(n)",
    "last day of month": "last day of month(d)",
    "list contains": 'list contains(["a", s], t)',
    "max": "max(n, m)",
    "min": "min(n, m)",
    "modulo": "modulo(n, m)",
    "not": "not(b)",
    "odd": "odd(i)",
    "round down": "round down(n, 1)",
    "round half down": "round half down(n, 1)",
    "round half up": "round half up(n, 1)",
    "round up": "round up(n, 1)",
    "starts with": "starts with(s, t)",
    "string length": "string length(s)",
    "substring": "substring(s, 2)",
    "substring after": "substring after(s, t)",
    "substring before": "substring before(s, t)",
    "sum": "sum(n, m)",
    "week of year": "week of year(d)",
    "years and months duration": "years and months duration(d, e)",
}
NOW = "2026-01-05T09:00:00+08:00"


def refusal(text: str, dialect: Dialect) -> str:
    """Why an example has no SQL in a dialect; empty when it has."""
    try:
        translate_expression(text, COLUMNS, dialect, now=datetime.fromisoformat(NOW))
    except NotTranslatable as error:
        return error.refusal.reason
    except FeelError as error:
        raise AssertionError(f"the example `{text}` is wrong: {error}") from error
    return ""


def rows(examples: Mapping[str, str], *, code: bool) -> Iterator[list[str]]:
    """A line for each example: its name, itself, a mark for each dialect, and the reason where one refuses."""
    for name, text in examples.items():
        reasons = [refusal(text, dialect) for dialect in Dialect]
        marks = ["no" if reason else "yes" for reason in reasons]
        why = next((reason for reason in reasons if reason), "")
        shown = f"`{name}`" if code else name
        yield [one.replace("|", "\\|") for one in (shown, f"`{text}`", *marks, why)]


def head() -> Iterable[str]:
    """The heads of the columns."""
    return ["", "example", *(dialect.value for dialect in Dialect), "where it is refused"]


def refused_functions() -> list[str]:
    """The built-in functions that no dialect has; of literals they are evaluated beforehand, as anything is."""
    return sorted(set(BUILTINS) - set(translated_functions()))


def parts(table: Callable[[Iterable[str], Iterable[Iterable[str]]], str]) -> list[str]:
    """The parts of the page."""
    names = ", ".join(f"`{name}`" for name in refused_functions())
    about = (
        "What is refused raises `NotTranslatable` with the construct, the reason and the place, and can be evaluated\n"
        "in batches ([the guide](../developer/feel-sql.md)). DuckDB and PostgreSQL are compared with the closures; of\n"
        "the other dialects only the syntax is tested. What reads no column is evaluated beforehand and always has\n"
        "SQL.\n"
    )
    return [
        about,
        "## Constructs\n",
        table(head(), rows(CONSTRUCTS, code=False)),
        "## Functions\n",
        table(head(), rows(FUNCTIONS, code=True)),
        "## Functions that no dialect has for columns\n",
        f"{names}\n",
    ]
