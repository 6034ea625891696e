"""A case on A4: what it is, every step with its opinion and changes, the list of attachments, and how to check it."""

import io
import re
import secrets
from collections.abc import Iterator
from xml.sax.saxutils import escape

from flask_babel import gettext
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from engine.model.views import FileView, TimelineEntry
from engine.service.printouts import Printing, spaced
from web.pages import labels, showing
from web.printing import fonts

_LINE = colors.HexColor("#8c98a6")
_TINT = colors.HexColor("#f4f6f9")
_MARGIN = 18 * mm
_TAG = re.compile(r"<[^>]*>")
_ALWAYS = frozenset(chr(code) for code in range(0x20, 0x7F)) | frozenset("第页共，、。：；—·…（）")

Row = tuple[str, str]
Block = tuple[str, object]
"""A kind with its content: ``title``, ``head``, ``text`` and ``quote`` have a text, ``pairs`` and ``table`` rows."""


def make(printing: Printing, address: str) -> bytes:
    """The PDF. address: of the page that answers to the code."""
    blocks = list(_blocks(printing, address))
    name = f"Mingjing{secrets.token_hex(6)}"
    used = _ALWAYS | frozenset(character for _, content in blocks for character in _TAG.sub("", str(content)))
    pdfmetrics.registerFont(TTFont(name, io.BytesIO(fonts.truetype(used | frozenset(spaced(printing.code))))))
    try:
        return _set(blocks, name, printing)
    finally:
        # Each document has a font of its own; reportlab would keep them all.
        pdfmetrics._fonts.pop(name, None)


def _set(blocks: list[Block], font: str, printing: Printing) -> bytes:
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        title=printing.view.case.number, author=gettext("Mingjing"), initialFontName=font, initialFontSize=9,
    )  # fmt: skip
    story = [flowable for kind, content in blocks for flowable in _flowables(kind, content, font)]

    def foot(canvas: Canvas, page: SimpleDocTemplate) -> None:
        canvas.setFont(font, 8)
        canvas.drawString(_MARGIN, 10 * mm, f"{printing.view.case.number} · {spaced(printing.code)}")
        canvas.drawRightString(A4[0] - _MARGIN, 10 * mm, gettext("page %(number)s", number=page.page))

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _flowables(kind: str, content: object, font: str) -> Iterator[Flowable]:
    base = ParagraphStyle("text", fontName=font, fontSize=9.5, leading=15, wordWrap="CJK")
    if kind in ("pairs", "table"):
        small = ParagraphStyle("cell", parent=base, fontSize=8.5, leading=12)
        rows = [[Paragraph(escape(cell), small) for cell in row] for row in content]  # type: ignore[attr-defined]  # rows
        width = A4[0] - 2 * _MARGIN
        count = len(rows[0])
        widths = [0.22 * width, 0.78 * width] if count == 2 else [width / count] * count
        style = [("GRID", (0, 0), (-1, -1), 0.4, _LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        style.append(("BACKGROUND", (0, 0), (0, -1) if kind == "pairs" else (-1, 0), _TINT))
        yield Table(rows, colWidths=widths, repeatRows=0 if kind == "pairs" else 1, style=TableStyle(style))
        yield Spacer(0, 3 * mm)
        return
    styles = {
        "title": ParagraphStyle("title", parent=base, fontSize=16, leading=24, alignment=1, spaceAfter=3 * mm),
        "head": ParagraphStyle("head", parent=base, fontSize=11.5, leading=17, spaceBefore=3 * mm, spaceAfter=1 * mm),
        "quote": ParagraphStyle("quote", parent=base, leftIndent=5 * mm, spaceAfter=1.5 * mm),
    }
    yield Paragraph(escape(str(content)).replace("\n", "<br/>"), styles.get(kind, base))


def _blocks(printing: Printing, address: str) -> Iterator[Block]:
    view, case = printing.view, printing.view.case
    yield "title", case.process_name
    facts = [
        (gettext("Case number"), case.number),
        (gettext("Subject"), case.subject or "—"),
        (gettext("Unit"), case.unit_name),
        (gettext("State"), labels.state_label(case.state)),
        (gettext("Started"), f"{showing.beijing(case.started_at)} {case.starter_name}"),
    ]
    if case.ended_at:
        facts.append((gettext("Ended"), showing.beijing(case.ended_at)))
    yield "pairs", [(str(name), str(value)) for name, value in facts]
    yield "head", gettext("Opinions and steps")
    for entry in view.timeline:
        if not entry.refusal:
            yield from _step(entry)
    attached = showing.files_of(view.timeline)
    if listed := (*attached.attachments, *attached.photos):
        yield "head", gettext("List of attachments")
        yield "table", [_names(), *(_file(file) for file in listed)]
    yield from _check(printing, address)


def _step(entry: TimelineEntry) -> Iterator[Block]:
    what = entry.element_name or str(labels.kind_label(entry.kind))
    result = f"（{entry.outcome_name}）" if entry.outcome_name else ""
    who = " ".join(part for part in (entry.unit_name, entry.position_name, entry.person_name) if part)
    yield "text", f"{entry.seq}. {what}{result}　{who or gettext('System')}　{showing.beijing(entry.at)}"
    if entry.opinion or entry.reason:
        yield "quote", entry.opinion or entry.reason
    for found in entry.warnings:
        yield "quote", f"{labels.risk_label(found.level)}：{found.name}。{found.reason}"
    rows = [(change.label or change.path, "；".join(showing.lines(change.new))) for change in entry.changes]
    if rows:
        yield "pairs", rows
    if entry.withheld:
        yield "quote", gettext("More was filled in here than your post may see.")


def _names() -> tuple[str, ...]:
    names = (
        gettext("File name"),
        gettext("Required material"),
        gettext("Uploaded by"),
        gettext("Uploaded at"),
        "SHA-256",
    )
    return tuple(str(name) for name in names)


def _file(file: FileView) -> tuple[str, ...]:
    return (file.name, file.material or "—", file.uploaded_by, showing.beijing(file.uploaded_at), file.sha256)


def _check(printing: Printing, address: str) -> Iterator[Block]:
    yield "head", gettext("Verification")
    yield (
        "pairs",
        [
            (str(gettext("Verification code")), spaced(printing.code)),
            (str(gettext("Entries of the trace")), str(printing.head.seq)),
            (str(gettext("Seal")), printing.head.hash.hex()),
            (str(gettext("Printed")), showing.beijing(printing.at)),
        ],
    )
    yield (
        "text",
        gettext(
            "Enter the code at %(address)s: the page says whether the trace still says what stands here.",
            address=address,
        ),
    )
