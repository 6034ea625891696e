"""What is refused when a text is compiled, and where the fault is said to be."""

import pytest

from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests

NAMES = {"income", "members", "f"}
FAULTS = [
    ("1 +", 1, 4, "an expression is expected, found the end"),
    ("income >\n  (1", 2, 5, "`)` is expected"),
    ('"abc', 1, 1, "unterminated string"),
    ("income # 2", 1, 8, "unexpected character '#'"),
    ("income + incom", 1, 10, "the name `incom` is not known here"),
    ("income，income", 1, 1, "full-width"),
    ("sum(members[price > limit]) + foo(1)", 1, 31, "there is no function `foo`"),
    ('substring("a")', 1, 1, "`substring` does not take 1 arguments"),
    ("floor(n: 1, digits: 2)", 1, 1, "`floor` does not take arguments named n, digits"),
    ("uuid()", 1, 1, "the function `uuid` is refused: it gives another value every time"),
    ("random number() > 1", 1, 1, "refused"),
    ('function(x) external {java: {class: "a"}}', 1, 1, "no foreign code"),
    ("if income then 1", 1, 17, "`else` is expected"),
    ("1e99999", 1, 1, "too large"),
    ("income == 1", 1, 9, "an expression is expected, found `=`; equality is one `=`"),
    ("income > 1 && members > 1", 1, 12, "write `and`"),
    ("income > 1 || members > 1", 1, 12, "write `or`"),
    ("!income", 1, 1, "write `not(…)`"),
    ("income % 2", 1, 8, "write `modulo(a, b)`"),
    ("income <> 2", 1, 9, "write `!=`"),
    ("income = 'a'", 1, 10, "straight double quotes"),
    ("income = “a”", 1, 10, "straight double quotes"),
    ("[1; 2]", 1, 3, "a comma stands between items"),
    ("income in 1..5", 1, 12, "a range is `[1..5]`"),
    ("income = TRUE", 1, 10, "written small: `true`"),
    ("income > 1 AND members > 1", 1, 12, "written small: `and`"),
    ("max(1，2)", 1, 6, "half-width sign `,`"),
    ("for x return x", 1, 5, "a variable name and `in` are expected"),
    ('__import__("os").system("id")', 1, 1, "there is no function `__import__`"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), FAULTS)
def test_a_fault_has_a_place_and_a_reason(text: str, line: int, column: int, message: str) -> None:
    """The error names line and column from 1 and says in words what is wrong."""
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text, names=NAMES)
    assert message in caught.value.reason
    assert (caught.value.line, caught.value.column) == (line, column)


def test_without_names_the_unknown_is_null() -> None:
    """Standalone texts follow the standard: unknown names and functions and wrong numbers of arguments are null."""
    for text in ("unknown + 1", "foo(1)", 'substring("a")'):
        assert compile_expression(text)({}) is None


def test_non_deterministic_functions_are_always_refused() -> None:
    """Also without declared names: a replay must give the same value."""
    with pytest.raises(FeelSyntaxError, match="refused"):
        compile_expression("uuid()")


def test_a_declared_name_may_be_a_function() -> None:
    """A variable that holds a function can be called."""
    assert compile_expression("f(1)", names=NAMES)({"f": compile_expression("function(x) x + 1")({})}) == 2


def test_local_names_are_known() -> None:
    """Loop variables, parameters, entries of contexts, `item`, `partial` and `?` need no declaration."""
    given = {"income": 1, "members": [{"income": 2}, {"income": 1}]}
    for text, value in (
        ("for i in 1..3 return i + count(partial)", [1, 3, 5]),
        ("{a: 1, b: a}", {"a": 1, "b": 1}),
        ("{f: function(n) if n > 9 then n else f(n + 1), r: f(1)}.r", 10),
        ("members[item.income > 1]", [{"income": 2}]),
        ("some m in members satisfies m.income > income", True),
        ("(function(x) x)(1)", 1),
    ):
        assert compile_expression(text, names=NAMES)(given) == value, text
    assert compile_unary_tests("? > income", names=NAMES)(2, given) is True


def test_cells_are_checked_too() -> None:
    """Unknown names in unary tests are a fault."""
    with pytest.raises(FeelSyntaxError, match="limit"):
        compile_unary_tests("< limit", names=NAMES)
