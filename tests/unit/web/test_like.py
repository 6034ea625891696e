"""`$like` patterns."""

import pytest

from web.api.schemas.search import like


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("a*c", "abbc", True),
        ("a*c", "abcd", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("*", "", True),
        ("", "", True),
        ("", "a", False),
        ("a\\*c", "a*c", True),
        ("a\\*c", "abc", False),
        ("*a*a*b", "aaaaaaaaaab", True),
        ("*.*", "ab", False),
        ("低*", "低保", True),
    ],
)
def test_like(pattern: str, text: str, fits: bool) -> None:
    """Star for any characters, question mark for one, backslash takes the next as it is."""
    assert like(pattern, text) is fits


def test_no_pattern_is_expensive() -> None:
    """Many stars over a long text end at once."""
    assert not like("*a" * 100 + "b", "a" * 3000)
