"""PDF/A-2b as an archive asks: output intent, XMP, and every font embedded. (veraPDF itself is not run here.)"""

import re
import zlib
from datetime import UTC, datetime

from engine.documents.pdf import Document, drawable

AT = datetime(2026, 1, 5, 1, 2, 3, tzinfo=UTC)


def made() -> bytes:
    page = Document(title="行权记录", at=AT, subtitle="低保审核确认")
    page.heading("办理经过")
    page.pairs([("单位", "柳荫街道"), ("备注", "a" * 300)])
    page.table(("序号", "事项"), [(str(n), "受理审查") for n in range(80)], widths=(1, 4))
    page.paragraph("材料齐全，同意受理。\n第二行")
    return page.bytes()


def test_the_file_is_marked_as_pdf_a() -> None:
    """XMP names PDF/A-2b, there is an output intent with a profile, and no font without its program."""
    pdf = made()
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert b"/GTS_PDFA1" in pdf
    assert b"/DestOutputProfile" in pdf
    descriptors = re.findall(rb"<<[^>]*?/Type /FontDescriptor.*?>>", pdf, re.S)
    assert descriptors
    assert all(b"/FontFile3" in found or b"/FontFile2" in found for found in descriptors)
    for forbidden in (b"/Encrypt", b"/JavaScript", b"/SMask", b"/EmbeddedFile"):
        assert forbidden not in pdf


def test_pages_follow_and_the_text_can_be_found() -> None:
    """Long tables go on; each glyph tells which character it is (ToUnicode), so the text can be searched."""
    pdf = made()
    assert len(re.findall(rb"/Type /Page\b", pdf)) >= 3
    streams = [_inflated(body) for body in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)]
    assert any(b"beginbfchar" in body and "受".encode("utf-16-be").hex().upper().encode() in body for body in streams)


def _inflated(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return body


def test_what_the_font_lacks_is_shown_as_lacking() -> None:
    """No glyph stands for none: PDF/A forbids it."""
    assert drawable("明\u200b镜\U0001f600\t!") in ("明□镜□    !", "明\u200b镜□    !")
