"""File names: one visible line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.files.names import MAXIMUM_CHARACTERS, normalise, split_extension
from engine.model.errors import Invalid


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("申请书.pdf", "申请书.pdf"),
        ("C:\\Users\\lin\\申请书.pdf", "申请书.pdf"),
        ("../../etc/a.pdf", "a.pdf"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\r\n c.pdf", "ab c.pdf"),
        (' a"b<c>.pdf. ', "a_b_c_.pdf"),
        ("CON.pdf", "_CON.pdf"),
        (".jpg", "jpg"),
        ("a.JPG", "a.JPG"),
    ],
)
def test_normalised(given_name: str, kept: str) -> None:
    """No path, nothing invisible, NFC, nothing that a desktop cannot store."""
    assert normalise(given_name) == kept


@pytest.mark.parametrize("name", ["", " ", "..", "folder/", "\u202e", "\x00"])
def test_nothing_left(name: str) -> None:
    """A name of which nothing is left is an input error."""
    with pytest.raises(Invalid) as caught:
        normalise(name)
    assert caught.value.code == "file.name"


def test_long_names_keep_their_extension() -> None:
    """At most 200 characters, the ending among them."""
    name = normalise("长" * 500 + ".pdf")
    assert len(name) == MAXIMUM_CHARACTERS
    assert name.endswith(".pdf")


@given(st.text(max_size=300))
def test_any_name(name: str) -> None:
    """Whatever comes: normalised once is normalised for good."""
    try:
        kept = normalise(name)
    except Invalid:
        return
    assert normalise(kept) == kept
    assert 0 < len(kept) <= MAXIMUM_CHARACTERS
    assert kept == unicodedata.normalize("NFC", kept)
    assert not set("/\\\x00\n") & set(kept)


@pytest.mark.parametrize(
    ("name", "parts"),
    [("a.PDF", ("a", "pdf")), ("a", ("a", "")), ("a.tar.gz", ("a.tar", "gz")), ("第1.2章 说明", ("第1.2章 说明", ""))],
)
def test_extension(name: str, parts: tuple[str, str]) -> None:
    """A dot in the middle of a sentence is no extension."""
    assert split_extension(name) == parts
