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
    return FeelSyntaxError(message, line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1)
