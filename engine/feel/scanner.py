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
from typing import NamedTuple, TypeAlias

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
_TOKEN = re.compile(
    rf"{_BLANKS}*+(?:(?P<name>[{NAME_START}][{NAME_PART}]*)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<sign>\*\*|<=|>=|!=|\.\.|->|[-+*/<>=()\[\]{},:.@]))",
    re.DOTALL,
)
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


class Token(NamedTuple):
    """text: the normalised name, the sign, or the unescaped string. number: set for numbers only."""

    kind: TokenKind
    text: str
    start: int
    end: int
    number: int | Decimal | None = None


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
    for name in {normalize_name(name) for name in names}:
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
    """Holds the current token; `words` may be exchanged between tokens."""

    __slots__ = ("position", "text", "token", "words")

    def __init__(self, text: str, words: WordTable) -> None:
        if len(text) > MAX_TEXT:
            raise FeelSyntaxError(f"the expression is longer than {MAX_TEXT} characters")
        self.text = text
        self.words = words
        self.position = 0
        self.token = self.scan(0)

    def error(self, message: str, at: int | None = None) -> FeelSyntaxError:
        """The error at an offset, by default at the current token."""
        return syntax_error(message, self.text, self.token.start if at is None else at)

    def advance(self) -> None:
        """Go on to the next token."""
        self.token = self.scan(self.token.end)

    def rescan(self) -> None:
        """Read the current token again, after the known names have changed."""
        self.token = self.scan(self.token.start)

    def peek(self) -> Token:
        """The token after the current one."""
        return self.scan(self.token.end)

    def scan(self, position: int) -> Token:
        """The token that starts at or after an offset."""
        text = self.text
        match = _TOKEN.match(text, position)
        if match is None:
            return self._no_token(position)
        group = match.lastgroup
        start, end = match.span(group or 0)
        found = text[start:end]
        if group == "name":
            return self._name(found, start, end)
        if group == "sign":
            return Token(TokenKind.SIGN, found, start, end)
        if group == "number":
            return Token(TokenKind.NUMBER, found, start, end, self._number(found, start))
        try:
            return Token(TokenKind.STRING, unescape(found[1:-1]), start, end)
        except ValueError:
            raise syntax_error("bad escape in a string", text, start) from None

    def _no_token(self, position: int) -> Token:
        """The end, or the error at what is no token."""
        text = self.text
        blank = _BLANK.match(text, position)
        position = position if blank is None else blank.end()
        if position >= len(text):
            return Token(TokenKind.END, "", position, position)
        what = "unterminated string" if text[position] == '"' else f"unexpected character {text[position]!r}"
        raise syntax_error(what, text, position)

    def _name(self, word: str, start: int, end: int) -> Token:
        for pattern, name in self.words.get(word, ()):
            match = pattern.match(self.text, start)
            if match is not None and _PART.match(self.text, match.end()) is None:
                return Token(TokenKind.NAME, name, start, match.end())
        return Token(TokenKind.KEYWORD if word in KEYWORDS else TokenKind.NAME, word, start, end)

    def _number(self, digits: str, at: int) -> int | Decimal:
        try:
            return from_text(digits)
        except ArithmeticError:
            raise syntax_error("the number is too large", self.text, at) from None

    def raw_name(self) -> str | None:
        """The longest stretch from here that may be a name being declared; does not move."""
        match = _RAW_NAME.match(self.text, self.token.start)
        return None if match is None else match[0]

    def take_raw_name(self) -> str:
        """A name being declared, up to the sign that ends it."""
        if self.token.kind is TokenKind.STRING:
            name = self.token.text
            self.advance()
            return name
        raw = self.raw_name()
        if raw is None:
            raise self.error("a name is expected")
        self.token = self.scan(self.token.start + len(raw))
        return normalize_name(_BLANK.sub(" ", raw))

    def take_iterator_name(self) -> str:
        """A name being declared, up to the word `in`."""
        match = _ITERATOR_NAME.match(self.text, self.token.start)
        if match is None:
            raise self.error("a variable name and `in` are expected")
        self.token = self.scan(match.end())
        return normalize_name(match[1])
