"""JavaScript patterns mean on the server what they mean in the browser, or are refused."""

import time

import pytest

from engine.forms.patterns import PatternError, compile_pattern
from engine.forms.phone import PHONE


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^[0-9A-HJ-NPQRTUWXY]{18}$", "91210100MA0P4XYT2E", True),
        ("^[\\u4e00-\\u9fa5·]{2,30}$", "古丽·阿依", True),
        ("^[\\u4e00-\\u9fa5]+$", "Li", False),
        ("^a$", "a\n", False),
        ("^a.b$", "a\u2028b", False),
        ("^a.b$", "a\u3000b", True),
        ("^a\\sb$", "a\u3000b", True),
        ("^[^\\s@]+$", "a\u00a0b", False),
        ("^\\S+$", "a\u3000b", False),
        ("^\\d+$", "１２３", False),
        ("^\\w+$", "中", False),
        ("^\\x41\\.\\/\\-$", "A./-", True),
        ("(?:a|b)\\b", "xb ", True),
        ("^[.]$", "x", False),
        ("^[(?]$", "?", True),
        ("^[a[]$", "[", True),
        ("^[[:alpha:]$", ":", True),
        ("^[[:alpha:]$", "b", False),
        ("(?<year>\\d{4})", "2026", True),
    ],
)
def test_meaning(pattern: str, text: str, found: bool) -> None:
    """Anchors, dot, classes, escapes and Unicode spaces as JavaScript reads them."""
    assert bool(compile_pattern(pattern).search(text)) is found


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)", "(?!a)b", "(?<=a)b", "(a)\\1", "(?i)a", "(?P<n>a)", "\\p{Han}", "\\Aa", "\\Qa", "[]", "[^]",
        "(", "a**", "[\\S]", "\\ud83d", "a{1001}", "a" * 5000,
    ],
)  # fmt: skip
def test_refused(pattern: str) -> None:
    """Look-around, back-references and what only one of the two engines knows."""
    with pytest.raises(PatternError):
        compile_pattern(pattern)


def test_no_pattern_is_slow() -> None:
    """A pattern that hangs a backtracking engine takes linear time here."""
    started = time.monotonic()
    assert compile_pattern("^(a+)+$").search("a" * 20_000 + "b") is None
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("text", "right"), [("+4930664040900", True), ("008613800000000", True), ("13800000000", False), ("+86 138", False)]
)
def test_phone(text: str, right: bool) -> None:
    """International numbers only, as the viewer."""
    assert bool(PHONE.search(text)) is right
