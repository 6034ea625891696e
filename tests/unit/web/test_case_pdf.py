"""The print-out of a case: a PDF with its own font in it, and a code that can be read aloud."""

import io
from datetime import UTC, datetime

from flask import Flask, g
from fontTools.ttLib import TTFont

from engine.model.trace_entries import Head
from engine.service.printouts import ALPHABET, Printing, _new_code, spaced
from tests.unit.web import page_samples as samples
from tests.unit.web.test_pages import app as app  # noqa: PLC0414 -- a fixture
from web.printing import case_pdf, fonts


def test_the_font_has_the_characters_and_no_others() -> None:
    """TrueType outlines of exactly these, whose shapes are not empty; a character that no font has leaves a box."""
    made = TTFont(io.BytesIO(fonts.truetype(frozenset("明镜A\uf8ff"))))
    assert set(made.getBestCmap()) == {ord(character) for character in "明镜A "}
    assert all(made["glyf"][made.getBestCmap()[ord(character)]].numberOfContours > 0 for character in "明镜A")


def test_a_case_is_printed_with_its_font_and_its_code(app: Flask) -> None:
    """On A4, each character drawn from a font inside the file; two print-outs share no font."""
    printing = Printing(
        view=samples.case_view(),
        code=_new_code(),
        head=Head(seq=9, hash=bytes(32)),
        at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    with app.test_request_context("/"):
        g.actor = samples.actor("clerk")
        data = case_pdf.make(printing, "https://example.test/verify")
        again = case_pdf.make(printing, "https://example.test/verify")
    assert data.startswith(b"%PDF-")
    assert b"/FontFile2" in data
    assert b"595.2756 841.8898" in data
    assert len(data) < 400_000
    assert again != data


def test_codes_are_long_and_cannot_be_misread() -> None:
    """Sixteen of 31 characters, more than 79 bits, in groups of four on the paper."""
    codes = {_new_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(set(code) <= set(ALPHABET) and len(code) == 16 for code in codes)
    assert not set("ILO01") & set(ALPHABET)
    assert spaced("ABCDEFGHJKMNPQRS") == "ABCD-EFGH-JKMN-PQRS"
