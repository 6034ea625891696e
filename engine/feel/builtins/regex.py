"""Regular expressions of XPath on google-re2: linear in time whatever the pattern.

The dialects differ little. Translated here: the flags ``s m i x q``, ``\\i`` and ``\\c`` of XML names, class
subtraction ``[a-z-[aeiou]]`` and blocks ``\\p{IsBasicLatin}``. Refused, and so null: look-around, named groups
(XPath has neither) and back-references (RE2 cannot bound their time).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from ..budget import current

MAX_PATTERN = 2000
_MAX_MEMORY = 8 << 20
_BLOCKS = {
    "BasicLatin": (0x00, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
_BLOCK = re.compile(r"\\([pP])\{Is([A-Za-z0-9-]+)\}")
_SUBTRACTION = re.compile(r"\[([^\[\]]*)-\[([^\[\]]*)\]\]")
_SIMPLE_CLASS = re.compile(r"(\\?.)(?:-(\\?.))?", re.DOTALL)
_XML_NAME = {"i": r"_:A-Za-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{1FFF}\x{3001}-\x{D7FF}"}
_XML_NAME["c"] = _XML_NAME["i"] + r"\-.0-9\x{B7}\x{300}-\x{36F}"


def _block(match: re.Match[str]) -> str:
    limits = _BLOCKS.get(match[2])
    if limits is None:
        raise ValueError("unknown block")
    return f"[{'^' if match[1] == 'P' else ''}\\x{{{limits[0]:X}}}-\\x{{{limits[1]:X}}}]"


def _ranges(text: str) -> list[tuple[int, int]]:
    """The code points of a simple class: characters and ranges, no negation, no escapes for classes."""
    if text.startswith("^"):
        raise ValueError("subtraction from a negated class is not known")
    result = []
    for start, end in _SIMPLE_CLASS.findall(text):
        ends = (start, end or start)
        if any(len(one) == 2 and one[1].isalnum() for one in ends):
            raise ValueError("subtraction of character classes is not known")
        result.append((ord(ends[0][-1]), ord(ends[1][-1])))
    return result


def _subtract(match: re.Match[str]) -> str:
    kept = _ranges(match[1])
    for low, high in _ranges(match[2]):
        kept = [
            piece
            for start, end in kept
            for piece in ((start, min(end, low - 1)), (max(start, high + 1), end))
            if piece[0] <= piece[1]
        ]
    if not kept:
        raise ValueError("an empty class")
    return "[" + "".join(f"\\x{{{start:X}}}-\\x{{{end:X}}}" for start, end in kept) + "]"


_WORD, _NO_WORD = r"\p{L}\p{M}\p{N}\p{S}", r"\p{P}\p{Z}\p{C}"
_CLASSES = {
    "i": _XML_NAME["i"],
    "c": _XML_NAME["c"],
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": _WORD,
    "W": _NO_WORD,
    "s": r" \t\n\r",
}
_NEGATED = {"I": _XML_NAME["i"], "C": _XML_NAME["c"], "S": r" \t\n\r"}
_ESCAPABLE = frozenset("nrt\\|.?*+(){}-[]^$pP")


def _escape(letter: str, *, in_class: bool) -> str:
    """An escape of XPath; other letters, RE2's own included, are refused."""
    if letter in _CLASSES:
        return _CLASSES[letter] if in_class else f"[{_CLASSES[letter]}]"
    if letter in _NEGATED and not in_class:
        return f"[^{_NEGATED[letter]}]"
    if letter not in _ESCAPABLE:
        raise ValueError(f"\\{letter} is not XPath")
    return "\\" + letter


def _translate(pattern: str, *, dot_all: bool) -> str:
    """XPath's syntax as RE2's. Raises ValueError for what has no translation."""
    if re.search(r"(?<!\\)\(\?(?!:)", pattern):
        raise ValueError("look-around and inline flags are not XPath")
    result, in_class, place = [], False, 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\" and place + 1 < len(pattern):
            result.append(_escape(pattern[place + 1], in_class=in_class))
            place += 2
            continue
        if sign in "[]":
            in_class = sign == "["
        result.append(r"[^\n\r]" if sign == "." and not in_class and not dot_all else sign)
        place += 1
    return "".join(result)


_TOKEN = re.compile(
    r"\\[pPx]\{[^}]*\}|\\.|\[\^?(?:\\.|[^\]\\])*\]|\((?:\?:)?|\{(?P<least>\d+)(?:,(?P<most>\d*))?\}|.", re.DOTALL
)


def _places(pattern: str) -> int:
    """How many signs and classes a translated pattern has when its repetitions are written out."""
    totals, last = [1], 0
    for token in _TOKEN.finditer(pattern):
        sign = token[0]
        if token["least"]:
            totals[-1] += last * (max(int(token["most"] or token["least"]), 1) - 1)
        elif sign[0] == "(":
            totals.append(0)
        elif sign == ")" and len(totals) > 1:
            last = totals.pop()
            totals[-1] += last
        elif sign not in {"*", "+", "?", "|", "^", "$"}:
            last = 1
            totals[-1] += 1
    return sum(totals)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern and what it costs.

    places: `_places`. A text is read in time of its length by the places. rescans: whether a search may read on far
    behind the match that it ends in, so that many matches read the text many times.
    """

    expression: Any
    places: int
    rescans: bool

    def pay(self, length: int) -> None:
        """Pay for reading so many characters."""
        current().tick(5 + length * self.places // 250)

    def finditer(self, text: str) -> Iterator[Any]:
        """All matches, paid for."""
        self.pay(len(text))
        tick = current().tick
        # Without enough memory for its automaton RE2 keeps every place in mind for every sign.
        again = self.places * (1 + self.places // 8) if self.rescans else 0
        for match in self.expression.finditer(text):
            tick(5 + (len(text) - match.start()) * again // 2000)
            yield match


def compiled(pattern: str, flags: str) -> Pattern | None:
    """The compiled pattern, or None when pattern or flags are wrong.

    The first use in each evaluation pays for compiling, whether or not it is remembered from another one.
    """
    purse = current()
    if (pattern, flags) not in purse.patterns:
        purse.tick(100 + len(pattern))
        purse.patterns.add((pattern, flags))
    return _compiled(pattern, flags)


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> Pattern | None:
    if len(pattern) > MAX_PATTERN or set(flags) - set("smixq"):
        return None
    try:
        if "q" in flags:
            text = re2.escape(pattern)
        else:
            if "x" in flags:
                pattern = re.sub(r"[\t\n\r ]+(?![^\[]*\])", "", pattern)
            text = _SUBTRACTION.sub(_subtract, _translate(pattern, dot_all="s" in flags))
            text = _BLOCK.sub(_block, text)
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MAX_MEMORY
        options.case_sensitive = "i" not in flags
        options.dot_nl = "s" in flags
        expression = re2.compile(("(?m)" if "m" in flags else "") + text, options)
        rescans = bool(re.search(r"\||\)[?*+{]", text) and re.search(r"[*+]|,\}", text))
        return Pattern(expression, _places(text), rescans)
    except (re2.error, ValueError):  # UnicodeError is a ValueError
        return None


def matches(text: str, pattern: str, flags: str | None = None) -> bool | None:
    expression = compiled(pattern, flags or "")
    if expression is None:
        return None
    expression.pay(len(text))
    return expression.expression.search(text) is not None


_REPLACEMENT = re.compile(r"(?P<text>(?:[^\\$]|\\(?![\\$]))+)|\\(?P<escaped>[\\$])|\$(?P<group>[0-9]+)|(?P<wrong>\$)")


def _replacement(text: str, groups: int) -> list[str | int] | None:
    """The parts of a replacement: texts and group numbers; None when it is wrong."""
    parts: list[str | int] = []
    for match in _REPLACEMENT.finditer(text):
        if match["wrong"]:
            return None
        if not match["group"]:
            parts.append(match["text"] or match["escaped"])
            continue
        digits = match["group"]
        known = next((size for size in range(len(digits), 0, -1) if int(digits[:size]) <= groups), 0)
        if known:
            parts.append(int(digits[:known]))
        parts.append(digits[known or 1 :])
    return parts


def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """XPath's `replace`: ``$1`` is a group, ``\\$`` and ``\\\\`` are signs."""
    expression = compiled(pattern, flags or "")
    if expression is None:
        return None
    parts: list[str | int] | None = [replacement]
    if "q" not in (flags or ""):
        parts = _replacement(replacement, expression.expression.groups)
    if parts is None:
        return None
    purse = current()
    pieces: list[str] = []
    end = 0
    for match in expression.finditer(text):
        purse.tick(len(parts))
        pieces.append(text[end : match.start()])
        for part in parts:
            piece = (match.group(part) or "") if isinstance(part, int) else part
            purse.allocate(len(piece))
            pieces.append(piece)
        end = match.end()
    pieces.append(text[end:])
    return "".join(pieces)


def split(text: str, delimiter: str) -> list[str] | None:
    expression = compiled(delimiter, "")
    if expression is None:
        return None
    pieces, end = [], 0
    for match in expression.finditer(text):
        if match.end() > match.start():
            pieces.append(text[end : match.start()])
            end = match.end()
    pieces.append(text[end:])
    return pieces
