"""What can go wrong with FEEL text.

::

    FeelError
    ├── FeelSyntaxError      the text is not FEEL, or names what is not there; knows the place
    ├── FeelBudgetError      the evaluation asked for more steps, memory, nesting or list items than it may have
    ├── FeelEvaluationError  the host gave something unusable (no clock, a value that FEEL does not know), or an
    │                        assertion of the text failed
    └── DmnError             the DMN document cannot be read
"""


class FeelError(Exception):
    """Base of every error of this package; nothing else ever leaves it."""


class FeelSyntaxError(FeelError):
    """`line` and `column` count from 1 and point at the first character that does not fit."""

    def __init__(self, message: str, *, line: int = 1, column: int = 1) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.reason = message
        self.line = line
        self.column = column


class FeelBudgetError(FeelError):
    """A limit of `budget.Limits` was reached."""


class FeelEvaluationError(FeelError):
    """The evaluation cannot go on; FEEL's own errors are nulls, not this."""


class DmnError(FeelError):
    """The DMN document is not well-formed, not safe, not DMN, or refers to what it does not contain."""


def syntax_error(message: str, text: str, offset: int) -> FeelSyntaxError:
    """The error at a character offset of the text."""
    before = text[:offset]
    hint = _hint(text, offset)
    message += f"; {hint}" if hint else ""
    return FeelSyntaxError(message, line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1)


_HABITS = {
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not(…)`",
    "%": "write `modulo(a, b)`",
    "'": 'texts stand in straight double quotes, "…"',
    "‘": 'texts stand in straight double quotes, "…"',
    "’": 'texts stand in straight double quotes, "…"',
    "“": 'texts stand in straight double quotes, "…"',
    "”": 'texts stand in straight double quotes, "…"',
    ";": "a comma stands between items",
    "，": "write the half-width sign `,`",
    "（": "write the half-width sign `(`",
    "）": "write the half-width sign `)`",
    "＝": "write the half-width sign `=`",
    "＜": "write the half-width sign `<`",
    "＞": "write the half-width sign `>`",
    "；": "a comma stands between items",
}
_PAIRS = {"==": "equality is one `=`", "<>": "write `!=`", ":=": "equality is `=`", "..": "a range is `[1..5]`"}


def _hint(text: str, offset: int) -> str:
    """What to write instead, where a habit of another language or an input method stands."""
    sign = text[offset : offset + 1]
    for pair in (text[max(offset - 1, 0) : offset + 1], text[offset : offset + 2]):
        if pair in _PAIRS:
            return _PAIRS[pair]
    if sign in _HABITS and text[offset : offset + 2] != "!=":
        return _HABITS[sign]
    word = text[offset:].split(maxsplit=1)[0].partition("(")[0] if sign.strip() else ""
    if word.isascii() and word.lower() in _WORDS and word != word.lower():
        return f"words of the language are written small: `{word.lower()}`"
    return ""


_WORDS = frozenset(
    [
        *("and", "or", "not", "if", "then", "else", "in", "true", "false", "null"),
        *("between", "for", "return", "some", "every", "satisfies"),
    ]
)
