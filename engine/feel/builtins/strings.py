"""String functions. Positions count characters from 1, from the end when negative."""

from ..decimals import Number
from ..values import NULL, STRING, Value, kind
from . import regex
from .registry import builtin, define


@builtin("substring", "string: string, start position: number, length: number=")
def substring(text: str, start: Number, length: Number | None = None) -> str | None:
    position = int(start)
    if position == 0 or abs(position) > max(len(text), 1):
        return "" if position > len(text) else None
    first = position - 1 if position > 0 else len(text) + position
    if length is None:
        return text[first:]
    return text[first : first + int(length)] if length >= 1 else None


define("string length", "string: string", len)
define("upper case", "string: string", str.upper)
define("lower case", "string: string", str.lower)


@builtin("substring before", "string: string, match: string")
def substring_before(text: str, match: str) -> str:
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string: string, match: string")
def substring_after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


define("contains", "string: string, match: string", lambda text, match: match in text)
define("starts with", "string: string, match: string", str.startswith)
define("ends with", "string: string, match: string", str.endswith)
define("replace", "input: string, pattern: string, replacement: string, flags: string?", regex.replace)
define("matches", "input: string, pattern: string, flags: string?", regex.matches)
define("split", "string: string, delimiter: string", regex.split)


@builtin("string join", "list: list, delimiter: string?")
def join(items: list[Value], delimiter: str | None = None) -> str | None:
    """Nulls are left out; anything else than strings makes it null."""
    if any(kind(item) not in {STRING, NULL} for item in items):
        return None
    return (delimiter or "").join(item for item in items if item is not None)
