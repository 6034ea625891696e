"""Text to tokens, on demand: which words belong to one name depends on the names known at that place.

FEEL names may hold spaces and signs (``monthly salary``, ``rate-2``). Such names are recognised when they are
declared; the longest declared name that starts at a word wins.
"""

import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from .budget import MAX_TEXT
from .decimals import from_text
from .errors import FeelSyntaxError, syntax_error

NAME_START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
NAME_PART = NAME_START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
KEYWORDS = frozenset(
    [
        *("and", "or", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between"),
        *("instance", "of", "function", "external", "true", "false", "null"),
    ]
)
_SPACES = r"\s\u00A0\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF"
_BLANKS = rf"(?:[{_SPACES}]+|//[^\n\r]*|/\*.*?\*/)"
_BLANK = re.compile(_BLANKS + "++", re.DOTALL)
_match_token = re.compile(
    rf"[{_SPACES}]*+(?:(?://[^\n\r]*|/\*.*?\*/)[{_SPACES}]*+)*+(?:([{NAME_START}][{NAME_PART}]*)"
    r"|((?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|("(?:[^"\\]|\\.)*")'
    r"|(\*\*|<=|>=|!=|\.\.|->|[-+*/<>=()\[\]{},:.@]))",
    re.DOTALL,
).match
"""Blanks and comments, then in groups 1 to 4: a word, a number, a string or a sign."""
_IDENTIFIER = re.compile(rf"[{NAME_START}][{NAME_PART}]*")
_PART = re.compile(f"[{NAME_PART}]")
_RAW_NAME = re.compile(rf"[{NAME_START}](?:[{NAME_PART}{_SPACES}./'+*-]*[{NAME_PART}./'+*-])?")
_ITERATOR_NAME = re.compile(rf"([{NAME_START}][{NAME_PART}{_SPACES}./'+*-]*?)(?=[{_SPACES}]+in\b)")
_PIECE = re.compile(rf"[{NAME_PART}]+|[^{_SPACES}{NAME_PART}]")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\", "/": "/"}

WordTable: TypeAlias = "dict[str, tuple[tuple[re.Pattern[str], str], ...]]"
"""First word → the declared names that begin with it, longest first."""


class TokenKind(Enum):
    NAME = auto()
    KEYWORD = auto()
    NUMBER = auto()
    STRING = auto()
    SIGN = auto()
    END = auto()


NAME, KEYWORD, NUMBER, STRING = TokenKind.NAME, TokenKind.KEYWORD, TokenKind.NUMBER, TokenKind.STRING
SIGN, END = TokenKind.SIGN, TokenKind.END


def normalize_name(name: str) -> str:
    """One space between words, none around."""
    return " ".join(name.split())


def is_plain(name: str) -> bool:
    """Whether the scanner sees this name as one word without being told."""
    return _IDENTIFIER.fullmatch(name) is not None and name not in KEYWORDS


def unescape(text: str) -> str:
    """The inside of a string literal. Pairs of surrogates become one character; a lone one is refused."""
    if "\\" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code:
            return chr(int(code, 16))
        return _ESCAPES.get(match[4], "\\" + match[4])

    text = _ESCAPE.sub(character, text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16")


def _pattern(name: str) -> re.Pattern[str]:
    """What matches a declared name, whatever blanks stand between its pieces."""
    pieces = _PIECE.findall(name)
    parts = [re.escape(pieces[0])]
    for before, piece in pairwise(pieces):
        both_words = _PART.match(before[-1]) and _PART.match(piece)
        glue = f"[{_SPACES}]+" if both_words else f"[{_SPACES}]*"
        parts.append(glue + re.escape(piece))
    return re.compile("".join(parts))


def extend_words(table: WordTable, names: Iterable[str]) -> WordTable:
    """A new table that knows these names too; plain names need no entry."""
    added: dict[str, list[str]] = {}
    for name in {normalize_name(name) for name in names} - KEYWORDS:
        first = _IDENTIFIER.match(name)
        if first is not None and not is_plain(name):
            added.setdefault(first[0], []).append(name)
    if not added:
        return table
    result = dict(table)
    for first_word, words in added.items():
        known = {name: pattern for pattern, name in result.get(first_word, ())}
        known.update((name, _pattern(name)) for name in words if name not in known)
        ordered = sorted(known.items(), key=lambda item: -len(item[0]))
        result[first_word] = tuple((pattern, name) for name, pattern in ordered)
    return result


@lru_cache(maxsize=256)
def _declared_words(names: frozenset[str], base: frozenset[str]) -> WordTable:
    return extend_words(extend_words({}, base), names)


def declared_words(names: Collection[str], base: frozenset[str]) -> WordTable:
    """The table for the names declared by the host, over the names of the language."""
    return _declared_words(frozenset(names), base)


class Scanner:
    """Holds the current token in its fields (a value for each token costs more than the reading of it).

    kind, start, end: of the token. word: the normalised name, the sign, the digits, or the unescaped string.
    number: of the last number read. `words` may be exchanged between tokens.
    """

    __slots__ = ("end", "kind", "number", "start", "text", "word", "words")

    def __init__(self, text: str, words: WordTable) -> None:
        if len(text) > MAX_TEXT:
            raise FeelSyntaxError(f"the expression is longer than {MAX_TEXT} characters")
        self.text = text
        self.words = words
        self.number: int | Decimal = 0
        self.kind, self.word, self.start, self.end = END, "", 0, 0
        self.move(0)

    def error(self, message: str, at: int | None = None) -> FeelSyntaxError:
        """The error at an offset, by default at the current token."""
        return syntax_error(message, self.text, self.start if at is None else at)

    def advance(self) -> None:
        """Go on to the next token."""
        self.move(self.end)

    def peek(self) -> tuple[TokenKind, str]:
        """Kind and word of the token after the current one."""
        kind, word, start, end, number = self.kind, self.word, self.start, self.end, self.number
        self.move(end)
        found = self.kind, self.word
        self.kind, self.word, self.start, self.end, self.number = kind, word, start, end, number
        return found

    def move(self, position: int) -> None:
        """Make the token that starts at or after an offset the current one."""
        match = _match_token(self.text, position)
        if match is None:
            self._no_token(position)
            return
        group = match.lastindex or 0
        self.start, self.end = match.span(group)
        self.word = word = match[group]
        if group == 4:
            self.kind = SIGN
        elif group == 1:
            if word in self.words:
                self._known_name(word)
            else:
                self.kind = KEYWORD if word in KEYWORDS else NAME
        elif group == 2:
            self.kind = NUMBER
            self.number = self._number(word)
        else:
            self.kind = STRING
            self.word = self._string(word)

    def _no_token(self, position: int) -> None:
        """The end, or the error at what is no token."""
        text = self.text
        blank = _BLANK.match(text, position)
        position = position if blank is None else blank.end()
        if position < len(text):
            what = "unterminated string" if text[position] == '"' else f"unexpected character {text[position]!r}"
            raise syntax_error(what, text, position)
        self.kind, self.word, self.start, self.end = END, "", position, position

    def _known_name(self, word: str) -> None:
        """A word with which declared names begin: the longest of them that stands here, else the word."""
        for pattern, name in self.words[word]:
            match = pattern.match(self.text, self.start)
            if match is not None and _PART.match(self.text, match.end()) is None:
                self.kind, self.word, self.end = NAME, name, match.end()
                return
        self.kind = KEYWORD if word in KEYWORDS else NAME

    def _number(self, digits: str) -> int | Decimal:
        try:
            return from_text(digits)
        except ArithmeticError:
            raise self.error("the number is too large") from None

    def _string(self, quoted: str) -> str:
        try:
            return unescape(quoted[1:-1])
        except ValueError:
            raise self.error("bad escape in a string") from None

    def raw_name(self) -> str | None:
        """The longest stretch from here that may be a name being declared; does not move."""
        match = _RAW_NAME.match(self.text, self.start)
        return None if match is None else match[0]

    def take_raw_name(self) -> str:
        """A name being declared, up to the sign that ends it."""
        if self.kind is STRING:
            name = self.word
            self.advance()
            return name
        raw = self.raw_name()
        if raw is None:
            raise self.error("a name is expected")
        self.move(self.start + len(raw))
        return normalize_name(_BLANK.sub(" ", raw))

    def take_iterator_name(self) -> str:
        """A name being declared, up to the word `in`."""
        match = _ITERATOR_NAME.match(self.text, self.start)
        if match is None:
            raise self.error("a variable name and `in` are expected")
        self.move(match.end())
        return normalize_name(match[1])
