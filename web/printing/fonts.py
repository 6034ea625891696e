"""The font of print-outs: Noto Sans SC (SIL Open Font License), cut down to the characters of one document.

The font has PostScript outlines, which reportlab cannot embed; those of the used characters are made into TrueType's.
What the font has not is shown as a box, never dropped.
"""

import io
from functools import lru_cache
from importlib.resources import files

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

ERROR_UNITS = 1.0
"""How far an outline may be from the original, of 1000 units to the em."""


@lru_cache(maxsize=1)
def _bytes() -> bytes:
    return (files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf").read_bytes()


def truetype(characters: frozenset[str]) -> bytes:
    """A TrueType font with these characters."""
    font = TTFont(io.BytesIO(_bytes()), lazy=True)
    options = subset.Options(layout_features=[], name_IDs=[], notdef_outline=True, hinting=False, glyph_names=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes={ord(character) for character in characters} | {0x20})
    cutter.subset(font)
    glyphs, order, advances = font.getGlyphSet(), font.getGlyphOrder(), font["hmtx"]
    made = FontBuilder(font["head"].unitsPerEm, isTTF=True)
    made.setupGlyphOrder(order)
    made.setupCharacterMap(font.getBestCmap())
    made.setupGlyf({name: _quadratic(glyphs, name) for name in order})
    made.setupHorizontalMetrics({name: advances[name] for name in order})
    made.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    made.setupNameTable({"familyName": "Noto Sans SC", "styleName": "Regular", "psName": "NotoSansSC-Regular"})
    made.setupOS2()
    made.setupPost()
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _quadratic(glyphs: object, name: str) -> object:
    pen = TTGlyphPen(None)
    glyphs[name].draw(Cu2QuPen(pen, ERROR_UNITS, reverse_direction=True))  # type: ignore[index]  # a mapping by name
    return pen.glyph()
