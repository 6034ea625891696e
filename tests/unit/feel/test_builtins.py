"""One or two examples of every built-in function; the standard's own kit has the rest."""

from decimal import Decimal

import pytest

from engine.feel import FeelEvaluationError, compile_expression
from engine.feel.builtins import BUILTINS

CASES = [
    ('substring("城市居民", 2, 2)', "市居"),
    ('substring("abc", -2)', "bc"),
    ('string length("居民😀")', 3),
    ('upper case("ab") + lower case("CD")', "ABcd"),
    ('substring before("a-b-c", "-")', "a"),
    ('substring after("a-b-c", "-")', "b-c"),
    ('contains("abc", "b") and starts with("abc", "a") and ends with("abc", "c")', True),
    ('replace("2026-01", "(\\\\d+)-(\\\\d+)", "$2/$1")', "01/2026"),
    ('matches("210190199001011234", "^[0-9]{17}[0-9X]$")', True),
    ('matches("李雷", "^\\\\w+$")', True),
    ('matches("xyz", "[a-z-[aeiou]]+")', True),
    ('matches("a", "(?=a)")', None),
    ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
    ('string join(["a", null, "b"], "、")', "a、b"),
    ('extract("a1b22", "[0-9]+")', ["1", "22"]),
    ('trim("  a ")', "a"),
    ('is blank(" ")', True),
    ("is empty([])", True),
    ('to base64("FEEL")', "RkVFTA=="),
    ('from base64("RkVFTA==")', "FEEL"),
    ('from base64("?")', None),
    ('string join(["a", "b"], ", ", "[", "]")', "[a, b]"),
    ("append(list: [1], items: 2)", [1, 2]),
    ('string(date and time(@"2026-01-05T01:00:00Z", "Asia/Shanghai"))', "2026-01-05T09:00:00@Asia/Shanghai"),
    ('string(date and time(@"2026-01-05T09:00:00", "Asia/Shanghai"))', "2026-01-05T09:00:00@Asia/Shanghai"),
    ('date and time(@"2026-01-05T09:00:00", "Nowhere")', None),
    ("decimal(1, 99999999)", None),
    ("round up(1.5, 1e6000)", None),
    ("floor(1.5, -6112)", None),
    ('from json("\\"\\\\ud83d\\"")', None),
    ('from json("\\"\\\\ud83d\\\\ude00\\"")', "😀"),
    ("list contains([1, null], null)", True),
    ("count([1, 2])", 2),
    ("min(3, 1, 2) + max([3, 1, 2])", 4),
    ("sum(1, 2.5)", Decimal("3.5")),
    ("sum([])", None),
    ('sum([@"P1D", @"PT12H"]) = @"P1DT12H"', True),
    ("product([2, 3])", 6),
    ("mean(1, 2)", Decimal("1.5")),
    ("median([3, 1, 2])", 2),
    ("mode([1, 2, 2])", [2]),
    ("stddev([2, 4, 7, 5])", Decimal("2.081665999466132735282297706979931")),
    ("all([true, null])", None),
    ("any([false, true])", True),
    ("sublist([1, 2, 3], 2, 1)", [2]),
    ("append([1], 2, 3)", [1, 2, 3]),
    ("concatenate([1], [2])", [1, 2]),
    ("insert before([1, 3], 2, 2)", [1, 2, 3]),
    ("remove([1, 2], 1)", [2]),
    ("reverse([1, 2])", [2, 1]),
    ("index of([1, 2, 1], 1)", [1, 3]),
    ("union([1, 2], [2, 3.0])", [1, 2, 3]),
    ('distinct values([1, "1", 1.0, true, [1], [1]])', [1, "1", True, [1]]),
    ("duplicate values([1, 2, 2, 1])", [1, 2]),
    ("flatten([1, [2, [3]]])", [1, 2, 3]),
    ("list replace([1, 2], 2, 5)", [1, 5]),
    ("list replace([1, 2], function(item, new) item = 1, 5)", [5, 2]),
    ("sort([3, 1, 2])", [1, 2, 3]),
    ("partition([1, 2, 3], 2)", [[1, 2], [3]]),
    ("decimal(2.5, 0)", 2),
    ("floor(-1.5) + ceiling(1.5)", 0),
    ("floor(1.57, 1)", Decimal("1.5")),
    ("round up(1.01, 1)", Decimal("1.1")),
    ("round down(-1.19, 1)", Decimal("-1.1")),
    ("round half up(2.5, 0)", 3),
    ("round half down(2.5, 0)", 2),
    ("abs(-3)", 3),
    ('abs(@"-P1D") = @"P1D"', True),
    ("modulo(-12, 5)", 3),
    ("sqrt(16)", 4),
    ("log(1)", 0),
    ("exp(0)", 1),
    ("odd(3) and even(2)", True),
    ('number("1.234,5", ".", ",")', Decimal("1234.5")),
    ('number("abc")', None),
    ("string(1.50)", "1.5"),
    ('string({a: [1, "x"], b: null})', '{a: [1, "x"], b: null}'),
    ("string(null)", None),
    ('string(date("2026-01-05"))', "2026-01-05"),
    ("string(date(2026, 1, 5))", "2026-01-05"),
    ('string(time("09:30:00.5+08:00"))', "09:30:00.5+08:00"),
    ('string(time(9, 30, 0, duration("PT8H")))', "09:30:00+08:00"),
    ('string(date and time("2026-01-05T24:00:00"))', "2026-01-06T00:00:00"),
    ('string(date and time(date(2026, 1, 5), time("09:00:00@Asia/Shanghai")))', "2026-01-05T09:00:00@Asia/Shanghai"),
    ('date("2026-02-30")', None),
    ('duration("P1Y2M").years', 1),
    ('years and months duration(date("2025-01-31"), date("2026-01-30")).months', 11),
    ('is(@"09:00:00Z", @"09:00:00+00:00")', True),
    ('is(@"09:00:00Z", @"10:00:00+01:00")', False),
    ('day of year(@"2026-02-01")', 32),
    ('day of week(@"2026-01-05")', "Monday"),
    ('month of year(@"2026-01-05")', "January"),
    ('week of year(@"2026-01-05")', 2),
    ('string(last day of month(@"2024-02-01"))', "2024-02-29"),
    ('get value({a: 1}, "a")', 1),
    ('get value({a: {b: 2}}, ["a", "b"])', 2),
    ("get entries({a: 1})", [{"key": "a", "value": 1}]),
    ('context([{key: "a", value: 1}])', {"a": 1}),
    ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
    ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
    ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
    ("before(1, [2..3]) and after([5..6], 4)", True),
    ("meets([1..2], [2..3]) and met by([2..3], [1..2])", True),
    ("overlaps([1..3], [2..4])", True),
    ("overlaps before([1..3], [2..4]) and overlaps after([2..4], [1..3])", True),
    ("finishes(3, [1..3]) and finished by([1..3], 3)", True),
    ("includes([1..3], 2) and during(2, [1..3])", True),
    ("starts(1, [1..3]) and started by([1..3], 1)", True),
    ("coincides([1..3], [1..3])", True),
    ('range("[1..3)") = [1..3)', True),
    ("is defined(nothing)", False),
    ("get or else(nothing, 5)", 5),
    ('assert(5, 5 > 1, "too small")', 5),
    ('from json("{\\"a\\": [1, 2.50, null]}")', {"a": [1, Decimal("2.5"), None]}),
    ('to json({a: [1, 2.50, @"2026-01-05"]})', '{"a":[1,2.5,"2026-01-05"]}'),
    ("not(true)", False),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_function_gives_its_value(text: str, expected: object) -> None:
    """Each call gives the value beside it."""
    value = compile_expression(text, names={"nothing"})({})
    assert value == expected
    assert (value is None) == (expected is None)


def test_a_failed_assertion_is_an_error() -> None:
    """`assert` ends the evaluation with the cause in the message."""
    with pytest.raises(FeelEvaluationError, match="too small"):
        compile_expression('assert(0, 0 > 1, "too small")')({})


def test_every_function_has_an_example() -> None:
    """No built-in function goes without a case above, but those that read the clock."""
    text = " ".join(case[0] for case in CASES)
    assert [name for name in BUILTINS if f"{name}(" not in text] == ["now", "today"]
