"""PDF/A-2b with Chinese text: headings, paragraphs, pairs, tables. What is not in the font shows as □.

::

    page = Document(title="行权记录 DB-2026-000001", at=now)
    page.heading("办理经过")
    page.pairs([("事项", "低保审核确认"), ("单位", "柳荫街道")])
    page.table(("序号", "时间"), [("1", "2026-01-05 09:00")], widths=(1, 4))
    page.paragraph("…")
    page.bytes()

The font (Noto Sans SC, OFL) is embedded as the subset that is used, so the file reads the same everywhere. Colours are
RGB under an sRGB output intent, as ISO 19005-2 asks; there is no transparency, script, attachment or encryption.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import WrapMode
from fpdf.fonts import FontFace

FONT: Final = "noto"
INK: Final = (31, 41, 51)
QUIET: Final = (95, 107, 118)
LINE: Final = (205, 212, 218)
SHADE: Final = (242, 245, 247)
UNKNOWN: Final = "□"


def font_file() -> str:
    """Where the font lies."""
    return str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf")


@cache
def _known() -> frozenset[int]:
    with TTFont(font_file(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def drawable(text: str) -> str:
    """The text with what the font cannot draw replaced: PDF/A forbids a glyph that stands for none."""
    known = _known()
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(sign if sign == "\n" or ord(sign) in known else UNKNOWN for sign in plain)


class _Pages(FPDF):
    foot = ""

    def footer(self) -> None:
        self.set_y(-13)
        self.set_font(FONT, size=8)
        self.set_text_color(*QUIET)
        self.cell(0, 5, f"{self.foot}  {self.page_no()}", align="C")


class Document:
    """A document on A4. at: its date, in the file's own data too. foot: a line at the end of each page."""

    def __init__(
        self, *, title: str, at: datetime, subtitle: str = "", foot: str = "", language: str = "zh-CN"
    ) -> None:
        self._pdf = _Pages(enforce_compliance="PDF/A-2B")
        self._pdf.foot = drawable(foot or title)
        self._pdf.set_lang(language)
        self._pdf.set_title(title)
        self._pdf.set_creation_date(at)
        self._pdf.set_creator("Mingjing")
        self._pdf.set_margins(18, 16, 18)
        self._pdf.set_auto_page_break(True, margin=18)
        self._pdf.add_font(FONT, fname=font_file())
        self._pdf.add_page()
        self._text(title, size=18)
        if subtitle:
            self._text(subtitle, size=10, colour=QUIET)
        self._pdf.ln(2)

    def heading(self, text: str) -> None:
        """A heading of a section."""
        self._pdf.ln(3)
        self._text(text, size=13)
        self._pdf.set_draw_color(*LINE)
        self._pdf.line(self._pdf.l_margin, self._pdf.get_y(), self._pdf.w - self._pdf.r_margin, self._pdf.get_y())
        self._pdf.ln(2)

    def paragraph(self, text: str, *, quiet: bool = False, size: float = 10) -> None:
        """Text, lines as they are; long words break anywhere."""
        self._text(text, size=size, colour=QUIET if quiet else INK)

    def pairs(self, rows: Iterable[tuple[str, str]]) -> None:
        """Names and values, one a line."""
        self.table(None, list(rows), widths=(1, 3))

    def table(
        self, head: Sequence[str] | None, rows: Sequence[Sequence[str]], *, widths: Sequence[float], size: float = 9
    ) -> None:
        """A table over the whole width; the head comes again on each page. Nothing for no rows."""
        if not rows:
            return
        self._ink(size)
        shaded = FontFace(fill_color=SHADE, color=QUIET)
        options: dict[str, Any] = {"borders_layout": "HORIZONTAL_LINES", "headings_style": shaded, "padding": 1}
        with self._pdf.table(
            col_widths=tuple(widths), first_row_as_headings=head is not None, wrapmode="CHAR", line_height=5,
            text_align="LEFT", **options,
        ) as table:  # fmt: skip
            for row in [*([head] if head is not None else []), *rows]:
                line = table.row()
                for cell in row:
                    line.cell(drawable(cell))
        self._pdf.ln(2)

    def bytes(self) -> bytes:
        """The finished file."""
        return bytes(self._pdf.output())

    def _text(self, text: str, *, size: float, colour: tuple[int, int, int] = INK) -> None:
        self._ink(size, colour)
        self._pdf.multi_cell(
            0, size * 0.55, drawable(text), new_x="LMARGIN", new_y="NEXT", wrapmode=WrapMode.CHAR, align="L"
        )

    def _ink(self, size: float, colour: tuple[int, int, int] = INK) -> None:
        self._pdf.set_font(FONT, size=size)
        self._pdf.set_text_color(*colour)
        self._pdf.set_draw_color(*LINE)
