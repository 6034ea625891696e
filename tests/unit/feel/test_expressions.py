"""What expressions mean: operators, three-valued logic, paths, filters, loops, functions."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

import pytest

from engine.feel import FeelEvaluationError, YearMonthDuration, compile_expression

HOUSEHOLD = {
    "members": [
        {"name": "李", "income": 300},
        {"name": "王", "income": Decimal("120.5")},
        {"name": "孙", "income": None},
    ],
    "amount": 60000,
    "region": "A",
    "limits": {"income": 800},
}
CASES = [
    ("1 + 2 * 3", 7),
    ("2 ** 3 ** 2", 64),
    ("-2 ** 2", 4),
    ("7 / 2", Decimal("3.5")),
    ("1 / 0", None),
    ("0.1 + 0.2 = 0.3", True),
    ("9007199254740993 = 9007199254740992", False),
    ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
    ('1 + "a"', None),
    ('"a" + "b"', "ab"),
    ('amount > 50000 and region in ("A", "B")', True),
    ("amount between 1 and 60000", True),
    ("5 between 10 and 1", False),
    ("amount in [50000..60000)", False),
    ("amount in (< 10, > 50)", True),
    ("amount in null", False),
    ('1 = "1"', None),
    ("null = null", True),
    ("1 = null", False),
    ("1 < null", None),
    ("null and false", False),
    ("null and true", None),
    ("null or true", True),
    ("not(null)", None),
    ('if null then "yes" else "no"', "no"),
    ("limits.income", 800),
    ("limits.nothing.at", None),
    ("nobody", None),
    ("sum(members[income != null].income)", Decimal("420.5")),
    ("count(members[income > 200])", 1),
    ("members[1].name", "李"),
    ("members[-1].name", "孙"),
    ("members[4]", None),
    ("members[0]", None),
    ("members[item.income = 300].name", ["李"]),
    ("amount[1]", 60000),
    ("[1, 2, 3][item > 1]", [2, 3]),
    ("for x in 1..3, y in [x..3] return x * y", [1, 2, 3, 4, 6, 9]),
    ("for x in 3..1 return x", [3, 2, 1]),
    ("for i in 1..4 return if i = 1 then 1 else i * partial[-1]", [1, 2, 6, 24]),
    ("for i in 1..3 return partial", [[], [[]], [[], [[]]]]),
    ("(for i in 1..3 return {before: partial, sum: sum(partial[item != null].sum)})[2].before[1].before", []),
    ("(for i in 1..3 return function() count(partial))[2]()", 1),
    ("0 ** 0", 1),
    ('date and time("2026-01-05T09:00:00@localtime")', None),
    ('date and time("2026-01-05T09:00:00@right/Asia/Shanghai")', None),
    ("0 ** -1", None),
    ("for i in 1e40..1e40 + 3 return string length(string(i))", [41]),
    ("(for i in [1e33..1e33 + 1] return i)[2]", 10**33 + 1),
    ('@"P1Y" * 1e40', None),
    ('@"P9999999999999999999999999999999999M" + @"P1M"', None),
    ("some m in members satisfies m.income > 200", True),
    ("every m in members satisfies m.income > 200", False),
    ("every m in members satisfies m.income > 0", None),
    ("{a: 1, b: a + 1}.b", 2),
    ("{a: 1, a: 2}", None),
    ("(function(a, b) a - b)(5, 3)", 2),
    ('(function(a: number) a)("x")', None),
    ("{f: function(n) if n = 0 then 0 else n + f(n - 1), r: f(10)}.r", 55),
    ("sort([3, 1, 2], function(x, y) x > y)", [3, 2, 1]),
    ('substring(string: "abcdef", start position: 3)', "cdef"),
    ('date and time(date: @"2026-01-05", time: @"09:00:00Z").hour', 9),
    ("1 instance of number", True),
    ('[1, "a"] instance of list<number>', False),
    ("{a: 1} instance of context<a: number>", True),
    ("]1..3[ = (1..3)", True),
    ("[3..1]", None),
    ("// only a comment\n 1 /* and another */", 1),
    ('"\\u{1F600}\\n"', "😀\n"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_expression_has_its_value(text: str, expected: object) -> None:
    """Each text gives exactly the value beside it, of the same type where it is a number or a boolean."""
    value = compile_expression(text)(HOUSEHOLD)
    assert value == expected
    assert (value is None) == (expected is None)
    assert (value is True or value is False) == isinstance(expected, bool)


def test_whole_numbers_stay_int() -> None:
    """Adding and multiplying whole numbers gives int, up to 34 digits."""
    assert type(compile_expression("2 * 3 + 1")({})) is int
    assert compile_expression("99999999999999999 * 99999999999999999")({}) == 9999999999999999800000000000000001
    assert type(compile_expression("999999999999999999 * 999999999999999999")({})) is Decimal


class Region(StrEnum):
    A = "A"


def test_values_of_the_host_become_values_of_feel() -> None:
    """Floats become exact decimals, tuples lists, enumerations strings, other mappings contexts."""
    context: Mapping[str, object] = MappingProxyType(
        {"f": 0.1, "t": (1, 2.5), "e": Region.A, "m": MappingProxyType({"x": 1.5}), "b": True}
    )
    assert compile_expression("f + 0.2 = 0.3")(context) is True
    assert compile_expression("sum(t)")(context) == Decimal("3.5")
    assert compile_expression('e = "A" and e in ("A")')(context) is True
    assert compile_expression("m.x * 2")(context) == 3
    assert compile_expression("t[2]")(context) == Decimal("2.5")
    assert compile_expression("b")(context) is True


def test_a_value_of_an_unknown_class_is_an_error() -> None:
    """What FEEL has no kind for is never taken for null."""
    with pytest.raises(FeelEvaluationError, match="bytes"):
        compile_expression("x = 1")({"x": b"raw"})
    with pytest.raises(FeelEvaluationError, match="number"):
        compile_expression("x > 1")({"x": Decimal("NaN")})


def test_the_clock_is_an_argument() -> None:
    """now() and today() are what the caller says; without a clock they are an error."""
    now = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert compile_expression('today() - @"2026-01-01" = @"P4D"')({}, now=now) is True
    assert compile_expression("now()")({}, now=now) == now
    with pytest.raises(FeelEvaluationError, match="clock"):
        compile_expression("today()")({})


def test_dates_and_durations_calculate() -> None:
    """Months are clipped to the end of shorter ones, days are real time."""
    assert compile_expression('date("2026-01-31") + @"P1M"')({}) == date(2026, 2, 28)
    assert compile_expression('@"P1Y" / 5')({}) == YearMonthDuration(2)
    assert (
        compile_expression('(@"2026-03-29T03:30:00@Europe/Paris" - @"2026-03-29T01:30:00@Europe/Paris").hours')({}) == 1
    )
    assert compile_expression('years and months duration(@"2024-02-29", @"2026-02-28").months')({}) == 11
    assert compile_expression('string(@"-P1DT2H3.5S")')({}) == "-P1DT2H3.5S"


def test_declared_names_may_hold_spaces_and_signs() -> None:
    """Names with spaces, signs and Chinese are recognised when they are declared; the longest wins."""
    names = {"monthly salary", "monthly salary-net", "家庭 月收入", "in-laws"}
    context = {"monthly salary": 10, "monthly salary-net": 7, "家庭 月收入": 5, "in-laws": 2}
    assert compile_expression("monthly  salary - 1", names=names)(context) == 9
    assert compile_expression("monthly salary-net", names=names)(context) == 7
    assert compile_expression("家庭 月收入 * in-laws", names=names)(context) == 10


def test_no_variable_takes_the_place_of_a_word_of_the_language() -> None:
    """Data with keys such as `true`, `null` or `and` changes nothing of what a text means."""
    data = {"true": False, "null": 1, "and": 7, "in": 2, "for": 3, "not": True, "x": 5}
    for text, value in (
        ("true", True),
        ("null", None),
        ("x > 1 and true", True),
        ("for y in [1] return y", [1]),
        ("{if: 1}.if", 1),
    ):
        assert compile_expression(text, names=data.keys())(data) == value


def test_an_expression_tells_the_names_it_reads() -> None:
    """Names defined in the text, built-in names and names inside filters are not among them."""
    text = "{a: x, b: a + count(list[price > y])}.b + (for i in z return i)[1]"
    assert compile_expression(text).names == {"x", "list", "z"}


def test_a_variable_may_have_the_name_of_a_function() -> None:
    """The variable is read, the function is called."""
    assert compile_expression("count + count([1, 2])")({"count": 5}) == 7
