"""JavaScript regular expressions on RE2: the same meaning, in linear time, or refused when the form is read.

RE2 knows no look-around and no back-references; those are refused. What both write alike but mean differently is
rewritten: ``.`` (JS: no line terminator), ``\\s`` (JS: Unicode spaces too), ``\\uXXXX``. What only RE2 knows
(``\\A``, ``\\Q``, ``\\p{…}``, ``(?i)``) is refused, because the browser reads it otherwise.
One difference stays: JS without the ``u`` flag counts UTF-16 code units, RE2 characters; it shows only for
characters outside the basic plane.
"""

import re

import re2

from engine.forms.components import Pattern

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.never_nl = False
_OPTIONS.max_mem = 8 << 20

_SPACE = r"\t\n\v\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"
_DOT = r"[^\n\r\x{2028}\x{2029}]"
_MAX_LENGTH = 4000
_TOKEN = re.compile(
    r"""\\u(?P<unicode>[0-9a-fA-F]{4})  # \uXXXX
      | \\x(?P<hex>[0-9a-fA-F]{2})      # \xXX
      | \\(?P<escape>.)                 # any other escape
      | (?P<char>.)""",
    re.VERBOSE | re.DOTALL,
)


class PatternError(ValueError):
    """The pattern cannot be judged on the server as the browser judges it."""


def compile_pattern(text: str) -> Pattern:
    """Compile a JS pattern (no flags, as form-js uses it). Raises PatternError with the reason."""
    if len(text) > _MAX_LENGTH:
        raise PatternError(f"it is longer than {_MAX_LENGTH} characters")
    translated = _translate(text)
    try:
        pattern: Pattern = re2.compile(translated, options=_OPTIONS)
    except re2.error as error:
        reason = error.args[0] if error.args else "not understood"
        raise PatternError(reason.decode() if isinstance(reason, bytes) else str(reason)) from error
    return pattern


def _translate(text: str) -> str:
    out: list[str] = []
    in_class = False
    for token in _TOKEN.finditer(text):
        char = token["char"]
        if char is None:
            out.append(_special(token, in_class=in_class))
        elif in_class:
            if char == "[":
                out.append(r"\[")
            else:
                in_class = char != "]"
                out.append(char)
        elif char == "[":
            in_class = True
            if text[token.end() : token.end() + 1] == "]" or text[token.end() : token.end() + 2] == "^]":
                raise PatternError("an empty class [] or [^] is not supported")
            out.append(char)
        else:
            group = text[token.start() : token.start() + 3]
            if group.startswith("(?") and group not in ("(?:", "(?<", "(?=", "(?!"):
                raise PatternError(f"{group} is not JavaScript")
            out.append(_DOT if char == "." else char)
    return "".join(out)


def _special(token: re.Match[str], *, in_class: bool) -> str:
    code = token["unicode"] or token["hex"]
    if code is not None:
        return _code_point(int(code, 16))
    return _escape(token["escape"], in_class=in_class)


def _code_point(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF:
        raise PatternError("half of a surrogate pair is not supported")
    return rf"\x{{{code:x}}}"


def _escape(char: str, *, in_class: bool) -> str:
    if char == "s":
        return _SPACE if in_class else f"[{_SPACE}]"
    if char == "S":
        if in_class:
            raise PatternError(r"\S inside a class is not supported")
        return f"[^{_SPACE}]"
    if char == "b" and in_class:
        return r"\x{8}"
    if char == "0":
        return r"\x{0}"
    if char in "dDwWtnvfr" or (char in "bB" and not in_class):
        return f"\\{char}"
    if not char.isalnum() and char != "_":
        return re.escape(char) if char.isascii() else char
    raise PatternError(rf"\{char} is not supported")
